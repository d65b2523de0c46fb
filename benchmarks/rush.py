"""(c) The morning rush: 1,000 people of one portal check in within 60 seconds, through the emulator and its limiter.

The whole service in fetch mode on SQLite; the emulated portal takes 20 ms for each command and 50 ms on the way, and
refuses what the real one would. Seconds are counted from what a person said to the answer on their screen. Beside it:
the arithmetic of a polite queue, one request a reply at the portal's 2 a second, and the same arrivals.
"""

import asyncio
import random
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.crowd import COUNT, acquaint, world
from benchmarks.report import as_in_production, percentile, publish
from benchmarks.size import size
from bot.sandbox.portal import PortalEmulator
from bot.sandbox.world import SandboxPerson, World
from bot.service import Service, realm_of
from bot.settings import Settings
from handlers import router
from storage import open_storage

SECONDS = float(size(60, 1))
COMMAND_SECONDS = 0.02
LATENCY_SECONDS = 0.05
SECRET = "s" * 40
SEED = 20260715
PORTAL_RATE = 2.0
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


async def rush(folder: Path) -> tuple[list[float], int, int, float]:
    """Run the minute; returns the waits, the requests made, how many were refused, and the processor seconds spent."""
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
        return onlookers.waits, len(calls), sum(call.status != 200 for call in calls), spent
    finally:
        await service.stop()
        await portal.stop()
        crowd.close()


def main() -> None:
    """Run one minute."""
    with TemporaryDirectory(prefix="smena-bench-") as folder, as_in_production(Path(folder)):
        waits, requests, refused, spent = asyncio.run(rush(Path(folder)))
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
        "polite_p50_s": round(percentile(queue, 0.5), 1),
        "polite_p95_s": round(percentile(queue, 0.95), 1),
        "polite_max_s": round(max(queue), 1),
        "polite_requests": COUNT,
    }
    rows = [
        ("ours, through the emulator", percentile(waits, 0.5), percentile(waits, 0.95), max(waits), requests),
        ("one request a reply, 2 a second", percentile(queue, 0.5), percentile(queue, 0.95), max(queue), COUNT),
    ]
    publish("rush", figures, ("said → seen, seconds", "p50", "p95", "max", "requests"), rows)
