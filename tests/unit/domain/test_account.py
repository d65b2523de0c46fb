"""What a period yields: hours by work date, norms, balance, and days that should be looked at."""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from bot.domain.leave.absence import AbsenceKind
from bot.domain.people.staff import Employment
from bot.domain.planning.schedule import PlannedBreak
from bot.domain.reports.account import Away, Flag
from tests.unit.domain.plans import counted, fixed, flexible, h, leave, part_time, roster, rota

WEDNESDAY = date(2026, 7, 15)
DAY = ("in 2026-07-15 09:00", "break 2026-07-15 13:00", "back 2026-07-15 14:00", "out 2026-07-15 18:00")


def test_an_ordinary_day_is_its_norm() -> None:
    """9–18 with an hour of lunch: eight hours worked, eight asked for, nothing to look at."""
    (day,) = counted(roster(fixed()), *DAY, first="2026-07-15").days
    assert (day.worked, day.on_break, day.norm, day.balance) == (h("8"), h("1"), h("8"), h("0"))
    assert (day.late, day.early, day.over, day.night, day.holiday, day.off_day) == (h("0"),) * 6
    assert day.flags == frozenset()


def test_every_date_of_the_period_is_there() -> None:
    """Also the empty ones, both ends included; `day` finds them and `part` cuts them out."""
    month = counted(roster(fixed()), *DAY, first="2026-07-01", last="2026-07-31")
    assert [each.day for each in month.days] == [date(2026, 7, number) for number in range(1, 32)]
    assert month.day(WEDNESDAY).worked == h("8")
    week = month.part(date(2026, 7, 13), date(2026, 7, 19))
    assert (week.first, week.last, len(week.days), week.worked) == (date(2026, 7, 13), date(2026, 7, 19), 7, h("8"))
    assert month.days_worked == 1


def test_case_43_nothing_and_zero_lengths_add_up_to_nothing() -> None:
    """No session, or one of no length: every sum is zero and nothing is divided by it."""
    month = counted(
        roster(fixed()), "in 2026-07-15 09:00", "out 2026-07-15 09:00", first="2026-07-01", last="2026-07-31"
    )
    assert (month.worked, month.on_break, month.night, month.over, month.days_worked) == (h("0"),) * 4 + (0,)
    assert month.norm == h("184")
    assert month.balance == -h("184")


def test_case_43_a_period_of_no_dates_adds_up_to_nothing() -> None:
    """A part beyond the period has no dates and no balance."""
    empty = counted(roster(fixed()), first="2026-07-15").part(date(2026, 8, 1), date(2026, 8, 2))
    assert (empty.days, empty.worked, empty.norm, empty.balance, empty.absences) == ((), h("0"), h("0"), None, {})


def test_case_45_a_shift_over_midnight_counts_for_its_first_date() -> None:
    """20:00 Monday to 08:10 Tuesday: all of it Monday's; divided at midnight 4 h and 8 h 10 min."""
    night = roster(rota(date(2026, 7, 13), "20:00-8:00", "", "", ""))
    told = ("in 2026-07-13 20:00", "out 2026-07-14 08:10")
    account = counted(night, *told, first="2026-07-13", last="2026-07-14")
    assert [each.worked for each in account.days] == [h("12:10"), h("0")]
    shares = account.split()
    assert {day: each.worked for day, each in shares.items()} == {
        date(2026, 7, 13): h("4"),
        date(2026, 7, 14): h("8:10"),
    }
    assert [each.night for each in shares.values()] == [h("2"), h("6")]


