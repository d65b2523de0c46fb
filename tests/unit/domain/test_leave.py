"""Which absences of one person can both be true, and what is left to ask for."""

from datetime import UTC, date, datetime

import pytest

from bot.domain.leave.absence import Absence, AbsenceKind
from bot.domain.leave.wish import LeaveWish, clashes, displaced, left_of

VACATION, DAY_OFF, SICK = AbsenceKind.VACATION, AbsenceKind.DAY_OFF, AbsenceKind.SICK
REMOTE, TRIP = AbsenceKind.REMOTE, AbsenceKind.BUSINESS_TRIP


def at(day: int, hour: int) -> datetime:
    """An instant of July."""
    return datetime(2026, 7, day, hour, tzinfo=UTC)


def days(kind: AbsenceKind, first: int, last: int) -> Absence:
    """An approved absence of days of July."""
    return Absence(1, 1, 1, kind, date(2026, 7, first), date(2026, 7, last))


def hours(kind: AbsenceKind, day: int, start: int, end: int) -> Absence:
    """An approved absence of hours of a day of July."""
    return Absence(1, 1, 1, kind, date(2026, 7, day), date(2026, 7, day), at(day, start), at(day, end))


def wish(of: Absence) -> LeaveWish:
    """The wish for the same."""
    return LeaveWish(of.kind, of.first, of.last, of.start, of.end, "UTC" if of.start else "")


@pytest.mark.parametrize(
    ("asked", "known", "expected"),
    [
        (days(DAY_OFF, 25, 30), days(VACATION, 22, 26), True),
        (days(DAY_OFF, 27, 30), days(VACATION, 22, 26), False),
        (days(SICK, 24, 30), days(VACATION, 22, 26), False),
        (days(SICK, 24, 30), days(TRIP, 22, 26), False),
        (days(SICK, 24, 30), days(SICK, 22, 26), True),
        (days(VACATION, 22, 26), days(SICK, 24, 30), True),
        (hours(DAY_OFF, 24, 9, 13), days(VACATION, 22, 26), True),
        (days(VACATION, 22, 26), hours(DAY_OFF, 24, 9, 13), True),
        (hours(DAY_OFF, 24, 9, 13), days(REMOTE, 24, 24), False),
        (days(REMOTE, 24, 24), hours(DAY_OFF, 24, 9, 13), False),
        (hours(REMOTE, 24, 9, 13), days(REMOTE, 24, 24), True),
        (hours(DAY_OFF, 24, 9, 11), hours(DAY_OFF, 24, 11, 13), False),
        (hours(DAY_OFF, 24, 9, 12), hours(SICK, 24, 11, 13), True),
        (days(SICK, 24, 24), hours(DAY_OFF, 24, 9, 13), False),
    ],
)
def test_what_cannot_both_be_true(asked: Absence, known: Absence, expected: bool) -> None:
    """An illness comes over what was planned, hours may lie beside hours and in a day of work elsewhere."""
    assert expected == clashes(wish(asked), known)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [(13, 17, (16, 17)), (10, 14, (10, 12)), (13, 15, (13, 15)), (10, 20, (10, 20)), (20, 21, (20, 21))],
)
def test_an_absence_is_made_longer(first: int, last: int, expected: tuple[int, int]) -> None:
    """Of the same kind only the days are asked for that are not approved, where they are one stretch."""
    known = [days(SICK, 13, 15)]
    left = left_of(wish(days(SICK, first, last)), known)
    assert expected == (left.first.day, left.last.day)
    other = wish(days(VACATION, first, last))
    assert other == left_of(other, known)


def test_an_illness_displaces_days_off_alone() -> None:
    """A vacation and a trip are to be moved; remote work, hours and another illness are not."""
    known = [days(VACATION, 22, 26), days(REMOTE, 24, 24), days(SICK, 25, 25), hours(DAY_OFF, 24, 9, 13)]
    assert [known[0]] == displaced(wish(days(SICK, 24, 30)), known)
    assert () == displaced(wish(days(VACATION, 24, 30)), known)


def test_a_wish_is_stored_and_read() -> None:
    """Days and hours come back as they were."""
    for each in (wish(days(VACATION, 1, 14)), wish(hours(DAY_OFF, 3, 9, 13))):
        assert each == LeaveWish.of_payload(each.payload)
