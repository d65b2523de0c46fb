"""The one bucket by which both channels keep their pace."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.pace import Pace


def test_a_burst_and_then_in_step() -> None:
    """After a quiet time a few leave at once, then one each interval."""
    pace = Pace(2, 3)
    assert [0, 0, 0, 0.5, 1.0] == [pace.take(10.0) for _ in range(5)]
    assert 0 == pace.wait(70.0)


def test_whoever_goes_out_of_step_is_made_up_for_within_reason() -> None:
    """However many went before their turn, the next waits for two of them and itself."""
    pace = Pace(2, 3, debt=2)
    for _ in range(20):
        pace.take(10.0)
    assert 1.5 == pace.wait(10.0)


def test_held() -> None:
    """Nothing passes before; then one after another, or the whole burst where it was not spent."""
    spent, kept = Pace(1, 4), Pace(1, 4)
    spent.hold(30.0)
    kept.hold(30.0, spends=False)
    assert (20, 20, False, False) == (spent.wait(10.0), kept.wait(10.0), spent.is_idle(10.0), kept.is_idle(10.0))
    assert [0, 1] == [spent.take(30.0) for _ in range(2)]
    assert [0, 0, 0, 0, 1] == [kept.take(30.0) for _ in range(5)]


@given(st.lists(st.floats(0, 2), min_size=1, max_size=80), st.integers(1, 6))
def test_never_more_than_the_bucket_holds(pauses: list[float], burst: int) -> None:
    """Whoever waits as told never goes beyond the burst and what has drained since, at any time."""
    pace, now, passed = Pace(1, burst), 0.0, []
    for pause in pauses:
        now += pause
        now += pace.take(now)
        passed.append(now)
    for number, start in enumerate(passed):
        within = [each for each in passed[number:] if each <= start + 5]
        assert len(within) <= burst + 5 + 1


def test_how_full_it_is() -> None:
    """Each request fills it by one, and time drains it."""
    pace = Pace(2, 40)
    for _ in range(4):
        pace.take(10.0)
    assert [4, 2, 0] == [pytest.approx(pace.level(at)) for at in (10.0, 11.0, 20.0)]
