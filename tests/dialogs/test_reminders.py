"""Reminders: rows 11, 12, 23, 28 and 29 of the case table, and silence (lesson 21), as people meet them."""

import asyncio
from datetime import date, timedelta

import pytest
from structlog.testing import capture_logs

from bot.dispatch.due import DueJobs
from bot.domain.leave.absence import AbsenceKind
from bot.domain.people.employee import Role
from tests.people import Company, Person
from tests.unit.domain.plans import fixed, rota

TUESDAY = "2026-07-14"


def asked(person: Person) -> list[str]:
    """The questions that the person was asked, as the chat shows them now."""
    return [each for each in person.shown if each.startswith(("⏰", "☕ 1", "☕ Перерыв длится"))]


async def test_case_28_nothing_recorded(company: Company, anna: Person) -> None:
    """At start and grace the person is asked once; nothing is written, and one tap mends it."""
    await company.plans(fixed())
    await company.move("09:09")
    assert [] == asked(anna)
    await company.move("09:10")
    assert "⏰ Уже 09:10, прихода пока нет. Вы на работе?" == anna.chat[-1].text
    assert ["▶️ Я на работе", "🕘 Приход в 09:00", "🌴 Сегодня не работаю"] == anna.buttons
    await company.move("12:00")
    assert 1 == len(anna.chat)
    assert [] == await anna.sessions()
    assert (await anna.presses("Я на работе")).startswith("🟢 На работе с 12:00")
    assert [True] == [each.is_edited for each in anna.chat]


async def test_case_28_came_on_time(company: Company, anna: Person) -> None:
    """“Came at 9:00”, pressed within a quarter of an hour, counts at once; later it is a correction for the lead."""
    await company.plans(fixed())
    await company.move("09:12")
    assert "09:00" in await anna.presses("Приход в 09:00")
    [session] = await anna.sessions()
    assert company.at("09:00") == session.started_at


async def test_case_28_came_on_time_said_late(company: Company, anna: Person) -> None:
    """Said at noon it is read back first."""
    await company.plans(fixed())
    await company.move("12:00")
    assert (await anna.presses("Приход в 09:00")).startswith("Всё верно?\nИсправление: приход")
    assert [] == await anna.sessions()


async def test_case_28_not_today(company: Company, anna: Person, sergey: Person) -> None:
    """“Not working today” offers to note why, and becomes a request like one that was typed."""
    await company.plans(fixed())
    await company.move("09:10")
    assert "Хорошо. Что отметить на сегодня?" == await anna.presses("Сегодня не работаю")
    assert ["Отгул", "Больничный", "Удалённая работа", "Ничего не отмечать"] == anna.buttons
    assert (await anna.presses("Отгул")).startswith("Всё верно?\nОтгул\nпн, 13 июля")
    assert "Решает: Сергей Орлов" in await anna.presses("Отправить")
    del sergey


async def test_who_came_is_not_asked(company: Company, anna: Person) -> None:
    """Who checked in, be it early, is not asked about the start."""
    await company.plans(fixed("10:00-19:00"))
    await anna.says("пришла")
    await company.move("12:00")
    assert [] == asked(anna)


async def test_case_23_after_the_planned_end(company: Company, anna: Person) -> None:
    """One question at 18:15, one at 20:00, none after."""
    await company.plans(fixed())
    await anna.says("пришла")
    await company.move("18:14")
    assert [] == asked(anna)
    await company.move("18:15")
    assert "⏰ Смена закончилась в 18:00. Вы ещё на работе?" == anna.chat[-1].text
    assert ["🏁 Закончить день", "🏠 Уход в 18:00", "💼 Ещё работаю"] == anna.buttons
    await company.move("20:00")
    assert "⏰ Уже 20:00, а рабочее время идёт. Вы ещё на работе?" == anna.chat[-1].text
    heard = len(anna.chat)
    await company.move("23:59")
    assert heard == len(anna.chat)


