"""Corrections in one sentence, decided in one tap: the story of the lead and the employee."""

from datetime import timedelta

from tests.people import Company, Person


async def forgot(company: Company, anna: Person) -> None:
    """Anna came on Monday at nine and forgot to check out; now it is Tuesday, 08:55."""
    await anna.says("пришла")
    await company.move("2026-07-14T08:55")


async def test_the_story(company: Company, anna: Person, sergey: Person) -> None:
    """Forgot to check out → read back → sent → one tap → 30 seconds later the hours are right, both are told."""
    await forgot(company, anna)
    read_back = await anna.says("забыла отметиться, вчера ушла в 18:30")
    assert "Всё верно?\nИсправление: уход\nпн, 13 июля: 09:00 – без ухода → 09:00 – 18:30" == read_back
    sent = await anna.presses("Отправить")
    assert sent.endswith("Решает: Сергей Орлов")
    card = await sergey.reads()
    assert "📝 Исправление: уход – Анна Ким\nпн, 13 июля: 09:00 – без ухода → 09:00 – 18:30" == card
    decided = await sergey.presses("Согласовать")
    assert decided.endswith("✅ Согласовано: Сергей Орлов, 08:55")
    [before] = await anna.sessions()
    assert before.is_auto
    await company.move(timedelta(seconds=31))
    [after] = await anna.sessions()
    assert company.at("2026-07-13T18:30") == after.ended_at
    assert "✅ Согласовано: Сергей Орлов, 08:55" in anna.chat[-1].text
    assert [] == [bubble for bubble in (*anna.chat, *sergey.chat) if "Согласовать" in bubble.buttons]


async def test_rejected_with_a_reason(company: Company, anna: Person, sergey: Person) -> None:
    """A rejection asks for one sentence, which the employee reads."""
    await forgot(company, anna)
    await anna.says("вчера ушла в 18:30")
    await anna.presses("Отправить")
    await sergey.reads()
    assert "Почему" in await sergey.presses("Отклонить")
    await sergey.says("в 17 тебя уже не было")
    await company.move(timedelta(seconds=31))
    assert "в 17 тебя уже не было" in anna.chat[-1].text
    [session] = await anna.sessions()
    assert session.is_auto


async def test_taken_back_within_30_seconds(company: Company, anna: Person, sergey: Person) -> None:
    """A decision that is taken back has had no effect, and the card can be answered again (E15)."""
    await forgot(company, anna)
    await anna.says("вчера ушла в 18:30")
    await anna.presses("Отправить")
    heard = len(anna.chat)
    await sergey.reads()
    await sergey.presses("Согласовать")
    await company.move(timedelta(seconds=20))
    await sergey.presses("Вернуть")
    await company.move(timedelta(seconds=60))
    assert heard == len(anna.chat)
    [session] = await anna.sessions()
    assert session.is_auto
    assert any("Согласовать" in label for label in sergey.buttons)
    # A second decision in the same round stands (E17): there is no button to take it back.
    await sergey.presses("Согласовать")
    assert not any("Вернуть" in label for label in sergey.buttons)


async def test_second_tap_tells_the_truth(company: Company, anna: Person, sergey: Person) -> None:
    """A second tap on an old card says who decided and when (E01)."""
    await forgot(company, anna)
    await anna.says("вчера ушла в 18:30")
    await anna.presses("Отправить")
    await sergey.reads()
    card = sergey.chat[-1]
    approve = next(button for label, button in card.buttons.items() if "Согласовать" in label)
    assert approve.action is not None
    await sergey.taps(approve.action.pack(), card.id)
    await sergey.taps(approve.action.pack(), card.id)
    assert "Согласовано: Сергей Орлов, 08:55" in await sergey.reads()


async def test_stranger_cannot_decide(company: Company, anna: Person, sergey: Person, james: Person) -> None:
    """A button that was made for the lead is worth nothing in other hands (E37)."""
    await forgot(company, anna)
    await anna.says("вчера ушла в 18:30")
    await anna.presses("Отправить")
    await sergey.reads()
    approve = next(button for label, button in sergey.chat[-1].buttons.items() if "Согласовать" in label)
    assert approve.action is not None
    await james.taps(approve.action.pack(), sergey.chat[-1].id)
    assert (await james.reads()).startswith("I do not know that request.")
    [session] = await anna.sessions()
    assert session.is_auto


