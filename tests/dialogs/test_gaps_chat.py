"""What is not right in my month: the list, and the buttons that mend it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.dialogs.days import everybody_works, works
from tests.people import Company, Person


@pytest.fixture
async def june(company: Company, anna: Person) -> None:
    """It is Friday 5 June 2026. The first is right; then a long break, nothing, a forgotten check-out, no break."""
    await everybody_works(company)
    await works(company, anna, "2026-06-01", "09:00", "13:00", "14:00", "18:00")
    await works(company, anna, "2026-06-02", "09:00", "13:00", "14:40", "18:00")
    await company.move("2026-06-04T09:00")
    await anna.says("/checkin")
    await works(company, anna, "2026-06-05", "09:00", "18:00")


@pytest.fixture
async def company(tmp_path: Path) -> AsyncIterator[Company]:
    """The company on Monday 1 June 2026, 8:00 in Moscow."""
    made = await Company(tmp_path, at=datetime(2026, 6, 1, 5, 0, tzinfo=UTC)).open()
    yield made
    await made.close()


JUNE = (
    "🔎 июнь – что поправить\n"
    "1. вт, 2 июня: перерыв 1 ч 40 мин, обычно не дольше 1 ч\n"
    "2. ср, 3 июня: нет отметок, по плану 09:00 – 18:00\n"
    "3. чт, 4 июня: день закрыт автоматически в 18:00, не подтверждён\n"
    "4. пт, 5 июня: без перерыва"
)


@pytest.mark.usefixtures("june")
async def test_the_list(anna: Person) -> None:
    """By the command: each thing with its day and its number, and a button to mend it."""
    assert JUNE == await anna.says("/gaps")
    assert [
        "1 · ✏️ Время возвращения",
        "2 · ✅ 09:00 – 18:00",
        "2 · ✏️ Иначе",
        "3 · ✅ Уход в 18:00",
        "3 · ✏️ Иначе",
        "4 · ☕ Указать перерыв",
    ] == anna.buttons


@pytest.mark.usefixtures("june")
async def test_i_was_there_as_planned(anna: Person) -> None:
    """The planned hours with their break are read back like a correction; sent, the date waits and asks no more."""
    await anna.says("/gaps")
    await anna.verify_dialog(
        [
            (
                "[2 · ✅ 09:00 – 18:00]",
                "Всё верно?\nИсправление: день\nср, 3 июня: ничего → 09:00 – 18:00 (перерывы 1 ч)",
            ),
            ("[Отправить руководителю]", "📨 Исправление: день – отправлено…"),
        ]
    )
    assert "2. ср, 3 июня: исправление ждёт решения\n" in await anna.says("/gaps")
    assert not any(label.startswith("2 ·") for label in anna.buttons)


@pytest.mark.usefixtures("june")
async def test_i_was_there_at_other_times(anna: Person) -> None:
    """The times are those of the day that was asked about, written however people write them."""
    await anna.says("/gaps")
    await anna.presses("2 · ✏️ Иначе")
    asked = "ср, 3 июня: с какого и до какого времени была работа? Например: с 9:00 до 18:00"
    assert anna.shown[-1].startswith(asked)
    assert "Время не распозналось" in await anna.says("много")
    for said in ("с 10 до 17", "10-17", "была с 10 до 17"):
        answer = await anna.says(said)
        assert "ср, 3 июня: ничего → 10:00 – 17:00" in answer, said
        await anna.presses("✖️ Нет")
        await anna.says("/gaps")
        await anna.presses("2 · ✏️ Иначе")
    assert "ср, 3 июня" not in await anna.says("статус")


@pytest.mark.usefixtures("june")
async def test_i_was_away(anna: Person) -> None:
    """A reason chosen is a leave of that day, read back as always."""
    await anna.says("/gaps")
    await anna.presses("2 · ✏️ Иначе")
    assert ["Отгул", "Больничный", "Отпуск", "Отпуск за свой счёт"] == anna.buttons
    assert "Всё верно?\nОтгул\nср, 3 июня" == await anna.presses("Отгул")
    await anna.says("/gaps")
    await anna.presses("2 · ✏️ Иначе")
    assert "Больничный\nср, 3 июня" in await anna.says("болела")


@pytest.mark.usefixtures("june")
async def test_an_end_is_confirmed(anna: Person) -> None:
    """One tap, and the list is shorter; a second tap finds it settled."""
    await anna.says("/gaps")
    assert "✅ чт, 4 июня: 09:00 – 18:00, подтверждено." == await anna.presses("3 · ✅ Уход в 18:00")
    assert "чт, 4 июня: день закрыт" not in await anna.says("/gaps")
    [session] = [each for each in await anna.sessions() if each.work_date.day == 4]
    assert not session.is_auto


@pytest.mark.usefixtures("june")
async def test_breaks_are_mended(anna: Person) -> None:
    """A break that was not ended in time, and one that was not noted."""
    await anna.says("/gaps")
    await anna.presses("1 · ✏️")
    answer = await anna.says("13:50")
    assert "вт, 2 июня: 09:00 – 18:00 (перерыв 13:00 – 14:40) → 09:00 – 18:00 (перерыв 13:00 – 13:50)" in answer
    await anna.says("/gaps")
    await anna.presses("4 · ☕")
    answer = await anna.says("с 13 до 13:40")
    assert "09:00 – 18:00 → 09:00 – 18:00 (перерыв 13:00 – 13:40)" in answer


async def test_a_long_list_is_shown_in_parts(company: Company, anna: Person) -> None:
    """Five at once, more behind a button in the same message, and back to the beginning."""
    await everybody_works(company)
    await company.move("2026-06-10T20:00")
    assert "5. пт, 5 июня: нет отметок, по плану 09:00 – 18:00\n… и ещё 3" in await anna.says("/gaps")
    before = len(anna.chat)
    assert "6. пн, 8 июня: нет отметок" in await anna.presses("Ещё ▶")
    assert "1. пн, 1 июня" in await anna.presses("◀ Сначала")
    assert before == len(anna.chat)


async def test_everything_is_all_right(company: Company, anna: Person, james: Person) -> None:
    """One kind line, in each language, and no buttons."""
    assert "✅ июнь – всё в порядке." == await anna.says("/gaps")
    assert "✅ June – everything is in order." == await james.says("/gaps")
    assert [] == james.buttons


@pytest.mark.usefixtures("june")
async def test_old_and_forged_buttons(anna: Person) -> None:
    """A day mended meanwhile says so; what is no button of ours changes nothing."""
    await anna.says("/gaps")
    day = next(button.action for label, button in anna.chat[-1].buttons.items() if label.startswith("2 · ✅"))
    assert day is not None
    await anna.says("отгул 3 июня")
    await anna.presses("ср, 3 июня")  # a week ago: that, or next year
    await anna.presses("Отправить")
    log = await anna.sessions()
    for data in ("gw:0", "gm:739800:steal", f"gg:{10**20}:1:0", "ga:739800:none", "gg:739800:739830:-7", day.pack()):
        await anna.taps(data, anna.chat[-1].id)
        await anna.reads()
    assert log == await anna.sessions()
