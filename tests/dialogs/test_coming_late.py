"""Being late: one message, the lead knows, nobody asks before; the last word counts, and no other day knows of it."""

from datetime import timedelta

import pytest

from bot.domain.leave.absence import AbsenceKind
from bot.services.reminding.digests import LEAD_DIGEST
from tests.dialogs.test_digests import falls_due
from tests.people import Company, Person
from tests.unit.domain.plans import fixed

TUESDAY = "2026-07-14"


@pytest.fixture(autouse=True)
async def planned(company: Company) -> None:
    """Everybody works from nine to six; it is twenty to nine on Tuesday."""
    await company.plans(fixed())
    await company.move(f"{TUESDAY}T08:40")


def asked(person: Person) -> list[str]:
    """The questions about a missing check-in."""
    return [each for each in person.shown if "прихода пока нет" in each]


async def test_late_by_minutes_is_after_the_start(company: Company, anna: Person, sergey: Person) -> None:
    """«Опоздаю минут на 20» at 8:40 is 9:20: told to the lead, kept, and asked about ten minutes after that."""
    answer = await anna.says("опоздаю минут на 20")
    assert "🕘 Сергей Орлов узнает: будете к 09:20.\nУдачной дороги!" == answer
    assert "🕘 Анна Ким – будет к 09:20." == await sergey.reads()
    await company.move("09:29")
    assert [] == asked(anna)
    await company.move("09:30")
    assert 1 == len(asked(anna))


async def test_said_again_nothing_is_told_twice(company: Company, anna: Person, sergey: Person) -> None:
    """The same message twice is one message to the lead; another time is another one, and it counts."""
    await anna.says("опоздаю на 20 минут")
    await anna.says("опоздаю на 20 минут")
    assert ["🕘 Анна Ким – будет к 09:20."] == sergey.shown
    assert "будете к 11:00" in await anna.says("буду к 11")
    assert "🕘 Анна Ким – будет к 11:00." == await sergey.reads()
    await company.move("11:09")
    assert [] == asked(anna)


async def test_time_unknown(company: Company, anna: Person, sergey: Person) -> None:
    """«Задерживаюсь» is told without a time, and one tap gives it."""
    assert "🕘 Сергей Орлов узнает, что вы задерживаетесь.\nУдачной дороги!" == await anna.says("задерживаюсь")
    assert "🕘 Анна Ким – опоздание, когда будет, пока неизвестно." == await sergey.reads()
    assert ["+15 мин", "+30 мин", "+60 мин"] == anna.buttons
    await company.move("09:30")
    assert [] == asked(anna)
    assert "будете к 10:00" in await anna.presses("+30")
    assert "🕘 Анна Ким – будет к 10:00." == await sergey.reads()


async def test_a_button_of_yesterday_says_nothing(company: Company, anna: Person, sergey: Person) -> None:
    """Pressed on another day, the question is over."""
    await anna.says("опаздываю")
    await sergey.reads()
    await company.move("2026-07-15T08:50")
    told = len(sergey.chat)
    assert (await anna.presses("+15")).startswith("Этот вопрос уже закрыт")
    assert told == len(sergey.chat)


async def test_forgotten_the_next_day(company: Company, anna: Person) -> None:
    """Who was late yesterday is asked as always today."""
    await anna.says("буду к 12")
    await company.move("2026-07-15T09:10")
    assert "⏰ Уже 09:10, прихода пока нет. Вы на работе?" == anna.shown[-1]


async def test_tomorrow(company: Company, anna: Person, sergey: Person) -> None:
    """«Завтра приду в 11» is about tomorrow alone."""
    assert "🕘 Сергей Орлов узнает: ср, 15 июля будете к 11:00." in await anna.says("завтра приду в 11")
    assert "🕘 Анна Ким – ср, 15 июля будет к 11:00." == await sergey.reads()
    await company.move("09:10")
    assert 1 == len(asked(anna))
    await company.move("2026-07-15T11:09")
    assert 1 == len(asked(anna))
    await company.move("2026-07-15T11:10")
    assert 2 == len(asked(anna))


async def test_in_time(anna: Person, sergey: Person) -> None:
    """Who comes by the start of the shift is late for nothing, and the lead hears nothing."""
    assert "Это вовремя: ваша смена начинается в 09:00." == await anna.says("буду к 9")
    assert [] == sergey.shown


async def test_at_work_already(company: Company, anna: Person, sergey: Person) -> None:
    """«Задержусь до 20:00» at work is no delay of the morning: nobody is told, and the end is not asked about."""
    await anna.says("пришла")
    assert "сегодня об уходе не спрошу" in await anna.says("задержусь до 20:00")
    assert [] == sergey.shown
    await company.move("19:00")
    assert [] == [each for each in anna.shown if "Смена закончилась" in each]


