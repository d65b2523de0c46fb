"""A working day in words and presses: rows 1–21 of the case table as people meet them."""

from dataclasses import replace
from datetime import time, timedelta

import pytest

from bot.domain.planning.schedule import PlannedBreak
from tests.dialogs.days import NINE_TO_SIX, everybody_works
from tests.people import Company, Person


async def test_whole_day(company: Company, anna: Person) -> None:
    """Check in, a break, back, check out: each answer is the day as it is."""
    await company.move("09:02")
    await anna.verify_dialog([("пришла", "🟢 На работе с 09:02")])
    await company.move("13:00")
    await anna.verify_dialog([("обед", "☕ Перерыв с 13:00\nОтработано 3 ч 58 мин")])
    await company.move("13:40")
    await anna.verify_dialog(
        [("[Продолжить]", "🟢 На работе с 09:02\nОтработано 3 ч 58 мин, перерывы 40 мин\nПерерыв длился 40 мин.")]
    )
    await company.move("18:30")
    await anna.verify_dialog([("[Закончить день]", "🏁 День закончен в 18:30\nОтработано 8 ч 48 мин, перерывы 40 мин")])
    [session] = await anna.sessions()
    assert timedelta(hours=8, minutes=48) == session.worked(company.clock.now())


@pytest.mark.parametrize(("rule", "worked"), [({"is_deducted": True}, "8 ч"), ({"is_paid": True}, "9 ч"), ({}, "9 ч")])
async def test_a_day_is_counted_by_the_rule_of_its_break(
    company: Company, anna: Person, rule: dict[str, bool], worked: str
) -> None:
    """The card says what reports will: an hour that the schedule takes off is taken off at the check-out (art. 108)."""
    pause = PlannedBreak(timedelta(hours=1), time(13), **rule)
    await everybody_works(company, replace(NINE_TO_SIX, pause=pause))
    await company.move("09:00")
    await anna.says("пришла")
    await company.move("18:00")
    assert f"Отработано {worked}" in (await anna.says("ушла")).splitlines()


async def test_a_paid_break_is_work_on_the_card(company: Company, anna: Person) -> None:
    """Half an hour of it, and fifteen minutes more that are not."""
    pause = PlannedBreak(timedelta(minutes=30), time(13), is_paid=True)
    await everybody_works(company, replace(NINE_TO_SIX, pause=pause))
    for at, said in (("09:00", "пришла"), ("13:00", "обед"), ("13:45", "вернулась")):
        await company.move(at)
        await anna.says(said)
    await company.move("18:00")
    assert "Отработано 8 ч 45 мин, перерывы 45 мин" in await anna.says("ушла")


async def test_english_day(company: Company, james: Person) -> None:
    """The same day reads as English to an English reader."""
    await company.move("09:02")
    await james.verify_dialog([("I'm in", "🟢 At work since 09:02")])
    await company.move("18:02")
    await james.verify_dialog([("done for today", "🏁 Checked out at 18:02\nWorked 9 h")])


async def test_case_02_second_check_in(company: Company, anna: Person) -> None:
    """A second check-in says since when, and opens nothing."""
    await anna.says("пришла")
    await company.move("09:10")
    answer = await anna.says("я на месте")
    assert "Вы уже на работе с 09:00." in answer
    assert 1 == len(await anna.sessions())


async def test_case_03_check_out_while_off(anna: Person) -> None:
    """A check-out without a check-in is refused kindly, with a way to record what was forgotten."""
    answer = await anna.says("ушла")
    assert answer.startswith("Вы ещё не отметили приход.\nЗабыли отметить приход?")
    assert ["▶️ Я на работе", "📋 Сегодня", "📅 Моя неделя"] == anna.buttons


async def test_case_04_break_while_off(anna: Person) -> None:
    """A break without a check-in is refused, with the button to check in."""
    assert (await anna.says("обед")).startswith("Вы ещё не отметили приход.")
    assert "▶️ Я на работе" in anna.buttons


