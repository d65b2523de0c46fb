"""Rounding: a matter of views, done once and on totals; what is kept and added up is exact (§2, 19 and 20)."""

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

_HUNDREDTH = Decimal("0.01")
_FOUR_PLACES = Decimal("0.0001")
_HOUR = Decimal(3_600)


class Rounding(StrEnum):
    """Which way a total is rounded."""

    NEAREST = "nearest"
    """Half a step goes up."""
    DOWN = "down"
    UP = "up"


def rounded(total: timedelta, step: timedelta, how: Rounding = Rounding.NEAREST) -> timedelta:
    """Return a total in whole steps, a negative one by its size; an exact multiple stays what it is."""
    if total < timedelta():
        return -rounded(-total, step, how)
    steps, rest = divmod(total, step)
    is_up = bool(rest) and (how is Rounding.UP or (how is Rounding.NEAREST and rest * 2 >= step))
    return (steps + is_up) * step


def decimal_hours(total: timedelta) -> Decimal:
    """Return a total as hours with two places, from the total itself: three times 20 minutes are 1.00."""
    return _hours(total).quantize(_HUNDREDTH, ROUND_HALF_UP)


def hours_to_add(part: timedelta) -> Decimal:
    """Return a part as hours for others to add up: four places, so that a month of them is right to the minute."""
    exact = _hours(part).quantize(_FOUR_PLACES, ROUND_HALF_UP)
    short = exact.quantize(_HUNDREDTH, ROUND_HALF_UP)
    return short if short == exact else exact


def _hours(length: timedelta) -> Decimal:
    return Decimal(length.days * 86_400 + length.seconds) / _HOUR
