"""How many portals may begin at a time: a thousand that register at once would keep the answers of all waiting."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

AT_ONCE = 20
PATIENCE = 5.0
"""Seconds after which whoever is not done gives up the place, for it is a portal that is waited for."""


class Gate:
    """Lets so many through at a time; nobody who hangs holds up those behind."""

    def __init__(self, at_once: int = AT_ONCE, patience: float = PATIENCE) -> None:
        """Give each a place for so long."""
        self._places = asyncio.Semaphore(at_once)
        self._patience = patience

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Wait for a place, and have it until the block ends or has taken long."""
        await self._places.acquire()
        timer = asyncio.get_running_loop().call_later(self._patience, self._places.release)
        try:
            yield
        finally:
            if timer.when() > asyncio.get_running_loop().time():
                timer.cancel()
                self._places.release()
