"""What time it is, as a thing that can be handed over: the real clock and one that people and tests move."""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the current instant."""

    def now(self) -> datetime:
        """Return the current instant, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the machine's current instant."""
        return datetime.now(UTC)


class MovableClock:
    """A clock that follows real time until it is set; then it stands where it was put and only moves forward.

    It can be let run again: from where it stands, at the pace of real time.
    """

    def __init__(self, at: datetime | None = None, ahead: timedelta = timedelta()) -> None:
        """Stand at `at`, or follow real time when it is None, so much `ahead` of it."""
        self._standing: datetime | None = at.astimezone(UTC) if at is not None else None
        self._ahead = ahead

    @property
    def is_standing(self) -> bool:
        """Whether the clock was set and does not run."""
        return self._standing is not None

    @property
    def ahead(self) -> timedelta:
        """How much the clock runs ahead of real time, when it runs."""
        return self._ahead

    def now(self) -> datetime:
        """Return the instant the clock shows."""
        return self._standing if self._standing is not None else datetime.now(UTC) + self._ahead

    def run(self) -> None:
        """Go on from here at the pace of real time."""
        if self._standing is not None:
            self._ahead = self._standing - datetime.now(UTC)
            self._standing = None

    def move_to(self, instant: datetime) -> None:
        """Move forward to `instant`; ValueError when that lies in this clock's past."""
        target = instant.astimezone(UTC)
        if target < self.now():
            raise ValueError("the clock only moves forward")
        self._standing = target
