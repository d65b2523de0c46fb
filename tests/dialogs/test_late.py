"""After an outage: one question about the state of things, not one for each that was missed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.ids import new_id
from bot.ports import Job
from bot.services.reminding.digests import LEAD_DIGEST, WEEKLY_SUMMARY
from tests.people import Company, Person
from tests.unit.domain.plans import fixed


async def goes_down_until(company: Company, at: str) -> None:
    """Start again at a Moscow time, in another process; everything that fell due meanwhile is done."""
    company.clock.move_to(company.at(at))
    await company.restart()
    await company.starts()
    await company.scheduler.do_due(company.clock.now())
    await company.settle()


async def on_a_break(company: Company, person: Person, words: str) -> int:
    """Have a person announce a break at noon; the service dies five minutes later. How much they have heard so far."""
    await company.plans(fixed())
    await person.says("пришла")
    await company.move("12:00")
    await person.says(words)
    await company.move("12:05")
    return len(person.chat)


@pytest.mark.parametrize("words", ["обед 30 минут", "обед 20 минут", "обед 45 минут"])
async def test_an_announced_break_over_its_limit(company: Company, anna: Person, words: str) -> None:
    """Down from noon to three: the announced end and the limit of an hour have passed, and there is one question."""
    heard = await on_a_break(company, anna, words)
    await goes_down_until(company, "15:00")
    assert 1 == len(anna.chat) - heard
    assert anna.chat[-1].text.startswith("☕")
    await company.move("17:00")
    assert 1 == len(anna.chat) - heard


async def test_five_minutes_more_are_told(company: Company, anna: Person) -> None:
    """Who was asked about the limit and asks for five minutes more is told when they are over."""
    await on_a_break(company, anna, "обед 90 минут")
    await company.move("13:05")
    assert anna.chat[-1].text.startswith("☕ Перерыв длится")
    await company.move("13:30")
    assert "☕ 13:30 – перерыв должен был закончиться. Уже вернулись?" == anna.chat[-1].text
    await anna.presses("5 мин")
    await company.move("13:35")
    assert "☕ 13:35 – перерыв должен был закончиться. Уже вернулись?" == anna.chat[-1].text


async def test_a_break_in_a_shift_that_is_over(company: Company, anna: Person) -> None:
    """Down until the evening: the question is whether the person is still at work, not how long the break was."""
    heard = await on_a_break(company, anna, "обед 30 минут")
    await goes_down_until(company, "18:40")
    assert ["⏰ Смена закончилась в 18:00. Вы ещё на работе?"] == anna.shown[heard:]


async def test_a_break_of_last_week(company: Company, anna: Person) -> None:
    """Down for nine days: nobody is asked about a break of 215 hours; the day is closed, and today is asked about."""
    heard = await on_a_break(company, anna, "обед 30 минут")
    await goes_down_until(company, "2026-07-22T11:00")
    assert [] == [each for each in anna.shown[heard:] if "ерерыв" in each and "Ваша прошлая неделя" not in each]
    assert 1 == sum(each.startswith("⏰") for each in anna.shown[heard:])
    [session] = await anna.sessions()
    assert session.is_auto


async def test_a_reminder_of_last_week(company: Company, anna: Person) -> None:
    """«Напомни в 15:00» is told at six when the service was away; a day later it reminds of nothing."""
    await anna.says("напомни в 15:00")
    await goes_down_until(company, "18:00")
    assert "⏰ 18:00 – вы просили напомнить." in anna.chat[-1].text
    await anna.says("напомни в 19:00")
    heard = len(anna.chat)
    await goes_down_until(company, "2026-07-14T12:00")
    assert heard == len(anna.chat)


async def test_digests_of_another_day(company: Company, anna: Person, sergey: Person) -> None:
    """A digest that was due on Monday and is written on Thursday is not written: Thursday has one of its own."""
    await company.plans(fixed(), anna)
    await company.starts()
    await anna.says("пришла")
    await company.move("09:30")
    async with company.storage.unit_of_work() as uow:
        for kind, person in ((LEAD_DIGEST, sergey), (WEEKLY_SUMMARY, anna)):
            payload = {"employee_id": person.employee_id, "day": "2026-07-13"}
            due = company.clock.now() + timedelta(minutes=15)
            uow.jobs.add(Job(new_id(), company.portal.id, kind, str(person.employee_id), due, payload))
        await uow.commit()
    await goes_down_until(company, "2026-07-23T12:00")
    assert 1 == sum(each.startswith("☀️") for each in sergey.shown)
    assert 1 == sum(each.startswith("📬") for each in anna.shown)


async def test_nothing_is_said_where_the_bot_was_removed(company: Company, anna: Person) -> None:
    """Removed between setting and firing (case 76): no reminder, no question; the day is closed all the same."""
    await on_a_break(company, anna, "обед 30 минут")
    await anna.says("напомни в 14:00")
    heard = len(anna.chat)
    async with company.storage.unit_of_work() as uow:
        portal = await uow.portals.get(company.portal.id)
        assert portal is not None
        uow.portals.put(replace(portal, is_active=False))
        await uow.commit()
    await company.move("2026-07-15T23:00")
    assert heard == len(anna.chat)
    [session] = await anna.sessions()
    assert session.is_auto
    await company.installs(company.portal.key)
    await company.move("2026-07-16T09:10")
    assert anna.chat[-1].text.startswith("⏰ Уже 09:10")


async def test_nothing_is_said_to_who_is_switched_off(company: Company, anna: Person, olga: Person) -> None:
    """Dismissed between setting and firing: timers are gone, and those that are not say nothing (case 72)."""
    await on_a_break(company, anna, "обед 30 минут")
    await anna.says("напомни в 14:00")
    heard = len(anna.chat)
    assert "Анна Ким" in await olga.says("/disable Анна")
    assert (await anna.employee()).is_disabled
    await company.move("2026-07-15T23:00")
    assert heard == len(anna.chat)
