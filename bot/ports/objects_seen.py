"""Objects of portals as we keep them: what was seen, what is to be looked at, what is watched."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from bot.domain.automation.portal_object import ObjectRef
from bot.domain.automation.watching import FamilyWatch, Hint, Sighting


class SeenObjects(Protocol):
    """What was seen of objects of portals, and what is to be looked at, in a unit of work."""

    async def sighting(self, portal_id: int, ref: ObjectRef) -> Sighting | None:
        """Return an object as it was when we last looked."""
        ...

    async def sightings(self, portal_id: int, refs: Sequence[ObjectRef]) -> Mapping[ObjectRef, Sighting]:
        """Return some objects as they were; those that were never seen are left out."""
        ...

    def put(self, sighting: Sighting) -> None:
        """Note how an object is now."""
        ...

    def drop(self, portal_id: int, ref: ObjectRef) -> None:
        """Note that an object is not kept any more."""
        ...

    def note(self, hint: Hint) -> None:
        """Note that something is to be looked at, soon; what waits already waits for as long as before."""
        ...

    def looked(self, hint: Hint) -> None:
        """Note that it was looked at; what the portal told of it meanwhile is to be looked at again.

        A Conflict when somebody else did it.
        """
        ...

    async def watches(self, portal_id: int) -> Mapping[str, FamilyWatch]:
        """Return what is watched of a portal, by family."""
        ...

    def begin_watch(self, watch: FamilyWatch) -> None:
        """Note that a family is watched from now on; how its objects were before is not kept."""
        ...

    def put_watch(self, watch: FamilyWatch) -> None:
        """Note up to when a family was gone through."""
        ...

    def drop_watch(self, portal_id: int, family: str) -> None:
        """Note that a family is watched no more."""
        ...

    def forget_portal(self, portal_id: int) -> None:
        """Note that nothing is kept of a portal's objects."""
        ...


class Hints(Protocol):
    """What portals told, until it was looked at."""

    async def note(self, hints: Sequence[Hint]) -> None:
        """Store durably before returning; what comes while others are being stored is stored together."""
        ...

    async def count(self) -> int:
        """Return how much there is that is due now or in a moment."""
        ...

    async def waiting(self) -> Mapping[str, tuple[int, int]]:
        """Return the keys of portals for which something is due: each with the portal's id, and of how much."""
        ...

    async def next(self, portal_id: int, limit: int, *, rest: float) -> Sequence[Hint]:
        """Return what is due on a portal, longest first; without what was looked at in the last seconds."""
        ...

    async def postpone(self, portal_id: int, seconds: float, refs: Sequence[str] | None = None) -> None:
        """Let what is due on a portal, or some of it, wait for so long."""
        ...
