"""What was planned against what happened: coming late, leaving early, not coming."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from bot.domain.planning.schedule import Shift
from bot.domain.workday.punch_log import WorkSession

_DAY = timedelta(days=1)
Expected = tuple[datetime, datetime]
"""From when to when somebody is expected."""


def shift_date(own: date, start: datetime, end: datetime, shift_on: Callable[[date], Shift | None]) -> date:
    """Return the date of the shift that work, or hours away, answer: `own`, or a neighbour whose shift alone they meet.

    So a night shift that began after midnight is late, not missed, and who comes ten minutes before a shift of
    midnight has not worked on a day off. The hours themselves count for the work date all the same.
    """
    for day in (own, own - _DAY, own + _DAY):
        shift = shift_on(day)
        if shift and start < shift.ends_at and end > shift.starts_at:
            return day
    return own


def lateness(expected: Expected | None, sessions: Sequence[WorkSession], grace: timedelta) -> timedelta:
    """Return how late the first session began: nothing within the grace, beyond it all from the shift's start."""
    if expected is None or not sessions:
        return timedelta()
    start, end = expected
    late = min(sessions[0].started_at, end) - start
    return late if late > grace else timedelta()


def early_leave(
    expected: Expected | None, sessions: Sequence[WorkSession], grace: timedelta, now: datetime
) -> timedelta:
    """Return how long before the shift's end the last session ended; within the grace it is nothing.

    Known once the shift is over, for until then people may come back. Breaks do not matter, nor who is still there.
    """
    if expected is None or not sessions or now < expected[1]:
        return timedelta()
    start, end = expected
    last = sessions[-1].ended_at
    early = end - max(last, start) if last is not None else timedelta()
    return early if early > grace else timedelta()


def is_missing(expected: Expected | None, sessions: Sequence[WorkSession], grace: timedelta, now: datetime) -> bool:
    """Whether a shift is over, its grace too, and nothing was recorded: a candidate for НН, never more (case 28)."""
    return expected is not None and not sessions and expected[1] + grace < now
