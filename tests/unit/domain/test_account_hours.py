"""Night, holidays, days off, over plan and overtime; lateness and early leave; breaks that a plan takes off."""

from datetime import date, time, timedelta
from itertools import pairwise

import pytest

from bot.domain.leave.absence import AbsenceKind
from bot.domain.people.staff import Employment
from bot.domain.planning.calendar import ProductionCalendar
from bot.domain.planning.schedule import Hours, PlannedBreak, PlannedDate, Schedule
from bot.domain.reports.account import DayAccount, Flag
from bot.domain.reports.counting import account
from bot.domain.workday.punch_log import derive
from tests.unit.domain.logs import at, punches
from tests.unit.domain.plans import LUNCH, counted, fixed, flexible, h, leave, roster, rota

LAST_OF_APRIL = date(2026, 4, 30)
NIGHTS = ("21:00-9:00", "", "", "")
DEDUCTED = PlannedBreak(timedelta(hours=1), time(13), is_deducted=True)


def one(own: object, *told: str, **more: object) -> DayAccount:
    """Return the only date of an account: that of the first mark."""
    (day,) = counted(own, *told, first=told[0].split()[1], **more).days  # type: ignore[arg-type]
    return day


# Hours away at the edge of a shift.


@pytest.mark.parametrize(
    ("away", "came", "left", "late", "early"),
    [
        (("9:00-13:00",), "14:00", "18:00", "0", "0"),
        (("9:00-13:00",), "14:05", "18:00", "0", "0"),
        (("9:00-13:00",), "14:06", "18:00", "0:06", "0"),
        (("9:00-12:59",), "14:00", "18:00", "1:01", "0"),
        (("9:00-13:30",), "14:00", "18:00", "0", "0"),
        (("9:00-14:00",), "14:00", "18:00", "0", "0"),
        (("9:00-11:00", "11:00-13:00"), "14:00", "18:00", "0", "0"),
        (("9:00-13:00", "14:00-15:00"), "15:00", "18:00", "0", "0"),
        (("14:00-18:00",), "9:00", "13:00", "0", "0"),
        (("14:00-18:00",), "9:00", "12:50", "0", "0:10"),
        (("13:30-18:00",), "9:00", "13:00", "0", "0"),
        (("14:01-18:00",), "9:00", "13:00", "0", "1:01"),
    ],
)
def test_hours_away_that_meet_the_unpaid_lunch_go_on_in_it(
    away: tuple[str, ...], came: str, left: str, late: str, early: str
) -> None:
    """Away until one and lunch until two: in at two is on time; lunch and away from two: out at one is not early."""
    monday = date(2026, 7, 13)
    absences = [leave(AbsenceKind.DAY_OFF, monday, between=each) for each in away]
    day = one(roster(fixed()), f"in {monday} {came:0>5}", f"out {monday} {left:0>5}", absences=absences)
    assert (day.late, day.early) == (h(late), h(early))


def test_a_paid_lunch_is_work() -> None:
    """Who is away until a paid break is expected in it; so is who has hours away where no time of lunch is planned."""
    monday = date(2026, 7, 13)
    for pause in (PlannedBreak(timedelta(hours=1), time(13), is_paid=True), PlannedBreak(timedelta(hours=1))):
        absences = [leave(AbsenceKind.DAY_OFF, monday, between="9:00-13:00")]
        told = (f"in {monday} 14:00", f"out {monday} 18:00")
        assert h("1") == one(roster(fixed(pause=pause)), *told, absences=absences).late


# Night (art. 96).


def test_case_48_a_night_of_22_to_6_is_eight_hours() -> None:
    """Not seven, as a known project counts."""
    assert one(roster(), "in 2026-07-13 22:00", "out 2026-07-14 06:00").night == h("8")


@pytest.mark.parametrize(
    ("start", "end", "night"),
    [
        ("2026-07-13 21:59", "2026-07-13 22:01", "0:01"),
        ("2026-07-14 05:59", "2026-07-14 06:01", "0:01"),
        ("2026-07-14 06:00", "2026-07-14 22:00", "0"),
        ("2026-07-14 04:00", "2026-07-14 23:00", "3"),
        ("2026-07-14 00:00", "2026-07-14 03:00", "3"),
        ("2026-07-13 20:00", "2026-07-15 08:00", "16"),
        ("2026-07-13 23:30", "2026-07-14 00:30", "1"),
    ],
)
def test_night_begins_at_22_and_ends_at_6(start: str, end: str, night: str) -> None:
    """Both edges, both sides of midnight, and two nights in one session."""
    assert one(roster(), f"in {start}", f"out {end}").night == h(night)


