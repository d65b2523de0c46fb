"""Schedules and shifts in words that fit a phone."""

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction

from bot.domain.planning.schedule import Hours, PlannedBreak, Schedule, ScheduleKind
from bot.text import Day, Duration, Lines, Phrase, lines, t, verbatim

_SHOWN_OF_ROTA = 8
_WEEK = 7
_USUAL = Schedule(ScheduleKind.FIXED)
_ACCOUNTING = {"quarter": t("Hours are summed over a quarter"), "year": t("Hours are summed over a year")}


def schedule_lines(schedule: Schedule, since: date) -> Lines:
    """Describe a schedule as it is from a day on: when, the break, how much, and what differs from the usual."""
    return lines(
        *_when(schedule, since),
        pause_words(schedule.pause),
        _length(schedule),
        t("{fraction} of a full rate", fraction=_number(schedule.fraction)) if schedule.fraction != 1 else None,
        t("{hours}-hour week", hours=_number(schedule.week_hours))
        if schedule.week_hours != _USUAL.week_hours
        else None,
        _ACCOUNTING.get(schedule.accounting),
        t("Up to {length} is not late", length=Duration(schedule.grace)) if schedule.grace != _USUAL.grace else None,
    )


def hours_words(hours: Hours | None) -> Phrase:
    """Return the hours of a day: 20:00–08:00, with the name of the shift where it has one."""
    if hours is None:
        return t("day off")
    span = f"{hours.start:%H:%M}–{hours.end:%H:%M}"
    return verbatim(f"{span} ({hours.name})" if hours.name else span)


def pause_words(pause: PlannedBreak) -> Phrase | None:
    """Describe a planned break; nothing where none is planned."""
    if not pause.length:
        return None
    details = (
        t(", paid") if pause.is_paid else "",
        t(", taken off automatically") if pause.is_deducted else "",
    )
    if pause.start is None:
        return t("Break {length}{paid}{deducted}", length=Duration(pause.length), paid=details[0], deducted=details[1])
    return t(
        "Break {length} from {time}{paid}{deducted}",
        length=Duration(pause.length),
        time=f"{pause.start:%H:%M}",
        paid=details[0],
        deducted=details[1],
    )


def _when(schedule: Schedule, since: date) -> Iterator[Phrase]:
    match schedule.kind:
        case ScheduleKind.NONE:
            yield t("No schedule: hours are only recorded")
        case ScheduleKind.FLEXIBLE:
            yield _flexible(schedule)
        case ScheduleKind.ROTA:
            days = [since + timedelta(days=number) for number in range(_SHOWN_OF_ROTA)]
            yield from (t("{day}: {hours}", day=Day(day), hours=hours_words(schedule.hours(day))) for day in days)
        case ScheduleKind.FIXED:
            yield from _week(schedule)


def _week(schedule: Schedule) -> Iterator[Phrase]:
    """Yield the weekdays of equal hours together: «пн–чт 09:00–18:00», «пт 09:00–17:00»."""
    names = (t("Mon"), t("Tue"), t("Wed"), t("Thu"), t("Fri"), t("Sat"), t("Sun"))
    first = 0
    for day in range(1, _WEEK + 1):
        if day < _WEEK and schedule.days[day] == schedule.days[first]:
            continue
        hours = schedule.days[first]
        if hours is not None and day - first == 1:
            yield t("{day} {hours}", day=names[first], hours=hours_words(hours))
        elif hours is not None:
            yield t("{first}–{last} {hours}", first=names[first], last=names[day - 1], hours=hours_words(hours))
        first = day


def _flexible(schedule: Schedule) -> Phrase:
    if schedule.norm is None:
        return t("Flexible, the norm by the production calendar")
    if schedule.norm_per == "month":
        return t("Flexible, {length} a month", length=Duration(schedule.norm))
    return t("Flexible, {length} a week", length=Duration(schedule.norm))


def _length(schedule: Schedule) -> Phrase | None:
    """Return how much work it is: a day where all are alike, else a week; nothing where hours of a day mean little."""
    lengths = {each.span for each in schedule.days if each is not None}
    if not lengths:
        return None
    if len(lengths) == 1:
        pause = timedelta() if schedule.pause.is_paid else schedule.pause.length
        return t("{length} a day", length=Duration(lengths.pop() - pause))
    return t("{length} a week", length=Duration(schedule.cycle_length)) if schedule.kind is ScheduleKind.FIXED else None


def _number(value: Fraction) -> str:
    """Write a small number without a needless fraction: 1/2, 36, 7.2."""
    if value.denominator in (1, 2, 3, 4):
        return str(value)
    return f"{float(value):g}"
