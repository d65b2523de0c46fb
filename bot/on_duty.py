"""What only one process may do: done by whoever holds the duty, and taken over by another when that one dies."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import structlog

from bot.ports import Duties

LASTS = 20.0
"""Seconds that a duty is held without news of its holder: so long nobody does it after a sudden death."""
EVERY = 5.0
"""Seconds between two looks: of the holder to keep it, of others to take it over."""
_PATIENCE = 0.15
"""The part of a lease that an answer of the database may take."""
_MARGIN = 0.1
"""The part of a lease that is left when a holder that cannot reach the database has stopped."""
_log = structlog.get_logger("duty")

Work = Callable[[], Awaitable[None]]


class DutyHolder:
    """Holds duties for as long as their work is done: what `bot.ports.OnDuty` is in a service."""

    def __init__(
        self,
        duties: Duties,
        *,
        lasts: float = LASTS,
        every: float = EVERY,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Go by `duties`, which last so many seconds without news and are looked after every so many."""
        self._duties = duties
        self._lasts = lasts
        self._every = every
        self._patience = _PATIENCE * lasts
        self._margin = _MARGIN * lasts
        self._sleep = sleep
        self._monotonic = monotonic
        self._is_away: set[str] = set()
        """Duties about which the database could not be asked the last time."""

    async def __call__(self, name: str, work: Work) -> None:
        """Wait for the duty, do the work, and return when it ends; begin anew when the duty was lost."""
        while True:
            asked = self._monotonic()
            if await self._asked(name, self._duties.claim):
                _log.info("on duty", duty=name)
                if await self._done(name, work, asked + self._lasts):
                    return
                _log.warning("duty lost", duty=name)
            await self._sleep(self._every)

    async def _done(self, name: str, work: Work, ends: float) -> bool:
        """Do the work while the duty is ours; whether the work ended by itself."""
        doing = asyncio.ensure_future(work())
        try:
            while True:
                await self._rested(doing)
                if doing.done():
                    await doing
                    return True
                asked = self._monotonic()
                held = await self._asked(name, self._duties.renew)
                if held:
                    ends = asked + self._lasts
                elif held is not None or self._monotonic() + self._every + self._patience + self._margin > ends:
                    return False
        finally:
            doing.cancel()
            await asyncio.gather(doing, return_exceptions=True)
            await self._released(name)

    async def _rested(self, doing: "asyncio.Future[None]") -> None:
        """Rest until the next look, or until the work ends."""
        nap = asyncio.ensure_future(self._sleep(self._every))
        try:
            await asyncio.wait({doing, nap}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            nap.cancel()
            await asyncio.gather(nap, return_exceptions=True)

    async def _asked(self, name: str, ask: Callable[[str, float], Awaitable[bool]]) -> bool | None:
        """Return what the database says; None where it says nothing."""
        try:
            async with asyncio.timeout(self._patience):
                answer = await ask(name, self._lasts)
        except Exception as error:  # noqa: BLE001 - a database that is away comes back
            if name not in self._is_away:
                self._is_away.add(name)
                _log.warning("duties are out of reach", duty=name, error=type(error).__name__)
            return None
        self._is_away.discard(name)
        return answer

    async def _released(self, name: str) -> None:
        try:
            async with asyncio.timeout(self._patience):
                await self._duties.release(name)
        except Exception as error:  # noqa: BLE001 - its lease runs out by itself
            _log.info("duty not given back", duty=name, error=type(error).__name__)
