"""What approved absences mean for the plan of a date: less to work, and nobody expected."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.leave.absence import Absence, AbsenceKind
from bot.domain.planning.schedule import Shift

WORKING = frozenset({AbsenceKind.REMOTE, AbsenceKind.BUSINESS_TRIP})
"""Kinds that are work in another place: what is recorded then is compared with the norm."""
PRESENT = frozenset({AbsenceKind.REMOTE})
"""Kinds in which people check in as always."""


def is_whole_day(absence: Absence) -> bool:
    """Whether it is of days, not of hours."""
    return absence.start is None or absence.end is None


_YIELD_TO_SICKNESS = frozenset(AbsenceKind) - {AbsenceKind.SICK, AbsenceKind.UNPAID}


def in_force(absences: Sequence[Absence]) -> tuple[Sequence[Absence], Sequence[Absence]]:
    """Return which absences of one date count, and which of them give way.

    Days of sickness are no days of a vacation: it is extended by them or moved (Labour Code art. 124). Nor are they
    time off, a trip or work elsewhere; unpaid leave goes on, for there is no benefit in it (Law 255-FZ, art. 9).
    """
    if not any(is_whole_day(each) and each.kind is AbsenceKind.SICK for each in absences):
        return absences, ()
    yielding = [each for each in absences if is_whole_day(each) and each.kind in _YIELD_TO_SICKNESS]
    return [each for each in absences if each not in yielding], yielding


def is_off_all_day(absences: Iterable[Absence]) -> bool:
    """Whether somebody is away all day, and not to work elsewhere."""
    return any(is_whole_day(each) and each.kind not in WORKING for each in absences)


def norm_left(
    norm: timedelta, absences: Sequence[Absence], shift: Shift | None = None, *, is_recorded: bool = True
) -> timedelta:
    """Return what is left of a date's norm: nothing on a day away, else less the hours away.

    Leave reduces what is asked for; worked time stays worked time (finding 23). A day of a business trip on which
    nothing was recorded was spent at work elsewhere and asks for nothing.
    """
    if not norm or not absences:
        return norm
    is_on_trip = any(is_whole_day(each) and each.kind is AbsenceKind.BUSINESS_TRIP for each in absences)
    if is_off_all_day(absences) or (is_on_trip and not is_recorded):
        return timedelta()
    return max(norm - hours_away([each for each in absences if each.kind not in WORKING], shift), timedelta())


def hours_away(absences: Iterable[Absence], shift: Shift | None) -> timedelta:
    """Return the planned work that hours away take: each hour once, within the shift, without its unpaid break."""
    hours = _hours(absences, shift)
    away = sum((end - start for start, end in hours), timedelta())
    if shift is not None and not shift.pause.is_paid and (pause := pause_of(shift)) is not None:
        away -= sum((max(min(end, pause[1]) - max(start, pause[0]), timedelta()) for start, end in hours), timedelta())
    return away


def expected(shift: Shift | None, absences: Sequence[Absence]) -> tuple[datetime, datetime] | None:
    """Return from when to when the shift wants the person there: without approved hours away at its edges.

    None where nobody is expected: no shift, or away throughout. Remote work is no reason to stay unrecorded. Where the
    hours away meet the planned unpaid break, nobody is expected in that either: away until one, then lunch until two.
    """
    if shift is None:
        return None
    away = [each for each in absences if each.kind not in PRESENT]
    if any(is_whole_day(each) for each in away):
        return None
    start, end = shift.starts_at, shift.ends_at
    hours = _hours(away, shift)
    pause = None if shift.pause.is_paid else pause_of(shift)
    for begin, stop in hours:
        if begin <= start < stop:
            start = _over(pause, stop)
    for begin, stop in reversed(hours):
        if begin < end <= stop:
            end = pause[0] if pause and pause[0] <= begin <= pause[1] else begin
    return (start, end) if start < end else None


def _over(pause: tuple[datetime, datetime] | None, at: datetime) -> datetime:
    """Return the end of the break that an instant falls into, else the instant."""
    return pause[1] if pause and pause[0] <= at < pause[1] else at


def _hours(absences: Iterable[Absence], shift: Shift | None) -> list[tuple[datetime, datetime]]:
    """Return the hours away in order, each once, no more of them than lie in the shift."""
    found: list[tuple[datetime, datetime]] = []
    for start, end in sorted((each.start, each.end) for each in absences if each.start and each.end):
        if shift is not None:
            start, end = max(start, shift.starts_at), min(end, shift.ends_at)  # noqa: PLW2901 - cut to the shift
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        elif start < end:
            found.append((start, end))
    return found


def pause_of(shift: Shift) -> tuple[datetime, datetime] | None:
    """Return the planned break as instants, where its time is planned."""
    if shift.pause.start is None:
        return None
    local = ZoneInfo(shift.zone)
    begins = datetime.combine(shift.day, shift.pause.start, local).astimezone(UTC)
    if begins < shift.starts_at:
        begins = datetime.combine(shift.day + timedelta(days=1), shift.pause.start, local).astimezone(UTC)
    return begins, begins + shift.pause.length
