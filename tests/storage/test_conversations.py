"""Dialogs live a day, one-time links open once, and the audit trail only grows."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from bot.messages import Receipt, Replied, State
from bot.ports import Conflict, Link
from storage import Database
from tests.storage.given import CARD, NOW, AskWhy, Opener, Wall, address, given, person, said

PLACE = ("bitrix24", "portal.example", "chat10")
LINK = Link("hash", 1, 10, "bitrix24", NOW + timedelta(minutes=10))


async def put(storage: Database, state: State | None) -> None:
    """Store or end the dialog."""
    async with storage.unit_of_work() as unit:
        unit.dialogs.put(1, *PLACE, state)
        await unit.commit()


async def test_dialog(storage: Database) -> None:
    """A dialog is read as it was put, replaced by the next, and ended by None."""
    seen = []
    for state in (AskWhy("один"), AskWhy("two"), None, None):
        await put(storage, state)
        seen.append(await storage.unit_of_work().dialogs.get(*PLACE))
    assert [AskWhy("один"), AskWhy("two"), None, None] == seen


async def test_dialog_of_another_conversation(storage: Database) -> None:
    """A dialog is one conversation's only."""
    await put(storage, AskWhy("x"))
    assert await storage.unit_of_work().dialogs.get("bitrix24", "portal.example", "chat11") is None


async def test_dialog_expires(storage: Database, wall: Wall) -> None:
    """A question nobody answered is forgotten after a day, counted from when it was put last."""
    await put(storage, AskWhy("x"))
    wall.move(23 * 3600)
    await put(storage, AskWhy("y"))
    wall.move(23 * 3600)
    before = await storage.unit_of_work().dialogs.get(*PLACE)
    wall.move(2 * 3600)
    assert (AskWhy("y"), None) == (before, await storage.unit_of_work().dialogs.get(*PLACE))


async def test_dialog_of_another_version(storage: Database) -> None:
    """A state that this version does not know is no dialog."""

    @dataclass(frozen=True, slots=True)
    class Gone(State):
        """A state that will be gone."""

    await put(storage, Gone())
    del State.names["Gone"]
    assert await storage.unit_of_work().dialogs.get(*PLACE) is None


async def test_ended_within_the_unit(storage: Database) -> None:
    """A dialog that was put and ended in one unit is not there afterwards."""
    async with storage.unit_of_work() as unit:
        unit.dialogs.put(1, *PLACE, AskWhy("x"))
        unit.dialogs.put(1, *PLACE, None)
        assert await unit.dialogs.get(*PLACE) is None
        await unit.commit()
    assert await storage.unit_of_work().dialogs.get(*PLACE) is None


async def add(storage: Database, link: Link) -> None:
    """Store a link."""
    async with storage.unit_of_work() as unit:
        unit.links.add(link)
        await unit.commit()


async def test_link_opens_once(opened: Opener) -> None:
    """A link is read until it is used; of two who use it at once, one gets a Conflict."""
    one, two = await opened(), await opened()
    await given(one, person(10))
    await add(one, LINK)
    units = [one.unit_of_work(), two.unit_of_work()]
    for unit in units:
        assert await unit.links.get("hash") == LINK
        unit.links.use(LINK)
    await units[0].commit()
    with pytest.raises(Conflict):
        await units[1].commit()
    assert await two.unit_of_work().links.get("hash") is None


async def test_newer_link(storage: Database) -> None:
    """A new link of the same person and channel ends the earlier ones; of another channel it does not."""
    await given(storage, person(10))
    other, newer = replace(LINK, token_hash="other", channel="telegram"), replace(LINK, token_hash="newer")
    for link in (LINK, other, newer):
        await add(storage, link)
    unit = storage.unit_of_work()
    assert [None, other, newer] == [await unit.links.get(each) for each in ("hash", "other", "newer")]


async def test_unknown_link(storage: Database) -> None:
    """An unknown link is none, whatever its bytes."""
    assert await storage.unit_of_work().links.get("\0\ud800") is None


async def shown(storage: Database, slot: str, message: str, *, edit: bool = False) -> None:
    """Let a message arrive in a slot of the first chat."""
    await said(storage, replace(CARD, slot=slot, edit=edit))
    (outgoing,) = await storage.outbox.claim("bitrix24", 5)
    await storage.outbox.sent([(outgoing, Receipt(message, edited=edit))])
    for stripped in await storage.outbox.claim("bitrix24", 5):  # what stood there before loses its buttons
        await storage.outbox.sent([(stripped, Receipt(str(stripped.shown_as), edited=True))])


async def replied(storage: Database, message: str) -> Replied:
    """Return what is known of a message of that chat."""
    to = address()
    return await storage.unit_of_work().dialogs.replied(to.channel, to.realm, to.conversation, message)


async def test_e13_what_is_answered(storage: Database, wall: Wall) -> None:
    """A message is found by its slot, with what was asked about it; a former copy of a card is known as one."""
    await given(storage, person(10))
    await shown(storage, "routed:7", "100")
    await shown(storage, "why:routed:7:r:9:0", "101")
    await shown(storage, "why:routed:77:r:9:0", "102")
    wall.move(60)
    found = await replied(storage, "100")
    assert ("routed:7", "why:routed:7:r:9:0", True) == (found.slot, found.asked, found.is_open)
    assert timedelta(seconds=59) < found.asked_ago < timedelta(seconds=120)
    assert "why:routed:77:r:9:0" == (await replied(storage, "102")).slot
    await shown(storage, "routed:7", "100", edit=True)
    assert "routed:7" == (await replied(storage, "100")).slot
    await shown(storage, "routed:7", "103")
    await shown(storage, "routed:7", "104")
    slots = [(await replied(storage, each)).slot for each in ("100", "103", "104", "105")]
    assert ["was:routed:7:100", "was:routed:7:103", "routed:7", ""] == slots


async def test_e13_a_question_that_is_over(storage: Database) -> None:
    """What has no buttons any more waits for no answer."""
    await given(storage, person(10))
    await shown(storage, "req:7", "100")
    await shown(storage, "why:req:7:r:9:0", "101")
    async with storage.unit_of_work() as unit:
        unit.outbox.strip(address(), "why:req:7:r:9:0", at=NOW)
        await unit.commit()
    assert ("req:7", "") == ((found := await replied(storage, "100")).slot, found.asked)
    assert not (await replied(storage, "101")).is_open


async def test_the_record_is_read_backwards(storage: Database) -> None:
    """The newest first; a page goes on before an instant and an id; of a person, what they did and what was done."""
    unit = storage.unit_of_work()
    for number in range(4):
        unit.audit.add(
            1, actor_id=10 + number % 2, subject_id=20, what=f"no {number}", at=NOW + timedelta(hours=number // 2)
        )
    unit.audit.add(2, actor_id=10, subject_id=None, what="elsewhere", at=NOW)
    await unit.commit()
    audit = storage.unit_of_work().audit
    rows = await audit.page(1, person_id=None, before=None, size=3)
    last = await audit.page(1, person_id=None, before=(rows[-1].at, rows[-1].id), size=3)
    assert ["no 3", "no 2", "no 1", "no 0"] == [each.what for each in (*rows, *last)]
    assert ["no 2", "no 0"] == [each.what for each in await audit.page(1, person_id=10, before=None, size=9)]
    assert 4 == len(await audit.page(1, person_id=20, before=None, size=9))
