"""The scheduler: durable jobs are done when they fall due by the service's clock, in order, each once."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

import structlog

from bot.clock import Clock
from bot.ports import Job, Storage

_log = structlog.get_logger("scheduler")
_LOOK_EVERY = 1.0
_AT_ONCE = 10
"""Few, so that what is claimed is begun before its lease runs out, and what is urgent waits for little."""
_LONGEST_PAUSE = 3_600.0
_PATIENCE = 900.0
"""A job that takes longer hangs: it is given up for now, so that the others go on."""

Do = Callable[[Job, datetime], Awaitable[None]]


class Scheduler:
    """Claims due jobs and hands them to `do`. What fell due while the service was down is done at start."""

    def __init__(self, storage: Storage, clock: Clock, do: Do) -> None:
        """Go by `clock`, which in the sandbox people move."""
        self._storage = storage
        self._clock = clock
        self._do = do
        self._running = asyncio.Lock()

    async def run(self) -> None:
        """Look every second until cancelled."""
        while True:
            try:
                await self.do_due(self._clock.now())
            except Exception as error:  # noqa: BLE001 - the database comes back, the jobs are still there
                _log.warning("jobs are out of reach", error=type(error).__name__)
            await asyncio.sleep(_LOOK_EVERY)

    async def do_due(self, now: datetime) -> None:
        """Do everything that is due at `now`, earliest first, also what falls due meanwhile."""
        async with self._running:
            while claimed := await self._storage.jobs.claim(now := max(now, self._clock.now()), _AT_ONCE):
                for job in claimed:
                    # By the clock as it is now: a long row of jobs must not judge days by when it began.
                    await self._do_one(job, max(now, self._clock.now()))

    async def _do_one(self, job: Job, now: datetime) -> None:
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._do(job, now)
        except Exception as error:  # noqa: BLE001 - one job that fails must not stop the others
            pause = pause_after(job.tries)
            name = type(error).__name__
            _log.exception("job failed", kind=job.kind, job=job.id, tries=job.tries + 1, again_in=pause, error=name)
            await self._storage.jobs.postpone(job, pause)

    async def advance(self, to: datetime, move: Callable[[datetime], None]) -> None:
        """Move the clock to `to`, stopping at every instant at which a job falls due."""
        while (due := await self._storage.jobs.next_due()) is not None and due <= to:
            move(max(due, self._clock.now()))
            await self.do_due(self._clock.now())
            if await self._storage.jobs.next_due() == due:
                break  # it could not be done now and was postponed; time goes on
        move(to)
        await self.do_due(to)


def pause_after(tries: int) -> float:
    """Return how many seconds a job rests that failed after so many tries before: it doubles, up to an hour."""
    return min(2.0 ** min(tries, 12), _LONGEST_PAUSE)
