"""One backup format for both databases: consistent, complete, restored into an empty database or not at all."""

import asyncio
import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.domain.workday.punch_log import PunchKind
from bot.ports import Backlog, Checkpoint
from storage import BackupError, Database, Unavailable
from storage.backup.backup import backup, restore
from storage.backup.seal import Seal
from storage.migrate import current
from storage.schema import HEAD, metadata
from tests.storage.given import (
    CARD,
    NOW,
    SEAL,
    AskWhy,
    NewUrl,
    Opener,
    address,
    given,
    incoming,
    person,
    punch,
    punched,
    said,
)


async def fill(storage: Database) -> None:
    """Put something into every table."""
    from bot.domain.approvals.routed import Asked, RoutedRequest, SeatMark
    from bot.domain.approvals.running import Running
    from bot.domain.approvals.template import TemplateState, TemplateVersion
    from bot.domain.automation.errand import Errand, ErrandKind
    from bot.domain.people.group import Group
    from bot.domain.people.substitute import Substitute
    from bot.messages import Attachment, Receipt, Say
    from bot.ports import Link
    from bot.text import t

    await given(storage, person(10, "Анна «А»", telegram=True), person(11))
    await punched(storage, 1, 10, punch(PunchKind.IN), punch(PunchKind.BREAK_START, NOW.replace(hour=10)))
    async with storage.unit_of_work() as unit:
        unit.dialogs.put(1, "telegram", "", "tg10", AskWhy("почему"))
        unit.links.add(Link("hash", 1, 10, "telegram", NOW))
        unit.substitutes.put(Substitute(90, 1, 10, 11, NOW.date(), None, 10, NOW))
        unit.audit.add(1, actor_id=10, subject_id=None, what="role", at=NOW)
        unit.templates.add(TemplateVersion(1, "leave", 1, '{"a": "б"}', TemplateState.ON, NOW, 10))
        unit.groups.put(Group(1, "hr", "Кадры", (11, 10)))
        seats, asked = (SeatMark(101, 0, 0, "head", 0),), (Asked(11, 101),)
        routed = RoutedRequest(100, 1, 1, "leave", 1, 10, "by:10", "", Running(), NOW, seats=seats, asked=asked)
        unit.routed.add(routed.recorded("start", NOW, actor_id=10, said="«море»"))
        unit.errands.add(
            Errand(102, 1, ErrandKind.CRM_UPDATE, {"object": "deal:12"}, "request:100:0", "request:100", NOW)
        )
        await unit.commit()
    await storage.inbox.add([incoming("1"), incoming("2", text='два\n"2"')], Checkpoint("telegram", "5"))
    await said(storage, CARD, CARD)
    sheet = Attachment("табель.xlsx", b"\x00\x01\xfe\xff", "document")
    await said(storage, Say(t("The sheet"), file=sheet), to=address("tg10", "telegram"))
    (outgoing,) = await storage.outbox.claim("bitrix24", 1)
    await storage.outbox.sent([(outgoing, Receipt("m1"))])
    await storage.vault.put("token", "secret", is_secret=True)


def content(file: Path) -> list[Any]:
    """Return the lines of a backup but its header and its seal."""
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        return [json.loads(line, object_hook=_unsealed) for line in lines][1:]


def _unsealed(line: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in line.items() if name != "seal"}


@pytest.mark.parametrize("target", ["sqlite", "postgres"])
async def test_round_trip(storage: Database, url: str, target: str, new_url: NewUrl, tmp_path: Path) -> None:
    """A backup of either database restored into either gives a database whose backup is the same."""
    await fill(storage)
    first, second = tmp_path / "first.gz", tmp_path / "second.gz"
    await backup(url, first, SEAL)
    copy = await new_url(target, empty=True)
    await restore(copy, first, SEAL)
    await backup(copy, second, SEAL)
    tables = {line["table"] for line in content(first) if isinstance(line, dict) and "table" in line}
    assert {*metadata.tables} == tables
    assert sorted(map(str, content(first))) == sorted(map(str, content(second)))


