"""What Telegram's refusals mean for a delivery, through the real client and HTTP."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import ClientError, web
from aiohttp.test_utils import TestServer

from bot.channels.telegram import TelegramChannel, check
from bot.channels.telegram.api import Api
from bot.channels.telegram.check import open_client
from bot.channels.telegram.health import Health
from bot.channels.telegram.updates import to_incoming, update_id
from bot.clock import MovableClock
from bot.derived import Derived
from bot.messages import DeliveryError
from bot.text import t
from tests.channels.telegram.doubles import NOON, SECRET_KEY, TOKEN, FakeInbox, ScriptedServer, outgoing

NOBODY = "http://127.0.0.1:9"


@pytest.fixture
def scripted() -> ScriptedServer:
    """Make a Bot API that says what it is told to."""
    return ScriptedServer()


@pytest.fixture
async def address(scripted: ScriptedServer) -> AsyncIterator[str]:
    """Serve it."""
    server = TestServer(scripted.app())
    await server.start_server()
    yield str(server.make_url("")).rstrip("/")
    await server.close()


@pytest.fixture
async def client(address: str) -> AsyncIterator[Api]:
    """Open the real client on it."""
    client = await open_client(TOKEN, address)
    yield client
    await client.close()


def refusal(code: int, description: str, **parameters: Any) -> tuple[int, str]:
    """Build an answer that is not ok."""
    body = {"ok": False, "error_code": code, "description": description}
    return code, json.dumps({**body, "parameters": parameters} if parameters else body)


TABLE = [
    (refusal(429, "Too Many Requests: retry after 7", retry_after=7), "rate_limit", False, 7.0),
    (refusal(403, "Forbidden: bot was blocked by the user"), "blocked", True, None),
    (refusal(403, "Forbidden: bot can't initiate conversation with a user"), "blocked", True, None),
    (refusal(403, "Forbidden: user is deactivated"), "blocked", True, None),
    (refusal(400, "Bad Request: chat not found"), "gone", True, None),
    (refusal(400, "Bad Request: PEER_ID_INVALID"), "gone", True, None),
    (refusal(400, "Bad Request: message text is empty"), "rejected", True, None),
    (refusal(413, "Request Entity Too Large"), "rejected", True, None),
    (refusal(401, "Unauthorized"), "credentials", False, 60.0),
    (refusal(404, "Not Found"), "credentials", False, 60.0),
    (refusal(409, "Conflict: terminated by other getUpdates request"), "conflict", False, None),
    (refusal(500, "Internal Server Error"), "server", False, None),
    (refusal(502, "Bad Gateway"), "server", False, None),
    ((502, "<html>Bad Gateway</html>"), "server", False, None),
    ((500, '{"ok": false}'), "server", False, None),
    ((200, "[]"), "server", False, None),
    (refusal(404, "Not Found: method not found"), "rejected", True, None),
    ((404, "<html>404 Not Found</html>"), "rejected", True, None),
    ((405, "<html>Method Not Allowed</html>"), "rejected", True, None),
    ((413, "<html>Request Entity Too Large</html>"), "rejected", True, None),
    ((403, ""), "rejected", True, None),
    ((400, '{"error": "bad"}'), "rejected", True, None),
    ((400, '{"ok": false}'), "rejected", True, None),
    ((400, "[" * 100_000), "rejected", True, None),
    ((401, "<html>Unauthorized</html>"), "server", False, None),
    ((407, "<html>Proxy Authentication Required</html>"), "server", False, None),
    ((429, "<html>Too Many Requests</html>"), "server", False, None),
    ((504, "<html>Gateway Time-out</html>"), "server", False, None),
]


@pytest.mark.parametrize(("answer", "kind", "permanent", "retry_after"), TABLE)
async def test_a_refusal_of_a_message(
    client: Api,
    scripted: ScriptedServer,
    answer: tuple[int, str],
    kind: str,
    permanent: bool,
    retry_after: float | None,
) -> None:
    """Each refusal is either for ever or for now, with the pause that Telegram named."""
    scripted.replies["sendMessage"] = answer
    with pytest.raises(DeliveryError) as caught:
        await client.send(7, "hello", [])
    expected = (kind, permanent, retry_after)
    assert expected == (caught.value.kind, caught.value.permanent, caught.value.retry_after)


async def test_a_server_that_is_not_there() -> None:
    """No connection is a network failure, to be tried again."""
    client = await open_client(TOKEN, NOBODY)
    with pytest.raises(DeliveryError) as caught:
        await client.send(7, "hello", [])
    await client.close()
    expected = ("network", False)
    assert expected == (caught.value.kind, caught.value.permanent)


@pytest.mark.parametrize(
    ("description", "expected"),
    [
        ("Bad Request: message is not modified: specified new message content and reply markup are the same", True),
        ("Bad Request: message to edit not found", False),
        ("Bad Request: message can't be edited", False),
        ("Bad Request: MESSAGE_ID_INVALID", False),
    ],
)
async def test_a_refusal_of_an_edit(client: Api, scripted: ScriptedServer, description: str, expected: bool) -> None:
    """What shows the words already is a success; what is gone can no longer be edited."""
    scripted.replies["editMessageText"] = refusal(400, description)
    assert expected == await client.edit(7, 1, "hello", [])


async def test_another_refusal_of_an_edit_is_an_error(client: Api, scripted: ScriptedServer) -> None:
    """A person who blocked the bot cannot be reached by edits either."""
    scripted.replies["editMessageText"] = refusal(403, "Forbidden: bot was blocked by the user")
    with pytest.raises(DeliveryError, match="blocked"):
        await client.edit(7, 1, "hello", [])


async def test_the_token_is_never_told(client: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the HTTP client says, the token is taken out of it."""

    async def broken(*_: Any, **__: Any) -> Any:
        message = f"bad address http://x/bot{TOKEN}/sendMessage"
        raise ClientError(message)

    monkeypatch.setattr("aiohttp.ClientSession._request", broken)
    with pytest.raises(DeliveryError) as caught:
        await client.send(7, "hello", [])
    expected = "ClientError: bad address http://x/bot…/sendMessage"
    assert expected == caught.value.detail


