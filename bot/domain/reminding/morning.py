"""The morning on which a person is asked about what was left open: before their next shift, or at nine."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.leave.absence import Absence
from bot.domain.people.employee import Employee
from bot.domain.planning.roster import Roster
from bot.domain.planning.schedule import ScheduleKind
from bot.domain.reminding.watch import is_away, is_muted

BEFORE_SHIFT = timedelta(minutes=15)
EARLIEST, LATEST = time(7), time(9)
"""A question of the morning is asked between the two."""
LAPSE = timedelta(minutes=10)
"""A question that could not be asked in time waits for the next morning, or for the check-in."""
FARTHEST = 14
"""Days that are looked through for one on which the person may be asked."""


def next_morning(employee: Employee, roster: Roster, absences: Sequence[Absence], now: datetime) -> datetime:
    """Return when the person may be asked next, not before `now` but for a short delay: on a workday of theirs."""
    today = now.astimezone(ZoneInfo(roster.zone)).date()
    days = [today + timedelta(days=step) for step in range(FARTHEST + 1)]
    asked = [(day, _moment(roster, day)) for day in days]
    fitting = [
        moment
        for day, moment in asked
        if moment + LAPSE >= now and not _is_free(employee, roster, absences, day, moment)
    ]
    return fitting[0] if fitting else asked[-1][1]


def _moment(roster: Roster, day: date) -> datetime:
    local = ZoneInfo(roster.zone)
    earliest, latest = (datetime.combine(day, each, local).astimezone(UTC) for each in (EARLIEST, LATEST))
    shift = roster.shift(day)
    return min(max(shift.starts_at - BEFORE_SHIFT, earliest), latest) if shift else latest


def is_workday(roster: Roster, day: date) -> bool:
    """Whether the person works on a day by their plan; where no days are planned the calendar says."""
    is_planned = day in roster.dates or roster.schedule(day).kind in (ScheduleKind.FIXED, ScheduleKind.ROTA)
    return roster.shift(day) is not None if is_planned else not roster.calendar.is_off(day)


def _is_free(employee: Employee, roster: Roster, absences: Sequence[Absence], day: date, moment: datetime) -> bool:
    if is_muted(employee, day) or any(is_away(each, day, moment) for each in absences):
        return True
    return not is_workday(roster, day)
