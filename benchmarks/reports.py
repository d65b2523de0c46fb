"""What a weekly report costs: of one person and of 200 people, with a month of history behind it and with three years.

A week is counted from storage as everything that shows hours counts it: schedules, absences, corrections and all. Old
history should cost nothing: the ratio is that of three years to a month, of the fastest reports, for a busy machine
slows whichever it hits; it should stay under 1.2.
"""

import asyncio
import contextlib
import sqlite3
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import asyncpg

from benchmarks.people import REALM
from benchmarks.report import median, percentile, publish
from benchmarks.size import size
from benchmarks.turns import SECRET, a_server
from bot.domain.approvals.matter import CorrectionMatter
from bot.domain.approvals.request import ApprovalRequest, RequestState
from bot.domain.leave.absence import Absence, AbsenceKind
from bot.domain.people.employee import Employee
from bot.domain.planning.schedule import Assignment, Hours, PlannedBreak, Schedule, ScheduleKind, Scope
from bot.domain.portal import Portal
from bot.domain.workday.correction import Plan, Subject
from bot.domain.workday.punch_log import Punch, PunchKind, derive
from bot.ids import new_id
from bot.ports import Log, Storage
from bot.services.reports.accounts import Accounts
from storage import open_storage
from tests.postgres import Server

PEOPLE = size(200, 4)
MONDAY, SUNDAY = date(2026, 7, 13), date(2026, 7, 19)
NOW = datetime(2026, 7, 17, 15, 0, tzinfo=UTC)
HISTORIES = {"month": date(2026, 6, 15), "three_years": date(2023, 7, 17)}
"""Since when people have been recording."""
ROUNDS, TEAM_ROUNDS = size(60, 2), size(20, 1)
TIMES = ((PunchKind.IN, 6), (PunchKind.BREAK_START, 10), (PunchKind.BREAK_END, 11), (PunchKind.OUT, 15))
"""Marks of a day, in hours of UTC."""
NINE_TO_SIX = Schedule(
    ScheduleKind.FIXED,
    (*[Hours(clock_time(9), clock_time(18))] * 5, None, None),
    pause=PlannedBreak(timedelta(hours=1), clock_time(13)),
)


@dataclass(frozen=True, slots=True)
class Past:
    """A portal whose people have recorded since a day."""

    portal: Portal
    people: Sequence[Employee]


def marks(number: int, since: date) -> Iterator[Punch]:
    """Yield a person's marks of every weekday up to now, some minutes off the plan."""
    day = since
    while day <= NOW.date():
        for kind, hour in TIMES:
            at = datetime.combine(day, clock_time(hour), UTC) + timedelta(minutes=(number * 7 + day.day) % 20 - 10)
            if day.weekday() < 5 and at <= NOW:
                yield Punch(new_id(), kind, at, at, "Europe/Moscow", "bitrix24", f"{number}:{at}")
        day += timedelta(days=1)


def decided(portal: Portal, person: Employee, day: date) -> ApprovalRequest:
    """Return a correction that was carried out."""
    at = datetime.combine(day, clock_time(12), UTC)
    matter = CorrectionMatter(Plan(Subject.DAY, "UTC", (), (), (), (), None, f"{day}"))
    return ApprovalRequest(
        new_id(), portal.id, person.id, person.id, matter, at, state=RequestState.APPROVED, settled_at=at
    )


