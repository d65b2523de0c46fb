"""SQLite: one writer thread with group commit, one reader thread beside it.

A commit costs a flush of the disk, so the writer takes whatever units wait and commits them together. Units nearly
always hold; so a group first runs as it is, and only when one of them fails is it run again with a savepoint each.
Reads have their own connection (WAL: readers and the writer do not wait for each other).
"""

import asyncio
import contextlib
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import structlog

from bot.pace import gently
from bot.ports import Conflict, Unavailable
from storage.engine import Read, Result, Write
from storage.errors import Unmet
from storage.private import make_private
from storage.rows import Row
from storage.statement import Compiled, Statement

_log = structlog.get_logger("storage")
_GROUP = 64
_TOGETHER = 8
"""So many make a thread's while; more wait in its queue, so that it works while the loop does."""
_SLOW_S = 1.0
_FAULTS = (
    sqlite3.IntegrityError,
    sqlite3.ProgrammingError,
    sqlite3.InterfaceError,
    sqlite3.DataError,
    Unmet,
    ValueError,
    TypeError,
    OverflowError,
)
"""What is wrong with one unit, not with the database."""
_PRAGMAS = (
    "PRAGMA busy_timeout = 5000",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -16000",
)

Steps = list[tuple[Statement, tuple[Any, ...], int | None]]


class _Job:
    """What one caller waits for: steps to run, and a future of the caller's loop."""

    __slots__ = ("future", "steps")

    def __init__(self, steps: Steps, future: asyncio.Future[Any]) -> None:
        self.steps = steps
        self.future = future


class _Lane:
    """The way to one thread. What the loop brings in one of its rounds goes over together.

    Each hop to a thread takes the interpreter from the loop for a moment; and a thread that was woken by the first of
    many would commit it alone.
    """

    __slots__ = ("_waiting", "queue")

    def __init__(self) -> None:
        self.queue: SimpleQueue[list[_Job] | None] = SimpleQueue()
        self._waiting: list[_Job] = []

    def add(self, job: _Job, loop: asyncio.AbstractEventLoop) -> None:
        """Hand the job over at the end of this round of the loop."""
        self._waiting.append(job)
        if len(self._waiting) == 1:
            loop.call_soon(self.hand_over)
        elif len(self._waiting) == _TOGETHER:
            self.hand_over()

    def hand_over(self) -> None:
        """Hand over what has come together."""
        if self._waiting:
            self.queue.put(self._waiting)
            self._waiting = []


_WAL_PATIENCE = 10.0
"""Seconds that another process may take to bring the file up to date."""
Outcome = tuple[asyncio.Future[Any], Any, BaseException | None]


def connect(path: Path) -> sqlite3.Connection:
    """Open the file as this program uses it; Unavailable with the reason when that fails."""
    try:
        make_private(path)
        connection = sqlite3.connect(
            path, timeout=5, isolation_level=None, check_same_thread=False, cached_statements=512
        )
        try:
            for pragma in _PRAGMAS:
                connection.execute(pragma)
            _use_wal(connection)
        except sqlite3.Error:
            connection.close()
            raise
    except sqlite3.Error as error:
        raise unavailable(path, error) from error
    except OSError as error:
        raise unavailable(path, error.strerror or str(error)) from error
    return connection


def _use_wal(connection: sqlite3.Connection) -> None:
    """Switch the file to write-ahead logging; for that SQLite does not wait by itself while another makes the file."""
    end = time.monotonic() + _WAL_PATIENCE
    while connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > end:
                raise
            time.sleep(0.02)


def unavailable(path: Path, error: object) -> Unavailable:
    """Word an error of the file for the person who runs the program."""
    folder = path.parent
    if folder.is_dir() and not os.access(folder, os.W_OK | os.X_OK):
        me = os.geteuid()
        return Unavailable(
            f"The folder {folder} is closed to uid {me}, which this program runs as: chown {me} {folder}"
        )
    return Unavailable(f"The database file {path} cannot be used: {error}.")


