"""What only one process may do: done by whoever holds the duty, and taken over by another when that one dies."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection

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

_ALL = "all"
Work = Callable[[], Awaitable[None]]


class _Held:
    """A duty that is ours until `ends`, unless it is lost before."""

    __slots__ = ("ends", "lost")

    def __init__(self, ends: float) -> None:
        self.ends = ends
        self.lost = asyncio.Event()


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
        self._held: dict[str, _Held] = {}
        self._unreleased: set[str] = set()
        """Duties that could not be given back; renewing all would keep them."""
        self._keeping: asyncio.Future[None] | None = None

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
        held = self._held[name] = _Held(ends)
        lost = asyncio.ensure_future(held.lost.wait())
        if self._keeping is None or self._keeping.done():
            self._keeping = asyncio.ensure_future(self._keep())
        try:
            await asyncio.wait({doing, lost}, return_when=asyncio.FIRST_COMPLETED)
            if doing.done():
                await doing
            return doing.done()
        finally:
            if self._held.get(name) is held:
                del self._held[name]
            for each in (doing, lost):
                each.cancel()
            await asyncio.gather(doing, lost, return_exceptions=True)
            await self._released(name)

    async def _keep(self) -> None:
        """Keep all that is held, by one statement each time, for as long as something is."""
        while self._held:
            await self._sleep(self._every)
            for name in list(self._unreleased - self._held.keys()):
                await self._released(name)
            asked, kept_before = self._monotonic(), dict(self._held)
            kept = await self._renewed() if kept_before else None
            for name, held in kept_before.items():
                if kept is not None and name in kept:
                    held.ends = asked + self._lasts
                elif kept is not None or self._monotonic() + self._every + self._patience + self._margin > held.ends:
                    held.lost.set()

    async def _renewed(self) -> Collection[str] | None:
        """Return which duties are still ours; None where the database says nothing."""
        try:
            async with asyncio.timeout(self._patience):
                kept = await self._duties.renew_all(self._lasts)
        except Exception as error:  # noqa: BLE001 - a database that is away comes back
            if _ALL not in self._is_away:
                self._is_away.add(_ALL)
                _log.warning("duties are out of reach", duty=_ALL, error=type(error).__name__)
            return None
        self._is_away.discard(_ALL)
        return kept

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
            self._unreleased.discard(name)
        except Exception as error:  # noqa: BLE001 - tried again for as long as others are kept; else it runs out
            self._unreleased.add(name)
            _log.info("duty not given back", duty=name, error=type(error).__name__)
