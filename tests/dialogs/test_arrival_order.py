"""Marks that arrive in the wrong order, and words that arrive days late, as people read it (cases 15, 17 and 24)."""

from datetime import timedelta

from tests.dialogs.days import everybody_works
from tests.people import Company, Person


async def test_a_return_that_arrives_before_its_break(company: Company, anna: Person) -> None:
    """It is refused as nothing is known of a break yet; the break that comes makes it count, and both are told."""
    await anna.says("пришла")
    await company.move("12:38")
    assert "не на перерыве" in await anna.says("вернулась", at=company.at("12:37"))
    answer = await anna.says("перерыв", at=company.at("12:30"))
    assert "На работе с 09:00" in answer
    assert "перерывы 7 мин" in answer
    assert "✍️ Записано: начало перерыва, 12:30" in answer
    assert "✍️ Записано: конец перерыва, 12:37" in answer


async def test_a_break_that_arrives_before_the_return_from_the_one_before(company: Company, anna: Person) -> None:
    """Back at 12:36 and on a break again at 12:37, told the other way round: two breaks, the second runs."""
    await anna.says("пришла")
    await company.move("12:00")
    await anna.says("перерыв")
    await company.move("12:38")
    assert "с 12:00" in await anna.says("перерыв", at=company.at("12:37"))
    await anna.says("вернулась", at=company.at("12:36"))
    [session] = await anna.sessions()
    assert [company.at("12:00"), company.at("12:37")] == [each.started_at for each in session.breaks]
    assert session.running_break is not None


async def test_a_check_out_that_arrives_before_the_check_in(company: Company, anna: Person) -> None:
    """The day is whole once both have arrived."""
    await company.move("18:01")
    assert "ещё не отметили" in await anna.says("ушла", at=company.at("18:00"))
    await anna.says("пришла", at=company.at("09:00"))
    [session] = await anna.sessions()
    assert [company.at("09:00"), company.at("18:00")] == [session.started_at, session.ended_at]


async def test_a_check_in_that_arrives_after_that_of_a_later_day(company: Company, anna: Person) -> None:
    """It swallows nothing: its own day is closed as forgotten, today's stays; a check-out that comes is its end."""
    await company.move("2026-07-15T09:00")
    await anna.says("пришла")
    await company.move("2026-07-15T09:30")
    await anna.says("пришла", at=company.at("2026-07-13T08:00"))
    first, second = await anna.sessions()
    assert [company.at("2026-07-13T08:00"), company.at("2026-07-13T16:00")] == [first.started_at, first.ended_at]
    assert first.is_auto
    assert [company.at("2026-07-15T09:00"), None] == [second.started_at, second.ended_at]
    await anna.says("ушла", at=company.at("2026-07-13T17:10"))
    first, second = await anna.sessions()
    assert [company.at("2026-07-13T17:10"), False] == [first.ended_at, first.is_auto]
    assert second.is_open


async def test_a_check_out_of_a_later_day_ends_no_late_check_in(company: Company, anna: Person) -> None:
    """What was refused on Wednesday does not end what began on Monday."""
    await company.move("2026-07-15T10:00")
    await anna.says("ушла")
    await anna.says("пришла", at=company.at("2026-07-13T09:00"))
    await company.move("2026-07-15T10:05")
    [session] = await anna.sessions()
    assert [company.at("2026-07-13T17:00"), True] == [session.ended_at, session.is_auto]


async def test_two_messengers_within_two_seconds(company: Company, channel: str, sergey: Person) -> None:
    """The later of the two marks arrives first, in another messenger."""
    other = "telegram" if channel == "bitrix24" else "bitrix24"
    maria = await company.hire("Мария Лебедева", channel, lead=sergey, also=other)
    await maria.says("пришла")
    await company.move("12:00")
    await company.elsewhere(maria).says("вернулась", at=company.at("11:59") + timedelta(seconds=2))
    await maria.says("перерыв", at=company.at("11:59") + timedelta(seconds=1))
    [session] = await maria.sessions()
    assert [timedelta(seconds=1)] == [each.length(company.clock.now()) for each in session.breaks]


async def test_what_was_refused_does_not_come_back_by_what_is_said_after_it(company: Company, anna: Person) -> None:
    """«Ушла» in place of «пришла», then the right word with its time: the refused one ends nothing."""
    await company.move("09:10")
    await anna.says("ушла")
    await company.move("09:11")
    await anna.says("пришла в 9:05")
    [session] = await anna.sessions()
    assert session.is_open
    await company.move("09:12")
    await anna.says("отмена")
    assert [] == await anna.sessions()


async def test_an_undo_that_arrives_before_its_mark(company: Company, anna: Person) -> None:
    """The mark that comes is in the log, taken back, and says so."""
    await anna.says("пришла")
    await company.move("18:00")
    await anna.says("отмена", at=company.at("18:00") - timedelta(seconds=1))
    answer = await anna.says("ушла", at=company.at("18:00") - timedelta(seconds=3))
    assert "↩️ Последняя отметка отменена." in answer
    [session] = await anna.sessions()
    assert session.is_open


async def test_words_of_years_ago_are_not_recorded_then(company: Company, anna: Person) -> None:
    """Whatever a messenger brings from then, nothing is dated then by itself."""
    answer = await anna.says("пришла", at=company.at("2023-11-20T09:00"))
    assert answer.startswith("Ваше сообщение от пн, 20 ноября 2023, 09:00 дошло только сейчас.")
    assert [] == await anna.sessions()
    answer = await anna.says("отпуск завтра", at=company.at("2023-11-20T09:00"))
    assert answer.endswith("Я ничего не сделал. Если это ещё важно, напишите, пожалуйста, ещё раз.")


async def test_words_of_last_week_are_asked_about(company: Company, anna: Person) -> None:
    """A check-out of four days ago is read back as a correction; one of the weekend counts as it is."""
    await anna.says("пришла")
    await company.move("2026-07-14T09:00")
    await anna.says("пришла")
    await company.move("2026-07-17T18:30")
    answer = await anna.says("ушла", at=company.at("2026-07-13T17:30"))
    assert answer.startswith("Ваше сообщение от пн, 13 июля, 17:30 дошло только сейчас.")
    assert "09:00 – 17:30" in answer
    assert "[📨" not in answer
    assert any("Отправить" in label for label in anna.buttons)


async def test_nobody_works_through_days(company: Company, anna: Person) -> None:
    """A check-out two days after a check-in ends nothing: the day is closed, and asked about."""
    await everybody_works(company)
    await anna.says("пришла")
    company.clock.move_to(company.at("2026-07-15T10:00"))
    await anna.says("ушла")
    [session] = await anna.sessions()
    assert company.at("2026-07-13T18:00") == session.ended_at
    assert session.is_auto
    assert anna.shown[-2].startswith("🕕 пн, 13 июля: уход в 18:00?")
    assert anna.shown[-1].endswith("остался открытым. Он закрыт там, где, скорее всего, закончился.")
