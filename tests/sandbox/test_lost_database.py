"""A service that lost its database, or got another secret, finds its bot on the portal and goes on answering."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.clock import MovableClock
from bot.playground import Playground
from bot.sandbox.world import World
from bot.settings import Settings
from handlers import router
from storage import WrongKey, open_storage
from tests.people import MONDAY

OLD, NEW = "o" * 40, "n" * 40


async def open_(settings: Settings) -> Any:
    """Open the storage of these settings."""
    return await open_storage(settings.database_url, secret_key=settings.secret_key.get_secret_value())


@asynccontextmanager
async def running(folder: Path, secret_key: str, **environ: str) -> AsyncIterator[Playground]:
    """Run a sandbox whose portal remembers; its service's database is a file of that folder."""
    world = World(MovableClock(MONDAY), data_dir=folder)
    url = f"sqlite:///{folder / 'service.db'}"
    made = Playground(Settings.from_environ({"DATABASE_URL": url, "SECRET_KEY": secret_key, **environ}), world)
    await made.start(open_, router, 0)
    await made._seeding
    try:
        yield made
    finally:
        await made.service.stop()
        await made.stop()


async def asked(playground: Playground) -> str:
    """Let Anna ask for her status; returns what the bot shows last."""
    anna = playground.world.person("anna")
    assert anna is not None
    await playground.portal.say(anna, "статус")
    address = f"http://127.0.0.1:{playground.service.port}/sandbox/api/settle"
    async with aiohttp.ClientSession() as client, client.post(address) as response:
        await response.read()
    last = playground.portal.shown(anna)[-1]
    return last.text if last.author == "bot" else ""


def lose(folder: Path) -> None:
    """Delete the service's database."""
    for each in folder.glob("service.db*"):
        each.unlink()


async def test_deleted_database(tmp_path: Path) -> None:
    """Delete the database and start again: the same bot answers in the same chat."""
    async with running(tmp_path, OLD) as playground:
        answer = await asked(playground)
        anna = playground.world.person("anna")
        assert anna is not None
        before = len(playground.portal.shown(anna))
    lose(tmp_path)
    async with running(tmp_path, OLD) as playground:
        assert answer
        assert answer == await asked(playground)
        assert len(playground.portal.shown(anna)) == before + 2


async def test_changed_secret(tmp_path: Path) -> None:
    """With the former secret behind the new one nothing is lost; afterwards the new one alone is enough, for all."""
    for secret_key in (OLD, f"{NEW}, {OLD}", NEW):
        async with running(tmp_path, secret_key) as playground:
            assert await asked(playground)
    lose(tmp_path)
    async with running(tmp_path, NEW) as playground:
        assert await asked(playground)
    storage = await open_storage(f"sqlite:///{tmp_path / 'service.db'}", secret_key=OLD)
    await storage.start()
    with pytest.raises(WrongKey):
        await storage.vault.get("bitrix24:127.0.0.1:bot_token")
    await storage.close()


async def test_database_and_secret_lost(tmp_path: Path) -> None:
    """Where the secret is gone as well, a bot of another code answers."""
    async with running(tmp_path, OLD) as playground:
        assert await asked(playground)
    lose(tmp_path)
    async with running(tmp_path, NEW, BITRIX24_BOT_CODE="smena2") as playground:
        assert await asked(playground)
