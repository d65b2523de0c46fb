"""Errands on both databases: noted once, claimed in order for each object, doubtful where a try was cut off."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.automation.errand import Errand, ErrandKind, ErrandState
from bot.ids import new_id
from bot.ports import Conflict
from storage import Database
from storage.queues.errands import LEASE_MS
from tests.storage.given import NOW, PORTAL, Opener, Wall, given

OTHER = replace(PORTAL, id=2, key="other.example")
LEASE = LEASE_MS / 1000


def errand(key: str, lane: str = "", portal_id: int = 1, **more: object) -> Errand:
    """Return an errand that waits."""
    form = {"object": "deal:12", "fields": {"stageId": "WON", "opportunity": 12.5}}
    made = Errand(new_id(), portal_id, ErrandKind.CRM_UPDATE, form, key, "request:1", NOW, lane)
    return replace(made, **more)  # type: ignore[arg-type]


async def noted(storage: Database, *errands: Errand) -> None:
    """Note errands, each in a unit of work of its own."""
    for each in errands:
        async with storage.unit_of_work() as unit:
            unit.errands.add(each)
            await unit.commit()


async def put(storage: Database, errand: Errand, *, rest: float = 0.0) -> None:
    """Store how an errand stands."""
    async with storage.unit_of_work() as unit:
        unit.errands.put(errand, rest=rest)
        await unit.commit()


async def keys(storage: Database, limit: int = 10, portal_id: int = 1) -> list[str]:
    """Claim, and return the keys."""
    return [each.key for each in await storage.errands.claim(portal_id, limit, NOW)]


async def test_an_errand_is_read_as_it_was_noted(storage: Database) -> None:
    """By id and by cause; another portal has none of it."""
    await given(storage)
    one = errand("one", "deal:12", account="17", due_at=NOW, result={"a": 1})
    await noted(storage, one)
    unit = storage.unit_of_work()
    assert one == await unit.errands.get(1, one.id)
    assert None is await unit.errands.get(2, one.id)
    assert [one] == await unit.errands.of_cause(1, "request:1")
    assert [] == await unit.errands.of_cause(1, "request:2")


async def test_a_known_key_changes_nothing(storage: Database) -> None:
    """What is noted again under its key is done once; on another portal the key is another's."""
    await given(storage)
    await given(storage, portal=OTHER)
    one, again, others = errand("one"), errand("one", cause="request:2"), errand("one", portal_id=2)
    await noted(storage, one, again, others)
    unit = storage.unit_of_work()
    assert [one, others] == [*await unit.errands.waiting(1), *await unit.errands.waiting(2)]


async def test_one_object_is_worked_on_in_order(storage: Database) -> None:
    """The first of each lane is claimed, and the next one when that has ended; what has no lane waits for nobody."""
    await given(storage)
    first, second = errand("first", "deal:12"), errand("second", "deal:12")
    await noted(storage, first, second, errand("other", "deal:13"), errand("free"), errand("free too"))
    assert ["first", "other", "free", "free too"] == await keys(storage)
    assert [] == await keys(storage)
    await put(storage, replace(first, state=ErrandState.DONE, version=1))
    assert ["second"] == await keys(storage)


async def test_what_rests_holds_up_its_lane(storage: Database, wall: Wall) -> None:
    """Nobody overtakes the first of a lane; it comes again by the machine's clock."""
    await given(storage)
    first = errand("first", "deal:12")
    await noted(storage, first, errand("second", "deal:12"))
    (claimed,) = await storage.errands.claim(1, 10, NOW)
    await put(storage, claimed, rest=30.0)
    assert [] == await keys(storage)
    wall.move(30.001)
    (again,) = await storage.errands.claim(1, 10, NOW)
    assert ("first", 2, False) == (again.key, again.tries, again.is_doubtful)


async def test_later_is_by_the_services_clock(storage: Database) -> None:
    """An errand with a time of its own waits for it."""
    await given(storage)
    await noted(storage, errand("later", due_at=NOW + timedelta(hours=1)))
    assert [] == await keys(storage)
    assert 1 == len(await storage.errands.claim(1, 10, NOW + timedelta(hours=1)))


async def test_a_lease_that_ran_out_leaves_doubt(storage: Database, wall: Wall) -> None:
    """Nobody knows how far a process came that never said so; its own late word counts no more."""
    await given(storage)
    await noted(storage, errand("one"))
    (claimed,) = await storage.errands.claim(1, 10, NOW)
    wall.move(LEASE + 0.001)
    (again,) = await storage.errands.claim(1, 10, NOW)
    assert (False, True) == (claimed.is_doubtful, again.is_doubtful)
    with pytest.raises(Conflict):
        await put(storage, replace(claimed, state=ErrandState.DONE))
    await put(storage, replace(again, state=ErrandState.DONE))


async def test_a_process_that_comes_back_looks_at_what_it_left(opened: Opener) -> None:
    """Its leases are given back at once, and what it had on lease is doubtful."""
    storage = await opened("here")
    await given(storage)
    await noted(storage, errand("one"))
    assert ["one"] == await keys(storage)
    await storage.close()
    back = await opened("here")
    (again,) = await back.errands.claim(1, 10, NOW)
    assert again.is_doubtful


