"""Days of leave that are left: earned by the month, taken by the dates that count, lost only where a portal says so."""

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction

import pytest

from bot.domain.leave.absence import Absence, AbsenceKind
from bot.domain.leave.balance import Balance
from bot.domain.leave.entitlement import EVERYBODY, Entitlement, Opening, Unit, earned, in_force_on, months, year_ends
from bot.domain.leave.wish import LeaveWish
from bot.domain.planning.calendar import ProductionCalendar

VACATION = AbsenceKind.VACATION
RUSSIA = ProductionCalendar("RU")
YEAR = Entitlement(1, EVERYBODY, VACATION, date(2026, 1, 1), 28)


def away(first: str, last: str, kind: AbsenceKind = VACATION, number: int = 0) -> Absence:
    """Return an approved absence."""
    days = date.fromisoformat(first), date.fromisoformat(last)
    return Absence(number or days[0].toordinal(), 1, 10, kind, *days)


def balance(*taken: Absence, terms: Sequence[Entitlement] = (YEAR,), **more: object) -> Balance:
    """Return a balance that is kept since the New Year of 2026."""
    return Balance(VACATION, terms, date(2026, 1, 1), RUSSIA, taken=taken, **more)  # type: ignore[arg-type]


def wish(first: str, last: str) -> LeaveWish:
    """Return a vacation that somebody asks for."""
    return LeaveWish(VACATION, date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("first", "last", "count"),
    [
        ("2026-01-01", "2026-01-14", 0),
        ("2026-01-01", "2026-01-15", 1),
        ("2026-01-01", "2026-01-31", 1),
        ("2026-01-01", "2026-12-31", 12),
        ("2026-03-16", "2026-04-15", 1),
        ("2026-03-16", "2026-04-29", 1),
        ("2026-03-16", "2026-04-30", 2),
        ("2024-01-31", "2024-02-28", 1),
        ("2026-05-02", "2026-05-01", 0),
    ],
)
def test_half_a_month_is_a_month(first: str, last: str, count: int) -> None:
    """Fifteen days and more are a month, fewer are none (Rules of 1930, 35)."""
    assert count == months(date.fromisoformat(first), date.fromisoformat(last))


def test_a_month_is_two_and_a_third() -> None:
    """28 days a year are 2.33 a month, kept exactly: nothing is rounded before it is shown."""
    assert Fraction(7, 3) == earned([YEAR], date(2026, 1, 1), date(2026, 1, 31))
    assert 28 == earned([YEAR], date(2026, 1, 1), date(2026, 12, 31))


def test_what_is_left_is_rounded_in_favour_of_the_employee() -> None:
    """Five months and 16.33 days: 12 of 11.67, 3 of 2.33."""
    assert 12 == balance().left(date(2026, 5, 31))
    assert 3 == balance(away("2026-07-20", "2026-08-02")).left(date(2026, 8, 2))


def test_unpaid_leave_of_more_than_two_weeks_earns_nothing() -> None:
    """Of twenty days six make the working year longer (art. 121)."""
    unpaid = [date(2026, 3, 1) + timedelta(days=step) for step in range(20)]
    assert 28 == earned([YEAR], date(2026, 1, 1), date(2026, 12, 31), unpaid[:14])
    assert Fraction(14, 3) == earned([YEAR], date(2026, 1, 1), date(2026, 3, 20), unpaid)
    assert 7 == earned([YEAR], date(2026, 1, 1), date(2026, 3, 21), unpaid)
    assert [date(2027, 1, 6)] == year_ends(date(2026, 1, 1), date(2027, 6, 1), unpaid)
    assert 28 == earned([YEAR], date(2026, 1, 1), date(2027, 1, 6), unpaid)


def test_nothing_is_earned_after_the_last_day() -> None:
    """Whoever left earns no more."""
    assert balance().left(date(2026, 5, 31)) == balance(until=date(2026, 5, 31)).left(date(2026, 12, 31))


