"""A database as a whole, and one transaction of it."""

from collections.abc import Callable
from datetime import date
from typing import Protocol, Self

from bot.domain.events import DomainEvent
from bot.domain.people.employee import Employee
from bot.domain.topics import Rung
from bot.ports.access import WebSessions
from bot.ports.approving import Files, Groups, RequestLists, RoutedRequests, TemplateDrafts, Templates
from bot.ports.base import Wake
from bot.ports.duties import Duties
from bot.ports.errands import ErrandQueue, Errands
from bot.ports.happenings import Happenings, HookQueue, Webhooks
from bot.ports.installing import Grants, Installations
from bot.ports.keys import ApiKeys, Repeats
from bot.ports.objects_seen import Hints, SeenObjects
from bot.ports.people import Audit, Dialogs, Employees, Links, PeopleLists, Portals, Substitutes
from bot.ports.planning import Calendars, Delays, Entitlements, Feeds, Overtimes, Periods, Reminders, Schedules, Staff
from bot.ports.portal_absences import PortalAbsences
from bot.ports.portal_workdays import PortalWorkdays
from bot.ports.privacy import Privacy
from bot.ports.processes import CallQueue, NativeTasks, ProcessCalls
from bot.ports.queues import Backlog, Failures, Inbox, JobQueue, Jobs, Outbox, OutboxQueue, Stored
from bot.ports.rules import AutomationRules
from bot.ports.work import Absences, Punches, Requests


class UnitOfWork(Protocol):
    """One transaction. Leaving the context without `commit` drops what was noted."""

    portals: Portals
    employees: Employees
    punches: Punches
    dialogs: Dialogs
    links: Links
    outbox: Outbox
    audit: Audit
    requests: Requests
    absences: Absences
    jobs: Jobs
    staff: Staff
    schedules: Schedules
    calendar: Calendars
    reminders: Reminders
    delays: Delays
    entitlements: Entitlements
    periods: Periods
    overtimes: Overtimes
    feeds: Feeds
    failures: Failures
    templates: Templates
    template_drafts: TemplateDrafts
    rules: AutomationRules
    groups: Groups
    substitutes: Substitutes
    routed: RoutedRequests
    files: Files
    privacy: Privacy
    installations: Installations
    web_sessions: WebSessions
    objects: SeenObjects
    process_calls: ProcessCalls
    native_tasks: NativeTasks
    request_lists: RequestLists
    people_lists: PeopleLists
    api_keys: ApiKeys
    repeats: Repeats
    errands: Errands
    portal_absences: PortalAbsences
    portal_workdays: PortalWorkdays
    happenings: Happenings
    webhooks: Webhooks
    events: list[DomainEvent]

    async def __aenter__(self) -> Self:
        """Begin."""
        ...

    async def __aexit__(self, *exc: object) -> None:
        """End; what was not committed is dropped."""
        ...

    async def look_ahead(self, employee: Employee, day: date) -> None:
        """Read at once what is planned for a person around a day, and their absences; asking for it later is free."""
        ...

    def forget(self) -> None:
        """Drop what was noted so far, and the events, but keep what was read."""
        ...

    def done(self, stored: Stored, outcome: str) -> None:
        """Note that the inbox row was handled."""
        ...

    def fail(self, stored: Stored, reason: str) -> None:
        """Note that the inbox row could not be handled: it leaves its lane and is kept for a retry by hand."""
        ...

    async def commit(self) -> None:
        """Apply everything noted, in one transaction; Conflict when an expectation failed. Nothing noted: no write."""
        ...


class Vault(Protocol):
    """Small named values of the service itself, encrypted at rest where they are secrets."""

    async def get(self, name: str) -> str | None:
        """Return a value."""
        ...

    async def put(self, name: str, value: str, *, is_secret: bool = False) -> None:
        """Store a value durably."""
        ...

    async def reseal(self) -> int:
        """Seal with the present secret what a former one had sealed; returns how many that were."""
        ...


class Storage(Protocol):
    """A database: SQLite or PostgreSQL, the same to everybody above."""

    inbox: Inbox
    outbox: OutboxQueue
    hints: Hints
    jobs: JobQueue
    errands: ErrandQueue
    hooks: HookQueue
    vault: Vault
    duties: Duties
    grants: Grants
    calls: CallQueue

    async def start(self) -> None:
        """Connect and bring the schema up to date; NewerDatabase when it is ahead of this program."""
        ...

    async def close(self) -> None:
        """Finish what was handed over and disconnect."""
        ...

    def unit_of_work(self) -> UnitOfWork:
        """Return a unit of work that reads when asked."""
        ...

    async def turn(self, stored: Stored) -> UnitOfWork:
        """Return a unit of work that has already read what a turn of this person needs, in one go.

        Preloaded: the employee by identity, their portal, the dialog, and the log of the last two days.
        """
        ...

    async def revision(self) -> str:
        """Return the schema's revision; fails when the database does not answer."""
        ...

    async def backlog(self) -> Backlog:
        """Return what waits."""
        ...

    def disk(self) -> tuple[int, int] | None:
        """Return how many bytes are free and how many there are on the disk, where the database is a file of ours."""
        ...

    async def purge(self) -> int:
        """Delete what is of no more use, without holding up anybody; returns how many handled messages went."""
        ...

    def on_inbox(self, wake: Wake) -> None:
        """Call `wake` whenever the inbox may have gained a row that can be claimed."""
        ...

    def on_hints(self, wake: Wake) -> None:
        """Call `wake` whenever a portal told of an object."""
        ...

    def on_outbox(self, wake: Wake) -> None:
        """Call `wake` whenever the outbox may have gained a message that can be claimed."""
        ...

    def on_commit(self, ring: Callable[[Rung], None]) -> None:
        """Call `ring` with what each commit was about: of this process, and of others on the same PostgreSQL."""
        ...

    def on_hooks(self, wake: Wake) -> None:
        """Call `wake` whenever there may be something more to be told to hooks."""
        ...

    def on_errands(self, wake: Wake) -> None:
        """Call `wake` whenever there may be one more errand that can be claimed."""
        ...
