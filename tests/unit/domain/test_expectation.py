"""Forgotten marks: which shift a session was for, when it is too long to be true, and where it is ended."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.planning.roster import Roster
from bot.domain.planning.schedule import PlannedBreak
from bot.domain.reminding.forgotten import Expectation, shift_begun
from bot.domain.workday.punch_log import WorkSession, derive
from tests.unit.domain.logs import BERLIN, MOSCOW, at, punches
from tests.unit.domain.plans import fixed, flexible, h, roster, rota

MONDAY = date(2026, 7, 13)
NIGHTS = rota(MONDAY, "20:00-8:00", "")


def running(*told: str, zone: str = MOSCOW) -> WorkSession:
    """Return the session that a log leaves open."""
    session = derive(punches(*told, zone=zone))[-1]
    assert session.is_open
    return session


def ended(own: Roster, *told: str, now: str) -> list[str]:
    """Return the marks that end what is open, as local times."""
    session = running(*told, zone=own.zone)
    marks = Expectation.of(own, session).ending(session, at(now, own.zone))
    return [f"{each.kind} {local(each.at, own.zone)}" for each in marks]


def local(moment: datetime, zone: str) -> str:
    """Return a moment as a zone's day and time."""
    return f"{moment.astimezone(ZoneInfo(zone)):%d %H:%M}"


def closes(own: Roster, *told: str) -> str:
    """Return from when on what is open is too long to be true."""
    session = running(*told, zone=own.zone)
    return local(Expectation.of(own, session).closes_at(session), own.zone)


def test_case_22_the_planned_end() -> None:
    """Since 09:00 with a plan till 18:00: 18:00, whenever it is looked at."""
    assert ended(roster(fixed()), "in 2026-07-13 09:00", now="2026-07-14 09:05") == ["out 13 18:00"]


def test_case_24_nothing_planned() -> None:
    """Start and eight hours, and the breaks that were taken; not midnight."""
    assert ended(roster(), "in 2026-07-13 18:00", now="2026-07-14 10:00") == ["out 14 02:00"]
    told = ("in 2026-07-13 09:00", "break 2026-07-13 12:00", "back 2026-07-13 12:40")
    assert ended(roster(), *told, now="2026-07-14 09:00") == ["out 13 17:40"]


def test_case_24_the_norm_of_a_flexible_day() -> None:
    """Without hours of the day, the share of the week's norm."""
    own = roster(flexible(norm=h("30"), norm_per="week"))
    assert ended(own, "in 2026-07-13 09:00", now="2026-07-14 09:00") == ["out 13 15:00"]


def test_case_24_a_year_that_is_not_known() -> None:
    """Where there is no norm, eight hours are plausible."""
    assert ended(roster(flexible()), "in 2035-07-16 09:00", now="2035-07-17 09:00") == ["out 16 17:00"]


def test_case_27_a_break_lasts_as_planned() -> None:
    """Since 13:00, an hour planned: back at 14:00, out at 18:00."""
    told = ("in 2026-07-13 09:00", "break 2026-07-13 13:00")
    assert ended(roster(fixed()), *told, now="2026-07-14 09:00") == ["back 13 14:00", "out 13 18:00"]
    short = roster(fixed(pause=PlannedBreak(timedelta(minutes=30))))
    assert ended(short, *told, now="2026-07-14 09:00") == ["back 13 13:30", "out 13 18:00"]
    assert ended(roster(), *told, now="2026-07-14 09:00") == ["back 13 14:00", "out 13 18:00"]


def test_case_27_a_break_at_the_end_of_the_day() -> None:
    """Since 17:30: the session's end ends it, and nothing lies outside the session."""
    told = ("in 2026-07-13 09:00", "break 2026-07-13 17:30")
    assert ended(roster(fixed()), *told, now="2026-07-14 09:00") == ["out 13 18:00"]


