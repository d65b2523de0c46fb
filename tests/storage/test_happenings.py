"""What happened on both databases: noted once, told to the hooks that want it, and placed in the order of commits."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.automation.happening import Happening, HappeningType
from bot.domain.automation.webhook import DeliveryState, Detail, Webhook, new_secret
from bot.ids import new_id
from bot.ports import Conflict
from bot.ports.happenings import BEGINNING, Claimed, Place, Stands
from storage import Database
from storage.queues.hooks import LEASE_MS
from tests.storage.given import NOW, PORTAL, Opener, Wall, given

OTHER = replace(PORTAL, id=2, key="other.example")


def happening(about: str = "request:1", portal_id: int = 1, **more: object) -> Happening:
    """Return something that happened."""
    made = Happening(new_id(), portal_id, HappeningType.REQUEST_ASKED, about, 7, NOW, {"id": "1"})
    return replace(made, **more)  # type: ignore[arg-type]


def hook(name: str, portal_id: int = 1, **more: object) -> Webhook:
    """Return a webhook that is told of everything."""
    address = f"https://{name}.example.com/"
    made = Webhook(new_id(), portal_id, name, address, frozenset(), Detail.IDS, new_secret(), NOW, 7)
    return replace(made, **more)  # type: ignore[arg-type]


async def heard(storage: Database, *hooks: Webhook) -> None:
    """Begin with two portals that somebody listens to, and hooks."""
    await given(storage)
    async with storage.unit_of_work() as unit:
        unit.portals.add(OTHER)
        unit.happenings.hear(1)
        await unit.commit()
    async with storage.unit_of_work() as unit:
        unit.happenings.hear(2)
        for each in hooks:
            unit.webhooks.add(each)
        await unit.commit()


async def note(storage: Database, *happened: Happening, hook_id: int | None = None) -> None:
    """Note what happened in one commit."""
    async with storage.unit_of_work() as unit:
        for each in happened:
            unit.happenings.add(each, hook_id=hook_id)
        await unit.commit()


async def read(storage: Database, place: Place = BEGINNING, portal_id: int = 1) -> tuple[list[int], Place]:
    """Read the feed as its readers do: what has no place is given one first."""
    async with storage.unit_of_work() as unit:
        if await unit.happenings.has_new(portal_id):
            unit.happenings.give_places(portal_id)
            await unit.commit()
    found = await storage.unit_of_work().happenings.after(portal_id, place, 100)
    last = (found[-1].position or 0, found[-1].id) if found else place
    return [each.id for each in found], last


async def test_the_feed_is_in_the_order_of_commits(storage: Database) -> None:
    """What was made before and committed later stands behind what its readers have read."""
    await heard(storage)
    early, late = happening(), happening()
    await note(storage, late)
    first, place = await read(storage)
    await note(storage, early)
    second, end = await read(storage, place)
    assert ([late.id], [early.id], []) == (first, second, (await read(storage, end))[0])
    assert [] == (await read(storage, portal_id=2))[0]


async def test_no_reader_misses_anything_of_two_writers(opened: Opener) -> None:
    """Two processes write and two read at once, each of them giving places: each reader gets everything, once."""
    ours, theirs = await opened(), await opened(worker="other")
    await heard(ours)
    written: list[int] = []

    async def writes(storage: Database) -> None:
        for _ in range(40):
            made = happening()
            await asyncio.sleep(0)
            await note(storage, made)
            written.append(made.id)

    async def reads(storage: Database) -> list[int]:
        found, place = list[int](), BEGINNING
        while len(found) < 160:
            new, place = await read(storage, place)
            found += new
        return found

    writers = [writes(each) for each in (ours, theirs, ours, theirs)]
    async with asyncio.timeout(60):
        *_, one, two = await asyncio.gather(*writers, reads(ours), reads(theirs))
    assert sorted(written) == sorted(one or ()) == sorted(two or ())
    assert one == two


async def test_a_portal_is_heard_from_then_on(storage: Database) -> None:
    """Hearing is noted once; a portal that is changed meanwhile stays heard."""
    await given(storage)
    async with storage.unit_of_work() as unit:
        before = await unit.portals.get(1)
        assert before is not None
        unit.happenings.hear(1)
        await unit.commit()
    async with storage.unit_of_work() as unit:
        unit.portals.put(replace(before, name="Another"))
        await unit.commit()
    after = await storage.unit_of_work().portals.get(1)
    assert after is not None
    assert (False, True) == (before.is_heard, after.is_heard)


async def test_a_hook_is_told_what_it_asked_for(storage: Database) -> None:
    """All of it without types; nothing of other portals or while it is off; and one hook alone what is its own."""
    all_of_it, some = hook("all"), hook("some", types=frozenset({HappeningType.DAY_CHANGED}))
    off, foreign = hook("off", is_on=False), hook("foreign", 2)
    await heard(storage, all_of_it, some, off, foreign)
    asked, day = happening(), happening("day:7", type=HappeningType.DAY_CHANGED)
    outcome = happening("request:2", type=HappeningType.REQUEST_OUTCOME)
    await note(storage, asked, day)
    await note(storage, outcome, hook_id=all_of_it.id)
    told = {each.name: [one.happening.id for one in await storage.hooks.claim(each, 10)] for each in (all_of_it, some)}
    assert {"all": [asked.id, day.id, outcome.id], "some": [day.id]} == told
    assert [] == list(await storage.hooks.claim(off, 10)) + list(await storage.hooks.claim(foreign, 10))
    assert [asked.id, day.id] == (await read(storage))[0]


async def test_a_hook_is_read_as_it_was_noted(storage: Database) -> None:
    """Its secrets too, which are not there in plain; a name is there once a portal."""
    one = hook("one", former=new_secret(), former_until=NOW, types=frozenset({HappeningType.DAY_CHANGED}))
    await heard(storage, one)
    unit = storage.unit_of_work()
    assert [one, one] == [await unit.webhooks.get(1, one.id), await unit.webhooks.by_name(1, "one")]
    assert [one] == await unit.webhooks.of(1)
    assert None is await unit.webhooks.get(2, one.id)
    async with storage.unit_of_work() as unit:
        unit.webhooks.add(hook("one"))
        with pytest.raises(Conflict):
            await unit.commit()
    async with storage.unit_of_work() as unit:
        unit.webhooks.put(replace(one, version=5))
        with pytest.raises(Conflict):
            await unit.commit()


async def test_of_an_object_one_after_the_other(storage: Database) -> None:
    """The second waits until the first is done; another object waits for neither."""
    one = hook("one")
    await heard(storage, one)
    first, second, other = happening(), happening(), happening("request:2")
    await note(storage, first, second, other)
    claimed = await storage.hooks.claim(one, 10)
    assert ([first.id, other.id], []) == ([each.happening.id for each in claimed], list(await storage.hooks.due()))
    await storage.hooks.stand([_done(claimed[0])], NOW)
    assert [second.id] == [each.happening.id for each in await storage.hooks.claim(one, 10)]


async def test_what_failed_rests_and_comes_again(opened: Opener, wall: Wall) -> None:
    """Also what was on lease of a process that never gave it back; the late one's word counts no more."""
    storage = await opened()
    one = hook("one")
    await heard(storage, one)
    await note(storage, happening())
    (claimed,) = await storage.hooks.claim(one, 10)
    await storage.hooks.stand([Stands(claimed, DeliveryState.WAITING, 500, "status", 10.0)], NOW)
    assert [] == list(await storage.hooks.due())
    wall.move(11)
    (due,) = await storage.hooks.due()
    assert NOW == due.failing_since
    (again,) = await storage.hooks.claim(one, 10)
    wall.move(LEASE_MS / 1000 + 1)
    (third,) = await storage.hooks.claim(one, 10)
    await storage.hooks.stand([_done(again)], NOW)
    (stands,) = await storage.unit_of_work().webhooks.deliveries(one, 2**62, 10)
    assert (2, 3, DeliveryState.WAITING) == (again.tries, third.tries, stands.state)
    await storage.hooks.stand([_done(third)], NOW + timedelta(minutes=2))
    (stands,) = await storage.unit_of_work().webhooks.deliveries(one, 2**62, 10)
    after = await storage.unit_of_work().webhooks.get(1, one.id)
    assert after is not None
    assert (DeliveryState.DONE, None, NOW + timedelta(minutes=2)) == (
        stands.state,
        after.failing_since,
        after.succeeded_at,
    )


