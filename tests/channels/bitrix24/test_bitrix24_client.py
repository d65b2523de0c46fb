"""The REST client: refusals by code, redirects, patience, and secrets that stay where they are."""

import asyncio
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.channels.bitrix24.client import LARGEST, Client
from bot.channels.bitrix24.credentials import IncomingWebhook, new_base
from bot.channels.bitrix24.errors import RestError, code_of, delivery_error
from bot.channels.bitrix24.limiter import Limiter
from bot.channels.bitrix24.query import batch_command
from bot.clock import MovableClock
from tests.channels.bitrix24.doubles import NOW, batch_of, scripted

SECRET = "s3cr3tc0de"


class Token:
    """OAuth-like credentials: a token that can be refreshed once."""

    def __init__(self, url: str) -> None:
        """Begin with an old token."""
        self.url = url
        self.refreshed = 0
        self.refusals: list[tuple[str, str | None]] = []

    async def base_url(self) -> str:
        """Return the address."""
        return self.url

    async def token(self) -> str | None:
        """Return the token."""
        return f"token{self.refreshed}"

    async def refresh(self, expired: str | None = None) -> None:
        """Count."""
        assert expired == f"token{self.refreshed}"
        self.refreshed += 1

    async def refused(self, code: str, token: str | None = None) -> None:
        """Keep what was said."""
        self.refusals.append((code, token))

    async def moved(self, base_url: str) -> None:
        """Move."""
        self.url = base_url


async def test_success() -> None:
    """A result comes with its page's offset; the caller is honest about who it is."""
    async with scripted() as (portal, client, _, _):
        portal.answers = [{"result": [1], "next": 50, "total": 70, "time": {"operating": 0.1}}]
        answer = await client.call("user.get", {"start": 0})
        assert (answer.result, answer.next, answer.total) == ([1], 50, 70)
        assert portal.asked == [("user.get", {"start": 0})]
        assert portal.user_agents[0].startswith("Smena/")
        assert (client.trouble, client.last_success) == (None, NOW.timestamp())


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ((401, {"error": "NO_AUTH_FOUND", "error_description": SECRET}), "NO_AUTH_FOUND"),
        ((200, {"error": "Access denied.", "error_description": ""}), "ACCESS_DENIED"),
        ((400, {"error": 0}), "HTTP_400"),
        ((400, {"error": ""}), "HTTP_400"),
        ((400, {"error": {"code": "bitrix_rest_v3", "message": "x"}}), "BITRIX_REST_V3"),
        ((200, []), "UNREADABLE_ANSWER"),
        ((200, {}), "UNREADABLE_ANSWER"),
        ((500, {"result": True}), "UNREADABLE_ANSWER"),
        (web.Response(text="<html>500</html>", status=500, content_type="text/html"), "UNREADABLE_ANSWER"),
        (web.Response(body=b"", status=200), "UNREADABLE_ANSWER"),
        (web.Response(status=302, headers={"Location": "https://evil.example/other"}), "UNTRUSTED_REDIRECT"),
    ],
)
async def test_refusals(answer: Any, code: str) -> None:
    """Whatever comes instead of a result is one error, known by its code, that tells no secret and no words."""
    async with scripted() as (portal, client, _, _):
        portal.answers = [answer]
        with pytest.raises(RestError) as refusal:
            await client.call("profile", {})
        assert refusal.value.code == code
        assert SECRET not in repr(refusal.value)
        assert client.trouble == code


async def test_no_answer_tells_no_secret() -> None:
    """An unreachable portal is a network failure whose text names no address."""
    time = 0.0
    async with aiohttp.ClientSession() as session:
        limiter = Limiter(monotonic=lambda: time)
        client = Client(IncomingWebhook(f"http://127.0.0.1:9/rest/1/{SECRET}/"), limiter, session, MovableClock(NOW))
        with pytest.raises(RestError) as refusal:
            await client.call("profile", {})
    assert refusal.value.code == "NO_ANSWER"
    assert refusal.value.__suppress_context__
    assert SECRET not in repr(IncomingWebhook(f"https://acme.bitrix24.ru/rest/1/{SECRET}/"))


