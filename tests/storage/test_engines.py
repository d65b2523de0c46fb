"""Both engines put many callers into one commit, and one bad unit harms nobody else."""

import asyncio
from dataclasses import replace

import pytest

from bot.messages import IncomingKind
from bot.ports import Conflict
from storage import Database, Unavailable
from storage.engines.engine import Write
from storage.schema import HEAD
from storage.sql import people, service
from tests.storage.given import PORTAL, Opener, given, incoming, person


async def test_one_of_a_group_fails(storage: Database) -> None:
    """Of many units that are committed together, only the one that does not hold is undone."""
    await given(storage, *(person(number) for number in range(100, 130)))

    async def change(number: int) -> object:
        unit = storage.unit_of_work()
        employee = await unit.employees.get(1, number)
        assert employee is not None
        unit.employees.put(replace(employee, name="New", version=7 if number == 110 else 0))
        await unit.commit()
        return None

    outcomes = await asyncio.gather(*(change(number) for number in range(100, 130)), return_exceptions=True)
    changed = [each.id for each in await storage.unit_of_work().employees.of_portal(1) if each.name == "New"]
    assert [number for number, each in zip(range(100, 130), outcomes, strict=True) if each is not None] == [110]
    assert (Conflict, 29, False) == (type(outcomes[10]), len(changed), 110 in changed)


async def test_one_of_a_group_is_nonsense(storage: Database) -> None:
    """A unit with a value that no database can hold fails alone, with its own error."""
    engine = storage._engine
    values = [{"name": f"n{number}", "value": "v", "is_secret": False} for number in range(10)]
    values[4]["value"] = object()
    outcomes = await asyncio.gather(
        *(engine.write([Write(service.PUT_VALUE, each)]) for each in values), return_exceptions=True
    )
    failed = [number for number, each in enumerate(outcomes) if isinstance(each, BaseException)]
    assert (failed, isinstance(outcomes[4], Unavailable)) == ([4], False)
    assert await storage.vault.get("n9") == "v"


async def test_same_key_in_one_group(storage: Database) -> None:
    """Of units in one group that want the same unique key, exactly one gets it."""
    engine = storage._engine
    from storage.shapes import portal_values

    outcomes = await asyncio.gather(
        *(
            engine.write([Write(people.ADD_PORTAL, portal_values(replace(PORTAL, id=number)))])
            for number in range(1, 9)
        ),
        return_exceptions=True,
    )
    assert sum(isinstance(each, Conflict) for each in outcomes) == 7


async def test_counts_of_a_group(storage: Database) -> None:
    """Each of many calls that are committed together hears how many of its own messages were new."""
    counts = await asyncio.gather(
        *(storage.inbox.add([incoming(str(number // 2)), incoming(f"x{number}")]) for number in range(40))
    )
    assert (60, {1, 2}) == (sum(counts), set(counts))


async def test_cancelled_caller(storage: Database) -> None:
    """A caller that gives up leaves the engine working."""
    task = asyncio.ensure_future(storage.vault.put("a", "1"))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await storage.vault.put("b", "2")
    assert await storage.vault.get("b") == "2"


async def test_closed(opened: Opener) -> None:
    """What is asked of a closed storage is answered with Unavailable."""
    storage = await opened()
    await storage.close()
    with pytest.raises(Unavailable):
        await storage.vault.get("a")
    with pytest.raises(Unavailable):
        await storage.inbox.add([incoming("1")])


async def test_close_finishes(opened: Opener) -> None:
    """What was handed over before closing is on the disk afterwards."""
    storage = await opened()
    adding = [asyncio.ensure_future(storage.inbox.add([incoming(str(number))])) for number in range(50)]
    await asyncio.sleep(0)
    await storage.close()
    added = await asyncio.gather(*adding)
    backlog = await (await opened()).backlog()
    assert (sum(added), backlog.inbox, incoming("1").kind) == (50, 50, IncomingKind.TEXT)


async def test_close_finishes_what_others_interrupt(opened: Opener) -> None:
    """A unit so large that others have a turn while it is made ready is on the disk, too, when one of them closes."""
    storage = await opened()
    size = 4_000
    values = [{"name": f"n{number}", "value": "v", "is_secret": False} for number in range(size)]
    writing = asyncio.ensure_future(storage._engine.write([Write(service.PUT_VALUE, each) for each in values]))
    await asyncio.sleep(0)
    await storage.close()
    assert size == len(await writing)
    assert await (await opened()).vault.get(f"n{size - 1}") == "v"


async def test_close_right_after_a_write(opened: Opener) -> None:
    """Closing ends at once, whether the task that wrote is still remembered or not."""
    storage = await opened()
    await storage.vault.put("a", "1")
    await asyncio.wait_for(storage.close(), 30)
    with pytest.raises(Unavailable):
        await storage.vault.put("a", "2")


async def test_closing_refuses_what_comes_late(opened: Opener) -> None:
    """Whoever goes on writing cannot keep a storage from closing."""
    storage = await opened()
    written = 0

    async def go_on() -> None:
        nonlocal written
        while True:
            await storage.vault.put("a", str(written))
            written += 1

    going = asyncio.ensure_future(go_on())
    await storage.vault.put("b", "1")
    await asyncio.wait_for(storage.close(), 30)
    with pytest.raises(Unavailable):
        await going
    assert await (await opened()).vault.get("a") == (str(written - 1) if written else None)


async def test_revision(storage: Database) -> None:
    """The storage tells the revision of its schema."""
    assert HEAD == await storage.revision()


async def test_two_processes_write_at_once(opened: Opener) -> None:
    """Two storages on one database that write at the same time both get through."""
    one, two = await opened(), await opened()
    await asyncio.gather(
        *(
            each.inbox.add([incoming(f"{number}{place}")])
            for number in range(50)
            for place, each in enumerate((one, two))
        )
    )
    assert (await one.backlog()).inbox == 100
