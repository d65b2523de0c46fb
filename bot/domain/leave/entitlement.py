"""What a person is entitled to: days of a kind each year, earned month by month from the day of hiring on.

Labour Code: 28 calendar days a year (art. 115); the working year begins with the day of hiring and is made longer by
unpaid leave of more than 14 days in it (art. 121); a month counts from its half on, 15 days (Rules of 1930, 35).
"""

from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from bot.domain.leave.absence import AbsenceKind

EVERYBODY = 0
"""Instead of somebody's id: what counts for all people of a portal."""
MOST_DAYS = 365
_DAY = timedelta(days=1)
_MONTHS = 12
_HALF = 15
"""So many days of a month count as all of it, fewer as nothing."""
_UNPAID = 14
"""So many days of unpaid leave are part of a working year; more make it longer."""


class Unit(StrEnum):
    """Which days of a leave count."""

    CALENDAR = "calendar"
    """Every date but statutory holidays (art. 119, 120)."""
    WORKING = "working"
    """Workdays of the production calendar."""


@dataclass(frozen=True, slots=True)
class Entitlement:
    """So many days of a kind a year, for one person or for EVERYBODY, from a day on."""

    portal_id: int
    employee_id: int
    kind: AbsenceKind
    since: date
    days: int
    unit: Unit = Unit.CALENDAR
    carry: int | None = None
    """How many days at most are taken into the next year; None where nothing is lost, as the law has it."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What was left to a person as a day began, by the word of the personnel department; counting starts there."""

    portal_id: int
    employee_id: int
    kind: AbsenceKind
    day: date
    hundredths: int
    """Of a day."""

    @property
    def days(self) -> Fraction:
        """The days, exactly; less than nothing where leave was taken in advance."""
        return Fraction(self.hundredths, 100)


def in_force_on(terms: Sequence[Entitlement], day: date) -> Entitlement | None:
    """Return which of the terms of one kind counts on a day: the person's own first, the latest of them.

    What was named first counts for the time before it as well: balances of former years are worked out by it.
    """
    own = sorted((each for each in terms if each.employee_id != EVERYBODY), key=lambda each: each.since)
    general = sorted((each for each in terms if each.employee_id == EVERYBODY), key=lambda each: each.since)
    for known in (own, general):
        begun = [each for each in known if each.since <= day]
        if begun:
            return begun[-1]
    return next(iter(general or own), None)


def earned(terms: Sequence[Entitlement], start: date, day: date, unpaid: Iterable[date] = ()) -> Fraction:
    """Return the days earned from `start` to the end of a day; whole years give exactly what a year gives."""
    total = Fraction(0)
    for begin, count in _years(start, day, sorted(set(unpaid))):
        for number in range(count):
            found = in_force_on(terms, months_after(begin, number))
            total += Fraction(found.days if found else 0, _MONTHS)
    return total


def year_ends(start: date, day: date, unpaid: Iterable[date] = ()) -> list[date]:
    """Return the last days of the working years that are over before a day."""
    begins = [begin for begin, _ in _years(start, day, sorted(set(unpaid)))]
    return [begin - _DAY for begin in begins[1:]]


def _years(start: date, day: date, unpaid: Sequence[date]) -> Iterator[tuple[date, int]]:
    """Yield each working year that has begun by a day: its first day, and how many of its months are earned."""
    begin = start
    while begin <= day:
        after, known, idle = months_after(begin, _MONTHS), 0, 0
        for each in unpaid:
            if each < begin:
                continue
            if each >= after:
                break
            known += 1
            if known > _UNPAID:
                after += _DAY
                idle += each <= day
        last = min(day, after - _DAY)
        yield begin, months(begin, last - idle * _DAY)
        begin = after


def months(first: date, last: date) -> int:
    """Return how many months the days from `first` to `last` are, both included; a half counts as a whole one."""
    after = last + _DAY
    if after <= first:
        return 0
    whole = (after.year - first.year) * _MONTHS + after.month - first.month
    if months_after(first, whole) > after:
        whole -= 1
    return whole + ((after - months_after(first, whole)).days >= _HALF)


def months_after(day: date, count: int) -> date:
    """Return the same day so many months later, or the last day of that month."""
    number = day.year * _MONTHS + day.month - 1 + count
    year, month = divmod(number, _MONTHS)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
