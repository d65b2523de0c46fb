"""answerCallbackQuery: ends the progress bar on a pressed button, at once and beside everything else."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

from bot.channels.telegram.api import Api
from bot.messages import DeliveryError

AT_A_TIME = 30
MOST_WAITING = 2_000
"""Beyond this the oldest presses are past help: Telegram ends the bar itself after a while."""
GRACE = 2.0


class Acknowledger:
    """Answers presses in the background. What fails is left: an answer that comes late helps nobody."""

    def __init__(self, api: Callable[[], Awaitable[Api]]) -> None:
        """Get the client from `api`, which may have to wait for it."""
        self._api = api
        self._tasks: set[asyncio.Task[None]] = set()
        self._places = asyncio.Semaphore(AT_A_TIME)

    def soon(self, callback: str) -> None:
        """Answer that press; returns at once. To be called after the press is stored, not before."""
        if len(self._tasks) < MOST_WAITING:
            task = asyncio.create_task(self._answer(callback))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Give the answers under way a moment, then drop them."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=GRACE)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _answer(self, callback: str) -> None:
        with contextlib.suppress(DeliveryError):
            api = await self._api()
            async with self._places:
                await api.answer(callback)
