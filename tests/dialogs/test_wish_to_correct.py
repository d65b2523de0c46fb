"""A wish to change hours said without how they were: asked, beside what is recorded; nothing is confirmed by it."""

import pytest

from tests.dialogs.days import everybody_works, works
from tests.people import Company, Person


@pytest.fixture(autouse=True)
async def tuesday(company: Company, anna: Person) -> None:
    """Anna worked on Monday from nine to six; it is Tuesday, ten o'clock."""
    await everybody_works(company)
    await works(company, anna, "2026-07-13", "09:00", "18:00")
    await company.move("2026-07-14T10:00")


async def test_how_was_yesterday(anna: Person, sergey: Person) -> None:
    """«Исправь вчера» shows the day and asks; the answer is a correction of that day."""
    asked = await anna.says("исправь вчера")
    assert asked.startswith("✏️ пн, 13 июля\n09:00 – 18:00\nКак было?")
    answer = await anna.says("с 9 до 19")
    assert "пн, 13 июля: 09:00 – 18:00 → 09:00 – 19:00" in answer
    assert "отправлено" in await anna.presses("Отправить")
    assert "Исправление" in await sergey.reads()


async def test_in_english(james: Person, sergey: Person) -> None:
    """“Correct yesterday” of somebody without marks confirms nothing, and tells nobody."""
    asked = await james.says("correct yesterday")
    assert asked.startswith("✏️ Mon 13 July\nNothing is recorded.\nHow was it?")
    assert "nothing → 09:00 – 18:00" in await james.says("from 9 to 18")
    assert [] == sergey.shown


async def test_a_forgotten_lunch(company: Company, anna: Person) -> None:
    """«Забыла отметить обед» asks when; «с 13 до 14» is that lunch, never an hour of work."""
    await anna.says("пришла")
    await company.move("15:00")
    assert "Когда был перерыв? Например: «с 13:00 до 13:40»." == await anna.says("забыла отметить обед")
    assert "перерыв" in (await anna.says("с 13 до 14")).casefold()


async def test_a_time_alone(anna: Person) -> None:
    """After the question about a check-out, a time is that check-out, of the day that was asked about."""
    await anna.says("исправь вчерашний уход")
    assert "09:00 – 18:00 → 09:00 – 18:40" in await anna.says("в 18:40")


async def test_other_words_are_a_new_message(anna: Person) -> None:
    """The question holds nobody up: «пришла» is a check-in, «нет» drops it."""
    await anna.says("исправь вчера")
    assert "🟢 На работе с 10:00" in await anna.says("пришла")
    await anna.says("исправь вчера")
    assert "Вопрос снят. Ничего не изменено." == await anna.says("нет")


async def test_empty_workdays_are_confirmed_only_when_asked(james: Person, sergey: Person) -> None:
    """«Подтверждаю вчера» with nothing recorded is a question; a yes confirms, and only then the lead hears."""
    asked = await james.says("/confirm yesterday")
    assert asked.startswith("Mon 13 July: nothing is recorded. Was there really no work?")
    assert [] == sergey.shown
    assert "confirmed by you" in await james.presses("Yes, I did not work")
    assert "James Carter" in await sergey.reads()


async def test_no_leaves_the_empty_day_open(james: Person, sergey: Person) -> None:
    """A no confirms nothing; the times may come instead."""
    await james.says("/confirm yesterday")
    await james.presses("No")
    assert [] == sergey.shown
    assert "nothing → 09:00 – 18:00" in await james.says("yesterday from 9 to 18")


async def test_the_whole_day_told_takes_the_place_of_what_overlaps(company: Company, anna: Person) -> None:
    """Whoever is asked how a day was tells all of it: a day that was shorter is no overlap to be joined."""
    await works(company, anna, "2026-07-14", "10:00", "19:00")
    await company.move("2026-07-15T10:00")
    await anna.says("исправь вчера")
    answer = await anna.says("с 9 до 18, обед с 13:00 до 13:40")
    assert "вт, 14 июля: 10:00 – 19:00 → 09:00 – 18:00 (перерывы 40 мин)" in answer
    assert "отправлено" in await anna.presses("Отправить")
