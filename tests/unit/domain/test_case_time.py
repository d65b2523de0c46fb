"""Rows 43-46, 52-58, 61 and 62: zero lengths, voids, midnight, zones, clock changes, weeks and years."""

from datetime import date, timedelta

import pytest

from bot.domain.workday.punch_log import DayState, derive, live, state_at
from bot.domain.workday.timesheet import day_total, week_of
from tests.unit.domain.logs import BERLIN, at, punches, sheet, void

LATER = at("2026-12-31 00:00")


def test_case_43_in_and_out_at_one_instant_is_no_session() -> None:
    """Both facts stay in the log, no session is counted, and the person is off."""
    log = punches("in 2026-07-15 09:00", "out 2026-07-15 09:00")
    assert derive(log) == []
    assert len(live(log)) == 2
    assert state_at(log, at("2026-07-15 09:00")) == (DayState.OFF, None)


def test_case_43_sums_over_nothing_are_zero() -> None:
    """There is no division by zero and no missing day to trip over."""
    day = day_total(derive(punches("in 2026-07-15 09:00", "out 2026-07-15 09:00")), date(2026, 7, 15), LATER)
    assert (day.worked, day.on_break, day.sessions, day.is_running) == (timedelta(), timedelta(), (), False)


def test_case_43_a_break_of_no_length_is_left_out() -> None:
    """A break that ends when it begins is not shown."""
    log = punches("in 2026-07-15 09:00", "break 2026-07-15 13:00", "back 2026-07-15 13:00", "out 2026-07-15 18:00")
    assert sheet(derive(log)) == ["15 09:00 - 15 18:00"]


def test_touching_sessions_are_two() -> None:
    """Intervals are half-open: a check-in at the very second of a check-out begins the next session."""
    log = punches("in 2026-07-15 09:00", "out 2026-07-15 13:00", "in 2026-07-15 13:00", "out 2026-07-15 17:00")
    assert sheet(derive(log)) == ["15 09:00 - 15 13:00", "15 13:00 - 15 17:00"]
    assert sheet(derive(log[::-1])) == sheet(derive(log))


def test_touching_sessions_are_two_even_on_a_break() -> None:
    """A check-out on a break ends both; the check-in of that second begins a new session, not the end of the break."""
    log = punches(
        "in 2026-07-15 09:00",
        "break 2026-07-15 12:00",
        "out 2026-07-15 13:00",
        "in 2026-07-15 13:00",
        "out 2026-07-15 17:00",
    )
    assert sheet(derive(log)) == ["15 09:00 - 15 13:00 (12:00-13:00)", "15 13:00 - 15 17:00"]
    assert sheet(derive(log[::-1])) == sheet(derive(log))


def test_case_13_a_repeated_check_out_does_not_end_the_touching_session() -> None:
    """The copy of a punch is no second punch, even where a second one would be legal."""
    log = punches("in 2026-07-15 09:00", "out 2026-07-15 13:00", "in 2026-07-15 13:00", "out 2026-07-15 17:00")
    assert sheet(derive([*log, log[1]])) == ["15 09:00 - 15 13:00", "15 13:00 - 15 17:00"]


def test_case_44_a_voided_punch_is_as_if_it_had_not_been() -> None:
    """Taking the check-in back leaves nothing; both lines stay in the log."""
    (mistake,) = punches("in 2026-07-15 09:00")
    log = [mistake, void(2, mistake)]
    assert derive(log) == []
    assert state_at(log, at("2026-07-15 09:01")) == (DayState.OFF, None)
    assert live(log) == []
    assert len(log) == 2


def test_case_44_voiding_a_check_out_opens_the_session_again() -> None:
    """The person is at work as before."""
    log = punches("in 2026-07-15 09:00", "break 2026-07-15 13:00", "back 2026-07-15 13:40", "out 2026-07-15 18:00")
    again = [*log, void(9, log[-1])]
    assert derive(again) == derive(log[:-1])
    assert state_at(again, at("2026-07-15 18:05"))[0] is DayState.WORK


def test_case_44_a_void_known_before_its_punch_counts_as_well() -> None:
    """Order of arrival does not matter for a void either."""
    (mistake,) = punches("in 2026-07-15 09:00")
    assert derive([void(2, mistake), mistake]) == []


