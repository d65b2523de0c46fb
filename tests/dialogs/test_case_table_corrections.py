"""The case table, corrections and overlaps: written from the rules, told by the chat alone."""

from datetime import timedelta

import pytest

from bot.domain.people.employee import Role
from bot.domain.workday.punch_log import PunchKind
from tests.dialogs.days import NINE_TO_SIX
from tests.people import Company, Person

SECONDS = timedelta(seconds=31)


async def day(company: Company, person: Person, *marks: tuple[str, str]) -> None:
    """Live a day of the clock: times and what was said at them."""
    for time, said in marks:
        await company.move(time)
        await person.says(said)


async def test_forgotten_day_waits_for_the_lead(company: Company, anna: Person, sergey: Person) -> None:
    """Both times are read back, nothing counts until the lead approves, then the day is there (case 30)."""
    await company.move("2026-07-15T10:00")
    read_back = await anna.says("забыла отметиться вчера, была с 9 до 18")
    assert "вт, 14 июля: ничего → 09:00 – 18:00" in read_back
    await anna.presses("Отправить")
    assert [] == await anna.sessions()
    await sergey.reads()
    await sergey.presses("Согласовать")
    await company.move(SECONDS)
    [session] = await anna.sessions()
    assert [company.at("2026-07-14T09:00"), company.at("2026-07-14T18:00")] == [session.started_at, session.ended_at]


@pytest.mark.parametrize("said", ["забыла отметиться вчера", "забыла отметить уход", "I forgot to check in yesterday"])
async def test_times_are_asked_for(anna: Person, said: str) -> None:
    """A forgotten mark without its times is no mark: the person is asked for them (case 30, lesson 15)."""
    assert "?" in await anna.says(said)
    assert "Например:" in anna.chat[-1].text or "например:" in anna.chat[-1].text
    assert [] == await anna.sessions()


@pytest.mark.parametrize(
    ("said", "breaks"),
    [
        ("забыла отметиться вчера, была с 9 до 18", [("13:00", "14:00")]),
        ("вчера была с 9 до 18 без обеда", []),
        ("вчера была с 9 до 18, обед 30 минут", [("13:15", "13:45")]),
        ("вчера была с 14:30 до 20:00", [("16:45", "17:45")]),
        ("вчера была с 9 до 13", []),
    ],
)
async def test_forgotten_day_has_the_usual_break(
    company: Company, anna: Person, sergey: Person, said: str, breaks: list[tuple[str, str]]
) -> None:
    """The planned break is read back with both times, unless another one or none was said (case 30)."""
    await company.plans(NINE_TO_SIX, anna)
    await company.move("2026-07-14T08:30")
    assert bool(breaks) == ("перерывы" in await anna.says(said))
    await anna.presses("Отправить")
    await sergey.reads()
    await sergey.presses("Согласовать")
    await company.move(SECONDS)
    [session] = await anna.sessions()
    expected = [tuple(company.at(f"2026-07-13T{each}") for each in pause) for pause in breaks]
    assert expected == [(each.started_at, each.ended_at) for each in session.breaks]


@pytest.mark.parametrize(("end", "is_at_once"), [("18:10", True), ("18:15", True), ("18:16", False), ("20:00", False)])
async def test_fifteen_minutes_pass_by_themselves(
    company: Company, anna: Person, sergey: Person, end: str, is_at_once: bool
) -> None:
    """Up to fifteen minutes are made at once and listed to the lead, more waits for approval (cases 31, 32)."""
    await day(company, anna, ("09:00", "пришла"), ("18:00", "ушла"))
    await company.move("20:30")
    answer = await anna.says(f"ушла в {end}")
    assert f"09:00 – 18:00 → 09:00 – {end}" in answer
    if not is_at_once:
        await anna.presses("Отправить")
    [session] = await anna.sessions()
    assert company.at(end if is_at_once else "18:00") == session.ended_at
    assert f"{end}" in await sergey.says("мои согласования")
    assert "18:00" in await anna.says("история")


