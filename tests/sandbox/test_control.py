"""The sandbox's control calls: who may call, what they answer, and what they refuse."""

import asyncio
import io
import json
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from aiohttp import ClientResponse, HttpVersion10
from aiohttp.test_utils import TestClient, TestServer, make_mocked_request
from aiohttp.web import Application, Request

from bot.clock import MovableClock
from bot.sandbox.control import Timing, mount
from bot.sandbox.control_http import Problem, admit
from bot.sandbox.world import ShownButton, ShownFile, World
from tests.sandbox.fakes import START, FakeMessenger, FakeService

Client = TestClient[Request, Application]
QUICK = Timing(settle_limit=0.2, settle_pause=0.01, poll_limit=0.2, watch_pause=0.02, watch_rest=0.0)


@dataclass
class Sandbox:
    """A mounted control API, its fakes, and a client on loopback."""

    world: World
    bitrix24: FakeMessenger
    telegram: FakeMessenger
    service: FakeService
    client: Client


@pytest.fixture
async def sandbox(aiohttp_client: Callable[[Application], Coroutine[Any, Any, Client]]) -> Sandbox:
    """A sandbox that stands at a Tuesday morning."""
    clock = MovableClock(START)
    world = World(clock)
    bitrix24, telegram = FakeMessenger("bitrix24", world), FakeMessenger("telegram", world)
    service = FakeService(clock)
    app = Application()
    mount(app, world, {"bitrix24": bitrix24, "telegram": telegram}, service.service(), QUICK)
    return Sandbox(world, bitrix24, telegram, service, await aiohttp_client(app))


async def refusal(response: ClientResponse) -> tuple[int, str]:
    """Return status and code of a problem document, which has a title for people and nothing else."""
    problem = await response.json()
    assert response.content_type == "application/problem+json"
    assert {"code", "title"} == set(problem)
    return response.status, problem["code"]


async def test_state(sandbox: Sandbox) -> None:
    """The state has exactly the promised fields; a person without Telegram has no Telegram account in it."""
    state = await (await sandbox.client.get("/sandbox/api/state")).json()
    assert {"now", "people"} == set(state)
    assert datetime.fromisoformat(state["now"]) == START
    people = {person["key"]: person for person in state["people"]}
    assert people["anna"] == {
        "key": "anna",
        "name": "Анна Ким",
        "roles": ["employee"],
        "bitrix24_user_id": 3,
        "telegram_user_id": 700003,
        "locale": "ru",
        "zone": "Europe/Moscow",
        "portal": "main",
    }
    assert people["boris"]["telegram_user_id"] is None
    assert people["boris"]["zone"] == "Asia/Yekaterinburg"


async def test_clock_moves_forward(sandbox: Sandbox) -> None:
    """The clock moves to the instant asked for, whatever its offset, and the service does what fell due."""
    answer = await sandbox.client.put("/sandbox/api/clock", json={"now": "2026-07-14T12:00:00+03:00"})
    target = datetime(2026, 7, 14, 9, tzinfo=UTC)
    assert answer.status == 200
    assert datetime.fromisoformat((await answer.json())["now"]) == target
    assert sandbox.service.moves == [target]


async def test_clock_naive_is_utc(sandbox: Sandbox) -> None:
    """An instant without an offset is UTC."""
    await sandbox.client.put("/sandbox/api/clock", json={"now": "2026-07-14T12:00"})
    assert sandbox.world.clock.now() == datetime(2026, 7, 14, 12, tzinfo=UTC)


async def test_clock_does_not_go_back(sandbox: Sandbox) -> None:
    """Moving the clock back is refused and changes nothing."""
    answer = await sandbox.client.put("/sandbox/api/clock", json={"now": "2026-07-14T06:01:59Z"})
    assert await refusal(answer) == (409, "clock_back")
    assert sandbox.world.clock.now() == START


@pytest.mark.parametrize("now", [None, "", "soon", 5, "2026-13-01", "9999-12-31T23:59:00-12:00", "2101-01-01", ["a"]])
async def test_clock_needs_an_instant(sandbox: Sandbox, now: Any) -> None:
    """What is no instant of this age is refused."""
    answer = await sandbox.client.put("/sandbox/api/clock", json={"now": now})
    assert await refusal(answer) == (400, "bad_field")


