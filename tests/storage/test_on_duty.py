"""What one alone may do is done by one alone, and by another when that one is gone."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from typing import Any

import pytest

from bot.on_duty import DutyHolder
from bot.ports import Duties
from storage import Database
from tests.storage.given import Opener

LEASE = 4.0
"""Seconds of the database's clock, which no test moves."""


class Mortal:
    """The duties of a process that may die: from then on nothing of it comes to the database."""

    def __init__(self, duties: Duties) -> None:
        """Live."""
        self._duties = duties
        self.is_dead = False

    async def claim(self, name: str, seconds: float) -> bool:
        """Ask."""
        return await self._alive(self._duties.claim(name, seconds))

    async def renew(self, name: str, seconds: float) -> bool:
        """Ask again."""
        return await self._alive(self._duties.renew(name, seconds))

    async def renew_all(self, seconds: float) -> Collection[str]:
        """Ask again for all."""
        kept: Collection[str] = await self._alive(self._duties.renew_all(seconds))
        return kept

    async def release(self, name: str) -> None:
        """Give back."""
        await self._alive(self._duties.release(name))

    async def _alive(self, work: Awaitable[Any]) -> Any:
        if self.is_dead:
            work.close()  # type: ignore[attr-defined]
            raise ConnectionError
        return await work


class Process:
    """One of several that would do the work."""

    def __init__(self, storage: Database, lasts: float = LEASE) -> None:
        """Wait for the duty."""
        self.duties = Mortal(storage.duties)
        self.begun = 0
        self.works = False
        self.ends = asyncio.Event()
        self.task = asyncio.ensure_future(DutyHolder(self.duties, lasts=lasts, every=0.02)("work", self._work))

    async def _work(self) -> None:
        self.begun += 1
        self.works = True
        try:
            await self.ends.wait()
        finally:
            self.works = False

    async def stops(self) -> None:
        """End."""
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)


async def until(condition: Callable[[], bool]) -> None:
    """Wait for what other tasks bring about."""
    async with asyncio.timeout(30):
        while not condition():
            await asyncio.sleep(0.005)


async def test_one_works_and_the_next_follows(opened: Opener) -> None:
    """Never two; one that stops gives the duty back, and one that dies is followed when its lease runs out."""
    processes = [Process(await opened(), lasts) for lasts in (60.0, LEASE, LEASE)]
    for left in (3, 2, 1):
        await until(lambda: any(each.works for each in processes))
        await asyncio.sleep(0.05)
        assert 1 == sum(each.works for each in processes)
        (worker,) = [each for each in processes if each.works]
        assert left == len(processes)
        processes.remove(worker)
        if left == 2:
            worker.duties.is_dead = True
        await worker.stops()


async def test_whoever_cannot_reach_the_database_stops_in_time(opened: Opener) -> None:
    """Before the lease runs out, so that another may begin; and begins anew when the database is back."""
    first, second = Process(await opened()), Process(await opened())
    await until(lambda: first.works or second.works)
    worker, other = (first, second) if first.works else (second, first)
    worker.duties.is_dead = True
    await until(lambda: not worker.works)
    assert not other.works
    await until(lambda: other.works)
    worker.duties.is_dead = False
    await other.stops()
    await until(lambda: worker.works)
    assert 2 == worker.begun
    await worker.stops()


async def test_work_that_ends(opened: Opener) -> None:
    """The duty is given back with it, and whoever waits has it then."""
    first, second = Process(await opened(), 60.0), Process(await opened(), 60.0)
    for _ in range(2):
        await until(lambda: first.works or second.works)
        (first if first.works else second).ends.set()
        await until(lambda: first.task.done() or second.task.done())
    await until(lambda: first.task.done() and second.task.done())
    assert (1, 1) == (first.begun, second.begun)


async def test_work_that_fails(storage: Database) -> None:
    """Its failure is whose who asked for it, and the duty is free."""

    async def fails() -> None:
        raise LookupError

    with pytest.raises(LookupError):
        await DutyHolder(storage.duties)("work", fails)
    await DutyHolder(storage.duties)("work", _nothing)


async def _nothing() -> None:
    """Do nothing."""


async def test_many_duties_of_one(storage: Database) -> None:
    """All are kept by one statement; one that is lost ends its own work, and one that is done is not kept on."""
    holder, other = DutyHolder(storage.duties, lasts=LEASE, every=0.02), asyncio.Event()
    begun: dict[str, int] = {}

    async def works(name: str) -> None:
        begun[name] = begun.get(name, 0) + 1
        await other.wait()

    tasks = [asyncio.ensure_future(holder(name, lambda name=name: works(name))) for name in "abc"]
    await until(lambda: len(begun) == 3)
    await asyncio.sleep(0.1)
    assert {"a": 1, "b": 1, "c": 1} == begun
    await storage.duties.release("b")
    await until(lambda: begun["b"] == 2)
    assert (1, 1) == (begun["a"], begun["c"])
    other.set()
    await asyncio.gather(*tasks)
    assert set() == await storage.duties.renew_all(60)
