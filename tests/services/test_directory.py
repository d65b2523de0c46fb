"""The portal's directory: who works there, who leads whom, and what stays when an administrator chose otherwise."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.domain.errors import AmbiguousPerson, LastAdmin, UnknownPerson
from bot.domain.people.employee import Employee, Role
from bot.domain.people.staff import ALWAYS, Department
from bot.ports import ListedDepartment, Person
from bot.services.people.directory import DISMISSED
from bot.services.people.people import People
from bot.services.people.personnel import Personnel
from bot.services.reminding.timers import WATCH
from tests.people import MONDAY, REALM, Company

LISTED = (
    Person("1", "Ольга Смирнова", "Europe/Moscow", is_admin=True),
    Person("2", "Сергей Орлов", "Europe/Moscow", heads=("1",)),
    Person("3", "Анна Ким", "Asia/Yekaterinburg", heads=("2", "1")),
)
DEPARTMENTS = (ListedDepartment("1", "Ромашка", head="1"), ListedDepartment("3", "Продажи", parent="1", head="2"))
PLACED = (
    Person("3", "Анна Ким", departments=("3",), title="Менеджер"),
    Person("4", "Борис Лавров", departments=("404", "3"), title="Менеджер", hired_on=date(2026, 6, 16)),
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


async def departments(company: Company) -> list[Department]:
    """The departments, those at the top first."""
    async with company.storage.unit_of_work() as uow:
        return sorted(await uow.staff.departments(company.portal.id), key=lambda each: each.key)


async def employed(company: Company, account: str) -> list[tuple[date, date | None, int | None, str]]:
    """A person's stretches: since, until, department, post."""
    found = (await people(company))[account]
    async with company.storage.unit_of_work() as uow:
        stretches = await uow.staff.employments(company.portal.id, found.id)
    return [(each.since, each.until, each.department_id, each.title) for each in stretches]


async def test_first_reading(company: Company) -> None:
    """People come with their names, zones, roles and leads: whoever heads somebody is a lead."""
    await company.lists(REALM, LISTED)
    found = await people(company)
    assert [Role.ADMIN, Role.LEAD, Role.EMPLOYEE] == [found[each].role for each in "123"]
    assert [None, found["1"].id, found["2"].id] == [found[each].lead_id for each in "123"]
    assert "Asia/Yekaterinburg" == found["3"].zone


async def test_reading_twice_changes_nothing(company: Company) -> None:
    """The same directory read again changes nobody."""
    await company.lists(REALM, LISTED)
    before = await people(company)
    await company.lists(REALM, LISTED)
    assert before == await people(company)


async def test_what_was_chosen_stays(company: Company) -> None:
    """A role and a zone that were chosen by hand are not overwritten by the directory."""
    await company.lists(REALM, LISTED)
    found = await people(company)
    async with company.storage.unit_of_work() as uow:
        service = People(uow)
        await service.set_role(found["1"], found["3"], Role.LEAD, MONDAY)
        await uow.commit()
    anna = (await people(company))["3"]
    async with company.storage.unit_of_work() as uow:
        People(uow).move(anna, "Asia/Vladivostok")
        await uow.commit()
    await company.lists(REALM, LISTED)
    anna = (await people(company))["3"]
    assert (Role.LEAD, "Asia/Vladivostok") == (anna.role, anna.zone)


async def test_unknown_zone(company: Company) -> None:
    """A zone that does not exist is left out: the portal's own counts."""
    await company.lists(REALM, [Person("9", "Пётр", "Mars/Olympus")])
    assert company.portal.zone == (await people(company))["9"].zone


async def test_dismissed(company: Company) -> None:
    """Somebody who was dismissed on the portal is switched off; one who was never here is not taken over."""
    await company.lists(REALM, LISTED)
    gone = [Person("3", "Анна Ким", is_active=False), Person("8", "Давно ушёл", is_active=False)]
    await company.lists(REALM, gone)
    found = await people(company)
    assert found["3"].is_disabled
    assert "8" not in found


