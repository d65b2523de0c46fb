"""Deliveries that failed for good: how many wait for a retry, and letting them be sent again."""

from datetime import datetime

from bot.domain.employee import Employee
from bot.domain.errors import NotAllowed
from bot.ports import Storage, UnitOfWork


class Deliveries:
    """What an administrator can do about messages that did not arrive."""

    def __init__(self, uow: UnitOfWork, storage: Storage) -> None:
        """Work on the queues of `storage`."""
        self._uow = uow
        self._storage = storage

    async def resend(self, actor: Employee, at: datetime) -> tuple[int, int]:
        """Try every failed turn and message again; repeating this does no harm."""
        if not actor.is_admin:
            raise NotAllowed
        turns = await self._storage.inbox.retry()
        messages = await self._storage.outbox.retry()
        self._uow.audit.add(actor.portal_id, actor_id=actor.id, subject_id=None, what="re-sent failed messages", at=at)
        return turns, messages
