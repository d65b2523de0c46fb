"""A length of time in a field: a bare number of its unit, or a number with a unit of its own."""

from datetime import timedelta

import pytest

from bot.understanding.written import span

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.mark.parametrize(
    ("said", "unit", "minutes"),
    [
        ("45", MINUTE, 45),
        ("1", HOUR, 60),
        ("1,5", HOUR, 90),
        ("1 час", MINUTE, 60),
        ("1ч", MINUTE, 60),
        ("1.5 hours", MINUTE, 90),
        ("1 час 30 минут", MINUTE, 90),
        ("1 ч. 30 мин.", MINUTE, 90),
        ("1 hour and 30 minutes", MINUTE, 90),
        ("1:30", HOUR, 90),
        ("30 мин", HOUR, 30),
        ("0", MINUTE, 0),
    ],
)
def test_a_length(said: str, unit: timedelta, minutes: int) -> None:
    """A unit that is said counts, whatever the field would have taken a bare number for."""
    assert minutes * MINUTE == span(said, unit)


@pytest.mark.parametrize("said", ["", "час", "мало", "1 день", "-5", "1 час пополудни", "1:75", "1,2,3"])
def test_no_length(said: str) -> None:
    """Nothing is read out of what is none."""
    assert span(said, MINUTE) is None