async def test_departments(company: Company) -> None:
    """Departments come with their tree and heads; a new name or head is taken over, what is not listed stays."""
    await company.lists(REALM, LISTED, DEPARTMENTS)
    found = await people(company)
    firm, sales = await departments(company)
    assert ("1", "", found["1"].id) == (firm.key, firm.parent_key, firm.head_id)
    assert ("3", "Продажи", "1", found["2"].id) == (sales.key, sales.name, sales.parent_key, sales.head_id)
    await company.lists(REALM, LISTED, [ListedDepartment("3", "Сбыт", parent="1", head="nobody")])
    assert [firm, replace(sales, name="Сбыт", head_id=None)] == await departments(company)


async def test_employment(company: Company) -> None:
    """Who is listed is employed: always, or since the day of hiring; a move starts a new stretch (case 73)."""
    anna, boris = PLACED
    await company.lists(REALM, PLACED, DEPARTMENTS)
    firm, sales = await departments(company)
    assert [(ALWAYS, None, sales.id, "Менеджер")] == await employed(company, "3")
    assert [(date(2026, 6, 16), None, sales.id, "Менеджер")] == await employed(company, "4")
    await company.lists(REALM, [replace(anna, departments=("1",)), boris], DEPARTMENTS)
    monday, sunday = MONDAY.date(), MONDAY.date() - timedelta(days=1)
    moved = [(ALWAYS, sunday, sales.id, "Менеджер"), (monday, None, firm.id, "Менеджер")]
    assert moved == await employed(company, "3")
    await company.lists(REALM, [replace(anna, departments=("1",)), boris], DEPARTMENTS)
    assert moved == await employed(company, "3")


async def test_a_move_is_watched(company: Company) -> None:
    """Another department may have another schedule, so the watch looks again; it does not where all stays."""
    await company.lists(REALM, PLACED, DEPARTMENTS)
    assert WATCH in {each.kind for each in await company.storage.jobs.claim(MONDAY, 10)}
    later = MONDAY + timedelta(hours=1)
    company.clock.move_to(later)
    await company.lists(REALM, PLACED, DEPARTMENTS)
    assert later not in {each.run_at for each in await company.storage.jobs.claim(later, 10)}


async def test_day_of_the_portal(company: Company) -> None:
    """Today is the portal's: at 22:30 UTC it is tomorrow in Moscow."""
    company.clock.move_to(MONDAY.replace(hour=22, minute=30))
    await company.lists(REALM, PLACED, DEPARTMENTS)
    await company.lists(REALM, [replace(each, is_active=False) for each in PLACED])
    assert MONDAY.date() + timedelta(days=1) == (await employed(company, "3"))[-1][1]


async def test_dismissal(company: Company) -> None:
    """Employment ends with the day of the dismissal, the person is off, and it is let be known once (case 72)."""
    await company.lists(REALM, PLACED, DEPARTMENTS)
    anna, boris = PLACED
    assert ["3"] == await company.lists(REALM, [boris])
    await company.lists(REALM, [replace(anna, is_active=False)])
    found = await people(company)
    assert found["3"].is_disabled
    assert [MONDAY.date()] == [until for _, until, _, _ in await employed(company, "3")]
    jobs = {each.kind: each.payload for each in await company.storage.jobs.claim(MONDAY, 10)}
    assert {"employee_id": found["3"].id} == jobs[DISMISSED]
    assert [] == await company.lists(REALM, [boris])


@pytest.mark.parametrize("days", [-3, 0, 3], ids=["past", "today", "to come"])
async def test_a_last_day_told_by_hand_is_not_taken_back(company: Company, days: int) -> None:
    """The portal still lists the person as active, day after day: no new employment begins (case 79)."""
    await company.lists(REALM, PLACED, DEPARTMENTS)
    found = await people(company)
    last = MONDAY.date() + timedelta(days=days)
    async with company.storage.unit_of_work() as uow:
        admin = replace(found["4"], role=Role.ADMIN)
        await Personnel(uow).dismiss(admin, company.portal, found["3"], last, MONDAY)
        await uow.commit()
    for later in (0, 4, 40):
        company.clock.move_to(MONDAY + timedelta(days=later))
        await company.lists(REALM, PLACED, DEPARTMENTS)
        assert [last] == [until for _, until, _, _ in await employed(company, "3")]