async def live(storage: Storage, since: date) -> Past:
    """Fill a database: two hundred people, a correction a month and a week of vacation each half year."""
    past = Past(Portal(new_id(), REALM), [Employee(new_id(), 0, f"Сотрудник {n}") for n in range(PEOPLE)])
    portal = past.portal
    past = Past(portal, [Employee(each.id, portal.id, each.name) for each in past.people])
    async with storage.unit_of_work() as uow:
        uow.portals.add(portal)
        uow.schedules.put(Assignment(new_id(), portal.id, Scope.PORTAL, 0, date(2020, 1, 1), NINE_TO_SIX))
        for person in past.people:
            uow.employees.add(person)
        await uow.commit()
    for number, person in enumerate(past.people):
        async with storage.unit_of_work() as uow:
            log = list(marks(number, since))
            uow.punches.add(person, log, Log(NOW, (), ()), derive(log))
            for month in range((MONDAY - since).days // 30 + 1):
                day = MONDAY - timedelta(days=30 * month + number % 20)
                uow.requests.add(decided(portal, person, day))
                if month % 6 == 0:
                    last = day + timedelta(days=6)
                    uow.absences.add(Absence(new_id(), portal.id, person.id, AbsenceKind.VACATION, day, last))
            await uow.commit()
    return past


async def report(storage: Storage, past: Past, people: Sequence[Employee]) -> float:
    """Return the milliseconds of a weekly report of some people."""
    began = time.perf_counter()
    async with storage.unit_of_work() as uow:
        found = await Accounts(uow).of(past.portal, people, MONDAY, SUNDAY, NOW)
    took = (time.perf_counter() - began) * 1000
    if len(found) != len(people) or not all(each.worked for each in found.values()):
        raise SystemExit("somebody has no hours")
    return took


@contextlib.asynccontextmanager
async def lived(url: str, since: date) -> AsyncIterator[tuple[Storage, Past]]:
    """Give a storage with a past."""
    storage: Any = await open_storage(url, secret_key=SECRET)
    await storage.start()
    try:
        yield storage, await live(storage, since)
    finally:
        await storage.close()


async def measured(urls: dict[str, str]) -> dict[str, dict[str, list[float]]]:
    """Measure the histories in turns, so that a busy machine is busy for all of them."""
    times: dict[str, dict[str, list[float]]] = {name: {"person": [], "team": []} for name in urls}
    async with contextlib.AsyncExitStack() as stack:
        open_ = {name: await stack.enter_async_context(lived(url, HISTORIES[name])) for name, url in urls.items()}
        for turn in range(ROUNDS):
            for name, (storage, past) in open_.items():
                await report(storage, past, [past.people[turn]])
                times[name]["person"].append(await report(storage, past, [past.people[turn]]))
                if turn < TEAM_ROUNDS:
                    times[name]["team"].append(await report(storage, past, past.people))
    return times


async def on_postgres(server: Server) -> dict[str, dict[str, list[float]]]:
    """Measure on databases of a running server."""
    urls = {}
    connection = await asyncpg.connect(server.dsn)
    try:
        for name in HISTORIES:
            database = f"bench_{new_id()}"
            await connection.execute(f"CREATE DATABASE {database}")
            urls[name] = server.address(database)
    finally:
        await connection.close()
    return await measured(urls)


def punches(file: Path) -> int:
    """Return how many marks a database has."""
    with contextlib.closing(sqlite3.connect(file)) as database:
        return int(database.execute("SELECT count(*) FROM punch").fetchone()[0])


def main() -> None:
    """Measure both databases."""
    results = {}
    with TemporaryDirectory(prefix="smena-bench-") as folder:
        urls = {name: f"sqlite:///{Path(folder) / name}.db" for name in HISTORIES}
        results["sqlite"] = asyncio.run(measured(urls))
        sizes = {name: punches(Path(folder) / f"{name}.db") for name in HISTORIES}
    with a_server() as server:
        if server is not None:
            results["postgresql"] = asyncio.run(on_postgres(server))
    figures: dict[str, object] = {"people": PEOPLE, "punches": sizes}
    rows: list[tuple[object, ...]] = []
    for database, times in results.items():
        for whose, title in (("person", "one person"), ("team", f"{PEOPLE} people")):
            young, old = (times[name][whose] for name in HISTORIES)
            ratio = round(min(old) / min(young), 2)
            figures[f"{database}_{whose}_month_ms"] = round(median(young), 2)
            figures[f"{database}_{whose}_three_years_ms"] = round(median(old), 2)
            figures[f"{database}_{whose}_ratio"] = ratio
            rows.append((f"{database}: {title}", median(young), median(old), ratio, percentile(old, 0.95)))
    publish("reports", figures, ("weekly report", "a month, ms", "three years, ms", "ratio", "p95, ms"), rows)
