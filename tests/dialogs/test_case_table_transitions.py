"""The case table, plain transitions, duplicates and order: written from the rules, told by the chat alone."""

from datetime import timedelta

from tests.people import Company, Person


async def test_plain_transitions_of_a_day(company: Company, anna: Person) -> None:
    """In, break, back and out each count from their instant, and their answers name the times (cases 1, 5, 7)."""
    assert "09:00" in await anna.says("пришла")
    await company.move("12:10")
    assert "12:10" in await anna.says("перерыв")
    await company.move("12:35")
    assert "25 мин" in await anna.says("вернулась")
    [session] = await anna.sessions()
    [pause] = session.breaks
    assert [company.at("12:10"), company.at("12:35")] == [pause.started_at, pause.ended_at]


async def test_second_check_in_offers_to_correct_the_start(company: Company, anna: Person) -> None:
    """Nothing opens, it is said since when, and how another start would be written (case 2)."""
    await anna.says("пришла")
    await company.move("09:20")
    answer = await anna.says("я на месте")
    assert "уже на работе с 09:00" in answer
    assert "Пришли в другое время?" in answer
    assert "08:50" in await anna.says("пришла в 8:50")
    assert 1 == len(await anna.sessions())


async def test_second_check_out_shows_the_session_and_offers_correction(company: Company, anna: Person) -> None:
    """Who is out already sees the session of today and how to correct it (case 3)."""
    await anna.says("пришла")
    await company.move("18:00")
    await anna.says("ушла")
    await company.move("18:10")
    answer = await anna.says("ушла")
    assert answer.startswith("Вы отметили уход в 18:00.")
    assert "Ушли в другое время?" in answer
    assert "9 ч" in answer
    assert "18:00 → 09:00 – 18:10" in await anna.says("ушла в 18:10")


async def test_refusals_change_nothing(company: Company, anna: Person) -> None:
    """A break before the check-in and a return without a break leave the day as it was (cases 4, 6, 8)."""
    assert "▶️ Я на работе" in (await anna.says("перерыв"), anna.buttons)[1]
    assert [] == await anna.sessions()
    await anna.says("пришла")
    await company.move("10:00")
    assert "не на перерыве" in await anna.says("вернулась")
    await anna.says("перерыв")
    await company.move("10:07")
    assert "с 10:00" in await anna.says("перерыв")
    await company.move("10:20")
    await anna.presses("Продолжить")
    [session] = await anna.sessions()
    assert [timedelta(minutes=20)] == [each.length(company.clock.now()) for each in session.breaks]


async def test_tail_of_a_break_is_no_work(company: Company, anna: Person) -> None:
    """Break and session end at one instant; the answer has the tail among the breaks (case 9)."""
    await anna.says("пришла")
    await company.move("17:00")
    await anna.says("перерыв")
    await company.move("18:30")
    assert "Отработано 8 ч, перерывы 1 ч 30 мин" in await anna.says("ушла")
    [session] = await anna.sessions()
    assert company.at("18:30") == session.ended_at == session.breaks[-1].ended_at


async def test_gap_between_two_sessions_is_neither_work_nor_break(company: Company, anna: Person) -> None:
    """Two sessions of one date; what lies between is not counted as anything (case 10)."""
    for time, said in (("09:00", "пришла"), ("12:00", "ушла"), ("15:00", "пришла"), ("18:00", "ушла")):
        await company.move(time)
        answer = await anna.says(said)
    assert answer.endswith("Отработано 6 ч")
    first, second = await anna.sessions()
    assert first.work_date == second.work_date
    assert () == first.breaks + second.breaks


async def test_numbers_out_of_order(company: Company, anna: Person) -> None:
    """Both count though the smaller number comes last, and each counts once: no high-water mark (cases 13, 16)."""
    await anna.says("пришла", event=9002)
    await company.move("09:05")
    await anna.says("обед", event=9001)
    heard = len(anna.chat)
    await anna.says("пришла", event=9002)
    await anna.says("обед", event=9001)
    [session] = await anna.sessions()
    assert [company.at("09:05")] == [each.started_at for each in session.breaks]
    assert heard == len(anna.chat)


async def test_break_and_return_after_the_check_out(company: Company, anna: Person) -> None:
    """What the check-out overtook is sorted by its own time and shown back (case 15)."""
    await anna.says("пришла")
    await company.move("18:00")
    await anna.says("ушла")
    await company.move("18:01")
    await anna.says("обед", at=company.at("13:00"))
    answer = await anna.says("вернулась", at=company.at("13:40"))
    assert "13:40" in answer
    assert "перерывы 40 мин" in answer
    assert "13:00 – 13:40" in await anna.says("сегодня")


async def test_late_break_shows_both_times_and_can_be_taken_back(company: Company, anna: Person) -> None:
    """After an outage a break counts from when it was said; both times are told, a button takes it back (case 17)."""
    await anna.says("пришла")
    await company.move("14:01")
    answer = await anna.says("обед", at=company.at("12:30"))
    assert ["12:30", "14:01"] == sorted({each for each in ("12:30", "14:01") if each in answer})
    [session] = await anna.sessions()
    assert company.at("12:30") == session.breaks[0].started_at
    await anna.presses("Отменить")
    [session] = await anna.sessions()
    assert () == session.breaks


async def test_nine_minutes_late_is_not_worth_a_word(company: Company, anna: Person) -> None:
    """Only lateness over ten minutes is told (case 17)."""
    await company.move("09:09")
    assert "дошло" not in await anna.says("пришла", at=company.at("09:00"))
    [session] = await anna.sessions()
    assert company.at("09:00") == session.started_at


async def test_future_message_is_marked(company: Company, anna: Person) -> None:
    """Six minutes ahead, a message counts for when it arrived; four minutes ahead, for its own time (case 20)."""
    await anna.says("пришла", at=company.at("09:04"))
    await company.move("09:10")
    await anna.says("обед", at=company.at("09:16"))
    [session] = await anna.sessions()
    assert [company.at("09:04"), company.at("09:10")] == [session.started_at, session.breaks[0].started_at]


async def test_edited_message_is_no_command(company: Company, anna: Person) -> None:
    """«Ушла в 18:00» edited to 19:00 changes nothing: the bot asks to write it again (case 18)."""
    await anna.says("пришла")
    await company.move("19:05")
    await anna.says("ушла в 19:00")
    payload = company.message(anna, "ушла в 18:00", company.next_number(), None)
    if anna.channel == "telegram":
        payload["edited_message"] = {**payload.pop("message"), "edit_date": int(company.at("19:05").timestamp())}  # type: ignore[dict-item]
    else:
        payload["type"] = "ONIMBOTV2MESSAGEUPDATE"
    await company.deliver(anna.channel, payload)
    assert "ещё раз" in await anna.reads()
    [session] = await anna.sessions()
    assert company.at("19:00") == session.ended_at
