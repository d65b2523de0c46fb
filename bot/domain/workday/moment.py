"""When, how and by whom a punch is made."""

from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Moment:
    """The circumstances of a punch; `event` makes applying it twice impossible."""

    at: datetime
    recorded_at: datetime
    zone: str
    source: str
    event: str
    actor_id: int | None = None
    mark: str = ""
    reason: str = ""
    written_at: datetime | None = None
    """When the words were written, where they name another time."""

    @property
    def said_at(self) -> datetime:
        """When it was said: two marks stand in that order, whichever arrived first."""
        return self.written_at or self.at

    def of(self, at: datetime) -> "Moment":
        """Return the moment of a second mark that the same message means, such as a break's end."""
        return replace(self, at=at, event=f"{self.event}+")

    def stated(self, at: datetime, reason: str = "") -> "Moment":
        """Return the moment with the time that the person named."""
        return replace(self, at=at, mark="stated", reason=reason or self.reason, written_at=self.said_at)
