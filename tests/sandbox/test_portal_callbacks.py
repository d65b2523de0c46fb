"""Events in webhook mode: the form that arrives, its typing, and that nothing is repeated."""

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import parse_qsl

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer
from test_portal_site import NOW, Site, open_site

from bot.sandbox.portal.php import build_query, parse_query


class Handler:
    """A bot's handler that remembers what was posted to it."""

    def __init__(self) -> None:
        """Answer 200 until told otherwise."""
        self.bodies: list[bytes] = []
        self.types: list[str] = []
        self.status = 200
        self.delay = 0.0
        self.url = ""
        self.arrived = asyncio.Event()

    async def take(self, request: web.Request) -> web.Response:
        """Remember a body."""
        self.bodies.append(await request.read())
        self.types.append(request.content_type)
        self.arrived.set()
        await asyncio.sleep(self.delay)
        return web.Response(status=self.status)


@pytest_asyncio.fixture
async def handler() -> AsyncIterator[Handler]:
    """A handler that listens."""
    listening = Handler()
    app = web.Application()
    app.router.add_post("/bitrix24/events", listening.take)
    server = TestServer(app)
    await server.start_server()
    listening.url = str(server.make_url("/bitrix24/events"))
    yield listening
    await server.close()


@pytest_asyncio.fixture
async def site(handler: Handler) -> AsyncIterator[Site]:
    """A portal with a bot in webhook mode."""
    async with open_site(callback_seconds=0.3) as opened:
        await opened.register(eventMode="webhook", webhookUrl=handler.url)
        yield opened


async def settle(site: Site) -> None:
    """Wait until nothing is under way."""
    async with asyncio.timeout(5):
        while site.portal.undelivered():
            await asyncio.sleep(0.01)


async def test_form(site: Site, handler: Handler) -> None:
    """A message arrives as a form with percent-encoded brackets, every scalar a string."""
    message_id = await site.portal.say(site.person("anna"), "привет & [b]пока[/b]")
    await settle(site)
    assert handler.types == ["application/x-www-form-urlencoded"] * 2
    assert b"data%5Bmessage%5D%5Btext%5D=" in handler.bodies[1]
    assert b"[" not in handler.bodies[1]
    fields = dict(parse_qsl(handler.bodies[1].decode(), keep_blank_values=True))
    assert fields["event"] == "ONIMBOTV2MESSAGEADD"
    assert fields["data[message][id]"] == str(message_id)
    assert fields["data[message][text]"] == "привет & [b]пока[/b]"
    assert fields["data[message][isSystem]"] == "0"
    assert fields["data[message][forward]"] == ""
    assert fields["data[user][id]"] == "3"
    assert fields["data[user][active]"] == "1"
    assert fields["data[user][departments][0]"] == "3"
    assert fields["data[chat][dialogId]"] == "3"
    assert fields["ts"] == str(int(NOW.timestamp()))
    assert not [name for name in fields if name.startswith("data[message][params]")]


async def test_two_authorisations(site: Site, handler: Handler) -> None:
    """The request's own auth tells the portal; the bot's auth holds tokens; the bot object is short."""
    await site.portal.say(site.person("anna"), "привет")
    await settle(site)
    fields = parse_query(handler.bodies[1].decode())
    assert fields["auth"]["application_token"] == site.portal.application_token
    assert fields["auth"]["member_id"] == site.portal.member_id
    assert fields["auth"]["domain"] == site.portal.webhook_url.split("/")[2]
    assert set(fields["data"]["bot"]) == {"id", "code", "auth"}
    assert {"access_token", "expires_in", "client_endpoint", "domain"} <= set(fields["data"]["bot"]["auth"])


async def test_order(site: Site, handler: Handler) -> None:
    """What one person says arrives in order."""
    for number in range(20):
        await site.portal.say(site.person("anna"), str(number))
    await settle(site)
    texts = [parse_query(body.decode())["data"].get("message", {}).get("text") for body in handler.bodies]
    assert texts == [None, *map(str, range(20))]


