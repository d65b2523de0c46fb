"""A leave told in part is asked about; the question takes its own examples, and nothing becomes a whole day."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.dialogs.days import NINE_TO_SIX
from tests.meant import MeantCompany
from tests.people import Company, Person


@pytest.fixture
async def company(tmp_path: Path) -> AsyncIterator[Company]:
    """A company that works from nine to six; its people can say what they mean."""
    made = await MeantCompany(tmp_path).open()
    await made.plans(NINE_TO_SIX)
    yield made
    await made.close()


ON_FRIDAY = "/meant leave kind=day_off from_day=2026-07-17 to_day=2026-07-17"


async def test_hours_are_shown_to_everybody(company: Company, anna: Person, sergey: Person) -> None:
    """Read back, sent, asked, decided, under the week and in the history: the hours stand everywhere."""
    hours = "вт, 14 июля, 09:00 – 13:00"
    assert f"Всё верно?\nОтгул\n{hours}" == await anna.says("отгул завтра с 9 до 13")
    assert hours in await anna.presses("Отправить")
    assert hours in await sergey.reads()
    assert hours in await sergey.presses("Согласовать")
    await company.move(timedelta(seconds=31))
    assert anna.chat[-1].text.startswith(f"Отгул\n{hours}\n✅ Согласовано")
    assert f"🌴 Отгул: {hours}" in await anna.says("моя неделя")
    assert hours in await anna.says("история")


async def test_an_amount_of_hours_asks_which(anna: Person) -> None:
    """Four hours off: the beginning and the end of the planned day are offered, never the day."""
    asked = "Отгул, пт, 17 июля, 4 ч: в какие часы? Например: «с 9 до 13», «весь день»."
    assert asked == await anna.says(f"{ON_FRIDAY} amount_seconds=14400")
    assert ["В начале дня: 09:00 – 13:00", "В конце дня: 14:00 – 18:00", "✖️ Нет"] == anna.buttons
    assert "Всё верно?\nОтгул\nпт, 17 июля, 14:00 – 18:00" == await anna.presses("В конце дня")


async def test_the_unpaid_break_is_no_part_of_an_amount(anna: Person) -> None:
    """Five hours from the beginning of nine to six with lunch at one end at three."""
    await anna.says(f"{ON_FRIDAY} amount_seconds=18000")
    assert ["В начале дня: 09:00 – 15:00", "В конце дня: 12:00 – 18:00", "✖️ Нет"] == anna.buttons


async def test_half_a_day_asks_which(anna: Person) -> None:
    """Half a day is before or after lunch; the part that was said is read back at once."""
    await anna.says(f"{ON_FRIDAY} part=half")
    assert ["С утра: 09:00 – 13:00", "После обеда: 14:00 – 18:00", "✖️ Нет"] == anna.buttons
    assert "Всё верно?\nОтгул\nпт, 17 июля, 14:00 – 18:00" == await anna.says(f"{ON_FRIDAY} part=afternoon")


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("с 9 до 13", "пт, 17 июля, 09:00 – 13:00"),
        ("весь день", "пт, 17 июля"),
        ("после обеда", "пт, 17 июля, 14:00 – 18:00"),
        ("с 15 до конца дня", "пт, 17 июля, 15:00 – 18:00"),
        ("from 9 to 13", "пт, 17 июля, 09:00 – 13:00"),
    ],
)
async def test_words_answer_which_hours(anna: Person, said: str, read: str) -> None:
    """The hours may be written, the day stays."""
    await anna.says(f"{ON_FRIDAY} amount_seconds=14400")
    assert f"Всё верно?\nОтгул\n{read}" == await anna.says(said)


async def test_another_day_keeps_the_amount(anna: Person) -> None:
    """A day, said to the question about hours, is the day; the hours are still asked."""
    await anna.says(f"{ON_FRIDAY} part=half")
    assert (await anna.says("16 июля")).startswith("Отгул, чт, 16 июля: с которого часа до которого?")
    assert "Всё верно?\nОтгул\nчт, 16 июля, 09:00 – 13:00" == await anna.presses("С утра")


@pytest.mark.parametrize(("said", "end"), [("сегодня", "18:00"), ("до 16", "16:00"), ("до конца дня", "18:00")])
async def test_hours_without_an_end(anna: Person, said: str, end: str) -> None:
    """«Больничный сегодня с 12» asks until when; a time, the end of the day and «сегодня» answer it."""
    assert (await anna.says("больничный сегодня с 12")).startswith("Больничный, пн, 13 июля, 12:00: до которого часа?")
    assert f"Больничный\nпн, 13 июля, 12:00 – {end}" in await anna.says(said)


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("до пятницы", "пн, 20 июля – пт, 24 июля, 5 дней"),
        ("на неделю", "пн, 20 июля – вс, 26 июля, 7 дней"),
        ("[Только]", "пн, 20 июля"),
        ("[По пт, 24 июля]", "пн, 20 июля – пт, 24 июля, 5 дней"),
    ],
)
async def test_days_without_an_end(anna: Person, said: str, read: str) -> None:
    """A trip from Monday is not one day: until when is asked, and the buttons have different names."""
    asked = await anna.says("/meant leave kind=business_trip from_day=2026-07-20")
    assert "Командировка с пн, 20 июля: по какой день? Например: «до пятницы», «на неделю»." == asked
    assert ["Только пн, 20 июля", "По вт, 21 июля", "По пт, 24 июля", "✖️ Нет"] == anna.buttons
    got = await (anna.presses(said.strip("[]")) if said.startswith("[") else anna.says(said))
    assert f"Всё верно?\nКомандировка\n{read}" == got


async def test_nobody_knows_how_long_a_trip_will_be(anna: Person) -> None:
    """«Не знаю» sends nothing; of an illness it is noted until today."""
    await anna.says("/meant leave kind=business_trip from_day=2026-07-20")
    assert "Тогда напишите, когда станет известно. Ничего не отправлено." == await anna.says("пока не знаю")
    await anna.says("/meant leave kind=sick from_day=2026-07-13")
    assert "Больничный\nпн, 13 июля" in await anna.says("не знаю")


async def test_an_illness_begins_today(anna: Person, sergey: Person) -> None:
    """«Болею»: a kind word, and one tap sends what the button says."""
    assert "🤒 Выздоравливайте!\nОтметить больничный сегодня?" == await anna.says("болею")
    assert ["Сегодня", "Сегодня и завтра", "Другие дни", "✖️ Нет"] == anna.buttons
    sent = await anna.presses("Сегодня и завтра")
    assert sent.startswith("📨 Больничный – отправлено\nпн, 13 июля – вт, 14 июля, 2 дня\nРешает: Сергей Орлов")
    assert "Больничный – Анна Ким" in await sergey.reads()


async def test_nobody_who_is_ill_is_asked_where_they_are(company: Company, anna: Person, james: Person) -> None:
    """Who said that they are ill is not reminded of the beginning of the day, though the lead has not answered yet."""
    await company.move("2026-07-14T08:30")
    await anna.says("болею")
    await anna.presses("Сегодня")
    before = len(anna.shown), len(james.shown)
    await company.move("2026-07-14T10:00")
    assert [] == anna.shown[before[0] :]
    assert [] != james.shown[before[1] :]


async def test_an_illness_of_other_days(anna: Person) -> None:
    """Other days are asked for in words; a yes means today."""
    await anna.says("болею")
    assert (await anna.presses("Другие дни")).startswith("Больничный: с какого дня по какой?")
    assert "Больничный\nпн, 13 июля – ср, 15 июля, 3 дня" in await anna.says("до среды")
    await anna.says("болею")
    assert (await anna.says("да")).startswith("📨 Больничный – отправлено\nпн, 13 июля\n")


async def test_today_is_the_day_of_the_answer(company: Company, anna: Person) -> None:
    """A button «Сегодня» that is pressed after midnight asks anew."""
    await company.move("23:50")
    await anna.says("болею")
    await company.move(timedelta(minutes=20))
    assert "🤒 Выздоравливайте!\nОтметить больничный сегодня?" == await anna.presses("Сегодня")
    assert "Больничный – отправлено\nвт, 14 июля" in await anna.presses("Сегодня")


async def test_in_english(james: Person) -> None:
    """The same in English."""
    assert "🤒 Get well soon!\nShall I note sick leave for today?" == await james.says("I'm sick")
    assert ["Today", "Today and tomorrow", "Other days", "✖️ No"] == james.buttons
    await james.says(f"{ON_FRIDAY} amount_seconds=7200")
    assert "Did I get it right?\nDay off\nFri 17 July, 09:00 – 13:00" == await james.says("from 9 to 13")


async def test_words_of_another_meaning_are_no_answer(anna: Person) -> None:
    """Who is asked for hours and writes that they are at work is at work."""
    await anna.says(f"{ON_FRIDAY} part=half")
    assert (await anna.says("пришла")).startswith("🟢 На работе с 09:00")


async def test_an_amount_without_a_plan(company: Company, anna: Person) -> None:
    """Where nothing is planned the hours are asked for without offers."""
    asked = await anna.says("/meant leave kind=day_off from_day=2026-07-18 to_day=2026-07-18 part=morning")
    assert asked.startswith("Отгул, сб, 18 июля: с которого часа до которого?")
    assert ["✖️ Нет"] == anna.buttons
