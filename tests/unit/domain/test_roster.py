"""What is planned for a person on a day: nearest schedule, calendar, named dates, norms (§4.3, cases 74, 75)."""

from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction

import pytest

from bot.domain.people.staff import Department, Employment
from bot.domain.planning.calendar import ProductionCalendar, UnknownYear
from bot.domain.planning.roster import Roster, RosterBook
from bot.domain.planning.schedule import (
    Assignment,
    Hours,
    PlannedBreak,
    PlannedDate,
    Schedule,
    ScheduleKind,
    Scope,
    Shift,
)

HOUR = timedelta(hours=1)
LUNCH = PlannedBreak(HOUR)
NINE, TEN = Hours(time(9), time(18)), Hours(time(10), time(19))
FIVE_TWO = Schedule(ScheduleKind.FIXED, (NINE,) * 5 + (None,) * 2, pause=LUNCH)
LATER = Schedule(ScheduleKind.FIXED, (TEN,) * 5 + (None,) * 2, pause=LUNCH)
NIGHTS = Schedule(
    ScheduleKind.ROTA, (Hours(time(20), time(8)),) * 2 + (None,) * 2, date(2026, 6, 1), PlannedBreak(HOUR)
)
ALL_YEAR = (date(2026, 1, 1), date(2026, 12, 31))
SALES = Department(31, 1, "3", "Продажи", "1")
SHOP = Department(32, 1, "4", "Магазин", "3")


def roster(*given: tuple[Scope, int, date, Schedule], zone: str = "Europe/Moscow", **more: object) -> Roster:
    """Return the roster of employee 10."""
    assignments = [Assignment(number, 1, *each) for number, each in enumerate(given)]
    return RosterBook(ProductionCalendar(), assignments, **more).of(10, zone)  # type: ignore[arg-type]


def own(schedule: Schedule, since: date = date(2026, 1, 1)) -> tuple[Scope, int, date, Schedule]:
    """Return a schedule given to employee 10."""
    return Scope.PERSON, 10, since, schedule


def norm(of: Roster, first: date, last: date) -> timedelta:
    """Add the norms of days up."""
    days = (last - first).days + 1
    return sum((of.norm(first + timedelta(days=each)) for each in range(days)), timedelta())


def clock(shift: Shift | None, zone: str = "+03:00") -> tuple[str, str] | None:
    """Return the ends of a shift as clock times."""
    if shift is None:
        return None
    local = datetime.fromisoformat(f"2026-01-01T00:00{zone}").tzinfo
    return shift.starts_at.astimezone(local).strftime("%d %H:%M"), shift.ends_at.astimezone(local).strftime("%d %H:%M")


def test_the_nearest_schedule_wins() -> None:
    """A person's own before the department's, the department's before the one above and the portal's."""
    rows = ((Scope.PORTAL, 0), (Scope.DEPARTMENT, 31), (Scope.DEPARTMENT, 32), (Scope.PERSON, 10))
    schedules = [Schedule(ScheduleKind.FLEXIBLE, norm=HOUR * number, norm_per="week") for number in range(4)]
    day = date(2026, 6, 3)
    for count in range(1, 5):
        given = [(*row, date(2026, 1, 1), schedules[at]) for at, row in enumerate(rows[:count])]
        found = roster(*given, departments=(SALES, SHOP), employments=(Employment(1, 1, 10, department_id=32),))
        assert schedules[count - 1] is found.schedule(day)


def test_a_change_never_rewrites_the_past() -> None:
    """Each day uses the schedule that is valid on it (case 74)."""
    found = roster(own(FIVE_TWO), own(NIGHTS, date(2026, 6, 10)))
    assert [("09 09:00", "09 18:00"), ("10 20:00", "11 08:00")] == [
        clock(found.shift(date(2026, 6, 9))),
        clock(found.shift(date(2026, 6, 10))),
    ]


