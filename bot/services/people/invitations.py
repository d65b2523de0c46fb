"""Invitations into the second messenger, for whoever is asked to decide and has but one: told once (E26)."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.people.employee import Employee
from bot.ports import INVITED, Told, UnitOfWork
from bot.services.messengers import Messengers
from bot.services.unit_service import UnitService


class Invitations(UnitService):
    """Knows who was invited; nobody is twice."""

    def __init__(self, uow: UnitOfWork, messengers: Messengers) -> None:
        """Invite into the messenger that people come to by a link, while it is connected."""
        super().__init__(uow)
        self._messengers = messengers

    async def due(self, people: Sequence[Employee], now: datetime) -> Sequence[Employee]:
        """Return who of these is to be invited now, and note that they were."""
        invites = self._messengers.invites
        if not self._messengers.is_connected(invites):
            return ()
        alone = [each for each in people if each.identity(invites) is None]
        if not alone:
            return ()
        told = await self._uow.reminders.of_kind(alone[0].portal_id, INVITED)
        new = [each for each in alone if each.id not in told]
        for each in new:
            self._uow.reminders.add(Told(each.portal_id, each.id, INVITED, invites, now))
        return new
