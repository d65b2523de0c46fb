"""The account of a period: what one person's log yields on each date, against what was planned. Pure.

Hours count for the work date, the local date on which their session began (cases 45, 61 and 67); whoever divides them
at midnight asks for it by `Account.split`. Everything that shows hours is made of this, so that it all agrees.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.domain.leave.absence import Absence, AbsenceKind
from bot.domain.leave.away import hours_away, is_whole_day
from bot.domain.planning.calendar import CalendarDay
from bot.domain.planning.schedule import ScheduleKind, Shift
from bot.domain.reports.night import night_hours
from bot.domain.reports.stretch import Stretch, split_at_midnight, total
from bot.domain.workday.punch_log import WorkSession

PLANNING = frozenset({ScheduleKind.FIXED, ScheduleKind.ROTA})
"""Kinds of schedule that say which days are worked."""


class Flag(StrEnum):
    """What should be looked at on a date."""

    RUNNING = "running"
    """Somebody is still at work."""
    UNCONFIRMED = "unconfirmed"
    """Closed by the service at a plausible time, and nobody said yes to it."""
    PENDING = "pending"
    """A correction waits; the old value counts until it is approved (case 32)."""
    MISSING = "missing"
    """A shift is over and nothing was recorded, nor an absence: a candidate for НН (case 28)."""
    NO_PAUSE = "no_pause"
    """No break, though one was planned and the day was longer than four hours (art. 108)."""
    AWAY = "away"
    """Work on a day of approved absence (case 29)."""
    CLOCKS = "clocks"
    """Clocks changed during the work, so that the dials do not show how long it was (case 52)."""


@dataclass(frozen=True, slots=True)
class DayAccount:
    """One work date of one person; lengths are to the second."""

    day: date
    calendar: CalendarDay
    kind: ScheduleKind
    """Of the schedule that is valid on the date."""
    is_employed: bool
    shift: Shift | None
    sessions: tuple[WorkSession, ...]
    stretches: tuple[Stretch, ...]
    """What counts as work of the sessions."""
    absences: tuple[Absence, ...]
    norm: timedelta
    """What the law or the schedule asks for, less absences (finding 23); zero where it is not known.

    Of a ROTA the calendar's share less the shifts away, which are on other dates: only a period's means something.
    """
    norm_is_known: bool
    """False where something is asked for in a year whose days off are not known yet."""
    plan: timedelta
    """Work that the shift provides for, less absences: the norm of FIXED hours; a ROTA's norm is the calendar's."""
    worked: timedelta
    on_break: timedelta
    late: timedelta
    early: timedelta
    night: timedelta
    holiday: timedelta
    """Worked on statutory holidays, divided at the local midnight (case 49)."""
    off_day: timedelta
    """Worked on days off of the person's plan that are no holidays, divided at the local midnight as well."""
    special: tuple[Stretch, ...]
    """The work of both, cut at midnight: paid as such (art. 153)."""
    over: timedelta
    """Worked over the plan of the date, without holidays and days off, which are paid as such anyway.

    A schedule that plans no hours of a date has only what a lead approved of it (§4.5; §2, 22).
    """
    overtime: timedelta
    """The approved part of `over`: only that is overtime (§4.5)."""
    flags: frozenset[Flag]
    displaced: tuple[Absence, ...] = ()
    """Absences that give way on the date, such as a vacation to sickness: to be extended or moved (art. 124)."""
    accounting: str = "month"
    """The schedule's accounting period, over which hours are summed: "month", "quarter" or "year" (art. 104)."""

    @property
    def is_compared(self) -> bool:
        """Whether hours are held against a norm at all."""
        return self.kind is not ScheduleKind.NONE

    @property
    def is_workday(self) -> bool:
        """Whether the date is to be worked: by the plan where it names days, else by the calendar."""
        if self.shift is not None or not self.is_employed:
            return self.shift is not None
        return self.kind not in PLANNING and not self.calendar.is_off

    @property
    def balance(self) -> timedelta | None:
        """Worked less the norm; None where only a period's means something, as of a rota or flexible hours (§2, 22)."""
        is_known = self.kind is ScheduleKind.FIXED and self.norm_is_known
        return self.worked - self.norm if is_known else None


@dataclass(frozen=True, slots=True)
class Away:
    """Absences of one kind in a period: whole days by the calendar, how many of them workdays, and hours of days."""

    days: int = 0
    workdays: int = 0
    hours: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Share:
    """What of a period's work fell on one calendar date, divided at midnight."""

    day: date
    worked: timedelta
    night: timedelta


