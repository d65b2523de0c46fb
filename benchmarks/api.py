"""(n) The API: from a key to its reader, a list of fifty, a decision; beside a handler that sends the same bytes.

The list is read over many requests, its first page and its thousandth. The floor is aiohttp alone with the bytes of
the list in memory. The aims: a reader in a millisecond, a page in 50 ms at the slowest twentieth with eight
connections, the thousandth page within 1.2 times the first, 0.3 of the bare handler.

Client, server and database share one process and one loop: what a call takes of the processor, all three together, is
told beside the times, for that does not grow with what else the machine does.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from benchmarks.report import as_in_production, median, percentile, publish
from benchmarks.size import size
from bot.domain.approvals.matter import LeaveMatter
from bot.domain.approvals.request import ApprovalRequest, KeptSeat, RequestState
from bot.domain.leave.absence import AbsenceKind
from bot.domain.leave.wish import LeaveWish
from bot.ids import new_id
from bot.services.approvals.approvals import Approvals
from tests.api.caller import BASE, Cast, Program, cast_of

REQUESTS, CALLS, DECISIONS, CONNECTIONS = size(100_000, 300), size(400, 4), size(200, 2), 8
FEW = 500
"""So many are stored at once."""
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


async def timed(call: Callable[[], Awaitable[Any]], count: int, *, at_once: int = CONNECTIONS) -> list[float]:
    """Return the milliseconds of each of many calls, several at a time."""
    took: list[float] = []

    async def some(share: int) -> None:
        for _ in range(share):
            began = time.perf_counter()
            await call()
            took.append((time.perf_counter() - began) * 1000)

    await asyncio.gather(*(some(max(count // at_once, 1)) for _ in range(at_once)))
    return took


async def rate(call: Callable[[], Awaitable[Any]], count: int) -> float:
    """Return how many calls a second are answered."""
    began = time.perf_counter()
    took = await timed(call, count)
    return len(took) / (time.perf_counter() - began)


async def processor(call: Callable[[], Awaitable[Any]], count: int) -> float:
    """Return the milliseconds of processor time that a call takes."""
    began = time.process_time()
    took = await timed(call, count)
    return (time.process_time() - began) / len(took) * 1000


async def decided(cast: Cast, program: Program) -> tuple[list[float], list[float]]:
    """Return the milliseconds of decisions, one after another, and those of the processor."""
    anna, took, worked, now = await cast.anna.employee(), [], [], cast.company.clock.now()
    for number in range(DECISIONS):
        day = date(2026, 8, 1) + _DAY * number
        matter = LeaveMatter(LeaveWish(AbsenceKind.DAY_OFF, day, day))
        sent = await cast.company.does(lambda s, m=matter: s.get(Approvals).ask(m, anna, now, reason="x"))
        path = f"/requests/{sent.request.id}/decision"
        began, busy = time.perf_counter(), time.process_time()
        done = await program.call("POST", path, {"verdict": "approve"}, headers={"If-Match": '"0"'})
        took.append((time.perf_counter() - began) * 1000)
        worked.append((time.process_time() - busy) * 1000)
        if done.status != 200:
            raise SystemExit(f"a decision was answered with {done.status}")
    return took, worked


async def measured(folder: Path) -> None:
    """Measure all of it on one company."""
    cast = await cast_of(folder)
    olga, sergey = await cast.company.key_of(cast.olga), await cast.company.key_of(cast.sergey)
    ids = await filled(cast)

    async def reader() -> None:
        unit = cast.company.storage.unit_of_work()
        key = await unit.api_keys.by_hash(hashed)
        if key is None or key.owner_id is None:
            raise SystemExit("the key is not known")
        await unit.employees.get(key.portal_id, key.owner_id)

    from bot.domain.people.api_key import hash_of

    hashed = hash_of(olga.token)
    readers = await timed(reader, CALLS, at_once=1)
    text = (await olga.get("/requests?limit=50")).body
    deep = await _page_behind(cast, olga, ids)

    first = await timed(lambda: olga.get("/requests?limit=50"), CALLS)
    thousandth = await timed(lambda: olga.get(f"/requests?limit=50&after={deep}"), CALLS)
    listed = await rate(lambda: olga.get("/requests?limit=50"), CALLS)
    worked = await processor(lambda: olga.get("/requests?limit=50"), CALLS)
    bare, bare_worked = await _bare(text)
    decisions, decisions_worked = await decided(cast, sergey)
    await cast.company.close()
    figures = {
        "reader_ms": median(readers),
        "page_p95_ms": percentile(first, 0.95),
        "thousandth_to_first": median(thousandth) / median(first),
        "pages_per_second": listed,
        "of_bare_handler": listed / bare,
        "decision_p95_ms": percentile(decisions, 0.95),
        "page_processor_ms": worked,
        "bare_processor_ms": bare_worked,
        "decision_processor_ms": median(decisions_worked),
    }
    rows = [
        ("from a key to its reader, ms", median(readers), "≤ 1"),
        ("a page of 50, slowest twentieth at 8 connections, ms", percentile(first, 0.95), "≤ 50"),
        ("the thousandth page to the first", median(thousandth) / median(first), "≤ 1.2"),
        ("of a bare handler's rate with the same bytes", listed / bare, "≥ 0.3"),
        ("a decision, slowest twentieth, ms", percentile(decisions, 0.95), "≤ 50"),
        ("a page of 50, processor, ms", worked, "–"),
        ("the same bytes by a bare handler, processor, ms", bare_worked, "–"),
        ("a decision, processor, ms", median(decisions_worked), "–"),
    ]
    publish("api", {"requests": REQUESTS, **figures}, ("figure", "measured", "aim"), rows)


async def _page_behind(cast: Cast, program: Program, ids: list[int]) -> str:
    """Return the cursor of the thousandth page, or of the last one where there are fewer."""
    person, door = await cast.olga.employee(), cast.company.door
    place = max(len(ids) - 50 * 1000, 50)
    bound = [person.portal_id, person.id, "/requests", "role=all"]
    del program
    return door._cursors.make(bound, [ids[place]])


async def _bare(body: Any) -> tuple[float, float]:
    """Return how many calls a second aiohttp alone answers with the same bytes, and what one takes of the processor."""

    async def handler(_: web.Request) -> web.Response:
        return web.Response(body=content, content_type="application/json")

    import json

    content = json.dumps(body, ensure_ascii=False).encode()
    app = web.Application()
    app.add_routes([web.get(f"{BASE}/requests", handler)])
    client = TestClient(TestServer(app))
    await client.start_server()
    program = Program(client, "x")
    found = await rate(lambda: program.get("/requests?limit=50"), CALLS)
    worked = await processor(lambda: program.get("/requests?limit=50"), CALLS)
    await client.close()
    return found, worked


def main() -> None:
    """Measure and publish."""
    with TemporaryDirectory() as name, as_in_production(Path(name)):
        asyncio.run(measured(Path(name)))
