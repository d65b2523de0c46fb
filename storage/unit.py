"""The unit of work: reads when asked, notes writes, applies all of them in one transaction."""

from datetime import date, timedelta
from typing import Self

from bot.domain.events import DomainEvent
from bot.domain.people.employee import Employee
from bot.messages import Incoming
from bot.ports import Stored, Wake
from storage.ahead import Ahead
from storage.engines.engine import Engine, Read, Write
from storage.part import Part
from storage.parts.approvals import Requests
from storage.parts.approving import Groups, Templates
from storage.parts.delays import Delays
from storage.parts.leave import Absences, absences_read
from storage.parts.people import Employees, Portals
from storage.parts.periods import Feeds, Overtimes, Periods, Reminders
from storage.parts.planning import (
    Calendars,
    Schedules,
    Staff,
    assignments_read,
    calendar_read,
    dates_read,
    departments_read,
    employments_read,
)
from storage.parts.privacy import Privacy
from storage.parts.routed import RoutedRequests
from storage.parts.workday import Punches, log_of
from storage.queues.conversations import Audit, Dialogs, Links, Now, Outbox
from storage.queues.failures import Failures
from storage.queues.jobs import Jobs
from storage.rows import millis
from storage.sql import conversations, people, queues, workday

_DAY = timedelta(days=1)
LOG_WINDOW = timedelta(days=2)
"""How much of the log a turn reads beforehand."""


class UnitOfWork:
    """One transaction. Leaving the context without `commit` drops what was noted."""

    events: list[DomainEvent]

    def __init__(self, engine: Engine, now: Now, wake_inbox: Wake, wake_outbox: Wake) -> None:
        """Read and write through `engine`; wake who waits for what a commit brings."""
        self._engine = engine
        self._ahead = ahead = Ahead(engine)
        self._wake_inbox = wake_inbox
        self._wake_outbox = wake_outbox
        self._done: list[Write] = []
        self.portals = Portals(ahead)
        self.employees = Employees(ahead, self.portals)
        self.punches = Punches(ahead, self.employees)
        self.dialogs = Dialogs(ahead, now)
        self.links = Links(ahead, now)
        self.outbox = Outbox(ahead, now)
        self.audit = Audit(ahead)
        self.requests = Requests(ahead)
        self.absences = Absences(ahead)
        self.jobs = Jobs(ahead)
        self.staff = Staff(ahead)
        self.schedules = Schedules(ahead)
        self.calendar = Calendars(ahead)
        self.reminders = Reminders(ahead)
        self.delays = Delays(ahead)
        self.periods = Periods(ahead)
        self.overtimes = Overtimes(ahead)
        self.feeds = Feeds(ahead)
        self.failures = Failures(ahead, now)
        self.templates = Templates(ahead)
        self.groups = Groups(ahead)
        self.routed = RoutedRequests(ahead)
        self.privacy = Privacy(ahead)
        self.events = []
        self._parts = [each for each in vars(self).values() if isinstance(each, Part)]

    async def __aenter__(self) -> Self:
        """Begin."""
        return self

    async def __aexit__(self, *exc: object) -> None:
        """End; what was not committed is dropped."""
        self.forget()

    def forget(self) -> None:
        """Drop what was noted so far, and the events, but keep what was read."""
        for part in self._parts:
            part.forget()
        self._done.clear()
        self.events.clear()

    def done(self, stored: Stored, outcome: str) -> None:
        """Note that the inbox row was handled; a Conflict when its lease was lost to somebody who took it over."""
        values = {"the_id": stored.id, "token": stored.tries + 1, "outcome": outcome}
        self._done.append(Write(queues.INBOX_DONE, values, 1))

    def fail(self, stored: Stored, reason: str) -> None:
        """Note that the inbox row could not be handled: it leaves its lane and is kept for a retry by hand."""
        values = {"the_id": stored.id, "token": stored.tries + 1, "reason": reason}
        self._done.append(Write(queues.INBOX_FAIL, values))

    async def commit(self) -> None:
        """Apply everything noted, in one transaction; Conflict when an expectation failed. Nothing noted: no write."""
        writes = [write for part in self._parts for write in part.writes()]
        writes += self._done
        if not writes:
            return
        writes.sort(key=lambda write: write.statement.rank)
        retries = bool(self.failures.writes())
        is_done, says = bool(self._done) or retries, bool(self.outbox.writes()) or retries
        await self._engine.write(writes)
        for part in self._parts:
            part.forget()
        self._done.clear()
        if is_done:
            self._wake_inbox()
        if says:
            self._wake_outbox()

    async def look_ahead(self, employee: Employee, day: date) -> None:
        """Read in one hop what is planned for a person around a day, and who is away then."""
        portal_id, before, after = employee.portal_id, day - _DAY, day + _DAY
        await self._ahead.look(
            [
                assignments_read(portal_id, employee.id),
                dates_read(portal_id, before, after),
                calendar_read(portal_id),
                departments_read(portal_id),
                employments_read(portal_id, employee.id),
                absences_read(employee, day, day),
            ]
        )

    async def preload(self, incoming: Incoming, now: int) -> None:
        """Read in one hop what a turn of the incoming's person needs."""
        account = (incoming.channel, incoming.realm, incoming.sender.account)
        place = (incoming.channel, incoming.realm, incoming.conversation)
        since = min(incoming.sent_at or incoming.received_at, incoming.received_at) - LOG_WINDOW
        key = {"channel": account[0], "realm": account[1], "account": account[2], "since": millis(since)}
        where = {"channel": place[0], "realm": place[1], "conversation": place[2], "now": now}
        found = await self._ahead.read(
            [
                Read(people.PERSON_BY_IDENTITY, key),
                Read(workday.TURN_SESSIONS, key),
                Read(workday.TURN_PUNCHES, key),
                Read(conversations.GET_DIALOG, where),
            ]
        )
        employee = self.employees.remember(account, found[0])
        if employee is not None:
            self.punches.remember(employee, log_of(since, found[2], found[1]))
        self.dialogs.remember(place, found[3])
