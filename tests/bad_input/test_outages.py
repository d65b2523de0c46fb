"""What is down when the service starts and comes back: it answers at once, says what is missing, and gets over it."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import asyncpg
import pytest

from bot.clock import MovableClock
from bot.ids import new_id
from bot.playground import Playground
from bot.sandbox.world import World
from bot.settings import Settings
from handlers import router
from storage import open_storage
from tests.people import MONDAY
from tests.postgres import Server, started

KEY = "k" * 40


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A PostgreSQL server of its own, which is stopped and started."""
    with started() as running:
        yield running


async def open_(settings: Settings) -> Any:
    """Open the storage of these settings."""
    return await open_storage(settings.database_url, secret_key=KEY)


async def asked(playground: Playground, path: str) -> tuple[int, dict[str, Any]]:
    """Return what the service answers on a path."""
    address = f"http://127.0.0.1:{playground.service.port}{path}"
    async with aiohttp.ClientSession() as client, client.get(address) as response:
        return response.status, json.loads(await response.text())


async def until_ready(playground: Playground) -> None:
    """Wait until the service can do its work."""
    async with asyncio.timeout(30):
        while (await asked(playground, "/ready"))[0] != 200:
            await asyncio.sleep(0.05)


async def until_answered(playground: Playground, text: str) -> None:
    """Wait until Anna's Bitrix24 chat shows a message with that beginning."""
    anna = playground.world.person("anna")
    assert anna is not None
    async with asyncio.timeout(30):
        while not any(each.text.startswith(text) for each in playground.portal.shown(anna)):
            await asyncio.sleep(0.05)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """A world of its own."""
    made = World(MovableClock(MONDAY), data_dir=tmp_path)
    yield made
    made.close()


async def running(world: World, url: str) -> Playground:
    """Start the service on the emulated messengers."""
    playground = Playground(Settings.from_environ({"DATABASE_URL": url, "SECRET_KEY": KEY}), world)
    await playground.start(open_, router, 0)
    return playground


async def stopped(playground: Playground) -> None:
    """Stop both."""
    await playground.service.stop()
    await playground.stop()


async def test_database_down_at_start(server: Server, world: World) -> None:
    """The database is away at start: alive but not ready; when it is back, everything works."""
    name = f"outage_{new_id()}"
    connection = await asyncpg.connect(server.dsn)
    await connection.execute(f"CREATE DATABASE {name}")
    await connection.close()
    if server.data is None:
        pytest.skip("this PostgreSQL cannot be stopped and started by a test")
    await asyncio.to_thread(server.control, "stop", "-m", "fast")
    try:
        playground = await running(world, server.address(name))
        try:
            assert 200 == (await asked(playground, "/health"))[0]
            for _ in range(3):
                status, facts = await asked(playground, "/ready")
                assert [503, False] == [status, facts["database"]["ok"]]
                await asyncio.sleep(0.1)
            assert not playground.service.is_open.is_set()
            assert not playground.service.failed.done()
            await asyncio.to_thread(server.control, "start")
            await until_ready(playground)
            anna = world.person("anna")
            assert anna is not None
            await playground.portal.say(anna, "пришла")
            await until_answered(playground, "🟢")
        finally:
            await stopped(playground)
    finally:
        await asyncio.to_thread(server.control, "restart", "-m", "fast")


async def test_database_on_a_closed_port(world: World) -> None:
    """Nobody listens at the database's address: alive, not ready, and not given up."""
    playground = await running(world, "postgresql://smena:s3cr3tc0de@127.0.0.1:9/smena")
    try:
        assert 200 == (await asked(playground, "/health"))[0]
        status, facts = await asked(playground, "/ready")
        assert [503, False] == [status, facts["database"]["ok"]]
        assert "s3cr3tc0de" not in json.dumps(facts)
        await asyncio.sleep(0.7)
        assert not playground.service.failed.done()
    finally:
        await stopped(playground)


@pytest.mark.parametrize("channel", ["bitrix24", "telegram"])
async def test_messenger_down_at_start(world: World, tmp_path: Path, channel: str) -> None:
    """A messenger is away at start: not ready, the other one works; when it is back, so does it."""
    world.faults.order(channel, "down", seconds=3)  # type: ignore[arg-type]
    playground = await running(world, f"sqlite:///{tmp_path / 'down.db'}")
    try:
        async with asyncio.timeout(10):
            await playground.service.is_open.wait()
        status, facts = await asked(playground, "/ready")
        assert [503, True, False] == [status, facts["database"]["ok"], facts["channels"][channel]["ok"]]
        assert 200 == (await asked(playground, "/health"))[0]
        await until_ready(playground)
        anna = world.person("anna")
        assert anna is not None
        await playground.portal.say(anna, "пришла")
        await until_answered(playground, "🟢")
    finally:
        await stopped(playground)


async def test_messenger_down_meanwhile(world: World, tmp_path: Path) -> None:
    """What is to be said while a messenger is away is said when it is back, once."""
    playground = await running(world, f"sqlite:///{tmp_path / 'down.db'}")
    try:
        await until_ready(playground)
        anna = world.person("anna")
        assert anna is not None
        world.faults.order("bitrix24", "down", seconds=2)
        await playground.portal.say(anna, "пришла")
        await until_answered(playground, "🟢")
        assert 1 == len([each for each in playground.portal.shown(anna) if each.text.startswith("🟢")])
    finally:
        await stopped(playground)


async def test_stopped_before_it_was_ready(world: World, tmp_path: Path) -> None:
    """Stopped while the portal has not told its people yet: what still waits for them ends without a word."""
    world.faults.order("bitrix24", "down", seconds=60)
    playground = await running(world, f"sqlite:///{tmp_path / 'down.db'}")
    async with asyncio.timeout(10):
        await playground.service.is_open.wait()
    await playground.service.stop()
    await asyncio.wait({playground._seeding}, timeout=10)
    await playground.stop()
    assert playground._seeding.done()
