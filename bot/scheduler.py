"""The scheduler: durable jobs are done when they fall due by the service's clock, in order, each once."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

import structlog

from bot.clock import Clock
from bot.ports import Job, Storage

_log = structlog.get_logger("scheduler")
_LOOK_EVERY = 1.0
_AT_ONCE = 50

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
        """Do everything that is due at `now`, earliest first, also what becomes due by it."""
        async with self._running:
            while claimed := await self._storage.jobs.claim(now, _AT_ONCE):
                for job in claimed:
                    try:
                        await self._do(job, now)
                    except Exception as error:  # noqa: BLE001 - one job that fails must not stop the others
                        _log.exception("job failed", kind=job.kind, job=job.id, error=type(error).__name__)
                        await self._storage.jobs.postpone(job, min(2.0**job.tries, 600))

    async def advance(self, to: datetime, move: Callable[[datetime], None]) -> None:
        """Move the clock to `to`, stopping at every instant at which a job falls due."""
        while (due := await self._storage.jobs.next_due()) is not None and due <= to:
            move(max(due, self._clock.now()))
            await self.do_due(self._clock.now())
            if await self._storage.jobs.next_due() == due:
                break  # it could not be done now and was postponed; time goes on
        move(to)
        await self.do_due(to)
