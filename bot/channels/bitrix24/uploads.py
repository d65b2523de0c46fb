"""Files: each in a request of its own, because a batch takes none, in step with everything else that leaves.

Two at a time, and only so many in line: what finds the line full goes back to the outbox until a place is likely to
be free, so that a thousand files do not keep a person's answer waiting.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from bot.channels.bitrix24.beat import PACE_RATE, Caller
from bot.channels.bitrix24.errors import OPERATION_LIMIT, RestError, delivery_error
from bot.channels.bitrix24.limiter import Sleep
from bot.channels.pace import Pace
from bot.messages import DeliveryError

AT_ONCE = 2
LINE = 20
LINE_IS_FULL = "LINE_IS_FULL"
"""The detail of the error by which a file goes back to the outbox without having been tried."""


class Uploads:
    """Calls that are made by themselves, until stopped."""

    def __init__(
        self,
        client: Caller,
        pace: Pace,
        *,
        resting: Callable[[str], float] = lambda _method: 0.0,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        """Share the pace of the beat. `resting` tells for how long a method may not be asked for."""
        self._client = client
        self._pace = pace
        self._resting = resting
        self._monotonic = monotonic
        self._sleep = sleep
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._in_line = 0
        self._promised_until = 0.0
        self._idle = asyncio.Event()
        self._idle.set()
        self._is_stopping = False

    async def submit(self, method: str, params: Mapping[str, Any]) -> Any:
        """Have a call made when its turn comes; returns its result or raises DeliveryError."""
        if (rest := self._resting(method)) > 0:
            raise DeliveryError("rate_limit", permanent=False, retry_after=rest, detail=OPERATION_LIMIT)
        if self._in_line >= LINE:
            raise DeliveryError("rate_limit", permanent=False, retry_after=self._promise(), detail=LINE_IS_FULL)
        self._in_line += 1
        self._idle.clear()
        try:
            async with self._gate:
                return await self._call(method, params)
        finally:
            self._in_line -= 1
            if not self._in_line:
                self._idle.set()

    async def stop(self, patience: float = 10.0) -> None:
        """Make no new calls, and let those under way end."""
        self._is_stopping = True
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await self._idle.wait()

    async def _call(self, method: str, params: Mapping[str, Any]) -> Any:
        while not self._is_stopping and (delay := self._pace.wait(self._monotonic())) > 0:
            await self._sleep(delay)
        if self._is_stopping:
            raise DeliveryError("network", permanent=False, detail="STOPPING")
        self._pace.take(self._monotonic())
        try:
            return (await self._client.call(method, params)).result
        except RestError as error:
            raise delivery_error(error, whole_request=False) from None

    def _promise(self) -> float:
        """Return the seconds after which a place is likely to be free, later for each who asks."""
        now = self._monotonic()
        free_at = max(self._promised_until, now + self._in_line / PACE_RATE)
        self._promised_until = free_at + 1 / PACE_RATE
        return free_at - now
