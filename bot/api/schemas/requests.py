"""Requests as programs see them: those that are built in and those on routes alike."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from bot.api.schemas.base import Flag, Given, GivenDay, Id, Instant, Listed, OwnId, Query, Shown, Version
from bot.api.schemas.problem import ProblemForm
from bot.domain.approvals.listed import Whose
from bot.domain.leave.absence import AbsenceKind

Reason = Annotated[str, Field(max_length=300)]


class AskedKind(StrEnum):
    """What can be asked for without a template."""

    CORRECTION = "correction"
    LEAVE = "leave"
    LEAVE_CHANGE = "leave_change"
    OVERTIME = "overtime"
    REOPEN = "reopen"


class State(StrEnum):
    """Where a request is; an outcome becomes final at `settles_at`."""

    PENDING = "pending"
    REWORK = "rework"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"
    EXPIRED = "expired"
    FAILED = "failed"


def _instant(value: Any) -> Any:
    if isinstance(value, str):
        return datetime.fromisoformat(value)
    return value


class RequestsQuery(Listed):
    """Which requests."""

    role: Annotated[Whose, Field(description="Whose; `all` that you may see by default")] = Whose.ALL
    state: State | None = None
    kind: AskedKind | None = None
    template: Annotated[str | None, Field(max_length=64, description="The key of a template")] = None
    person: Annotated[Id | None, Field(description="About whom")] = None
    since: Annotated[Instant | None, BeforeValidator(_instant), Field(description="Made then or later")] = None


class RequestRow(Shown):
    """A request as a list shows it."""

    id: OwnId
    number: int | None = Field(description="As people call it; only on routes")
    kind: str | None = Field(description="Of what is asked for without a template")
    template: str | None
    template_version: int | None
    title: str
    lines: list[str] = Field(description="What would change")
    reason: str | None = Field(description="Null where there is none, or you may not read it")
    person_id: OwnId = Field(description="About whom")
    requester_id: OwnId
    state: State
    round: int
    created_at: datetime
    settles_at: datetime | None = Field(description="When the outcome becomes final; until then it can be taken back")
    ended_at: datetime | None
    holder_ids: list[OwnId] = Field(description="Who may answer now")
    version: Version


class Requests(Shown):
    """A page of requests, newest first."""

    items: list[RequestRow]
    next: str | None


class SeatForm(Shown):
    """A place for one answer."""

    id: OwnId | None
    principal_id: OwnId | None
    holder_ids: list[OwnId]
    verdict: str | None
    answered_by: OwnId | None
    answered_at: datetime | None
    reason: str | None


class TrackForm(Shown):
    """People who are asked side by side or in turn."""

    id: str
    seats: list[SeatForm]


class StageForm(Shown):
    """One step of the route."""

    id: str
    title: str
    is_open: bool
    tracks: list[TrackForm] = Field(description="Of the stage that is open")


class FieldForm(Shown):
    """A field of the form, as it was filled in."""

    key: str
    title: str
    value: Any


class FileForm(Shown):
    """A file that was sent along."""

    n: int
    name: str
    size: int
    field: str | None


class EffectForm(Shown):
    """What follows from the outcome."""

    n: int
    do: str
    is_done: bool


class RequestForm(RequestRow):
    """A request, where it stands, and what the caller can do with it now."""

    due_at: datetime | None
    parent_id: OwnId | None
    stages: list[StageForm]
    fields: list[FieldForm]
    files: list[FileForm]
    effects: list[EffectForm]
    can: list[str] = Field(description="What the caller could do: `decide`, `undo`, `withdraw`, …")
    passed_at_once: bool


class EventForm(Shown):
    """A line of the record; each hash covers the line and the hash before."""

    seq: int
    at: datetime
    actor_id: OwnId | None
    behalf_id: OwnId | None
    what: str
    said: str | None
    where: str | None
    hash: str


class Events(Shown):
    """The record, oldest first."""

    items: list[EventForm]
    is_whole: bool = Field(description="Whether no line was changed, taken out or put in between")
    next: None


class Decision(Given):
    """An answer."""

    verdict: Literal["approve", "reject"]
    reason: Reason = ""


class Words(Given):
    """Something said."""

    reason: Annotated[str, Field(min_length=1, max_length=300)]


class MaybeWords(Given):
    """Something said, or nothing."""

    reason: Reason = ""


class Delegation(Given):
    """To whom."""

    person_id: Id


class Holder(Given):
    """Who is asked instead."""

    person_id: Id
    why: Reason = ""


class DecidedItem(Given):
    """A request, and the version of it that was seen."""

    id: Id
    version: Annotated[int, Field(ge=0)]


_ALIKE: dict[str, Any] = {"verdict": "approve", "items": [{"id": "1839274658102345728", "version": 7}]}


class Decisions(Given):
    """One answer to many requests."""

    model_config = ConfigDict(json_schema_extra={"examples": [_ALIKE]})

    verdict: Literal["approve", "reject"]
    reason: Reason = ""
    items: Annotated[list[DecidedItem], Field(min_length=1, max_length=100)]


class LeftItem(Shown):
    """A request about which nothing was decided, and why."""

    id: OwnId
    problem: ProblemForm


class Decided(Shown):
    """What was decided, and what was not."""

    done: list[RequestRow]
    left: list[LeftItem]


class GivenFile(Given):
    """A file that was sent before, and the field that it fills."""

    id: Id
    field: Annotated[str, Field(max_length=64, description="Empty where it is attached beside the fields")] = ""


class KeptFile(Shown):
    """A file that waits for its request."""

    id: OwnId
    name: str
    size: int
    sha256: str


_NEW: dict[str, Any] = {"kind": "leave", "leave": "day_off", "first": "2026-12-07", "reason": "Moving house"}


class NewRequest(Given):
    """What is asked for: one of the kinds that are built in, or a template with its fields."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"kind": "leave", "leave": "day_off", "first": "2026-12-07", "reason": "Moving house"}]
        }
    )

    kind: Literal["correction", "leave", "overtime", "reopen"] | None = None
    template: Annotated[str | None, Field(max_length=64)] = None
    reason: Reason = ""
    person_id: Annotated[Id | None, Field(description="For somebody else, where you may: it is done at once")] = None
    wish: Annotated[
        Literal["check_in", "check_out", "break_start", "break_end", "worked", "remove"] | None,
        Field(description="Of a correction: which mark, `worked` a whole presence, or `remove`"),
    ] = None
    at: Annotated[Instant | None, Field(description="Of a correction: when the mark was")] = None
    starts_at: Annotated[Instant | None, Field(description="A presence worked, or hours away: from")] = None
    ends_at: Annotated[Instant | None, Field(description="A presence worked, or hours away: to")] = None
    break_seconds: Annotated[int | None, Field(ge=0, le=86_400)] = None
    remove: Literal["check_in", "check_out", "break_start", "break_end"] | None = None
    leave: Annotated[AbsenceKind | None, Field(description="Of a leave: its kind")] = None
    first: GivenDay | None = None
    last: GivenDay | None = None
    day: Annotated[GivenDay | None, Field(description="Of overtime, or of what is removed")] = None
    length_seconds: Annotated[int | None, Field(ge=60, le=57_600, description="Of overtime")] = None
    fields: Annotated[dict[str, Any] | None, Field(description="Of a template")] = None
    files: Annotated[tuple[GivenFile, ...], Field(max_length=10, description="Of a template: from POST /files")] = ()

    @model_validator(mode="after")
    def _one_of_both(self) -> "NewRequest":
        if (self.kind is None) == (self.template is None):
            raise ValueError("kind or template")
        return self


class NewRequestQuery(Query):
    """Whether it is only looked at."""

    dry_run: Annotated[Flag, Field(description="Show what would be asked of whom; nothing is stored")] = False

    @property
    def changes_nothing(self) -> bool:
        """Whether it is only looked at."""
        return self.dry_run


class Preview(Shown):
    """What would be asked, and of whom."""

    title: str
    lines: list[str]
    asked: list[OwnId] = Field(description="Who would decide first")
    passes_at_once: bool


class Made(Shown):
    """The request that was made, or what it would be."""

    request: RequestForm | None
    preview: Preview | None
