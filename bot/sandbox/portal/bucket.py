"""The portal's request limiter: a leaky bucket for each source address."""

import time
from collections.abc import Callable


class LeakyBucket:
    """Lets a request in while the level of its source is not above the limit; the level drains all the time.

    A refused request does not raise the level: the documentation does not say that it does.
    """

    def __init__(self, drain: float, limit: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Drain so many requests a second, and block above `limit`."""
        self._drain = drain
        self._limit = limit
        self._monotonic = monotonic
        self._levels: dict[str, tuple[float, float]] = {}

    def admits(self, source: str) -> bool:
        """Count a request of `source`, unless its bucket has run over."""
        moment = self._monotonic()
        level, since = self._levels.get(source, (0.0, moment))
        level = max(0.0, level - (moment - since) * self._drain)
        admitted = level <= self._limit - 1
        self._levels[source] = (level + 1 if admitted else level, moment)
        return admitted
