"""How much is answered: so many calls a second of a key, of an address that shows none, and wrong keys of an address.

Counted by each process for itself. What counts wrong keys never holds up a right one.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

_BURST = 5
"""So many seconds' worth may come at once."""
_KEPT = 10_000
"""So many callers are remembered; who came longest ago is forgotten."""
WITHOUT_KEY = 5.0
WRONG_KEYS = 10 / 60
MOST_WRONG = 10
HEAVY = 0.2
"""The share of calls that may be decisions or files."""


@dataclass(slots=True)
class Taken:
    """What a call was allowed: how many are left, and in how many seconds all are there again."""

    is_allowed: bool
    left: int
    again_in: int
    most: int
    window: int

    @property
    def headers(self) -> dict[str, str]:
        """Return what every answer tells of it."""
        return {
            "RateLimit-Policy": f'"key";q={self.most};w={self.window}',
            "RateLimit": f'"key";r={self.left};t={self.again_in}',
        }


class Buckets:
    """A bucket of tokens for each caller, filled at a rate up to a size."""

    def __init__(self, rate: float, size: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Fill `rate` tokens a second; 0 is no limit at all."""
        self._rate = rate
        self._size = size
        self._monotonic = monotonic
        self._levels: dict[object, tuple[float, float]] = {}

    def take(self, caller: object, count: float = 1) -> Taken:
        """Take tokens, where there are as many."""
        if not self._rate:
            return Taken(True, int(self._size), 0, int(self._size), _BURST)
        now = self._monotonic()
        level, since = self._levels.pop(caller, (self._size, now))
        level = min(level + (now - since) * self._rate, self._size)
        is_allowed = level >= count
        if is_allowed:
            level -= count
        self._levels[caller] = (level, now)
        if len(self._levels) > _KEPT:
            del self._levels[next(iter(self._levels))]
        missing = count - level if not is_allowed else self._size - level
        window = max(math.ceil(self._size / self._rate), 1)
        return Taken(is_allowed, int(level), max(math.ceil(missing / self._rate), 0), int(self._size), window)

    def is_empty(self, caller: object) -> bool:
        """Whether nothing is left of a caller's, without taking anything."""
        if not self._rate or caller not in self._levels:
            return False
        level, since = self._levels[caller]
        return level + (self._monotonic() - since) * self._rate < 1


class Limits:
    """All that is counted."""

    def __init__(self, rate: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Allow each key `rate` calls a second."""
        self.keys = Buckets(rate, rate * _BURST, monotonic)
        self.heavy = Buckets(rate * HEAVY, max(rate * HEAVY * _BURST, 1), monotonic)
        self.strangers = Buckets(WITHOUT_KEY if rate else 0, WITHOUT_KEY * _BURST, monotonic)
        self.wrong = Buckets(WRONG_KEYS if rate else 0, MOST_WRONG, monotonic)
