"""Time sheets asked for in chat: what arrives, for whom, and that its hours are those of the chat."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.people.employee import Employee, Identity, Role
from bot.domain.people.staff import Department, Employment
from bot.domain.periods.period import Closing
from bot.ids import new_id
from bot.messages import Attachment
from tests.dialogs.days import everybody_works, works
from tests.people import Company, Person
from tests.sheets.reading import column, days, opened, totals

DAY = ("09:00", "13:00", "14:00", "18:00")


@pytest.fixture
async def july(company: Company, olga: Person, anna: Person, james: Person) -> None:
    """Anna worked on the 13th and, with an hour more, on the 14th; James on the 15th. It is Monday the 20th."""
    await everybody_works(company)
    await works(company, anna, "2026-07-13", *DAY)
    await works(company, anna, "2026-07-14", "09:00", "13:00", "14:00", "19:00")
    await works(company, james, "2026-07-15", *DAY)
    await company.move("2026-07-20T10:00")


async def employ(company: Company, **people: Person) -> None:
    """Put people into departments, which are made with their names: `Продажи=anna`."""
    async with company.storage.unit_of_work() as uow:
        for name, person in people.items():
            department = Department(new_id(), company.portal.id, name, name)
            uow.staff.put_department(department)
            stretch = Employment(new_id(), company.portal.id, person.employee_id, department_id=department.id)
            uow.staff.put_employment(replace(stretch, title="менеджер", number="0042"))
        await uow.commit()


def file_of(person: Person) -> Attachment:
    """Return the one file of the newest message."""
    [file] = person.chat[-1].files
    assert "document" == file.kind
    return file


@pytest.mark.usefixtures("july")
async def test_my_month(anna: Person) -> None:
    """«Табель июль» is answered with a spreadsheet whose hours are those that the chat tells."""
    assert "📄 Ваш табель, июль: отработано 17 ч" == await anna.says("табель июль")
    file = file_of(anna)
    assert "Табель_Анна_Ким_2026-07.xlsx" == file.name
    sheet = opened(file.content)["По дням"]
    assert timedelta(hours=17) == sum((each or timedelta() for each in column(sheet, "Отработано")), timedelta())
    told = await anna.says("июль")
    assert any("Отработано 17 ч за 2 дня" in each.text for each in anna.chat[-2:]), told


@pytest.mark.usefixtures("july")
@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("табель за июль в csv", "Табель_Анна_Ким_2026-07.csv"),
        ("мои часы за июль pdf", "Табель_Анна_Ким_2026-07.pdf"),
        ("т-13 за июль", "Т-13_Анна_Ким_2026-07.xlsx"),
        ("/sheet июль csv", "Табель_Анна_Ким_2026-07.csv"),
        ("/sheet", "Табель_Анна_Ким_2026-07.xlsx"),
        ("табель за прошлую неделю", "Табель_Анна_Ким_2026-07-13_2026-07-19.xlsx"),
    ],
)
async def test_formats(anna: Person, said: str, name: str) -> None:
    """Each format by its name; without days it is this month."""
    await anna.says(said)
    assert name == file_of(anna).name


@pytest.mark.usefixtures("july")
async def test_buttons_under_the_report(anna: Person, sergey: Person) -> None:
    """Under the hours of a period there are its files; Т-13 is offered to leads."""
    await anna.says("июль")
    labels = [label for bubble in anna.chat for label in bubble.buttons]
    assert ["📄 XLSX", "📄 PDF"] == [label for label in labels if label.startswith("📄")]
    assert "📄 Ваш табель, июль: отработано 17 ч" == await anna.presses("PDF")
    assert "Табель_Анна_Ким_2026-07.pdf" == file_of(anna).name
    await sergey.says("команда июль")
    await sergey.presses("Т-13")
    assert file_of(sergey).name.startswith("Т-13_")


@pytest.mark.usefixtures("july")
async def test_a_department(company: Company, olga: Person, anna: Person, james: Person) -> None:
    """«Т-13 отдел продаж» has the people of that department alone, with post and number."""
    await employ(company, Продажи=anna, Склад=james)
    assert "📄 Продажи, июль: 1 человек, отработано 17 ч" == await olga.says("табель отдел продаж июль т-13")
    file = file_of(olga)
    assert "Т-13_Продажи_2026-07.xlsx" == file.name
    [sheet] = opened(file.content).worksheets
    assert (["Я", "Я", "НН", "НН", "НН"], "Анна Ким\nменеджер") == (
        [*days(sheet, 1)[0][12:15], *days(sheet, 1)[2][:2]],
        sheet.cell(18, 2).value,
    )
    assert ["2", "17"] == totals(sheet, 1)[4:]


@pytest.mark.usefixtures("july")
async def test_everybody(company: Company, olga: Person, anna: Person, james: Person) -> None:
    """An administrator has everybody: a worksheet of Т-13 for each department."""
    await employ(company, Продажи=anna, Склад=james)
    for said in ("табель июль", "табель всем за июль", "выгрузи табель по всей компании за июль", "т-13 за июль"):
        assert "📄 Ромашка, июль: 4 человека, отработано 25 ч" == await olga.says(said)
    assert ["Продажи", "Склад", "Т-13"] == opened(file_of(olga).content).sheetnames


@pytest.mark.usefixtures("july")
async def test_a_lead_has_the_people_below(sergey: Person) -> None:
    """A lead's team is who reports to them, and nobody else."""
    assert "📄 Ромашка, июль: 2 человека, отработано 25 ч" == await sergey.says("команда июль xlsx")
    sheet = opened(file_of(sergey).content)["Итоги"]
    assert ["James Carter", "Анна Ким"] == column(sheet, "Сотрудник")
    assert "📄 Анна Ким, июль: 1 человек, отработано 17 ч" == await sergey.says("табель Анны за июль")