def test_the_nearest_term_counts() -> None:
    """A person's own term comes before everybody's; the first one counts for the time before it too."""
    own = Entitlement(1, 10, VACATION, date(2026, 7, 1), 36)
    assert YEAR == in_force_on([own, YEAR], date(2026, 6, 30))
    assert own == in_force_on([own, YEAR], date(2026, 7, 1))
    assert YEAR == in_force_on([YEAR], date(2020, 1, 1))
    assert in_force_on([], date(2026, 1, 1)) is None
    assert 14 + 18 == earned([YEAR, own], date(2026, 1, 1), date(2026, 12, 31))


def test_a_holiday_in_a_vacation_is_no_day_of_it() -> None:
    """12 June is a statutory holiday (art. 120); a day off that was moved is a day of the vacation."""
    assert 13 == balance().length(date(2026, 6, 8), date(2026, 6, 21))
    assert 1 == balance().length(date(2026, 1, 9), date(2026, 1, 9))
    assert 0 == balance().length(date(2026, 1, 1), date(2026, 1, 8))


def test_working_days_count_where_the_entitlement_says_so() -> None:
    """Two weeks are ten working days, nine with a holiday in them."""
    days = Entitlement(1, EVERYBODY, VACATION, date(2026, 1, 1), 20, Unit.WORKING)
    assert 9 == balance(terms=[days]).length(date(2026, 6, 8), date(2026, 6, 21))
    assert 10 == balance(terms=[days]).length(date(2026, 7, 13), date(2026, 7, 26))


def test_days_of_sickness_are_given_back() -> None:
    """Three days of sickness in a vacation of twelve days leave nine (art. 124)."""
    sick = frozenset({date(2026, 7, 15), date(2026, 7, 16), date(2026, 7, 17)})
    assert 9 == balance(away("2026-07-13", "2026-07-24"), sick=sick).used(date(2026, 1, 1), date(2026, 12, 31))


def test_an_opening_balance() -> None:
    """What was left on a day is the start; earlier absences are none of it."""
    opening = Opening(1, 10, VACATION, date(2026, 6, 1), 1250)
    made = Balance(
        VACATION,
        [YEAR],
        opening.day,
        RUSSIA,
        opening,
        taken=[away("2026-05-25", "2026-06-02"), away("2026-03-01", "2026-03-14")],
    )
    assert 13 - 2 == made.left(date(2026, 6, 2))
    assert 13 == made.left(date(2026, 6, 30))


def test_what_is_not_carried_over_is_lost() -> None:
    """Where a portal carries over five days, the rest goes with the year; by the law nothing does."""
    five = Entitlement(1, EVERYBODY, VACATION, date(2026, 1, 1), 28, carry=5)
    taken = away("2026-07-13", "2026-07-22")
    assert 18 == balance(taken, terms=[five]).left(date(2026, 12, 31))
    assert 5 == balance(taken, terms=[five]).left(date(2027, 1, 1))
    assert 18 == balance(taken).left(date(2027, 1, 1))
    assert 5 + 28 == balance(taken, terms=[five]).left(date(2027, 12, 31))


def test_after_a_leave() -> None:
    """Up to its first day is earned; what was approved before counts, what comes later is looked at as well."""
    made = balance(away("2026-03-02", "2026-03-06"), away("2026-10-05", "2026-10-18"))
    left = made.after(wish("2026-07-20", "2026-07-26"))
    assert left is not None
    assert (5, 7, 5, date(2026, 10, 5)) == (left.days, left.taken, left.short, left.short_on)
    more = made.after(wish("2026-07-20", "2026-08-02"))
    assert more is not None
    assert (-2, 14, 12, date(2026, 10, 5), True) == (more.days, more.taken, more.short, more.short_on, more.is_short)


def test_after_a_leave_that_fits() -> None:
    """Enough for it and for what comes later."""
    left = balance(away("2026-10-05", "2026-10-09")).after(wish("2026-07-20", "2026-07-26"))
    assert left is not None
    assert (10, 7, 0, None, False) == (left.days, left.taken, left.short, left.short_on, left.is_short)


def test_after_something_else() -> None:
    """Another kind, hours and days before the balance is kept are no matter of it."""
    made = balance()
    assert made.after(LeaveWish(AbsenceKind.SICK, date(2026, 7, 1), date(2026, 7, 2))) is None
    assert made.after(wish("2025-07-01", "2025-07-02")) is None
