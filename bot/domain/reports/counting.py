"""Counting an account: from sessions, the roster, absences and approvals to what each date yields."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TypeVar

from bot.domain.leave.absence import Absence
from bot.domain.leave.away import PRESENT, expected, in_force, is_whole_day, norm_left
from bot.domain.planning.roster import Roster
from bot.domain.planning.schedule import PlannedBreak, ScheduleKind, Shift
from bot.domain.reports.account import PLANNING, Account, DayAccount, Flag
from bot.domain.reports.lateness import early_leave, is_missing, lateness, shift_date
from bot.domain.reports.night import night_hours
from bot.domain.reports.pauses import counted, has_no_break
from bot.domain.reports.rest import at_rest, on_holidays
from bot.domain.reports.stretch import Stretch, total
from bot.domain.workday.punch_log import WorkSession

_DAY = timedelta(days=1)
_Made = TypeVar("_Made")


def account(
    roster: Roster,
    sessions: Sequence[WorkSession],
    absences: Sequence[Absence],
    overtimes: Mapping[date, timedelta],
    first: date,
    last: date,
    now: datetime,
    *,
    pending: Collection[date] = frozenset(),
) -> Account:
    """Count the dates from `first` to `last`, both included.

    `sessions` reach a day beyond both ends, for a shift near midnight may be answered by a session of the next date.
    `overtimes` is the overtime approved for a date, `pending` the dates about which a correction waits.
    """
    books = _Books(roster, sessions, absences, now.replace(microsecond=0))
    dates = [first + _DAY * number for number in range((last - first).days + 1)]
    days = tuple(books.day(day, overtimes.get(day, timedelta()), is_pending=day in pending) for day in dates)
    return Account(roster.employee_id, first, last, days)


class _ByDate(dict[date, _Made]):
    """What is worked out for each date, once. A team has three of these a person: a `cache` would take long to make."""

    def __init__(self, make: Callable[[date], _Made]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, day: date) -> _Made:
        made = self[day] = self._make(day)
        return made


class _Books:
    """What is known of one person while their dates are counted."""

    def __init__(
        self, roster: Roster, sessions: Sequence[WorkSession], absences: Sequence[Absence], now: datetime
    ) -> None:
        self._roster = roster
        self._now = now
        self._shift = _ByDate(self._planned)
        self._schedule = _ByDate(roster.schedule)
        self._work = _ByDate(self._counted)
        self._dated: dict[date, list[WorkSession]] = {}
        ordered = sorted(sessions, key=lambda each: each.started_at)
        for each in ordered:
            self._dated.setdefault(each.work_date, []).append(each)
        self._absences = [(each, self._hours_date(each)) for each in absences]
        self._answering: dict[date, list[WorkSession]] = {}
        self._answered: dict[int, date] = {}
        for each in ordered:
            answered = shift_date(each.work_date, each.started_at, each.ended_at or now, self._shift.__getitem__)
            self._answering.setdefault(answered, []).append(each)
            self._answered[each.id] = answered

    def day(self, day: date, approved: timedelta, *, is_pending: bool) -> DayAccount:
        """Count one date."""
        schedule, shift = self._schedule[day], self._shift[day]
        sessions, answering = tuple(self._dated.get(day, ())), self._answering.get(day, ())
        absences, displaced = (tuple(each) for each in in_force(self._away(day)))
        is_recorded = bool(sessions or answering)
        plan = norm_left(shift.norm, absences, shift, is_recorded=is_recorded) if shift else timedelta()
        is_known, norm = self._norm(day, schedule.kind)
        if schedule.kind is not ScheduleKind.ROTA:
            norm = norm_left(norm, absences, shift, is_recorded=is_recorded)
        elif shift is not None and is_known:
            norm -= shift.norm - plan  # summed accounting: absences take the hours of their shifts (art. 104)
        wanted = expected(shift, absences)
        work = self._work[day]
        holiday, off_day = self._special(work)
        over = self._over(day, plan)
        if schedule.kind not in PLANNING:
            over = min(approved, total(work) - total(holiday))  # no plan of the date: what a lead said yes to
        flags = set(self._flags(day, sessions, absences))
        if is_pending:
            flags.add(Flag.PENDING)
        if is_missing(wanted, answering, schedule.grace, self._now):
            flags.add(Flag.MISSING)
        return DayAccount(
            day=day,
            calendar=self._roster.calendar.day(day),
            kind=schedule.kind,
            is_employed=self._roster.is_employed(day),
            shift=shift,
            sessions=sessions,
            stretches=work,
            absences=absences,
            displaced=displaced,
            norm=norm,
            norm_is_known=is_known,
            plan=plan,
            worked=total(work),
            on_break=sum((each.on_break(self._now) for each in sessions), timedelta()),
            late=lateness(wanted, answering, schedule.grace),
            early=early_leave(wanted, answering, schedule.grace, self._now),
            night=night_hours(work),
            holiday=total(holiday),
            off_day=total(off_day),
            special=(*holiday, *off_day),
            over=over,
            overtime=min(over, approved),
            flags=frozenset(flags),
            accounting=schedule.accounting,
        )

    def _planned(self, day: date) -> Shift | None:
        """Return the shift of a date by the clocks of where it was worked: who moves keeps the past (case 56)."""
        sessions = self._dated.get(day)
        return self._roster.shift(day, sessions[0].zone if sessions else None)

    def _away(self, day: date) -> tuple[Absence, ...]:
        """Return the absences of a date: days that cover it, and hours of its shift, though they be after midnight."""
        return tuple(
            each for each, on in self._absences if (day == on if on is not None else each.first <= day <= each.last)
        )

    def _hours_date(self, absence: Absence) -> date | None:
        """Return the date of hours away; None for whole days."""
        if absence.start is None or absence.end is None:
            return None
        return shift_date(absence.first, absence.start, absence.end, self._shift.__getitem__)

    def _norm(self, day: date, kind: ScheduleKind) -> tuple[bool, timedelta]:
        """Return whether the norm of a date is known, and the norm before absences."""
        if kind is ScheduleKind.NONE or not self._roster.is_employed(day):
            return True, timedelta()
        if not self._roster.calendar.knows(day.year):
            return False, timedelta()
        if kind is ScheduleKind.FIXED:
            shift = self._shift[day]
            return True, shift.norm if shift else timedelta()
        return True, self._roster.norm(day)

    def _pause(self, day: date) -> PlannedBreak:
        shift = self._shift[day]
        return shift.pause if shift else self._schedule[day].pause

    def _counted(self, day: date) -> tuple[Stretch, ...]:
        """Return the work of a date's sessions."""
        sessions = self._dated.get(day)
        return counted(sessions, self._pause(day), self._now) if sessions else ()

    def _work_for(self, day: date) -> list[Stretch]:
        """Return the work of the sessions that answer a date's plan, whatever work date they have."""
        return [
            part
            for session in self._answering.get(day, ())
            for part in self._work[session.work_date]
            if part.session_id == session.id
        ]

    def _over(self, day: date, plan: timedelta) -> timedelta:
        """Return the work over the plan, without what fell on days off, or on a holiday though it was not planned."""
        if not self._is_planned(day):
            return timedelta()
        work, shift = self._work_for(day), self._shift[day]
        if total(work) <= plan:
            return timedelta()
        holiday, off_day = (total(each) for each in self._special(work))
        stretches = [Stretch(shift.starts_at, shift.ends_at, shift.zone, 0)] if shift else []
        planned = total(on_holidays(stretches, self._roster.calendar))
        over = total(work) - plan - max(holiday - planned, timedelta()) - off_day
        return max(min(over, total(work) - holiday - off_day), timedelta())

    def _special(self, work: Sequence[Stretch]) -> tuple[Sequence[Stretch], Sequence[Stretch]]:
        """Return the work on holidays, and that on days off of the plan: both are paid as such (art. 153)."""
        return at_rest(work, self._roster.calendar, self._is_free)

    def _is_planned(self, day: date) -> bool:
        """Whether a plan says which dates are worked, and this one is of the person's employment."""
        return self._schedule[day].kind in PLANNING and self._roster.is_employed(day)

    def _is_free(self, day: date, session_id: int) -> bool:
        """Whether a date is a day off for who works on it: no shift of the plan touches it.

        Whoever comes before a shift of the next date is early for it, and has not worked on a day off.
        """
        if not self._is_planned(day) or self._answered[session_id] > day:
            return False
        night = self._shift[day - _DAY]
        return self._shift[day] is None and (night is None or night.last_day < day)

    def _flags(self, day: date, sessions: Sequence[WorkSession], absences: Sequence[Absence]) -> Iterator[Flag]:
        """Yield what the sessions themselves show."""
        if any(each.is_open for each in sessions):
            yield Flag.RUNNING
        if any(each.is_auto for each in sessions):
            yield Flag.UNCONFIRMED
        if any(each.has_clock_change(self._now) for each in sessions):
            yield Flag.CLOCKS
        if has_no_break(sessions, self._pause(day), self._now):
            yield Flag.NO_PAUSE
        if sessions and any(is_whole_day(each) and each.kind not in PRESENT for each in absences):
            yield Flag.AWAY