class SqliteEngine:
    """The engine over one SQLite file."""

    def __init__(self, path: Path) -> None:
        """Remember the file; `start` opens it."""
        self._path = path
        self._compiled: dict[Statement, Compiled] = {}
        self._threads: list[threading.Thread] = []
        self._writes = _Lane()
        self._reads = _Lane()
        self._is_open = False
        self._preparing = 0
        self._prepared = asyncio.Event()

    async def start(self) -> None:
        """Open both connections and start their threads."""
        writer = await asyncio.to_thread(connect, self._path)
        reader = await asyncio.to_thread(connect, self._path)
        loop = asyncio.get_running_loop()
        for name, lane, connection, run in (
            ("writer", self._writes, writer, self._write_group),
            ("reader", self._reads, reader, self._read_group),
        ):
            thread = threading.Thread(
                target=self._work, args=(loop, lane.queue, connection, run), name=f"sqlite-{name}", daemon=True
            )
            thread.start()
            self._threads.append(thread)
        self._is_open = True

    async def close(self) -> None:
        """Finish what waits, then stop the threads and close the file; what comes from now on is refused."""
        self._is_open = False
        while self._preparing:
            self._prepared.clear()
            await self._prepared.wait()
        for lane in (self._writes, self._reads):
            lane.hand_over()
            lane.queue.put(None)
        for thread in self._threads:
            await asyncio.to_thread(thread.join)
        self._threads.clear()

    async def read(self, plan: Sequence[Read]) -> list[Sequence[Row]]:
        """Run the plan in the reader thread; all its reads see one state of the database."""
        self._must_be_open()
        pick = self._pick
        found: list[Sequence[Row]] = await self._hand_over(
            self._reads, [(statement, pick(statement, values), None) for statement, values in plan]
        )
        return found

    async def write(self, unit: Sequence[Write]) -> list[Result]:
        """Hand the unit to the writer; returns when it is on the disk."""

        def step(write: Write) -> tuple[Statement, tuple[Any, ...], int | None]:
            return write.statement, self._pick(write.statement, write.values), write.expected

        self._must_be_open()
        self._preparing += 1  # others have a turn meanwhile; one of them may close
        try:
            waiting = self._hand_over(self._writes, await gently(step, unit))
        finally:
            self._preparing -= 1
            self._prepared.set()
        results: list[Result] = await waiting
        return results

    def _pick(self, statement: Statement, values: Any) -> tuple[Any, ...]:
        compiled = self._compiled.get(statement)
        if compiled is None:
            compiled = self._compiled[statement] = statement.compile("sqlite")
        return compiled.pick(values)

    def _must_be_open(self) -> None:
        if not self._is_open:
            raise Unavailable("The database is closed.")

    @staticmethod
    def _hand_over(lane: _Lane, steps: Steps) -> asyncio.Future[Any]:
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        lane.add(_Job(steps, future), loop)
        return future

    def _work(
        self,
        loop: asyncio.AbstractEventLoop,
        queue: SimpleQueue[list[_Job] | None],
        connection: sqlite3.Connection,
        run: Callable[[sqlite3.Connection, list[_Job]], list[Outcome]],
    ) -> None:
        """Take whatever waits, run it as one group, and bring all answers back in one hop."""
        is_last = False
        while not is_last:
            jobs = queue.get()
            group: list[_Job] = []
            while True:
                if jobs is None:
                    is_last = True
                    break
                group += jobs
                if len(group) >= _GROUP or queue.empty():
                    break
                jobs = queue.get()
            if not group:
                continue
            try:
                outcomes = run(connection, group)
            except sqlite3.Error as error:
                if connection.in_transaction:
                    with contextlib.suppress(sqlite3.Error):
                        connection.execute("ROLLBACK")
                failure = unavailable(self._path, error)
                outcomes = [(each.future, None, failure) for each in group]
            # A loop that is gone has nobody left to tell.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(_settle, outcomes)
        connection.close()

    def _read_group(self, connection: sqlite3.Connection, group: list[_Job]) -> list[Outcome]:
        connection.execute("BEGIN")
        try:
            return [self._answer(connection, job) for job in group]
        finally:
            connection.execute("COMMIT")

    def _answer(self, connection: sqlite3.Connection, job: _Job) -> Outcome:
        try:
            return job.future, [self._rows(connection, step) for step in job.steps], None
        except _FAULTS as error:
            return job.future, None, error

    def _rows(self, connection: sqlite3.Connection, step: tuple[Statement, tuple[Any, ...], Any]) -> list[Row]:
        statement, values, _ = step
        began = time.perf_counter()
        rows: list[Row] = connection.execute(self._compiled[statement].sql, values).fetchall()
        _note_time(statement, began)
        return rows

    def _write_group(self, connection: sqlite3.Connection, group: list[_Job]) -> list[Outcome]:
        connection.execute("BEGIN IMMEDIATE")
        try:
            outcomes: list[Outcome] = [(job.future, self._apply(connection, job.steps), None) for job in group]
        except _FAULTS as error:
            connection.execute("ROLLBACK")
            if len(group) == 1:
                return [(group[0].future, None, _meaning(error))]
            connection.execute("BEGIN IMMEDIATE")
            outcomes = [self._try(connection, job) for job in group]
        connection.execute("COMMIT")
        return outcomes

    def _try(self, connection: sqlite3.Connection, job: _Job) -> Outcome:
        """Run one unit so that its failure undoes it alone."""
        connection.execute("SAVEPOINT unit")
        try:
            results = self._apply(connection, job.steps)
        except _FAULTS as error:
            connection.execute("ROLLBACK TO unit")
            connection.execute("RELEASE unit")
            return job.future, None, _meaning(error)
        connection.execute("RELEASE unit")
        return job.future, results, None

    def _apply(self, connection: sqlite3.Connection, steps: Steps) -> list[Result]:
        results = []
        for statement, values, expected in steps:
            began = time.perf_counter()
            cursor = connection.execute(self._compiled[statement].sql, values)
            rows = cursor.fetchall() if statement.gives else ()
            _note_time(statement, began)
            count = cursor.rowcount
            if expected is not None and count != expected:
                raise Unmet(statement.name)
            results.append(Result(count, rows))
        return results


def _meaning(error: Exception) -> Exception:
    """Return what a failed unit means: a unique key or an expectation that does not hold is a Conflict."""
    if isinstance(error, Unmet):
        return Conflict(str(error))
    if isinstance(error, sqlite3.IntegrityError) and "UNIQUE" in str(error):
        return Conflict(str(error))
    return error


def _note_time(statement: Statement, began: float) -> None:
    took = time.perf_counter() - began
    if took > _SLOW_S:
        _log.warning("slow statement", statement=statement.name, seconds=round(took, 3))


def _settle(outcomes: list[Outcome]) -> None:
    for future, result, error in outcomes:
        if future.done():
            continue  # the caller was cancelled
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(result)
