"""Forgotten check-outs: rows 22, 24, 25, 27 and 72 of the case table, as people meet them."""

from datetime import date, timedelta

from bot.domain.leave.absence import AbsenceKind
from bot.domain.workday.punch_log import AUTO, CONFIRMED
from tests.people import Company, Person
from tests.unit.domain.plans import fixed, rota

FRIDAY = "2026-07-17"


async def test_case_24_closed_without_a_plan(company: Company, anna: Person) -> None:
    """Sixteen hours after the check-in the day is closed at its start and eight hours; only the card says so."""
    await company.move("2026-07-14T05:00")
    await anna.says("пришла")
    heard = len(anna.chat)
    await company.move("21:00")
    [session] = await anna.sessions()
    assert (session.ended_at, session.is_auto) == (company.at("13:00"), True)
    assert heard == len(anna.chat)
    assert "🏁 День закрыт в 13:00, пока не подтверждён\nОтработано 8 ч" == anna.chat[-1].text


async def test_case_24_not_before(company: Company, anna: Person) -> None:
    """A session of fifteen hours and fifty-nine minutes may be true."""
    await anna.says("пришла")
    await company.move("2026-07-14T00:59")
    [session] = await anna.sessions()
    assert session.is_open


async def test_case_22_the_morning_card(company: Company, anna: Person) -> None:
    """At nine the next morning the person is asked once; Yes confirms the end, with nobody's approval."""
    await anna.says("пришла")
    await company.move("2026-07-14T09:30")
    assert (
        "🕕 Вчера ушли в 17:00?\nУход не отмечен, поэтому день закрыт автоматически. Подтвердите, пожалуйста."
        == anna.chat[-1].text
    )
    assert ["✅ Да, в 17:00", "✏️ Другое время"] == anna.buttons
    assert "✅ пн, 13 июля: 09:00 – 17:00, подтверждено." == await anna.presses("Да, в 17:00")
    [session] = await anna.sessions()
    assert (session.ended_at, session.is_auto) == (company.at("2026-07-13T17:00"), False)
    log = await anna.log()
    assert [("out", AUTO), ("out", CONFIRMED), ("void", "")] == sorted((each.kind, each.mark) for each in log[1:])


async def test_case_22_planned_end(company: Company, anna: Person) -> None:
    """With a plan till 18:00 the day is closed at 18:00, at 22:00, and asked about a quarter of an hour before nine."""
    await company.plans(fixed())
    await anna.says("пришла")
    await company.move("2026-07-13T22:05")
    [session] = await anna.sessions()
    assert (session.ended_at, session.is_auto) == (company.at("2026-07-13T18:00"), True)
    await company.move("2026-07-14T08:44")
    assert not anna.chat[-1].text.startswith("🕕")
    await company.move("2026-07-14T08:45")
    assert anna.chat[-1].text.startswith("🕕 Вчера ушли в 18:00?")


async def test_case_22_at_the_check_in(company: Company, anna: Person) -> None:
    """Who comes before the card does is asked at the check-in, and not again."""
    await anna.says("пришла")
    await company.move("2026-07-14T08:30")
    assert "🟢 На работе с 08:30" == await anna.says("пришла")
    assert [1, 1] == [sum(each.startswith(start) for each in anna.shown) for start in ("🕕", "🟢")]
    await company.move("2026-07-14T12:00")
    assert 1 == sum(each.startswith("🕕") for each in anna.shown)


async def test_another_time_goes_to_the_lead(company: Company, anna: Person, sergey: Person) -> None:
    """A time that differs much is read back and sent; what is said by words alone works as well."""
    await anna.says("пришла")
    await company.move("2026-07-14T09:00")
    assert "пн, 13 июля: во сколько ушли? Например: 19:30" == await anna.presses("Другое время")
    assert (await anna.says("фиолетовый")).startswith("Не получилось понять время")
    assert "пн, 13 июля: 09:00 – без ухода → 09:00 – 19:30" in await anna.says("в 19:30")
    await anna.presses("Отправить")
    await sergey.reads()
    await sergey.presses("Согласовать")
    await company.move(timedelta(seconds=31))
    [session] = await anna.sessions()
    assert (session.ended_at, session.is_auto) == (company.at("2026-07-13T19:30"), False)


async def test_another_time_nearby_counts_at_once(company: Company, anna: Person) -> None:
    """Ten minutes more than the bot had guessed need nobody's approval, like any small correction (case 31)."""
    await anna.says("пришла")
    await company.move("2026-07-14T09:00")
    await anna.presses("Другое время")
    await anna.says("17:10")
    [session] = await anna.sessions()
    assert (session.ended_at, session.is_auto) == (company.at("2026-07-13T17:10"), False)


async def test_another_time_after_midnight(company: Company, anna: Person) -> None:
    """«В час ночи» of an evening's work is the next date's, whatever day it is when the person answers."""
    await company.move("17:00")
    await anna.says("пришла")
    await company.move("2026-07-15T09:30")
    await anna.presses("Другое время")
    assert "пн, 13 июля: 17:00 – без ухода → 17:00 – 01:00" in await anna.says("в час ночи")


