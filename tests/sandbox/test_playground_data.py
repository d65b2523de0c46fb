"""What a sandbox keeps: in a folder of its own, apart from real people, with its clock, and not before it is open."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.clock import MovableClock, SystemClock
from bot.domain.portal import Portal
from bot.ids import new_id
from bot.playground import Playground, run_playground
from bot.ports import WrongDatabase
from bot.sandbox.world import World
from bot.service import SANDBOX, Service
from bot.settings import Settings
from handlers import router
from storage import Unavailable, open_storage
from tests.people import MONDAY

KEY = "k" * 40
LATER = MONDAY + timedelta(hours=5)


async def open_(settings: Settings) -> Any:
    """Open the storage of these settings."""
    return await open_storage(settings.database_url, secret_key=settings.secret_key.get_secret_value())


@asynccontextmanager
async def running(settings: Settings, world: World) -> AsyncIterator[Playground]:
    """Run a sandbox."""
    made = Playground(settings, world)
    await made.start(open_, router, 0)
    try:
        yield made
    finally:
        await made.service.stop()
        await made.stop()


async def call(playground: Playground, method: str, path: str, **body: Any) -> tuple[int, Any]:
    """Make a control call."""
    address = f"http://127.0.0.1:{playground.service.port}/sandbox/api/{path}"
    async with aiohttp.ClientSession() as client, client.request(method, address, json=body or None) as response:
        return response.status, await response.json()


def of(database: Path, **environ: str) -> Settings:
    """Return settings with that database."""
    return Settings.from_environ({"DATABASE_URL": f"sqlite:///{database}", "SECRET_KEY": KEY, "PORT": "0", **environ})


async def test_the_clock_is_remembered(tmp_path: Path) -> None:
    """After a kill the clock stands where it was moved to: no mark lies in the future."""
    world = World(MovableClock(), data_dir=tmp_path)
    world.resume_clock(MONDAY)
    async with running(of(tmp_path / "s.db"), world) as playground:
        await playground._seeding
        assert 200 == (await call(playground, "PUT", "clock", now=LATER.isoformat()))[0]
        killed = World(MovableClock(), data_dir=tmp_path)
        killed.resume_clock(None)
        assert LATER == killed.clock.now()
        killed.close()


@pytest.mark.parametrize(("given", "stands"), [(None, LATER), (MONDAY, LATER), (LATER + timedelta(1), None)])
def test_a_given_instant(tmp_path: Path, given: datetime | None, stands: datetime | None) -> None:
    """`--clock` moves the clock of a folder on, never back."""
    world = World(MovableClock(), data_dir=tmp_path)
    world.resume_clock(MONDAY)
    world.move_clock(LATER)
    again = World(MovableClock(), data_dir=tmp_path)
    again.resume_clock(given)
    assert (stands or given) == again.clock.now()


def test_a_clock_that_runs(tmp_path: Path) -> None:
    """One that was let go on is as far ahead after a restart; one that was never moved follows real time."""
    world = World(MovableClock(), data_dir=tmp_path)
    far = datetime.now(UTC) + timedelta(days=100)
    world.resume_clock(None)
    assert not world.clock.is_standing
    world.move_clock(far)
    world.run_clock()
    again = World(MovableClock(), data_dir=tmp_path)
    again.resume_clock(None)
    assert not again.clock.is_standing
    assert timedelta() <= again.clock.now() - far < timedelta(hours=1)


def test_the_clock_does_not_go_back(tmp_path: Path) -> None:
    """What is refused is not remembered either."""
    world = World(MovableClock(), data_dir=tmp_path)
    world.resume_clock(LATER)
    with pytest.raises(ValueError, match="forward"):
        world.move_clock(MONDAY)
    again = World(MovableClock(), data_dir=tmp_path)
    again.resume_clock(None)
    assert LATER == again.clock.now()


async def test_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With nothing set the sandbox keeps everything in data/sandbox, which is nobody else's to read."""
    monkeypatch.chdir(tmp_path)
    stopped = asyncio.Event()
    addresses: list[str] = []

    def ready(address: str) -> None:
        addresses.append(address)
        stopped.set()

    await run_playground(
        Settings.from_environ({}), open_, router, port=0, data_dir=None, at=MONDAY, stopped=lambda: stopped, ready=ready
    )
    assert 1 == len(addresses)
    assert ["sandbox"] == [each.name for each in (tmp_path / "data").iterdir()]
    kept = {each.name: each.stat().st_mode & 0o077 for each in (tmp_path / "data" / "sandbox").iterdir()}
    assert {"sandbox.db", "secret_key"} <= {*kept}
    assert {0} == {*kept.values()}


async def test_a_real_database_is_left_alone(tmp_path: Path) -> None:
    """The sandbox puts nobody into a database that holds a real portal."""
    settings = of(tmp_path / "real.db")
    storage = await open_(settings)
    await storage.start()
    async with storage.unit_of_work() as uow:
        uow.portals.add(Portal(new_id(), "company.bitrix24.ru", "company.bitrix24.ru"))
        await uow.commit()
    await storage.close()
    async with running(settings, World(MovableClock(MONDAY))) as playground:
        async with asyncio.timeout(10):
            with pytest.raises(WrongDatabase, match="real portal"):
                await asyncio.shield(playground.service.failed)
        async with playground.service.storage.unit_of_work() as uow:
            assert ["company.bitrix24.ru"] == [each.key for each in await uow.portals.all()]


async def test_a_sandbox_database_is_no_real_one(tmp_path: Path) -> None:
    """The real service does not serve the sandbox's invented people."""
    async with running(of(tmp_path / "s.db"), World(MovableClock(MONDAY))) as playground:
        await playground._seeding
        assert await playground.service.storage.vault.get(SANDBOX)
    settings = of(tmp_path / "s.db")
    service = Service(settings, await open_(settings), router, SystemClock())
    await service.start()
    try:
        async with asyncio.timeout(10):
            with pytest.raises(WrongDatabase, match="sandbox"):
                await asyncio.shield(service.failed)
    finally:
        await service.stop()


class Away:
    """A database that does not come up yet."""

    def __init__(self, storage: Any) -> None:
        """Stand before a storage."""
        self._storage = storage

    def __getattr__(self, name: str) -> Any:
        """Be like the storage otherwise."""
        return getattr(self._storage, name)

    async def start(self) -> None:
        """Be away."""
        raise Unavailable("The database is away.", may_pass=True)


async def test_before_the_database_is_open(tmp_path: Path) -> None:
    """What needs the database is answered 503 `starting`, not by a fault."""

    async def away(settings: Settings) -> Any:
        return Away(await open_(settings))

    made = Playground(of(tmp_path / "s.db"), World(MovableClock(MONDAY)))
    await made.start(away, router, 0)
    try:
        for method, path, body in (
            ("POST", "settle", {}),
            ("GET", "anna/hours", {}),
            ("GET", "requests", {}),
            ("PUT", "clock", {"now": LATER.isoformat()}),
        ):
            status, told = await call(made, method, path, **body)
            assert (503, "starting") == (status, told["code"])
        assert 200 == (await call(made, "GET", "state"))[0]
    finally:
        await made.service.stop()
        await made.stop()
