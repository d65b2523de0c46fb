"""Approvals: a request, the seats of those who are asked, their ballots, and exactly one outcome.

What is asked for is its matter. It goes the simplest of all routes: one stage with one track and one seat; a seat may
have several holders, and the first of them to answer decides. `cast` and `undo` are all that knows this: where a route
of several stages stands after a ballot is told by its course (`course.py`), and the request will keep what that says.
Words and fields are those of the full route model.

Everything is pure: a method returns the request as it is afterwards or raises a Refusal, and storage writes it with
`WHERE version = :seen`, so that of two deciders exactly one wins.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from bot.domain.approvals.matter import Matter
from bot.domain.approvals.refusals import (
    ApprovalRefusal,
    NothingToTakeBack,
    NotYourRequest,
    NotYourSeat,
    OwnRequest,
    TooLateToTakeBack,
)
from bot.text import t

UNDO_WITHIN = timedelta(seconds=30)
REASON = 300
"""The most characters of a reason: so much does a card show."""
CLOSED = "period closed"
"""Why a request failed whose days were closed meanwhile (case 68)."""
CHANGED = "base changed"
"""Why one failed whose marks somebody else set to other times meanwhile (case 36)."""
REMOVED = "removed"
"""Why one failed about what is not recorded any more."""
TAKEN = "days taken"
"""Why a leave failed on whose days another absence was approved meanwhile (case 36)."""
_FAILED = "failed: "
_MOVED = "moved: "
_INSTEAD = "asked a substitute of "


def as_reason(words: str) -> str:
    """Return words as a reason is kept: in one line, and no longer than a card shows."""
    return " ".join(words.split())[:REASON]


class RequestState(StrEnum):
    """Where a request is. Everything but PENDING is an outcome; an undo within 30 s is the only way back."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"
    FAILED = "failed"


class Verdict(StrEnum):
    """A ballot says one of these."""

    APPROVED = "approved"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Ballot:
    """One answer in one seat and round."""

    seat_id: int
    round: int
    by_id: int
    verdict: Verdict
    at: datetime
    reason: str = ""
    undone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Seat:
    """One voice. The principal is whom the route named; the holders may answer now."""

    id: int
    principal_id: int
    holders: tuple[int, ...]
    stage: int = 0
    track: int = 0
    undos_left: int = 1


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the request's append-only record; `hash` covers the line and the hash of the one before."""

    seq: int
    at: datetime
    actor_id: int | None
    what: str
    hash: str


