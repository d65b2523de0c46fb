"""Rows 1-20 of the working-time rules: plain transitions, duplicates and order, on the punch log alone."""

from datetime import timedelta
from itertools import permutations

import pytest

from bot.domain.errors import AlreadyIn, AlreadyOnBreak, NotIn, NotOnBreak
from bot.domain.workday.punch_log import DayState, PunchKind, WorkSession, derive, is_legal, state_at
from bot.text import Time
from tests.unit.domain.logs import at, punches, sheet

IN, BREAK, BACK, OUT = PunchKind.IN, PunchKind.BREAK_START, PunchKind.BREAK_END, PunchKind.OUT


def only(*told: str) -> WorkSession:
    """Return the one session that a log means."""
    (session,) = derive(punches(*told))
    return session


def test_an_empty_log_means_no_session_and_off() -> None:
    """Nothing recorded is nothing worked."""
    assert derive([]) == []
    assert state_at([], at("2026-07-15 09:00")) == (DayState.OFF, None)


def test_case_01_check_in_while_off_begins_work() -> None:
    """OFF and a check-in give WORK from that instant."""
    log = punches("in 2026-07-15 09:00")
    state, session = state_at(log, at("2026-07-15 09:00"))
    assert is_legal(DayState.OFF, IN)
    assert state is DayState.WORK
    assert session is not None
    assert session.started_at == at("2026-07-15 09:00")
    assert session.is_open


def test_case_01_before_the_check_in_the_person_is_off() -> None:
    """A state as of an instant looks at nothing later."""
    assert state_at(punches("in 2026-07-15 09:00"), at("2026-07-15 08:59")) == (DayState.OFF, None)


def test_case_02_second_check_in_makes_no_new_session() -> None:
    """WORK stays WORK since the first check-in."""
    log = punches("in 2026-07-15 09:02", "in 2026-07-15 11:00")
    assert not is_legal(DayState.WORK, IN)
    assert sheet(derive(log)) == ["15 09:02 - …"]


def test_case_02_refusal_names_the_time_of_the_first() -> None:
    """The person is told “already in since 09:02”."""
    refusal = AlreadyIn(only("in 2026-07-15 09:02"))
    assert refusal.code == "already_in"
    assert refusal.phrase.values == {"time": Time(at("2026-07-15 09:02"), "Europe/Moscow")}


def test_case_03_check_out_while_off_changes_nothing() -> None:
    """A check-out of somebody who is not at work makes no session."""
    assert not is_legal(DayState.OFF, OUT)
    assert derive(punches("out 2026-07-15 18:00")) == []


def test_case_03_refusal_shows_the_session_that_ended_today() -> None:
    """The refusal names when the person checked out; where there is none, it says that they are not checked in."""
    ended = NotIn(only("in 2026-07-15 09:00", "out 2026-07-15 18:00"))
    assert ended.phrase.values == {"time": Time(at("2026-07-15 18:00"), "Europe/Moscow")}
    assert NotIn().phrase.values == {}
    assert ended.code == NotIn().code == "not_in"


@pytest.mark.parametrize("kind", [BREAK, BACK])
def test_case_04_break_while_off_is_not_legal(kind: PunchKind) -> None:
    """A break needs a session."""
    assert not is_legal(DayState.OFF, kind)
    assert derive(punches(f"{kind.value} 2026-07-15 13:00")) == []


def test_case_05_break_begins_at_that_instant() -> None:
    """WORK and a break give BREAK from that instant."""
    log = punches("in 2026-07-15 09:00", "break 2026-07-15 13:00")
    state, session = state_at(log, at("2026-07-15 13:00"))
    assert is_legal(DayState.WORK, BREAK)
    assert state is DayState.BREAK
    assert session is not None
    assert session.running_break is not None
    assert session.running_break.started_at == at("2026-07-15 13:00")


def test_case_06_second_break_says_since_when() -> None:
    """BREAK stays BREAK since its own beginning, and the refusal names that."""
    session = only("in 2026-07-15 09:00", "break 2026-07-15 13:00", "break 2026-07-15 13:10")
    assert not is_legal(DayState.BREAK, BREAK)
    assert sheet([session]) == ["15 09:00 - … (13:00-…)"]
    assert AlreadyOnBreak(session).phrase.values == {"time": Time(at("2026-07-15 13:00"), "Europe/Moscow")}


@pytest.mark.parametrize("back", ["back", "in"])
def test_case_07_back_or_check_in_ends_the_break(back: str) -> None:
    """Both `back` and `in` end a break, and its length is what lies between."""
    session = only("in 2026-07-15 09:00", "break 2026-07-15 13:00", f"{back} 2026-07-15 13:40")
    assert is_legal(DayState.BREAK, PunchKind(back))
    assert sheet([session]) == ["15 09:00 - … (13:00-13:40)"]
    assert session.on_break(at("2026-07-15 18:00")) == timedelta(minutes=40)
    assert session.worked(at("2026-07-15 18:00")) == timedelta(hours=8, minutes=20)


