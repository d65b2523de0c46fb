"""Closed days refuse every change, whichever way it comes (case 65).

Only what is erased once the retention term is over goes without opening the period: the law wants it gone.
"""

from datetime import date

import pytest

from bot.domain.leave.absence import AbsenceKind
from tests.dialogs.days import everybody_works, works
from tests.people import Company, Person

CLOSED = "Период закрыт: 13–19 июля (Ольга Смирнова, пн, 20 июля)."


@pytest.fixture
async def closed(company: Company, anna: Person, olga: Person) -> None:
    """The week of 13 July is closed; Anna worked on a Tuesday and came on a day of leave."""
    await everybody_works(company)
    await company.sends_away(anna, AbsenceKind.VACATION, "2026-07-16", "2026-07-17")
    await works(company, anna, "2026-07-14", "09:00", "13:00", "14:00", "20:00")
    await works(company, anna, "2026-07-16", "09:00", "12:00")
    await company.move("2026-07-20T08:30")
    await olga.says("/close 13-19 июля")
    await olga.presses("🔒 Закрыть")


@pytest.mark.usefixtures("closed")
@pytest.mark.parametrize(
    "words",
    [
        "14 июля ушла в 20:05",
        "14 июля ушла в 21:00",
        "13 июля была с 9 до 18",
        "14 июля была с 12 до 21",
        "14 июля обед с 13 до 13:30",
        "14 июля не работала",
        "больничный с 13 по 13 июля",
        "переработка 14 июля 2 часа",
    ],
)
async def test_what_a_person_asks_for(anna: Person, words: str) -> None:
    """Small and large corrections, a day, a break, a removal, a leave, overtime."""
    before = await anna.log()
    assert (await anna.says(words)).startswith(CLOSED)
    assert before == await anna.log()


@pytest.mark.usefixtures("closed")
async def test_a_wish_without_times(anna: Person) -> None:
    """«Исправь 14 июля» shows the day; the times are refused with the reason."""
    before = await anna.log()
    assert (await anna.says("исправь 14 июля")).startswith("✏️ вт, 14 июля\n")
    assert (await anna.says("с 9 до 19")).startswith(CLOSED)
    assert before == await anna.log()


@pytest.mark.usefixtures("closed")
@pytest.mark.parametrize(
    "words",
    [
        "график Анна 10-19 с 15 июля",
        "график Анна 10-19 с 1 июля",
        "график всем 10-19 с 15 июля",
        "смена Анна 15 июля 12-21",
        "смена Анна 19-21 июля 12-21",
        "Анна 15 июля выходной",
        "сделай 15 июля выходным",
        "перенос 18 июля на 22 июля",
        "/calendar страна Казахстан",
        "/correct Анна 14 июля ушла в 21:00",
    ],
)
async def test_what_others_plan_for_them(olga: Person, words: str) -> None:
    """Schedules from a past day on, shifts on dates, days of the calendar, another country, a lead's own correction."""
    assert (await olga.says(words)).startswith(CLOSED)


@pytest.mark.usefixtures("closed")
async def test_a_day_of_leave_given_up(company: Company, anna: Person) -> None:
    """The button is older than the closing."""
    assert (await anna.presses("Отменить день отсутствия")).startswith(CLOSED)
    employee = await anna.employee()
    async with company.storage.unit_of_work() as uow:
        [leave] = await uow.absences.of(employee, date(2026, 7, 13), date(2026, 7, 19))
    assert (date(2026, 7, 16), date(2026, 7, 17)) == (leave.first, leave.last)


@pytest.mark.usefixtures("closed")
async def test_a_plan_agreed_to_too_late(company: Company, olga: Person, anna: Person) -> None:
    """Read back before the closing, agreed to after it."""
    await olga.says("/reopen 13-19 июля: проверка")
    await olga.says("смена Анна 15 июля 12-21")
    employee = await anna.employee()
    helper = await company.hire("Пётр Зайцев", anna.channel, role=(await olga.employee()).role)
    await helper.says("/close 13-19 июля")
    await helper.presses("🔒 Закрыть")
    assert "Период закрыт: 13–19 июля (Пётр Зайцев" in await olga.says("да")
    async with company.storage.unit_of_work() as uow:
        assert not await uow.schedules.dates(employee.portal_id, date(2026, 7, 13), date(2026, 7, 19))


async def test_a_mark_taken_back(company: Company, anna: Person, olga: Person) -> None:
    """Closed between the mark and “undo”: the mark stays; the mark itself is never refused."""
    await company.move("2026-07-19T20:00")
    await anna.says("/checkin")
    await company.move("2026-07-19T23:58")
    await anna.says("/checkout")
    await company.move("2026-07-20T00:01")
    await olga.says("/close 13-19 июля")
    await olga.presses("🔒 Закрыть")
    assert (await anna.says("отмена")).startswith(CLOSED)
    assert [False] == [each.is_open for each in await anna.sessions()]