async def test_say_and_read(sandbox: Sandbox) -> None:
    """What a person says gets an id and is read back with exactly the promised fields."""
    said = await sandbox.client.post("/sandbox/api/bitrix24/anna/messages", json={"text": "пришла"})
    assert (said.status, await said.json()) == (200, {"id": 1})
    messages = await (await sandbox.client.get("/sandbox/api/bitrix24/anna/messages")).json()
    assert messages == [
        {
            "id": 1,
            "author": "person",
            "text": "пришла",
            "markup": "bbcode",
            "buttons": [],
            "edited": False,
            "files": [],
        },
        {
            "id": 2,
            "author": "bot",
            "text": "[b]Echo:[/b] пришла",
            "markup": "bbcode",
            "buttons": [
                {"text": "Break", "kind": "press", "index": 0},
                {"text": "Check out", "kind": "press", "index": 1},
            ],
            "edited": False,
            "files": [],
        },
    ]


@pytest.mark.parametrize("name", ["event_id", "update_id"])
async def test_say_repeats_a_delivery(sandbox: Sandbox, name: str) -> None:
    """The message's own time and the delivery's id reach the messenger under either name."""
    body = {"text": "обед", "at": "2026-07-14T08:00:00+03:00", name: 41}
    await sandbox.client.post("/sandbox/api/telegram/anna/messages", json=body)
    assert sandbox.telegram.said == [("anna", "обед", datetime(2026, 7, 14, 5, tzinfo=UTC), 41)]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": ""},
        {"text": " \n"},
        {"text": 5},
        {"text": None},
        {"text": "\ud83d"},
        {"text": "a", "at": "noon"},
        {"text": "a", "event_id": "x"},
        {"text": "a", "update_id": True},
        {"text": "a", "update_id": -1},
        {"text": "a", "event_id": 1.5},
        {"text": "a", "surplus": 1},
    ],
)
async def test_say_refuses_bad_fields(sandbox: Sandbox, body: dict[str, Any]) -> None:
    """A message without words, or with fields that cannot be used, is refused and not delivered."""
    answer = await sandbox.client.post("/sandbox/api/telegram/anna/messages", json=body)
    assert await refusal(answer) == (400, "bad_field")
    assert sandbox.telegram.said == []


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"text"', b"\xff\xfe", b"[" * 100_000])
async def test_bad_json(sandbox: Sandbox, body: bytes) -> None:
    """A body that is no JSON object is refused, however deep it goes."""
    answer = await sandbox.client.post("/sandbox/api/telegram/anna/messages", data=body)
    assert await refusal(answer) == (400, "bad_json")


async def test_too_large(sandbox: Sandbox) -> None:
    """A body beyond the limit is refused."""
    answer = await sandbox.client.post("/sandbox/api/telegram/anna/presses", data=io.BytesIO(b" " * ((1 << 20) + 1)))
    assert await refusal(answer) == (413, "too_large")


async def test_full_messages(sandbox: Sandbox) -> None:
    """The page gets, on asking, the time, rows, styles and addresses as well, and only the last messages."""
    anna = sandbox.world.people[2]
    sandbox.telegram.bot_says(anna, "old")
    sandbox.telegram.bot_says(
        anna,
        "new",
        [ShownButton("Open", "link", 1, "https://example.org/", "primary")],
        [ShownFile("week.xlsx", 9, "http://127.0.0.1:1/f")],
    )
    messages = await (await sandbox.client.get("/sandbox/api/telegram/anna/messages?full=1&last=1")).json()
    assert [message["text"] for message in messages] == ["new"]
    assert datetime.fromisoformat(messages[0]["at"]) == START
    assert messages[0]["buttons"] == [
        {
            "text": "Open",
            "kind": "link",
            "row": 1,
            "url": "https://example.org/",
            "style": "primary",
            "disabled": False,
        }
    ]
    assert messages[0]["files"] == [
        {"id": "f", "name": "week.xlsx", "size": 9, "url": "http://127.0.0.1:1/f", "width": 0, "height": 0}
    ]
    path = "/sandbox/api/telegram/anna/files"
    found = await sandbox.client.get(f"{path}/f", allow_redirects=False)
    assert (302, "http://127.0.0.1:1/f") == (found.status, found.headers["Location"])
    assert (404, "unknown_file") == await refusal(await sandbox.client.get(f"{path}/g"))


