"""Plans and accounts written shortly: what is planned, what was done, and the account that follows."""

from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta
from fractions import Fraction
from typing import Any

from bot.domain.leave.absence import Absence, AbsenceKind
from bot.domain.planning.calendar import ProductionCalendar
from bot.domain.planning.roster import Roster, RosterBook
from bot.domain.planning.schedule import Assignment, Hours, PlannedBreak, Schedule, ScheduleKind, Scope
from bot.domain.reports.account import Account
from bot.domain.reports.counting import account
from bot.domain.workday.punch_log import derive
from tests.unit.domain.logs import MOSCOW, at, punches

LUNCH = PlannedBreak(timedelta(hours=1), time(13))
LONG_AGO = date(2000, 1, 1)


def hours(text: str) -> Hours:
    """Return the planned hours of a text such as `9:00-18:00`."""
    start, end = (time(*map(int, each.split(":"))) for each in text.split("-"))
    return Hours(start, end)


def fixed(text: str = "9:00-18:00", pause: PlannedBreak = LUNCH, **more: Any) -> Schedule:
    """Return a schedule of five days a week."""
    return Schedule(ScheduleKind.FIXED, (*[hours(text)] * 5, None, None), pause=pause, **more)


def rota(anchor: date, *days: str, **more: Any) -> Schedule:
    """Return a cycle of shifts from `anchor` on; a day off is an empty text."""
    cycle = tuple(hours(each) if each else None for each in days)
    return Schedule(ScheduleKind.ROTA, cycle, anchor=anchor, **more)


def flexible(**more: Any) -> Schedule:
    """Return a schedule of a norm and no hours."""
    return Schedule(ScheduleKind.FLEXIBLE, **more)


def part_time(fraction: Fraction, text: str) -> Schedule:
    """Return fixed hours of a part of the norm."""
    return fixed(text, PlannedBreak(), fraction=fraction)


def roster(*given: Schedule | tuple[date, Schedule], zone: str = MOSCOW, **more: Any) -> Roster:
    """Return the roster of person 7: their schedules, with the day each is valid from unless it always was."""
    dated = [each if isinstance(each, tuple) else (LONG_AGO, each) for each in given]
    assignments = [
        Assignment(number, 1, Scope.PERSON, 7, since, schedule) for number, (since, schedule) in enumerate(dated, 1)
    ]
    return RosterBook(more.pop("calendar", ProductionCalendar()), assignments, **more).of(7, zone)


def leave(kind: AbsenceKind, first: date, last: date | None = None, between: str = "", zone: str = MOSCOW) -> Absence:
    """Return an approved absence of days, or of the hours of one day such as `9:00-12:00`."""
    if not between:
        return Absence(1, 1, 7, kind, first, last or first)
    own = hours(between)
    start, end = (at(f"{first} {each:%H:%M}", zone) for each in (own.start, own.end))
    return Absence(1, 1, 7, kind, first, first, start, end)


def counted(
    own: Roster,
    *told: str,
    first: str,
    last: str = "",
    now: str = "",
    absences: Sequence[Absence] = (),
    overtimes: Mapping[date, timedelta] | None = None,
    pending: Sequence[date] = (),
) -> Account:
    """Return the account of what was told, long after it happened unless `now` is given."""
    begin = date.fromisoformat(first)
    end = date.fromisoformat(last) if last else begin
    sessions = derive(punches(*told, zone=own.zone))
    until = at(now or f"{end + timedelta(days=30)} 12:00", own.zone)
    return account(own, sessions, absences, overtimes or {}, begin, end, until, pending=pending)


def h(text: str) -> timedelta:
    """Return a length such as `7:40`."""
    whole, _, minutes = text.partition(":")
    return timedelta(hours=int(whole), minutes=int(minutes or 0))