async def test_nobody_to_tell(olga: Person) -> None:
    """Where there is nobody to ask, it is noted all the same."""
    assert "🕘 Отмечено: будете к 09:20. До этого не спрошу.\nУдачной дороги!" == await olga.says("опоздаю на 20 минут")


async def test_the_digest_tells_of_it(company: Company, anna: Person, sergey: Person) -> None:
    """At ten the lead reads who said when they come, not that marks are missing."""
    await anna.says("буду к 11")
    await sergey.reads()
    await company.move("10:00")
    digest = next(each for each in await falls_due(company, LEAD_DIGEST, sergey) if "Ваша команда" in each.text)
    assert "🕘 Предупреждали (1): Анна Ким – к 11:00" in digest.text
    assert "Пока нет отметок" not in digest.text


async def test_who_shows_it(anna: Person, sergey: Person) -> None:
    """«Кто на работе» names who comes later."""
    await anna.says("буду к 11")
    await sergey.reads()
    assert "🕘 Анна Ким: будет к 11:00" in await sergey.says("/who")


async def test_after_a_restart(company: Company, anna: Person) -> None:
    """What was said is in the database."""
    await anna.says("буду к 11")
    await company.restart()
    await company.move("11:09")
    assert [] == asked(anna)


async def test_a_message_that_was_long_on_its_way(company: Company, anna: Person) -> None:
    """Written at 8:40, arrived at 9:30: late by twenty minutes is still 9:20."""
    written = company.clock.now()
    await company.move("09:05")
    assert "будете к 09:20" in await anna.says("опоздаю на 20 минут", at=written)


async def test_hours_away_and_a_delay(company: Company, anna: Person) -> None:
    """Away until ten and late until 10:30: asked after both."""
    await company.sends_away(anna, AbsenceKind.OTHER, TUESDAY, between=("09:00", "10:00"))
    await anna.says("буду к 10:30")
    await company.move("10:39")
    assert [] == asked(anna)
    await company.move(timedelta(minutes=1))
    assert 1 == len(asked(anna))


async def test_in_english(james: Person, sergey: Person) -> None:
    """The same in English."""
    assert "will know that you are late." in await james.says("running late")
    assert "you will be there by 11:00" in await james.says("there by 11")
    assert "🕘 James Carter – будет к 11:00." == await sergey.reads()


async def test_late_for_something_else(company: Company, anna: Person, sergey: Person) -> None:
    """At work nobody has to be told, and the end of the day is asked about as ever; who stays on is left in peace."""
    await anna.says("пришла")
    heard = len(sergey.chat)
    assert "Вы уже на работе, предупреждать никого не нужно." in await anna.says("опаздываю")
    assert heard == len(sergey.chat)
    await company.move("18:20")
    assert "Вы ещё на работе?" in anna.shown[-1]
    assert "Задерживайтесь, сколько нужно: сегодня об уходе не спрошу." in await anna.says("задержусь до 20:00")


@pytest.mark.parametrize("words", ["завтра опоздаю на 20 минут", "опоздаю завтра минут на 20"])
async def test_late_tomorrow_is_about_tomorrow(company: Company, anna: Person, sergey: Person, words: str) -> None:
    """The minutes are after the start of that day's shift; today is as it was, and is asked about."""
    assert "🕘 Сергей Орлов узнает: ср, 15 июля будете к 09:20." == await anna.says(words)
    assert "🕘 Анна Ким – ср, 15 июля будет к 09:20." == await sergey.reads()
    await company.move("09:10")
    assert 1 == len(asked(anna))
    await company.move("2026-07-15T09:29")
    assert 1 == len(asked(anna))


async def test_minutes_of_a_day_without_a_shift_are_told(company: Company, anna: Person, sergey: Person) -> None:
    """Nothing tells from when on they count, so that the minutes themselves are said; no trip is wished for."""
    await company.move("2026-07-17T12:00")
    assert "🕘 Сергей Орлов узнает: сб, 18 июля вы опоздаете на 20 минут." == await anna.says(
        "опаздываю завтра на 20 минут"
    )
    assert "🕘 Анна Ким – сб, 18 июля опоздание на 20 минут." == await sergey.reads()


async def test_late_tomorrow_without_a_time(company: Company, anna: Person, sergey: Person) -> None:
    """When is offered on buttons, which are about that day as well."""
    told = await anna.says("завтра опоздаю")
    assert "🕘 Сергей Орлов узнает: ср, 15 июля вы опоздаете." == told
    assert "🕘 Анна Ким – ср, 15 июля опоздание, когда будет, пока неизвестно." == await sergey.reads()
    assert "🕘 Сергей Орлов узнает: ср, 15 июля будете к 09:30." == await anna.presses("+30 мин")
    await company.move("09:10")
    assert 1 == len(asked(anna))
