"""(n) The API: from a key to its reader, a list of fifty, a decision; beside a handler that sends the same bytes.

The list is read over many requests: its first page, its thousandth, and pages that are each another one. The floor is
aiohttp alone with the bytes of the first page in memory. The aims: a reader in a millisecond, a page in 50 ms at the
slowest twentieth with eight connections, the thousandth page within 1.2 times the first, 0.3 of the bare handler; 300
decisions a second on SQLite that flushes each commit, 200 on PostgreSQL.

Who calls is a process of its own. What the server takes of the processor for a call, all threads together, is told
beside the rates, for that grows least with what else the machine does.
"""

import asyncio
import json
import sys
import time
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from benchmarks.growth import on_postgres as run_on_postgres
from benchmarks.report import as_in_production, median, publish
from benchmarks.size import size
from benchmarks.turns import a_server
from bot.domain.approvals.matter import LeaveMatter
from bot.domain.approvals.request import ApprovalRequest, KeptSeat, RequestState
from bot.domain.leave.absence import AbsenceKind
from bot.domain.leave.wish import LeaveWish
from bot.domain.people.api_key import hash_of
from bot.ids import new_id
from bot.services.approvals.approvals import Approvals
from tests.api.caller import BASE, Cast, Program, cast_of
from tests.postgres import Server

REQUESTS, CALLS, DECISIONS, CONNECTIONS = size(100_000, 300), size(2_000, 8), size(600, 2), 8
FEW = 500
"""So many are stored at once."""
PLACES = size(200, 3)
"""So many different pages."""
LIST = "/requests?limit=50"
TITLES = {
    "bare": "floor: a bare handler with the bytes of the first page",
    "first": "the first page of 50 (p95 ≤ 50)",
    "thousandth": "the thousandth page",
    "others": "pages, each another",
    "decisions": "decisions, SQLite (≥ 300; p95 ≤ 50)",
    "decisions, postgresql": "decisions, PostgreSQL (≥ 200; p95 ≤ 50)",
}
_DAY = timedelta(days=1)


async def filled(cast: Cast) -> list[int]:
    """Store settled requests of all people, oldest first; returns their ids."""
    people = [await each.employee() for each in (cast.anna, cast.boris, cast.sergey, cast.vera)]
    lead, now, ids = cast.olga.employee_id, cast.company.clock.now(), []
    for first in range(0, REQUESTS, FEW):
        async with cast.company.storage.unit_of_work() as uow:
            for number in range(first, min(first + FEW, REQUESTS)):
                who, day = people[number % len(people)], date(2020, 1, 1) + _DAY * (number % 2000)
                seat = KeptSeat(new_id(), lead, (lead,))
                matter = LeaveMatter(LeaveWish(AbsenceKind.DAY_OFF, day, day))
                made = ApprovalRequest(
                    new_id(), who.portal_id, who.id, who.id, matter, now, (seat,),
                    state=RequestState.APPROVED, settled_at=now,
                )  # fmt: skip
                uow.requests.add(made)
                ids.append(made.id)
            await uow.commit()
    return ids


def call(program: Program, verb: str, path: str, body: Any = None, *, seen: int | None = None) -> str:
    """Return a call as it goes over the wire."""
    content = "" if body is None else json.dumps(body)
    head = [f"{verb} {BASE}{path} HTTP/1.1", "Host: 127.0.0.1", f"Authorization: Bearer {program.token}"]
    if body is not None:
        head += ["Content-Type: application/json", f"Content-Length: {len(content)}"]
    if seen is not None:
        head.append(f'If-Match: "{seen}"')
    return "\r\n".join([*head, "", content])


