"""PostgreSQL: asyncpg with group commit and group reads.

A round trip costs more than the work it asks for. So reads that wait are joined: each kind of statement is asked once
for all callers. Units that wait are written in one transaction, each kind of statement in one exchange; when one of
them does not hold, the transaction is undone and each runs alone.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import asyncpg

from bot.gently import gently
from bot.ports import Conflict, Unavailable
from storage.engines.engine import Read, Result, Write
from storage.engines.grouping import GroupEngine, note_time
from storage.engines.postgres_sql import Texts, texts_of
from storage.engines.statement import Statement
from storage.errors import Unmet
from storage.rows import Row

_LOST = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InterfaceError,
)
"""The connection is gone or cannot be had. Wrong parameters are an InterfaceError as well, and a ValueError."""
SETTINGS = {"application_name": "smena", "jit": "off", "enable_seqscan": "off", "enable_bitmapscan": "off"}
"""Every statement finds its rows by a key or an index, and a plan says so whatever the server believes.

In a young database, or in one that was analysed in a quiet night, it believes that nothing waits, and claims would read
all that does for each row of it. What is compiled for a claim takes longer than the claim.
"""
_Asked = TypeVar("_Asked")
_Answers = TypeVar("_Answers")


class _CommitLost(Exception):
    """The connection went away while the commit was on its way: nobody knows whether it was done."""


class PostgresEngine(GroupEngine):
    """The engine over one PostgreSQL database."""

    writers = 2
    readers = 2

    def __init__(self, dsn: str) -> None:
        """Remember the address; `start` connects."""
        super().__init__()
        self._dsn = dsn
        self._pool: asyncpg.Pool[Any] | None = None
        self._texts: dict[Statement, Texts] = {}

    async def connect(self) -> None:
        """Open the pool."""
        try:
            self._pool = await asyncpg.create_pool(
                self._dsn,
                min_size=0,  # a floor is restored in the background, with a traceback a second while nobody answers
                init_size=1,
                max_size=self.readers + self.writers + 1,
                timeout=10,
                command_timeout=60,
                statement_cache_size=512,
                max_cached_statement_lifetime=0,
                server_settings=SETTINGS,
            )
        except (*_LOST, asyncpg.PostgresError, ValueError) as error:
            raise unavailable(error) from error

    async def disconnect(self) -> None:
        """Close the pool, or cut it off where the server does not answer."""
        pool, self._pool = self._pool, None
        if pool is not None:
            try:
                async with asyncio.timeout(10):
                    await pool.close()
            except (TimeoutError, *_LOST):
                pool.terminate()

    async def transact(self, units: Sequence[Sequence[Write]]) -> Sequence[list[Result]]:
        """Write all units in one transaction, each kind of statement in one exchange."""
        return await self._unless_lost(self._transact, units)

    async def ask(self, plans: Sequence[Sequence[Read]]) -> Sequence[list[Sequence[Row]]]:
        """Ask each kind of statement once for all plans."""
        return await self._unless_lost(self._ask, plans)

    def meaning(self, error: Exception) -> Exception:
        """Return what a failure means to a caller."""
        if isinstance(error, Unmet | asyncpg.UniqueViolationError | asyncpg.TransactionRollbackError):
            return Conflict(str(error))
        if isinstance(error, _CommitLost):
            return Unavailable("The PostgreSQL database went away during a commit.")
        return unavailable(error) if _is_lost(error) else error

    async def _unless_lost(self, work: Callable[[Any, _Asked], Awaitable[_Answers]], asked: _Asked) -> _Answers:
        """Work on a connection; on another where that one turns out to be gone, for nothing was done on it."""
        try:
            async with self._connection() as connection:
                return await work(connection, asked)
        except Exception as error:
            if not _is_lost(error):
                raise
        async with self._connection() as connection:
            return await work(connection, asked)

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Any]:
        if self._pool is None:
            raise Unavailable("The database is closed.")
        async with self._pool.acquire(timeout=10) as connection:
            yield connection

    def _text(self, statement: Statement) -> Texts:
        texts = self._texts.get(statement)
        if texts is None:
            texts = self._texts[statement] = texts_of(statement)
        return texts

    async def _ask(self, connection: Any, plans: Sequence[Sequence[Read]]) -> list[list[Sequence[Row]]]:
        """Run plans together. People are read before their logs: a version may be older than the log, never newer."""
        found: list[list[Sequence[Row]]] = [[()] * len(plan) for plan in plans]
        kinds: dict[Statement, list[tuple[int, int, tuple[Any, ...]]]] = {}
        for number, plan in enumerate(plans):
            for place, (statement, values) in enumerate(plan):
                picked = self._text(statement).compiled.pick(values)
                kinds.setdefault(statement, []).append((number, place, picked))
        for statement in sorted(kinds, key=lambda each: each.rank):
            asked, texts = kinds[statement], self._text(statement)
            began = time.perf_counter()
            if len(asked) == 1 or not texts.compiled.names:
                for number, place, picked in asked:
                    found[number][place] = await connection.fetch(texts.compiled.sql, *picked)
            else:
                columns = zip(*(values for _, _, values in asked), strict=True)
                rows = await connection.fetch(texts.many, range(len(asked)), *columns)
                shares: list[list[Row]] = [[] for _ in asked]
                for row in rows:
                    whole = tuple(row)
                    shares[whole[0]].append(whole[1:])
                for (number, place, _), share in zip(asked, shares, strict=True):
                    found[number][place] = share
            note_time(statement, began)
        return found

    async def _transact(self, connection: Any, units: Sequence[Sequence[Write]]) -> list[list[Result]]:
        transaction = connection.transaction()
        await transaction.start()
        try:
            results = await self._apply(connection, units)
        except BaseException:
            if not connection.is_closed():
                await transaction.rollback()
            raise
        try:
            await transaction.commit()
        except _LOST as error:
            raise _CommitLost(str(error)) from error
        return results

    async def _apply(self, connection: Any, units: Sequence[Sequence[Write]]) -> list[list[Result]]:
        results: list[list[Result]] = [[Result(0)] * len(unit) for unit in units]
        kinds: dict[Statement, list[tuple[int, int, Write]]] = {}
        for number, unit in enumerate(units):
            for place, write in enumerate(unit):
                kinds.setdefault(write.statement, []).append((number, place, write))
        for statement in sorted(kinds, key=lambda each: each.rank):
            asked = kinds[statement]
            if statement.lock and len(asked) > 1:
                asked.sort(key=lambda each: each[2].values[statement.lock])
            began = time.perf_counter()
            done = await self._together(connection, statement, [write for _, _, write in asked])
            note_time(statement, began)
            for (number, place, write), result in zip(asked, done, strict=True):
                if write.expected is not None and write.expected != result.changed:
                    raise Unmet(statement.name)
                results[number][place] = result
        return results

    async def _together(self, connection: Any, statement: Statement, writes: list[Write]) -> list[Result]:
        """Run one statement for each write, in one exchange where that can be."""
        texts = self._text(statement)
        pick = texts.compiled.pick
        if statement.gives:
            given = [await connection.fetch(texts.compiled.sql, *pick(write.values)) for write in writes]
            return [Result(len(rows), rows) for rows in given]
        if statement.many or len(writes) == 1:
            told = [await connection.execute(texts.compiled.sql, *pick(write.values)) for write in writes]
            return [Result(int(status.rsplit(" ", 1)[-1])) for status in told]
        picked = await gently(lambda write: pick(write.values), writes)
        if not statement.key:
            await connection.executemany(texts.compiled.sql, picked)
            return [Result(1)] * len(writes)
        rows = await connection.fetchmany(texts.telling, picked)
        changed: dict[Any, int] = {}
        for row in rows:
            changed[row[0]] = changed.get(row[0], 0) + 1
        return [_share(changed, write.values[statement.key]) for write in writes]


def _share(changed: dict[Any, int], key: Any) -> Result:
    """Take one of the changes of that key, as long as there are any."""
    if changed.get(key, 0) < 1:
        return Result(0)
    changed[key] -= 1
    return Result(1)


def unavailable(error: BaseException) -> Unavailable:
    """Word an error of the server for the person who runs the program."""
    sentence = f"The PostgreSQL database cannot be used: {str(error) or type(error).__name__}."
    return Unavailable(sentence, may_pass=_is_lost(error))


def _is_lost(error: BaseException) -> bool:
    return isinstance(error, _LOST) and not isinstance(error, ValueError)
