"""One request through everything that people, the clock and a newer request can do with it.

The invariants are those of the route model that live in the request itself: I1-I3, I6 and I9-I12.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.domain.approvals.refusals import ApprovalRefusal
from bot.domain.approvals.request import UNDO_WITHIN, ApprovalRequest, RequestState
from bot.domain.approvals.rule import Verdict
from tests.properties.strategies import EXAMPLES
from tests.unit.domain.asking import ASKED_AT, DEPUTY, LEAD, REQUESTER, STRANGER, asked

PEOPLE = (REQUESTER, LEAD, DEPUTY, STRANGER)
SOMEBODY = st.sampled_from(PEOPLE)
OPEN, SETTLING, OVER = "open", "settling", "over"


class Request(RuleBasedStateMachine):
    """A request beside what it should be: a phase, the verdict that stands, who may decide, and undos left."""

    @initialize(holders=st.lists(SOMEBODY, min_size=1, max_size=3, unique=True))
    def ask(self, holders: list[int]) -> None:
        """Somebody asks."""
        self.request = asked(*holders)
        self.holders = set(holders)
        self.now = ASKED_AT
        self.phase = OPEN
        self.decider: int | None = None
        self.verdict = ""
        self.decided_at = ASKED_AT
        self.undos = 1
        self.changes = 0
        self.seen = self.request.events
        self.outcomes: list[str] = []

    def does(self, change: Callable[[ApprovalRequest], ApprovalRequest], *, allowed: bool) -> bool:
        """Try a change; check that it is accepted exactly when it should be, and leaves the old one as it was."""
        before, kept = self.request, replace(self.request)
        refused = None
        try:
            self.request = change(before)
        except ApprovalRefusal as refusal:
            refused = refusal
        assert before == kept
        assert (refused is None) == allowed, refused
        if refused is not None:
            assert refused.code
            return False
        self.changes += 1
        return True

    @rule(seconds=st.integers(0, 25))
    def a_while(self, seconds: int) -> None:
        """The clock moves a little."""
        self.now += timedelta(seconds=seconds)

    @rule(minutes=st.integers(1, 1000))
    def a_long_time(self, minutes: int) -> None:
        """The clock moves far."""
        self.now += timedelta(minutes=minutes)

    @rule(by=SOMEBODY, verdict=st.sampled_from(Verdict), reason=st.text(max_size=5))
    def decide(self, by: int, verdict: Verdict, reason: str) -> None:
        """Anybody presses a button; the press may be repeated, late or foreign."""
        tells_why = verdict is Verdict.APPROVED or reason.strip()
        allowed = bool(self.phase == OPEN and by in self.holders and by != REQUESTER and tells_why)
        if self.does(lambda request: request.cast(by, verdict, self.now, reason), allowed=allowed):
            self.phase, self.decider, self.verdict, self.decided_at = SETTLING, by, verdict.value, self.now

    @rule(by=SOMEBODY)
    def undo(self, by: int) -> None:
        """Anybody tries to take the decision back."""
        in_time = self.now - self.decided_at <= UNDO_WITHIN
        allowed = self.phase == SETTLING and by == self.decider and in_time and self.undos > 0
        if self.does(lambda request: request.undo(by, self.now), allowed=allowed):
            self.phase, self.decider, self.verdict, self.undos = OPEN, None, "", self.undos - 1

    @rule(by=SOMEBODY)
    def withdraw(self, by: int) -> None:
        """Anybody tries to take the request back."""
        allowed = self.phase == OPEN and by == REQUESTER
        if self.does(lambda request: request.withdraw(by, self.now), allowed=allowed):
            self.end("withdrawn")

    @precondition(lambda self: self.phase == SETTLING and self.now - self.decided_at >= UNDO_WITHIN)
    @rule()
    def settle(self) -> None:
        """The thirty seconds are over; the effect works."""
        self.does(lambda request: request.settle(self.now), allowed=True)
        self.end(self.verdict)

    @precondition(
        lambda self: self.phase == SETTLING and self.verdict == "approved" and self.now - self.decided_at >= UNDO_WITHIN
    )
    @rule()
    def settle_in_vain(self) -> None:
        """The thirty seconds are over; what was approved cannot be done any more (case 36)."""
        self.does(lambda request: request.failed(self.now, "base changed"), allowed=True)
        self.end("failed")

    @precondition(lambda self: self.phase == OPEN)
    @rule(is_newer=st.booleans())
    def end_without_an_answer(self, is_newer: bool) -> None:
        """A newer request takes its place, or what it rests on is gone."""
        if is_newer:
            self.does(lambda request: request.replaced(REQUESTER, self.now), allowed=True)
            self.end("replaced")
        else:
            self.does(lambda request: request.failed(self.now, "base changed"), allowed=True)
            self.end("failed")

    @precondition(lambda self: self.phase == OPEN)
    @rule(holders=st.lists(SOMEBODY, min_size=1, max_size=3, unique=True))
    def move(self, holders: list[int]) -> None:
        """Others are asked instead."""
        if self.does(lambda request: request.seated(tuple(holders), self.now, "cannot be reached"), allowed=True):
            self.holders = set(holders)

    def end(self, outcome: str) -> None:
        """Note how it ended."""
        self.phase = OVER
        self.outcomes.append(outcome)

    @invariant()
    def i1_one_outcome(self) -> None:
        """The state says where the request is, and there is one end at most."""
        expected = {OPEN: "pending", SETTLING: self.verdict, OVER: (self.outcomes or [""])[-1]}[self.phase]
        assert self.request.state.value == expected
        assert len(self.outcomes) <= 1
        assert (self.request.settled_at is not None) == (self.phase == OVER)
        assert (self.request.settles_at is not None) == (self.phase == SETTLING)
        assert self.request.is_open == (self.phase == OPEN)

    @invariant()
    def i2_and_i3_one_standing_ballot(self) -> None:
        """At most one a seat and round, of one person, and it is the one that decided."""
        standing = [each for each in self.request.ballots if each.undone_at is None]
        assert len(standing) == len({(each.seat_id, each.round) for each in standing}) <= 1
        assert [each.by_id for each in standing] == ([] if self.decider is None else [self.decider])
        assert self.request.ballot == (standing[0] if standing else None)
        if self.request.state in (RequestState.APPROVED, RequestState.REJECTED):
            assert standing[0].verdict.value == self.request.state.value

    @invariant()
    def i4_the_initiator_never_decides(self) -> None:
        """Nor does anybody who was never asked."""
        assert all(each.by_id != REQUESTER for each in self.request.ballots)

    @invariant()
    def i7_the_one_seat_stays(self) -> None:
        """Holders move; seats are neither added nor lost, and an undo is used up for good."""
        assert [(seat.id, seat.undos_left) for seat in self.request.seats] == [(500, self.undos)]
        assert set(self.request.holders) == self.holders

    @invariant()
    def i10_the_record_only_grows(self) -> None:
        """Earlier lines never change, and each new line's hash rests on the one before."""
        events = self.request.events
        assert events[: len(self.seen)] == self.seen
        assert [each.seq for each in events] == list(range(len(events)))
        assert len({each.hash for each in events}) == len(events)
        for number in range(1, len(events)):
            line = events[number]
            same = replace(self.request, events=events[:number]).recorded(line.what, line.actor_id, line.at)
            other = replace(events[number - 1], hash="0" * 64)
            forged = replace(self.request, events=(*events[: number - 1], other)).recorded(
                line.what, line.actor_id, line.at
            )
            assert same.events[-1] == line
            assert forged.events[-1].hash != line.hash
        self.seen = events

    @invariant()
    def i11_each_change_is_one_version(self) -> None:
        """As many versions and lines as accepted changes; refusals leave no trace in the request."""
        assert self.request.version == self.changes
        assert len(self.request.events) == self.changes + 1


TestRequest = Request.TestCase
TestRequest.settings = settings(max_examples=EXAMPLES, stateful_step_count=40, deadline=None)
