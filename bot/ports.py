"""Ports: what the application needs from storage and from channels, as protocols.

Reads are coroutines. Writes are plain methods: a unit of work only notes them, and `commit` applies all of them in
one transaction or none. An expectation that no longer holds (somebody else was faster) makes `commit` raise
`Conflict`, and the turn is run again from the start; therefore a handler touches nothing outside its unit of work.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol, Self

from bot.domain.absence import Absence
from bot.domain.approval import ApprovalRequest
from bot.domain.employee import Employee, Identity
from bot.domain.events import DomainEvent
from bot.domain.portal import Portal
from bot.domain.workday import Punch, WorkSession
from bot.messages import Address, DeliveryError, Incoming, Outgoing, Receipt, Say, State


class Conflict(Exception):
    """Another writer changed what this unit of work was based on."""


class NewerDatabase(Exception):
    """The database was written by a newer version of the program."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A named value that is committed together with what was received, such as a poller's offset."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Stored:
    """An incoming that is safe in the inbox. `lane` is the person; turns of one lane are handled in order."""

    id: int
    incoming: Incoming
    lane: str
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Log:
    """A window of one person's log that can be derived from: it begins where no session is open.

    `since` is the window's start; `punches` are all from then on, voids included; `sessions` is what storage holds
    for the same window.
    """

    since: datetime
    punches: tuple[Punch, ...]
    sessions: tuple[WorkSession, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """A one-time link to tie an account on `channel` to an employee, open until `expires_at`.

    Asked for by an employee, it names the employee; asked for by a stranger, it names the stranger's account.
    """

    token_hash: str
    portal_id: int | None
    employee_id: int | None
    channel: str
    expires_at: datetime
    realm: str = ""
    account: str = ""
    conversation: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Present:
    """Who is at work now."""

    employee: Employee
    session: WorkSession


class Portals(Protocol):
    """Tenants."""

    async def get(self, portal_id: int) -> Portal | None:
        """Return the portal of that id."""
        ...

    async def by_key(self, key: str) -> Portal | None:
        """Return the portal of that key."""
        ...

    def add(self, portal: Portal) -> None:
        """Note a new portal; a second one of the same key is a Conflict."""
        ...

    def put(self, portal: Portal) -> None:
        """Note a change of a portal."""
        ...


class Employees(Protocol):
    """The people of one portal at a time. Employees come with their identities."""

    async def get(self, portal_id: int, employee_id: int) -> Employee | None:
        """Return the employee of that id."""
        ...

    async def by_identity(self, channel: str, realm: str, account: str) -> Employee | None:
        """Return whose account that is, disabled people too."""
        ...

    async def of_portal(self, portal_id: int) -> Sequence[Employee]:
        """Return everybody, by name."""
        ...

    async def present(self, portal_id: int) -> Sequence[Present]:
        """Return who has an open session, earliest first."""
        ...

    def add(self, employee: Employee) -> None:
        """Note a new employee with identities."""
        ...

    def put(self, employee: Employee) -> None:
        """Note a change of the employee's own fields; expects `employee.version` and stores it grown by one."""
        ...

    def link(self, employee: Employee, identity: Identity) -> None:
        """Note an identity; an account that is somebody's already is a Conflict."""
        ...

    def unlink(self, employee: Employee, identity: Identity) -> None:
        """Note that an identity is no longer the employee's."""
        ...

    def set_reachable(self, employee: Employee, identity: Identity, *, is_reachable: bool) -> None:
        """Note whether the messenger lets us write to the person."""
        ...


class Punches(Protocol):
    """The append-only log of each person and the sessions derived from it."""

    async def log(self, employee: Employee, since: datetime) -> Log:
        """Return a derivable window of the log that begins not after `since`."""
        ...

    async def sessions(self, employee: Employee, first: date, last: date) -> Sequence[WorkSession]:
        """Return the sessions whose work date lies between the two, both included, oldest first."""
        ...

    def add(self, employee: Employee, punches: Sequence[Punch], log: Log, sessions: Sequence[WorkSession]) -> None:
        """Note new punches and what the window's sessions are now, instead of `log.sessions`.

        Expects `employee.version`; one open session a person is also held by the database.
        """
        ...


class Dialogs(Protocol):
    """The question each conversation waits on."""

    async def get(self, channel: str, realm: str, conversation: str) -> State | None:
        """Return the open question; one that expired or that no longer exists in this version is None."""
        ...

    def put(self, portal_id: int, channel: str, realm: str, conversation: str, state: State | None) -> None:
        """Note the question, or None to end the dialog."""
        ...


class Links(Protocol):
    """One-time links."""

    async def get(self, token_hash: str) -> Link | None:
        """Return the link, used ones excluded."""
        ...

    def add(self, link: Link) -> None:
        """Note a link; earlier unused links of the same employee, or of the same account, stop working."""
        ...

    def use(self, link: Link) -> None:
        """Note that the link opened; a Conflict when somebody was faster."""
        ...


class Outbox(Protocol):
    """What must be sent, written in the same transaction as what caused it."""

    def add(self, to: Address, say: Say, *, turn: str = "", at: datetime) -> None:
        """Note a message."""
        ...


class Audit(Protocol):
    """An append-only record of who changed what about whom; never of words."""

    def add(self, portal_id: int, *, actor_id: int | None, subject_id: int | None, what: str, at: datetime) -> None:
        """Note a change."""
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
        """Note a change: `request.version` is the new one, and the stored one must be one less, or it is a Conflict."""
        ...


class Absences(Protocol):
    """Approved absences."""

    async def of(self, employee: Employee, first: date, last: date) -> Sequence[Absence]:
        """Return the person's absences that touch those days, oldest first."""
        ...

    async def of_portal(self, portal_id: int, day: date) -> Sequence[Absence]:
        """Return everybody's absences on a day."""
        ...

    def add(self, absence: Absence) -> None:
        """Note an absence."""
        ...


@dataclass(frozen=True, slots=True)
class Job:
    """Something to be done at an instant of the service's clock, once. `key` is unique for a kind and portal."""

    id: int
    portal_id: int
    kind: str
    key: str
    run_at: datetime
    payload: Mapping[str, Any]
    tries: int = 0


UNDELIVERED = "undelivered"
"""The job of a message that its channel will never take: `employee_id`, `channel`, `slot`, `kind`, and the message."""


class Jobs(Protocol):
    """Durable timers, written in the same transaction as what needs them."""

    def add(self, job: Job) -> None:
        """Note a job; one of the same kind and key is moved to the new instant instead."""
        ...

    def cancel(self, portal_id: int, kind: str, key: str) -> None:
        """Note that a job is not needed any more."""
        ...

    def done(self, job: Job) -> None:
        """Note that the job was done; a Conflict when somebody else did it."""
        ...


class JobQueue(Protocol):
    """The running side of the jobs."""

    async def claim(self, now: datetime, limit: int) -> Sequence[Job]:
        """Lease jobs that are due at `now` (the service's clock), earliest first."""
        ...

    async def next_due(self) -> datetime | None:
        """Return when the earliest job falls due."""
        ...

    async def postpone(self, job: Job, seconds: float) -> None:
        """Give the lease back and do not claim the job again for so many seconds of the machine's clock."""
        ...


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
    events: list[DomainEvent]

    async def __aenter__(self) -> Self:
        """Begin."""
        ...

    async def __aexit__(self, *exc: object) -> None:
        """End; what was not committed is dropped."""
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


class Inbox(Protocol):
    """What arrived, each thing once, until it is handled."""

    async def add(self, incomings: Sequence[Incoming], checkpoint: Checkpoint | None = None) -> int:
        """Store durably before returning, together with the checkpoint; returns how many were new.

        The same (channel, realm, event id) again changes nothing. The lane of a row is the employee of
        (channel, realm, account) where the account is known, else the account itself.
        """
        ...

    async def claim(self, limit: int) -> Sequence[Stored]:
        """Lease the first waiting row of each free lane, oldest first, at most `limit`."""
        ...

    async def postpone(self, stored: Stored, seconds: float) -> None:
        """Give the lease back and do not claim the lane's row again for so long."""
        ...

    async def retry(self, stored_id: int | None = None) -> int:
        """Let failed rows (or one) be claimed again; returns how many."""
        ...


class OutboxQueue(Protocol):
    """The sending side of the outbox."""

    async def claim(self, channel: str, limit: int) -> Sequence[Outgoing]:
        """Lease the first unsent message of each conversation of a channel, oldest first.

        `shown_as` is filled from the conversation's slot for edits. A message whose `only_if_shown` slot is empty is
        dropped instead of being handed out.
        """
        ...

    async def sent(self, results: Sequence[tuple[Outgoing, Receipt]]) -> None:
        """Mark as sent, in one transaction; a message that took a slot is remembered there.

        When a new message took a slot that another held, the former is handed to `claim` once more as an edit
        without buttons (`Say.text` is the former's text).
        """
        ...

    async def failed(self, failures: Sequence[tuple[Outgoing, DeliveryError, float | None]]) -> None:
        """Note failures: (message, error, seconds until the next try); None means never again."""
        ...

    async def retry(self, outgoing_id: int | None = None) -> int:
        """Let permanently failed messages (or one) be sent again; returns how many."""
        ...


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits: counts, and the age in seconds of the oldest; failures are those kept for a retry by hand."""

    inbox: int
    outbox: int
    inbox_age: float
    outbox_age: float
    inbox_failed: int
    outbox_failed: int


class Vault(Protocol):
    """Small named values of the service itself, encrypted at rest where they are secrets."""

    async def get(self, name: str) -> str | None:
        """Return a value."""
        ...

    async def put(self, name: str, value: str, *, is_secret: bool = False) -> None:
        """Store a value durably."""
        ...


class Storage(Protocol):
    """A database: SQLite or PostgreSQL, the same to everybody above."""

    inbox: Inbox
    outbox: OutboxQueue
    jobs: JobQueue
    vault: Vault

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

    async def purge(self) -> int:
        """Delete handled inbox and sent outbox rows that no repetition can concern any more; returns how many."""
        ...

    def on_inbox(self, wake: "Wake") -> None:
        """Call `wake` whenever the inbox may have gained a row that can be claimed."""
        ...

    def on_outbox(self, wake: "Wake") -> None:
        """Call `wake` whenever the outbox may have gained a message that can be claimed."""
        ...


class Wake(Protocol):
    """A wake-up call: cheap, safe to repeat, on the event loop."""

    def __call__(self) -> None:
        """Wake up."""
        ...


class Receive(Protocol):
    """What a door does with what arrived: store and commit; only then may the door acknowledge."""

    async def __call__(self, incomings: Sequence[Incoming], checkpoint: Checkpoint | None = None) -> int:
        """Store durably; returns how many were new."""
        ...


@dataclass(frozen=True, slots=True)
class Person:
    """A person as the portal's directory lists them."""

    account: str
    name: str
    zone: str | None = None
    is_admin: bool = False
    is_active: bool = True
    heads: tuple[str, ...] = ()
    """Accounts of the heads above this person, nearest first."""


class Directory(Protocol):
    """Is told who works on a portal, whenever a channel has read its directory."""

    async def __call__(self, realm: str, people: Sequence[Person]) -> None:
        """Bring the people of the portal with that key up to date; people who are not listed are left alone."""
        ...


class Channel(Protocol):
    """A messenger. Adding one is a folder with its doors, its renderer and this."""

    name: str

    async def start(self, receive: Receive) -> None:
        """Begin to work in the background and return at once.

        Registering the bot and its commands, receiving, and getting over a messenger that is down at start or later
        are the channel's own business; `health` tells how it goes.
        """
        ...

    async def stop(self) -> None:
        """Stop receiving and finish requests in flight."""
        ...

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Deliver one message; DeliveryError when that failed. Calls for different conversations run side by side."""
        ...

    def health(self) -> Mapping[str, Any]:
        """Return facts for /ready: `{"ok": bool, "last_success": epoch seconds or None, "error": str or None}`."""
        ...