def test_case_48_breaks_in_the_night_are_taken_off() -> None:
    """An hour at 2 takes an hour off; half an hour over the edge at 6 takes off its part."""
    told = ("in 2026-07-13 22:00", "break 2026-07-14 02:00", "back 2026-07-14 03:00", "out 2026-07-14 06:00")
    assert one(roster(), *told).night == h("7")
    told = ("in 2026-07-13 22:00", "break 2026-07-14 05:45", "back 2026-07-14 06:15", "out 2026-07-14 08:00")
    assert one(roster(), *told).night == h("7:45")


@pytest.mark.parametrize(
    ("zone", "evening", "hours"),
    [
        ("Europe/Berlin", date(2026, 3, 28), "7"),
        ("Europe/Berlin", date(2026, 10, 24), "9"),
        ("America/New_York", date(2026, 3, 7), "7"),
        ("America/New_York", date(2026, 10, 31), "9"),
        ("Australia/Lord_Howe", date(2026, 4, 4), "8:30"),
        ("Australia/Lord_Howe", date(2026, 10, 3), "7:30"),
        ("Europe/Moscow", date(2026, 3, 28), "8"),
        ("Europe/Moscow", date(2026, 10, 24), "8"),
    ],
)
def test_case_52_nights_when_clocks_change_in_four_zones(zone: str, evening: date, hours: str) -> None:
    """22:00 to 06:00 lasts what it lasted, all of it is night, both halves add up, and it is marked as such."""
    morning = evening + timedelta(days=1)
    plan = roster(rota(evening, "22:00-6:00", ""), zone=zone)
    account = counted(plan, f"in {evening} 22:00", f"out {morning} 06:00", first=str(evening), last=str(morning))
    day = account.days[0]
    assert (day.worked, day.night, day.plan) == (h(hours),) * 3
    assert (day.late, day.early, day.over) == (h("0"),) * 3
    assert (Flag.CLOCKS in day.flags) == (zone != "Europe/Moscow")
    assert [each.worked for each in account.split().values()] == [h("2"), h(hours) - h("2")]


def test_a_day_of_25_hours_is_24_by_its_plan_and_25_by_the_clock() -> None:
    """A watch from 8 to 8 over the change lasts 25 hours, of which nine are night."""
    plan = roster(rota(date(2026, 10, 24), "8:00-8:00", ""), zone="Europe/Berlin")
    day = one(plan, "in 2026-10-24 08:00", "out 2026-10-25 08:00")
    assert (day.worked, day.night, day.plan, day.over) == (h("25"), h("9"), h("25"), h("0"))


# Holidays and days off (art. 112, 153).


def test_case_49_nine_of_twelve_hours_fall_on_the_holiday() -> None:
    """21:00 on 30 April to 09:00 on 1 May: the holiday begins at midnight."""
    day = one(roster(rota(LAST_OF_APRIL, *NIGHTS)), "in 2026-04-30 21:00", "out 2026-05-01 09:00")
    assert (day.worked, day.holiday, day.over, day.off_day) == (h("12"), h("9"), h("0"), h("0"))


def test_case_49_breaks_on_the_holiday_are_taken_off() -> None:
    """An hour's break at 2 leaves eight; one that began before midnight counts on either side."""
    plan = roster(rota(LAST_OF_APRIL, *NIGHTS))
    told = ("in 2026-04-30 21:00", "break 2026-05-01 02:00", "back 2026-05-01 03:00", "out 2026-05-01 09:00")
    assert one(plan, *told).holiday == h("8")
    told = ("in 2026-04-30 21:00", "break 2026-04-30 23:30", "back 2026-05-01 00:30", "out 2026-05-01 09:00")
    assert one(plan, *told).holiday == h("8:30")


