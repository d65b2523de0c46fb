"""Tenants: the portals that use the service, and their people as the portal's directory lists them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.clock import Clock
from bot.domain.portal import Portal
from bot.ids import new_id
from bot.ports import Conflict, ListedDepartment, Person, Storage, UnitOfWork
from bot.services.census import Census
from bot.services.rounds import Rounds
from bot.services.watch import Watch

_ATTEMPTS = 5


class Tenancy:
    """Keeps portals and their people; each call is a transaction of its own, safe to repeat."""

    def __init__(self, storage: Storage, channel: str, clock: Clock) -> None:
        """Keep the people whom `channel` lists."""
        self._storage = storage
        self._channel = channel
        self._clock = clock

    async def install(self, key: str, *, name: str = "", locale: str = "ru", zone: str = "Europe/Moscow") -> Portal:
        """Return the portal of that key: made now if it is new, woken if its bot had been removed (case 76)."""
        for attempt in range(_ATTEMPTS):
            async with self._storage.unit_of_work() as uow:
                portal = await uow.portals.by_key(key)
                if portal is not None and portal.is_active:
                    return portal
                if portal is not None:
                    portal = wake(uow, portal, self._clock.now())
                else:
                    portal = Portal(new_id(), key, name or key, zone=zone, locale=locale)
                    uow.portals.add(portal)
                    Rounds(uow).begin(portal.id, self._clock.now())
                try:
                    await uow.commit()
                except Conflict:
                    if attempt == _ATTEMPTS - 1:
                        raise
                    continue
                return portal
        raise Conflict

    async def people_listed(
        self, realm: str, people: Sequence[Person], departments: Sequence[ListedDepartment] = ()
    ) -> Sequence[str]:
        """Bring the portal with that key up to date; returns the accounts of people who should be listed but are not.

        This is the `Directory` of a channel.
        """
        async with self._storage.unit_of_work() as uow:
            portal = await uow.portals.by_key(realm)
        if portal is not None and not portal.is_active:
            return ()  # its bot was removed, and nobody is looked after
        portal = portal or await self.install(realm)
        for attempt in range(_ATTEMPTS):
            async with self._storage.unit_of_work() as uow:
                missing = await Census(uow).take(portal, self._channel, people, departments, self._clock.now())
                try:
                    await uow.commit()
                except Conflict:
                    if attempt == _ATTEMPTS - 1:
                        raise
                    continue
                return missing
        raise Conflict


def wake(uow: UnitOfWork, portal: Portal, now: datetime) -> Portal:
    """Let a portal that rests work again: its people are looked after, reminded and told their digests (case 76)."""
    portal = replace(portal, is_active=True)
    uow.portals.put(portal)
    Watch(uow).look_again(portal.id, now)
    Rounds(uow).begin(portal.id, now)
    return portal
