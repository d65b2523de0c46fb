"""A portal's people as routes see them: the portal's numbers, heads, departments, groups, absences, working days."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.domain.leave.absence import Absence, AbsenceKind
from bot.domain.people.group import Group
from bot.ids import new_id
from bot.ports import ListedDepartment
from bot.ports import Person as Listed
from bot.services.approvals.structure import PortalStructure, Structures
from tests.people import REALM, Company

MOSCOW_MIDNIGHT = datetime(2026, 7, 14, 21, 0, tzinfo=UTC)
"""Of the night to 15 July."""


@pytest.fixture
async def company(tmp_path: Path) -> AsyncIterator[Company]:
    """Olga (1) heads all and Sergey (2) the sales people, Anna (3) and Boris (4), who has left; Vera is no portal's."""
    made = await Company(tmp_path).open()
    departments = [ListedDepartment("1", "Ромашка", "", "1"), ListedDepartment("3", "Продажи", "1", "2")]
    people = [
        Listed("1", "Ольга", is_admin=True, departments=("1",)),
        Listed("2", "Сергей", heads=("1",), departments=("3",)),
        Listed("3", "Анна", heads=("2", "1"), departments=("3",)),
        Listed("4", "Борис", heads=("2", "1"), departments=("3",)),
    ]
    await made.lists(REALM, people, departments)
    await made.lists(REALM, [Listed("4", "Борис", is_active=False)])
    yield made
    await made.close()


async def read(company: Company) -> PortalStructure:
    """Return the structure now."""
    async with company.storage.unit_of_work() as uow:
        portal = await uow.portals.get(company.portal.id)
        assert portal is not None
        return await Structures(uow).of(portal, company.clock.now())


async def test_whom_the_portal_knows_has_its_number(company: Company) -> None:
    """Others have the id that only Smena knows; who left is there and not active."""
    vera = await company.hire("Вера", "telegram")
    structure = await read(company)
    own = str(vera.employee_id)
    assert {1, 2, 3, 4, own} == set(structure.company.people)
    assert [True, False] == [structure.company.is_active(each) for each in (3, 4)]
    found = structure.employee(own)
    assert found is not None
    assert "Вера" == found.name


async def test_heads_and_departments(company: Company) -> None:
    """As the portal has them, up to the top; members by name."""
    found = (await read(company)).company
    assert [2, 1, None] == [found.head_of(each) for each in (3, 2, 1)]
    assert ((2, 1), (1,)) == (found.heads_of_department(3), found.heads_of_department(1))
    assert ((3, 2), 3) == (tuple(each for each in found.members(3) if found.is_active(each)), found.department_of(3))


async def test_groups_and_absences(company: Company) -> None:
    """Groups keep their order; whole days by one's own clock, remote days are no absence."""
    before = await read(company)
    ids = {number: before.employees[number].id for number in (2, 3)}
    async with company.storage.unit_of_work() as uow:
        uow.groups.put(Group(company.portal.id, "hr", "Кадры", (ids[3], ids[2])))
        await uow.commit()
    async with company.storage.unit_of_work() as uow:
        for kind, number in ((AbsenceKind.VACATION, 3), (AbsenceKind.REMOTE, 2)):
            days = date(2026, 7, 13), date(2026, 7, 14)
            uow.absences.add(Absence(new_id(), company.portal.id, ids[number], kind, *days))
        await uow.commit()
    found = (await read(company)).company
    assert (3, 2) == found.group("hr")
    assert [MOSCOW_MIDNIGHT, None] == [found.away_until(each, company.clock.now()) for each in (3, 2)]


async def test_working_days_are_the_calendars(company: Company) -> None:
    """Weekends and holidays are off."""
    hours = (await read(company)).hours
    off = {date(2026, 7, 18), date(2026, 7, 19), date(2026, 11, 4), date(2027, 1, 1)}
    assert all(each in hours.off for each in off)
    assert not any(each in hours.off for each in (date(2026, 7, 13), date(2026, 11, 5)))
