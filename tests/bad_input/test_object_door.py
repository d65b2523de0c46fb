"""The door of objects: what a portal tells is stored before it is acknowledged; what is not its own is refused."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest

from bot.clock import MovableClock
from bot.domain.automation.watching import Actor, Hint
from bot.domain.installation import Installation, InstallationState
from bot.domain.portal import Portal
from bot.service import Service
from bot.settings import Settings
from handlers import router
from storage import open_storage
from tests.storage.given import Wall

NOW = datetime(2026, 7, 13, 6, 0, tzinfo=UTC)
KEY, TOKEN = "k" * 40, "the-application-token"
HERE, ASLEEP, OTHER = "a1" * 16, "b2" * 16, "c3" * 16
ENDPOINT = "http://127.0.0.1:9/rest/"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
UNDEFINED = "undefined"


@pytest.fixture
def wall() -> Wall:
    """The machine's clock of the storage."""
    return Wall()


@pytest.fixture
async def service(tmp_path: Path, wall: Wall) -> AsyncIterator[Service]:
    """The service with an application on two portals that are served, one with a token of its own, and one asleep."""
    settings = Settings.from_environ(
        {
            "DATABASE_URL": f"sqlite:///{tmp_path / 'objects.db'}",
            "PORT": "0",
            "PUBLIC_URL": "https://smena.example.com",
            "SECRET_KEY": KEY,
            "BITRIX24_CLIENT_ID": "local.abc.1",
            "BITRIX24_CLIENT_SECRET": "the secret",
            "BITRIX24_OAUTH_HOSTS": "127.0.0.1:9",
            "ALLOW_LOCAL_PORTALS": "true",
        }
    )
    storage: Any = await open_storage(settings.database_url, secret_key=KEY, clock=wall)
    made = Service(settings, storage, router, MovableClock(NOW))
    await made.start()
    async with asyncio.timeout(10):
        await made.is_open.wait()
    async with storage.unit_of_work() as unit:
        for number, member in enumerate((HERE, ASLEEP, OTHER), 1):
            unit.portals.add(Portal(number, member, f"Company {number}", member_id=member))
            unit.installations.put(_installation(number, member))
            unit.installations.name_company(number, member)
        await unit.commit()
    yield made
    await made.stop()


def _installation(number: int, member: str, token: str = "") -> Installation:
    state = InstallationState.ASLEEP if member == ASLEEP else InstallationState.ACTIVE
    token = token or (f"{TOKEN}-of-another" if member == OTHER else TOKEN)
    return Installation(number, state, token, "127.0.0.1:9", ENDPOINT, frozenset({"imbot", "im"}), "L", "1", "17", NOW)


@pytest.fixture
async def client(service: Service) -> AsyncIterator[aiohttp.ClientSession]:
    """Somebody outside."""
    async with aiohttp.ClientSession(f"http://127.0.0.1:{service.port}") as session:
        yield session


def form(event: str = "ONCRMDEALUPDATE", **changed: str) -> bytes:
    """Return an event as a portal posts it; what is changed to "" is left out."""
    said = {
        "event": event,
        "event_handler_id": "812",
        "data[FIELDS][ID]": "4711",
        "ts": "1783918795",
        "auth[access_token]": "at",
        "auth[expires_in]": "3600",
        "auth[scope]": "crm,im",
        "auth[domain]": "acme.bitrix24.com",
        "auth[server_endpoint]": "https://oauth.bitrix.info/rest/",
        "auth[client_endpoint]": "https://acme.bitrix24.com/rest/",
        "auth[member_id]": HERE,
        "auth[user_id]": "17",
        "auth[application_token]": TOKEN,
    }
    return urlencode({name: value for name, value in (said | changed).items() if value}).encode()


async def told(service: Service, wall: Wall, portal_id: int = 1) -> list[Hint]:
    """Return everything that waits to be looked at."""
    wall.move(2)
    return list(await service.storage.hints.next(portal_id, 50, rest=0))


async def post(client: aiohttp.ClientSession, body: bytes) -> tuple[int, str]:
    """Post an event; return the status and the code."""
    async with client.post("/bitrix24/events", data=body, headers=FORM) as answer:
        return answer.status, (await answer.json(content_type=None))["code"]


TASK = {"data[FIELDS][ID]": "", "data[FIELDS_BEFORE]": UNDEFINED, "data[FIELDS_AFTER][ID]": "7"}
GONE = {"data[FIELDS][ID]": "", "data[FIELDS_BEFORE][ID]": "7", "data[FIELDS_AFTER]": UNDEFINED}
COMMENT = {"data[FIELDS][ID]": "", "data[FIELDS_AFTER][ID]": "0", "data[FIELDS_AFTER][TASK_ID]": "7"}
PROCESS = {"data[FIELDS][ENTITY_TYPE_ID]": "171"}


@pytest.mark.parametrize(
    ("event", "changed", "ref"),
    [
        ("ONCRMDEALADD", {}, "deal:4711"),
        ("ONCRMDEALUPDATE", {}, "deal:4711"),
        ("ONCRMDEALDELETE", {}, "deal:4711"),
        (
            "ONCRMDEALMOVETOCATEGORY",
            {"data[FIELDS][CATEGORY_ID]": "5", "data[FIELDS][STAGE_ID]": "C5:NEW"},
            "deal:4711",
        ),
        ("ONCRMLEADADD", {}, "lead:4711"),
        ("ONCRMLEADUPDATE", {"event_handler_id": ""}, "lead:4711"),
        ("ONCRMDYNAMICITEMUPDATE", PROCESS, "smart_process:171:4711"),
        ("ONCRMDYNAMICITEMADD_171", {}, "smart_process:171:4711"),
        ("ONTASKADD", TASK, "task:7"),
        ("ONTASKUPDATE", TASK, "task:7"),
        ("ONTASKDELETE", GONE, "task:7"),
        ("ONTASKCOMMENTADD", COMMENT, "task:7"),
        ("ONUSERADD", {"data[FIELDS][ID]": "", "data[ID]": "31", "data[EMAIL]": "a@b.example"}, "user:31"),
    ],
)
async def test_what_is_told_is_stored(
    service: Service, client: aiohttp.ClientSession, wall: Wall, event: str, changed: dict[str, str], ref: str
) -> None:
    """Before the 200 there is a row of the object, and of whether a person did it."""
    assert (200, "stored") == await post(client, form(event, **changed))
    assert [Hint(1, ref, Actor.PERSON)] == await told(service, wall)


