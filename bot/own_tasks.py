"""People's own tasks of business processes are looked for, for no portal tells of a new one.

One process of ours does it, gently: each person's list once a minute by the service's clock, few side by side.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.clock import Clock
from bot.domain.installation import Purpose
from bot.ports import HasProcesses, ListedTask, NoOwnAccess, Storage

OWN_TASKS_DUTY: Final = "bitrix24:own-tasks"
EVERY: Final = timedelta(minutes=1)
REST: Final = 5.0
"""Seconds between two looks at whose turn it is."""
AT_ONCE: Final = 10
_log = structlog.get_logger("own tasks")

Listed = Callable[[int, str, Sequence[ListedTask]], Awaitable[None]]
"""Compares what was listed of an account with what is shown, in a unit of its own."""
Lost = Callable[[int, str], Awaitable[None]]
"""Notes that an account's own access is gone."""


class OwnTaskRunner:
    """Looks for tasks of whoever let us, until cancelled."""

    def __init__(
        self, storage: Storage, clock: Clock, portals: HasProcesses | None, *, listed: Listed, lost: Lost
    ) -> None:
        """Ask `portals`, and hand on what they say."""
        self._storage = storage
        self._clock = clock
        self._portals = portals
        self._listed = listed
        self._lost = lost
        self._asked: dict[tuple[int, str], datetime] = {}
        self._room = asyncio.Semaphore(AT_ONCE)

    async def run(self) -> None:
        """Look every few seconds whose turn it is."""
        while True:
            try:
                await self.look()
            except Exception as error:  # noqa: BLE001 - the database comes back
                _log.warning("own tasks are out of reach", error=type(error).__name__)
            await asyncio.sleep(REST)

    async def look(self) -> None:
        """Ask for everybody whose turn it is; whoever cannot be asked now is asked in the next minute."""
        if self._portals is None:
            return
        now = self._clock.now()
        theirs = await self._storage.grants.accounts(Purpose.TASKS)
        self._asked = {each: at for each, at in self._asked.items() if each in {row[1:] for row in theirs}}
        due = [each for each in theirs if now - self._asked.get(each[1:], now - EVERY) >= EVERY]
        await asyncio.gather(*(self._one(*each) for each in due))

    async def _one(self, realm: str, portal_id: int, account: str) -> None:
        async with self._room:
            self._asked[portal_id, account] = self._clock.now()
            if self._portals is None:
                return
            try:
                tasks = await self._portals.own_tasks(realm, account)
                if tasks is not None:
                    await self._listed(portal_id, account, tasks)
            except NoOwnAccess:
                _log.info("own access is gone", realm=realm)
                await self._lost(portal_id, account)
            except Exception as error:  # noqa: BLE001 - one person's list is nobody else's
                _log.warning("own tasks not listed", realm=realm, error=type(error).__name__)
