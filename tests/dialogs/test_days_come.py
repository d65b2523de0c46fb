"""Nobody decides until the days have come: people are reminded once, and told the truth in time."""

from datetime import timedelta

from bot.domain.leave.absence import AbsenceKind
from tests.people import Company, Person


async def asks(person: Person, said: str = "отпуск с 20 по 21 июля") -> None:
    """Ask for days of the next week, a Monday and a Tuesday."""
    await person.says(said)
    await person.presses("Отправить")


async def test_nobody_decides(company: Company, anna: Person, sergey: Person, olga: Person) -> None:
    """A working day before both are reminded, once; on the day Anna reads how it stands; the cards follow the days."""
    await asks(anna)
    await sergey.reads()
    count = len(anna.chat)
    await company.move("2026-07-17T08:59")
    assert count == len(anna.chat)
    await company.move("2026-07-17T09:01")  # Friday: the last morning on which people work before that Monday
    assert anna.chat[-1].text.startswith("⏰ Отпуск – первый день уже близко, а решения ещё нет")
    assert "Решает: Сергей Орлов" in anna.chat[-1].text
    assert olga.name in anna.chat[-1].text
    assert sergey.chat[-1].text.startswith("⏰ Первый день уже близко, а решения ещё нет:\n📝 Отпуск – Анна Ким")
    assert "✅ Согласовать" in sergey.chat[-1].buttons
    counts = len(anna.chat), len(sergey.chat)
    await company.move("2026-07-20T08:59")
    assert counts == (len(anna.chat), len(sergey.chat))
    await company.move("2026-07-20T09:01")
    begun = anna.chat[-1].text
    assert "первый день наступил" in begun
    assert "Решает: Сергей Орлов" in begun
    assert olga.name in begun
    assert "⏳ Эти дни уже начались" in sergey.chat[-1].text
    assert counts[1] == len(sergey.chat)  # the card itself says so
    await company.move("2026-07-22T00:01")
    assert "⌛ Эти дни уже прошли" in sergey.chat[-1].text
    assert "⌛ Эти дни уже прошли" in anna.chat[-1].text
    assert counts == (len(anna.chat) - 1, len(sergey.chat))
    assert "⌛ Эти дни уже прошли" in await sergey.says("/approvals")
    await sergey.presses("Согласовать")
    await company.move(timedelta(minutes=1))
    assert "✅ Согласовано" in sergey.chat[-1].text
    assert "Эти дни уже прошли" not in sergey.chat[-1].text


async def test_who_is_asked_is_away(company: Company, anna: Person, sergey: Person, olga: Person) -> None:
    """Whoever waits reads until when, and who is there meanwhile."""
    await company.sends_away(sergey, AbsenceKind.VACATION, "2026-07-13", "2026-07-31")
    await asks(anna)
    await company.move("2026-07-20T09:01")
    assert "🌙" in anna.chat[-1].text
    assert olga.name in anna.chat[-1].text


async def test_what_was_decided_or_taken_back(company: Company, anna: Person, sergey: Person) -> None:
    """Nobody is reminded of it, on no day."""
    await asks(anna)
    await sergey.reads()
    await sergey.presses("Согласовать")
    await asks(anna, "отгул 29 июля")
    await anna.presses("Отозвать")
    await company.move(timedelta(minutes=1))
    told = len(anna.chat)
    await company.move("2026-07-30T12:00")
    assert not [each.text for each in (*anna.chat[told:], *sergey.chat) if "решения" in each.text]


async def test_an_answer_that_is_taken_back_leaves_it_open(company: Company, anna: Person, sergey: Person) -> None:
    """A moment that came while an answer could be taken back is told once that was done."""
    await asks(anna)
    await company.move("2026-07-17T08:59:50")
    await sergey.presses("Согласовать")
    await company.move("2026-07-17T09:00:05")
    await sergey.presses("Вернуть")
    assert "⏰" not in anna.chat[-1].text
    await company.move("2026-07-17T09:02")
    assert "⏰" in anna.chat[-1].text


async def test_asked_late(company: Company, anna: Person, sergey: Person) -> None:
    """Of tomorrow, asked today, people are reminded in the last hours of work."""
    await asks(anna, "отпуск завтра")
    await sergey.reads()
    await company.move("14:59")
    assert "⏰" not in sergey.chat[-1].text
    await company.move("15:01")
    assert "⏰" in sergey.chat[-1].text


async def test_days_that_were_not_ahead(company: Company, anna: Person, sergey: Person) -> None:
    """Whoever asks for a day that runs knows that it does: nothing is told of its coming."""
    await asks(anna, "отпуск сегодня")
    await sergey.reads()
    told = len(anna.chat), len(sergey.chat)
    await company.move("2026-07-16T12:00")
    assert not [each.text for each in (*anna.chat[told[0] :], *sergey.chat[told[1] :]) if "решения" in each.text]
    assert "Эти дни" not in sergey.chat[told[1] - 1].text
