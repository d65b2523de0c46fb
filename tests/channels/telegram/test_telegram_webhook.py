"""The webhook: what is refused at the door, and what is stored before the 200."""

import asyncio
import gzip
import json
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.channels.telegram import TelegramChannel, routes
from bot.channels.telegram.api import WebhookStatus
from bot.channels.telegram.health import Health
from bot.channels.telegram.webhook import BODY_LIMIT, HEADER, PATH, keep_webhook, webhook_secrets
from bot.clock import MovableClock
from bot.derived import Derived
from bot.messages import DeliveryError
from tests.channels.telegram.doubles import NOON, SECRET_KEY, TOKEN, FakeApi, FakeInbox, press_update, text_update

Client = TestClient[web.Request, web.Application]
NOBODY = "http://127.0.0.1:9"
URL = f"https://smena.example.com{PATH}"


@pytest.fixture
def inbox() -> FakeInbox:
    """Make an inbox."""
    return FakeInbox()


@pytest.fixture
async def channel(inbox: FakeInbox) -> Any:
    """Start a channel whose Telegram is not there; what is delivered must be stored all the same."""
    channel = TelegramChannel(
        token=TOKEN,
        api_url=NOBODY,
        mode="webhook",
        public_url="https://smena.example.com",
        derived=Derived(SECRET_KEY),
        vault=inbox,
        commands=(),
        clock=MovableClock(NOON),
    )
    await channel.start(inbox.receive)
    yield channel
    await channel.stop()


@pytest.fixture
async def door(channel: TelegramChannel, aiohttp_client: Any) -> Client:
    """Serve its door."""
    app = web.Application()
    app.add_routes(routes(channel))
    server = TestServer(app)
    await server.start_server(auto_decompress=False)  # as the service does
    client: Client = await aiohttp_client(server)
    return client


async def knock(door: Client, body: bytes, secret: str) -> tuple[int, str | None]:
    """Post a body and return the status and the code of the refusal."""
    async with door.post(PATH, data=body, headers={HEADER: secret}) as response:
        text = await response.text()
        if response.status != 200:
            assert response.content_type == "application/problem+json"
        return response.status, json.loads(text)["code"] if text else None


async def test_an_update_is_stored_before_the_200(door: Client, channel: TelegramChannel, inbox: FakeInbox) -> None:
    """A good update is taken, once, however often it is delivered."""
    body = json.dumps(text_update(5, "hello")).encode()
    for _ in range(2):
        assert await knock(door, body, channel.webhook_secret) == (200, None)
    assert [each.text for each in inbox.stored.values()] == ["hello"]


@pytest.mark.parametrize("secret", ["", "wrong", "секрет", "é", "\udcff"])
async def test_a_wrong_secret_is_refused(door: Client, inbox: FakeInbox, secret: str) -> None:
    """Also one that is not ASCII, or not even text."""
    assert await knock(door, json.dumps(text_update(5, "x")).encode(), secret) == (401, "wrong_secret")
    assert inbox.stored == {}


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"7", b'"x"', b"\xff\xfe", b"{}", b'{"update_id": "5"}', b"[" * 100_000, b"9" * 5000],
    ids=["empty", "cut", "list", "number", "text", "bytes", "no id", "text id", "deep", "long number"],
)
async def test_what_is_no_update_is_refused(door: Client, channel: TelegramChannel, body: bytes) -> None:
    """A problem document, never a traceback."""
    assert await knock(door, body, channel.webhook_secret) == (400, "not_an_update")


async def test_a_body_that_is_too_large_is_refused(door: Client, channel: TelegramChannel) -> None:
    """By its announced length."""
    assert await knock(door, b" " * (BODY_LIMIT + 1), channel.webhook_secret) == (413, "too_large")


