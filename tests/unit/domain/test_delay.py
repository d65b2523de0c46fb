"""When somebody comes who said that they are late."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.workday.delay import Delay, by_person, delayed_until

NINE = datetime(2026, 7, 13, 6, tzinfo=UTC)
BY = timedelta(minutes=20)


@pytest.mark.parametrize(
    ("said_at", "comes"),
    [
        (timedelta(minutes=-20), BY),
        (timedelta(minutes=5), BY),
        (timedelta(minutes=20), timedelta(minutes=40)),
        (timedelta(minutes=30), timedelta(minutes=50)),
    ],
    ids=["before the shift", "after its start", "when it is over", "later"],
)
def test_minutes_count_from_the_start_of_the_shift(said_at: timedelta, comes: timedelta) -> None:
    """«Опоздаю на 20 минут» is 9:20, unless that is over: then it counts from now."""
    assert NINE + comes == delayed_until(NINE, BY, NINE + said_at)


def test_without_a_shift_they_count_from_now() -> None:
    """Where nothing is planned there is no start."""
    assert NINE + BY == delayed_until(None, BY, NINE)


def test_an_unknown_time_is_an_hour() -> None:
    """Who said no time is expected an hour after the start, or after the words where they came later."""
    day = date(2026, 7, 13)
    early = Delay(1, 7, day, None, NINE - timedelta(hours=1))
    assert NINE + timedelta(hours=1) == early.expected(NINE)
    late = Delay(1, 7, day, None, NINE + timedelta(minutes=30))
    assert NINE + timedelta(minutes=90) == late.expected(NINE)
    said = Delay(1, 8, day, NINE + BY, NINE)
    assert NINE + BY == said.expected(NINE)
    assert {7: [early, late], 8: [said]} == by_person([early, said, late])
