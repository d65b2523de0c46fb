"""Webhooks, messages to them, and the feed of changes."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field

from bot.api.schemas.base import Given, Id, Listed, Shown, Version, Whole
from bot.domain.automation.happening import SUBSCRIBABLE, HappeningType
from bot.domain.automation.webhook import LONGEST_ADDRESS, MOST_NAME, DeliveryState, Detail

HookType = StrEnum("HookType", {each.name: each.value for each in SUBSCRIBABLE})  # type: ignore[misc]
HookType.__doc__ = "What a webhook may be told of."
Name = Annotated[str, Field(min_length=1, max_length=MOST_NAME, examples=["payroll"])]
Address = Annotated[str, Field(min_length=1, max_length=LONGEST_ADDRESS, examples=["https://hooks.example.com/smena"])]
Types = Annotated[list[HookType], Field(max_length=len(SUBSCRIBABLE), description="None: everything")]


class HookForm(Shown):
    """A webhook; its secret is shown once, when it is made."""

    id: Id
    name: str = Field(description="As routes call it, in an outcome `webhook`")
    url: str
    types: list[HookType]
    detail: Detail
    is_on: bool
    why_off: str | None = Field(description="`by_hand`, `gone` (410), or `silent` for three days")
    failing_since: datetime | None
    succeeded_at: datetime | None
    created_at: datetime
    version: Version


class Hooks(Shown):
    """The webhooks of the portal, by name."""

    items: list[HookForm]
    next: None


class MadeHook(Shown):
    """A webhook and its secret."""

    webhook: HookForm
    secret: str | None = Field(description="Shown this once; null where the call is repeated")


class NewHook(Given):
    """Where a program is to be told what happens."""

    name: Name
    url: Address
    types: Types = Field(default_factory=list)
    detail: Annotated[Detail, Field(description="`full` sends the object as well, with what people wrote")] = Detail.IDS


class HookChange(Given):
    """What is to be otherwise; what is left out stays."""

    name: Name | None = None
    url: Address | None = None
    types: Types | None = None
    detail: Detail | None = None
    is_on: bool | None = None


class DeliveryForm(Shown):
    """A message to a webhook; what its receiver answered is not kept, but for the status."""

    id: Id = Field(description="The header `webhook-id`")
    type: HappeningType
    state: DeliveryState
    tries: int
    status: int | None = Field(description="What the receiver answered last; null where it did not")
    reason: str | None = Field(
        description="Why the last try failed: `status`, `timeout`, `connection`, `address`, `secret`, `fault`"
    )
    created_at: datetime
    ended_at: datetime | None


class Deliveries(Shown):
    """A page of messages, newest first."""

    items: list[DeliveryForm]
    next: str | None


class ChangesQuery(Listed):
    """Which part of the feed."""

    wait: Annotated[
        Whole,
        Field(ge=0, le=25, description="Seconds to wait where there is nothing yet"),
    ] = 0

    def filtered(self) -> list[object]:
        """Return nothing: however long somebody waits, it is the same feed."""
        return []


class ChangeForm(Shown):
    """Something that happened."""

    id: Id
    type: HappeningType
    at: datetime
    data: dict[str, Any] = Field(description="Ids and states, named as in the object itself")


class Changes(Shown):
    """What happened, in the order in which it did."""

    items: list[ChangeForm]
    next: str = Field(description="Where to go on, always: what comes later stands behind it")
