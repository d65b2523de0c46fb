"""How updates reach the bot: long polling, the webhook, repeated and reordered deliveries, and after a restart."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.clock import MovableClock
from bot.sandbox.telegram import TelegramEmulator
from bot.sandbox.world import SandboxPerson, World

SIGN = "s-3_C"
NOON = datetime(2026, 7, 14, 12, tzinfo=UTC)
Call = Callable[..., Coroutine[Any, Any, dict[str, Any]]]


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """Make a sandbox world that stands at noon."""
    world = World(MovableClock(NOON))
    yield world
    world.close()


@pytest.fixture
async def emulator(world: World) -> AsyncIterator[TelegramEmulator]:
    """Serve an emulator."""
    emulator = TelegramEmulator(world)
    await emulator.start()
    yield emulator
    await emulator.stop()


@pytest.fixture
def anna(world: World) -> SandboxPerson:
    """Somebody who writes."""
    return person_of(world, "anna")


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    """Make an HTTP client."""
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def call(emulator: TelegramEmulator, http: aiohttp.ClientSession) -> Call:
    """Call a method and return the body of the answer."""
    return caller(emulator, http)


def caller(emulator: TelegramEmulator, http: aiohttp.ClientSession) -> Call:
    """Build the caller of an emulator's methods."""

    async def call(method: str, **params: Any) -> dict[str, Any]:
        url = f"{emulator.api_url}/bot{emulator.token}/{method}"
        async with http.post(url, json=params) as response:
            body: dict[str, Any] = await response.json()
            return body

    return call


def person_of(world: World, key: str) -> SandboxPerson:
    """Return the person of that key."""
    person = world.person(key)
    assert person is not None
    return person


def texts(body: dict[str, Any]) -> list[str]:
    """Return the texts of the messages in an answer of getUpdates."""
    return [update["message"]["text"] for update in body["result"]]


