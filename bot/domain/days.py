"""Stretches of calendar days as people ask for them: a week, a month, and the stretch before or after."""

from datetime import date, timedelta

_DAY = timedelta(days=1)


def month_of(day: date) -> tuple[date, date]:
    """Return the first and the last day of the month that holds `day`."""
    first = day.replace(day=1)
    return first, _month(first, 1) - _DAY


def beside(first: date, last: date, by: int) -> tuple[date, date]:
    """Return the stretch `by` steps later, or earlier: whole months move by months, everything else by its length."""
    if first.day == 1 and (last + _DAY).day == 1:
        months = (last.year - first.year) * 12 + last.month - first.month + 1
        start = _month(first, months * by)
        return start, _month(start, months) - _DAY
    length = (last - first + _DAY) * by
    return first + length, last + length


def weeks_of(first: date, last: date) -> list[tuple[date, date]]:
    """Return the calendar weeks of a stretch, Monday to Sunday, cut to it."""
    found = []
    while first <= last:
        sunday = first + _DAY * (6 - first.weekday())
        found.append((first, min(sunday, last)))
        first = sunday + _DAY
    return found


def months_of(first: date, last: date) -> list[tuple[date, date]]:
    """Return the calendar months of a stretch, cut to it."""
    found = []
    while first <= last:
        end = month_of(first)[1]
        found.append((first, min(end, last)))
        first = end + _DAY
    return found


def _month(first: date, later: int) -> date:
    """Return the first day of a month so many months later."""
    number = first.year * 12 + first.month - 1 + later
    return date(number // 12, number % 12 + 1, 1)
