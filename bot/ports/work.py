"""Recorded time, and requests about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bot.domain.approvals.request import ApprovalRequest
from bot.domain.leave.absence import Absence
from bot.domain.people.employee import Employee
from bot.domain.workday.punch_log import DayState, Punch, PunchKind, WorkSession, standing, state_at


@dataclass(frozen=True, slots=True)
class Log:
    """A window of one person's log that can be derived from: it begins where no session is open.

    `since` is the window's start; `punches` are all from then on, voids included; `sessions` is what storage holds
    for the same window: what was derived from those punches when the last of them came, so that nobody has to again.
    """

    since: datetime
    punches: tuple[Punch, ...]
    sessions: tuple[WorkSession, ...]

    def state_at(self, at: datetime) -> tuple[DayState, WorkSession | None]:
        """Return the state as of `at` and the session that was open then; only where more came later is it derived."""
        if any(each.at > at and each.kind is not PunchKind.VOID for each in self.punches):
            return state_at(self.punches, at)
        return standing(self.sessions)


class Punches(Protocol):
    """The append-only log of each person and the sessions derived from it."""

    async def log(self, employee: Employee, since: datetime) -> Log:
        """Return a derivable window of the log that begins not after `since`."""
        ...

    async def sessions(self, employee: Employee, first: date, last: date) -> Sequence[WorkSession]:
        """Return the sessions whose work date lies between the two, both included, oldest first."""
        ...

    async def of_people(
        self, portal_id: int, first: date, last: date, employees: Sequence[int] | None = None
    ) -> Mapping[int, Sequence[WorkSession]]:
        """Return the sessions of those work dates by employee, of everybody or of some; who has none is left out."""
        ...

    def add(self, employee: Employee, punches: Sequence[Punch], log: Log, sessions: Sequence[WorkSession]) -> None:
        """Note new punches and what the window's sessions are now, instead of `log.sessions`.

        Expects `employee.version`; one open session a person is also held by the database.
        """
        ...


class Requests(Protocol):
    """Approval requests with their seats, ballots and record."""

    async def get(self, portal_id: int, request_id: int) -> ApprovalRequest | None:
        """Return the request of that id."""
        ...

    async def by_seat(self, portal_id: int, seat_id: int) -> ApprovalRequest | None:
        """Return the request that the seat belongs to."""
        ...

    async def waiting_for(self, employee: Employee) -> Sequence[ApprovalRequest]:
        """Return the open requests in which the person holds a seat, oldest first."""
        ...

    async def pending(self, portal_id: int) -> Sequence[ApprovalRequest]:
        """Return the open requests of a portal, oldest first."""
        ...

    async def open_about(self, portal_id: int, subject_id: int, subject_key: str) -> ApprovalRequest | None:
        """Return the open request of that key about that person."""
        ...

    async def about(self, employee: Employee, limit: int) -> Sequence[ApprovalRequest]:
        """Return the latest requests about the person's time, newest first."""
        ...

    async def passed_by_themselves(
        self, portal_id: int, subjects: Sequence[int], since: datetime
    ) -> Sequence[ApprovalRequest]:
        """Return what was small enough to pass without a lead, of these people, newest first."""
        ...

    async def of_portal(self, portal_id: int, limit: int) -> Sequence[ApprovalRequest]:
        """Return the latest requests of a portal, newest first."""
        ...

    def add(self, request: ApprovalRequest) -> None:
        """Note a new request with its seats, ballots and record."""
        ...

    def put(self, request: ApprovalRequest) -> None:
        """Note a change: `request.version` is the new one; if the stored one is not what was read, it is a Conflict."""
        ...


class Absences(Protocol):
    """Approved absences."""

    async def of(self, employee: Employee, first: date, last: date) -> Sequence[Absence]:
        """Return the person's absences that touch those days, oldest first."""
        ...

    async def get(self, portal_id: int, absence_id: int) -> Absence | None:
        """Return the absence of that id."""
        ...

    async def of_portal(self, portal_id: int, day: date) -> Sequence[Absence]:
        """Return everybody's absences on a day."""
        ...

    async def between(self, portal_id: int, first: date, last: date) -> Mapping[int, Sequence[Absence]]:
        """Return everybody's absences that touch those days, by employee, oldest first."""
        ...

    def add(self, absence: Absence) -> None:
        """Note an absence."""
        ...

    def put(self, absence: Absence) -> None:
        """Note the days of the absence of that id as they are now."""
        ...

    def remove(self, absence: Absence) -> None:
        """Note that an absence was cancelled."""
        ...