def test_the_midnight_of_a_holiday_is_that_of_the_session_s_zone() -> None:
    """In Vladivostok 1 May begins seven hours before Moscow's."""
    day = one(roster(zone="Asia/Vladivostok"), "in 2026-04-30 21:00", "out 2026-05-01 09:00")
    assert day.holiday == h("9")


def test_a_moved_day_off_and_a_weekend_are_no_holidays() -> None:
    """11 May 2026 (moved from the 9th) and a Saturday are days off; 9 May itself is a holiday."""
    assert ProductionCalendar().is_off(date(2026, 5, 11))
    for day, holiday, off_day in (("05-11", "0", "8"), ("07-18", "0", "8"), ("05-09", "8", "0")):
        found = one(roster(fixed()), f"in 2026-{day} 10:00", f"out 2026-{day} 18:00")
        assert (found.holiday, found.off_day, found.over) == (h(holiday), h(off_day), h("0"))


def test_a_session_out_of_a_holiday_is_divided() -> None:
    """From 20:00 on 4 November: four hours are the holiday's, two of the workday after it, over its plan."""
    day = one(roster(fixed()), "in 2026-11-04 20:00", "out 2026-11-05 02:00")
    assert (day.holiday, day.off_day, day.over) == (h("4"), h("0"), h("2"))


def test_a_day_off_is_from_midnight_to_midnight() -> None:
    """Only the hours that fall on it are of it (art. 153): Friday's work into Saturday, and Sunday's into Monday."""
    told = ("in 2026-07-17 09:00", "break 2026-07-17 13:00", "back 2026-07-17 14:00", "out 2026-07-18 02:00")
    friday = one(roster(fixed()), *told)
    assert (friday.worked, friday.plan, friday.off_day, friday.over) == (h("16"), h("8"), h("2"), h("6"))
    sunday = one(roster(fixed()), "in 2026-07-19 22:00", "out 2026-07-20 06:00")
    assert (sunday.worked, sunday.off_day, sunday.over) == (h("8"), h("2"), h("6"))


def test_the_morning_after_a_night_shift_is_no_day_off() -> None:
    """Its shift ends there at eight: to stay, or to come again, is work over the plan; the date after is free."""
    plan = roster(rota(date(2026, 7, 13), "20:00-8:00", "", "", ""))
    told = (
        "in 2026-07-13 20:00", "out 2026-07-14 10:00", "in 2026-07-14 15:00", "out 2026-07-14 18:00",
        "in 2026-07-15 15:00", "out 2026-07-15 18:00",
    )  # fmt: skip
    days = counted(plan, *told, first="2026-07-13", last="2026-07-15").days
    assert [(each.off_day, each.over) for each in days] == [(h("0"), h("2")), (h("0"), h("3")), (h("3"), h("0"))]


def test_work_outside_the_employment_is_not_that_of_a_day_off() -> None:
    """Somebody who began before the day the portal knows has worked, and no plan was there to rest by."""
    own = roster(fixed(), employments=[Employment(1, 1, 7, since=date(2026, 7, 16))])
    day = one(own, "in 2026-07-15 09:00", "out 2026-07-15 17:00")
    assert (day.worked, day.off_day, day.over) == (h("8"), h("0"), h("0"))


def test_a_day_off_of_a_rota_is_the_rota_s() -> None:
    """Its Sunday is a workday, its free Tuesday a day off."""
    plan = roster(rota(date(2026, 7, 12), "8:00-20:00", "8:00-20:00", "", ""))
    assert one(plan, "in 2026-07-12 08:00", "out 2026-07-12 20:00").off_day == h("0")
    assert one(plan, "in 2026-07-14 08:00", "out 2026-07-14 12:00").off_day == h("4")


def test_holiday_hours_count_without_a_schedule_too() -> None:
    """The law knows the day, whatever the plan."""
    for own in (roster(), roster(flexible())):
        assert one(own, "in 2026-05-01 10:00", "out 2026-05-01 15:00").holiday == h("5")


