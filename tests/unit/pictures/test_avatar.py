"""The bot's face is the one that the program draws, and small enough for every portal."""

from io import BytesIO

from PIL import Image, ImageChops

from bot.pictures.avatar import avatar
from docs.avatar import draw


def test_the_kept_picture_is_what_is_drawn() -> None:
    """The file beside the module shows what `docs.avatar` draws, but for what two versions of Pillow round apart."""
    kept, drawn = (Image.open(BytesIO(each)).convert("RGB") for each in (avatar(), draw()))
    assert kept.size == drawn.size == (256, 256)
    assert max(high for _, high in ImageChops.difference(kept, drawn).getextrema()) < 48
    assert len(avatar()) < 20_000