async def test_case_06_second_break(company: Company, anna: Person) -> None:
    """A second break says since when the first has been running."""
    await anna.says("пришла")
    await company.move("10:00")
    await anna.says("перерыв")
    await company.move("10:05")
    assert (await anna.says("кофе")).startswith("Перерыв уже идёт с 10:00.")


async def test_case_07_check_in_ends_a_break(company: Company, anna: Person) -> None:
    """A check-in during a break ends the break."""
    await anna.says("пришла")
    await company.move("10:00")
    await anna.says("перерыв")
    await company.move("10:20")
    assert "Перерыв длился 20 мин." in await anna.says("я на месте")


async def test_case_08_back_without_a_break(anna: Person) -> None:
    """A return without a break says so."""
    await anna.says("пришла")
    assert (await anna.says("вернулась")).startswith("Вы не на перерыве")


async def test_case_09_check_out_on_a_break(company: Company, anna: Person) -> None:
    """A check-out during a break ends both; the tail is break, not work."""
    await anna.says("пришла")
    await company.move("17:00")
    await anna.says("перерыв")
    await company.move("18:00")
    assert "🏁 День закончен в 18:00\nОтработано 8 ч, перерывы 1 ч" == await anna.says("ушла")


async def test_case_10_second_session(company: Company, anna: Person) -> None:
    """A second check-in of the day opens a second session; the gap is neither work nor break."""
    await anna.says("пришла")
    await company.move("12:00")
    await anna.says("ушла")
    await company.move("14:00")
    assert "С возвращением. Раньше сегодня: 3 ч." in await anna.says("пришла")
    await company.move("15:00")
    assert "Отработано 4 ч" in await anna.says("ушла")
    assert 2 == len(await anna.sessions())


async def test_case_13_same_message_twice(company: Company, anna: Person) -> None:
    """The same message delivered twice is answered once and counts once."""
    await anna.sends("пришла", event=77)
    await anna.sends("пришла", event=77)
    await company.settle()
    assert 1 == len(await anna.sessions())
    assert 1 == len(anna.chat)


async def test_case_15_late_break(company: Company, anna: Person) -> None:
    """A break that arrives after the check-out is put where it belongs, and shown back."""
    await anna.says("пришла")
    await company.move("18:00")
    await anna.says("ушла")
    await company.move("18:05")
    await anna.says("обед", at=company.at("13:00"))
    answer = await anna.says("вернулась", at=company.at("13:40"))
    assert "✍️ Записано: конец перерыва, 13:40" in answer
    assert "Отработано 8 ч 20 мин, перерывы 40 мин" in answer


async def test_case_17_late_message(company: Company, anna: Person) -> None:
    """A message that was hours on its way counts for when it was written, and both times are told."""
    await anna.says("пришла")
    await company.move("14:01")
    answer = await anna.says("обед", at=company.at("12:30"))
    assert "🕓 Ваше сообщение от 12:30 дошло до меня в 14:01; засчитано 12:30." in answer


async def test_case_19_two_messengers(company: Company, channel: str) -> None:
    """One person at two messengers has one day: the second check-out is told of the first."""
    other = "telegram" if channel == "bitrix24" else "bitrix24"
    anna = await company.hire("Анна Ким", channel, also=other)
    await anna.says("пришла")
    await company.move("18:00")
    await company.elsewhere(anna).says("ушла")
    assert (await anna.says("ушла")).startswith("Вы отметили уход в 18:00.")


async def test_case_20_clock_fault(company: Company, anna: Person) -> None:
    """A message from far in the future counts for when it arrived."""
    await anna.says("пришла", at=company.at("09:30"))
    [session] = await anna.sessions()
    assert company.at("09:00") == session.started_at


async def test_case_44_undo(company: Company, anna: Person) -> None:
    """The last mark can be taken back for five minutes, and no longer."""
    await anna.says("пришла")
    await company.move("09:04")
    assert "Последняя отметка отменена." in await anna.says("отмена")
    assert [] == await anna.sessions()
    await anna.says("пришла")
    await company.move("09:30")
    assert (await anna.says("отмена")).startswith("Отменять нечего")