async def test_two_processes_never_send_the_same(opened: Opener) -> None:
    """Each message is claimed once."""
    ours, theirs = await opened(), await opened(worker="other")
    one = hook("one")
    await heard(ours, one)
    await note(ours, *(happening(f"request:{number}") for number in range(30)))
    claims = await asyncio.gather(*(each.hooks.claim(one, 10) for each in (ours, theirs, ours, theirs)))
    claimed = [each.happening.id for claim in claims for each in claim]
    assert len(claimed) == len(set(claimed))


async def test_what_failed_is_sent_again_by_hand(storage: Database) -> None:
    """Only what failed."""
    one = hook("one")
    await heard(storage, one)
    await note(storage, happening())
    (claimed,) = await storage.hooks.claim(one, 10)
    await storage.hooks.stand([Stands(claimed, DeliveryState.FAILED, 410, "status")], NOW)
    (failed,) = await storage.unit_of_work().webhooks.deliveries(one, 2**62, 10)
    for expected in (True, False):
        async with storage.unit_of_work() as unit:
            unit.webhooks.send_again(failed)
            if expected:
                await unit.commit()
            else:
                with pytest.raises(Conflict):
                    await unit.commit()
    assert [1] == [each.tries for each in await storage.hooks.claim(one, 10)]


async def test_a_hook_that_goes_takes_its_messages_along(storage: Database) -> None:
    """Nothing is left to be sent."""
    one = hook("one")
    await heard(storage, one)
    await note(storage, happening())
    async with storage.unit_of_work() as unit:
        unit.webhooks.drop(one)
        await unit.commit()
    unit = storage.unit_of_work()
    assert ([], [], []) == (
        await unit.webhooks.of(1),
        await unit.webhooks.deliveries(one, 2**62, 10),
        list(await storage.hooks.due()),
    )


