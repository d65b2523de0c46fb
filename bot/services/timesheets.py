"""Reads over the derived sessions: what a person's day looks like now."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.employee import Employee
from bot.domain.timesheet import DayTotal, day_total
from bot.domain.workday import DayState, WorkSession, state_at
from bot.ports import UnitOfWork
from bot.services.time_clock import WINDOW, last_undoable


@dataclass(frozen=True, slots=True)
class DayView:
    """What the day card shows: the state, the session that is open, and the total of the work date it belongs to."""

    now: datetime
    zone: str
    state: DayState
    session: WorkSession | None
    total: DayTotal
    may_undo: bool


class Timesheets:
    """Answers questions about recorded time; changes nothing."""

    def __init__(self, uow: UnitOfWork) -> None:
        """Read through `uow`."""
        self._uow = uow

    async def day(self, employee: Employee, now: datetime) -> DayView:
        """Return the day that the person is in: that of the open session, else today's in the person's zone."""
        log = await self._uow.punches.log(employee, now - WINDOW)
        state, session = state_at(log.punches, now)
        day = session.work_date if session else now.astimezone(ZoneInfo(employee.zone)).date()
        total = day_total(log.sessions, day, now)
        return DayView(now, employee.zone, state, session, total, last_undoable(log.punches, now) is not None)