@pytest.mark.parametrize("target", ["sqlite", "postgres"])
async def test_restored_works(
    storage: Database, url: str, target: str, new_url: NewUrl, tmp_path: Path, opened: Opener
) -> None:
    """A restored database works on where the backup stood: person, log, dialog, secret, checkpoint, queues."""
    await fill(storage)
    await backup(url, tmp_path / "b.gz", SEAL)
    copy = await new_url(target, empty=True)
    await restore(copy, tmp_path / "b.gz", SEAL)
    restored = await opened(at=copy)
    unit = restored.unit_of_work()
    found = await unit.employees.by_identity("telegram", "", "tg10")
    assert found is not None
    (present,) = await unit.employees.present(1)
    (strip_or_card,) = await restored.outbox.claim("bitrix24", 5)
    assert ("Анна «А»", NOW, AskWhy("почему"), "secret", "5", address()) == (
        found.name,
        present.session.started_at,
        await unit.dialogs.get("telegram", "", "tg10"),
        await restored.vault.get("token"),
        await restored.vault.get("checkpoint:telegram"),
        strip_or_card.to,
    )
    assert isinstance(await restored.backlog(), Backlog)


async def test_while_the_service_writes(storage: Database, url: str, new_url: NewUrl, tmp_path: Path) -> None:
    """A backup that is made while others write is of one instant: each event has its unit whole."""
    await given(storage)
    stop = asyncio.Event()

    async def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            await storage.inbox.add([incoming(f"{number}a"), incoming(f"{number}b")])

    writing = asyncio.ensure_future(write())
    try:
        for number in range(3):
            await backup(url, tmp_path / f"{number}.gz", SEAL)
            rows = [line for line in content(tmp_path / f"{number}.gz") if isinstance(line, list) and "waiting" in line]
            assert len(rows) % 2 == 0
    finally:
        stop.set()
        await writing


async def test_not_empty(storage: Database, url: str, tmp_path: Path, new_url: NewUrl, kind: str) -> None:
    """A database that holds anything is refused and left as it is."""
    await fill(storage)
    await backup(url, tmp_path / "b.gz", SEAL)
    with pytest.raises(BackupError, match="not empty"):
        await restore(url, tmp_path / "b.gz", SEAL)
    assert (await storage.backlog()).inbox == 2


def _header(**changes: object) -> Callable[[list[str]], list[str]]:
    return lambda lines: [json.dumps({**json.loads(lines[0]), **changes}), *lines[1:]]


SPOILT: list[tuple[Callable[[list[str]], list[str]], str]] = [
    (_header(format="tar"), "not a backup"),
    (_header(revision="0001"), "damaged"),
    (lambda lines: [*lines, '["more"]'], "damaged"),
    (lambda lines: ["[" * 100_000, *lines[1:]], "not a backup"),
    (lambda lines: [*lines[:5], "[" * 100_000, *lines[5:]], "damaged"),
    (lambda lines: [lines[0], '{"table": "vault", "columns": 5}', *lines[1:]], "damaged"),
    (_header(format_version=2), "newer version"),
    (_header(revision="9999"), "newer version"),
    (lambda _: ["", ""], "not a backup"),
    (lambda _: ["[]"], "not a backup"),
    (lambda lines: lines[:-1], "cut off"),
    (lambda lines: lines[:6] + lines[7:], "damaged"),
    (lambda lines: [*lines[:5], "{", *lines[5:]], "damaged"),
    (lambda lines: [line.replace("AAH+/w==", "AAH*/w==") for line in lines], "damaged"),
    (lambda lines: [lines[0], '{"table": "x; --", "columns": ["a"]}', "[1]", '{"end": true, "rows": 1}'], "damaged"),
    (lambda lines: [lines[0], '{"table": "vault", "columns": ["a"]}', "[1]", '{"end": true, "rows": 1}'], "damaged"),
]


