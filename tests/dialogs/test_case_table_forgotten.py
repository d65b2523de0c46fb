"""The case table, forgotten actions: written from the rules, told by the chat and the log of a person."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.domain.leave.absence import AbsenceKind
from bot.domain.planning.schedule import PlannedBreak
from tests.dialogs.days import NINE_TO_SIX
from tests.dialogs.walls import last_session, told
from tests.people import Company, Person


@pytest.fixture
async def planned(company: Company, anna: Person) -> Person:
    """Anna, who is planned from nine to six with an hour's break at one; it is nine on Monday."""
    await company.plans(NINE_TO_SIX, anna)
    return anna


async def heard(company: Company, person: Person, until: str) -> list[str]:
    """Let time pass and return what the bot said meanwhile."""
    before = len(person.chat)
    await company.move(until)
    return person.shown[before:]


async def test_check_in_names_the_plan(company: Company, planned: Person) -> None:
    """The answer to a check-in has the time and today's plan (case 1)."""
    await company.move("09:04")
    answer = await planned.says("пришла")
    assert "09:04" in answer
    assert "09:00 – 18:00" in answer


async def test_announced_break(company: Company, anna: Person) -> None:
    """Ten announced minutes: one ping with three buttons, no change by itself; five more, and one more (case 11)."""
    await anna.says("пришла")
    await company.move("13:00")
    await anna.says("перерыв 10 минут")
    assert [] == await heard(company, anna, "13:09")
    assert 1 == len(await heard(company, anna, "13:12"))
    assert ["Продолжить", "5", "15"] == [
        next(word for word in ("Продолжить", "15", "5") if word in label) for label in anna.buttons
    ]
    session = await last_session(anna)
    assert session.running_break is not None
    await anna.presses("5 мин")
    assert 1 == len(await heard(company, anna, "13:30"))
    assert [] == await heard(company, anna, "13:55")
    await anna.presses("Продолжить")
    [pause] = (await last_session(anna)).breaks
    assert timedelta(minutes=55) == pause.length(company.clock.now())


async def test_break_over_its_limit(company: Company, planned: Person) -> None:
    """Over the limit of the schedule the person is asked once; it is still a break (case 12)."""
    await company.move("09:00")
    await planned.says("пришла")
    await company.move("12:00")
    await planned.says("перерыв")
    assert [] == await heard(company, planned, "13:04")
    [asked] = await heard(company, planned, "15:30")
    assert asked.startswith("☕ Перерыв длится уже 1 ч 5 мин.")
    session = await last_session(planned)
    assert session.running_break is not None


async def test_break_as_long_as_planned(company: Company, planned: Person) -> None:
    """A planned break of an hour and a half is not over its limit after an hour (case 12)."""
    await company.plans(
        replace(NINE_TO_SIX, pause=PlannedBreak(timedelta(minutes=90))), planned, since=date(2026, 7, 1)
    )
    await company.move("09:00")
    await planned.says("пришла")
    await company.move("12:00")
    await planned.says("обед")
    assert [] == await heard(company, planned, "13:34")
    assert 1 == len(await heard(company, planned, "13:36"))


async def test_next_morning(company: Company, planned: Person) -> None:
    """In since yesterday, planned till six: closed at six, unconfirmed; today opens; one tap confirms (case 22)."""
    await company.move("09:00")
    await planned.says("пришла")
    await company.move("2026-07-14T08:50")
    await company.move("2026-07-14T09:05")
    await planned.says("пришла")
    first, second = await planned.sessions()
    assert [company.at("2026-07-13T18:00"), True] == [first.ended_at, first.is_auto]
    assert [company.at("2026-07-14T09:05"), True] == [second.started_at, second.is_open]
    assert 1 == sum("Вчера ушли в 18:00?" in each for each in planned.shown)
    await planned.presses("Да")
    first, second = await planned.sessions()
    assert [company.at("2026-07-13T18:00"), False] == [first.ended_at, first.is_auto]


async def test_another_time_than_supposed(company: Company, planned: Person, sergey: Person) -> None:
    """«Другое время» asks which, and goes the way of a correction: 19:30 waits for the lead (cases 22, 32)."""
    await company.move("09:00")
    await planned.says("пришла")
    await company.move("2026-07-14T09:05")
    await planned.presses("Другое время")
    await planned.says("в 19:30")
    await planned.presses("Отправить")
    await sergey.reads()
    await sergey.presses("Согласовать")
    await company.move(timedelta(seconds=31))
    first = (await planned.sessions())[0]
    assert [company.at("2026-07-13T19:30"), False] == [first.ended_at, first.is_auto]