@pytest.mark.parametrize("refusal", [(503, {"error": "QUERY_LIMIT_EXCEEDED"}), (429, {"error": "whatever"}), (429, [])])
async def test_too_fast(refusal: Any) -> None:
    """A call refused for haste waits and is made again; so do the calls after it."""
    async with scripted() as (portal, client, limiter, time):
        portal.answers = [refusal, refusal]
        call = asyncio.create_task(client.call("profile", {}))
        while len(portal.asked) < 1 or not limiter.delay():
            await asyncio.sleep(0.005)
        await time.passes(1)
        while len(portal.asked) < 2 or not limiter.delay():
            await asyncio.sleep(0.005)
        await time.passes(1.9)
        assert not call.done()
        await time.passes(0.2)
        assert (await call).result is True
        assert len(portal.asked) == 3


async def test_too_fast_for_ever() -> None:
    """A portal that says it again and again is heard after some minutes, and is not asked for ever."""
    async with scripted() as (portal, client, _, time):
        portal.answers = [(429, {"error": "QUERY_LIMIT_EXCEEDED"})] * 500
        call = asyncio.create_task(client.call("profile", {}))
        while not call.done() and len(portal.asked) < 50:
            await asyncio.sleep(0.002)
            await time.passes(60)
        assert len(portal.asked) == 10
        with pytest.raises(RestError) as refusal:
            await call
        error = delivery_error(refusal.value, whole_request=True)
        assert (error.kind, error.permanent, error.retry_after) == ("rate_limit", False, 30)


@pytest.mark.parametrize(
    ("said", "pause"), [("nan", 1), ("inf", 1), ("-inf", 1), ("-5", 1), ("1e300", 30), ("7", 7), ("soon", 1)]
)
async def test_when_to_come_back(said: str, pause: float) -> None:
    """What is no time is not believed: nobody is asked without a pause, and nobody waits for ever."""
    async with scripted() as (portal, client, limiter, time):
        refusal = web.json_response({"error": "QUERY_LIMIT_EXCEEDED"}, status=429, headers={"Retry-After": said})
        portal.answers = [refusal]
        call = asyncio.create_task(client.call("profile", {}))
        while not limiter.delay():
            await asyncio.sleep(0.005)
        assert limiter.delay() == pause
        await time.settle()
        await time.passes(pause)
        assert (await call).result is True


@pytest.mark.parametrize("reset_at", ["NaN", "Infinity", "1e300", "1" + "0" * 400])
async def test_no_method_rests_for_ever(reset_at: str) -> None:
    """Whatever a portal says, a method rests an hour at most."""
    async with scripted() as (portal, client, limiter, _):
        body = f'{{"error": "OPERATION_TIME_LIMIT", "operating_reset_at": {reset_at}}}'
        portal.answers = [web.Response(body=body.encode(), status=429, content_type="application/json")]
        with pytest.raises(RestError):
            await client.call("user.get", {})
        assert 0 < limiter.resting("user.get") <= 3600


async def test_an_answer_without_an_end() -> None:
    """An answer that unpacks to more than any answer has is let go in the midst, and the next one is read as ever."""
    packed = web.Response(body=b'{"result": "' + b"a" * (LARGEST + 1) + b'"}', content_type="application/json")
    packed.enable_compression(web.ContentCoding.gzip)
    async with scripted() as (portal, client, _, _):
        portal.answers = [packed, {"result": "a" * 100_000}]
        with pytest.raises(RestError, match="UNREADABLE_ANSWER"):
            await client.call("profile", {})
        assert len((await client.call("profile", {})).result) == 100_000


@pytest.mark.parametrize("charset", ["rot13", "nonsense", "utf-7"])
async def test_an_alphabet_nobody_knows(charset: str) -> None:
    """JSON is UTF-8 whatever its headers call it."""
    async with scripted() as (portal, client, _, _):
        headers = {"Content-Type": f"application/json; charset={charset}"}
        portal.answers = [web.Response(body='{"result": "имя"}'.encode(), headers=headers)]
        assert (await client.call("profile", {})).result == "имя"


