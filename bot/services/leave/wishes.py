"""Leave wishes: what was said of a leave becomes a wish or a question, and a wish that fits is asked for."""

from datetime import datetime, timedelta

from bot.domain.approvals.matter import LeaveMatter
from bot.domain.leave.balance import Left
from bot.domain.leave.said import LeaveSaid, Open, day_of, read
from bot.domain.leave.wish import LeaveWish
from bot.domain.people.employee import Employee
from bot.domain.planning.schedule import Shift
from bot.domain.portal import Portal
from bot.domain.rights import Right
from bot.services.approvals.approvals import Approvals, Passed, Sent
from bot.services.leave.balances import Balances, forbids_overdraft
from bot.services.leave.leaves import Leaves
from bot.services.people.people import People
from bot.services.planning.rosters import Rosters
from bot.services.unit_service import UnitService

_DAY = timedelta(days=1)


class LeaveWishes(UnitService):
    """Reads what was said, and asks for it; for somebody else it is recorded at once by whoever may."""

    async def check(self, by: Employee, subject: Employee) -> None:
        """Refuse who may not record that person's leaves."""
        if subject.id != by.id:
            await People(self._uow).check(by, Right.CORRECT_OTHERS, subject)

    async def read(self, portal: Portal, employee: Employee, said: LeaveSaid, now: datetime) -> LeaveWish | Open:
        """Return the wish of a person where it is whole, else what is missing."""
        day = day_of(said, employee.today(now))
        roster = await Rosters(self._uow).of(portal, employee, day)
        return read(said, [roster.shift(day), roster.shift(day + _DAY)], now, employee.zone)

    async def shift_now(self, portal: Portal, employee: Employee, now: datetime) -> Shift | None:
        """Return the shift of today, or one that began yesterday and runs."""
        today = employee.today(now)
        roster = await Rosters(self._uow).of(portal, employee, today)
        for day in (today - _DAY, today):
            shift = roster.shift(day)
            if shift is not None and now < shift.ends_at and (day == today or shift.starts_at <= now):
                return shift
        return None

    async def left(self, portal: Portal, subject: Employee, wish: LeaveWish, now: datetime) -> Left | None:
        """Return what would be left after a leave; a refusal where the portal gives none in advance."""
        return await Balances(self._uow).check(portal, subject, wish, subject.today(now))

    async def send(
        self, by: Employee, subject: Employee, wish: LeaveWish, now: datetime, *, reason: str = "", request_id: int = 0
    ) -> Sent | Passed:
        """Ask for the days, if they still can be had; a second request for the same time replaces the first."""
        fitted = await Leaves(self._uow).fitted(subject, wish, now)
        portal = await self._uow.portals.get(subject.portal_id)
        if portal is not None and forbids_overdraft(portal):
            await self.left(portal, subject, fitted, now)
        approvals = Approvals(self._uow)
        return await approvals.ask(LeaveMatter(fitted), by, now, about=subject, reason=reason, request_id=request_id)
