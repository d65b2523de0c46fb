"""The portal's calling conventions: bodies, system errors, the limiter, ordered faults and the journal."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from test_portal_site import NOW, TOKEN, Site, open_site


@pytest_asyncio.fixture
async def site() -> AsyncIterator[Site]:
    """A running portal."""
    async with open_site() as opened:
        yield opened


async def test_success_has_time(site: Site) -> None:
    """A success carries the time block beside the result."""
    reply = await site.call("server.time")
    assert reply.result == "2026-08-21T10:00:00+03:00"
    assert set(reply.body) == {"result", "time"}
    assert {"start", "finish", "duration", "processing", "date_start", "date_finish"} <= set(reply.body["time"])
    assert {"operating", "operating_reset_at"} <= set(reply.body["time"])
    assert reply.body["time"]["date_finish"] == "2026-08-21T10:00:00+03:00"


@pytest.mark.parametrize("suffix", ["", ".json"])
async def test_get_with_query(site: Site, suffix: str) -> None:
    """A plain GET with a PHP query works, with or without the suffix."""
    url = f"{site.portal.webhook_url}user.get{suffix}?FILTER[ID]=2&start=0"
    async with site.session.get(url) as response:
        assert [user["ID"] for user in (await response.json())["result"]] == ["2"]


@pytest.mark.parametrize("multipart", [False, True])
async def test_form_bodies(site: Site, *, multipart: bool) -> None:
    """Urlencoded and multipart bodies with PHP brackets mean the same as JSON; their ids are strings."""
    await site.register()
    form = aiohttp.FormData(default_to_multipart=multipart)
    for name, value in {
        "botId": str(site.bot_id),
        "botToken": TOKEN,
        "dialogId": "3",
        "fields[message]": "Привет & пока",
        "fields[urlPreview]": "N",
        "fields[keyboard][BUTTONS][0][TEXT]": "Сайт",
        "fields[keyboard][BUTTONS][0][LINK]": "https://example.com/?a=1",
    }.items():
        form.add_field(name, value)
    async with site.session.post(site.portal.webhook_url + "imbot.v2.Chat.Message.send", data=form) as response:
        assert response.status == 200
    shown = site.portal.shown(site.person("anna"))
    assert [(message.text, message.buttons[0].url) for message in shown] == [
        ("Привет & пока", "https://example.com/?a=1")
    ]


@pytest.mark.parametrize("path", ["/rest/1/wrong/profile", "/rest/2/{code}/profile"])
async def test_wrong_code(site: Site, path: str) -> None:
    """A wrong code, and another user's number before the right code, are refused."""
    host, _, rest = site.portal.webhook_url.partition("/rest/")
    async with site.session.post(host + path.format(code=rest.split("/")[1])) as response:
        body = await response.json()
    assert (response.status, body) == (
        401,
        {"error": "NO_AUTH_FOUND", "error_description": "Wrong authorization data"},
    )


@pytest.mark.parametrize(
    ("method", "refusal"),
    [
        ("imbot.v2.Bot.fly", (404, "ERROR_METHOD_NOT_FOUND")),
        ("imbot.v2.bot.register", (404, "ERROR_METHOD_NOT_FOUND")),
        ("timeman.flow", (404, "ERROR_METHOD_NOT_FOUND")),
        ("event.bind", (403, "WRONG_AUTH_TYPE")),
        ("event.get", (403, "WRONG_AUTH_TYPE")),
        ("placement.bind", (403, "WRONG_AUTH_TYPE")),
        ("app.info", (403, "ACCESS_DENIED")),
        ("app.option.set", (403, "ACCESS_DENIED")),
    ],
)
async def test_methods_not_there(site: Site, method: str, refusal: tuple[int, str]) -> None:
    """Unknown methods are not found; those of an application are refused to a webhook."""
    assert (await site.call(method)).refusal == refusal


async def test_application_context(site: Site) -> None:
    """The refusal of an application's method says why."""
    assert (await site.call("app.info")).body["error_description"] == "Application context required"


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("profile", {"a": 1}),
        ("user.get", {"FILTER": {"SHOE_SIZE": 41}}),
        ("imbot.v2.Event.get", {"botId": 1, "botToken": TOKEN, "ofset": 3}),
        ("imbot.v2.Bot.register", {"botToken": TOKEN, "fields": {}}),
        ("batch", {"cmd": [], "hald": 1}),
    ],
)
async def test_surplus(site: Site, method: str, params: dict[str, Any]) -> None:
    """A parameter that the method does not have is refused."""
    assert (await site.call(method, params)).refusal == (400, "ERROR_SURPLUS_PARAMETER")


async def test_missing(site: Site) -> None:
    """A missing parameter is named."""
    await site.register()
    reply = await site.own("Chat.Message.send", fields={"message": "?"})
    assert reply.refusal == (400, "100")
    assert "{dialogId}" in reply.body["error_description"]


