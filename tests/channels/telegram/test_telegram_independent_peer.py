"""The channel beside a Bot API server written by others: polling and webhook, a whole round trip."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Literal

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.channels.telegram import Features, TelegramChannel, routes
from bot.clock import MovableClock
from bot.derived import Derived
from bot.messages import Button, Command, IncomingKind, Keyboard, Receipt
from bot.text import t
from tests.channels.telegram.doubles import ANNA, NOON, SECRET_KEY, FakeInbox, Pressed, outgoing

peer_package = pytest.importorskip("lo_bot_api_emulator", reason="the independent Bot API emulator is not installed")

TOKEN = "123456:TEST"
FEATURES = Features(style=False, link_preview_options=False, descriptions=False)
KEYBOARD = Keyboard.of((Button(t("Yes"), Pressed(7), style="success"), Button(t("Site"), link="https://example.com")))
PERSON = {"id": ANNA, "is_bot": False, "first_name": "Anna", "language_code": "en"}
CHAT = {"id": ANNA, "type": "private", "first_name": "Anna"}
DATE = int(NOON.timestamp())
Start = Callable[[Literal["poll", "webhook"]], Awaitable[TelegramChannel]]


@pytest.fixture
def peer() -> Any:
    """Make the server."""
    return peer_package.LoBotApiEmulator(enable_control=True, allow_insecure_loopback_webhooks=True)


@pytest.fixture
async def address(peer: Any) -> AsyncIterator[str]:
    """Serve it."""
    server = TestServer(peer.app())
    await server.start_server()
    yield str(server.make_url("")).rstrip("/")
    await server.close()


@pytest.fixture
def inbox() -> FakeInbox:
    """Make an inbox."""
    return FakeInbox()


@pytest.fixture
async def start(address: str, inbox: FakeInbox) -> AsyncIterator[Start]:
    """Start channels, with a door where Telegram can find it, and stop them."""
    app = web.Application()
    door: dict[str, TelegramChannel] = {}

    async def knock(request: web.Request) -> web.StreamResponse:
        handler = routes(door["channel"])[0].handler
        response: web.StreamResponse = await handler(request)
        return response

    app.router.add_post("/telegram/webhook", knock)
    server = TestServer(app)
    await server.start_server()

    async def begin(mode: Literal["poll", "webhook"]) -> TelegramChannel:
        door["channel"] = channel = TelegramChannel(
            token=TOKEN,
            api_url=address,
            mode=mode,
            public_url=str(server.make_url("")).rstrip("/"),
            derived=Derived(SECRET_KEY),
            vault=inbox,
            commands=(Command("checkin", t("Check in")),),
            clock=MovableClock(NOON),
            features=FEATURES,
        )
        await channel.start(inbox.receive)
        async with asyncio.timeout(20):
            await channel.wait_username()
        return channel

    yield begin
    for channel in door.values():
        await channel.stop()
    await server.close()


def text(words: str) -> dict[str, Any]:
    """Build what Anna writes."""
    return {"message": {"message_id": 500, "date": DATE, "chat": CHAT, "from": PERSON, "text": words}}


def press(message: str, data: str) -> dict[str, Any]:
    """Build what Anna presses."""
    under = {"message_id": int(message), "date": DATE, "chat": CHAT, "text": "x"}
    return {"callback_query": {"id": "77", "from": PERSON, "chat_instance": "1", "data": data, "message": under}}


async def called(peer: Any, method: str) -> dict[str, Any]:
    """Wait until the peer was asked for a method and return how that went."""
    async with asyncio.timeout(10):
        while True:
            for request in peer.requests:
                if request["method"] == method:
                    found: dict[str, Any] = request
                    return found
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("mode", ["poll", "webhook"])
async def test_a_round_trip(peer: Any, start: Start, inbox: FakeInbox, mode: Literal["poll", "webhook"]) -> None:
    """A text, an answer with buttons, a press, its acknowledgement, an edit; the peer refuses nothing."""
    channel = await start(mode)
    if mode == "webhook":
        await called(peer, "setWebhook")
    await peer.enqueue_update(text("/checkin"), token=TOKEN)
    said = (await inbox.until(1))[0]
    assert (said.kind, said.text, said.conversation, said.sent_at) == (IncomingKind.TEXT, "/checkin", str(ANNA), NOON)

    shown = await channel.send(outgoing(t("Hello, *{name}*!", name="<&>"), keyboard=KEYBOARD))
    await peer.enqueue_update(press(shown.message, "tgt:7"), token=TOKEN)
    pressed = (await inbox.until(2))[1]
    assert (pressed.kind, pressed.data, pressed.message) == (IncomingKind.PRESS, "tgt:7", shown.message)
    assert (await called(peer, "answerCallbackQuery"))["status"] == 200

    edited = await channel.send(outgoing(t("Done"), shown_as=shown.message))
    assert edited == Receipt(shown.message, edited=True)
    await called(peer, "setMyCommands")
    assert [each for each in peer.requests if each["status"] != 200] == []
    assert channel.health()["ok"]


async def test_what_is_not_stored_is_polled_again(peer: Any, start: Start, inbox: FakeInbox) -> None:
    """A commit that fails leaves the update with the server."""
    inbox.failures_left = 2
    await start("poll")
    await peer.enqueue_update(text("hello"), token=TOKEN)
    assert [each.text for each in await inbox.until(1)] == ["hello"]


async def test_what_is_not_stored_is_delivered_again(peer: Any, start: Start, inbox: FakeInbox) -> None:
    """A 503 leaves the update with the server."""
    await start("webhook")
    await called(peer, "setWebhook")
    inbox.failures_left = 1
    await peer.enqueue_update(text("hello"), token=TOKEN)
    assert inbox.stored == {}
    await peer.deliver_updates(token=TOKEN)
    assert [each.text for each in await inbox.until(1)] == ["hello"]


async def test_a_webhook_left_over_does_not_stop_polling(peer: Any, start: Start, inbox: FakeInbox) -> None:
    """Who changes the mode from webhook to polling has to do nothing else; what waited is kept."""
    channel = await start("webhook")
    await called(peer, "setWebhook")
    inbox.failures_left = 1
    await peer.enqueue_update(text("hello"), token=TOKEN)
    await channel.stop()
    await start("poll")
    assert [each.text for each in await inbox.until(1)] == ["hello"]
