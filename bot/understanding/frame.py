"""The pieces of time of one text, put in their places: beginning, end, days, clock times, lengths."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.understanding.clock_grammar import HALF_DAY, with_part
from bot.understanding.day_grammar import by_slash, is_date
from bot.understanding.phrases import (
    Ago,
    ClockTime,
    Day,
    DayCount,
    Length,
    Number,
    Pair,
    PartOfDay,
    Period,
    Said,
    TimeWord,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

_HOURS = 24


@dataclass(slots=True, init=False)
class Frame:
    """What was said about time; numbers and pairs wait for the question that decides them."""

    since: TimeWord | None
    until: TimeWord | None
    clocks: list[tuple[TimeWord, int]]
    days: list[Day]
    period: Period | None
    length: Length | None
    is_for_length: bool
    count: DayCount | None
    ago: Ago | None
    part: str
    for_number: bool
    at_number: bool
    month_first: bool
    crowded: bool

    def __init__(self, *, month_first: bool = False) -> None:
        """Begin with nothing said: one is made of every text, so that nothing is asked of each field."""
        self.since = self.until = self.period = self.length = self.count = self.ago = None
        self.clocks = []
        self.days = []
        self.part = ""
        self.month_first = month_first
        self.is_for_length = self.for_number = self.at_number = self.crowded = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing was said about time."""
        return not (self.has_clock or self.days or self.period or self.length or self.count or self.ago or self.part)

    @property
    def has_clock(self) -> bool:
        """Whether a number, a clock time or an end of a range was said."""
        return bool(self.clocks) or self.since is not None or self.until is not None

    @property
    def ends_are_dates(self) -> bool:
        """Whether both ends can be dates and no other day was said: «с 1.08 по 14.08»."""
        ends = (self.since, self.until)
        return not self.days and all(
            (isinstance(end, Pair) and end.joint == "." and is_date(end.first, end.second)) or isinstance(end, Day)
            for end in ends
        )

    def clock(self, value: TimeWord | None) -> ClockTime | None:
        """Return the value as a time of day, in the part of the day that was said."""
        if isinstance(value, Number):
            if value.value > _HOURS:
                return None
            value = ClockTime(value.value % _HOURS, exact=value.padded or value.value > HALF_DAY or not value.value)
        elif isinstance(value, Pair):
            if value.joint == "/" or value.first >= _HOURS or not 0 <= value.second < 60:
                return None
            value = ClockTime(value.first, value.second, exact=value.first > HALF_DAY or not value.first)
        if not isinstance(value, ClockTime):
            return None
        if self.part and not value.exact:
            return with_part(value, self.part, marked=False)
        return value

    def day(self, value: TimeWord | None) -> Day | None:
        """Return the value as a day."""
        if isinstance(value, Day):
            return value
        if isinstance(value, Number):
            return Day(day=value.value) if 1 <= value.value <= 31 else None
        if isinstance(value, Pair):
            if value.joint == "/":
                return by_slash(value, month_first=self.month_first)
            if value.joint == "." and is_date(value.first, value.second):
                return Day(day=value.first, month=value.second, weekday=value.weekday)
        return None

    def take_dates(self, *, keep: int) -> None:
        """Take pairs that can be dates for days until no more than `keep` clock times are left; «14.07 ушёл в 18»."""
        if not self.clocks:
            return
        slashes = [place for place in self.clocks if isinstance(place[0], Pair) and place[0].joint == "/"]
        others = [place for place in self.clocks if isinstance(place[0], Pair) and place[0].joint == "."]
        for place in slashes + others:
            if place in slashes or len(self.clocks) > keep:
                day = self.day(place[0])
                if day is not None:
                    self.clocks.remove(place)
                    if day.weekday is not None:  # «в пт 12.06»: the weekday said beside it is no other day
                        self.days = [said for said in self.days if said != Day(weekday=day.weekday)]
                    self.days.append(day)


def frame(times: Sequence[tuple[Said, int]], *, month_first: bool) -> Frame:
    """Put pieces of time in their places; `crowded` when one place was filled twice."""
    made = Frame(month_first=month_first)
    if not times:
        return made
    if len(times) > 1:
        times = _with_beginnings(times)
    for said, place in times:
        value = said.value
        if isinstance(value, Day) and value.slashed:
            value = _either_order(value, month_first=month_first)
        if isinstance(value, PartOfDay):
            made.part = value.name
        elif isinstance(value, (Length, DayCount, Ago, Period)):
            _put_length(made, value)
            made.is_for_length |= said.prep == "for"
        elif said.prep == "since":
            made.crowded |= made.since is not None
            made.since = value
        elif said.prep == "until":
            made.crowded |= made.until is not None
            made.until = value
        elif isinstance(value, Day):
            made.days.append(value)
        else:
            made.clocks.append((value, place))
            made.for_number |= said.prep == "for"
            made.at_number |= said.prep == "at"
    _name_week(made)
    if made.length is not None and made.since is not None and made.until is not None and _lasts(made):
        made.length = None  # «на 4 часа с 12 до 16» says the same twice
    return made


def _lasts(made: Frame) -> bool:
    """Whether the length is that from the one end to the other."""
    start, end = made.clock(made.since), made.clock(made.until)
    if start is None or end is None or made.length is None:
        return False
    return ((end.minutes - start.minutes) * 60 - made.length.seconds) % (HALF_DAY * 3600) == 0


def _either_order(day: Day, *, month_first: bool) -> Day:
    """Return a date written with slashes as a date in either order, to whoever may put the month first."""
    if (
        not month_first
        or day.day is None
        or day.month is None
        or day.day == day.month
        or not is_date(day.month, day.day)
    ):
        return day
    return replace(day, either=True)


def _name_week(made: Frame) -> None:
    """Take «на прошлой неделе в пятницу» for the Friday of that week."""
    if made.period is None or made.period.unit != "week" or len(made.days) != 1:
        return
    day = made.days[0]
    if day.weekday is not None and day.turn is None:
        made.days = [Day(weekday=day.weekday, turn=made.period.turn)]
        made.period = None


def _put_length(made: Frame, value: Length | DayCount | Ago | Period) -> None:
    """Put a length, a moment ago or a period in its place."""
    if isinstance(value, Length):
        made.crowded |= made.length is not None
        made.length = value
    elif isinstance(value, DayCount):
        made.crowded |= made.count is not None
        made.count = value
    elif isinstance(value, Ago):
        made.crowded |= made.ago is not None
        made.ago = value
    else:
        made.crowded |= made.period is not None
        made.period = value


def _with_beginnings(times: Sequence[tuple[Said, int]]) -> list[tuple[Said, int]]:
    """Return the pieces with «9 до 18» and "July 1 to July 14" told to begin where an end of the same sort follows."""
    made = list(times)
    if any(said.prep == "since" for said, _ in made):
        return made
    for at in range(1, len(made)):
        (before, place), (after, _) = made[at - 1], made[at]
        if after.prep == "until" and before.prep in {"", "at"} and _same_sort(before.value, after.value):
            made[at - 1] = (Said(before.value, "since"), place)
            break
    return made


def _same_sort(one: TimeWord, other: TimeWord) -> bool:
    """Whether both are times of day, or both are days."""
    loose = (Number, Pair)
    if isinstance(one, Day):
        return isinstance(other, Day) or (isinstance(other, Number) and one.month is not None)
    if isinstance(one, (ClockTime, *loose)):
        return isinstance(other, (ClockTime, *loose)) or (isinstance(other, Day) and isinstance(one, loose))
    return False