async def test_a_message_of_an_unknown_kind_counts_as_sent(client: Api, scripted: ScriptedServer) -> None:
    """A message that was sent is never sent again because its description holds something new."""
    sent = {"message_id": 7, "date": "soon", "brand_new": {"x": 1}}
    scripted.replies["sendMessage"] = (200, json.dumps({"ok": True, "result": sent}))
    expected = 7
    assert expected == await client.send(7, "hello", [])


async def test_an_update_that_cannot_be_read_does_not_hold_up_the_others(client: Api, scripted: ScriptedServer) -> None:
    """It is taken alone and reduced to its id, so that the offset can pass it."""
    nested = "[" * 200_000 + "]" * 200_000  # too deep for every Python
    scripted.replies["getUpdates"] = (200, f'{{"ok":true,"result":[{{"update_id":71,"x":{nested}}}]}}')
    expected = [{"update_id": 71}]
    assert expected == await client.updates(0, timeout=0, allowed=("message",))


async def test_an_update_that_some_pythons_can_read(client: Api, scripted: ScriptedServer) -> None:
    """Whether this Python reads what is nested so deeply or not: the offset can pass it, and it means nothing."""
    nested = "[" * 5_000 + "]" * 5_000
    scripted.replies["getUpdates"] = (200, f'{{"ok":true,"result":[{{"update_id":71,"message":{{"text":{nested}}}}}]}}')
    (found,) = await client.updates(0, timeout=0, allowed=("message",))
    assert (71, None) == (update_id(found), to_incoming(found, received_at=datetime.now(UTC), username=None))


async def test_the_check_names_the_bot(address: str) -> None:
    """`main.py check` prints who answers."""
    assert await check(TOKEN, address) == "Telegram: @smena_bot answers"


async def test_the_check_of_a_wrong_token(address: str, scripted: ScriptedServer) -> None:
    """It says which setting to look at."""
    scripted.replies["getMe"] = refusal(401, "Unauthorized")
    with pytest.raises(DeliveryError, match="TELEGRAM_BOT_TOKEN"):
        await check(TOKEN, address)


async def test_the_check_of_what_is_no_token() -> None:
    """A token with a blank in it is not sent anywhere."""
    with pytest.raises(DeliveryError, match="not a bot token"):
        await check("12:a b", NOBODY)


async def test_errors_of_a_real_web_server(scripted: ScriptedServer) -> None:
    """A server that knows no Bot API, a wrong TELEGRAM_API_URL, is told apart from a working one."""
    del scripted
    server = TestServer(web.Application())
    await server.start_server()
    with pytest.raises(DeliveryError):
        await check(TOKEN, str(server.make_url("")).rstrip("/"))
    await server.close()


@pytest.mark.parametrize(
    "answer", [(404, "<html>404 Not Found</html>"), (200, "<html>Welcome</html>"), (405, ""), (200, '{"name": "x"}')]
)
async def test_an_address_that_is_no_bot_api(scripted: ScriptedServer, address: str, answer: tuple[int, str]) -> None:
    """`/ready` and `main.py check` say in words that something else answers there, and what to look at."""
    scripted.replies["getMe"] = answer
    client = await open_client(TOKEN, address)
    health = Health(MovableClock(NOON))
    with pytest.raises(DeliveryError) as caught:
        await client.me()
    health.failed(caught.value)
    await client.close()
    assert str(health.facts()["error"]).startswith("the address is no Bot API server: check TELEGRAM_API_URL (no Bot")
    with pytest.raises(DeliveryError, match="the address is no Bot API server: check TELEGRAM_API_URL"):
        await check(TOKEN, address)


async def test_a_page_of_a_gateway_is_a_failure_of_telegram(scripted: ScriptedServer, client: Api) -> None:
    """502 in HTML does not say that the address is wrong."""
    scripted.replies["getMe"] = (502, "<html>Bad Gateway</html>")
    health = Health(MovableClock(NOON))
    with pytest.raises(DeliveryError) as caught:
        await client.me()
    health.failed(caught.value)
    assert str(health.facts()["error"]).startswith("Telegram has a failure")


async def test_no_message_is_given_up_for_a_wrong_address(scripted: ScriptedServer, address: str) -> None:
    """Until the server has said who the bot is, a page where a message goes is no refusal of that message."""
    scripted.replies |= {"getMe": (404, "<html/>"), "sendMessage": (404, "<html/>")}
    channel = TelegramChannel(
        token=TOKEN,
        api_url=address,
        mode="poll",
        public_url="",
        derived=Derived(SECRET_KEY),
        vault=FakeInbox(),
        commands=(),
        clock=MovableClock(NOON),
    )
    await channel.start(FakeInbox().receive)
    with pytest.raises(DeliveryError) as caught:
        await channel.send(outgoing(t("hi")))
    await channel.stop()
    assert ("network", False) == (caught.value.kind, caught.value.permanent)
