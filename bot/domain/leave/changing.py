"""Changing an approved leave: what it was, what it shall be, and which dates that touches.

What has passed stays as it is, today included: a leave that runs can only become shorter, longer, or be moved in part.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Self

from bot.domain.errors import Refusal
from bot.domain.leave.absence import Absence, AbsenceKind
from bot.domain.leave.away import is_whole_day
from bot.domain.leave.balance import Counts, days_from
from bot.text import Day, t

_DAY = timedelta(days=1)
LONGEST = timedelta(days=366)
Days = tuple[date, date]
"""The first and the last date."""


class LeaveIsOver(Refusal):
    """A leave whose days have passed."""

    code = "leave_is_over"

    def __init__(self, last: date) -> None:
        """Say until when it was."""
        super().__init__(
            t(
                "That absence was until {day}, and what has passed stays as it is. An administrator can help.",
                day=Day(last),
            )
        )


class NotBefore(Refusal):
    """New days of a leave that have passed."""

    code = "days_passed"

    def __init__(self, today: date) -> None:
        """Say from when on."""
        super().__init__(t("Only days after {day} can be chosen: what has passed stays as it is.", day=Day(today)))


class SameDays(Refusal):
    """A change that changes nothing."""

    code = "same_days"

    def __init__(self) -> None:
        """Say so."""
        super().__init__(t("It has these days already. Nothing to change."))


class WrongDays(Refusal):
    """Days that cannot be those of a leave."""

    code = "wrong_days"

    def __init__(self, first: date, last: date) -> None:
        """Name them."""
        super().__init__(
            t("{first} – {last}: such days cannot be. Please write them again.", first=Day(first), last=Day(last))
        )


@dataclass(frozen=True, slots=True)
class LeaveChange:
    """An approved absence with its days before and after; no days after: it is cancelled."""

    absence_id: int
    kind: AbsenceKind
    before: Days
    after: tuple[Days, ...] = ()

    @classmethod
    def of_payload(cls, form: Mapping[str, Any]) -> Self:
        """Read what a request stores."""
        spans = [(date.fromisoformat(first), date.fromisoformat(last)) for first, last in form["days"]]
        return cls(int(form["absence_id"]), AbsenceKind(form["kind"]), spans[0], tuple(spans[1:]))

    @property
    def payload(self) -> dict[str, Any]:
        """Return what a request stores: the days before, and those after."""
        spans = [[first.isoformat(), last.isoformat()] for first, last in (self.before, *self.after)]
        return {"absence_id": str(self.absence_id), "kind": self.kind.value, "days": spans}

    @property
    def is_cancelled(self) -> bool:
        """Whether nothing of it is left."""
        return not self.after

    @property
    def touched(self) -> list[date]:
        """The dates that are another thing afterwards."""
        after = {day for span in self.after for day in days_from(*span)}
        return sorted(after ^ set(days_from(*self.before)))

    @property
    def added(self) -> Sequence[Days]:
        """The stretches of dates that it has only afterwards."""
        before = set(days_from(*self.before))
        return stretches([day for span in self.after for day in days_from(*span) if day not in before])


def stretches(days: Sequence[date]) -> list[Days]:
    """Return dates in order as stretches without a gap."""
    found: list[Days] = []
    for day in sorted(days):
        if found and found[-1][1] + _DAY == day:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def cancelled(absence: Absence, today: date) -> LeaveChange:
    """Return an absence cancelled: all of it before it begins, else what comes after today."""
    if absence.last < today or (absence.first <= today and not is_whole_day(absence)):
        raise LeaveIsOver(absence.last)
    if absence.first > today:
        return _change(absence)
    if absence.last == today:
        raise LeaveIsOver(absence.last)
    return _change(absence, (absence.first, today))


def until(absence: Absence, last: date, today: date) -> LeaveChange:
    """Return an absence with another last day."""
    if absence.last < today:
        raise LeaveIsOver(absence.last)
    if last < max(today, absence.first):
        if absence.first <= today:
            raise NotBefore(today)
        raise WrongDays(absence.first, last)
    return _checked(_change(absence, (absence.first, last)))


def moved(absence: Absence, first: date, last: date | None, today: date, counts: Counts) -> LeaveChange:
    """Return an absence on other days; of one that runs, what is left of it. No last day: as many days as it had."""
    if absence.last <= today and absence.first <= today:
        raise LeaveIsOver(absence.last)
    kept = (absence.first, today) if absence.first <= today else None
    if first <= today:
        raise NotBefore(today)
    if last is None:
        rest = absence.first if kept is None else today + _DAY
        last = last_of(first, sum(map(counts, days_from(rest, absence.last))), counts)
    if last < first:
        raise WrongDays(first, last)
    if kept is not None and first == today + _DAY:
        return _checked(_change(absence, (absence.first, last)))
    return _checked(_change(absence, *((kept,) if kept else ()), (first, last)))


def prolonged(absence: Absence, sick: frozenset[date], counts: Counts) -> LeaveChange:
    """Return a leave longer by its days of sickness (art. 124)."""
    wanted = sum(map(counts, days_from(absence.first, absence.last)))
    last = last_of(absence.first, wanted, lambda day: counts(day) and day not in sick)
    return _checked(_change(absence, (absence.first, max(last, absence.last))))


def postponed(absence: Absence, sick: frozenset[date], first: date, today: date, counts: Counts) -> LeaveChange:
    """Return a leave whose days of sickness are taken from another day on (art. 124); under the sickness it stays."""
    if first <= max(today, absence.last):
        raise NotBefore(max(today, absence.last))
    lost = sum(counts(day) for day in days_from(absence.first, absence.last) if day in sick)
    return _change(absence, (absence.first, absence.last), (first, last_of(first, lost, counts)))


def last_of(first: date, count: int, counts: Counts) -> date:
    """Return the last day of a leave of so many days that begins on a day; a leave of none is that day."""
    day, left = first, count
    while True:
        left -= counts(day)
        if left <= 0 or day - first >= LONGEST:
            return day
        day += _DAY


def _change(absence: Absence, *after: Days) -> LeaveChange:
    return LeaveChange(absence.id, absence.kind, (absence.first, absence.last), after)


def _checked(change: LeaveChange) -> LeaveChange:
    for first, last in change.after:
        if last - first > LONGEST:
            raise WrongDays(first, last)
    if not change.touched:
        raise SameDays
    return change
