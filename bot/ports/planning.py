"""Planned time and what surrounds it: departments, schedules, the calendar, what was told, and closed periods."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from bot.domain.leave.absence import AbsenceKind
from bot.domain.leave.entitlement import Entitlement, Opening
from bot.domain.people.staff import Department, Employment
from bot.domain.periods.period import Closing, Confirmation
from bot.domain.planning.calendar import CalendarDay
from bot.domain.planning.schedule import Assignment, PlannedDate
from bot.domain.portal import Portal
from bot.domain.workday.delay import Delay

GREETED = "greeted"
"""The kind of what was told: that a person was told what the bot is."""
INVITED = "invited"
"""That a person was told that they can use a second messenger as well."""
NEVER_FORGOTTEN = (GREETED, INVITED)
"""Kinds of what is told once in all."""


@dataclass(frozen=True, slots=True)
class Told:
    """That a person was told something once: of a kind, about a key such as a work date."""

    portal_id: int
    employee_id: int
    kind: str
    key: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ApprovedOvertime:
    """Overtime that a lead approved: at most so much of a work date counts as overtime."""

    id: int
    portal_id: int
    employee_id: int
    day: date
    length: timedelta
    request_id: int | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """A link to a person's calendar, until it is revoked; only the hash of its token is kept."""

    token_hash: str
    portal_id: int
    employee_id: int
    created_at: datetime
    revoked_at: datetime | None = None


class Staff(Protocol):
    """Departments and who was employed in them."""

    async def departments(self, portal_id: int) -> Sequence[Department]:
        """Return the departments, by name."""
        ...

    async def employments(self, portal_id: int, employee_id: int | None = None) -> Sequence[Employment]:
        """Return one person's or everybody's stretches of employment, oldest first."""
        ...

    def put_department(self, department: Department) -> None:
        """Note a new department, or how one of that key is now."""
        ...

    def put_employment(self, employment: Employment) -> None:
        """Note a new stretch, or how the one of that id is now."""
        ...


class Schedules(Protocol):
    """Schedules given to portals, departments and people, and shifts named for a date."""

    async def assignments(self, portal_id: int, employee_id: int | None = None) -> Sequence[Assignment]:
        """Return all that were ever given, by the day from which they are valid; none to others than that person."""
        ...

    async def dates(
        self, portal_id: int, first: date, last: date, employee_id: int | None = None
    ) -> Sequence[PlannedDate]:
        """Return what is planned for single dates, both days included, for everybody or one person."""
        ...

    def put(self, assignment: Assignment) -> None:
        """Note an assignment; another one to the same target from the same day gives way."""
        ...

    def put_date(self, planned: PlannedDate) -> None:
        """Note a shift or a day off on a date, instead of what was named for it before."""
        ...

    def remove_date(self, planned: PlannedDate) -> None:
        """Note that nothing is named for that date any more."""
        ...


class Calendars(Protocol):
    """What administrators changed in the production calendar."""

    async def days(self, portal_id: int) -> Sequence[CalendarDay]:
        """Return every changed day, oldest first."""
        ...

    def put(self, portal_id: int, day: CalendarDay) -> None:
        """Note a changed day."""
        ...

    def remove(self, portal_id: int, day: date) -> None:
        """Note that a day is as the country has it again."""
        ...


class Delays(Protocol):
    """What people said about coming later."""

    async def since(self, portal_id: int, first: date) -> Sequence[Delay]:
        """Return what was said about that day and those after it, by day."""
        ...

    def put(self, delay: Delay) -> None:
        """Note what was said, instead of what the person had said about that day."""
        ...

    def drop_before(self, portal_id: int, first: date) -> None:
        """Note that days before are forgotten."""
        ...


class Entitlements(Protocol):
    """Days of leave that people are entitled to, and what was left of them on a day."""

    async def of(self, portal_id: int, employee_id: int) -> Sequence[Entitlement]:
        """Return what counts for a person: their own terms and those of everybody, each by its first day."""
        ...

    async def of_portal(self, portal_id: int) -> Sequence[Entitlement]:
        """Return all terms of the portal, those of everybody before those of a person, each by its first day."""
        ...

    async def openings_of_portal(self, portal_id: int, kind: AbsenceKind) -> Sequence[Opening]:
        """Return everybody's opening balances of a kind, by day."""
        ...

    async def openings(self, portal_id: int, employee_id: int) -> Sequence[Opening]:
        """Return the person's opening balances of every kind, by day."""
        ...

    def put(self, entitlement: Entitlement) -> None:
        """Note what counts from its day on."""
        ...

    def drop(self, portal_id: int, employee_id: int, kind: AbsenceKind) -> None:
        """Note that nothing is named any more for a person, or for everybody."""
        ...

    def put_opening(self, opening: Opening) -> None:
        """Note what was left on a day."""
        ...


class Reminders(Protocol):
    """What people were told by themselves, so that it happens once."""

    async def since(self, portal_id: int, at: datetime) -> Sequence[Told]:
        """Return what was told since then."""
        ...

    async def of(self, portal_id: int, employee_id: int, kind: str) -> Sequence[Told]:
        """Return what of that kind the person was told in the last months."""
        ...

    async def of_kind(self, portal_id: int, kind: str) -> Collection[int]:
        """Return who was told something of that kind."""
        ...

    def add(self, told: Told) -> None:
        """Note that it was told; the same again is a Conflict."""
        ...

    def drop_before(self, portal_id: int, at: datetime) -> None:
        """Note that what a portal's people were told before is of no use any more."""
        ...


class Periods(Protocol):
    """Confirmed and closed periods."""

    async def confirmations(self, portal_id: int, first: date, last: date) -> Sequence[Confirmation]:
        """Return the confirmations of periods that touch those days."""
        ...

    async def closings(self, portal_id: int) -> Sequence[Closing]:
        """Return all closings, reopened ones as well, oldest first."""
        ...

    def put_confirmation(self, confirmation: Confirmation) -> None:
        """Note a confirmation, instead of an earlier one of the same person and days."""
        ...

    def close(self, portal: Portal, closing: Closing) -> None:
        """Note a new closing; a Conflict when something else was closed on the portal since it was read."""
        ...

    def put_closing(self, closing: Closing) -> None:
        """Note that the closing of that id was reopened."""
        ...

    def expect_open(self, portal: Portal) -> None:
        """Expect that nothing was closed on the portal since it was read; else `commit` is a Conflict."""
        ...


class Overtimes(Protocol):
    """Approved overtime."""

    async def between(self, portal_id: int, first: date, last: date) -> Mapping[int, Sequence[ApprovedOvertime]]:
        """Return what was approved for those work dates, by employee."""
        ...

    def add(self, overtime: ApprovedOvertime) -> None:
        """Note approved overtime."""
        ...


class Feeds(Protocol):
    """Calendar links."""

    async def get(self, token_hash: str) -> Feed | None:
        """Return a link that was not revoked."""
        ...

    async def of(self, portal_id: int, employee_id: int) -> Feed | None:
        """Return the person's link, if one was not revoked."""
        ...

    def add(self, feed: Feed) -> None:
        """Note a new link; earlier ones of the person stop working."""
        ...

    def revoke(self, portal_id: int, employee_id: int, at: datetime) -> None:
        """Note that the person's links stop working."""
        ...
