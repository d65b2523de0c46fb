"""What the emulated Bot API refuses, with which code and in which words; over plain HTTP."""

import json
from collections.abc import AsyncIterator, Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from bot.clock import MovableClock
from bot.sandbox.telegram import TelegramEmulator
from bot.sandbox.world import SandboxPerson, World

ANNA = 700003
BORIS = 700004
NOON = datetime(2026, 7, 14, 12, tzinfo=UTC)

Call = Callable[..., Coroutine[Any, Any, tuple[int, dict[str, Any]]]]


class Stopwatch:
    """Monotonic time that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        """Return the time it shows."""
        return self.now


@pytest.fixture
def stopwatch() -> Stopwatch:
    """Make the time by which sending is limited."""
    return Stopwatch()


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """Make a sandbox world that stands at noon."""
    world = World(MovableClock(NOON))
    yield world
    world.close()


@pytest.fixture
async def emulator(world: World, stopwatch: Stopwatch) -> AsyncIterator[TelegramEmulator]:
    """Serve an emulator."""
    emulator = TelegramEmulator(world, monotonic=stopwatch, slow_seconds=0.01)
    await emulator.start()
    yield emulator
    await emulator.stop()


@pytest.fixture
async def anna(world: World, emulator: TelegramEmulator) -> SandboxPerson:
    """Make a person who has started the bot."""
    person = world.person("anna")
    assert person is not None
    await emulator.say(person, "/start")
    return person


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    """Make an HTTP client."""
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def call(emulator: TelegramEmulator, http: aiohttp.ClientSession) -> Call:
    """Call a method with a JSON body; answers the HTTP status and the body."""

    async def call(method: str, **params: Any) -> tuple[int, dict[str, Any]]:
        url = f"{emulator.api_url}/bot{emulator.token}/{method}"
        async with http.post(url, json=params) as response:
            return response.status, await response.json()

    return call


def refused(code: int, description: str) -> tuple[int, dict[str, Any]]:
    """Build the answer that says no."""
    return code, {"ok": False, "error_code": code, "description": description}


@pytest.mark.parametrize(
    ("method", "params", "description"),
    [
        ("sendMessage", {"text": "x"}, "chat_id is empty"),
        ("sendMessage", {"chat_id": 5, "text": "x"}, "chat not found"),
        ("sendMessage", {"chat_id": "@anna", "text": "x"}, "chat not found"),
        ("sendMessage", {"chat_id": ANNA}, "message text is empty"),
        ("sendMessage", {"chat_id": ANNA, "text": ""}, "message text is empty"),
        ("sendMessage", {"chat_id": ANNA, "text": " \n"}, "text must be non-empty"),
        ("sendMessage", {"chat_id": ANNA, "text": "<b></b>", "parse_mode": "HTML"}, "text must be non-empty"),
        ("sendMessage", {"chat_id": ANNA, "text": "x" * 4097}, "message is too long"),
        ("sendMessage", {"chat_id": ANNA, "text": "😀" * 2049}, "message is too long"),
        ("sendMessage", {"chat_id": ANNA, "text": "x", "surplus": 1}, 'parameter "surplus" is unknown or not emulated'),
        ("sendMessage", {"chat_id": ANNA, "text": ["x"]}, 'parameter "text" must be a String'),
        (
            "sendMessage",
            {"chat_id": ANNA, "text": "x", "reply_markup": "{"},
            "can't parse reply keyboard markup JSON object",
        ),
        (
            "sendMessage",
            {"chat_id": ANNA, "text": "x", "reply_markup": "[" * 9999},
            "can't parse reply keyboard markup JSON object",
        ),
        ("sendMessage", {"chat_id": ANNA, "text": "x", "reply_markup": "[]"}, "object expected as reply markup"),
        (
            "sendMessage",
            {"chat_id": ANNA, "text": "x", "reply_parameters": {"message_id": 1}},
            "message to be replied not found",
        ),
        ("editMessageText", {"chat_id": ANNA, "text": "x"}, "message identifier is not specified"),
        ("editMessageText", {"chat_id": ANNA, "message_id": 1, "text": "x"}, "message to edit not found"),
        ("editMessageReplyMarkup", {"chat_id": ANNA, "message_id": 1}, "message to edit not found"),
        (
            "editMessageText",
            {"chat_id": ANNA, "message_id": "x", "text": "x"},
            'parameter "message_id" must be an Integer',
        ),
        ("deleteMessage", {"chat_id": ANNA}, "message identifier is not specified"),
        ("deleteMessage", {"message_id": 1}, "chat identifier is not specified"),
        ("deleteMessage", {"chat_id": ANNA, "message_id": 1}, "message to delete not found"),
        (
            "answerCallbackQuery",
            {"callback_query_id": "7"},
            "query is too old and response timeout expired or query ID is invalid",
        ),
        ("answerCallbackQuery", {"callback_query_id": "7", "text": "x" * 201}, "MESSAGE_TOO_LONG"),
        ("sendChatAction", {"chat_id": ANNA, "action": "dance"}, "wrong parameter action in request"),
        ("sendDocument", {"chat_id": ANNA}, "there is no document in the request"),
        ("sendDocument", {"chat_id": ANNA, "document": "unknown"}, "wrong file identifier/HTTP URL specified"),
        ("sendDocument", {"chat_id": ANNA, "caption": "x" * 1025}, "message caption is too long"),
        ("getUpdates", {"limit": 0}, 'parameter "limit" must be from 1 to 100'),
        ("getUpdates", {"limit": 101}, 'parameter "limit" must be from 1 to 100'),
        ("getUpdates", {"timeout": "soon"}, 'parameter "timeout" must be an Integer'),
        ("setWebhook", {"url": "not an address"}, "invalid webhook URL specified"),
        ("setWebhook", {"url": "http://example.org/"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        (
            "setWebhook",
            {"url": "http://127.0.0.1:1/", "secret_token": "a b"},
            "secret token contains unallowed characters",
        ),
        (
            "setWebhook",
            {"url": "http://127.0.0.1:1/", "secret_token": "a\n"},
            "secret token contains unallowed characters",
        ),
        ("setWebhook", {"url": "http://127.0.0.1:1/", "secret_token": "a" * 257}, "secret token is too long"),
        ("setMyCommands", {"commands": "{"}, "can't parse commands JSON object"),
        ("setMyCommands", {"commands": [{"command": "Work", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        (
            "setMyCommands",
            {"commands": [{"command": "x" * 33, "description": "x"}]},
            "command length must not exceed 32",
        ),
        ("setMyCommands", {"commands": [{"command": "x", "description": ""}]}, "command description must be non-empty"),
        (
            "setMyCommands",
            {"commands": [{"command": "x", "description": "x" * 257}]},
            "command description length must not exceed 256",
        ),
        ("setMyCommands", {"commands": [{"command": "x", "description": "x"}] * 101}, "BOT_COMMANDS_TOO_MUCH"),
        ("setMyCommands", {"commands": [], "language_code": "russian"}, "invalid language code specified"),
        (
            "setMyCommands",
            {"commands": [], "scope": {"type": "moon"}},
            "can't parse BotCommandScope: Unsupported type specified",
        ),
        ("setMyDescription", {"description": "x" * 513}, "description is too long"),
        ("getChat", {"chat_id": BORIS}, "chat not found"),
    ],
)
@pytest.mark.usefixtures("anna")
async def test_bad_request(call: Call, method: str, params: dict[str, Any], description: str) -> None:
    """A wrong parameter gets 400 and the reason in Telegram's words."""
    assert await call(method, **params) == refused(400, f"Bad Request: {description}")