async def test_after_a_week_it_is_gone(opened: Opener, wall: Wall) -> None:
    """With the messages about it; a portal that has neither hook nor key is heard no more."""
    storage = await opened()
    one = hook("one")
    await heard(storage, one)
    await note(storage, happening())
    await read(storage)
    wall.move(7 * 24 * 3600 + 60)
    assert [] == (await read(storage))[0]
    await storage.purge()
    unit = storage.unit_of_work()
    portals = [await unit.portals.get(1), await unit.portals.get(2)]
    assert [True, False] == [each.is_heard for each in portals if each is not None]
    assert [] == list(await unit.webhooks.deliveries(one, 2**62, 10))


async def test_what_came_of_a_request_is_kept_until_it_is_told(opened: Opener, wall: Wall) -> None:
    """However old it is, for an effect waits for it; once it is told it goes as everything does."""
    storage = await opened()
    one = hook("one")
    await heard(storage, one)
    outcome = happening(type=HappeningType.REQUEST_OUTCOME)
    await note(storage, outcome, happening("request:2"), hook_id=one.id)
    wall.move(8 * 24 * 3600)
    await storage.purge()
    (claimed,) = await storage.hooks.claim(one, 10)
    assert (outcome.id, outcome.data) == (claimed.happening.id, claimed.happening.data)
    await storage.hooks.stand([_done(claimed)], NOW)
    await storage.purge()
    assert [] == list(await storage.unit_of_work().webhooks.deliveries(one, 2**62, 10))


def _done(claimed: Claimed) -> Stands:
    return Stands(claimed, DeliveryState.DONE, 204)
