"""What holds for a whole route: who may not decide, handing over, taking back, changes, and what is done at the end."""

from typing import Annotated, Literal

from pydantic import Field

from bot.domain.approvals.base import Length, Part, Slug


class Rework(Part):
    """How often a request may go back to its initiator, for how long, and where it goes on."""

    max_rounds: Annotated[int, Field(ge=0, le=10)] = 0
    deadline: Length = "5wd"
    resume: Literal["start", "same_stage"] = "start"
    keep: Literal["none", "same_revision"] = "none"


class Delegation(Part):
    """To whom somebody who is asked may hand over, and how often a seat may be handed on. Never to the initiator."""

    scope: Literal["none", "subordinates", "department", "any"] = "none"
    max_depth: Annotated[int, Field(ge=1, le=3)] = 1
    to_initiator: Literal[False] = False


class Policy(Part):
    """The rules of a route beside its stages."""

    self_approval: Literal["forbid", "allow"] = "forbid"
    repeat_person: Literal["ask", "consecutive"] = "ask"
    four_eyes: list[Annotated[list[Slug], Field(min_length=2)]] = Field(default_factory=list)
    delegation: Delegation = Delegation()
    substitution: bool = True
    undo_seconds: Annotated[int, Field(ge=0, le=600)] = 0
    withdraw: Literal["until_final", "until_first_decision", "never"] = "until_final"
    watch: Annotated[list[str], Field(max_length=20)] = Field(default_factory=list)
    on_change: Literal["ignore", "notify", "rework"] = "notify"
    auto_approve_on_expiry: bool = False


class Effect(Part):
    """One thing that is done when a request has ended."""

    do: Literal[
        "bizproc_event", "crm_update", "task_complete", "task_comment", "task_add",
        "crm_add", "timeline_comment", "start_workflow", "notify", "webhook",
    ]  # fmt: skip
    args: dict[str, str | int | bool | dict[str, str | int | bool]] = Field(default_factory=dict)


Ending = Literal["approved", "rejected", "withdrawn", "expired", "failed"]
