"""The runner of errands: what is to be done on portals is done there, in order for each object, again when it failed.

Each portal is given as much as its channel says that it can take now, and waits for no other. What became of an errand
is stored together with what follows from it. A try that may have reached the portal leaves the errand doubtful, and the
next one looks first whether it was done.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

import structlog

from bot import metrics
from bot.clock import Clock
from bot.domain.automation.errand import Errand, ErrandState
from bot.ports import NotDone, RunsErrands, Storage, Unavailable
from bot.pump import Pump

LOOK_EVERY = 5.0
PATIENCE = 100.0
"""Seconds that one try may take, its waits for the portal's limiter among them: less than its lease."""
LONGEST_PAUSE = 3_600.0
MOST_FAULTS = 5
"""Tries to work out what follows from an end; then the end is stored alone."""
_FIRST_PAUSE = 0.5
_LONGEST_STORING = 10.0
WIDTH = 400
"""Errands under way on all portals together."""
_log = structlog.get_logger("errands")

Stands = Callable[[Errand, float, bool], Awaitable[bool]]
"""Stores how an errand stands and how long it rests; False where somebody else took it over.

With what follows, or (the last of them is False) so that it follows later.
"""


class ErrandRunner:
    """Carries out what waits, until cancelled."""

    def __init__(
        self,
        storage: Storage,
        channel: RunsErrands,
        stands: Stands,
        clock: Clock,
        *,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        """Carry out by `channel` and store by `stands`; what is to be done later falls due by `clock`."""
        self._sleep = sleep
        self._storage = storage
        self._channel = channel
        self._stands = stands
        self._clock = clock
        self._pump: Pump[str, Errand] = Pump(
            "errands", self._claim, self._one, width=WIDTH, look_every=LOOK_EVERY, is_woken_by_ends=True
        )

    async def run(self) -> None:
        """Look whenever something was noted or ended, and every few seconds for what falls due."""
        self._storage.on_errands(self._pump.wake)
        await self._pump.run()

    async def _claim(self, held: Counter[str], room: int) -> list[tuple[str, Errand]]:
        """Claim what the portals can take beside what is under way there."""
        claimed: list[tuple[str, Errand]] = []
        for portal in await self._storage.errands.portals(self._clock.now()):
            free = min(self._channel.errand_room(portal.realm) - held[portal.realm], room - len(claimed))
            if free > 0:
                found = await self._storage.errands.claim(portal.id, free, self._clock.now())
                claimed += [(portal.realm, each) for each in found]
        return claimed

    async def _one(self, realm: str, errand: Errand) -> None:
        after, rest = await self._tried(realm, errand)
        line = {"kind": errand.kind.value, "errand": errand.id, "realm": realm, "state": after.state.value}
        if after.reason:
            _log.warning("errand not done", **line, reason=after.reason, tries=errand.tries, again_in=rest)
        metrics.ERRANDS.labels(errand.kind.value, after.state.value).inc()
        await self._stored(after, rest)
        if rest:
            self._pump.wake_in(rest)

    async def _stored(self, after: Errand, rest: float) -> None:
        """Write down how it stands, whatever that takes: while its lease lasts nobody does it again.

        Where what follows from it cannot be worked out, that it is done is written all the same, and the rest later.
        """
        faults, pause = 0, _FIRST_PAUSE
        while True:
            try:
                await self._stands(after, rest, faults < MOST_FAULTS)
            except Unavailable as error:
                _log.warning("errands are out of reach", error=type(error).__name__)
            except Exception as error:  # noqa: BLE001 - known how it stands: keep trying to write it down
                faults += 1
                if faults == 1:
                    _log.exception("errand's end failed", errand=after.id, kind=after.kind.value)
                else:
                    _log.warning("errand's end failed", errand=after.id, error=type(error).__name__, tries=faults)
            else:
                return
            await self._sleep(pause)
            pause = min(pause * 2, _LONGEST_STORING)

    async def _tried(self, realm: str, errand: Errand) -> tuple[Errand, float]:
        """Return how it stands after one try, and for how many seconds it rests."""
        try:
            async with asyncio.timeout(PATIENCE):
                result = await self._channel.run_errand(realm, errand)
        except NotDone as why:
            return self._not_done(errand, why)
        except TimeoutError:
            return self._not_done(errand, NotDone("no_answer", is_doubtful=True))
        except Exception as error:  # noqa: BLE001 - a fault of ours must not stop what comes behind it
            _log.exception("errand failed", kind=errand.kind.value, errand=errand.id, error=type(error).__name__)
            return self._not_done(errand, NotDone("fault", is_doubtful=True, patience=4))
        now = self._clock.now()
        return replace(errand, state=ErrandState.DONE, reason="", result=dict(result), ended_at=now), 0.0

    def _not_done(self, errand: Errand, why: NotDone) -> tuple[Errand, float]:
        doubtful = errand.is_doubtful or why.is_doubtful
        ends = why.ends
        if ends is None and why.counts and errand.tries >= why.patience:
            ends = ErrandState.FAILED
        if ends is not None:
            ended = replace(errand, state=ends, reason=why.reason, is_doubtful=doubtful, ended_at=self._clock.now())
            return ended, 0.0
        tries = errand.tries if why.counts else errand.tries - 1
        pause = pause_after(errand.tries)
        if why.retry_after is not None:
            pause = max(why.retry_after, pause if why.counts else 0.0, 1.0)
        return replace(errand, tries=tries, reason=why.reason, is_doubtful=doubtful), pause


def pause_after(tries: int) -> float:
    """Return how many seconds an errand rests that was tried so often: it doubles, up to an hour."""
    return min(2.0 ** min(max(tries - 1, 0), 12), LONGEST_PAUSE)


def runners(
    storage: Storage, channels: Sequence[object], stands: Stands, clock: Clock
) -> list[tuple[str, Callable[[], Awaitable[None]]]]:
    """Return what is to be kept running for those of the channels on whose portals something can be done."""
    able = [each for each in channels if isinstance(each, RunsErrands)]
    return [("errands", ErrandRunner(storage, each, stands, clock).run) for each in able]
