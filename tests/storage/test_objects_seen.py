"""Objects of portals: what was told is one row an object, and is there until it was looked at."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.automation.portal_object import ObjectRef
from bot.domain.automation.watching import BINDING, Actor, FamilyWatch, Hint, Sighting
from bot.ports import Conflict
from storage import Database
from tests.storage.given import NOW, PORTAL, Wall, given

OTHER = replace(PORTAL, id=2, key="other.example")
DEAL = ObjectRef("deal", 12)


async def _next(storage: Database, portal_id: int = 1, rest: float = 0) -> list[Hint]:
    return list(await storage.hints.next(portal_id, 50, rest=rest))


async def test_a_flood_is_one_row(storage: Database, wall: Wall) -> None:
    """However often an object is told of, it waits once; of all who did it the one with most to say stands."""
    await given(storage)
    for actor in (Actor.ROBOT, Actor.PERSON, Actor.UNKNOWN):
        await storage.hints.note([Hint(1, "deal:12", actor)])
    await asyncio.gather(*(storage.hints.note([Hint(1, "deal:13")]) for _ in range(100)))
    assert [] == await _next(storage)  # what comes in a burst is waited for
    wall.move(2)
    assert {PORTAL.key: (1, 2)} == await storage.hints.waiting()
    assert [Hint(1, "deal:12", Actor.PERSON, 3), Hint(1, "deal:13", Actor.UNKNOWN, 100)] == await _next(storage)


async def test_what_is_told_while_we_look_is_looked_at_again(storage: Database, wall: Wall) -> None:
    """What was told before the look is done with; what came meanwhile is not."""
    await given(storage)
    await storage.hints.note([Hint(1, "deal:12", Actor.PERSON), Hint(1, "lead:1")])
    wall.move(2)
    seen = await _next(storage)
    await storage.hints.note([Hint(1, "deal:12", Actor.ROBOT)])
    async with storage.unit_of_work() as unit:
        for each in seen:
            unit.objects.looked(each)
        await unit.commit()
    assert [] == await _next(storage)
    wall.move(2)
    assert [Hint(1, "deal:12", Actor.ROBOT, 2)] == await _next(storage)


async def test_two_looks_at_once_count_once(storage: Database, wall: Wall) -> None:
    """Of two processes that looked at the same, the later one changes nothing."""
    await given(storage)
    await storage.hints.note([Hint(1, "deal:12")])
    wall.move(2)
    (seen,) = await _next(storage)
    for is_late in (False, True):
        async with storage.unit_of_work() as unit:
            unit.objects.looked(seen)
            unit.objects.put(Sighting(1, DEAL, {"late": is_late}, 0))
            if is_late:
                with pytest.raises(Conflict):
                    await unit.commit()
            else:
                await unit.commit()
    found = await storage.unit_of_work().objects.sighting(1, DEAL)
    assert found is not None
    assert {"late": False} == found.fields


async def test_a_sighting_is_read_as_it_was_put(storage: Database) -> None:
    """The last one stands; other portals have their own."""
    await given(storage)
    await given(storage, portal=OTHER)
    process = ObjectRef("smart_process", 6, 171)
    last = Sighting(1, process, {"stageId": "DT171_6:NEW", "opportunity": 12.5, "ufCrm": None}, 17)
    async with storage.unit_of_work() as unit:
        unit.objects.put(replace(last, fields={}))
        unit.objects.put(replace(last, portal_id=2))
        unit.objects.put(last)
        await unit.commit()
    unit = storage.unit_of_work()
    assert last == await unit.objects.sighting(1, process)
    async with storage.unit_of_work() as unit:
        unit.objects.drop(1, process)
        await unit.commit()
    assert None is await storage.unit_of_work().objects.sighting(1, process)
    assert None is not await storage.unit_of_work().objects.sighting(2, process)


async def test_what_was_looked_at_rests(storage: Database, wall: Wall) -> None:
    """In a flood an object is not looked at again before it has rested; in its turn it is."""
    await given(storage)
    async with storage.unit_of_work() as unit:
        unit.objects.put(Sighting(1, DEAL, {}, 0))
        unit.objects.note(Hint(1, str(DEAL)))
        unit.objects.note(Hint(1, "deal:13"))
        await unit.commit()
    wall.move(2)
    assert ["deal:13"] == [each.ref for each in await _next(storage, rest=3)]
    assert ["deal:12", "deal:13"] == [each.ref for each in await _next(storage, rest=1)]


async def test_a_portal_that_sleeps_waits_for_nobody(storage: Database, wall: Wall) -> None:
    """What was told by a portal that is not served now is neither counted nor looked at."""
    await given(storage)
    await given(storage, portal=replace(OTHER, is_active=False))
    await storage.hints.note([Hint(1, "deal:12"), Hint(2, "watched")])
    wall.move(2)
    assert ({PORTAL.key: (1, 1)}, 1) == (await storage.hints.waiting(), await storage.hints.count())


async def test_what_is_due_waits_while_a_portal_is_in_trouble(storage: Database, wall: Wall) -> None:
    """All of a portal, or some of it, is put off; another portal's is not."""
    await given(storage)
    await given(storage, portal=OTHER)
    await storage.hints.note([Hint(1, "deal:12"), Hint(1, "deal:13"), Hint(2, "deal:12")])
    wall.move(2)
    await storage.hints.postpone(1, 60, ["deal:12"])
    assert ["deal:13"] == [each.ref for each in await _next(storage)]
    await storage.hints.postpone(1, 30)
    assert {OTHER.key: (2, 1)} == await storage.hints.waiting()
    wall.move(61)
    assert [("deal:13", 0), ("deal:12", 1)] == [(each.ref, each.tries) for each in await _next(storage)]


