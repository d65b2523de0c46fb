"""The production calendar: which days are worked, which are shorter, and how many hours a period asks for.

A country's calendar with what an administrator changed in it. Two flags a day, off and short, because a working
Saturday can be short as well (2 November 2024). Nothing is stored but the changes; every norm is derived.
"""

from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache

from bot.domain.errors import Refusal
from bot.domain.planning.country_year import CountryYear, country_year, day_names
from bot.text import Day, t

COUNTRY = "country"
"""Source of a day that is as the country's calendar has it."""
BY_HAND = "hand"
"""Source of a day that an administrator changed."""
CONFIRMED = "confirmed"
"""Source of a 1 January by which an administrator vouches for its year."""

FIRST_YEAR, LAST_YEAR = 2000, 2100
"""Years that a calendar is shown of."""
_HOUR = timedelta(hours=1)
_SATURDAY = 5


class UnknownYear(Refusal):
    """A norm of a year whose moved days off are not published, or not known to us."""

    code = "unknown_year"

    def __init__(self, year: int) -> None:
        """Name the year, and say who can help."""
        super().__init__(
            t(
                "I do not know all days off of {year} yet. Once they are official, an administrator can enter them: "
                "/calendar {year}",
                year=year,
            )
        )


class NotADayOff(Refusal):
    """A day off cannot be moved from a workday."""

    code = "not_a_day_off"

    def __init__(self, day: date) -> None:
        """Name the day."""
        super().__init__(t("{day} is a workday: there is no day off to move from it.", day=Day(day)))


