"""One's own absences and requests, and true answers about what cannot be done here yet."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.leave.absence import AbsenceKind
from tests.dialogs.days import NINE_TO_SIX
from tests.meant import MeantCompany
from tests.people import Company, Person


@pytest.fixture
async def company(tmp_path: Path) -> AsyncIterator[Company]:
    """A company that works from nine to six, whose people can say what they mean."""
    made = await MeantCompany(tmp_path).open()
    await made.plans(NINE_TO_SIX)
    yield made
    await made.close()


async def test_when_is_my_vacation(company: Company, anna: Person, sergey: Person) -> None:
    """What is approved and what waits, with who decides; what waits can be taken back from here."""
    assert (await anna.says("/meant my_leave")).startswith("Ваших отсутствий впереди нет")
    await company.sends_away(anna, AbsenceKind.VACATION, "2026-08-03", "2026-08-14")
    await anna.says("отгул завтра с 9 до 13")
    await anna.presses("Отправить")
    assert (
        "Ваши отсутствия\n🌴 Отпуск: пн, 3 августа – пт, 14 августа, 12 дней\n"
        "⏳ Отгул: вт, 14 июля, 09:00 – 13:00. Решает: Сергей Орлов"
    ) == await anna.says("/meant my_leave")
    assert ["Отозвать: Отгул, вт, 14 июля, 09:00 – 13:00"] == anna.buttons
    await anna.presses("Отозвать: Отгул")
    assert any("↩️ Отозвано" in each for each in anna.shown)


async def test_my_requests(company: Company, anna: Person, sergey: Person) -> None:
    """Each with its state: what waits, for whom; what was decided, by whom and why."""
    await anna.says("отпуск с 3 по 14 августа")
    await anna.presses("Отправить")
    await sergey.reads()
    await sergey.presses("Отклонить")
    await sergey.says("сдаём проект")
    await company.move(timedelta(minutes=1))
    await anna.says("отгул завтра")
    await anna.presses("Отправить")
    told = await anna.says("/meant my_requests")
    assert "Отгул, пн, 13 июля, 09:01\nвт, 14 июля\n⏳ Ждёт. Решает: Сергей Орлов" in told
    assert "❌ Отклонено: Сергей Орлов, 09:00\n«сдаём проект»" in told


MOVED = "move_leave kind=vacation day=2026-08-03 from_day=2026-09-01 to_day=2026-09-12"


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        ("cancel_leave", "Всё верно?\nОтпуск: отмена\n"),
        ("cancel_leave kind=sick", "Что именно?\n🌴 Отпуск: пн, 3 августа"),
        (MOVED, "Всё верно?\nОтпуск: другие дни\n"),
    ],
)
async def test_what_was_approved_is_read_back(company: Company, anna: Person, wish: str, told: str) -> None:
    """What would become of it is told first; of another kind than was named it is asked."""
    await company.sends_away(anna, AbsenceKind.VACATION, "2026-08-03", "2026-08-14")
    assert (await anna.says(f"/meant {wish}")).startswith(told)


async def test_days_that_are_left_are_not_kept(company: Company, anna: Person) -> None:
    """What was approved this year is told, the rest the personnel department knows."""
    await company.sends_away(anna, AbsenceKind.VACATION, "2026-08-03", "2026-08-14")
    told = await anna.says("/meant leave_balance kind=vacation")
    assert "В этом году согласовано 12 дней отпуска." in told


async def test_approvals_are_handed_over(sergey: Person) -> None:
    """One by its card, all of them by a substitute: it is said how."""
    told = await sergey.says("/meant delegate person=Ольга")
    assert told.startswith("Вашего решения сейчас ничего не ждёт")
    assert "«меня замещает Анна до пятницы»" in told


async def test_who_is_away(company: Company, anna: Person, james: Person, sergey: Person) -> None:
    """Leads read the kind, by days; colleagues that somebody is away and until when, never why."""
    await company.sends_away(anna, AbsenceKind.SICK, "2026-07-14", "2026-07-15")
    await company.sends_away(james, AbsenceKind.REMOTE, "2026-07-14")
    await company.sends_away(sergey, AbsenceKind.VACATION, "2026-08-03", "2026-08-14")
    tomorrow = "from_day=2026-07-14 to_day=2026-07-14"
    assert (
        "Отсутствуют, вт, 14 июля\n🏠 James Carter: Удалённая работа, вт, 14 июля\n"
        "🤒 Анна Ким: Больничный, вт, 14 июля – ср, 15 июля, 2 дня"
    ) == await sergey.says(f"/meant away {tomorrow}")
    seen = await james.says(f"/meant away {tomorrow}")
    assert "🚪 Анна Ким: Tue 14 July – Wed 15 July, 2 days" in seen
    assert "Sick" not in seen
    assert "🏠 James Carter: Remote work, Tue 14 July" in seen
    assert (await sergey.says("/meant away kind=vacation from_day=2026-07-01 to_day=2026-07-31")).startswith(
        "Отпуск, июль: никого."
    )
    unknown = await anna.says("/meant away kind=vacation from_day=2026-08-01 to_day=2026-08-31")
    assert unknown.startswith("Отсутствуют, август\n🚪 Сергей Орлов: пн, 3 августа – пт, 14 августа, 12 дней")
    assert "не почему" in unknown
    assert "🤒 Анна Ким: Больничный, вт, 14 июля" in await sergey.says("/meant away person=Анны")
    assert "James Carter: впереди отсутствий нет." in await anna.says("/meant away person=James")


async def test_two_that_wait_are_told_apart(company: Company, anna: Person) -> None:
    """A leave by its days, short; what would read alike in full: no two buttons are."""
    await anna.says("пришла")
    await company.move("15:00")
    for words in (
        "отпуск с 3 по 14 августа",
        "забыла отметить обед, был с 12 до 12:30",
        "забыла отметить обед, был с 13 до 14",
    ):
        await anna.says(words)
        await anna.presses("Отправить")
    await anna.says("/meant my_requests")
    assert "Отозвать: Отпуск, 3–14 августа" in anna.buttons
    assert 3 == len(set(anna.buttons))
    assert any("(перерыв 12:00 – 12:30)" in each for each in anna.buttons)


async def test_no_vacation_yet(anna: Person, james: Person) -> None:
    """Nothing approved is said in words, not as zero days."""
    assert (await anna.says("/meant leave_balance kind=vacation")).endswith("\nВ этом году отпуск пока не согласован.")
    assert (await james.says("/meant leave_balance kind=vacation")).endswith("\nThis year no vacation is approved yet.")


async def test_a_stand_in_named_beside_a_leave(anna: Person) -> None:
    """The name is no reason of the leave; how one is named is said, and the leave goes on."""
    await anna.says("/meant leave kind=vacation from_day=2026-08-03 to_day=2026-08-07 substitute=Ольга")
    note, question = anna.shown[-2:]
    assert "Замещение назначается отдельно: напишите «меня замещает Ольга» и те же дни." == note
    assert question.startswith("Всё верно?\nОтпуск\nпн, 3 августа – пт, 7 августа, 5 дней")
    assert "Причина" not in question
