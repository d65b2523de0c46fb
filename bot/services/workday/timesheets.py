"""Reads over the derived sessions: what a person's day looks like now."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.leave.absence import AbsenceKind
from bot.domain.leave.away import in_force
from bot.domain.people.employee import Employee
from bot.domain.planning.roster import Roster, RosterBook
from bot.domain.workday.overtaken import last_undoable
from bot.domain.workday.punch_log import DayState, WorkSession, last_before
from bot.domain.workday.remaining import DayPlan, plan_of_day
from bot.domain.workday.timesheet import NO_BREAK, DayTotal, day_total
from bot.ports import UnitOfWork
from bot.services.planning.calendars import Calendars
from bot.services.unit_service import UnitService
from bot.services.workday.marks import WINDOW

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DayView:
    """What the day card shows: the state, the session that is open, and the total of the work date it belongs to."""

    now: datetime
    zone: str
    state: DayState
    session: WorkSession | None
    total: DayTotal
    may_undo: bool
    plan: DayPlan | None = None
    """Of who is at work: the plan of that day as it is, and until when it takes."""
    is_remote: bool = False
    """Whether the person works in another place on that day."""


class Timesheets(UnitService):
    """Answers questions about recorded time; changes nothing."""

    def __init__(self, uow: UnitOfWork) -> None:
        """Read through `uow`; what is planned is read once."""
        super().__init__(uow)
        self._rosters: dict[tuple[int, date, bool], Roster | None] = {}

    async def day(self, employee: Employee, now: datetime) -> DayView:
        """Return the day that the person is in: that of the open session, else today's in the person's zone.

        A night shift that ended today is what somebody who came for nothing else today wants to see (case 45).
        """
        log = await self._uow.punches.log(employee, now - WINDOW)
        state, session = log.state_at(now)
        today = employee.today(now)
        last = session or last_before(log.sessions, now)
        day = last.work_date if last and (session or _ends_on(last, today, employee.zone)) else today
        await self._uow.look_ahead(employee, day)
        roster = await self._roster(employee, day, is_open=session is not None)
        total = day_total(log.sessions, day, now, roster.pause(day) if roster else NO_BREAK)
        plan = await self._plan(employee, roster, total, now) if roster and session else None
        elsewhere = [each.kind for each in await self._uow.absences.of(employee, day, day)]
        may_undo = last_undoable(log.punches, now) is not None
        return DayView(now, employee.zone, state, session, total, may_undo, plan, AbsenceKind.REMOTE in elsewhere)

    async def of_date(self, employee: Employee, day: date, now: datetime) -> DayTotal:
        """Return what is recorded for a work date."""
        sessions = await self._uow.punches.sessions(employee, day, day)
        roster = await self._roster(employee, day, is_open=False)
        return day_total(tuple(sessions), day, now, roster.pause(day) if roster else NO_BREAK)

    async def plan(self, employee: Employee, view: DayView) -> DayPlan | None:
        """Return the plan of the day that is shown, and what is left of it, also for who is not at work."""
        roster = await self._roster(employee, view.total.day, is_open=True)
        return await self._plan(employee, roster, view.total, view.now) if roster else None

    async def _plan(self, employee: Employee, roster: Roster, total: DayTotal, now: datetime) -> DayPlan | None:
        day = total.day
        zone = total.sessions[0].zone if total.sessions else None
        found = [each for each in await self._uow.absences.of(employee, day, day) if each.first <= day <= each.last]
        return plan_of_day(roster.shift(day, zone), in_force(found)[0], total.sessions, now)

    async def _roster(self, employee: Employee, day: date, *, is_open: bool) -> Roster | None:
        key = (employee.id, day, is_open)
        if key not in self._rosters:
            self._rosters[key] = await self._read_roster(employee, day, is_open=is_open)
        return self._rosters[key]

    async def _read_roster(self, employee: Employee, day: date, *, is_open: bool) -> Roster | None:
        """Return what is planned for the person around a day; None where that changes nothing on the card.

        Most portals neither pay breaks nor take them off; there, who is planned for what is not read for a day that
        is over.
        """
        schedules, portal_id = self._uow.schedules, employee.portal_id
        given = await schedules.assignments(portal_id, employee.id)
        dates = await schedules.dates(portal_id, day - _DAY, day + _DAY, employee.id)
        planned = [*(each.schedule.pause for each in given), *(each.pause for each in dates)]
        portal = await self._uow.portals.get(portal_id)
        if portal is None or not planned:
            return None
        if not is_open and not any(each.is_paid or each.is_deducted for each in planned):
            return None
        staff = self._uow.staff
        calendar = await Calendars(self._uow).of(portal)
        departments = await staff.departments(portal_id)
        employments = await staff.employments(portal_id, employee.id)
        return RosterBook(calendar, given, departments, employments, dates).of(employee.id, employee.zone)


def _ends_on(session: WorkSession, day: date, zone: str) -> bool:
    """Whether it ended on that date of the person's present zone, which may not be the session's (case 56)."""
    return session.ended_at is not None and session.ended_at.astimezone(ZoneInfo(zone)).date() == day
