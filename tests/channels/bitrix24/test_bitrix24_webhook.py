"""The door for delivered events: who gets in, what is refused and how, and that nothing unstored is acknowledged."""

import asyncio
import copy
import gzip
import hashlib
import json
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer

from bot.channels.bitrix24 import PortalBot, routes
from bot.channels.bitrix24.doorkeeper import MOST_HELD_CHARACTERS
from bot.channels.bitrix24.forms import MAX_BODY
from bot.derived import Derived
from tests.channels.bitrix24.doubles import (
    NOW,
    PAYLOADS,
    SECRET,
    MemoryInbox,
    MemoryVault,
    channel_on,
    delivered,
    payload,
    php_form,
    until,
)

(KEY,) = Derived(SECRET).texts("bitrix24 door acme")
FORM = "application/x-www-form-urlencoded"
DOOR = "bitrix24:acme:door"
PROVEN = json.dumps({"known": [hashlib.sha256(b"t0ken").hexdigest()], "member": "m1"})
# Nobody listens there: the door must not need the portal.
NOWHERE = "http://127.0.0.1:9/rest/1/secret/"

Door = tuple[TestClient[web.Request, web.Application], MemoryInbox, MemoryVault, PortalBot]


@asynccontextmanager
async def door(**values: str) -> AsyncIterator[Door]:
    """Open the door of a channel in webhook mode whose bot was registered, and its token proven, before."""
    vault, inbox = MemoryVault(), MemoryInbox()
    vault.values = {"bitrix24:acme:bot": '{"id": 5120}', DOOR: PROVEN, **values}
    channel = channel_on(NOWHERE, vault, mode="webhook", events_url="https://smena.example/events")
    app = web.Application()
    app.add_routes(routes(lambda realm: channel if realm == "acme" else None))
    await channel.start(inbox)
    await until(lambda: channel._deliveries and channel._deliveries.door.is_loaded)
    try:
        async with TestClient(TestServer(app)) as client:
            yield client, inbox, vault, channel
    finally:
        await channel.stop()


async def knock(
    client: TestClient[web.Request, web.Application],
    body: bytes,
    *,
    key: str = KEY,
    portal: str = "acme",
    content_type: str = FORM,
) -> tuple[int, str]:
    """Deliver a body; returns the status and the code."""
    query = {"portal": portal, "key": key}
    response: ClientResponse = await client.post(
        "/bitrix24/events", params=query, data=body, headers={"Content-Type": content_type}
    )
    answer: dict[str, Any] = await response.json()
    return response.status, answer["code"]


def body_of(name: str = "message", **more: Any) -> bytes:
    """Return a payload file as the portal delivers it."""
    return php_form(delivered(payload(name), **more))


async def test_stored_then_acknowledged() -> None:
    """A form and JSON are stored before the 200; a repetition is acknowledged and changes nothing."""
    async with door() as (client, inbox, _, _):
        assert await knock(client, body_of()) == (200, "stored")
        assert await knock(client, body_of()) == (200, "stored")
        assert [each.event_id for each in inbox.incomings] == ["m:88123"]
        press = json.dumps(delivered(payload("press"))).encode()
        assert await knock(client, press, content_type="application/json") == (200, "stored")
        assert inbox.incomings[1].event_id.startswith("p:88122:17:in:7:")


@pytest.mark.parametrize(
    ("key", "portal"), [("", "acme"), ("wrong", "acme"), ("ключ", "acme"), (KEY, "other"), (KEY, "")]
)
async def test_wrong_key(key: str, portal: str) -> None:
    """A wrong key and an unknown portal are refused alike, before the body is looked at."""
    async with door() as (client, inbox, vault, _):
        assert await knock(client, b"\xff", key=key, portal=portal) == (403, "wrong_key")
        assert inbox.incomings == []
        assert vault.values[DOOR] == PROVEN


async def test_token_is_proven_and_none_other() -> None:
    """Only the token that was proven lets in; neither one more nor the bot's own block changes what is known."""
    async with door() as (client, inbox, vault, channel):
        for forged in ("", "forged", "токен", "t0ken "):
            assert await knock(client, body_of("press", token=forged)) == (403, "wrong_token")
        inner = delivered(payload("message"), token="forged")
        inner["data"]["bot"]["auth"] = {"application_token": "t0ken"}
        assert await knock(client, php_form(inner)) == (403, "wrong_token")
        assert (inbox.incomings, vault.values[DOOR]) == ([], PROVEN)
        assert channel.health()["ok"] is False
        assert await knock(client, body_of()) == (200, "stored")


