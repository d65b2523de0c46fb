"""How objects of a portal are looked at, and how the portal is asked to tell of them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from bot.domain.automation.change import Move
from bot.domain.automation.portal_object import ObjectRef
from bot.domain.automation.watching import Family


class NotSeen(Exception):
    """A portal did not let us look, at a family or at all, and not for one object's sake; `code` is for the log.

    `may_pass` tells that waiting helps; a right that we were not given comes back by somebody's doing alone.
    """

    def __init__(self, code: str, *, may_pass: bool, retry_after: float | None = None) -> None:
        """Name the reason."""
        super().__init__(code)
        self.code = code
        self.may_pass = may_pass
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look brought: objects by their names, and why others could not be read."""

    objects: Mapping[ObjectRef, Mapping[str, Any]] = field(default_factory=dict)
    gone: frozenset[ObjectRef] = frozenset()
    empty: frozenset[ObjectRef] = frozenset()
    """Answered with nothing: gone, or none of ours to read; a portal tells the same of both."""
    refused: Mapping[ObjectRef, str] = field(default_factory=dict)
    """Refused by that code, which does not say that it is gone. What is nowhere could not be read now."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some of what changed since an instant, by number, each with when that was and the fields that were asked for."""

    changed: Mapping[ObjectRef, Mapping[str, Any]]
    is_last: bool
    at: datetime
    """When the portal said so, by its own clock."""


class Eyes(Protocol):
    """Looks at the objects of one portal; NotSeen where it does not let us."""

    async def look(self, refs: Sequence[ObjectRef]) -> Seen:
        """Look at some objects; each is read once."""
        ...

    async def moves(self, family: Family, numbers: Sequence[int], after: int) -> Mapping[int, Sequence[Move]]:
        """Return the moves of some objects of a family behind the move of that number, oldest first."""
        ...

    async def changed(self, family: Family, since: datetime, after: int, fields: Collection[str] = ()) -> Page:
        """Return some of what changed since an instant, of objects behind that number, with some of their fields."""
        ...

    async def newest(self, family: Family) -> tuple[int, int]:
        """Return the numbers of the newest object and of the newest move of a family; 0 where there is none."""
        ...

    async def listen(self, families: Collection[Family]) -> None:
        """Have the portal tell of these families, and of no others; where it cannot, nothing comes of it."""
        ...

    async def meet(self) -> None:
        """Have the portal's people read soon, for somebody is new among them."""
        ...


@runtime_checkable
class HasEyes(Protocol):
    """A channel whose portals have objects to be looked at."""

    def looked_after(self) -> Collection[str]:
        """Return the realms that this process looks after now."""
        ...

    def eyes(self, realm: str) -> Eyes | None:
        """Return what looks at a portal's objects; None where it is not served."""
        ...
