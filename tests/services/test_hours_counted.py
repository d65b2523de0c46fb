"""Statistics of hours from storage: whose they are, months, and overtime against the limits of the law."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.domain.errors import LeadsOnly
from bot.domain.people.employee import Role
from bot.domain.planning.schedule import Assignment, Scope
from bot.domain.reports.limits import LimitKind
from bot.ids import new_id
from bot.ports import ApprovedOvertime
from bot.services.reports.hours_counted import HourNumbers, HoursCounted
from tests.people import Company, Person
from tests.services.test_accounts import NINE_TO_SIX

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
async def company(tmp_path: Path) -> AsyncIterator[Company]:
    """A portal that works from nine to six; it is Monday 13 July 2026."""
    made = await Company(tmp_path).open()
    async with made.storage.unit_of_work() as uow:
        uow.schedules.put(Assignment(new_id(), made.portal.id, Scope.PORTAL, 0, date(2025, 1, 1), NINE_TO_SIX))
        await uow.commit()
    yield made
    await made.close()


async def approved(company: Company, person: Person, *lengths: tuple[date, float]) -> None:
    """Let overtime be approved."""
    async with company.storage.unit_of_work() as uow:
        for day, hours in lengths:
            uow.overtimes.add(
                ApprovedOvertime(new_id(), company.portal.id, person.employee_id, day, timedelta(hours=hours))
            )
        await uow.commit()


async def counted(company: Company, reader: Person, first: date, last: date) -> HourNumbers:
    """Count for a reader."""
    async with company.storage.unit_of_work() as uow:
        who = await reader.employee()
        return await HoursCounted(uow).of(company.portal, who, None, first, last, company.clock.now())


async def test_each_month_and_person_adds_up(company: Company) -> None:
    """A lead reads those below: a day from nine to eight is ten hours less lunch, of which the approved is overtime."""
    sergey = await company.hire("Сергей Орлов", "bitrix24", role=Role.LEAD)
    anna = await company.hire("Анна Ким", "bitrix24", lead=sergey)
    stranger = await company.hire("Борис Лавров", "bitrix24")
    for said, when in (("пришла", "09:00"), ("обед", "13:00"), ("вернулась", "14:00"), ("ушла", "20:00")):
        await company.move(f"2026-07-13 {when}")
        await anna.says(said)
    await approved(company, anna, (date(2026, 7, 13), 1.5))
    await company.move("2026-09-01 09:00")
    found = await counted(company, sergey, date(2026, 6, 1), date(2026, 8, 31))
    assert [anna.employee_id] == [each.employee.id for each in found.people]
    (row,) = found.people
    assert (10 * HOUR, 1.5 * HOUR) == (row.account.worked, row.account.overtime)
    assert [(6, 0), (7, 10), (8, 0)] == [(each.first.month, each.worked / HOUR) for each in found.months]
    assert row.norm == sum((each.norm for each in found.months if each.norm), timedelta())
    assert 2 * HOUR == found.months[1].over
    assert (10 * HOUR, 4 * HOUR, 120 * HOUR) == (found.worked, found.limits.per_two_days, found.limits.per_year)
    with pytest.raises(LeadsOnly):
        await counted(company, stranger, date(2026, 7, 1), date(2026, 7, 31))


async def test_overtime_over_the_law_is_told(company: Company) -> None:
    """Three and two hours on neighbouring days are over four; a year begins at New Year, and has 120."""
    olga = await company.hire("Ольга Смирнова", "bitrix24", role=Role.ADMIN)
    anna = await company.hire("Анна Ким", "bitrix24", lead=olga)
    await approved(company, anna, (date(2025, 12, 30), 3), (date(2025, 12, 31), 2))
    await approved(company, anna, *((date(2026, 1, 2) + DAY * 4 * number, 4) for number in range(31)))
    winter = await counted(company, olga, date(2025, 12, 1), date(2026, 1, 31))
    row = next(each for each in winter.people if each.employee.id == anna.employee_id)
    assert [(LimitKind.TWO_DAYS, 5 * HOUR)] == [
        (each.kind, each.overtime) for each in row.over_limits if each.first.year == 2025
    ]
    assert 32 * HOUR == row.year_overtime
    summer = await counted(company, olga, date(2026, 7, 1), date(2026, 7, 31))
    row = next(each for each in summer.people if each.employee.id == anna.employee_id)
    assert (124 * HOUR, 0) == (row.year_overtime, len(row.over_limits))  # its last day was before July
    spring = await counted(company, olga, date(2026, 4, 1), date(2026, 5, 31))
    row = next(each for each in spring.people if each.employee.id == anna.employee_id)
    assert [LimitKind.YEAR] == [each.kind for each in row.over_limits]