def test_case_46_the_morning_after_a_night_shift_belongs_to_it() -> None:
    """Out at 07:10 on Tuesday ends Monday's night, an early leave; Tuesday's own shift is answered at 14:00."""
    plan = roster(rota(date(2026, 7, 13), "20:00-8:00", "14:00-22:00"))
    told = ("in 2026-07-13 20:00", "out 2026-07-14 07:10", "in 2026-07-14 14:00", "out 2026-07-14 22:00")
    monday, tuesday = counted(plan, *told, first="2026-07-13", last="2026-07-14").days
    assert (monday.worked, monday.early, monday.late) == (h("11:10"), h("0:50"), h("0"))
    assert (tuesday.worked, tuesday.early, tuesday.late) == (h("8"), h("0"), h("0"))


def test_case_61_the_night_from_sunday_counts_for_the_week_of_sunday() -> None:
    """Sunday 23:00 to Monday 07:00: eight hours of Sunday's week, none of the next; divided, 1 and 7."""
    told = ("in 2026-07-19 23:00", "out 2026-07-20 07:00")
    both = counted(roster(flexible()), *told, first="2026-07-13", last="2026-07-26")
    assert both.part(date(2026, 7, 13), date(2026, 7, 19)).worked == h("8")
    assert both.part(date(2026, 7, 20), date(2026, 7, 26)).worked == h("0")
    assert [each.worked for each in both.split().values()] == [h("1"), h("7")]


def test_case_67_a_night_over_the_end_of_a_month_belongs_to_the_old_month() -> None:
    """30 September 22:00 to 6:00 is September's as a whole; divided at midnight October has its 6 h."""
    told = ("in 2026-09-30 22:00", "out 2026-10-01 06:00")
    own = roster(flexible())
    assert counted(own, *told, first="2026-09-01", last="2026-09-30").worked == h("8")
    assert counted(own, *told, first="2026-10-01", last="2026-10-31").worked == h("0")
    october = counted(own, *told, first="2026-09-30", last="2026-10-31").split()
    assert october[date(2026, 10, 1)].worked == h("6")


def test_case_73_a_move_to_another_department_is_two_parts_of_one_month() -> None:
    """Each line of the sheet is the part of its dates, and together they are the month."""
    stretches = [
        Employment(1, 1, 7, until=date(2026, 7, 15), department_id=1),
        Employment(2, 1, 7, since=date(2026, 7, 16), department_id=2),
    ]
    month = counted(roster(fixed(), employments=stretches), *DAY, first="2026-07-01", last="2026-07-31")
    one = month.part(date(2026, 7, 1), date(2026, 7, 15))
    other = month.part(date(2026, 7, 16), date(2026, 7, 31))
    assert (one.worked, other.worked) == (h("8"), h("0"))
    assert (one.norm, other.norm) == (h("88"), h("96"))


def test_case_74_each_day_uses_the_schedule_that_was_valid_on_it() -> None:
    """5/2 until the 9th and 2/2 from the 10th: the first nine days stay as they were."""
    before = roster(fixed())
    after = roster(fixed(), (date(2026, 7, 10), rota(date(2026, 7, 10), "8:00-20:00", "8:00-20:00", "", "")))
    told = ("in 2026-07-06 09:10", "out 2026-07-06 19:00")
    old, new = (counted(each, *told, first="2026-07-01", last="2026-07-31") for each in (before, after))
    early = (date(2026, 7, 1), date(2026, 7, 9))
    assert old.part(*early).norm == new.part(*early).norm == h("56")
    assert new.day(date(2026, 7, 6)).late == old.day(date(2026, 7, 6)).late == h("0:10")
    shifts = [each.day.day for each in new.days if each.shift and each.day.day >= 10]
    assert shifts == [10, 11, 14, 15, 18, 19, 22, 23, 26, 27, 30, 31]


def test_case_75_hired_on_the_16th_for_half_the_time() -> None:
    """Half of each day's hours from the 16th on; the day before a holiday is still an hour shorter."""
    own = roster(part_time(Fraction(1, 2), "9:00-13:00"), employments=[Employment(1, 1, 7, since=date(2026, 4, 16))])
    april = counted(own, first="2026-04-01", last="2026-04-30")
    assert april.norm == 11 * h("4") - h("1")
    assert april.part(date(2026, 4, 1), date(2026, 4, 15)).norm == h("0")
    assert april.day(date(2026, 4, 30)).norm == h("3")