async def test_second_request_about_the_same_end(company: Company, anna: Person, sergey: Person) -> None:
    """B takes A's place; a tap on A says so, and approving B gives B's time (case 33)."""
    await day(company, anna, ("09:00", "пришла"), ("18:00", "ушла"))
    await company.move("21:00")
    await anna.says("ушла в 19:00")
    await anna.presses("Отправить")
    await sergey.reads()
    first, buttons = sergey.chat[-1], dict(sergey.chat[-1].buttons)
    await anna.says("ушла в 20:00")
    await anna.presses("Отправить")
    await sergey.reads()
    approve = buttons["✅ Согласовать"].action
    assert approve is not None
    await sergey.taps(approve.pack(), first.id)
    await company.settle()
    assert "Заменено новой заявкой" in first.text
    await sergey.presses("Согласовать")
    await company.move(SECONDS)
    assert [company.at("20:00")] == [each.ended_at for each in await anna.sessions()]


async def test_overlap_is_trimmed_joined_or_left(company: Company, anna: Person, sergey: Person) -> None:
    """12:30–15:00 over 09–13 and 14–18: refused with three choices, and joining makes one stretch (case 34)."""
    await day(company, anna, ("09:00", "пришла"), ("13:00", "ушла"), ("14:00", "пришла"), ("18:00", "ушла"))
    await company.move("18:30")
    await anna.says("сегодня был с 12:30 до 15:00")
    assert 3 == len(anna.buttons)
    await anna.presses("один отрезок")
    assert "→ 09:00 – 18:00" in anna.chat[-1].text
    await anna.presses("Отправить")
    await sergey.reads()
    await sergey.presses("Согласовать")
    await company.move(SECONDS)
    [session] = await anna.sessions()
    assert timedelta(hours=9) == session.worked(company.clock.now())


async def test_base_changed_by_the_lead(company: Company, anna: Person, sergey: Person) -> None:
    """The lead changed the session meanwhile: approving the older request is refused, the state is shown (case 36)."""
    await day(company, anna, ("09:00", "пришла"), ("18:00", "ушла"))
    await company.move("20:30")
    await anna.says("ушла в 20:00")
    await anna.presses("Отправить")
    await sergey.reads()
    card, approve = sergey.chat[-1], sergey.chat[-1].buttons["✅ Согласовать"].action
    assert approve is not None
    await sergey.says("/correct Анна ушла в 17:00")
    await sergey.presses("Исправить")
    await sergey.taps(approve.pack(), card.id)
    assert "17:00 → 09:00 – 20:00\n⚠️ Не исполнено: часы за это время изменили иначе" in await sergey.reads()
    await company.move(SECONDS)
    assert [company.at("17:00")] == [each.ended_at for each in await anna.sessions()]


async def test_break_never_lies_outside(company: Company, anna: Person) -> None:
    """A break 12–13 and a start at 12:30: half of it is left, and shown before it is asked for (case 37)."""
    await day(company, anna, ("09:00", "пришла"), ("12:00", "обед"), ("13:00", "вернулась"), ("18:00", "ушла"))
    assert "12:30 – 18:00 (перерывы 30 мин)" in await anna.says("пришла в 12:30")


async def test_end_before_the_start(company: Company, anna: Person) -> None:
    """An end before the start is refused with both times; nothing waits for anybody (case 38)."""
    await day(company, anna, ("09:00", "пришла"), ("18:00", "ушла"))
    answer = await anna.says("ушла в 08:50")
    assert [True, True] == [each in answer for each in ("09:00", "08:50")]
    assert not any("Отправить" in each for each in anna.buttons)


async def test_six_in_the_morning(company: Company, anna: Person) -> None:
    """«Ушла в 6» at seven, after 22:00 of yesterday: six of this morning, and the card shows both dates (case 39)."""
    await day(company, anna, ("22:00", "пришла"))
    await company.move("2026-07-14T07:00")
    answer = await anna.says("ушла в 6")
    assert "22:00 – 06:00" in answer
    assert ["пн, 13 июля", "вт, 14 июля"] == [each for each in ("пн, 13 июля", "вт, 14 июля") if each in answer]


async def test_future_is_never_recorded(company: Company, anna: Person) -> None:
    """«Пришла в 11» at ten, and nothing yesterday that it could mend: a reminder is all that is offered (case 40)."""
    await company.move("10:00")
    assert "11:00 ещё не наступило.\nНапомнить в 11:00?" == await anna.says("пришла в 11")
    assert ["⏰ Напомнить в 11:00"] == anna.buttons
    assert "⏰ Хорошо, напомню один раз, в 11:00." == await anna.presses("Напомнить")
    await company.move("11:00")
    assert "⏰ 11:00 – вы просили напомнить." in anna.chat[-1].text
    assert [] == await anna.sessions()