async def test_question_is_not_asked_while_a_lead_is(company: Company, anna: Person, sergey: Person) -> None:
    """Who has already written when they left is not asked again while the lead decides."""
    await anna.says("пришла")
    await company.move("2026-07-14T08:30")
    await anna.says("вчера ушла в 18:30")
    await anna.presses("Отправить")
    await company.move("2026-07-14T12:00")
    assert [] == [each for each in anna.shown if each.startswith("🕕")]
    del sergey


async def test_settled_meanwhile(company: Company, anna: Person) -> None:
    """A button of a card whose day is settled says so and changes nothing."""
    await anna.says("пришла")
    await company.move("2026-07-14T09:00")
    card = anna.chat[-1]
    other = next(button for label, button in card.buttons.items() if "Другое" in label)
    await anna.presses("Да, в 17:00")
    assert other.action is not None
    await anna.taps(other.action.pack(), card.id)
    assert "С этим днём уже всё в порядке." == await anna.reads()


async def test_case_25_the_true_end_comes_later(company: Company, anna: Person) -> None:
    """Closed at 18:00 by itself; a check-out at 22:40 is the true end, and no lead is asked."""
    await company.plans(fixed())
    await anna.says("пришла")
    await company.move("2026-07-13T22:40")
    answer = await anna.says("ушла")
    assert answer.startswith("🏁 День закончен в 22:40")
    assert "День был закрыт автоматически в 18:00; теперь считается ваша отметка." in answer
    [session] = await anna.sessions()
    assert (session.ended_at, session.is_auto) == (company.at("2026-07-13T22:40"), False)
    await company.move("2026-07-14T12:00")
    assert [] == [each for each in anna.shown if each.startswith("🕕")]


async def test_case_25_a_check_out_next_day_is_none(company: Company, anna: Person) -> None:
    """Twenty-four hours after the start nobody leaves yesterday's work: refused as usual, and the end stays."""
    await anna.says("пришла")
    await company.move("2026-07-14T09:00")
    assert (await anna.says("ушла")).startswith("Вы ещё не отметили приход.")
    [session] = await anna.sessions()
    assert session.is_auto


async def test_case_27_a_break_without_an_end(company: Company, anna: Person) -> None:
    """A break since 13:00 is counted as the planned hour, the day ends at 18:00, and both are asked about."""
    await company.plans(fixed())
    await anna.says("пришла")
    await company.move("13:00")
    await anna.says("обед")
    await company.move("2026-07-14T08:45")
    [session] = await anna.sessions()
    assert (session.ended_at, session.is_auto) == (company.at("2026-07-13T18:00"), True)
    assert [(company.at("2026-07-13T13:00"), company.at("2026-07-13T14:00"))] == [
        (each.started_at, each.ended_at) for each in session.breaks
    ]
    assert "У перерыва тоже нет конца: засчитано 13:00 – 14:00." in anna.chat[-1].text


async def test_case_24_the_last_mark_is_never_cut(company: Company, anna: Person) -> None:
    """Back from a break at 18:40, after the planned end: the day is closed at 18:40, not before."""
    await company.plans(fixed())
    await anna.says("пришла")
    await company.move("18:10")
    await anna.says("перерыв")
    await company.move("18:40")
    await anna.says("вернулась")
    await company.move("2026-07-14T02:00")
    [session] = await anna.sessions()
    assert (session.ended_at, session.is_auto) == (company.at("2026-07-13T18:40"), True)


async def test_lesson_3_a_long_shift_is_believed(company: Company, anna: Person) -> None:
    """The limit belongs to the schedule: a planned shift of 24 hours is not closed after sixteen (lesson 3)."""
    await company.plans(rota(date(2026, 7, 13), "9:00-9:00", "", "", ""))
    await anna.says("пришла")
    await company.move("2026-07-14T08:30")
    [session] = await anna.sessions()
    assert session.is_open
    assert "Отработано 24 ч" in await leaves(company, anna, "2026-07-14T09:00")


async def leaves(company: Company, person: Person, at: str) -> str:
    """Check out at a time."""
    await company.move(at)
    return await person.says("ушла")


async def test_forgotten_on_friday_is_asked_on_monday(company: Company, anna: Person) -> None:
    """Days off are quiet: the question waits for the next workday (lesson 21)."""
    await company.plans(fixed())
    await company.move(f"{FRIDAY}T09:00")
    await anna.says("пришла")
    await company.move("2026-07-19T23:00")
    assert [] == [each for each in anna.shown if each.startswith("🕕")]
    await company.move("2026-07-20T08:45")
    assert anna.chat[-1].text.startswith("🕕 пт, 17 июля: уход в 18:00?")


