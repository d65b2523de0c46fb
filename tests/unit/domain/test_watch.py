"""The watch: what is due to a person by state alone, and when it is worth looking again."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.leave.absence import Absence, AbsenceKind
from bot.domain.people.employee import Employee, Identity
from bot.domain.planning.roster import Roster
from bot.domain.reminding.morning import next_morning
from bot.domain.reminding.watch import NudgeKind, Turnout, Watched, close_at, next_look, nudge
from bot.domain.workday.punch_log import derive
from tests.unit.domain.logs import at, punches
from tests.unit.domain.plans import fixed, flexible, leave, roster, rota

MONDAY = date(2026, 7, 13)
ANNA = Employee(7, 1, "Анна Ким", identities=(Identity("telegram", "", "7", "7"),))
DAY = roster(fixed())
START, END, STILL = NudgeKind.START, NudgeKind.END, NudgeKind.STILL


def watched(
    own: Roster,
    *told: str,
    now: str,
    who: Employee = ANNA,
    absences: Sequence[Absence] = (),
    said: Sequence[tuple[str, str]] = (),
) -> Watched:
    """Return a person as the watch sees them at a local time."""
    today = at(now, own.zone).astimezone(ZoneInfo(own.zone)).date()
    days = [today + timedelta(days=step) for step in (-1, 0, 1)]
    turnouts = [Turnout(shift, shift.starts_at + own.schedule(day).grace) for day in days if (shift := own.shift(day))]
    return Watched(who, tuple(turnouts), derive(punches(*told, zone=own.zone)), absences, frozenset(said))


def due(own: Roster, *told: str, now: str, **more: object) -> NudgeKind | None:
    """Return what is due at a local time."""
    person = watched(own, *told, now=now, **more)  # type: ignore[arg-type]
    found = nudge(person, at(now, own.zone))
    return found.kind if found else None


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-07-13 09:04", None),
        ("2026-07-13 09:05", START),
        ("2026-07-13 17:59", START),
        ("2026-07-13 18:00", None),
        ("2026-07-18 09:30", None),
    ],
)
def test_case_28_from_the_grace_to_the_end(now: str, expected: NudgeKind | None) -> None:
    """Asked about from start and grace on, until the shift is over; a Saturday has no start."""
    assert due(DAY, now=now) == expected


def test_case_28_grace_is_the_schedule_s() -> None:
    """Twenty minutes of grace."""
    lenient = roster(fixed(grace=timedelta(minutes=20)))
    assert [due(lenient, now=f"2026-07-13 09:{each}") for each in (19, 20)] == [None, START]


@pytest.mark.parametrize(
    ("told", "now", "expected"),
    [
        (("in 2026-07-13 06:30", "out 2026-07-13 07:00"), "2026-07-13 09:05", None),
        (("in 2026-07-13 02:00", "out 2026-07-13 02:30"), "2026-07-13 09:05", START),
        (("in 2026-07-13 09:00", "out 2026-07-13 12:00"), "2026-07-13 16:00", None),
        (("in 2026-07-12 09:00", "out 2026-07-12 12:00"), "2026-07-13 09:05", START),
    ],
    ids=["came early and left", "in the night, for something else", "left early", "yesterday"],
)
def test_what_counts_as_having_come(told: tuple[str, ...], now: str, expected: NudgeKind | None) -> None:
    """Whatever was recorded for that shift."""
    assert due(DAY, *told, now=now) == expected


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-07-13 18:14", None),
        ("2026-07-13 18:15", END),
        ("2026-07-13 19:59", END),
        ("2026-07-13 20:00", STILL),
        ("2026-07-13 21:59", STILL),
        ("2026-07-13 22:00", None),
    ],
)
def test_case_23_after_the_planned_end(now: str, expected: NudgeKind | None) -> None:
    """A quarter of an hour, two hours, and never once the day is to be closed, which is at 22:00."""
    assert due(DAY, "in 2026-07-13 09:00", now=now) == expected


def test_told_once() -> None:
    """What was told about a date is not told again; the later question does not need the earlier."""
    assert due(DAY, now="2026-07-13 12:00", said=[("start", "2026-07-13")]) is None
    assert due(DAY, now="2026-07-14 12:00", said=[("start", "2026-07-13")]) == START
    told = "in 2026-07-13 09:00"
    assert due(DAY, told, now="2026-07-13 18:30", said=[("end", "2026-07-13")]) is None
    assert due(DAY, told, now="2026-07-13 20:30", said=[("end", "2026-07-13")]) == STILL


def test_a_session_that_cannot_be_true_is_as_good_as_closed() -> None:
    """Open since yesterday: its end is not asked about, today's start is; the timer that it has will close it."""
    told, now = "in 2026-07-13 09:00", "2026-07-14 10:00"
    person = watched(DAY, told, now=now)
    found = nudge(person, at(now))
    assert found is not None
    assert (found.kind, found.key) == (START, "2026-07-14")
    assert close_at(person, at(now)) is None


