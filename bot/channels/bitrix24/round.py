"""One round for the people of all portals, and for who is away there: a few at a time, each again after some hours.

A portal that is slow or silent keeps a place of the round for a while and no longer; one that has just joined has
places of its own, so that its people need not wait for the rereading of others.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import structlog

from bot.channels.bitrix24.errors import RestError
from bot.channels.bitrix24.limiter import Sleep

EVERY = 6 * 3600.0
DIRECTORY = "directory"
AGAIN = 300.0
"""Seconds until the next try where reading failed."""
SOON = 20.0
"""Seconds that a newcomer waits for others."""
AT_ONCE = 4
PATIENCE = 900.0
"""Seconds that one portal may take: a very large one asks for some hundred pages at its limiter's pace."""

Read = Callable[[], Awaitable[None]]

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Portal:
    realm: str
    what: str
    read: Read
    every: float
    due: float
    is_new: bool = True
    reading: asyncio.Task[None] | None = None


class PeopleRound:
    """Reads the directory of each portal that takes part, and its calendars, now and then."""

    def __init__(self, *, monotonic: Callable[[], float] = time.monotonic, sleep: Sleep = asyncio.sleep) -> None:
        """Begin with nobody."""
        self._monotonic = monotonic
        self._sleep = sleep
        self._portals: dict[tuple[str, str], _Portal] = {}
        self._wake = asyncio.Event()

    def join(self, realm: str, read: Read, *, what: str = DIRECTORY, every: float = EVERY, after: float = 0.0) -> None:
        """Let something of a portal take part; it is read soon, or after so many seconds."""
        self._leave(realm, what)
        self._portals[realm, what] = _Portal(realm, what, read, every, self._monotonic() + after)
        self._wake.set()

    def hasten(self, realm: str) -> None:
        """Read a portal soon, for somebody is new there; many who come at once are one reading."""
        portal = self._portals.get((realm, DIRECTORY))
        if portal is not None:
            portal.due = min(portal.due, self._monotonic() + SOON)
            self._wake.set()

    def read_now(self, realm: str, what: str = DIRECTORY) -> bool:
        """Read a portal at once, for somebody asked; False where it takes no part here."""
        portal = self._portals.get((realm, what))
        if portal is None:
            return False
        portal.due = min(portal.due, self._monotonic())
        self._wake.set()
        return True

    def leave(self, realm: str) -> None:
        """Let a portal take part no more."""
        for _, what in [key for key in self._portals if key[0] == realm]:
            self._leave(realm, what)

    def _leave(self, realm: str, what: str) -> None:
        portal = self._portals.pop((realm, what), None)
        if portal is not None and portal.reading is not None:
            portal.reading.cancel()

    async def run(self) -> None:
        """Go round until cancelled."""
        try:
            while True:
                self._wake.clear()
                self._begin()
                await self._nap(self._delay())
        finally:
            for portal in self._portals.values():
                if portal.reading is not None:
                    portal.reading.cancel()

    def _begin(self) -> None:
        """Begin to read whoever is due, longest first, as far as there are places."""
        now = self._monotonic()
        for is_new in (True, False):
            reading = sum(1 for each in self._portals.values() if each.reading and each.is_new is is_new)
            due = [
                (each.due, key)
                for key, each in self._portals.items()
                if each.reading is None and each.is_new is is_new and each.due <= now
            ]
            for _, key in sorted(due)[: max(AT_ONCE - reading, 0)]:
                portal = self._portals[key]
                portal.reading = asyncio.create_task(self._read(portal))

    def _delay(self) -> float:
        """Return the seconds until somebody falls due; an end of a reading wakes as well."""
        now = self._monotonic()
        waiting = [each.due - now for each in self._portals.values() if each.reading is None and each.due > now]
        return min(waiting, default=float("inf"))

    async def _read(self, portal: _Portal) -> None:
        pause = portal.every
        try:
            async with asyncio.timeout(PATIENCE):
                await portal.read()
        except Exception as error:  # noqa: BLE001 - neither the portal nor the database may end the round
            code = error.code if isinstance(error, RestError) else type(error).__name__
            log.warning("bitrix24.directory_failed", realm=portal.realm, what=portal.what, code=code)
            pause = AGAIN
        finally:
            portal.due, portal.is_new, portal.reading = self._monotonic() + pause, False, None
            self._wake.set()

    async def _nap(self, seconds: float) -> None:
        tasks: list[asyncio.Future[Any]] = [asyncio.ensure_future(self._wake.wait())]
        if seconds != float("inf"):
            tasks.append(asyncio.ensure_future(self._sleep(seconds)))
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in tasks:
                each.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