@pytest.mark.usefixtures("anna")
async def test_longest_texts_pass(call: Call) -> None:
    """4096 UTF-16 code units pass, counted after the tags are gone."""
    plain = await call("sendMessage", chat_id=ANNA, text="x" * 4096)
    wide = await call("sendMessage", chat_id=ANNA, text="😀" * 2048)
    styled = await call("sendMessage", chat_id=ANNA, text=f"<b>{'x' * 4096}</b>", parse_mode="HTML")

    assert [plain[0], wide[0], styled[0]] == [200, 200, 200]


async def test_unknown_method(call: Call) -> None:
    """A method that does not exist is 404."""
    assert await call("sendTelepathy") == refused(404, "Not Found: method not found")


async def test_wrong_token(emulator: TelegramEmulator, http: aiohttp.ClientSession) -> None:
    """A token of another bot is 401."""
    async with http.get(f"{emulator.api_url}/bot1:x/getMe") as response:
        assert (response.status, await response.json()) == refused(401, "Unauthorized")


async def test_stranger_cannot_be_written_to(call: Call) -> None:
    """A person who has never written to the bot is 403."""
    expected = refused(403, "Forbidden: bot can't initiate conversation with a user")

    assert await call("sendMessage", chat_id=BORIS, text="x") == expected


@pytest.mark.usefixtures("anna")
async def test_blocked_bot(world: World, call: Call) -> None:
    """A person who blocked the bot is 403, and others are not touched by it."""
    world.faults.order("telegram", "blocked_by_person", person="anna", seconds=60)

    assert await call("sendMessage", chat_id=ANNA, text="x") == refused(403, "Forbidden: bot was blocked by the user")
    assert (await call("sendMessage", chat_id=BORIS, text="x"))[0] == 403
    assert (await call("getMe"))[0] == 200


