"""The case table, nights, zones, weeks and years: written from the rules, told by the chat alone."""

from collections.abc import AsyncIterator
from datetime import date, time, timedelta
from pathlib import Path

import pytest

from bot.domain.planning.schedule import Hours, PlannedBreak, Schedule, ScheduleKind
from tests.dialogs.walls import Wall, last_session, opened, told
from tests.people import Company, Person

NIGHTS = Schedule(ScheduleKind.FIXED, (Hours(time(20), time(8)),) * 7, pause=PlannedBreak())


async def lived(company: Company, person: Person, *marks: tuple[str, str]) -> str:
    """Live by the clock in Moscow: times and what was said at them; returns the last answer."""
    answer = ""
    for when, said in marks:
        await company.move(when)
        answer = await person.says(said)
    return answer


async def test_shift_over_midnight(company: Company, anna: Person) -> None:
    """20:00 on Monday to 08:10 on Tuesday is one session of Monday, and the answer says so (case 45)."""
    answer = await lived(company, anna, ("20:00", "пришла"), ("2026-07-14T08:10", "ушла"))
    assert "Отработано 12 ч 10 мин" in answer
    assert "пн, 13 июля" in answer
    [session] = await anna.sessions()
    assert date(2026, 7, 13) == session.work_date
    week = await told(anna, "моя неделя")
    assert any("пн, 13 июля" in line and "12 ч 10 мин" in line for line in week.splitlines())
    assert not any("вт, 14 июля" in line and "ч" in line for line in week.splitlines())


async def test_morning_check_out_belongs_to_the_open_session(company: Company, anna: Person) -> None:
    """Another shift is planned for Tuesday: 07:10 still closes Monday's, and nobody is late or missing (case 46)."""
    await company.plans(NIGHTS, anna)
    await lived(company, anna, ("20:00", "пришла"), ("2026-07-14T07:10", "ушла"))
    [session] = await anna.sessions()
    assert [date(2026, 7, 13), company.at("2026-07-14T07:10")] == [session.work_date, session.ended_at]
    week = await told(anna, "моя неделя")
    assert "нет отметок" not in week
    await lived(company, anna, ("2026-07-14T20:00", "пришла"))
    assert 2 == len(await anna.sessions())


async def test_less_than_three_hours_over_midnight(company: Company, anna: Person) -> None:
    """22:30 to 01:15 is two hours and three quarters, not minus twenty-one (case 45, lesson 7)."""
    assert "Отработано 2 ч 45 мин" in await lived(company, anna, ("22:30", "пришла"), ("2026-07-14T01:15", "ушла"))


async def test_night_hours(company: Company, anna: Person) -> None:
    """22:00 to 06:00 are eight night hours; a break inside is taken off (case 48)."""
    await company.plans(NIGHTS, anna)
    await lived(company, anna, ("22:00", "пришла"), ("2026-07-14T06:00", "ушла"))
    assert "Ночью: 8 ч\n" in await told(anna, "моя неделя") + "\n"
    await lived(
        company,
        anna,
        ("2026-07-14T21:00", "пришла"),
        ("2026-07-15T02:00", "перерыв"),
        ("2026-07-15T02:30", "вернулась"),
        ("2026-07-15T07:00", "ушла"),
    )
    assert "Ночью: 15 ч 30 мин\n" in await told(anna, "моя неделя") + "\n"


async def test_holiday_is_divided_at_midnight(tmp_path: Path, channel: str) -> None:
    """21:00 on 30 April to 09:00 on 1 May: nine hours of the twelve are on the holiday (case 49)."""
    company, _ = await opened(tmp_path, "2026-04-30T12:00")
    anna = await company.hire("Анна Ким", channel)
    await lived(company, anna, ("21:00", "пришла"), ("2026-05-01T09:00", "ушла"))
    week = await told(anna, "моя неделя")
    await company.close()
    assert "12 ч" in week
    [line] = [each for each in week.splitlines() if "праздник" in each.lower() and "9 ч" in each and "12 ч" not in each]
    assert "9 ч" in line