def test_case_45_a_shift_over_midnight_is_one_session_of_its_first_day() -> None:
    """20:00 Monday to 08:10 Tuesday: one session, work date Monday, 12 h 10 min."""
    (session,) = derive(punches("in 2026-07-13 20:00", "out 2026-07-14 08:10"))
    assert session.work_date == date(2026, 7, 13)
    assert session.worked(LATER) == timedelta(hours=12, minutes=10)
    assert day_total([session], date(2026, 7, 13), LATER).worked == timedelta(hours=12, minutes=10)
    assert day_total([session], date(2026, 7, 14), LATER).worked == timedelta()


def test_case_46_check_out_after_midnight_closes_the_session_of_the_evening() -> None:
    """A check-out belongs to the open session, never to the calendar day."""
    log = punches("in 2026-07-13 20:00", "out 2026-07-14 07:10", "in 2026-07-14 14:00")
    assert sheet(derive(log)) == ["13 20:00 - 14 07:10", "14 14:00 - …"]


def test_work_date_is_local_not_utc() -> None:
    """00:30 in Moscow is the day before in UTC and still counts for the local day."""
    (session,) = derive(punches("in 2026-07-15 00:30"))
    assert session.started_at.date() == date(2026, 7, 14)
    assert session.work_date == date(2026, 7, 15)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-03-28 22:00", "2026-03-29 06:00", timedelta(hours=7)),
        ("2026-10-24 22:00", "2026-10-25 06:00", timedelta(hours=9)),
        ("2026-07-15 22:00", "2026-07-16 06:00", timedelta(hours=8)),
    ],
)
def test_case_52_elapsed_time_on_the_nights_when_clocks_change(start: str, end: str, hours: timedelta) -> None:
    """In Berlin 22:00-06:00 is 7 h in March, 9 h in October and 8 h in July."""
    (session,) = derive(punches(f"in {start}", f"out {end}", zone=BERLIN))
    assert session.worked(LATER) == hours


def test_case_52_a_break_over_the_change_is_measured_in_elapsed_time() -> None:
    """A break from 01:30 to 03:30 on that night lasted one hour."""
    told = ("in 2026-03-28 22:00", "break 2026-03-29 01:30", "back 2026-03-29 03:30", "out 2026-03-29 06:00")
    (session,) = derive(punches(*told, zone=BERLIN))
    assert session.on_break(LATER) == timedelta(hours=1)
    assert session.worked(LATER) == timedelta(hours=6)


def test_case_55_live_punches_in_the_repeated_hour_need_no_question() -> None:
    """They carry UTC: 02:50 the first time to 02:10 the second time is 20 minutes."""
    log = punches("in 2026-10-25 00:50", "out 2026-10-25 01:10", zone="UTC")
    (session,) = derive(log)
    assert session.worked(LATER) == timedelta(minutes=20)
    assert at("2026-10-25 02:50", BERLIN) == log[0].at
    assert at("2026-10-25 02:10", BERLIN, fold=1) == log[1].at


def test_case_56_an_open_session_keeps_its_zone_and_new_ones_take_the_new() -> None:
    """Moscow until the check-out, Vladivostok from the next check-in; the past is not moved to other days."""
    log = punches("in 2026-07-15 23:30")
    log += punches("out 2026-07-16 12:00", "in 2026-07-16 20:00", zone="Asia/Vladivostok", first=2)
    first, second = derive(log)
    assert (first.zone, first.work_date) == ("Europe/Moscow", date(2026, 7, 15))
    assert (second.zone, second.work_date) == ("Asia/Vladivostok", date(2026, 7, 16))


@pytest.mark.parametrize("day", [date(2026, 12, 28), date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 3)])
def test_case_62_the_week_of_new_year_is_whole(day: date) -> None:
    """1 Jan 2027 lies in ISO week 2026-W53: 28 December to 3 January."""
    assert week_of(day) == (date(2026, 12, 28), date(2027, 1, 3))
    assert day.isocalendar()[:2] == (2026, 53)


def test_a_running_session_counts_up_to_now() -> None:
    """Today's total grows with the clock and is marked as running."""
    sessions = derive(punches("in 2026-07-15 09:00", "break 2026-07-15 13:00"))
    day = day_total(sessions, date(2026, 7, 15), at("2026-07-15 13:25"))
    assert (day.worked, day.on_break, day.is_running) == (timedelta(hours=4), timedelta(minutes=25), True)
