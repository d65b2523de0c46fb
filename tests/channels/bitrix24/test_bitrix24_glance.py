"""A delivered message at a glance: it means the same taken apart later, and nothing secret is kept of it."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from benchmarks import bodies
from bot.channels.bitrix24 import routes, taken_apart
from bot.channels.bitrix24.bot import NAMES
from bot.channels.bitrix24.events import Event, UnreadableEvent, to_incoming
from bot.channels.bitrix24.forms import BadBody, parse_body
from bot.channels.bitrix24.glance import event_id, glance
from bot.listener import listening
from bot.messages import Incoming, Unread
from tests.channels.bitrix24.doubles import (
    NOW,
    PAYLOADS,
    MemoryInbox,
    MemoryVault,
    channel_on,
    delivered,
    payload,
    php_form,
    until,
)
from tests.channels.bitrix24.test_bitrix24_webhook import DOOR, FORM, KEY, NOWHERE, PROVEN, knock


def message(**changes: Any) -> bytes:
    """Return a message as the portal delivers it, with the tokens that it sends along."""
    event = delivered(payload("message"))
    event["data"]["message"].update(changes)
    event["data"]["bot"]["auth"] = {"access_token": "acc3ss", "application_token": "t0ken", "refresh_token": "r3fresh"}
    event["auth"] = {"access_token": "acc3ss", "domain": "acme.bitrix24.com", **event["auth"]}
    return php_form(event)


def whole(body: bytes) -> Incoming | None:
    """Read a body in one go, as it is read where it is not known at a glance."""
    event = Event.delivered(parse_body(body, FORM))
    return to_incoming(event, realm="acme", received_at=NOW, names=tuple(NAMES.values()))


def unread(body: bytes) -> Unread:
    """Return what is stored of a body that is known at a glance."""
    seen = glance(body)
    assert seen is not None
    return Unread("bitrix24", "acme", event_id(seen), seen.account, NOW, seen.rest)


WORDS = [
    "пришла",
    "обед & ещё",
    "a=b&c[d]=e",
    "100%",
    "[b]жирно[/b]",
    "+3",
    "Смена, домой",
    "\u202ex",
]


@pytest.mark.parametrize("words", WORDS)
def test_it_means_the_same_later(words: str) -> None:
    """Whatever people write."""
    body = message(text=words)
    assert taken_apart(unread(body)) == whole(body)
    assert whole(body) is not None


@pytest.mark.parametrize("body", [(PAYLOADS / "message.form").read_bytes().strip(), bodies.second(700_000_001)])
def test_forms_of_portals_are_known(body: bytes) -> None:
    """As they are on record: known at a glance, and the same by either way."""
    assert taken_apart(unread(body)) == whole(body)


def test_nothing_secret_is_kept() -> None:
    """Neither the portal's token nor any by which somebody could act for it, or for the bot."""
    rest = unread(message()).body
    assert [] == [each for each in ("t0ken", "acc3ss", "r3fresh", "token", "auth%5B") if each in rest]


LATER_AUTH = b"&auth%5Bapplication_token%5D=forged"
READ_WHOLE = {
    "json": json.dumps(delivered(payload("message"))).encode(),
    "press": php_form(delivered(payload("press"))),
    "the bot's own": php_form(delivered(payload("message_own"))),
    "the portal's own": php_form(delivered(payload("message_system"))),
    "a second token": message() + LATER_AUTH,
    "a token before the rest": message().replace(
        b"&data%5Bmessage%5D%5Bid", LATER_AUTH + b"&data%5Bmessage%5D%5Bid", 1
    ),
    "a token of another name": message() + b"&token=t0ken",
    "a token where nobody expects one": message().replace(b"&ts=", b"&data%5Bx%5D=t0ken&ts="),
    "bare brackets": message().replace(b"%5B", b"["),
    "no time": message().replace(b"&ts=", b"&when="),
    "no sender": message().replace(b"&data%5Buser%5D%5Bid%5D", b"&data%5Buser%5D%5Bno%5D"),
    "a sender in another place": message().replace(b"&data%5Buser%5D%5Bid%5D", b"&data%5Bthe%5D%5Buser%5D%5Bid%5D"),
    "no number": message().replace(b"%5Bid%5D=88123", b"%5Bid%5D=088123"),
    "too many fields": message().replace(b"&ts=", b"&x=1" * 2_000 + b"&ts="),
    "no ASCII": message().replace(b"&ts=", "&x=я&ts=".encode()),
    "somebody writes of a token": message(text="a=b&auth[application_token]=x"),
    "nothing": b"",
}


@pytest.mark.parametrize("body", READ_WHOLE.values(), ids=READ_WHOLE.keys())
def test_what_looks_different_is_read_whole(body: bytes) -> None:
    """Nothing is guessed of it."""
    assert glance(body) is None


