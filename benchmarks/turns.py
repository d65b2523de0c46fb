"""(b) Turns: check-in, break, back and check-out of 1,000 people, from the stored event to the stored reply.

On SQLite with synchronous=FULL and on a PostgreSQL with fsync. Beside it a bare loop on the same tables: one punch row
and one outbox row a turn, a transaction each, no words understood, nothing derived, nobody's order kept.
"""

import asyncio
import contextlib
import sqlite3
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import asyncpg
import pytest

from benchmarks.people import COUNT, MORNING, REALM, TURNS, Staff, hire, working_day
from benchmarks.report import as_in_production, median, publish
from benchmarks.size import size
from bot.dispatch.dispatcher import Dispatcher
from bot.dispatch.router import RouteTable
from bot.dispatch.undertaking import Undertaking
from bot.ids import new_id
from bot.messages import Incoming
from bot.messengers import FACTS
from bot.ports import Storage
from bot.services.approvals.seals import Seals
from bot.services.messengers import Messengers
from bot.services.wiring import House
from handlers import router
from storage import open_storage
from tests import postgres

ROUNDS = size(3, 1)
FLOOR_TURNS = size(2_000, 20)
SECRET = "s" * 40
PUNCH = (
    "INSERT INTO punch (id, portal_id, employee_id, kind, at, recorded_at, zone, source, event, reason, mark) "
    "VALUES (?, ?, ?, 'in', ?, ?, 'Europe/Moscow', 'bitrix24', ?, '', '')"
)
OUTBOX = (
    "INSERT INTO outbox (id, portal_id, channel, realm, conversation, lane, locale, zone, turn, say, slot, edit, "
    "only_if_shown, created_at, state, stored_at, due_at, leased_until, worker, tries, error, receipt) "
    "VALUES (?, ?, 'bitrix24', ?, ?, ?, 'ru', 'Europe/Moscow', 'bench', ?, 'day', ?, ?, ?, 'waiting', "
    "?, ?, 0, '', 0, '', '')"
)
SAY = '{"t":"' + "Вы на работе с 09:00. " * 13 + '"}'
Values = tuple[object, ...]
Floor = Callable[[str, Staff], Awaitable[float]]


def floor_rows(staff: Staff) -> Iterator[tuple[Values, Values]]:
    """Yield the two rows of each turn of the bare loop."""
    now = int(MORNING.timestamp() * 1000)
    for n in range(FLOOR_TURNS):
        person, account = staff.people[n % COUNT], str(n % COUNT + 1)
        punch = (new_id(), staff.portal.id, person.id, now, now, f"m:{n}")
        lane = f"bitrix24 {REALM} {account}"
        outbox = (new_id(), staff.portal.id, REALM, account, lane, SAY, False, False, now, now, now)
        yield punch, outbox


async def sqlite_floor(url: str, staff: Staff) -> float:
    """Return transactions a second of sqlite3 alone."""
    rows = list(floor_rows(staff))
    connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    try:
        connection.execute("PRAGMA synchronous = FULL")
        began = time.perf_counter()
        for punch, outbox in rows:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(PUNCH, punch)
            connection.execute(OUTBOX, outbox)
            connection.execute("COMMIT")
        return len(rows) / (time.perf_counter() - began)
    finally:
        connection.close()


def numbered(statement: str) -> str:
    """Return the statement with PostgreSQL's parameters."""
    parts = statement.split("?")
    return parts[0] + "".join(f"${place}{part}" for place, part in enumerate(parts[1:], 1))


async def postgres_floor(url: str, staff: Staff) -> float:
    """Return transactions a second of asyncpg alone, on one connection."""
    rows = list(floor_rows(staff))
    connection = await asyncpg.connect(url)
    try:
        one, other = await connection.prepare(numbered(PUNCH)), await connection.prepare(numbered(OUTBOX))
        began = time.perf_counter()
        for punch, outbox in rows:
            async with connection.transaction():
                await one.fetch(*punch)
                await other.fetch(*outbox)
        return len(rows) / (time.perf_counter() - began)
    finally:
        await connection.close()


@contextlib.asynccontextmanager
async def opened(url: str) -> AsyncIterator[tuple[Storage, Staff]]:
    """Give a storage on a fresh database with a thousand employees."""
    storage: Any = await open_storage(url, secret_key=SECRET)
    await storage.start()
    try:
        yield storage, await hire(storage)
    finally:
        await storage.close()


