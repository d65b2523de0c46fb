"""What one look at ten thousand people costs: a quiet one, and the morning one in which a tenth have to be asked.

The floor is what the same look reads from storage, without deciding anything. The aim is under a second (issue 4), and
that whoever writes meanwhile waits for no stretch of more than 50 ms.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg

from benchmarks.breath import Breath, breath
from benchmarks.people import REALM
from benchmarks.report import as_in_production, median, publish
from benchmarks.size import size
from benchmarks.turns import SECRET, a_server
from bot.dispatch.due import DueJobs
from bot.dispatch.router import RouteTable
from bot.dispatch.undertaking import Undertaking
from bot.domain.people.employee import Employee, Identity
from bot.domain.people.staff import Department, Employment
from bot.domain.planning.schedule import Assignment, Hours, PlannedBreak, Schedule, ScheduleKind, Scope
from bot.domain.portal import Portal
from bot.domain.workday.punch_log import Punch, PunchKind, derive
from bot.ids import new_id
from bot.messengers import FACTS
from bot.ports import Job, Log, Storage
from bot.services.approvals.seals import Seals
from bot.services.messengers import Messengers
from bot.services.planning.rosters import Rosters
from bot.services.reminding.timers import WATCH
from bot.services.wiring import House
from handlers import router
from storage import open_storage
from tests.postgres import Server

PEOPLE, DEPARTMENTS, ROUNDS = size(10_000, 100), size(50, 5), size(7, 1)
MISSING = 10
"""One of so many has not come this morning."""
OWN = 10
"""One of so many has a schedule of their own."""
ZONES = ("Europe/Moscow", "Europe/Moscow", "Europe/Samara", "Asia/Yekaterinburg")
TODAY = date(2026, 7, 15)
MORNING = datetime(2026, 7, 15, 6, 5, tzinfo=UTC)
"""Wednesday, 09:05 in Moscow: start and grace of most."""
QUIET = datetime(2026, 7, 15, 10, 0, tzinfo=UTC)
BATCH = 1_000


def plan(start: int) -> Schedule:
    """Return five days a week of nine hours with lunch."""
    day = Hours(clock_time(start), clock_time(start + 9))
    pause = PlannedBreak(timedelta(hours=1))
    return Schedule(ScheduleKind.FIXED, (*[day] * 5, None, None), pause=pause)


@dataclass(frozen=True, slots=True)
class Company:
    """The portal and its people, with a day and a morning behind them."""

    portal: Portal
    people: tuple[Employee, ...]


async def found(storage: Storage) -> Company:
    """Employ everybody, give them schedules, and let them work until this morning."""
    portal = Portal(new_id(), REALM, "Ромашка")
    places = [Department(new_id(), portal.id, str(number), f"Отдел {number}") for number in range(DEPARTMENTS)]
    people = tuple(
        Employee(
            new_id(), portal.id, f"Сотрудник {n}", zone=ZONES[n % len(ZONES)],
            identities=(Identity("bitrix24", REALM, str(n), str(n)),),
        )
        for n in range(PEOPLE)
    )  # fmt: skip
    async with storage.unit_of_work() as uow:
        uow.portals.add(portal)
        for place in places:
            uow.staff.put_department(place)
        uow.schedules.put(Assignment(new_id(), portal.id, Scope.PORTAL, 0, date(2020, 1, 1), plan(9)))
        for place in places[::2]:
            given = Assignment(new_id(), portal.id, Scope.DEPARTMENT, place.id, date(2020, 1, 1), plan(8))
            uow.schedules.put(given)
        await uow.commit()
    for first in range(0, PEOPLE, BATCH):
        async with storage.unit_of_work() as uow:
            for n, each in enumerate(people[first : first + BATCH], first):
                uow.employees.add(each)
                place = places[n % DEPARTMENTS].id
                uow.staff.put_employment(Employment(new_id(), portal.id, each.id, department_id=place))
                if n % OWN == 0:
                    own = Assignment(new_id(), portal.id, Scope.PERSON, each.id, date(2020, 1, 1), plan(9))
                    uow.schedules.put(own)
            await uow.commit()
        async with storage.unit_of_work() as uow:
            for n, each in enumerate(people[first : first + BATCH], first):
                punches = tuple(worked(each, came_today=n % MISSING != 0))
                window = Log(punches[0].at, (), ())
                stored = await uow.employees.get(portal.id, each.id)
                uow.punches.add(stored or each, punches, window, derive(punches))
            await uow.commit()
    return Company(portal, people)


def worked(person: Employee, *, came_today: bool) -> Iterator[Punch]:
    """Yield yesterday's marks, and this morning's."""
    start = datetime(2026, 7, 14, 4, 0, tzinfo=UTC)
    times = [(PunchKind.IN, 0), (PunchKind.BREAK_START, 4), (PunchKind.BREAK_END, 5), (PunchKind.OUT, 9)]
    if came_today:
        times.append((PunchKind.IN, 24))
    for kind, hours in times:
        at = start + timedelta(hours=hours)
        number = new_id()
        yield Punch(number, kind, at, at, person.zone, event=str(number))


async def read(storage: Storage, portal: Portal, now: datetime) -> float:
    """Return the milliseconds of the reads alone."""
    day = timedelta(days=1)
    started = time.perf_counter()
    uow = storage.unit_of_work()
    await Rosters(uow).book(portal, TODAY - 2 * day, TODAY + 2 * day)
    await uow.punches.of_people(portal.id, TODAY - 2 * day, TODAY + day)
    await uow.absences.between(portal.id, TODAY - 2 * day, TODAY + 2 * day)
    await uow.reminders.since(portal.id, now - 3 * day)
    await uow.employees.of_portal(portal.id)
    return (time.perf_counter() - started) * 1000


async def look(storage: Storage, jobs: DueJobs, portal: Portal, now: datetime) -> tuple[float, Breath]:
    """Return the milliseconds of a look as the scheduler makes it, from its reads to its commit; and its breath."""
    uow = storage.unit_of_work()
    uow.jobs.add(Job(new_id(), portal.id, WATCH, "", now, {}))
    await uow.commit()
    [due] = await storage.jobs.claim(now, 1)
    started = time.perf_counter()
    async with breath() as taken:
        await jobs.do(due, now)
        took = (time.perf_counter() - started) * 1000
    return took, taken


async def measured(url: str) -> dict[str, float]:
    """Return the medians of one database."""
    async with opened(url) as storage:
        company = await found(storage)
        jobs = DueJobs(Undertaking(RouteTable(router), House(storage, Messengers(FACTS), Seals("s" * 40))))
        morning, longest = await look(storage, jobs, company.portal, MORNING)
        floors, quiet = [], []
        for _ in range(ROUNDS):
            floors.append(await read(storage, company.portal, QUIET))
            took, taken = await look(storage, jobs, company.portal, QUIET)
            quiet.append(took)
            longest = Breath(max(longest.by_clock, taken.by_clock), max(longest.at_work, taken.at_work))
        times = {"reads": median(floors), "quiet": median(quiet), "morning": morning}
        return times | {"longest": longest.by_clock, "longest_work": longest.at_work}


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Storage]:
    """Open a database."""
    storage = await open_storage(url, secret_key=SECRET)
    await storage.start()
    try:
        yield storage
    finally:
        await storage.close()


def main() -> None:
    """Measure both databases."""
    with TemporaryDirectory(prefix="smena-bench-") as folder, as_in_production(Path(folder)):
        results = {"sqlite": asyncio.run(measured(f"sqlite:///{Path(folder) / 'watch.db'}"))}
        with a_server() as server:
            if server is not None:
                results["postgresql"] = asyncio.run(on_postgres(server))
    figures: dict[str, object] = {"people": PEOPLE, "asked": PEOPLE // MISSING}
    for database, times in results.items():
        figures |= {f"{database}_{name}_ms": round(value) for name, value in times.items()}
    rows = [(database, *times.values()) for database, times in results.items()]
    columns = ("its reads, ms", "quiet, ms", "morning, ms", "longest stretch, ms", "of it work, ms")
    publish("watch", figures, ("a look at everybody", *columns), rows)


async def on_postgres(server: Server) -> dict[str, float]:
    """Return the medians of a database of a running server."""
    name = f"bench_{new_id()}"
    connection = await asyncpg.connect(server.dsn)
    try:
        await connection.execute(f"CREATE DATABASE {name}")
    finally:
        await connection.close()
    return await measured(server.address(name))