async def test_press(sandbox: Sandbox) -> None:
    """A press reaches the messenger, which edits the message."""
    await sandbox.client.post("/sandbox/api/telegram/anna/messages", json={"text": "hi"})
    answer = await sandbox.client.post("/sandbox/api/telegram/anna/presses", json={"message_id": 2, "button": "Break"})
    assert (answer.status, await answer.json()) == (200, {"ok": True})
    messages = await (await sandbox.client.get("/sandbox/api/telegram/anna/messages")).json()
    assert (messages[1]["text"], messages[1]["edited"]) == ("Pressed Break", True)


async def test_press_by_its_place(sandbox: Sandbox) -> None:
    """A button may be named by its place, which tells twins apart."""
    await sandbox.client.post("/sandbox/api/telegram/anna/messages", json={"text": "hi"})
    answer = await sandbox.client.post("/sandbox/api/telegram/anna/presses", json={"message_id": 2, "index": 1})
    assert 200 == answer.status
    answer = await sandbox.client.post("/sandbox/api/telegram/anna/presses", json={"message_id": 2, "index": 7})
    assert await refusal(answer) == (409, "not_there")


async def test_press_what_is_not_there(sandbox: Sandbox) -> None:
    """Pressing a button that is not on the screen is a conflict."""
    answer = await sandbox.client.post("/sandbox/api/telegram/anna/presses", json={"message_id": 2, "button": "Break"})
    assert await refusal(answer) == (409, "not_there")


@pytest.mark.parametrize("body", [{"button": "a"}, {"message_id": "2", "button": "a"}, {"message_id": 2}])
async def test_press_needs_both(sandbox: Sandbox, body: dict[str, Any]) -> None:
    """A press names a message and a button."""
    answer = await sandbox.client.post("/sandbox/api/telegram/anna/presses", json=body)
    assert await refusal(answer) == (400, "bad_field")


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("telegram/nobody/messages", "unknown_person"),
        ("icq/anna/messages", "unknown_channel"),
        ("nobody/hours", "unknown_person"),
        ("nothing", "unknown_call"),
        ("settle", "unknown_call"),
    ],
)
async def test_unknown(sandbox: Sandbox, path: str, code: str) -> None:
    """An unknown person, channel, call or method is not found, each with its own code."""
    assert await refusal(await sandbox.client.get(f"/sandbox/api/{path}")) == (404, code)


async def test_raw(sandbox: Sandbox) -> None:
    """A raw body reaches the messenger as it is, and the service's status comes back."""
    sandbox.telegram.raw_status = 401
    answer = await sandbox.client.post(
        "/sandbox/api/telegram/raw", data=b"\x00{", headers={"Content-Type": "application/json; charset=x"}
    )
    assert await answer.json() == {"status": 401}
    assert sandbox.telegram.raws == [(b"\x00{", "application/json; charset=x")]


async def test_raw_may_be_large(sandbox: Sandbox) -> None:
    """A raw body may be larger than the service's own limit, because refusing it is the service's matter."""
    await sandbox.client.post("/sandbox/api/bitrix24/raw", data=io.BytesIO(b"x" * (3 << 20)))
    assert [len(body) for body, _ in sandbox.bitrix24.raws] == [3 << 20]


async def test_faults(sandbox: Sandbox) -> None:
    """An ordered fault strikes as often as it was ordered; lifting takes it away."""
    order = {"channel": "telegram", "fault": "rate_limit", "count": 2}
    answer = await sandbox.client.post("/sandbox/api/faults", json=order)
    assert (answer.status, await answer.json()) == (200, {"ok": True})
    assert [sandbox.world.faults.strikes("telegram", "rate_limit") for _ in range(3)] == [True, True, False]
    await sandbox.client.post("/sandbox/api/faults", json={"channel": "bitrix24", "fault": "down", "seconds": 60})
    await sandbox.client.delete("/sandbox/api/faults")
    assert not sandbox.world.faults.strikes("bitrix24", "down")


