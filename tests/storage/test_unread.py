"""What a door stored as it came is taken apart when it is claimed; what cannot be holds up nobody."""

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import bodies
from bot.channels.bitrix24.glance import event_id, glance
from bot.domain.people.employee import Identity
from bot.messages import Incoming, Unread
from storage import Database
from tests.storage.given import NOW, PORTAL, given, incoming, person


def unread(event: str, account: str = "10", body: str = "said=hello") -> Unread:
    """Return something that was not taken apart."""
    return Unread("bitrix24", PORTAL.key, event, account, NOW, body)


def read(one: Unread) -> Incoming | None:
    """Take apart; "broken" cannot be, and "nothing" is nothing."""
    if one.body == "broken":
        raise ValueError("broken")
    return None if one.body == "nothing" else incoming(one.event_id, one.account, text=one.body)


@pytest.fixture
def inbox_of(storage: Database) -> Database:
    """Give a storage that can take apart what Bitrix24's door stored."""
    storage.inbox.read_by("bitrix24", read)
    return storage


async def test_it_comes_in_its_turn(inbox_of: Database) -> None:
    """Each once, in the order of its sender, beside what was taken apart before it was stored."""
    storage = inbox_of
    assert [1, 0] == [await storage.inbox.add_unread(unread("1", body="line\none")) for _ in range(2)]
    assert await storage.inbox.add([incoming("1"), incoming("2")]) == 1
    (first,) = await storage.inbox.claim(5)
    assert first.incoming == incoming("1", text="line\none")
    async with storage.unit_of_work() as unit:
        unit.done(first, "answered")
        await unit.commit()
    (second,) = await storage.inbox.claim(5)
    assert second.incoming == incoming("2")


async def test_what_cannot_be_taken_apart_is_set_aside(inbox_of: Database) -> None:
    """It fails, and its sender's next message has its turn; so has everybody else's, and it can be tried again."""
    storage = inbox_of
    await given(storage, person(10))
    for one in (unread("1", body="broken"), unread("2", body="nothing"), unread("3"), unread("4", "11")):
        await storage.inbox.add_unread(one)
    claimed = [each for _ in range(3) for each in await storage.inbox.claim(5)]
    assert ["4", "3"] == [each.incoming.event_id for each in claimed]
    backlog = await storage.backlog()
    assert (2, 1) == (backlog.inbox, backlog.inbox_failed)
    async with storage.unit_of_work() as unit:
        unit.failures.retry(PORTAL)
        await unit.commit()
    assert (await storage.backlog()).inbox_failed == 0


async def test_nobody_who_can_read_it(storage: Database) -> None:
    """It is kept as a failure, for whoever can."""
    await storage.inbox.add_unread(unread("1"))
    assert await storage.inbox.claim(5) == []
    assert (await storage.backlog()).inbox_failed == 1


async def test_an_account_that_is_linked_meanwhile(inbox_of: Database) -> None:
    """What waits goes on in the person's lane, before what they write in another messenger."""
    storage = inbox_of
    ann = replace(person(20), identities=())
    await given(storage, ann)
    await storage.inbox.add_unread(unread("1", "10"))
    async with storage.unit_of_work() as unit:
        unit.employees.link(ann, Identity("bitrix24", PORTAL.key, "10", "chat10"))
        await unit.commit()
    await storage.inbox.add_unread(unread("2", "10"))
    (claimed,) = await storage.inbox.claim(5)
    assert ("1", f"e:{ann.id}") == (claimed.incoming.event_id, claimed.lane)


async def test_no_secret_of_a_portal_on_the_disk(inbox_of: Database, url: str) -> None:
    """Of what a portal delivers, its words are stored and its tokens are not."""
    body = bodies.second(700_000_001, token="the0token0of0the0portal")
    seen = glance(body)
    assert seen is not None
    await inbox_of.inbox.add_unread(unread(event_id(seen), seen.account, seen.rest))
    if not url.startswith("sqlite"):
        return
    file = Path(url.removeprefix("sqlite:///"))
    stored = b"".join(each.read_bytes() for each in file.parent.glob(f"{file.name}*") if each.is_file())
    assert b"ONIMBOTV2MESSAGEADD" in stored
    assert [] == [each for each in (seen.token.encode(), b"c" * 64, seen.member.encode()) if each in stored]
