"""The emulator beside an independent one: where both know a rule, both answer alike."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.clock import MovableClock
from bot.sandbox.telegram import TelegramEmulator
from bot.sandbox.world import World

peer_package = pytest.importorskip("lo_bot_api_emulator", reason="the independent Bot API emulator is not installed")

ANNA = 700003
SIGN = "abc"
Call = Callable[..., Coroutine[Any, Any, tuple[int, dict[str, Any]]]]
Say = Callable[[str, int], Awaitable[None]]
Side = tuple[Call, Say]


def caller(http: aiohttp.ClientSession, base: str) -> Call:
    """Build a caller of methods."""

    async def call(method: str, **params: Any) -> tuple[int, dict[str, Any]]:
        async with http.post(f"{base}/{method}", json=params) as response:
            return response.status, await response.json()

    return call


@pytest.fixture
async def sides() -> AsyncIterator[list[Side]]:
    """Both emulators, each with a way to call it and a way to be written to."""
    world = World(MovableClock())
    ours = TelegramEmulator(world)
    await ours.start()
    theirs = peer_package.LoBotApiEmulator(enable_control=True, allow_insecure_loopback_webhooks=True)
    runner = web.AppRunner(theirs.app(), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    anna = world.by_telegram(ANNA)
    assert anna is not None

    async def say_ours(text: str, update_id: int) -> None:
        await ours.say(anna, text, event_id=update_id)

    async def say_theirs(text: str, update_id: int) -> None:
        person = {"id": ANNA, "is_bot": False, "first_name": "Anna"}
        chat = {"id": ANNA, "type": "private", "first_name": "Anna"}
        message = {"message_id": update_id, "date": 1, "chat": chat, "from": person, "text": text}
        await theirs.enqueue_update({"update_id": update_id, "message": message}, token=ours.token)

    async with aiohttp.ClientSession() as http:
        yield [
            (caller(http, f"{ours.api_url}/bot{ours.token}"), say_ours),
            (caller(http, f"http://127.0.0.1:{runner.addresses[0][1]}/bot{ours.token}"), say_theirs),
        ]
    await runner.cleanup()
    await ours.stop()
    world.close()


async def ids(call: Call, **params: Any) -> list[int]:
    """Poll, and return the ids of the updates."""
    _, body = await call("getUpdates", **params)
    return [update["update_id"] for update in body["result"]]


async def test_offset_and_redelivery(sides: list[Side]) -> None:
    """Unconfirmed updates come again, an offset confirms those below it, a limit cuts, a negative offset skips."""
    seen = []
    for call, say in sides:
        for number in range(1, 6):
            await say("x", 200_000_000 + number)
        seen.append(
            [
                await ids(call),
                await ids(call, limit=2),
                await ids(call, offset=200_000_003),
                await ids(call),
                await ids(call, offset=-1),
                await ids(call, offset=200_000_006),
                await ids(call),
            ]
        )

    assert seen[0] == seen[1]
    assert seen[0][3] == [200_000_003, 200_000_004, 200_000_005]


async def test_poll_wakes(sides: list[Side]) -> None:
    """A long poll is answered by an update that comes while it waits."""
    for call, say in sides:
        poll = asyncio.create_task(ids(call, timeout=20))
        await asyncio.sleep(0.05)
        await say("x", 200_000_001)
        assert await poll == [200_000_001]


async def test_one_of_two_pollers_gets_conflict(sides: list[Side]) -> None:
    """Of two pollers one gets 409; which one differs, and the real server ends the older."""
    for call, say in sides:
        polls = [asyncio.create_task(call("getUpdates", timeout=20))]
        await asyncio.sleep(0.05)
        polls.append(asyncio.create_task(call("getUpdates", timeout=20)))
        done, _ = await asyncio.wait(polls, return_when=asyncio.FIRST_COMPLETED)
        await say("x", 200_000_001)
        answers = [await poll for poll in polls]

        assert len(done) == 1
        assert sorted(status for status, _ in answers) == [200, 409]


async def test_polling_with_a_webhook_is_a_conflict(sides: list[Side]) -> None:
    """GetUpdates is 409 while a webhook is set, and works when it is deleted."""
    seen = []
    for call, _ in sides:
        await call("setWebhook", url="http://127.0.0.1:9/hook", secret_token=SIGN)
        _, info = await call("getWebhookInfo")
        conflict = await call("getUpdates")
        await call("deleteWebhook")
        seen.append((info["result"]["url"], conflict[0], conflict[1]["error_code"], (await call("getUpdates"))[0]))

    assert seen == [("http://127.0.0.1:9/hook", 409, 409, 200)] * 2


BUTTON_64 = {"inline_keyboard": [[{"text": "x", "callback_data": "я" * 32}]]}
BUTTON_65 = {"inline_keyboard": [[{"text": "x", "callback_data": "я" * 32 + "x"}]]}
TOO_MANY = {"inline_keyboard": [[{"text": "x", "callback_data": "x"}]] * 101}


@pytest.mark.parametrize(
    ("method", "params", "status", "description"),
    [
        ("sendMessage", {"chat_id": ANNA, "text": "x" * 4096}, 200, None),
        ("sendMessage", {"chat_id": ANNA, "text": "x" * 4097}, 400, "Bad Request: message is too long"),
        ("sendMessage", {"chat_id": ANNA, "text": ""}, 400, "Bad Request: message text is empty"),
        ("sendMessage", {"chat_id": ANNA, "text": "x", "reply_markup": BUTTON_64}, 200, None),
        ("sendMessage", {"chat_id": ANNA, "text": "x", "reply_markup": BUTTON_65}, 400, None),
        ("sendMessage", {"chat_id": ANNA, "text": "x", "reply_markup": TOO_MANY}, 400, None),
        ("sendMessage", {"chat_id": ANNA, "text": "x", "surplus": "y"}, 400, None),
        ("answerCallbackQuery", {"callback_query_id": "1", "text": "x" * 201}, 400, None),
        ("setMyCommands", {"commands": [{"command": "in", "description": "x"}]}, 200, None),
        ("sendTelepathy", {}, 404, None),
    ],
)
async def test_limits(
    sides: list[Side], method: str, params: dict[str, Any], status: int, description: str | None
) -> None:
    """Both take the longest and refuse one more."""
    for call, say in sides:
        await say("/start", 200_000_001)
        got, body = await call(method, **params)

        assert got == status, body
        if description is not None:
            assert body["description"] == description