@pytest.mark.parametrize("body", [b"{", b"[1]", b'"x"', b"[" * 100_000])
async def test_malformed_json(site: Site, body: bytes) -> None:
    """A body that is no JSON object is refused, however it is broken."""
    headers = {"Content-Type": "application/json"}
    async with site.session.post(site.portal.webhook_url + "profile", data=body, headers=headers) as response:
        assert (response.status, (await response.json())["error"]) == (400, "INVALID_REQUEST")


@pytest.mark.parametrize(("plan", "limit", "drain"), [("standard", 50, 2), ("enterprise", 250, 5)])
async def test_limiter(plan: str, limit: int, drain: int) -> None:
    """A burst up to the limit passes, the next request is refused, and a second later so many pass again."""
    moment = [100.0]
    async with open_site(plan=plan, monotonic=lambda: moment[0]) as site:
        statuses = [(await site.call("profile")).status for _ in range(limit + 1)]
        assert statuses == [200] * limit + [503]
        assert (await site.call("profile")).refusal == (503, "QUERY_LIMIT_EXCEEDED")
        moment[0] += 1
        statuses = [(await site.call("profile")).status for _ in range(drain + 1)]
        assert statuses == [200] * drain + [503]


async def test_batch_counts_once() -> None:
    """A batch is one request for the limiter, whatever is in it."""
    async with open_site(monotonic=lambda: 0.0) as site:
        replies = [await site.call("batch", {"cmd": ["profile"] * 50}) for _ in range(51)]
        assert [reply.status for reply in replies] == [200] * 50 + [503]


@pytest.mark.parametrize(
    ("fault", "refusal"),
    [
        ("rate_limit", (503, "QUERY_LIMIT_EXCEEDED")),
        ("error_500", (500, "INTERNAL_SERVER_ERROR")),
        ("expired_token", (401, "expired_token")),
    ],
)
async def test_fault_refuses(site: Site, fault: Any, refusal: tuple[int, str]) -> None:
    """An ordered refusal strikes as often as it was ordered, then the portal is well again."""
    site.world.faults.order("bitrix24", fault, count=2)
    assert [(await site.call("profile")).refusal for _ in range(2)] == [refusal] * 2
    assert (await site.call("profile")).status == 200


async def test_operating_limit(site: Site) -> None:
    """The other limiter refuses with 429, without saying when to come back; within a batch it refuses one command."""
    site.world.faults.order("bitrix24", "rate_limit", person="operating", count=2)
    reply = await site.call("profile")
    assert reply.refusal == (429, "OPERATION_TIME_LIMIT")
    assert {"error", "error_description"} == set(reply.body)
    result = (await site.call("batch", {"cmd": {"a": "profile", "b": "scope"}})).result
    assert result["result_error"]["a"]["error"] == "OPERATION_TIME_LIMIT"
    assert list(result["result"]) == ["b"]


async def test_html_500(site: Site) -> None:
    """A portal in trouble may answer a page instead of JSON."""
    site.world.faults.order("bitrix24", "html_500")
    async with site.session.post(site.portal.webhook_url + "profile") as response:
        assert (response.status, response.content_type) == (500, "text/html")


async def test_down(site: Site) -> None:
    """A portal that is down drops the connection and does nothing."""
    await site.register()
    site.world.faults.order("bitrix24", "down")
    with pytest.raises(aiohttp.ClientError):
        await site.send(3)
    assert site.portal.shown(site.person("anna")) == []


async def test_reset_after_write(site: Site) -> None:
    """The connection is dropped after the write was done; a call that only reads does not use the fault up."""
    await site.register()
    site.world.faults.order("bitrix24", "reset_after_write")
    assert (await site.call("profile")).status == 200
    with pytest.raises(aiohttp.ClientError):
        await site.send(3, "раз")
    assert [message.text for message in site.portal.shown(site.person("anna"))] == ["раз"]
    assert await site.send(3, "два") > 0


async def test_reset_after_batch(site: Site) -> None:
    """A batch that wrote something is struck as well."""
    await site.register()
    site.world.faults.order("bitrix24", "reset_after_write")
    query = f"botId={site.bot_id}&botToken={TOKEN}&dialogId=3&fields[message]=hi"
    with pytest.raises(aiohttp.ClientError):
        await site.call("batch", {"cmd": [f"imbot.v2.Chat.Message.send?{query}"]})
    assert len(site.portal.shown(site.person("anna"))) == 1


async def test_slow() -> None:
    """A slow portal answers late, but it answers."""
    async with open_site(slow_seconds=0.1) as site:
        site.world.faults.order("bitrix24", "slow")
        started = asyncio.get_running_loop().time()
        assert (await site.call("profile")).status == 200
        assert asyncio.get_running_loop().time() - started >= 0.1


