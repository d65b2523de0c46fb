"""The days that orders mean: dates of the calendar in this year, a beginning wherever it is near."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from bot.understanding.calendar_words import TURNS
from bot.understanding.days import dates, period_days
from bot.understanding.phrases import Day, Number, Period

if TYPE_CHECKING:
    from bot.understanding.orders.hearing import Told
    from bot.understanding.phrases import TimeWord

Span = tuple[date, date]
_HALF_YEAR: Final = 6


def nearest(said: Day, today: date) -> date | None:
    """Return the nearest date that a day can mean, before or after today; a weekday is the coming one, or today."""
    if said.weekday is not None and said.turn is None:
        return dates(said, today, ahead=True)[0]
    found = [*dates(said, today, ahead=True), *dates(said, today, ahead=False)]
    return min(found, key=lambda day: abs(day - today), default=None)


def year_of(month: int, today: date) -> int:
    """Return the year of a month of the calendar that was named alone: in December, January is still to come."""
    return today.year + (today.month - month > _HALF_YEAR)


def of_this_year(said: Day, today: date) -> date | None:
    """Return the date of the year that runs, past or to come; what was over half a year ago is the next year's."""
    if said.day is None or said.month is None:
        return nearest(said, today)
    year = said.year or year_of(said.month, today)
    return next(iter(dates(replace(said, year=year), today, ahead=True)), None)


def span(told: Told, today: date) -> Span | None:
    """Return the first and last of the days that were said one by one or as a range; None where that is not clear."""
    since = next((said.value for said, _ in told.times if said.prep == "since"), None)
    until = next((said.value for said, _ in told.times if said.prep == "until"), None)
    if since is not None or until is not None:
        return _range(since, until, today) if len(told.times) == 2 else None
    found = [nearest(said.value, today) if isinstance(said.value, Day) else None for said, _ in told.times]
    if len(found) != 1 or found[0] is None:
        return None
    return found[0], found[0]


def stretches(told: Told, today: date) -> list[Span]:
    """Return the rows of days in a row that an order names, the earliest first: «5, 6 и 9 июня» are two."""
    if any(said.prep in {"since", "until"} for said, _ in told.times):
        found = span(told, today)
        return [] if found is None else [found]
    days = [nearest(said.value, today) if isinstance(said.value, Day) else None for said, _ in told.times]
    rows: list[Span] = []
    for day in sorted({day for day in days if day is not None}) if None not in days else ():
        if rows and day - rows[-1][1] == timedelta(days=1):
            rows[-1] = rows[-1][0], day
        else:
            rows.append((day, day))
    return rows


def _range(since: TimeWord | None, until: TimeWord | None, today: date) -> Span | None:
    if isinstance(since, Number) and isinstance(until, Day):
        since = Day(day=since.value, month=until.month, year=until.year)
    if not isinstance(since, Day) or not isinstance(until, Day):
        return None
    first = nearest(since, today)
    last = None if first is None else next(iter(dates(until, first, ahead=True)), None)
    return None if first is None or last is None or last - first > timedelta(days=366) else (first, last)


def beginning(said: TimeWord, today: date) -> date | None:
    """Return the day from which something holds: «с 1 июня», «с августа», «со следующей недели»."""
    if isinstance(said, Period):
        return days[0] if (days := period_days(said, today, ahead=True)) else None
    return nearest(said, today) if isinstance(said, Day) else None


def period_to_close(told: Told, today: date) -> Span | None:
    """Return the week or month that people close or confirm; a bare «неделя» is the last one that has ended."""
    if len(told.times) != 1:
        return span(told, today)
    said = told.times[0][0].value
    if not isinstance(said, Period):
        return span(told, today)
    named = said.month is not None or said.unit == "days" or any(word in TURNS for word in told.words)
    found = period_days(said, today, ahead=False)
    if named or found is None or found[1] <= today:
        return found
    return period_days(replace(said, turn=-1), today, ahead=False)


def last_full_week(today: date) -> Span:
    """Return the last week that has ended, today's own on a Sunday."""
    end = today - timedelta(days=today.isoweekday() % 7)
    return end - timedelta(days=6), end
