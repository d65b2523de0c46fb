"""What happens for programs outside: noted, read as a feed, and told to webhooks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.automation.happening import Happening
from bot.domain.automation.webhook import DeliveryState, HookDelivery, Webhook

Place = tuple[int, int]
"""Where somebody is in a feed: the position and the id of what they read last."""
BEGINNING: Place = (0, 0)


class Happenings(Protocol):
    """What happened on portals, written in the same transaction as what made it happen."""

    def add(self, happening: Happening, *, hook_id: int | None = None) -> None:
        """Note what happened, and a message to each hook that wants it; for one hook alone, and no feed, to that."""
        ...

    def hear(self, portal_id: int) -> None:
        """Note that from now on it is kept what happens on a portal."""
        ...

    async def has_new(self, portal_id: int) -> bool:
        """Whether something has no place in the feed yet."""
        ...

    def give_places(self, portal_id: int) -> None:
        """Note that what has no place in the feed gets one, behind all that have."""
        ...

    async def get(self, happening_id: int) -> Happening | None:
        """Return what happened under that id."""
        ...

    async def after(self, portal_id: int, place: Place, size: int) -> Sequence[Happening]:
        """Return what stands in the feed behind a place, in the order of the feed, a week back at most."""
        ...


class Webhooks(Protocol):
    """Where programs of portals are told what happens."""

    async def get(self, portal_id: int, hook_id: int) -> Webhook | None:
        """Return the hook of that id."""
        ...

    async def by_name(self, portal_id: int, name: str) -> Webhook | None:
        """Return the hook of that name."""
        ...

    async def of(self, portal_id: int) -> Sequence[Webhook]:
        """Return the hooks of a portal, by name."""
        ...

    def add(self, hook: Webhook) -> None:
        """Note a new hook; a second one of the same name is a Conflict."""
        ...

    def put(self, hook: Webhook) -> None:
        """Note a change of a hook; a Conflict when it is not the one that was read any more."""
        ...

    def drop(self, hook: Webhook) -> None:
        """Note that a hook goes, with all that waited for it."""
        ...

    async def deliveries(self, hook: Webhook, before: int, size: int) -> Sequence[HookDelivery]:
        """Return messages to a hook, newest first, those older than that one."""
        ...

    async def outcomes_waiting(self, hook: Webhook) -> Sequence[HookDelivery]:
        """Return the outcomes of requests that are still to be told to a hook."""
        ...

    def send_again(self, delivery: HookDelivery) -> None:
        """Note that a message that failed is sent again; a Conflict where it is not failed any more."""
        ...


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message on lease: to whom, about what, and the how manieth try this is."""

    hook: Webhook
    happening: Happening
    tries: int


@dataclass(frozen=True, slots=True)
class Stands:
    """What became of a try."""

    claimed: Claimed
    state: DeliveryState
    status: int = 0
    reason: str = ""
    """Why it was not taken, as a code."""
    rest: float | None = None
    """Seconds until the next try; None where there is none."""


class HookQueue(Protocol):
    """The running side of webhooks."""

    async def due(self) -> Sequence[Webhook]:
        """Return the hooks that can be told something now."""
        ...

    async def claim(self, hook: Webhook, limit: int) -> Sequence[Claimed]:
        """Lease what may be told to a hook, of each object the first, oldest first."""
        ...

    async def stand(self, ended: Sequence[Stands], at: datetime) -> None:
        """Write down how messages stand, and whether their hooks take anything; all in one transaction."""
        ...
