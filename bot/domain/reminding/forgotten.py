"""Forgotten marks: what was expected of a session, when it is too long to be true, and how it probably ended.

Nothing is ever closed at midnight, and no hours are cut in silence: the service puts an end where the plan had one,
marks it as its own, and asks (cases 22–27).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Self

from bot.domain.planning.calendar import UnknownYear
from bot.domain.planning.roster import Roster
from bot.domain.planning.schedule import Shift
from bot.domain.workday.correction import LONGEST_SESSION, Mark
from bot.domain.workday.punch_log import AUTO, Punch, PunchKind, WorkSession, live

UNPLANNED = timedelta(hours=8)
"""A day's work where nothing is planned."""
UNPLANNED_BREAK = timedelta(hours=1)
"""A break whose length nobody planned or said."""
EARLIEST = timedelta(hours=6)
"""Who comes earlier than that does not come for the shift."""
PATIENCE = timedelta(hours=2)
"""So long after a planned end nobody's day is closed for them, however early it began."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """What the plan says about a session: its shift, or the usual length of work where there is none."""

    shift: Shift | None = None
    length: timedelta = UNPLANNED
    pause: timedelta = UNPLANNED_BREAK

    @classmethod
    def of(cls, roster: Roster, session: WorkSession) -> Self:
        """Return what was expected of a session, by the roster in the session's own zone."""
        near = (roster.shift(session.work_date + timedelta(days=step)) for step in (-1, 0, 1))
        shift = shift_begun(near, session.started_at)
        planned = shift.pause.length if shift else timedelta()
        return cls(shift, _norm(roster, session.work_date) or UNPLANNED, planned or UNPLANNED_BREAK)

    def closes_at(self, session: WorkSession) -> datetime:
        """Return from when on the session is too long to be true (case 24; the limit belongs to the schedule)."""
        if self.shift is None:
            return session.started_at + LONGEST_SESSION
        return max(session.started_at + self.shift.longest, self.shift.ends_at + PATIENCE)

    def could_last(self, session: WorkSession, until: datetime) -> bool:
        """Whether somebody who says so now may well have been at work until then (case 25)."""
        longest = max(LONGEST_SESSION, self.shift.longest if self.shift else timedelta())
        return until - session.started_at <= longest

    def ending(self, session: WorkSession, at: datetime) -> tuple[Mark, ...]:
        """Return the marks that end an open session where it probably ended, not after `at`.

        The planned end, else the usual length of work and breaks; never before the last mark that is known (case 22).
        A break that was never ended lasts as long as breaks are planned, and does not swallow the rest (case 27).
        """
        running = session.running_break
        back = min(running.started_at + self.pause, at) if running else None
        end = max(min(self._end(session, back), at), session.last_at or session.started_at)
        if back is not None and back < end:
            return Mark(PunchKind.BREAK_END, back), Mark(PunchKind.OUT, end)
        return (Mark(PunchKind.OUT, end),)

    def _end(self, session: WorkSession, back: datetime | None) -> datetime:
        if self.shift is not None:
            return self.shift.ends_at
        breaks = tuple(replace(each, ended_at=each.ended_at or back) for each in session.breaks)
        rest = sum((each.ended_at - each.started_at for each in breaks if each.ended_at), timedelta())
        return session.started_at + self.length + rest


def shift_begun(near: Iterable[Shift | None], at: datetime) -> Shift | None:
    """Return the shift, of those before and after, that somebody who comes at an instant comes for: the nearest.

    Somebody who is late for a night shift comes on the next date; somebody early for one at midnight on the former.
    """
    fitting = [each for each in near if each is not None and each.starts_at - EARLIEST <= at < each.ends_at]
    return min(fitting, key=lambda shift: abs(shift.starts_at - at), default=None)


def _norm(roster: Roster, day: date) -> timedelta:
    try:
        return roster.norm(day)
    except UnknownYear:
        return timedelta()


def automatic_end(punches: Iterable[Punch], session: WorkSession) -> Punch:
    """Return the check-out by which the service closed a session."""
    return next(each for each in live(punches) if each.mark == AUTO and each.at == session.ended_at)