async def test_case_31_small_change_passes(company: Company, anna: Person, sergey: Person) -> None:
    """A change of fifteen minutes or less is made at once, and the lead finds it in the list."""
    await anna.says("пришла")
    await company.move("18:00")
    await anna.says("ушла")
    await company.move("18:20")
    answer = await anna.says("ушла в 18:10")
    assert "18:00 → 09:00 – 18:10" in answer
    [session] = await anna.sessions()
    assert company.at("18:10") == session.ended_at
    assert "Анна Ким" in await sergey.says("мои согласования")


async def test_case_32_old_value_counts_until_approved(company: Company, anna: Person) -> None:
    """While a request waits, the hours are what they were."""
    await anna.says("пришла")
    await company.move("18:00")
    await anna.says("ушла")
    await company.move("20:05")
    await anna.says("ушла в 20:00")
    await anna.presses("Отправить")
    [session] = await anna.sessions()
    assert company.at("18:00") == session.ended_at


async def test_case_33_second_request_replaces_the_first(company: Company, anna: Person, sergey: Person) -> None:
    """A second request about the same takes the first one's place; a tap on the first says so."""
    await forgot(company, anna)
    await anna.says("вчера ушла в 18:30")
    await anna.presses("Отправить")
    await sergey.reads()
    first = sergey.chat[-1]
    await anna.says("вчера ушла в 19:00")
    await anna.presses("Отправить")
    await sergey.reads()
    assert "Заменено новой заявкой" in first.text
    assert {} == first.buttons


async def test_case_34_overlap_offers_three_ways(company: Company, anna: Person) -> None:
    """Time that overlaps two sessions is not guessed at: trim, join or leave it."""
    await anna.says("пришла")
    await company.move("13:00")
    await anna.says("ушла")
    await company.move("14:00")
    await anna.says("пришла")
    await company.move("18:00")
    await anna.says("ушла")
    await company.move("2026-07-14T09:00")
    assert "пересекается" in await anna.says("вчера был с 12:30 до 15:00")
    assert 3 == len(anna.buttons)
    await anna.presses("недостающее")
    assert "13:00 – 14:00" in " ".join(anna.shown)


async def test_an_evening_after_the_request_does_not_touch_it(company: Company, anna: Person, sergey: Person) -> None:
    """What was recorded beside a request is no reason to refuse it: each mark counts (case 36)."""
    await anna.says("пришла")
    await company.move("18:00")
    await anna.says("ушла")
    await company.move("20:05")
    await anna.says("ушла в 20:00")
    await anna.presses("Отправить")
    await sergey.reads()
    await company.move("20:06")
    await anna.says("пришла")
    await company.move("20:30")
    await anna.says("ушла")
    await sergey.presses("Согласовать")
    await company.move(timedelta(seconds=31))
    ends = [each.ended_at for each in await anna.sessions()]
    assert [company.at("20:00"), company.at("20:30")] == ends


async def test_case_38_end_before_start(company: Company, anna: Person) -> None:
    """A check-out before the check-in is refused with both times."""
    await anna.says("пришла")
    await company.move("18:00")
    await anna.says("ушла")
    answer = await anna.says("ушла в 8:50")
    assert "09:00" in answer
    assert "08:50" in answer


async def test_case_40_future(company: Company, anna: Person) -> None:
    """A time still to come is asked about or refused, never recorded."""
    await anna.says("пришла")
    await company.move("10:00")
    await anna.says("ушла в 18:30")
    [session] = await anna.sessions()
    assert session.is_open


async def test_withdrawn(company: Company, anna: Person, sergey: Person) -> None:
    """The requester can take the request back; the lead's card says so."""
    await forgot(company, anna)
    await anna.says("вчера ушла в 18:30")
    await anna.presses("Отправить")
    await sergey.reads()
    await anna.presses("Отозвать")
    await company.settle()
    assert "Отозвано" in sergey.chat[-1].text
    assert {} == sergey.chat[-1].buttons


