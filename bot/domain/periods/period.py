"""Closing of a period: the person confirms, the lead approves, the administrator closes; reopening leaves a trace.

Locks go by work date with inclusive bounds, and only changed days are checked against them (cases 64, 65, 67).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from bot.domain.errors import Refusal
from bot.domain.reports.account import Account
from bot.domain.workday.punch_log import WorkSession
from bot.text import Day, Mention, Period, t

LONGEST_PERIOD = timedelta(days=366)
"""No longer stretch is confirmed or closed at once."""


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

    def reopened(self, by_id: int, at: datetime, reason: str) -> "Closing":
        """Return the closing as it is once somebody opened it again; the trace stays for good."""
        return replace(self, reopened_by=by_id, reopened_at=at, reason=reason)

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


def days_between(first: date, last: date) -> list[date]:
    """Return every date of a period, both ends included."""
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def fingerprint_of(account: Account) -> str:
    """Return a short text that is another one as soon as the hours of the period are."""
    return _fingerprint(session for day in account.days for session in day.sessions)


def _fingerprint(sessions: Iterable[WorkSession]) -> str:
    """An end that the service put there by itself counts as none: nobody said it yet."""
    parts = [f"{int(each.started_at.timestamp())}-{_end(each)}[{','.join(_edges(each))}]" for each in sessions]
    return sha256(";".join(parts).encode()).hexdigest()[:16]


def _end(session: WorkSession) -> str:
    return str(int(session.ended_at.timestamp())) if session.ended_at and not session.is_auto else ""


def _edges(session: WorkSession) -> list[str]:
    return [
        f"{int(b.started_at.timestamp())}-{int(b.ended_at.timestamp()) if b.ended_at else ''}" for b in session.breaks
    ]


def is_confirmed(account: Account, confirmations: Iterable[Confirmation], first: date, last: date) -> bool:
    """Whether every date was found right, in one piece or several, and the hours are still what was looked at.

    `account` holds at least the dates of the confirmations: a week may begin in the month before.
    """
    covered: set[date] = set()
    for each in confirmations:
        if fingerprint_of(account.part(each.first, each.last)) == each.fingerprint:
            covered.update(days_between(each.first, each.last))
    return covered.issuperset(days_between(first, last))


class BlockerKind(StrEnum):
    """What stands in the way of closing a person's dates."""

    OPEN = "open"
    """A session without a check-out."""
    UNCONFIRMED = "unconfirmed"
    """A day that the service closed, and nobody said yes to it (case 26)."""
    PENDING = "pending"
    """A request about the date waits for a decision (case 68)."""


@dataclass(frozen=True, slots=True)
class Blocker:
    """One thing that stands in the way, on a work date: a session, or a request by its id."""

    employee_id: int
    kind: BlockerKind
    day: date
    session: WorkSession | None = None
    request_id: int | None = None


def blockers_of(account: Account) -> Iterator[Blocker]:
    """Yield what the log itself leaves unclear."""
    for day in account.days:
        for session in day.sessions:
            if session.is_open:
                yield Blocker(account.employee_id, BlockerKind.OPEN, day.day, session)
            elif session.is_auto:
                yield Blocker(account.employee_id, BlockerKind.UNCONFIRMED, day.day, session)


class NothingRecorded(Refusal):
    """Workdays with no work at all are confirmed only by somebody who was asked whether that is so."""

    code = "nothing_recorded"

    def __init__(self, first: date, last: date) -> None:
        """Ask."""
        super().__init__(t("{period}: nothing is recorded. Was there really no work?", period=Period(first, last)))
        self.first, self.last = first, last


class PeriodNotOver(Refusal):
    """Days to come are neither confirmed nor closed."""

    code = "period_not_over"

    def __init__(self, first: date, last: date) -> None:
        """Say when it can be done."""
        super().__init__(t("{period} is not over yet. It can be done from the day after.", period=Period(first, last)))


class PeriodTooLong(Refusal):
    """More than a year, or an end before the beginning."""

    code = "period_too_long"

    def __init__(self) -> None:
        """Say what can be named."""
        super().__init__(t("Please name a week, a month or other days of at most a year."))


class PeriodBlocked(Refusal):
    """Something has to be cleared up first (cases 26 and 68)."""

    code = "period_blocked"

    def __init__(self, first: date, last: date, blockers: Sequence[Blocker]) -> None:
        """Keep what stands in the way, so that each can be mended with a button."""
        super().__init__(t("Something in {period} has to be cleared up first.", period=Period(first, last)))
        self.first = first
        self.last = last
        self.blockers = tuple(blockers)


class NotClosed(Refusal):
    """Nothing of these days is closed."""

    code = "not_closed"

    def __init__(self, first: date, last: date) -> None:
        """Say so."""
        super().__init__(t("{period} is not closed: everything in it can be changed.", period=Period(first, last)))


class NothingToApprove(Refusal):
    """Nobody's hours wait: approved already, or changed since they were confirmed."""

    code = "nothing_to_approve"

    def __init__(self) -> None:
        """Say what happens next."""
        super().__init__(t("Nothing waits here: approved already, or the hours changed and are to be confirmed anew."))


class PeriodClosed(Refusal):
    """A change of a closed work date; it names who closed it and when (case 65)."""

    code = "period_closed"

    def __init__(self, closing: Closing, closed_on: date, who: Mention) -> None:
        """Name the period, the day of the closing and the administrator."""
        super().__init__(
            t(
                "{period} is closed: {who} did it on {day}. To change it, ask for the period to be reopened.",
                period=Period(closing.first, closing.last),
                who=who,
                day=Day(closed_on),
            )
        )
        self.closing = closing
