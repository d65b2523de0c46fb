"""The door of robots: a call is stored before it is acknowledged, once; whatever is not a portal's own is refused."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.clock import MovableClock
from bot.domain.automation.process import ACTIVITY, ROBOT, CallState, ProcessCall
from bot.domain.installation import Installation, InstallationState
from bot.domain.portal import Portal
from bot.ids import new_id
from bot.service import Service
from bot.services.automation.process_calls import MOST_WAITING
from bot.settings import Settings
from handlers import router
from storage import open_storage

NOW = datetime(2026, 7, 13, 6, 0, tzinfo=UTC)
KEY, MEMBER, TOKEN = "k" * 40, "a1" * 16, "the-application-token"
ENDPOINT = "http://127.0.0.1:9/rest/"


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    """The service with an application, installed on a portal that nobody answers for."""
    settings = Settings.from_environ(
        {
            "DATABASE_URL": f"sqlite:///{tmp_path / 'robots.db'}",
            "PORT": "0",
            "PUBLIC_URL": "https://smena.example.com",
            "SECRET_KEY": KEY,
            "BITRIX24_CLIENT_ID": "local.abc.1",
            "BITRIX24_CLIENT_SECRET": "the secret",
            "BITRIX24_OAUTH_HOSTS": "127.0.0.1:9",
            "ALLOW_LOCAL_PORTALS": "true",
        }
    )
    storage: Any = await open_storage(settings.database_url, secret_key=KEY)
    made = Service(settings, storage, router, MovableClock(NOW))
    await made.start()
    async with asyncio.timeout(10):
        await made.is_open.wait()
    async with storage.unit_of_work() as unit:
        for number, token in ((1, TOKEN), (2, "")):
            member = MEMBER if number == 1 else "b2" * 16
            unit.portals.add(Portal(number, member, f"Company {number}", member_id=member))
            state = InstallationState.ACTIVE if token else InstallationState.ASLEEP
            scope = frozenset({"imbot", "im", "user", "bizproc"})
            unit.installations.put(
                Installation(number, state, token, "127.0.0.1:9", ENDPOINT, scope, "L", "1", "17", NOW)
            )
            unit.installations.name_company(number, member)
        await unit.commit()
    yield made
    await made.stop()


@pytest.fixture
async def client(service: Service) -> AsyncIterator[aiohttp.ClientSession]:
    """Somebody outside."""
    async with aiohttp.ClientSession(f"http://127.0.0.1:{service.port}") as session:
        yield session


def form(**changed: str) -> dict[str, str]:
    """Return a call as a portal posts it; what is changed to "" is left out."""
    said = {
        "workflow_id": "66aa01",
        "code": ROBOT,
        "document_id[0]": "crm",
        "document_id[1]": "CCrmDocumentDeal",
        "document_id[2]": "DEAL_4711",
        "document_type[2]": "DEAL",
        "event_token": "66aa01|A77_1|signature",
        "properties[template]": "trip",
        "properties[approvers][0]": "user_2",
        "properties[approvers][1]": "user_3",
        "properties[amount]": "",
        "use_subscription": "Y",
        "timeout_duration": "0",
        "ts": str(int(NOW.timestamp()) - 5),
        "auth[member_id]": MEMBER,
        "auth[application_token]": TOKEN,
        "auth[domain]": "acme.bitrix24.com",
    }
    return {name: value for name, value in (said | changed).items() if value or name == "properties[amount]"}


async def stored(service: Service) -> list[ProcessCall]:
    """Return every call that waits."""
    return [each async for page in _pages(service) for each in page]


async def _pages(service: Service) -> AsyncIterator[list[ProcessCall]]:
    async with service.storage.unit_of_work() as unit:
        for key in ("66aa01|A77_1|signature", "another"):
            found = await unit.process_calls.by_key(1, _key(key))
            yield [] if found is None else [found]


def _key(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


async def test_a_call_is_stored(service: Service, client: aiohttp.ClientSession) -> None:
    """Before the 200 there is a row of what the designer set; a list stays a list, what is empty is as none."""
    answer = await client.post(f"/bitrix24/robot/{ROBOT}", data=form())
    assert (200, {"code": "stored"}) == (answer.status, await answer.json())
    (call,) = await stored(service)
    assert ("66aa01", ("crm", "CCrmDocumentDeal", "DEAL_4711"), "deal:4711") == (
        call.workflow,
        call.document,
        str(call.about),
    )
    assert {"template": "trip", "approvers": ["user_2", "user_3"]} == call.properties
    assert (True, None, NOW - timedelta(seconds=5), 1) == (call.waits, call.until, call.called_at, call.portal_id)


async def test_the_same_call_again(service: Service, client: aiohttp.ClientSession) -> None:
    """A portal that sends it twice, or ten times at once, is answered each time, and there is one call."""
    answers = await asyncio.gather(*(client.post(f"/bitrix24/robot/{ROBOT}", data=form()) for _ in range(10)))
    assert [200] * 10 == [each.status for each in answers]
    assert 1 == len(await stored(service))
    assert 200 == (await client.post(f"/bitrix24/robot/{ROBOT}", data=form(event_token="another"))).status
    assert 2 == len(await stored(service))


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"auth[application_token]": "forged"}, (403, "wrong_token")),
        ({"auth[application_token]": ""}, (403, "wrong_token")),
        ({"auth[member_id]": "c3" * 16}, (403, "wrong_token")),
        ({"auth[member_id]": "b2" * 16, "auth[application_token]": ""}, (403, "wrong_token")),
        ({"auth[member_id]": ""}, (400, "not_a_call")),
        ({"event_token": ""}, (400, "not_a_call")),
        ({"event_token": "x" * 2_000}, (400, "not_a_call")),
        ({"document_id[2]": ""}, (400, "not_a_call")),
        ({"code": "somebody_elses"}, (400, "another_robot")),
    ],
    ids=str,
)
async def test_what_is_refused(
    service: Service, client: aiohttp.ClientSession, changed: dict[str, str], refusal: tuple[int, str]
) -> None:
    """A forged token, a foreign company, one that was removed, and what is no call: nothing is stored for it."""
    answer = await client.post(f"/bitrix24/robot/{ROBOT}", data=form(**changed))
    assert refusal == (answer.status, (await answer.json())["code"])
    assert [] == await stored(service)


@pytest.mark.parametrize(
    ("path", "body", "refusal"),
    [
        ("/bitrix24/robot/unknown", b"a=b", (404, "unknown_robot")),
        (f"/bitrix24/robot/{ROBOT}", b"", (400, "not_a_call")),
        (f"/bitrix24/robot/{ROBOT}", b"\xff", (400, "not_utf8")),
        (f"/bitrix24/robot/{ROBOT}", b"a[b][c][d][e][f][g][h][i][j]=1", (400, "too_deep")),
        (f"/bitrix24/robot/{ROBOT}", b"a=1&" * 3_000, (400, "too_many_fields")),
        (f"/bitrix24/robot/{ROBOT}", b"a" * 300_000, (413, "too_large")),
    ],
    ids=["unknown", "empty", "bytes", "deep", "many", "large"],
)
async def test_bodies_that_are_refused(
    client: aiohttp.ClientSession, path: str, body: bytes, refusal: tuple[int, str]
) -> None:
    """The limits are those of the other doors."""
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = await client.post(path, data=body, headers=headers)
    assert refusal == (answer.status, (await answer.json())["code"])


async def test_a_term_and_an_activity(service: Service, client: aiohttp.ClientSession) -> None:
    """A process that waits for a day only is known to; a time that lies ahead is no time of a call."""
    said = form(code=ACTIVITY, timeout_duration="86400", ts=str(int(NOW.timestamp()) + 900))
    assert 200 == (await client.post(f"/bitrix24/robot/{ACTIVITY}", data=said)).status
    (call,) = await stored(service)
    assert (NOW, NOW + timedelta(days=1), ACTIVITY) == (call.called_at, call.until, call.code)
    assert CallState.WAITING is call.state


@pytest.mark.parametrize(("said", "waits"), [("Y", True), ("N", False), ("", True), ("1", True), ("0", False)])
async def test_whether_it_waits(service: Service, client: aiohttp.ClientSession, said: str, *, waits: bool) -> None:
    """Only one that says so does not wait."""
    assert 200 == (await client.post(f"/bitrix24/robot/{ROBOT}", data=form(use_subscription=said))).status
    assert [waits] == [each.waits for each in await stored(service)]


async def test_no_portal_fills_the_memory_of_all(service: Service, client: aiohttp.ClientSession) -> None:
    """Beyond what people and their robots do, calls are put off; one that is known already is answered as before."""
    assert 200 == (await client.post(f"/bitrix24/robot/{ROBOT}", data=form())).status
    (known,) = await stored(service)
    async with service.storage.unit_of_work() as unit:
        for number in range(MOST_WAITING):
            unit.process_calls.add(replace(known, id=new_id(), key=f"other {number}"))
        await unit.commit()
    answer = await client.post(f"/bitrix24/robot/{ROBOT}", data=form(event_token="another"))
    assert (503, "too_many_waiting") == (answer.status, (await answer.json())["code"])
    assert 200 == (await client.post(f"/bitrix24/robot/{ROBOT}", data=form())).status
