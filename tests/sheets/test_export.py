"""`main.py export`: the file of a database, and one plain sentence where there is none to write."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
import structlog

from bot.domain.people.employee import Employee
from bot.domain.people.staff import Department, Employment
from bot.domain.planning.schedule import Assignment, Hours, Schedule, ScheduleKind, Scope
from bot.domain.portal import Portal
from bot.domain.workday.punch_log import derive
from bot.ports import Log
from main import main
from storage import open_storage
from tests.sheets.reading import column, days, opened
from tests.unit.domain.logs import punches

MONTH = ("--from", "2026-06-01", "--to", "2026-06-30")
NOW = ("--now", "2026-07-03T12:00:00+03:00")
Export = Callable[..., tuple[int, bytes]]


async def lived(url: str, *portals: Portal) -> None:
    """Make a database: on each portal Anna of Sales and Boris of the Store, who worked on the first of June."""
    storage = await open_storage(url, secret_key="s" * 40)
    await storage.start()
    nine_to_six = Schedule(ScheduleKind.FIXED, (*[Hours(time(9), time(18))] * 5, None, None))
    for portal in portals:
        async with storage.unit_of_work() as uow:
            uow.portals.add(portal)
            uow.schedules.put(Assignment(portal.id, portal.id, Scope.PORTAL, 0, date(2020, 1, 1), nine_to_six))
            for number, (name, department) in enumerate((("Анна Ким", "Продажи"), ("Борис Лавров", "Склад")), 1):
                own = portal.id + number
                uow.employees.add(Employee(own, portal.id, name))
                uow.staff.put_department(Department(own, portal.id, name, department))
                uow.staff.put_employment(Employment(own, portal.id, own, department_id=own))
            await uow.commit()
        for number in (1, 2):
            log = punches("in 2026-06-01 09:00", "out 2026-06-01 18:00", first=portal.id + number * 10)
            async with storage.unit_of_work() as uow:
                person = await uow.employees.get(portal.id, portal.id + number)
                assert person is not None
                uow.punches.add(person, log, Log(datetime(2026, 6, 1, tzinfo=UTC), (), ()), derive(log))
                await uow.commit()
    await storage.close()


@pytest.fixture
def export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Export]:
    """Give the command on a database of its own, with the portals that a test wants; its log is put back after it."""
    url = f"sqlite:///{tmp_path / 'smena.db'}"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("SECRET_KEY", "s" * 40)

    def run(*options: str, portals: tuple[Portal, ...] = (Portal(100, "one.example", "Ромашка"),)) -> tuple[int, bytes]:
        if portals:
            asyncio.run(lived(url, *portals))
        file = tmp_path / "sheet"
        code = main(["export", *options, str(file)])
        return code, file.read_bytes() if file.exists() else b""

    yield run
    structlog.reset_defaults()


def test_everybody(export: Export) -> None:
    """Without more it is a spreadsheet of everybody in the portal's language."""
    code, content = export(*MONTH, *NOW)
    assert (0, ["Анна Ким", "Борис Лавров"]) == (code, column(opened(content)["Итоги"], "Сотрудник"))


def test_a_department_as_t13(export: Export) -> None:
    """A department's form Т-13, found by its name in another case."""
    code, content = export(*MONTH, *NOW, "--format", "t13", "--department", "склада")
    workbook = opened(content)
    assert (0, ["Склад"], ["Я", "НН"]) == (code, workbook.sheetnames, days(workbook["Склад"], 1)[0][:2])


def test_a_person_in_english(export: Export) -> None:
    """One person's days, in the language asked for."""
    code, content = export(*MONTH, *NOW, "--person", "Анна", "--locale", "en", "--format", "csv")
    lines = content.decode().splitlines()
    assert (0, 31, True) == (code, len(lines), lines[1].startswith("Анна Ким,,Продажи,2026-06-01,Mon,"))


@pytest.mark.parametrize(
    ("options", "sentence", "code"),
    [
        (("--from", "2026-06-30", "--to", "2026-06-01"), "--to 2026-06-01 is before --from 2026-06-30", 2),
        ((*MONTH, "--department", "Луна"), "I know no department “Луна”", 1),
        ((*MONTH, "--person", "Кант"), "Кант", 1),
        (("--from", "2025-06-01", "--to", "2025-06-30"), "nothing was recorded from 2025-06-01 to 2025-06-30", 1),
        ((*MONTH, "--portal", "no.example"), "there is no portal no.example; there are: one.example", 1),
    ],
)
def test_there_is_no_file(
    export: Export, capsys: pytest.CaptureFixture[str], options: tuple[str, ...], sentence: str, code: int
) -> None:
    """One plain sentence, its exit code, and no file."""
    found, content = export(*options)
    said = capsys.readouterr().err.strip()
    assert (code, b"", 1) == (found, content, len(said.splitlines()))
    assert sentence in said


def test_several_portals(export: Export, capsys: pytest.CaptureFixture[str]) -> None:
    """Which portal has to be said where several are served."""
    portals = (Portal(100, "one.example"), Portal(200, "two.example"))
    assert 1 == export(*MONTH, portals=portals)[0]
    assert "name one with --portal: one.example, two.example" in capsys.readouterr().err
    assert 0 == export(*MONTH, "--portal", "two.example", portals=())[0]


def test_no_database(export: Export, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Nothing is made where there is nothing to read."""
    assert 1 == export(*MONTH, portals=())[0]
    assert "there is no database of this version" in capsys.readouterr().err
    assert not (tmp_path / "smena.db").exists()
