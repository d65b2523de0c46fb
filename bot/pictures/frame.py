"""What every picture has around it: who and when, what it adds up to, and the legend of what occurs."""

from collections.abc import Iterator, Sequence

from bot.pictures.chart import BADGES, Ink
from bot.pictures.palette import COLOURS, HATCH, SOFT, TEXT
from bot.pictures.paper import MARGIN, WIDTH, Paper, fitted, measured

HEAD = 168
LINE = 54
LETTERS = 33
SWATCH = 34

Legend = Sequence[tuple[Ink, str]]


def head(paper: Paper, title: str, person: str, total: str, balance: str) -> None:
    """Write the period and the person on the left, the total and the balance on the right."""
    right = WIDTH - MARGIN
    taken = max(measured(total, 50, is_bold=True), measured(balance, 36))
    room = right - MARGIN - taken - 32
    paper.text((MARGIN, 88), fitted(title, 50, room, is_bold=True), 50, is_bold=True)
    paper.text((MARGIN, 142), fitted(person, 36, room), 36, colour=SOFT)
    paper.text((right, 88), total, 50, anchor="rs", is_bold=True)
    paper.text((right, 142), balance, 36, colour=SOFT, anchor="rs")


def legend_height(entries: Legend) -> int:
    """Return the room that the legend needs."""
    lines = max((line for line, *_ in _placed(entries)), default=-1) + 1
    return lines * LINE + 36


def legend(paper: Paper, entries: Legend, top: float) -> None:
    """Draw the legend, wrapped into as many lines as it needs."""
    for line, x, ink, words in _placed(entries):
        y = top + line * LINE + LINE / 2
        _swatch(paper, ink, x, y)
        paper.text((x + SWATCH + 12, y), words, LETTERS, colour=SOFT, anchor="lm")


def _placed(entries: Legend) -> Iterator[tuple[int, float, Ink, str]]:
    line, x = 0, float(MARGIN)
    for ink, words in entries:
        width = SWATCH + 12 + measured(words, LETTERS)
        if x > MARGIN and x + width > WIDTH - MARGIN:
            line, x = line + 1, float(MARGIN)
        yield line, x, ink, words
        x += width + 36


def _swatch(paper: Paper, ink: Ink, x: float, y: float) -> None:
    half = SWATCH // 2
    box = (x, y - half, x + SWATCH, y + half)
    if ink in BADGES:
        paper.badge((x + half, y), ink, half)
    elif ink is Ink.DUE:
        paper.line((x + half, y - half), (x + half, y), TEXT, 3)
    elif ink is Ink.PLAN:
        paper.line((x, y), (x + SWATCH, y), TEXT, 4)
    else:
        paper.box(box, COLOURS[ink], radius=8)
        if ink is Ink.ABSENCE:
            paper.hatch((x + 2, y - half + 3, x + SWATCH - 3, y + half - 3), HATCH, gap=14)
