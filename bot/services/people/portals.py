"""Tenants: the portals that use the service, and their people as the portal's directory lists them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.events import PortalOut
from bot.domain.outage import Outage
from bot.domain.portal import Portal
from bot.ids import new_id
from bot.ports import ListedDepartment, Person
from bot.services.people.directory import DirectoryUpdate
from bot.services.people.personal_data import PersonalData
from bot.services.reminding.digest_times import DigestTimes
from bot.services.reminding.watch import Watch
from bot.services.unit_service import UnitService

OUTAGE = "outage"
"""What is noted once an administrator was told that the portal cannot be reached, by the day."""


class Portals(UnitService):
    """Keeps portals and their people; each call may be repeated."""

    async def get(self, portal_id: int) -> Portal | None:
        """Return the portal of that id."""
        return await self._uow.portals.get(portal_id)

    async def install(
        self, key: str, now: datetime, *, name: str = "", locale: str = "ru", zone: str = "Europe/Moscow"
    ) -> Portal:
        """Return the portal of that key: made now if it is new, woken if its bot had been removed (case 76)."""
        portal = await self._uow.portals.by_key(key)
        if portal is not None:
            return portal if portal.is_active or await self._is_taken(portal) else await self.wake(portal, now)
        portal = Portal(new_id(), key, name or key, zone=zone, locale=locale)
        self._uow.portals.add(portal)
        DigestTimes(self._uow).begin(portal.id, now)
        return portal

    async def _is_taken(self, portal: Portal) -> bool:
        """Whether another company is reached where this portal was: what is stored opens nothing of its own there."""
        there = await self._uow.installations.portal_at(portal.key)
        return there is not None and there.id != portal.id

    async def listed(
        self,
        key: str,
        channel: str,
        people: Sequence[Person],
        departments: Sequence[ListedDepartment],
        now: datetime,
    ) -> Sequence[str]:
        """Bring the portal of that key up to date with its directory.

        Returns the accounts on `channel` of people who should be listed but are not.
        """
        portal = await self._uow.portals.by_key(key)
        if portal is None:
            portal = await self.install(key, now)
        elif not portal.is_active:
            return ()  # its bot was removed, and nobody is looked after
        return await DirectoryUpdate(self._uow).take(portal, channel, people, departments, now)

    async def out(self, key: str, channel: str, outage: Outage, now: datetime) -> None:
        """Let administrators know of an outage that lasts, each once a day, where the portal is not needed for it."""
        portal = await self._uow.portals.by_key(key)
        if portal is None or not portal.is_active:
            return
        watch, today = Watch(self._uow), now.date().isoformat()
        for each in await self._uow.employees.of_portal(portal.id):
            if not each.is_admin or each.is_disabled or await watch.was_told(each, OUTAGE, today):
                continue
            if any(place.channel != channel and place.is_reachable for place in each.identities):
                watch.note(each, OUTAGE, today, now)
                self._uow.events.append(PortalOut(portal.id, each.id, channel, outage))

    async def wake(self, portal: Portal, now: datetime) -> Portal:
        """Let a portal at rest work again: its people are looked after, reminded and told their digests (case 76).

        What a former removal was to erase and did not yet stays.
        """
        await PersonalData(self._uow).keep_all(portal)
        portal = replace(portal, is_active=True)
        self._uow.portals.put(portal)
        Watch(self._uow).look_again(portal.id, now)
        DigestTimes(self._uow).begin(portal.id, now)
        return portal
