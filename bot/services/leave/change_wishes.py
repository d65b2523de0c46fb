"""Change wishes: a change of an approved absence is asked for; whoever decides about it changes it at once."""

from datetime import datetime

from bot.domain.approvals.matter import LeaveChangeMatter
from bot.domain.leave.balance import Left
from bot.domain.leave.changing import LeaveChange
from bot.domain.people.employee import Employee
from bot.domain.portal import Portal
from bot.services.approvals.approvals import Approvals, Passed, Sent
from bot.services.leave.balances import Balances, NotEnoughLeft, forbids_overdraft
from bot.services.leave.changes import LeaveChanges
from bot.services.unit_service import UnitService


class ChangeWishes(UnitService):
    """Checks a change, and asks for it."""

    async def check(self, portal: Portal, subject: Employee, change: LeaveChange, now: datetime) -> Left | None:
        """Return what would be left; a refusal where the change cannot be."""
        await LeaveChanges(self._uow).check(subject, change)
        left = await Balances(self._uow).after_change(portal, subject, change, subject.today(now))
        if left is not None and left.days < 0 and forbids_overdraft(portal):
            raise NotEnoughLeft(left)
        return left

    async def send(
        self,
        portal: Portal,
        by: Employee,
        subject: Employee,
        change: LeaveChange,
        now: datetime,
        request_id: int = 0,
        *,
        reason: str = "",
    ) -> Sent | Passed:
        """Ask whoever decides; a change of somebody else's absence is done at once, on record, by whoever may."""
        await self.check(portal, subject, change, now)
        matter = LeaveChangeMatter(change)
        return await Approvals(self._uow).ask(matter, by, now, about=subject, reason=reason, request_id=request_id)
