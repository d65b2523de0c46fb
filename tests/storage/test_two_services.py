"""Two services on one database: one of them polls and fetches, and when it dies the other goes on where it was."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.clock import MovableClock, SystemClock
from bot.on_duty import DutyHolder
from bot.sandbox.portal import PortalEmulator
from bot.sandbox.telegram import TelegramEmulator
from bot.sandbox.world import SandboxPerson, World
from bot.service import Service
from bot.settings import Settings
from handlers import router
from storage import open_storage
from tests.storage.given import KEY
from tests.storage.test_on_duty import LEASE, Mortal


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """The sandbox's people, in real time."""
    made = World(MovableClock())
    yield made
    made.close()


@asynccontextmanager
async def emulated(world: World) -> AsyncIterator[tuple[PortalEmulator, TelegramEmulator]]:
    """Serve both messengers."""
    portal, telegram = PortalEmulator(world), TelegramEmulator(world)
    await portal.start()
    await telegram.start()
    try:
        yield portal, telegram
    finally:
        await portal.stop()
        await telegram.stop()


class Replica:
    """One of the services, which can die."""

    def __init__(self, service: Service, duties: Mortal) -> None:
        """Keep both."""
        self.service = service
        self._duties = duties

    def is_well(self) -> bool:
        """Whether it has met both messengers."""
        return all(channel.health()["ok"] for channel in self.service.channels.values())

    async def dies(self) -> None:
        """End without giving back anything."""
        self._duties.is_dead = True
        await self.service.stop()


@asynccontextmanager
async def replica(url: str, name: str, portal: PortalEmulator, telegram: TelegramEmulator) -> AsyncIterator[Replica]:
    """Start a service."""
    settings = Settings.from_environ(
        {
            "DATABASE_URL": url,
            "PORT": "0",
            "SECRET_KEY": KEY,
            "TELEGRAM_BOT_TOKEN": telegram.token,
            "TELEGRAM_API_URL": telegram.api_url,
            "BITRIX24_WEBHOOK_URL": portal.webhook_url,
            "ALLOW_LOCAL_PORTALS": "true",
        }
    )
    storage: Any = await open_storage(url, secret_key=KEY, worker=name)
    duties = Mortal(storage.duties)
    service = Service(settings, storage, router, SystemClock(), on_duty=DutyHolder(duties, lasts=LEASE, every=0.1))
    await service.start()
    made = Replica(service, duties)
    try:
        await until(lambda: service.is_open.is_set() and made.is_well())
        yield made
    finally:
        if not duties.is_dead:
            await service.stop()


async def until(condition: Callable[[], Any]) -> None:
    """Wait for what other tasks bring about."""
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.02)


def answers(messenger: PortalEmulator | TelegramEmulator, person: SandboxPerson) -> list[str]:
    """Return what the bot said to somebody, as it is shown now."""
    return [each.text for each in messenger.shown(person) if each.author == "bot"]


async def test_the_second_takes_over(url: str, world: World) -> None:
    """Each sentence is answered once, whoever was there when it was said; nobody else polls meanwhile."""
    anna = world.person("anna")
    assert anna is not None
    async with (
        emulated(world) as (portal, telegram),
        replica(url, "first", portal, telegram) as first,
        replica(url, "second", portal, telegram),
    ):
        await portal.say(anna, "/help")
        await until(lambda: len(answers(portal, anna)) == 2)  # the greeting, too
        await telegram.say(anna, "hello")
        await until(lambda: len(answers(telegram, anna)) == 1)
        await first.dies()
        await telegram.say(anna, "anybody?")
        await portal.say(anna, "/help")
        await until(lambda: (len(answers(telegram, anna)), len(answers(portal, anna))) >= (2, 3))
        await until(lambda: portal.undelivered() == telegram.undelivered() == 0)
        assert (2, 3) == (len(answers(telegram, anna)), len(answers(portal, anna)))
    registered = [call.status for call in world.calls() if call.method == "imbot.v2.Bot.register"]
    refused = [call.method for call in world.calls() if call.status == 409]
    assert ([200], []) == (registered, refused)