@dataclass(frozen=True, slots=True)
class Account:
    """A period of one person, every date of it, and what it adds up to."""

    employee_id: int
    first: date
    last: date
    days: tuple[DayAccount, ...]

    def day(self, day: date) -> DayAccount:
        """Return one of the dates."""
        return self.days[(day - self.first).days]

    def part(self, first: date, last: date) -> "Account":
        """Return the part between two dates of the period, both included."""
        first, last = max(first, self.first), min(last, self.last)
        days = tuple(each for each in self.days if first <= each.day <= last)
        return Account(self.employee_id, first, last, days)

    def flagged(self, flag: Flag) -> tuple[DayAccount, ...]:
        """Return the dates with a flag."""
        return tuple(each for each in self.days if flag in each.flags)

    def split(self) -> Mapping[date, Share]:
        """Return the work divided at the local midnights, by calendar date; it ends a date later at most (case 45).

        Whoever wants it for the dates of a period begins the account one day earlier: the night from the day before
        belongs in part to its first date (case 67).
        """
        parts: dict[date, list[Stretch]] = {}
        for each in self.days:
            for day, part in split_at_midnight(each.stretches):
                parts.setdefault(day, []).append(part)
        return {day: Share(day, total(parts[day]), night_hours(parts[day])) for day in sorted(parts)}

    @property
    def worked(self) -> timedelta:
        """Work without breaks."""
        return _sum(each.worked for each in self.days)

    @property
    def on_break(self) -> timedelta:
        """Breaks."""
        return _sum(each.on_break for each in self.days)

    @property
    def plan(self) -> timedelta:
        """Work that the shifts provided for, less absences."""
        return _sum(each.plan for each in self.days)

    @property
    def norm_is_known(self) -> bool:
        """Whether the norm can be said at all: the year's days off are known."""
        return all(each.norm_is_known for each in self.days)

    @property
    def norm(self) -> timedelta | None:
        """What was asked for, less absences; None rather than a guess where a year is not known."""
        return max(_sum(each.norm for each in self.days), timedelta()) if self.norm_is_known else None

    @property
    def balance(self) -> timedelta | None:
        """Worked less the norm on dates with a schedule; None where there are none, or the norm is not known."""
        is_compared = any(each.is_compared for each in self.days)
        return self.compared - self.norm if is_compared and self.norm is not None else None

    @property
    def compared(self) -> timedelta:
        """Work on dates with a schedule: only that is held against a norm."""
        return _sum(each.worked for each in self.days if each.is_compared)

    @property
    def late(self) -> timedelta:
        """All lateness."""
        return _sum(each.late for each in self.days)

    @property
    def late_times(self) -> int:
        """On how many dates somebody was late."""
        return sum(bool(each.late) for each in self.days)

    @property
    def early(self) -> timedelta:
        """All early leave."""
        return _sum(each.early for each in self.days)

    @property
    def early_times(self) -> int:
        """On how many dates somebody left early."""
        return sum(bool(each.early) for each in self.days)

    @property
    def night(self) -> timedelta:
        """Night hours."""
        return _sum(each.night for each in self.days)

    @property
    def holiday(self) -> timedelta:
        """Hours on statutory holidays."""
        return _sum(each.holiday for each in self.days)

    @property
    def off_day(self) -> timedelta:
        """Hours on days off that are no holidays."""
        return _sum(each.off_day for each in self.days)

    @property
    def over(self) -> timedelta:
        """Over the plans of the dates."""
        return _sum(each.over for each in self.days)

    @property
    def overtime(self) -> timedelta:
        """Approved overtime."""
        return _sum(each.overtime for each in self.days)

    @property
    def days_worked(self) -> int:
        """On how many dates there was work."""
        return sum(bool(each.worked) for each in self.days)

    @property
    def absences(self) -> Mapping[AbsenceKind, Away]:
        """Absences by kind, on days of employment."""
        found: dict[AbsenceKind, Away] = {}
        for each in self.days:
            for kind in _kinds_away(each):
                known = found.get(kind, Away())
                found[kind] = Away(known.days + 1, known.workdays + each.is_workday, known.hours)
            for kind in {absence.kind for absence in each.absences if not is_whole_day(absence)}:
                known = found.get(kind, Away())
                hours = hours_away((absence for absence in each.absences if absence.kind is kind), each.shift)
                found[kind] = Away(known.days, known.workdays, known.hours + hours)
        return found


def _kinds_away(day: DayAccount) -> set[AbsenceKind]:
    return {each.kind for each in day.absences if is_whole_day(each)} if day.is_employed else set()


def _sum(lengths: Iterator[timedelta]) -> timedelta:
    return sum(lengths, timedelta())
