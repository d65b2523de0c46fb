"""Jobs that fell due: each is done in a unit of its own, by the handler that is declared for its kind."""

import time
from datetime import datetime

import structlog

from bot.dispatch.announcer import send
from bot.dispatch.turn import Occasion
from bot.dispatch.undertaking import Undertaking
from bot.ids import turn_id
from bot.ports import Job
from bot.services.wiring import Services

_log = structlog.get_logger("turn")


class DueJobs:
    """Does jobs: the effects of each, its messages and its being done commit together."""

    def __init__(self, undertaking: Undertaking) -> None:
        """Do them by the routes of `undertaking`."""
        self._undertaking = undertaking

    async def do(self, job: Job, now: datetime) -> None:
        """Do one; a job that a turn moved or took back meanwhile gives way."""
        started = time.perf_counter()
        occasion = Occasion(now, id=turn_id())
        route = self._undertaking.routes.jobs.get(job.kind)
        tries = 0

        async def work(services: Services) -> str:
            nonlocal tries
            tries += 1
            if tries > 1 and not await self._undertaking.house.storage.jobs.has(job):
                return "superseded"
            services.uow.jobs.done(job)
            if route is None:
                return "unknown"
            await send(services, await route.call(services, job, occasion) or (), occasion)
            return "done"

        outcome = await self._undertaking(work, occasion)
        took = round((time.perf_counter() - started) * 1000, 1)
        line = {"turn": occasion.id, "trigger": f"job {job.kind}", "portal": str(job.portal_id)}
        _log.info("turn", **line, outcome=outcome, ms=took)
