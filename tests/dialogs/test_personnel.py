"""What form T-13 asks for, told by an administrator: personnel numbers and days of hiring."""

from datetime import date, timedelta

from bot.domain.people.employee import Employee
from bot.domain.people.staff import ALWAYS, Employment
from bot.domain.periods.period import Closing
from bot.ids import new_id
from tests.people import Company, Person

TODAY = date(2026, 7, 13)
JUNE = (date(2026, 6, 1), date(2026, 6, 30))


async def stretches(company: Company, person: Person) -> list[Employment]:
    """The person's stretches of employment."""
    async with company.storage.unit_of_work() as uow:
        return list(await uow.staff.employments(company.portal.id, person.employee_id))


async def employed(company: Company, employee: Employee, *spans: tuple[date, date | None, str]) -> None:
    """Employ a person in stretches: since, until, personnel number."""
    async with company.storage.unit_of_work() as uow:
        for since, until, number in spans:
            uow.staff.put_employment(Employment(new_id(), employee.portal_id, employee.id, since, until, number=number))
        await uow.commit()


async def test_number(company: Company, olga: Person, anna: Person) -> None:
    """A personnel number is given, shown, and changed."""
    await olga.verify_dialog(
        [
            ("/number", "Напишите имя и номер, например: /number Анна 0042"),
            ("/number Анна", "Анна Ким: табельного номера пока нет."),
            ("/number Анна Ким 0042", "Анна Ким: табельный номер 0042."),
            ("/number Анна", "Анна Ким: табельный номер 0042."),
            ("/number Анна 0043", "Анна Ким: табельный номер 0043."),
            (f"/number Анна {'9' * 21}", "Табельный номер – до 20 знаков, например 0042."),
        ]
    )
    assert [(ALWAYS, "0043")] == [(each.since, each.number) for each in await stretches(company, anna)]


async def test_number_of_an_earlier_time(company: Company, olga: Person, anna: Person) -> None:
    """A number goes to all posts under the same number; one of an earlier employment stays."""
    spans = (
        (date(2020, 1, 1), date(2021, 1, 1), "7"),
        (date(2026, 1, 1), date(2026, 6, 30), "0042"),
        (date(2026, 7, 1), None, "0042"),
    )
    await employed(company, await anna.employee(), *spans)
    await olga.says("/number Анна 0050")
    assert ["7", "0050", "0050"] == [each.number for each in await stretches(company, anna)]


async def test_hired(company: Company, olga: Person, anna: Person) -> None:
    """The day of hiring is set and shown; with June closed, nothing in June changes any more."""
    await olga.verify_dialog(
        [
            ("/hired Анна", "Анна Ким: не знаю, с какого дня."),
            ("/hired Анна когда-то", "Не понимаю, какой это день. Например: /hired Анна 16.06.2026"),
            ("/hired Анна 16.06.2026", "Анна Ким: работает с вт, 16 июня."),
        ]
    )
    assert [date(2026, 6, 16)] == [each.since for each in await stretches(company, anna)]
    async with company.storage.unit_of_work() as uow:
        uow.periods.put_closing(Closing(new_id(), company.portal.id, *JUNE, 1, company.clock.now()))
        await uow.commit()
    assert "закрыт" in await olga.says("/hired Анна 15.06.2026")
    assert "закрыт" in await olga.says("/hired Анна 17.06.2026")
    assert [date(2026, 6, 16)] == [each.since for each in await stretches(company, anna)]


async def test_hired_before_a_move(company: Company, olga: Person, anna: Person) -> None:
    """The day of hiring is that of the first post without a gap, and cannot be after its end."""
    moved = TODAY - timedelta(days=13)
    once, before = (date(2020, 1, 1), date(2021, 1, 1), ""), (date(2022, 1, 1), moved - timedelta(days=1), "")
    await employed(company, await anna.employee(), once, before, (moved, None, ""))
    assert "Первая должность была до пн, 29 июня" in await olga.says("/hired Анна 10.07.2026")
    assert "Анна Ким: работает с пт, 1 мая." == await olga.says("/hired Анна 01.05.2026")
    assert [date(2020, 1, 1), date(2026, 5, 1), moved] == [each.since for each in await stretches(company, anna)]


async def test_dismissed(company: Company, olga: Person, anna: Person) -> None:
    """A last day in the past: read back, noted, access is off at once, and nothing is asked for after it (case 79)."""
    await anna.says("пришла")
    await company.move("12:00")
    await olga.verify_dialog(
        [
            ("/dismissed Анна", "Анна Ким: работает.\nПоследний день указывают так: /dismissed Борис 12.06.2026"),
            ("/dismissed Анна когда-то", "Не понимаю, какой это день. Например: /dismissed Борис 12.06.2026"),
            (
                "Анна уволена 10 июля",
                "Анна Ким: последний день – пт, 10 июля\nДни после него в табеле останутся пустыми.…",
            ),
            ("[Да]", "👋 Анна Ким: последний день – пт, 10 июля. Записано."),
            ("/dismissed Анна", "Анна Ким: последний день – пт, 10 июля."),
        ]
    )
    assert [(date(2026, 7, 10), True)] == [(each.until, each.is_told) for each in await stretches(company, anna)]
    assert (await anna.employee()).is_disabled
    [session] = await anna.sessions()
    assert not session.is_open
    await olga.says("/hired Анна 10.08.2026")
    assert [(None, False)] == [(each.until, each.is_told) for each in (await stretches(company, anna))[1:]]


async def test_a_last_day_to_come(company: Company, olga: Person, anna: Person) -> None:
    """Until midnight of the last day the person works as ever; then access is off by itself. It can be moved before."""
    await olga.says("/dismissed Анна 15.07.2026")
    await olga.presses("Да")
    await olga.says("Анна уволена 14 июля")
    await olga.presses("Да")
    await company.move("2026-07-14T23:55")
    assert not (await anna.employee()).is_disabled
    await company.move("2026-07-15T00:05")
    assert (await anna.employee()).is_disabled
    assert [date(2026, 7, 14)] == [each.until for each in await stretches(company, anna)]


async def test_a_last_day_in_a_closed_month(company: Company, olga: Person, anna: Person) -> None:
    """It would change days that are closed; and nobody leaves before they came."""
    await olga.says("/hired Анна 16.06.2026")
    assert "Нынешняя должность – с вт, 16 июня" in await olga.says("/dismissed Анна 15.06.2026")
    async with company.storage.unit_of_work() as uow:
        uow.periods.put_closing(Closing(new_id(), company.portal.id, *JUNE, 1, company.clock.now()))
        await uow.commit()
    assert "закрыт" in await olga.says("/dismissed Анна 29.06.2026")
    assert "последний день – вт, 30 июня" in await olga.says("/dismissed Анна 30.06.2026")


async def test_rights(company: Company, sergey: Person, anna: Person) -> None:
    """Only administrators set any of it."""
    for command in ("/number Анна 1", "/hired Анна 16.06.2026", "/dismissed Анна 16.06.2026", "Анна уволена вчера"):
        assert "Это может только администратор. Обратитесь к нему." == await sergey.says(command)
    assert [] == await stretches(company, anna)
