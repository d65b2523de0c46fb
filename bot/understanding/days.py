"""From days as people say them to dates: a punch looks back, a leave looks ahead."""

from __future__ import annotations

import calendar
from dataclasses import replace
from datetime import date, timedelta

from bot.understanding.calendar_words import NEAREST
from bot.understanding.phrases import Day, Period

LONG_AGO = 300
_WEEK = 7
_MIDDLE = 15
"""The last day of the first half of a month, as form T-13 divides it."""
_MONTHS_IN = {"year": 12, "half": 6, "quarter": 3}


def dates(said: Day, today: date, *, ahead: bool) -> tuple[date, ...]:
    """Return the dates that the day can mean, the likeliest first; none when there is no such day.

    Of two names that do not agree, «в пятницу 20 июня», each may be the right one.
    """
    if said.day is not None:
        found = _either_order(said, today, ahead=ahead) if said.either else _dated(said, today, ahead=ahead)
        if said.offset is not None and found:
            named = _shifted(today, said.offset)
            found = named if set(named) <= set(found) else (*named, found[0])
        return found if said.weekday is None else _on_weekday(found, said.weekday)
    if said.offset is not None:
        found = _shifted(today, said.offset)
        return found if said.weekday is None else _on_weekday(found, said.weekday)
    if said.weekday is not None:
        return _weekdays(said.weekday, said.turn, today, ahead=ahead)
    return ()


def swapped(said: Day) -> Day:
    """Return the date with its numbers taken in the other order: 07/08 as 8 July for 7 August."""
    return replace(said, day=said.month, month=said.day)


def _either_order(said: Day, today: date, *, ahead: bool) -> tuple[date, ...]:
    """Return the dates of 07/08 in both orders, the nearer first."""
    one = replace(said, either=False)
    found = {*_dated(one, today, ahead=ahead), *_dated(swapped(one), today, ahead=ahead)}
    return tuple(sorted(found, key=lambda day: abs((day - today).days)))


def _dated(said: Day, today: date, *, ahead: bool) -> tuple[date, ...]:
    """Return the date by its numbers; a day that its month does not have in the nearest year is none."""
    day = said.day or 0
    if said.year is not None and said.month is not None:
        exact = _date(said.year, said.month, day)
        return () if exact is None else (exact,)
    if said.month is None:
        return _in_months(day, today, ahead=ahead)
    place, here = (said.month, day), (today.month, today.day)
    year = today.year + (place < here) if ahead else today.year - (place > here)
    nearest = _date(year, said.month, day)
    if nearest is None:
        return ()
    if not ahead and (today - nearest).days > LONG_AGO and (coming := _date(today.year, said.month, day)):
        return (nearest, coming) if coming > today else (nearest,)
    return (nearest,)


