"""The inbox keeps each thing once, hands out the head of each free lane, and takes back what was left on lease."""

from dataclasses import replace

import pytest

from bot.domain.people.employee import Identity
from bot.ports import Checkpoint, Conflict, Stored
from storage import Database
from tests.storage.given import Opener, Wall, events, given, incoming, person, tried_again


async def fail(storage: Database, stored: Stored) -> None:
    """Take a row out of its lane, as a turn that broke does."""
    async with storage.unit_of_work() as uow:
        uow.fail(stored, "bug")
        await uow.commit()


async def test_same_event_again(storage: Database) -> None:
    """The same channel, realm and event id is stored once, in one call and across calls."""
    first = await storage.inbox.add([incoming("1"), incoming("1"), incoming("2")])
    second = await storage.inbox.add([incoming("2"), incoming("1", channel="telegram")])
    assert [first, second] == [2, 1]


async def test_nothing_to_add(storage: Database) -> None:
    """Adding nothing stores nothing."""
    assert await storage.inbox.add([]) == 0


async def test_read_back(storage: Database) -> None:
    """What is claimed equals what was stored."""
    sent = incoming("1", text="Привет 👋 \u202eabc")
    await storage.inbox.add([sent])
    (stored,) = await storage.inbox.claim(5)
    assert (sent, 0) == (stored.incoming, stored.tries)


async def test_unstorable_characters(storage: Database) -> None:
    """A NUL and a lone half of a character are taken out or replaced, and the rest is kept."""
    await storage.inbox.add([incoming("1", text="a\0b\ud83dc")])
    (stored,) = await storage.inbox.claim(5)
    assert stored.incoming.text == "ab?c"


async def test_literal_escape_is_kept(storage: Database) -> None:
    """Text that only looks like an escaped NUL is text."""
    await storage.inbox.add([incoming("1", text="\\u0000")])
    (stored,) = await storage.inbox.claim(5)
    assert stored.incoming.text == "\\u0000"


async def test_checkpoint_with_it(storage: Database) -> None:
    """The checkpoint is stored together with what was received, and with nothing as well."""
    await storage.inbox.add([incoming("1")], Checkpoint("telegram", "41"))
    await storage.inbox.add([], Checkpoint("telegram", "42"))
    assert await storage.vault.get("checkpoint:telegram") == "42"


async def test_first_of_each_lane(storage: Database) -> None:
    """Only the first row of each person is claimed, oldest first, and at most as many as asked for."""
    await given(storage, person(10), person(11), person(12))
    for number, account in enumerate(["10", "10", "11", "12", "11"]):
        await storage.inbox.add([incoming(str(number), account)])
    first = await storage.inbox.claim(2)
    second = await storage.inbox.claim(5)
    third = await storage.inbox.claim(5)
    assert [events(first), events(second), events(third)] == [["0", "2"], ["3"], []]


async def test_lane_across_channels(storage: Database) -> None:
    """A person's messages from two messengers are one lane."""
    await given(storage, person(10, telegram=True))
    await storage.inbox.add([incoming("1", "10")])
    await storage.inbox.add([incoming("2", "tg10", "telegram")])
    (stored,) = await storage.inbox.claim(5)
    assert (stored.lane, stored.incoming.event_id) == ("e:10", "1")


async def test_lane_of_a_stranger(storage: Database) -> None:
    """An unknown account is its own lane."""
    await storage.inbox.add([incoming("1", "tg99", "telegram")])
    (stored,) = await storage.inbox.claim(5)
    assert stored.lane == "a:telegram::tg99"


async def test_lane_moves_with_the_account(storage: Database) -> None:
    """What an account sent before it was linked waits in the person's lane afterwards."""
    await given(storage, person(10))
    await storage.inbox.add([incoming("1", "10")])
    await storage.inbox.add([incoming("2", "tg10", "telegram")])
    async with storage.unit_of_work() as unit:
        employee = await unit.employees.get(1, 10)
        assert employee is not None
        unit.employees.link(employee, Identity("telegram", "", "tg10", "tg10"))
        await unit.commit()
    assert events(await storage.inbox.claim(5)) == ["1"]


async def test_done_frees_the_lane(storage: Database) -> None:
    """The next row of a lane can be claimed once the one before it is done, and a done one never again."""
    await storage.inbox.add([incoming("1"), incoming("2")])
    seen = []
    while claimed := await storage.inbox.claim(5):
        seen += events(claimed)
        async with await storage.turn(claimed[0]) as unit:
            unit.done(claimed[0], "ok")
            await unit.commit()
    assert seen == ["1", "2"]


async def test_uncommitted_is_not_done(storage: Database, wall: Wall) -> None:
    """A unit that was left without commit leaves its row waiting."""
    await storage.inbox.add([incoming("1")])
    (stored,) = await storage.inbox.claim(5)
    async with await storage.turn(stored) as unit:
        unit.done(stored, "ok")
    wall.move(31)
    assert events(await storage.inbox.claim(5)) == ["1"]


async def test_lease_runs_out(storage: Database, wall: Wall) -> None:
    """A row on lease is nobody else's for thirty seconds, and then again anybody's, with its tries counted."""
    await storage.inbox.add([incoming("1")])
    await storage.inbox.claim(5)
    wall.move(29)
    before = await storage.inbox.claim(5)
    wall.move(2)
    after = await storage.inbox.claim(5)
    assert [events(before), events(after), [each.tries for each in after]] == [[], ["1"], [1]]