async def test_since_when_a_family_is_watched(storage: Database) -> None:
    """By family; what is watched no more is gone."""
    await given(storage)
    deals, tasks = FamilyWatch(1, "deal", 7, 9, NOW), FamilyWatch(1, "task", 3, 0, NOW)
    later = replace(deals, through=NOW + timedelta(minutes=5))
    async with storage.unit_of_work() as unit:
        for each in (deals, tasks, later):
            unit.objects.put_watch(each)
        await unit.commit()
    assert {"deal": later, "task": tasks} == await storage.unit_of_work().objects.watches(1)
    async with storage.unit_of_work() as unit:
        unit.objects.drop_watch(1, "task")
        await unit.commit()
    assert {"deal": later} == await storage.unit_of_work().objects.watches(1)


async def test_a_family_that_is_watched_anew(storage: Database) -> None:
    """How its objects were before nobody watched them means nothing; others stay."""
    await given(storage)
    refs = [DEAL, ObjectRef("lead", 1), ObjectRef("smart_process", 6, 171)]
    async with storage.unit_of_work() as unit:
        for each in refs:
            unit.objects.put(Sighting(1, each, {}, 0))
        await unit.commit()
    async with storage.unit_of_work() as unit:
        unit.objects.begin_watch(FamilyWatch(1, "deal", 12, 0, NOW))
        await unit.commit()
    assert set(refs[1:]) == set(await storage.unit_of_work().objects.sightings(1, refs))


async def test_nothing_is_kept_of_a_portal_that_left(storage: Database, wall: Wall) -> None:
    """Objects, words and watches of that portal go, and no other's."""
    for portal in (PORTAL, OTHER):
        await given(storage, portal=portal)
        async with storage.unit_of_work() as unit:
            unit.objects.put(Sighting(portal.id, DEAL, {}, 0))
            unit.objects.put_watch(FamilyWatch(portal.id, "deal", 0, 0, NOW))
            unit.objects.note(Hint(portal.id, BINDING))
            await unit.commit()
    async with storage.unit_of_work() as unit:
        unit.objects.forget_portal(1)
        await unit.commit()
    wall.move(2)
    unit = storage.unit_of_work()
    assert (None, {}, []) == (await unit.objects.sighting(1, DEAL), await unit.objects.watches(1), await _next(storage))
    assert [BINDING] == [each.ref for each in await _next(storage, 2)]
    assert None is not await unit.objects.sighting(2, DEAL)


async def test_who_waits_is_told_when_the_database_is_gone(storage: Database) -> None:
    """Nothing that was not stored is acknowledged."""
    await given(storage)
    with pytest.raises(Exception, match=r".+"):
        await storage.hints.note([Hint(1, None)])  # type: ignore[arg-type]
    await storage.hints.note([Hint(1, "deal:12")])


async def test_a_word_between_two_commits(storage: Database) -> None:
    """What is told in the very moment in which the last commit has ended is stored by the next one."""
    await given(storage)
    later: list[asyncio.Task[None]] = []

    def told() -> None:
        if not later:
            later.append(asyncio.create_task(storage.hints.note([Hint(1, "deal:13")])))

    storage.on_hints(told)
    await storage.hints.note([Hint(1, "deal:12")])
    async with asyncio.timeout(5):
        while not later:
            await asyncio.sleep(0)
        await later[0]
        await storage.hints.note([Hint(1, "deal:14")])