async def test_card_waits_for_the_end_of_a_leave(company: Company, anna: Person) -> None:
    """Nobody is asked on leave."""
    await anna.says("пришла")
    await company.sends_away(anna, AbsenceKind.VACATION, "2026-07-14", "2026-07-15")
    await company.move("2026-07-15T23:00")
    assert [] == [each for each in anna.shown if each.startswith("🕕")]
    await company.move("2026-07-16T09:00")
    assert anna.chat[-1].text.startswith("🕕 пн, 13 июля: уход в 17:00?")


async def test_case_72_switched_off_while_at_work(company: Company, anna: Person, olga: Person) -> None:
    """Who is switched off is at work no longer: the day ends then, unconfirmed, and nothing is sent any more."""
    await company.plans(fixed())
    await anna.says("пришла")
    await company.move("12:00")
    heard = len(anna.chat)
    await olga.says("/disable Анна")
    [session] = await anna.sessions()
    assert (session.ended_at, session.is_auto) == (company.at("2026-07-13T12:00"), True)
    await company.move("2026-07-16T12:00")
    assert heard == len(anna.chat)


async def test_the_card_says_what_waits(company: Company, anna: Person, sergey: Person) -> None:
    """A correction of that end was sent: the card shows it, an old button is answered with it, and nothing is ended."""
    await anna.says("пришла")
    await company.move("2026-07-14T09:30")
    card = anna.chat[-1]
    yes = card.buttons["✅ Да, в 17:00"].action
    assert yes is not None
    await anna.says("вчера ушла в 18:30")
    await anna.presses("Отправить")
    waits = "📨 Исправление: уход – отправлено\nпн, 13 июля: 09:00 – без ухода → 09:00 – 18:30\nРешает: Сергей Орлов"
    assert (waits, {}) == (card.text, card.buttons)
    await anna.taps(yes.pack(), card.id)
    await company.settle()
    assert waits == card.text
    [session] = await anna.sessions()
    assert session.is_auto
    await sergey.presses("Согласовать")
    await company.move(timedelta(seconds=31))
    [session] = await anna.sessions()
    assert company.at("2026-07-13T18:30") == session.ended_at
    assert ("С этим днём уже всё в порядке.", {}) == (card.text, card.buttons)


async def test_the_card_asks_again_when_nothing_waits(company: Company, anna: Person, sergey: Person) -> None:
    """Taken back or refused, the correction leaves the question as it was."""
    await anna.says("пришла")
    await company.move("2026-07-14T09:30")
    card = anna.chat[-1]
    await anna.says("вчера ушла в 18:30")
    await anna.presses("Отправить")
    await anna.presses("Отозвать")
    await company.settle()
    assert card.text.startswith("🕕 Вчера ушли в 17:00?")
    await anna.says("вчера ушла в 18:40")
    await anna.presses("Отправить")
    assert {} == card.buttons
    await sergey.reads()
    await sergey.presses("Отклонить")
    await sergey.says("в 17 тебя уже не было")
    await company.move(timedelta(seconds=31))
    assert ["✅ Да, в 17:00", "✏️ Другое время"] == list(card.buttons)
    await anna.presses("Да, в 17:00")
    [session] = await anna.sessions()
    assert (company.at("2026-07-13T17:00"), False) == (session.ended_at, session.is_auto)


async def test_the_card_after_another_check_in(company: Company, anna: Person) -> None:
    """The start was corrected by a few minutes meanwhile: the question is still about the same day."""
    await anna.says("пришла")
    await company.move("2026-07-14T09:30")
    await anna.says("вчера пришла в 9:10")
    assert "✅ пн, 13 июля: 09:10 – 17:00, подтверждено." == await anna.presses("Да, в 17:00")


async def test_not_asked_while_a_lead_is_though_the_check_in_changed(
    company: Company, anna: Person, sergey: Person
) -> None:
    """A check-in corrected by ten minutes makes the day no other: the end that waits is still not asked about."""
    await company.plans(fixed())
    await anna.says("пришла")
    await company.move("2026-07-14T09:10")
    await anna.says("вчера ушла в 19:30")
    await anna.presses("Отправить")
    before = len(anna.chat)
    assert "Исправлено" in await anna.says("вчера пришла в 8:50")
    await company.move("2026-07-14T12:00")
    assert [] == [each for each in anna.shown[before:] if each.startswith("🕕")]
    await sergey.presses("Согласовать")
    await company.move(timedelta(seconds=31))
    [session] = [each for each in await anna.sessions() if each.work_date == date(2026, 7, 13)]
    assert [company.at("2026-07-13T08:50"), company.at("2026-07-13T19:30")] == [session.started_at, session.ended_at]


async def test_a_break_left_open_stays_as_long_as_it_was_counted(
    company: Company, anna: Person, sergey: Person
) -> None:
    """The true end of a day that closed itself moves the end, not the break that was counted inside (case 27)."""
    await company.plans(fixed())
    await company.move("2026-07-14T09:00")
    await anna.says("пришла")
    await company.move("2026-07-14T09:30")
    await anna.says("обед")
    await company.move("2026-07-15T09:05")
    assert "09:00 – 20:00 (перерывы 1 ч)" in await anna.says("вчера ушла в 20:00")
