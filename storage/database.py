"""The storage: the engine of one database with everything that stands on it."""

import asyncio
import os
import shutil
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Protocol

from bot.domain.topics import CHANGES, Rung
from bot.ports import Backlog, Stored, Wake
from storage.calls import CallQueue
from storage.duties import Duties
from storage.engines.engine import Engine, Read, Write
from storage.filelock import ServiceLock
from storage.grants import Grants
from storage.guesses import Guesses
from storage.location import Location
from storage.migrate import migrate
from storage.queues.errands import ErrandQueue
from storage.queues.hints import Hints
from storage.queues.hooks import HookQueue
from storage.queues.inbox import Inbox
from storage.queues.jobs import JobQueue
from storage.queues.outbox import OutboxQueue
from storage.seats import Seats
from storage.sql import duties, errands, jobs, queues, service, webhooks
from storage.tidying import Tidying
from storage.unit import UnitOfWork
from storage.vault import Box, Vault


class Relay(Protocol):
    """Tells other processes of commits, and hears of theirs."""

    is_connected: asyncio.Event

    def start(self) -> None:
        """Begin, in the background."""
        ...

    async def close(self) -> None:
        """Hear and tell no more."""
        ...

    def tell(self, rung: Rung) -> None:
        """Tell the others, soon."""
        ...


_FAILING = 3
"""A job that was begun so often without being done is named to the operator."""


class Database:
    """A database: SQLite or PostgreSQL, the same to everybody above."""

    def __init__(
        self,
        url: str,
        engine: Engine,
        box: Box,
        *,
        clock: Callable[[], float],
        worker: str,
        lock: ServiceLock | None,
        seats: Seats | None = None,
        relay: Callable[[Callable[[Rung], None]], Relay] | None = None,
    ) -> None:
        """Build the parts; `start` connects. `lock` is there where the database is a file, `seats` where it is not.

        `relay` makes what tells other processes of commits, where there may be any.
        """
        self._url = url
        self._engine = engine
        self._box = box
        self._clock = clock
        self._worker = worker
        self._lock = lock
        self._seats = seats
        self._inbox_wakes: list[Wake] = []
        self._outbox_wakes: list[Wake] = []
        self._hint_wakes: list[Wake] = []
        self._errand_wakes: list[Wake] = []
        self._hook_wakes: list[Wake] = []
        self._revision = ""
        self.inbox = Inbox(engine, self._now, worker, self._wake_inbox)
        self.outbox = OutboxQueue(engine, self._now, worker, self._wake_outbox)
        self.hints = Hints(engine, self._now, self._wake_hints)
        self.jobs = JobQueue(engine, self._now, worker)
        self.errands = ErrandQueue(engine, self._now, worker, box)
        self.hooks = HookQueue(engine, box, self._now, worker)
        self.vault = Vault(engine, box)
        self.duties = Duties(engine, worker)
        self.grants = Grants(engine, box, worker)
        self.calls = CallQueue(engine, box)
        self._tidying = Tidying(engine, self._now)
        self._guesses = Guesses()
        self._rings: list[Callable[[Rung], None]] = []
        self._relay = relay(self._hear_others) if relay is not None else None

    def _now(self) -> int:
        return int(self._clock() * 1000)

    def _wake_inbox(self) -> None:
        for wake in self._inbox_wakes:
            wake()

    def _wake_hints(self) -> None:
        for wake in self._hint_wakes:
            wake()

    def _wake_outbox(self) -> None:
        for wake in self._outbox_wakes:
            wake()

    def _hear(self, rung: Rung) -> None:
        for each in self._rings:
            each(rung)

    def _hear_others(self, rung: Rung) -> None:
        self._hear(rung)
        if not CHANGES.isdisjoint(rung.topics):
            self._wake_hooks()

    def _ring(self, rung: Rung) -> None:
        self._hear(rung)
        if self._relay is not None:
            self._relay.tell(rung)

    def _wake_errands(self) -> None:
        for wake in self._errand_wakes:
            wake()

    def _wake_hooks(self) -> None:
        for wake in self._hook_wakes:
            wake()

    async def start(self) -> None:
        """Connect and bring the schema up to date; NewerDatabase when it is ahead of this program."""
        self._revision = await migrate(self._url)
        await self._engine.start()
        if self._relay is not None and self._rings:
            self._relay.start()
        if self._lock is None:
            for gone in self._seats.free if self._seats else [self._worker]:
                worker = {"the_worker": gone}
                await self._engine.write(
                    [
                        Write(queues.INBOX_RELEASE_OWN, worker),
                        Write(queues.OUTBOX_RELEASE_OWN, worker),
                        Write(jobs.RELEASE_OWN_JOBS, worker),
                        Write(duties.RELEASE_OWN_DUTIES, worker),
                        Write(errands.RELEASE_OWN_ERRANDS, {**worker, "yes": True}),
                        Write(webhooks.RELEASE_OWN_DELIVERIES, worker),
                    ]
                )
            if self._seats is not None:
                self._seats.settle()
            return
        # A lease of a process that died is worth nothing; of one that lives beside us, everything.
        if self._lock.take():
            given_back = (
                queues.INBOX_RELEASE, queues.OUTBOX_RELEASE, jobs.RELEASE_JOBS, duties.RELEASE_DUTIES,
                webhooks.RELEASE_DELIVERIES,
            )  # fmt: skip
            writes = [*(Write(each, {}) for each in given_back), Write(errands.RELEASE_ERRANDS, {"yes": True})]
            await self._engine.write(writes)
        # Another that starts has it for itself for a moment; waiting for that must not stop our loop, nor theirs.
        await asyncio.to_thread(self._lock.share)

    async def close(self) -> None:
        """Finish what was handed over and disconnect."""
        if self._relay is not None:
            await self._relay.close()
        await self._engine.close()
        if self._lock is not None:
            self._lock.release()
        if self._seats is not None:
            self._seats.leave()

    def unit_of_work(self) -> UnitOfWork:
        """Return a unit of work that reads when asked."""
        return UnitOfWork(
            self._engine, self._now, self._wake_inbox, self._wake_outbox, self._box, self._wake_errands, self._ring,
            self._wake_hooks,
        )  # fmt: skip

    async def turn(self, stored: Stored) -> UnitOfWork:
        """Return a unit of work that has already read what a turn of this person needs, in one go."""
        unit = self.unit_of_work()
        await unit.preload(stored.incoming, self._now(), self._guesses)
        return unit

    async def backlog(self) -> Backlog:
        """Return what waits."""
        waiting_in, failed_in, waiting_out, failed_out, failing = await self._engine.read(
            [
                Read(queues.INBOX_WAITING, {}),
                Read(queues.INBOX_FAILED, {}),
                Read(queues.OUTBOX_WAITING, {}),
                Read(queues.OUTBOX_FAILED, {}),
                Read(jobs.JOBS_FAILING, {"tries": _FAILING}),
            ]
        )
        now = self._now()

        def age(oldest: int | None) -> float:
            return 0.0 if oldest is None else max(now - oldest, 0) / 1000

        return Backlog(
            inbox=waiting_in[0][0],
            outbox=waiting_out[0][0],
            inbox_age=age(waiting_in[0][1]),
            outbox_age=age(waiting_out[0][1]),
            inbox_failed=failed_in[0][0],
            outbox_failed=failed_out[0][0],
            jobs_failing=failing[0][0],
        )

    def disk(self) -> tuple[int, int] | None:
        """Return how many bytes are free and how many there are on the disk of the file."""
        path = Location.of(self._url).path
        if path is None:
            return None
        with suppress(OSError):
            found = shutil.disk_usage(path.parent)
            return found.free, found.total
        return None

    async def purge(self) -> int:
        """Delete what is of no more use, without holding up anybody; returns how many handled messages went."""
        return await self._tidying.run()

    def on_inbox(self, wake: Wake) -> None:
        """Call `wake` whenever the inbox may have gained a row that can be claimed."""
        self._inbox_wakes.append(wake)

    def on_outbox(self, wake: Wake) -> None:
        """Call `wake` whenever the outbox may have gained a message that can be claimed."""
        self._outbox_wakes.append(wake)

    def on_hints(self, wake: Wake) -> None:
        """Call `wake` whenever a portal told of an object."""
        self._hint_wakes.append(wake)

    def on_errands(self, wake: Wake) -> None:
        """Call `wake` whenever there may be one more errand that can be claimed."""
        self._errand_wakes.append(wake)

    def on_hooks(self, wake: Wake) -> None:
        """Call `wake` whenever there may be something more to be told to hooks."""
        self._hook_wakes.append(wake)

    @property
    def hears_others(self) -> bool:
        """Whether commits of other processes are heard of now."""
        return self._relay is not None and self._relay.is_connected.is_set()

    def on_commit(self, ring: Callable[[Rung], None]) -> None:
        """Call `ring` with what each commit was about: of this process, and of others on the same PostgreSQL."""
        self._rings.append(ring)

    async def revision(self) -> str:
        """Return the revision of the schema, as found or made at start; fails when the database does not answer."""
        await self._engine.read([Read(service.PING, {})])
        return self._revision


