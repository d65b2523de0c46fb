"""(j) Growth: what a claim costs while very much waits, and how long anybody's write waits for tidying.

Claims of 64 with 100,000 waiting, one person each, in a database that was made a minute ago, and in one that was
analysed while its queue was empty. Then tidying of 1,000,000 old rows while a message arrives every few milliseconds.
"""

import asyncio
import sqlite3
import time
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import asyncpg

from benchmarks.report import as_in_production, median, percentile, publish
from benchmarks.size import size
from benchmarks.turns import a_server
from bot.ids import new_id
from bot.messages import Incoming, IncomingKind, Sender
from storage import Database, open_storage
from storage.message_json import incoming_text
from storage.migrate import migrate

WAITING = size(100_000, 300)
OLD = size(1_000_000, 2_500)
CLAIMS = size(20, 3)
SECRET = "s" * 40
EVERY = 0.005
ONE = Incoming("bitrix24", "p.example", "1", IncomingKind.TEXT, Sender("1"), "1", datetime.now(UTC), "пришла")
Run = Callable[[str, str], Awaitable[None]]
"""Runs a statement on a database."""
Measure = Callable[[str, Callable[[], Awaitable[str]], Run, str], Coroutine[Any, Any, None]]
"""Measures on a database: its name, what makes one, and how its statements run and count."""
FILL = (
    "INSERT INTO inbox (id, channel, realm, event_id, lane, state, body, stored_at, due_at, leased_until, worker, "
    "tries, reason) SELECT n, 'bitrix24', 'p.example', 'm' || n, 'e:' || n, '{state}', '{body}', 0, 0, 0, '', 0, '' "
    "FROM {numbers}"
)
SQLITE_NUMBERS = "(WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {count}) SELECT n FROM c)"
POSTGRES_NUMBERS = "generate_series(1, {count}) AS n"


async def on_sqlite(url: str, statement: str) -> None:
    """Run it on the file."""
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as connection:
        connection.execute(statement)


async def on_postgres(url: str, statement: str) -> None:
    """Run it on the server."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def opened(url: str) -> Database:
    """Return the storage of a database that has its schema."""
    storage = await open_storage(url, secret_key=SECRET)
    await storage.start()
    return storage


async def claims(url: str, run: Run, fill: str, *, is_analysed: bool) -> float:
    """Return the milliseconds of a claim, the one in the middle of many."""
    await migrate(url)
    if is_analysed:
        await run(url, "VACUUM ANALYZE inbox")
    await run(url, fill)
    storage = await opened(url)
    took = []
    for _ in range(CLAIMS):
        began = time.perf_counter()
        if len(await storage.inbox.claim(64)) != 64:
            raise SystemExit("nothing was claimed")
        took.append((time.perf_counter() - began) * 1000)
    await storage.close()
    return median(took)


async def tidying(url: str, run: Run, fill: str) -> tuple[float, float, float]:
    """Return the seconds of tidying, and how long writes of others waited meanwhile: most of them, and the longest."""
    await migrate(url)
    await run(url, fill)
    storage = await opened(url)
    waits: list[float] = []
    began = time.perf_counter()
    purging = asyncio.create_task(storage.purge())
    while not purging.done():
        at = time.perf_counter()
        await storage.inbox.add([replace(ONE, event_id=f"new {len(waits)}")])
        waits.append((time.perf_counter() - at) * 1000)
        await asyncio.sleep(EVERY)
    took = time.perf_counter() - began
    if await purging != OLD:
        raise SystemExit("not all was deleted")
    await storage.close()
    return took, percentile(waits, 0.99), max(waits)


def on_each_database(folder: str, measure: Measure) -> None:
    """Let something be measured on SQLite and, where there is one to be had, on PostgreSQL."""

    async def file() -> str:
        return f"sqlite:///{folder}/{new_id()}.db"

    asyncio.run(measure("sqlite", file, on_sqlite, SQLITE_NUMBERS))
    with a_server() as server:
        if server is not None:

            async def database() -> str:
                name = f"bench_{new_id()}"
                await on_postgres(server.dsn, f"CREATE DATABASE {name}")
                return server.address(name)

            asyncio.run(measure("postgresql", database, on_postgres, POSTGRES_NUMBERS))


def main() -> None:
    """Measure both databases."""
    figures: dict[str, object] = {"waiting": WAITING, "old": OLD}
    rows: list[tuple[object, ...]] = []

    async def measure(name: str, fresh: Callable[[], Awaitable[str]], run: Run, numbers: str) -> None:
        waiting = FILL.format(state="waiting", body=incoming_text(ONE), numbers=numbers.format(count=WAITING))
        for state, is_analysed in (("young", False), ("analysed while empty", True)):
            if is_analysed and run is on_sqlite:
                continue
            took = await claims(await fresh(), run, waiting, is_analysed=is_analysed)
            figures[f"{name}_claim_{state.replace(' ', '_')}_ms"] = round(took, 2)
            rows.append((f"{name}: claim of 64, {state}", f"{took:.1f} ms", ""))
        took, most, longest = await tidying(
            await fresh(), run, FILL.format(state="done", body="{}", numbers=numbers.format(count=OLD))
        )
        figures.update({f"{name}_tidying_s": round(took, 1), f"{name}_longest_write_ms": round(longest, 1)})
        rows.append(
            (f"{name}: tidying", f"{took:.1f} s", f"writes meanwhile: p99 {most:.1f}, longest {longest:.1f} ms")
        )

    with TemporaryDirectory(prefix="smena-bench-") as folder, as_in_production(Path(folder)):
        on_each_database(folder, measure)
    publish("growth", figures, ("growth", "took", "others"), rows)
