"""Where a request on a route stands: plain frozen data, and its JSON form."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import Any, Literal

from pydantic import TypeAdapter

from bot.domain.approvals.people import PersonId
from bot.domain.approvals.rule import Verdict

_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)
_NEVER = datetime(9999, 12, 31, tzinfo=UTC)

Status = Literal["draft", "pending", "rework", "approved", "rejected", "withdrawn", "expired", "failed"]


@dataclass(frozen=True, slots=True)
class Ballot:
    """What somebody answered in a seat."""

    voter: PersonId
    verdict: Verdict
    number: int
    """Counts the ballots of a request: the latest has the greatest."""
    revision: str
    """The watched fields as they were when it was cast."""


@dataclass(frozen=True, slots=True)
class Seat:
    """A place for one answer: who was named for it, and who may give it now."""

    principal: PersonId
    holders: tuple[PersonId, ...]
    past: tuple[PersonId, ...]
    """Everybody who has held it, the principal too."""
    has_veto: bool
    delegations_left: int
    can_undo: bool = True
    ballot: Ballot | None = None
    substitute: PersonId | None = None
    returns_at: datetime | None = None
    """When the principal is back, for whom the substitute holds it until then."""


@dataclass(frozen=True, slots=True)
class OpenTrack:
    """A track whose people are asked."""

    id: str
    seats: tuple[Seat, ...]


@dataclass(frozen=True, slots=True)
class OpenStage:
    """The stage that is open."""

    number: int
    tracks: tuple[OpenTrack, ...]
    due_at: datetime
    reminders: tuple[datetime, ...] = ()
    escalations: int = 0
    replacements: int = 0
    outcome: Verdict | None = None
    settles_at: datetime | None = None
    outcome_revision: str = ""
    """The watched fields as they were when the outcome was reached."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An approval of a stage's last visit, which may be kept in the next one."""

    track: str
    principal: PersonId
    voter: PersonId
    revision: str


@dataclass(frozen=True, slots=True)
class Running:
    """A request on its route."""

    status: Status = "draft"
    now: datetime = _LONG_AGO
    """The instant of the last thing that happened."""
    round: int = 0
    initiator: PersonId = 0
    hard_at: datetime = _NEVER
    subject: Mapping[str, Any] = field(default_factory=dict)
    first_subject: Mapping[str, Any] = field(default_factory=dict)
    revision: str = ""
    """Stands for the values of the watched fields."""
    authors: tuple[PersonId, ...] = ()
    """The initiator, and who changed the subject since."""
    dismissed: tuple[PersonId, ...] = ()
    stage: OpenStage | None = None
    rework_due: datetime | None = None
    sent_back: int = 0
    """The stage that sent it back."""
    ended_by_clock: bool = False
    unseated: tuple[str, ...] = ()
    """Stage and track that could not be seated, where it has failed of that."""
    ballots: int = 0
    voted: tuple[PersonId, ...] = ()
    """Whose ballots stand in stages that were left."""
    was_returned: bool = False
    just_approved: tuple[PersonId, ...] = ()
    """Who approved in the stage approved just before, in this round."""
    held: Mapping[str, tuple[PersonId, ...]] = field(default_factory=dict)
    """By stage, who has held a seat in it in any round."""
    kept: Mapping[str, tuple[Kept, ...]] = field(default_factory=dict)
    """By stage, the approvals of its last visit."""
    approved_as: Mapping[str, str] = field(default_factory=dict)
    """By stage, the watched fields at its last approval."""

    @property
    def has_ended(self) -> bool:
        """Say whether nothing can happen to it any more."""
        return self.status not in {"draft", "pending", "rework"}


_NAMES = tuple(each.name for each in fields(Running))


def copied(running: Running) -> Running:
    """Return another request that is as this one; by far quicker than `replace`."""
    copy = object.__new__(Running)
    for name in _NAMES:
        object.__setattr__(copy, name, getattr(running, name))
    return copy


_FORM = TypeAdapter(Running)


def to_json(running: Running) -> dict[str, Any]:
    """Return a JSON form that `from_json` reads back equal."""
    form: dict[str, Any] = _FORM.dump_python(running, mode="json")
    return form


def from_json(form: Any) -> Running:
    """Read what `to_json` wrote."""
    return _FORM.validate_python(form)
