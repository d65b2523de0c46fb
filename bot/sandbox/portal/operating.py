"""The portal's other limiter: seconds of work by caller and method, forgotten a minute at a time after ten."""

from collections.abc import Callable
from datetime import datetime

WINDOW_MINUTES = 10
LIMIT_SECONDS = 480.0
_MINUTE = 60


class Operating:
    """Counts the seconds that the calls of a method took; the call that crosses the limit still ends."""

    def __init__(self, now: Callable[[], datetime], limit: float = LIMIT_SECONDS) -> None:
        """Count by that clock, and block above `limit`."""
        self._now = now
        self._limit = limit
        self._spent: dict[tuple[str, str], dict[int, float]] = {}

    def charge(self, who: str, method: str, seconds: float) -> None:
        """Add the seconds of a call."""
        minutes = self._kept(who, method)
        minute = self._minute()
        minutes[minute] = minutes.get(minute, 0.0) + seconds

    def spent(self, who: str, method: str) -> float:
        """Return the seconds of the last ten minutes."""
        return sum(self._kept(who, method).values())

    def is_blocked(self, who: str, method: str) -> bool:
        """Whether the next call is refused."""
        return self.spent(who, method) >= self._limit

    def reset_at(self, who: str, method: str) -> int:
        """Return the instant at which the oldest minute is forgotten."""
        oldest = min(self._kept(who, method), default=self._minute())
        return (oldest + WINDOW_MINUTES) * _MINUTE

    def _kept(self, who: str, method: str) -> dict[int, float]:
        kept = self._spent.setdefault((who, method), {})
        for minute in [each for each in kept if each <= self._minute() - WINDOW_MINUTES]:
            del kept[minute]
        return kept

    def _minute(self) -> int:
        return int(self._now().timestamp()) // _MINUTE