def test_case_75_the_same_by_the_calendar() -> None:
    """A flexible half-timer: half of 8 h a day from the 16th, 3 h on the short day."""
    own = roster(flexible(fraction=Fraction(1, 2)), employments=[Employment(1, 1, 7, since=date(2026, 4, 16))])
    assert counted(own, first="2026-04-01", last="2026-04-30").norm == 11 * h("4") - h("1")


@pytest.mark.parametrize(
    ("week", "year"),
    [(40, timedelta(hours=1972)), (36, timedelta(hours=1774, minutes=24)), (24, timedelta(hours=1181, minutes=36))],
)
def test_the_norm_of_2026_is_that_of_the_order(week: int, year: timedelta) -> None:
    """247 workdays, four of them short: 1,972 h, 1,774.4 h, 1,181.6 h (§4.3)."""
    own = roster(flexible(week_hours=Fraction(week)))
    assert counted(own, first="2026-01-01", last="2026-12-31").norm == year


def test_fixed_hours_give_the_norm_of_every_month_of_2026() -> None:
    """9–18 with lunch against the production calendar, month by month (§4.3)."""
    year = counted(roster(fixed()), first="2026-01-01", last="2026-12-31")
    totals = [
        sum((each.norm for each in year.days if each.day.month == number), timedelta()) for number in range(1, 13)
    ]
    expected = [120, 152, 168, 175, 151, 167, 184, 168, 176, 176, 159, 176]
    assert [each / h("1") for each in totals] == expected


def test_lesson_22_a_flexible_day_invents_nothing() -> None:
    """Ten hours on a Saturday evening are no lateness, no overtime, no day off: only the period's balance knows."""
    own = roster(flexible())
    month = counted(own, "in 2026-07-18 12:00", "out 2026-07-18 22:00", first="2026-07-01", last="2026-07-31")
    saturday = month.day(date(2026, 7, 18))
    assert (saturday.late, saturday.early, saturday.over, saturday.off_day) == (h("0"),) * 4
    assert (month.balance, saturday.balance) == (h("10") - h("184"), None)
    assert not month.flagged(Flag.MISSING)


def test_without_a_schedule_nothing_is_compared() -> None:
    """Hours are hours; there is no norm, no balance, no missing day."""
    month = counted(roster(), *DAY, first="2026-07-01", last="2026-07-31")
    assert (month.worked, month.norm, month.balance, month.over) == (h("8"), h("0"), None, h("0"))
    assert not any(each.flags for each in month.days)


def test_a_year_that_is_not_known_has_no_norm() -> None:
    """It is said instead of being invented; the hours worked are known all the same."""
    year = counted(
        roster(fixed()), "in 2040-07-18 09:00", "out 2040-07-18 18:00", first="2040-07-01", last="2040-07-31"
    )
    assert (year.norm_is_known, year.norm, year.balance) == (False, None, None)
    assert year.worked == h("9")
    assert counted(roster(), first="2040-07-01", last="2040-07-31").norm_is_known


def test_lesson_23_leave_reduces_the_norm_and_adds_no_work() -> None:
    """A week of vacation in July: 40 h less to work, none worked."""
    vacation = leave(AbsenceKind.VACATION, date(2026, 7, 13), date(2026, 7, 19))
    month = counted(roster(fixed()), first="2026-07-01", last="2026-07-31", absences=[vacation])
    assert (month.norm, month.worked) == (h("144"), h("0"))
    assert month.absences == {AbsenceKind.VACATION: Away(days=7, workdays=5)}
    assert not any(Flag.MISSING in each.flags for each in month.part(date(2026, 7, 13), date(2026, 7, 19)).days)


