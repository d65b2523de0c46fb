"""Planned time: schedules and the shifts that they mean on a date. The actual time is in `workday`.

A schedule is valid from a date on and never rewrites the past (case 74). Hours are wall-clock times of the employee's
zone, and become instants only for a date: so a night shift is an hour longer or shorter when clocks change.
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Any, Self
from zoneinfo import ZoneInfo

HALF_AN_HOUR = timedelta(minutes=30)
NEEDS_NO_BREAK = timedelta(hours=4)
"""Work of at most so long may go without a break (art. 108)."""
LONGEST_SHIFT_MARGIN = timedelta(hours=4)
LONGEST_SHIFT = timedelta(hours=16)
"""No session is plausible beyond its plan and four hours, nor beyond this where the plan itself is shorter."""


class ScheduleKind(StrEnum):
    """How time is planned."""

    FIXED = "fixed"
    """Hours by weekday, days off by the production calendar."""
    ROTA = "rota"
    """A cycle of shifts and days off that goes on over weekends and holidays."""
    FLEXIBLE = "flexible"
    """No hours of a day: only a norm of the week or the month."""
    NONE = "none"
    """Nothing is planned and nothing is compared."""


@dataclass(frozen=True, slots=True)
class Hours:
    """Planned hours of a day by the wall clock; an end not after the start is on the next day (8–8 is 24 hours)."""

    start: time
    end: time
    name: str = ""

    @property
    def span(self) -> timedelta:
        """From start to end by the wall clock, breaks included."""
        length = datetime.combine(date.min, self.end) - datetime.combine(date.min, self.start)
        return length if length > timedelta() else length + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PlannedBreak:
    """The break that a plan provides for. It is not counted as work unless paid (Labour Code art. 108)."""

    length: timedelta = timedelta()
    start: time | None = None
    is_paid: bool = False
    is_deducted: bool = False
    """Taken off by itself where a session shows no break. Off unless an administrator says so."""

    def within(self, hours: "Hours") -> "PlannedBreak":
        """Return the break for other hours than it was planned for.

        Hours of four and less have none (art. 108); a time that would lie at an edge of them, or outside, gives way
        to the middle.
        """
        span = hours.span
        if not self.length or span <= NEEDS_NO_BREAK or self.length >= span:
            return PlannedBreak()
        if self.start is None:
            return self
        before = (datetime.combine(date.min, self.start) - datetime.combine(date.min, hours.start)) % timedelta(days=1)
        after = span - before - self.length
        if min(before, after) >= span / 5:
            return self
        middle = (span - self.length) / 2
        middle -= middle % HALF_AN_HOUR
        return replace(self, start=(datetime.combine(date.min, hours.start) + middle).time())


@dataclass(frozen=True, slots=True)
class Schedule:
    """A way to plan time. `days` are Monday to Sunday of a FIXED schedule, or the cycle of a ROTA from `anchor` on."""

    kind: ScheduleKind
    days: tuple[Hours | None, ...] = ()
    anchor: date | None = None
    pause: PlannedBreak = field(default=PlannedBreak())
    grace: timedelta = timedelta(minutes=5)
    """Coming so much later is not late."""
    week_hours: Fraction = Fraction(40)
    """The law's week: 40, 36 or 24 hours; the norm of a day is a fifth of it (order 588н)."""
    fraction: Fraction = Fraction(1)
    """Part time as a fraction of the norm."""
    norm: timedelta | None = None
    """Of a FLEXIBLE schedule: hours a week or a month; None takes the production calendar's."""
    norm_per: str = ""
    """"week" or "month"."""
    accounting: str = "month"
    """The period at whose end overtime is found: "month", "quarter" or "year" (Labour Code art. 104)."""
    break_limit: timedelta = timedelta(hours=1)
    """A longer break is asked about (case 12)."""

    @property
    def longest_break(self) -> timedelta | None:
        """The longest usual break: the limit, or the planned break where that is longer; None without a plan."""
        return None if self.kind is ScheduleKind.NONE else max(self.break_limit, self.pause.length)

    @property
    def cycle_length(self) -> timedelta:
        """The work that the hours of `days` provide for: a week's of FIXED hours, a cycle's of a ROTA."""
        pause = timedelta() if self.pause.is_paid else self.pause.length
        return sum((each.span - pause for each in self.days if each is not None), timedelta())

    @property
    def is_over_rate(self) -> bool:
        """Whether a part-timer's fixed hours are more than that part of the law's week: one of the two is wrong."""
        most = timedelta(hours=1) * float(self.week_hours * self.fraction)
        return self.kind is ScheduleKind.FIXED and self.fraction < 1 and self.cycle_length > most

    def hours(self, day: date) -> Hours | None:
        """Return the hours of a date by the cycle alone."""
        if self.kind is ScheduleKind.FIXED:
            return self.days[day.weekday()]
        if self.kind is ScheduleKind.ROTA and self.anchor is not None:
            return self.days[(day - self.anchor).days % len(self.days)]
        return None


