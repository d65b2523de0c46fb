"""The version counter behind the live page: it grows whenever something that the page shows may have changed."""

import asyncio
from collections.abc import Mapping

from bot.sandbox.control_service import Timing
from bot.sandbox.world import ChannelName, Messenger, World


class Watch:
    """Turns `world.changed`, which emulators set, into a version that a page can wait for."""

    def __init__(self, world: World, messengers: Mapping[ChannelName, Messenger], timing: Timing) -> None:
        """Start at version 1 and see nothing yet."""
        self.version = 1
        self._world = world
        self._messengers = messengers
        self._timing = timing
        self._news = asyncio.Event()
        self._is_closing = False

    def _facts(self) -> tuple[object, ...]:
        """Return what can change without anybody setting `world.changed`."""
        return (
            self._world.clock.is_standing,
            self._world.clock.now() if self._world.clock.is_standing else None,
            *(messenger.undelivered() for messenger in self._messengers.values()),
        )

    async def run(self) -> None:
        """Count changes until cancelled; a burst of them counts as one."""
        facts = self._facts()
        changed = self._world.changed
        while True:
            try:
                async with asyncio.timeout(self._timing.watch_pause):
                    await changed.wait()
            except TimeoutError:
                if facts == self._facts():
                    continue
            changed.clear()
            facts = self._facts()
            self.version += 1
            self._wake()
            await asyncio.sleep(self._timing.watch_rest)

    async def other_than(self, since: int | None) -> int:
        """Return the version once it is another than `since`, or as it is when the wait grows too long."""
        try:
            async with asyncio.timeout(self._timing.poll_limit):
                while self.version == since and not self._is_closing:
                    await self._news.wait()
        except TimeoutError:
            pass
        return self.version

    def close(self) -> None:
        """Let every waiting page go, so that the server can stop."""
        self._is_closing = True
        self._wake()

    def _wake(self) -> None:
        """Wake those who wait now; those who come later wait for the next news."""
        self._news.set()
        self._news = asyncio.Event()
