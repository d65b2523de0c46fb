"""A leave beside others: one's own cannot both be approved, and whoever decides sees who is away as well."""

from datetime import date, timedelta

from tests.people import Company, Person


async def asks(person: Person, said: str) -> None:
    """Ask for a leave and send it."""
    await person.says(said)
    await person.presses("Отправить" if person.locale == "ru" else "Send")


async def test_of_two_that_overlap_one_is_approved(company: Company, anna: Person, sergey: Person) -> None:
    """The second card names the first; once one is approved the other cannot be, and both are told so (case 36)."""
    await asks(anna, "отпуск с 20 по 24 июля")
    await sergey.reads()
    await asks(anna, "отгул с 23 по 28 июля")
    rival = "⚠️ На эти дни ждёт и другая заявка: Отпуск, пн, 20 июля – пт, 24 июля, 5 дней. Согласовать можно только"
    assert rival in await sergey.reads()
    vacation, day_off = sergey.chat[-2], sergey.chat[-1]
    await sergey.taps(vacation.buttons["✅ Согласовать"].action.pack(), vacation.id)  # type: ignore[union-attr]
    assert "✅ Согласовано" in await sergey.reads()
    await company.move(timedelta(minutes=2))
    await sergey.taps(day_off.buttons["✅ Согласовать"].action.pack(), day_off.id)  # type: ignore[union-attr]
    failed = "⚠️ Не выполнено: на часть этих дней тем временем согласовано другое отсутствие."
    assert failed in await sergey.reads()
    assert anna.chat[-1].text.endswith(failed)
    async with company.storage.unit_of_work() as uow:
        found = await uow.absences.of(await anna.employee(), date(2026, 7, 1), date(2026, 8, 1))
    assert [("vacation", 20, 24)] == [(each.kind.value, each.first.day, each.last.day) for each in found]


async def test_both_decided_within_half_a_minute(company: Company, anna: Person, sergey: Person) -> None:
    """What was decided before the other took effect ends when it would take effect."""
    await asks(anna, "отпуск с 20 по 24 июля")
    await sergey.reads()
    await asks(anna, "отгул 24 июля с 9 до 13")
    await sergey.reads()
    await sergey.says("мои согласования")
    await sergey.presses("Согласовать все")
    await sergey.presses("Да, все")
    await company.move(timedelta(seconds=31))
    assert anna.chat[-1].text.endswith("⚠️ Не выполнено: на часть этих дней тем временем согласовано другое отсутствие.")


async def test_illness_in_a_vacation_goes_to_the_lead(company: Company, anna: Person, sergey: Person) -> None:
    """An illness within an approved vacation is asked for, and the card says what the law asks for (art. 124)."""
    await asks(anna, "отпуск с 13 по 24 июля")
    await sergey.reads()
    await sergey.presses("Согласовать")
    await company.move("2026-07-15T09:00")
    await asks(anna, "больничный с 15 по 17 июля")
    card = await sergey.reads()
    assert "Больничный – Анна Ким" in card
    assert "ℹ️ На эти дни уже согласовано: Отпуск (13–24 июля)." in card
    await sergey.presses("Согласовать")
    await company.move(timedelta(seconds=31))
    assert "🤒 Больничный: ср, 15 июля – пт, 17 июля, 3 дня" in await anna.says("статус")


async def test_an_illness_is_made_longer(company: Company, anna: Person, sergey: Person) -> None:
    """On the second day of an illness «до пятницы» asks for the days that are not approved."""
    await asks(anna, "больничный с 13 по 14 июля")
    await sergey.reads()
    await sergey.presses("Согласовать")
    await company.move("2026-07-14T09:00")
    read_back = await anna.says("болею до пятницы")
    assert "ср, 15 июля – пт, 17 июля, 3 дня\nОстальные дни (14–17 июля) уже согласованы." in read_back


async def test_colleagues_on_the_same_days(company: Company, anna: Person, james: Person, sergey: Person) -> None:
    """Whoever decides reads who is away or asks for the same days, not why, and how many remain."""
    boris = await company.hire("Борис Лавров", anna.channel, lead=sergey)
    await asks(anna, "отпуск с 3 по 14 августа")
    assert "👥" not in await sergey.reads()
    await asks(james, "sick from 6 to 10 August")
    remain = "Если согласовать всё, в отделе останется 1 из 3."
    assert f"👥 Эти дни просит и Анна Ким (3–14 августа).\n{remain}" in await sergey.reads()
    await sergey.says("мои согласования")
    batch = await sergey.presses("Согласовать все")
    assert "1. Анна Ким: Отпуск – пн, 3 августа – пт, 14 августа, 12 дней\n👥 Эти дни просит и James Carter" in batch
    assert "ольничн" not in batch.partition("2. ")[0]
    await sergey.presses("Да, все")
    await company.move(timedelta(seconds=31))
    await boris.says("отгул с 7 по 8 августа")
    await boris.presses("Отправить")
    away = "👥 В эти дни отсутствует и James Carter (6–10 августа), Анна Ким (3–14 августа)."
    assert f"{away}\nЕсли согласовать всё, в отделе останется 0 из 3." in await sergey.reads()