async def test_case_22_forgotten_day_is_closed(company: Company, anna: Person) -> None:
    """The forgotten day is closed at a plausible time; the next check-in asks about it, and opens today's."""
    await forgot(company, anna)
    answer = await anna.says("пришла")
    assert answer.startswith("🟢 На работе с 08:55")
    assert anna.shown[-2].startswith("🕕 Вчера ушли в 17:00?")
    assert [True, False] == [session.is_auto for session in await anna.sessions()]


async def test_correction_after_the_day_was_closed(company: Company, anna: Person, sergey: Person) -> None:
    """What the service had closed by itself gives way to what the person says and the lead approves."""
    await forgot(company, anna)
    await anna.says("вчера ушла в 18:30")
    await anna.presses("Отправить")
    await anna.says("пришла")
    await sergey.reads()
    await sergey.presses("Согласовать")
    await company.move(timedelta(seconds=31))
    first, second = await anna.sessions()
    assert [company.at("2026-07-13T18:30"), False] == [first.ended_at, first.is_auto]
    assert second.is_open


async def test_lead_corrects_for_somebody(company: Company, anna: Person, sergey: Person) -> None:
    """A lead corrects for an employee, on record, and the employee is told."""
    await forgot(company, anna)
    assert "Анна Ким" in await sergey.says("/correct Анна вчера ушла в 18:30")
    await sergey.presses("Исправить")
    await company.settle()
    assert "Сергей Орлов" in anna.chat[-1].text
    [session] = await anna.sessions()
    assert company.at("2026-07-13T18:30") == session.ended_at
    assert "18:30" in await anna.says("история")


async def test_case_70_own_request(company: Company, olga: Person, sergey: Person) -> None:
    """A lead's own request goes to the next lead up, and never to the lead."""
    await sergey.says("пришёл")
    await company.move("2026-07-14T09:00")
    await sergey.says("вчера ушёл в 18:30")
    assert "Решает: Ольга Смирнова" in await sergey.presses("Отправить")
    await olga.reads()
    assert any("Согласовать" in label for label in olga.buttons)


async def test_batch(company: Company, anna: Person, james: Person, sergey: Person) -> None:
    """Approve all: a summary first, then each by itself; what was decided meanwhile is listed."""
    await anna.says("пришла")
    await james.says("in")
    await company.move("2026-07-14T08:00")
    await anna.says("вчера ушла в 18:30")
    await anna.presses("Отправить")
    await james.says("left yesterday at 18:00")
    await james.presses("Send")
    await sergey.says("мои согласования")
    summary = await sergey.presses("Согласовать все")
    assert "Анна Ким" in summary
    assert "James Carter" in summary
    assert "Согласовано заявок: 2" in await sergey.presses("Да, все")
    await company.move(timedelta(seconds=31))
    assert [False, False] == [session.is_open for session in (*await anna.sessions(), *await james.sessions())]


async def test_english_story(company: Company, james: Person, sergey: Person) -> None:
    """The employee reads English, the lead Russian: each in their own words."""
    await james.says("I'm in")
    await company.move("2026-07-14T08:55")
    read_back = await james.says("forgot to check out, left at 6:30 pm yesterday")
    assert read_back.startswith(
        "Did I get it right?\nCorrection: check-out\nMon 13 July: 09:00 – no check-out → 09:00 – 18:30"
    )
    await james.presses("Send")
    assert "Исправление: уход" in await sergey.reads()
    await sergey.presses("Согласовать")
    await company.move(timedelta(seconds=31))
    assert "Approved by Сергей Орлов at 08:55" in james.chat[-1].text


async def test_leave(company: Company, anna: Person, sergey: Person) -> None:
    """A leave is read back, decided like a correction, and stored as days away."""
    read_back = await anna.says("отпуск с 3 по 14 августа")
    assert "Отпуск\nпн, 3 августа – пт, 14 августа, 12 дней" in read_back
    await anna.presses("Отправить")
    assert "Отпуск – Анна Ким" in await sergey.reads()
    await sergey.presses("Согласовать")
    await company.move(timedelta(seconds=31))
    assert "✅ Согласовано" in anna.chat[-1].text
    assert "уже" in await anna.says("отпуск с 10 по 11 августа")