async def test_another_portals_name() -> None:
    """A delivery that names another portal is none of ours, whatever token it carries."""
    async with door() as (client, inbox, _, _):
        event = delivered(payload("message"))
        event["auth"]["member_id"] = "m2"
        assert await knock(client, php_form(event)) == (403, "wrong_token")
        event["auth"]["member_id"] = "m1"
        assert await knock(client, php_form(event)) == (200, "stored")
        assert len(inbox.incomings) == 1


async def test_old_delivery() -> None:
    """What is older than the inbox remembers is somebody's repetition, however genuine it once was."""
    async with door() as (client, inbox, _, _):
        for days, expected in ((6, (400, "too_old")), (4, (200, "stored"))):
            moment = int((NOW - timedelta(days=days)).timestamp())
            assert await knock(client, body_of(ts=moment)) == expected
        assert len(inbox.incomings) == 1


@pytest.mark.parametrize(
    ("body", "content_type", "expected"),
    [
        (b"", FORM, (400, "not_an_event")),
        (b"\xff\x00\xfe", "application/octet-stream", (400, "not_utf8")),
        (b"{oops", "application/json", (400, "not_json")),
        (b"[" * 50_000, "application/json", (400, "not_json")),
        (b"event=ONIMBOTV2MESSAGEADD&a" + b"[b]" * 60 + b"=1", FORM, (400, "too_deep")),
        (b"&".join(b"k%d=1" % number for number in range(3000)), FORM, (400, "too_many_fields")),
        (b"x" * (MAX_BODY + 1), FORM, (413, "body_too_large")),
        (b"event=ONCRMDEALADD&auth[application_token]=t0ken", FORM, (400, "not_an_event")),
        (b"event=ONIMBOTV2MESSAGEADD&data[bot][id]=1&auth[application_token]=t0ken", FORM, (404, "unknown_bot")),
        (b"event=ONIMBOTV2MESSAGEADD&data[bot][id]=5120&auth[application_token]=t0ken&data[message][authorId]=17", FORM,
         (400, "incomplete_event")),
        (b"event=ONIMBOTV2REACTIONCHANGE&data[bot][id]=5120&auth[application_token]=t0ken", FORM, (200, "stored")),
        (b"event=ONIMBOTV2SOMETHINGNEW&data[bot][id]=5120&auth[application_token]=t0ken", FORM, (200, "stored")),
    ],
)  # fmt: skip
async def test_bad_bodies(body: bytes, content_type: str, expected: tuple[int, str]) -> None:
    """Each kind of bad body has its own status and code, and nothing of it is stored."""
    async with door() as (client, inbox, _, _):
        assert await knock(client, body, content_type=content_type) == expected
        assert inbox.incomings == []


async def test_oversized_stream() -> None:
    """A body without an announced length is cut off at the limit."""
    async with door() as (client, inbox, _, _):

        async def endless() -> AsyncIterator[bytes]:
            for _ in range(10):
                yield b"x" * 64 * 1024

        response = await client.post("/bitrix24/events", params={"portal": "acme", "key": KEY}, data=endless())
        assert (response.status, (await response.json())["code"]) == (413, "body_too_large")
        assert inbox.incomings == []


async def raw(client: TestClient[web.Request, web.Application], head: str, *parts: bytes) -> bytes:
    """Write a request by hand, hang up after the last part, and return what was answered until then."""
    reader, writer = await asyncio.open_connection("127.0.0.1", client.port or 0)
    writer.write(f"POST /bitrix24/events?portal=acme&key={KEY} HTTP/1.1\r\nHost: x\r\n{head}\r\n".encode("latin-1"))
    for part in parts:
        writer.write(part)
        await writer.drain()
        await asyncio.sleep(0.05)
    writer.write_eof()
    answer = await asyncio.wait_for(reader.read(1000), 5)
    writer.close()
    return answer


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "GZIP", "identity, gzip"])
async def test_packed_body(encoding: str) -> None:
    """What is packed is not unpacked: a few bytes could become very many."""
    async with door() as (client, inbox, _, _):
        body = gzip.compress(body_of())
        answer = await raw(client, f"Content-Encoding: {encoding}\r\nContent-Length: {len(body)}\r\n", body)
        assert b" 415 " in answer.splitlines()[0]
        assert inbox.incomings == []


