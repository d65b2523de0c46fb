"""Rows 17, 20 and 44 where they are decided: which instant a message means, and which mark can be taken back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.dispatch.turn import time_of
from bot.domain.workday.overtaken import last_undoable
from bot.domain.workday.punch_log import AUTO
from bot.messages import Incoming, IncomingKind, Sender
from tests.unit.domain.logs import at, punches, void

ARRIVED = datetime(2026, 7, 15, 11, 1, tzinfo=UTC)


def message(sent_at: datetime | None) -> Incoming:
    """Return a message that arrived at 14:01 in Moscow."""
    return Incoming("telegram", "", "1", IncomingKind.TEXT, Sender("5"), "5", ARRIVED, sent_at=sent_at)


@pytest.mark.parametrize(
    ("earlier", "mark"),
    [
        (timedelta(0), ""),
        (timedelta(minutes=10), ""),
        (timedelta(minutes=10, seconds=1), "late"),
        (timedelta(minutes=91), "late"),
    ],
)
def test_case_17_the_messenger_s_own_time_counts(earlier: timedelta, mark: str) -> None:
    """A message that arrives more than ten minutes after it was written is marked late and keeps its time."""
    assert time_of(message(ARRIVED - earlier)) == (ARRIVED - earlier, mark)


def test_case_20_a_time_from_the_future_is_not_believed() -> None:
    """More than five minutes ahead is a clock fault: the time of arrival counts and is marked."""
    assert time_of(message(ARRIVED + timedelta(minutes=5))) == (ARRIVED + timedelta(minutes=5), "")
    assert time_of(message(ARRIVED + timedelta(minutes=5, seconds=1))) == (ARRIVED, "clock")


def test_without_a_time_of_its_own_a_message_means_its_arrival() -> None:
    """In whole seconds of UTC."""
    assert time_of(message(None)) == (ARRIVED, "")
    exact = replace(message(None), received_at=ARRIVED.replace(microsecond=999_999))
    assert time_of(exact) == (ARRIVED, "")


def test_case_44_the_last_mark_can_be_taken_back_for_five_minutes() -> None:
    """Not a second longer."""
    log = tuple(punches("in 2026-07-15 09:00", "break 2026-07-15 09:01"))
    assert last_undoable(log, at("2026-07-15 09:06")) == log[1]
    assert last_undoable(log, at("2026-07-15 09:06:01")) is None
    assert last_undoable((), at("2026-07-15 09:06")) is None


def test_case_44_what_was_taken_back_is_not_taken_back_again() -> None:
    """A second undo takes the mark before, if that is young enough; the void itself is no mark."""
    first, second = punches("in 2026-07-15 09:00", "break 2026-07-15 09:01")
    log = (first, second, void(3, second, at("2026-07-15 09:02")))
    assert last_undoable(log, at("2026-07-15 09:03")) == first


def test_case_44_the_last_is_what_was_said_last() -> None:
    """A late message about an earlier time is the one that an undo means."""
    log = (*punches("in 2026-07-15 09:00"), *punches("break 2026-07-15 08:30", first=2, received="2026-07-15 09:02"))
    assert last_undoable(log, at("2026-07-15 09:03")) == log[1]


@pytest.mark.parametrize("mark", [AUTO, "corrected"])
def test_case_44_undo_takes_back_only_what_the_person_said(mark: str) -> None:
    """Neither the service's own close nor what a lead approved."""
    (made,) = punches("out 2026-07-15 09:00")
    assert last_undoable((replace(made, mark=mark),), at("2026-07-15 09:01")) is None