async def test_late_worker_conflicts(storage: Database, wall: Wall) -> None:
    """Who lost the lease to another cannot finish the row any more."""
    await storage.inbox.add([incoming("1")])
    (late,) = await storage.inbox.claim(5)
    wall.move(31)
    (taken_over,) = await storage.inbox.claim(5)
    unit = await storage.turn(late)
    unit.done(late, "ok")
    with pytest.raises(Conflict):
        await unit.commit()
    unit.forget()
    unit.done(taken_over, "ok")
    await unit.commit()


async def test_done_twice_conflicts(storage: Database) -> None:
    """A row is done once."""
    await storage.inbox.add([incoming("1")])
    (stored,) = await storage.inbox.claim(5)
    for expected in (None, Conflict):
        unit = storage.unit_of_work()
        unit.done(stored, "ok")
        if expected is None:
            await unit.commit()
        else:
            with pytest.raises(expected):
                await unit.commit()


async def test_postponed(storage: Database, wall: Wall) -> None:
    """A postponed row holds its lane back for so long and keeps its place."""
    await storage.inbox.add([incoming("1"), incoming("2")])
    (stored,) = await storage.inbox.claim(5)
    await storage.inbox.postpone(stored, 10)
    early = await storage.inbox.claim(5)
    wall.move(10)
    assert [events(early), events(await storage.inbox.claim(5))] == [[], ["1"]]


async def test_failed_and_retried(storage: Database) -> None:
    """A failed row leaves its lane, is counted, and comes back when it is retried by hand."""
    await storage.inbox.add([incoming("1"), incoming("2")])
    (stored,) = await storage.inbox.claim(5)
    await fail(storage, stored)
    (following,) = await storage.inbox.claim(5)
    backlog = await storage.backlog()
    assert (following.incoming.event_id, backlog.inbox, backlog.inbox_failed) == ("2", 1, 1)
    await fail(storage, following)
    assert [await tried_again(storage), await tried_again(storage)] == [2, 0]
    assert events(await storage.inbox.claim(5)) == ["1"]


async def test_retry_of_nothing(storage: Database) -> None:
    """A row that is not failed is not retried."""
    await storage.inbox.add([incoming("1")])
    await storage.inbox.claim(5)
    assert await tried_again(storage) == 0
    assert await storage.inbox.claim(5) == []


async def test_two_processes_share_the_work(opened: Opener) -> None:
    """Two storages on one database never claim the same row."""
    one, two = await opened(), await opened()
    await one.inbox.add([incoming(str(number), str(number)) for number in range(20)])
    claimed = [*await one.inbox.claim(12), *await two.inbox.claim(12), *await one.inbox.claim(12)]
    assert sorted(str(number) for number in range(20)) == sorted(events(claimed))


async def test_restart_gets_its_leases_back(opened: Opener, url: str) -> None:
    """A process that starts again has what it left on lease at once."""
    first = await opened("web")
    await first.inbox.add([incoming("1")])
    await first.inbox.claim(5)
    await first.close()
    again = await opened("web")
    assert events(await again.inbox.claim(5)) == ["1"]


async def test_leases_of_a_living_process_stay(opened: Opener) -> None:
    """A process that starts beside another leaves the other's leases alone."""
    living = await opened("one")
    await living.inbox.add([incoming("1")])
    await living.inbox.claim(5)
    beside = await opened("two")
    assert events(await beside.inbox.claim(5)) == []


async def test_wakes(storage: Database) -> None:
    """Whoever waits for the inbox is woken by new rows, by a lane that became free, and by a retry."""
    woken: list[int] = []
    storage.on_inbox(lambda: woken.append(1))
    await storage.inbox.add([incoming("1")])
    seen = [len(woken)]
    (stored,) = await storage.inbox.claim(5)
    unit = storage.unit_of_work()
    unit.done(stored, "ok")
    await unit.commit()
    seen.append(len(woken))
    await storage.inbox.add([incoming("1")])
    seen.append(len(woken))
    assert seen == [1, 2, 2]


async def test_ages(storage: Database, wall: Wall) -> None:
    """The backlog tells the age of the oldest row by the wall clock."""
    await storage.inbox.add([incoming("1")])
    wall.move(5)
    await storage.inbox.add([incoming("2")])
    wall.move(1)
    backlog = await storage.backlog()
    assert (backlog.inbox, backlog.inbox_age, backlog.outbox, backlog.outbox_age) == (2, 6.0, 0, 0.0)


async def test_purge(storage: Database, wall: Wall) -> None:
    """Done rows are deleted after a week; waiting ones stay, and failed ones as long as they may be tried again."""
    await storage.inbox.add([incoming("1", "1"), incoming("2", "2"), incoming("3", "3")])
    done, failed, _ = await storage.inbox.claim(5)
    unit = storage.unit_of_work()
    unit.done(done, "ok")
    await unit.commit()
    await fail(storage, failed)
    wall.move(6 * 86400)
    early = await storage.purge()
    wall.move(2 * 86400)
    late = await storage.purge()
    backlog = await storage.backlog()
    assert (early, late, backlog.inbox, backlog.inbox_failed) == (0, 1, 1, 1)


async def test_body_is_emptied(storage: Database) -> None:
    """A repetition of what was done is still recognised, though its words are gone."""
    await storage.inbox.add([incoming("1")])
    (stored,) = await storage.inbox.claim(5)
    unit = storage.unit_of_work()
    unit.done(stored, "ok")
    await unit.commit()
    assert await storage.inbox.add([replace(incoming("1"), text="again")]) == 0