async def test_body_that_is_cut(capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever hangs up before the end has said nothing, and it is no fault of ours."""
    async with door() as (client, inbox, _, _):
        await raw(client, f"Content-Type: {FORM}\r\nContent-Length: 5000\r\n", body_of()[:-10], b"x")
        await asyncio.sleep(0.1)
        assert inbox.incomings == []
        assert "event_not_stored" not in "".join(capsys.readouterr())
        assert await knock(client, body_of()) == (200, "stored")


@pytest.mark.parametrize(
    "auth",
    [
        "auth=x&auth[application_token]=t0ken",
        "auth[application_token][]=t0ken",
        "auth[application_token][x]=t0ken",
        "auth[application_token]=x&auth[application_token]=t0ken",
        "data[auth][application_token]=t0ken",
        "AUTH[application_token]=t0ken",
    ],
)
async def test_token_in_another_shape(auth: str) -> None:
    """A token counts where the portal puts it, once and as text."""
    async with door() as (client, inbox, _, _):
        event = f"event=ONIMBOTV2MESSAGEADD&data[bot][id]=5120&{auth}"
        message = "&data[message][id]=1&data[message][authorId]=17&data[message][text]=x&data[user][id]=17"
        status, code = await knock(client, f"{event}{message}".encode())
        assert (status, code) in {(403, "wrong_token"), (400, "incomplete_event")}
        assert inbox.incomings == []


ODD: list[Any] = [
    None, "", "x" * 3000, [], {}, [[]], {"a": {}}, -1, 0, 1e308, float("nan"), True, "1", "\ud800", "\x00", "9" * 30,
    10**40, "chat5", "[b]" * 50, "2026-08-21T10:00:00+03:00", "99999-01-01", 10**17, "undefined", "٣",
]  # fmt: skip


def places(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """List the way to each value in nested dicts and lists."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        yield (*way, key)
        yield from places(each, (*way, key))


@pytest.mark.parametrize("seed", range(4))
async def test_events_of_any_shape(seed: int) -> None:
    """Whatever stands in the place of whatever: it is taken or refused by a code, and never a fault."""
    chance = random.Random(seed)
    files = sorted(PAYLOADS.glob("*.json"))
    async with door() as (client, inbox, _, _):
        for _ in range(150):
            event = delivered(payload(chance.choice(files).stem))
            event["data"] = {**event["data"], "bot": {"id": 5120}}
            for _ in range(chance.randint(1, 4)):
                way = chance.choice([each for each in places(event) if each[0] != "event"])
                node = event
                for key in way[:-1]:
                    node = node[key]
                node[way[-1]] = copy.deepcopy(chance.choice(ODD))
            body = json.dumps(event).encode()
            status, code = await knock(client, body, content_type="application/json")
            assert (status, code) in {
                (200, "stored"), (400, "incomplete_event"), (400, "too_old"), (400, "too_deep"),
                (403, "wrong_token"), (404, "unknown_bot"),
            }  # fmt: skip
        assert all(each.text == each.text.encode().decode() for each in inbox.incomings)


async def test_storage_down() -> None:
    """What could not be stored is not acknowledged; delivered again, it is."""
    async with door() as (client, inbox, _, _):
        inbox.fails = True
        assert await knock(client, body_of()) == (503, "not_stored")
        inbox.fails = False
        assert await knock(client, body_of()) == (200, "stored")
        assert len(inbox.incomings) == 1


async def test_before_the_first_registration() -> None:
    """A bot that is not registered yet cannot know its events: they are refused for now."""
    async with door(**{"bitrix24:acme:bot": ""}) as (client, _, _, _):
        assert await knock(client, body_of()) == (503, "starting")


async def test_webhook_mode_needs_an_address() -> None:
    """Without an address nothing can be delivered; without webhook mode no door is opened at all."""
    with pytest.raises(ValueError, match="events_url"):
        channel_on(NOWHERE, mode="webhook")
    assert not await channel_on(NOWHERE).opens("")


async def test_what_is_held_has_bounds() -> None:
    """However much is sent under tokens of strangers, what is kept of it is little, and the portal is heard."""
    async with door() as (client, inbox, _, channel):
        event = delivered(payload("message"), token="x")
        event["data"]["user"]["firstName"] = "N" * 200_000
        body = php_form(event)
        for _ in range(40):
            assert await knock(client, body) == (403, "wrong_token")
        assert channel._deliveries is not None
        assert channel._deliveries.door._held_characters <= MOST_HELD_CHARACTERS
        assert await knock(client, body_of()) == (200, "stored")
        assert len(inbox.incomings) == 1