async def test_press(site: Site, handler: Handler) -> None:
    """A press arrives as a command with the bot's own message."""
    await site.command("act")
    message_id = await site.send(3, keyboard=[{"TEXT": "Да", "COMMAND": "act"}])
    await site.portal.press(site.person("anna"), message_id, "Да")
    await settle(site)
    fields = parse_query(handler.bodies[0].decode())
    assert fields["event"] == "ONIMBOTV2COMMANDADD"
    assert (fields["data"]["command"]["context"], fields["data"]["command"]["params"]) == ("keyboard", "")
    assert fields["data"]["message"]["authorId"] == str(site.bot_id)


@pytest.mark.parametrize(("status", "delay"), [(500, 0.0), (302, 0.0), (200, 1.0)])
async def test_no_retry(site: Site, handler: Handler, status: int, delay: float) -> None:
    """A handler that fails or is late gets no second chance."""
    handler.status, handler.delay = status, delay
    await site.portal.say(site.person("anna"), "привет")
    await settle(site)
    handler.delay = 0
    assert len(handler.bodies) == 2


async def test_no_handler(site: Site) -> None:
    """A handler that is not there loses the event; it does not wait for anybody."""
    await site.own("Bot.update", fields={"webhookUrl": "http://127.0.0.1:9/none"})
    await site.portal.say(site.person("anna"), "привет")
    await settle(site)
    assert await site.events() == []


async def test_duplicates(site: Site, handler: Handler) -> None:
    """By order what a person does is posted twice."""
    await site.portal.open(site.person("anna"))
    site.world.faults.order("bitrix24", "duplicate_events")
    await site.portal.say(site.person("anna"), "раз")
    await settle(site)
    texts = [parse_query(body.decode())["data"]["message"]["text"] for body in handler.bodies[1:]]
    assert texts == ["раз", "раз"]


async def test_switch_modes(site: Site, handler: Handler) -> None:
    """A bot that goes over to fetch mode finds its events in the queue, and nothing is posted any more."""
    await site.own("Bot.update", fields={"eventMode": "fetch"})
    await site.portal.say(site.person("anna"), "привет")
    assert len(await site.events()) == 2
    assert handler.bodies == []


async def test_unregistered(site: Site, handler: Handler) -> None:
    """The last event of a bot says that it was removed."""
    await site.own("Bot.unregister")
    await asyncio.wait_for(handler.arrived.wait(), 5)
    assert parse_query(handler.bodies[0].decode())["event"] == "ONIMBOTV2DELETE"


async def test_raw(site: Site, handler: Handler) -> None:
    """A foreign body is posted as it is, and the handler's status is told; 502 when there is none."""
    handler.status = 403
    assert await site.portal.raw(b"a[[[=%", "text/plain") == 403
    assert (handler.bodies, handler.types) == ([b"a[[[=%"], ["text/plain"])
    await site.own("Bot.update", fields={"webhookUrl": "http://127.0.0.1:9/none"})
    assert await site.portal.raw(b"x", "text/plain") == 502


def test_build_query() -> None:
    """Form encoding is PHP's: 1, 0 and empty, numbered lists, no empty arrays, plus for a space."""
    values = {"a": True, "b": [False, None, "x y"], "c": [], "d": {}, "e": {"f": "~я"}}
    assert build_query(values) == "a=1&b%5B0%5D=0&b%5B1%5D=&b%5B2%5D=x+y&e%5Bf%5D=%7E%D1%8F"


def test_parse_query() -> None:
    """Brackets nest, empty ones count up, numbers from 0 make a list, the last of two wins."""
    assert parse_query("a[b][c]=1&d[]=x&d[]=y&e[1]=z&f=1&f=2&[g]=1") == {
        "a": {"b": {"c": "1"}},
        "d": ["x", "y"],
        "e": {"1": "z"},
        "f": "2",
    }
