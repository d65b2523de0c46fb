"""(o) Pages: what a first view transfers, what a list of fifty takes, how long a page of five hundred holds the loop.

A portal of five hundred people with fifty open requests and a morning behind them. Who asks is a process of its own;
what the server takes of the processor for a page, all threads together, stands beside a bare aiohttp handler that sends
the same bytes. The aims: 40 KB for the first view of a browser that takes gzip, 20 ms for a list of fifty; 100 ms for a
page of five hundred rows, of which no stretch of more than 10 ms keeps the loop from everybody else.
"""

import asyncio
import gzip
import re
import time
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from benchmarks.api import called
from benchmarks.breath import breath
from benchmarks.people import join
from benchmarks.report import as_in_production, median, publish
from benchmarks.size import size
from bot.dispatch.turn import Occasion
from bot.domain.approvals.matter import LeaveMatter
from bot.domain.leave.absence import AbsenceKind
from bot.domain.leave.wish import LeaveWish
from bot.domain.people.employee import Employee, Role
from bot.services.approvals.approvals import Approvals
from bot.web.origins import COOKIE
from tests.pages.site import Site, site_of
from tests.people import Company, Person

PEOPLE, OPEN, CALLS, ROUNDS = size(500, 4), size(50, 2), size(300, 8), size(5, 1)
LISTS = {
    "overview": "/",
    "approvals": "/approvals",
    "people": "/people",
    "team": "/hours/team",
    "months": "/hours/months",
}
"""Pages by what they are called."""
WHOLE = ("overview", "team", "months")
"""Those that show everybody of a team at once."""
_ADDRESS = re.compile(r'(?:src|href)="(/static/[^"]+)"')
_DAY = timedelta(days=1)


async def company_of(folder: Path) -> tuple[Company, Person]:
    """Return a portal of many people, all of one lead, with open requests; and the lead, who is its administrator."""
    company = await Company(folder).open()
    olga = await company.hire("Ольга Смирнова", "bitrix24", role=Role.ADMIN)
    lead = await olga.employee()
    people = await join(company.storage, lead, PEOPLE, lead=lead)
    now = company.clock.now()
    for number, each in enumerate(people[:OPEN]):
        day = date(2026, 9, 1) + _DAY * number
        matter = LeaveMatter(LeaveWish(AbsenceKind.DAY_OFF, day, day))

        async def ask(services: Any, matter: LeaveMatter = matter, who: Employee = each) -> None:
            asker = await services.uow.employees.get(who.portal_id, who.id)
            await services.get(Approvals).ask(matter, asker, now, reason="x")

        await company.undertaking(ask, Occasion(now))
    return company, olga


async def first_view(site: Site, who: Person) -> tuple[int, int]:
    """Return the bytes of the first view of the list with all that it is made with: as gzip is taken, and without."""
    found = []
    for encoding in ("gzip", "identity"):
        headers = {"Cookie": f"{COOKIE}={await site.token(who)}", "Accept-Encoding": encoding}
        total, todo = 0, [LISTS["approvals"]]
        while todo:
            async with site.client.get(todo.pop(), headers=headers, auto_decompress=False) as answer:
                content = await answer.read()
                total += len(content) + sum(len(name) + len(value) + 4 for name, value in answer.headers.items())
                if answer.content_type == "text/html":
                    text = content if answer.headers.get("Content-Encoding") is None else gzip.decompress(content)
                    todo += dict.fromkeys(_ADDRESS.findall(text.decode()))
        found.append(total)
    return found[0], found[1]


async def bare(content: str) -> float:
    """Return the milliseconds of processor time that aiohttp alone takes for a page of that text."""

    async def handler(_: web.Request) -> web.Response:
        return web.Response(text=content, content_type="text/html")

    app = web.Application()
    app.add_routes([web.get("/", handler)])
    server = TestServer(app)
    await server.start_server()
    try:
        return (await called(server.port or 0, ["GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"] * CALLS))["cpu_ms"]
    finally:
        await server.close()


async def measured(folder: Path) -> tuple[Mapping[str, Any], list[tuple[object, ...]]]:
    """Return figures and rows."""
    company, olga = await company_of(folder)
    figures: dict[str, Any] = {"people": PEOPLE, "open": OPEN}
    rows: list[tuple[object, ...]] = []
    async with site_of(company) as site:
        small, large = await first_view(site, olga)
        figures |= {"first_view_kb": round(small / 1024, 1), "first_view_unpacked_kb": round(large / 1024, 1)}
        rows.append((f"the first view, KB (≤ 40); without gzip {large / 1024:.1f}", small / 1024, "", "", ""))
        cookie = f"{COOKIE}={await site.token(olga)}"
        for name, address in LISTS.items():
            html, took, stretches = "", [], []
            for _ in range(ROUNDS + 1):
                began = time.process_time()
                async with breath() as taken:
                    html = (await site.get(olga, address)).html
                took.append((time.process_time() - began) * 1000)
                stretches.append(taken.at_work)
            page = f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n"
            count = max(CALLS // 5, 4) if name in WHOLE else CALLS
            cpu, floor = (await called(site.client.server.port, [page] * count))["cpu_ms"], await bare(html)
            values = (cpu, floor, median(stretches[1:]), len(html) / 1024)
            what = ("cpu_ms", "bare_cpu_ms", "longest_stretch_ms", "kb")
            figures |= {f"{name}_{each}": round(value, 2) for each, value in zip(what, values, strict=True)}
            aim = "(cpu ≤ 100, stretch ≤ 10)" if name in WHOLE else "(cpu ≤ 20, stretch ≤ 10)"
            rows.append((f"{name} {aim}", *values))
    await company.close()
    return figures, rows


def main() -> None:
    """Measure and publish."""
    with TemporaryDirectory(prefix="smena-bench-") as folder, as_in_production(Path(folder)):
        figures, rows = asyncio.run(measured(Path(folder)))
    publish("pages", figures, ("page", "cpu ms", "bare cpu ms", "longest stretch, ms", "KB"), rows)