async def test_case_23_left_as_planned(company: Company, anna: Person, sergey: Person) -> None:
    """“Left at 18:00” ends the day there; it is the end that the bot would have put, so no lead is asked."""
    await company.plans(fixed())
    await anna.says("пришла")
    await company.move("20:00")
    assert "🏁 День закончен в 18:00\nОтработано 9 ч" == await anna.presses("Уход в 18:00")
    [session] = await anna.sessions()
    assert (session.ended_at, session.is_auto) == (company.at("18:00"), False)
    await company.settle()
    assert [] == [each for each in sergey.shown if "Анна" in each]
    assert "Последняя отметка отменена." in await anna.says("отмена")
    [session] = await anna.sessions()
    assert session.is_open


async def test_case_23_still_working(company: Company, anna: Person) -> None:
    """Who says that they still work is not asked again."""
    await company.plans(fixed())
    await anna.says("пришла")
    await company.move("18:15")
    assert "Сегодня больше не спрошу. Отметьте уход, когда закончите." in await anna.presses("Ещё работаю")
    heard = len(anna.chat)
    await company.move("21:00")
    assert heard == len(anna.chat)


async def test_outage_of_a_day(company: Company, anna: Person) -> None:
    """The service was away from Monday noon to Tuesday ten: one message, not five."""
    await company.plans(fixed())
    await company.move("09:00")
    await anna.says("пришла")
    await company.move("12:00")
    heard = len(anna.chat)
    company.clock.move_to(company.at(f"{TUESDAY}T10:00"))
    await company.scheduler.do_due(company.clock.now())
    await company.move(f"{TUESDAY}T11:00")
    assert 1 == len(anna.chat) - heard
    assert "⏰ Уже 10:00, прихода пока нет. Вы на работе?" == anna.chat[-1].text
    [session] = await anna.sessions()
    assert (session.ended_at, session.is_auto) == (company.at("2026-07-13T18:00"), True)
    # What could not be asked in the morning is asked when the person is there.
    await anna.presses("Я на работе")
    assert any(each.startswith("🕕 Вчера ушли в 18:00?") for each in anna.shown)


async def test_outage_over_both_questions(company: Company, anna: Person) -> None:
    """The service was away from 18:00 to 21:00: only the later question is asked."""
    await company.plans(fixed())
    await anna.says("пришла")
    await company.move("18:00")
    heard = len(anna.chat)
    company.clock.move_to(company.at("21:00"))
    await company.scheduler.do_due(company.clock.now())
    await company.settle()
    assert anna.chat[-1].text.startswith("⏰ Уже 21:00")
    await company.move("23:00")
    assert 1 == len(anna.chat) - heard


async def test_restart_tells_nothing_twice(company: Company, anna: Person) -> None:
    """Another process goes on where the first ended: what was told stays told, the next question comes."""
    await company.plans(fixed())
    await company.move("09:11")
    assert 1 == len(asked(anna))
    await company.restart()
    await company.move("12:00")
    assert 1 == len(asked(anna))
    await anna.says("пришла")
    await company.move("18:15")
    assert 1 == sum(each.startswith("⏰ Смена закончилась") for each in anna.shown)


@pytest.mark.parametrize(
    ("day", "why"),
    [("2026-07-18", "Saturday"), ("2026-06-12", "holiday"), ("2026-11-04", "holiday in the week")],
    ids=lambda value: value,
)
async def test_days_off_are_quiet(company: Company, anna: Person, day: str, why: str) -> None:
    """Nobody is asked on a day off or a holiday."""
    del why
    if company.at(f"{day}T08:00") < company.clock.now():
        company.clock.move_to(company.at("2027-06-11T23:00"))  # the same holiday, a year later: a Saturday
        day = "2027-06-12"
    await company.plans(fixed())
    company.clock.move_to(company.at(f"{day}T00:01"))
    await company.scheduler.do_due(company.clock.now())
    heard = len(anna.chat)
    await company.move(f"{day}T23:00")
    assert heard == len(anna.chat)


async def test_leave_is_quiet(company: Company, anna: Person) -> None:
    """Nobody is asked on leave; who works remotely is."""
    await company.plans(fixed())
    await company.sends_away(anna, AbsenceKind.VACATION, "2026-07-13", "2026-07-14")
    await company.sends_away(anna, AbsenceKind.REMOTE, "2026-07-15")
    await company.move("2026-07-14T23:00")
    assert [] == anna.chat
    await company.move("2026-07-15T12:00")
    assert 1 == len(asked(anna))


