"""(k) A decision on a route, from the stored press to the stored cards of all who hold it, and a look at many timers.

The stage asks twenty people at once; each request is answered by one of them, and every copy of its card changes. The
floor is a turn that only reads and says something. Then one look at the timers of 100,000 open requests of which none
is due, on both databases. The aims are 15 ms of processor time and one second.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.growth import Run, on_each_database, opened
from benchmarks.report import as_in_production, median, publish
from benchmarks.size import size
from bot.clock import SystemClock
from bot.domain.people.employee import Role
from bot.ports import Job
from bot.scheduler import Scheduler
from bot.services.approvals.courses import ON_ROUTE
from storage.migrate import migrate
from tests.dialogs.routes import in_group, sent, stage, template, with_template
from tests.people import Company, Person

HOLDERS, REQUESTS, LOOKS = size(20, 3), size(60, 1), size(20, 1)
TIMERS = size(100_000, 300)
AHEAD_MS = 30 * 86_400_000
FILL = (
    "INSERT INTO job (id, portal_id, kind, key, run_at, payload, due_at, leased_until, worker, tries) "
    "SELECT n, 1, '{kind}', 'r' || n, {run_at} + n, '{{}}', 0, 0, '', 0 FROM {numbers}"
)


async def handled(company: Company) -> None:
    """Let the turns of all that waits be done, without delivering anything."""
    for stored in await company.storage.inbox.claim(50):
        await company.dispatcher.take(stored)


async def of_turn(company: Company, begin: Awaitable[None]) -> float:
    """Return the milliseconds of processor time of a turn, of all threads, the write of its message included."""
    began = time.process_time()
    await begin
    await handled(company)
    took = (time.process_time() - began) * 1000
    await company.settle()
    return took


async def decisions(folder: Path) -> tuple[float, float]:
    """Return the milliseconds of processor time of a decision, and of a turn that reads and says something."""
    company = await Company(folder).open()
    lead = await company.hire("Ольга Смирнова", "telegram", role=Role.ADMIN)
    holders = [await company.hire(f"Сотрудник {each}", "telegram", lead=lead) for each in range(HOLDERS)]
    anna = await company.hire("Анна Ким", "bitrix24", lead=lead)
    many = {"id": "many", "approvers": [in_group("many")], "rule": {"type": "quorum", "n": 2}}
    await with_template(company, template(stage("many", [], tracks=[many])), many=holders)
    decided, floors = [], []
    for number in range(REQUESTS):
        await sent(anna, where=f"Город {number}")
        voter = holders[number % HOLDERS]
        decided.append(await of_turn(company, _approves(voter)))
        floors.append(await of_turn(company, voter.sends("неделя")))
    await company.close()
    return median(decided), median(floors)


async def _approves(person: Person) -> None:
    bubble = next(each for each in reversed(person.chat) if any("Согласовать" in label for label in each.buttons))
    button = next(button for label, button in bubble.buttons.items() if "Согласовать" in label)
    if button.action is None:
        raise SystemExit("a card cannot be answered")
    await person.taps(button.action.pack(), bubble.id)


async def look(url: str, run: Run, numbers: str) -> float:
    """Return the milliseconds of one look at the timers when nothing is due, the one in the middle of several."""
    await migrate(url)
    clock = SystemClock()
    run_at = int(clock.now().timestamp() * 1000) + AHEAD_MS
    await run(url, FILL.format(kind=ON_ROUTE, run_at=run_at, numbers=numbers.format(count=TIMERS)))
    storage = await opened(url)

    async def nothing(job: Job, _: object) -> None:
        raise SystemExit(f"{job.kind} was due")

    scheduler, took = Scheduler(storage, clock, nothing), []
    for _ in range(LOOKS):
        began = time.perf_counter()
        await scheduler.do_due(clock.now())
        took.append((time.perf_counter() - began) * 1000)
    await storage.close()
    return median(took)


def main() -> None:
    """Print the medians."""
    figures: dict[str, object] = {"holders": HOLDERS, "requests": REQUESTS, "timers": TIMERS}
    rows: list[tuple[object, ...]] = []

    async def timers(name: str, fresh: Callable[[], Awaitable[str]], run: Run, numbers: str) -> None:
        took = await look(await fresh(), run, numbers)
        figures[f"{name}_look_ms"] = round(took, 2)
        rows.append((f"{name}: a look at timers, nothing due", took))

    with TemporaryDirectory(prefix="smena-bench-") as folder, as_in_production(Path(folder)):
        decided, floor = asyncio.run(decisions(Path(folder)))
        figures |= {"decision_cpu_ms": round(decided, 2), "floor_cpu_ms": round(floor, 2)}
        rows += [("decision, processor time", decided), ("floor: a turn that says what a week came to", floor)]
        on_each_database(folder, timers)
    publish("decisions", figures, ("on routes", "ms"), rows)
