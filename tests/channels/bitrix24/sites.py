"""An emulated portal with a channel on it, whose seconds pass faster than ours."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from bot.actions import Action
from bot.channels.bitrix24 import PortalBot
from bot.clock import MovableClock
from bot.messages import Button, Keyboard
from bot.sandbox.portal import PortalEmulator
from bot.sandbox.world import SandboxPerson, World
from bot.text import t
from tests.channels.bitrix24.doubles import NOW, MemoryDirectory, MemoryInbox, MemoryVault, channel_on, until

FASTER = 20.0


@dataclass(frozen=True, slots=True)
class Poke(Action, code="b24poke"):
    """A press of these tests."""

    number: int


CARD = Keyboard.of((Button(t("Poke"), Poke(7), style="primary"), Button(t("Site"), link="https://example.com/")))


def seconds() -> float:
    """Return fast seconds."""
    return time.monotonic() * FASTER


async def sleep(fast: float) -> None:
    """Sleep fast seconds."""
    await asyncio.sleep(fast / FASTER)


class Site:
    """A portal, a channel on it, and what the channel handed on."""

    def __init__(self) -> None:
        """Build both; nothing runs yet."""
        self.world = World(MovableClock(NOW))
        self.portal = PortalEmulator(self.world, monotonic=seconds)
        self.vault, self.inbox, self.directory = MemoryVault(), MemoryInbox(), MemoryDirectory()
        self.anna = self.person("anna")

    def person(self, key: str) -> SandboxPerson:
        """Return somebody."""
        person = self.world.person(key)
        assert person is not None
        return person

    def channel(self, **more: Any) -> PortalBot:
        """Return a channel on the portal."""
        ordinary = {"directory": self.directory, "monotonic": seconds, "sleep": sleep, "clock": self.world.clock}
        return channel_on(self.portal.webhook_url, self.vault, **{**ordinary, **more})

    def called(self, method: str) -> list[dict[str, Any]]:
        """Return the parameters of every call of a method."""
        return [call.params for call in self.world.calls() if call.method == method]


@asynccontextmanager
async def site() -> AsyncIterator[Site]:
    """Run a portal."""
    made = Site()
    await made.portal.start()
    try:
        yield made
    finally:
        await made.portal.stop()
        made.world.close()


@asynccontextmanager
async def working(made: Site, **more: Any) -> AsyncIterator[PortalBot]:
    """Run a channel until it is registered."""
    channel = made.channel(**more)
    await channel.start(made.inbox)
    try:
        await until(lambda: channel.health()["ok"])
        yield channel
    finally:
        await channel.stop()
