"""A stage of a route: tracks that go on side by side, and what happens when time is up."""

from typing import Annotated, Literal, Self

from pydantic import Field, field_serializer, model_validator

from bot.domain.approvals.base import Length, Part, Slug, Titles, check_once, fault, minutes
from bot.domain.approvals.condition import Condition
from bot.domain.approvals.rule import Quorum, Rule
from bot.domain.approvals.who import ByUser, Who

Deed = Literal["approve", "reject", "return", "delegate", "ask", "comment"]


class Track(Part):
    """People who are asked side by side or in turn, and the rule by which their answers become one."""

    id: Slug
    title: Titles = Field(default_factory=dict)
    approvers: Annotated[list[Who], Field(min_length=1, max_length=20)]
    rule: Rule
    order: Literal["parallel", "sequential"] = "parallel"
    veto: Literal["none", "anyone"] | list[Who] = "none"
    actions: frozenset[Deed] = frozenset({"approve", "reject", "comment"})
    comment_required: Literal["never", "reject", "approve", "always"] = "reject"

    @field_serializer("actions")
    def _in_order(self, actions: frozenset[Deed]) -> list[Deed]:
        return sorted(actions)

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if not {"approve", "reject"} <= self.actions:
            raise fault("no_approve_or_reject", "actions", track=self.id)
        named = {who.id for who in self.approvers if isinstance(who, ByUser)}
        only_named = all(isinstance(who, ByUser) for who in self.approvers)
        if isinstance(self.rule, Quorum) and only_named and self.rule.n > len(named):
            raise fault("quorum_too_large", "rule.n", track=self.id, n=self.rule.n, people=len(named))
        return self


class Escalation(Part):
    """Who else is asked when a deadline passes, and how much time that gives."""

    to: Annotated[list[Who], Field(min_length=1, max_length=5)]
    mode: Literal["add", "replace"] = "add"
    extend: Length


class Deadline(Part):
    """How long a stage may take, and what happens then."""

    after: Length
    remind_before: Annotated[list[Length], Field(max_length=5)] = Field(default_factory=list)
    escalate: Annotated[list[Escalation], Field(max_length=3)] = Field(default_factory=list)
    on_expire: Literal["reject", "approve", "skip", "expire"] = "expire"

    @model_validator(mode="after")
    def _reminds_before(self) -> Self:
        for number, each in enumerate(self.remind_before):
            if minutes(each) >= minutes(self.after):
                raise fault("reminder_after_deadline", f"remind_before[{number}]", reminder=each, after=self.after)
        return self


class Stage(Part):
    """One step of a route."""

    id: Slug
    title: Titles = Field(default_factory=dict)
    when: Condition | None = None
    tracks: Annotated[list[Track], Field(min_length=1, max_length=8)]
    join: Literal["all", "any"] = "all"
    fail_fast: bool = True
    on_reject: Literal["stop", "rework"] = "stop"
    on_empty: Literal["fallback", "fail"] = "fail"
    fallback: Annotated[list[Who], Field(max_length=5)] = Field(default_factory=list)
    deadline: Deadline

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        check_once((each.id for each in self.tracks), "track_twice", "tracks[{}].id", "track")
        if self.on_empty == "fallback" and not self.fallback:
            raise fault("fallback_missing", "fallback")
        if self.on_empty == "fail" and self.fallback:
            raise fault("fallback_unused", "on_empty")
        return self
