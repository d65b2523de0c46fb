"""Files of a request on their whole way through both emulated messengers, and answers to cards, by control calls."""

import base64
import json
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.dialogs.routes import HEAD, stage, template
from tests.e2e.driven import Sandbox, plain
from tests.e2e.test_application_pages import enter, style, wait
from tests.e2e.test_sandbox_page import chromium

__all__ = ["chromium"]

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
    assert "Поездка" in admin.last
    admin.presses("Да")
    admin.presses("Включить")
    return sandbox


def begin(sandbox: Sandbox, channel: str, where: str, *files: dict[str, str]) -> None:
    """Let Anna ask for a trip, with files sent in the middle of the form."""
    anna = sandbox.chat(channel, "anna")
    anna.says("/request Поездка")
    if files:
        anna.says("", files=list(files))
    anna.says(where)
    anna.says("50000")
    anna.presses("Отправить")


def asked_in(sandbox: Sandbox, words: str) -> str:
    """Return the messenger in which Sergey was asked about something."""
    for channel in CHANNELS:
        if any(words in plain(each["text"]) for each in sandbox.chat(channel, "sergey").messages):
            return channel
    raise AssertionError(f"nobody was asked about {words}")


@pytest.mark.parametrize("channel", CHANNELS)
def test_files_there_and_back(with_template: Sandbox, channel: str) -> None:
    """Two files that somebody attaches reach whoever is asked, byte by byte, and the sheet comes as a PDF."""
    sandbox, where = with_template, f"Казань-{channel}"
    begin(sandbox, channel, where, sent("договор.pdf", PDF), sent("смета.txt", TEXT))
    place = asked_in(sandbox, where)
    lead, before = sandbox.chat(place, "sergey"), newest(sandbox, place, "sergey")
    lead.presses("📎 2 файла")
    assert {"договор.pdf": PDF, "смета.txt": TEXT} == files_in(sandbox, place, "sergey", before)
    lead.presses("Согласовать")
    before = newest(sandbox, place, "sergey")
    lead.presses("Лист")
    [(name, content)] = files_in(sandbox, place, "sergey", before).items()
    assert name.endswith(".pdf")
    assert content.startswith(b"%PDF")


@pytest.mark.parametrize("channel", CHANNELS)
def test_what_cannot_be_taken_is_said(with_template: Sandbox, channel: str) -> None:
    """An empty file is told in one kind sentence, and the form goes on with nothing lost."""
    anna = with_template.chat(channel, "anna")
    anna.says("/request Поездка")
    anna.says("", files=[sent("пусто.txt", b"")])
    said = anna.last
    assert "пуст" in said.lower()
    assert "Куда?" in said
    anna.says("/cancel")


@pytest.mark.parametrize("channel", CHANNELS)
def test_e13_a_reply_to_a_card(with_template: Sandbox, channel: str) -> None:
    """Of two requests that wait, the one whose card is answered is decided."""
    sandbox = with_template
    begin(sandbox, channel, f"Тверь-{channel}")
    begin(sandbox, channel, f"Омск-{channel}")
    place = asked_in(sandbox, f"Омск-{channel}")
    lead = sandbox.chat(place, "sergey")
    first, second = (card(sandbox, place, "sergey", f"{each}-{channel}")["id"] for each in ("Тверь", "Омск"))
    lead.says("нет, дорого", reply_to=first)
    assert "Отклонено" in plain(card(sandbox, place, "sergey", f"Тверь-{channel}")["text"])
    assert "Отклонено" not in plain(card(sandbox, place, "sergey", f"Омск-{channel}")["text"])
    lead.says("согласовано", reply_to=second)
    assert "Согласовано" in plain(card(sandbox, place, "sergey", f"Омск-{channel}")["text"])
    assert "дорого" in plain(card(sandbox, channel, "anna", f"Тверь-{channel}")["text"])


def test_a_page_takes_files_and_shows_who_is_asked(chromium: Any, with_template: Sandbox, tmp_path: Path) -> None:
    """A file is chosen, the look names who is asked, a second press changes nothing; chat has the very bytes."""
    paper = tmp_path / "смета.pdf"
    paper.write_bytes(PDF)
    style(chromium, 390, "light")
    enter(chromium, with_template, "anna")
    chromium.get(f"{with_template.base}/approvals/new/trip")

    def one(found: str) -> Any:
        return wait(chromium, lambda: chromium.find_element("css selector", found))

    one("#f-where").send_keys("Пермь")
    one("#file-").send_keys(str(paper))
    one("form[enctype] button.action").click()
    wait(chromium, lambda: "Сергей Орлов" in one(".stages").text)
    assert "смета.pdf" in one("#main").text
    one("form.row button.action").click()
    wait(chromium, lambda: "Отправлено" in one("#main .notice").text)
    before = newest(with_template, asked_in(with_template, "Пермь"), "sergey")
    channel = asked_in(with_template, "Пермь")
    with_template.chat(channel, "sergey").presses("📎 1 файл")
    assert {"смета.pdf": PDF} == files_in(with_template, channel, "sergey", before)
    chromium.back()
    wait(chromium, lambda: "/approvals/new/trip" in chromium.current_url)
