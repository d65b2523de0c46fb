"""Nights on which clocks change, both ways, in four zones, told by the chat alone (cases 52, 54, 55)."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path

import pytest

from bot.domain.people.employee import Role
from bot.domain.planning.schedule import Hours, PlannedBreak, Schedule, ScheduleKind
from tests.dialogs.walls import Wall, last_session, opened, told
from tests.people import Person


@dataclass(frozen=True, slots=True)
class Night:
    """A night of 22:00 to 06:00 in which clocks change: how long it is, and a time of it that has no one meaning."""

    zone: str
    evening: str
    morning: str
    minutes: int
    odd: str
    """A clock time that is left out or comes twice."""

    @property
    def odd_day(self) -> str:
        """The date of the odd time: it may be that of the evening."""
        return self.evening if self.odd > "12" else self.morning


SPRING = [
    Night("Europe/Berlin", "2026-03-28", "2026-03-29", 420, "02:30"),
    Night("America/New_York", "2026-03-07", "2026-03-08", 420, "02:30"),
    Night("Australia/Lord_Howe", "2026-10-03", "2026-10-04", 450, "02:15"),
    Night("America/Santiago", "2026-09-05", "2026-09-06", 420, "00:30"),
]
AUTUMN = [
    Night("Europe/Berlin", "2026-10-24", "2026-10-25", 540, "02:30"),
    Night("America/New_York", "2026-10-31", "2026-11-01", 540, "01:30"),
    Night("Australia/Lord_Howe", "2026-04-04", "2026-04-05", 510, "01:45"),
    Night("America/Santiago", "2026-04-04", "2026-04-05", 540, "23:30"),
]
every_night = pytest.mark.parametrize("night", [*SPRING, *AUTUMN], ids=lambda each: f"{each.zone} {each.minutes}")
spring_night = pytest.mark.parametrize("night", SPRING, ids=lambda each: each.zone)
autumn_night = pytest.mark.parametrize("night", AUTUMN, ids=lambda each: each.zone)


@pytest.fixture
async def wall(tmp_path: Path, night: Night) -> AsyncIterator[Wall]:
    """A company in which it is noon before the night, and a clock on the wall there."""
    company, wall = await opened(tmp_path, f"{night.evening}T12:00", night.zone)
    yield wall
    await company.close()


@pytest.fixture
async def james(wall: Wall, channel: str) -> Person:
    """Somebody who works there, led by nobody but the administrator."""
    return await wall.company.hire("James Carter", channel, zone=wall.zone, locale="en")


def spoken(minutes: int) -> str:
    """Return a length as the chat says it."""
    return f"{minutes // 60} h {minutes % 60} min" if minutes % 60 else f"{minutes // 60} h"


@every_night
async def test_night_shift_is_as_long_as_it_was(wall: Wall, james: Person, night: Night) -> None:
    """22:00 to 06:00 counts what passed, not what the dials say, and the answer tells of the change (case 52)."""
    await wall.move(f"{night.evening}T22:00")
    await james.says("in")
    await wall.move(f"{night.morning}T06:00")
    answer = await james.says("out")
    assert f"Worked {spoken(night.minutes)}" in answer
    assert "clocks changed" in answer
    session = await last_session(james)
    assert [timedelta(minutes=night.minutes), night.evening] == [
        session.worked(wall.company.clock.now()),
        str(session.work_date),
    ]


@every_night
async def test_week_has_the_night_in_the_day_it_began(wall: Wall, james: Person, night: Night) -> None:
    """The week of the evening has all of it, in one line of that date (cases 52, 61)."""
    await wall.move(f"{night.evening}T22:00")
    await james.says("in")
    await wall.move(f"{night.morning}T06:00")
    await james.says("out")
    week = await told(james, "my week")
    [line] = [each for each in week.splitlines() if each.startswith("Sat ")]
    assert spoken(night.minutes) in line
    assert f"Worked {spoken(night.minutes)}" in week


@every_night
async def test_week_of_the_change_is_seven_days(wall: Wall, james: Person, night: Night) -> None:
    """The days before and after the change are in their places: the week moves by dates, not by hours (case 52)."""
    sunday = date.fromisoformat(night.morning)
    for day in (sunday, sunday + timedelta(days=1)):
        await wall.move(f"{day}T13:00")
        await james.says("in")
        await wall.move(f"{day}T15:00")
        await james.says("out")
    assert "Worked 2 h" in await told(james, "my week")
    assert "Worked 2 h" in await told(james, "last week")


@spring_night
async def test_time_that_does_not_exist_is_asked(wall: Wall, james: Person, night: Night) -> None:
    """A clock time that was skipped is asked about with real ones, and never moved in silence (case 54)."""
    await wall.move(f"{night.morning}T06:30")
    await james.says(f"came at {night.odd}")
    assert [] == await james.sessions()
    offered = [each for each in james.buttons if "check-in" in each]
    assert 2 == len(offered)
    assert not any(night.odd in each for each in offered)


@autumn_night
async def test_time_that_comes_twice_is_asked(wall: Wall, james: Person, night: Night) -> None:
    """A clock time that comes twice is asked about, first or second, told apart by the offset (case 55)."""
    await wall.move(f"{night.morning}T06:30")
    await james.says(f"came at {night.odd}")
    offered = [each for each in james.buttons if night.odd in each and "UTC" in each]
    assert 2 == len(offered) == len({each.split("(")[-1] for each in offered})
    await james.presses(offered[1])
    await james.presses("Send")
    assert [] == await james.sessions()


@autumn_night
async def test_a_stretch_from_a_time_that_comes_twice_is_asked(wall: Wall, james: Person, night: Night) -> None:
    """A whole stretch that begins at such a time has two readings that a person can tell apart (case 55)."""
    await wall.move(f"{night.morning}T12:30")
    await james.says(f"worked from {night.odd} to 05:00")
    assert 2 == len([each for each in james.buttons if night.odd in each and "UTC" in each])


@autumn_night
async def test_live_marks_in_the_repeated_hour_need_no_question(wall: Wall, james: Person, night: Night) -> None:
    """A live mark carries its instant: in at the first of the two, out at the second, is what they differ (case 55)."""
    await wall.move(f"{night.odd_day}T{night.odd}")
    await james.says("in")
    await wall.move(f"{night.odd_day}T{night.odd}", fold=1)
    await james.says("out")
    session = await last_session(james)
    assert timedelta(minutes=night.minutes - 480) == session.worked(wall.company.clock.now())


@every_night
async def test_forgotten_night_is_closed_by_the_wall(wall: Wall, james: Person, night: Night) -> None:
    """Planned 22:00 to 06:00 and forgotten: closed at six by the wall, asked about in the evening (cases 22, 52)."""
    nights = Schedule(ScheduleKind.ROTA, (Hours(time(22), time(6)),), date(2026, 1, 1), PlannedBreak())
    await wall.company.plans(nights, james)
    await wall.move(f"{night.evening}T22:00")
    assert "22:00 – 06:00" in await james.says("in")
    await wall.move(f"{night.morning}T21:00")
    session = (await james.sessions())[0]
    assert [wall.at(f"{night.morning}T06:00"), True] == [session.ended_at, session.is_auto]
    assert timedelta(minutes=night.minutes) == session.worked(wall.company.clock.now())
    await wall.move(f"{night.morning}T22:00")
    await james.says("in")
    assert any("06:00" in label for each in james.chat for label in each.buttons)


@every_night
async def test_morning_after_a_change_is_corrected_by_the_wall(wall: Wall, james: Person, night: Night) -> None:
    """“Left at 5” after such a night is five by the wall, and the hours that passed are counted (cases 39, 52)."""
    await wall.company.hire("Olga", james.channel, role=Role.ADMIN, zone=wall.zone, locale="en")
    await wall.move(f"{night.evening}T22:00")
    await james.says("in")
    await wall.move(f"{night.morning}T06:00")
    assert "05:00" in await james.says("left at 5")
    await james.presses("Send")
    olga = next(each for each in wall.company.people.values() if each.name == "Olga")
    await olga.reads()
    await olga.presses("Approve")
    await wall.company.move(timedelta(seconds=31))
    session = await last_session(james)
    assert timedelta(minutes=night.minutes - 60) == session.worked(wall.company.clock.now())
    assert "clocks changed" in await james.says("status")
