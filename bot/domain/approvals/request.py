"""Approvals: a request about a matter, whom it asks, what they answered, and exactly one outcome.

It goes by the built-in route of its matter (`built_in.py`): one stage with one track and one seat, which may have
several holders, and the first of them to answer decides. What an answer, an undo, a withdrawal or the clock come to is
told by the course of that route (`course.py`), as for every other request. Where the course stands is read out of
seats, ballots and state (`running`): nothing is kept twice, and what has waited for long goes on by the same rule.

Everything is pure: a method returns the request as it is afterwards or raises a Refusal, and storage writes it with
`WHERE version = :seen`, so that of two deciders exactly one wins.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.domain.approvals.built_in import LONGEST_DAYS, UNDO_SECONDS, route_of
from bot.domain.approvals.course import Course, Stepped
from bot.domain.approvals.durations import Reckoning
from bot.domain.approvals.event import Do, Event
from bot.domain.approvals.matter import Matter
from bot.domain.approvals.people import Company, Person, Structure
from bot.domain.approvals.refusals import (
    ApprovalRefusal,
    NothingToTakeBack,
    NotYourRequest,
    NotYourSeat,
    OwnRequest,
    ReasonWanted,
    TooLateToTakeBack,
)
from bot.domain.approvals.route import ApprovalRoute
from bot.domain.approvals.rule import Verdict
from bot.domain.approvals.running import Ballot, OpenStage, OpenTrack, Running, Seat, Status
from bot.domain.approvals.timers import next_at
from bot.text import Phrase, one_line, t

UNDO_WITHIN = timedelta(seconds=UNDO_SECONDS)
_LONGEST = timedelta(days=LONGEST_DAYS)
_LEAST = timedelta(milliseconds=1)
_RECKONING: Final = Reckoning(ZoneInfo("UTC"))
"""None of these routes counts working time."""
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
EXPIRED = "time is up"
"""Why one failed on which nobody decided for as long as any request may wait."""
_FAILED = "failed: "
_MOVED = "moved: "
_INSTEAD = "asked a substitute of "
_UNTIL = " until "
_HANDED = "handed over to "
_SHARE_HANDED = "a share handed over to "
_SHARED_BY_FEWER = "shared by fewer: "
_STAYED = "stays with the substitute"
_ESCALATED = "escalated"
_PATIENCE = "working days to answer: "
_ASKED_BY = (_MOVED, _INSTEAD, _HANDED)
"""How lines begin that tell of others who are asked in the place of the first holder. Of those who share the seat with
them, asked when time was up, others tell: whose substitute is asked, and until when, stays as it was."""


def as_reason(words: str) -> str:
    """Return words as a reason is kept: in one line, and no longer than a card shows."""
    return one_line(words)[:REASON]


class RequestState(StrEnum):
    """Where a request is. Everything but PENDING is an outcome; an undo within 30 s is the only way back."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"
    FAILED = "failed"


class Came(StrEnum):
    """How near the days are that a request asks for, while nobody decides; of the last two its record tells."""

    NEAR = "near"
    BEGUN = "days begun"
    OVER = "days over"


_DECIDED: Final = (RequestState.APPROVED, RequestState.REJECTED)
_STATUSES: Final[Mapping[RequestState, Status]] = {
    RequestState.APPROVED: "approved",
    RequestState.REJECTED: "rejected",
    RequestState.FAILED: "failed",
}
"""How its course calls its ends; one that a newer request replaced is withdrawn to it."""
_DOES: Final[Mapping[Verdict, Do]] = {Verdict.APPROVED: "approve", Verdict.REJECTED: "reject"}


@dataclass(frozen=True, slots=True)
class KeptBallot:
    """An answer in a seat and round as it is kept: when, why, and whether it was taken back."""

    seat_id: int
    round: int
    by_id: int
    verdict: Verdict
    at: datetime
    reason: str = ""
    undone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class KeptSeat:
    """A seat as it is kept: one voice. The principal is whom the route named; the holders may answer now."""

    id: int
    principal_id: int
    holders: tuple[int, ...]
    stage: int = 0
    track: int = 0
    undos_left: int = 1


