"""Greetings: whoever was greeted once is not greeted again by itself, in either messenger."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain.events import AdministratorsMet, Introduced
from bot.domain.people.employee import Employee
from bot.domain.rights import Right, check
from bot.ports import GREETED, Told
from bot.services.unit_service import UnitService

_KEY = "hello"
FRESH = timedelta(minutes=2)
"""So soon after the greeting a «привет» is its answer."""


class Greetings(UnitService):
    """Knows who was greeted, and introduces the bot to everybody else."""

    async def greeted_at(self, person: Employee) -> datetime | None:
        """Return when the person was greeted."""
        told = await self._uow.reminders.of(person.portal_id, person.id, GREETED)
        return told[-1].at if told else None

    async def is_fresh(self, person: Employee, channel: str, now: datetime) -> bool:
        """Whether the greeting stands right above, in this messenger."""
        told = await self._uow.reminders.of(person.portal_id, person.id, GREETED)
        return any(each.key in (_KEY, channel) and timedelta() <= now - each.at <= FRESH for each in told)

    async def note(self, person: Employee, channel: str, now: datetime) -> None:
        """Note that the person was greeted there."""
        told = await self._uow.reminders.of(person.portal_id, person.id, GREETED)
        if all(each.key != channel for each in told):
            self._uow.reminders.add(Told(person.portal_id, person.id, GREETED, channel, now))

    async def untold(self, admin: Employee) -> Sequence[Employee]:
        """Return who was not greeted yet and can be reached: whoever may greet them learns it."""
        check(admin, Right.INTRODUCE)
        told = await self._uow.reminders.of_kind(admin.portal_id, GREETED)
        return [
            each
            for each in await self._uow.employees.of_portal(admin.portal_id)
            if each.id not in told
            and each.id != admin.id
            and not each.is_disabled
            and any(identity.is_reachable for identity in each.identities)
        ]

    async def meet_administrators(self, portal_id: int, now: datetime) -> bool:
        """Let administrators be greeted who were not yet; return whether any is known, greeted now or before.

        Everybody else is greeted when one of them says so, by the button under that greeting.
        """
        told = await self._uow.reminders.of_kind(portal_id, GREETED)
        people = [
            each for each in await self._uow.employees.of_portal(portal_id) if each.is_admin and not each.is_disabled
        ]
        new = [each for each in people if each.id not in told and any(own.is_reachable for own in each.identities)]
        for each in new:
            self._uow.reminders.add(Told(portal_id, each.id, GREETED, _KEY, now))
        if new:
            self._uow.events.append(AdministratorsMet(portal_id, 0, tuple(each.id for each in new)))
        return bool(people)

    async def introduce(self, admin: Employee, now: datetime) -> int:
        """Let everybody be greeted who was not yet and can be reached; return how many they are."""
        new = await self.untold(admin)
        for each in new:
            self._uow.reminders.add(Told(each.portal_id, each.id, GREETED, _KEY, now))
        if new:
            self._uow.events.append(Introduced(admin.portal_id, admin.id, tuple(each.id for each in new)))
            note = f"introduced to {len(new)} people"
            self._uow.audit.add(admin.portal_id, actor_id=admin.id, subject_id=None, what=note, at=now)
        return len(new)
