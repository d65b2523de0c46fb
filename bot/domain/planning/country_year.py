"""A country's year by its law and decrees: package `holidays`, and what the package does not say.

Compared with github.com/xmlcalendar/data for Russia, 2015 to 2026: the same workdays and the same short days. It leaves
out the sudden non-working days of 2020 and 2021, which an administrator may enter by hand.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

_DAY = timedelta(days=1)
_SATURDAY = 5
_CHECKED_SINCE = 2015
_SHORT_EVES = frozenset({"RU", "BY"})
"""Countries whose rule of short days is known: art. 95 of Russia's Labour Code, art. 116 of that of Belarus."""


@dataclass(frozen=True, slots=True)
class CountryYear:
    """What law and decrees make of one year."""

    off: frozenset[date]
    """Days off, weekends too."""
    short: frozenset[date]
    """Workdays of an hour less."""
    eves: frozenset[date]
    """Days before a statutory holiday; one that is worked is short, whatever made it a workday."""
    holidays: frozenset[date]
    """Statutory holidays."""
    moved: Mapping[date, date]
    """Days off that a decree gave, and the day off that was taken away for each."""
    observed: Mapping[date, date]
    """Days off that the law gives for a holiday on a weekend, and that holiday (art. 112)."""
    is_complete: bool
    """Whether every move of the year is published, so that it can be counted."""


@lru_cache(maxsize=1)
def load_package() -> None:
    """Import the package and all of its countries: a third of a second, which an event loop leaves to a thread."""
    _countries()
    _package("RU")


def is_package_loaded() -> bool:
    """Whether `load_package` was done."""
    return bool(load_package.cache_info().currsize)


def is_known_country(code: str) -> bool:
    """Whether there is a calendar for a country, named by its two capital letters (ISO 3166)."""
    return code in _countries()


@lru_cache(maxsize=256)
def country_year(country: str, year: int) -> CountryYear:
    """Return a year; far from our time, or of no country that we know, it has only weekends and is not complete."""
    try:
        package = _package(country, year)
    except NotImplementedError:
        return _weekends(year)
    days = list(_days(year))
    off = frozenset(day for day in days if not package.is_working_day(day))
    eves = _eves(country, year) if country in _SHORT_EVES else frozenset()
    return CountryYear(
        off=off,
        short=(eves | _replacing(country, year, eves)) - off,
        eves=eves,
        holidays=_holidays(country, year),
        moved={off: worked for worked, off in _moves(country, year)},
        observed=_observed(country, year, off),
        is_complete=_is_complete(country, year),
    )


@lru_cache(maxsize=64)
def day_names(country: str, year: int, locale: str) -> Mapping[date, str]:
    """Return what the holidays of a year are called, in the locale's language or else the country's."""
    try:
        return dict(_package(country, year, locale).items())
    except NotImplementedError:
        return {}


def _weekends(year: int) -> CountryYear:
    off = frozenset(day for day in _days(year) if day.weekday() >= _SATURDAY)
    nothing: frozenset[date] = frozenset()
    return CountryYear(off, nothing, nothing, nothing, moved={}, observed={}, is_complete=False)


def _eves(country: str, year: int) -> frozenset[date]:
    near = (_holidays(country, year), _holidays(country, year + 1))
    return frozenset(eve for days in near for day in days if (eve := day - _DAY).year == year)


def _replacing(country: str, year: int, eves: frozenset[date]) -> frozenset[date]:
    """Return working weekends that replace an eve: they take its length (finding 7; 2 November 2024)."""
    return frozenset(worked for worked, off in _moves(country, year) if off in eves)


@lru_cache(maxsize=256)
def _holidays(country: str, year: int) -> frozenset[date]:
    """Return statutory holidays: neither the days off that were moved from them, nor those observed in their stead."""
    moved = {off for _, off in _moves(country, year)}
    return frozenset(day for day in _package(country, year, observed=False) if day not in moved)


def _observed(country: str, year: int, off: frozenset[date]) -> Mapping[date, date]:
    holidays = _holidays(country, year)
    lost = sorted(day for day in holidays if day.weekday() >= _SATURDAY)
    moved = {given for _, given in _moves(country, year)}
    given = (day for day in sorted(off - holidays - moved) if day.weekday() < _SATURDAY)
    return {day: before[-1] for day in given if (before := [each for each in lost if each < day])}


def _moves(country: str, year: int) -> Iterator[tuple[date, date]]:
    """Yield what the decrees moved into a year: the day that the day off was taken from, and the new day off."""
    for entry in _decrees(country).get(year, ()):
        if len(entry) > 3:
            month, day, from_month, from_day, *from_year = entry
            yield date(from_year[0] if from_year else year, from_month, from_day), date(year, month, day)


def _is_complete(country: str, year: int) -> bool:
    """Whether a year can be counted: its moves are in the package, and the moon has left no date to a guess.

    Russia, Belarus, Kazakhstan and others move days by a decree a year, so a year after the last one is not known yet.
    """
    last = max(
        (known for known in _decrees(country) if any(_moves(country, known))), default=_package(country).end_year
    )
    guessed = any("estimated" in name for name in day_names(country, year, "en").values())
    return _CHECKED_SINCE <= year <= last and not guessed


@lru_cache(maxsize=32)
def _decrees(country: str) -> dict[int, tuple[Any, ...]]:
    """Return the package's table of days that were declared for single years; one entry may stand without a tuple."""
    table = getattr(_package(country), "special_public_holidays", {})
    return {
        year: (entries if isinstance(entries[0], tuple) else (entries,)) for year, entries in table.items() if entries
    }


def _package(country: str, year: int | None = None, locale: str = "en", *, observed: bool = True) -> Any:
    import holidays  # noqa: PLC0415 - a third of a second that the start of the program does not need

    spoken = holidays.country_holidays(country)
    near = [language for language in spoken.supported_languages if language.split("_")[0] == locale]
    language = next(iter(near), spoken.default_language)
    return holidays.country_holidays(country, years=year, observed=observed, language=language)


@lru_cache(maxsize=1)
def _countries() -> frozenset[str]:
    import holidays  # noqa: PLC0415 - as above

    return frozenset(code for code in holidays.list_supported_countries(include_aliases=False) if len(code) == 2)


def _days(year: int) -> Iterator[date]:
    first = date(year, 1, 1).toordinal()
    return (date.fromordinal(number) for number in range(first, date(year, 12, 31).toordinal() + 1))
