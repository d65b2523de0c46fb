"""Rounding is a view: once, on totals; and accounting periods, over which overtime is summed (art. 104)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from bot.domain.reports.rounding import Rounding, decimal_hours, rounded
from bot.domain.workday.timesheet import accounting_period

QUARTER = timedelta(minutes=15)


@pytest.mark.parametrize(
    ("minutes", "how", "shown"),
    [
        (450, Rounding.UP, 450), (450, Rounding.DOWN, 450), (450, Rounding.NEAREST, 450),
        (451, Rounding.UP, 465), (464, Rounding.DOWN, 450),
        (457, Rounding.NEAREST, 450), (457.5, Rounding.NEAREST, 465), (458, Rounding.NEAREST, 465),
        (0, Rounding.UP, 0), (0.02, Rounding.UP, 15), (-7, Rounding.DOWN, 0), (-8, Rounding.NEAREST, -15),
    ],
)  # fmt: skip
def test_lesson_20_a_total_is_rounded_and_exact_multiples_stay(minutes: float, how: Rounding, shown: int) -> None:
    """14:30 stays 14:30; a negative total is rounded by its size."""
    assert rounded(timedelta(minutes=minutes), QUARTER, how) == timedelta(minutes=shown)


def test_lesson_19_decimal_hours_come_from_the_total() -> None:
    """Three times 20 minutes are 1.00, not 0.99."""
    part = timedelta(minutes=20)
    assert decimal_hours(part * 3) == Decimal("1.00")
    assert 3 * decimal_hours(part) == Decimal("0.99")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0.00"), (36, "0.01"), (18, "0.01"), (17, "0.00"), (-5400, "-1.50"), (7_099_200, "1972.00"), (27_000, "7.50")],
)
def test_decimal_hours_have_two_places(seconds: int, text: str) -> None:
    """Half a hundredth goes up; days are hours; negative balances too."""
    assert str(decimal_hours(timedelta(seconds=seconds))) == text


@pytest.mark.parametrize(
    ("kind", "day", "first", "last"),
    [
        ("month", date(2028, 2, 29), date(2028, 2, 1), date(2028, 2, 29)),
        ("quarter", date(2026, 1, 1), date(2026, 1, 1), date(2026, 3, 31)),
        ("quarter", date(2026, 6, 30), date(2026, 4, 1), date(2026, 6, 30)),
        ("quarter", date(2026, 12, 31), date(2026, 10, 1), date(2026, 12, 31)),
        ("year", date(2026, 7, 15), date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_accounting_periods(kind: str, day: date, first: date, last: date) -> None:
    """A month, a quarter, a year: the one that holds the day, both ends included."""
    assert accounting_period(day, kind) == (first, last)
