"""A week of FIXED hours on the production calendar: which dates rest, which are shorter, which take another's hours."""

from datetime import date

from bot.domain.planning.calendar import COUNTRY, ProductionCalendar
from bot.domain.planning.schedule import Hours, Schedule

_SATURDAY = 5


def hours_on(schedule: Schedule, calendar: ProductionCalendar, day: date) -> Hours | None:
    """Return the hours of a date, or None where it rests; a working weekend has those of the day that it replaces."""
    own = schedule.hours(day)
    if own is not None:
        return None if _rests(schedule, calendar, day) else own
    is_moved = day.weekday() >= _SATURDAY and not calendar.is_off(day)
    return _moved_hours(schedule, calendar, day) if is_moved else None


def is_shorter(schedule: Schedule, calendar: ProductionCalendar, day: date) -> bool:
    """Whether a date is an hour shorter (art. 95): a Saturday of one's own replaces no day, but can be an eve."""
    known = calendar.day(day)
    is_own_weekend = day.weekday() >= _SATURDAY and schedule.hours(day) is not None
    if known.source == COUNTRY and (known.is_off or is_own_weekend):
        return calendar.is_eve(day)
    return known.is_short


def _rests(schedule: Schedule, calendar: ProductionCalendar, day: date) -> bool:
    """Whether a day with hours of one's own is off: a holiday, or the rest of a day that is none of one's own.

    To who works on Saturdays no Saturday's rest is given elsewhere: a six-day week has other days off (art. 112, §4.3).
    """
    known = calendar.day(day)
    if known.is_holiday or day.weekday() >= _SATURDAY:
        return known.is_off and known.is_holiday
    made_up = calendar.given_for(day)
    return known.is_off and (made_up is None or schedule.hours(made_up) is None)


def _moved_hours(schedule: Schedule, calendar: ProductionCalendar, day: date) -> Hours | None:
    """Return the hours of the weekday that a working weekend replaces (order 588н), if it is known which.

    An administrator's own move does not say it; then they are those of the week's last workday.
    """
    replaced = calendar.replaced_by(day)
    if replaced is not None:
        return schedule.hours(replaced)
    return next((each for each in reversed(schedule.days[:_SATURDAY]) if each is not None), None)
