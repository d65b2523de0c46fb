"""Departments, employments, schedules, named dates and changed calendar days are kept as they were noted."""

from dataclasses import replace
from datetime import date, time, timedelta
from fractions import Fraction

import pytest

from bot.domain.people.staff import ALWAYS, Department, Employment
from bot.domain.planning.calendar import CalendarDay
from bot.domain.planning.schedule import Assignment, Hours, PlannedBreak, PlannedDate, Schedule, ScheduleKind, Scope
from storage import Database
from tests.storage.given import given, person

SALES = Department(301, 1, "3", "Продажи", "1", 10)
NIGHT = Hours(time(20), time(8), "ночь")
ROTA = Schedule(
    ScheduleKind.ROTA,
    (NIGHT, NIGHT, None, None),
    date(2026, 6, 1),
    PlannedBreak(timedelta(minutes=30), time(1), is_paid=True, is_deducted=True),
    grace=timedelta(minutes=10),
    week_hours=Fraction(36),
    fraction=Fraction(1, 3),
    norm=timedelta(hours=33, seconds=1),
    norm_per="week",
    accounting="quarter",
    break_limit=timedelta(minutes=90),
)


async def test_a_department_is_known_by_its_key(storage: Database) -> None:
    """A second department of the same key is a change of the first."""
    await given(storage, person(10))
    for name in ("Продажи", "Отдел продаж"):
        async with storage.unit_of_work() as unit:
            unit.staff.put_department(replace(SALES, name=name))
            await unit.commit()
    found = await storage.unit_of_work().staff.departments(1)
    assert [replace(SALES, name="Отдел продаж")] == found


async def test_employments_are_stretches(storage: Database) -> None:
    """A stretch is ended under its id; others' are not read with one person's."""
    await given(storage, person(10), person(11))
    first = Employment(1, 1, 10, ALWAYS, None, 301, "Менеджер", "0042")
    other = Employment(2, 1, 11)
    async with storage.unit_of_work() as unit:
        unit.staff.put_employment(first)
        unit.staff.put_employment(other)
        await unit.commit()
    ended = replace(first, until=date(2026, 6, 14), is_told=True)
    second = Employment(3, 1, 10, date(2026, 6, 15), None, 302, "Руководитель", "0042")
    async with storage.unit_of_work() as unit:
        unit.staff.put_employment(second)
        unit.staff.put_employment(ended)
        assert [ended, second] == await unit.staff.employments(1, 10)
        await unit.commit()
    unit = storage.unit_of_work()
    assert [ended, second] == await unit.staff.employments(1, 10)
    assert [ended, other, second] == await unit.staff.employments(1)


async def test_a_schedule_is_read_as_it_was_given(storage: Database) -> None:
    """Every field survives; one given to the same target from the same day replaces the former."""
    await given(storage, person(10))
    plain = Assignment(5, 1, Scope.PORTAL, 0, date(2026, 1, 1), Schedule(ScheduleKind.NONE))
    rota = Assignment(6, 1, Scope.PERSON, 10, date(2026, 6, 1), ROTA)
    async with storage.unit_of_work() as unit:
        unit.schedules.put(plain)
        unit.schedules.put(replace(rota, id=7, schedule=Schedule(ScheduleKind.NONE)))
        await unit.commit()
    async with storage.unit_of_work() as unit:
        unit.schedules.put(rota)
        await unit.commit()
    found = await storage.unit_of_work().schedules.assignments(1)
    assert [(plain.scope, plain.schedule), (rota.scope, ROTA)] == [(each.scope, each.schedule) for each in found]


async def test_schedules_for_one_person(storage: Database) -> None:
    """Those of the portal and of departments, and the person's own, stored or noted; nobody else's."""
    await given(storage, person(10), person(11))
    none = Schedule(ScheduleKind.NONE)
    targets = [(Scope.PORTAL, 0), (Scope.DEPARTMENT, 7), (Scope.PERSON, 10), (Scope.PERSON, 11)]
    unit = storage.unit_of_work()
    for number, (scope, target) in enumerate(targets):
        unit.schedules.put(Assignment(number + 1, 1, scope, target, date(2026, 1, 1), none))
    wanted = targets[:3]
    assert wanted == [(each.scope, each.target_id) for each in await unit.schedules.assignments(1, 10)]
    await unit.commit()
    unit = storage.unit_of_work()
    assert wanted == [(each.scope, each.target_id) for each in await unit.schedules.assignments(1, 10)]
    assert targets == [(each.scope, each.target_id) for each in await unit.schedules.assignments(1)]


async def test_a_date_is_named_and_forgotten(storage: Database) -> None:
    """A shift or a day off stands for one date of one person, and can be taken back."""
    await given(storage, person(10), person(11))
    shift = PlannedDate(1, 10, date(2026, 6, 5), NIGHT, PlannedBreak(timedelta(hours=1)))
    off = PlannedDate(1, 11, date(2026, 6, 5), None)
    async with storage.unit_of_work() as unit:
        unit.schedules.put_date(replace(shift, hours=None))
        unit.schedules.put_date(off)
        await unit.commit()
    async with storage.unit_of_work() as unit:
        unit.schedules.put_date(shift)
        assert [shift, off] == await unit.schedules.dates(1, date(2026, 6, 5), date(2026, 6, 5))
        await unit.commit()
    async with storage.unit_of_work() as unit:
        unit.schedules.remove_date(off)
        await unit.commit()
    unit = storage.unit_of_work()
    assert [shift] == await unit.schedules.dates(1, date(2026, 6, 1), date(2026, 6, 30))
    assert [] == await unit.schedules.dates(1, date(2026, 6, 6), date(2026, 6, 30))


async def test_a_calendar_day_is_changed_and_as_it_was(storage: Database) -> None:
    """Two flags and the word of the administrator; removed, the country's own counts again."""
    await given(storage, person(10))
    day = CalendarDay(date(2026, 4, 30), is_off=False, is_short=True, is_holiday=False, note="указ", source="hand")
    async with storage.unit_of_work() as unit:
        unit.calendar.put(1, replace(day, is_off=True))
        await unit.commit()
    async with storage.unit_of_work() as unit:
        unit.calendar.put(1, day)
        await unit.commit()
    assert [day] == await storage.unit_of_work().calendar.days(1)
    async with storage.unit_of_work() as unit:
        unit.calendar.remove(1, day.day)
        assert [] == await unit.calendar.days(1)
        await unit.commit()
    assert [] == await storage.unit_of_work().calendar.days(1)


@pytest.mark.parametrize("portal_id", [2, 99])
async def test_another_portal_sees_nothing(storage: Database, portal_id: int) -> None:
    """What is planned on one portal is nobody else's."""
    await given(storage, person(10))
    async with storage.unit_of_work() as unit:
        unit.staff.put_department(SALES)
        unit.staff.put_employment(Employment(1, 1, 10))
        unit.schedules.put(Assignment(5, 1, Scope.PORTAL, 0, date(2026, 1, 1), ROTA))
        unit.schedules.put_date(PlannedDate(1, 10, date(2026, 6, 5), None))
        unit.calendar.put(1, CalendarDay(date(2026, 4, 30), is_off=True, is_short=False, is_holiday=False))
        await unit.commit()
    unit = storage.unit_of_work()
    assert [[]] * 5 == [
        await unit.staff.departments(portal_id),
        await unit.staff.employments(portal_id),
        await unit.schedules.assignments(portal_id),
        await unit.schedules.dates(portal_id, date(2026, 1, 1), date(2026, 12, 31)),
        await unit.calendar.days(portal_id),
    ]
