"""Sums over the sessions of a day, and the stretches of days that sums are made of. Pure; each names its rule."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.planning.schedule import PlannedBreak
from bot.domain.reports.pauses import counted
from bot.domain.reports.stretch import total
from bot.domain.workday.punch_log import WorkSession

NO_BREAK = PlannedBreak()


@dataclass(frozen=True, slots=True)
class DayTotal:
    """What one work date adds up to; hours count for the local date on which their session began."""

    day: date
    worked: timedelta
    on_break: timedelta
    sessions: tuple[WorkSession, ...]

    @property
    def is_running(self) -> bool:
        """Whether a session of this date is still open."""
        return any(session.is_open for session in self.sessions)


def day_total(sessions: Iterable[WorkSession], day: date, until: datetime, pause: PlannedBreak = NO_BREAK) -> DayTotal:
    """Sum one work date by the rule of its planned break; a session that still runs counts up to `until`."""
    own = tuple(session for session in sessions if session.work_date == day)
    worked = total(counted(own, pause, until))
    on_break = sum((session.on_break(until) for session in own), timedelta())
    return DayTotal(day, worked, on_break, own)


def week_of(day: date) -> tuple[date, date]:
    """Return Monday and Sunday of the ISO week that holds `day` (case 62)."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def accounting_period(day: date, kind: str) -> tuple[date, date]:
    """Return the first and the last day of the "month", "quarter" or "year" that holds `day`.

    Summed accounting finds overtime at the end of such a period and not daily (Labour Code art. 104).
    """
    months = {"month": 1, "quarter": 3, "year": 12}[kind]
    first = day.month - (day.month - 1) % months
    last = first + months - 1
    return date(day.year, first, 1), date(day.year, last, monthrange(day.year, last)[1])
