"""How fast a bot may send: 30 messages a second in all, one a second to a chat with short bursts."""

import math
from collections.abc import Callable

from bot.sandbox.telegram.errors import too_many

TOTAL_RATE = 30.0
TOTAL_BURST = 30
CHAT_RATE = 1.0
CHAT_BURST = 5

Monotonic = Callable[[], float]


class Bucket:
    """A token bucket that starts full."""

    def __init__(self, rate: float, burst: int, now: float) -> None:
        self._rate = rate
        self._burst = burst
        self._tokens = float(burst)
        self._seen = now

    def wait(self, now: float) -> float:
        """Seconds until the next token; 0 when one is there."""
        self._tokens = min(self._burst, self._tokens + (now - self._seen) * self._rate)
        self._seen = now
        # A hair of tolerance: a client that waits exactly as long as told must not fail on rounding.
        return 0.0 if self._tokens >= 1 - 1e-6 else (1 - self._tokens) / self._rate

    def take(self) -> None:
        """Use one token up."""
        self._tokens -= 1


class SendLimits:
    """The limits in real time. The real ones are not published; these are the documented orders of magnitude.

    Sending takes from both buckets, an edit from the common one only. A refused message uses nothing up.
    """

    def __init__(self, monotonic: Monotonic) -> None:
        self._monotonic = monotonic
        self._total = Bucket(TOTAL_RATE, TOTAL_BURST, monotonic())
        self._chats: dict[int, Bucket] = {}

    def take(self, chat: int, *, is_edit: bool = False) -> None:
        """Let one message through, or refuse it with 429."""
        now = self._monotonic()
        buckets = [self._total]
        if not is_edit:
            buckets.append(self._chats.setdefault(chat, Bucket(CHAT_RATE, CHAT_BURST, now)))
        wait = max(bucket.wait(now) for bucket in buckets)
        if wait > 0:
            raise too_many(max(1, math.ceil(wait - 1e-6)))
        for bucket in buckets:
            bucket.take()
