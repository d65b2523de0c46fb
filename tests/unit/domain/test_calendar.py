"""The production calendar: Russia's years by official numbers, norms by order 588н, changes by hand, unknown years."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from bot.domain.planning.calendar import (
    BY_HAND,
    COUNTRY,
    CalendarDay,
    NotADayOff,
    NotAWorkday,
    ProductionCalendar,
    UnknownYear,
    day_norm,
)
from tests.properties.strategies import PATIENT

RUSSIA = ProductionCalendar()
HOUR = timedelta(hours=1)

# Workdays, short days, and the hours of a 40, a 36 and a 24 hour week. 2024-2027: facts/working-time.md, 4.3; the
# others: github.com/xmlcalendar/data. 2020 and 2021 are left out: their sudden non-working days are no part of the law.
YEARS = {
    2015: (247, "04-30 05-08 06-11 11-03 12-31", "1971", "1773.4", "1180.6"),
    2016: (247, "02-20 11-03", "1974", "1776.4", "1183.6"),
    2017: (247, "02-22 03-07 11-03", "1973", "1775.4", "1182.6"),
    2018: (247, "02-22 03-07 04-28 05-08 06-09 12-29", "1970", "1772.4", "1179.6"),
    2019: (247, "02-22 03-07 04-30 05-08 06-11 12-31", "1970", "1772.4", "1179.6"),
    2022: (247, "02-22 03-05 11-03", "1973", "1775.4", "1182.6"),
    2023: (247, "02-22 03-07 11-03", "1973", "1775.4", "1182.6"),
    2024: (248, "02-22 03-07 05-08 06-11 11-02", "1979", "1780.6", "1185.4"),
    2025: (247, "03-07 04-30 06-11 11-01", "1972", "1774.4", "1181.6"),
    2026: (247, "04-30 05-08 06-11 11-03", "1972", "1774.4", "1181.6"),
    2027: (247, "02-20 04-30 06-11 11-03", "1972", "1774.4", "1181.6"),
}
MONTHS = {
    2026: (120, 152, 168, 175, 151, 167, 184, 168, 176, 176, 159, 176),
    2027: (120, 151, 176, 175, 152, 167, 176, 176, 176, 168, 159, 176),
}
WORKING_WEEKENDS = {
    2022: "03-05",
    2023: "",
    2024: "04-27 11-02 12-28",
    2025: "11-01",
    2026: "",
    2027: "02-20",
}
MOVED_DAYS_OFF = {
    2022: "03-07 05-02 05-03 05-10 06-13",
    2023: "02-24 05-08 11-06",
    2024: "04-29 04-30 05-10 12-30 12-31",
    2025: "05-02 05-08 06-13 11-03 12-31",
    2026: "01-09 03-09 05-11 12-31",
    2027: "02-22 05-03 05-10 06-14 11-05 12-31",
}
STATUTORY = "01-01 01-02 01-03 01-04 01-05 01-06 01-07 01-08 02-23 03-08 05-01 05-09 06-12 11-04"


def whole(year: int) -> tuple[date, date]:
    """Return the first and the last day of a year."""
    return date(year, 1, 1), date(year, 12, 31)


def hours(text: str | float) -> timedelta:
    """Return an exact length from decimal hours."""
    return timedelta(seconds=int(Fraction(str(text)) * 3600))


def short(days: list[date]) -> str:
    """Return days of one year as `04-30 05-08`."""
    return " ".join(f"{day:%m-%d}" for day in days)


def days_of(year: int, calendar: ProductionCalendar = RUSSIA) -> list[CalendarDay]:
    """Return every day of a year."""
    return list(calendar.days(*whole(year)))


@pytest.mark.parametrize("year", YEARS)
def test_workdays_and_short_days_are_the_official_ones(year: int) -> None:
    """The rows of the facts sheet and of xmlcalendar, 2015 to 2027."""
    workdays, shorts, *_ = YEARS[year]
    assert workdays == RUSSIA.workdays(*whole(year))
    assert shorts == short([day.day for day in days_of(year) if day.is_short])
    assert [] == [day for day in days_of(year) if day.is_short and day.is_off]


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("week", [40, 36, 24])
def test_norms_of_a_year_are_exact(year: int, week: int) -> None:
    """8, 7.2 and 4.8 hours a day, an hour less on short days (order 588н); 1972 hours in 2026."""
    expected = dict(zip((40, 36, 24), YEARS[year][2:], strict=True))[week]
    assert hours(expected) == RUSSIA.norm(*whole(year), week)


@pytest.mark.parametrize("year", MONTHS)
def test_norms_of_months(year: int) -> None:
    """The 40 hour week of each month, and the month as plain days."""
    months = [RUSSIA.month(year, month) for month in range(1, 13)]
    assert [hours(each) for each in MONTHS[year]] == [RUSSIA.norm(days[0].day, days[-1].day) for days in months]
    assert days_of(year) == [day for days in months for day in days]


@pytest.mark.parametrize("year", MOVED_DAYS_OFF)
def test_moved_days_and_working_weekends(year: int) -> None:
    """A workday off that is no holiday was moved there; a weekend that is worked was moved from."""
    days = days_of(year)
    free = [day.day for day in days if day.is_off and not day.is_holiday and day.day.weekday() < 5]
    worked = [day.day for day in days if not day.is_off and day.day.weekday() >= 5]
    assert (MOVED_DAYS_OFF[year], WORKING_WEEKENDS[year]) == (short(free), short(worked))


@pytest.mark.parametrize("year", [2022, 2026, 2027, 2028])
def test_statutory_holidays_are_those_of_article_112(year: int) -> None:
    """Neither a weekend nor a moved day off is one; they are known of years without a decree too."""
    assert short([day.day for day in days_of(year) if day.is_holiday]) == STATUTORY


def test_a_working_saturday_can_be_short() -> None:
    """2 November 2024 replaces 30 April, the eve of 1 May: two flags on one day."""
    day = RUSSIA.day(date(2024, 11, 2))
    assert (False, True, False) == (day.is_off, day.is_short, day.is_holiday)
    assert 7 * HOUR == day_norm(day)


def test_a_year_without_a_decree_is_not_counted() -> None:
    """2028 is not published: weekends and holidays are known, a norm is not invented."""
    assert (True, True, False) == (RUSSIA.knows(2026), RUSSIA.knows(2027), RUSSIA.knows(2028))
    assert RUSSIA.is_off(date(2028, 1, 8))
    with pytest.raises(UnknownYear):
        RUSSIA.norm(date(2027, 12, 1), date(2028, 1, 31))
    with pytest.raises(UnknownYear):
        RUSSIA.workdays(date(2028, 2, 1), date(2028, 2, 29))


@pytest.mark.parametrize("year", [1, 1900, 2014, 2101, 9999])
def test_years_far_away_are_unknown_and_harmless(year: int) -> None:
    """Any date can be asked about."""
    assert not RUSSIA.knows(year)
    assert 365 <= len(days_of(year)) <= 366


def test_an_administrator_vouches_for_a_year() -> None:
    """With its moves entered and the year confirmed, its norms are counted; 1 January stays what it was."""
    moves = [day for pair in ("01-01 01-10", "01-02 05-02") for day in moved(2028, *pair.split())]
    entered = RUSSIA.with_changes(moves)
    assert not entered.knows(2028)
    sure = entered.with_changes([entered.confirmed(2028)])
    assert sure.knows(2028)
    assert not sure.knows(2029)
    assert sure.is_off(date(2028, 1, 1))
    assert sure.is_holiday(date(2028, 1, 1))
    assert RUSSIA.with_changes([RUSSIA.confirmed(2028)]).workdays(*whole(2028)) - 2 == sure.workdays(*whole(2028))


def moved(year: int, from_day: str, to_day: str) -> list[CalendarDay]:
    """Return what a move changes in Russia's calendar."""
    return RUSSIA.moved(date.fromisoformat(f"{year}-{from_day}"), date.fromisoformat(f"{year}-{to_day}"))