NO_SCHEDULE = Schedule(ScheduleKind.NONE)


@dataclass(frozen=True, slots=True)
class Shift:
    """Planned time of one work date, as instants; `pause` is the planned break inside."""

    day: date
    starts_at: datetime
    ends_at: datetime
    zone: str
    pause: PlannedBreak = field(default=PlannedBreak())
    name: str = ""

    @classmethod
    def of(
        cls, day: date, hours: Hours, zone: str, pause: PlannedBreak, *, shorter_by: timedelta = timedelta()
    ) -> Self:
        """Return the shift that wall-clock hours mean on a date; a short day ends earlier (Labour Code art. 95)."""
        local = ZoneInfo(zone)
        last = day + timedelta(days=1) if hours.end <= hours.start else day
        start = datetime.combine(day, hours.start, local).astimezone(UTC)
        end = datetime.combine(last, hours.end, local).astimezone(UTC) - shorter_by
        return cls(day, start, max(end, start), zone, pause, hours.name)

    @property
    def norm(self) -> timedelta:
        """Planned work: from start to end without the unpaid break."""
        length = self.ends_at - self.starts_at
        return length if self.pause.is_paid else max(length - self.pause.length, timedelta())

    @property
    def last_day(self) -> date:
        """The local date of its last moment: one that ends at midnight does not reach the next."""
        return (self.ends_at - timedelta.resolution).astimezone(ZoneInfo(self.zone)).date()

    @property
    def longest(self) -> timedelta:
        """The longest session that is plausible for this shift."""
        return max(
            min(self.norm + self.pause.length + LONGEST_SHIFT_MARGIN, LONGEST_SHIFT), self.ends_at - self.starts_at
        )


class Scope(StrEnum):
    """Whom a schedule is given to; the nearest to the person wins."""

    PORTAL = "portal"
    DEPARTMENT = "department"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Assignment:
    """A schedule given to a portal (`target_id` 0), a department or a person, from `since` on."""

    id: int
    portal_id: int
    scope: Scope
    target_id: int
    since: date
    schedule: Schedule


@dataclass(frozen=True, slots=True)
class PlannedDate:
    """A named shift, or a day off (`hours` None), of one person on one date; it wins over every schedule."""

    portal_id: int
    employee_id: int
    day: date
    hours: Hours | None
    pause: PlannedBreak = field(default=PlannedBreak())


def schedule_to_json(schedule: Schedule) -> dict[str, Any]:
    """Return the stored form of a schedule."""
    return {
        "kind": schedule.kind.value,
        "days": [hours_to_json(each) for each in schedule.days],
        "anchor": schedule.anchor.isoformat() if schedule.anchor else None,
        "pause": pause_to_json(schedule.pause),
        "grace": schedule.grace.total_seconds(),
        "week_hours": str(schedule.week_hours),
        "fraction": str(schedule.fraction),
        "norm": schedule.norm.total_seconds() if schedule.norm is not None else None,
        "norm_per": schedule.norm_per,
        "accounting": schedule.accounting,
        "break_limit": schedule.break_limit.total_seconds(),
    }


def schedule_from_json(form: dict[str, Any]) -> Schedule:
    """Read the stored form of a schedule."""
    return Schedule(
        ScheduleKind(form["kind"]),
        tuple(hours_from_json(each) for each in form["days"]),
        date.fromisoformat(form["anchor"]) if form["anchor"] else None,
        pause_from_json(form["pause"]),
        timedelta(seconds=form["grace"]),
        Fraction(form["week_hours"]),
        Fraction(form["fraction"]),
        timedelta(seconds=form["norm"]) if form["norm"] is not None else None,
        form["norm_per"],
        form["accounting"],
        timedelta(seconds=form["break_limit"]),
    )


def hours_to_json(hours: Hours | None) -> list[str] | None:
    """Return the stored form of planned hours."""
    return [hours.start.isoformat("minutes"), hours.end.isoformat("minutes"), hours.name] if hours else None


def hours_from_json(form: list[str] | None) -> Hours | None:
    """Read the stored form of planned hours."""
    return Hours(time.fromisoformat(form[0]), time.fromisoformat(form[1]), form[2]) if form else None


def pause_to_json(pause: PlannedBreak) -> list[Any]:
    """Return the stored form of a planned break."""
    start = pause.start.isoformat("minutes") if pause.start else None
    return [pause.length.total_seconds(), start, pause.is_paid, pause.is_deducted]


def pause_from_json(form: list[Any]) -> PlannedBreak:
    """Read the stored form of a planned break."""
    length, start, is_paid, is_deducted = form
    return PlannedBreak(timedelta(seconds=length), time.fromisoformat(start) if start else None, is_paid, is_deducted)
