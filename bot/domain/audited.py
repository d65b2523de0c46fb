"""A line of the record of what was changed on a portal: who, about whom, what, when."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Audited:
    """One change; never anybody's words."""

    id: int
    portal_id: int
    actor_id: int | None
    """Who did it; None: the portal, or the service itself."""
    subject_id: int | None
    """About whom; None where it is about nobody alone."""
    what: str
    at: datetime
