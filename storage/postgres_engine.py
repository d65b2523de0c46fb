"""PostgreSQL: asyncpg with group commit and group reads.

A round trip costs more than the work it asks for. So reads that wait are joined: each kind of statement is asked once
for all callers. Units that wait are written in one transaction, each kind of statement in one exchange; when one of
them does not hold, the transaction is undone and each runs alone.
"""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import structlog

from bot.pace import gently
from bot.ports import Conflict, Unavailable
from storage.engine import Read, Result, Write
from storage.errors import Unmet
from storage.postgres_sql import Texts, texts_of
from storage.rows import Row
from storage.statement import Statement

_log = structlog.get_logger("storage")
_GROUP = 64
_SLOW_S = 1.0
_READERS = 2
_WRITERS = 2
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

_Unit = tuple[Sequence[Write], asyncio.Future[list[Result]]]
_Plan = tuple[Sequence[Read], asyncio.Future[list[Sequence[Row]]]]


class _CommitLost(Exception):
    """The connection went away while the commit was on its way: nobody knows whether it was done."""


class PostgresEngine:
    """The engine over one PostgreSQL database."""

    def __init__(self, dsn: str) -> None:
        """Remember the address; `start` connects."""
        self._dsn = dsn
        self._pool: asyncpg.Pool[Any] | None = None
        self._texts: dict[Statement, Texts] = {}
        self._units: deque[_Unit] = deque()
        self._plans: deque[_Plan] = deque()
        self._writers = 0
        self._readers = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_open = False

    async def start(self) -> None:
        """Open the pool."""
        try:
            self._pool = await asyncpg.create_pool(
                self._dsn,
                min_size=0,  # a floor is restored in the background, with a traceback a second while nobody answers
                init_size=1,
                max_size=_READERS + _WRITERS + 1,
                timeout=10,
                command_timeout=60,
                statement_cache_size=512,
                max_cached_statement_lifetime=0,
                server_settings={"application_name": "smena"},
            )
        except (*_LOST, asyncpg.PostgresError, ValueError) as error:
            raise unavailable(error) from error
        self._is_open = True

    async def close(self) -> None:
        """Finish what waits, then disconnect; what comes from now on is refused."""
        self._is_open = False
        while self._tasks:
            # Not gather: for tasks that are done it gives nobody a turn (since Python 3.12), so that they never leave.
            await asyncio.wait(self._tasks)
        pool, self._pool = self._pool, None
        if pool is not None:
            try:
                async with asyncio.timeout(10):
                    await pool.close()
            except (TimeoutError, *_LOST):
                pool.terminate()

    async def read(self, plan: Sequence[Read]) -> list[Sequence[Row]]:
        """Ask together with whoever else waits."""
        self._must_be_open()
        future: asyncio.Future[list[Sequence[Row]]] = asyncio.get_running_loop().create_future()
        self._plans.append((plan, future))
        if self._readers < _READERS:
            self._readers += 1
            self._run(self._read_all())
        return await future

    async def write(self, unit: Sequence[Write]) -> list[Result]:
        """Write together with whoever else waits; returns when it is committed."""
        self._must_be_open()
        future: asyncio.Future[list[Result]] = asyncio.get_running_loop().create_future()
        self._units.append((unit, future))
        if self._writers < _WRITERS:
            self._writers += 1
            self._run(self._write_all())
        return await future

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _must_be_open(self) -> None:
        if not self._is_open:
            raise Unavailable("The database is closed.")

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

    # Reading

    async def _read_all(self) -> None:
        try:
            while self._plans:
                group = [self._plans.popleft() for _ in range(min(_GROUP, len(self._plans)))]
                await self._read_group(group)
        finally:
            self._readers -= 1

    async def _read_group(self, group: list[_Plan]) -> None:
        for is_last in (False, True):
            try:
                async with self._connection() as connection:
                    found = await self._read_on(connection, [plan for plan, _ in group])
            except Exception as error:  # noqa: BLE001 - whatever it is, the callers must hear of it
                if _is_lost(error) and not is_last:
                    continue
                if len(group) > 1 and not _is_lost(error):
                    for each in group:
                        await self._read_group([each])
                    return
                _refuse([future for _, future in group], _meaning(error))
                return
            for (_, future), rows in zip(group, found, strict=True):
                if not future.done():
                    future.set_result(rows)
            return

    async def _read_on(self, connection: Any, plans: list[Sequence[Read]]) -> list[list[Sequence[Row]]]:
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
            _note_time(statement, began)
        return found

    # Writing

    async def _write_all(self) -> None:
        try:
            while self._units:
                group = [self._units.popleft() for _ in range(min(_GROUP, len(self._units)))]
                await self._write_group(group)
        finally:
            self._writers -= 1

    async def _write_group(self, group: list[_Unit]) -> None:
        for is_last in (False, True):
            try:
                results = await self._transact([unit for unit, _ in group])
            except Exception as error:  # noqa: BLE001 - whatever it is, the callers must hear of it
                if _is_lost(error) and not is_last:
                    continue  # lost before the commit was asked for: nothing was done
                if len(group) > 1 and not _is_lost(error) and not isinstance(error, _CommitLost):
                    for each in group:
                        await self._write_group([each])
                    return
                _refuse([future for _, future in group], _meaning(error))
                return
            for (_, future), result in zip(group, results, strict=True):
                if not future.done():
                    future.set_result(result)
            return

    async def _transact(self, units: list[Sequence[Write]]) -> list[list[Result]]:
        async with self._connection() as connection:
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

    async def _apply(self, connection: Any, units: list[Sequence[Write]]) -> list[list[Result]]:
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
            _note_time(statement, began)
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


def _meaning(error: Exception) -> Exception:
    """Return what a failure means to a caller."""
    if isinstance(error, Unmet | asyncpg.UniqueViolationError | asyncpg.TransactionRollbackError):
        return Conflict(str(error))
    if isinstance(error, _CommitLost):
        return Unavailable("The PostgreSQL database went away during a commit.")
    return unavailable(error) if _is_lost(error) else error


def _refuse(futures: Sequence[asyncio.Future[Any]], error: Exception) -> None:
    for future in futures:
        if not future.done():
            future.set_exception(error)


def _note_time(statement: Statement, began: float) -> None:
    took = time.perf_counter() - began
    if took > _SLOW_S:
        _log.warning("slow statement", statement=statement.name, seconds=round(took, 3))
