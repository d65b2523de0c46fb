"""Durable timers: moved, kept, taken back; and the portals that have them."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.portal import Portal
from bot.ports import Job
from storage import Database
from tests.storage.given import NOW, PORTAL, given, person


def job(number: int, minutes: int, key: str = "") -> Job:
    """Return a job that falls due so many minutes from now."""
    return Job(number, 1, "watch", key, NOW + timedelta(minutes=minutes), {"number": number})


async def test_a_job_is_moved_or_kept(storage: Database) -> None:
    """`add` moves what is there, `keep` leaves it; where there is none both make one."""
    await given(storage, person(10))
    unit = storage.unit_of_work()
    unit.jobs.keep(job(1, 10))
    await unit.commit()
    unit = storage.unit_of_work()
    unit.jobs.keep(job(2, 5))
    await unit.commit()
    assert NOW + timedelta(minutes=10) == await storage.jobs.next_due()
    unit = storage.unit_of_work()
    unit.jobs.add(job(3, 7))
    await unit.commit()
    [due] = await storage.jobs.claim(NOW + timedelta(hours=1), 10)
    assert (3, {"number": 3}) == (due.id, due.payload)


async def test_a_job_is_hastened(storage: Database) -> None:
    """Earlier, and as it is; never later; where there is none nothing happens."""
    await given(storage, person(10))
    unit = storage.unit_of_work()
    unit.jobs.add(job(1, 10))
    await unit.commit()
    unit = storage.unit_of_work()
    unit.jobs.hasten(1, "watch", "", NOW + timedelta(minutes=5))
    unit.jobs.hasten(1, "watch", "other", NOW)
    await unit.commit()
    unit = storage.unit_of_work()
    unit.jobs.hasten(1, "watch", "", NOW + timedelta(minutes=20))
    await unit.commit()
    [due] = await storage.jobs.claim(NOW + timedelta(hours=1), 10)
    assert (1, NOW + timedelta(minutes=5), {"number": 1}) == (due.id, due.run_at, due.payload)


async def test_a_job_that_sets_itself_anew(storage: Database) -> None:
    """Done and added again in one unit of work: there is one, the later."""
    await given(storage, person(10))
    unit = storage.unit_of_work()
    unit.jobs.add(job(1, 0))
    await unit.commit()
    [due] = await storage.jobs.claim(NOW, 10)
    unit = storage.unit_of_work()
    unit.jobs.add(job(2, 30))
    unit.jobs.done(due)
    await unit.commit()
    assert [] == await storage.jobs.claim(NOW, 10)
    assert [2] == [each.id for each in await storage.jobs.claim(NOW + timedelta(minutes=30), 10)]


async def test_a_claimed_job_that_is_gone(storage: Database) -> None:
    """Claimed it is still to be done; moved, done or taken back it is not."""
    await given(storage, person(10))
    for ending in ("add", "done", "cancel"):
        unit = storage.unit_of_work()
        unit.jobs.add(job(1, 0))
        await unit.commit()
        [due] = await storage.jobs.claim(NOW, 10)
        assert await storage.jobs.has(due)
        unit = storage.unit_of_work()
        if ending == "add":
            unit.jobs.add(job(2, 0))
        elif ending == "done":
            unit.jobs.done(due)
        else:
            unit.jobs.cancel(1, "watch", "")
        await unit.commit()
        assert not await storage.jobs.has(due), ending


async def test_active_portals(storage: Database) -> None:
    """Those that use the service now."""
    await given(storage, person(10))
    unit = storage.unit_of_work()
    unit.portals.add(Portal(2, "gone.example", is_active=False))
    unit.portals.add(Portal(3, "other.example"))
    await unit.commit()
    assert [1, 3] == [each.id for each in await storage.unit_of_work().portals.active()]
    unit = storage.unit_of_work()
    unit.portals.put(replace(PORTAL, is_active=False))
    assert [3] == [each.id for each in await unit.portals.active()]