async def test_a_robot_has_no_tokens(service: Service, client: aiohttp.ClientSession, wall: Wall) -> None:
    """What a robot, a process or an agent did comes without anybody's tokens."""
    robot = form(**{"auth[access_token]": "", "auth[user_id]": "", "auth[expires_in]": "", "auth[scope]": ""})
    assert (200, "stored") == await post(client, robot)
    assert [Hint(1, "deal:4711", Actor.ROBOT)] == await told(service, wall)


async def test_a_flood_waits_once(service: Service, client: aiohttp.ClientSession, wall: Wall) -> None:
    """Two hundred words about two objects, repeated and out of order, are two rows."""
    bodies = [form("ONCRMDEALUPDATE", **{"data[FIELDS][ID]": str(4711 + each % 2)}) for each in range(200)]
    assert {(200, "stored")} == set(await asyncio.gather(*(post(client, each) for each in bodies)))
    assert {("deal:4711", 100), ("deal:4712", 100)} == {(each.ref, each.revision) for each in await told(service, wall)}


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"auth[application_token]": "guessed"}, 403, "wrong_token"),
        ({"auth[application_token]": ""}, 403, "wrong_token"),
        ({"auth[application_token]": "🙂"}, 403, "wrong_token"),
        ({"auth[member_id]": OTHER}, 403, "wrong_token"),
        ({"auth[member_id]": ASLEEP}, 403, "wrong_token"),
        ({"auth[member_id]": "f" * 32}, 403, "wrong_token"),
        ({"auth[member_id]": ""}, 403, "wrong_token"),
        ({"event": "ONCRMDEALSHREDDED"}, 403, "unknown_event"),
        ({"event": "ONCRMCOMPANYADD"}, 403, "unknown_event"),
        ({"event": "ONSUNRISE"}, 403, "unknown_event"),
        ({"data[FIELDS][ID]": "0"}, 403, "incomplete_event"),
        ({"data[FIELDS][ID]": "-1"}, 403, "incomplete_event"),
        ({"data[FIELDS][ID]": "deal"}, 403, "incomplete_event"),
        ({"data[FIELDS][ID]": "9" * 40}, 403, "incomplete_event"),
        ({"data[FIELDS][ID]": UNDEFINED}, 403, "incomplete_event"),
        ({"event": "ONCRMDYNAMICITEMADD"}, 403, "incomplete_event"),
        ({"event": "ONTASKUPDATE"}, 403, "incomplete_event"),
    ],
)
async def test_what_is_none_of_a_portal(
    service: Service, client: aiohttp.ClientSession, wall: Wall, changed: dict[str, str], status: int, code: str
) -> None:
    """Forged, of another company, of one asleep, unknown or unreadable: refused by a code, and nothing is stored."""
    assert (status, code) == await post(client, form(**changed))
    assert [[], [], []] == [await told(service, wall, each) for each in (1, 2, 3)]
    assert (200, "stored") == await post(client, form())  # and whoever is genuine is taken all the same


async def test_a_company_is_its_own(service: Service, client: aiohttp.ClientSession, wall: Wall) -> None:
    """What another company tells is stored with it."""
    theirs = {"auth[member_id]": OTHER.upper(), "auth[application_token]": f"{TOKEN}-of-another"}
    assert (200, "stored") == await post(client, form(**theirs))
    assert ([], 1) == (await told(service, wall), len(await told(service, wall, 3)))


async def test_a_token_that_changed(service: Service, client: aiohttp.ClientSession, wall: Wall) -> None:
    """After an update the new token is good and the former is not, without a restart of ours."""
    assert (200, "stored") == await post(client, form())
    async with service.storage.unit_of_work() as unit:
        unit.installations.put(_installation(1, HERE, "a new token"))
        await unit.commit()
    service.access.objects.forget(HERE)
    assert (200, "stored") == await post(client, form(**{"auth[application_token]": "a new token"}))
    assert (403, "wrong_token") == await post(client, form())


async def test_strangers_do_not_read_the_database(service: Service, client: aiohttp.ClientSession) -> None:
    """Guesses in many names are refused without a look each; a company that is known is let in meanwhile."""
    assert (200, "stored") == await post(client, form())
    guesses = [form(**{"auth[member_id]": f"{each:032x}"}) for each in range(100)]
    answered = [await post(client, each) for each in guesses]
    assert {(403, "wrong_token"), (503, "busy")} == set(answered)
    assert (200, "stored") == await post(client, form())


async def test_two_tokens_in_one_form(service: Service, client: aiohttp.ClientSession, wall: Wall) -> None:
    """Of a name that stands there twice the first counts, however it is read: nobody smuggles a second one in."""
    doubled = form(**{"auth[application_token]": "guessed"}) + f"&auth%5Bapplication_token%5D={TOKEN}".encode()
    assert (403, "wrong_token") == await post(client, doubled)
    assert [] == await told(service, wall)