def test_absences_count_on_days_of_employment() -> None:
    """Who was hired in the middle of their vacation was away from then on."""
    own = roster(fixed(), employments=[Employment(1, 1, 7, since=date(2026, 7, 16))])
    vacation = leave(AbsenceKind.VACATION, date(2026, 7, 13), date(2026, 7, 19))
    month = counted(own, first="2026-07-01", last="2026-07-31", absences=[vacation])
    assert month.absences == {AbsenceKind.VACATION: Away(days=4, workdays=2)}


@pytest.mark.parametrize("kind", [AbsenceKind.REMOTE, AbsenceKind.BUSINESS_TRIP])
def test_recorded_work_elsewhere_takes_nothing_off_the_norm(kind: AbsenceKind) -> None:
    """Remote work and business trips are work: what was recorded is compared."""
    told = ("in 2026-07-15 09:00", "out 2026-07-15 16:00")
    account = counted(roster(fixed()), *told, first="2026-07-15", absences=[leave(kind, WEDNESDAY)])
    assert (account.norm, account.balance) == (h("8"), h("-1"))
    assert account.absences == {kind: Away(days=1, workdays=1)}


@pytest.mark.parametrize(("kind", "norm"), [(AbsenceKind.REMOTE, "8"), (AbsenceKind.BUSINESS_TRIP, "0")])
def test_a_day_of_a_trip_without_marks_asks_for_nothing(kind: AbsenceKind, norm: str) -> None:
    """Who travels for the company cannot always check in, and owes it no hours for that; at home one can."""
    account = counted(roster(fixed()), first="2026-07-15", absences=[leave(kind, WEDNESDAY)])
    assert (account.norm, account.worked) == (h(norm), h("0"))


def test_hours_away_take_so_many_off_the_norm() -> None:
    """The morning away, 9 to 12: five hours are left, nobody is late at noon, and lunch is not taken off twice."""
    morning = leave(AbsenceKind.DAY_OFF, WEDNESDAY, between="9:00-12:00")
    told = ("in 2026-07-15 12:00", "break 2026-07-15 13:00", "back 2026-07-15 14:00", "out 2026-07-15 18:00")
    (day,) = counted(roster(fixed()), *told, first="2026-07-15", absences=[morning]).days
    assert (day.norm, day.worked, day.balance, day.late, day.over) == (h("5"), h("5"), h("0"), h("0"), h("0"))
    afternoon = leave(AbsenceKind.DAY_OFF, WEDNESDAY, between="12:00-18:00")
    assert counted(roster(fixed()), first="2026-07-15", absences=[afternoon]).norm == h("3")


def test_lesson_21_two_half_days_are_a_whole_one() -> None:
    """Both halves away, or one more that overlaps them: nothing is asked for, and nobody is missing."""
    halves = [
        leave(AbsenceKind.DAY_OFF, WEDNESDAY, between=each) for each in ("9:00-13:00", "13:00-18:00", "12:00-15:00")
    ]
    account = counted(roster(fixed()), first="2026-07-15", absences=halves)
    assert account.norm == h("0")
    assert not account.flagged(Flag.MISSING)


@pytest.mark.parametrize(
    ("away", "left"),
    [
        (("9:00-11:00", "10:00-12:00"), "5"),
        (("9:00-12:00", "10:00-11:00"), "5"),
        (("7:00-11:00",), "6"),
        (("17:00-20:00",), "7"),
        (("19:00-20:00",), "8"),
        (("13:00-14:00",), "8"),
    ],
)
def test_hours_away_count_once_and_within_the_shift(away: tuple[str, ...], left: str) -> None:
    """Overlapping hours, hours before and after the shift, and its lunch take nothing off that was not planned."""
    absences = [leave(AbsenceKind.DAY_OFF, WEDNESDAY, between=each) for each in away]
    assert counted(roster(fixed()), first="2026-07-15", absences=absences).norm == h(left)


