"""The scheduler on both databases: what fails or takes long keeps nobody waiting, and has its effect once."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest
from structlog.testing import capture_logs

from bot.clock import MovableClock
from bot.ids import new_id
from bot.messages import Say
from bot.ports import Conflict, Job
from bot.scheduler import Scheduler, pause_after
from bot.text import verbatim
from storage import Database
from tests.storage.given import NOW, Opener, Wall, address, given, person

LEASE = 31.0
"""Seconds after which a lease has run out."""


async def set_jobs(storage: Database, *keys: str) -> None:
    """Let jobs fall due, one a minute, the last of them now."""
    async with storage.unit_of_work() as unit:
        for number, key in enumerate(reversed(keys)):
            unit.jobs.add(Job(new_id(), 1, "work", key, NOW - timedelta(minutes=number), {}))
        await unit.commit()


def worker(
    storage: Database, clock: MovableClock, work: Callable[[Job, datetime], Awaitable[None]], done: list[str]
) -> Scheduler:
    """Return a scheduler whose jobs are `work`, and write one message each, together with being done."""

    async def do(job: Job, now: datetime) -> None:
        await work(job, now)
        async with storage.unit_of_work() as unit:
            unit.outbox.add(address(), Say(verbatim(job.key)), turn="", at=now)
            unit.jobs.done(job)
            try:
                await unit.commit()
            except Conflict:
                return
        done.append(job.key)

    return Scheduler(storage, clock, do)


@pytest.fixture
def clock() -> MovableClock:
    """Give the service's clock."""
    return MovableClock(NOW)


async def test_a_job_that_always_fails(storage: Database, wall: Wall, clock: MovableClock) -> None:
    """It rests, the others are done; it is tried for as long as it is there, and an operator sees it."""
    await given(storage, person(10))
    done: list[str] = []
    is_broken = True

    async def work(job: Job, _: datetime) -> None:
        if job.key == "bad" and is_broken:
            raise ValueError("a fault of ours")

    scheduler = worker(storage, clock, work, done)
    await set_jobs(storage, "bad", *(f"good {number}" for number in range(30)))
    with capture_logs() as logged:
        await scheduler.do_due(NOW)
    assert [f"good {number}" for number in range(30)] == done
    assert [("job failed", 1, 1.0)] == [(each["event"], each["tries"], each["again_in"]) for each in logged]
    wall.move(1)
    for _ in range(1100):  # more failures than a power of two has room for
        [claimed] = await storage.jobs.claim(NOW, 5)
        await storage.jobs.postpone(claimed, 0)
    assert 1 == (await storage.backlog()).jobs_failing
    await set_jobs(storage, "another")
    with capture_logs() as logged:
        await scheduler.do_due(NOW)
    assert "another" == done[-1]
    assert [(1102, 3600.0)] == [(each["tries"], each["again_in"]) for each in logged if each["event"] == "job failed"]
    is_broken = False
    wall.move(3601)
    await scheduler.do_due(NOW)
    assert "bad" == done[-1]
    assert 0 == (await storage.backlog()).jobs_failing


def test_pauses_grow_to_an_hour() -> None:
    """One second, then twice as long each time."""
    assert [1, 2, 4, 2048, 3600, 3600] == [pause_after(tries) for tries in (0, 1, 2, 11, 12, 10_000)]


async def test_a_job_longer_than_its_lease(opened: Opener, wall: Wall, clock: MovableClock) -> None:
    """Another process takes it over meanwhile; whoever is done first counts, and the effect is there once."""
    first, second = await opened(), await opened()
    await given(first, person(10))
    done: list[str] = []
    quick = worker(second, clock, _nothing, done)

    async def long(_: Job, __: datetime) -> None:
        wall.move(LEASE)
        await quick.do_due(NOW)

    await set_jobs(first, "long", "next")
    await worker(first, clock, long, done).do_due(NOW)
    assert ["long", "next"] == done
    assert 2 == (await first.backlog()).outbox


async def test_time_goes_on_while_jobs_are_done(storage: Database, clock: MovableClock) -> None:
    """After an outage there may be thousands: each is done by the clock as it is then, not as it was at the start."""
    await given(storage, person(10))
    times: list[datetime] = []

    async def work(_: Job, now: datetime) -> None:
        times.append(now)
        clock.move_to(now + timedelta(seconds=1))

    await set_jobs(storage, *(str(number) for number in range(25)))
    await worker(storage, clock, work, []).do_due(NOW)
    assert [NOW + timedelta(seconds=number) for number in range(25)] == times


async def test_what_falls_due_meanwhile_is_not_kept_waiting(storage: Database, clock: MovableClock) -> None:
    """A job of a later instant is done in the same go, once its instant has come."""
    await given(storage, person(10))
    done: list[str] = []

    async def work(job: Job, _: datetime) -> None:
        if job.key == "old":
            clock.move_to(NOW + timedelta(minutes=5))

    async with storage.unit_of_work() as unit:
        unit.jobs.add(Job(new_id(), 1, "work", "soon", NOW + timedelta(minutes=4), {}))
        await unit.commit()
    await set_jobs(storage, "old")
    await worker(storage, clock, work, done).do_due(NOW)
    assert ["old", "soon"] == done


async def _nothing(_: Job, __: datetime) -> None:
    """Do nothing but be done."""
