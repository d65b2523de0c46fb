"""A month of five people: the hours, the chat, the picture, the spreadsheet and form T-13 agree with the sheet.

The sheet in `tests.month` was worked out by hand from the rules.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from io import BytesIO

import pytest
import pytest_asyncio
from openpyxl import load_workbook

from bot.domain.people.employee import Role
from bot.services.reports.accounts import Accounts
from tests.month import BEGIN, END, JUNE, SHEET, Line, Step, steps
from tests.people import Company, Person

pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass
class Lived:
    """A company in which June 2026 was lived, and its people by key; Telegram is where they are asked at the end."""

    company: Company
    people: dict[str, Person]

    async def does(self, step: Step) -> None:
        """Let somebody write or press."""
        person = self.people[step.person]
        if person.channel != step.channel:
            person = self.company.elsewhere(person)
        if step.said.startswith("["):
            await person.presses(step.said[1:-1])
        else:
            await person.says(step.said)

    async def seconds(self, key: str) -> int:
        """Return the work of June by the derived sessions."""
        employee = await self.people[key].employee()
        found = await self.company.storage.unit_of_work().punches.sessions(employee, *JUNE)
        return int(sum(each.worked(END).total_seconds() for each in found))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def lived(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Lived]:
    """Live the month once."""
    company = await Company(tmp_path_factory.mktemp("month"), at=BEGIN).open()
    olga = await company.hire("Ольга Смирнова", "telegram", role=Role.ADMIN, also="bitrix24")
    sergey = await company.hire("Сергей Орлов", "telegram", role=Role.LEAD, lead=olga, also="bitrix24")
    anna = await company.hire("Анна Ким", "telegram", lead=sergey, also="bitrix24")
    boris = await company.hire("Борис Лавров", "telegram", lead=sergey, zone="Asia/Yekaterinburg", also="bitrix24")
    james = await company.hire("James Carter", "telegram", lead=sergey, locale="en", also="bitrix24")
    lived = Lived(company, {"olga": olga, "sergey": sergey, "anna": anna, "boris": boris, "james": james})
    for step in steps():
        if step.at > company.clock.now():
            await company.move(step.at - company.clock.now())
        await lived.does(step)
    await company.move(END - company.clock.now())
    yield lived
    await company.close()


@pytest.mark.parametrize("key", SHEET)
async def test_hours(lived: Lived, key: str) -> None:
    """The sessions add up to the sheet."""
    assert SHEET[key].worked * 60 == await lived.seconds(key)


@pytest.mark.parametrize("key", SHEET)
async def test_account(lived: Lived, key: str) -> None:
    """So does what the hours mean: the norm, night, the holiday, the day off, approved overtime, lateness."""
    employee = await lived.people[key].employee()
    found = await Accounts(lived.company.storage.unit_of_work()).one(lived.company.portal, employee, *JUNE, END)
    lengths = (found.worked, found.norm, found.night, found.holiday, found.off_day, found.overtime, found.late)
    assert SHEET[key] == Line(*(int(each.total_seconds()) // 60 for each in lengths if each is not None))


@pytest.mark.parametrize("key", SHEET)
async def test_chat(lived: Lived, key: str) -> None:
    """The chat says the same, in the reader's language, and shows a picture."""
    person, line = lived.people[key], SHEET[key]
    await person.says("June" if person.locale == "en" else "июнь")
    text = person.chat[-2].text
    assert spoken(line.worked, person.locale) in text
    assert spoken(line.norm, person.locale) in text
    assert ["photo"] == [each.kind for each in person.files]


async def test_files(lived: Lived) -> None:
    """The spreadsheet's decimal hours are the sheet's; form T-13 has them by calendar date (case 67)."""
    olga = lived.people["olga"]
    names = {person.name: SHEET[key] for key, person in lived.people.items()}
    caption = await olga.says("табель июнь т-13")
    assert caption.endswith("5 человек, по календарным дням отработано 813 ч 20 мин")
    form = load_workbook(BytesIO(olga.files[0].content), data_only=True).active
    hours = {row[1].value: form.cell(row[0].row + 2, 21).value for row in form.iter_rows(17) if row[1].value in names}
    # Seven hours of the night of the 30th are those of 1 July.
    july = {"Борис Лавров": 7 * 60}
    assert {name: round((line.worked - july.get(name, 0)) / 60, 2) for name, line in names.items()} == hours
    await olga.presses("XLSX")
    totals = load_workbook(BytesIO(olga.files[0].content), data_only=True)["Итоги"]
    found = {row[1].value: row[7].value for row in totals.iter_rows(6) if row[1].value in names}
    assert {name: round(line.worked / 60, 2) for name, line in names.items()} == found


async def test_closing(lived: Lived) -> None:
    """Closed, the month refuses a change and says who closed it; the hours stay."""
    olga, anna = lived.people["olga"], lived.people["anna"]
    assert (await olga.says("закрыть июнь")).startswith("🔒 Закрыть период: июнь?\n5 человек, 820 ч 20 мин")
    await olga.presses("🔒 Закрыть")
    await anna.says("15 июня ушла в 20:00")
    assert "Ольга Смирнова" in anna.chat[-1].text
    assert SHEET["anna"].worked * 60 == await lived.seconds("anna")


def spoken(minutes: int, locale: str) -> str:
    """Return a length of time as the chat says it."""
    hours, rest = divmod(minutes, 60)
    words = ("h", "min") if locale == "en" else ("ч", "мин")
    return f"{hours} {words[0]} {rest} {words[1]}" if rest else f"{hours} {words[0]}"
