"""What a picture shows, as plain data: bars of days against their plan, or of people against their norm.

Every word is in the reader's language already. Tests compare these; the drawing is looked at.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from itertools import groupby

NOTHING = timedelta()


class Ink(StrEnum):
    """What is drawn, as the legend names it."""

    WORKED = "worked"
    OVER = "over"
    """Worked over the plan."""
    BREAK = "break"
    PLAN = "plan"
    DUE = "due"
    """What of a norm was due up to yesterday."""
    ABSENCE = "absence"
    DAY_OFF = "day_off"
    HOLIDAY = "holiday"
    RUNNING = "running"
    """Still at work."""
    UNCONFIRMED = "unconfirmed"
    """Closed by the service, confirmed by nobody."""
    PENDING = "pending"
    """A correction waits for its decision."""
    MISSING = "missing"
    """Planned, past, and nothing recorded."""


BADGES = (Ink.MISSING, Ink.UNCONFIRMED, Ink.PENDING, Ink.RUNNING)
"""Marks above a bar, the gravest first."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: a day of a week or month, or a month of a longer stretch."""

    label: str
    """The weekday, or the month."""
    number: str = ""
    """The day of the month."""
    worked: timedelta = NOTHING
    over: timedelta = NOTHING
    """The part of what was worked that was over the plan."""
    on_break: timedelta = NOTHING
    plan: timedelta = NOTHING
    caption: str = ""
    """The hours, written on the bar where there is room."""
    absence: str = ""
    """The kind of absence in words."""
    inks: frozenset[Ink] = frozenset()
    """DAY_OFF or HOLIDAY, and the badges."""
    begins: bool = False
    """The first of a week: a line stands before it."""


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars side by side, oldest first, with what they add up to."""

    title: str
    person: str
    total: str
    balance: str
    bars: Sequence[Bar]
    sums: Sequence[str] = ()
    """What each week adds up to; empty where the bars carry captions."""
    legend: Sequence[tuple[Ink, str]] = ()
    hour: str = ""
    """The letter for hours on the axis."""
    empty: str = ""
    """Said in the middle of a picture without any bar."""

    @property
    def highest(self) -> timedelta:
        """The length that the axis must reach."""
        return max((max(bar.worked + bar.on_break, bar.plan) for bar in self.bars), default=NOTHING)

    @property
    def weeks(self) -> Sequence[tuple[int, int]]:
        """The first and the last place of each week."""
        starts = [place for place, bar in enumerate(self.bars) if bar.begins or place == 0]
        return list(zip(starts, [*(each - 1 for each in starts[1:]), len(self.bars) - 1], strict=False))

    @property
    def absences(self) -> Sequence[tuple[str, int, int]]:
        """The word, the first and the last place of each absence."""
        found: list[tuple[str, int, int]] = []
        for word, run in groupby(range(len(self.bars)), key=lambda place: self.bars[place].absence):
            places = list(run)
            if word:
                found.append((word, places[0], places[-1]))
        return found


@dataclass(frozen=True, slots=True)
class Row:
    """One person of a team."""

    name: str
    worked: timedelta = NOTHING
    norm: timedelta = NOTHING
    caption: str = ""
    note: str = ""
    """What is behind the name in soft letters: an absence, for instance."""
    inks: frozenset[Ink] = frozenset()
    due: timedelta = NOTHING
    """What of the norm was due up to yesterday, while the days still run."""


@dataclass(frozen=True, slots=True)
class TeamChart:
    """A line a person."""

    title: str
    team: str
    total: str
    balance: str
    rows: Sequence[Row]
    more: str = ""
    """Says how many people are not shown."""
    legend: Sequence[tuple[Ink, str]] = ()
    empty: str = ""

    @property
    def highest(self) -> timedelta:
        """The length that the longest bar stands for."""
        return max((max(row.worked, row.norm) for row in self.rows), default=NOTHING)
