"""Legal limits of overtime are dated data: they warn, and a portal may have its own (§4.5, art. 99)."""

from datetime import date, timedelta

from bot.domain.reports.limits import OPTION, LimitKind, Limits, LimitWarning, limit_warnings, limits_of, limits_on

BY_LAW = limits_of("RU", {})
MONDAY = date(2026, 7, 13)
HOUR = timedelta(hours=1)


def days(*lengths: float) -> dict[date, timedelta]:
    """Return overtime of days running, from Monday on, in hours."""
    return {MONDAY + timedelta(days=number): HOUR * length for number, length in enumerate(lengths)}


def found(*lengths: float) -> list[tuple[int, int, float]]:
    """Return the pairs of days that are warned of, with their hours."""
    return [(each.first.day, each.last.day, each.overtime / HOUR) for each in limit_warnings(days(*lengths), BY_LAW)]


def test_four_hours_in_two_days_running_are_allowed() -> None:
    """Exactly four are; a day between two long ones makes them apart."""
    assert found(4) == []
    assert found(2, 2, 2) == []
    assert found(4, 0, 4) == []


def test_more_than_four_hours_in_two_days_warn_once_for_the_two() -> None:
    """A minute is enough; each pair that is over is named; a day that is over alone names itself."""
    assert found(2, 2.5) == [(13, 14, 4.5)]
    assert found(3, 2, 3) == [(13, 14, 5), (14, 15, 5)]
    assert found(0, 5) == [(14, 14, 5)]
    assert found(0, 5, 0, 0, 6) == [(14, 14, 5), (17, 17, 6)]
    assert found(1, 5) == [(13, 14, 6)]
    assert found(5, 1) == [(13, 14, 6)]


def test_120_hours_a_year() -> None:
    """Counted by calendar year: the 121st warns, and the new year begins anew."""
    every_third = [date(2026, 1, 1) + timedelta(days=3 * number) for number in range(60)]
    whole = dict.fromkeys(every_third, 2 * HOUR)
    assert limit_warnings(whole, BY_LAW) == []
    over = {**whole, date(2026, 12, 31): HOUR}
    assert limit_warnings(over, BY_LAW) == [
        LimitWarning(LimitKind.YEAR, date(2026, 1, 1), date(2026, 12, 31), 121 * HOUR, 120 * HOUR)
    ]
    assert limit_warnings({**whole, date(2027, 1, 5): HOUR}, BY_LAW) == []


def test_nothing_is_over_nothing() -> None:
    """No overtime, or no limit: no warning."""
    assert limit_warnings({}, BY_LAW) == []
    assert limit_warnings(days(0, 0), BY_LAW) == []
    assert limit_warnings(days(10, 10), limits_of("DE", {})) == []


def test_a_portal_may_have_its_own_limits_each_from_a_day_on() -> None:
    """The bill: 240 h from a date; what was before is judged by what was valid then."""
    own = limits_of(
        "RU",
        {
            OPTION: [
                {"valid_from": "2026-07-15", "per_two_days": 8, "per_year": 240},
                {"valid_from": "2002-02-01", "per_two_days": 4, "per_year": 120},
            ]
        },
    )
    assert limits_on(own, date(2026, 7, 14)).per_year == 120 * HOUR
    assert limits_on(own, date(2026, 7, 15)).per_year == 240 * HOUR
    assert limits_on(own, date(1999, 1, 1)) == Limits(date.min)
    assert [each.first.day for each in limit_warnings(days(5, 0, 6), own)] == [13]


def test_a_year_is_judged_by_the_limit_at_its_end() -> None:
    """Raised in July: 130 hours, most of them before, are no warning in August, and were one in June."""
    own = limits_of("RU", {OPTION: [{"per_year": 120}, {"valid_from": "2026-07-01", "per_year": 240}]})
    spring = {date(2026, 3, 1) + timedelta(days=3 * number): 5 * HOUR for number in range(25)}
    assert [each.overtime for each in limit_warnings(spring, own)] == [125 * HOUR]
    assert limit_warnings({**spring, date(2026, 8, 3): 5 * HOUR}, own) == []


def test_a_portal_may_lift_a_limit() -> None:
    """Null, or an empty list, is no limit."""
    assert limit_warnings(days(10), limits_of("RU", {OPTION: [{"per_year": 120}]})) == []
    assert limit_warnings(days(10), limits_of("RU", {OPTION: []})) == []
