"""What is of no more use goes, whatever it is; what may still be wanted stays; and nobody waits for it."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain.approvals.files import RequestFile
from bot.domain.approvals.routed import RoutedRequest
from bot.domain.approvals.running import Running
from bot.ids import new_id
from bot.messages import Receipt
from storage import Database
from storage.engines.engine import Read, Write
from storage.sql import conversations, queues
from storage.tidying import _FEW, _PAGE
from tests.storage.given import CARD, NOW, PORTAL, Wall, address, given, incoming, person, said

DAY = 86_400


@pytest.mark.parametrize(("days", "left"), [(89, 1), (91, 0)])
async def test_what_failed_long_ago(storage: Database, wall: Wall, days: int, left: int) -> None:
    """What failed for good may be tried again for three months; then the words of people in it go."""
    await storage.inbox.add([incoming("1")])
    (stored,) = await storage.inbox.claim(5)
    async with storage.unit_of_work() as unit:
        unit.fail(stored, "fault")
        await unit.commit()
    wall.move(days * DAY)
    assert ((await storage.purge()) + left, (await storage.backlog()).inbox_failed) == (1, left)


@pytest.mark.parametrize(("days", "is_known"), [(179, True), (181, False)])
async def test_where_a_message_is_shown(storage: Database, wall: Wall, days: int, is_known: bool) -> None:
    """A live message is known for half a year; one shown since stays, whatever lies around it."""
    await given(storage)
    for chat in ("1", "2", "3"):
        await said(storage, CARD, to=address(chat))
    await storage.outbox.sent([(each, Receipt("old")) for each in await storage.outbox.claim("bitrix24", 5)])
    wall.move(days * DAY)
    newer = {**_place("2"), "portal_id": 1, "message": "new", "outbox_id": int(wall.at * 1000) << 20}
    newer |= {"locale": "ru", "zone": "UTC", "said": "{}", "has_buttons": False}
    await storage._engine.write([Write(conversations.TAKE_SLOT, newer)])
    await storage.purge()
    plan = [Read(conversations.GET_SLOT, _place(chat)) for chat in ("1", "2", "3")]
    found = [[row[0] for row in rows] for rows in await storage._engine.read(plan)]
    old = ["old"] if is_known else []
    assert [old, ["new"], old] == found


async def test_files_of_forms_that_nobody_sent(storage: Database, wall: Wall) -> None:
    """They wait for a day, as questions do; those of a request stay, and so do bytes that one of them has."""
    await given(storage, person(10))
    begun = RoutedRequest(500, 1, 1, "leave", 1, 10, "by:10", "", Running(), NOW)
    sent, twin, left = (RequestFile(new_id(), 1, 10, "", "a.pdf", 3, sha, NOW) for sha in ("same", "same", "other"))
    async with storage.unit_of_work() as unit:
        for each in (sent, twin, left):
            unit.files.add(each, b"pdf")
        unit.routed.add(begun.with_files([sent], NOW, actor_id=10, messenger="telegram"))
        await unit.commit()
    await storage.purge()
    files = storage.unit_of_work().files
    assert (2, 6) == (len(await files.drafts(1, 10)), await files.taken(1))
    wall.move(8 * DAY)
    await storage.purge()
    files = storage.unit_of_work().files
    assert ([], b"pdf", None) == (
        await files.drafts(1, 10),
        await files.content(1, "same"),
        await files.content(1, "other"),
    )
    found = await storage.unit_of_work().routed.get(1, 500)
    assert found is not None
    assert [sent.id] == [each.id for each in found.present_files]


MONTHS = {60: 1827, 12: 366}
"""Days of so many months, at least."""


@pytest.mark.parametrize("months", [60, 12])
async def test_files_of_requests_that_ended_long_ago(storage: Database, wall: Wall, months: int) -> None:
    """Their bytes go with the portal's term, and not a day before; what an open or younger request has stays."""
    await given(storage, person(10), portal=replace(PORTAL, options={"retention_months": months}))
    ended = datetime.fromtimestamp(wall.at, UTC)
    files = [RequestFile(new_id(), 1, 10, "", f"{sha}.pdf", 3, sha, ended) for sha in ("old", "both", "open", "both")]
    async with storage.unit_of_work() as unit:
        for number, (file, at) in enumerate(
            zip(files, (ended, ended, None, ended + timedelta(days=40)), strict=True), 1
        ):
            unit.files.add(file, file.sha256[:3].encode())
            begun = RoutedRequest(500 + number, 1, number, "leave", 1, 10, f"by:{number}", "", Running(), NOW)
            begun = begun.with_files([file], NOW, actor_id=10, messenger="telegram")
            unit.routed.add(replace(begun, ended_at=at))
        await unit.commit()

    async def kept() -> list[str]:
        await storage.purge()
        part = storage.unit_of_work().files
        return [sha for sha in ("old", "both", "open") if await part.content(1, sha) is not None]

    wall.move((MONTHS[months] - 3) * DAY)
    assert ["old", "both", "open"] == await kept()
    wall.move(5 * DAY)
    assert ["both", "open"] == await kept()
    wall.move(40 * DAY)
    assert ["open"] == await kept()
    found = await storage.unit_of_work().routed.get(1, 501)
    assert found is not None
    assert [("old.pdf", 3, "old")] == [(each.name, each.size, each.sha256) for each in found.present_files]