def test_a_day_named_off_is_a_day_off() -> None:
    """And a Saturday named as a shift is none."""
    named = [
        PlannedDate(1, 7, date(2026, 7, 15), None),
        PlannedDate(1, 7, date(2026, 7, 18), Hours(time(10), time(14))),
    ]
    own = roster(fixed(), dates=named)
    assert one(own, "in 2026-07-15 10:00", "out 2026-07-15 12:00").off_day == h("2")
    day = one(own, "in 2026-07-18 10:00", "out 2026-07-18 15:00")
    assert (day.off_day, day.plan, day.over) == (h("0"), h("3"), h("2"))


# Over plan, and overtime only as far as approved (§4.5).


@pytest.mark.parametrize(("approved", "overtime"), [("0", "0"), ("1", "1"), ("2", "2"), ("5", "2")])
def test_over_the_plan_is_overtime_only_as_far_as_approved(approved: str, overtime: str) -> None:
    """Two hours over; what a lead approved of them is overtime, never more than was worked."""
    told = ("in 2026-07-15 09:00", "break 2026-07-15 13:00", "back 2026-07-15 14:00", "out 2026-07-15 20:00")
    day = one(roster(fixed()), *told, overtimes={date(2026, 7, 15): h(approved)})
    assert (day.over, day.overtime) == (h("2"), h(overtime))


@pytest.mark.parametrize("schedule", [[flexible()], []])
def test_approved_overtime_counts_where_no_hours_are_planned(schedule: list[Schedule]) -> None:
    """Flexible, or without a schedule: two hours that a lead approved are overtime, no more than was worked."""
    told = ("in 2026-07-15 09:00", "out 2026-07-15 20:00")
    for approved, overtime in (("0", "0"), ("2", "2"), ("12", "11")):
        day = one(roster(*schedule), *told, overtimes={date(2026, 7, 15): h(approved)})
        assert (day.over, day.overtime) == (h(overtime), h(overtime))
    holiday = one(
        roster(*schedule), "in 2026-06-12 10:00", "out 2026-06-12 15:00", overtimes={date(2026, 6, 12): h("2")}
    )
    assert (holiday.holiday, holiday.overtime) == (h("5"), h("0"))


def test_holiday_hours_beyond_the_plan_are_not_over_it_as_well() -> None:
    """From a short 30 April into 1 May: seven hours of the plan, seven over it, three on the holiday."""
    told = ("in 2026-04-30 09:00", "break 2026-04-30 13:00", "back 2026-04-30 14:00", "out 2026-05-01 03:00")
    day = one(roster(fixed()), *told)
    assert (day.worked, day.plan, day.over, day.holiday) == (h("17"), h("7"), h("7"), h("3"))


def test_an_hour_more_at_the_end_of_a_holiday_night_is_holiday() -> None:
    """Until 10 instead of 9: ten hours of holiday, none over; an hour more before midnight is over."""
    plan = roster(rota(LAST_OF_APRIL, *NIGHTS))
    day = one(plan, "in 2026-04-30 21:00", "out 2026-05-01 10:00")
    assert (day.holiday, day.over) == (h("10"), h("0"))
    day = one(plan, "in 2026-04-30 20:00", "out 2026-05-01 09:00")
    assert (day.holiday, day.over) == (h("9"), h("1"))


def test_a_break_not_taken_on_a_holiday_is_not_over_the_plan() -> None:
    """All of that day is paid as a holiday already: 12 h of it, though 11 were planned."""
    day = one(
        roster(rota(date(2026, 5, 1), "8:00-20:00", "", pause=LUNCH)), "in 2026-05-01 08:00", "out 2026-05-01 20:00"
    )
    assert (day.worked, day.plan, day.holiday, day.over) == (h("12"), h("11"), h("12"), h("0"))


def test_less_than_planned_is_never_over() -> None:
    """Nor is it negative: that is the balance's business."""
    day = one(roster(fixed()), "in 2026-07-15 09:00", "out 2026-07-15 12:00")
    assert (day.over, day.balance) == (h("0"), h("3") - h("8"))


# Late, early, missing.


@pytest.mark.parametrize(
    ("came", "late"),
    [("08:30", "0"), ("09:00", "0"), ("09:05", "0"), ("09:06", "0:06"), ("10:15", "1:15"), ("19:00", "9")],
)
def test_lateness_counts_from_the_start_of_the_shift_beyond_the_grace(came: str, late: str) -> None:
    """Five minutes are free; a sixth makes six; nobody is later than the shift is long."""
    assert one(roster(fixed()), f"in 2026-07-15 {came}", "out 2026-07-15 20:00").late == h(late)


