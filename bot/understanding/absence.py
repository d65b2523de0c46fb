"""When a leave is, and what a report is about: days and ranges, ahead for a leave, back for a report."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from bot.understanding.days import dates, period_days, spans
from bot.understanding.moments import at_hour, halves
from bot.understanding.phrases import Day, DayCount, Period

if TYPE_CHECKING:
    from bot.understanding.frame import Frame
    from bot.understanding.phrases import ClockTime
    from bot.understanding.scene import Scene

Slots = dict[str, object]
_MONTHS = 12
_ALMOST_A_YEAR = timedelta(days=357)


def day_slots(made: Frame, scene: Scene, *, ahead: bool) -> list[Slots] | None:
    """Return the days that the frame can mean as `from_day` and `to_day`; None when they make no sense."""
    first, last = made.day(made.since), made.day(made.until)
    if made.since is not None and made.until is not None:
        if first is None or last is None or made.days:
            return None
        if made.period is not None and made.period.month is not None and first.month is last.month is None:
            month, year = made.period.month, made.period.year  # «на декабрь с 14 по 27»
            first, last = replace(first, month=month, year=year), replace(last, month=month, year=year)
            if (first.day or 0) > (last.day or 0):  # «на декабрь с 28 по 10»
                ends_on = None if year is None else year + month // _MONTHS
                last = replace(last, month=month % _MONTHS + 1, year=ends_on)
        return [span_slots(*span) for span in spans(first, last, scene.today, ahead=ahead)] or None
    if made.period is not None:
        if made.days or made.has_clock:
            return None
        span = period_days(made.period, scene.today, ahead=ahead)
        return None if span is None else [span_slots(*span)]
    if made.since is not None or made.until is not None:
        return _one_ended(made, scene, first, last, ahead=ahead)
    starts = _said_days(made, scene, ahead=ahead)
    if starts is None:
        return None
    if made.count is not None:
        return _counted(made.count, starts, scene, ahead=ahead)
    return [span_slots(*span) for span in starts]


def span_slots(first: date, last: date) -> Slots:
    """Return the slots of a range of days, both included."""
    return {"from_day": first, "to_day": last}


def _one_ended(made: Frame, scene: Scene, first: Day | None, last: Day | None, *, ahead: bool) -> list[Slots] | None:
    """Return the slots where only a beginning or only an end was said."""
    said = first if made.since is not None else last
    if said is None:
        return None
    found = _nearest_too(said, scene.today, ahead=ahead)
    if not found:
        return None
    if made.since is None:
        starts = _said_days(made, scene, ahead=ahead)
        if not starts:
            return [{"to_day": day} for day in found]
        return [span_slots(start, day) for start, _ in starts for day in found if day >= start] or None
    if made.count is not None:
        return [span_slots(day, day + timedelta(days=made.count.days - 1)) for day in found]
    return [{"from_day": day} for day in found]


def _nearest_too(said: Day, today: date, *, ahead: bool) -> tuple[date, ...]:
    """Return the dates of a day; of one that is only just over, said without its year, that of this year as well.

    «Отгул 30 июня», written on 1 July, is hardly of next year: which was meant is asked.
    """
    found = dates(said, today, ahead=ahead)
    if ahead and len(found) == 1 and said.month is not None and said.year is None and found[0] - today > _ALMOST_A_YEAR:
        return (*dates(said, today, ahead=False), *found)
    return found


def _said_days(made: Frame, scene: Scene, *, ahead: bool) -> list[tuple[date, date]] | None:
    """Return the ranges that the single days make: one day, or days in a row; None for days apart."""
    if len(made.days) == 1:
        found = _nearest_too(made.days[0], scene.today, ahead=ahead)
        return [(day, day) for day in found] or None
    if not made.days:
        return []
    found_stretches = stretches(made, scene, ahead=ahead)
    return found_stretches if len(found_stretches) == 1 else None


def stretches(made: Frame, scene: Scene, *, ahead: bool) -> list[tuple[date, date]]:
    """Return the rows of days in a row that several single days make; none where one of them is no day."""
    found: list[tuple[date, date]] = []
    for day in sorted(set(_each_day(_filled(made.days), scene, ahead=ahead))):
        if found and (day - found[-1][1]).days == 1:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def _is_of_one_week(said: list[Day]) -> bool:
    """Whether days are weekdays of the week that is named with the last: «пятницу и понедельник» are of two."""
    weekdays = [day.weekday for day in said if day.weekday is not None]
    return (
        len(weekdays) == len(said)
        and weekdays == sorted(weekdays)
        and all(_is_weekday(day) and day.turn is None for day in said[:-1])
    )


def _each_day(said: list[Day], scene: Scene, *, ahead: bool) -> list[date]:
    """Return the date of each day: dates lie before the last of them, weekdays in the order in which they were said."""
    turn = said[-1].turn
    if turn is not None and _is_of_one_week(said):
        said = [replace(day, turn=turn) for day in said]  # «в понедельник и вторник на следующей неделе»
    last = dates(said[-1], scene.today, ahead=ahead)
    if last and all(day.month is not None and day.year is None for day in said):
        every = [*(dates(day, last[0], ahead=False) for day in said[:-1]), last]
    elif ahead:
        every = []
        for day in said:
            known = every and every[-1] and _is_weekday(day) and day.turn is None
            every.append(dates(day, every[-1][0] if known else scene.today, ahead=True))
    else:
        every = [last[-1:]]  # on a Friday, «в четверг и пятницу» are yesterday and today
        for day in reversed(said[:-1]):
            known = every[0] and _is_weekday(day)
            every.insert(0, dates(day, every[0][0] if known else scene.today, ahead=False))
    return [choices[0] for choices in every] if all(every) else []


def _is_weekday(day: Day) -> bool:
    """Whether only a weekday was said."""
    return day.weekday is not None and day.day is None and day.offset is None


def _filled(days: list[Day]) -> list[Day]:
    """Return the days with the month of a later one given to «13 и 14 июля»."""
    month = next((day.month for day in reversed(days) if day.month), None)
    return [
        Day(day=day.day, month=month) if day.day is not None and day.month is None and month else day for day in days
    ]


def _counted(count: DayCount, starts: list[tuple[date, date]], scene: Scene, *, ahead: bool) -> list[Slots] | None:
    """Return so many days from a day; for a report, the last so many, or this week."""
    if starts:
        return [span_slots(first, first + timedelta(days=count.days - 1)) for first, _ in starts]
    if ahead:
        return [{}]
    if count.week and count.days == 7:
        span = period_days(Period("week", 0), scene.today, ahead=False)
        return None if span is None else [span_slots(*span)]
    return [span_slots(scene.today - timedelta(days=count.days - 1), scene.today)]


def hour_slots(made: Frame, scene: Scene, *, ahead: bool) -> list[Slots] | None:
    """Return the hours of an absence on one day as `from` and `to`, as far as they were said."""
    found_days = [scene.today] if not made.days else list(dates(made.days[0], scene.today, ahead=ahead))
    if len(made.days) > 1 or made.period is not None or not found_days:
        return None
    since = made.since if made.since is not None else (made.clocks[0][0] if made.clocks else None)
    start, end = made.clock(since), made.clock(made.until)
    if (since is not None and start is None) or (made.until is not None and end is None):
        return None
    length = made.length.seconds if made.length is not None else None
    found: list[Slots] = []
    for day in found_days:
        first = _moment(scene, day, start)
        last = _moment(scene, day, end)
        if first and last and last <= first and end is not None and not end.exact and end.hour < 12:
            last += timedelta(hours=12)
        if first and last and last <= first:
            return None
        if first and last is None and length is not None:
            last = first + timedelta(seconds=length)
        slots: Slots = {}
        if first:
            slots["from"] = first
        if last:
            slots["to"] = last
        found.append(slots)
    return found


def _moment(scene: Scene, day: date, time: ClockTime | None) -> datetime | None:
    """Return the moment of a working hour on that day."""
    if time is None:
        return None
    found = scene.instants(day, at_hour(time, halves(time, "absence")[0]))
    return found[0] if found else None