@dataclass(frozen=True, slots=True)
class ApprovalRequest:
    """A request about `subject_id`'s time, made by `requester_id`.

    While `settles_at` lies ahead an outcome has no effect yet and can be undone; it is None before an outcome and after
    settling.
    """

    id: int
    portal_id: int
    requester_id: int
    subject_id: int
    matter: Matter
    created_at: datetime
    seats: tuple[Seat, ...] = ()
    reason: str = ""
    state: RequestState = RequestState.PENDING
    round: int = 0
    version: int = 0
    ballots: tuple[Ballot, ...] = ()
    settles_at: datetime | None = None
    settled_at: datetime | None = None
    is_automatic: bool = False
    """Passed without a lead because it was small."""
    events: tuple[Event, ...] = field(default=())

    @property
    def is_open(self) -> bool:
        """Whether an answer is still wanted."""
        return self.state is RequestState.PENDING

    @property
    def why_failed(self) -> str:
        """Why it could not be carried out: CLOSED, CHANGED, REMOVED or TAKEN; nothing where it did not fail."""
        last = self.events[-1].what if self.events else ""
        return last.removeprefix(_FAILED) if last.startswith(_FAILED) else ""

    @property
    def ballot(self) -> Ballot | None:
        """The ballot that decided, if one did."""
        valid = [each for each in self.ballots if each.undone_at is None and each.round == self.round]
        return valid[-1] if valid else None

    def seat(self, seat_id: int) -> Seat | None:
        """The seat of that id."""
        return next((each for each in self.seats if each.id == seat_id), None)

    def seat_of(self, employee_id: int) -> Seat | None:
        """The seat that this person may answer in."""
        return next((each for each in self.seats if employee_id in each.holders), None)

    @property
    def holders(self) -> tuple[int, ...]:
        """Everybody who may answer."""
        return tuple(dict.fromkeys(holder for seat in self.seats for holder in seat.holders))

    @property
    def instead_of(self) -> int | None:
        """Whose substitute is asked now; None where it is whoever decides by themselves."""
        last = next((each.what for each in reversed(self.events) if each.what.startswith((_MOVED, _INSTEAD))), "")
        return int(last.removeprefix(_INSTEAD)) if last.startswith(_INSTEAD) else None

    def asked_instead_of(self, absent_id: int, at: datetime) -> "ApprovalRequest":
        """Put on record that a substitute is asked, and whose."""
        return self.recorded(f"{_INSTEAD}{absent_id}", None, at)

    def recorded(self, what: str, actor_id: int | None, at: datetime) -> "ApprovalRequest":
        """Return the request with one more line in its record."""
        last = self.events[-1].hash if self.events else ""
        digest = sha256(f"{last}|{self.id}|{len(self.events)}|{at.timestamp()}|{actor_id}|{what}".encode()).hexdigest()
        return replace(self, events=(*self.events, Event(len(self.events), at, actor_id, what, digest)))

    def cast(self, by_id: int, verdict: Verdict, at: datetime, reason: str = "") -> "ApprovalRequest":
        """Answer in one's seat; refused once there is an outcome (E01–E05), and to whoever has no seat (E37)."""
        seat = self.seat_of(by_id)
        if seat is None:
            raise NotYourSeat
        if not self.is_open:
            raise AlreadyDecided(self)
        if by_id == self.requester_id:
            raise OwnRequest
        ballot = Ballot(seat.id, self.round, by_id, verdict, at, reason)
        state = RequestState.APPROVED if verdict is Verdict.APPROVED else RequestState.REJECTED
        decided = replace(
            self, state=state, ballots=(*self.ballots, ballot), settles_at=at + UNDO_WITHIN, version=self.version + 1
        )
        return decided.recorded(verdict.value, by_id, at)

    def undo(self, by_id: int, at: datetime) -> "ApprovalRequest":
        """Take one's ballot back within 30 seconds, once (E15–E17); nothing had been done yet."""
        ballot = self.ballot
        if ballot is None or ballot.by_id != by_id or self.state not in (RequestState.APPROVED, RequestState.REJECTED):
            raise NothingToTakeBack
        seat = self.seat(ballot.seat_id)
        if self.settles_at is None or at > self.settles_at or seat is None or seat.undos_left < 1:
            raise TooLateToTakeBack
        ballots = tuple(replace(each, undone_at=at) if each is ballot else each for each in self.ballots)
        seats = tuple(replace(e, undos_left=e.undos_left - 1) if e is seat else e for e in self.seats)
        again = replace(
            self,
            state=RequestState.PENDING,
            ballots=ballots,
            seats=seats,
            settles_at=None,
            version=self.version + 1,
        )
        return again.recorded("undone", by_id, at)

    def _refuse_after_the_end(self) -> None:
        if self.settled_at is not None:
            raise AlreadyDecided(self)

    def settle(self, at: datetime) -> "ApprovalRequest":
        """Make the outcome final; its effect is applied in the same transaction."""
        if self.settles_at is None or at < self.settles_at:
            raise AlreadyDecided(self)
        return replace(self, settles_at=None, settled_at=at, version=self.version + 1).recorded("settled", None, at)

    def withdraw(self, by_id: int, at: datetime) -> "ApprovalRequest":
        """The requester takes the request back while nobody has answered."""
        if by_id != self.requester_id:
            raise NotYourRequest
        if not self.is_open:
            raise AlreadyDecided(self)
        gone = replace(self, state=RequestState.WITHDRAWN, settled_at=at, version=self.version + 1)
        return gone.recorded("withdrawn", by_id, at)

    def replaced(self, by_id: int, at: datetime) -> "ApprovalRequest":
        """A newer request about the same takes this one's place (case 33)."""
        self._refuse_after_the_end()
        gone = replace(self, state=RequestState.REPLACED, settles_at=None, settled_at=at, version=self.version + 1)
        return gone.recorded("replaced", by_id, at)

    def failed(self, at: datetime, why: str) -> "ApprovalRequest":
        """What was asked for cannot be done any more (case 36)."""
        self._refuse_after_the_end()
        gone = replace(self, state=RequestState.FAILED, settles_at=None, settled_at=at, version=self.version + 1)
        return gone.recorded(f"{_FAILED}{why}", None, at)

    def fulfilled(self, by_id: int, at: datetime) -> "ApprovalRequest":
        """What is asked for was done by somebody anyway: there is nothing left to decide."""
        self._refuse_after_the_end()
        done = replace(self, state=RequestState.APPROVED, settles_at=None, settled_at=at, version=self.version + 1)
        return done.recorded("fulfilled", by_id, at)

    def restated(self, matter: Matter, at: datetime) -> "ApprovalRequest":
        """Ask for the same on hours that are others now; what is shown before and after follows them."""
        self._refuse_after_the_end()
        again = replace(self, matter=matter, version=self.version + 1)
        return again.recorded("restated", None, at)

    def seated(self, holders: tuple[int, ...], at: datetime, why: str) -> "ApprovalRequest":
        """Ask others instead; the seat and its one voice stay."""
        self._refuse_after_the_end()
        seats = tuple(replace(each, holders=holders) for each in self.seats)
        return replace(self, seats=seats, version=self.version + 1).recorded(f"{_MOVED}{why}", None, at)


class AlreadyDecided(ApprovalRefusal):
    """There is an outcome; the person is told which."""

    code = "already_decided"

    def __init__(self, request: ApprovalRequest) -> None:
        """Keep the request, whose true state is shown."""
        super().__init__(t("That is decided already."))
        self.request = request


class NoLongerLead(ApprovalRefusal):
    """The role that gave the power to decide was taken away."""

    code = "no_longer_lead"

    def __init__(self, request: ApprovalRequest | None = None) -> None:
        """Say so, and who decides instead; keep the request where they are still asked in it."""
        super().__init__(
            t("You are no lead any more, so this decision is not yours. The next lead or an administrator is asked.")
        )
        self.request = request


class ChangedMeanwhile(ApprovalRefusal):
    """What would be decided is not what the person saw."""

    code = "changed_meanwhile"

    def __init__(self, request: ApprovalRequest) -> None:
        """Keep the request as it is now, which can be shown and decided."""
        super().__init__(t("The request changed meanwhile, so nothing was decided. Look at it once more: /approvals"))
        self.request = request