@dataclass(frozen=True, slots=True)
class Line:
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
    seats: tuple[KeptSeat, ...] = ()
    reason: str = ""
    state: RequestState = RequestState.PENDING
    round: int = 0
    version: int = 0
    ballots: tuple[KeptBallot, ...] = ()
    settles_at: datetime | None = None
    settled_at: datetime | None = None
    is_automatic: bool = False
    """Passed without a lead because it was small."""
    events: tuple[Line, ...] = field(default=())

    @property
    def is_open(self) -> bool:
        """Whether an answer is still wanted."""
        return self.state is RequestState.PENDING

    @property
    def why_failed(self) -> str:
        """Why it could not be carried out: CLOSED, CHANGED, REMOVED, TAKEN, EXPIRED; nothing where it did not fail."""
        last = self.events[-1].what if self.events else ""
        return last.removeprefix(_FAILED) if last.startswith(_FAILED) else ""

    @property
    def ballot(self) -> KeptBallot | None:
        """The ballot that decided, if one did."""
        valid = [each for each in self.ballots if each.undone_at is None and each.round == self.round]
        return valid[-1] if valid else None

    def seat(self, seat_id: int) -> KeptSeat | None:
        """The seat of that id."""
        return next((each for each in self.seats if each.id == seat_id), None)

    def seat_of(self, employee_id: int) -> KeptSeat | None:
        """The seat that this person may answer in."""
        return next((each for each in self.seats if employee_id in each.holders), None)

    @property
    def holders(self) -> tuple[int, ...]:
        """Everybody who may answer."""
        return tuple(dict.fromkeys(holder for seat in self.seats for holder in seat.holders))

    @property
    def instead_of(self) -> int | None:
        """Whose substitute is asked now; None where it is whoever decides by themselves."""
        last = self._came_to_be_asked
        return int(last.removeprefix(_INSTEAD).partition(_UNTIL)[0]) if last.startswith(_INSTEAD) else None

    @property
    def handed_by(self) -> int | None:
        """Who handed it over to whoever is asked now."""
        last = self._last((*_ASKED_BY, _SHARE_HANDED))
        return last.actor_id if last is not None and last.what.startswith((_HANDED, _SHARE_HANDED)) else None

    @property
    def has_escalated(self) -> bool:
        """Whether others are asked as well, because an answer was long in coming."""
        return any(each.what == _ESCALATED for each in self.events)

    @property
    def days_came(self) -> Came | None:
        """Whether its days have begun, or are over, without a decision; None where neither is on its record."""
        last = self._last((Came.BEGUN, Came.OVER))
        return None if last is None else Came(last.what)

    @property
    def wakes_at(self) -> datetime | None:
        """When time does something to it by itself while nobody answers; None where it only waits."""
        if not self.is_open:
            return None
        at = next_at(self.running)
        return at if at is not None and at < self._ends_at else None

    @property
    def _came_to_be_asked(self) -> str:
        """The line that tells how whoever is asked now came to be; none where the route named them."""
        return "" if (last := self._last(_ASKED_BY)) is None else last.what

    def _last(self, beginnings: tuple[str, ...]) -> Line | None:
        """Return the last line of the record that begins in one of these ways."""
        return next((each for each in reversed(self.events) if each.what.startswith(beginnings)), None)

    @property
    def _patience(self) -> tuple[int, datetime] | None:
        """How many working days there are before others are asked as well, and when those are over."""
        last = next((each.what for each in reversed(self.events) if each.what.startswith(_PATIENCE)), None)
        if last is None:
            return None
        days, _, until = last.removeprefix(_PATIENCE).partition(_UNTIL)
        return int(days), datetime.fromisoformat(until)

    def asked_instead_of(self, absent_id: int, at: datetime, back_at: datetime | None = None) -> "ApprovalRequest":
        """Put on record that a substitute is asked, whose, and until when."""
        until = "" if back_at is None else f"{_UNTIL}{back_at.isoformat()}"
        return self.recorded(f"{_INSTEAD}{absent_id}{until}", None, at)

    def patient(self, days: int, until: datetime, at: datetime) -> "ApprovalRequest":
        """Put on record for how many working days an answer is waited for before others are asked as well."""
        return self.recorded(f"{_PATIENCE}{days}{_UNTIL}{until.isoformat()}", None, at)

    def with_days(self, came: Came, at: datetime) -> "ApprovalRequest":
        """Put on record that its days have begun, or are over, and nobody has decided."""
        return replace(self, version=self.version + 1).recorded(came.value, None, at)

    def recorded(self, what: str, actor_id: int | None, at: datetime) -> "ApprovalRequest":
        """Return the request with one more line in its record."""
        last = self.events[-1].hash if self.events else ""
        digest = sha256(f"{last}|{self.id}|{len(self.events)}|{at.timestamp()}|{actor_id}|{what}".encode()).hexdigest()
        return replace(self, events=(*self.events, Line(len(self.events), at, actor_id, what, digest)))

    @property
    def record_is_whole(self) -> bool:
        """Whether no line of the record was changed, taken out or put in between."""
        again = replace(self, events=())
        for each in self.events:
            again = again.recorded(each.what, each.actor_id, each.at)
        return [each.hash for each in again.events] == [each.hash for each in self.events]

    # What the course of its route says

    @property
    def running(self) -> Running:
        """Where the course of its route stands."""
        ends = self._ends_at
        ballot = self.ballot
        common: dict[str, Any] = {"initiator": self.requester_id, "authors": (self.requester_id,), "hard_at": ends}
        if self.state is not RequestState.PENDING and self.settles_at is None:
            voted = () if ballot is None or self.state not in _DECIDED else (ballot.by_id,)
            return Running(_STATUSES.get(self.state, "withdrawn"), voted=voted, **common)
        seats = tuple(self._taken(each, ballot) for each in self.seats)
        outcome = None if ballot is None else ballot.verdict
        track = OpenTrack(self.route.stages[0].tracks[0].id, seats)
        due = ends if (patience := self._patience) is None else patience[1]
        escalations = sum(each.what == _ESCALATED for each in self.events)
        stage = OpenStage(0, (track,), due, escalations=escalations, outcome=outcome, settles_at=self.settles_at)
        return Running("pending", stage=stage, ballots=len(self.ballots), **common)

    def _taken(self, seat: KeptSeat, ballot: KeptBallot | None) -> Seat:
        """Return a seat as the course knows it. Whoever asked holds none, also where they were asked to."""
        holders = tuple(each for each in seat.holders if each != self.requester_id)
        cast = None
        if ballot is not None and ballot.seat_id == seat.id:
            cast = Ballot(ballot.by_id, ballot.verdict, len(self.ballots), "")
        handed = [each for each in self.events if each.what.startswith((_HANDED, _SHARE_HANDED))]
        past = (seat.principal_id, *holders, *(each.actor_id for each in handed if each.actor_id is not None))
        substitute, returns_at = None, self._returns_at
        if returns_at is not None and holders:
            substitute = holders[0]
        left = self.route.policy.delegation.max_depth - len(handed)
        return Seat(
            seat.principal_id, holders, past, False, max(left, 0), seat.undos_left > 0, cast, substitute, returns_at
        )

    @property
    def _returns_at(self) -> datetime | None:
        """When the principal is back, for whom a substitute holds the seat until then (E34)."""
        last = self._last((*_ASKED_BY, _STAYED))
        until = last.what.partition(_UNTIL)[2] if last is not None and last.what.startswith(_INSTEAD) else ""
        return datetime.fromisoformat(until) if until else None

    @property
    def _ends_at(self) -> datetime:
        return self.created_at + _LONGEST

    @property
    def route(self) -> ApprovalRoute:
        """The built-in route by which it goes."""
        return route_of(self.matter.kind, 0 if (patience := self._patience) is None else patience[0])

    def _step(self, event: Event) -> Stepped:
        """Let the course take a step. Whom the request knows and who acts are all that it needs to know of people."""
        principals = (each.principal_id for each in self.seats)
        known = {self.requester_id, *self.holders, *principals, *((event.by,) if event.by is not None else ())}
        course = Course(self.route, Company({each: Person(each) for each in known}), _RECKONING)
        return course.step(self.running, event)

    def _gone_on(self, running: Running, at: datetime, **changes: Any) -> "ApprovalRequest":
        """Return the request as its course stands."""
        stage = running.stage
        if stage is None:
            state, settles_at, settled_at = RequestState(running.status), None, at
        else:
            state = RequestState.PENDING if stage.outcome is None else RequestState(stage.outcome)
            settles_at, settled_at = stage.settles_at, None
        version = self.version + 1
        return replace(self, state=state, settles_at=settles_at, settled_at=settled_at, version=version, **changes)

    def cast(self, by_id: int, verdict: Verdict, at: datetime, reason: str = "") -> "ApprovalRequest":
        """Answer in one's seat; refused once there is an outcome (E01–E05), and to whoever has no seat (E37)."""
        seat = self.seat_of(by_id)
        if seat is None:
            raise NotYourSeat
        stepped = self._step(Event(at, _DOES[verdict], by=by_id, reason=reason))
        match stepped.refusal:
            case None:
                ballot = KeptBallot(seat.id, self.round, by_id, verdict, at, reason)
                decided = self._gone_on(stepped.running, at, ballots=(*self.ballots, ballot))
                return decided.recorded(verdict.value, by_id, at)
            case "comment_required":
                raise ReasonWanted
            case "not_your_seat" if self.is_open and by_id == self.requester_id:
                raise OwnRequest
            case "not_your_seat" if self.is_open:
                raise NotYourSeat
            case _:
                raise AlreadyDecided(self)

    def undo(self, by_id: int, at: datetime) -> "ApprovalRequest":
        """Take one's ballot back within 30 seconds, once (E15–E17); nothing had been done yet."""
        # Whoever presses in the thirtieth second is in time; the course settles at its end.
        in_time = at - _LEAST if at == self.settles_at else at
        stepped = self._step(Event(in_time, "undo", by=by_id))
        if stepped.refusal == "nothing_to_take_back":
            raise NothingToTakeBack
        if stepped.refusal is not None:
            raise TooLateToTakeBack
        undone = self.ballot
        ballots = tuple(replace(each, undone_at=at) if each is undone else each for each in self.ballots)
        seats = tuple(
            replace(each, undos_left=each.undos_left - 1) if undone and each.id == undone.seat_id else each
            for each in self.seats
        )
        return self._gone_on(stepped.running, at, ballots=ballots, seats=seats).recorded("undone", by_id, at)

    def settle(self, at: datetime) -> "ApprovalRequest":
        """Make the outcome final; its effect is applied in the same transaction."""
        running = self._step(Event(at, "tick")).running
        if self.settles_at is None or not running.has_ended:
            raise AlreadyDecided(self)
        return self._gone_on(running, at).recorded("settled", None, at)

    def withdraw(self, by_id: int, at: datetime) -> "ApprovalRequest":
        """The requester takes the request back while nobody has answered."""
        if by_id != self.requester_id:
            raise NotYourRequest
        stepped = self._step(Event(at, "withdraw", by=by_id))
        if stepped.refusal is not None:
            raise AlreadyDecided(self)
        return self._gone_on(stepped.running, at).recorded("withdrawn", by_id, at)

    def delegate(self, by_id: int, to_id: int, at: datetime, structure: Structure) -> "ApprovalRequest":
        """Let somebody else answer in one's seat, once (E30–E32); `structure` says who may be given it."""
        stepped = Course(self.route, structure, _RECKONING).step(
            self.running, Event(at, "delegate", by=by_id, to=to_id)
        )
        match stepped.refusal:
            case None:
                moved = self._held_as(stepped.running)
                how = _HANDED if self.holders[:1] == (by_id,) else _SHARE_HANDED
                return moved.recorded(f"{how}{to_id}", by_id, at)
            case "already_decided" | "already_answered" | "expired":
                raise AlreadyDecided(self)
            case "not_your_seat":
                raise NotYourSeat
            case "not_allowed":
                raise HandedOnAlready
            case _:
                raise CannotTakeSeat

    def passed(self, at: datetime, structure: Structure, reckoning: Reckoning) -> "ApprovalRequest":
        """Carry out what fell due while nobody answered: a lead who is back has the seat again, others are asked too.

        What has waited for too long is no matter of this: `is_expired` tells.
        """
        again = self
        while (due := again.wakes_at) is not None and due <= at:
            stage = Course(again.route, structure, reckoning).step(again.running, Event(due, "tick")).running.stage
            if stage is None:
                break
            again = again._after_time(stage, due)
        return again

    def _after_time(self, stage: OpenStage, at: datetime) -> "ApprovalRequest":
        """Return the request as its course stands once something fell due, with what that was on its record."""
        again = self._held_by(stage)
        was, patience = self.running.stage, self._patience
        if was is not None and patience is not None and stage.escalations > was.escalations:
            return again.recorded(_ESCALATED, None, at).patient(patience[0], stage.due_at, at)
        return again.recorded(f"{_MOVED}the lead is back" if again.holders != self.holders else _STAYED, None, at)

    def _held_as(self, running: Running) -> "ApprovalRequest":
        if running.stage is None:
            raise AlreadyDecided(self)
        return self._held_by(running.stage)

    def _held_by(self, stage: OpenStage) -> "ApprovalRequest":
        """Return the request with its seats held by whom its course says; their voices stay."""
        held = [each.holders for track in stage.tracks for each in track.seats]
        seats = tuple(
            replace(seat, holders=tuple(each for each in holders if isinstance(each, int)))
            for seat, holders in zip(self.seats, held, strict=True)
        )
        return replace(self, seats=seats, version=self.version + 1)

    def is_expired(self, at: datetime) -> bool:
        """Whether it has waited for as long as its route lets it."""
        return self.is_open and at >= self._ends_at

    # What becomes of it otherwise

    def _refuse_after_the_end(self) -> None:
        if self.settled_at is not None:
            raise AlreadyDecided(self)

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
        """Ask others instead, or fewer of the same; the seat and its one voice stay."""
        self._refuse_after_the_end()
        is_fewer = self.holders[:1] == holders[:1] and set(holders) <= set(self.holders)
        what = f"{_SHARED_BY_FEWER if is_fewer else _MOVED}{why}"
        seats = tuple(replace(each, holders=holders) for each in self.seats)
        return replace(self, seats=seats, version=self.version + 1).recorded(what, None, at)


class AlreadyDecided(ApprovalRefusal):
    """There is an outcome; the person is told which."""

    code = "already_decided"

    def __init__(self, request: ApprovalRequest) -> None:
        """Keep the request, whose true state is shown."""
        super().__init__(t("That is decided already."))
        self.request = request


class HandedOnAlready(ApprovalRefusal):
    """What was handed over is not handed on (E30)."""

    code = "handed_on_already"

    def __init__(self) -> None:
        """Say that whoever is asked answers."""
        super().__init__(t("It was handed over once already and is not handed on: please decide, or leave it waiting."))


class CannotTakeSeat(ApprovalRefusal):
    """Somebody cannot be given a seat (E31, E32)."""

    code = "cannot_take_seat"

    def __init__(self, why: Phrase | None = None) -> None:
        """Say why, and who can."""
        super().__init__(why or t("This cannot be handed over to them. Leads and administrators can take it."))


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
