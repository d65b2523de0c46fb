"""(q) Webhooks out: a thousand events to ten programs, and beside a program that never answers.

Each event is told to each program: ten thousand signed messages, one POST each, whose fate is written down. The sender
and the database (SQLite) are real; the programs are a cheap server in a process of its own. The floor: the same POSTs
by aiohttp alone, as many at once, with nothing signed, claimed or written down. The aim is ten seconds, and that a dead
program delays none of the others.
"""

import asyncio
import json
import os
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp
from aiohttp import web

from benchmarks.report import as_in_production, publish
from benchmarks.size import size
from bot.domain.automation.happening import Happening, HappeningType
from bot.hooks import OF_ONE
from bot.ids import new_id
from tests.api.caller import Cast, cast_of
from tests.api.receiver import sending

EVENTS, PROGRAMS = size(1_000, 1), size(10, 2)
FEW = 100
"""So many events are one commit."""
PATIENCE = 170


class Programs:
    """The process of the programs, by its port."""

    def __init__(self, process: asyncio.subprocess.Process, port: int) -> None:
        """Speak with it by its standard streams."""
        self._process = process
        self._port = port

    def url(self, number: int | str) -> str:
        """Return the address of a program; `dead` never answers."""
        return f"http://127.0.0.1:{self._port}/{number}"

    async def all_told(self) -> dict[str, Any]:
        """Return, once every program was told everything, how many seconds after the last call that was."""
        began = time.perf_counter()
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{EVENTS * PROGRAMS}\n".encode())
        async with asyncio.timeout(PATIENCE):
            found: dict[str, Any] = json.loads(await self._process.stdout.readline())
        return {**found, "seconds": time.perf_counter() - began}


@asynccontextmanager
async def programs() -> AsyncIterator[Programs]:
    """Run the programs."""
    command = [sys.executable, "-m", "benchmarks.hooks", "programs"]
    process = await asyncio.create_subprocess_exec(
        *command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield Programs(process, json.loads(await process.stdout.readline())["port"])
    finally:
        process.stdin.close()
        await process.wait()


async def receive() -> None:
    """Be the programs: count what comes, and say when it is as much as was asked for."""
    counted: Counter[str] = Counter()
    ids: set[tuple[str, str]] = set()
    changed = asyncio.Event()

    async def take(request: web.Request) -> web.Response:
        await request.read()
        name = request.match_info["name"]
        if name == "dead":
            await asyncio.sleep(3600)
        counted[name] += 1
        ids.add((name, request.headers.get("webhook-id", str(counted[name]))))
        changed.set()
        return web.Response(status=204)

    app = web.Application()
    app.add_routes([web.post("/{name}", take)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(json.dumps({"port": runner.addresses[0][1]}), flush=True)
    loop, reader = asyncio.get_running_loop(), asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        while len(ids) < int(line):
            changed.clear()
            await changed.wait()
        print(json.dumps({"posts": sum(counted.values())}), flush=True)
        counted.clear()
        ids.clear()
    os._exit(0)  # whoever is never answered would be waited for


async def told(folder: Path, there: Programs, *, with_dead: bool) -> dict[str, float]:
    """Have a company tell the programs, and return what it took."""
    cast = await cast_of(folder)
    cast.company.messengers.allows_local = True
    program = await cast.company.key_of(cast.olga, is_service=True)
    for number in (*range(PROGRAMS), *(["dead"] if with_dead else [])):
        made = await program.post("/webhooks", {"name": f"hook-{number}", "url": there.url(number)})
        if made.status != 201:
            raise SystemExit(f"a hook was answered with {made.status}")
    await _happen(cast)
    worked = time.process_time()
    async with sending(cast.company):
        found = await there.all_told()
    worked = time.process_time() - worked
    await cast.company.close()
    return {**found, "cpu_ms": worked / (EVENTS * PROGRAMS) * 1000}


async def _happen(cast: Cast) -> None:
    anna, now = await cast.anna.employee(), cast.company.clock.now()
    for first in range(0, EVENTS, FEW):
        async with cast.company.storage.unit_of_work() as uow:
            for number in range(first, min(first + FEW, EVENTS)):
                data = {"person_id": str(anna.id)}
                uow.happenings.add(
                    Happening(
                        new_id(), anna.portal_id, HappeningType.DAY_CHANGED, f"person:{number}", anna.id, now, data
                    )
                )
            await uow.commit()


async def floor(there: Programs) -> dict[str, float]:
    """Make the same POSTs and nothing else."""
    body = json.dumps({"id": "1" * 19, "type": "day.changed", "data": {"person_id": "1" * 19}}).encode()
    waiting = asyncio.create_task(there.all_told())
    worked = time.process_time()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:

        async def some(number: int, share: range) -> None:
            for each in share:
                headers = {"webhook-id": str(each), "Content-Type": "application/json"}
                async with session.post(there.url(number), data=body, headers=headers) as answer:
                    await answer.read()

        width = min(OF_ONE, EVENTS)
        shares = [range(first, EVENTS, width) for first in range(width)]
        await asyncio.gather(*(some(number, share) for number in range(PROGRAMS) for share in shares))
    worked = time.process_time() - worked
    return {**await waiting, "cpu_ms": worked / (EVENTS * PROGRAMS) * 1000}


async def measured(folder: Path) -> dict[str, dict[str, float]]:
    """Measure each with programs of its own."""
    found = {}
    for name in TITLES:
        place = folder / name
        place.mkdir()
        async with programs() as there:
            found[name] = await (floor(there) if name == "floor" else told(place, there, with_dead=name == "dead"))
    return found


TITLES = {
    "ours": "told, signed, written down (≤ 10 s)",
    "dead": "beside a program that never answers",
    "floor": "floor: the POSTs alone",
}


def main() -> None:
    """Measure and publish."""
    with TemporaryDirectory(prefix="smena-bench-") as folder, as_in_production(Path(folder)):
        found = asyncio.run(measured(Path(folder)))
    messages = EVENTS * PROGRAMS
    figures: dict[str, Any] = {"events": EVENTS, "programs": PROGRAMS}
    rows = []
    for name, title in TITLES.items():
        each = found[name]
        figures |= {f"{name}_{what}": round(each[what], 3) for what in ("seconds", "cpu_ms")}
        rows.append((title, messages, each["seconds"], messages / each["seconds"], each["cpu_ms"]))
    publish("hooks", figures, ("webhooks", "messages", "seconds", "a second", "cpu ms each"), rows)


if __name__ == "__main__":
    asyncio.run(receive())
