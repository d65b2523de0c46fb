"""Sentences as people in a hurry type them: days in lists, what cannot be, names in every form, orders in passing."""

from datetime import date, timedelta

from tests.people import Company, Person


async def test_days_apart_are_requests_of_their_own(company: Company, anna: Person, sergey: Person) -> None:
    """«20, 21 и 24 июля» is read back at once and becomes a request for each stretch."""
    read_back = await anna.says("отгул 20, 21 и 24 июля")
    assert "пн, 20 июля – вт, 21 июля, 2 дня\nпт, 24 июля\nДни врозь – отдельные заявки." in read_back
    await anna.presses("Отправить")
    sent = [text for text in anna.shown if "отправлено" in text]
    assert ["20 июля" in sent[0], "24 июля" in sent[1]] == [True, True]
    await sergey.reads()
    await sergey.presses("Согласовать")
    await company.move(timedelta(seconds=31))
    async with company.storage.unit_of_work() as uow:
        found = await uow.absences.of(await anna.employee(), date(2026, 7, 1), date(2026, 7, 31))
    assert [(date(2026, 7, 24), date(2026, 7, 24))] == [(each.first, each.last) for each in found]


async def test_days_apart_are_dropped_together(anna: Person) -> None:
    """A no drops them all."""
    await anna.says("отгул в пятницу и понедельник")
    assert "Ничего не изменено" in await anna.presses("Нет")


async def test_what_cannot_be_is_named(anna: Person, james: Person, olga: Person) -> None:
    """A time or a day that cannot be is answered by its name, and nothing is recorded."""
    await anna.verify_dialog(
        [
            ("ушла в 25:00", "25:00 – такого времени нет. Напишите, например, 18:30."),
            ("пришла в 9:75", "9:75 – такого времени нет. Напишите, например, 18:30."),
            ("31 июня отпуск", "31 июня – такого дня нет. Напишите ещё раз, пожалуйста."),
        ]
    )
    assert "9-25 – такого времени нет" in await olga.says("график Анна 9-25")
    assert "9-25 – такого времени нет" in await olga.says("/schedule Анна 9-25")
    assert "25:00 – there is no such time. Write, for example, 18:30." == await james.says("left at 25:00")
    assert [] == [*await anna.log(), *await james.log()]


async def test_command_with_words_that_are_no_time(company: Company, anna: Person) -> None:
    """What follows a command is its time; other words record nothing, and two honest readings are asked about."""
    assert "25:00 – такого времени нет" in await anna.says("/checkin 25:00")
    assert "ничего не записано" in await anna.says("/checkin потом")
    assert "11:00 ещё не наступило.\nНапомнить в 11:00?" == await anna.says("/checkin в 11:00")
    assert [] == await anna.log()
    await anna.says("/checkin 8:50")
    assert [company.at("2026-07-13T08:50")] == [each.at for each in await anna.log()]
    assert "до 09:15" in await anna.says("/break 15")


async def test_hours_by_name_in_any_form(company: Company, olga: Person, anna: Person, james: Person) -> None:
    """A name is found in any case and alphabet, by an initial, in small letters; what is nobody's name is no report."""
    for said in ("неделя Анны", "неделя анны", "анна за неделю", "Ким А. за неделю", "week Anna Kim"):
        assert "Анна Ким" in await olga.says(said), said
    for said in ("неделя Джеймса", "часы джеймса за июнь", "James last week"):
        assert "James Carter" in await olga.says(said), said
    assert "Не знаю никого по имени «Зинаиды»" in await olga.says("неделя Зинаиды")
    assert (await olga.says("неделя Смирнвой")).endswith("Может быть: Ольга Смирнова")
    assert "Может быть" not in await anna.says("неделя Смирнвой")
    assert "Я считаю часы, а не деньги" in await olga.says("зарплата за июнь")
    await company.hire("Анна Петрова", olga.channel, lead=olga)
    assert "Анна Ким, Анна Петрова" in await olga.says("неделя анны")


async def test_schedule_by_name(olga: Person, james: Person) -> None:
    """An order finds its person by the same names, and says when there is nobody."""
    assert "James Carter" in await olga.says("график Джеймсу 9-18")
    assert "Не знаю никого по имени «Зинаида»" in await olga.says("график Зинаида 9-18")


async def test_talk_records_nothing(anna: Person) -> None:
    """What others do, what is planned and what only bounds a time is no mark."""
    for said in ("шеф ушёл", "коллеги на обеде", "скоро обед", "надо на обед", "ушла раньше 18", "неважно, ушла"):
        assert "Не получилось понять" in await anna.says(said), said
    assert [] == await anna.log()


async def test_fifteen_minutes_or_three_o_clock(anna: Person) -> None:
    """«поставь обед на 15» is asked about, with the length among the choices."""
    await anna.says("пришла")
    assert (await anna.says("поставь обед на 15")).startswith("15:00 ещё не наступило.")
    assert ["⏰ Напомнить в 15:00", "перерыв: 15 мин", "Ни то, ни другое"] == anna.buttons
    assert 1 == len(await anna.log())


async def test_shift_on_days_apart(company: Company, olga: Person, anna: Person) -> None:
    """«20, 21 и 24 июля» are read back in their rows, and all of them are planned by one yes."""
    read_back = await olga.says("смена Анна 20-8 20, 21 и 24 июля")
    assert "пн, 20 июля – вт, 21 июля, 2 дня: 20:00–08:00" in read_back
    assert "пт, 24 июля: 20:00–08:00" in read_back
    assert (await olga.presses("Да")).startswith("✅")
    shown = await anna.says("мой график на следующую неделю")
    assert 3 == shown.count("20:00–08:00")


async def test_orders_in_passing(olga: Person, anna: Person) -> None:
    """A detail of others' schedules needs no word «график»; an approval of a month is asked about."""
    await olga.says("график Анна 9-18")
    await olga.presses("Да")
    over = await olga.says("Анна с понедельника на полставки")
    assert over.startswith("40 ч в неделю – это больше, чем 1/2 ставки. Какие часы?")
    assert "1/2 ставки" in await olga.says("график Анна 0,5 ставки 9-13 с понедельника")
    await olga.says("график всем 9-18")
    await olga.presses("Да")
    assert "40 мин" in await olga.says("обед 40 минут у всех")
    assert "Что имеется в виду?" == await olga.says("согласовать июнь")
    assert "мои часы верны" in olga.buttons[0]
    assert [] == await olga.log()