async def test_two_processes_share_the_errands(opened: Opener) -> None:
    """Of two that claim at once each errand goes to one."""
    here, there = await opened(), await opened()
    await given(here)
    await noted(here, *(errand(str(number)) for number in range(6)))
    found = await asyncio.gather(*(keys(each, 2) for each in (here, there, here, there)))
    assert [str(number) for number in range(6)] == sorted(key for each in found for key in each)


async def test_portals_for_which_something_waits(storage: Database) -> None:
    """By their key; what was done or failed waits no more."""
    await given(storage)
    await given(storage, portal=OTHER)
    mine, others = errand("one"), errand("two", portal_id=2)
    await noted(storage, mine, errand("three"), others)
    assert {(1, PORTAL.key), (2, OTHER.key)} == {(each.id, each.realm) for each in await storage.errands.portals(NOW)}
    await put(storage, replace(others, state=ErrandState.FAILED, reason="no_right", ended_at=NOW))
    assert [1] == [each.id for each in await storage.errands.portals(NOW)]


async def test_what_merely_rests_asks_for_no_claim(storage: Database, wall: Wall) -> None:
    """A portal is named when something may begin: rested, due, the first of its lane, and on nobody's lease."""
    await given(storage)
    await noted(storage, errand("first", "deal:12"), errand("second", "deal:12"))
    (claimed,) = await storage.errands.claim(1, 10, NOW)
    assert [] == await storage.errands.portals(NOW)
    await put(storage, claimed, rest=30.0)
    assert [] == await storage.errands.portals(NOW)
    wall.move(30.001)
    assert [1] == [each.id for each in await storage.errands.portals(NOW)]
    (claimed,) = await storage.errands.claim(1, 10, NOW)
    await put(storage, replace(claimed, due_at=NOW + timedelta(hours=1)))
    assert [] == await storage.errands.portals(NOW)
    assert [1] == [each.id for each in await storage.errands.portals(NOW + timedelta(hours=1))]


async def test_the_last_of_a_cause(storage: Database) -> None:
    """The newest alone; in one unit of work what was noted wins."""
    await given(storage)
    first, second, third = errand("one"), errand("two"), errand("three")
    await noted(storage, first, second)
    unit = storage.unit_of_work()
    assert (second, None) == (
        await unit.errands.last_of_cause(1, "request:1"),
        await unit.errands.last_of_cause(1, "request:2"),
    )
    unit.errands.add(third)
    assert third == await unit.errands.last_of_cause(1, "request:1")


async def test_what_failed_and_what_is_offered(storage: Database) -> None:
    """Each is listed, newest first, until it is something else; in one unit of work what was noted wins."""
    await given(storage)
    failed = replace(errand("failed"), state=ErrandState.FAILED, reason="no_right", ended_at=NOW)
    offered = replace(errand("offered"), state=ErrandState.OFFERED)
    await noted(storage, failed, offered)
    unit = storage.unit_of_work()
    assert ([failed], [offered]) == (await unit.errands.failed(1), await unit.errands.offered(1))
    unit.errands.put(replace(failed, state=ErrandState.WAITING, reason="", ended_at=None))
    assert [] == await unit.errands.failed(1)
    assert ["failed"] == [each.key for each in await unit.errands.waiting(1)]


async def test_a_portal_that_is_cleaned_keeps_none(storage: Database) -> None:
    """All of its errands go, of whatever state; another portal's stay."""
    await given(storage)
    await given(storage, portal=OTHER)
    await noted(storage, errand("one"), errand("two", state=ErrandState.DONE), errand("others", portal_id=2))
    async with storage.unit_of_work() as unit:
        unit.errands.drop_of(1)
        await unit.commit()
    unit = storage.unit_of_work()
    assert ([], 1) == (await unit.errands.of_cause(1, "request:1"), len(await unit.errands.of_cause(2, "request:1")))


async def test_a_commit_wakes_whoever_carries_out(storage: Database) -> None:
    """And one that brought no errand does not."""
    await given(storage)
    woken: list[str] = []
    storage.on_errands(lambda: woken.append("woken"))
    await given(storage, portal=OTHER)
    assert [] == woken
    await noted(storage, errand("one"))
    assert ["woken"] == woken


async def test_what_was_done_late_is_found(storage: Database) -> None:
    """By when it ended, or was tried: not by when it was noted."""
    await given(storage)
    form, late = {"object": "deal:12"}, timedelta(days=2)
    done = Errand(
        1, 1, ErrandKind.CRM_UPDATE, form, "a", "c", NOW - late, "deal:12", state=ErrandState.DONE, ended_at=NOW
    )
    tried = replace(done, id=2, key="b", state=ErrandState.WAITING, tries=1, ended_at=None)
    old = replace(done, id=3, key="c", ended_at=NOW - late)
    async with storage.unit_of_work() as uow:
        for each in (done, tried, old, replace(tried, id=4, key="d", tries=0)):
            uow.errands.add(each)
        await uow.commit()
    found = await storage.unit_of_work().errands.about(1, "deal:12", NOW - timedelta(minutes=1))
    assert [1, 2] == [each.id for each in found]
