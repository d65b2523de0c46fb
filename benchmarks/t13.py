"""Form Т-13 of a thousand people for a month: from storage to the finished spreadsheet, and how much memory it takes.

A fifth of the people work nights, so that their cells are divided at midnight. Beside it the same number of cells as
the library writes them alone, without formats, merged cells or anything to count. Each runs in a process of its own,
so that the peak of memory is its own.
"""

import asyncio
import multiprocessing
import resource
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from xlsxwriter import Workbook

from benchmarks.people import REALM
from benchmarks.report import median, publish
from benchmarks.reports import NINE_TO_SIX
from benchmarks.size import size
from benchmarks.turns import SECRET
from bot.domain.people.employee import Employee
from bot.domain.people.staff import Department, Employment
from bot.domain.planning.schedule import Assignment, Hours, Schedule, ScheduleKind, Scope
from bot.domain.portal import Portal
from bot.domain.workday.punch_log import Punch, PunchKind, derive
from bot.i18n import Translator
from bot.ids import new_id
from bot.ports import Log, Storage
from bot.services.reports.sheets import Order, Sheets
from bot.sheets.book import Format
from bot.sheets.render import render
from main import collect_rarely
from storage import open_storage

PEOPLE, DEPARTMENTS, ROUNDS = size(1_000, 10), size(10, 2), size(3, 1)
FIRST, LAST = date(2026, 6, 1), date(2026, 6, 30)
NOW = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)
DAY = ((PunchKind.IN, 6), (PunchKind.BREAK_START, 10), (PunchKind.BREAK_END, 11), (PunchKind.OUT, 15))
NIGHT = ((PunchKind.IN, 17), (PunchKind.OUT, 29))
"""Marks in hours of UTC after midnight."""
NIGHTS = Schedule(ScheduleKind.ROTA, (*[Hours(clock_time(20), clock_time(8))] * 2, None, None), anchor=FIRST)


def marks(number: int) -> Iterator[Punch]:
    """Yield the marks of a person's month, some minutes off the plan."""
    is_night = number % 5 == 0
    for day in (FIRST + timedelta(days=each) for each in range(30)):
        if (day - FIRST).days % 4 > 1 if is_night else day.weekday() > 4:
            continue
        for kind, hour in NIGHT if is_night else DAY:
            at = datetime.combine(day, clock_time(), UTC) + timedelta(hours=hour, minutes=(number * 7 + day.day) % 20)
            yield Punch(new_id(), kind, at, at, "Europe/Moscow", "bitrix24", f"{number}:{at}")


async def live(storage: Storage) -> None:
    """Fill a database: a thousand people in ten departments, and their June."""
    portal = Portal(new_id(), REALM, "Ромашка")
    departments = [Department(new_id(), portal.id, str(n), f"Отдел {n}") for n in range(DEPARTMENTS)]
    people = [Employee(new_id(), portal.id, f"Сотрудник {n}") for n in range(PEOPLE)]
    async with storage.unit_of_work() as uow:
        uow.portals.add(portal)
        uow.schedules.put(Assignment(new_id(), portal.id, Scope.PORTAL, 0, date(2020, 1, 1), NINE_TO_SIX))
        for department in departments:
            uow.staff.put_department(department)
        await uow.commit()
    for number, person in enumerate(people):
        log = list(marks(number))
        async with storage.unit_of_work() as uow:
            uow.employees.add(person)
            department = departments[number % DEPARTMENTS]
            uow.staff.put_employment(
                Employment(
                    new_id(), portal.id, person.id, department_id=department.id, title="инженер", number=str(number)
                )
            )
            if number % 5 == 0:
                uow.schedules.put(Assignment(new_id(), portal.id, Scope.PERSON, person.id, date(2020, 1, 1), NIGHTS))
            uow.punches.add(person, log, Log(NOW, (), ()), derive(log))
            await uow.commit()


async def opened(url: str) -> Any:
    """Return a storage at an address."""
    storage = await open_storage(url, secret_key=SECRET)
    await storage.start()
    return storage


async def fill(url: str) -> None:
    """Make the database."""
    storage = await opened(url)
    await live(storage)
    await storage.close()


async def make(url: str) -> tuple[float, float, int]:
    """Return the seconds of reading and counting, those of writing the form, and its size."""
    storage = await opened(url)
    began = time.perf_counter()
    async with storage.unit_of_work() as uow:
        portal = await uow.portals.by_key(REALM)
        people = await uow.employees.of_portal(portal.id)
        book = await Sheets(uow).book_of(portal, people, Order(Format.T13, FIRST, LAST), NOW, "Europe/Moscow")
    counted = time.perf_counter()
    file = render(book, Format.T13, Translator("ru", "Europe/Moscow", NOW))
    done = time.perf_counter()
    await storage.close()
    if len(book.lines) != PEOPLE or not all(line.account.worked for line in book.lines):
        raise SystemExit("somebody has no hours")
    return counted - began, done - counted, len(file.content)


def ours(url: str) -> dict[str, float]:
    """Make the form once; seconds, bytes, and the peak of memory."""
    collect_rarely()
    counting, writing, size = asyncio.run(make(url))
    return {"counting": counting, "writing": writing, "size": size, "peak": peak()}


def floor(_: str) -> dict[str, float]:
    """Write as many cells with the library alone."""
    collect_rarely()
    began = time.perf_counter()
    target = BytesIO()
    book = Workbook(target, {"in_memory": True})
    for _ in range(DEPARTMENTS):
        sheet = book.add_worksheet()
        for row in range(PEOPLE // DEPARTMENTS * 4):
            for column in range(31):
                if row % 2:
                    sheet.write_number(row, column, 8)
                else:
                    sheet.write_string(row, column, "Я")
    book.close()
    return {"writing": time.perf_counter() - began, "peak": peak()}


def peak() -> float:
    """Return the most memory that this process has had, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Measure both, each round in a fresh process."""
    fresh = multiprocessing.get_context("spawn")
    with TemporaryDirectory(prefix="smena-bench-") as folder:
        url = f"sqlite:///{Path(folder) / 'bench.db'}"
        asyncio.run(fill(url))
        results: dict[str, list[dict[str, float]]] = {"ours": [], "floor": []}
        for _ in range(ROUNDS):
            for name, measure in (("ours", ours), ("floor", floor)):
                with fresh.Pool(1) as pool:
                    results[name].append(pool.apply(measure, (url,)))
    found = {key: median([each[key] for each in results["ours"]]) for key in results["ours"][0]}
    bare = {key: median([each[key] for each in results["floor"]]) for key in results["floor"][0]}
    total = found["counting"] + found["writing"]
    figures = {
        "people": PEOPLE,
        "seconds": round(total, 2),
        "counting_seconds": round(found["counting"], 2),
        "writing_seconds": round(found["writing"], 2),
        "floor_seconds": round(bare["writing"], 2),
        "peak_mb": round(found["peak"]),
        "floor_peak_mb": round(bare["peak"]),
        "file_kb": round(found["size"] / 1024),
    }
    rows = [
        (f"Т-13 of {PEOPLE} people", total, found["counting"], found["writing"], found["peak"]),
        ("the library alone, as many cells", bare["writing"], "", bare["writing"], bare["peak"]),
    ]
    publish("t13", figures, ("a month", "seconds", "counting", "writing", "peak MB"), rows)
