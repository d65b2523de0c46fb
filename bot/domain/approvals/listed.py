"""A request as a list shows it: enough for a row, read without its seats, ballots and record."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.approvals.matter import Matter
from bot.domain.approvals.running import Running


class Whose(StrEnum):
    """Which requests a list is of."""

    WAITING_FOR_ME = "waiting_for_me"
    MINE = "mine"
    DECIDED_BY_ME = "decided_by_me"
    TEAM = "team"
    """About those below."""
    ALL = "all"
    """All that the reader may see."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of them; what is left empty is any."""

    whose: Whose = Whose.ALL
    state: str = ""
    kind: str = ""
    """Of a matter that is built in."""
    template: str = ""
    person_id: int = 0
    about: str = ""
    """The object of the portal, as `ObjectRef` names it."""
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class ListedRequest:
    """One row; `matter` is None for a request on a route, which has a number and a template instead."""

    id: int
    is_routed: bool
    kind: str
    number: int
    template: str
    template_version: int
    requester_id: int
    subject_id: int
    state: str
    round: int
    version: int
    created_at: datetime
    due_at: datetime | None
    """When time does something to a request on a route, or an outcome becomes final."""
    ended_at: datetime | None
    reason: str
    matter: Matter | None
    holders: tuple[int, ...]
    """Who may answer now."""
    running: Running | None = None
    """Where the course of a request on a route stands."""
    answer: str = ""
    """What the reader answered, in a list of what they decided: approve, reject or return."""
