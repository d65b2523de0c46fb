"""Stretches of days: months, weeks, and the stretch before and after."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.days import beside, month_of, months_of, weeks_of

DAYS = st.dates(date(2020, 1, 1), date(2031, 12, 31))
DAY = timedelta(days=1)


def test_a_week_moves_by_weeks() -> None:
    """Over the new year as well."""
    assert (date(2026, 7, 6), date(2026, 7, 12)) == beside(date(2026, 7, 13), date(2026, 7, 19), -1)
    assert (date(2026, 12, 28), date(2027, 1, 3)) == beside(date(2026, 12, 21), date(2026, 12, 27), 1)


def test_months_move_by_months() -> None:
    """A month, a quarter and a year stay what they are, whatever their length."""
    assert (date(2024, 2, 1), date(2024, 2, 29)) == beside(date(2024, 3, 1), date(2024, 3, 31), -1)
    assert (date(2027, 1, 1), date(2027, 1, 31)) == beside(date(2026, 12, 1), date(2026, 12, 31), 1)
    assert (date(2026, 1, 1), date(2026, 3, 31)) == beside(date(2026, 4, 1), date(2026, 6, 30), -1)
    assert (date(2025, 1, 1), date(2025, 12, 31)) == beside(date(2026, 1, 1), date(2026, 12, 31), -1)


def test_anything_else_moves_by_its_length() -> None:
    """A day, and ten days."""
    assert (date(2026, 7, 15), date(2026, 7, 15)) == beside(date(2026, 7, 14), date(2026, 7, 14), 1)
    assert (date(2026, 6, 21), date(2026, 6, 30)) == beside(date(2026, 7, 1), date(2026, 7, 10), -1)


@given(DAYS, st.integers(0, 400))
def test_there_and_back(first: date, length: int) -> None:
    """The stretch before borders on this one, and its next one is this one again."""
    last = first + DAY * length
    before = beside(first, last, -1)
    assert before[1] + DAY == first
    assert (first, last) == beside(*before, 1)


@given(DAYS, st.integers(0, 400))
def test_parts_cover_a_stretch_once(first: date, length: int) -> None:
    """Weeks and months of a stretch border on one another, from its first day to its last."""
    last = first + DAY * length
    for parts in (weeks_of(first, last), months_of(first, last)):
        assert (first, last) == (parts[0][0], parts[-1][1])
        assert all(one[1] + DAY == other[0] for one, other in pairwise(parts))
    assert all(start.weekday() == 0 for start, _ in weeks_of(first, last)[1:])
    assert all(start.day == 1 for start, _ in months_of(first, last)[1:])


@given(DAYS)
def test_a_month_is_whole(day: date) -> None:
    """It begins on the first and ends before the next first."""
    first, last = month_of(day)
    assert (1, 1) == (first.day, (last + DAY).day)
    assert first <= day <= last