def test_a_day_made_off_takes_its_hours_away() -> None:
    """12 January 2026, a Monday: eight hours less, and no statutory holiday."""
    january = date(2026, 1, 1), date(2026, 1, 31)
    changed = RUSSIA.with_changes([RUSSIA.made_off(date(2026, 1, 12), "Inventory")])
    assert hours(112) == changed.norm(*january)
    assert CalendarDay(date(2026, 1, 12), True, False, False, "Inventory", BY_HAND) == changed.day(date(2026, 1, 12))
    assert hours(120) == RUSSIA.norm(*january)


def test_a_day_made_working_is_short_before_a_holiday() -> None:
    """30 April 2024 was moved off; worked after all, it is the eve of 1 May (art. 95). 29 April is an ordinary day."""
    assert [(True, True), (True, False)] == [
        (not day.is_off, day.is_short)
        for day in (RUSSIA.made_working(date(2024, 4, 30)), RUSSIA.made_working(date(2024, 4, 29)))
    ]


def test_a_holiday_made_working_stays_a_holiday() -> None:
    """The company works on 12 June: hours are asked for, and they are still hours of a holiday."""
    day = RUSSIA.made_working(date(2026, 6, 12))
    assert (False, True) == (day.is_off, day.is_holiday)


def test_a_day_made_short_loses_an_hour() -> None:
    """31 December is a day off in 2026; 30 December is made short."""
    day = RUSSIA.made_short(date(2026, 12, 30))
    assert (False, True) == (day.is_off, day.is_short)
    assert (hours("7"), hours("6.2"), hours("3.8")) == tuple(day_norm(day, week) for week in (40, 36, 24))


