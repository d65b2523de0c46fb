"""One way to group, for both engines: what the loop brings in one of its rounds goes to the database together.

A hop to a thread, a round trip and a flush of the disk each cost more than the work they are for. So whoever comes
while a group is under way waits for the next one; nobody is held up to make a group bigger.
"""

import asyncio
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

import structlog

from bot.ports import Unavailable
from storage.engines.engine import Read, Result, Write
from storage.engines.statement import Statement
from storage.rows import Row

_log = structlog.get_logger("storage")
_GROUP = 64
_SLOW_S = 1.0

_Asked = TypeVar("_Asked")
_Answer = TypeVar("_Answer")


class Lane(Generic[_Asked, _Answer]):
    """What waits for one kind of work, and at most `width` groups of it under way."""

    def __init__(
        self,
        run: Callable[[Sequence[_Asked]], Awaitable[Sequence[_Answer | Exception]]],
        meaning: Callable[[Exception], Exception],
        width: int,
    ) -> None:
        """Have `run` do a whole group; it answers each, or raises what `meaning` words when nothing was done."""
        self._run = run
        self._meaning = meaning
        self._width = width
        self._waiting: deque[tuple[_Asked, asyncio.Future[_Answer]]] = deque()
        self._workers = 0
        self._tasks: set[asyncio.Task[None]] = set()

    def add(self, asked: _Asked) -> "asyncio.Future[_Answer]":
        """Let it wait for its group, which is made up when this round of the loop is over."""
        future: asyncio.Future[_Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((asked, future))
        if len(self._waiting) == 1 or len(self._waiting) > _GROUP:
            self._begin()
        return future

    async def end(self) -> None:
        """Return when everything is answered."""
        while self._tasks:
            # Not gather: for tasks that are done it gives nobody a turn (since Python 3.12), so that they never leave.
            await asyncio.wait(self._tasks)

    def _begin(self) -> None:
        if self._workers < self._width:
            self._workers += 1
            task = asyncio.get_running_loop().create_task(self._work())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _work(self) -> None:
        try:
            while self._waiting:
                await self._answer([self._waiting.popleft() for _ in range(min(_GROUP, len(self._waiting)))])
        finally:
            self._workers -= 1

    async def _answer(self, group: list[tuple[_Asked, asyncio.Future[_Answer]]]) -> None:
        """Answer all of them together; where that fails through one of them, each alone."""
        outcomes: Sequence[_Answer | Exception]
        try:
            outcomes = await self._run([asked for asked, _ in group])
        except Exception as error:  # noqa: BLE001 - whatever it is, the callers must hear of it
            meant = self._meaning(error)
            if len(group) > 1 and not isinstance(meant, Unavailable):
                for each in group:
                    await self._answer([each])
                return
            outcomes = [meant] * len(group)
        for (_, future), outcome in zip(group, outcomes, strict=True):
            if future.done():
                continue  # the caller was cancelled
            if isinstance(outcome, Exception):
                future.set_exception(outcome)
            else:
                future.set_result(outcome)


class GroupEngine(ABC):
    """An engine that works in groups. What is its database's own stands in the five methods of its subclass."""

    writers = 1
    readers = 1
    """So many groups may be under way at once."""

    def __init__(self) -> None:
        """Begin closed."""
        self._units: Lane[Sequence[Write], list[Result]] = Lane(self.transact, self.meaning, self.writers)
        self._plans: Lane[Sequence[Read], list[Sequence[Row]]] = Lane(self.ask, self.meaning, self.readers)
        self._is_open = False

    @abstractmethod
    async def connect(self) -> None:
        """Connect; Unavailable when that fails."""

    @abstractmethod
    async def disconnect(self) -> None:
        """Disconnect; nothing is under way any more."""

    @abstractmethod
    async def transact(self, units: Sequence[Sequence[Write]]) -> Sequence[list[Result] | Exception]:
        """Apply units in one transaction; what it raises has undone all of them."""

    @abstractmethod
    async def ask(self, plans: Sequence[Sequence[Read]]) -> Sequence[list[Sequence[Row]] | Exception]:
        """Return what each plan reads, all its reads of one state of the database."""

    @abstractmethod
    def meaning(self, error: Exception) -> Exception:
        """Return what a failure means to a caller: Conflict, Unavailable where it is the database's, or itself."""

    async def start(self) -> None:
        """Connect; Unavailable when that fails."""
        await self.connect()
        self._is_open = True

    async def close(self) -> None:
        """Finish what was handed over, then disconnect; what comes from now on is refused."""
        self._is_open = False
        await self._units.end()
        await self._plans.end()
        await self.disconnect()

    async def read(self, plan: Sequence[Read]) -> list[Sequence[Row]]:
        """Ask together with whoever else waits."""
        self._must_be_open()
        return await self._plans.add(plan)

    async def write(self, unit: Sequence[Write]) -> list[Result]:
        """Write together with whoever else waits; returns when it is committed."""
        self._must_be_open()
        return await self._units.add(unit)

    def _must_be_open(self) -> None:
        if not self._is_open:
            raise Unavailable("The database is closed.")


def note_time(statement: Statement, began: float) -> None:
    """Name a statement that was slow to the operator."""
    took = time.perf_counter() - began
    if took > _SLOW_S:
        _log.warning("slow statement", statement=statement.name, seconds=round(took, 3))
