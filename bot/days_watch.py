"""Whose working days on portals are looked at, and what becomes of what was found: each in a unit of its own."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.clock import Clock
from bot.dispatch.turn import Occasion
from bot.dispatch.undertaking import Undertaking
from bot.ports import DayAsked, DayShown
from bot.services.wiring import Services
from bot.services.workday.portal_days import PortalDays


class DaysWatch:
    """Hands on to `PortalDays`: what a channel knows as `WatchesDays`."""

    def __init__(self, undertaking: Undertaking, clock: Clock) -> None:
        """Commit by `undertaking`."""
        self._undertaking = undertaking
        self._clock = clock

    async def asked(self) -> Mapping[str, Sequence[DayAsked]]:
        """Return who is to be looked at, by the keys of their portals."""
        now = self._clock.now()
        return await self._undertaking(lambda services: services.get(PortalDays).asked(now), Occasion(now))

    async def shown(self, realm: str, days: Sequence[DayShown], at: datetime) -> None:
        """Take what was found on a portal, each person in a unit of their own: one's conflict is nobody else's."""
        for each in days:
            await self._take(realm, each, at)

    async def refused(self, realm: str, reason: str) -> None:
        """Take why a portal showed nobody's day."""
        now = self._clock.now()
        await self._undertaking(lambda services: services.get(PortalDays).refused(realm, reason, now), Occasion(now))

    async def _take(self, realm: str, day: DayShown, at: datetime) -> None:
        now = self._clock.now()

        async def work(services: Services) -> None:
            await services.get(PortalDays).shown(realm, [day], at, now)

        await self._undertaking(work, Occasion(now))