def test_what_is_made_as_it_was_is_no_change() -> None:
    """An administrator who takes a change back leaves nothing by hand."""
    changed = RUSSIA.with_changes([RUSSIA.made_off(date(2026, 1, 12))])
    assert COUNTRY == changed.made_working(date(2026, 1, 12)).source
    assert RUSSIA.day(date(2026, 1, 12)) == changed.made_working(date(2026, 1, 12))


def test_a_move_keeps_the_norm() -> None:
    """The day off of Saturday 2 May goes to Monday 4 May 2026: a weekend is worked, a weekday is free."""
    changed = RUSSIA.with_changes(moved(2026, "05-02", "05-04"))
    assert (False, True) == (changed.is_off(date(2026, 5, 2)), changed.is_off(date(2026, 5, 4)))
    assert RUSSIA.norm(*whole(2026)) == changed.norm(*whole(2026))


def test_a_moved_workday_is_as_long_as_the_one_it_replaces() -> None:
    """The day off of Saturday 25 April goes to the short 30 April 2026: the Saturday is short (finding 7)."""
    worked, free = moved(2026, "04-25", "04-30")
    assert (False, True) == (worked.is_off, worked.is_short)
    assert (True, False) == (free.is_off, free.is_short)


def test_a_holiday_on_a_weekend_stays_off_when_its_day_off_is_moved() -> None:
    """Article 112 gives the lost day off elsewhere; nobody has to work on the holiday."""
    (given,) = moved(2026, "05-09", "05-12")
    assert (date(2026, 5, 12), True) == (given.day, given.is_off)


def test_only_a_day_off_moves_and_only_to_a_workday() -> None:
    """Anything else is a slip of the pen."""
    with pytest.raises(NotADayOff):
        moved(2026, "05-05", "05-06")
    with pytest.raises(NotAWorkday):
        moved(2026, "05-02", "05-03")


def test_other_countries_have_their_holidays() -> None:
    """Nowruz in Kazakhstan, 1 May in Germany; a working Saturday in Belarus; Eid by the moon is not a known year."""
    assert ProductionCalendar("KZ").is_holiday(date(2025, 3, 21))
    assert not RUSSIA.is_off(date(2025, 3, 21))
    assert ProductionCalendar("DE").is_off(date(2026, 5, 1))
    assert not ProductionCalendar("BY").is_off(date(2026, 4, 25))
    assert (253, True) == (ProductionCalendar("BY").workdays(*whole(2024)), ProductionCalendar("BY").knows(2026))
    assert not ProductionCalendar("UZ").knows(2027)
    assert [] == [day for country in ("KZ", "DE") for day in days_of(2026, ProductionCalendar(country)) if day.is_short]


