"""Invitations into the second messenger, for whoever is asked to decide and has but one: told once (E26)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain.errors import Refusal
from bot.domain.events import LinkSuggested
from bot.domain.people.employee import Employee
from bot.domain.rights import Right, check
from bot.ports import INVITED, Told, UnitOfWork
from bot.services.messengers import Messengers
from bot.services.unit_service import UnitService
from bot.text import t

_AGAIN = timedelta(hours=20)
_ASKED = "by hand "
"""How the key of an invitation begins that an administrator sent."""


class NotConnected(Refusal):
    """The messenger that people are brought into is not connected."""

    code = "not_connected"

    def __init__(self) -> None:
        """Say whom to ask."""
        super().__init__(t("Telegram is not connected here. Ask your administrator about it."))


class LinkedAlready(Refusal):
    """The person is there already."""

    code = "linked_already"

    def __init__(self) -> None:
        """Say so."""
        super().__init__(t("Telegram is linked already."))


class NotReached(Refusal):
    """There is no chat in which the person could be told."""

    code = "not_reached"

    def __init__(self, subject: Employee) -> None:
        """Name them."""
        super().__init__(t("My messages do not reach {person}. Please call.", person=subject.name))


class InvitedAlready(Refusal):
    """The person was told today."""

    code = "invited_already"

    def __init__(self) -> None:
        """Say so."""
        super().__init__(t("The link was sent today already. It can be sent again tomorrow."))


class Invitations(UnitService):
    """Knows who was invited; nobody is twice."""

    def __init__(self, uow: UnitOfWork, messengers: Messengers) -> None:
        """Invite into the messenger that people come to by a link, while it is connected."""
        super().__init__(uow)
        self._messengers = messengers

    async def invite(self, actor: Employee, subject: Employee, now: datetime) -> None:
        """Have somebody told how to come into that messenger; a Refusal where it cannot be, or was a moment ago."""
        check(actor, Right.GIVE_ACCESS)
        invites = self._messengers.invites
        if not self._messengers.is_connected(invites):
            raise NotConnected
        if subject.identity(invites) is not None:
            raise LinkedAlready
        if subject.is_disabled or not subject.identities:
            raise NotReached(subject)
        told = await self._uow.reminders.of(subject.portal_id, subject.id, INVITED)
        if any(now - each.at < _AGAIN and each.key.startswith(_ASKED) for each in told):
            raise InvitedAlready
        self._uow.reminders.add(Told(subject.portal_id, subject.id, INVITED, f"{_ASKED}{now.date()}", now))
        what = f"invited to {invites}"
        self._uow.audit.add(subject.portal_id, actor_id=actor.id, subject_id=subject.id, what=what, at=now)
        self._uow.events.append(LinkSuggested(subject.portal_id, subject.id, actor.id))

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