async def test_eleven_of_last_night_is_asked(company: Company, anna: Person) -> None:
    """At ten, in a session since 20:00, «ушла в 11» may be 23:00 of yesterday: asked, not guessed (case 40)."""
    await day(company, anna, ("20:00", "пришла"))
    await company.move("2026-07-14T10:00")
    await anna.says("ушла в 11")
    assert ["⏰ Напомнить в 11:00", "уход вчера 23:00", "Ни то, ни другое"] == anna.buttons
    [session] = await anna.sessions()
    assert session.is_open


async def test_friday_said_on_monday(company: Company, anna: Person) -> None:
    """Work on Friday is the last one, leave on Friday the next one, both with their dates (case 41)."""
    assert "пт, 10 июля" in await anna.says("в пятницу с 9 до 18")
    await anna.presses("Нет")
    assert "пт, 17 июля" in await anna.says("отгул в пятницу")


async def test_nine_to_six_is_asked(company: Company, anna: Person) -> None:
    """«С 9 до 6» of yesterday is read back as the one that can be: until six today nobody works (case 42)."""
    await company.move("12:00")
    assert "09:00 – 18:00" in await anna.says("вчера с 9 до 6")
    assert [] == await anna.sessions()


async def test_eleven_to_two_has_two_buttons(company: Company, anna: Person) -> None:
    """«С 11 до 2» of yesterday ends at 14:00 or at two in the night: two buttons (case 42)."""
    await company.move("12:00")
    await anna.says("вчера с 11 до 2")
    assert ["работа вчера 11:00–14:00", "работа: вчера 11:00 – сегодня 02:00", "Ни то, ни другое"] == anna.buttons
    assert "11:00 – 14:00" in await anna.presses("14:00")


async def test_in_and_out_at_one_second(company: Company, anna: Person) -> None:
    """Kept, not counted, told; the week, today and a new check-in do not mind (case 43)."""
    await anna.says("пришла")
    assert "не считается" in await anna.says("ушла")
    assert [] == await anna.sessions()
    for asked in ("моя неделя", "сегодня", "статус"):
        assert await anna.says(asked)
    assert "09:00" in await anna.says("пришла")


async def test_mistaken_minute_is_taken_back(company: Company, anna: Person) -> None:
    """Within five minutes «отмена» voids the last mark, and only that; the log keeps all three (case 44)."""
    await anna.says("пришла")
    await company.move(timedelta(seconds=40))
    await anna.says("ушла")
    await company.move(timedelta(minutes=4))
    await anna.says("отмена")
    [session] = await anna.sessions()
    assert [company.at("09:00"), None] == [session.started_at, session.ended_at]
    async with company.storage.unit_of_work() as uow:
        log = await uow.punches.log(await anna.employee(), company.at("00:00"))
    assert [PunchKind.IN, PunchKind.OUT, PunchKind.VOID] == [each.kind for each in log.punches]


async def test_lead_corrects_in_the_employee_s_zone(company: Company, channel: str, olga: Person) -> None:
    """Kaliningrad writes for Yekaterinburg: the employee's nine o'clock, and the card names whose (case 58)."""
    lead = await company.hire("Сергей Орлов", channel, role=Role.LEAD, lead=olga, zone="Europe/Kaliningrad")
    egor = await company.hire("Егор Белов", channel, lead=lead, zone="Asia/Yekaterinburg")
    await company.move("20:00")
    card = await lead.says("/correct Егор вчера с 9 до 18")
    assert "по времени сотрудника" in card
    assert "09:00 – 18:00 (Екатеринбург)" in card
    await lead.presses("Исправить")
    [session] = await egor.sessions()
    assert [company.at("2026-07-12T07:00"), "Asia/Yekaterinburg"] == [session.started_at, session.zone]
    assert "(Екатеринбург)" not in await egor.reads()


async def test_lead_corrects_in_one_zone(company: Company, channel: str, anna: Person, sergey: Person) -> None:
    """Where the clocks are the same nothing is said about them; an hour that can be meant twice is not guessed."""
    await company.move("20:00")
    unclear = await sergey.says("/correct Анна вчера ушла в 9")
    assert "Это можно понять по-разному. Напишите время полностью: 09:00 или 21:00." == unclear
    assert "\nСотрудник: Анна Ким\n" in await sergey.says("/correct Анна вчера с 09:00 до 18:00")
