"""(c) The morning rush: 1,000 people of one portal check in within 60 seconds, through the emulator and its limiter.

The whole service in fetch mode on SQLite; the emulated portal takes 20 ms for each command and 50 ms on the way, and
refuses what the real one would. Seconds are counted from what a person said to the answer on their screen. Beside it:
the arithmetic of a polite queue, one request a reply at the portal's 2 a second, and the same arrivals.

Then the same minute once more, in which each of them opens the overview as well, from another process: a page in
300 ms at the slowest twentieth is the aim, and answers in chat that come no more than a tenth later than without.
"""

import asyncio
import json
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.crowd import COUNT, acquaint, world
from benchmarks.report import as_in_production, percentile, publish
from benchmarks.size import size
from bot.domain.people.session import Via
from bot.sandbox.portal import PortalEmulator
from bot.sandbox.world import SandboxPerson, World
from bot.service import Service, realm_of
from bot.services.people.access import Access
from bot.settings import Settings
from bot.web.origins import COOKIE
from handlers import router
from storage import open_storage

SECONDS = float(size(60, 1))
COMMAND_SECONDS = 0.02
LATENCY_SECONDS = 0.05
SECRET = "s" * 40
SEED = 20260715
PORTAL_RATE = 2.0
READERS = size(32, 2)
"""Connections over which pages are read."""
LOOK_EVERY = 0.02
WORDS = ("пришёл", "на месте", "я на работе", "/in", "доброе утро, начинаю работу")


def arrivals() -> list[float]:
    """Return when each person writes, in seconds from the start: at random within the minute."""
    chance = random.Random(SEED)
    return sorted(chance.uniform(0, SECONDS) for _ in range(COUNT))


def polite(moments: Sequence[float]) -> list[float]:
    """Return the waits when each reply is a request of its own and the queue keeps to the portal's rate."""
    free, waits = 0.0, []
    for moment in moments:
        free = max(free, moment) + 1 / PORTAL_RATE
        waits.append(free - moment)
    return waits


async def known(service: Service, crowd: World) -> None:
    """Wait until the service has read the portal's directory."""
    realm, last = realm_of(service.settings), str(crowd.people[-1].bitrix24_user_id)
    while True:
        if service.is_open.is_set():
            async with service.storage.unit_of_work() as uow:
                if await uow.employees.by_identity("bitrix24", realm, last) is not None:
                    return
        await asyncio.sleep(0.1)


class Onlookers:
    """Look at the screens of those who wait, every 20 ms."""

    def __init__(self, portal: PortalEmulator) -> None:
        """Nobody waits yet."""
        self._portal = portal
        self._waiting: dict[str, tuple[SandboxPerson, float]] = {}
        self.waits: list[float] = []

    def said(self, person: SandboxPerson) -> None:
        """Begin to wait for the person's answer."""
        self._waiting[person.key] = (person, time.monotonic())

    async def look(self) -> None:
        """Note every answer that has come to be seen, until everybody has theirs."""
        while len(self.waits) < COUNT:
            for key, (person, since) in list(self._waiting.items()):
                if self._portal.shown(person)[-1].author == "bot":
                    self.waits.append(time.monotonic() - since)
                    del self._waiting[key]
            await asyncio.sleep(LOOK_EVERY)


async def signed_in(service: Service) -> list[str]:
    """Return a session of everybody."""
    realm, now = realm_of(service.settings), service.clock.now()
    async with service.storage.unit_of_work() as uow:
        portal = await uow.portals.by_key(realm)
        everybody = [] if portal is None else await uow.employees.of_portal(portal.id)

    async def enter(services: Any) -> list[str]:
        access = services.get(Access)
        return [access.begin(each, each.identities[0], Via.LINK, "Bench", now).token for each in everybody]

    return await service.undertake(enter, now)