async def test_files_go_a_few_at_a_time(storage: Database, wall: Wall) -> None:
    """However many there are, all of them go."""
    await given(storage, person(10))
    ended = datetime.fromtimestamp(wall.at, UTC)
    async with storage.unit_of_work() as unit:
        made = [RequestFile(new_id(), 1, 10, "", "a.pdf", 3, f"{number:03}", ended) for number in range(_FEW * 2 + 3)]
        for each in made:
            unit.files.add(each, b"pdf")
        begun = RoutedRequest(500, 1, 1, "leave", 1, 10, "by:1", "", Running(), NOW)
        begun = begun.with_files(made, NOW, actor_id=10, messenger="telegram")
        unit.routed.add(replace(begun, ended_at=ended))
        await unit.commit()
    wall.move((MONTHS[60] + 2) * DAY)
    await storage.purge()
    assert 0 == await storage.unit_of_work().files.taken(1)


async def test_more_than_a_page(storage: Database, wall: Wall) -> None:
    """However much is old, and whatever is kept among it, all of it goes."""
    await storage.inbox.add([incoming(str(number), str(number)) for number in range(_PAGE * 2 + 7)])
    handled = await storage.inbox.claim(_PAGE * 2)
    done = [{"the_id": each.id, "token": 1, "outcome": "ok"} for each in handled[::2]]
    await storage._engine.write([Write(queues.INBOX_DONE, each, 1) for each in done])
    wall.move(8 * DAY)
    backlog = await storage.backlog()
    assert (_PAGE, 0, backlog) == (await storage.purge(), await storage.purge(), await storage.backlog())


async def test_others_write_meanwhile(storage: Database, wall: Wall) -> None:
    """Between the pages everybody else has a turn."""
    await storage.inbox.add([incoming(str(number), str(number)) for number in range(_PAGE * 3)])
    done = [{"the_id": each.id, "token": 1, "outcome": "ok"} for each in await storage.inbox.claim(_PAGE * 3)]
    await storage._engine.write([Write(queues.INBOX_DONE, each, 1) for each in done])
    wall.move(8 * DAY)
    purging = asyncio.ensure_future(storage.purge())
    written = 0
    while not purging.done():
        await storage.vault.put("a", str(written))
        written += 1
    assert (_PAGE * 3, True) == (await purging, written > 3)


async def test_two_at_once(storage: Database, wall: Wall) -> None:
    """Two processes that tidy at the same time delete everything once."""
    await given(storage)
    await said(storage, replace(CARD, slot=""))
    await storage.outbox.sent([(each, Receipt("m")) for each in await storage.outbox.claim("bitrix24", 5)])
    wall.move(8 * DAY)
    assert 1 == sum(await asyncio.gather(storage.purge(), storage.purge()))


def _place(conversation: str) -> dict[str, Any]:
    return {"channel": "bitrix24", "realm": "portal.example", "conversation": conversation, "slot": "day"}
