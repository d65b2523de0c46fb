"""The colours of pictures: light, and told apart with every kind of colour blindness.

Blue and orange are; everything grave has a shape of its own as well.
"""

from functools import lru_cache
from typing import TYPE_CHECKING

from bot.pictures.chart import Ink

if TYPE_CHECKING:
    from PIL import Image

WHITE = "#ffffff"
TEXT = "#1d2630"
SOFT = "#66717d"
GRID = "#e3e7ec"
SHADE = "#f1f3f6"
HOLIDAY_SHADE = "#fbeef0"
COLOURS = {
    Ink.WORKED: "#3b7dd8",
    Ink.OVER: "#e69f00",
    Ink.BREAK: "#c9d9ef",
    Ink.PLAN: TEXT,
    Ink.DUE: TEXT,
    Ink.ABSENCE: "#dcebe4",
    Ink.DAY_OFF: SHADE,
    Ink.HOLIDAY: HOLIDAY_SHADE,
    Ink.RUNNING: "#0b8a63",
    Ink.UNCONFIRMED: "#b26a00",
    Ink.PENDING: "#6a5acd",
    Ink.MISSING: "#c62828",
}
HATCH = "#a9cdbb"

Rgb = tuple[int, int, int]
NEAR = 16
"""Colours nearer than that are taken for one: a step beside white would make the sheet grey."""


@lru_cache(maxsize=1)
def palette() -> "Image.Image":
    """Return every colour that a picture has, with the steps of smooth edges between each and what it is drawn on."""
    from PIL import Image, ImageColor  # noqa: PLC0415 - only where a picture is drawn

    def rgb(colour: str) -> Rgb:
        return ImageColor.getrgb(colour)[:3]

    grounds = [rgb(each) for each in (WHITE, SHADE, HOLIDAY_SHADE, COLOURS[Ink.ABSENCE])]
    drawn = [rgb(each) for each in (TEXT, SOFT, HATCH, *COLOURS.values())]
    colours = [*dict.fromkeys([rgb(WHITE), rgb(GRID), *drawn])]
    steps = (_between(front, ground, share) for share in (0.5, 0.25, 0.75) for ground in grounds for front in drawn)
    for step in steps:
        if all(_distance(step, each) > NEAR for each in colours):
            colours.append(step)
    made = Image.new("P", (1, 1))
    made.putpalette([part for colour in colours[:256] for part in colour])
    return made


def _distance(one: Rgb, other: Rgb) -> int:
    return sum(abs(left - right) for left, right in zip(one, other, strict=True))


def _between(front: Rgb, ground: Rgb, share: float) -> Rgb:
    red, green, blue = (round(one * share + other * (1 - share)) for one, other in zip(front, ground, strict=True))
    return red, green, blue
