"""Overtime: asked for in words or under a report, read back, approved by the lead; only that much counts (§4.5)."""

from datetime import date, timedelta

import pytest

from tests.dialogs.days import everybody_works, works
from tests.people import Company, Person


async def counted(company: Company, person: Person, day: date) -> timedelta:
    """Return the overtime that counts on a day."""
    async with company.storage.unit_of_work() as uow:
        found = await uow.overtimes.between(company.portal.id, day, day)
    return sum((each.length for each in found.get(person.employee_id, ())), timedelta())


@pytest.fixture
async def late_evening(company: Company, anna: Person) -> None:
    """Anna worked from 9 to 21 on Wednesday 15 July, three hours over the plan. It is Thursday."""
    await everybody_works(company)
    await works(company, anna, "2026-07-15", "09:00", "13:00", "14:00", "21:00")
    await company.move("2026-07-16T10:00")


@pytest.mark.usefixtures("late_evening")
async def test_asked_read_back_approved(company: Company, anna: Person, sergey: Person) -> None:
    """The whole way; before the lead's yes nothing counts as overtime."""
    assert (
        "Всё верно?\nПереработка\nср, 15 июля: 2 ч\nЗаписано сверх плана: 3 ч\nПричина: отчёт для банка"
    ) == await anna.says("прошу согласовать переработку 2 часа за 15 июля: отчёт для банка")
    assert "Переработка – отправлено" in await anna.presses("Отправить")
    assert timedelta() == await counted(company, anna, date(2026, 7, 15))
    assert "📝 Переработка – Анна Ким\nср, 15 июля: 2 ч\nЗаписано сверх плана: 3 ч" in sergey.shown[-1]
    await sergey.presses("Согласовать")
    await company.move("2026-07-16T10:05")
    assert timedelta(hours=2) == await counted(company, anna, date(2026, 7, 15))
    assert "✅ Согласовано" in anna.shown[-1]
    assert "Сверх плана: 3 ч, согласовано: 2 ч" in await anna.says("мои часы за 15 июля")


@pytest.mark.usefixtures("late_evening")
async def test_rejected_it_does_not_count(company: Company, anna: Person, sergey: Person) -> None:
    """A no leaves it over the plan."""
    await anna.says("переработка вчера 2 часа")
    await anna.says("да")
    await sergey.presses("Отклонить")
    await sergey.says("не по поручению")
    await company.move("2026-07-16T10:05")
    assert timedelta() == await counted(company, anna, date(2026, 7, 15))
    assert "не по поручению" in anna.shown[-1]


@pytest.mark.usefixtures("late_evening")
async def test_the_button_under_a_report(company: Company, anna: Person) -> None:
    """One day over the plan is read back at once, of several the person chooses; what is approved is not offered."""
    await anna.says("моя неделя")
    assert "ср, 15 июля: 3 ч\nЗаписано сверх плана: 3 ч" in await anna.presses("Согласовать переработку")
    await anna.presses("Нет")
    await works(company, anna, "2026-07-17", "09:00", "13:00", "14:00", "19:00")
    await anna.says("моя неделя")
    assert "За какой день?" == await anna.presses("Согласовать переработку")
    assert "пт, 17 июля: 1 ч" in await anna.presses("пт, 17 июля: 1 ч")


@pytest.mark.usefixtures("late_evening")
async def test_limits_warn_and_do_not_block(company: Company, anna: Person, sergey: Person) -> None:
    """More than four hours in two days running: said to both, and still decided by the lead (art. 99)."""
    shown = await anna.says("переработка 5 часов за 15 июля")
    assert "⚠️ С этим за два дня 5 ч, по закону – не больше 4 ч." in shown
    await anna.presses("Отправить")
    assert "⚠️ С этим за два дня 5 ч, по закону – не больше 4 ч." in sergey.shown[-1]
    await sergey.presses("Согласовать")
    await company.move("2026-07-16T10:05")
    assert timedelta(hours=5) == await counted(company, anna, date(2026, 7, 15))


@pytest.mark.usefixtures("late_evening")
async def test_what_cannot_be_asked_for(anna: Person, olga: Person, company: Company) -> None:
    """Nothing over the plan and no length; days too far off; closed days."""
    assert "сверх плана ничего не записано" in await anna.says("прошу согласовать переработку за 14 июля")
    assert "слишком далеко" in await anna.says("переработка 2 часа за 1 марта")
    await company.move("2026-07-20T10:00")
    await olga.says("/close 13-19 июля")
    await olga.presses("🔒 Закрыть")
    assert "закрыт" in await anna.says("переработка 2 часа за 15 июля")
    assert "Напишите день" in await anna.says("/overtime абракадабра")


@pytest.mark.usefixtures("late_evening")
async def test_in_english(james: Person) -> None:
    """Beforehand as well: nothing is recorded yet."""
    said = await james.says("approve overtime 2 hours yesterday")
    assert "Did I get it right?\nOvertime\nWed 15 July: 2 h\nNothing is recorded over the plan yet." == said
