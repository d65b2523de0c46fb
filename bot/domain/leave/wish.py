"""What a leave asks for, and how it fits beside other absences of the same person."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Self

from bot.domain.leave.absence import Absence, AbsenceKind
from bot.domain.leave.away import WORKING

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class LeaveWish:
    """Days away from `first` to `last`, both included; hours have `start` and `end` as well, and the person's zone."""

    kind: AbsenceKind
    first: date
    last: date
    start: datetime | None = None
    end: datetime | None = None
    zone: str = ""

    @classmethod
    def of_hours(cls, kind: AbsenceKind, start: datetime, end: datetime, zone: str) -> Self:
        """Return the wish for hours; `start` and `end` are by the clock of the person's zone."""
        return cls(kind, start.date(), end.date(), start, end, zone)

    @classmethod
    def of_payload(cls, form: Mapping[str, Any]) -> Self:
        """Read what a leave request stores."""
        start, end = form.get("start"), form.get("end")
        return cls(
            AbsenceKind(form["kind"]),
            date.fromisoformat(form["first"]),
            date.fromisoformat(form["last"]),
            datetime.fromisoformat(start) if start else None,
            datetime.fromisoformat(end) if end else None,
            form.get("zone", ""),
        )

    @property
    def payload(self) -> dict[str, Any]:
        """Return what a leave request stores."""
        form = {"kind": self.kind.value, "first": self.first.isoformat(), "last": self.last.isoformat()}
        if self.start is not None and self.end is not None:
            form |= {"start": self.start.isoformat(), "end": self.end.isoformat(), "zone": self.zone}
        return form


def clashes(wish: LeaveWish, absence: Absence) -> bool:
    """Whether both cannot be true.

    An illness comes over whatever was planned (art. 124: a vacation is moved or made longer), but not over another
    illness. Hours away from a day of remote work or of a trip are no contradiction, nor are two stretches of hours
    that do not meet.
    """
    if wish.last < absence.first or absence.last < wish.first:
        return False
    hours, others = _hours(wish), _hours(absence)
    if hours and others:
        return hours[0] < others[1] and others[0] < hours[1]
    if hours:
        return absence.kind not in WORKING or wish.kind in WORKING
    if others:
        return wish.kind is not AbsenceKind.SICK and (wish.kind not in WORKING or absence.kind in WORKING)
    return wish.kind is not AbsenceKind.SICK or absence.kind is AbsenceKind.SICK


def displaced(wish: LeaveWish, absences: Iterable[Absence]) -> Sequence[Absence]:
    """Return what an illness comes over: absences of days that touch it."""
    if wish.kind is not AbsenceKind.SICK or wish.start is not None:
        return ()
    touching = (each for each in absences if each.first <= wish.last and wish.first <= each.last)
    return [each for each in touching if each.kind not in (AbsenceKind.SICK, AbsenceKind.REMOTE) and not _hours(each)]


def left_of(wish: LeaveWish, absences: Iterable[Absence]) -> LeaveWish:
    """Return the wish without days that an absence of the same kind covers already, where it only makes that longer.

    «Болею до пятницы», said on the second day of an illness, asks for the days that are not approved yet.
    """
    if wish.start is not None:
        return wish
    known = [each for each in absences if each.kind is wish.kind and not _hours(each)]
    days = [wish.first + step * _DAY for step in range((wish.last - wish.first).days + 1)]
    free = [day for day in days if not any(each.first <= day <= each.last for each in known)]
    if not free or len(free) == len(days) or (free[-1] - free[0]).days + 1 != len(free):
        return wish
    return replace(wish, first=free[0], last=free[-1])


def _hours(of: LeaveWish | Absence) -> tuple[datetime, datetime] | None:
    return (of.start, of.end) if of.start is not None and of.end is not None else None
