"""What approved absences mean for the plan of a date: less to work, and nobody expected."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.absence import Absence, AbsenceKind
from bot.domain.schedule import Shift

WORKING = frozenset({AbsenceKind.REMOTE, AbsenceKind.BUSINESS_TRIP})
"""Kinds that are work in another place: what is recorded then is compared with the norm."""
PRESENT = frozenset({AbsenceKind.REMOTE})
"""Kinds in which people check in as always."""


def is_whole_day(absence: Absence) -> bool:
    """Whether it is of days, not of hours."""
    return absence.start is None or absence.end is None


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
    if shift is not None and not shift.pause.is_paid and (pause := _pause(shift)) is not None:
        away -= sum((max(min(end, pause[1]) - max(start, pause[0]), timedelta()) for start, end in hours), timedelta())
    return away


def expected(shift: Shift | None, absences: Sequence[Absence]) -> tuple[datetime, datetime] | None:
    """Return from when to when the shift wants the person there: without approved hours away at its edges.

    None where nobody is expected: no shift, or away throughout. Remote work is no reason to stay unrecorded.
    """
    if shift is None:
        return None
    away = [each for each in absences if each.kind not in PRESENT]
    if any(is_whole_day(each) for each in away):
        return None
    start, end = shift.starts_at, shift.ends_at
    hours = _hours(away, shift)
    if hours and hours[0][0] <= start:
        start = hours[0][1]
    if hours and hours[-1][1] >= end:
        end = hours[-1][0]
    return (start, end) if start < end else None


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


def _pause(shift: Shift) -> tuple[datetime, datetime] | None:
    """Return the planned break as instants, where its time is planned."""
    if shift.pause.start is None:
        return None
    local = ZoneInfo(shift.zone)
    begins = datetime.combine(shift.day, shift.pause.start, local).astimezone(UTC)
    if begins < shift.starts_at:
        begins = datetime.combine(shift.day + timedelta(days=1), shift.pause.start, local).astimezone(UTC)
    return begins, begins + shift.pause.length