class NotAWorkday(Refusal):
    """A day off cannot be moved to a day that is one already."""

    code = "not_a_workday"

    def __init__(self, day: date) -> None:
        """Name the day."""
        super().__init__(t("{day} is a day off already. Choose a workday.", day=Day(day)))


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One day: off, short (an hour less), and whether it is a statutory holiday (art. 112), on which work is РВ."""

    day: date
    is_off: bool
    is_short: bool
    is_holiday: bool
    note: str = ""
    """What an administrator wrote to it."""
    source: str = ""
    """COUNTRY, BY_HAND or CONFIRMED."""


@dataclass(frozen=True, slots=True)
class ProductionCalendar:
    """The calendar of a country, by its two letters, with the days that were changed in it.

    Any country of the package `holidays` will do; short days are known of Russia and Belarus, those of others entered.
    """

    country: str = "RU"
    changes: Mapping[date, CalendarDay] = field(default_factory=dict)

    def day(self, day: date) -> CalendarDay:
        """Return what a day is; of a year that is not known in full, what is known already."""
        return self.changes.get(day) or self._by_country(day)

    def is_off(self, day: date) -> bool:
        """Whether nobody works on that day by the calendar."""
        return self.day(day).is_off

    def is_short(self, day: date) -> bool:
        """Whether that workday is an hour shorter (art. 95)."""
        return self.day(day).is_short

    def is_holiday(self, day: date) -> bool:
        """Whether that day is a statutory holiday, rather than an ordinary or a moved day off."""
        return self.day(day).is_holiday

    def name(self, day: date, locale: str) -> str:
        """Return what a holiday is called, in that locale where there is such a name, or nothing."""
        return "" if self.moved_from(day) else day_names(self.country, day.year, locale).get(day, "")

    def moved_from(self, day: date) -> date | None:
        """Return the day for whose day off a decree gave this one."""
        return self._year(day.year).moved.get(day)

    def given_for(self, day: date) -> date | None:
        """Return the day whose rest this day off makes up for: moved by a decree, or lost to a holiday (art. 112)."""
        return self.moved_from(day) or self._year(day.year).observed.get(day)

    def replaced_by(self, day: date) -> date | None:
        """Return the workday that a decree made off and in whose stead this weekend is worked."""
        return next((off for off, worked in self._year(day.year).moved.items() if worked == day), None)

    def is_eve(self, day: date) -> bool:
        """Whether the next day is a statutory holiday where that makes a day shorter (art. 95), weekends too."""
        return day in self._year(day.year).eves

    def days(self, first: date, last: date) -> Iterator[CalendarDay]:
        """Yield the days from `first` to `last`, both included."""
        return (self.day(date.fromordinal(number)) for number in range(first.toordinal(), last.toordinal() + 1))

    def month(self, year: int, month: int) -> tuple[CalendarDay, ...]:
        """Return the days of a month."""
        first = date(year, month, 1)
        return tuple(self.days(first, first.replace(day=monthrange(year, month)[1])))

    def knows(self, year: int) -> bool:
        """Whether every move of a year is published and known to us, or an administrator vouches for it."""
        new_year = self.changes.get(date(year, 1, 1))
        return bool(new_year and new_year.source == CONFIRMED) or self._year(year).is_complete

    def check(self, first: date, last: date) -> None:
        """Raise UnknownYear where the days between the two are not known in full."""
        for year in range(first.year, last.year + 1):
            if not self.knows(year):
                raise UnknownYear(year)

    def workdays(self, first: date, last: date) -> int:
        """Count the workdays from `first` to `last`, both included; UnknownYear rather than a guess."""
        self.check(first, last)
        return sum(not day.is_off for day in self.days(first, last))

    def norm(self, first: date, last: date, week_hours: Fraction | int = 40) -> timedelta:
        """Return the working time of a period, both ends included, by order 588н; UnknownYear rather than a guess."""
        self.check(first, last)
        return sum((day_norm(day, week_hours) for day in self.days(first, last)), timedelta())

    def with_changes(self, changes: Iterable[CalendarDay]) -> "ProductionCalendar":
        """Return this calendar with more changes; of two for one day the later counts."""
        return ProductionCalendar(self.country, {**self.changes, **{day.day: day for day in changes}})

    def made_working(self, day: date, note: str = "") -> CalendarDay:
        """Return that day as a workday; before a holiday it is short."""
        return self._changed(day, is_off=False, is_short=self.is_eve(day), note=note)

    def made_off(self, day: date, note: str = "") -> CalendarDay:
        """Return that day as a day off."""
        return self._changed(day, is_off=True, note=note)

    def made_short(self, day: date, note: str = "") -> CalendarDay:
        """Return that day as a workday of one hour less."""
        return self._changed(day, is_off=False, is_short=True, note=note)

    def moved(self, from_day: date, to_day: date, note: str = "") -> list[CalendarDay]:
        """Return both days with the day off moved, the new workday as long as the one that it replaces.

        A holiday that falls on a weekend stays off: only the day off that was lost is given elsewhere (art. 112).
        """
        if not self.is_off(from_day):
            raise NotADayOff(from_day)
        if self.is_off(to_day):
            raise NotAWorkday(to_day)
        given = self.made_off(to_day, note)
        if self.is_holiday(from_day) and from_day.weekday() >= _SATURDAY:
            return [given]
        known = self._by_country(from_day)
        replacing = self.is_short(to_day) or self.is_eve(from_day)
        is_short = replacing if known.is_off else known.is_short
        return [self._changed(from_day, is_off=False, is_short=is_short, note=note), given]

    def confirmed(self, year: int) -> CalendarDay:
        """Return 1 January as it is, but vouching for its year: with it, the norms of that year are counted."""
        day = self.day(date(year, 1, 1))
        return CalendarDay(day.day, day.is_off, day.is_short, day.is_holiday, day.note, CONFIRMED)

    def _changed(self, day: date, *, is_off: bool, is_short: bool = False, note: str = "") -> CalendarDay:
        """Return a day with new flags; one that is again as the country has it counts as unchanged."""
        known, before = self._by_country(day), self.day(day)
        is_back = (known.is_off, known.is_short, known.note) == (is_off, is_short, note)
        source = CONFIRMED if before.source == CONFIRMED else COUNTRY if is_back else BY_HAND
        return CalendarDay(day, is_off, is_short, known.is_holiday, note, source)

    def _by_country(self, day: date) -> CalendarDay:
        return _country_day(self.country, day)

    def _year(self, year: int) -> CountryYear:
        return country_year(self.country, year)


@lru_cache(maxsize=8192)
def _country_day(country: str, day: date) -> CalendarDay:
    year = country_year(country, day.year)
    return CalendarDay(day, day in year.off, day in year.short, day in year.holidays, source=COUNTRY)


def day_norm(day: CalendarDay, week_hours: Fraction | int = 40) -> timedelta:
    """Return a day's working time, to the second: a fifth of the week's, on a short day an hour less (order 588н)."""
    if day.is_off:
        return timedelta()
    length = timedelta(seconds=round(Fraction(week_hours) * 3600 / 5))
    return max(length - _HOUR, timedelta()) if day.is_short else length
