"""What waits: incoming, outgoing and timed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.domain.portal import Portal
from bot.messages import Address, DeliveryError, Incoming, Outgoing, Receipt, Say, Unread
from bot.ports.base import Checkpoint
from bot.ports.channels import ReadUnread

FILES_TAKEN = "files taken"
"""What becomes of a turn whose files answered a question: one of its album that comes later is no repetition."""


@dataclass(frozen=True, slots=True)
class Stored:
    """An incoming that is safe in the inbox. `lane` is the person; turns of one lane are handled in order."""

    id: int
    incoming: Incoming
    lane: str
    tries: int = 0
    parts: tuple["Stored", ...] = ()
    """The others that were sent with it, and whose files it has: they are done with it, or fail with it."""


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

    def keep(self, job: Job) -> None:
        """Note a job unless one of the same kind and key is there already, which stays as it is."""
        ...

    def hasten(self, portal_id: int, kind: str, key: str, run_at: datetime) -> None:
        """Note that a job, where there is one, falls due at an earlier instant, as it is."""
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

    async def has(self, job: Job) -> bool:
        """Return whether the claimed job is still to be done: nobody did it, moved it or cancelled it meanwhile."""
        ...

    async def postpone(self, job: Job, seconds: float) -> None:
        """Give the lease back and do not claim the job again for so many seconds of the machine's clock."""
        ...


class Outbox(Protocol):
    """What must be sent, written in the same transaction as what caused it."""

    def add(self, to: Address, say: Say, *, turn: str = "", at: datetime) -> None:
        """Note a message, and its file with it."""
        ...

    def strip(self, to: Address, slot: str, *, at: datetime) -> None:
        """Note that the message which is shown in a slot loses its buttons, where it has any."""
        ...


class Failures(Protocol):
    """What failed for good on a portal and is kept for a retry by hand."""

    async def of(self, portal: Portal) -> tuple[int, int]:
        """Return how many turns and how many messages."""
        ...

    def retry(self, portal: Portal) -> None:
        """Note that all of them are to be tried again."""
        ...


class Inbox(Protocol):
    """What arrived, each thing once, until it is handled."""

    async def add(self, incomings: Sequence[Incoming], checkpoint: Checkpoint | None = None) -> int:
        """Store durably before returning, together with the checkpoint; returns how many were new.

        The same (channel, realm, event id) again changes nothing. The lane of a row is the employee of
        (channel, realm, account) where the account is known, else the account itself. A part of an album waits a
        moment for the others.
        """
        ...

    async def add_unread(self, unread: Unread) -> int:
        """Store durably before returning what is taken apart when it is claimed; as `add` in all else."""
        ...

    def read_by(self, channel: str, read: ReadUnread) -> None:
        """Have what a channel stored unread taken apart by `read`."""
        ...

    async def knows(self, channel: str, realm: str, event_id: str) -> bool:
        """Return whether that event has arrived."""
        ...

    async def claim(self, limit: int) -> Sequence[Stored]:
        """Lease the first waiting row of each free lane, oldest first, at most `limit`.

        A row that cannot be read fails with one log line and holds up nobody; what means nothing to us is done.
        """
        ...

    async def gather(self, stored: Stored) -> tuple[Stored, float]:
        """Return a claimed row with what was sent together with it, or the seconds after which to look again."""
        ...

    async def postpone(self, stored: Stored, seconds: float) -> None:
        """Give the lease back and do not claim the lane's row again for so long."""
        ...


class OutboxQueue(Protocol):
    """The sending side of the outbox."""

    async def realms(self, channel: str) -> Sequence[str]:
        """Return for which realms of a channel something waits."""
        ...

    async def claim(self, channel: str, limit: int, *, realm: str | None = None) -> Sequence[Outgoing]:
        """Lease the first unsent message of each conversation of a channel, or of one realm of it, oldest first.

        What stands aside after failures of its own is leased when it falls due, and its conversation goes on meanwhile;
        a newer message for the same slot takes its place. `shown_as` is filled from the conversation's slot for edits.
        A message whose `only_if_shown` slot is empty is dropped instead of being handed out, and so is one whose slot
        a newer message has taken. A message with a file comes with it, and is never an edit.
        """
        ...

    async def sent(self, results: Sequence[tuple[Outgoing, Receipt]]) -> None:
        """Mark as sent, in one transaction; a message that took a slot is remembered there, and its file deleted.

        When a new message took a slot that another held, the former is handed to `claim` once more as an edit
        without buttons (`Say.text` is the former's text).
        """
        ...

    async def failed(self, failures: Sequence[tuple[Outgoing, DeliveryError, float | None]]) -> None:
        """Note failures: (message, error, seconds until the next try); None means never again."""
        ...

    async def set_aside(self, failures: Sequence[tuple[Outgoing, DeliveryError, float]]) -> None:
        """Note failures of messages that their conversation need not wait for, with the seconds until the next try.

        What was to change a message that is shown, and is an answer, is then sent as a message of its own.
        """
        ...

    async def recover(self, channel: str, realm: str) -> None:
        """Let what could not be sent while a realm was away be sent now, in the order of each conversation."""
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
    jobs_failing: int
    """Jobs that failed again and again; they are tried on."""