def test_nobody_plans_for_somebody_of_another_department() -> None:
    """A department's schedule ends with the employment in it (case 73)."""
    employments = (
        Employment(1, 1, 10, until=date(2026, 6, 14), department_id=31),
        Employment(2, 1, 10, date(2026, 6, 15), department_id=77),
    )
    given = (Scope.DEPARTMENT, 31, date(2026, 1, 1), FIVE_TWO)
    found = roster(given, departments=(SALES,), employments=employments)
    assert [ScheduleKind.FIXED, ScheduleKind.NONE] == [
        found.schedule(date(2026, 6, 14)).kind,
        found.schedule(date(2026, 6, 15)).kind,
    ]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-06-10", ("10 09:00", "10 18:00")),
        ("2026-06-11", ("11 09:00", "11 17:00")),  # short: tomorrow is a holiday
        ("2026-06-12", None),  # a holiday
        ("2026-06-13", None),  # Saturday
        ("2024-11-02", ("02 09:00", "02 17:00")),  # a working Saturday, and short
    ],
)
def test_fixed_hours_rest_on_the_calendar(day: str, expected: tuple[str, str] | None) -> None:
    """Days off, short days and moved days come from the production calendar (art. 95, 112)."""
    assert expected == clock(roster(own(FIVE_TWO, date(2024, 1, 1))).shift(date.fromisoformat(day)))


def test_own_saturdays_are_worked_but_not_holidays() -> None:
    """Somebody whose week has a Saturday works on it, unless it is a statutory holiday."""
    six = Schedule(ScheduleKind.FIXED, (NINE,) * 6 + (None,))
    found = roster(own(six))
    days = [date(2026, 6, 13), date(2026, 6, 14), date(2026, 5, 9)]
    assert [("13 09:00", "13 18:00"), None, None] == [clock(found.shift(day)) for day in days]


def test_own_saturdays_are_short_before_a_holiday() -> None:
    """7 March 2026 of a six-day week is an hour shorter than other Saturdays, though the calendar rests (art. 95)."""
    six = roster(own(Schedule(ScheduleKind.FIXED, (NINE,) * 5 + (Hours(time(9), time(14)), None))))
    days = [date(2026, 3, 7), date(2026, 3, 14)]
    assert [("07 09:00", "07 13:00"), ("14 09:00", "14 14:00")] == [clock(six.shift(day)) for day in days]


def test_a_week_of_six_days_has_its_own_days_off() -> None:
    """2025 as isdayoff/calendars has it: rest moved from a Saturday is none, and the eve is another (art. 95, 112)."""
    six = roster(own(Schedule(ScheduleKind.FIXED, (TEN,) * 6 + (None,)), date(2025, 1, 1)))
    days = [date(2025, 1, 1) + timedelta(each) for each in range(365)]
    off = [f"{day:%m-%d}" for day in days if day.weekday() < 6 and six.shift(day) is None]
    assert "01-01 01-02 01-03 01-04 01-06 01-07 01-08 03-08 05-01 05-08 05-09 06-12 11-04 12-31" == " ".join(off)
    shifts = [shift for day in days if (shift := six.shift(day))]
    short = [f"{each.day:%m-%d}" for each in shifts if each.ends_at - each.starts_at == HOUR * 8]
    assert "02-22 03-07 04-30 06-11 11-03" == " ".join(short)


@pytest.mark.parametrize(("day", "is_worked"), [("2026-05-11", True), ("2026-03-09", False), ("2026-01-09", True)])
def test_only_a_sunday_s_rest_is_made_up_for_in_a_week_of_six_days(day: str, is_worked: bool) -> None:
    """9 May 2026 is a Saturday, 8 March a Sunday; 9 January stands for Saturday the 3rd (art. 112)."""
    six = roster(own(Schedule(ScheduleKind.FIXED, (NINE,) * 6 + (None,))))
    assert is_worked == (six.shift(date.fromisoformat(day)) is not None)
    assert roster(own(FIVE_TWO)).shift(date.fromisoformat(day)) is None


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2027-02-20", ("20 09:00", "20 17:00")),  # of Monday 22 February, and short as the day before a holiday
        ("2024-12-28", ("28 09:00", "28 18:00")),  # of Monday 30 December
        ("2024-11-02", None),  # of Tuesday 30 April, on which this person does not work
    ],
)
def test_a_working_saturday_is_as_the_day_that_it_replaces(day: str, expected: tuple[str, str] | None) -> None:
    """Its hours are that weekday's, not Friday's (order 588н, §4.3)."""
    week = Schedule(ScheduleKind.FIXED, (NINE, None, NINE, NINE, Hours(time(9), time(13)), None, None))
    assert expected == clock(roster(own(week, date(2024, 1, 1))).shift(date.fromisoformat(day)))


