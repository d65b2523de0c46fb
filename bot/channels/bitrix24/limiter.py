"""How often the portal may be asked: its leaky bucket, its refusals, and our own slower pace.

The bucket is the portal's rule (2 requests a second drain, 50 is full, shared by everything on one address); the pace
is ours: it keeps the bucket nearly empty, so that whoever else works behind the same address finds room in it.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable

DRAIN = 2.0
CAPACITY = 50
HEADROOM = 10
LONGEST_PAUSE = 30.0
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
        self._drain = drain
        self._full = full
        self._monotonic = monotonic
        self._sleep = sleep
        self._level = 0.0
        self._at = monotonic()
        self._paused_until = 0.0
        self._strikes = 0
        self._resting: dict[str, float] = {}
        self._gate = asyncio.Lock()

    @property
    def level(self) -> float:
        """How full the bucket is now."""
        return max(0.0, self._level - (self._monotonic() - self._at) * self._drain)

    def delay(self) -> float:
        """Return the seconds until a request may leave."""
        room = (self.level + 1 - self._full) / self._drain
        return max(0.0, room, self._paused_until - self._monotonic())

    async def turn(self) -> None:
        """Wait for one's turn, first come first served, and count the request."""
        async with self._gate:
            while (delay := self.delay()) > 0:
                await self._sleep(max(delay, 0.001))  # a rounding error must not become a busy loop
            self._level, self._at = self.level + 1, self._monotonic()

    def accepted(self) -> None:
        """Note that the portal took a request."""
        self._strikes = 0

    def refused(self, retry_after: float | None = None) -> float:
        """Note that the portal refused for haste; everybody waits, longer each time. Returns for how long."""
        self._strikes += 1
        pause = retry_after if retry_after is not None else 2.0 ** min(self._strikes - 1, 5)
        pause = min(max(pause, 1.0), LONGEST_PAUSE)
        self._paused_until = max(self._paused_until, self._monotonic() + pause)
        return pause

    def rest(self, method: str, seconds: float | None) -> float:
        """Let one method rest, because it used up its execution time. Returns for how long."""
        pause = _REST_WITHOUT_NEWS if seconds is None else max(seconds, 1.0)
        self._resting[method] = self._monotonic() + pause
        return pause

    def used(self, method: str, operating: float, reset_in: float | None) -> None:
        """Note the execution time a method has used; it rests before the portal would refuse it."""
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


class Pace:
    """Our own pace: a few requests at once when it was quiet, then `rate` a second."""

    def __init__(self, rate: float, burst: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Start rested."""
        self._rate = rate
        self._burst = burst
        self._monotonic = monotonic
        self._left = burst
        self._at = monotonic()

    def delay(self) -> float:
        """Return the seconds until the next request is in step."""
        return max(0.0, (1.0 - self._now()) / self._rate)

    def take(self) -> None:
        """Count a request; one out of step makes the next ones wait longer, within reason."""
        self._left, self._at = max(self._now() - 1.0, -2.0), self._monotonic()

    def _now(self) -> float:
        return min(self._burst, self._left + (self._monotonic() - self._at) * self._rate)
