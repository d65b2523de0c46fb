"""Numbers of approvals: percentiles against an independent reckoning, and examples made by hand."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from statistics import quantiles
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.approvals.durations import Reckoning, WorkingHours
from bot.domain.approvals.routed import RoutedRequest
from bot.domain.approvals.running import Running
from bot.domain.approvals.statistics import holdings, percentile, statistics

MONDAY = datetime(2026, 7, 13, 6, tzinfo=UTC)
"""Nine in Moscow."""
HOUR = timedelta(hours=1)
USUAL = Reckoning(ZoneInfo("Europe/Moscow"), WorkingHours(off=frozenset({date(2026, 7, 15)})))


def working(_: int, start: datetime, end: datetime) -> timedelta:
    """Count by the usual hours."""
    return USUAL.between(start, end)


def request(*lines: tuple[float, str, int | None], initiator: int = 1) -> RoutedRequest:
    """Return a request with these lines, each with the hours after Monday nine."""
    made = RoutedRequest(7, 1, 1, "trip", 1, initiator, "by:1", "", Running(), MONDAY)
    for hours, what, actor in lines:
        made = made.recorded(what, MONDAY + HOUR * hours, actor_id=actor)
    has_ended = lines[-1][1].startswith("ended")
    return replace(made, ended_at=made.record[-1].at if has_ended else None)


@given(st.lists(st.integers(0, 10**6), min_size=2, max_size=60))
def test_percentiles_are_those_of_spreadsheets(seconds: list[int]) -> None:
    """The median and the 90th, to a microsecond."""
    lengths = sorted(timedelta(seconds=each) for each in seconds)
    wanted = quantiles(seconds, n=100, method="inclusive")
    for percent in (50, 90):
        found = percentile(lengths, percent)
        assert found is not None
        assert abs(found.total_seconds() - wanted[percent - 1]) < 1e-4
    assert percentile([HOUR], 90) == HOUR
    assert percentile([], 50) is None


def test_working_time_skips_nights_and_days_off() -> None:
    """From Tuesday 17:00 to Thursday 10:00 over a day off: one hour and one hour."""
    assert HOUR * 2 == USUAL.between(MONDAY + HOUR * 32, MONDAY + HOUR * 73)


def test_what_waits_in_rework_counts_for_nobody() -> None:
    """One hour before it went back, two after it came again; the day between is nobody's."""
    done = request(
        (0, "start", 1), (0, "stage head", None), (0, "asked head", 2), (1, "return", 2), (1, "sent back", None),
        (25, "resubmit", 1), (25, "stage head", None), (25, "asked head", 2), (27, "approve", 2),
        (27, "ended approved", None),
    )  # fmt: skip
    told = statistics([done], MONDAY, MONDAY + HOUR * 100, frozenset({1, 2}), working)
    assert [HOUR * 3] == told.templates["trip"].lengths
    assert [HOUR, HOUR * 2] == told.stages["trip", "head"].lengths == told.people[2].lengths


def test_an_answer_counts_for_whoever_gave_it() -> None:
    """Handed over after three hours and answered one hour later: one hour of the other, nothing of the first."""
    done = request(
        (0, "stage head", None), (0, "asked head", 2), (3, "delegate", 2), (3, "asked head", 3), (4, "approve", 3),
        (4, "ended approved", None),
    )  # fmt: skip
    told = statistics([done], MONDAY, MONDAY + HOUR * 100, frozenset({1, 2, 3}), working)
    assert [HOUR] == told.people[3].lengths
    assert (1, False) == (told.people[2].asked, told.people[2].is_over)
    assert [HOUR * 4] == told.stages["trip", "head"].lengths


def test_expired_counts_without_a_length_and_only_ones_own_people_are_told() -> None:
    """Whoever let the time pass; a request of others is no part of it."""
    lapsed = request(
        (0, "stage head", None), (0, "asked head", 2), (8, "time ran out", None), (8, "ended rejected", None)
    )
    told = statistics([lapsed], MONDAY, MONDAY + HOUR * 100, frozenset({2}), working)
    assert (1, 0, None) == (told.people[2].expired, told.people[2].decided, told.templates["trip"].median)
    assert not statistics([lapsed], MONDAY, MONDAY + HOUR * 100, frozenset({9}), working).templates
    assert not statistics([lapsed], MONDAY + HOUR * 9, MONDAY + HOUR * 99, frozenset({2}), working).people


def test_nobody_holds_what_has_no_holders() -> None:
    """A request that asks nobody now is held by nobody."""
    assert [] == holdings([request((0, "stage head", None), (0, "asked head", 2))], frozenset({2}))


def test_what_was_asked_is_counted_where_it_began() -> None:
    """A request begun on Monday and answered on Tuesday: asked on the one day, decided on the other."""
    done = request(
        (0, "start", 1), (0, "stage head", None), (0, "asked head", 2), (25, "approve", 2), (25, "ended approved", None)
    )  # fmt: skip
    first = statistics([done], MONDAY, MONDAY + 15 * HOUR, frozenset({1, 2}), working)
    then = statistics([done], MONDAY + 15 * HOUR, MONDAY + 39 * HOUR, frozenset({1, 2}), working)
    for of in ("templates", "stages", "people"):
        (asked,), (decided,) = getattr(first, of).values(), getattr(then, of).values()
        assert (1, 0, False) == (asked.asked, asked.decided, asked.is_over), of
        assert (0, 1, True) == (decided.asked, decided.decided, decided.is_over), of
