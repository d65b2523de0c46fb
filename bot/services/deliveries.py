"""Deliveries that failed for good: who is reached elsewhere, how many wait for a retry, and sending them again."""

from datetime import datetime

from bot.domain.people.employee import Employee
from bot.domain.portal import Portal
from bot.domain.rights import Right, check
from bot.ids import new_id
from bot.messages import DeliveryError, Outgoing
from bot.ports import UNDELIVERED, Job
from bot.services.unit_service import UnitService


class Deliveries(UnitService):
    """What becomes of messages that did not arrive."""

    async def lost(self, outgoing: Outgoing, error: DeliveryError, at: datetime) -> None:
        """Remember whose account cannot be written to, and leave it to a job to reach them elsewhere or to say so.

        Repeating this does no harm: the job has the message's id as its key.
        """
        to, say = outgoing.to, outgoing.say
        employee = await self._uow.employees.by_identity(to.channel, to.realm, to.account) if to.portal_id else None
        identity = employee.owning(to.channel, to.realm, to.account) if employee else None
        if employee is None or identity is None:
            return
        if error.kind == "blocked" and identity.is_reachable:
            self._uow.employees.set_reachable(employee, identity, is_reachable=False)
        payload = {"employee_id": employee.id, "channel": to.channel, "slot": say.slot, "kind": error.kind}
        if not say.only_if_shown:
            payload["say"] = say.to_json()
        self._uow.jobs.add(Job(new_id(), to.portal_id, UNDELIVERED, str(outgoing.id), at, payload))

    async def failed(self, actor: Employee, portal: Portal) -> tuple[int, int]:
        """Return how many turns and messages of the portal failed for good and wait for a retry."""
        check(actor, Right.RESEND)
        return await self._uow.failures.of(portal)

    async def resend(self, actor: Employee, portal: Portal, at: datetime) -> tuple[int, int]:
        """Try the failed turns and messages of the portal again; repeating this does no harm."""
        check(actor, Right.RESEND)
        turns, messages = await self._uow.failures.of(portal)
        if not turns and not messages:
            return 0, 0
        self._uow.failures.retry(portal)
        self._uow.audit.add(actor.portal_id, actor_id=actor.id, subject_id=None, what="re-sent failed messages", at=at)
        return turns, messages
