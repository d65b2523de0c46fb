"""The bot's own face: an open dial with a tick, the same as the icon of the sandbox's page.

It is drawn once, `python -m docs.avatar`, and kept beside this module: drawing at each start would load Pillow for it.
"""

from pathlib import Path

PICTURE = Path(__file__).with_name("avatar.png")


def avatar() -> bytes:
    """Return the picture as PNG: a full square, because messengers round it as they like."""
    return PICTURE.read_bytes()