async def test_zone_is_changed_at_work(company: Company, anna: Person) -> None:
    """Off to Vladivostok at noon, at work: the open session stays Moscow's, the next one is Vladivostok's (case 56)."""
    await lived(company, anna, ("09:00", "пришла"), ("12:00", "мой часовой пояс Владивосток"))
    assert "09:00 (Москва)" in await anna.says("статус")
    assert "18:00 (Москва)" in await lived(company, anna, ("18:00", "ушла"))
    await lived(company, anna, ("2026-07-14T02:00", "пришла"), ("2026-07-14T10:00", "ушла"))
    first, second = await anna.sessions()
    assert ["Europe/Moscow", "Asia/Vladivostok"] == [first.zone, second.zone]
    assert [date(2026, 7, 13), date(2026, 7, 14)] == [first.work_date, second.work_date]
    week = await told(anna, "моя неделя")
    assert ["9 ч", "8 ч"] == [
        next(length for length in ("9 ч", "8 ч") if length in line)
        for line in week.splitlines()
        if line.startswith(("пн, 13", "вт, 14"))
    ]


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Los_Angeles"])
async def test_the_end_of_a_day_is_the_person_s(tmp_path: Path, channel: str, zone: str) -> None:
    """Far east and far west: an evening session is of its own date, closed in its own time (cases 24, 45, lesson 4)."""
    company, wall = await opened(tmp_path, "2026-07-13T07:00", zone)
    james = await company.hire("James Carter", channel, zone=zone, locale="en")
    await wall.move("2026-07-13T15:30")
    await james.says("in")
    await wall.move("2026-07-13T23:59")
    await james.says("out")
    await wall.move("2026-07-14T15:00")
    await james.says("in")
    await wall.move("2026-07-15T12:00")
    first, second = await james.sessions()
    await company.close()
    assert [date(2026, 7, 13), date(2026, 7, 14)] == [first.work_date, second.work_date]
    assert [wall.at("2026-07-13T23:59"), wall.at("2026-07-14T23:00")] == [first.ended_at, second.ended_at]
    assert [False, True] == [first.is_auto, second.is_auto]


async def test_sunday_night(company: Company, anna: Person) -> None:
    """Sunday 23:00 to Monday 07:00 is all in Sunday's week, and the answer names the rule (case 61)."""
    await lived(company, anna, ("2026-07-19T23:00", "пришла"), ("2026-07-20T07:00", "ушла"))
    await company.move("2026-07-20T12:00")
    last, this = await told(anna, "прошлая неделя"), await told(anna, "моя неделя")
    assert "8 ч" in last
    assert "по дню начала смены" in last
    assert "8 ч" not in this


@pytest.fixture
async def new_year(tmp_path: Path) -> AsyncIterator[Wall]:
    """The end of 2026 in Moscow."""
    company, wall = await opened(tmp_path, "2026-12-28T08:00")
    yield wall
    await company.close()


async def test_week_of_new_year(new_year: Wall, channel: str) -> None:
    """On 1 January 2027 «моя неделя» is 28 December to 3 January, with what was worked before midnight (case 62)."""
    anna = await new_year.company.hire("Анна Ким", channel)
    await lived(new_year.company, anna, ("2026-12-30T09:00", "пришла"), ("2026-12-30T18:00", "ушла"))
    await new_year.move("2027-01-01T12:00")
    week = await told(anna, "моя неделя")
    assert ["28 декабря", "3 января"] == [each for each in ("28 декабря", "3 января") if each in week.splitlines()[0]]
    assert "9 ч" in week


async def test_touching_stretches(company: Company, anna: Person) -> None:
    """09–13 and 13–17 touch and do not overlap: both are taken, and the second is asked of nobody twice (lesson 14)."""
    await lived(company, anna, ("09:00", "пришла"), ("13:00", "ушла"))
    await anna.says("пришла")
    await lived(company, anna, ("17:00", "ушла"))
    first, second = await anna.sessions()
    assert [timedelta(hours=4), timedelta(hours=4)] == [each.worked(company.clock.now()) for each in (first, second)]
    assert first.ended_at == second.started_at


async def test_long_shift_is_not_taken_for_forgotten(company: Company, anna: Person) -> None:
    """The limit belongs to the schedule: a planned day and night is worked to its end (lesson 3)."""
    day_and_night = Schedule(ScheduleKind.FIXED, (Hours(time(8), time(8)),) * 7, pause=PlannedBreak())
    await company.plans(day_and_night, anna)
    await lived(company, anna, ("09:00", "пришла"))
    await company.move("2026-07-14T07:59")
    assert (await last_session(anna)).is_open
    await anna.says("ушла")
    assert not (await last_session(anna)).is_auto