def test_lesson_5_nobody_is_absent_before_the_end() -> None:
    """The night worker who checked out at 07:10 is not asked about today's shift (case 46)."""
    nights = roster(rota(MONDAY, "20:00-8:00"))
    told = ("in 2026-07-13 19:50", "out 2026-07-14 07:10")
    assert due(nights, *told, now="2026-07-14 12:00") is None
    assert due(nights, *told, now="2026-07-14 20:05") == START


@pytest.mark.parametrize(
    "who",
    [
        replace(ANNA, is_disabled=True),
        replace(ANNA, identities=()),
        replace(ANNA, identities=(replace(ANNA.identities[0], is_reachable=False),)),
        replace(ANNA, muted_until=date(2026, 7, 14)),
        replace(ANNA, muted_until=date.max),
    ],
    ids=["disabled", "no account", "blocked the bot", "silence", "silence for ever"],
)
def test_lesson_21_who_is_not_written_to(who: Employee) -> None:
    """Nothing is due to them."""
    assert due(DAY, now="2026-07-13 09:30", who=who) is None


def test_lesson_21_silence_ends() -> None:
    """On the day that was named."""
    assert due(DAY, now="2026-07-13 09:30", who=replace(ANNA, muted_until=MONDAY)) == START


@pytest.mark.parametrize("kind", list(AbsenceKind))
def test_lesson_21_leave(kind: AbsenceKind) -> None:
    """No kind of absence is disturbed, but remote work is work."""
    expected = START if kind is AbsenceKind.REMOTE else None
    assert due(DAY, now="2026-07-13 09:30", absences=[leave(kind, MONDAY)]) == expected


def test_hours_away() -> None:
    """Away from 8 to 11: due after eleven and the grace; away in the afternoon: due in the morning as always."""
    morning = leave(AbsenceKind.OTHER, MONDAY, between="8:00-11:00")
    assert [due(DAY, now=f"2026-07-13 {each}", absences=[morning]) for each in ("09:30", "11:04", "11:05")] == [
        None,
        None,
        START,
    ]
    later = leave(AbsenceKind.OTHER, MONDAY, between="15:00-18:00")
    assert due(DAY, now="2026-07-13 09:05", absences=[later]) == START


def test_nobody_is_woken() -> None:
    """After a shift till 23:00 the question of 01:00 is left out; one that belongs to a night shift is asked."""
    late = roster(fixed("14:00-23:00"))
    assert due(late, "in 2026-07-13 14:00", now="2026-07-13 23:15") == END
    assert due(late, "in 2026-07-13 14:00", now="2026-07-14 01:00") is None
    assert due(roster(rota(MONDAY, "0:00-8:00")), now="2026-07-14 00:05") == START


def test_lesson_4_the_clock_of_the_place() -> None:
    """09:05 in Kamchatka is midnight in Moscow, and nobody's night."""
    far = roster(fixed(), zone="Asia/Kamchatka")
    assert due(far, now="2026-07-13 09:05") == START
    west = roster(fixed(), zone="America/Los_Angeles")
    assert due(west, "in 2026-07-13 09:00", now="2026-07-13 18:15") == END


def test_without_hours_nothing_is_due() -> None:
    """A flexible schedule has no start and no end."""
    assert due(roster(flexible()), now="2026-07-13 12:00") is None
    assert due(roster(flexible()), "in 2026-07-13 09:00", now="2026-07-13 23:00") is None


