"""Deliveries that failed for good: how many wait for a retry, and letting them be sent again."""

from datetime import datetime

from bot.domain.people.employee import Employee
from bot.domain.portal import Portal
from bot.domain.rights import Right, check
from bot.services.unit_service import UnitService


class Deliveries(UnitService):
    """What an administrator can do about messages that did not arrive."""

    async def resend(self, actor: Employee, portal: Portal, at: datetime) -> tuple[int, int]:
        """Try the failed turns and messages of the portal again; repeating this does no harm."""
        check(actor, Right.RESEND)
        turns, messages = await self._uow.failures.of(portal)
        if not turns and not messages:
            return 0, 0
        self._uow.failures.retry(portal)
        self._uow.audit.add(actor.portal_id, actor_id=actor.id, subject_id=None, what="re-sent failed messages", at=at)
        return turns, messages
