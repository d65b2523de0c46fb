"""A leave as far as it was said: days, hours, an amount, a part of a day; and what becomes of it with a plan.

Nothing that was said is left out in silence: an amount or a part of a day never becomes a whole day.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.leave.absence import AbsenceKind
from bot.domain.leave.away import pause_of
from bot.domain.leave.wish import LeaveWish
from bot.domain.planning.schedule import Shift

_DAY = timedelta(days=1)
_FRIDAY = 4
_VACATIONS = 7, 14
"""How many calendar days are offered for a vacation whose end was not said."""


class Missing(StrEnum):
    """What is asked for."""

    DAYS = "days"
    """Nothing was said about when."""
    LAST_DAY = "last_day"
    HOURS = "hours"
    """A part of a day or an amount of hours, but not which."""
    END = "end"
    """Hours from a time on."""
    DAY = "day"
    """A part of a day or an amount of hours, but not on which day, and there is none at hand."""


class Choice(StrEnum):
    """What a way to go on is called."""

    DAYS = "days"
    MORNING = "morning"
    AFTERNOON = "afternoon"
    BEGINNING = "beginning"
    ENDING = "ending"
    NOW = "now"
    TO_THE_END = "to_the_end"


@dataclass(frozen=True, slots=True)
class LeaveSaid:
    """What was said of a leave; instants are by the clock of the person's zone."""

    kind: AbsenceKind
    first: date | None = None
    last: date | None = None
    start: datetime | None = None
    end: datetime | None = None
    amount: timedelta | None = None
    part: str = ""
    """`morning`, `afternoon` or `half`."""
    to_end: bool = False
    """Until the end of that day's shift."""


@dataclass(frozen=True, slots=True)
class Open:
    """What is missing, and honest ways to go on, each with its name."""

    missing: Missing
    choices: Sequence[tuple[Choice, LeaveWish]] = ()
    day: date | None = None


def read(said: LeaveSaid, shifts: Sequence[Shift | None], now: datetime, zone: str) -> LeaveWish | Open:
    """Return the wish where it is whole, else what is missing.

    `shifts` are the plans of the day it is about and of the day after, or of today and tomorrow where no day was said.
    """
    today = now.astimezone(ZoneInfo(zone)).date()
    if said.start is not None or said.end is not None or said.to_end:
        return _hours(said, shifts, now, zone)
    if said.amount is not None or said.part:
        return _part(said, shifts, now, zone, today)
    if said.first is not None and said.last is not None:
        return LeaveWish(said.kind, said.first, said.last)
    if said.last is not None and said.last >= today:
        return LeaveWish(said.kind, today, said.last)
    if said.first is not None:
        return Open(Missing.LAST_DAY, [(Choice.DAYS, each) for each in _ends(said.kind, said.first, today)], said.first)
    return Open(Missing.DAYS, [(Choice.DAYS, each) for each in _soon(said.kind, today)])


def day_of(said: LeaveSaid, today: date) -> date:
    """Return the day whose plan matters."""
    moment = said.start or said.end
    return moment.date() if moment is not None else said.first or today


def _hours(said: LeaveSaid, shifts: Sequence[Shift | None], now: datetime, zone: str) -> LeaveWish | Open:
    """From a time, until a time, or both; a beginning that was not said is the shift's, or now once it runs."""
    shift = shifts[0] if shifts else None
    start, end = said.start, said.end
    if said.to_end and shift is not None:
        end = shift.ends_at.astimezone(ZoneInfo(zone))
        if start is None and said.amount is not None:
            start = _before(shift.ends_at, said.amount, _unpaid(shift)).astimezone(ZoneInfo(zone))
    if start is not None and end is None and said.amount is not None:
        end = start + said.amount
    if end is not None and start is None and shift is not None:
        begins = shift.starts_at if now <= shift.starts_at else now.replace(second=0, microsecond=0)
        start = begins.astimezone(ZoneInfo(zone))
    if start is not None and end is not None:
        return LeaveWish.of_hours(said.kind, start, end, zone)
    if start is None:
        return Open(Missing.HOURS, (), end.date() if end is not None else said.first)
    choices = []
    if shift is not None and start < shift.ends_at:
        rest = LeaveWish.of_hours(said.kind, start, shift.ends_at.astimezone(ZoneInfo(zone)), zone)
        choices = [(Choice.TO_THE_END, rest)]
    return Open(Missing.END, choices, start.date())


