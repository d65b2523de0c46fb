"""The portal's directory: who works there, who leads whom, and what stays when an administrator chose otherwise."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.employee import Employee, Role
from bot.domain.errors import AmbiguousPerson, LastAdmin, UnknownPerson
from bot.ports import Person
from bot.services.people import People
from bot.services.tenancy import Tenancy
from tests.people import MONDAY, REALM, Company

LISTED = (
    Person("1", "Ольга Смирнова", "Europe/Moscow", is_admin=True),
    Person("2", "Сергей Орлов", "Europe/Moscow", heads=("1",)),
    Person("3", "Анна Ким", "Asia/Yekaterinburg", heads=("2", "1")),
)


@pytest.fixture
async def company(tmp_path: Path) -> AsyncIterator[Company]:
    """A portal with nobody in it."""
    made = await Company(tmp_path).open()
    yield made
    await made.close()


async def people(company: Company) -> dict[str, Employee]:
    """Everybody, by their account on the portal."""
    async with company.storage.unit_of_work() as uow:
        everybody = await uow.employees.of_portal(company.portal.id)
    return {each.identities[0].account: each for each in everybody}


async def test_first_reading(company: Company) -> None:
    """People come with their names, zones, roles and leads: whoever heads somebody is a lead."""
    await Tenancy(company.storage, "bitrix24").people_listed(REALM, LISTED)
    found = await people(company)
    assert [Role.ADMIN, Role.LEAD, Role.EMPLOYEE] == [found[each].role for each in "123"]
    assert [None, found["1"].id, found["2"].id] == [found[each].lead_id for each in "123"]
    assert "Asia/Yekaterinburg" == found["3"].zone


async def test_reading_twice_changes_nothing(company: Company) -> None:
    """The same directory read again changes nobody."""
    tenancy = Tenancy(company.storage, "bitrix24")
    await tenancy.people_listed(REALM, LISTED)
    before = await people(company)
    await tenancy.people_listed(REALM, LISTED)
    assert before == await people(company)


async def test_what_was_chosen_stays(company: Company) -> None:
    """A role and a zone that were chosen by hand are not overwritten by the directory."""
    tenancy = Tenancy(company.storage, "bitrix24")
    await tenancy.people_listed(REALM, LISTED)
    found = await people(company)
    async with company.storage.unit_of_work() as uow:
        service = People(uow)
        await service.set_role(found["1"], found["3"], Role.LEAD, MONDAY)
        await uow.commit()
    anna = (await people(company))["3"]
    async with company.storage.unit_of_work() as uow:
        People(uow).move(anna, "Asia/Vladivostok")
        await uow.commit()
    await tenancy.people_listed(REALM, LISTED)
    anna = (await people(company))["3"]
    assert (Role.LEAD, "Asia/Vladivostok") == (anna.role, anna.zone)


async def test_unknown_zone(company: Company) -> None:
    """A zone that does not exist is left out: the portal's own counts."""
    await Tenancy(company.storage, "bitrix24").people_listed(REALM, [Person("9", "Пётр", "Mars/Olympus")])
    assert company.portal.zone == (await people(company))["9"].zone


async def test_dismissed(company: Company) -> None:
    """Somebody who was dismissed on the portal is switched off; one who was never here is not taken over."""
    tenancy = Tenancy(company.storage, "bitrix24")
    await tenancy.people_listed(REALM, LISTED)
    gone = [Person("3", "Анна Ким", is_active=False), Person("8", "Давно ушёл", is_active=False)]
    await tenancy.people_listed(REALM, gone)
    found = await people(company)
    assert found["3"].is_disabled
    assert "8" not in found


async def test_last_administrator(company: Company) -> None:
    """The only administrator can neither be made an employee nor switched off."""
    await Tenancy(company.storage, "bitrix24").people_listed(REALM, LISTED)
    olga = (await people(company))["1"]
    async with company.storage.unit_of_work() as uow:
        with pytest.raises(LastAdmin):
            await People(uow).set_role(olga, olga, Role.EMPLOYEE, MONDAY)
        with pytest.raises(LastAdmin):
            await People(uow).set_disabled(olga, olga, MONDAY, is_disabled=True)


async def test_names(company: Company) -> None:
    """A name is found by its beginning, in any order; two of a kind are asked about, nobody is told so."""
    more = [*LISTED, Person("4", "Анна Павлова")]
    await Tenancy(company.storage, "bitrix24").people_listed(REALM, more)
    async with company.storage.unit_of_work() as uow:
        service = People(uow)
        assert "Анна Ким" == (await service.find(company.portal, "ким анна")).name
        with pytest.raises(AmbiguousPerson):
            await service.find(company.portal, "Анна")
        with pytest.raises(UnknownPerson):
            await service.find(company.portal, "Виктор")