def test_remote_hours_take_nothing_off_the_norm() -> None:
    """A morning at home is work."""
    remote = leave(AbsenceKind.REMOTE, WEDNESDAY, between="9:00-12:00")
    account = counted(roster(fixed()), first="2026-07-15", absences=[remote])
    assert (account.norm, account.absences) == (h("8"), {AbsenceKind.REMOTE: Away(hours=h("3"))})


def test_hours_away_without_a_shift_take_off_no_more_than_there_is() -> None:
    """A flexible day: three hours away leave five, ten leave none."""
    for between, left in (("9:00-12:00", h("5")), ("8:00-18:00", h("0"))):
        away = leave(AbsenceKind.DAY_OFF, WEDNESDAY, between=between)
        assert counted(roster(flexible()), first="2026-07-15", absences=[away]).norm == left
        assert counted(roster(flexible()), first="2026-07-15", absences=[away]).absences[AbsenceKind.DAY_OFF].hours


def test_case_29_work_on_a_day_of_leave_is_shown_as_such() -> None:
    """All of it is over the plan, which is nothing; remote work is no contradiction."""
    (day,) = counted(roster(fixed()), *DAY, first="2026-07-15", absences=[leave(AbsenceKind.VACATION, WEDNESDAY)]).days
    assert (day.flags, day.over, day.norm) == (frozenset({Flag.AWAY}), h("8"), h("0"))
    (day,) = counted(roster(fixed()), *DAY, first="2026-07-15", absences=[leave(AbsenceKind.REMOTE, WEDNESDAY)]).days
    assert day.flags == frozenset()


def test_a_running_day_counts_up_to_now_and_says_so() -> None:
    """At half past four: six and a half hours, no early leave yet."""
    told = DAY[:3]
    (day,) = counted(roster(fixed()), *told, first="2026-07-15", now="2026-07-15 16:30").days
    assert (day.worked, day.on_break, day.early) == (h("6:30"), h("1"), h("0"))
    assert day.flags == frozenset({Flag.RUNNING})


def test_case_32_a_date_with_a_waiting_correction_is_marked() -> None:
    """The old value counts until then."""
    (day,) = counted(roster(fixed()), *DAY, first="2026-07-15", pending=[WEDNESDAY]).days
    assert (day.worked, day.flags) == (h("8"), frozenset({Flag.PENDING}))


def test_a_planned_break_that_nobody_took_is_marked_on_long_days_only() -> None:
    """Four hours may go without (art. 108); a second session counts the time between as the break."""
    own = roster(fixed())
    for told, flags in (
        (("in 2026-07-15 09:00", "out 2026-07-15 18:00"), {Flag.NO_PAUSE}),
        (("in 2026-07-15 14:00", "out 2026-07-15 18:00"), set()),
        (("in 2026-07-15 09:00", "out 2026-07-15 13:00", "in 2026-07-15 14:00", "out 2026-07-15 18:00"), set()),
    ):
        assert counted(own, *told, first="2026-07-15").days[0].flags == flags


TWO_TWO = rota(date(2026, 6, 1), "8:00-20:00", "8:00-20:00", "", "", pause=PlannedBreak(timedelta(hours=1)))
"""In June on the 1st, 2nd, 5th, 6th … 21st, 22nd, 25th, 26th, 29th and 30th: sixteen shifts of eleven hours."""


def test_vacation_takes_its_shifts_from_the_norm_of_summed_accounting() -> None:
    """22 to 28 June is three shifts, 33 h, whatever weekdays it holds: 493 h of the quarter become 460 (art. 104)."""
    away = leave(AbsenceKind.VACATION, date(2026, 6, 22), date(2026, 6, 28))
    quarter = counted(roster(TWO_TWO), first="2026-04-01", last="2026-06-30", absences=[away])
    assert counted(roster(TWO_TWO), first="2026-04-01", last="2026-06-30").norm == h("493")
    assert (quarter.norm, quarter.balance) == (h("460"), -h("460"))
    assert quarter.part(date(2026, 6, 1), date(2026, 6, 30)).norm == h("134")