async def test_hours_away_move_the_start(company: Company, anna: Person) -> None:
    """Away from 8 to 11: asked ten minutes after eleven, not at 9:10."""
    await company.plans(fixed())
    await company.sends_away(anna, AbsenceKind.OTHER, "2026-07-13", between=("08:00", "11:00"))
    await company.move("11:09")
    assert [] == asked(anna)
    await company.move("11:10")
    assert anna.chat[-1].text.startswith("⏰ Уже 11:10")


async def test_without_a_schedule_nobody_is_reminded(company: Company, anna: Person) -> None:
    """A portal on which nothing is planned has no watch, and no look is made."""
    await anna.says("пришла")
    await company.move("12:00")
    await anna.says("обед")
    await company.move("17:00")
    assert [] == asked(anna)


async def test_lesson_4_zones(company: Company, channel: str) -> None:
    """Everybody is asked by the clock of their own place: UTC+12 first, UTC−8 twenty hours later."""
    kamchatka = await company.hire("Пётр Камчатский", channel, zone="Asia/Kamchatka")
    pacific = await company.hire("Paul West", channel, zone="America/Los_Angeles", locale="en")
    await company.move("2026-07-13T22:00")
    await company.plans(fixed())
    await company.move("2026-07-14T00:09")  # 09:09 in Kamchatka, 14:09 on the day before in Los Angeles
    assert [] == asked(kamchatka)
    await company.move("2026-07-14T00:10")
    assert ["⏰ Уже 09:10, прихода пока нет. Вы на работе?"] == asked(kamchatka)
    await company.move("2026-07-14T19:09")
    assert 1 == len(pacific.chat)  # Monday's own question, when the schedule was given at noon there
    await company.move("2026-07-14T19:10")
    assert "⏰ It is 09:10, and no check-in yet. Are you at work?" == pacific.chat[-1].text


async def test_night_shift(company: Company, anna: Person) -> None:
    """A shift from 20 to 8 is asked about at 20:10 and at 8:15; nobody is woken after a shift that ends at 23."""
    await company.plans(rota(date(2026, 7, 13), "20:00-8:00", ""), anna)
    await company.move("20:10")
    assert anna.chat[-1].text.startswith("⏰ Уже 20:10")
    await anna.presses("Приход в 20:00")
    await company.move(f"{TUESDAY}T08:15")
    assert "⏰ Смена закончилась в 08:00. Вы ещё на работе?" == anna.chat[-1].text


async def test_nobody_is_woken_at_night(company: Company, anna: Person) -> None:
    """A shift till 23:00: the question at 23:15 is all right, the second one, at one in the night, is not asked."""
    await company.plans(fixed("14:00-23:00"))
    await company.move("14:00")
    await anna.says("пришла")
    await company.move("23:15")
    assert 1 == len(asked(anna))
    heard = len(anna.chat)
    await company.move(f"{TUESDAY}T07:00")
    assert heard == len(anna.chat)


async def test_lesson_21_silence_until_monday(company: Company, anna: Person) -> None:
    """«Не напоминать до понедельника» is quiet until then, and not for ever; a button takes it back."""
    await company.plans(fixed())
    assert "🔕 Не напоминаю до пн, 20 июля." == await anna.says("не напоминать до понедельника")
    await company.move("2026-07-19T23:00")
    assert 1 == len(anna.chat)
    await company.move("2026-07-20T09:10")
    assert 1 == len(asked(anna))


@pytest.mark.parametrize("said", ["не присылай мне ничего до понедельника", "don't message me until Monday"])
async def test_silence_in_other_words(anna: Person, said: str) -> None:
    """Whoever wants nothing until Monday gets no reminders until then."""
    assert "🔕 Не напоминаю до пн, 20 июля." == await anna.says(said)


async def test_an_announced_break_is_told_in_silence(company: Company, anna: Person) -> None:
    """Whoever said how long the break would be wants to be told, whatever else is quiet (case 11)."""
    await anna.says("не напоминай до понедельника")
    await anna.says("пришла")
    await anna.says("обед 30 минут")
    heard = len(anna.chat)
    await company.move(timedelta(minutes=31))
    assert heard + 1 == len(anna.chat)


