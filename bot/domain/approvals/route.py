"""A route of approval and a template as JSON: what it may be, checked before the first request."""

from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator, model_validator

from bot.domain.approvals.base import Length, Part, Slug, Titles, check_once, fault, minutes
from bot.domain.approvals.condition import DEEPEST, depth
from bot.domain.approvals.policy import Effect, Ending, Policy, Rework
from bot.domain.approvals.stage import Stage
from bot.domain.approvals.who import Who

ROUTE_SCHEMA = "approval.route/1"
TEMPLATE_SCHEMA = "approval.template/1"
_AN_HOUR, _A_YEAR = 60, 366 * 1440

Subject = Literal[
    "deal", "lead", "task", "document", "leave", "time_correction", "overtime", "reopening",
    "expense", "smart_process", "custom",
]  # fmt: skip


class ApprovalRoute(Part):
    """Who is asked in which order about what, by when, and what is done with the outcome."""

    schema_: Annotated[Literal["approval.route/1"], Field(alias="schema")]
    key: Slug
    version: Annotated[int, Field(ge=1)]
    title: Titles
    subjects: Annotated[list[Subject], Field(min_length=1)]
    timezone: str = "Europe/Moscow"
    calendar: Slug = "portal"
    hard_limit: Length = "60d"
    stages: Annotated[list[Stage], Field(min_length=1, max_length=12)]
    rework: Rework = Rework()
    policy: Policy = Policy()
    outcomes: dict[Ending, Annotated[list[Effect], Field(max_length=10)]] = Field(default_factory=dict)

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            raise fault("unknown_zone", zone=name) from None
        return name

    @field_validator("hard_limit")
    @classmethod
    def _calendar_time(cls, length: str) -> str:
        if length.endswith(("wd", "wh")) or not _AN_HOUR <= minutes(length) <= _A_YEAR:
            raise fault("bad_hard_limit", limit=length)
        return length

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        seen: set[str] = set()
        for number, stage in enumerate(self.stages):
            if stage.id in seen:
                raise fault("stage_twice", f"stages[{number}].id", stage=stage.id)
            seen.add(stage.id)
            self._stage_makes_sense(number, stage)
        self._needs_a_human()
        for number, names in enumerate(self.policy.four_eyes):
            for unknown in sorted(set(names) - seen):
                raise fault("four_eyes_unknown", f"policy.four_eyes[{number}]", stage=unknown)
        if self.policy.on_change == "rework" and not self.policy.watch:
            raise fault("change_without_watch", "policy.watch")
        if self.policy.on_change == "rework" and not self.rework.max_rounds:
            raise fault("change_without_rounds", "rework.max_rounds")
        return self

    def _stage_makes_sense(self, number: int, stage: Stage) -> None:
        at = f"stages[{number}]"
        if stage.on_reject == "rework" and not self.rework.max_rounds:
            raise fault("rework_without_rounds", f"{at}.on_reject", stage=stage.id)
        if stage.deadline.on_expire == "approve" and not self.policy.auto_approve_on_expiry:
            raise fault("silence_approves", f"{at}.deadline.on_expire", stage=stage.id)
        for place, track in enumerate(stage.tracks):
            if "return" in track.actions and not self.rework.max_rounds:
                raise fault("return_without_rounds", f"{at}.tracks[{place}].actions", stage=stage.id)
        if minutes(stage.deadline.after) > minutes(self.hard_limit):
            values = {"after": stage.deadline.after, "limit": self.hard_limit}
            raise fault("deadline_beyond_limit", f"{at}.deadline.after", stage=stage.id, **values)
        if depth(stage.when) > DEEPEST:
            raise fault("condition_too_deep", f"{at}.when", stage=stage.id)

    def _needs_a_human(self) -> None:
        """No approval by silence: one stage always asks, and ends in no approval where nobody answers."""
        if self.policy.auto_approve_on_expiry:
            return
        if not any(stage.when is None and stage.deadline.on_expire in {"reject", "expire"} for stage in self.stages):
            raise fault("nobody_must_answer", "stages")


class FormField(Part):
    """What the initiator fills in; conditions, `watch`, `field` and `of` name it by its key."""

    key: Annotated[str, Field(pattern=r"^[A-Za-z_][\w.]{0,63}$")]
    title: Titles
    type: Literal["text", "number", "money", "date", "person", "choice", "file", "deal", "task"]
    required: bool = False
    choices: Annotated[list[str], Field(max_length=100)] = Field(default_factory=list)

    @model_validator(mode="after")
    def _has_choices(self) -> Self:
        if self.type == "choice" and not self.choices:
            raise fault("choices_missing", "choices", field=self.key)
        return self


class Start(Part):
    """How a request of a template begins, and who may begin one; an empty list is everybody."""

    by_hand: bool = True
    api: bool = False
    who: Annotated[list[Who], Field(max_length=20)] = Field(default_factory=list)


class ApprovalTemplate(Part):
    """A route with the form that its initiator fills in."""

    schema_: Annotated[Literal["approval.template/1"], Field(alias="schema")]
    route: ApprovalRoute
    form: Annotated[list[FormField], Field(max_length=100)] = Field(default_factory=list)
    start: Start = Start()

    @model_validator(mode="after")
    def _keys_differ(self) -> Self:
        check_once((each.key for each in self.form), "field_twice", "form[{}].key", "field")
        return self
