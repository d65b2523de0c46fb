"""The roster: what is planned for a person on each day, from schedules, named dates and the production calendar."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from bot.domain.people.staff import Department, Employment, employment_on, line_above
from bot.domain.planning.calendar import ProductionCalendar
from bot.domain.planning.fixed_week import hours_on, is_shorter
from bot.domain.planning.schedule import (
    NO_SCHEDULE,
    Assignment,
    PlannedBreak,
    PlannedDate,
    Schedule,
    ScheduleKind,
    Scope,
    Shift,
)

_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class RosterBook:
    """Everything that is planned on a portal: of one reading, for as many people as wanted."""

    calendar: ProductionCalendar
    assignments: Sequence[Assignment] = ()
    departments: Sequence[Department] = ()
    employments: Sequence[Employment] = ()
    dates: Sequence[PlannedDate] = ()

    def of(self, employee_id: int, zone: str) -> "Roster":
        """Return one person's roster, in their zone."""
        own = self._stretches.get(employee_id, ())
        return Roster(self, zone, employee_id, own, self._named.get(employee_id, {}))

    def given(self, scope: Scope, target_id: int, day: date) -> Schedule | None:
        """Return the schedule that was given to a target and is valid on a day."""
        since, schedules = self._given.get((scope, target_id), ((), ()))
        at = bisect_right(since, day)
        return schedules[at - 1] if at else None

    def above(self, department_id: int | None) -> Sequence[int]:
        """Return a department and those above it, nearest first."""
        if department_id not in self._lines:
            self._lines[department_id] = line_above(self.departments, department_id)
        return self._lines[department_id]

    @cached_property
    def _lines(self) -> dict[int | None, Sequence[int]]:
        return {None: ()}

    @cached_property
    def _given(self) -> Mapping[tuple[Scope, int], tuple[list[date], list[Schedule]]]:
        found: dict[tuple[Scope, int], tuple[list[date], list[Schedule]]] = {}
        for each in sorted(self.assignments, key=lambda each: (each.since, each.id)):
            since, schedules = found.setdefault((each.scope, each.target_id), ([], []))
            since.append(each.since)
            schedules.append(each.schedule)
        return found

    @cached_property
    def _stretches(self) -> Mapping[int, list[Employment]]:
        found: dict[int, list[Employment]] = {}
        for each in self.employments:
            found.setdefault(each.employee_id, []).append(each)
        return found

    @cached_property
    def _named(self) -> Mapping[int, dict[date, PlannedDate]]:
        found: dict[int, dict[date, PlannedDate]] = {}
        for each in self.dates:
            found.setdefault(each.employee_id, {})[each.day] = each
        return found


@dataclass(frozen=True, slots=True)
class Roster:
    """What is planned for one person."""

    book: RosterBook
    zone: str
    employee_id: int
    employments: Sequence[Employment] = ()
    dates: Mapping[date, PlannedDate] = field(default_factory=dict)

    @property
    def calendar(self) -> ProductionCalendar:
        """The production calendar of the portal."""
        return self.book.calendar

    def employment(self, day: date) -> Employment | None:
        """Return the employment of a day."""
        return employment_on(self.employments, day)

    def is_employed(self, day: date) -> bool:
        """Whether the person works here on a day; somebody of whom no employment is known always does."""
        return not self.employments or self.employment(day) is not None

    def schedule(self, day: date) -> Schedule:
        """Return the schedule of a day: of the person, else of the department or one above, else of the portal.

        Each day uses the schedule that is valid on it, so that a new one rewrites nothing (case 74).
        """
        own = self.book.given(Scope.PERSON, self.employee_id, day)
        if own is not None:
            return own
        employment = self.employment(day)
        for department in self.book.above(employment.department_id if employment else None):
            found = self.book.given(Scope.DEPARTMENT, department, day)
            if found is not None:
                return found
        return self.book.given(Scope.PORTAL, 0, day) or NO_SCHEDULE

    def shift(self, day: date, zone: str | None = None) -> Shift | None:
        """Return the planned shift of a work date, or None on a day without one; `zone` is the person's unless named.

        A date that was named wins. FIXED hours rest on days off of the calendar and are an hour shorter on short days,
        a Saturday of one's own before a holiday too (art. 95). A ROTA goes on over holidays.
        """
        if not self.is_employed(day):
            return None
        schedule, zone = self.schedule(day), zone or self.zone
        named = self.dates.get(day)
        if named is not None:
            pause = named.pause if named.pause.length else schedule.pause
            return Shift.of(day, named.hours, zone, pause) if named.hours else None
        is_fixed = schedule.kind is ScheduleKind.FIXED
        hours = hours_on(schedule, self.calendar, day) if is_fixed else schedule.hours(day)
        if hours is None:
            return None
        is_short = is_fixed and is_shorter(schedule, self.calendar, day)
        return Shift.of(day, hours, zone, schedule.pause, shorter_by=_HOUR if is_short else timedelta())

    def pause(self, day: date) -> PlannedBreak:
        """Return the planned break of a day: of its shift, else of the schedule."""
        shift = self.shift(day)
        return shift.pause if shift else self.schedule(day).pause

    def norm(self, day: date) -> timedelta:
        """Return what is asked for on a day: the shift of FIXED hours, else a share of the period's norm.

        A ROTA and a FLEXIBLE schedule without a number of its own are held against the production calendar, times the
        fraction (summed accounting, Labour Code art. 104); a short day stays an hour shorter (case 75). UnknownYear
        where the calendar does not know the year.
        """
        schedule = self.schedule(day)
        if schedule.kind is ScheduleKind.NONE or not self.is_employed(day):
            return timedelta()
        if schedule.kind is ScheduleKind.FIXED:
            shift = self.shift(day)
            return shift.norm if shift else timedelta()
        if schedule.norm is not None and schedule.norm_per == "month":
            return self._share_of_month(schedule.norm, day)
        if schedule.norm is not None:
            whole = schedule.norm / 5
        else:
            week = schedule.week_hours * schedule.fraction
            whole = timedelta(seconds=int(week * 720))
        known = self.calendar.day(day)
        self.calendar.check(day, day)
        return timedelta() if known.is_off else max(whole - _HOUR * known.is_short, timedelta())

    def _share_of_month(self, norm: timedelta, day: date) -> timedelta:
        """Spread a month's norm over its workdays so that the shares add up to it exactly."""
        month = self.calendar.month(day.year, day.month)
        self.calendar.check(day, day)
        workdays = [each.day for each in month if not each.is_off]
        if day not in workdays:
            return timedelta()
        at, seconds = workdays.index(day), int(norm.total_seconds())
        return timedelta(seconds=seconds * (at + 1) // len(workdays) - seconds * at // len(workdays))
