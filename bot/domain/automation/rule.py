"""A rule as JSON: when this happens to an object of the portal, that is done. Checked before it is kept."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from bot.domain.approvals.base import Part, Slug, Titles, fault
from bot.domain.approvals.condition import DEEPEST, Condition, depth, fields
from bot.domain.automation.deeds import (
    AddComment,
    AskApproval,
    Assignee,
    ChangeFields,
    Deed,
    MakeDeal,
    MakeTask,
    MoveToStage,
    RunProcess,
    Tell,
)
from bot.domain.automation.placeholders import names_in
from bot.domain.automation.portal_object import ObjectKind, ObjectRef

RULE_SCHEMA = "automation.rule/1"
Trigger = Literal["added", "changed", "deleted"]
_FIRST_TYPE = 31
"""The least number that a type of smart processes has: 31 are the new invoices, own ones begin at 128."""
_ON_THE_OBJECT = (ChangeFields, MoveToStage, AddComment, RunProcess)


class RuleObject(Part):
    """Which objects of the portal a rule looks at."""

    kind: ObjectKind
    type_id: Annotated[int, Field(ge=0, le=10**6)] = 0
    """The type of a smart process; 0 for all others."""

    @model_validator(mode="after")
    def _type_of_smart_process(self) -> Self:
        if (self.kind == "smart_process") != (self.type_id >= _FIRST_TYPE):
            raise fault("type_of_smart_process", "type_id")
        return self


class AutomationRule(Part):
    """When this happens to such an object, and this holds, that is done."""

    schema_: Annotated[Literal["automation.rule/1"], Field(alias="schema")]
    key: Slug
    version: Annotated[int, Field(ge=1)]
    title: Titles
    object: RuleObject
    event: Trigger
    when: Condition | None = None
    do: Annotated[list[Deed], Field(min_length=1, max_length=10)]

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if depth(self.when) > DEEPEST:
            raise fault("condition_too_deep", "when")
        for number, deed in enumerate(self.do):
            at = f"do[{number}]"
            if self.event == "deleted" and isinstance(deed, _ON_THE_OBJECT):
                raise fault("object_is_gone", at)
            if self.object.kind == "task" and isinstance(deed, MoveToStage | RunProcess):
                raise fault("not_for_tasks", at, do=deed.do)
        return self

    @property
    def family(self) -> str:
        """Return the family of objects that the rule looks at, as `ObjectRef.family` names it."""
        return ObjectRef(self.object.kind, 0, self.object.type_id).family

    @property
    def stage_field(self) -> str:
        """Return the field in which the object's stage stands."""
        return stage_field(self.object.kind)

    @cached_property
    def fields(self) -> frozenset[str]:
        """Return the fields of the object that the rule names, in its condition and in what it does."""
        named = set(fields(self.when))
        for deed in self.do:
            named.update(name for text in texts_of(deed) for name in names_in(text))
            for who in people_of(deed):
                if who.by == "field":
                    named.add(who.path)
        return frozenset(named) - {"id"}


def stage_field(kind: ObjectKind) -> str:
    """Return the field in which an object's stage stands, as the portal names it."""
    return "status" if kind == "task" else "stageId"


def responsible_field(kind: ObjectKind) -> str:
    """Return the field in which the account of whoever is responsible stands."""
    return "responsibleId" if kind == "task" else "assignedById"


def texts_of(deed: Deed) -> list[str]:
    """Return the texts of a deed that may have places for values."""
    match deed:
        case AskApproval(fields=values) | ChangeFields(fields=values):
            return [each for each in values.values() if isinstance(each, str)]
        case MakeDeal(title=title, fields=values):
            return [title, *(each for each in values.values() if isinstance(each, str))]
        case RunProcess(parameters=values):
            return [each for each in values.values() if isinstance(each, str)]
        case MakeTask(title=title, description=description):
            return [title, description]
        case Tell(text=text) | AddComment(text=text):
            return [text]
        case _:
            return []


def people_of(deed: Deed) -> list[Assignee]:
    """Return whom a deed is for."""
    match deed:
        case MakeTask(responsible=who) | MakeDeal(responsible=who):
            return [who]
        case Tell(to=people):
            return list(people)
        case _:
            return []


class RuleState(StrEnum):
    """Whether a version is gone by."""

    ON = "on"
    OFF = "off"
    GONE = "gone"
    """It was deleted; what it caused still names it."""


@dataclass(frozen=True, slots=True)
class RuleVersion:
    """One version of a rule. Its document never changes: an edit is a new version, what it caused names the old one."""

    portal_id: int
    key: str
    version: int
    document: str
    """`automation.rule/1` as JSON text."""
    state: RuleState
    made_at: datetime
    made_by: int | None = None
    changed_at: datetime | None = None
    """When it was switched on or off last, and who did that; None where it was switched off by itself."""
    changed_by: int | None = None
    trouble: str = ""
    """What stands in its way since when it held last: a code, and after a colon what it is about."""

    @property
    def is_on(self) -> bool:
        """Whether it is gone by."""
        return self.state is RuleState.ON


@dataclass(frozen=True, slots=True)
class Firing:
    """A rule held once for one object: kept under its occurrence, so that what is seen again follows once."""

    portal_id: int
    rule: str
    object: str
    occurrence: str
    """Which move or change it was; of one object and rule there is one of it."""
    at: datetime
    """When that happened on the portal."""
    version: int = 1
    outcome: str = ""
    """"" where all was noted; else why nothing followed."""
