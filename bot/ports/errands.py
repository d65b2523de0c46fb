"""Errands: what is to be done on portals, stored with what causes it; the queue of them, and who carries them out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from bot.domain.automation.errand import Errand, ErrandState

MOST_LISTED = 200
"""Errands of one state that are read at once, the newest of them."""


class Errands(Protocol):
    """What is to be done on portals, written in the same transaction as what causes it."""

    def add(self, errand: Errand) -> None:
        """Note an errand; under a key that is known on the portal nothing changes."""
        ...

    def put(self, errand: Errand, *, rest: float = 0.0) -> None:
        """Note how an errand stands now, and how many seconds it rests before it is claimed again.

        `version` is the one that was read: a Conflict when somebody claimed or changed it meanwhile.
        """
        ...

    def drop_of(self, portal_id: int) -> None:
        """Note that all errands of a portal go: nothing is to be done there any more."""
        ...

    async def get(self, portal_id: int, errand_id: int) -> Errand | None:
        """Return the errand of that id."""
        ...

    async def of_cause(self, portal_id: int, cause: str) -> Sequence[Errand]:
        """Return what came of a cause, in the order in which it was noted."""
        ...

    async def last_of_cause(self, portal_id: int, cause: str) -> Errand | None:
        """Return what came of a cause last."""
        ...

    async def about(self, portal_id: int, thing: str, since: datetime) -> Sequence[Errand]:
        """Return what was done, or may have been, to an object since then, or made it; whenever it was noted."""
        ...

    async def failed(self, portal_id: int) -> Sequence[Errand]:
        """Return what failed on a portal and an administrator may repeat or leave, the newest first."""
        ...

    async def offered(self, portal_id: int) -> Sequence[Errand]:
        """Return what an administrator is asked about, the newest first."""
        ...

    async def waiting(self, portal_id: int) -> Sequence[Errand]:
        """Return what is still to be done on a portal, the newest first."""
        ...


@dataclass(frozen=True, slots=True)
class ErrandPortal:
    """A portal for which errands wait."""

    id: int
    realm: str


class ErrandQueue(Protocol):
    """The running side of the errands."""

    async def portals(self, at: datetime) -> Sequence[ErrandPortal]:
        """Return the portals where something may be done at that instant of the service's clock."""
        ...

    async def claim(self, portal_id: int, limit: int, at: datetime) -> Sequence[Errand]:
        """Lease what may be done on a portal at that instant of the service's clock, the first of each lane.

        One whose former lease was never given back is doubtful: it may have been done.
        """
        ...


class NotDone(Exception):
    """Why an errand could not be carried out."""

    def __init__(
        self,
        reason: str,
        *,
        ends: ErrandState | None = None,
        retry_after: float | None = None,
        counts: bool = True,
        is_doubtful: bool = False,
        patience: int = 12,
    ) -> None:
        """Name the reason by its code. It `ends` the errand, or may pass: then it is tried again.

        One that does not count was only told to come later; of others so many are tried (`patience`). It is doubtful
        where what was asked for may have happened all the same.
        """
        super().__init__(reason)
        self.reason = reason
        self.ends = ends
        self.retry_after = retry_after
        self.counts = counts
        self.is_doubtful = is_doubtful
        self.patience = patience


@runtime_checkable
class RunsErrands(Protocol):
    """A channel on whose portals something can be done."""

    def errand_room(self, realm: str) -> int:
        """Return how many errands a portal can take side by side now; 0 while it is not reached."""
        ...

    async def run_errand(self, realm: str, errand: Errand) -> Mapping[str, Any]:
        """Carry it out and return what the portal gave; NotDone says why not. A doubtful one is looked for first."""
        ...
