"""A Telegram token that is brought on a page: tried, kept sealed, served by at once, after a restart, and elsewhere."""

import asyncio
import hmac
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from bot.channels.telegram.mini_app import signed_by
from bot.clock import MovableClock
from bot.domain.errors import NotAllowed
from bot.domain.people.employee import Employee, Role
from bot.domain.portal import Portal
from bot.late_token import TOKEN
from bot.sandbox.telegram import TelegramEmulator
from bot.sandbox.world import World
from bot.service import Service
from bot.services.set_up import SetUp, TelegramOutOfReach, TokenByOperator, TokenRefused
from bot.settings import Settings
from handlers import router
from storage import open_storage

NOON = datetime(2026, 7, 14, 12, tzinfo=UTC)
KEY = "k" * 40
PORTAL = Portal(1, "portal.example", "portal.example")
OLGA = Employee(10, 1, "Ольга Смирнова", role=Role.ADMIN)


@pytest.fixture
def world() -> Iterator[World]:
    """People with Telegram."""
    made = World(MovableClock(NOON))
    yield made
    made.close()


@pytest.fixture
async def telegram(world: World) -> AsyncIterator[TelegramEmulator]:
    """A Bot API."""
    made = TelegramEmulator(world)
    await made.start()
    yield made
    await made.stop()


@asynccontextmanager
async def served(folder: Path, api_url: str, **environ: str) -> AsyncIterator[Service]:
    """Run a service that was given no token, unless one is named."""
    settings = Settings.from_environ(
        {
            "DATABASE_URL": f"sqlite:///{folder / 'late.db'}",
            "PORT": "0",
            "SECRET_KEY": KEY,
            "TELEGRAM_API_URL": api_url,
            "ALLOW_LOCAL_PORTALS": "true",
            **environ,
        }
    )
    storage: Any = await open_storage(settings.database_url, secret_key=KEY)
    made = Service(settings, storage, router, MovableClock(NOON))
    await made.start()
    try:
        async with asyncio.timeout(30):
            await made.is_open.wait()
        async with storage.unit_of_work() as uow:
            if await uow.portals.get(1) is None:
                uow.portals.add(PORTAL)
                uow.employees.add(OLGA)
                await uow.commit()
        yield made
    finally:
        await made.stop()


async def bring(service: Service, token: str, by: Employee = OLGA) -> str:
    """Type a token on the page."""

    async def work(services: Any) -> str:
        return str(await services.get(SetUp).bring_token(by, PORTAL, token, NOON))

    return await service.undertake(work, NOON)


async def until(seen: Callable[[], Any]) -> None:
    """Wait for what the service does beside."""
    async with asyncio.timeout(30):
        while not seen():
            await asyncio.sleep(0.02)


async def test_a_token_is_served_at_once_and_after_a_restart(
    tmp_path: Path, telegram: TelegramEmulator, world: World
) -> None:
    """The bot answers without a restart; the token lies sealed; another start finds it."""
    anna = world.person("anna")
    assert anna is not None
    async with served(tmp_path, telegram.api_url) as service:
        assert "telegram" not in service.channels
        name = await bring(service, f" {telegram.token}\n")
        await until(lambda: service.messengers.link("telegram", "abc"))
        assert f"t.me/{name}" in (service.messengers.link("telegram", "abc") or "")
        await telegram.say(anna, "/start")
        await until(lambda: telegram.shown(anna)[1:])
        assert f"1 {telegram.token}" == await service.storage.vault.get(TOKEN)
    assert telegram.token.encode() not in (tmp_path / "late.db").read_bytes()
    async with served(tmp_path, telegram.api_url) as again:
        await until(lambda: again.late_token.standing().name)
        assert await bring(again, telegram.token) == name


async def test_what_is_refused_changes_nothing(tmp_path: Path, telegram: TelegramEmulator) -> None:
    """A wrong token, one that is none, a Telegram that is away, and somebody who may not."""
    async with served(tmp_path, telegram.api_url) as service:
        for wrong in ("123456789:" + "A" * 35, "not a token", ""):
            with pytest.raises(TokenRefused):
                await bring(service, wrong)
        with pytest.raises(NotAllowed):
            await bring(service, telegram.token, Employee(11, 1, "Анна Ким"))
        await telegram.stop()
        with pytest.raises(TelegramOutOfReach):
            await bring(service, telegram.token)
        assert ({}, None) == (service.channels, await service.storage.vault.get(TOKEN))


async def test_one_process_is_told_by_another(tmp_path: Path, telegram: TelegramEmulator) -> None:
    """What is kept is looked for; with several companies, or a token of the settings, no page changes the bot."""
    async with served(tmp_path, telegram.api_url) as service:
        await service.storage.vault.put(TOKEN, f"1 {telegram.token}", is_secret=True)
        await service.late_token.adopt()
        assert "telegram" in service.channels
        async with service.storage.unit_of_work() as uow:
            uow.portals.add(Portal(2, "other.example", "other.example"))
            await uow.commit()
        with pytest.raises(TokenByOperator):
            await bring(service, telegram.token)


async def test_the_bot_of_one_company_serves_no_second_one(tmp_path: Path, telegram: TelegramEmulator) -> None:
    """It ends as soon as there is another company, also where that is the only one left; who brought it has it back."""
    other = Portal(2, "other.example", "other.example")
    async with served(tmp_path, telegram.api_url) as service:
        await bring(service, telegram.token)
        seen = []
        for portals in ([other], [replace(PORTAL, is_active=False)], [PORTAL, replace(other, is_active=False)]):
            async with service.storage.unit_of_work() as uow:
                for portal in portals:
                    uow.portals.add(portal) if await uow.portals.get(portal.id) is None else uow.portals.put(portal)
                await uow.commit()
            await service.late_token.adopt()
            seen.append((sorted(service.channels), service.messengers.link("telegram", "abc") is None))
        await until(lambda: service.messengers.link("telegram", "abc"))
    assert [([], True), ([], True), (["telegram"], True)] == seen


async def test_whoever_brought_a_token_is_nobody_else(tmp_path: Path, telegram: TelegramEmulator) -> None:
    """They know it, so its hash proves nothing; Telegram's signature does, and for their company alone."""
    user = json.dumps({"id": 5})
    fields = {"auth_date": str(int(NOON.timestamp())), "signature": "A" * 86, "user": user}
    for shown in (fields, {name: value for name, value in fields.items() if name != "signature"}):
        lines = "\n".join(f"{name}={shown[name]}" for name in sorted(shown))
        key = hmac.digest(b"WebAppData", telegram.token.encode(), sha256)
        forged = urlencode({**shown, "hash": hmac.digest(key, lines.encode(), sha256).hex()})
        assert signed_by(telegram.token)(forged, NOON) is not None
        async with served(tmp_path, telegram.api_url) as service:
            await bring(service, telegram.token)
            assert service._signed(forged, NOON) is None


async def test_whoever_runs_the_service_comes_first(tmp_path: Path, telegram: TelegramEmulator) -> None:
    """A token of the settings is not replaced by a page."""
    async with served(tmp_path, telegram.api_url, TELEGRAM_BOT_TOKEN=telegram.token) as service:
        with pytest.raises(TokenByOperator):
            await bring(service, telegram.token)
