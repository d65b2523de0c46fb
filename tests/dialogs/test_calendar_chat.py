"""The production calendar in chat: months and years, changes by an administrator, other countries."""

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

from bot.domain.people.employee import Role
from bot.domain.portal import Portal
from bot.ports import UnitOfWork
from bot.services.planning.calendars import Calendars
from tests.people import Company, Person

MAY = """📅 Календарь: май (Россия)
19 рабочих дней, 12 выходных
Норма: 151 ч (при 36 часах в неделю – 135 ч 48 мин, при 24 – 90 ч 12 мин)
🔴 пт, 1 мая – Праздник Весны и Труда
🕖 пт, 8 мая – сокращённый день
🔴 сб, 9 мая – День Победы
🔴 пн, 11 мая – День Победы (выходной)"""


async def off(company: Company, *days: str) -> list[bool]:
    """Return whether those days are off by the company's calendar as stored."""
    async with company.storage.unit_of_work() as uow:
        calendar = await Calendars(uow).of(await portal(company, uow))
    return [calendar.is_off(date.fromisoformat(day)) for day in days]


async def portal(company: Company, uow: UnitOfWork) -> Portal:
    """Return the portal as stored."""
    found = await uow.portals.get(company.portal.id)
    assert found is not None
    return found


async def test_january_in_december(company: Company, anna: Person) -> None:
    """In December, January is the coming one, by words and by command."""
    await company.move("2026-12-21T10:00")
    for words in ("календарь январь", "/calendar январь"):
        assert (await anna.says(words)).startswith("📅 Календарь: январь 2027 (Россия)\n15 рабочих дней")


async def test_a_month_is_shown_with_its_norm_and_its_special_days(anna: Person) -> None:
    """Everybody may look; 151 hours in May 2026, as the official calendar has it."""
    assert MAY == await anna.says("/calendar май")
    assert (await anna.says("/calendar")).startswith(
        "📅 Календарь: июль (Россия)\n23 рабочих дня, 8 выходных\nНорма: 184 ч"
    )


async def test_pages_are_turned_in_place(anna: Person) -> None:
    """The same message shows the next month, and the year."""
    await anna.says("/calendar май")
    count = len(anna.chat)
    assert (await anna.presses("июнь ▶️")).startswith(
        "📅 Календарь: июнь (Россия)\n21 рабочий день, 9 выходных\nНорма: 167 ч"
    )
    assert MAY == await anna.presses("◀️ май")
    whole = await anna.presses("Весь 2026 год")
    assert "март: 21 рабочий день, 168 ч\n" in whole
    assert "\n247 рабочих дней, 118 выходных\nНорма: 1972 ч (" in whole
    assert whole.endswith("🕖 На час короче: чт, 30 апреля; пт, 8 мая; чт, 11 июня; вт, 3 ноября")
    assert count == len(anna.chat)


async def test_new_years_days_in_a_row_are_one_line(james: Person) -> None:
    """In the reader's language; a moved day off says where it came from."""
    shown = await james.says("/calendar January")
    assert "🔴 Thu 1 January – Tue 6 January – New Year Holidays\n🔴 Wed 7 January – Christmas Day\n" in shown
    assert shown.endswith("🔴 Fri 9 January – day off instead of Sat 3 January")


async def test_what_is_no_month_is_answered_with_an_example(anna: Person) -> None:
    """A month or a year is asked for; nobody can turn to a year far away."""
    expected = "Напишите месяц или год, например: /calendar май, /calendar 2027"
    for words in ("бубубу", "1066", "9999", "0"):
        assert expected == await anna.says(f"/calendar {words}")


async def test_a_day_is_made_working_after_a_read_back(company: Company, olga: Person, anna: Person) -> None:
    """The administrator sees what the norm of the month becomes; nothing changes before the yes."""
    assert "Всё верно?\nсб, 2 мая: выходной → рабочий день\nНорма, май: 151 ч → 159 ч" == await olga.says(
        "2 мая рабочий"
    )
    assert [True] == await off(company, "2026-05-02")
    assert (
        "✅ Календарь изменён.\nсб, 2 мая: выходной → рабочий день\nНорма, май: 151 ч → 159 ч\n"
        "Нормы и балансы пересчитаны, в том числе за прошлые дни. Отметки не изменились."
    ) == await olga.presses("Изменить")
    assert [False] == await off(company, "2026-05-02")
    shown = await anna.says("/calendar май")
    assert "Норма: 159 ч" in shown
    assert "✏️ сб, 2 мая – рабочий день, изменено вручную" in shown
    assert "Норма: 1980 ч" in await anna.says("/calendar 2026")


async def test_a_day_off_is_moved_and_moved_back(company: Company, olga: Person) -> None:
    """The norm stays; afterwards nothing is left by hand."""
    assert (
        "Всё верно?\nсб, 2 мая: выходной → рабочий день\nпн, 4 мая: рабочий день → выходной\nНорма, май: 151 ч → 151 ч"
    ) == await olga.says("перенос 2 мая на 4 мая")
    await olga.says("да")
    assert [False, True] == await off(company, "2026-05-02", "2026-05-04")
    await olga.says("перенос 4 мая на 2 мая")
    await olga.says("да")
    assert [True, False] == await off(company, "2026-05-02", "2026-05-04")
    async with company.storage.unit_of_work() as uow:
        assert [] == list(await uow.calendar.days(company.portal.id))


