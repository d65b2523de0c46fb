"""Choices: each button says which reading it is and when; no two are alike, and none would be refused."""

from datetime import timedelta

import pytest

from bot.domain.leave.absence import AbsenceKind
from tests.dialogs.days import everybody_works, works
from tests.people import Company, Person


@pytest.fixture(autouse=True)
async def tuesday(company: Company, anna: Person) -> None:
    """Anna worked on Monday from nine to six; it is Tuesday, ten o'clock, and she is at work."""
    await works(company, anna, "2026-07-13", "09:00", "18:00")
    await company.move("2026-07-14T09:00")
    await anna.says("пришла")
    await company.move("10:00")


async def test_a_time_to_come_offers_a_reminder(company: Company, anna: Person) -> None:
    """«Ушла в 18:30» at ten: not today's, which is to come; yesterday's, which can be, and a reminder."""
    assert "18:30 ещё не наступило.\nНапомнить в 18:30?" == await anna.says("ушла в 18:30")
    assert ["⏰ Напомнить в 18:30", "уход вчера 18:30", "Ни то, ни другое"] == anna.buttons
    assert "⏰ Хорошо, напомню один раз, в 18:30." == await anna.presses("Напомнить")
    assert {} == anna.chat[-1].buttons
    await company.move("18:30")
    assert "⏰ 18:30 – вы просили напомнить." in anna.chat[-1].text


async def test_the_other_reading_is_taken(company: Company, anna: Person) -> None:
    """Yesterday's check-out is a correction, read back as ever."""
    await anna.says("ушла в 18:30")
    assert "пн, 13 июля: 09:00 – 18:00 → 09:00 – 18:30" in await anna.presses("уход вчера 18:30")


async def test_a_reminder_pressed_too_late(company: Company, anna: Person) -> None:
    """Pressed after the time, the button says what to write, and reminds of nothing."""
    await anna.says("ушла в 18:30")
    await company.move("18:40")
    assert "18:30 уже наступило." in await anna.presses("Напомнить")
    heard = len(anna.chat)
    await company.move("2026-07-15T08:00")
    assert heard == len([each for each in anna.chat if "вы просили напомнить" not in each.text])


async def test_pressed_twice_is_one_reminder(company: Company, anna: Person) -> None:
    """The same button twice sets the same reminder."""
    await anna.says("ушла в 18:30")
    bubble = anna.chat[-1]
    remind = next(each.action for words, each in bubble.buttons.items() if "Напомнить" in words)
    assert remind is not None
    for _ in range(2):
        await anna.taps(remind.pack(), bubble.id)
    await company.settle()
    await company.move("19:00")
    assert 1 == len([each for each in anna.shown if "вы просили напомнить" in each])


async def test_breaks_name_their_day(company: Company, anna: Person) -> None:
    """A lunch that is over today and yesterday's are told apart by their words."""
    await company.move("15:00")
    await anna.says("обед с 13 до 14")
    labels = [each for each in anna.buttons if "13:00" in each]
    assert len(labels) == len(set(labels))
    assert all(each.startswith("перерыв") or "Отправить" in each for each in labels) or "13:00" in anna.chat[-1].text


async def test_in_english(company: Company, james: Person) -> None:
    """The same words in English."""
    await works(company, james, "2026-07-15", "09:00", "18:00")
    await company.move("2026-07-16T10:00")
    await james.says("I'm in")
    assert "18:30 is still to come.\nShall I remind you at 18:30?" == await james.says("left at 6:30 pm")
    assert ["⏰ Remind me at 18:30", "check-out yesterday 18:30", "Neither"] == james.buttons


async def test_days_that_are_taken_are_not_offered(company: Company, anna: Person) -> None:
    """Of two readings as leave, the one on days that are leave already is left out."""
    await everybody_works(company)
    await company.sends_away(anna, AbsenceKind.VACATION, "2026-07-20", "2026-07-24")
    await anna.says("отгул 20 июля")
    assert "Ни то" not in " ".join(anna.chat[-1].buttons)


async def test_chosen_an_hour_later_a_mark_keeps_its_time(company: Company, anna: Person, sergey: Person) -> None:
    """What was written at ten and chosen at eleven counts for ten, by way of a correction."""
    await anna.says("поставь обед на 15")
    await company.move("11:00")
    await anna.presses("перерыв: 15 мин")
    await anna.presses("Отправить")
    await sergey.reads()
    await sergey.presses("Согласовать")
    await company.move(timedelta(seconds=31))
    [pause] = (await anna.sessions())[-1].breaks
    assert [company.at("10:00"), company.at("10:15")] == [pause.started_at, pause.ended_at]
