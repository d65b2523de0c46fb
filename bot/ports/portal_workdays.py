"""The portal's own working days: what is kept of them, who is to be asked about now, and what was found there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.workday.portal_day import FollowedDay, PortalDay


class PortalWorkdays(Protocol):
    """How far the portal's working days and ours have followed each other."""

    async def get(self, portal_id: int, employee_id: int) -> FollowedDay:
        """Return how far a person's days have followed each other; of nobody that was looked at, an empty one."""
        ...

    async def of_portal(self, portal_id: int) -> Mapping[int, FollowedDay]:
        """Return everybody's of a portal, by employee."""
        ...

    def put(self, followed: FollowedDay) -> None:
        """Note how it is now; a Conflict when the stored one is not the one that was read."""
        ...


@dataclass(frozen=True, slots=True)
class DayAsked:
    """Somebody whose day on the portal is to be looked at, each so often."""

    employee_id: int
    account: str
    every: timedelta
    version: int
    """Of what was known then: what was found out counts only while nothing newer is."""


@dataclass(frozen=True, slots=True)
class DayShown:
    """What a look found."""

    asked: DayAsked
    day: PortalDay
    since: datetime | None = None
    """When it was looked at before that and was still as it is known; None where that cannot be told."""


class WatchesDays(Protocol):
    """Knows whose days on portals are to be looked at, and is told what was found."""

    async def asked(self) -> Mapping[str, Sequence[DayAsked]]:
        """Return who is to be looked at, by the keys of their portals; portals that do not want it are not there."""
        ...

    async def shown(self, realm: str, days: Sequence[DayShown], at: datetime) -> None:
        """Take what was found on a portal by a look that began at an instant."""
        ...

    async def refused(self, realm: str, reason: str) -> None:
        """Take the code of why a portal showed the day of nobody who was asked for, of two people at least."""
        ...
