"""`/ready`: 503 with the reason as soon as the service cannot keep what people write, or nobody works on it."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import structlog

from bot.clock import SystemClock
from bot.ports import Backlog
from bot.pulse import FRESH, Pulse
from bot.server import LEAST_FREE, STUCK, Readiness
from bot.service import Service
from bot.settings import Settings
from handlers import router
from storage import open_storage

KEY = "k" * 40
NOTHING = Backlog(0, 0, 0.0, 0.0, 0, 0, 0)


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    """The service without a messenger."""
    url = f"sqlite:///{tmp_path / 'ready.db'}"
    settings = Settings.from_environ({"DATABASE_URL": url, "PORT": "0", "SECRET_KEY": KEY})
    storage: Any = await open_storage(url, secret_key=KEY)
    made = Service(settings, storage, router, SystemClock())
    await made.start()
    async with asyncio.timeout(10):
        await made.is_open.wait()
    yield made
    await made.stop()


async def ready(service: Service) -> tuple[int, dict[str, Any]]:
    """Ask as a monitor does."""
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{service.port}/ready") as response,
    ):
        return response.status, await response.json()


async def test_all_is_well(service: Service) -> None:
    """The facts name the last write, the disk and every task."""
    status, facts = await ready(service)
    assert (200, "ready") == (status, facts["status"])
    assert facts["writes"]["ok"]
    assert facts["disk"]["free_mb"] > 0
    assert {"listener", "dispatcher", "delivery", "scheduler", "tidying", "pulse", "telegram token", "hooks"} == {
        *facts["tasks"]
    }


async def test_no_write_succeeds(service: Service, tmp_path: Path) -> None:
    """A database that can be read and takes no write makes it 503, is told once, and is forgotten when it is over."""
    with closing(sqlite3.connect(tmp_path / "ready.db", isolation_level=None)) as other:
        await service.pulse.beat()
        other.execute("CREATE TRIGGER full BEFORE UPDATE ON vault BEGIN SELECT RAISE(ABORT, 'full'); END")
        other.execute("CREATE TRIGGER full_too BEFORE INSERT ON vault BEGIN SELECT RAISE(ABORT, 'full'); END")
        pulse = Pulse(service._write, monotonic=iter(range(0, 1_000, 10)).__next__)
        readiness = Readiness(service.storage.revision, service.storage.backlog, {}, SystemClock(), pulse=pulse)
        with structlog.testing.capture_logs() as lines:
            for _ in range(3):
                ok, facts = await readiness.facts()
                assert (False, "not ready") == (ok, facts["status"])
                assert facts["database"]["ok"]
                assert "IntegrityError" == facts["writes"]["error"]
            other.execute("DROP TRIGGER full")
            other.execute("DROP TRIGGER full_too")
            ok, facts = await readiness.facts()
    assert ok
    told = [each["event"] for each in lines if "succeed" in each["event"]]  # the service takes its duties meanwhile
    assert ["no write succeeds", "writes succeed again"] == told


async def test_asking_often_writes_seldom() -> None:
    """Whoever asks again at once is told what was found just now."""
    writes: list[float] = []
    at = [0.0]

    async def write() -> None:
        writes.append(at[0])

    pulse = Pulse(write, monotonic=lambda: at[0])
    for moment in (0.0, 0.1, FRESH - 0.1, FRESH, FRESH + 0.1):
        at[0] = moment
        await pulse.facts()
    assert [0.0, FRESH] == writes


async def _revision() -> str:
    return "0001"


def _readiness(backlog: Backlog = NOTHING, **more: Any) -> Readiness:
    async def waiting() -> Backlog:
        return backlog

    return Readiness(_revision, waiting, {}, SystemClock(), **more)


@pytest.mark.parametrize(
    ("age", "idle", "is_ready"),
    [(0.0, 9 * STUCK, True), (STUCK, 1.0, True), (STUCK, STUCK, False), (STUCK - 1, STUCK, True)],
    ids=["nothing waits", "it is being worked on", "nobody works on it", "not yet"],
)
async def test_what_waits_and_is_not_worked_on(age: float, idle: float, is_ready: bool) -> None:
    """Old messages alone are an outage that is over; old ones and no turn meanwhile are nobody being served."""
    ok, facts = await _readiness(Backlog(3, 0, age, 0.0, 0, 0, 0), moved=lambda: idle).facts()
    assert (is_ready, is_ready) == (ok, facts["inbox"]["ok"])


@pytest.mark.parametrize(
    ("free", "whole", "is_ready"),
    [(LEAST_FREE, 10**12, True), (LEAST_FREE - 1, 10**12, False), (2**20, 2**23, True), (2**18, 2**23, False)],
)
async def test_a_disk_that_runs_full(free: int, whole: int, is_ready: bool) -> None:
    """It is told before the last byte; a small disk has its own measure."""
    ok, facts = await _readiness(disk=lambda: (free, whole)).facts()
    assert (is_ready, is_ready) == (ok, facts["disk"]["ok"])


async def test_a_database_that_hangs() -> None:
    """It is not waited for without end."""

    async def never() -> Backlog:
        raise TimeoutError

    ok, facts = await Readiness(_revision, never, {}, SystemClock()).facts()
    assert (False, "TimeoutError") == (ok, facts["database"]["error"])
