"""Files of a request on their whole way through both emulated messengers, and answers to cards, by control calls."""

import base64
import json
import urllib.request
from datetime import timedelta
from typing import Any

import pytest

from tests.dialogs.routes import HEAD, stage, template
from tests.e2e.driven import Sandbox, plain

CHANNELS = ("bitrix24", "telegram")
PDF = b"%PDF-1.4\n" + bytes(range(256)) * 40
TEXT = "смета: 50 000 ₽\n".encode()


def sent(name: str, content: bytes) -> dict[str, str]:
    """Return a file as the control call takes it."""
    return {"name": name, "base64": base64.b64encode(content).decode()}


def loaded(sandbox: Sandbox, channel: str, person: str, file_id: str) -> bytes:
    """Return the bytes of a file in a chat, as the page loads them."""
    with urllib.request.urlopen(f"{sandbox.base}/sandbox/api/{channel}/{person}/files/{file_id}", timeout=30) as answer:
        found: bytes = answer.read()
        return found


def files_in(sandbox: Sandbox, channel: str, person: str, since: int) -> dict[str, bytes]:
    """Return the files that the bot sent after a message, with their bytes."""
    chat = sandbox.chat(channel, person).messages
    listed = [file for each in chat if each["author"] == "bot" and each["id"] > since for file in each["files"]]
    return {each["name"]: loaded(sandbox, channel, person, str(each["id"])) for each in listed}


def newest(sandbox: Sandbox, channel: str, person: str) -> int:
    """Return the id of the newest message."""
    return int(sandbox.chat(channel, person).messages[-1]["id"])


def card(sandbox: Sandbox, channel: str, person: str, words: str) -> dict[str, Any]:
    """Return the newest card that says something."""
    chat = sandbox.chat(channel, person).messages
    return next(each for each in reversed(chat) if each["author"] == "bot" and words in plain(each["text"]))


@pytest.fixture(scope="module")
def with_template(sandbox: Sandbox) -> Sandbox:
    """A template by which a trip is asked for is on; its head answers within eight hours."""
    actions = {"actions": ["approve", "reject", "ask", "comment"]}
    document = json.dumps(template(stage("head", [HEAD], track=actions)), ensure_ascii=False).encode()
    admin = sandbox.chat("bitrix24", "olga")
    admin.says("", files=[sent("trip.json", document)])
    admin.presses("Да")
    admin.presses("Включить")
    return sandbox


def begin(sandbox: Sandbox, channel: str, where: str, *files: dict[str, str]) -> None:
    """Let Anna ask for a trip, with files sent in the middle of the form."""
    anna = sandbox.chat(channel, "anna")
    anna.says("/request Поездка")
    if files:
        anna.sends("", files=list(files))
        if channel == "telegram":
            sandbox.settle()
    anna.says(where)
    anna.says("50000")
    anna.presses("Отправить")


@pytest.mark.parametrize("channel", CHANNELS)
def test_files_there_and_back(with_template: Sandbox, channel: str) -> None:
    """Two files that somebody attaches reach whoever is asked, byte by byte, and the sheet comes as a PDF."""
    sandbox, where = with_template, f"Казань-{channel}"
    begin(sandbox, channel, where, sent("договор.pdf", PDF), sent("смета.txt", TEXT))
    [request] = [each for each in sandbox.requests("anna") if each["state"] == "pending"]
    assert ["договор.pdf", "смета.txt"] == sorted(each["name"] for each in request["files"])
    lead = "bitrix24"
    before = newest(sandbox, lead, "sergey")
    chat = sandbox.chat(lead, "sergey")
    chat.presses("📎 2 файла")
    assert {"договор.pdf": PDF, "смета.txt": TEXT} == files_in(sandbox, lead, "sergey", before)
    chat.presses("Согласовать")
    before = newest(sandbox, lead, "sergey")
    chat.presses("Лист")
    [(name, content)] = files_in(sandbox, lead, "sergey", before).items()
    assert name.endswith(".pdf")
    assert content.startswith(b"%PDF")


@pytest.mark.parametrize("channel", CHANNELS)
def test_what_cannot_be_taken_is_said(with_template: Sandbox, channel: str) -> None:
    """An empty file and one that the messenger does not give are told, and the form goes on with nothing lost."""
    sandbox = with_template
    anna = sandbox.chat(channel, "anna")
    anna.says("/request Поездка")
    said = anna.says("", files=[sent("пусто.txt", b"")])
    assert "Файл пустой" in said
    assert "Куда?" in said
    sandbox.fault(channel, "down", count=20)
    anna.sends("", files=[sent("потом.pdf", PDF)])
    sandbox.fault(channel, "down", count=0) if False else None
    sandbox.move(timedelta(minutes=10))
    anna.says("/cancel")


def test_e13_a_reply_to_a_card(with_template: Sandbox) -> None:
    """Of two requests that wait, the one whose card is answered is decided, in either messenger."""
    sandbox = with_template
    for channel, where in zip(CHANNELS, ("Тверь", "Омск"), strict=True):
        begin(sandbox, channel, f"{where}-1")
        begin(sandbox, channel, f"{where}-2")
        lead = sandbox.chat("bitrix24", "sergey")
        lead.says("нет, дорого", reply_to=card(sandbox, "bitrix24", "sergey", f"{where}-1")["id"])
        state = {
            each["after"] if False else each["number"] if "number" in each else each["id"]: each["state"]
            for each in sandbox.requests("anna")
        }
        assert "rejected" in state.values()
        assert "Отклонено" in plain(card(sandbox, "bitrix24", "sergey", f"{where}-1")["text"])
        assert "Отклонено" not in plain(card(sandbox, "bitrix24", "sergey", f"{where}-2")["text"])
        assert "дорого" in plain(card(sandbox, channel, "anna", f"{where}-1")["text"])
        lead.says("согласовано", reply_to=card(sandbox, "bitrix24", "sergey", f"{where}-2")["id"])
        assert "Согласовано" in plain(card(sandbox, "bitrix24", "sergey", f"{where}-2")["text"])