@pytest.mark.parametrize(
    "body",
    [
        {"fault": "down"},
        {"channel": "icq", "fault": "down"},
        {"channel": ["telegram"], "fault": "down"},
        {"channel": "telegram", "fault": "flood"},
        {"channel": "telegram", "fault": {}},
        {"channel": "telegram", "fault": "down", "count": 0},
        {"channel": "telegram", "fault": "down", "count": 1.5},
        {"channel": "telegram", "fault": "down", "seconds": -1},
        {"channel": "telegram", "fault": "down", "seconds": float("nan")},
        {"channel": "telegram", "fault": "down", "seconds": 1, "count": 1},
        {"channel": "telegram", "fault": "down", "person": "nobody"},
    ],
)
async def test_faults_are_checked(sandbox: Sandbox, body: dict[str, Any]) -> None:
    """A fault that does not exist, or an impossible measure of it, is refused."""
    answer = await sandbox.client.post("/sandbox/api/faults", data=json.dumps(body))
    assert await refusal(answer) == (400, "bad_field")


async def test_hours(sandbox: Sandbox) -> None:
    """The hours are the service's, between the days asked for."""
    answer = await sandbox.client.get("/sandbox/api/anna/hours?from_day=2026-07-13&to_day=2026-07-14")
    assert [session["status"] for session in await answer.json()] == ["open"]
    await sandbox.client.get("/sandbox/api/anna/hours")
    assert sandbox.service.asked == [("anna", date(2026, 7, 13), date(2026, 7, 14)), ("anna", None, None)]


@pytest.mark.parametrize("query", ["from_day=today", "to_day=2026-02-30", "from_day=2026-07-15&to_day=2026-07-14"])
async def test_hours_need_days(sandbox: Sandbox, query: str) -> None:
    """What is no day, or ends before it begins, is refused."""
    assert await refusal(await sandbox.client.get(f"/sandbox/api/anna/hours?{query}")) == (400, "bad_field")


async def test_requests(sandbox: Sandbox) -> None:
    """The approval requests are the service's."""
    assert [each["id"] for each in await (await sandbox.client.get("/sandbox/api/requests")).json()] == [1]


async def test_calls(sandbox: Sandbox) -> None:
    """The journal is shown oldest first, whatever its parameters hold, and can be cut to the last ones."""
    sandbox.world.called("telegram", "getMe", {}, 200)
    sandbox.world.called("bitrix24", "imbot.v2.Bot.register", {"raw": b"\xff", "text": "\ud83d"}, 400)
    calls = await (await sandbox.client.get("/sandbox/api/calls")).json()
    assert [(each["channel"], each["method"], each["status"]) for each in calls] == [
        ("telegram", "getMe", 200),
        ("bitrix24", "imbot.v2.Bot.register", 400),
    ]
    assert {"channel", "method", "params", "status", "at"} == set(calls[0])
    assert (await (await sandbox.client.get("/sandbox/api/calls?last=1")).json()) == calls[1:]


async def test_polls_can_be_left_out(sandbox: Sandbox) -> None:
    """What only asked for news can be left out before the rest is counted; a poll that failed stays."""
    sandbox.world.called("telegram", "sendMessage", {}, 200)
    for channel, poll, status in (
        ("bitrix24", "imbot.v2.Event.get", 200),
        ("telegram", "getUpdates", 409),
        ("telegram", "getUpdates", 0),
        ("telegram", "getupdates", 200),
    ):
        sandbox.world.called(channel, poll, {}, status)
    calls = await (await sandbox.client.get("/sandbox/api/calls?last=3&polls=0")).json()
    assert [(each["method"], each["status"]) for each in calls] == [
        ("sendMessage", 200),
        ("getUpdates", 409),
        ("getUpdates", 0),
    ]
    assert len(await (await sandbox.client.get("/sandbox/api/calls")).json()) == 5


async def test_menu(sandbox: Sandbox) -> None:
    """The menu is what the bot set last for the person's language, else for everyone."""
    everyone = [{"command": "in", "description": "Start"}]
    russian = [{"command": "in", "description": "Начать"}]
    sandbox.world.called("telegram", "setMyCommands", {"commands": everyone}, 200)
    sandbox.world.called("telegram", "setMyCommands", {"commands": "nonsense", "language_code": "ru"}, 400)
    sandbox.world.called("telegram", "setMyCommands", {"commands": json.dumps(russian), "language_code": "ru"}, 200)
    assert await (await sandbox.client.get("/sandbox/api/telegram/anna/commands")).json() == russian
    assert await (await sandbox.client.get("/sandbox/api/telegram/james/commands")).json() == everyone