def test_a_leave_between_shifts_takes_nothing_from_the_norm() -> None:
    """The 23rd and the 24th, a Tuesday and a Wednesday, are days off of that rota; a Saturday's shift is a shift."""
    for first, last, norm in ((23, 24, "167"), (6, 7, "156")):
        away = leave(AbsenceKind.UNPAID, date(2026, 6, first), date(2026, 6, last))
        assert counted(roster(TWO_TWO), first="2026-06-01", last="2026-06-30", absences=[away]).norm == h(norm)


def test_hours_away_on_a_saturday_s_shift_lower_the_norm() -> None:
    """Three of its hours; the calendar asks for none that day, the shift does."""
    away = leave(AbsenceKind.UNPAID, date(2026, 6, 6), between="8:00-11:00")
    assert counted(roster(TWO_TWO), first="2026-06-01", last="2026-06-30", absences=[away]).norm == h("164")


def test_nobody_owes_less_than_nothing() -> None:
    """June away is sixteen shifts, 176 h, more than the calendar's 167: no norm is left, and no credit either."""
    away = leave(AbsenceKind.VACATION, date(2026, 6, 1), date(2026, 6, 30))
    june = counted(roster(TWO_TWO), first="2026-06-01", last="2026-06-30", absences=[away])
    assert (june.norm, june.balance) == (h("0"), h("0"))


def test_two_sessions_of_a_date_are_one_day() -> None:
    """The gap is neither work nor break (case 10); lateness is of the first, early leave of the last."""
    told = ("in 2026-07-15 09:00", "out 2026-07-15 12:00", "in 2026-07-15 15:00", "out 2026-07-15 18:00")
    (day,) = counted(roster(fixed()), *told, first="2026-07-15").days
    assert (day.worked, day.on_break, day.late, day.early) == (h("6"), h("0"), h("0"), h("0"))
    assert len(day.sessions) == 2


def test_workdays_are_the_plan_s_where_it_names_days_else_the_calendar_s() -> None:
    """A rota works on Sunday; a flexible person's Sunday is off."""
    sunday = "2026-07-19"
    assert counted(roster(rota(date(2026, 7, 19), "8:00-20:00", "")), first=sunday).days[0].is_workday
    assert not counted(roster(flexible()), first=sunday).days[0].is_workday
    assert counted(roster(flexible()), first="2026-07-15").days[0].is_workday
    assert not counted(roster(fixed()), first=sunday).days[0].is_workday
    hired_later = roster(flexible(), employments=[Employment(1, 1, 7, since=date(2026, 7, 16))])
    assert not counted(hired_later, first="2026-07-15").days[0].is_workday


def test_a_paid_break_is_work_up_to_its_length() -> None:
    """Of 45 minutes away half an hour is paid: it is worked time and shows as a break all the same."""
    own = roster(fixed("9:00-17:30", PlannedBreak(timedelta(minutes=30), is_paid=True)))
    told = ("in 2026-07-15 09:00", "break 2026-07-15 13:00", "back 2026-07-15 13:45", "out 2026-07-15 17:30")
    (day,) = counted(own, *told, first="2026-07-15").days
    assert (day.worked, day.on_break, day.norm) == (h("8:15"), h("0:45"), h("8:30"))
    more = (*told[:3], "break 2026-07-15 15:00", "back 2026-07-15 15:10", told[3])
    assert counted(own, *more, first="2026-07-15").worked == h("8:05")


def test_a_paid_break_is_never_taken_off() -> None:
    """Nobody loses work for not having taken it."""
    own = roster(fixed("9:00-17:30", PlannedBreak(timedelta(minutes=30), is_paid=True, is_deducted=True)))
    assert counted(own, "in 2026-07-15 09:00", "out 2026-07-15 17:30", first="2026-07-15").worked == h("8:30")