@pytest.mark.parametrize(
    "rest",
    [
        "",
        "event=ONIMBOTV2MESSAGEADD",
        "%",
        "a" + "%5Bb%5D" * 20 + "=1",
        unread(message()).body.replace("88123", "88124"),
    ],
    ids=["empty", "only the event", "no form", "too deep", "another message"],
)
def test_what_cannot_be_taken_apart(rest: str) -> None:
    """It is never another message than the one it was taken for."""
    kept = unread(message())
    one = Unread(kept.channel, kept.realm, kept.event_id, kept.account, NOW, rest)
    try:
        found = taken_apart(one)
    except (UnreadableEvent, BadBody):
        found = None
    assert found is None


@asynccontextmanager
async def delivering(inbox: MemoryInbox) -> AsyncIterator[tuple[web.RouteDef, list[Unread]]]:
    """Have a channel take deliveries; gives its door, and what is stored as it came."""
    kept: list[Unread] = []

    async def store(one: Unread) -> int:
        kept.append(one)
        return 1

    vault = MemoryVault()
    vault.values = {"bitrix24:acme:bot": '{"id": 5120}', DOOR: PROVEN}
    channel = channel_on(NOWHERE, vault, mode="webhook", events_url="https://smena.example/events", unread=store)
    (door,) = routes(lambda realm: channel if realm == "acme" else None)
    await channel.start(inbox)
    await until(lambda: channel._deliveries and channel._deliveries.door.is_loaded)
    try:
        yield door, kept
    finally:
        await channel.stop()


async def test_the_door_stores_what_it_did_not_take_apart() -> None:
    """A message is stored as it came once its token is known; all else is read whole, refused or held as ever."""
    inbox = MemoryInbox()
    async with delivering(inbox) as (door, kept):
        app = web.Application()
        app.add_routes([door])
        async with TestClient(TestServer(app)) as client:
            assert await knock(client, message()) == (200, "stored")
            assert [(each.event_id, each.account, inbox.incomings) for each in kept] == [("m:88123", "17", [])]
            assert await knock(client, php_form(delivered(payload("press")))) == (200, "stored")
            assert len(inbox.incomings) == 1
            forged = message().replace(b"=t0ken", b"=forged")
            assert await knock(client, forged) == (403, "wrong_token")
            another = message().replace(b"%5Bbot%5D%5Bid%5D=5120", b"%5Bbot%5D%5Bid%5D=5121")
            assert await knock(client, another) == (404, "unknown_bot")
            old = message().replace(b"&ts=1787306400", b"&ts=1756706400")
            assert await knock(client, old) == (400, "too_old")
            assert await knock(client, message(), key="wrong") == (403, "wrong_key")
            assert (len(kept), len(inbox.incomings)) == (1, 1)


def posted(body: bytes, key: str) -> bytes:
    """Return a delivery as it goes over the wire."""
    head = f"POST /bitrix24/events?portal=acme&key={key} HTTP/1.1\r\nHost: a\r\nContent-Type: {FORM}\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


async def test_the_same_is_stored_and_said_before_aiohttp() -> None:
    """A message known at a glance is stored with no request made of it; whatever is refused is refused as ever."""
    said: dict[bool, list[list[bytes]]] = {}
    bodies_posted = [
        posted(message(), KEY),
        posted(message(), "wrong"),
        posted(message().replace(b"=t0ken", b"=forged"), KEY),
        posted(message().replace(b"%5Bbot%5D%5Bid%5D=5120", b"%5Bbot%5D%5Bid%5D=5121"), KEY),
        posted(message().replace(b"&ts=1787306400", b"&ts=1756706400"), KEY),
        posted(php_form(delivered(payload("press"))), KEY),
    ]
    async with delivering(MemoryInbox()) as (door, kept):
        app = web.Application()
        app.add_routes([door])
        for before in (True, False):
            listener = listening(app, [door] if before else [])
            port = await listener.start("127.0.0.1", 0)
            said[before] = [await head_of(port, each) for each in bodies_posted]
            await listener.stop()
    assert said[True] == said[False]
    assert [b"200", b"403", b"403", b"404", b"400", b"200"] == [each[0].split(b" ")[1] for each in said[True]]
    assert [(each.event_id, each.body) for each in kept] == [("m:88123", unread(message()).body)] * 2


async def head_of(port: int, words: bytes) -> list[bytes]:
    """Return the lines that are answered, but for the date."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(words)
    async with asyncio.timeout(10):
        head = await reader.readuntil(b"\r\n\r\n")
    writer.close()
    status, *lines = head.split(b"\r\n")
    return [status, *sorted(line for line in lines if not line.startswith(b"Date: "))]


def test_the_moment_is_the_portals() -> None:
    """An old delivery is told from one of now without taking it apart."""
    seen = glance(message())
    assert seen is not None
    assert datetime.fromtimestamp(1787306400, UTC) == seen.at
