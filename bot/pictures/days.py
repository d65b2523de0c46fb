"""The picture of days: a bar each against its plan, with breaks, absences and what is not right."""

import math
from datetime import timedelta

from bot.pictures.chart import BADGES, Bar, Chart, Ink
from bot.pictures.frame import HEAD, head, legend, legend_height
from bot.pictures.palette import COLOURS, GRID, HATCH, SOFT, TEXT, WHITE
from bot.pictures.paper import MARGIN, NONE, UPPER, WIDTH, Paper, fitted, measured

AXIS = 72
"""Room for the hours of the axis."""
OVERHEAD = 84
"""Room above the highest bar: its caption and its badge."""
PLOT = 400
FOOT, LOW_FOOT = 110, 72
"""Room for weekday and date, and for the date alone."""
STEPS = (1, 2, 4, 8, 20, 40, 80, 160)
WIDE = 60
"""A bar is wide enough to be written on."""

SMALLEST = 18
"""Smaller letters are left out: nobody can read them."""


def draw_days(chart: Chart) -> bytes:
    """Return the picture as PNG."""
    top = HEAD + OVERHEAD
    bottom = top + PLOT + (FOOT if len(chart.bars) <= (WIDTH - MARGIN * 2 - AXIS) / WIDE else LOW_FOOT)
    paper = Paper(bottom + legend_height(chart.legend))
    head(paper, chart.title, chart.person, chart.total, chart.balance)
    field = _Field(paper, chart, top)
    field.ground()
    field.axis()
    field.absences()
    for place, bar in enumerate(chart.bars):
        field.bar(place, bar)
    field.sums()
    field.silence()
    legend(paper, chart.legend, bottom)
    return paper.png()