@pytest.mark.parametrize(
    ("year", "short"),
    [
        (2024, "03-07 04-30 05-08 05-18 07-02 11-06 12-24 12-31"),
        (2025, "01-11 03-07 04-26 04-30 05-08 07-02 11-06 12-24 12-31"),
        (2026, "01-06 04-25 04-30 05-08 07-02 11-06 12-24 12-31"),
    ],
)
def test_days_before_a_holiday_are_short_in_belarus_too(year: int, short: str) -> None:
    """Art. 116 of its Labour Code, working Saturdays in their stead as well: the days of xmlcalendar."""
    assert short.split() == [f"{day.day:%m-%d}" for day in days_of(year, ProductionCalendar("BY")) if day.is_short]


def test_names_are_in_the_readers_language_where_there_are_any() -> None:
    """Holidays have a name; ordinary days have none."""
    assert "День Победы" == RUSSIA.name(date(2026, 5, 9), "ru")
    assert "Victory Day" == RUSSIA.name(date(2026, 5, 9), "en")
    assert "" == RUSSIA.name(date(2026, 5, 12), "ru")
    assert "Neujahr" == ProductionCalendar("DE").name(date(2026, 1, 1), "ru")


def test_a_working_weekend_knows_which_day_it_replaces() -> None:
    """Saturday 20 February 2027 is worked instead of Monday 22 February; other Saturdays replace nothing."""
    assert date(2027, 2, 22) == RUSSIA.replaced_by(date(2027, 2, 20))
    assert RUSSIA.replaced_by(date(2027, 2, 27)) is None


def test_a_moved_day_off_knows_where_it_came_from() -> None:
    """31 December 2026 is off instead of Sunday 4 January; it has no name of its own."""
    assert date(2026, 1, 4) == RUSSIA.moved_from(date(2026, 12, 31))
    assert ("", None) == (RUSSIA.name(date(2026, 12, 31), "ru"), RUSSIA.moved_from(date(2026, 5, 9)))


dates = st.dates(date(2015, 1, 1), date(2027, 12, 31))
changes = st.lists(st.builds(CalendarDay, dates, st.booleans(), st.booleans(), st.booleans()), max_size=20)
weeks = st.fractions(Fraction(1), Fraction(60))


@PATIENT
@given(st.lists(dates, min_size=3, max_size=3).map(sorted), changes, weeks)
def test_sums_over_any_split_of_a_period_are_equal(
    ends: list[date], changed: list[CalendarDay], week: Fraction
) -> None:
    """A period is what its parts are, whatever was changed and however long the week is."""
    first, cut, last = ends
    calendar = RUSSIA.with_changes(changed)
    after = cut + timedelta(days=1)
    assert calendar.norm(first, last, week) == calendar.norm(first, cut, week) + calendar.norm(after, last, week)
    assert calendar.workdays(first, last) == calendar.workdays(first, cut) + calendar.workdays(after, last)


@PATIENT
@given(dates, dates)
@example(date(2027, 5, 8), date(2027, 5, 12))
def test_a_move_there_and_back_changes_nothing(one: date, other: date) -> None:
    """What moves between a weekend and a workday comes back as it was."""
    day_off, workday = (one, other) if RUSSIA.is_off(one) else (other, one)
    assume(RUSSIA.is_off(day_off) and not RUSSIA.is_off(workday) and not RUSSIA.is_holiday(day_off))
    there = RUSSIA.with_changes(RUSSIA.moved(day_off, workday))
    back = there.with_changes(there.moved(workday, day_off))
    assert list(RUSSIA.days(min(one, other), max(one, other))) == list(back.days(min(one, other), max(one, other)))
