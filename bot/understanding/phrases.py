"""The pieces of time that people say, before it is known what they are about.

Nobody changes one. They are not frozen: several are made of every text, and freezing makes each three times as dear.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True, unsafe_hash=True)
class ClockTime:
    """A time of day; `exact` when the half of the day was said or cannot be other."""

    hour: int
    minute: int = 0
    second: int = 0
    exact: bool = False
    night: bool = False

    @property
    def minutes(self) -> int:
        """Return the minutes since midnight."""
        return self.hour * 60 + self.minute


@dataclass(slots=True, unsafe_hash=True)
class Number:
    """A number by itself: an hour, a day of the month, or minutes, by what is asked."""

    value: int
    padded: bool = False


@dataclass(slots=True, unsafe_hash=True)
class Pair:
    """Two numbers joined by «-», «.» or «/», which only the question decides; a date may have its weekday beside it."""

    first: int
    second: int
    joint: str
    weekday: int | None = None


@dataclass(slots=True, unsafe_hash=True)
class Day:
    """A day as it was said: an offset, a weekday with its turn, or a date with what was left out.

    One day may have several names, which agree or do not: «завтра, в пятницу 12 июня». `slashed` tells that a date was
    written with slashes, `either` that it is a date in both orders to whoever wrote it: 07/08.
    """

    offset: int | None = None
    weekday: int | None = None
    turn: int | None = None
    day: int | None = None
    month: int | None = None
    year: int | None = None
    slashed: bool = False
    either: bool = False


@dataclass(slots=True, unsafe_hash=True)
class Period:
    """A period by its turn (0 is this one), its number in the year or month, a month, or the last so many days."""

    unit: str
    turn: int | None = None
    month: int | None = None
    year: int | None = None
    count: int = 1
    number: int | None = None


@dataclass(slots=True, unsafe_hash=True)
class Length:
    """A length of time in seconds."""

    seconds: int


@dataclass(slots=True, unsafe_hash=True)
class DayCount:
    """A length of time in whole days."""

    days: int
    week: bool = False


@dataclass(slots=True, unsafe_hash=True)
class Ago:
    """A length of time before now, or after it when negative."""

    seconds: int


@dataclass(slots=True, unsafe_hash=True)
class PartOfDay:
    """A part of the day that tells the half: «утром», "in the evening"."""

    name: str


TimeWord = ClockTime | Number | Pair | Day | Period | Length | DayCount | Ago | PartOfDay


@dataclass(slots=True, unsafe_hash=True)
class Said:
    """A piece of time with the preposition before it: at, since, until, for, or none."""

    value: TimeWord
    prep: str = ""