async def test_a_body_of_unknown_length_is_measured(door: Client, channel: TelegramChannel) -> None:
    """And while it is read, where no length is announced."""

    async def chunks() -> Any:
        for _ in range(BODY_LIMIT // 4096 + 1):
            yield b" " * 4096

    async with door.post(PATH, data=chunks(), headers={HEADER: channel.webhook_secret}) as response:
        expected = 413
        assert expected == response.status


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "x-unknown", "gzip, identity"])
@pytest.mark.parametrize("body", [b"garbage", gzip.compress(b" " * 10_000_000)], ids=["garbage", "bomb"])
async def test_nothing_is_unpacked(
    door: Client, channel: TelegramChannel, coding: str, body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    """Telegram compresses nothing; whoever says that the body is compressed gets a coded answer, and no traceback."""
    headers = {HEADER: channel.webhook_secret, "Content-Encoding": coding}
    async with door.post(PATH, data=body, headers=headers) as response:
        assert (415, "encoded") == (response.status, (await response.json(content_type=None))["code"])
    assert [] == [each for each in caplog.records if each.levelname == "ERROR"]


async def test_a_body_that_does_not_come(channel: TelegramChannel, aiohttp_client: Any) -> None:
    """Whoever knows the secret and then falls silent does not keep the door open."""
    app = web.Application()
    app.add_routes(routes(channel, patience=0.01))
    client: Client = await aiohttp_client(app)
    silence = asyncio.Event()

    async def begun() -> Any:
        yield b'{"update_id"'
        await silence.wait()

    async with client.post(PATH, data=begun(), headers={HEADER: channel.webhook_secret}) as response:
        assert (408, "too_slow") == (response.status, (await response.json(content_type=None))["code"])
    silence.set()


async def test_what_cannot_be_stored_is_to_be_repeated(
    door: Client, channel: TelegramChannel, inbox: FakeInbox
) -> None:
    """503 while the storage is down, 200 when Telegram comes again."""
    inbox.failures_left = 1
    body = json.dumps(text_update(5, "hello")).encode()
    assert await knock(door, body, channel.webhook_secret) == (503, "not_stored")
    assert await knock(door, body, channel.webhook_secret) == (200, None)
    assert list(inbox.stored) == ["5"]


async def test_what_means_nothing_is_taken(door: Client, channel: TelegramChannel, inbox: FakeInbox) -> None:
    """An update of another kind is not to be repeated."""
    assert await knock(door, b'{"update_id": 5, "poll": {"id": "1"}}', channel.webhook_secret) == (200, None)
    assert inbox.stored == {}


async def test_a_press_is_not_held_up(door: Client, channel: TelegramChannel, inbox: FakeInbox) -> None:
    """The 200 does not wait for the answer to the press."""
    body = json.dumps(press_update(6, "a:1")).encode()
    async with asyncio.timeout(5):
        assert await knock(door, body, channel.webhook_secret) == (200, None)
    assert [each.data for each in inbox.stored.values()] == ["a:1"]


async def test_a_channel_that_has_not_started_takes_nothing(inbox: FakeInbox, aiohttp_client: Any) -> None:
    """What cannot be stored yet is asked for again."""
    channel = TelegramChannel(
        token=TOKEN,
        api_url=NOBODY,
        mode="webhook",
        public_url="",
        derived=Derived(SECRET_KEY),
        vault=inbox,
        commands=(),
        clock=MovableClock(NOON),
    )
    app = web.Application()
    app.add_routes(routes(channel))
    client: Client = await aiohttp_client(app)
    body = json.dumps(text_update(5, "x")).encode()
    assert await knock(client, body, channel.webhook_secret) == (503, "not_stored")


def test_the_secret_is_the_same_after_a_restart() -> None:
    """It depends on the key and the bot, and Telegram accepts its characters."""
    (secret,) = webhook_secrets(Derived(SECRET_KEY), TOKEN)
    assert webhook_secrets(Derived(SECRET_KEY), TOKEN) == (secret,)
    assert secret not in {
        *webhook_secrets(Derived(SECRET_KEY + "x"), TOKEN),
        *webhook_secrets(Derived(SECRET_KEY), TOKEN + "x"),
    }
    assert secret.isalnum()
    assert len(secret) == 64


class Keeping:
    """A keeper whose pauses end when the test lets them."""

    def __init__(self) -> None:
        """Let it look twice."""
        self.api = FakeApi()
        self.health = Health(MovableClock(NOON))
        self.looks = 2

    async def pause(self, _: float) -> None:
        """Stop after so many looks."""
        self.looks -= 1
        if self.looks < 0:
            raise asyncio.CancelledError

    async def run(self) -> None:
        """Keep the webhook."""
        with pytest.raises(asyncio.CancelledError):
            await keep_webhook(self.api, URL, "s", self.health, pause=self.pause)


async def test_the_webhook_is_registered() -> None:
    """With the secret and the kinds of updates that we read; an outage at start is got over."""
    keeping = Keeping()
    keeping.api.errors["set_webhook"] = [DeliveryError("network", permanent=False)]
    await keeping.run()
    kinds = ("message", "edited_message", "callback_query", "my_chat_member")
    assert [("set_webhook", URL, "s", kinds)] * 2 + [("webhook",)] == keeping.api.calls
    assert keeping.health.facts()["ok"]


async def test_a_replaced_webhook_is_set_again() -> None:
    """Somebody may have pointed the bot elsewhere."""
    keeping = Keeping()

    async def replaced() -> WebhookStatus:
        keeping.api.calls.append(("webhook",))
        return WebhookStatus("https://elsewhere.example.com/")

    keeping.api.webhook = replaced  # type: ignore[method-assign]
    await keeping.run()
    expected = ["set_webhook", "webhook", "set_webhook", "webhook", "set_webhook"]
    assert expected == [call[0] for call in keeping.api.calls]


async def test_failed_deliveries_are_told() -> None:
    """Health says why Telegram does not get through."""
    keeping = Keeping()
    keeping.looks = 1

    async def failing() -> WebhookStatus:
        return WebhookStatus(URL, "Connection timed out", 1_784_000_000)

    keeping.api.webhook = failing  # type: ignore[method-assign]
    await keeping.run()
    assert keeping.health.facts()["error"] == "Telegram could not deliver to the webhook (Connection timed out)"
