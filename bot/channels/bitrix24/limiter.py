"""How often the portal may be asked: its leaky bucket, its refusals, and our own slower pace.

The bucket is the portal's rule (2 requests a second drain, 50 is full, shared by everything on one address); the pace
is ours: it keeps the bucket nearly empty, so that whoever else works behind the same address finds room in it.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable

from bot.channels.pace import Pace

DRAIN = 2.0
CAPACITY = 50
HEADROOM = 10
LONGEST_PAUSE = 30.0
ERRANDS = 0.25
"""So much of the drain is kept for errands, whatever else fills the bucket: what was decided is done in its time."""
OPERATING_BUDGET = 450.0
"""Seconds of execution a method may use in ten minutes before we let it rest; the documents' example is 480."""
_REST_WITHOUT_NEWS = 60.0

Sleep = Callable[[float], Awaitable[object]]


class Limiter:
    """Our picture of the portal's bucket, and who must wait because the portal said so."""

    def __init__(
        self,
        *,
        drain: float = DRAIN,
        full: float = CAPACITY - HEADROOM,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        """Start with an empty bucket that drains so many requests a second and is full at `full`."""
        self._bucket = Pace(drain, full)
        self._errands = Pace(drain * ERRANDS, 1)
        self._monotonic = monotonic
        self._sleep = sleep
        self._strikes = 0
        self._resting: dict[str, float] = {}
        self._forgotten_at: dict[str, float] = {}
        """When the portal forgets some of the time that a method has used."""
        self._gate = asyncio.Lock()

    @property
    def level(self) -> float:
        """How full the bucket is now."""
        return self._bucket.level(self._monotonic())

    def delay(self) -> float:
        """Return the seconds until a request may leave."""
        return self._bucket.wait(self._monotonic())

    def errand_may(self) -> bool:
        """Whether an errand may take its turn although others fill the bucket; it has then spent its share."""
        now = self._monotonic()
        if self._errands.wait(now) > 0:
            return False
        self._errands.take(now)
        return True

    async def turn(self) -> None:
        """Wait for one's turn, first come first served, and count the request."""
        async with self._gate:
            while (delay := self.delay()) > 0:
                await self._sleep(max(delay, 0.001))  # a rounding error must not become a busy loop
            self._bucket.take(self._monotonic())

    def accepted(self) -> None:
        """Note that the portal took a request."""
        self._strikes = 0

    def refused(self, retry_after: float | None = None) -> float:
        """Note that the portal refused for haste; everybody waits, longer each time. Returns for how long."""
        self._strikes += 1
        pause = retry_after if retry_after is not None else 2.0 ** min(self._strikes - 1, 5)
        pause = min(max(pause, 1.0), LONGEST_PAUSE)
        self._bucket.hold(self._monotonic() + pause, spends=False)
        return pause

    def rest(self, method: str, seconds: float | None) -> float:
        """Let one method rest, because it used up its execution time. Returns for how long.

        A refusal need not say how long that is; then it is what the last answer of the method said.
        """
        if seconds is None:
            left = self._forgotten_at.get(method, 0.0) - self._monotonic()
            seconds = left if left > 0 else _REST_WITHOUT_NEWS
        pause = max(seconds, 1.0)
        self._resting[method] = self._monotonic() + pause
        return pause

    def used(self, method: str, operating: float, reset_in: float | None) -> None:
        """Note the execution time a method has used; it rests before the portal would refuse it."""
        if reset_in is not None:
            self._forgotten_at[method] = self._monotonic() + reset_in
        if operating >= OPERATING_BUDGET:
            self.rest(method, reset_in)

    def resting(self, method: str) -> float:
        """Return the seconds that a method still rests."""
        until = self._resting.get(method, 0.0)
        left = until - self._monotonic()
        if left <= 0:
            self._resting.pop(method, None)
            return 0.0
        return left