async def test_a_day_is_made_short(olga: Person) -> None:
    """An hour less."""
    assert (
        "Всё верно?\nср, 30 декабря: рабочий день → сокращённый день\nНорма, декабрь: 176 ч → 175 ч"
    ) == await olga.says("30 декабря короткий")


async def test_no_is_no(company: Company, olga: Person) -> None:
    """By button and by word; a press on the old question changes nothing afterwards."""
    await olga.says("2 мая рабочий")
    assert "Ничего не изменено" in await olga.presses("Нет")
    await olga.says("2 мая рабочий")
    assert "Ничего не изменено" in await olga.says("нет")
    assert [True] == await off(company, "2026-05-02")


async def test_what_is_so_already_needs_no_question(olga: Person) -> None:
    """Nothing is asked and nothing stored."""
    assert "сб, 9 мая – и так праздник. Менять нечего." == await olga.says("9 мая выходной")
    assert "вт, 5 мая – рабочий день, переносить с него нечего." == await olga.says("перенос 5 мая на 6 мая")


async def test_only_an_administrator_changes_it(company: Company, anna: Person, sergey: Person) -> None:
    """Neither an employee nor a lead, whatever they write or press."""
    for person in (anna, sergey):
        for words in ("2 мая рабочий", "перенос 2 мая на 4 мая", "/calendar страна KZ"):
            assert "Это может только администратор. Обратитесь к нему." == await person.says(words)
    await anna.taps("cav:2028", "1")
    assert "Это может только администратор. Обратитесь к нему." == await anna.reads()
    assert [True, False] == await off(company, "2026-05-02", "2026-05-04")


async def test_a_year_without_a_decree_has_no_norm_until_an_administrator_vouches(anna: Person, olga: Person) -> None:
    """Nothing is invented: 2028 is counted once its moves are entered and somebody says so."""
    unknown = "📅 Календарь: 2028 (Россия)\nПока известны не все выходные 2028 года, поэтому нормы нет."
    assert unknown == await anna.says("/calendar 2028")
    assert not any("внесены" in label for label in anna.buttons)
    assert (
        f"{unknown}\nПраздники в выходные: сб, 1 января 2028; вс, 2 января 2028; сб, 8 января 2028; сб, 4 ноября 2028\n"
        "Когда переносы утвердят, напишите каждый, с годом: «перенос 2 января 2028 на 10 января 2028». "
        "Потом нажмите кнопку."
    ) == await olga.says("/calendar 2028")
    assert "январь 2028: 16 рабочих дней, 128 ч" in await olga.presses("Все переносы 2028 года внесены")
    assert "январь 2028: 16 рабочих дней, 128 ч" in await anna.says("/calendar 2028")


async def test_another_country_by_setting(company: Company, olga: Person, anna: Person) -> None:
    """Asked first; a country whose year is not known in full says so at once."""
    assert (
        "Считать по календарю другой страны? Было: Россия, станет: Германия. Дни, изменённые вручную, останутся."
    ) == await olga.says("/calendar country DE")
    assert "Германия. Посмотреть: /calendar\nНормы" in await olga.presses("Изменить")
    assert "🔴 пт, 3 апреля – Karfreitag" in await anna.says("/calendar апрель")
    await olga.says("/calendar страна Казахстан")
    assert "Пока известны не все выходные 2026 года" in await olga.says("да")
    assert "Календаря для «Нарния» у меня нет." in await olga.says("/calendar страна Нарния")
    async with company.storage.unit_of_work() as uow:
        assert "KZ" == (await portal(company, uow)).country


async def test_every_change_is_on_record(tmp_path: Path, olga: Person) -> None:
    """Who, when and what, in the audit."""
    await olga.says("2 мая рабочий")
    await olga.says("да")
    await olga.says("/calendar страна BY")
    await olga.says("да")
    with closing(sqlite3.connect(tmp_path / "company.db")) as database:
        rows = database.execute("SELECT actor_id, what FROM audit ORDER BY at, what DESC").fetchall()
    assert [(olga.employee_id, "calendar working 2026-05-02"), (olga.employee_id, "calendar of BY")] == rows


async def test_the_moves_of_a_new_year_are_entered_as_the_hint_says(company: Company, olga: Person) -> None:
    """2 January 2028 is a holiday on a Sunday: it stays off, and 10 January is given instead."""
    expected = "Всё верно?\nпн, 10 января 2028: рабочий день → выходной"
    assert expected == await olga.says("перенос 2 января 2028 на 10 января 2028")
    await olga.says("да")
    assert [True, True] == await off(company, "2028-01-02", "2028-01-10")
    await olga.says("/calendar 2028")
    assert "январь 2028: 15 рабочих дней, 120 ч" in await olga.presses("Все переносы 2028 года внесены")


async def test_an_english_administrator(company: Company, channel: str) -> None:
    """The same in English, with the Russian law."""
    kate = await company.hire("Kate Young", channel, role=Role.ADMIN, locale="en")
    assert "Did I get it right?\nSat 2 May: day off → workday\nNorm, May: 151 h → 159 h" == await kate.says(
        "make 2 May a working day"
    )
    assert (await kate.says("yes")).startswith("✅ The calendar is changed.\n")


async def test_the_calendar_is_asked_for_in_words(anna: Person) -> None:
    """Nobody has to know a command."""
    assert MAY == await anna.says("календарь на май")
    assert (await anna.says("производственный календарь")).startswith("📅 Календарь: июль (Россия)")
    assert (await anna.says("календарь 2027")).startswith("📅 Календарь: 2027 (Россия)")