async def test_silence_taken_back(company: Company, anna: Person) -> None:
    """The button under the answer puts it back as it was; /remind says how it is."""
    await company.plans(fixed())
    await anna.says("не напоминай")
    assert "🔔 Снова буду напоминать" in await anna.presses("Вернуть как было")
    await company.move("09:10")
    assert 1 == len(asked(anna))
    assert (await anna.says("/remind")).startswith("🔔 Напоминаю, если не хватает")
    assert "🔕 Не напоминаю до пн, 20 июля." == await anna.presses("Не раньше понедельника")
    assert "🔕 Не напоминаю до пн, 20 июля." == await anna.says("/remind")
    assert "🔔 Снова буду напоминать" in await anna.says("включи напоминания")
    assert (await anna.says("/remind off")).startswith("🔕 Больше не напоминаю.")
    assert "🔕 Напоминания выключены." == await anna.says("/remind")


async def test_reminder_at_a_time(company: Company, anna: Person) -> None:
    """«Напомни в 18:30» is one reminder at that time."""
    await anna.says("пришла")
    assert "⏰ Хорошо, напомню один раз, в 17:00." == await anna.says("напомни в 5")
    assert "⏰ Хорошо, напомню один раз: вт, 14 июля, 08:00." == await anna.says("напомни в 8:00")
    assert "⏰ Хорошо, напомню один раз, в 18:30." == await anna.says("напомни в 18:30")
    await company.move("18:30")
    assert "⏰ 18:30 – вы просили напомнить." in anna.chat[-1].text
    heard = len(anna.chat)
    await company.move(f"{TUESDAY}T00:30")
    assert heard == len(anna.chat)


async def test_case_11_timed_break(company: Company, anna: Person) -> None:
    """«Обед 30 минут»: one question when they are over; +5 asks again in five; nothing changes by itself."""
    await anna.says("пришла")
    await company.move("13:00")
    assert "13:30" in await anna.says("обед 30 минут")
    await company.move("13:30")
    assert "☕ 13:30 – перерыв должен был закончиться. Уже вернулись?" == anna.chat[-1].text
    assert ["▶️ Продолжить", "➕ 5 мин", "➕ 15 мин"] == anna.buttons
    assert "13:36" in await press_after(company, anna, "13:31", "5 мин")
    await company.move("13:36")
    assert "☕ 13:36 – перерыв должен был закончиться. Уже вернулись?" == anna.chat[-1].text
    heard = len(anna.chat)
    await company.move("15:00")
    assert heard == len(anna.chat)
    [session] = await anna.sessions()
    assert session.running_break


async def press_after(company: Company, person: Person, at: str, label: str) -> str:
    """Move to a time and press."""
    await company.move(at)
    return await person.presses(label)


async def test_case_11_back_in_time(company: Company, anna: Person) -> None:
    """Who is back before is not asked, not even during the next break."""
    await anna.says("пришла")
    await company.move("13:00")
    await anna.says("обед 30 минут")
    await company.move("13:20")
    await anna.says("вернулась")
    await company.move("13:25")
    await anna.says("перерыв")
    heard = len(anna.chat)
    await company.move("13:50")
    assert heard == len(anna.chat)


async def test_case_12_break_over_the_limit(company: Company, anna: Person) -> None:
    """With a schedule, a break is asked about once it is five minutes over an hour; it goes on."""
    await company.plans(fixed())
    await anna.says("пришла")
    await company.move("13:00")
    await anna.says("перерыв")
    await company.move("14:04")
    heard = len(anna.chat)
    await company.move("14:05")
    assert anna.chat[-1].text.startswith("☕ Перерыв длится уже 1 ч 5 мин. Вы вернулись?")
    await company.move("16:00")
    assert 1 == len(anna.chat) - heard
    [session] = await anna.sessions()
    assert session.running_break