@pytest.mark.parametrize("host", ["a..x.com", f"{'a' * 64}.com"])
async def test_a_name_that_cannot_be_written(host: str) -> None:
    """No resolver can ask for it: the portal does not answer, as one that is not there."""
    async with aiohttp.ClientSession() as session:
        credentials = IncomingWebhook(f"https://{host}/rest/1/{SECRET}/")
        client = Client(credentials, Limiter(), session, MovableClock(NOW))
        with pytest.raises(RestError, match="NO_ANSWER"):
            await client.call("profile", {})


async def test_operating_limit() -> None:
    """A method over its execution time fails with the wait that the portal named, and rests."""
    async with scripted() as (portal, client, limiter, _):
        body = {"error": "OPERATION_TIME_LIMIT", "operating_reset_at": NOW.timestamp() + 90}
        portal.answers = [(429, body)]
        with pytest.raises(RestError) as refusal:
            await client.call("user.get", {})
        assert refusal.value.retry_after == 90
        assert limiter.resting("user.get") == 90


async def test_expired_token_once() -> None:
    """An expired token is refreshed once and the call repeated once; the token travels in the body."""
    async with scripted(credentials=Token) as (portal, client, _, _):
        portal.answers = [(401, {"error": "expired_token"})]
        await client.call("profile", {})
        assert [asked["auth"] for _, asked in portal.asked] == ["token0", "token1"]
        portal.answers = [(401, {"error": "EXPIRED_TOKEN"})] * 2
        with pytest.raises(RestError):
            await client.call("profile", {})


async def test_moved() -> None:
    """A renamed portal's redirect is followed with the same POST, and remembered."""
    credentials: list[Token] = []

    def keep(url: str) -> Token:
        credentials.append(Token(url))
        return credentials[0]

    async with scripted(credentials=keep) as (portal, client, _, _):
        moved = credentials[0].url.replace("127.0.0.1", "localhost")
        portal.answers = [web.Response(status=302, headers={"Location": f"{moved}profile"})]
        await client.call("profile", {"a": 1})
        assert portal.asked == [("profile", {"a": 1, "auth": "token0"})] * 2
        assert credentials[0].url == moved


@pytest.mark.parametrize(
    "location",
    [
        "http://new.bitrix24.ru/rest/1/c/m",
        "https://10.0.0.1/rest/1/c/m",
        "https://[::1]/rest/1/c/m",
        "https://localhost/rest/1/c/m",
        "https://intranet/rest/1/c/m",
        "https://db.internal/rest/1/c/m",
        "https://user@new.bitrix24.ru/rest/1/c/m",
        "https://new.bitrix24.ru:8443/rest/1/c/m",
        "https://new.bitrix24.ru/other",
        "/rest/1/c/m",
        "https://[broken/rest/1/c/m",
        "",
    ],
)
def test_untrusted_redirects(location: str) -> None:
    """The secret goes to a public https name under the same path, and nowhere else."""
    assert new_base("https://old.bitrix24.ru/rest/1/c/", "m", location) is None


def test_trusted_redirect() -> None:
    """A rename gives the new root."""
    there = "https://new.bitrix24.ru/rest/1/c/"
    assert new_base("https://old.bitrix24.ru/rest/1/c/", "m", there + "m") == there


async def test_batch() -> None:
    """Results and refusals are told apart by key; PHP's empty lists are empty maps; what did not run is in neither."""
    async with scripted() as (portal, client, _, _):
        result = {"result": {"a": {"id": 1}}, "result_error": {"b": {"error": "EMPTY_MESSAGE"}}, "result_time": []}
        portal.answers = [{"result": result}, {"result": {"result": [], "result_error": []}}, {"result": []}]
        answer = await client.batch({"a": ("m", {}), "b": ("m", {}), "c": ("m", {})})
        assert answer.results == {"a": {"id": 1}}
        assert {key: error.code for key, error in answer.errors.items()} == {"b": "EMPTY_MESSAGE"}
        empty = await client.batch({"a": ("m", {})})
        assert (empty.results, empty.errors) == ({}, {})
        with pytest.raises(RestError):
            await client.batch({"a": ("m", {})})


