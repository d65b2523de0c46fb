"""From the slots of an order to a schedule: shapes, breaks, details, and what is refused."""

from datetime import date, time, timedelta
from fractions import Fraction
from typing import Any

import pytest

from bot.domain.planning.fitting import BreakTooLong, HoursOverRate
from bot.domain.planning.schedule import NO_SCHEDULE, Hours, PlannedBreak, Schedule, ScheduleKind
from bot.services.planning.said_schedules import NoHoursSaid, schedule_of, shift_of

SINCE = date(2026, 7, 18)
DAY, NIGHT = {"start": "08:00", "end": "20:00"}, {"start": "20:00", "end": "08:00"}
MORNING = {"start": "09:00", "end": "12:00"}
OFFICE = {"kind": "fixed", "hours": [{"start": "09:00", "end": "18:00"}]}
NINE_TO_SIX = Hours(time(9), time(18))


def described(**slots: Any) -> Schedule:
    """Return the schedule of some slots."""
    return schedule_of(slots, SINCE)


def test_fixed() -> None:
    """Hours without days are those of Monday to Friday."""
    schedule = described(**OFFICE)
    assert (ScheduleKind.FIXED, (NINE_TO_SIX,) * 5 + (None, None)) == (schedule.kind, schedule.days)
    short_friday = [DAY, {"start": "09:00", "end": "16:45"}]
    schedule = described(kind="fixed", hours=short_friday, days=[0, 0, 0, 0, 1, None, None])
    assert Hours(time(9), time(16, 45)) == schedule.days[4]


def test_rota() -> None:
    """A rota begins with the first day of its cycle on the day from which it is valid."""
    schedule = described(kind="rota", hours=[DAY, NIGHT], cycle=[0, 1, None, None])
    assert SINCE == schedule.anchor
    days = [schedule.hours(SINCE + timedelta(days=number)) for number in range(5)]
    assert [time(8), time(20), None, None, time(8)] == [each and each.start for each in days]


def test_flexible() -> None:
    """A flexible schedule has the norm that was said, else the production calendar's."""
    schedule = described(kind="flexible", norm_hours=160, norm_per="month")
    assert (timedelta(hours=160), "month", ()) == (schedule.norm, schedule.norm_per, schedule.days)
    assert described(kind="flexible").norm is None


@pytest.mark.parametrize(
    ("slots", "pause"),
    [
        ({}, PlannedBreak(timedelta(hours=1))),
        ({"break": {"start": None, "minutes": 0}}, PlannedBreak()),
        ({"break": {"start": "13:00", "minutes": 30}}, PlannedBreak(timedelta(minutes=30), time(13))),
        ({"break_is_paid": True}, PlannedBreak(timedelta(hours=1), is_paid=True)),
        ({"deducts_break": True}, PlannedBreak(timedelta(hours=1), is_deducted=True)),
        ({"hours": [{"start": "09:00", "end": "17:59"}]}, PlannedBreak()),
        ({"hours": [NIGHT]}, PlannedBreak(timedelta(hours=1))),
    ],
)
def test_break(slots: dict[str, Any], pause: PlannedBreak) -> None:
    """From nine hours on, an hour's break is planned unless something else was said; it is never paid by itself."""
    assert pause == described(**{**OFFICE, **slots}).pause


def test_more() -> None:
    """Part of a rate, another week and grace are taken over."""
    schedule = described(**{**OFFICE, "hours": [MORNING]}, fraction="1/2", week_hours=36, grace_minutes=10)
    assert (Fraction(1, 2), Fraction(36)) == (schedule.fraction, schedule.week_hours)
    assert timedelta(minutes=10) == schedule.grace


