"""Reads over the derived sessions: what a person's day looks like now."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.domain.employee import Employee
from bot.domain.overtaken import last_undoable
from bot.domain.schedule import PlannedBreak
from bot.domain.timesheet import NO_BREAK, DayTotal, day_total
from bot.domain.workday import DayState, WorkSession, last_before, state_at
from bot.ports import UnitOfWork
from bot.services.marks import WINDOW
from bot.services.rosters import Rosters


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
        """Return the day that the person is in: that of the open session, else today's in the person's zone.

        A night shift that ended today is what somebody who came for nothing else today wants to see (case 45).
        """
        log = await self._uow.punches.log(employee, now - WINDOW)
        state, session = state_at(log.punches, now)
        today = now.astimezone(ZoneInfo(employee.zone)).date()
        last = session or last_before(log.sessions, now)
        day = last.work_date if last and (session or _ends_on(last, today, employee.zone)) else today
        total = day_total(log.sessions, day, now, await self._pause(employee, day))
        return DayView(now, employee.zone, state, session, total, last_undoable(log.punches, now) is not None)

    async def _pause(self, employee: Employee, day: date) -> PlannedBreak:
        """Return the planned break by which the day's work is counted, as reports do.

        Most portals neither pay breaks nor take them off; there, who is planned for what is not read.
        """
        schedules, portal_id = self._uow.schedules, employee.portal_id
        planned = [each.schedule.pause for each in await schedules.assignments(portal_id, employee.id)]
        planned += [each.pause for each in await schedules.dates(portal_id, day, day)]
        portal = await self._uow.portals.get(portal_id)
        if portal is None or not any(each.is_paid or each.is_deducted for each in planned):
            return NO_BREAK
        return (await Rosters(self._uow).of(portal, employee, day)).pause(day)


def _ends_on(session: WorkSession, day: date, zone: str) -> bool:
    """Whether it ended on that date of the person's present zone, which may not be the session's (case 56)."""
    return session.ended_at is not None and session.ended_at.astimezone(ZoneInfo(zone)).date() == day
