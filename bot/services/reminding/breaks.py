"""Breaks that people are expected back from: announced ones, and those that pass the limit of the schedule."""

from datetime import datetime, timedelta

from bot.domain.people.employee import Employee
from bot.domain.reminding.watch import AFTER_END, is_muted
from bot.domain.reports.gaps import BREAK_GRACE
from bot.domain.workday.punch_log import Break
from bot.ports import Told
from bot.services.planning.rosters import Rosters
from bot.services.reminding.forgotten import Forgotten
from bot.services.reminding.timers import Timer, Timers
from bot.services.unit_service import UnitService
from bot.services.workday.marks import WINDOW


class Breaks(UnitService):
    """Knows when somebody should be back."""

    async def expect_back(self, employee: Employee, at: datetime, now: datetime) -> bool:
        """Note when the person said that they would be back; False when no break runs."""
        pause = await self._running(employee, now)
        if pause is not None:
            Timers(self._uow).set(employee, Timer.BREAK_OVER, at, since=_seconds(pause))
        return pause is not None

    async def is_over(self, employee: Employee, since: int, due: datetime, now: datetime) -> bool:
        """Whether the announced break that began `since` (epoch seconds) still runs, and may be asked about.

        Whoever said how long it would be wants to be told, also in days without reminders. A question that comes so
        late (after an outage) that the one about the limit is due as well stands for both.
        """
        pause = await self._asked_about(employee, since, due, now)
        if pause is None or employee.is_disabled or not _is_reachable(employee):
            return False
        limit, asked = await self._limit(employee, now), await self._asked_at(employee, since)
        if asked is None and limit is not None and pause.length(now) >= limit:
            self._note_asked(employee, since, now)
        return asked is None or asked < due

    async def too_long(self, employee: Employee, since: int, due: datetime, now: datetime) -> timedelta | None:
        """Return how long the break has lasted if it is over the limit and was not asked about; else look again then.

        Without a schedule there is no limit (case 12).
        """
        pause = await self._asked_about(employee, since, due, now)
        limit = await self._limit(employee, now) if pause else None
        if pause is None or limit is None:
            return None
        if pause.length(now) < limit:
            Timers(self._uow).set(employee, Timer.BREAK_LONG, pause.started_at + limit, since=since)
            return None
        if await self._asked_at(employee, since) is not None:
            return None
        self._note_asked(employee, since, now)
        return None if _is_silent(employee, now) else pause.length(now)

    async def _asked_about(self, employee: Employee, since: int, due: datetime, now: datetime) -> Break | None:
        """Return the break if it still runs, and nothing else is asked instead.

        A day that is too long to be true is closed and asked about as a whole; once a shift is over, whether the
        person is still at work is the question, and not the break that should have ended in it.
        """
        log = await self._uow.punches.log(employee, now - WINDOW)
        _, session = log.state_at(now)
        pause = session.running_break if session else None
        if session is None or pause is None or _seconds(pause) != since:
            return None
        expected = await Forgotten(self._uow).expectation(employee, session)
        over = expected.shift.ends_at + AFTER_END if expected.shift else None
        if expected.closes_at(session) <= now or (over is not None and due < over <= now):
            return None
        return pause

    async def _asked_at(self, employee: Employee, since: int) -> datetime | None:
        told = await self._uow.reminders.of(employee.portal_id, employee.id, Timer.BREAK_LONG)
        return next((each.at for each in told if each.key == str(since)), None)

    def _note_asked(self, employee: Employee, since: int, now: datetime) -> None:
        self._uow.reminders.add(Told(employee.portal_id, employee.id, Timer.BREAK_LONG, str(since), now))

    async def _limit(self, employee: Employee, now: datetime) -> timedelta | None:
        portal = await self._uow.portals.get(employee.portal_id)
        if portal is None:
            return None
        today = employee.today(now)
        schedule = (await Rosters(self._uow).of(portal, employee, today)).schedule(today)
        return None if schedule.longest_break is None else schedule.longest_break + BREAK_GRACE

    async def _running(self, employee: Employee, now: datetime) -> Break | None:
        log = await self._uow.punches.log(employee, now - WINDOW)
        _, session = log.state_at(now)
        return session.running_break if session else None


def _seconds(pause: Break) -> int:
    return int(pause.started_at.timestamp())


def _is_silent(employee: Employee, now: datetime) -> bool:
    today = employee.today(now)
    return employee.is_disabled or is_muted(employee, today) or not _is_reachable(employee)


def _is_reachable(employee: Employee) -> bool:
    return any(each.is_reachable for each in employee.identities)
