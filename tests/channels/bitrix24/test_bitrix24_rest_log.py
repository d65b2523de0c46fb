"""The log of requests: a line each, three days, bounded; tokens and people's words are not in it."""

import asyncio
import json
import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.channels.bitrix24 import RestLog
from bot.channels.bitrix24.rest_log import Exchange, line_of
from bot.messages import IncomingKind
from bot.text import t
from tests.channels.bitrix24.doubles import outgoing, until
from tests.channels.bitrix24.sites import site, working

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def exchange(method: str = "imbot.v2.Event.get", **params: Any) -> Exchange:
    """Return a request that went well."""
    return Exchange(NOW.timestamp(), "acme", method, params, 200, "", 0.0314, 120, 4000)


def lines(folder: Path) -> list[dict[str, Any]]:
    """Return all lines of a log."""
    return [json.loads(line) for path in sorted(folder.glob("*.jsonl")) for line in path.read_text().splitlines()]


def test_what_a_line_tells() -> None:
    """Names, numbers and lengths; a token is never there, whatever it is called."""
    fields = {"message": "Анна на больничном", "keyboard": [{"TEXT": "Да", "BOT_ID": 5}], "urlPreview": False}
    line = line_of(exchange("imbot.v2.Chat.Message.send", botId=5, auth="at_secret", botToken="bt", fields=fields))
    assert {"botId": 5, "auth": "***", "botToken": "***"} == {k: v for k, v in line["params"].items() if k != "fields"}
    assert {"message": "<18>", "keyboard": [{"TEXT": "<2>", "BOT_ID": 5}], "urlPreview": False} == line["params"][
        "fields"
    ]
    told = {"portal": "acme", "method": "imbot.v2.Chat.Message.send", "status": 200, "ms": 31, "sent": 120}
    assert told.items() <= line.items()
    assert "code" not in line
    assert "2026-11-20T09:00:00.000+00:00" == line["at"]


def test_a_batch_tells_how_many_of_each() -> None:
    """What stands in its commands is people's words as well."""
    cmd = {
        "a": "imbot.v2.Chat.Message.send?fields[message]=Анна",
        "b": "imbot.v2.Event.get?botId=5",
        "c": "imbot.v2.Event.get",
    }
    line = line_of(exchange("batch", cmd=cmd, auth="at_secret"))
    assert {"imbot.v2.Chat.Message.send": 1, "imbot.v2.Event.get": 2} == line["commands"]
    assert "Анна" not in json.dumps(line, ensure_ascii=False)
    assert "secret" not in json.dumps(line)


def test_files_are_private_and_go(tmp_path: Path) -> None:
    """Nobody else reads them; after three days they go."""
    folder, now = tmp_path / "log", [datetime.now(UTC)]
    made = RestLog(folder, lambda: now[0])
    made.note(exchange())
    made.write()
    [file] = folder.glob("*.jsonl")
    assert 0o600 == stat.S_IMODE(file.stat().st_mode)
    assert 0o700 == stat.S_IMODE(folder.stat().st_mode)
    file.rename(folder / "2020-01-01.1.0.jsonl")
    now[0] += timedelta(days=2, hours=23)
    made.note(exchange())
    made.write()
    assert 2 == len(lines(folder))
    now[0] += timedelta(hours=2)
    made.note(exchange())
    made.write()
    assert "2020-01-01.1.0.jsonl" not in {each.name for each in folder.glob("*.jsonl")}


def test_too_large_together(tmp_path: Path) -> None:
    """The oldest go sooner; the newest file stays, whatever its size."""
    made = RestLog(tmp_path, largest=100)
    old = tmp_path / "2020-01-02.1.0.jsonl"
    old.write_text("{}\n")
    os.utime(old, (NOW.timestamp(), datetime.now(UTC).timestamp() - 60))
    made.note(exchange())
    made.write()
    assert not old.exists()
    assert 1 == len(lines(tmp_path))


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    """It costs the lines, and nothing else."""
    (tmp_path / "log").write_text("a file")
    made = RestLog(tmp_path / "log")
    made.note(exchange())
    made.write()
    assert "a file" == (tmp_path / "log").read_text()


async def test_every_request_has_a_line(tmp_path: Path) -> None:
    """A bot at work: what it asks stands there, and no token of it."""
    made = RestLog(tmp_path / "log")
    writing = asyncio.create_task(made.run())
    async with site() as portal, working(portal, note=made.note) as channel:
        await portal.portal.say(portal.anna, "пришла")
        await until(lambda: [each for each in portal.inbox.incomings if each.kind is IncomingKind.TEXT])
        await channel.send(outgoing(t("Hi"), to="3"))
    writing.cancel()
    await asyncio.gather(writing, return_exceptions=True)
    found = lines(tmp_path / "log")
    assert {"imbot.v2.Bot.register", "batch"} <= {each["method"] for each in found}
    assert {200} == {each["status"] for each in found if "code" not in each}
    text = json.dumps(found, ensure_ascii=False)
    token = portal.vault.values["bitrix24:acme:bot_token"]
    assert token not in text
    assert portal.portal.webhook_url not in text
    assert "пришла" not in text
