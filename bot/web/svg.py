"""A chart as places in an SVG: what chat draws as a picture, with attributes and classes alone."""

from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from bot.pictures.chart import Chart, Ink, Row

WIDTH, HEIGHT = 1000, 240
_LEFT, _TOP, _BOTTOM = 34, 14, 40
_HOUR = timedelta(hours=1)
BAR_HEIGHT = 24


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float
    kind: str


@dataclass(frozen=True, slots=True)
class Label:
    """A word at a place."""

    x: float
    y: float
    text: str
    is_minor: bool = False
    """Left out where there is little room."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart ready to be written down."""

    boxes: list[Box]
    labels: list[Label]
    lines: list[tuple[float, float, float, str]]
    """From x to x at a height, and its kind."""


def drawn(chart: Chart) -> Drawn:
    """Return where everything of a chart stands."""
    top = max(ceil(chart.highest / _HOUR / 2) * 2, 2)
    room, width = HEIGHT - _TOP - _BOTTOM, (WIDTH - _LEFT) / max(len(chart.bars), 1)
    bar = min(width * 0.7, 48)
    boxes, labels, lines = [], [], []

    def height(length: timedelta) -> float:
        return round(length / _HOUR / top * room, 1)

    for hours in range(0, top + 1, max(top // 4, 1)):
        y = _TOP + room - height(hours * _HOUR)
        lines.append((float(_LEFT), float(WIDTH), round(y, 1), "axis"))
        labels.append(Label(_LEFT - 14, round(y + 4, 1), str(hours)))
    for place, each in enumerate(chart.bars):
        left = _LEFT + place * width
        x, base = round(left + (width - bar) / 2, 1), float(_TOP + room)
        if each.inks & {Ink.DAY_OFF, Ink.HOLIDAY}:
            boxes.append(Box(round(left, 1), _TOP, round(width, 1), room, "off"))
        plain = each.worked - each.over
        for length, kind in ((plain, "worked"), (each.over, "over"), (each.on_break, "break")):
            if length > timedelta():
                tall = height(length)
                base -= tall
                is_running = " running" if Ink.RUNNING in each.inks else ""
                boxes.append(Box(x, round(base, 1), round(bar, 1), tall, f"{kind}{is_running}"))
        if each.plan:
            y = round(_TOP + room - height(each.plan), 1)
            lines.append((round(x - 3, 1), round(x + bar + 3, 1), y, "plan"))
        middle = round(left + width / 2, 1)
        is_minor = len(chart.bars) > 14 and not each.begins
        labels.append(Label(middle, HEIGHT - 22, each.number or each.label, is_minor))
        if each.number and len(chart.bars) <= 31:
            labels.append(Label(middle, HEIGHT - 6, each.label, len(chart.bars) > 14))
    return Drawn(boxes, labels, lines)


def bar_of(row: Row, highest: timedelta) -> tuple[list[Box], float | None]:
    """Return the boxes of a line of a team, as long as they are beside the longest, and where its norm stands."""
    room = WIDTH - 4
    whole = max(highest, _HOUR)

    def along(length: timedelta) -> float:
        return round(length / whole * room, 1)

    over = max(row.worked - row.norm, timedelta()) if row.norm else timedelta()
    boxes, left = [Box(0.0, 6.0, float(room), 12.0, "off")], 0.0
    for length, kind in ((row.worked - over, "worked"), (over, "over")):
        if length > timedelta():
            boxes.append(Box(left, 3.0, along(length), 18.0, kind))
            left += along(length)
    return boxes, along(row.norm) if row.norm else None
