"""Opening closed days again: whoever may does it, anybody else asks for it (case 65)."""

from collections.abc import Sequence
from datetime import date, datetime

from bot.domain.approvals.matter import ReopenMatter
from bot.domain.approvals.refusals import ReasonWanted
from bot.domain.approvals.request import as_reason
from bot.domain.people.employee import Employee
from bot.domain.periods.period import Closing
from bot.domain.portal import Portal
from bot.domain.rights import Right, may
from bot.services.approvals.approvals import Approvals, Passed, Sent
from bot.services.periods.closings import Closings
from bot.services.unit_service import UnitService


class PeriodOpening(UnitService):
    """The way back from a closing."""

    async def again(
        self, portal: Portal, who: Employee, first: date, last: date, reason: str, now: datetime
    ) -> Sequence[Closing] | Sent | Passed:
        """Open every closing that touches the days, or ask for the first of them; either wants a reason.

        NotClosed where the days are open.
        """
        closings = Closings(self._uow)
        closing = await closings.touching(portal, first, last)
        reason = as_reason(reason)
        if not reason:
            raise ReasonWanted
        if may(who, Right.CLOSE_PERIODS):
            return await closings.reopen(portal, who, first, last, reason, now)
        matter = ReopenMatter(closing.id, closing.first, closing.last)
        return await Approvals(self._uow).ask(matter, who, now, reason=reason)