async def test_dismissal_of_somebody_switched_off(company: Company) -> None:
    """Whoever was switched off by hand is still asked about until the portal ends the employment."""
    await company.lists(REALM, [*LISTED, *PLACED[1:]], DEPARTMENTS)
    found = await people(company)
    async with company.storage.unit_of_work() as uow:
        await People(uow).set_disabled(found["1"], found["4"], MONDAY, is_disabled=True)
        await uow.commit()
    assert ["4"] == await company.lists(REALM, LISTED)
    await company.lists(REALM, [replace(PLACED[1], is_active=False)])
    assert [MONDAY.date()] == [until for _, until, _, _ in await employed(company, "4")]
    assert DISMISSED not in {each.kind for each in await company.storage.jobs.claim(MONDAY, 10)}
    assert [] == await company.lists(REALM, LISTED)


async def test_what_waits_for_somebody_dismissed(company: Company) -> None:
    """A dismissed lead's open requests go to the next in line, as when an administrator switches somebody off."""
    olga = await company.hire("Ольга Смирнова", "bitrix24", role=Role.ADMIN)
    sergey = await company.hire("Сергей Орлов", "bitrix24", role=Role.LEAD, lead=olga)
    anna = await company.hire("Анна Ким", "bitrix24", lead=sergey)
    await anna.says("отгул 20 июля")
    await anna.presses("Отправить")
    before = olga.shown
    gone = [Person(sergey.account, sergey.name, is_active=False)]
    await company.lists(REALM, gone)
    await company.move(timedelta(minutes=1))
    assert any("Анна Ким" in each for each in olga.shown[len(before) :])


async def test_last_administrator(company: Company) -> None:
    """The only administrator can neither be made an employee nor switched off."""
    await company.lists(REALM, LISTED)
    olga = (await people(company))["1"]
    async with company.storage.unit_of_work() as uow:
        with pytest.raises(LastAdmin):
            await People(uow).set_role(olga, olga, Role.EMPLOYEE, MONDAY)
        with pytest.raises(LastAdmin):
            await People(uow).set_disabled(olga, olga, MONDAY, is_disabled=True)


async def test_names(company: Company) -> None:
    """A name is found by its beginning, in any order; two of a kind are asked about, nobody is told so."""
    more = [*LISTED, Person("4", "Анна Павлова")]
    await company.lists(REALM, more)
    async with company.storage.unit_of_work() as uow:
        service = People(uow)
        assert "Анна Ким" == (await service.find(company.portal, "ким анна")).name
        with pytest.raises(AmbiguousPerson):
            await service.find(company.portal, "Анна")
        with pytest.raises(UnknownPerson):
            await service.find(company.portal, "Виктор")


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("Анны", "Анна Ким"),
        ("Анне Ким", "Анна Ким"),
        ("Сергею", "Сергей Орлов"),
        ("орлову", "Сергей Орлов"),
        ("Смирновой", "Ольга Смирнова"),
        ("серг", "Сергей Орлов"),
        ("Ивана", "Иван Петров"),
        ("Иванову", "Пётр Иванов"),
        ("Петра", "Пётр Иванов"),
    ],
)
async def test_names_in_their_cases(company: Company, said: str, found: str) -> None:
    """A name is found in every case of Russian; «Иванову» is no Иван, «Ивана» is."""
    more = [*LISTED, Person("4", "Иван Петров"), Person("5", "Пётр Иванов")]
    await company.lists(REALM, more)
    async with company.storage.unit_of_work() as uow:
        assert found == (await People(uow).find(company.portal, said)).name


async def test_form_of_two_names_is_asked_about(company: Company) -> None:
    """«Иванова» is a woman, or a case of Иванов: nobody is taken in silence."""
    more = [*LISTED, Person("4", "Вера Иванова"), Person("5", "Пётр Иванов")]
    await company.lists(REALM, more)
    async with company.storage.unit_of_work() as uow:
        with pytest.raises(AmbiguousPerson):
            await People(uow).find(company.portal, "Иванова")
        assert "Вера Иванова" == (await People(uow).find(company.portal, "Вера Иванова")).name
