"""The doors of the whole service: whatever knocks gets a coded problem document and is told nothing else."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.channels.bitrix24.forms import MAX_BODY
from bot.channels.telegram.webhook import HEADER
from bot.clock import SystemClock
from bot.derived import Derived
from bot.service import Service, realm_of
from bot.settings import Settings
from handlers import router
from storage import open_storage

KEY = "k" * 40
# Nobody listens there: a door must not need its messenger.
NOBODY = "http://127.0.0.1:9"
FORM = "application/x-www-form-urlencoded"
SECRETS = ("secretcode", KEY, "AAEabcdefghijklmnopqrstuvwxyz")


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    """The service with both messengers in webhook mode, neither of which is there."""
    settings = Settings.from_environ(
        {
            "DATABASE_URL": f"sqlite:///{tmp_path / 'doors.db'}",
            "PORT": "0",
            "PUBLIC_URL": "https://smena.example.com",
            "SECRET_KEY": KEY,
            "TELEGRAM_BOT_TOKEN": "123456789:AAEabcdefghijklmnopqrstuvwxyz",
            "TELEGRAM_API_URL": NOBODY,
            "TELEGRAM_MODE": "webhook",
            "BITRIX24_MODE": "webhook",
            "BITRIX24_WEBHOOK_URL": f"{NOBODY}/rest/1/secretcode/",
            "ALLOW_LOCAL_PORTALS": "true",
        }
    )
    storage: Any = await open_storage(settings.database_url, secret_key=KEY)
    made = Service(settings, storage, router, SystemClock())
    await made.start()
    async with asyncio.timeout(10):
        await made.is_open.wait()
    yield made
    await made.stop()


@pytest.fixture
async def client(service: Service) -> AsyncIterator[aiohttp.ClientSession]:
    """Somebody outside."""
    async with aiohttp.ClientSession(f"http://127.0.0.1:{service.port}") as session:
        yield session


async def problem(response: aiohttp.ClientResponse) -> tuple[int, str]:
    """Return status and code of a problem document, which has a title and tells no secret."""
    text = await response.text()
    assert "application/problem+json" == response.content_type, text
    form: dict[str, Any] = json.loads(text)
    assert form["title"]
    assert response.status == form["status"]
    assert [] == [each for each in SECRETS if each in text]
    assert "Traceback" not in text
    return response.status, form["code"]


def telegram(service: Service, secret: str | None = None) -> dict[str, str]:
    """Return the headers of Telegram."""
    return {HEADER: service.channels["telegram"].webhook_secret if secret is None else secret}


def bitrix24(service: Service, key: str | None = None, portal: str | None = None) -> dict[str, str]:
    """Return the query of the portal's address."""
    realm = realm_of(service.settings)
    (own,) = Derived(KEY).texts(f"bitrix24 door {realm}")
    return {"portal": realm if portal is None else portal, "key": own if key is None else key}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", (400, "not_an_update")),
        (b"\xff\xfe\x00", (400, "not_an_update")),
        (b"[" * 100_000, (400, "not_an_update")),
        (b'{"update_id": 1, ' + b",".join(b'"k%d": 1' % n for n in range(20_000)), (400, "not_an_update")),
        (b" " * (256 * 1024 + 1), (413, "too_large")),
        (b'{"update_id": 1e400}', (400, "not_an_update")),
        (b'{"update_id": ' + b"9" * 5_000 + b"}", (400, "not_an_update")),
    ],
    ids=["empty", "bytes", "deep", "flood", "large", "infinity", "long number"],
)
async def test_telegram_bodies(
    service: Service, client: aiohttp.ClientSession, body: bytes, expected: tuple[int, str]
) -> None:
    """A body that is no update is refused by a code."""
    async with client.post("/telegram/webhook", data=body, headers=telegram(service)) as response:
        assert expected == await problem(response)


@pytest.mark.parametrize("secret", ["", "wrong", "секрет"])
async def test_telegram_secret(service: Service, client: aiohttp.ClientSession, secret: str) -> None:
    """A wrong secret is refused before the body is looked at."""
    async with client.post("/telegram/webhook", data=b"{", headers=telegram(service, secret)) as response:
        assert (401, "wrong_secret") == await problem(response)


@pytest.mark.parametrize(
    ("body", "content_type", "expected"),
    [
        (b"", FORM, (400, "not_an_event")),
        (b"\xff\x00\xfe", FORM, (400, "not_utf8")),
        (b"{", "application/json", (400, "not_json")),
        (b"[" * 50_000, "application/json", (400, "not_json")),
        (b"event=ONIMBOTV2MESSAGEADD&a" + b"[b]" * 60 + b"=1", FORM, (400, "too_deep")),
        (b"&".join(b"k%d=1" % n for n in range(3_000)), FORM, (400, "too_many_fields")),
        (b"x" * (MAX_BODY + 1), FORM, (413, "body_too_large")),
    ],
    ids=["empty", "bytes", "cut", "deep json", "deep form", "flood", "large"],
)
async def test_bitrix24_bodies(
    service: Service, client: aiohttp.ClientSession, body: bytes, content_type: str, expected: tuple[int, str]
) -> None:
    """A body that is no event is refused by a code."""
    headers = {"Content-Type": content_type}
    async with client.post("/bitrix24/events", params=bitrix24(service), data=body, headers=headers) as response:
        assert expected == await problem(response)


@pytest.mark.parametrize("key", ["", "wrong", "ключ"])
async def test_bitrix24_key(service: Service, client: aiohttp.ClientSession, key: str) -> None:
    """A wrong key and a missing one are refused before the body is looked at."""
    async with client.post("/bitrix24/events", params=bitrix24(service, key), data=b"\xff") as response:
        assert (403, "wrong_key") == await problem(response)


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/nowhere/<script>", (404, "not_found")),
        ("GET", "/telegram/webhook", (405, "method_not_allowed")),
        ("GET", "/bitrix24/events", (405, "method_not_allowed")),
        ("POST", "/health", (405, "method_not_allowed")),
        ("DELETE", "/ready", (405, "method_not_allowed")),
        ("GET", "/sandbox", (404, "not_found")),
        ("GET", "/sandbox/api/state", (404, "not_found")),
    ],
)
async def test_other_paths(
    client: aiohttp.ClientSession, method: str, path: str, expected: tuple[int, str], service: Service
) -> None:
    """A path that is not there, or not with this method, is a problem document too; nothing decides by GET (I8)."""
    del service
    async with client.request(method, path) as response:
        assert expected == await problem(response)


async def test_header_flood(client: aiohttp.ClientSession, service: Service) -> None:
    """More header than a server reads is refused, and the next call is served."""
    async with client.post("/telegram/webhook", data=b"{}", headers={"X-Long": "x" * 20_000}) as response:
        assert 400 == response.status
        assert "Traceback" not in await response.text()
    async with client.get("/health") as response:
        assert 200 == response.status
    assert service.is_open.is_set()


async def test_nothing_of_it_was_stored(service: Service, client: aiohttp.ClientSession) -> None:
    """After all of that the inbox is as empty as before."""
    for body in (b"{", b'{"update_id": 7, "message": {"text": "x"}}', b'{"update_id": 8, "message": 5}'):
        async with client.post("/telegram/webhook", data=body, headers=telegram(service)) as response:
            assert response.status in (200, 400)
    backlog = await service.storage.backlog()
    assert [0, 0] == [backlog.inbox, backlog.inbox_failed]