def test_never_before_the_last_mark() -> None:
    """A sign of life at 18:40 is not cut off; a break begun then has no length that anybody knows."""
    told = ("in 2026-07-13 09:00", "break 2026-07-13 18:10", "back 2026-07-13 18:40")
    assert ended(roster(fixed()), *told, now="2026-07-14 09:00") == ["out 13 18:40"]
    assert ended(roster(fixed()), *told[:2], now="2026-07-14 09:00") == ["out 13 18:10"]


def test_never_after_now() -> None:
    """Who is switched off at noon is not paid until the evening (case 72)."""
    assert ended(roster(fixed()), "in 2026-07-13 09:00", now="2026-07-13 12:00") == ["out 13 12:00"]


@pytest.mark.parametrize(
    ("night", "expected"),
    [("2026-03-28", h("7")), ("2026-10-24", h("9")), ("2026-07-11", h("8"))],
    ids=["an hour less", "an hour more", "an ordinary night"],
)
def test_case_52_a_planned_end_is_an_instant(night: str, expected: timedelta) -> None:
    """Berlin, 22–06: the end is six by the wall clock, so the night has 7, 9 or 8 hours."""
    own = roster(rota(date.fromisoformat(night), "22:00-6:00", ""), zone=BERLIN)
    session = running(f"in {night} 22:00", zone=BERLIN)
    [out] = Expectation.of(own, session).ending(session, session.started_at + timedelta(days=1))
    assert out.at - session.started_at == expected


def test_case_56_the_zone_of_the_session() -> None:
    """The plan is read in the zone that the session was begun in."""
    own = roster(fixed(), zone="Asia/Vladivostok")
    assert ended(own, "in 2026-07-13 09:00", now="2026-07-14 09:00") == ["out 13 18:00"]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("in 2026-07-13 09:00", "13 22:00"),  # eight hours, the lunch, and four
        ("in 2026-07-13 06:00", "13 20:00"),  # came early: not before two hours after the planned end
        ("in 2026-07-13 17:50", "14 06:50"),
        ("in 2026-07-13 19:00", "14 11:00"),  # after the shift: nothing is planned for that, so sixteen hours
        ("in 2026-07-18 09:00", "19 01:00"),  # a Saturday
    ],
)
def test_lesson_3_the_limit_is_the_schedule_s(told: str, expected: str) -> None:
    """From when on a session is too long to be true, with a plan of 9–18."""
    assert closes(roster(fixed()), told) == expected


def test_lesson_3_long_shifts() -> None:
    """A day and a night on duty are believed, and two hours more."""
    assert closes(roster(rota(MONDAY, "8:00-8:00", "", "", "")), "in 2026-07-13 08:00") == "14 10:00"
    assert closes(roster(), "in 2026-07-13 08:00") == "14 00:00"


@pytest.mark.parametrize(
    ("came", "expected"),
    [
        ("2026-07-13 19:50", date(2026, 7, 13)),
        ("2026-07-13 14:00", date(2026, 7, 13)),
        ("2026-07-13 13:59", None),
        ("2026-07-14 00:30", date(2026, 7, 13)),  # late for last night's shift (case 46)
        ("2026-07-14 07:59", date(2026, 7, 13)),
        ("2026-07-14 08:00", None),
        ("2026-07-15 20:30", date(2026, 7, 15)),
    ],
)
def test_case_46_the_shift_that_somebody_comes_for(came: str, expected: date | None) -> None:
    """The nearest one that is not over and does not begin in more than six hours."""
    own = roster(NIGHTS)
    near = [own.shift(date(2026, 7, number)) for number in (12, 13, 14, 15)]
    found = shift_begun(near, at(came))
    assert (found.day if found else None) == expected


def test_case_25_what_could_still_be_true() -> None:
    """Sixteen hours, or the whole of a longer shift."""
    session = running("in 2026-07-13 09:00")
    plain, long = Expectation(), Expectation.of(roster(rota(MONDAY, "9:00-9:00", "")), session)
    assert plain.could_last(session, at("2026-07-14 01:00"))
    assert not plain.could_last(session, at("2026-07-14 01:01"))
    assert long.could_last(session, at("2026-07-14 09:00"))