def default_worker() -> str:
    """Return a name that no other process has now."""
    return f"{socket.gethostname()}:{os.getpid()}"


async def open_storage(
    url: str, *, secret_key: str, clock: Callable[[], float] = time.time, worker: str | None = None
) -> Database:
    """Return the storage of `url`, not yet started.

    `clock` tells epoch seconds for leases and due times: the wall clock, never business time. `worker` names this
    process; one that restarts under the same name gets its own leases back at once (PostgreSQL). Without it the process
    takes a seat of this machine.
    """
    location = Location.of(url)
    engine: Engine
    seats: Seats | None = None
    relay: Callable[[Callable[[Rung], None]], Relay] | None = None
    # Each driver is imported only where it is used: memory and start time.
    if location.path is not None:
        from storage.engines.sqlite import SqliteEngine  # noqa: PLC0415

        engine, lock = SqliteEngine(location.path), ServiceLock(location.path)
    else:
        from storage.engines.postgres import PostgresEngine  # noqa: PLC0415
        from storage.relay import Relay as PostgresRelay  # noqa: PLC0415

        engine, lock = PostgresEngine(location.dsn), None
        seats = Seats(location.dsn) if worker is None else None
        relay = partial(PostgresRelay, location.dsn)
    name = worker or (seats.own if seats else default_worker())
    return Database(url, engine, Box(secret_key), clock=clock, worker=name, lock=lock, seats=seats, relay=relay)