async def test_settle_waits_for_rest(sandbox: Sandbox) -> None:
    """Settling answers only after everything was seen empty twice in a row."""
    sandbox.service.backlogs = [(1, 0), (0, 0), (0, 2), (0, 0), (0, 0), (7, 7)]
    answer = await (await sandbox.client.post("/sandbox/api/settle")).json()
    assert (answer["inbox"], answer["outbox"]) == (0, 0)
    assert sandbox.service.backlogs == [(7, 7)]
    assert {"inbox", "outbox", "seconds"} == set(answer)


async def test_settle_runs_out(sandbox: Sandbox) -> None:
    """When time runs out the true numbers are told; what a messenger still holds counts as to be taken in."""
    sandbox.service.backlogs = [(1, 3)]
    sandbox.telegram.waiting = 2
    answer = await sandbox.client.post("/sandbox/api/settle")
    assert answer.status == 200
    numbers = await answer.json()
    assert (numbers["inbox"], numbers["outbox"]) == (3, 3)
    assert numbers["seconds"] >= QUICK.settle_limit


async def test_events_wait_for_news(sandbox: Sandbox) -> None:
    """A page that knows the newest version is answered as soon as something changes."""
    first = await (await sandbox.client.get("/sandbox/api/events")).json()
    waiting = asyncio.ensure_future(sandbox.client.get(f"/sandbox/api/events?since={first['version']}"))
    await asyncio.sleep(0)
    sandbox.telegram.bot_says(sandbox.world.people[2], "ping")
    later = await (await waiting).json()
    assert later["version"] != first["version"]
    assert later["heads"]["anna"] == {"bitrix24": 0, "telegram": 1}


async def test_events_see_deliveries(sandbox: Sandbox) -> None:
    """A delivery that nobody announced is noticed too."""
    first = await (await sandbox.client.get("/sandbox/api/events")).json()
    sandbox.bitrix24.waiting = 4
    later = await (await sandbox.client.get(f"/sandbox/api/events?since={first['version']}")).json()
    assert later["version"] != first["version"]
    assert later["undelivered"] == {"bitrix24": 4, "telegram": 0}
    assert later["standing"] is True


async def test_events_without_news(sandbox: Sandbox) -> None:
    """A page is answered with the same version when nothing happens for long."""
    first = await (await sandbox.client.get("/sandbox/api/events")).json()
    later = await (await sandbox.client.get(f"/sandbox/api/events?since={first['version']}")).json()
    assert later["version"] == first["version"]


async def test_stopping_lets_pages_go() -> None:
    """A page that waits for news does not hold the server when it stops."""
    world = World(MovableClock(START))
    app = Application()
    mount(app, world, {}, FakeService(world.clock).service(), Timing(poll_limit=60.0))
    client = TestClient(TestServer(app))
    await client.start_server()
    waiting = asyncio.ensure_future(client.get("/sandbox/api/events?since=1"))
    await asyncio.sleep(0.05)
    async with asyncio.timeout(5):
        await client.server.close()
        assert (await waiting).status == 200
    await client.close()


async def test_failure_is_coded(sandbox: Sandbox) -> None:
    """A service that fails gives a coded problem, not a traceback."""
    sandbox.service.failing = True
    assert await refusal(await sandbox.client.get("/sandbox/api/state")) == (500, "internal")


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example:80", "10.0.0.1", "", "[bad", "localhost.evil"]
)
async def test_foreign_host(sandbox: Sandbox, host: str) -> None:
    """A request that came under another name than this machine's is refused, so that rebinding a name is useless."""
    for path in ("/sandbox", "/sandbox/static/sandbox.js", "/sandbox/api/state", "/sandbox/api/nothing"):
        response = await sandbox.client.get(path, headers={"Host": host})
        assert await refusal(response) == (403, "foreign_host")


@pytest.mark.parametrize(
    "header",
    [
        "Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "x-forwarded-proto", "X-Forwarded-Whatever", "Via",
        "X-Real-IP", "X-Client-IP", "True-Client-IP", "CF-Connecting-IP", "Fastly-Client-IP", "X-Original-URL",
        "X-Envoy-External-Address",
        "CDN-Loop",
    ],
)  # fmt: skip
async def test_behind_a_proxy(sandbox: Sandbox, header: str) -> None:
    """What a proxy of this machine passes on comes from anybody: neither page nor call is for it."""
    for path in ("/sandbox", "/sandbox/static/sandbox.js", "/sandbox/api/state", "/sandbox/api/nothing"):
        response = await sandbox.client.get(path, headers={header: ""})
        assert await refusal(response) == (403, "forwarded")
    said = sandbox.client.post(
        "/sandbox/api/telegram/anna/messages", json={"text": "hi"}, headers={header: "127.0.0.1"}
    )
    assert await refusal(await said) == (403, "forwarded")
    assert sandbox.telegram.said == []


