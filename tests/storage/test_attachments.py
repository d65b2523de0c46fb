"""A file is stored with its message, handed out with it, kept while it is needed and no longer."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.messages import Attachment, DeliveryError, Receipt, Say
from bot.text import t
from storage import Database
from storage.backup.backup import backup, restore
from storage.engines.engine import Read
from storage.engines.statement import Statement
from storage.schema import attachment
from tests.storage.given import CARD, EDIT, NOW, SEAL, NewUrl, Opener, Wall, address, given, said, tried_again

PICTURE = Attachment("неделя.png", bytes(range(256)) * 300, "photo")
SHEET = Attachment("табель.xlsx", b"\x00sheet\xff", "document")
WEEK = Say(t("Your week"), file=PICTURE)
NEVER = DeliveryError("rejected", permanent=True)
LATER = DeliveryError("network", permanent=False)

_COUNT = Statement("count files", lambda _: select(func.count()).select_from(attachment))


async def kept(storage: Database) -> int:
    """Return how many files the database holds."""
    ((row,),) = await storage._engine.read([Read(_COUNT, {})])
    return int(row[0])


async def test_read_back(storage: Database) -> None:
    """Every byte, the name and the kind come back with the message; messages beside it have none."""
    await given(storage)
    await said(storage, WEEK)
    await said(storage, Say(t("The sheet"), file=SHEET), to=address("chat11"))
    await said(storage, CARD, to=address("chat12"))
    claimed = await storage.outbox.claim("bitrix24", 5)
    assert [WEEK, Say(t("The sheet"), file=SHEET), CARD] == [each.say for each in claimed]


async def test_not_committed(storage: Database) -> None:
    """A file is part of the unit of work: one that is dropped leaves nothing behind."""
    await given(storage)
    async with storage.unit_of_work() as unit:
        unit.outbox.add(address(), WEEK, at=NOW)
    assert (0, []) == (await kept(storage), await storage.outbox.claim("bitrix24", 5))


async def test_sent(storage: Database) -> None:
    """The bytes go as soon as the message was sent."""
    await given(storage)
    await said(storage, WEEK)
    (outgoing,) = await storage.outbox.claim("bitrix24", 5)
    before = await kept(storage)
    await storage.outbox.sent([(outgoing, Receipt("m1"))])
    assert (1, 0) == (before, await kept(storage))


async def test_only_the_one_that_was_sent(storage: Database) -> None:
    """A file whose message still waits stays when another is sent."""
    await given(storage)
    await said(storage, WEEK, replace(WEEK, file=SHEET))
    (first,) = await storage.outbox.claim("bitrix24", 5)
    await storage.outbox.sent([(first, Receipt("m1"))])
    (second,) = await storage.outbox.claim("bitrix24", 5)
    assert (SHEET, 1) == (second.say.file, await kept(storage))


async def test_kept_for_a_retry(storage: Database, wall: Wall) -> None:
    """A message that failed keeps its file past purges, as long as it may be sent again by hand."""
    await given(storage)
    await said(storage, WEEK)
    (outgoing,) = await storage.outbox.claim("bitrix24", 5)
    await storage.outbox.failed([(outgoing, LATER, 7.0)])
    wall.move(7)
    (outgoing,) = await storage.outbox.claim("bitrix24", 5)
    await storage.outbox.failed([(outgoing, NEVER, None)])
    wall.move(30 * 86400)
    await storage.purge()
    await tried_again(storage)
    (again,) = await storage.outbox.claim("bitrix24", 5)
    assert WEEK == again.say


async def test_never_an_edit(storage: Database) -> None:
    """A message with a file is sent anew even where its slot shows a message; that one loses its buttons."""
    await given(storage)
    await said(storage, CARD, replace(EDIT, file=PICTURE))
    (card,) = await storage.outbox.claim("bitrix24", 5)
    await storage.outbox.sent([(card, Receipt("m1"))])
    (picture,) = await storage.outbox.claim("bitrix24", 5)
    await storage.outbox.sent([(picture, Receipt("m2"))])
    (strip,) = await storage.outbox.claim("bitrix24", 5)
    assert (None, "m1", None) == (picture.shown_as, strip.shown_as, strip.say.file)


async def test_purge_of_what_was_dropped(storage: Database, wall: Wall) -> None:
    """The file of a message that was not needed goes with the message."""
    await given(storage)
    await said(storage, replace(EDIT, only_if_shown=True, file=PICTURE))
    claimed = await storage.outbox.claim("bitrix24", 5)
    wall.move(8 * 86400)
    await storage.purge()
    assert ([], 0) == (claimed, await kept(storage))


async def test_lease(storage: Database, wall: Wall) -> None:
    """A file may be on its way for three minutes before it is handed out again; words for thirty seconds."""
    await given(storage)
    await said(storage, WEEK)
    await said(storage, CARD, to=address("chat11"))
    await storage.outbox.claim("bitrix24", 5)
    wall.move(31)
    words = await storage.outbox.claim("bitrix24", 5)
    wall.move(150)
    (file,) = [each for each in await storage.outbox.claim("bitrix24", 5) if each.say.file]
    assert ([CARD], 1) == ([each.say for each in words], file.tries)


async def test_after_a_crash(storage: Database, opened: Opener) -> None:
    """What another process had taken under its lease is there for the one that restarts under its name."""
    await given(storage)
    await said(storage, WEEK)
    await storage.outbox.claim("bitrix24", 5)
    await storage.close()
    again = await opened("worker 0")
    (outgoing,) = await again.outbox.claim("bitrix24", 5)
    assert WEEK == outgoing.say


@pytest.mark.parametrize("target", ["sqlite", "postgres"])
async def test_backup(
    storage: Database, url: str, target: str, new_url: NewUrl, tmp_path: Path, opened: Opener
) -> None:
    """A backup of either database takes files along into either."""
    await given(storage)
    await said(storage, WEEK)
    await said(storage, CARD, to=address("chat11"))
    await backup(url, tmp_path / "b.gz", SEAL)
    copy = await new_url(target, empty=True)
    await restore(copy, tmp_path / "b.gz", SEAL)
    restored = await opened(at=copy)
    assert [WEEK, CARD] == [each.say for each in await restored.outbox.claim("bitrix24", 5)]