@pytest.mark.usefixtures("july")
async def test_nobody_sees_more_than_is_theirs(company: Company, anna: Person, sergey: Person, olga: Person) -> None:
    """Others' sheets are refused: by name, by team, by department, and by a button that was made for somebody else."""
    await employ(company, Продажи=anna)
    refused = ("табель James за июль", "табель отдел продаж июль", "команда июль xlsx")
    for said in refused:
        await anna.says(said)
        assert () == anna.chat[-1].files, said
    await sergey.says("табель Ольги за июль")
    assert () == sergey.chat[-1].files
    await olga.says("табель James за июль")
    [button] = [button for label, button in olga.chat[-1].buttons.items() if "PDF" in label]
    assert button.action is not None
    await anna.taps(button.action.pack(), anna.chat[-1].id)
    await anna.reads()
    assert () == anna.chat[-1].files


@pytest.mark.usefixtures("july")
async def test_nothing_recorded(anna: Person) -> None:
    """A period without a record has no file, but a sentence."""
    assert "За май нет ни одной записи – табель был бы пустым." == await anna.says("табель май")
    assert () == anna.chat[-1].files


@pytest.mark.usefixtures("july")
async def test_in_english(james: Person) -> None:
    """Words, name and heads are in the reader's language."""
    assert "📄 Your time sheet for July: worked 8 h" == await james.says("timesheet july")
    file = file_of(james)
    assert "Timesheet_James_Carter_2026-07.xlsx" == file.name
    assert ["Days", "Totals"] == opened(file.content).sheetnames


@pytest.mark.usefixtures("july")
async def test_revision(company: Company, anna: Person, olga: Person) -> None:
    """Once a closed month was reopened, its sheet says which revision it is (case 66)."""
    at = datetime(2026, 7, 18, tzinfo=UTC)
    closing = Closing(new_id(), company.portal.id, date(2026, 7, 1), date(2026, 7, 31), olga.employee_id, at)
    async with company.storage.unit_of_work() as uow:
        uow.periods.put_closing(closing)
        uow.periods.put_closing(replace(closing, reopened_by=olga.employee_id, reopened_at=at, reason="ошибка"))
        await uow.commit()
    assert (await anna.says("табель июль")).endswith("отработано 17 ч, ред. 2")
    assert "Табель_Анна_Ким_2026-07_ред2.xlsx" == file_of(anna).name


async def test_many_people(company: Company, channel: str) -> None:
    """A sheet of a whole company is promised at once and follows to where it was asked for."""
    other = {"bitrix24": "telegram", "telegram": "bitrix24"}[channel]
    olga = await company.hire("Ольга Смирнова", channel, role=Role.ADMIN, also=other)
    async with company.storage.unit_of_work() as uow:
        for number in range(70):
            identity = Identity("bitrix24", company.portal.key, f"x{number}", f"x{number}")
            uow.employees.add(Employee(new_id(), company.portal.id, f"Сотрудник {number}", identities=(identity,)))
        await uow.commit()
    await works(company, olga, "2026-07-13", *DAY)
    assert "⏳ Готовлю табель на 71 человека. Пришлю сюда через минуту." == await olga.says("команда июль xlsx")
    await company.move(timedelta(seconds=2))
    assert "📄 Ромашка, июль: 71 человек, отработано 8 ч" == await olga.reads()
    assert "Табель_Ромашка_2026-07.xlsx" == file_of(olga).name


async def test_rights_that_were_lost(company: Company, olga: Person, sergey: Person) -> None:
    """Somebody who is no lead any more when a large file is made gets a refusal instead of it."""
    async with company.storage.unit_of_work() as uow:
        for number in range(70):
            uow.employees.add(Employee(new_id(), company.portal.id, f"Сотрудник {number}", lead_id=sergey.employee_id))
        await uow.commit()
    assert (await sergey.says("команда июль xlsx")).startswith("⏳")
    async with company.storage.unit_of_work() as uow:
        for each in await uow.employees.of_portal(company.portal.id):
            uow.employees.put(replace(each, lead_id=olga.employee_id, role=Role.EMPLOYEE))
        await uow.commit()
    await company.move(timedelta(seconds=2))
    assert "Это видят только руководители и администраторы." == await sergey.reads()
    assert () == sergey.chat[-1].files


async def test_help_of_the_command(anna: Person) -> None:
    """Words that mean no sheet are answered with an example."""
    assert "Напишите, например: /sheet июнь, отдел продаж, т-13" == await anna.says("/sheet бла бла бла 77")


@pytest.mark.usefixtures("july")
async def test_a_department_without_the_word(
    company: Company, olga: Person, sergey: Person, anna: Person, james: Person
) -> None:
    """«Табель Продажи июль» means the department, as nobody is called so."""
    await employ(company, Продажи=anna, Склад=james)
    assert (await olga.says("табель Продажи июль")).startswith("📄 Продажи, июль: 1 человек")
    unknown = "Не знаю никого по имени «Петров». Напишите имя так, как на портале."
    assert f"{unknown}\nСписок людей: /people" == await olga.says("табель Петров июль")
    assert unknown == await sergey.says("табель Петров июль")


@pytest.mark.usefixtures("july")
async def test_the_company_is_the_department_above_all(company: Company, olga: Person) -> None:
    """Until an administrator names the organisation, the portal's topmost department does."""
    await employ(company, Лютик=olga)
    async with company.storage.unit_of_work() as uow:
        [top] = await uow.staff.departments(company.portal.id)
        uow.staff.put_department(Department(new_id(), company.portal.id, "77", "Продажи", parent_key=top.key))
        await uow.commit()
    assert (await olga.says("табель всех июль")).startswith("📄 Лютик, июль: 4 человека")