class Door:
    """A webhook that remembers what came and answers as told."""

    def __init__(self) -> None:
        self.url = ""
        self.updates: list[dict[str, Any]] = []
        self.bodies: list[bytes] = []
        self.headers: list[dict[str, str]] = []
        self.answers: list[int] = []
        self.busy = 0
        self.most_busy = 0
        self.came = asyncio.Event()

    async def take(self, request: web.Request) -> web.Response:
        """Take one update."""
        self.busy += 1
        self.most_busy = max(self.most_busy, self.busy)
        body = await request.read()
        await asyncio.sleep(0.01)
        self.busy -= 1
        self.bodies.append(body)
        self.headers.append(dict(request.headers))
        status = self.answers.pop(0) if self.answers else 200
        if status == 200 and body.startswith(b"{"):
            self.updates.append(json.loads(body))
        self.came.set()
        return web.Response(status=status)

    async def wait(self, count: int) -> list[dict[str, Any]]:
        """Wait until so many updates were taken."""
        async with asyncio.timeout(10):
            while len(self.updates) < count:
                self.came.clear()
                await self.came.wait()
        return self.updates


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    """Open a listening webhook."""
    door = Door()
    app = web.Application()
    app.router.add_post("/hook", door.take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    door.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield door
    await runner.cleanup()


async def test_update_comes_again_until_confirmed(emulator: TelegramEmulator, call: Call, anna: SandboxPerson) -> None:
    """An update is given out again until an offset above its id is asked for."""
    await emulator.say(anna, "one")
    await emulator.say(anna, "two")
    first = await call("getUpdates")
    again = await call("getUpdates")
    ids = [update["update_id"] for update in first["result"]]

    assert (texts(first), again) == (["one", "two"], first)
    assert texts(await call("getUpdates", offset=ids[0] + 1)) == ["two"]
    assert emulator.undelivered() == 1
    assert await call("getUpdates", offset=ids[1] + 1) == {"ok": True, "result": []}
    assert emulator.undelivered() == 0


async def test_limit_and_negative_offset(emulator: TelegramEmulator, call: Call, anna: SandboxPerson) -> None:
    """`limit` bounds the batch; a negative offset keeps only so many from the end."""
    for text in ("one", "two", "three"):
        await emulator.say(anna, text)

    assert texts(await call("getUpdates", limit=1)) == ["one"]
    assert texts(await call("getUpdates", offset=-1)) == ["three"]
    assert emulator.undelivered() == 1


async def test_poll_waits_for_an_update(emulator: TelegramEmulator, call: Call, anna: SandboxPerson) -> None:
    """A long poll answers when something comes."""
    poll = asyncio.create_task(call("getUpdates", timeout=50))
    await asyncio.sleep(0.05)
    assert not poll.done()

    await emulator.say(anna, "now")

    assert texts(await poll) == ["now"]


async def test_poll_ends_empty_after_its_timeout(call: Call) -> None:
    """A long poll without updates answers an empty list, not before its time."""
    loop = asyncio.get_running_loop()
    begun = loop.time()

    assert await call("getUpdates", timeout=1) == {"ok": True, "result": []}
    assert loop.time() - begun >= 0.99


async def test_second_poller_ends_the_first(emulator: TelegramEmulator, call: Call, anna: SandboxPerson) -> None:
    """Of two pollers the older gets 409."""
    older = asyncio.create_task(call("getUpdates", timeout=50))
    await asyncio.sleep(0.05)
    newer = asyncio.create_task(call("getUpdates", timeout=50))

    assert await older == {
        "ok": False,
        "error_code": 409,
        "description": "Conflict: terminated by other getUpdates request; "
        "make sure that only one bot instance is running",
    }
    await emulator.say(anna, "hello")
    assert texts(await newer) == ["hello"]


async def test_poller_that_left_takes_nothing(
    emulator: TelegramEmulator, http: aiohttp.ClientSession, call: Call, anna: SandboxPerson
) -> None:
    """A poll whose connection is gone does not confirm or hide anything."""
    url = f"{emulator.api_url}/bot{emulator.token}/getUpdates"
    with pytest.raises(TimeoutError):
        await http.post(url, json={"timeout": 50}, timeout=aiohttp.ClientTimeout(total=0.1))
    await emulator.say(anna, "hello")

    assert texts(await call("getUpdates")) == ["hello"]


async def test_allowed_updates(emulator: TelegramEmulator, call: Call, anna: SandboxPerson) -> None:
    """Kinds that were not asked for are not queued from then on; an empty list is the default again."""
    await call("getUpdates", allowed_updates=["callback_query"])
    await emulator.say(anna, "unheard")
    await call("getUpdates", allowed_updates=[])
    await emulator.say(anna, "heard")

    assert texts(await call("getUpdates")) == ["heard"]


async def test_person_tells_who_speaks(emulator: TelegramEmulator, call: Call, world: World) -> None:
    """An update carries the person, the private chat, the time and the command."""
    at = datetime(2026, 7, 14, 9, 30, tzinfo=UTC)
    message_id = await emulator.say(person_of(world, "james"), "/start abc", at=at, event_id=777_000_000)

    assert (await call("getUpdates"))["result"] == [
        {
            "update_id": 777_000_000,
            "message": {
                "message_id": message_id,
                "from": {
                    "id": 700005,
                    "is_bot": False,
                    "first_name": "James",
                    "last_name": "Carter",
                    "language_code": "en",
                },
                "chat": {"id": 700005, "first_name": "James", "last_name": "Carter", "type": "private"},
                "date": int(at.timestamp()),
                "text": "/start abc",
                "entities": [{"type": "bot_command", "offset": 0, "length": 6}],
            },
        }
    ]


async def test_repeated_id_is_delivered_after_it_was_confirmed(
    emulator: TelegramEmulator, call: Call, anna: SandboxPerson
) -> None:
    """`event_id` repeats a delivery even below the confirmed offset; the next id still grows."""
    await emulator.say(anna, "one", event_id=200_000_000)
    await call("getUpdates", offset=200_000_001)
    await emulator.say(anna, "one again", event_id=200_000_000)
    await emulator.say(anna, "two")

    got = await call("getUpdates", offset=200_000_001)

    assert [update["update_id"] for update in got["result"]] == [200_000_000, 200_000_001]


async def test_duplicate_events(world: World, emulator: TelegramEmulator, call: Call, anna: SandboxPerson) -> None:
    """duplicate_events gives an update out a second time after it was confirmed."""
    world.faults.order("telegram", "duplicate_events")
    await emulator.say(anna, "once")
    first = await call("getUpdates")
    after = first["result"][0]["update_id"] + 1

    assert await call("getUpdates", offset=after) == first
    assert (await call("getUpdates", offset=after))["result"] == []
    assert emulator.undelivered() == 0


async def test_reorder_events(world: World, emulator: TelegramEmulator, call: Call, anna: SandboxPerson) -> None:
    """reorder_events lets the next update overtake."""
    world.faults.order("telegram", "reorder_events")
    await emulator.say(anna, "earlier")
    assert (await call("getUpdates"))["result"] == []
    await emulator.say(anna, "later")

    got = await call("getUpdates")

    assert texts(got) == ["later", "earlier"]
    assert got["result"][0]["update_id"] > got["result"][1]["update_id"]


async def test_down_keeps_updates(world: World, emulator: TelegramEmulator, call: Call, anna: SandboxPerson) -> None:
    """A poll that waits when the messenger goes down gets nothing, and loses nothing."""
    poll = asyncio.create_task(call("getUpdates", timeout=50))
    await asyncio.sleep(0.05)
    world.faults.order("telegram", "down")
    await emulator.say(anna, "hello")

    with pytest.raises(aiohttp.ClientConnectionError):
        await poll
    assert texts(await call("getUpdates")) == ["hello"]


async def test_webhook_posts_with_the_secret(
    emulator: TelegramEmulator, call: Call, door: Door, anna: SandboxPerson
) -> None:
    """Updates are posted as JSON with the secret header, in order, one at a time in a chat."""
    await emulator.say(anna, "before")
    assert (await call("setWebhook", url=door.url, secret_token=SIGN))["ok"]
    for text in ("one", "two"):
        await emulator.say(anna, text)
    updates = await door.wait(3)

    assert [update["message"]["text"] for update in updates] == ["before", "one", "two"]
    assert {headers["X-Telegram-Bot-Api-Secret-Token"] for headers in door.headers} == {SIGN}
    assert {headers["Content-Type"] for headers in door.headers} == {"application/json"}
    assert door.most_busy == 1


async def test_failed_delivery_is_repeated(
    emulator: TelegramEmulator, call: Call, door: Door, world: World, anna: SandboxPerson
) -> None:
    """Anything but 2xx keeps the update and holds back the chat's later ones, not those of other chats."""
    door.answers = [500]
    await call("setWebhook", url=door.url)
    await emulator.say(anna, "one")
    await emulator.say(anna, "two")
    async with asyncio.timeout(5):
        while not door.bodies:
            await door.came.wait()
    info = (await call("getWebhookInfo"))["result"]
    await emulator.say(person_of(world, "james"), "hello")
    updates = await door.wait(3)

    assert [update["message"]["text"] for update in updates] == ["hello", "one", "two"]
    assert info["last_error_message"] == "Wrong response from the webhook: 500 Internal Server Error"
    assert (info["url"], info["max_connections"], info["pending_update_count"]) == (door.url, 40, 2)


async def test_webhook_and_polling_exclude_each_other(call: Call, door: Door) -> None:
    """Setting a webhook ends the poll that waits; polling is 409 until it is deleted."""
    poll = asyncio.create_task(call("getUpdates", timeout=50))
    await asyncio.sleep(0.05)
    await call("setWebhook", url=door.url)

    assert (await poll)["description"] == "Conflict: terminated by setWebhook request"
    assert (await call("getUpdates"))["description"] == (
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
    )
    await call("deleteWebhook")
    assert (await call("getUpdates"))["ok"]


async def test_pending_updates_can_be_dropped(emulator: TelegramEmulator, call: Call, anna: SandboxPerson) -> None:
    """`drop_pending_updates` empties the queue."""
    await emulator.say(anna, "unheard")
    await call("deleteWebhook", drop_pending_updates=True)

    assert (await call("getUpdates"))["result"] == []


async def test_raw_is_queued_as_it_is(emulator: TelegramEmulator, http: aiohttp.ClientSession) -> None:
    """A raw update reaches the poller byte for byte; what is not JSON cannot."""
    body = b'{"update_id":5,  "oddity":{"a":1}}'
    assert await emulator.raw(body, "application/json") == 202
    assert await emulator.raw(b"\xff", "application/json") == 400
    assert await emulator.raw(b"[" * 100_000, "application/json") == 400
    assert await emulator.raw(b"7", "application/json") == 202

    url = f"{emulator.api_url}/bot{emulator.token}/getUpdates"
    async with http.get(url) as response:
        assert await response.read() == b'{"ok":true,"result":[' + body + b",7]}"
    assert emulator.undelivered() == 0


async def test_any_text_can_be_said(emulator: TelegramEmulator, call: Call, anna: SandboxPerson) -> None:
    """A lone surrogate, which no JSON in UTF-8 can carry, is replaced; a pair is one character."""
    await emulator.say(anna, "a\ud83d\ude00 b\ud800 \x00 \u202e")

    assert texts(await call("getUpdates")) == ["a😀 b\ufffd \x00 \u202e"]


async def test_raw_is_posted_as_it_is(emulator: TelegramEmulator, call: Call, door: Door) -> None:
    """With a webhook a raw body is posted unchanged, and the service's status comes back."""
    await call("setWebhook", url=door.url, secret_token=SIGN)
    door.answers = [400]

    assert await emulator.raw(b"\xff not json", "text/odd") == 400
    assert (door.bodies, door.headers[0]["Content-Type"]) == ([b"\xff not json"], "text/odd")
    assert door.headers[0]["X-Telegram-Bot-Api-Secret-Token"] == SIGN


async def test_state_survives_a_restart(tmp_path: Path, http: aiohttp.ClientSession) -> None:
    """Token, messages, ids, started chats, queries and waiting updates are there after a kill."""
    world = World(MovableClock(NOON), data_dir=tmp_path)
    before = TelegramEmulator(world)
    await before.start()
    anna = person_of(world, "anna")
    await before.say(anna, "/start")
    markup = {"inline_keyboard": [[{"text": "ok", "callback_data": "1"}]]}
    send = caller(before, http)
    sent = await send("sendMessage", chat_id=700003, text="<b>x</b>", parse_mode="HTML", reply_markup=markup)
    await before.press(anna, sent["result"]["message_id"], "ok")
    shown = before.shown(anna)

    reopened = World(MovableClock(NOON), data_dir=tmp_path)  # nothing was closed first: as after kill -9
    after = TelegramEmulator(reopened)
    await after.start()
    call = caller(after, http)
    updates = (await call("getUpdates"))["result"]
    answered = await call("answerCallbackQuery", callback_query_id=updates[1]["callback_query"]["id"])
    newest = await call("sendMessage", chat_id=700003, text="y")
    await after.say(anna, "z")
    newest_update = (await call("getUpdates"))["result"][-1]["update_id"]

    assert (after.token, after.shown(anna)[:2]) == (before.token, shown)
    assert [next(iter(update.keys() - {"update_id"})) for update in updates] == ["message", "callback_query"]
    assert answered == {"ok": True, "result": True}
    assert newest["result"]["message_id"] > sent["result"]["message_id"]
    assert newest_update > updates[-1]["update_id"]
    for emulator, each in ((before, world), (after, reopened)):
        await emulator.stop()
        each.close()


async def test_webhook_survives_a_restart(tmp_path: Path, http: aiohttp.ClientSession, door: Door) -> None:
    """What waited for the webhook is posted after the restart."""
    door.answers = [500] * 2
    world = World(MovableClock(NOON), data_dir=tmp_path)
    before = TelegramEmulator(world)
    await before.start()
    await caller(before, http)("setWebhook", url=door.url, secret_token=SIGN)
    await before.say(person_of(world, "anna"), "hello")
    await before.stop()
    world.close()
    reopened = World(MovableClock(NOON), data_dir=tmp_path)
    after = TelegramEmulator(reopened)
    await after.start()

    updates = await door.wait(1)

    assert updates[0]["message"]["text"] == "hello"
    async with asyncio.timeout(5):
        while (await caller(after, http)("getWebhookInfo"))["result"]["pending_update_count"]:
            pass
    await after.stop()
    reopened.close()