class _Field:
    """The part of the paper where the bars stand."""

    def __init__(self, paper: Paper, chart: Chart, top: int) -> None:
        self.paper = paper
        self.chart = chart
        self.top, self.bottom = top, top + PLOT
        self.left, self.right = MARGIN + AXIS, WIDTH - MARGIN
        self.column = (self.right - self.left) / max(len(chart.bars), 1)
        self.is_wide = self.column >= WIDE
        hours = max(math.ceil(chart.highest.total_seconds() / 3600), 8)
        self.step = next((each for each in STEPS if hours / each <= 5), STEPS[-1])
        self.hours = math.ceil(hours / self.step) * self.step

    def x(self, place: float) -> float:
        return self.left + self.column * place

    def y(self, length: timedelta) -> float:
        return self.bottom - PLOT * length.total_seconds() / 3600 / self.hours

    def ground(self) -> None:
        """Shade days off and holidays."""
        for place, bar in enumerate(self.chart.bars):
            for ink in (Ink.HOLIDAY, Ink.DAY_OFF):
                if ink in bar.inks:
                    self.paper.box((self.x(place), self.top, self.x(place + 1), self.bottom), COLOURS[ink])
                    break

    def axis(self) -> None:
        """Draw the hours, the days and the lines between weeks."""
        for hour in range(0, self.hours + 1, self.step):
            y = self.y(timedelta(hours=hour))
            self.paper.line((self.left, y), (self.right, y), GRID if hour else SOFT)
            if hour:
                name = f"{hour} {self.chart.hour}"
                self.paper.text((self.left - 12, y), name, 30, colour=SOFT, anchor="rm")
        for first, _ in self.chart.weeks[1:]:
            x = self.x(first)
            self.paper.line((x, self.top - OVERHEAD + 20), (x, self.bottom + 40), GRID, 3)
        for place, bar in enumerate(self.chart.bars):
            self._name(place, bar)

    def _name(self, place: int, bar: Bar) -> None:
        """Write weekday and date below; where there is no room, the date of the first day of each week."""
        x = self.x(place + 0.5)
        if self.is_wide:
            self.paper.text((x, self.bottom + 42), bar.label, 35, colour=SOFT, anchor="ms")
            self.paper.text((x, self.bottom + 86), bar.number, 37, anchor="ms", is_bold=True)
        elif bar.begins or place == 0:
            self.paper.text((x, self.bottom + 42), bar.number, 36, anchor="ms", is_bold=True)

    def absences(self) -> None:
        """Draw each absence as one soft field with its word."""
        for word, first, last in self.chart.absences:
            box = (self.x(first) + 3, self.top, self.x(last + 1) - 3, self.bottom - 1)
            self.paper.box(box, COLOURS[Ink.ABSENCE], radius=10, corners=UPPER)
            self.paper.hatch((box[0], box[1] + 8, box[2], box[3]), HATCH)
            if any(self.chart.bars[place].worked for place in range(first, last + 1)):
                continue
            width = box[2] - box[0]
            if measured(word, 30) + 40 <= width:
                middle, y = (box[0] + box[2]) / 2, (self.top + self.bottom) / 2
                half = measured(word, 30) / 2 + 16
                self.paper.box((middle - half, y - 28, middle + half, y + 28), COLOURS[Ink.ABSENCE], radius=12)
                self.paper.text((middle, y), word, 30, anchor="mm")
            elif width >= SMALLEST + 6:
                self.paper.upright(box, word, min(30, int(width) - 6), TEXT)

    def bar(self, place: int, bar: Bar) -> None:
        """Draw what was worked, the part beyond the plan, the breaks, the plan and the badges."""
        inset = self.column * (0.2 if self.is_wide else 0.12)
        left, right = self.x(place) + inset, self.x(place + 1) - inset
        radius = min(10, round(self.column / 5))
        heights = [(Ink.WORKED, bar.worked - bar.over), (Ink.OVER, bar.over), (Ink.BREAK, bar.on_break)]
        stack = [(ink, length) for ink, length in heights if length]
        below = timedelta()
        for number, (ink, length) in enumerate(stack):
            box = (left, self.y(below + length), right, self.y(below))
            self.paper.box(box, COLOURS[ink], radius=radius, corners=UPPER if number == len(stack) - 1 else NONE)
            if ink is Ink.WORKED and Ink.UNCONFIRMED in bar.inks:
                self.paper.hatch(box, WHITE, gap=14, width=4)
            below += length
        if Ink.MISSING in bar.inks:
            self.paper.dashes((left, self.y(bar.plan), right, self.bottom - 2), COLOURS[Ink.MISSING])
            below = max(below, bar.plan)
        elif bar.plan:
            y = self.y(bar.plan)
            reach = self.column * (0.1 if self.is_wide else 0.02)
            self.paper.line((self.x(place) + reach, y), (self.x(place + 1) - reach, y), TEXT, 4)
            if below and self.y(below) - self.y(bar.plan) < self._written(bar):
                below = max(below, bar.plan)
        self._above(place, bar, self.y(below))

    def _written(self, bar: Bar) -> int:
        """Return the room that caption and badge take above a bar."""
        return (50 if self.is_wide and bar.caption else 0) + (44 if bar.inks & set(BADGES) else 0)

    def _above(self, place: int, bar: Bar, y: float) -> None:
        """Write the hours above a bar, and the gravest badge above them."""
        x = self.x(place + 0.5)
        if self.is_wide and bar.caption:
            self.paper.text((x, y - 12), bar.caption, 36, anchor="ms", is_bold=True)
            y -= 42
        badge = next((each for each in BADGES if each in bar.inks), None)
        radius = 17 if self.is_wide else min(15, round(self.column / 2) - 1)
        if badge is not None and radius * 2 >= SMALLEST // 2:
            self.paper.badge((x, y - radius - 8), badge, radius)

    def sums(self) -> None:
        """Write what each week adds up to, above it."""
        for words, (first, last) in zip(self.chart.sums, self.chart.weeks, strict=False):
            width = self.x(last + 1) - self.x(first)
            if words and measured(words, 32) <= width + 24:
                middle = (self.x(first) + self.x(last + 1)) / 2
                self.paper.text((middle, self.top - OVERHEAD + 30), words, 32, colour=SOFT, anchor="ms")

    def silence(self) -> None:
        """Say that there is nothing to see."""
        if self.chart.empty:
            middle = ((self.left + self.right) / 2, (self.top + self.bottom) / 2)
            words = fitted(self.chart.empty, 36, self.right - self.left - 40)
            half = measured(words, 36) / 2 + 24
            x, y = middle
            self.paper.box((x - half, y - 36, x + half, y + 36), WHITE, radius=14)
            self.paper.text(middle, words, 36, colour=SOFT, anchor="mm")
