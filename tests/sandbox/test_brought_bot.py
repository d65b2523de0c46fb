"""A bot that is brought on a page of the sandbox: its Mini App opens for whom the sandbox's Telegram signs."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest

from bot.clock import MovableClock
from bot.domain.people.session import Via
from bot.playground import Playground
from bot.sandbox.telegram.mini_app import Signer, opened
from bot.sandbox.world import SandboxPerson, World
from bot.service import Service
from bot.services.people.access import Access
from bot.settings import Settings
from bot.web.origins import COOKIE
from handlers import router
from storage import open_storage

MONDAY = datetime(2026, 7, 13, 8, 0, tzinfo=UTC)
KEY = "k" * 40
OURS = {"Sec-Fetch-Site": "same-origin"}


async def open_(settings: Settings) -> Any:
    """Open the storage of these settings."""
    return await open_storage(settings.database_url, secret_key=KEY)


@pytest.fixture
async def playground(tmp_path: Path) -> AsyncIterator[Playground]:
    """A sandbox whose service was given no bot of Telegram."""
    world = World(MovableClock(MONDAY), data_dir=tmp_path)
    settings = Settings.from_environ({"DATABASE_URL": f"sqlite:///{tmp_path / 'smena.db'}", "SECRET_KEY": KEY})
    made = Playground(settings, world, gives_token=False)
    await made.start(open_, router, 0)
    await made._seeding
    yield made
    await made.service.stop()
    await made.stop()


async def begun(playground: Playground, person: SandboxPerson) -> str:
    """Begin a session for somebody, and return its cookie."""
    employee = await playground._employee(person)
    assert employee is not None

    async def work(services: Any) -> str:
        entered = services.get(Access).begin(employee, employee.identities[0], Via.LINK, "Test", MONDAY)
        return f"{COOKIE}={entered.token}"

    return await playground.service.undertake(work, MONDAY)


async def sends(http: aiohttp.ClientSession, path: str, form: Mapping[str, str], **headers: str) -> tuple[int, str]:
    """Send a form from a page of ours; the status, and the cookie that came back."""
    async with http.post(path, data=form, headers=OURS | headers, allow_redirects=False) as answer:
        kept = answer.headers.get("Set-Cookie", "")
        return answer.status, kept.split(";")[0]


def signed_in(url: str) -> dict[str, str]:
    """Return what the page's script sends of an address that Telegram opened."""
    (data,) = parse_qs(urlsplit(url).fragment)["tgWebAppData"]
    return {"data": data, "inside": "yes", "next": ""}


async def test_a_brought_bot_opens_its_mini_app(playground: Playground) -> None:
    """On the whole way: the token on the page, the button that the bot sets, what Telegram signs, Anna's page."""
    olga, anna = playground.world.person("olga"), playground.world.person("anna")
    telegram, now = playground.telegram, playground.world.clock.now()
    assert olga is not None
    assert anna is not None
    assert telegram.mini_app(anna) is None
    site = f"http://127.0.0.1:{playground.service.port}"
    async with aiohttp.ClientSession(site, cookie_jar=aiohttp.DummyCookieJar()) as http:
        cookie = await begun(playground, olga)
        brought = await sends(http, "/settings/connection/telegram", {"token": telegram.token}, Cookie=cookie)
        assert 303 == brought[0]
        async with asyncio.timeout(30):
            while (url := telegram.mini_app(anna)) is None:
                await asyncio.sleep(0.02)
        stranger = opened(url.partition("#")[0], anna, telegram.token, now, Signer())  # they know the token, no more
        assert (403, "") == await sends(http, "/enter/telegram", signed_in(stranger))
        status, mine = await sends(http, "/enter/telegram", signed_in(url))
        assert 200 == status
        async with http.get("/me", headers={"Cookie": mine}) as page:
            assert (200, True) == (page.status, "Анна Ким" in await page.text())


async def test_only_the_sandbox_is_given_a_key(tmp_path: Path) -> None:
    """A service that serves people knows Telegram's own, whatever it is told."""
    settings = Settings.from_environ({"DATABASE_URL": f"sqlite:///{tmp_path / 'a.db'}", "SECRET_KEY": KEY})
    storage = await open_(settings)
    with pytest.raises(ValueError, match="outside of the sandbox"):
        Service(settings, storage, router, MovableClock(MONDAY), telegram_signer=Signer().public)
    await storage.close()
