"""Durable timers: noted in a unit of work, claimed when they fall due by the service's clock."""

import json
from collections.abc import Sequence
from datetime import datetime

from bot.ports import Job
from storage.engines.engine import Engine, Read, Write
from storage.part import Part
from storage.queues.conversations import Now
from storage.rows import clean, compact, instant, millis
from storage.sql import jobs

LEASE_MS = 30_000


class Jobs(Part):
    """Durable timers, written in the same transaction as what needs them."""

    def add(self, job: Job) -> None:
        """Note a job; one of the same kind and key is moved to the new instant instead."""
        self._note(jobs.PUT_JOB, _values(job))

    def keep(self, job: Job) -> None:
        """Note a job unless one of the same kind and key is there already, which stays as it is."""
        self._note(jobs.KEEP_JOB, _values(job))

    def hasten(self, portal_id: int, kind: str, key: str, run_at: datetime) -> None:
        """Note that a job, where there is one, falls due at an earlier instant, as it is."""
        values = {"the_portal_id": portal_id, "the_kind": kind, "the_key": clean(key), "run_at": millis(run_at)}
        self._note(jobs.HASTEN_JOB, values)

    def cancel(self, portal_id: int, kind: str, key: str) -> None:
        """Note that a job is not needed any more."""
        values = {"the_portal_id": portal_id, "the_kind": kind, "the_key": clean(key)}
        self._note(jobs.CANCEL_JOB, values)

    def done(self, job: Job) -> None:
        """Note that the job was done; a Conflict when somebody else did it or it was moved."""
        self._note(jobs.JOB_DONE, {"the_id": job.id}, 1)


class JobQueue:
    """The running side of the jobs."""

    def __init__(self, engine: Engine, now: Now, worker: str) -> None:
        """Claim in the name of `worker`; `now` tells the wall clock in milliseconds, for leases."""
        self._engine = engine
        self._now = now
        self._worker = worker

    async def claim(self, now: datetime, limit: int) -> Sequence[Job]:
        """Lease jobs that are due at `now` (the service's clock), earliest first."""
        wall = self._now()
        values = {"at": millis(now), "now": wall, "until": wall + LEASE_MS, "worker": self._worker, "size": limit}
        (result,) = await self._engine.write([Write(jobs.CLAIM_JOBS, values)])
        found = [Job(r[0], r[1], r[2], r[3], instant(r[4]), json.loads(r[5]), r[6] - 1) for r in result.rows]
        return sorted(found, key=lambda job: (job.run_at, job.id))

    async def next_due(self) -> datetime | None:
        """Return when the earliest job falls due."""
        (rows,) = await self._engine.read([Read(jobs.NEXT_JOB, {})])
        return instant(rows[0][0]) if rows and rows[0][0] is not None else None

    async def has(self, job: Job) -> bool:
        """Return whether the claimed job is still to be done; one that was moved has got another id."""
        (rows,) = await self._engine.read([Read(jobs.HAS_JOB, {"the_id": job.id})])
        return bool(rows)

    async def postpone(self, job: Job, seconds: float) -> None:
        """Give the lease back and do not claim the job again for so many seconds of the machine's clock."""
        values = {"the_id": job.id, "due_at": self._now() + int(seconds * 1000)}
        await self._engine.write([Write(jobs.POSTPONE_JOB, values)])


def _values(job: Job) -> dict[str, object]:
    return {
        "id": job.id,
        "portal_id": job.portal_id,
        "kind": job.kind,
        "key": clean(job.key),
        "run_at": millis(job.run_at),
        "payload": compact(dict(job.payload)),
        "due_at": 0,
        "leased_until": 0,
        "worker": "",
        "tries": 0,
    }
