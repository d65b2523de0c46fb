"""Whose calendars on portals are read, and what becomes of what stands there: each in a unit of its own."""

from collections.abc import Mapping, Sequence

from bot.clock import Clock
from bot.dispatch.turn import Occasion
from bot.dispatch.undertaking import Undertaking
from bot.domain.leave.portal_absence import CalendarSpan
from bot.services.leave.portal_calendars import PortalCalendars


class CalendarsWatch:
    """Hands on to `PortalCalendars`: what a channel knows as `TakesCalendars`."""

    def __init__(self, undertaking: Undertaking, clock: Clock) -> None:
        """Commit by `undertaking`."""
        self._undertaking = undertaking
        self._clock = clock

    async def asked(self, realm: str) -> Sequence[str]:
        """Return the accounts of who works there."""
        occasion = Occasion(self._clock.now())
        return await self._undertaking(lambda services: services.get(PortalCalendars).asked(realm), occasion)

    async def shown(self, realm: str, calendars: Mapping[str, Sequence[CalendarSpan]]) -> None:
        """Take all that was read of a portal."""
        now = self._clock.now()
        await self._undertaking(
            lambda services: services.get(PortalCalendars).shown(realm, calendars, now), Occasion(now)
        )