async def test_card_is_edited_in_place(company: Company, anna: Person) -> None:
    """A press under the live card edits it; typed words send a new card and the old one loses its buttons."""
    await anna.says("пришла")
    await company.move("10:00")
    await anna.presses("Перерыв")
    assert 1 == len(anna.chat)
    await anna.says("статус")
    assert [{}, True] == [anna.chat[0].buttons, bool(anna.chat[1].buttons)]


async def test_other_messenger_is_refreshed(company: Company, channel: str) -> None:
    """The live card in the other messenger shows the day as it is, without a new message."""
    other = "telegram" if channel == "bitrix24" else "bitrix24"
    anna = await company.hire("Анна Ким", channel, also=other)
    there = company.elsewhere(anna)
    await there.says("пришла")
    await company.move("13:00")
    await anna.says("обед")
    assert ["☕ Перерыв с 13:00\nОтработано 4 ч"] == there.shown


async def test_edited_message_is_no_command(company: Company, anna: Person) -> None:
    """Words that were not understood are answered with what would be (row 18 for edits is the adapters' test)."""
    assert (await anna.says("абракадабра")).startswith("Не получилось понять.")


async def test_forged_button(anna: Person) -> None:
    """A forged or foreign button changes nothing and shows what works."""
    await anna.says("пришла")
    await anna.taps("zz:1:2", anna.chat[-1].id)
    assert "Та кнопка уже не действует" in await anna.reads()
    assert 1 == len(await anna.sessions())


async def test_case_45_a_night_shift_is_shown_after_its_end(company: Company, anna: Person) -> None:
    """Who checks out in the morning sees the shift that ended, and the date that it counts for."""
    await company.move("20:00")
    await anna.says("пришла")
    await company.move("2026-07-14T08:10")
    assert "🏁 День закончен в 08:10\nСчитается за пн, 13 июля\nОтработано 12 ч 10 мин" == await anna.says("ушла")
    await company.move("20:00")
    assert "🟢 На работе с 20:00" == await anna.says("пришла")


async def test_greeting_is_returned(anna: Person, james: Person) -> None:
    """A greeting alone is no riddle."""
    assert (await anna.says("Привет!")).startswith("Здравствуйте, Анна!\nПопробуйте: ")
    assert (await james.says("good morning")).startswith("Hello, James!\nTry: ")


async def test_a_break_until_the_end(company: Company, anna: Person) -> None:
    """A break of hours that only the check-out ended is pointed out, and can be ended where it was (case 9)."""
    await anna.says("пришла")
    await company.move("10:00")
    await anna.says("обед")
    await company.move("18:30")
    said = await anna.says("ушла")
    hint = (
        "Перерыв шёл до самого ухода: 8 ч 30 мин. Вернулись раньше? Напишите когда, например: «конец перерыва в 13:40»."
    )
    assert f"🏁 День закончен в 18:30\nОтработано 1 ч, перерывы 8 ч 30 мин\n{hint}" == said
    answer = await anna.says("конец перерыва в 10:45")
    assert "09:00 – 18:30 (перерыв 10:00 – 18:30) → 09:00 – 18:30 (перерыв 10:00 – 10:45)" in answer


async def test_a_short_break_before_the_end_is_the_end(company: Company, anna: Person) -> None:
    """An hour's break and then home is as it was meant."""
    await anna.says("пришла")
    await company.move("17:00")
    await anna.says("перерыв")
    await company.move("18:00")
    assert "🏁 День закончен в 18:00\nОтработано 8 ч, перерывы 1 ч" == await anna.says("ушла")


async def test_a_check_out_told_later_ends_the_break_as_well(company: Company, anna: Person, sergey: Person) -> None:
    """The break lasts no longer than the day, and that it ran to the end is said before anything is sent (case 9)."""
    await anna.says("пришла")
    await company.move("10:00")
    await anna.says("обед")
    await company.move("20:00")
    answer = await anna.says("ушла в 18:30")
    assert "09:00 – без ухода (перерыв с 10:00) → 09:00 – 18:30 (перерывы 8 ч 30 мин)" in answer
    assert "Перерыв шёл до самого ухода: 8 ч 30 мин." in answer
