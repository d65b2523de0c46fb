"""Paper: a Pillow image with the few strokes that charts need."""

from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING

from bot.pictures.chart import Ink
from bot.pictures.palette import COLOURS, TEXT, WHITE, palette

if TYPE_CHECKING:
    from PIL import Image
    from PIL.ImageFont import FreeTypeFont

WIDTH = 1080
"""Shown 390 points wide on a phone: a letter of 33 pixels reads as 12 points."""
MARGIN = 48

SIGNS = {Ink.MISSING: "!", Ink.UNCONFIRMED: "?"}

Box = tuple[float, float, float, float]
Corners = tuple[bool, bool, bool, bool]
ALL: Corners = (True, True, True, True)
UPPER: Corners = (True, True, False, False)
LEFT: Corners = (True, False, False, True)
RIGHT: Corners = (False, True, True, False)
NONE: Corners = (False, False, False, False)


@lru_cache(maxsize=32)
def font(size: int, *, is_bold: bool = False) -> "FreeTypeFont":
    """Return the letters of that size in pixels."""
    from font_roboto import Roboto, RobotoMedium  # noqa: PLC0415 - slow to import, and most turns draw nothing
    from PIL import ImageFont  # noqa: PLC0415

    return ImageFont.truetype(RobotoMedium if is_bold else Roboto, size)


