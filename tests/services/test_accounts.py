"""Accounts from storage: whole teams at once, with absences, approved overtime and what waits."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.leave.absence import Absence, AbsenceKind
from bot.domain.people.employee import Role
from bot.domain.planning.schedule import Assignment, Hours, PlannedBreak, Schedule, ScheduleKind, Scope
from bot.domain.reports.account import Account, Flag
from bot.ids import new_id
from bot.ports import ApprovedOvertime
from bot.services.reports.accounts import Accounts
from storage.unit import UnitOfWork
from tests.people import Company, Person

HOUR = timedelta(hours=1)
MONDAY, SUNDAY = date(2026, 7, 13), date(2026, 7, 19)
NINE_TO_SIX = Schedule(
    ScheduleKind.FIXED,
    (*[Hours(time(9), time(18))] * 5, None, None),
    pause=PlannedBreak(HOUR, time(13)),
)


@pytest.fixture
async def company(tmp_path: Path) -> AsyncIterator[Company]:
    """A portal that works from nine to six."""
    made = await Company(tmp_path).open()
    async with made.storage.unit_of_work() as uow:
        uow.schedules.put(Assignment(new_id(), made.portal.id, Scope.PORTAL, 0, date(2026, 1, 1), NINE_TO_SIX))
        await uow.commit()
    yield made
    await made.close()


async def week(company: Company, person: Person) -> Account:
    """Count the person's week as of now."""
    async with company.storage.unit_of_work() as uow:
        employee = await person.employee()
        return await Accounts(uow).one(company.portal, employee, MONDAY, SUNDAY, company.clock.now())


async def test_a_week_as_it_was_lived(company: Company) -> None:
    """Two days in chat, one of leave, overtime approved for one: hours, norm, balance and what is missing."""
    anna = await company.hire("Анна Ким", "telegram")
    for said, when in (("пришла", "09:00"), ("обед", "13:00"), ("вернулась", "14:00"), ("ушла", "20:00")):
        await company.move(when)
        await anna.says(said)
    await company.move("2026-07-14 09:30")
    await anna.says("пришла")
    await company.move("2026-07-14 12:30")
    async with company.storage.unit_of_work() as uow:
        portal_id, who = company.portal.id, anna.employee_id
        uow.absences.add(Absence(new_id(), portal_id, who, AbsenceKind.SICK, date(2026, 7, 16), date(2026, 7, 17)))
        for length in (HOUR / 2, HOUR):
            uow.overtimes.add(ApprovedOvertime(new_id(), portal_id, who, MONDAY, length))
        await uow.commit()
    found = await week(company, anna)
    assert [each.worked / HOUR for each in found.days] == [10, 3, 0, 0, 0, 0, 0]
    assert [each.norm / HOUR for each in found.days] == [8, 8, 8, 0, 0, 0, 0]
    assert (found.over, found.overtime, found.late) == (2 * HOUR, 1.5 * HOUR, HOUR / 2)
    assert found.absences[AbsenceKind.SICK].workdays == 2
    assert [set(each.flags) for each in found.days[:3]] == [set(), {Flag.RUNNING}, set()]
    await company.move("2026-07-16 10:00")
    assert [each.day.day for each in (await week(company, anna)).flagged(Flag.MISSING)] == [15]


async def test_case_30_a_day_that_waits_for_approval_is_marked(company: Company) -> None:
    """Nothing counts until the lead agrees; then the hours count and the mark is gone."""
    lead = await company.hire("Сергей Орлов", "bitrix24", role=Role.LEAD)
    anna = await company.hire("Анна Ким", "telegram", lead=lead)
    await company.move("2026-07-14 10:00")
    await anna.says("забыла отметиться вчера, была с 9 до 18")
    await anna.presses("Отправить")
    (monday, *others) = (await week(company, anna)).days
    assert (monday.worked, monday.flags) == (timedelta(), {Flag.PENDING, Flag.MISSING})
    assert not any(Flag.PENDING in each.flags for each in others)
    await lead.presses("Согласовать")
    await company.move(timedelta(minutes=1))
    monday = (await week(company, anna)).days[0]
    assert (monday.worked > timedelta(), monday.flags & {Flag.PENDING, Flag.MISSING}) == (True, frozenset())


async def test_people_do_not_mix(company: Company) -> None:
    """Each has their own hours, in their own zone; who recorded nothing has an account as well."""
    anna = await company.hire("Анна Ким", "telegram", zone="Asia/Yekaterinburg")
    boris = await company.hire("Борис Жук", "telegram")
    await anna.says("пришла")
    await company.move("17:00")
    await anna.says("ушла")
    async with company.storage.unit_of_work() as uow:
        people = [await each.employee() for each in (anna, boris)]
        found = await Accounts(uow).of(company.portal, people, MONDAY, SUNDAY, company.clock.now())
    hers, his = (found[each.employee_id].days[0] for each in (anna, boris))
    assert (hers.worked, hers.late, his.worked) == (8 * HOUR, 2 * HOUR, timedelta())
    assert [each.employee_id for each in found.values()] == [anna.employee_id, boris.employee_id]


class Counting:
    """An engine that counts what is read through it."""

    def __init__(self, engine: Any) -> None:
        """Read through `engine`."""
        self._engine = engine
        self.reads = 0

    async def read(self, reads: Any) -> Any:
        """Count and read."""
        self.reads += len(reads)
        return await self._engine.read(reads)


async def test_many_people_take_as_many_reads_as_one(company: Company) -> None:
    """However many are looked at, and however many there are."""
    people = [await (await company.hire(f"Сотрудник {number}", "telegram")).employee() for number in range(12)]
    counts = []
    for some in (people[:1], people, [replace(each, zone="Asia/Omsk") for each in people]):
        engine = Counting(company.storage._engine)  # type: ignore[attr-defined]
        uow = UnitOfWork(engine, lambda: 0, lambda: None, lambda: None)  # type: ignore[arg-type]
        found = await Accounts(uow).of(company.portal, some, MONDAY, SUNDAY, company.clock.now())
        assert len(found) == len(some)
        counts.append(engine.reads)
    assert counts[0] == counts[1] == counts[2] < 20
