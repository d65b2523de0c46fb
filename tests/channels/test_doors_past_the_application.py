"""A door that the listener answers past the application says and counts the same as it would behind it."""

import asyncio
import json
from collections.abc import Sequence

import pytest
from aiohttp import web

from bot import metrics
from bot.channels import bitrix24, telegram
from bot.channels.doors import Door
from bot.channels.telegram.webhook import PATH
from bot.clock import MovableClock
from bot.listener import Listener
from bot.server import Readiness, application

UPDATE = json.dumps({"update_id": 1}).encode()
SECRET = "X-Telegram-Bot-Api-Secret-Token: secret"


class Behind:
    """A channel that stores, or cannot."""

    webhook_secrets = ("secret", "former")

    def __init__(self) -> None:
        """Have stored nothing."""
        self.taken: list[object] = []

    async def take_update(self, update: object) -> None:
        """Store an update; the third cannot be."""
        if update == {"update_id": 3}:
            raise OSError("no room")
        self.taken.append(update)


async def _failing(_: web.BaseRequest) -> web.StreamResponse:
    raise RuntimeError("words of a person")


def wire(*lines: str, body: bytes = b"", path: str = PATH, version: str = "1.1") -> bytes:
    """Return a post as it goes over the wire."""
    head = [
        f"POST {path} HTTP/{version}",
        "Host: localhost",
        f"Content-Length: {len(body)}",
    ]
    return "\r\n".join([*head, *lines]).encode() + b"\r\n\r\n" + body


POSTS: Sequence[tuple[bytes, bytes]] = [
    (wire(SECRET, body=UPDATE), b"200"),
    (wire(SECRET, body=UPDATE, version="1.0"), b"200"),
    (wire(SECRET, "Connection: close", body=UPDATE), b"200"),
    (wire(SECRET, "Connection: keep-alive", body=UPDATE, version="1.0"), b"200"),
    (wire(SECRET, body=UPDATE, path=f"{PATH}?more=1"), b"200"),
    (wire(SECRET, body=UPDATE, path="/telegram/%77ebhook"), b"200"),
    (wire(SECRET, body=UPDATE, path=f"{PATH}/"), b"404"),
    (wire("X-Telegram-Bot-Api-Secret-Token: guessed", body=UPDATE), b"401"),
    (wire(body=UPDATE), b"401"),
    (wire(SECRET, body=b"{"), b"400"),
    (wire(SECRET, "Content-Encoding: gzip", body=UPDATE), b"415"),
    (wire(SECRET, body=b" " * 300 * 1024), b"413"),
    (wire(SECRET, body=b'{"update_id": 3}'), b"503"),
    (wire(path="/failing"), b"500"),
    (wire(path="/failing").replace(b"POST", b"GET"), b"405"),
    (wire(SECRET, body=UPDATE).replace(b"POST", b"PUT"), b"405"),
    (wire(path="/bitrix24/events?portal=nobody&key=guessed"), b"403"),
    (b"POST nonsense\r\n\r\n", b"400"),
]


async def answered(words: bytes, *, past: bool) -> tuple[list[bytes], dict[str, float], int, bool]:
    """Return what is answered but for the date, what is counted, how much was stored, and whether it is hung up."""
    behind = Behind()
    doors = [*telegram.routes(behind), *bitrix24.routes(lambda _: None), Door("/failing", _failing)]
    readiness = Readiness(_text, _backlog, {}, MovableClock())
    app = application(readiness, *doors)
    listener = Listener(app, doors={each.path: each.handler for each in doors} if past else {})
    before = counted()
    port = await listener.start("127.0.0.1", 0)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(words)
    try:
        async with asyncio.timeout(10):
            head = await reader.readuntil(b"\r\n\r\n")
            lines = head.lower().split(b"\r\n")
            length = next(int(line[15:]) for line in lines if line.startswith(b"content-length:"))
            said = [line for line in head.split(b"\r\n") if not line.startswith(b"Date: ")]
            said.append(await reader.readexactly(length))
            assert any(line.startswith(b"date: ") for line in lines)
            writer.write(wire(body=UPDATE))  # where the connection goes on, a second request is answered
            try:
                is_closed = not await reader.read(1)
            except ConnectionError:
                is_closed = True
    finally:
        writer.close()
        await listener.stop()
    after = counted()
    more = {name: after[name] - before.get(name, 0.0) for name in after}
    if not is_closed:  # the second request
        more["telegram wrong_secret"] -= 1
    return said, {name: count for name, count in more.items() if count}, len(behind.taken), is_closed


async def _text() -> str:
    return ""


async def _backlog() -> object:
    raise OSError


def counted() -> dict[str, float]:
    """Return what was refused so far."""
    samples = [each for one in metrics.REFUSED_DOORS.collect() for each in one.samples if each.name.endswith("_total")]
    return {f"{each.labels['channel']} {each.labels['code']}": each.value for each in samples}


@pytest.mark.parametrize(("words", "status"), POSTS, ids=range(len(POSTS)))
async def test_a_door_past_the_application_is_the_same(words: bytes, status: bytes) -> None:
    """Status, headers, documents, counts, what is stored and what becomes of the connection do not differ."""
    behind = await answered(words, past=False)
    past = await answered(words, past=True)
    assert behind == past
    assert past[0][0].split(b" ")[1] == status
    assert b"Server: smena" in past[0]
    assert b"words of a person" not in b"".join(past[0])


async def test_a_refusal_counts_once() -> None:
    """Whoever serves a door counts what it refuses; the door does not count it as well."""
    for past in (False, True):
        _, counts, _, _ = await answered(wire(path="/bitrix24/events?portal=nobody&key=guessed"), past=past)
        assert counts == {"bitrix24 wrong_key": 1}
