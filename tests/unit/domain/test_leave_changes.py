"""An approved leave is cancelled, moved, made shorter or longer; what has passed stays as it is."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.leave.absence import Absence, AbsenceKind
from bot.domain.leave.changing import (
    LeaveChange,
    LeaveIsOver,
    NotBefore,
    SameDays,
    WrongDays,
    cancelled,
    last_of,
    moved,
    prolonged,
    until,
)

TODAY = date(2026, 7, 15)
_AT = datetime(2026, 7, 15, 9, tzinfo=UTC)


def july(day: int) -> date:
    """Return a day of July 2026."""
    return date(2026, 7, 1) + timedelta(days=day - 1)


def leave(first: int, last: int) -> Absence:
    """Return a vacation in July 2026."""
    return Absence(5, 1, 10, AbsenceKind.VACATION, july(first), july(last))


def every(day: date) -> bool:
    """Count each day."""
    return day is not None


def test_cancelled_before_it_begins() -> None:
    """Nothing is left, and all its dates are touched."""
    change = cancelled(leave(20, 24), TODAY)
    assert change.is_cancelled
    assert [july(day) for day in range(20, 25)] == change.touched


def test_cancelled_while_it_runs() -> None:
    """Days up to today stay."""
    change = cancelled(leave(13, 24), TODAY)
    assert ((july(13), TODAY),) == change.after
    assert july(16) == change.touched[0]


@pytest.mark.parametrize(("first", "last"), [(1, 10), (13, 15)])
def test_what_is_over_stays(first: int, last: int) -> None:
    """A leave that is over, or ends today, has nothing to cancel."""
    with pytest.raises(LeaveIsOver):
        cancelled(leave(first, last), TODAY)


def test_hours_that_began_stay() -> None:
    """Hours are cancelled before their day."""
    with pytest.raises(LeaveIsOver):
        cancelled(Absence(5, 1, 10, AbsenceKind.DAY_OFF, TODAY, TODAY, start=_AT, end=_AT + timedelta(hours=1)), TODAY)


def test_another_last_day() -> None:
    """Shorter or longer, but never into the past."""
    assert ((july(13), july(20)),) == until(leave(13, 24), july(20), TODAY).after
    assert ((july(25), july(27)),) == tuple(until(leave(13, 24), july(27), TODAY).added)
    with pytest.raises(NotBefore):
        until(leave(13, 24), july(14), TODAY)
    with pytest.raises(WrongDays):
        until(leave(20, 24), july(19), TODAY)
    with pytest.raises(SameDays):
        until(leave(20, 24), july(24), TODAY)
    with pytest.raises(LeaveIsOver):
        until(leave(1, 10), july(20), TODAY)


def test_moved_before_it_begins() -> None:
    """As many days as it had, holidays left out on both sides."""
    change = moved(leave(20, 24), july(27), None, TODAY, every)
    assert ((july(27), july(31)),) == change.after
    holiday = july(29)
    assert ((july(27), july(32)),) == moved(leave(20, 24), july(27), None, TODAY, lambda day: day != holiday).after
    assert ((july(27), july(28)),) == moved(leave(20, 24), july(27), july(28), TODAY, every).after


def test_moved_while_it_runs() -> None:
    """What passed stays, today included; what was left of it begins on the new day."""
    change = moved(leave(13, 24), july(27), None, TODAY, every)
    assert ((july(13), TODAY), (july(27), july(35))) == change.after
    assert 9 + 9 == len(change.touched)


def test_not_into_the_past() -> None:
    """New days lie ahead, in order, and differ from those that it has."""
    with pytest.raises(NotBefore):
        moved(leave(20, 24), july(14), None, TODAY, every)
    with pytest.raises(WrongDays):
        moved(leave(20, 24), july(28), july(27), TODAY, every)
    with pytest.raises(SameDays):
        moved(leave(20, 24), july(20), None, TODAY, every)
    with pytest.raises(LeaveIsOver):
        moved(leave(1, 10), july(20), None, TODAY, every)


def test_longer_by_sickness() -> None:
    """Three days of sickness make it three days longer; where it goes on after the end, from then on (art. 124)."""
    sick = frozenset({july(15), july(16), july(17)})
    assert ((july(13), july(27)),) == prolonged(leave(13, 24), sick, every).after
    over_the_end = frozenset(july(day) for day in range(20, 29))
    assert ((july(13), july(33)),) == prolonged(leave(13, 24), over_the_end, every).after


def test_its_stored_form() -> None:
    """A request keeps the days before and after."""
    for change in (cancelled(leave(20, 24), TODAY), moved(leave(13, 24), july(27), None, TODAY, every)):
        assert change == LeaveChange.of_payload(change.payload)


def test_a_leave_of_no_days_is_a_day() -> None:
    """Nothing to count is still a day, and a rule that counts no day ends."""
    assert july(20) == last_of(july(20), 0, every)
    assert july(20) < last_of(july(20), 5, lambda _: False)
