"""One's schedule at a glance: the rule, and only what differs in the next two weeks."""

from bot.domain.leave.absence import AbsenceKind
from tests.dialogs.days import everybody_works
from tests.people import Company, Person

RULE = "🗓 Мой график\nпн–пт 09:00–18:00\nПерерыв 1 ч с 13:00\n8 ч в день\n"


async def test_nothing_differs(company: Company, anna: Person) -> None:
    """No list of ten equal days."""
    await everybody_works(company)
    assert RULE + "До пн, 27 июля всё как обычно." == await anna.says("мой график")


async def test_what_differs(company: Company, anna: Person, olga: Person) -> None:
    """Leave in one line, hours away, a shift and a day off that were named, a short day of the calendar."""
    await everybody_works(company)
    await company.sends_away(anna, AbsenceKind.VACATION, "2026-07-15", "2026-07-19")
    await olga.says("смена Анна 21 июля 12-21")
    await olga.presses("Да")
    await olga.says("24 июля короткий")
    await olga.presses("Изменить")
    shown = await anna.says("мой график")
    assert shown.startswith(RULE + "Иначе до пн, 27 июля:\n🌴 Отпуск: ср, 15 июля – вс, 19 июля, 5 дней\n")
    assert "вт, 21 июля: 12:00–21:00" in shown
    assert "пт, 24 июля: 09:00–17:00, короткий день" in shown
    assert 8 >= len(shown.splitlines())


async def test_another_schedule_to_come(company: Company, anna: Person, olga: Person) -> None:
    """A schedule that begins within the two weeks is told with its day."""
    await everybody_works(company)
    await olga.says("график Анна 10-19 с 20 июля")
    await olga.presses("Да")
    assert "С пн, 20 июля:\nпн–пт 10:00–19:00" in await anna.says("мой график")


async def test_a_break_goes_to_the_middle_of_another_shift(company: Company, anna: Person, olga: Person) -> None:
    """«Смена Анна завтра 12-21» has no break at one o'clock, an hour after it began."""
    await everybody_works(company)
    read_back = await olga.says("смена Анна завтра 12-21")
    assert "12:00–21:00" in read_back
    assert "Перерыв 1 ч с 16:00" in read_back