def test_a_rota_goes_on_over_holidays() -> None:
    """Two nights, two days off, whatever the calendar says."""
    found = roster(own(NIGHTS, date(2026, 6, 1)))
    planned = [found.shift(date(2026, 6, day)) is not None for day in range(9, 17)]
    assert [True, True, False, False] * 2 == planned


def test_a_named_date_wins() -> None:
    """A shift or a day off that was named for a date stands above every schedule."""
    dates = (PlannedDate(1, 10, date(2026, 6, 13), TEN), PlannedDate(1, 10, date(2026, 6, 15), None))
    found = roster(own(FIVE_TWO), dates=dates)
    assert [("13 10:00", "13 19:00"), None] == [clock(found.shift(date(2026, 6, day))) for day in (13, 15)]


@pytest.mark.parametrize(("day", "hours"), [("2026-03-28", 7), ("2026-10-24", 9), ("2026-06-05", 8)])
def test_a_night_of_changing_clocks(day: str, hours: int) -> None:
    """22–06 is seven hours in spring and nine in autumn (case 52)."""
    nights = Schedule(ScheduleKind.ROTA, (Hours(time(22), time(6)),), date(2026, 1, 1))
    shift = roster(own(nights), zone="Europe/Berlin").shift(date.fromisoformat(day))
    assert shift is not None
    assert HOUR * hours == shift.ends_at - shift.starts_at


def test_norm_of_fixed_hours() -> None:
    """June 2026: 20 workdays of 8 h and a short one, the 167 hours of the production calendar."""
    assert HOUR * 167 == norm(roster(own(FIVE_TWO)), date(2026, 6, 1), date(2026, 6, 30))
    assert HOUR * 1972 == norm(roster(own(FIVE_TWO)), *ALL_YEAR)


@pytest.mark.parametrize(("week", "hours"), [(40, 1972), (36, Fraction("1774.4")), (24, Fraction("1181.6"))])
def test_norm_of_a_rota_is_the_calendars(week: int, hours: Fraction) -> None:
    """Summed accounting holds a rota against the norm of the production calendar (art. 104)."""
    rota = Schedule(ScheduleKind.ROTA, NIGHTS.days, date(2026, 1, 1), week_hours=Fraction(week))
    assert timedelta(seconds=int(hours * 3600)) == norm(roster(own(rota)), *ALL_YEAR)


def test_part_time_from_the_sixteenth() -> None:
    """Half of each day's hours, a short day an hour less, from the day of hiring (case 75)."""
    half = Schedule(ScheduleKind.FLEXIBLE, fraction=Fraction(1, 2))
    found = roster(own(half), employments=(Employment(1, 1, 10, date(2026, 4, 16)),))
    # 16–30 April 2026: 10 whole workdays of 4 h, and the short 30th of 3 h.
    assert HOUR * 43 == norm(found, date(2026, 4, 1), date(2026, 4, 30))


def test_a_months_norm_is_spread_to_the_second() -> None:
    """A norm of the month is the sum of its workdays' shares, exactly."""
    odd = timedelta(hours=100, seconds=1)
    found = roster(own(Schedule(ScheduleKind.FLEXIBLE, norm=odd, norm_per="month")))
    assert odd == norm(found, date(2026, 6, 1), date(2026, 6, 30))
    assert timedelta() == found.norm(date(2026, 6, 12))


def test_an_unknown_year_has_no_norm() -> None:
    """The norm of a year that nobody published is not invented."""
    with pytest.raises(UnknownYear):
        roster(own(NIGHTS)).norm(date(2031, 6, 3))


def test_without_a_schedule_nothing_is_planned() -> None:
    """No shift, no norm: nothing is compared."""
    day = date(2026, 6, 3)
    assert (None, timedelta()) == (roster().shift(day), roster().norm(day))


def test_longest_plausible_session() -> None:
    """The plan and four hours, at most sixteen; a shift of a whole day may last it (the facts' defaults)."""
    short = Shift.of(date(2026, 6, 3), NINE, "UTC", LUNCH)
    day = Shift.of(date(2026, 6, 3), Hours(time(8), time(8)), "UTC", PlannedBreak())
    night = Shift.of(date(2026, 6, 3), Hours(time(20), time(10)), "UTC", PlannedBreak())
    assert [HOUR * 13, HOUR * 24, HOUR * 16] == [short.longest, day.longest, night.longest]
    assert datetime(2026, 6, 3, 9, tzinfo=UTC) == short.starts_at
