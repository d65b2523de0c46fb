"""A request on a route as a portal keeps it: where its course is, who is asked now, and its append-only record."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from bot.domain.approvals.files import RequestFile
from bot.domain.approvals.running import Running
from bot.domain.automation.portal_object import ObjectRef


@dataclass(frozen=True, slots=True)
class SeatMark:
    """Names one seat of one stage in one round: buttons carry its id, and are worth nothing for any other."""

    id: int
    round: int
    stage: int
    track: str
    place: int


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody who has been asked, and the seat in which they may answer now; None where they may not any more."""

    employee_id: int
    seat_id: int | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the record. `hash` covers the line and the hash of the one before.

    What was said is covered by a salted digest, so that it can be erased for a person and the chain still holds.
    """

    seq: int
    at: datetime
    actor_id: int | None
    """Who did it; in a line that somebody is asked, who that is."""
    behalf_id: int | None
    """For whom the actor answered or is asked, where the route had named somebody else."""
    what: str
    revision: str
    """The watched fields as they were."""
    messenger: str
    said: str
    salt: str
    digest: str
    hash: str


@dataclass(frozen=True, slots=True)
class KeptEffect:
    """What is to be done because of the outcome. It is done, or waits for what can do it; never in between."""

    do: str
    args: Mapping[str, Any]
    is_done: bool = False


@dataclass(frozen=True, slots=True)
class RoutedRequest:
    """A request on a route. `number` is how people name it; the version of its template never changes under it."""

    id: int
    portal_id: int
    number: int
    template: str
    template_version: int
    initiator_id: int
    subject_key: str
    """What it is about: of the same subject, template and revision there is one open request."""
    revision: str
    """All fields as they were when it began."""
    running: Running
    started_at: datetime
    version: int = 0
    next_at: datetime | None = None
    """When something falls due; None once it has ended."""
    ended_at: datetime | None = None
    parent_id: int | None = None
    effects: tuple[KeptEffect, ...] = ()
    about: ObjectRef | None = None
    """The object of the portal that it is about, where whoever began it named one."""
    seats: tuple[SeatMark, ...] = field(default=())
    asked: tuple[Asked, ...] = field(default=())
    record: tuple[Entry, ...] = field(default=())
    files: tuple[RequestFile, ...] = field(default=())
    """All that were ever sent with it; those that were replaced stay, for somebody may have decided on them."""

    @property
    def state(self) -> str:
        """Return pending, rework, or how it ended."""
        return self.running.status

    @property
    def round(self) -> int:
        """Return how often it has gone back so far."""
        return self.running.round

    @property
    def present_files(self) -> tuple[RequestFile, ...]:
        """Return the files as they are now, those of fields first."""
        present = (each for each in self.files if each.replaced_at is None)
        return tuple(sorted(present, key=lambda each: not each.field))

    @property
    def is_open(self) -> bool:
        """Whether anything can still happen to it."""
        return not self.running.has_ended

    @property
    def is_by_hand(self) -> bool:
        """Whether somebody asked for it, in a messenger or by a program; a rule and a robot ask in none."""
        return bool(self.record and self.record[0].messenger)

    @property
    def holders(self) -> tuple[int, ...]:
        """Return who may answer now."""
        return tuple(each.employee_id for each in self.asked if each.seat_id is not None)

    def concerns(self, employee_id: int) -> bool:
        """Whether somebody may see it: whoever asked for it, and whoever has been asked."""
        return employee_id == self.initiator_id or any(each.employee_id == employee_id for each in self.asked)

    def seat(self, seat_id: int) -> SeatMark | None:
        """Return the seat of that id."""
        return next((each for each in self.seats if each.id == seat_id), None)

    def seat_of(self, employee_id: int) -> SeatMark | None:
        """Return the seat in which somebody may answer now."""
        seat_id = next((each.seat_id for each in self.asked if each.employee_id == employee_id), None)
        return None if seat_id is None else self.seat(seat_id)

    def is_current(self, seat: SeatMark) -> bool:
        """Whether a seat is one of the stage that is open, in this round."""
        stage = self.running.stage
        return stage is not None and (seat.round, seat.stage) == (self.round, stage.number)

    def with_files(
        self, files: Sequence[RequestFile], at: datetime, *, actor_id: int, messenger: str
    ) -> "RoutedRequest":
        """Return the request with these files and no others; the record tells of each that came or went, by its hash.

        The name counts as what was said: it can be erased for a person.
        """
        wanted, known = {each.id for each in files}, {each.id for each in self.files}
        gone = {each.id for each in self.present_files if each.id not in wanted}
        added = tuple(replace(each, request_id=self.id) for each in files if each.id not in known)
        kept = tuple(replace(each, replaced_at=at) if each.id in gone else each for each in self.files)
        request = replace(self, files=(*kept, *added))
        told = [("file left out", each) for each in kept if each.id in gone] + [("file", each) for each in added]
        for what, each in told:
            request = request.recorded(
                f"{what} {each.sha256}", at, actor_id=actor_id, messenger=messenger, said=each.name
            )
        return request

    def recorded(
        self,
        what: str,
        at: datetime,
        *,
        actor_id: int | None = None,
        behalf_id: int | None = None,
        messenger: str = "",
        said: str = "",
    ) -> "RoutedRequest":
        """Return the request with one more line in its record."""
        last, seq = self.record[-1].hash if self.record else "", len(self.record)
        salt = secrets.token_hex(8) if said else ""
        digest = sha256(f"{salt}{said}".encode()).hexdigest()
        revision = self.running.revision
        entry = Entry(seq, at, actor_id, behalf_id, what, revision, messenger, said, salt, digest, "")
        return replace(self, record=(*self.record, replace(entry, hash=_hash(self.id, last, entry))))


def _hash(request_id: int, last: str, entry: Entry) -> str:
    parts = (
        last, request_id, entry.seq, int(entry.at.timestamp() * 1000), entry.actor_id, entry.behalf_id,
        entry.what, entry.revision, entry.messenger, entry.digest,
    )  # fmt: skip
    return sha256("|".join(map(str, parts)).encode()).hexdigest()


def is_whole(request: RoutedRequest) -> bool:
    """Whether no line of a record was changed, taken out or put in between."""
    last = ""
    for seq, entry in enumerate(request.record):
        said = sha256(f"{entry.salt}{entry.said}".encode()).hexdigest()
        was_erased = not entry.said and not entry.salt
        if entry.seq != seq or entry.hash != _hash(request.id, last, entry):
            return False
        if not was_erased and said != entry.digest:
            return False
        last = entry.hash
    return True