async def test_same_content_is_not_modified(call: Call, anna: SandboxPerson) -> None:
    """An edit that changes nothing is refused; the same text from other markup is the same."""
    markup = {"inline_keyboard": [[{"text": "ok", "callback_data": "1"}]]}
    text = {"text": "x &amp; y", "parse_mode": "HTML"}
    _, sent = await call("sendMessage", chat_id=anna.telegram_user_id, **text, reply_markup=markup)
    where = {"chat_id": ANNA, "message_id": sent["result"]["message_id"]}
    expected = refused(
        400,
        "Bad Request: message is not modified: specified new message content and reply markup are exactly the same "
        "as a current content and reply markup of the message",
    )

    assert await call("editMessageText", **where, text="x & y", reply_markup=markup) == expected
    assert await call("editMessageReplyMarkup", **where, reply_markup=markup) == expected
    assert (await call("editMessageText", **where, text="x & y"))[0] == 200
    assert await call("editMessageReplyMarkup", **where) == expected


async def test_foreign_message_cannot_be_edited(emulator: TelegramEmulator, call: Call, anna: SandboxPerson) -> None:
    """The bot edits its own messages only, but may delete the person's."""
    message_id = await emulator.say(anna, "mine")
    where = {"chat_id": ANNA, "message_id": message_id}

    assert await call("editMessageText", **where, text="x") == refused(400, "Bad Request: message can't be edited")
    assert await call("deleteMessage", **where) == (200, {"ok": True, "result": True})
    assert [shown.text for shown in emulator.shown(anna)] == ["/start"]


async def test_old_message_cannot_be_deleted(world: World, call: Call, anna: SandboxPerson) -> None:
    """Deleting ends after 48 hours."""
    _, sent = await call("sendMessage", chat_id=anna.telegram_user_id, text="x")
    world.clock.move_to(NOON + timedelta(hours=48, seconds=1))

    answer = await call("deleteMessage", chat_id=ANNA, message_id=sent["result"]["message_id"])

    assert answer == refused(400, "Bad Request: message can't be deleted")


async def test_press_is_answered_once_and_in_time(
    world: World, emulator: TelegramEmulator, call: Call, anna: SandboxPerson
) -> None:
    """A callback query can be answered once, within 15 minutes of the sandbox's time."""
    markup = {"inline_keyboard": [[{"text": "ok", "callback_data": "1"}]]}
    _, sent = await call("sendMessage", chat_id=ANNA, text="x", reply_markup=markup)
    for _ in range(2):
        await emulator.press(anna, sent["result"]["message_id"], "ok")
    _, updates = await call("getUpdates")
    first, second = [each["callback_query"]["id"] for each in updates["result"] if "callback_query" in each]
    gone = refused(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")

    assert (await call("answerCallbackQuery", callback_query_id=first, text="x" * 200))[0] == 200
    assert await call("answerCallbackQuery", callback_query_id=first) == gone
    world.clock.move_to(NOON + timedelta(minutes=15, seconds=1))
    assert await call("answerCallbackQuery", callback_query_id=second) == gone


@pytest.mark.usefixtures("anna")
async def test_chat_limit(call: Call, stopwatch: Stopwatch) -> None:
    """Five messages may follow at once in a chat, then one a second."""
    answers = [await call("sendMessage", chat_id=ANNA, text="x") for _ in range(6)]

    assert [status for status, _ in answers] == [200] * 5 + [429]
    assert answers[-1][1] == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 1",
        "parameters": {"retry_after": 1},
    }
    stopwatch.now += 1
    assert [(await call("sendMessage", chat_id=ANNA, text="x"))[0] for _ in range(2)] == [200, 429]


async def test_total_limit(world: World, emulator: TelegramEmulator, call: Call, stopwatch: Stopwatch) -> None:
    """Thirty messages a second pass in all; edits count too."""
    sent: list[dict[str, Any]] = []
    for person in world.people[:5]:
        await emulator.say(person, "/start")
        sent += [(await call("sendMessage", chat_id=person.telegram_user_id, text="x"))[1]["result"] for _ in range(5)]
    edits = [
        (await call("editMessageText", chat_id=each["chat"]["id"], message_id=each["message_id"], text="y"))[0]
        for each in sent[:6]
    ]

    assert edits == [200] * 5 + [429]
    stopwatch.now += 1
    assert (await call("sendMessage", chat_id=ANNA, text="x"))[0] == 200


