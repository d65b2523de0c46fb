"""Absences that the portal's calendar tells: whom requests pass over, who is not reminded, what colleagues read."""

from datetime import timedelta

import pytest

from bot.domain.leave.absence import AbsenceKind
from bot.domain.people.employee import Role
from tests.dialogs.routes import HEAD, sent, stage, template, with_template
from tests.people import Company, Person
from tests.unit.domain.plans import fixed

WEEK = ("2026-07-13", "2026-07-17")


@pytest.fixture
async def vera(company: Company, channel: str, olga: Person) -> Person:
    """Another lead."""
    return await company.hire("Вера Белова", channel, role=Role.LEAD, lead=olga)


async def test_the_substitute_is_asked_where_the_portal_calls_the_lead_absent(
    company: Company, anna: Person, sergey: Person, vera: Person
) -> None:
    """As for an absence of our own: it is said until when, never why; and the substitute decides."""
    await sergey.says("меня замещает Вера до пятницы")
    await sergey.presses("Да")
    await vera.reads()
    await company.calendar_says(sergey, WEEK)
    await anna.says("отпуск с 3 по 7 августа")
    sent = await anna.presses("Отправить")
    assert "Решает: Вера Белова\n🔁 Сергей Орлов отсутствует до пт, 17 июля включительно, замещает Вера Белова." in sent
    assert "🔁 За: Сергей Орлов (отсутствует)" in await vera.reads()
    await vera.presses("Согласовать")


async def test_hours_are_no_absence_for_requests(company: Company, anna: Person, sergey: Person, vera: Person) -> None:
    """A lead who is out for some hours is asked, as with hours away of our own."""
    await sergey.says("меня замещает Вера до пятницы")
    await sergey.presses("Да")
    await vera.reads()
    await company.calendar_says(sergey, ("2026-07-13T08:00", "2026-07-13T12:00"))
    await anna.says("отпуск с 3 по 7 августа")
    assert "Решает: Сергей Орлов" in await anna.presses("Отправить")


async def test_days_that_touch_our_own_are_one_absence(company: Company, anna: Person, sergey: Person) -> None:
    """Vacation here until Tuesday, the portal's entry from Wednesday on: away until its end."""
    await company.sends_away(sergey, AbsenceKind.VACATION, "2026-07-13", "2026-07-14")
    await company.calendar_says(sergey, ("2026-07-15", "2026-07-17"))
    await anna.says("отпуск с 3 по 7 августа")
    assert "до пт, 17 июля" in await anna.presses("Отправить")


async def test_who_is_absent_all_day_is_not_reminded(company: Company, anna: Person) -> None:
    """Of nothing that day; on the day after they are, and no leave was noted."""
    await company.calendar_says(anna, ("2026-07-13", "2026-07-13"))
    await company.plans(fixed())
    await company.move("12:00")
    assert [] == anna.chat
    await company.move("2026-07-14T09:10")
    assert "⏰ Уже 09:10" in anna.chat[-1].text


async def test_hours_away_put_the_question_off(company: Company, anna: Person) -> None:
    """Whoever is out until eleven by the calendar is asked after that, as long after as anybody."""
    await company.calendar_says(anna, ("2026-07-13T08:00", "2026-07-13T11:00"))
    await company.plans(fixed())
    await company.move("11:09")
    assert [] == anna.chat
    await company.move("11:10")
    assert "⏰ Уже 11:10" in anna.chat[-1].text


async def test_who_came_all_the_same_is_asked_about_the_end(company: Company, anna: Person) -> None:
    """An entry in a calendar does not make a running clock be forgotten."""
    await company.calendar_says(anna, ("2026-07-13", "2026-07-13"))
    await company.plans(fixed())
    await anna.says("пришла")
    await company.move("18:15")
    assert "⏰ Смена закончилась в 18:00" in anna.chat[-1].text


async def test_presence_says_away_and_no_kind(company: Company, anna: Person, sergey: Person) -> None:
    """The same for a lead; it goes when the calendar says so no more, and hours stay as they are."""
    await company.calendar_says(anna, WEEK)
    line = "🗓 Анна Ким: отсутствует до пт, 17 июля включительно"
    assert line in await sergey.says("кто на работе")
    assert "отсутств" not in (await anna.says("/leave")).lower()
    await company.calendar_says(anna)
    assert line not in await sergey.says("кто на работе")


async def test_our_own_absence_is_the_one_that_is_told(company: Company, anna: Person, sergey: Person) -> None:
    """With its kind, to whoever may read that."""
    await company.sends_away(anna, AbsenceKind.SICK, "2026-07-13", "2026-07-14")
    await company.calendar_says(anna, WEEK)
    assert "🤒 Анна Ким: отсутствует до вт, 14 июля включительно" in await sergey.says("кто на работе")


async def test_the_morning_of_a_lead_knows_of_it(company: Company, channel: str, anna: Person, sergey: Person) -> None:
    """Whoever the portal calls absent is not told as late, but as away; a lead who is away gets no morning."""
    boris = await company.hire("Борис Лавров", channel, lead=sergey)
    await company.calendar_says(anna, WEEK)
    await company.calendar_says(boris, ("2026-07-13T08:00", "2026-07-13T11:00"))
    await company.plans(fixed())
    await company.starts()
    await company.move("10:00")
    told = [each for each in sergey.shown if each.startswith("☀️")]
    assert ["🚪 Отсутствуют (1): 🗓 Анна Ким"] == [each.splitlines()[1] for each in told]
    assert "Пока нет отметок" not in told[0]
    assert "у всех, у кого смена, отметки есть" in await sergey.says("кто не отметился")
    await company.calendar_says(sergey, ("2026-07-14", "2026-07-15"))
    await company.move("2026-07-14T12:00")
    assert told == [each for each in sergey.shown if each.startswith("☀️")]
    await company.move("2026-07-15T09:00")
    await sergey.says("пришёл")
    await company.move("2026-07-15T12:00")
    assert 2 == sum(each.startswith("☀️") for each in sergey.shown)


async def test_the_time_to_a_decision_knows_of_it(company: Company, anna: Person, sergey: Person, olga: Person) -> None:
    """Who was away from eleven until three had two hours of the six until the decision, also when that is over."""
    await with_template(company, template(stage("head", [HEAD])))
    await company.move("10:00")
    await sent(anna)
    await company.calendar_says(sergey, ("2026-07-13T11:00", "2026-07-13T15:00"))
    await company.move("16:00")
    await sergey.presses("Согласовать")
    await company.move(timedelta(days=10))
    await company.calendar_says(sergey)
    assert "• Сергей Орлов: решено 1, половина до 2 ч" in await olga.says("статистика согласований за июль")