def test_case_24_sooner_than_sixteen_hours() -> None:
    """Once the shift is over the closing is set where the schedule has it; whoever is switched off, at once."""
    told = "in 2026-07-13 09:00"
    assert close_at(watched(DAY, told, now="2026-07-13 18:14"), at("2026-07-13 18:14")) is None
    assert close_at(watched(DAY, told, now="2026-07-13 18:15"), at("2026-07-13 18:15")) == at("2026-07-13 22:00")
    gone = watched(DAY, told, now="2026-07-13 12:00", who=replace(ANNA, is_disabled=True))
    assert close_at(gone, at("2026-07-13 12:00")) == at("2026-07-13 12:00")
    assert close_at(watched(DAY, now="2026-07-13 12:00"), at("2026-07-13 12:00")) is None


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-07-13 08:00", "2026-07-13 09:05"),
        ("2026-07-13 09:05", "2026-07-13 18:15"),
        ("2026-07-13 18:15", "2026-07-13 20:00"),
        ("2026-07-13 20:00", "2026-07-14 09:05"),
        ("2026-07-17 20:00", "2026-07-18 20:00"),
    ],
)
def test_the_next_look(now: str, expected: str) -> None:
    """At the next instant at which something could be due, at the latest in a day."""
    assert next_look([watched(DAY, now=now)], at(now)) == at(expected)


@given(grace=st.integers(0, 59), minutes=st.integers(0, 24 * 60))
def test_a_look_is_never_too_early(grace: int, minutes: int) -> None:
    """Looking when told, and only then, everything is found within five minutes of when it was due."""
    own = roster(fixed(grace=timedelta(minutes=grace)))
    now = at("2026-07-13 00:00") + timedelta(minutes=minutes)
    look, asked_from = next_look([watched(own, now="2026-07-13 12:00")], now), at("2026-07-13 09:00")
    asked_from += timedelta(minutes=grace)
    assert now < look <= now + timedelta(days=1, minutes=5)
    if now < asked_from:
        assert look <= asked_from + timedelta(minutes=5)
    if now < asked_from <= look:
        assert look - asked_from < timedelta(minutes=5)


def morning(own: Roster, now: str, who: Employee = ANNA, absences: Sequence[Absence] = ()) -> str:
    """Return when the person may be asked, as a local time."""
    found: datetime = next_morning(who, own, absences, at(now, own.zone))
    return f"{found.astimezone(ZoneInfo(own.zone)):%d %H:%M}"


@pytest.mark.parametrize(
    ("own", "now", "expected"),
    [
        (DAY, "2026-07-13 22:00", "14 08:45"),
        (DAY, "2026-07-14 08:50", "14 08:45"),
        (DAY, "2026-07-14 09:30", "15 08:45"),
        (DAY, "2026-07-17 22:00", "20 08:45"),
        (roster(fixed("6:00-15:00")), "2026-07-13 22:00", "14 07:00"),
        (roster(fixed("14:00-23:00")), "2026-07-14 02:00", "14 09:00"),
        (roster(rota(MONDAY, "20:00-8:00", "", "", "")), "2026-07-14 12:00", "17 09:00"),
        (roster(), "2026-07-13 22:00", "14 09:00"),
        (roster(), "2026-07-17 22:00", "20 09:00"),
        (roster(zone="Asia/Kamchatka"), "2026-07-13 22:00", "14 09:00"),
    ],
)
def test_case_22_the_morning(own: Roster, now: str, expected: str) -> None:
    """Before the next shift, between seven and nine; a small delay is made up for, a large one waits; on workdays."""
    assert morning(own, now) == expected


def test_case_22_not_on_leave_nor_in_silence() -> None:
    """The first morning on which the person works and may be asked."""
    away = leave(AbsenceKind.VACATION, MONDAY, date(2026, 7, 15))
    assert morning(DAY, "2026-07-13 22:00", absences=[away]) == "16 08:45"
    assert morning(DAY, "2026-07-13 22:00", who=replace(ANNA, muted_until=date(2026, 7, 17))) == "17 08:45"
    assert morning(DAY, "2026-07-13 22:00", who=replace(ANNA, muted_until=date.max)) == "27 08:45"