@pytest.mark.parametrize(
    ("content_type", "body", "description"),
    [
        ("application/json", b"{", "can't parse JSON object"),
        ("application/json", b"[]", "can't parse JSON object"),
        ("application/json", b'{"text": NaN}', "can't parse JSON object"),
        ("application/json", b"[" * 100_000, "can't parse JSON object"),
        ("application/json", b'{"text": "\\ud800"}', "strings must be encoded in UTF-8"),
        ("application/json", b"\xff\xfe", "can't parse JSON object"),
        ("text/plain", b"hello", "content type text/plain is not accepted"),
        ("multipart/form-data; boundary=x", b"nothing like it", "can't parse multipart body"),
        ("multipart/form-data", b"x", "can't parse multipart body"),
        ("application/x-www-form-urlencoded", b"chat_id=%FF&text=%FF", None),
    ],
)
async def test_broken_body(
    emulator: TelegramEmulator, http: aiohttp.ClientSession, content_type: str, body: bytes, description: str | None
) -> None:
    """A body that cannot be read is 400, never a server error."""
    url = f"{emulator.api_url}/bot{emulator.token}/sendMessage"
    async with http.post(url, data=body, headers={"Content-Type": content_type}) as response:
        answer = await response.json()

    assert (response.status, answer["error_code"]) == (400, 400)
    if description is not None:
        assert answer["description"] == f"Bad Request: {description}"


@pytest.mark.usefixtures("anna")
async def test_form_and_query_are_read_alike(emulator: TelegramEmulator, http: aiohttp.ClientSession) -> None:
    """Parameters come in the address, in a form (nested ones as JSON strings) or as JSON; names ignore case."""
    url = f"{emulator.api_url}/bot{emulator.token}/SENDMESSAGE"
    markup = json.dumps({"inline_keyboard": [[{"text": "ok", "callback_data": "1"}]]})
    async with http.post(url, params={"chat_id": ANNA}, data={"text": "x", "reply_markup": markup}) as response:
        result = (await response.json())["result"]

    assert (result["text"], result["reply_markup"]) == ("x", json.loads(markup))


async def test_every_call_is_in_the_journal(world: World, call: Call) -> None:
    """Refused calls are written down like answered ones."""
    await call("getMe")
    await call("sendMessage", chat_id=5, text="x")
    await call("sendTelepathy")

    assert [(each.method, each.params, each.status) for each in world.calls()] == [
        ("getMe", {}, 200),
        ("sendMessage", {"chat_id": 5, "text": "x"}, 400),
        ("sendTelepathy", {}, 404),
    ]


@pytest.mark.parametrize(
    ("fault", "status", "description"),
    [
        ("rate_limit", 429, "Too Many Requests: retry after 1"),
        ("error_500", 500, "Internal Server Error"),
        ("expired_token", 401, "Unauthorized"),
    ],
)
@pytest.mark.usefixtures("anna")
async def test_fault_strikes_once(world: World, call: Call, fault: Any, status: int, description: str) -> None:
    """An ordered fault answers with its code once, and nothing is sent."""
    world.faults.order("telegram", fault)

    got, body = await call("sendMessage", chat_id=ANNA, text="x")

    assert (got, body["description"]) == (status, description)
    assert (await call("sendMessage", chat_id=ANNA, text="x"))[0] == 200


async def test_bad_gateway_is_a_page(world: World, emulator: TelegramEmulator, http: aiohttp.ClientSession) -> None:
    """html_500 answers 502 with HTML, as a proxy would."""
    world.faults.order("telegram", "html_500")

    async with http.get(f"{emulator.api_url}/bot{emulator.token}/getMe") as response:
        assert (response.status, response.content_type) == (502, "text/html")


async def test_down_drops_the_connection(
    world: World, emulator: TelegramEmulator, call: Call, anna: SandboxPerson
) -> None:
    """Down answers nothing and does nothing."""
    world.faults.order("telegram", "down", seconds=60)

    with pytest.raises(aiohttp.ClientConnectionError):
        await call("sendMessage", chat_id=ANNA, text="x")

    assert [shown.author for shown in emulator.shown(anna)] == ["person"]


async def test_reset_after_write(world: World, emulator: TelegramEmulator, call: Call, anna: SandboxPerson) -> None:
    """reset_after_write sends the message, then drops the connection; reading calls are not struck."""
    world.faults.order("telegram", "reset_after_write")
    await call("getMe")

    with pytest.raises(aiohttp.ClientConnectionError):
        await call("sendMessage", chat_id=ANNA, text="x")

    assert [shown.text for shown in emulator.shown(anna)] == ["/start", "x"]


async def test_slow_answers_after_all(world: World, call: Call) -> None:
    """Slow answers late, but right."""
    world.faults.order("telegram", "slow")

    assert (await call("getMe"))[0] == 200
