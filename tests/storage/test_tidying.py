"""What is of no more use goes, whatever it is; what may still be wanted stays; and nobody waits for it."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain.approvals.files import RequestFile
from bot.domain.approvals.routed import RoutedRequest
from bot.domain.approvals.running import Running
from bot.domain.automation.errand import Errand, ErrandKind, ErrandState
from bot.domain.automation.portal_object import ObjectRef
from bot.domain.automation.rule import RuleState, RuleVersion
from bot.domain.people.employee import Identity, realm_beside
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


async def test_words_of_errands_of_requests_that_failed_long_ago(storage: Database, wall: Wall) -> None:
    """After half a year nobody has them tried again: what became of them stays, without the words of people."""
    await given(storage, person(10))
    begun = datetime.fromtimestamp(wall.at, UTC)
    form = {"object": "deal:7", "text": "Анна просит отпуск: болеет мама"}
    stands = [
        (ErrandState.FAILED, "access_denied"), (ErrandState.OFFERED, ""), (ErrandState.WAITING, ""),
        (ErrandState.DONE, ""),
    ]  # fmt: skip
    async with storage.unit_of_work() as unit:
        for number, (state, reason) in enumerate(stands):
            errand_id = (int(wall.at * 1000) << 20) + number
            unit.errands.add(
                Errand(
                    errand_id,
                    1,
                    ErrandKind.TIMELINE_COMMENT,
                    form,
                    str(number),
                    "request:7",
                    begun,
                    state=state,
                    reason=reason,
                )
            )
        await unit.commit()

    async def kept() -> list[tuple[ErrandState, str, Mapping[str, Any]]]:
        await storage.purge()
        found = await storage.unit_of_work().errands.of_cause(1, "request:7")
        return [(each.state, each.reason, each.form) for each in found]

    wall.move(179 * DAY)
    assert [(state, reason, form) for state, reason in stands] == await kept()
    wall.move(2 * DAY)
    bare = {"object": "deal:7"}
    left = [(ErrandState.LEFT, "access_denied", bare), (ErrandState.LEFT, "left", bare)]
    assert [*left, *((state, reason, form) for state, reason in stands[2:])] == await kept()
    assert 4 == len(await kept())


def _place(conversation: str) -> dict[str, Any]:
    return {"channel": "bitrix24", "realm": "portal.example", "conversation": conversation, "slot": "day"}


async def test_errands_that_ended_long_ago(storage: Database, wall: Wall) -> None:
    """They go after three months, what failed after six; what came of a request stays with its card."""
    await given(storage, person(10))
    begun = datetime.fromtimestamp(wall.at, UTC)
    made = [
        ("done", "rule:a", ErrandState.DONE),
        ("left", "day:1", ErrandState.LEFT),
        ("failed", "rule:a", ErrandState.FAILED),
        ("waits", "rule:a", ErrandState.WAITING),
        ("of a request", "request:7", ErrandState.DONE),
    ]
    async with storage.unit_of_work() as unit:
        for number, (key, cause, state) in enumerate(made):
            ended = begun if state is not ErrandState.WAITING else None
            errand_id = (int(wall.at * 1000) << 20) + number
            unit.errands.add(
                Errand(errand_id, 1, ErrandKind.NOTIFY, {}, key, cause, begun, state=state, ended_at=ended)
            )
        await unit.commit()

    async def kept() -> list[str]:
        await storage.purge()
        part = storage.unit_of_work().errands
        found = [each for cause in ("rule:a", "day:1", "request:7") for each in await part.of_cause(1, cause)]
        return [each.key for each in found]

    wall.move(89 * DAY)
    assert ["done", "failed", "waits", "left", "of a request"] == await kept()
    wall.move(2 * DAY)
    assert ["failed", "waits", "of a request"] == await kept()
    wall.move(90 * DAY)
    assert ["waits", "of a request"] == await kept()


@pytest.mark.parametrize(("is_open", "is_left"), [(False, False), (True, True)])
async def test_rules_that_were_deleted(storage: Database, wall: Wall, is_open: bool, is_left: bool) -> None:
    """They go after half a year, unless a request that runs still may have been asked for by them."""
    await given(storage, person(10))
    deleted = datetime.fromtimestamp(wall.at, UTC)
    gone = RuleVersion(1, "gone", 1, "{}", RuleState.GONE, deleted, changed_at=deleted)
    about = RoutedRequest(
        500, 1, 1, "leave", 1, 10, "by:10", "", Running("pending"), deleted, about=ObjectRef("deal", 7)
    )
    async with storage.unit_of_work() as unit:
        unit.rules.add(gone)
        unit.rules.add(replace(gone, key="off", state=RuleState.OFF))
        if is_open:
            unit.routed.add(about)
        await unit.commit()
    wall.move(179 * DAY)
    await storage.purge()
    assert ["gone", "off"] == [each.key for each in await storage.unit_of_work().rules.of_portal(1)]
    wall.move(2 * DAY)
    await storage.purge()
    left = ["gone", "off"] if is_left else ["off"]
    assert left == [each.key for each in await storage.unit_of_work().rules.of_portal(1)]


async def test_ties_and_messages_of_companies(storage: Database, wall: Wall) -> None:
    """What was made for a request is known for two years, whose a message is for half a year."""
    await given(storage, person(10))
    async with storage.unit_of_work() as unit:
        beside = Identity("telegram", realm_beside(1), "7", "7")
        unit.employees.add(replace(person(20), identities=(beside,)))
        unit.rules.tie(1, "deal:7", int(wall.at * 1000) << 20)
        await unit.commit()
    its = {"channel": "telegram", "the_realm": realm_beside(1), "account": "7", "conversation": "7", "message": "m"}
    await storage._engine.write([Write(conversations.NOTE_COMPANY, {**its, "noted_at": int(wall.at * 1000)})])

    async def kept() -> tuple[int, int]:
        await storage.purge()
        plan = Read(conversations.COMPANY_OF, {"channel": "telegram", "conversation": "7", "message": "m"})
        (found,) = await storage._engine.read([plan])
        return len(found), len(await storage.unit_of_work().rules.tied(1, "deal:7"))

    wall.move(179 * DAY)
    assert (1, 1) == await kept()
    wall.move(2 * DAY)
    assert (0, 1) == await kept()
    wall.move(550 * DAY)
    assert (0, 0) == await kept()