@pytest.mark.parametrize(
    ("left", "early"), [("17:00", "1"), ("17:54", "0:06"), ("17:55", "0"), ("18:00", "0"), ("19:00", "0")]
)
def test_early_leave_is_up_to_the_end_of_the_shift(left: str, early: str) -> None:
    """The same grace; breaks do not matter."""
    told = ("in 2026-07-15 09:00", "break 2026-07-15 10:00", "back 2026-07-15 12:00", f"out 2026-07-15 {left}")
    assert one(roster(fixed()), *told).early == h(early)


def test_who_left_before_the_shift_began_left_all_of_it() -> None:
    """Not more: the shift is nine hours long."""
    assert one(roster(fixed()), "in 2026-07-15 06:00", "out 2026-07-15 08:00").early == h("9")


def test_early_leave_is_known_once_the_shift_is_over() -> None:
    """Who checked out at noon may come back; at six it is said, unless they are still there."""
    told = ("in 2026-07-15 09:00", "out 2026-07-15 12:00")
    assert one(roster(fixed()), *told, now="2026-07-15 12:30").early == h("0")
    assert one(roster(fixed()), *told, now="2026-07-15 18:00").early == h("6")
    assert one(roster(fixed()), "in 2026-07-15 09:00", now="2026-07-15 18:30").early == h("0")


def test_the_short_day_ends_an_hour_earlier() -> None:
    """17:00 on 30 April is no early leave (art. 95)."""
    told = ("in 2026-04-30 09:00", "break 2026-04-30 13:00", "back 2026-04-30 14:00", "out 2026-04-30 17:00")
    day = one(roster(fixed()), *told)
    assert (day.early, day.norm, day.worked) == (h("0"), h("7"), h("7"))


def test_hours_away_excuse_their_edge_of_the_shift_only() -> None:
    """Away until 12: late is counted from there; away from 15 on: early leave up to there."""
    morning = leave(AbsenceKind.DAY_OFF, date(2026, 7, 15), between="9:00-12:00")
    evening = leave(AbsenceKind.BUSINESS_TRIP, date(2026, 7, 15), between="15:00-18:00")
    day = one(roster(fixed()), "in 2026-07-15 12:30", "out 2026-07-15 14:00", absences=[morning, evening])
    assert (day.late, day.early) == (h("0:30"), h("1"))
    noon = leave(AbsenceKind.DAY_OFF, date(2026, 7, 15), between="11:00-12:00")
    day = one(roster(fixed()), "in 2026-07-15 09:30", "out 2026-07-15 16:00", absences=[noon])
    assert (day.late, day.early) == (h("0:30"), h("2"))


def test_lesson_10_who_moves_to_another_zone_was_not_late_before() -> None:
    """Nine to six in Moscow, then nine to six in Vladivostok, where the person lives now: on time on both days."""
    far = "Asia/Vladivostok"
    log = [
        *punches("in 2026-07-15 09:00", "out 2026-07-15 18:00"),
        *punches("in 2026-07-17 09:00", "out 2026-07-17 18:00", zone=far, first=3),
    ]
    first, last = date(2026, 7, 15), date(2026, 7, 17)
    found = account(roster(fixed(), zone=far), derive(log), (), {}, first, last, at("2026-08-15 12:00"))
    for each in (found.day(first), found.day(last)):
        assert (each.late, each.early, each.over, each.norm) == (h("0"), h("0"), h("1"), h("8"))
    assert found.norm == h("24")


def test_case_28_missing_only_after_the_shift_and_its_grace() -> None:
    """Nothing recorded on Wednesday: a candidate for НН from 18:05 on, not from 09:05."""
    own = roster(fixed())
    for now, flags in (("09:30", set()), ("18:05", set()), ("18:06", {Flag.MISSING})):
        assert counted(own, first="2026-07-15", now=f"2026-07-15 {now}").days[0].flags == flags