async def test_case_29_check_in_on_leave(company: Company, anna: Person, sergey: Person) -> None:
    """Allowed, and asked; a cancelled day leaves two shorter leaves, and the lead is told."""
    await company.sends_away(anna, AbsenceKind.VACATION, "2026-07-10", "2026-07-17")
    assert "🟢 На работе с 09:00" == await anna.says("пришла")
    assert anna.shown[-2].startswith("У вас сегодня отсутствие. Как отметить этот день?\n🌴 Отпуск")
    assert ["🗓 Отменить день отсутствия", "💼 Работаю в свой выходной", "↩️ Это ошибка"] == list(anna.chat[-2].buttons)
    assert "🗓 пн, 13 июля – снова рабочий день. Руководителю сообщено." == await anna.presses("Отменить день")
    assert "🗓 Анна Ким – на работе. День отсутствия отменён: пн, 13 июля (Отпуск)." == await sergey.reads()
    employee = await anna.employee()
    async with company.storage.unit_of_work() as uow:
        left = await uow.absences.of(employee, date(2026, 7, 1), date(2026, 7, 31))
    assert [("10", "12"), ("14", "17")] == [(f"{each.first:%d}", f"{each.last:%d}") for each in left]


async def test_case_29_work_on_a_day_off(company: Company, anna: Person) -> None:
    """The leave stays, the hours stay, and a second check-in of the day asks nothing."""
    await company.sends_away(anna, AbsenceKind.VACATION, "2026-07-13")
    await anna.says("пришла")
    assert "часы записаны как работа в выходной" in await anna.presses("Работаю в свой выходной")
    await company.move("12:00")
    await anna.says("ушла")
    await company.move("13:00")
    await anna.says("пришла")
    assert [] == [each for each in anna.chat if "Отменить день" in " ".join(each.buttons)]


async def test_case_29_mistake(company: Company, anna: Person) -> None:
    """“That was a mistake” takes the check-in back, also after more than five minutes."""
    await company.sends_away(anna, AbsenceKind.SICK, "2026-07-13")
    await anna.says("пришла")
    await company.move("09:20")
    await anna.presses("Это ошибка")
    assert [] == await anna.sessions()
    assert "↩️ Отметка прихода отменена. Хорошего отдыха!" in anna.shown


async def test_case_29_trips_and_remote_work_are_no_leave(company: Company, anna: Person) -> None:
    """Who works elsewhere checks in as always."""
    await company.sends_away(anna, AbsenceKind.REMOTE, "2026-07-13")
    await anna.says("пришла")
    assert 1 == len(anna.chat)


async def test_unreachable_and_switched_off_are_not_written_to(company: Company, channel: str, olga: Person) -> None:
    """Nothing waits in the outbox for somebody who blocked the bot or was switched off."""
    del olga
    gone = await company.hire("Борис Лавров", channel, role=Role.EMPLOYEE)
    employee = await gone.employee()
    async with company.storage.unit_of_work() as uow:
        uow.employees.set_reachable(employee, employee.identities[0], is_reachable=False)
        await uow.commit()
    await company.plans(fixed())
    await company.move(timedelta(hours=12))
    assert [] == gone.chat


async def test_two_workers_at_once(company: Company, anna: Person) -> None:
    """A look that two processes make at once is made once: of the other nothing is kept, and it gives way."""
    await company.plans(fixed())
    await company.move("09:09")
    now = company.at("09:10")
    [job] = await company.storage.jobs.claim(now, 5)
    one, other = DueJobs(company.undertaking), DueJobs(company.undertaking)
    with capture_logs() as logged:
        await asyncio.gather(one.do(job, now), other.do(job, now))
    await company.settle()
    assert ["done", "superseded"] == sorted(each["outcome"] for each in logged if "outcome" in each)
    assert 1 == len(asked(anna))
    assert await company.storage.jobs.next_due() == company.at("18:15")


async def test_a_day_that_becomes_a_workday(company: Company, anna: Person, olga: Person) -> None:
    """Saturday is made a workday that morning: its shift is asked about, for the watch looks again."""
    await company.plans(fixed(), anna)
    await company.move("2026-07-18T08:00")
    await olga.says("сделай 18 июля рабочим")
    await olga.presses("Изменить")
    await company.move("2026-07-18T09:10")
    assert ["⏰ Уже 09:10, прихода пока нет. Вы на работе?"] == asked(anna)[-1:]
