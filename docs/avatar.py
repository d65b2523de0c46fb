"""Draws the bot's face: `python -m docs.avatar`."""

from io import BytesIO

from PIL import Image, ImageDraw

from bot.pictures.avatar import PICTURE

SIDE = 256
_LARGE = 4
"""Drawn so many times larger and made small, so that its edges are smooth."""
_GROUND, _DIAL, _TICK = "#1b6ccd", "#ffffff", "#ffd166"
_FIELD = 48
"""The icon's own units on a side."""


def draw() -> bytes:
    """Return the picture as PNG."""
    unit = SIDE * _LARGE / _FIELD
    image = Image.new("RGB", (SIDE * _LARGE, SIDE * _LARGE), _GROUND)
    draw = ImageDraw.Draw(image)

    def spot(x: float, y: float, width: float, colour: str) -> None:
        radius = width / 2
        box = [(each * unit) for each in (x - radius, y - radius, x + radius, y + radius)]
        draw.ellipse(box, fill=colour)

    outer = 14 + 2  # the dial's radius and half of its width
    draw.arc(
        [(24 - outer) * unit, (24 - outer) * unit, (24 + outer) * unit, (24 + outer) * unit],
        -10,
        300,
        _DIAL,
        round(4 * unit),
    )
    spot(24 + 13.79, 24 - 2.43, 4, _DIAL)
    spot(24 + 7, 24 - 12.12, 4, _DIAL)
    tick = ((17.5, 24), (23.5, 30), (34, 17.5))
    draw.line([(x * unit, y * unit) for x, y in tick], fill=_TICK, width=round(4.4 * unit), joint="curve")
    for x, y in tick:
        spot(x, y, 4.4, _TICK)
    held = BytesIO()
    image.resize((SIDE, SIDE), Image.Resampling.LANCZOS).quantize(64).save(held, "PNG", optimize=True)
    return held.getvalue()


if __name__ == "__main__":
    PICTURE.write_bytes(draw())