async def test_blocked_by_person(site: Site) -> None:
    """Sending to a person who has blocked the bot is refused; others are reached."""
    await site.register()
    site.world.faults.order("bitrix24", "blocked_by_person", seconds=60, person="anna")
    blocked = await site.own("Chat.Message.send", dialogId="3", fields={"message": "?"})
    assert blocked.refusal == (403, "ACCESS_DENIED")
    assert await site.send(4) > 0


async def test_journal(site: Site) -> None:
    """Every request is in the journal with its parameters and status; a batch is one entry; 0 means no answer."""
    await site.call("profile")
    await site.call("no.such.method", {"a": 1})
    await site.call("batch", {"cmd": {"me": "profile"}})
    site.world.faults.order("bitrix24", "down")
    with pytest.raises(aiohttp.ClientError):
        await site.call("scope")
    assert [(call.channel, call.method, call.params, call.status) for call in site.world.calls()] == [
        ("bitrix24", "profile", {}, 200),
        ("bitrix24", "no.such.method", {"a": 1}, 404),
        ("bitrix24", "batch", {"cmd": {"me": "profile"}}, 200),
        ("bitrix24", "scope", {}, 0),
    ]


async def test_command_seconds() -> None:
    """The commands of one batch run one after another, several batches side by side."""
    async with open_site(command_seconds=0.02) as site:
        started = asyncio.get_running_loop().time()
        await asyncio.gather(*(site.call("batch", {"cmd": ["profile"] * 10}) for _ in range(4)))
        taken = asyncio.get_running_loop().time() - started
        assert 0.2 <= taken < 0.7


async def test_operating_counts() -> None:
    """Seconds of work add up by method; the call that crosses the limit ends, the next is refused, others are not."""
    async with open_site(operating_seconds=100.0, operating_limit=250.0) as site:
        told = [(await site.call("profile")).body["time"]["operating"] for _ in range(3)]
        assert [100, 200, 300] == [int(each) for each in told]
        assert (await site.call("profile")).refusal == (429, "OPERATION_TIME_LIMIT")
        assert (await site.call("scope")).status == 200
        site.world.move_clock(NOW + timedelta(minutes=10))
        assert (await site.call("profile")).status == 200


async def test_operating_of_a_batch() -> None:
    """A batch is charged to `batch`: its commands show one running sum, and single calls have their own."""
    async with open_site(operating_seconds=100.0, operating_limit=250.0) as site:
        body = (await site.call("batch", {"cmd": {"a": "profile", "b": "scope", "c": "profile"}})).body
        times = body["result"]["result_time"]
        assert [100, 200, 300] == [int(times[key]["operating"]) for key in "abc"]
        assert 300 == int(body["time"]["operating"])
        assert (await site.call("batch", {"cmd": {"a": "scope"}})).refusal == (429, "OPERATION_TIME_LIMIT")
        assert (await site.call("profile")).body["time"]["operating"] < 101


async def test_surplus_is_ignored() -> None:
    """Outside the strict mode what a method does not know is ignored, as on the real portal."""
    async with open_site(is_strict=False) as site:
        sdk = {"bx24_request_id": "1", "bx24_sdk_ver": "2", "bx24_sdk_type": "python"}
        assert (await site.call("profile", sdk)).status == 200
        assert (await site.call("user.get", {"FILTER": {"ID": 1}, **sdk})).status == 200


async def test_what_clients_call_first(site: Site) -> None:
    """Methods that the vendors' own clients begin with."""
    assert {"profile", "user.get", "batch"} <= set((await site.call("methods")).result)
    assert "WORK_POSITION" in (await site.call("user.fields")).result
    assert ["3"] == [each["ID"] for each in (await site.call("user.search", {"FILTER": {"FIND": "ким анна"}})).result]
    by_name = await site.call("user.search", {"FILTER": {"NAME": "бор"}})
    assert ["4"] == [each["ID"] for each in by_name.result]
    assert [] == (await site.call("user.search", {"FILTER": {"FIND": "уволенный"}})).result
    assert (await site.call("department.get", {"start": 50})).result == []


async def test_translations_are_merged(site: Site) -> None:
    """A new translation stands beside the others, null takes one away, params count where a title is."""
    await site.register()
    number = await site.command("hours")
    given = {"title": {"en": "Hours"}, "params": {"en": "[month]", "de": "[Monat]"}}
    assert (await site.own("Command.update", commandId=number, fields=given)).status == 200
    command = site.portal.portal.memory.commands[number]
    assert ({"ru": "Команда", "en": "Hours"}, {"en": "[month]"}) == (command.title, command.params)
    await site.own("Command.update", commandId=number, fields={"title": {"en": None}})
    assert {"ru": "Команда"} == command.title