async def test_spoilt_file(storage: Database, url: str, kind: str, new_url: NewUrl, tmp_path: Path) -> None:
    """Files that are not ours, too new, damaged or cut off restore nothing, and the good one can be restored then."""
    await fill(storage)
    await backup(url, tmp_path / "good.gz", SEAL)
    good = gzip.decompress((tmp_path / "good.gz").read_bytes()).decode().splitlines()
    target = await new_url(kind, empty=True)
    for number, (spoil, message) in enumerate(SPOILT):
        file = tmp_path / f"bad{number}.gz"
        file.write_bytes(gzip.compress(("\n".join(spoil(good)) + "\n").encode()))
        with pytest.raises(BackupError, match=message):
            await restore(target, file, None)
        with pytest.raises(BackupError):
            await restore(target, file, SEAL)
        assert (number, None) == (number, await current(target))
    await restore(target, tmp_path / "good.gz", SEAL)


@pytest.mark.parametrize(
    "body",
    [b"", b"not gzip", gzip.compress(b"\xff\xfe"), gzip.compress(b"{}\n" * 50)[:-12]],
    ids=["empty", "not gzip", "not text", "cut off"],
)
async def test_not_even_ours(body: bytes, tmp_path: Path) -> None:
    """Bytes of any other kind are refused in one sentence."""
    (tmp_path / "bad.gz").write_bytes(body)
    with pytest.raises(BackupError):
        await restore(f"sqlite:///{tmp_path}/x.db", tmp_path / "bad.gz", SEAL)


async def test_cut_in_the_middle(storage: Database, url: str, kind: str, new_url: NewUrl, tmp_path: Path) -> None:
    """A file that was cut off anywhere restores nothing, and the whole one can be restored afterwards."""
    await fill(storage)
    good = tmp_path / "good.gz"
    await backup(url, good, SEAL)
    target = await new_url(kind, empty=True)
    for share in (0.3, 0.6, 0.9):
        (tmp_path / "bad.gz").write_bytes(good.read_bytes()[: int(good.stat().st_size * share)])
        with pytest.raises(BackupError):
            await restore(target, tmp_path / "bad.gz", SEAL)
    await restore(target, good, SEAL)


async def test_no_file(tmp_path: Path, storage: Database, url: str) -> None:
    """A file that cannot be read or written is named in the sentence; no half of one is left behind."""
    with pytest.raises(BackupError, match="nowhere"):
        await restore(url, tmp_path / "nowhere" / "b.gz", SEAL)
    with pytest.raises(BackupError, match="nowhere"):
        await backup(url, tmp_path / "nowhere" / "b.gz", SEAL)
    assert [each.name for each in tmp_path.iterdir() if "gz" in each.name] == []


async def test_nothing_to_back_up(kind: str, new_url: NewUrl, tmp_path: Path) -> None:
    """A database without a schema has nothing to back up, and stays as it is."""
    url = await new_url(kind, empty=True)
    with pytest.raises(BackupError, match="no database"):
        await backup(url, tmp_path / "b.gz", SEAL)
    assert await current(url) is None


async def test_unreachable(tmp_path: Path) -> None:
    """A server that is not there is one plain sentence."""
    with pytest.raises(Unavailable, match="PostgreSQL"):
        await backup("postgresql://nobody@127.0.0.1:1/none", tmp_path / "b.gz", SEAL)


@pytest.mark.parametrize("target", ["sqlite", "postgres"])
async def test_backup_of_an_earlier_version(target: str, new_url: NewUrl, tmp_path: Path) -> None:
    """A backup that an earlier version made is restored at its revision and then brought up to date."""
    lines = [
        {"format": "smena-backup", "format_version": 1, "revision": "0001", "program": "0.1.0"},
        {"table": "vault", "columns": ["name", "value", "is_secret"]},
        ["a", "1", False],
        {"end": True, "rows": 1},
    ]
    with gzip.open(tmp_path / "old.gz", "wt", encoding="utf-8") as file:
        file.write("".join(json.dumps(line) + "\n" for line in lines))
    url = await new_url(target, empty=True)
    with pytest.raises(BackupError, match="--unsealed"):
        await restore(url, tmp_path / "old.gz", SEAL)
    assert await current(url) is None
    await restore(url, tmp_path / "old.gz", None)
    assert await current(url) == HEAD
    await backup(url, tmp_path / "new.gz", SEAL)
    assert ["a", "1", False] in content(tmp_path / "new.gz")