def test_old_http() -> None:
    """Some proxies leave no header, but speak HTTP/1.0, as no browser does."""
    request = make_mocked_request(
        "GET", "/sandbox", {"Host": "localhost"}, version=HttpVersion10, transport=_Transport(("127.0.0.1", 5))
    )
    with pytest.raises(Problem) as refused:
        admit(request)
    assert (refused.value.status, refused.value.code) == (403, "forwarded")


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8080", "127.0.0.1:8080", "[::1]:8080", "smena.localhost"])
async def test_own_host(sandbox: Sandbox, host: str) -> None:
    """Every name of this machine is fine."""
    assert (await sandbox.client.get("/sandbox/api/state", headers={"Host": host})).status == 200


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost:1", "http://[x"])
async def test_foreign_origin(sandbox: Sandbox, origin: str) -> None:
    """A foreign page cannot change anything, even blindly."""
    response = await sandbox.client.post(
        "/sandbox/api/telegram/anna/messages", json={"text": "hi"}, headers={"Origin": origin}
    )
    assert await refusal(response) == (403, "foreign_origin")
    assert sandbox.telegram.said == []


async def test_own_origin(sandbox: Sandbox) -> None:
    """The sandbox's own page may write."""
    origin = str(sandbox.client.make_url("/").origin())
    response = await sandbox.client.post(
        "/sandbox/api/telegram/anna/messages", json={"text": "hi"}, headers={"Origin": origin}
    )
    assert response.status == 200


class _Transport(asyncio.Transport):
    """A transport that only knows its peer."""

    def __init__(self, peer: Any) -> None:
        super().__init__()
        self._peer = peer

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """Return the peer's address."""
        return self._peer if name == "peername" else default


@pytest.mark.parametrize("peer", [("10.1.2.3", 5), ("::ffff:10.1.2.3", 5, 0, 0), ("2001:db8::1", 5, 0, 0), "", None])
async def test_foreign_peer(peer: Any) -> None:
    """A request from another machine is refused, whatever name it asks for."""
    request = make_mocked_request("GET", "/sandbox", {"Host": "localhost"}, transport=_Transport(peer))
    with pytest.raises(Problem) as refused:
        admit(request)
    assert (refused.value.status, refused.value.code) == (403, "not_loopback")


@pytest.mark.parametrize("peer", [("127.0.0.1", 5), ("127.8.9.1", 5), ("::1", 5, 0, 0), ("::ffff:127.0.0.1", 5, 0, 0)])
async def test_loopback_peer(peer: Any) -> None:
    """Every loopback address is this machine."""
    admit(make_mocked_request("GET", "/sandbox", {"Host": "localhost"}, transport=_Transport(peer)))


async def test_page_and_its_files(sandbox: Sandbox) -> None:
    """The page and everything it names come from here, with a policy that lets nothing else in."""
    page = await sandbox.client.get("/sandbox")
    assert (page.status, page.content_type) == (200, "text/html")
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert "http" not in (await page.text()).replace("http-equiv", "").partition("<body")[0]
    script = await sandbox.client.get("/sandbox/static/sandbox.js")
    assert (script.status, script.content_type) == (200, "text/javascript")
    again = await sandbox.client.get("/sandbox/static/sandbox.js", headers={"If-None-Match": script.headers["ETag"]})
    assert again.status == 304
    assert await refusal(await sandbox.client.get("/sandbox/static/..%2Fcontrol.py")) == (404, "no_such_file")
    slash = await sandbox.client.get("/sandbox/", allow_redirects=False)
    assert (slash.status, slash.headers["Location"]) == (308, "/sandbox")


async def test_moves_come_one_by_one(sandbox: Sandbox) -> None:
    """Two moves at once are done one after the other; the one that would go back is refused."""
    targets = [START + timedelta(hours=2), START + timedelta(hours=1)]
    answers = await asyncio.gather(
        *(sandbox.client.put("/sandbox/api/clock", json={"now": target.isoformat()}) for target in targets)
    )
    assert sandbox.world.clock.now() == targets[0]
    assert all(answer.status in (200, 409) for answer in answers)
