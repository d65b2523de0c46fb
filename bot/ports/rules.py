"""Rules of a portal and how often they held."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.automation.rule import Firing, RuleVersion


class AutomationRules(Protocol):
    """Rules with all their versions."""

    async def of_portal(self, portal_id: int) -> Sequence[RuleVersion]:
        """Return every version of every rule of a portal, by key and version."""
        ...

    async def on(self, portal_id: int) -> Sequence[RuleVersion]:
        """Return the versions that are gone by, by key."""
        ...

    def add(self, version: RuleVersion) -> None:
        """Note a new version; one of that number that is there already is a Conflict."""
        ...

    def put_state(self, before: RuleVersion, after: RuleVersion) -> None:
        """Note that a version was switched, or met with trouble; a Conflict when its state is not what was read."""
        ...

    async def fired(self, portal_id: int, thing: str, since: datetime) -> Sequence[Firing]:
        """Return how often rules held for an object since then, oldest first."""
        ...

    async def latest(self, portal_id: int, key: str, limit: int) -> Sequence[Firing]:
        """Return when a rule held last, newest first."""
        ...

    def fire(self, firing: Firing) -> None:
        """Note that a rule held; a Conflict when that occurrence is known meanwhile."""
        ...

    def tie(self, portal_id: int, thing: str, request_id: int) -> None:
        """Note that an object was made for a request; what is known changes nothing."""
        ...

    async def tied(self, portal_id: int, thing: str) -> Sequence[int]:
        """Return the requests that an object was made for."""
        ...