def _on_weekday(found: tuple[date, ...], weekday: int) -> tuple[date, ...]:
    """Return the dates that fall on the weekday said beside them; where none does, the first and that weekday near."""
    agreeing = tuple(day for day in found if day.weekday() == weekday)
    if agreeing or not found:
        return agreeing
    beside = _shifted(found[0], (weekday - found[0].weekday() + _WEEK // 2) % _WEEK - _WEEK // 2)
    return tuple(sorted({found[0], *beside}))


def _shifted(today: date, days: int) -> tuple[date, ...]:
    """Return the date so many days away, if the calendar reaches it."""
    try:
        return (today + timedelta(days=days),)
    except OverflowError:
        return ()


def _date(year: int, month: int, day: int) -> date | None:
    """Return the date, or None when the month has no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _in_months(day: int, today: date, *, ahead: bool) -> tuple[date, ...]:
    """Return the nearest date with this day of the month, today included."""
    for step in range(12):
        year, month = divmod(today.year * 12 + today.month - 1 + (step if ahead else -step), 12)
        found = _date(year, month + 1, day)
        if found is not None and (found >= today if ahead else found <= today):
            return (found,)
    return ()


def _weekdays(weekday: int, turn: int | None, today: date, *, ahead: bool) -> tuple[date, ...]:
    """Return the dates of a weekday: this, last or next week's, or the nearest on the side that is meant."""
    monday = today - timedelta(days=today.weekday())
    back = timedelta(days=(today.weekday() - weekday) % _WEEK or _WEEK)
    on = timedelta(days=(weekday - today.weekday()) % _WEEK or _WEEK)
    if turn == NEAREST:
        return (today + on,)
    if turn is not None:
        chosen = monday + timedelta(days=weekday + _WEEK * turn)
        if turn == -1 and today - back != chosen:
            return (chosen, today - back)
        return (chosen,)
    if weekday == today.weekday():
        return (today, today + on) if ahead else (today - back, today)
    return (today + on,) if ahead else (today - back,)


def period_days(said: Period, today: date, *, ahead: bool) -> tuple[date, date] | None:
    """Return the first and the last day of a period."""
    turn = said.turn or 0
    if said.unit == "week":
        monday = today - timedelta(days=today.weekday() - _WEEK * turn)
        return monday, monday + timedelta(days=_WEEK - 1)
    if said.unit == "days":
        return today - timedelta(days=said.count - 1), today
    if said.unit in _MONTHS_IN:
        return _part_of_year(said, _MONTHS_IN[said.unit], today, ahead=ahead)
    if said.unit == "half_month" and said.month is not None:
        first, last = _named_month(said, said.month, today, ahead=ahead)
        middle = first.replace(day=_MIDDLE)
        return (first, middle) if said.number == 1 else (middle + timedelta(days=1), last)
    if said.month is None:
        month = today.year * 12 + today.month - 1 + turn
        return _first(month), _last(month)
    return _named_month(said, said.month, today, ahead=ahead)


def _part_of_year(said: Period, months: int, today: date, *, ahead: bool) -> tuple[date, date]:
    """Return the days of a year, a half or a quarter: of its year, else the nearest on the side that is meant."""
    if said.number is None and said.year is None:
        first = today.year * 12 + (today.month - 1) // months * months + (said.turn or 0) * months
        return _first(first), _last(first + months - 1)
    first = (said.year or today.year) * 12 + ((said.number or 1) - 1) * months
    if said.year is None and not ahead and _first(first) > today:
        first -= 12
    elif said.year is None and ahead and _last(first + months - 1) < today:
        first += 12
    return _first(first), _last(first + months - 1)


def _named_month(said: Period, month: int, today: date, *, ahead: bool) -> tuple[date, date]:
    """Return the days of a named month: of its year, else the nearest on the side that is meant."""
    year = said.year
    if year is None:
        year = today.year
        if said.turn == 0:
            pass
        elif ahead or said.turn in {1, NEAREST}:
            year += month < today.month or (month == today.month and said.turn == 1)
        else:
            year -= month > today.month or (month == today.month and said.turn == -1)
    return _first(year * 12 + month - 1), _last(year * 12 + month - 1)


def _first(month: int) -> date:
    """Return the first day of a month counted from year 0."""
    return date(month // 12, month % 12 + 1, 1)


def _last(month: int) -> date:
    """Return the last day of a month counted from year 0."""
    year, place = divmod(month, 12)
    return date(year, place + 1, calendar.monthrange(year, place + 1)[1])


def spans(first: Day, last: Day, today: date, *, ahead: bool) -> tuple[tuple[date, date], ...]:
    """Return the ranges that two days can mean, the likeliest first; the end is never before the beginning."""
    if first.month is None and first.day is not None and last.month is not None:
        first = Day(day=first.day, month=last.month, year=last.year)
    if last.month is None and last.day is not None and first.month is not None:
        last = Day(day=last.day, month=first.month, year=first.year)
    if first.year is None and last.year is not None and first.day is not None:
        first = Day(day=first.day, month=first.month, year=last.year)
    of_one_week = last.weekday is not None and first.weekday is not None and first.weekday < last.weekday
    if of_one_week and last.turn is not None and first.turn is None:
        ends = dates(last, today, ahead=ahead)  # "from Monday to Friday next week"; «с пятницы до вторника» is of two
        starts = dates(replace(first, turn=last.turn), today, ahead=ahead)
        return tuple((start, end) for start in starts for end in ends if end >= start)
    if first.either or last.either:
        return _slashed_spans(first, last, today, ahead=ahead)
    if ahead:
        found = [
            (start, end)
            for start in dates(first, today, ahead=True)
            for end in dates(last, start, ahead=True)
            if end >= start
        ]
        under_way = _under_way(first, last, today)
        return (under_way,) if under_way else tuple(found)
    ends = dates(last, today, ahead=False)
    found = [(start, end) for end in ends for start in dates(first, end, ahead=False) if start <= end]
    if first.weekday is not None and last.weekday is not None and first.turn is None and first.day is None:
        start = dates(first, today, ahead=False)[0]
        end = start + timedelta(days=(last.weekday - first.weekday) % _WEEK)
        return ((start, end),)
    current = _under_way(first, last, today)
    return (current,) if current else tuple(found)


def _slashed_spans(first: Day, last: Day, today: date, *, ahead: bool) -> tuple[tuple[date, date], ...]:
    """Return the ranges of 07/08 – 10/08: both ends in one order or both in the other, the shorter range first."""
    orders = [(first, last), (swapped(first) if first.either else first, swapped(last) if last.either else last)]
    found: list[tuple[date, date]] = []
    for one, other in orders:
        plain = replace(one, either=False), replace(other, either=False)
        found += spans(*plain, today, ahead=ahead)
    by_length = sorted(dict.fromkeys(found), key=lambda span: span[1] - span[0])
    return tuple(by_length) if first.either and last.either else tuple(by_length[:1])


def _under_way(first: Day, last: Day, today: date) -> tuple[date, date] | None:
    """Return the range of two dates without a year that has begun and not yet ended."""
    if None in {first.day, last.day} or first.year is not None or last.year is not None:
        return None
    starts = dates(first, today, ahead=False)
    if not starts:
        return None
    ends = dates(last, starts[0], ahead=True)
    if not ends or not starts[0] <= today <= ends[0] or (ends[0] - starts[0]).days > LONG_AGO:
        return None
    return starts[0], ends[0]