async def worked(storage: Storage, messages: Sequence[Incoming]) -> tuple[float, float]:
    """Have messages handled; returns turns a second, and the milliseconds of processor time that a turn took."""
    dispatcher = Dispatcher(Undertaking(RouteTable(router), House(storage, Messengers(FACTS), Seals(SECRET))))
    before = (await storage.backlog()).outbox
    for start in range(0, len(messages), 500):
        await dispatcher.receive(messages[start : start + 500])
    began, cpu = time.perf_counter(), time.process_time()
    running = asyncio.create_task(dispatcher.run())
    while (await storage.backlog()).inbox:
        await asyncio.sleep(0.02)
    took, spent = time.perf_counter() - began, time.process_time() - cpu
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    left = await storage.backlog()
    if (left.outbox - before, left.inbox_failed) != (len(messages), 0):
        raise SystemExit(f"{left.outbox - before} replies to {len(messages)} messages, {left.inbox_failed} failed")
    return len(messages) / took, spent / len(messages) * 1000


async def day(url: str) -> tuple[float, float]:
    """Work the day; returns turns a second, and the milliseconds of processor time that a turn took."""
    async with opened(url) as (storage, _):
        found = await worked(storage, working_day())
        async with storage.unit_of_work() as uow:
            portal = await uow.portals.by_key(REALM)
            if portal is None or await uow.employees.present(portal.id):
                raise SystemExit("somebody is still at work")
    return found


async def measured(fresh: Callable[[], Awaitable[str]], floor: Floor) -> tuple[list[tuple[float, float]], list[float]]:
    """Measure ours and the floor in turns, each on a database of its own."""
    ours, floors = [], []
    for _ in range(ROUNDS):
        ours.append(await day(await fresh()))
        url = await fresh()
        async with opened(url) as (_, staff):
            floors.append(await floor(url, staff))
    return ours, floors


async def on_postgres(server: postgres.Server) -> tuple[list[tuple[float, float]], list[float]]:
    """Measure on databases of a running server."""

    async def fresh() -> str:
        name = f"bench_{new_id()}"
        connection = await asyncpg.connect(server.dsn)
        try:
            await connection.execute(f"CREATE DATABASE {name}")
        finally:
            await connection.close()
        return server.address(name)

    return await measured(fresh, postgres_floor)


@contextlib.contextmanager
def a_server() -> Iterator[postgres.Server | None]:
    """Give a PostgreSQL that flushes to the disk, or nothing where there is none to be had."""
    durable = postgres._OPTIONS.replace("fsync=off", "fsync=on")
    with contextlib.ExitStack() as stack:
        stack.enter_context(patch.object(postgres, "_OPTIONS", durable))
        try:
            yield stack.enter_context(postgres.started())
        except pytest.skip.Exception as nothing:
            sys.stderr.write(f"{nothing}\n")
            yield None


async def flushes(server: postgres.Server) -> str:
    """Return whether the server flushes commits to the disk."""
    connection = await asyncpg.connect(server.dsn)
    try:
        return str(await connection.fetchval("SELECT current_setting('fsync')"))
    finally:
        await connection.close()


def main() -> None:
    """Measure both databases. The service's log is written, to a file: it is part of what a turn costs."""
    results = {}
    with TemporaryDirectory(prefix="smena-bench-") as folder, as_in_production(Path(folder)):

        async def fresh() -> str:
            return f"sqlite:///{folder}/{new_id()}.db"

        results["sqlite"] = asyncio.run(measured(fresh, sqlite_floor))
        with a_server() as server:
            if server is not None:
                fsync = asyncio.run(flushes(server))
                results["postgresql"] = asyncio.run(on_postgres(server))
    figures: dict[str, object] = {"turns": TURNS, "rounds": ROUNDS}
    rows: list[tuple[object, ...]] = []
    for name, (ours, floors) in results.items():
        rate, cpu, floor = median([each[0] for each in ours]), median([each[1] for each in ours]), median(floors)
        figures |= {
            f"{name}_per_second": round(rate),
            f"{name}_cpu_ms": round(cpu, 3),
            f"{name}_floor_per_second": round(floor),
            f"{name}_of_floor": round(rate / floor, 2),
        }
        per_round = " ".join(f"{each[0]:.0f}" for each in ours)
        rows.append((f"{name}: turns", rate, cpu, per_round))
        rows.append((f"{name}: bare two inserts, a commit each", floor, "", " ".join(f"{each:.0f}" for each in floors)))
    if "postgresql" in results:
        figures["postgresql_fsync"] = fsync
    publish("turns", figures, ("end to end", "per second", "cpu ms a turn", "rounds"), rows)