@pytest.mark.parametrize(
    ("kind", "is_missing"),
    [
        (AbsenceKind.SICK, False), (AbsenceKind.OTHER, False), (AbsenceKind.BUSINESS_TRIP, False),
        (AbsenceKind.REMOTE, True),
    ],
)  # fmt: skip
def test_case_28_nobody_is_missing_who_is_known_to_be_away(kind: AbsenceKind, is_missing: bool) -> None:
    """Who works at home is expected to check in as always."""
    found = counted(roster(fixed()), first="2026-07-15", absences=[leave(kind, date(2026, 7, 15))])
    assert bool(found.flagged(Flag.MISSING)) == is_missing


def test_case_28_days_off_are_not_missing() -> None:
    """Two weeks of nothing: the ten workdays."""
    found = counted(roster(fixed()), first="2026-07-13", last="2026-07-26")
    assert [each.day.day for each in found.flagged(Flag.MISSING)] == [13, 14, 15, 16, 17, 20, 21, 22, 23, 24]


def test_lesson_5_a_night_shift_is_missing_only_after_its_morning() -> None:
    """Monday's 20:00–08:00 is not missed on Monday evening, nor at midnight."""
    plan = roster(rota(date(2026, 7, 13), "20:00-8:00", "", "", ""))
    for now, count in (("2026-07-14 00:30", 0), ("2026-07-14 08:04", 0), ("2026-07-14 08:06", 1)):
        assert len(counted(plan, first="2026-07-13", now=now).flagged(Flag.MISSING)) == count


def test_who_comes_to_a_night_shift_after_midnight_is_late_not_missing() -> None:
    """The hours count for Tuesday, the date on which they began; the lateness is of Monday's shift."""
    plan = roster(rota(date(2026, 7, 13), "20:00-8:00", "", "", ""))
    monday, tuesday = counted(
        plan, "in 2026-07-14 00:10", "out 2026-07-14 08:00", first="2026-07-13", last="2026-07-14"
    ).days
    assert (monday.late, monday.flags, monday.worked) == (h("4:10"), frozenset(), h("0"))
    assert (tuesday.worked, tuesday.off_day, tuesday.late) == (h("7:50"), h("0"), h("0"))


def test_the_shift_of_the_date_itself_goes_first() -> None:
    """Who comes at 07:50 answers the day shift, though the night shift of the day before still runs."""
    plan = roster(rota(date(2026, 7, 13), "20:00-8:00", "8:00-20:00"))
    monday, tuesday = counted(
        plan, "in 2026-07-14 07:50", "out 2026-07-14 20:00", first="2026-07-13", last="2026-07-14"
    ).days
    assert (monday.flags, tuesday.over) == (frozenset({Flag.MISSING}), h("0:10"))


def test_hours_away_after_midnight_belong_to_the_night_shift() -> None:
    """From 1 to 4 with the planned break at 2: two hours less of Monday's eleven, none of Tuesday's rest."""
    pause = PlannedBreak(timedelta(hours=1), time(2))
    plan = roster(rota(date(2026, 7, 13), "20:00-8:00", "", pause=pause))
    away = leave(AbsenceKind.OTHER, date(2026, 7, 14), between="1:00-4:00")
    monday, tuesday = counted(plan, first="2026-07-13", last="2026-07-14", absences=[away]).days
    assert (monday.plan, monday.absences, tuesday.absences) == (h("9"), (away,), ())


def test_who_comes_ten_minutes_before_a_midnight_shift_has_not_worked_on_a_day_off() -> None:
    """Sunday 23:50 answers Monday's shift from 0 to 8: no day off worked, no Monday missed, ten minutes over."""
    own = roster(fixed("0:00-8:00", PlannedBreak()))
    sunday, monday = counted(
        own, "in 2026-07-12 23:50", "out 2026-07-13 08:00", first="2026-07-12", last="2026-07-13"
    ).days
    assert (sunday.worked, sunday.off_day, sunday.over) == (h("8:10"), h("0"), h("0"))
    assert (monday.late, monday.over, monday.flags) == (h("0"), h("0:10"), frozenset())


# Breaks that a schedule takes off (art. 108).


