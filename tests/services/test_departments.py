"""Departments: found by what people say, and who works in them on a day."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.ports import ListedDepartment, Person
from bot.services.people.departments import AmbiguousDepartment, Departments, UnknownDepartment
from tests.people import MONDAY, REALM, Company

LISTED = (
    ListedDepartment("1", "Ромашка"),
    ListedDepartment("3", "Отдел продаж", parent="1"),
    ListedDepartment("4", "Склад на Лесной", parent="3"),
    ListedDepartment("5", "Склад на Речной", parent="1"),
)
PEOPLE = (
    Person("1", "Анна", departments=("3",)),
    Person("2", "Борис", departments=("4", "3")),
    Person("3", "Вера", departments=("5",)),
    Person("4", "Ольга", departments=("1",)),
)


@pytest.fixture
async def company(tmp_path: Path) -> AsyncIterator[Company]:
    """A portal with four departments and a person in each."""
    made = await Company(tmp_path).open()
    await made.lists(REALM, PEOPLE, LISTED)
    yield made
    await made.close()


async def found(company: Company, said: str) -> str:
    """The name of the department that was meant."""
    async with company.storage.unit_of_work() as uow:
        return (await Departments(uow).find(company.portal, said)).name


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Отдел продаж", "Отдел продаж"),
        ("отдела продаж", "Отдел продаж"),
        ("продаж", "Отдел продаж"),
        ("складу на Лесной", "Склад на Лесной"),
        ("склад лес", "Склад на Лесной"),
        ("ромашки", "Ромашка"),
    ],
)
async def test_found(company: Company, said: str, name: str) -> None:
    """In any case, with or without the word department, or by beginnings of its words."""
    assert name == await found(company, said)


async def test_not_found(company: Company) -> None:
    """Several are asked about, none is said so."""
    with pytest.raises(AmbiguousDepartment):
        await found(company, "склад")
    with pytest.raises(UnknownDepartment):
        await found(company, "бухгалтерия")
    with pytest.raises(UnknownDepartment):
        await found(company, " ")


async def members(company: Company, said: str, *, days: int = 0, below: bool = True) -> list[str]:
    """Who works in a department so many days from now."""
    async with company.storage.unit_of_work() as uow:
        service = Departments(uow)
        department = await service.find(company.portal, said)
        day = MONDAY.date() + timedelta(days=days)
        return [each.name for each in await service.members(company.portal, department, day, below=below)]


async def test_members(company: Company) -> None:
    """Whoever has it as their main department, or one below it."""
    assert ["Анна", "Борис"] == await members(company, "продаж")
    assert ["Анна"] == await members(company, "продаж", below=False)
    assert ["Анна", "Борис", "Вера", "Ольга"] == await members(company, "ромашка")


async def test_names(company: Company) -> None:
    """Each person with the name of their main department."""
    async with company.storage.unit_of_work() as uow:
        names = await Departments(uow).names(company.portal, MONDAY.date())
    assert ["Отдел продаж", "Ромашка", "Склад на Лесной", "Склад на Речной"] == sorted(names.values())


async def test_members_of_another_day(company: Company) -> None:
    """Whoever moved is a member of one until the day before and of the other from that day on (case 73)."""
    moved = [replace(PEOPLE[0], departments=("5",)), *PEOPLE[1:]]
    await company.lists(REALM, moved, LISTED)
    assert ["Анна", "Борис"] == await members(company, "продаж", days=-1)
    assert ["Борис"] == await members(company, "продаж")
    assert ["Анна", "Вера"] == await members(company, "склад на речной")