async def called(port: int, calls: Sequence[str]) -> dict[str, float]:
    """Make calls from another process, several at a time; returns what it saw, and what each took of this process."""
    order = {"port": port, "connections": CONNECTIONS, "requests": list(calls)}
    command = [sys.executable, "-m", "benchmarks.load"]
    process = await asyncio.create_subprocess_exec(
        *command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    worked = time.process_time()
    told, _ = await process.communicate(json.dumps(order).encode())
    worked = time.process_time() - worked
    found: dict[str, float] = json.loads(told)
    if found["refused"] or found["answered"] != len(calls):
        raise SystemExit(f"of {len(calls)} calls {found['refused']} were refused, {found['answered']} answered")
    return {**found, "cpu_ms": worked / len(calls) * 1000}


async def decided(cast: Cast) -> dict[str, float]:
    """Have a lead decide many requests by the API."""
    anna, now, calls = await cast.anna.employee(), cast.company.clock.now(), []
    sergey = await cast.company.key_of(cast.sergey)
    for number in range(DECISIONS):
        day = date(2026, 8, 1) + _DAY * number
        matter = LeaveMatter(LeaveWish(AbsenceKind.DAY_OFF, day, day))
        sent = await cast.company.does(lambda s, m=matter: s.get(Approvals).ask(m, anna, now, reason="x"))
        calls.append(call(sergey, "POST", f"/requests/{sent.request.id}/decision", {"verdict": "approve"}, seen=0))
    return await called(cast.company.client.server.port, calls)


async def readers(cast: Cast, program: Program) -> float:
    """Return the milliseconds from a key to whose it is."""
    hashed, took = hash_of(program.token), []
    for _ in range(CALLS):
        began = time.perf_counter()
        if await cast.company.storage.unit_of_work().api_keys.by_hash(hashed) is None:
            raise SystemExit("the key is not known")
        took.append((time.perf_counter() - began) * 1000)
    return median(took)


async def bare(body: Any) -> dict[str, float]:
    """Have aiohttp alone answer the same bytes."""
    content = json.dumps(body, ensure_ascii=False).encode()

    async def handler(_: web.Request) -> web.Response:
        return web.Response(body=content, content_type="application/json")

    app = web.Application()
    app.add_routes([web.get(f"{BASE}/requests", handler)])
    server = TestServer(app)
    await server.start_server()
    try:
        return await called(server.port or 0, [call(Program(None, "x"), "GET", LIST)] * CALLS)
    finally:
        await server.close()


async def on_sqlite(folder: Path) -> tuple[float, dict[str, dict[str, float]]]:
    """Measure all of it on one company."""
    cast = await cast_of(folder)
    try:
        olga, ids = await cast.company.key_of(cast.olga), await filled(cast)
        reader, port = await readers(cast, olga), cast.company.client.server.port
        body = (await olga.get(LIST)).body
        places = [max(len(ids) - 50 * (number + 1), 50) for number in range(PLACES)]
        others = [await _behind(cast, ids[place]) for place in places]
        deep = await _behind(cast, ids[max(len(ids) - 50 * 1000, 50)])
        return reader, {
            "bare": await bare(body),
            "first": await called(port, [call(olga, "GET", LIST)] * CALLS),
            "thousandth": await called(port, [call(olga, "GET", f"{LIST}&after={deep}")] * CALLS),
            "others": await called(
                port, [call(olga, "GET", f"{LIST}&after={others[each % PLACES]}") for each in range(CALLS)]
            ),
            "decisions": await decided(cast),
        }
    finally:
        await cast.company.close()


async def on_postgres(server: Server, folder: Path) -> dict[str, float]:
    """Measure decisions on PostgreSQL."""
    name = f"bench_{new_id()}"
    await run_on_postgres(server.dsn, f"CREATE DATABASE {name}")
    cast = await cast_of(folder, url=server.address(name))
    try:
        return await decided(cast)
    finally:
        await cast.company.close()


async def _behind(cast: Cast, request_id: int) -> str:
    """Return the cursor of the page behind a request."""
    person = await cast.olga.employee()
    bound = [person.portal_id, person.id, "/requests", "role=all"]
    return cast.company.door._cursors.make(bound, [request_id])


def main() -> None:
    """Measure both databases and publish."""
    with TemporaryDirectory(prefix="smena-bench-") as name, as_in_production(Path(name)):
        reader, found = asyncio.run(on_sqlite(Path(name)))
        with a_server() as server:
            if server is not None:
                found["decisions, postgresql"] = asyncio.run(on_postgres(server, Path(name)))
    bare_calls = found["bare"]
    deeper = found["thousandth"]["p50_ms"] / found["first"]["p50_ms"]
    of_bare = found["first"]["per_second"] / bare_calls["per_second"]
    of_bare_cpu = bare_calls["cpu_ms"] / found["first"]["cpu_ms"]
    figures: dict[str, Any] = {"requests": REQUESTS, "connections": CONNECTIONS, "reader_ms": round(reader, 3)}
    figures |= {"thousandth_to_first": round(deeper, 2), "of_bare_handler": round(of_bare, 2)}
    figures["of_bare_handler_cpu"] = round(of_bare_cpu, 2)
    rows: list[tuple[object, ...]] = []
    for what, title in TITLES.items():
        if what in found:
            values = {each: round(found[what][each], 3) for each in ("per_second", "p50_ms", "p95_ms", "cpu_ms")}
            figures |= {f"{what.replace(', ', '_')}_{each}": value for each, value in values.items()}
            rows.append((title, *values.values()))
    rows += [
        ("from a key to its reader, one after another (≤ 1)", "", reader, "", ""),
        ("the thousandth page to the first (≤ 1.2)", "", deeper, "", ""),
        ("the first page's share of the bare rate (≥ 0.3); by processor", of_bare, "", "", of_bare_cpu),
    ]
    publish("api", figures, ("8 connections", "a second", "p50 ms", "p95 ms", "cpu ms"), rows)