def _resealed(file: Path, new: Path, old: str, other: str) -> None:
    """Write the file anew with something in it replaced, its seal as it was."""
    new.write_bytes(gzip.compress(gzip.decompress(file.read_bytes()).replace(old.encode(), other.encode())))


@pytest.mark.parametrize(
    ("old", "other"),
    [("Анна «А»", "Яна «А»"), ('"program":"', '"program":"9.'), ('"vault"', '"vault" ')],
    ids=["a value", "the header", "a space"],
)
async def test_an_edited_backup_is_refused(
    storage: Database, url: str, kind: str, new_url: NewUrl, tmp_path: Path, old: str, other: str
) -> None:
    """Whatever was changed in a backup after it was made: nothing of it is restored, unless somebody vouches for it."""
    await fill(storage)
    await backup(url, tmp_path / "good.gz", SEAL)
    _resealed(tmp_path / "good.gz", tmp_path / "edited.gz", old, other)
    target = await new_url(kind, empty=True)
    with pytest.raises(BackupError, match="changed after it was made"):
        await restore(target, tmp_path / "edited.gz", SEAL)
    assert await current(target) is None
    await restore(target, tmp_path / "edited.gz", None)
    assert await current(target) == HEAD


async def test_a_seal_of_another_secret(storage: Database, url: str, new_url: NewUrl, tmp_path: Path) -> None:
    """A backup of another installation, and one that nobody can check, are named as such."""
    await backup(url, tmp_path / "b.gz", SEAL)
    target = await new_url("sqlite", empty=True)
    with pytest.raises(BackupError, match="another SECRET_KEY"):
        await restore(target, tmp_path / "b.gz", Seal("another secret of at least 32 characters"))
    with pytest.raises(BackupError, match="SECRET_KEY is not set"):
        await restore(target, tmp_path / "b.gz", Seal(""))
    with pytest.raises(BackupError, match="SECRET_KEY is not set"):
        await backup(url, tmp_path / "c.gz", Seal(""))
    assert ["b.gz"] == [each.name for each in tmp_path.iterdir() if "gz" in each.name]


async def test_a_seal_that_was_taken_off(storage: Database, url: str, new_url: NewUrl, tmp_path: Path) -> None:
    """Without its seal a backup is as one that an older version made: somebody has to vouch for it."""
    await backup(url, tmp_path / "b.gz", SEAL)
    _resealed(tmp_path / "b.gz", tmp_path / "bare.gz", '"sealed_with"', '"seal"')
    with pytest.raises(BackupError, match="has no seal"):
        await restore(await new_url("sqlite", empty=True), tmp_path / "bare.gz", SEAL)


async def test_nothing_is_overwritten(storage: Database, url: str, tmp_path: Path) -> None:
    """A file that is there already stays as it is."""
    (tmp_path / "b.gz").write_bytes(b"yesterday's")
    with pytest.raises(BackupError, match="there already"):
        await backup(url, tmp_path / "b.gz", SEAL)
    assert b"yesterday's" == (tmp_path / "b.gz").read_bytes()
    assert ["b.gz"] == [each.name for each in tmp_path.iterdir() if "gz" in each.name]


async def test_a_refused_restore_leaves_no_file(tmp_path: Path) -> None:
    """Where there was no database there is none after a restore that failed on the way."""
    header = {"format": "smena-backup", "format_version": 1, "revision": "0001", "program": "0.1.0"}
    with gzip.open(tmp_path / "cut.gz", "wt", encoding="utf-8") as file:
        file.write(json.dumps(header) + "\n")
    with pytest.raises(BackupError, match="cut off"):
        await restore(f"sqlite:///{tmp_path}/data/x.db", tmp_path / "cut.gz", None)
    assert [] == [*(tmp_path / "data").iterdir()]
