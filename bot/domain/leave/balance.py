"""What is left of a leave: earned, less the days that were and will be taken. Nothing of it is stored.

Holidays inside a vacation are no days of it (art. 120), nor are days of sickness (art. 124). What is left is shown in
whole days, rounded up, in favour of the employee.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from math import ceil

from bot.domain.leave.absence import Absence, AbsenceKind
from bot.domain.leave.away import is_whole_day
from bot.domain.leave.entitlement import Entitlement, Opening, Unit, earned, in_force_on, year_ends
from bot.domain.leave.wish import LeaveWish
from bot.domain.planning.calendar import ProductionCalendar

_DAY = timedelta(days=1)
Counts = Callable[[date], bool]
"""Whether a date is a day of a leave."""


def counting(unit: Unit, calendar: ProductionCalendar) -> Counts:
    """Return which dates are days of a leave."""
    if unit is Unit.WORKING:
        return lambda day: not calendar.is_off(day)
    return lambda day: not calendar.is_holiday(day)


def days_from(first: date, last: date) -> list[date]:
    """Return the dates between two, both included."""
    return [first + step * _DAY for step in range((last - first).days + 1)]


@dataclass(frozen=True, slots=True)
class Left:
    """What would be left after a leave: as it begins, and for the approved ones that come after it."""

    days: int
    by: date
    """The first day of the leave, up to which earning is counted."""
    taken: int
    """So many days the leave takes."""
    short: int = 0
    """So many days are missing then to an approved leave that begins later."""
    short_on: date | None = None
    unit: Unit = Unit.CALENDAR

    @property
    def is_short(self) -> bool:
        """Whether it takes more than will be earned by then: it would be given in advance."""
        return self.days < 0 or self.short > 0


@dataclass(frozen=True, slots=True)
class Balance:
    """A person's days of one kind; `taken` are approved absences of that kind, `sick` dates of approved sickness."""

    kind: AbsenceKind
    terms: Sequence[Entitlement]
    """The person's own and those of everybody."""
    start: date
    """From which day on earned and taken days are counted."""
    calendar: ProductionCalendar
    opening: Opening | None = None
    until: date | None = None
    """The last day of work, after which nothing is earned."""
    unpaid: frozenset[date] = frozenset()
    taken: Sequence[Absence] = ()
    sick: frozenset[date] = frozenset()

    @property
    def unit(self) -> Unit:
        """Which days count."""
        return self._term(self.start).unit

    def unit_on(self, day: date) -> Unit:
        """Which days count in a leave that begins on that day."""
        return self._term(day).unit

    def length(self, first: date, last: date) -> int:
        """Return how many days of leave the dates between two are, sickness left out."""
        return len(self._dates(first, last))

    def earned(self, day: date) -> Fraction:
        """Return what there was at the start and was earned by the end of a day."""
        end = day if self.until is None else min(day, self.until)
        opening = self.opening.days if self.opening else Fraction(0)
        return opening + earned(self.terms, self.start, end, self.unpaid)

    def used(self, first: date, last: date) -> int:
        """Return how many days of leave lie between two dates, both included."""
        return len({day for each in self.taken for day in self._within(each, first, last)})

    def lost(self, day: date) -> Fraction:
        """Return what was not taken into the next year by a day; nothing where everything is, as the law has it."""
        gone = Fraction(0)
        for end in year_ends(self.start, day, self.unpaid):
            most = self._term(end).carry
            if most is not None:
                gone += max(self.earned(end) - self.used(self.start, end) - gone - most, Fraction(0))
        return gone

    def left(self, day: date) -> int:
        """Return what is left at the end of a day, of what was earned by then."""
        return rounded(self.earned(day) - self.used(self.start, day) - self.lost(day))

    def after(self, wish: LeaveWish) -> Left | None:
        """Return what would be left after a leave; None for hours, for another kind, and for days before the start."""
        if wish.kind is not self.kind or wish.start is not None or wish.last < self.start:
            return None
        days = self._dates(max(wish.first, self.start), wish.last)
        own = {day for each in self.taken for day in self._within(each, self.start, date.max)}
        new = len(set(days) - own)

        def at(day: date, end: date) -> int:
            before = sum(each <= end for each in own)
            return rounded(self.earned(day) - self.lost(day) - before - new)

        later = [each for each in self.taken if each.first > wish.last and is_whole_day(each)]
        worst, worst_on = 0, None
        for each in sorted(later, key=lambda each: each.first):
            if (found := at(each.first, each.last)) < worst:
                worst, worst_on = found, each.first
        left = at(max(wish.first, self.start), wish.last)
        return Left(left, wish.first, len(days), -worst, worst_on, self.unit_on(wish.first))

    def without(self, absence_id: int) -> "Balance":
        """Return the balance as if an absence were not there."""
        kept = [each for each in self.taken if each.id != absence_id]
        return replace(self, taken=kept)

    def _term(self, day: date) -> Entitlement:
        found = in_force_on(self.terms, day)
        if found is None:
            raise ValueError("a balance needs an entitlement")
        return found

    def _dates(self, first: date, last: date) -> list[date]:
        counts = counting(self.unit_on(first), self.calendar)
        return [day for day in days_from(first, last) if counts(day) and day not in self.sick]

    def _within(self, absence: Absence, first: date, last: date) -> list[date]:
        if not is_whole_day(absence):
            return []
        start, end = max(absence.first, first, self.start), min(absence.last, last)
        return [day for day in self._dates(absence.first, absence.last) if start <= day <= end]


def rounded(days: Fraction) -> int:
    """Return whole days, rounded up: in favour of the employee."""
    return ceil(days)