async def test_two_reminders_and_then_none(company: Company, planned: Person) -> None:
    """Planned till 18:00: asked at 18:15 and at 20:00, not again once the day is closed (case 23)."""
    await company.move("09:00")
    await planned.says("пришла")
    assert [] == await heard(company, planned, "18:14")
    assert 1 == len(await heard(company, planned, "18:16"))
    assert [] == await heard(company, planned, "19:59")
    assert 1 == len(await heard(company, planned, "20:01"))
    await company.move("2026-07-14T01:00")
    session = await last_session(planned)
    assert [company.at("2026-07-13T18:00"), True] == [session.ended_at, session.is_auto]
    assert not any("Вы ещё на работе" in each for each in await heard(company, planned, "2026-07-14T08:00"))


async def test_no_plan(company: Company, anna: Person) -> None:
    """Nothing planned: past sixteen hours the day is closed at its start plus eight, not at midnight (case 24)."""
    await company.move("11:30")
    await anna.says("пришла")
    await company.move("2026-07-14T03:29")
    assert (await last_session(anna)).is_open
    await company.move("2026-07-14T03:31")
    session = await last_session(anna)
    assert [company.at("2026-07-13T19:30"), True] == [session.ended_at, session.is_auto]


async def test_true_end_after_the_closing(company: Company, planned: Person, sergey: Person) -> None:
    """A check-out after the day was closed by itself is the true end, and nobody has to approve it (case 25)."""
    await company.move("09:00")
    await planned.says("пришла")
    await company.move("22:30")
    assert (await last_session(planned)).is_auto
    assert "22:30" in await planned.says("ушла")
    session = await last_session(planned)
    assert [company.at("22:30"), False] == [session.ended_at, session.is_auto]
    assert "Анна" not in await sergey.says("мои согласования")
    assert 1 == len(await planned.sessions())


async def test_forgotten_break(company: Company, planned: Person) -> None:
    """A break since 13:00 never ended: the day ends at 18:00, the break is an hour, both are asked about (case 27)."""
    await company.move("09:00")
    await planned.says("пришла")
    await company.move("13:00")
    await planned.says("обед")
    await company.move("2026-07-14T08:59")
    session = await last_session(planned)
    assert [company.at("2026-07-13T18:00"), True] == [session.ended_at, session.is_auto]
    assert [(company.at("2026-07-13T13:00"), company.at("2026-07-13T14:00"))] == [
        (each.started_at, each.ended_at) for each in session.breaks
    ]
    assert any("18:00" in each and "13:00 – 14:00" in each for each in planned.shown)


async def test_nobody_came(company: Company, planned: Person) -> None:
    """Asked once after the grace; «absent» is not written, and the day counts as missing after the shift (case 28)."""
    assert 1 == len(await heard(company, planned, "12:00"))
    assert "нет отметок" not in await told(planned, "моя неделя")
    await company.move("23:00")
    assert "нет отметок" in await told(planned, "моя неделя")
    assert [] == await planned.sessions()


@pytest.mark.parametrize("button", ["отменить день", "выходной", "ошиб"])
async def test_work_on_leave(company: Company, planned: Person, sergey: Person, button: str) -> None:
    """On approved leave a check-in is allowed and asked about: cancel the day, work on it, or a mistake (case 29)."""
    del sergey
    await company.sends_away(planned, AbsenceKind.VACATION, "2026-07-13", "2026-07-15")
    assert [] == await heard(company, planned, "10:00")
    await planned.says("пришла")
    question = next(each for each in planned.chat if "отсутствие" in each.text)
    assert 3 == len(question.buttons)
    assert 1 == len(await planned.sessions())
    label = next((each for each in question.buttons if button in each.lower()), None)
    assert label is not None, list(question.buttons)
    await planned.presses(label)
    assert (0 if button == "ошиб" else 1) == len(await planned.sessions())
    week = await told(planned, "моя неделя")
    assert ("вт, 14 июля – ср, 15 июля" in week) == (button == "отменить день")


async def test_switched_off_while_at_work(company: Company, planned: Person, olga: Person) -> None:
    """Switched off while at work: closed and unconfirmed, no more reminders, the hours stay (case 72)."""
    await company.move("09:00")
    await planned.says("пришла")
    await company.move("11:00")
    await olga.says("/disable Анна")
    session = await last_session(planned)
    assert [False, True] == [session.is_open, session.is_auto]
    assert [] == await heard(company, planned, "2026-07-16T12:00")


async def test_outage_is_one_message(company: Company, planned: Person) -> None:
    """After a day without the service a person is told once what is due now, not five things (lesson 21)."""
    await company.move("09:00")
    await planned.says("пришла")
    before = len(planned.chat)
    company.clock.move_to(company.at("2026-07-14T10:30"))
    await company.scheduler.do_due(company.clock.now())
    await company.settle()
    fresh = [each for each in planned.shown[before:] if "День закрыт" not in each]
    assert 1 == len(fresh), fresh


async def test_silence_until_monday(company: Company, planned: Person) -> None:
    """«Не напоминать до понедельника» on a Monday is silent for the week, and over on the next (lesson 21)."""
    await planned.says("не напоминать до понедельника")
    assert [] == await heard(company, planned, "2026-07-17T23:00")
    assert 1 == len(await heard(company, planned, "2026-07-20T12:00"))
