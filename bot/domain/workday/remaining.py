"""What is left of somebody's day: how much of its plan is still to be worked, and until when that takes. Pure.

The plan is that of the date as it is: of its shift, less approved hours away. The unpaid break that is still ahead
moves the end on; one whose time has passed, or that was taken, does not (case 81).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.leave.absence import Absence
from bot.domain.leave.away import expected, norm_left, pause_of
from bot.domain.planning.schedule import NEEDS_NO_BREAK, Shift
from bot.domain.reports.pauses import counted, rest
from bot.domain.reports.stretch import total
from bot.domain.workday.punch_log import WorkSession

_NOTHING = timedelta()


@dataclass(frozen=True, slots=True)
class DayPlan:
    """The plan of a date as it is for one person, and what is left of it at a moment."""

    starts_at: datetime
    ends_at: datetime
    zone: str
    length: timedelta
    """Work that is asked for."""
    left: timedelta
    """What of it is not worked yet; negative once more was."""
    pause: timedelta
    """The unpaid break still ahead."""
    until: datetime | None
    """When it is done, for who is at work; None for who is not, or is done."""


def plan_of_day(
    shift: Shift | None, absences: Sequence[Absence], sessions: Sequence[WorkSession], now: datetime
) -> DayPlan | None:
    """Return the plan of a date and what is left of it; None where nobody is expected on it."""
    wanted = expected(shift, absences)
    if shift is None or wanted is None:
        return None
    length = norm_left(shift.norm, absences, shift)
    left = length - total(counted(sessions, shift.pause, now))
    ahead = _ahead(shift, wanted, sessions, length, now)
    is_there = bool(sessions) and sessions[-1].is_open
    until = now + left + ahead if is_there and left > _NOTHING else None
    return DayPlan(*wanted, shift.zone, length, left, ahead, until)


def _ahead(
    shift: Shift, wanted: tuple[datetime, datetime], sessions: Sequence[WorkSession], length: timedelta, now: datetime
) -> timedelta:
    """Return how much of the planned unpaid break is still to come."""
    pause = shift.pause
    if pause.is_paid or not pause.length or length <= NEEDS_NO_BREAK:
        return _NOTHING
    planned = pause_of(shift)
    due = pause.length
    if planned is not None:
        begun = sessions[0].started_at if sessions else wanted[0]
        due = min(planned[1], wanted[1]) - max(planned[0], begun, wanted[0])
        if now >= planned[1] and not pause.is_deducted:
            return _NOTHING
    return max(due - rest(sessions, now), _NOTHING)