def _part(said: LeaveSaid, shifts: Sequence[Shift | None], now: datetime, zone: str, today: date) -> LeaveWish | Open:
    """Find an amount or a part of a day in the plan: which hours are asked, unless the plan leaves one answer."""
    if said.first is not None and said.last is not None and said.last > said.first:
        return Open(Missing.DAY)
    days = [said.first] if said.first is not None else [today, today + _DAY]
    found: list[tuple[Choice, LeaveWish]] = []
    for day, shift in zip(days, shifts, strict=False):
        if shift is not None and shift.ends_at > now:
            found = _in_plan(said, shift, now if day == today and said.first is None else None, zone)
            if found:
                break
    norm = shifts[0].norm if shifts and shifts[0] is not None else None
    if said.amount is not None and said.first is not None and norm is not None and said.amount >= norm:
        return LeaveWish(said.kind, said.first, said.first)
    if len(found) == 1 and said.first is not None and (said.part or said.amount is None):
        return found[0][1]
    return Open(Missing.HOURS if said.first is not None or found else Missing.DAY, found, said.first)


def _in_plan(said: LeaveSaid, shift: Shift, now: datetime | None, zone: str) -> list[tuple[Choice, LeaveWish]]:
    """Return the stretches of a shift that were said or asked about; none that has begun where `now` is given."""
    pause = _unpaid(shift)
    start, end = shift.starts_at, shift.ends_at
    middle = pause if pause is not None else (start + (end - start) / 2,) * 2
    halves = {Choice.MORNING: (start, middle[0]), Choice.AFTERNOON: (middle[1], end)}
    wanted = {name: each for name, each in halves.items() if said.part in (name, "half", "")}
    if said.amount is not None:
        begins, ends = next(iter(wanted.values())) if len(wanted) == 1 else (start, end)
        wanted = {
            Choice.BEGINNING: (begins, _after(begins, said.amount, pause)),
            Choice.ENDING: (_before(ends, said.amount, pause), ends),
        }
        if now is not None and begins < now:
            at = _rounded(now)
            wanted = {Choice.NOW: (at, _after(at, said.amount, pause)), Choice.ENDING: wanted[Choice.ENDING]}
    local = ZoneInfo(zone)
    found = {
        (begins, ends): name
        for name, (begins, ends) in wanted.items()
        if start <= begins < ends <= end and (now is None or begins >= now)
    }
    return [
        (name, LeaveWish.of_hours(said.kind, begins.astimezone(local), ends.astimezone(local), zone))
        for (begins, ends), name in found.items()
    ]


def _unpaid(shift: Shift) -> tuple[datetime, datetime] | None:
    """Return the planned break that is no work, where its time is planned."""
    return None if shift.pause.is_paid else pause_of(shift)


def _after(start: datetime, amount: timedelta, pause: tuple[datetime, datetime] | None) -> datetime:
    """Return when so much work from a time on is over; the unpaid break is no part of it."""
    end = start + amount
    if pause is None or pause[1] <= start or end <= pause[0]:
        return end
    return end + (pause[1] - max(start, pause[0]))


def _before(end: datetime, amount: timedelta, pause: tuple[datetime, datetime] | None) -> datetime:
    start = end - amount
    if pause is None or end <= pause[0] or pause[1] <= start:
        return start
    return start - (min(end, pause[1]) - pause[0])


def _rounded(now: datetime) -> datetime:
    """Return the next five minutes, so that nobody is away in the past."""
    step = timedelta(minutes=5)
    return now + (datetime.min.replace(tzinfo=UTC) - now) % step


def _ends(kind: AbsenceKind, first: date, today: date) -> list[LeaveWish]:
    """Return honest ends of an absence of which only the beginning was said; no two alike."""
    if kind in (AbsenceKind.VACATION, AbsenceKind.UNPAID):
        lasts = [first + (days - 1) * _DAY for days in _VACATIONS]
    else:
        near = max(first, today)
        lasts = [near, near + _DAY, near + (_FRIDAY - near.weekday()) % 7 * _DAY]
    return [LeaveWish(kind, first, last) for last in sorted(set(lasts))]


def _soon(kind: AbsenceKind, today: date) -> list[LeaveWish]:
    """Return what is meant where no day was said: an illness begins today, and people work from home soon."""
    wish = LeaveWish(kind, today, today)
    match kind:
        case AbsenceKind.SICK:
            return [wish, replace(wish, last=today + _DAY)]
        case AbsenceKind.REMOTE:
            return [wish, replace(wish, first=today + _DAY, last=today + _DAY)]
        case _:
            return []