async def pages(service: Service) -> asyncio.subprocess.Process:
    """Have another process open a page for everybody within the minute; it tells at the end what it saw."""
    heads = "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}={token}\r\n\r\n"
    asked = [heads.format(cookie=COOKIE, token=each) for each in await signed_in(service)]
    chance = random.Random(SEED + 1)
    moments = sorted(chance.uniform(0, SECONDS) for _ in asked)
    order = {"port": service.port, "connections": READERS, "requests": asked, "moments": moments}
    command = [sys.executable, "-m", "benchmarks.load"]
    process = await asyncio.create_subprocess_exec(
        *command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdin is not None
    process.stdin.write(json.dumps(order).encode())
    process.stdin.write_eof()
    return process


async def told(process: asyncio.subprocess.Process) -> dict[str, float]:
    """Return what such a process saw."""
    assert process.stdout is not None
    found: dict[str, float] = json.loads(await process.stdout.read())
    await process.wait()
    if found["refused"]:
        raise SystemExit(f"{found['refused']:.0f} pages were refused")
    return found


async def rush(folder: Path, *, with_pages: bool = False) -> tuple[list[float], int, int, float, dict[str, float]]:
    """Run the minute; returns the waits, the requests made, how many were refused, the processor seconds, the pages."""
    crowd = world()
    portal = PortalEmulator(crowd, command_seconds=COMMAND_SECONDS, latency_seconds=LATENCY_SECONDS)
    await portal.start()
    settings = Settings.from_environ(
        {
            "DATABASE_URL": f"sqlite:///{folder / 'smena.db'}",
            "SECRET_KEY": SECRET,
            "BITRIX24_WEBHOOK_URL": portal.webhook_url,
            "ALLOW_LOCAL_PORTALS": "true",
            "PORT": "0",
        }
    )
    storage: Any = await open_storage(settings.database_url, secret_key=SECRET)
    service = Service(settings, storage, router, crowd.clock)
    await service.start()
    try:
        await asyncio.wait_for(known(service, crowd), 60)
        acquaint(portal, crowd)
        reading = await pages(service) if with_pages else None
        before = sum(call.channel == "bitrix24" for call in crowd.calls())
        onlookers = Onlookers(portal)
        looking = asyncio.create_task(onlookers.look())
        began, cpu = time.monotonic(), time.process_time()
        for moment, person, n in zip(arrivals(), crowd.people, range(COUNT), strict=True):
            await asyncio.sleep(max(0.0, began + moment - time.monotonic()))
            onlookers.said(person)
            await portal.say(person, WORDS[n % len(WORDS)])
        await asyncio.wait_for(looking, 120)
        spent = time.process_time() - cpu
        calls = [call for call in crowd.calls() if call.channel == "bitrix24"][before:]
        seen = {} if reading is None else await told(reading)
        return onlookers.waits, len(calls), sum(call.status != 200 for call in calls), spent, seen
    finally:
        await service.stop()
        await portal.stop()
        crowd.close()


def main() -> None:
    """Run one minute without pages, and one with them."""
    with TemporaryDirectory(prefix="smena-bench-") as folder, as_in_production(Path(folder)):
        for name in ("without", "with"):
            (Path(folder) / name).mkdir()
        waits, requests, refused, spent, _ = asyncio.run(rush(Path(folder) / "without"))
        later, requests_later, refused_later, spent_later, seen = asyncio.run(
            rush(Path(folder) / "with", with_pages=True)
        )
    queue = polite(arrivals())
    figures = {
        "people": COUNT,
        "seconds": SECONDS,
        "p50_s": round(percentile(waits, 0.5), 2),
        "p95_s": round(percentile(waits, 0.95), 2),
        "max_s": round(max(waits), 2),
        "requests": requests,
        "refused": refused,
        "cpu_s": round(spent, 1),
        "pages": round(seen["answered"]),
        "pages_p50_ms": round(seen["p50_ms"], 1),
        "pages_p95_ms": round(seen["p95_ms"], 1),
        "with_pages_p50_s": round(percentile(later, 0.5), 2),
        "with_pages_p95_s": round(percentile(later, 0.95), 2),
        "with_pages_cpu_s": round(spent_later, 1),
        "with_pages_refused": refused_later,
        "with_pages_to_without_p95": round(percentile(later, 0.95) / percentile(waits, 0.95), 2),
        "polite_p50_s": round(percentile(queue, 0.5), 1),
        "polite_p95_s": round(percentile(queue, 0.95), 1),
        "polite_max_s": round(max(queue), 1),
        "polite_requests": COUNT,
    }
    rows = [
        ("ours, through the emulator", percentile(waits, 0.5), percentile(waits, 0.95), max(waits), requests),
        (
            "ours, while pages are read (p95 ≤ 1.1 ×)",
            percentile(later, 0.5),
            percentile(later, 0.95),
            max(later),
            requests_later,
        ),
        (
            "pages meanwhile (p95 ≤ 0.3)",
            seen["p50_ms"] / 1000,
            seen["p95_ms"] / 1000,
            "",
            round(seen["answered"]),
        ),
        ("one request a reply, 2 a second", percentile(queue, 0.5), percentile(queue, 0.95), max(queue), COUNT),
    ]
    publish("rush", figures, ("said → seen, seconds", "p50", "p95", "max", "requests"), rows)
