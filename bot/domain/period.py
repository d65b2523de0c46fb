"""Closing of a period: the person confirms, the lead approves, the administrator closes; reopening leaves a trace.

Locks go by work date with inclusive bounds, and only changed days are checked against them (cases 64, 65, 67).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.errors import Refusal
from bot.text import Day, Mention, t


@dataclass(frozen=True, slots=True)
class Confirmation:
    """That a person found their hours of a period right, and that a lead did.

    `fingerprint` names the hours that were looked at: once they change, the confirmation counts no more.
    """

    portal_id: int
    employee_id: int
    first: date
    last: date
    fingerprint: str
    confirmed_by: int
    confirmed_at: datetime
    approved_by: int | None = None
    approved_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Closing:
    """That an administrator closed the work dates `first` to `last`, both included, until somebody reopened them."""

    id: int
    portal_id: int
    first: date
    last: date
    closed_by: int
    closed_at: datetime
    reopened_by: int | None = None
    reopened_at: datetime | None = None
    reason: str = ""

    @property
    def is_closed(self) -> bool:
        """Whether it still holds."""
        return self.reopened_at is None

    def covers(self, day: date) -> bool:
        """Whether a work date lies in the period."""
        return self.first <= day <= self.last


def lock_on(closings: Iterable[Closing], days: Iterable[date]) -> Closing | None:
    """Return a closing that forbids to change one of the days."""
    wanted = set(days)
    return next((each for each in closings if each.is_closed and any(map(each.covers, wanted))), None)


def lock_between(closings: Iterable[Closing], first: date, last: date) -> Closing | None:
    """Return a closing that forbids to change something between two days, both included."""
    return next((each for each in closings if each.is_closed and each.first <= last and each.last >= first), None)


def revision(closings: Sequence[Closing], first: date, last: date) -> int:
    """Return the number that an export of the period carries: one more with each reopening within it (case 66)."""
    touched = [each for each in closings if not each.is_closed and each.first <= last and each.last >= first]
    return 1 + len(touched)


class PeriodClosed(Refusal):
    """A change of a closed work date; it names who closed it and when (case 65)."""

    code = "period_closed"

    def __init__(self, closing: Closing, closed_on: date, who: Mention) -> None:
        """Name the period, the day of the closing and the administrator."""
        super().__init__(
            t(
                "{first} – {last} is closed: {who} did it on {day}. To change it, ask for the period to be reopened.",
                first=Day(closing.first),
                last=Day(closing.last),
                who=who,
                day=Day(closed_on),
            )
        )
        self.closing = closing
