"""Errands and rules as programs see them."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field

from bot.api.schemas.base import OwnId, Query, Shown


class ErrandStand(StrEnum):
    """How an errand stands that an administrator may look at."""

    FAILED = "failed"
    OFFERED = "offered"
    WAITING = "waiting"


class ErrandsQuery(Query):
    """Which errands."""

    state: Annotated[ErrandStand, Field(description="`failed` by default")] = ErrandStand.FAILED


class ErrandForm(Shown):
    """One thing that is done on the portal."""

    id: OwnId
    kind: str
    state: str
    title: str = Field(description="What is to be done, and to what")
    words: str = Field(description="How it stands")
    cause: str = Field(description="What it comes of: `request:12`, `rule:deal_contract:deal:4711:3`")
    reason: str | None = Field(description="The code of why it failed")
    tries: int
    created_at: datetime
    due_at: datetime | None
    ended_at: datetime | None


class Errands(Shown):
    """Errands, newest first: as many as are worth looking at."""

    items: list[ErrandForm]
    next: None


class RuleRow(Shown):
    """A rule."""

    key: str
    title: str
    state: str
    version: int
    object: str = Field(description="The kind of objects that it looks at")
    event: str
    trouble: str | None = Field(description="What stands in its way since it held last")


class RulesList(Shown):
    """All rules, by key."""

    items: list[RuleRow]
    next: None


class RuleForm(RuleRow):
    """A rule with what it says."""

    document: dict[str, Any] = Field(description="`automation.rule/1`")
