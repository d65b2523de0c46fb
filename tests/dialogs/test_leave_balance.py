"""«Сколько у меня отпуска»: days a year are set, what was left on a day is told, and everybody reads what is left."""

from datetime import timedelta

import pytest

from bot.domain.leave.absence import AbsenceKind
from bot.domain.people.employee import Role
from tests.people import Company, Person

_SINCE = "Считаю с чт, 1 января, а если приём был позже – с дня приёма."
_HOLIDAYS = "Дни календарные, праздники внутри отпуска не считаются."
_LOST = "На следующий год переходит не больше: 5 рабочих дней. Остальное сгорает."
YEAR = [
    ("отпуск: 28 дней в год", f"Всё верно?\nОтпуск: 28 дней в год, для всех\n{_SINCE}\n{_HOLIDAYS}"),
    ("[Задать]", "✅ Задано.\nОтпуск: 28 дней в год, для всех…"),
]


async def test_what_is_left(company: Company, olga: Person, anna: Person, sergey: Person) -> None:
    """Today, by the end of the year, what is approved and what waits: three short lines. 13 July is six months."""
    await olga.verify_dialog(YEAR)
    assert "🌴 Отпуск: сегодня доступно 14 дней\nК чт, 31 декабря: 28 дней" == await anna.says(
        "сколько у меня отпуска?"
    )
    await company.sends_away(anna, AbsenceKind.VACATION, "2026-06-08", "2026-06-14")
    await company.sends_away(anna, AbsenceKind.VACATION, "2026-08-03", "2026-08-09")
    assert (
        "🌴 Отпуск: сегодня доступно 8 дней\nК чт, 31 декабря: 15 дней\nСогласовано впереди: 7 дней"
        == await anna.says("сколько отпуска осталось")
    )
    await anna.says("отпуск с 7 по 11 сентября")
    await anna.presses("Отправить")
    assert "Согласовано впереди: 7 дней; ждёт ответа: 5 дней" in await anna.says("остаток отпуска")


async def test_in_english(olga: Person, james: Person) -> None:
    """The same in English; of days off nothing is set."""
    await olga.verify_dialog(YEAR)
    await james.verify_dialog(
        [
            (
                "how many vacation days do I have left?",
                "🌴 Vacation: 14 days available today\nBy Thu 31 December: 28 days",
            ),
            ("how many days off do I have left?", "Day off: no number of days is set."),
        ]
    )


async def test_an_opening_balance(olga: Person, anna: Person) -> None:
    """What was left on a day is the start of the counting."""
    await olga.verify_dialog(
        [
            *YEAR,
            (
                "у Анны остаток 12 дней на 1 июля",
                "Всё верно?\nАнна Ким, Отпуск: на начало ср, 1 июля остаток – 12 дней.\nДальше считаю от этой даты.",
            ),
            (
                "[Задать]",
                "✅ Задано: Анна Ким\n🌴 Отпуск: сегодня доступно 12 дней\nК чт, 31 декабря: 26 дней",
            ),
            (
                "у Анны остаток 12,5 дней на 1 июля",
                "Всё верно?\nАнна Ким, Отпуск: на начало ср, 1 июля остаток – 12,5 дн.…",
            ),
            (
                "у Анны остаток 12 дней на 1 сентября",
                "Остаток на вт, 1 сентября пока никто не знает.…",
            ),
        ]
    )
    assert (await anna.says("сколько у меня отпуска")).startswith("🌴 Отпуск: сегодня доступно 12 дней")


async def test_leads_ask_about_their_people(company: Company, olga: Person, anna: Person, sergey: Person) -> None:
    """A lead reads what is left to people below, an administrator to everybody; colleagues do not."""
    await olga.verify_dialog(YEAR)
    told = "Анна Ким\n🌴 Отпуск: сегодня доступно 14 дней\nК чт, 31 декабря: 28 дней"
    assert told == await sergey.says("сколько отпуска у Анны")
    assert told == await olga.says("сколько дней отпуска осталось у Анны?")
    boris = await company.hire("Борис Лавров", anna.channel, lead=sergey)
    assert "Отпуск" not in await boris.says("сколько отпуска у Анны")


async def test_a_person_s_own_terms(olga: Person, anna: Person, james: Person) -> None:
    """One person has more, from a day on, in working days; what is not said stays."""
    await olga.verify_dialog(
        [
            *YEAR,
            (
                "отпуск Анне 20 рабочих дней в год, переносится не больше 5",
                f"Всё верно?\nОтпуск: 20 рабочих дней в год, Анна Ким\n{_SINCE}\n{_LOST}",
            ),
            ("[Задать]", "✅ Задано.…"),
        ]
    )
    assert (await anna.says("сколько у меня отпуска")).startswith("🌴 Отпуск: сегодня доступно 10 рабочих дней")
    assert "14 days available today" in await james.says("how many vacation days do I have left?")


async def test_no_balance_is_kept_any_more(olga: Person, anna: Person) -> None:
    """«Отгул: 3 дня в год», and without a limit again."""
    await olga.verify_dialog(
        [
            ("отгул: 3 дня в год", "Всё верно?\nОтгул: 3 дня в год, для всех…"),
            ("[Задать]", "✅ Задано.…"),
        ]
    )
    assert (await anna.says("сколько у меня отгулов")).startswith("🌴 Отгул: сегодня доступно 2 дня")
    await olga.verify_dialog(
        [
            ("отгул без ограничений", "Отгул, для всех: остаток больше не считать. Верно?"),
            ("[Задать]", "✅ Отгул, для всех: остаток не считается."),
        ]
    )
    assert "Отгул: число дней не задано." == await anna.says("сколько у меня отгулов")


@pytest.mark.parametrize("said", ["отпуск: 28 дней в год", "у Бориса остаток 12 дней на 1 июля"])
async def test_it_is_set_by_whoever_keeps_personnel_data(company: Company, anna: Person, said: str) -> None:
    """An employee sets nothing; an accountant does."""
    await company.hire("Борис Лавров", anna.channel)
    assert "Всё верно?" not in await anna.says(said)
    vera = await company.hire("Вера Белова", anna.channel, role=Role.ACCOUNTANT)
    assert (await vera.says(said)).startswith("Всё верно?")


async def test_twice_and_late(company: Company, olga: Person) -> None:
    """A second press, and one to a question that is over, sets nothing more."""
    await olga.says("отпуск: 28 дней в год")
    button = next(each for each in olga.chat if each.buttons)
    data = next(iter(button.buttons.values())).action.pack()  # type: ignore[union-attr]
    await olga.taps(data, button.id)
    await olga.taps(data, button.id)
    assert "Этот вопрос уже закрыт. Если ещё нужно, напишите заново." == await olga.reads()
    await company.move(timedelta(days=2))
    async with company.storage.unit_of_work() as uow:
        assert 1 == len(await uow.entitlements.of(company.portal.id, olga.employee_id))