@pytest.mark.parametrize(
    ("told", "worked"),
    [
        (("in 09:00", "out 18:00"), "8"),
        (("in 09:00", "break 12:00", "back 12:20", "out 18:00"), "8"),
        (("in 09:00", "break 12:00", "back 13:00", "out 18:00"), "8"),
        (("in 09:00", "break 12:00", "back 13:30", "out 18:00"), "7:30"),
        (("in 09:00", "out 13:00"), "4"),
        (("in 09:00", "out 13:10"), "4"),
        (("in 09:00", "out 14:00"), "4"),
        (("in 09:00", "out 14:10"), "4:10"),
        (("in 09:00", "out 12:00", "in 13:00", "out 18:00"), "8"),
        (("in 09:00", "out 12:00", "in 12:15", "out 18:00"), "8"),
    ],
)
def test_what_is_missing_of_a_deducted_break_is_taken_off(told: tuple[str, ...], worked: str) -> None:
    """None taken, a part, all, more; four hours need none, and who stays longer has not worked less; lunch outside."""
    marks = [f"{kind} 2026-07-15 {when}" for kind, when in (each.split() for each in told)]
    day = one(roster(fixed(pause=DEDUCTED)), *marks)
    assert (day.worked, Flag.NO_PAUSE in day.flags) == (h(worked), False)


def test_nothing_is_deducted_unless_the_schedule_says_so_nor_while_somebody_is_there() -> None:
    """The default is what people recorded."""
    told = ("in 2026-07-15 09:00", "out 2026-07-15 18:00")
    assert one(roster(fixed(pause=LUNCH)), *told).worked == h("9")
    assert one(roster(fixed(pause=DEDUCTED)), told[0], now="2026-07-15 17:00").worked == h("8")


def test_a_shift_named_for_a_date_has_its_own_break() -> None:
    """Half an hour of a Saturday instead of the hour of every day."""
    half = PlannedBreak(timedelta(minutes=30), is_deducted=True)
    named = [PlannedDate(1, 7, date(2026, 7, 18), Hours(time(10), time(16)), half)]
    day = one(roster(fixed(pause=DEDUCTED), dates=named), "in 2026-07-18 10:00", "out 2026-07-18 16:00")
    assert (day.worked, day.plan) == (h("5:30"), h("5:30"))


def test_a_deducted_break_lies_where_it_is_planned() -> None:
    """At 13:00 by day; at 2 in the night of a night shift, off whose night hours it comes."""
    day = one(roster(fixed(pause=DEDUCTED)), "in 2026-07-15 09:00", "out 2026-07-15 18:00")
    assert [(each.start, each.end) for each in day.stretches] == [
        (at("2026-07-15 09:00"), at("2026-07-15 13:00")),
        (at("2026-07-15 14:00"), at("2026-07-15 18:00")),
    ]
    pause = PlannedBreak(timedelta(hours=1), time(2), is_deducted=True)
    night = one(
        roster(rota(date(2026, 7, 13), "20:00-8:00", "", pause=pause)), "in 2026-07-13 20:00", "out 2026-07-14 08:00"
    )
    assert (night.worked, night.night) == (h("11"), h("7"))


def test_a_deducted_break_without_a_time_lies_in_the_middle() -> None:
    """And one whose time was not worked lies at the nearest end of what was."""
    anywhere = PlannedBreak(timedelta(hours=1), is_deducted=True)
    day = one(roster(fixed(pause=anywhere)), "in 2026-07-15 09:00", "out 2026-07-15 18:00")
    assert [each.end for each in day.stretches] == [at("2026-07-15 13:00"), at("2026-07-15 18:00")]
    day = one(roster(fixed(pause=DEDUCTED)), "in 2026-07-15 14:00", "out 2026-07-15 20:00")
    assert (day.worked, day.stretches[-1].end) == (h("5"), at("2026-07-15 19:00"))


def test_stretches_never_touch_twice_the_same_instant() -> None:
    """Breaks, a deduction and two sessions: what is left is in order and apart."""
    told = (
        "in 2026-07-15 08:00", "break 2026-07-15 10:00", "back 2026-07-15 10:10", "out 2026-07-15 12:50",
        "in 2026-07-15 13:00", "out 2026-07-15 18:00",
    )  # fmt: skip
    day = one(roster(fixed(pause=DEDUCTED)), *told)
    assert all(before.end <= after.start for before, after in pairwise(day.stretches))
    assert day.worked == h("9")
