"""SQLite on aiosqlite: one connection that writes, one that reads beside it, and each group in one awaited call.

A commit costs a flush of the disk, so units that wait are committed together. They nearly always hold; so a group first
runs as it is, and only when one of them fails is it run again with a savepoint each. Reads have their own connection
(WAL: readers and the writer do not wait for each other).
"""

import asyncio
import contextlib
import sqlite3
import time
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite

from bot.ports import Conflict
from storage.engines.engine import Read, Result, Write
from storage.engines.grouping import GroupEngine, note_time
from storage.engines.sqlite_file import OPTIONS, prepare, unavailable
from storage.engines.statement import Statement
from storage.errors import Unmet
from storage.private import make_private
from storage.rows import Row

_FAULTS = (
    sqlite3.IntegrityError,
    sqlite3.ProgrammingError,
    sqlite3.InterfaceError,
    sqlite3.DataError,
    Unmet,
    LookupError,
    ValueError,
    TypeError,
    OverflowError,
)
"""What is wrong with one unit, not with the database."""
_Made = TypeVar("_Made")


class _Handed(sqlite3.Connection):
    """The connection that aiosqlite keeps in its thread. Its `commit` does what was handed over, there.

    aiosqlite's public `commit` runs that of the connection which its `factory` made, and returns when it is done: the
    one public call that takes nothing and brings nothing along but its end. So a whole group is one hop, not one a
    statement. Nothing else uses that `commit`: our transactions begin and end by statements of their own.
    """

    def __init__(self, todo: "deque[Callable[[sqlite3.Connection], None]]", *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._todo = todo

    def commit(self) -> None:
        """Do the next thing that was handed over."""
        self._todo.popleft()(self)


class _Thread:
    """A connection in aiosqlite's thread, and the way to have work done with it."""

    def __init__(self, path: Path) -> None:
        self._todo: deque[Callable[[sqlite3.Connection], None]] = deque()
        self._connection = aiosqlite.connect(path, factory=partial(_Handed, self._todo), **OPTIONS)
        self._is_enough = asyncio.Event()
        self._kept: asyncio.Task[None]

    async def open(self) -> None:
        """Open the file; what fails leaves nothing open."""
        await self._connection
        try:
            await self.do(prepare)
        except BaseException:
            await self._connection.close()
            raise
        self._kept = asyncio.create_task(self._keep())
        await asyncio.sleep(0)  # so that it has begun, and will end

    async def _keep(self) -> None:
        """Close the file when told, or when the loop ends without a word: the thread would keep the process alive."""
        try:
            await self._is_enough.wait()
        finally:
            await self._connection.close()

    async def do(self, work: Callable[[sqlite3.Connection], _Made]) -> _Made:
        """Return what `work` makes of the connection, in its thread; calls are done in their order."""
        made: list[_Made] = []
        self._todo.append(lambda connection: made.append(work(connection)))
        await self._connection.commit()
        return made[0]

    async def close(self) -> None:
        """Close the file and end the thread."""
        self._is_enough.set()
        await self._kept


class SqliteEngine(GroupEngine):
    """The engine over one SQLite file."""

    def __init__(self, path: Path) -> None:
        """Remember the file; `start` opens it."""
        super().__init__()
        self._path = path
        self._threads: list[_Thread] = []

    async def connect(self) -> None:
        """Open both connections."""
        try:
            make_private(self._path)
            for _ in range(2):
                thread = _Thread(self._path)
                await thread.open()
                self._threads.append(thread)
        except (sqlite3.Error, OSError) as error:
            await self.disconnect()
            raise unavailable(self._path, error) from error

    async def disconnect(self) -> None:
        """Close both connections."""
        while self._threads:
            await self._threads.pop().close()

    async def transact(self, units: Sequence[Sequence[Write]]) -> Sequence[list[Result] | Exception]:
        """Commit the units together, in one hop; one that does not hold is undone alone."""
        return await self._threads[0].do(lambda connection: self._write(connection, units))

    async def ask(self, plans: Sequence[Sequence[Read]]) -> Sequence[list[Sequence[Row]] | Exception]:
        """Read for all of them in one hop, of one state."""
        return await self._threads[1].do(lambda connection: self._read(connection, plans))

    def meaning(self, error: Exception) -> Exception:
        """Return what a failure means: a unique key or an expectation that does not hold is a Conflict."""
        if isinstance(error, Unmet) or (isinstance(error, sqlite3.IntegrityError) and "UNIQUE" in str(error)):
            return Conflict(str(error))
        if isinstance(error, sqlite3.Error) and not isinstance(error, _FAULTS):
            return unavailable(self._path, error)
        return error

    # In the threads of the connections

    def _read(self, connection: sqlite3.Connection, plans: Sequence[Sequence[Read]]) -> list[Any]:
        connection.execute("BEGIN")
        try:
            return [self._answer(connection, plan) for plan in plans]
        finally:
            connection.execute("COMMIT")

    def _answer(self, connection: sqlite3.Connection, plan: Sequence[Read]) -> list[Sequence[Row]] | Exception:
        try:
            return [self._run(connection, statement, values, gives=True).rows for statement, values in plan]
        except _FAULTS as error:
            return error

    def _write(self, connection: sqlite3.Connection, units: Sequence[Sequence[Write]]) -> list[Any]:
        try:
            connection.execute("BEGIN IMMEDIATE")
            outcomes: list[Any]
            try:
                outcomes = [self._apply(connection, unit) for unit in units]
            except _FAULTS as error:
                connection.execute("ROLLBACK")
                if len(units) == 1:
                    return [self.meaning(error)]
                connection.execute("BEGIN IMMEDIATE")
                outcomes = [self._try(connection, unit) for unit in units]
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                with contextlib.suppress(sqlite3.Error):
                    connection.execute("ROLLBACK")
            raise
        return outcomes

    def _try(self, connection: sqlite3.Connection, unit: Sequence[Write]) -> list[Result] | Exception:
        """Run one unit so that its failure undoes it alone."""
        connection.execute("SAVEPOINT unit")
        try:
            results = self._apply(connection, unit)
        except _FAULTS as error:
            connection.execute("ROLLBACK TO unit")
            connection.execute("RELEASE unit")
            return self.meaning(error)
        connection.execute("RELEASE unit")
        return results

    def _apply(self, connection: sqlite3.Connection, unit: Sequence[Write]) -> list[Result]:
        results = []
        for statement, values, expected in unit:
            result = self._run(connection, statement, values, gives=statement.gives)
            if expected is not None and result.changed != expected:
                raise Unmet(statement.name)
            results.append(result)
        return results

    def _run(self, connection: sqlite3.Connection, statement: Statement, values: Any, *, gives: bool) -> Result:
        compiled = statement.compile("sqlite")
        began = time.perf_counter()
        cursor = connection.execute(compiled.sql, compiled.pick(values))
        rows: Sequence[Row] = cursor.fetchall() if gives else ()
        note_time(statement, began)
        return Result(cursor.rowcount, rows)
