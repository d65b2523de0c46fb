"""(p) Live pages: what a thousand streams weigh, and how long a change takes to be on the screens that it concerns.

A portal of a thousand people, each with a page open whose stream another process holds; what that page shows is fetched
anew when the stream says so. People check in one after another; a change is on screen when the new page is there. What
a stream weighs is what the server's process grew by. The floor: the same reads of the page while nothing else happens.
The aims: 16 KiB a stream, a second for nineteen changes of twenty.
"""

import asyncio
import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp

from benchmarks.people import join
from benchmarks.report import as_in_production, percentile, publish
from benchmarks.size import size
from benchmarks.start import resident
from bot.domain.people.employee import Employee
from bot.domain.people.session import Via
from bot.domain.workday.moment import Moment
from bot.domain.workday.punch_log import PunchKind
from bot.ids import new_id
from bot.services.people.access import Access
from bot.services.workday.recording import Recording
from bot.web.origins import COOKIE
from tests.pages.site import Site, site_of, undertake
from tests.people import Company

STREAMS, CHANGES, SECONDS = size(1_000, 4), size(300, 2), size(30, 1)
"""How many pages are open, how many people check in, and within how many seconds."""


async def hired(company: Company) -> tuple[Sequence[Employee], list[str]]:
    """Employ everybody and sign them in; returns them and their sessions."""
    boss = await (await company.hire("Ольга Смирнова", "bitrix24")).employee()
    people = await join(company.storage, boss, STREAMS)
    now = company.clock.now()

    async def enter(services: Any) -> list[str]:
        access = services.get(Access)
        return [access.begin(each, each.identities[0], Via.LINK, "Bench", now).token for each in people]

    return people, await undertake(company)(enter, now)


async def measured(folder: Path) -> dict[str, float]:
    """Open all streams, let people check in, and return what came of it."""
    company = await Company(folder).open()
    people, tokens = await hired(company)
    async with site_of(company) as site:
        site.live._beat = 25.0
        command = [sys.executable, "-m", "benchmarks.live", str(site.client.server.port)]
        watcher = await asyncio.create_subprocess_exec(
            *command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
        )
        assert watcher.stdin is not None
        assert watcher.stdout is not None
        await _warmed_up(site, tokens)
        before = _mine()
        watcher.stdin.write(f"{json.dumps(tokens)}\n".encode())
        opened = json.loads(await watcher.stdout.readline())
        floor, worked = opened["floor_ms"], time.process_time()
        grown = _mine() - before
        changed: dict[int, float] = {}
        began = time.perf_counter()
        for number in range(CHANGES):
            await asyncio.sleep(max(0.0, began + SECONDS * number / CHANGES - time.perf_counter()))
            await _checks_in(company, people[number])
            changed[number] = time.time()
        await asyncio.sleep(2.0)
        worked = time.process_time() - worked
        watcher.stdin.write_eof()
        seen = json.loads(await watcher.stdout.readline())
        await watcher.wait()
    await company.close()
    waits = [seen[str(number)] - at for number, at in changed.items() if str(number) in seen]
    if len(waits) != CHANGES:
        raise SystemExit(f"of {CHANGES} changes {len(waits)} came to be seen")
    return {
        "stream_kib": grown * 1024 / STREAMS,
        "seen_p50_ms": percentile(waits, 0.5) * 1000,
        "seen_p95_ms": percentile(waits, 0.95) * 1000,
        "floor_ms": floor,
        "cpu_ms_a_change": worked / CHANGES * 1000,
    }


async def _warmed_up(site: Site, tokens: Sequence[str]) -> None:
    """Have read some pages, as a server has that was up for an hour."""
    for each in tokens[:50]:
        async with site.client.get("/", headers={"Cookie": f"{COOKIE}={each}"}) as answer:
            await answer.read()


def _mine() -> float:
    return resident(os.getpid())


async def _checks_in(company: Company, who: Employee) -> None:
    now = company.clock.now()

    async def work(services: Any) -> None:
        person = await services.uow.employees.get(who.portal_id, who.id)
        moment = Moment(now, now, person.zone, "web", f"web:{new_id():x}", person.id)
        await services.get(Recording).record(person, PunchKind.IN, moment)

    await undertake(company)(work, now)


async def watch(port: int) -> None:
    """Hold the streams of all who are named on standard input, fetch what they tell of, and say when it was there."""
    loop, reader = asyncio.get_running_loop(), asyncio.StreamReader(limit=2**22)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    tokens = json.loads(await reader.readline())
    seen: dict[int, float] = {}
    connector = aiohttp.TCPConnector(limit=0)
    jar = aiohttp.DummyCookieJar()
    async with aiohttp.ClientSession(
        f"http://127.0.0.1:{port}", connector=connector, cookie_jar=jar, timeout=aiohttp.ClientTimeout(total=None)
    ) as session:
        open_now = asyncio.Semaphore(50)
        ready = [loop.create_future() for _ in tokens]

        async def page(token: str) -> None:
            async with session.get("/", headers={"Cookie": f"{COOKIE}={token}"}) as answer:
                await answer.read()

        async def hold(number: int, token: str) -> None:
            await open_now.acquire()
            async with session.get("/live", headers={"Cookie": f"{COOKIE}={token}"}) as answer:
                await answer.content.readline()
                open_now.release()
                ready[number].set_result(None)
                async for line in answer.content:
                    if line.startswith(b"event: day"):
                        await page(token)
                        seen.setdefault(number, time.time())

        holding = [asyncio.create_task(hold(number, token)) for number, token in enumerate(tokens)]
        await asyncio.gather(*ready)
        took = []
        for token in tokens[:20]:
            began = time.perf_counter()
            await page(token)
            took.append((time.perf_counter() - began) * 1000)
        print(json.dumps({"floor_ms": percentile(took, 0.5)}), flush=True)
        await reader.read()
        print(json.dumps(seen), flush=True)
        for each in holding:
            each.cancel()
        await asyncio.gather(*holding, return_exceptions=True)


def main() -> None:
    """Measure and publish."""
    with TemporaryDirectory(prefix="smena-bench-") as folder, as_in_production(Path(folder)):
        found = asyncio.run(measured(Path(folder)))
    figures = {"streams": STREAMS, "changes": CHANGES, "seconds": SECONDS}
    figures |= {name: round(value, 2) for name, value in found.items()}
    rows = [
        ("what a stream weighs, KiB (≤ 16)", found["stream_kib"]),
        ("a change on screen, slowest twentieth, ms (≤ 1,000)", found["seen_p95_ms"]),
        ("a change on screen, the one in the middle, ms", found["seen_p50_ms"]),
        ("floor: the page alone, ms", found["floor_ms"]),
        ("processor of a change, all told, ms", found["cpu_ms_a_change"]),
    ]
    publish("live", figures, (f"{STREAMS} streams", "measured"), rows)


if __name__ == "__main__":
    asyncio.run(watch(int(sys.argv[1])))
