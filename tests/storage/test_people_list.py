"""The list of people on both databases: by name, a page at a time, by department, role and state."""

from dataclasses import replace
from datetime import date

from bot.domain.people.employee import Role
from bot.domain.people.listed import ListedPerson, PeopleState, PeopleWanted
from bot.domain.people.staff import Department, Employment
from storage import Database
from tests.storage.given import PORTAL, given, person

TODAY = date(2026, 11, 20)


async def _page(storage: Database, wanted: PeopleWanted, after: int = 0, size: int = 50) -> list[ListedPerson]:
    unit = storage.unit_of_work()
    behind = await unit.employees.get(1, after) if after else None
    return list(await unit.people_lists.page(1, wanted, behind, size, today=TODAY, invites="telegram"))


async def _names(storage: Database, wanted: PeopleWanted) -> list[str]:
    return [each.employee.name for each in await _page(storage, wanted)]


async def test_people_are_listed(storage: Database) -> None:
    """In whatever case one writes a name: with all accounts, the department of today, and the lead."""
    await given(
        storage,
        replace(person(10, "Анна Ким", telegram=True), lead_id=11),
        replace(person(11, "Сергей Орлов"), role=Role.LEAD),
        replace(person(12, "Борис 100% Лавров"), is_disabled=True),
        person(13, "Анна Ким"),
    )
    async with storage.unit_of_work() as unit:
        unit.staff.put_department(Department(1, 1, "1", "Компания"))
        unit.staff.put_department(Department(2, 1, "2", "Продажи", "1"))
        unit.staff.put_employment(Employment(21, 1, 10, date(2020, 1, 1), date(2026, 10, 31), 1))
        unit.staff.put_employment(Employment(22, 1, 10, date(2026, 11, 1), None, 2))
        unit.staff.put_employment(Employment(23, 1, 13, date(2020, 1, 1), date(2026, 10, 31), 2))
        await unit.commit()
    first = await _page(storage, PeopleWanted("аННа"), size=1)
    assert [(10, "Продажи", "Сергей Орлов", 2)] == [
        (each.employee.id, each.department, each.lead, len(each.employee.identities)) for each in first
    ]
    assert [13] == [each.employee.id for each in await _page(storage, PeopleWanted("ким"), after=10)]
    assert ["Анна Ким"] == await _names(storage, PeopleWanted(department_id=1))
    assert ["Анна Ким"] == await _names(storage, PeopleWanted(department_id=2))
    assert ["Сергей Орлов"] == await _names(storage, PeopleWanted(role=Role.LEAD))
    assert ["Анна Ким", "Анна Ким", "Сергей Орлов"] == await _names(storage, PeopleWanted())
    assert ["Анна Ким", "Сергей Орлов"] == await _names(storage, PeopleWanted(state=PeopleState.UNLINKED))
    assert ["Борис 100% Лавров"] == await _names(storage, PeopleWanted("0% л", state=PeopleState.DISABLED))
    assert [] == await _names(storage, PeopleWanted("_", state=PeopleState.ALL))
    assert 4 == len(await _names(storage, PeopleWanted(state=PeopleState.ALL)))


async def test_whom_messages_do_not_reach(storage: Database) -> None:
    """One account that is lost is enough; nobody of another portal is listed."""
    anna = person(10, "Анна Ким", telegram=True)
    await given(storage, anna, person(11, "Борис Лавров", telegram=True))
    async with storage.unit_of_work() as unit:
        unit.employees.set_reachable(anna, anna.identities[1], is_reachable=False)
        await unit.commit()
    assert ["Анна Ким"] == await _names(storage, PeopleWanted(state=PeopleState.UNREACHED))
    unit = storage.unit_of_work()
    assert [] == await unit.people_lists.page(PORTAL.id + 1, PeopleWanted(), None, 50, today=TODAY, invites="telegram")