class Paper:
    """A white sheet of WIDTH pixels."""

    def __init__(self, height: int) -> None:
        """Take a sheet of that height."""
        from PIL import Image, ImageDraw  # noqa: PLC0415 - slow to import, and most turns draw nothing

        self.height = height
        self._image = Image.new("RGB", (WIDTH, height), WHITE)
        self._draw = ImageDraw.Draw(self._image)

    def png(self) -> bytes:
        """Return the file: of few colours, which nobody can tell and which makes it a third as large."""
        from PIL import Image  # noqa: PLC0415

        held = BytesIO()
        few = self._image.quantize(palette=palette(), dither=Image.Dither.NONE)
        few.save(held, "PNG", compress_level=6)
        return held.getvalue()

    def text(
        self,
        at: tuple[float, float],
        words: str,
        size: int,
        *,
        colour: str = TEXT,
        anchor: str = "ls",
        is_bold: bool = False,
    ) -> None:
        """Write one line; `anchor` is Pillow's: "ls" starts at the baseline, "ms" is centred on it, "rs" ends there."""
        self._draw.text(at, words, fill=colour, font=font(size, is_bold=is_bold), anchor=anchor)

    def box(self, box: Box, colour: str, *, radius: int = 0, corners: Corners = ALL) -> None:
        """Fill a box; `corners` says which are rounded: upper left, upper right, lower right, lower left."""
        left, top, right, bottom = (round(each) for each in box)
        if right <= left or bottom <= top:
            return
        at = max(min(radius, (right - left) // 2, (bottom - top) // 2), 0)
        self._fill(left + at, top, right - at, bottom, colour)
        self._fill(left, top + at, right, bottom - at, colour)
        places = ((left, top), (right - at, top), (right - at, bottom - at), (left, bottom - at))
        for number, (place, is_round) in enumerate(zip(places, corners, strict=True)):
            if at and is_round:
                self._image.paste(colour, place, _quarter(at, number))
            elif at:
                self._fill(*place, place[0] + at, place[1] + at, colour)

    def _fill(self, left: int, top: int, right: int, bottom: int, colour: str) -> None:
        if right > left and bottom > top:
            self._draw.rectangle((left, top, right - 1, bottom - 1), fill=colour)

    def line(self, start: tuple[float, float], end: tuple[float, float], colour: str, width: int = 2) -> None:
        """Draw a line."""
        self._draw.line((start, end), fill=colour, width=width)

    def dashes(self, box: Box, colour: str, width: int = 3, dash: int = 9) -> None:
        """Outline a box with dashes."""
        left, top, right, bottom = (round(each) for each in box)
        for x in range(left, right, dash * 2):
            for y in (top, bottom):
                self.line((x, y), (min(x + dash, right), y), colour, width)
        for y in range(top, bottom, dash * 2):
            for x in (left, right):
                self.line((x, y), (x, min(y + dash, bottom)), colour, width)

    def hatch(self, box: Box, colour: str, *, gap: int = 18, width: int = 3) -> None:
        """Draw slanted lines over a box."""
        left, top, right, bottom = (round(each) for each in box)
        if right <= left or bottom <= top:
            return
        self._image.paste(colour, (left, top), _slanted(right - left, bottom - top, gap, width))

    def badge(self, at: tuple[float, float], ink: Ink, radius: int) -> None:
        """Draw a round mark with its sign."""
        x, y = round(at[0]), round(at[1])
        self._image.paste(COLOURS[ink], (x - radius, y - radius), _disc(radius))
        if ink is Ink.RUNNING:
            r = radius * 0.5
            self._draw.polygon(((x - r * 0.7, y - r), (x - r * 0.7, y + r), (x + r, y)), fill=WHITE)
        elif ink is Ink.PENDING:
            dot = max(radius // 7, 1)
            for shift in (-0.5, 0, 0.5):
                self._image.paste(WHITE, (round(x + radius * shift) - dot, y - dot), _disc(dot))
        else:
            self.text((x, y), SIGNS[ink], round(radius * 1.5), colour=WHITE, anchor="mm", is_bold=True)

    def upright(self, box: Box, words: str, size: int, colour: str) -> None:
        """Write from bottom to top in the middle of a narrow box, on a light ground."""
        from PIL import Image, ImageDraw  # noqa: PLC0415

        left, top, right, bottom = box
        words = fitted(words, size, bottom - top - 24)
        strip = Image.new("RGB", (round(measured(words, size)) + 20, size + 6), COLOURS[Ink.ABSENCE])
        ImageDraw.Draw(strip).text((10, (size + 6) / 2), words, fill=colour, font=font(size), anchor="lm")
        turned = strip.transpose(Image.Transpose.ROTATE_90)
        self._image.paste(turned, (round((left + right - turned.width) / 2), round((top + bottom - turned.height) / 2)))


def measured(words: str, size: int, *, is_bold: bool = False) -> float:
    """Return how wide the words are."""
    return font(size, is_bold=is_bold).getlength(words)


def fitted(words: str, size: int, width: float, *, is_bold: bool = False) -> str:
    """Return the words, cut with an ellipsis where they are wider than that."""
    if measured(words, size, is_bold=is_bold) <= width:
        return words
    while words and measured(words + "…", size, is_bold=is_bold) > width:
        words = words[:-1]
    return words.rstrip() + "…"


@lru_cache(maxsize=32)
def _disc(radius: int) -> "Image.Image":
    """Return a mask of a round spot, drawn large and made small so that its edge is smooth."""
    from PIL import Image, ImageDraw  # noqa: PLC0415

    large = Image.new("L", (radius * 8, radius * 8), 0)
    ImageDraw.Draw(large).ellipse((0, 0, radius * 8 - 1, radius * 8 - 1), fill=255)
    return large.resize((radius * 2, radius * 2), Image.Resampling.BOX)


def _quarter(radius: int, corner: int) -> "Image.Image":
    """Return the quarter of a spot for the corners in the order of `Corners`."""
    x, y = ((0, 0), (radius, 0), (radius, radius), (0, radius))[corner]
    return _disc(radius).crop((x, y, x + radius, y + radius))


def _slanted(width: int, height: int, gap: int, thickness: int) -> "Image.Image":
    """Return a mask of slanted lines, drawn large and made small so that they are smooth."""
    from PIL import Image, ImageDraw  # noqa: PLC0415

    tile = Image.new("L", (gap * 4, gap * 4), 0)
    draw = ImageDraw.Draw(tile)
    for shift in (-gap * 4, 0, gap * 4):
        draw.line((shift - gap, gap * 5, shift + gap * 5, -gap), fill=255, width=thickness * 4)
    tile = tile.resize((gap, gap), Image.Resampling.BOX)
    mask = Image.new("L", (width, height), 0)
    for x in range(0, width, gap):
        for y in range(0, height, gap):
            mask.paste(tile, (x, y))
    return mask