def test_hours_and_part_of_a_rate_that_contradict() -> None:
    """Half of 40 hours is 9-13 every day, or two days and a half of eight hours; more is not taken, in either order."""
    assert described(**{**OFFICE, "hours": [{"start": "09:00", "end": "13:00"}]}, fraction="1/2").fraction == Fraction(
        1, 2
    )
    assert described(**{**OFFICE, "days": [0, None, 0, None, None, None, None]}, fraction="1/2")
    with pytest.raises(HoursOverRate):
        described(**OFFICE, fraction="1/2")
    with pytest.raises(HoursOverRate):
        schedule_of({"fraction": "1/2"}, SINCE, described(**OFFICE))
    assert described(**{**OFFICE, "hours": [{"start": "08:00", "end": "19:00"}]}).fraction == 1


def test_details() -> None:
    """Where only a detail was said, everything else stays; where hours were said, nothing of before does."""
    base = described(**OFFICE, grace_minutes=15, **{"break": {"start": "13:00", "minutes": 30}})
    changed = schedule_of({"break_is_paid": True}, SINCE, base)
    assert PlannedBreak(timedelta(minutes=30), time(13), is_paid=True) == changed.pause
    assert (timedelta(minutes=15), base.days) == (changed.grace, changed.days)
    assert described(**OFFICE) == schedule_of(OFFICE, SINCE, base)


def test_none() -> None:
    """No schedule is no schedule, whatever else was said."""
    assert NO_SCHEDULE == described(kind="none", grace_minutes=10)


@pytest.mark.parametrize(
    "slots", [{"kind": "fixed", "hours": []}, {"kind": "rota", "hours": [], "cycle": [0, None]}, {"grace_minutes": 10}]
)
def test_no_hours(slots: dict[str, Any]) -> None:
    """Without hours, or with nothing that a detail could change, the hours are asked for."""
    with pytest.raises(NoHoursSaid):
        described(**slots)


def test_break_longer_than_the_shift() -> None:
    """A break that leaves nothing of a shift is refused."""
    with pytest.raises(BreakTooLong):
        described(kind="fixed", hours=[{"start": "09:00", "end": "10:00"}], **{"break": {"start": None, "minutes": 60}})


def test_shift() -> None:
    """A named shift has the break of the schedule, else one of its own from nine hours on; a day off has neither."""
    lunch = PlannedBreak(timedelta(minutes=30), time(13))
    assert (Hours(time(8), time(20)), lunch) == shift_of({"hours": DAY}, lunch)
    assert Hours(time(20), time(8), "ночная") == shift_of({"hours": NIGHT, "shift": "ночная"}, lunch)[0]
    assert PlannedBreak(timedelta(hours=1)) == shift_of({"hours": NIGHT}, PlannedBreak())[1]
    assert (None, PlannedBreak()) == shift_of({"off": True}, lunch)
    with pytest.raises(NoHoursSaid):
        shift_of({}, lunch)


@pytest.mark.parametrize(
    ("hours", "start"),
    [
        (("12:00", "21:00"), time(16)),
        (("06:00", "15:00"), time(10)),
        (("20:00", "08:00"), time(1, 30)),
        (("10:00", "19:00"), time(13)),
        (("08:00", "17:00"), time(13)),
    ],
)
def test_a_planned_break_lies_inside_other_hours(hours: tuple[str, str], start: time) -> None:
    """A break that was planned at 13:00 goes to the middle of a shift at whose edge 13:00 lies, or outside."""
    named = {"start": hours[0], "end": hours[1]}
    assert (
        PlannedBreak(timedelta(hours=1), start)
        == shift_of({"hours": named}, PlannedBreak(timedelta(hours=1), time(13)))[1]
    )


def test_four_hours_need_no_break() -> None:
    """A shift of four hours has none of the schedule's break; one without a time keeps none in longer ones."""
    lunch = PlannedBreak(timedelta(hours=1), time(13))
    assert PlannedBreak() == shift_of({"hours": {"start": "12:00", "end": "16:00"}}, lunch)[1]
    anywhere = PlannedBreak(timedelta(hours=1))
    assert anywhere == shift_of({"hours": {"start": "12:00", "end": "18:00"}}, anywhere)[1]