def test_case_08_back_while_at_work_does_nothing() -> None:
    """WORK and `back` stay WORK without any break."""
    session = only("in 2026-07-15 09:00", "back 2026-07-15 13:00")
    assert not is_legal(DayState.WORK, BACK)
    assert sheet([session]) == ["15 09:00 - …"]
    assert NotOnBreak(session).code == "not_on_break"


def test_case_09_check_out_on_a_break_ends_both_at_that_instant() -> None:
    """The break's tail is break, not work."""
    session = only("in 2026-07-15 09:00", "break 2026-07-15 17:00", "out 2026-07-15 18:00")
    assert is_legal(DayState.BREAK, OUT)
    assert sheet([session]) == ["15 09:00 - 15 18:00 (17:00-18:00)"]
    assert session.worked(at("2026-07-16 00:00")) == timedelta(hours=8)
    assert session.on_break(at("2026-07-16 00:00")) == timedelta(hours=1)


def test_case_10_second_session_of_the_same_date_leaves_the_gap_out() -> None:
    """The gap between two sessions is neither break nor work."""
    log = punches("in 2026-07-15 09:00", "out 2026-07-15 12:00", "in 2026-07-15 14:00", "out 2026-07-15 18:00")
    sessions = [each for each in derive(log) if each.work_date == at("2026-07-15 12:00").date()]
    until = at("2026-07-16 00:00")
    assert sheet(sessions) == ["15 09:00 - 15 12:00", "15 14:00 - 15 18:00"]
    assert sum((each.worked(until) for each in sessions), timedelta()) == timedelta(hours=7)
    assert sum((each.on_break(until) for each in sessions), timedelta()) == timedelta()


@pytest.mark.parametrize("later", ["2026-07-15 13:10", "2026-07-15 15:00", "2026-07-16 13:00"])
def test_case_11_and_12_a_long_break_does_not_end_by_itself(later: str) -> None:
    """However long it lasts, it is still BREAK."""
    log = punches("in 2026-07-15 09:00", "break 2026-07-15 13:00")
    state, _ = state_at(log, at(later))
    assert state is DayState.BREAK


def test_case_13_a_punch_delivered_twice_counts_once() -> None:
    """The same id again changes nothing."""
    log = punches("in 2026-07-15 09:00", "break 2026-07-15 13:00", "back 2026-07-15 13:40", "out 2026-07-15 18:00")
    assert derive([*log, *log]) == derive(log)
    assert derive([log[0], log[0], log[1], *log, log[3]]) == derive(log)


def test_case_14_two_check_ins_300_ms_apart_are_one_session() -> None:
    """The first counts, whichever was stored first."""
    first, second = punches("in 2026-07-15 09:00:00.000", "in 2026-07-15 09:00:00.300")
    assert sheet(derive([second, first])) == sheet(derive([first, second])) == ["15 09:00 - …"]
    assert derive([second, first])[0].started_at == at("2026-07-15 09:00")


def test_case_15_late_break_is_sorted_by_its_own_time() -> None:
    """A check-out known before the earlier break and return: the break is in the session all the same."""
    log = punches("in 2026-07-15 09:00", "out 2026-07-15 18:00", "break 2026-07-15 13:00", "back 2026-07-15 13:40")
    assert sheet(derive(log)) == ["15 09:00 - 15 18:00 (13:00-13:40)"]


def test_case_16_any_order_of_arrival_gives_the_same_day() -> None:
    """There is no high-water mark: all 120 orders agree."""
    log = punches(
        "in 2026-07-15 09:00",
        "break 2026-07-15 13:00",
        "back 2026-07-15 13:40",
        "out 2026-07-15 18:00",
        "in 2026-07-15 20:00",
    )
    assert {tuple(derive(order)) for order in permutations(log)} == {tuple(derive(log))}


def test_case_17_break_that_arrives_late_starts_when_it_was_said() -> None:
    """The message's own time counts, not the time of processing."""
    log = punches("in 2026-07-15 09:00")
    log += punches("break 2026-07-15 12:30", first=2, received="2026-07-15 14:01")
    assert sheet(derive(log)) == ["15 09:00 - … (12:30-…)"]
    assert state_at(log, at("2026-07-15 12:31"))[0] is DayState.BREAK


def test_case_19_second_check_out_from_the_other_messenger_changes_nothing() -> None:
    """One person is one log: the first check-out counts and the second can only be told since when."""
    log = punches("in 2026-07-15 09:00", "out 2026-07-15 18:00", "out 2026-07-15 18:01")
    assert sheet(derive(log)) == ["15 09:00 - 15 18:00"]
    assert state_at(log, at("2026-07-15 18:01")) == (DayState.OFF, None)
