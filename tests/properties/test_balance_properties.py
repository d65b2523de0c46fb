"""Days of leave: earning only grows, whole years give what a year gives, and what is cancelled comes back exactly."""

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.leave.absence import Absence, AbsenceKind
from bot.domain.leave.balance import Balance
from bot.domain.leave.changing import moved, prolonged
from bot.domain.leave.entitlement import EVERYBODY, Entitlement, Unit, earned, months, months_after
from bot.domain.leave.wish import LeaveWish
from bot.domain.planning.calendar import ProductionCalendar

START = date(2024, 1, 1)
VACATION = AbsenceKind.VACATION
_DAY = timedelta(days=1)
days = st.dates(START, date(2027, 12, 31))
rates = st.integers(0, 60)
units = st.sampled_from(Unit)
countries = st.sampled_from(["RU", "KZ", "DE"])


def term(rate: int, unit: Unit = Unit.CALENDAR, since: date = START, carry: int | None = None) -> Entitlement:
    """Return what counts for everybody."""
    return Entitlement(1, EVERYBODY, VACATION, since, rate, unit, carry)


@st.composite
def spans(draw: st.DrawFn) -> tuple[date, date]:
    """Up to forty days."""
    first = draw(days)
    return first, first + draw(st.integers(0, 40)) * _DAY


@st.composite
def balances(draw: st.DrawFn) -> Balance:
    """Some leaves that do not meet, under some rule, in some country."""
    taken, after = [], START
    for number in range(draw(st.integers(0, 4))):
        first = after + draw(st.integers(0, 200)) * _DAY
        last = first + draw(st.integers(0, 30)) * _DAY
        taken.append(Absence(number + 1, 1, 10, VACATION, first, last))
        after = last + _DAY
    sick = frozenset(draw(st.lists(days, max_size=5)))
    rule = term(draw(rates), draw(units))
    return Balance(VACATION, [rule], START, ProductionCalendar(draw(countries)), taken=taken, sick=sick)


@given(rates, rates, days, days, days, st.sets(days, max_size=30))
def test_earning_only_grows(one: int, other: int, since: date, first: date, second: date, unpaid: set[date]) -> None:
    """However the entitlement changes and whatever is unpaid, no day takes back what was earned."""
    terms = [term(one), term(other, since=since)]
    early, late = sorted((first, second))
    assert earned(terms, START, early, unpaid) <= earned(terms, START, late, unpaid)


@given(rates, days, st.integers(1, 30))
def test_whole_years_give_exactly_what_a_year_gives(rate: int, start: date, years: int) -> None:
    """To the last hundredth, from whatever day on."""
    end = start
    for _ in range(years):
        end = months_after(end, 12)
    assert years * rate == earned([term(rate)], start, end - _DAY)


@given(days, st.integers(0, 700))
def test_a_day_more_is_at_most_a_month_more(first: date, more: int) -> None:
    """Months are counted without a jump."""
    last = first + more * _DAY
    assert 0 <= months(first, last + _DAY) - months(first, last) <= 1


@given(balances(), spans())
def test_cancelling_gives_back_exactly(balance: Balance, span: tuple[date, date]) -> None:
    """A leave more and a leave less is as before, on every day."""
    end = date(2028, 12, 31)
    more = Absence(99, 1, 10, VACATION, *span)
    with_it = Balance(
        balance.kind, balance.terms, START, balance.calendar, taken=[*balance.taken, more], sick=balance.sick
    )
    assert balance.left(end) == with_it.without(99).left(end)
    assert 0 <= balance.left(end) - with_it.left(end) <= with_it.length(*span)


@given(balances(), spans())
def test_what_a_leave_leaves_is_what_is_left_once_it_is_approved(balance: Balance, span: tuple[date, date]) -> None:
    """The number on the card is the number afterwards, as the leave begins, less what it takes."""
    if any(each.first <= span[1] and span[0] <= each.last for each in balance.taken):
        return
    found = balance.after(LeaveWish(VACATION, *span))
    assert found is not None
    afterwards = Balance(
        VACATION,
        balance.terms,
        START,
        balance.calendar,
        taken=[*balance.taken, Absence(99, 1, 10, VACATION, *span)],
        sick=balance.sick,
    )
    used = afterwards.used(START, span[1])
    assert -(-(balance.earned(span[0]) - used) // 1) == found.days
    assert balance.length(*span) == found.taken


@given(spans(), countries)
def test_holidays_are_no_days_of_a_vacation(span: tuple[date, date], country: str) -> None:
    """Calendar days are all dates but statutory holidays, working days all workdays."""
    calendar = ProductionCalendar(country)
    dates = [span[0] + step * _DAY for step in range((span[1] - span[0]).days + 1)]
    made = {unit: Balance(VACATION, [term(28, unit)], START, calendar) for unit in Unit}
    assert sum(not calendar.is_holiday(day) for day in dates) == made[Unit.CALENDAR].length(*span)
    assert sum(not calendar.is_off(day) for day in dates) == made[Unit.WORKING].length(*span)


@given(rates, st.integers(0, 40), days, days)
def test_what_is_lost_is_never_more_than_is_left(rate: int, carry: int, first: date, second: date) -> None:
    """A limit of what is carried over never makes less than nothing of what is left, and only grows."""
    early, late = sorted((first, second))
    made = Balance(VACATION, [term(rate, carry=carry)], START, ProductionCalendar("RU"))
    assert Fraction(0) <= made.lost(early) <= made.lost(late) <= made.earned(late)


@given(spans(), days, st.sets(st.integers(0, 40), max_size=10), st.sets(days, max_size=20))
def test_a_change_keeps_the_days(span: tuple[date, date], to: date, ill: set[int], holidays: set[date]) -> None:
    """Moved or made longer by sickness, a leave has as many days as before: holidays and sickness left out."""

    def counts(day: date) -> bool:
        return day not in holidays

    leave = Absence(1, 1, 10, VACATION, *span)
    before = [span[0] + step * _DAY for step in range((span[1] - span[0]).days + 1)]
    wanted = sum(map(counts, before))
    if not wanted:
        return
    today = START - _DAY
    if to != span[0]:
        (new,) = moved(leave, to, None, today, counts).after
        assert wanted == sum(counts(new[0] + step * _DAY) for step in range((new[1] - new[0]).days + 1))
    sick = frozenset(span[0] + step * _DAY for step in ill)
    if any(day in sick and counts(day) for day in before):
        (longer,) = prolonged(leave, sick, counts).after
        dates = [longer[0] + step * _DAY for step in range((longer[1] - longer[0]).days + 1)]
        assert wanted == sum(counts(day) and day not in sick for day in dates)