def test_batch_command() -> None:
    """Values are encoded once, nested in brackets; nothing that is typed can refer to another command's result."""
    params = {"botId": 5, "fields": {"message": "a&b=$result[x]", "urlPreview": False, "keyboard": {"B": [{"T": "я"}]}}}
    _, flat = batch_of({"cmd": {"k": batch_command("m", params)}})["k"]
    assert flat == {
        "botId": "5",
        "fields[message]": "a&b=$\u2060result[x]",
        "fields[urlPreview]": "N",
        "fields[keyboard][B][0][T]": "я",
    }


@pytest.mark.parametrize(
    ("code", "status", "whole_request", "kind", "permanent", "retry_after"),
    [
        ("NO_ANSWER", 0, True, "network", False, None),
        ("NO_AUTH_FOUND", 401, True, "credentials", False, 60),
        ("EXPIRED_TOKEN", 401, True, "credentials", False, 5),
        ("ACCESS_DENIED", 403, True, "credentials", False, 60),
        ("ACCESS_DENIED", 0, False, "blocked", True, None),
        ("BOT_NOT_FOUND", 0, False, "credentials", False, 60),
        ("EMPTY_MESSAGE", 0, False, "rejected", True, None),
        ("SENDING_FAILED", 0, False, "server", False, 5),
        ("UNREADABLE_ANSWER", 500, True, "server", False, 5),
        ("OPERATION_TIME_LIMIT", 0, False, "rate_limit", False, None),
        ("OVERLOAD_LIMIT", 503, True, "rate_limit", False, 300),
    ],
)
def test_delivery_errors(
    code: str, status: int, whole_request: bool, kind: str, permanent: bool, retry_after: float | None
) -> None:
    """A refusal means the same for a message wherever it comes from."""
    error = delivery_error(RestError(code, status=status), whole_request=whole_request)
    assert (error.kind, error.permanent, error.retry_after) == (kind, permanent, retry_after)


def test_codes() -> None:
    """Codes are compared in one case, sentences are codes too."""
    assert [code_of(each, 400) for each in ("expired_token", "Not found", None, "0", {"code": "a.b"})] == [
        "EXPIRED_TOKEN",
        "NOT_FOUND",
        "HTTP_400",
        "HTTP_400",
        "A_B",
    ]


async def test_a_batch_that_was_refused_goes_singly() -> None:
    """While `batch` rests, its commands are called one after another, and no batch is asked for."""
    async with scripted() as (portal, client, limiter, _):
        soon = NOW.timestamp() + 120
        portal.answers = [
            {"result": {"result": {"a": 1}}, "time": {"operating": 400.0, "operating_reset_at": soon}},
            (429, {"error": "OPERATION_TIME_LIMIT"}),
            {"result": 1},
            (403, {"error": "ACCESS_DENIED"}),
        ]
        await client.batch({"a": ("one", {})})
        for _ in range(2):
            answer = await client.run({"a": ("one", {}), "b": ("two", {"x": 1})})
            assert 1 <= len(answer.results)
        assert ["batch", "batch", "one", "two", "one", "two"] == [method for method, _ in portal.asked]
        assert 120 == limiter.resting("batch")  # as the last answer said


async def test_a_batch_is_charged_to_itself() -> None:
    """The running sum that commands of a batch show is none of their own; where the batch has none, it is theirs."""
    for whole, resting in ((460.0, (True, False)), (0, (False, True))):
        async with scripted() as (portal, client, limiter, _):
            inner = {"a": {"operating": 460.0, "operating_reset_at": NOW.timestamp() + 60}}
            portal.answers = [
                {
                    "result": {"result": {"a": 1}, "result_time": inner},
                    "time": {"operating": whole, "operating_reset_at": NOW.timestamp() + 60},
                }
            ]
            await client.batch({"a": ("one", {})})
            assert resting == (limiter.resting("batch") > 0, limiter.resting("one") > 0)