async def test_absence_is_shown(company: Company, anna: Person, sergey: Person) -> None:
    """An absence stands in the person's own status and week; colleagues read that somebody is away, never why."""
    await anna.says("болею с сегодняшнего дня до среды, температура")
    await anna.presses("Отправить")
    await sergey.reads()
    await sergey.presses("Согласовать")
    await company.move(timedelta(seconds=31))
    assert "🤒 Больничный: пн, 13 июля – ср, 15 июля, 3 дня" in await anna.says("статус")
    assert "Больничный" in await anna.says("моя неделя")
    seen = await sergey.says("кто на работе")
    assert "Анна Ким: отсутствует до ср, 15 июля включительно" in seen
    assert "ольничн" not in seen
    assert "температура" not in seen


async def test_lead_is_switched_off(company: Company, anna: Person, sergey: Person, olga: Person) -> None:
    """What waited for a lead who was switched off goes to the next in line (E24)."""
    await forgot(company, anna)
    await anna.says("вчера ушла в 18:30")
    await anna.presses("Отправить")
    await sergey.reads()
    await olga.says("/disable Сергей")
    await olga.reads()
    assert any("Согласовать" in label for label in olga.buttons)
    await olga.presses("Согласовать")
    await company.move(timedelta(seconds=31))
    [session] = await anna.sessions()
    assert company.at("2026-07-13T18:30") == session.ended_at


async def test_a_day_that_went_on_is_corrected_in_the_evening(company: Company, anna: Person, sergey: Person) -> None:
    """The lead answers when the day is over: a start and a return that were asked for while it ran still fit."""
    await company.move("09:45")
    await anna.says("пришла")
    await anna.says("пришла в 9:00")
    await anna.presses("Отправить")
    await sergey.reads()
    await company.move("12:00")
    await anna.says("обед")
    await company.move("13:00")
    await anna.says("вернулась")
    await company.move("18:00")
    await anna.says("ушла")
    await sergey.presses("Согласовать")
    await company.move("18:10")
    [session] = await anna.sessions()
    assert (company.at("09:00"), company.at("18:00")) == (session.started_at, session.ended_at)
    assert timedelta(hours=8) == session.worked(company.clock.now())


async def test_a_check_in_by_button_does_not_spoil_the_claimed_one(
    company: Company, anna: Person, sergey: Person
) -> None:
    """Who claims an earlier start and then taps the button as well is at work from the start that is approved."""
    await company.move("09:45")
    await anna.says("пришла в 9:00")
    assert "Пока ждём ответа, время не идёт." in await anna.presses("Отправить")
    await sergey.reads()
    await company.move("09:46")
    assert "🟢 На работе с 09:46" in await anna.presses("Я на работе")
    await sergey.presses("Согласовать")
    await company.move("10:00")
    [session] = await anna.sessions()
    assert session.is_open
    assert company.at("09:00") == session.started_at


async def test_a_return_is_read_back_with_its_break(company: Company, anna: Person, sergey: Person) -> None:
    """The card shows what changes, and the lead may answer after the day is over."""
    await anna.says("пришла")
    await company.move("12:00")
    await anna.says("обед")
    await company.move("13:10")
    answer = await anna.says("вернулась в 12:40")
    assert "09:00 – без ухода (перерыв с 12:00) → 09:00 – без ухода (перерыв 12:00 – 12:40)" in answer
    assert "Пока ждём ответа, перерыв идёт." in await anna.presses("Отправить")
    assert "🟢 На работе с 09:00" in await anna.presses("Продолжить")
    await sergey.reads()
    await company.move("18:00")
    await anna.says("ушла")
    await sergey.presses("Согласовать")
    await company.move("18:10")
    [session] = await anna.sessions()
    assert timedelta(hours=8, minutes=20) == session.worked(company.clock.now())
