"""What happened to an object of a portal between two looks at it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from bot.domain.automation.portal_object import ObjectRef

Happened = Literal["added", "changed", "deleted"]


@dataclass(frozen=True, slots=True)
class Move:
    """One stage that an object came to, as the portal's history has it."""

    stage: str
    at: datetime
    number: int = 0
    """The portal's own number of it, by which two in one second are two; 0 where it is not known."""
    is_counted: bool = False
    """Whether it counted already, when the object was seen at its end and the history did not have it yet."""


@dataclass(frozen=True, slots=True)
class ObjectChange:
    """An object as it was when we last looked, and as it is. What it says is data of strangers, never markup.

    Fields are named as the portal names them (`stageId`, `opportunity`, `responsibleId`); a portal's events never tell
    what changed (api-reference/crm/deals/events), so this is found by comparing.
    """

    ref: ObjectRef
    what: Happened
    before: Mapping[str, Any]
    """Empty where we had not seen it."""
    after: Mapping[str, Any]
    """Empty where it is gone."""
    at: datetime
    moves: tuple[Move, ...] = ()
    """Every stage it came to since, oldest first: two moves between two looks are two."""
    by: str = ""
    """The account of who moved it, else of who changed it, else of who is responsible."""
    authors: frozenset[str] = field(default=frozenset())
    """Accounts of who moved it and who last changed what is watched: they decide nothing about it themselves."""
    is_own: bool = False
    """Whether this is what an errand of ours had written: no rule follows from that."""

    @property
    def changed(self) -> frozenset[str]:
        """Return the fields that differ."""
        names = self.before.keys() | self.after.keys()
        return frozenset(each for each in names if self.before.get(each) != self.after.get(each))
