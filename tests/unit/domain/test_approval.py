"""Approvals: one seat, one outcome, thirty seconds to take it back, and a record that only grows."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.approvals.refusals import (
    NothingToTakeBack,
    NotYourRequest,
    NotYourSeat,
    OwnRequest,
    ReasonWanted,
    TooLateToTakeBack,
)
from bot.domain.approvals.request import UNDO_WITHIN, AlreadyDecided, ApprovalRequest, RequestState
from bot.domain.approvals.rule import Verdict
from bot.domain.errors import Refusal
from tests.unit.domain.asking import ASKED_AT, DEPUTY, LEAD, REQUESTER, STRANGER, after, asked

YES, NO = Verdict.APPROVED, Verdict.REJECTED
OUTCOMES = (RequestState.APPROVED, RequestState.REJECTED)


def standing(request: ApprovalRequest) -> list[int]:
    """Return who has a ballot that counts."""
    return [each.by_id for each in request.ballots if each.undone_at is None]


@pytest.mark.parametrize("verdict", [YES, NO])
def test_the_first_answer_decides(verdict: Verdict) -> None:
    """One ballot gives the outcome, which has no effect for thirty seconds."""
    decided = asked().cast(LEAD, verdict, after(5), "because")
    assert decided.state.value == verdict.value
    assert not decided.is_open
    assert decided.settles_at == after(5) + UNDO_WITHIN
    assert decided.settled_at is None
    assert decided.ballot is not None
    assert (decided.ballot.by_id, decided.ballot.verdict, decided.ballot.reason) == (LEAD, verdict, "because")
    assert timedelta(seconds=30) == UNDO_WITHIN


@pytest.mark.parametrize("reason", ["", "  "])
def test_e11_a_rejection_tells_why(reason: str) -> None:
    """Without a reason nothing happens; an approval needs none."""
    with pytest.raises(ReasonWanted):
        asked().cast(LEAD, NO, after(5), reason)
    assert asked().cast(LEAD, YES, after(5), reason).state is RequestState.APPROVED


def test_e01_pressing_twice_is_one_ballot() -> None:
    """The second press of the same holder is told the outcome."""
    decided = asked().cast(LEAD, YES, after(0))
    with pytest.raises(AlreadyDecided) as refused:
        decided.cast(LEAD, YES, after(0.05))
    assert refused.value.request is decided
    assert standing(decided) == [LEAD]


@pytest.mark.parametrize("second", [YES, NO])
def test_e02_and_e05_of_two_holders_the_first_wins(second: Verdict) -> None:
    """The other is told who and what, and adds nothing."""
    decided = asked().cast(LEAD, NO, after(0), "because")
    with pytest.raises(AlreadyDecided):
        decided.cast(DEPUTY, second, after(0.001), "because")
    assert decided.state is RequestState.REJECTED


def test_e15_undo_after_twenty_seconds_opens_it_again() -> None:
    """The seat is open as before, nothing settles, the ballot stays on record as undone."""
    again = asked().cast(LEAD, YES, after(0)).undo(LEAD, after(20))
    assert (again.state, again.settles_at, again.settled_at) == (RequestState.PENDING, None, None)
    assert again.ballot is None
    assert [(each.by_id, each.undone_at) for each in again.ballots] == [(LEAD, after(20))]
    assert again.cast(DEPUTY, NO, after(21), "because").state is RequestState.REJECTED


def test_e16_undo_after_thirty_one_seconds_is_refused() -> None:
    """Thirty are the limit."""
    decided = asked().cast(LEAD, YES, after(0))
    assert decided.undo(LEAD, after(30)).is_open
    with pytest.raises(TooLateToTakeBack):
        decided.undo(LEAD, after(31))


def test_e17_undo_is_used_once_on_the_seat() -> None:
    """A second undo in the same round is refused, of whichever holder."""
    again = asked().cast(LEAD, YES, after(0)).undo(LEAD, after(1))
    for holder in (LEAD, DEPUTY):
        with pytest.raises(TooLateToTakeBack):
            again.cast(holder, YES, after(2)).undo(holder, after(3))


def test_only_the_decider_takes_a_decision_back() -> None:
    """Neither the other holder, nor the requester, nor a stranger; nor anybody where nothing was decided."""
    decided = asked().cast(LEAD, YES, after(0))
    for other in (DEPUTY, REQUESTER, STRANGER):
        with pytest.raises(NothingToTakeBack):
            decided.undo(other, after(1))
    with pytest.raises(NothingToTakeBack):
        asked().undo(LEAD, after(1))


def test_a_settled_decision_is_not_taken_back() -> None:
    """Once the effect is done, thirty seconds do not matter any more."""
    settled = asked().cast(LEAD, YES, after(0)).settle(after(30))
    with pytest.raises(Refusal):
        settled.undo(LEAD, after(30))


def test_e37_a_stranger_is_refused() -> None:
    """Who is not asked cannot decide, before and after the outcome."""
    for request in (asked(), asked().cast(LEAD, YES, after(0))):
        with pytest.raises(NotYourSeat):
            request.cast(STRANGER, YES, after(1))


@pytest.mark.parametrize("holders", [(REQUESTER,), (LEAD, REQUESTER)])
def test_case_70_and_i4_the_initiator_never_decides(holders: tuple[int, ...]) -> None:
    """Not even as a holder of the seat."""
    with pytest.raises(OwnRequest):
        asked(*holders).cast(REQUESTER, YES, after(1))


def test_i4_not_by_escalation_either() -> None:
    """Being asked later changes nothing about it."""
    moved = asked(LEAD).seated((DEPUTY, REQUESTER), after(1), "nobody answers")
    with pytest.raises(OwnRequest):
        moved.cast(REQUESTER, YES, after(2))
    assert moved.cast(DEPUTY, YES, after(2)).state is RequestState.APPROVED


def test_others_asked_keep_the_one_seat() -> None:
    """Holders move, the seat and its one voice stay; who is no longer asked cannot decide."""
    moved = asked(LEAD).seated((DEPUTY,), after(1), "cannot be reached")
    assert [(seat.id, seat.principal_id, seat.holders) for seat in moved.seats] == [(500, LEAD, (DEPUTY,))]
    with pytest.raises(NotYourSeat):
        moved.cast(LEAD, YES, after(2))


def test_the_requester_withdraws_while_nobody_answered() -> None:
    """It is final and tells so."""
    gone = asked().withdraw(REQUESTER, after(1))
    assert (gone.state, gone.settled_at) == (RequestState.WITHDRAWN, after(1))
    with pytest.raises(AlreadyDecided):
        gone.cast(LEAD, YES, after(2))


def test_nobody_else_withdraws_and_nobody_after_an_answer() -> None:
    """A holder cannot, and the requester cannot any more once there is an outcome."""
    for other in (LEAD, STRANGER):
        with pytest.raises(NotYourRequest):
            asked().withdraw(other, after(1))
    with pytest.raises(AlreadyDecided):
        asked().cast(LEAD, NO, after(1), "because").withdraw(REQUESTER, after(2))


def test_case_33_a_tap_on_the_replaced_request_says_so() -> None:
    """The newer one took its place, and the refusal carries the true state."""
    gone = asked().replaced(REQUESTER, after(1))
    assert gone.state is RequestState.REPLACED
    with pytest.raises(AlreadyDecided) as refused:
        gone.cast(LEAD, YES, after(2))
    assert refused.value.request is gone


def test_case_36_a_base_that_changed_ends_the_request() -> None:
    """It cannot be carried out, whether it was decided or not, and says so on the next tap."""
    for request in (asked(), asked().cast(LEAD, YES, after(0))):
        gone = request.failed(after(5), "base changed")
        assert (gone.state, gone.settles_at, gone.settled_at) == (RequestState.FAILED, None, after(5))
        with pytest.raises(AlreadyDecided) as refused:
            gone.cast(DEPUTY, NO, after(6), "because")
        assert refused.value.request is gone


def test_settling_makes_the_outcome_final() -> None:
    """The verdict stays; only its time to be undone is over."""
    for verdict in (YES, NO):
        settled = asked().cast(LEAD, verdict, after(0), "because").settle(after(30))
        assert (settled.state.value, settled.settles_at, settled.settled_at) == (verdict.value, None, after(30))


# Each way a request can end, and each thing that somebody or something may still try with it.
ENDS: dict[str, Callable[[], ApprovalRequest]] = {
    "approved": lambda: asked().cast(LEAD, YES, after(0)).settle(after(30)),
    "rejected": lambda: asked().cast(LEAD, NO, after(0), "because").settle(after(30)),
    "withdrawn": lambda: asked().withdraw(REQUESTER, after(0)),
    "replaced": lambda: asked().replaced(REQUESTER, after(0)),
    "failed": lambda: asked().failed(after(0), "base changed"),
}
TRIES: dict[str, Callable[[ApprovalRequest], ApprovalRequest]] = {
    "approve": lambda request: request.cast(LEAD, YES, after(40)),
    "reject": lambda request: request.cast(DEPUTY, NO, after(40), "because"),
    "undo": lambda request: request.undo(LEAD, after(40)),
    "undo at once": lambda request: request.undo(LEAD, after(1)),
    "withdraw": lambda request: request.withdraw(REQUESTER, after(40)),
    "settle": lambda request: request.settle(after(40)),
    "replace": lambda request: request.replaced(REQUESTER, after(40)),
    "fail": lambda request: request.failed(after(40), "base changed"),
    "move": lambda request: request.seated((STRANGER,), after(40), "cannot be reached"),
}


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("attempt", TRIES)
def test_i1_and_i6_nothing_is_accepted_after_the_end(end: str, attempt: str) -> None:
    """A request has one outcome: whatever is tried with it afterwards is refused."""
    request = ENDS[end]()
    with pytest.raises(Refusal):
        TRIES[attempt](request)


@pytest.mark.parametrize("seconds", [0, 1, 29])
def test_a_decision_does_not_settle_before_its_time(seconds: int) -> None:
    """An outcome that can still be undone is not made final."""
    with pytest.raises(Refusal):
        asked().cast(LEAD, YES, after(0)).settle(after(seconds))


def test_a_request_without_an_answer_does_not_settle() -> None:
    """There is nothing to make final."""
    with pytest.raises(Refusal):
        asked().settle(after(3600))


MOVES: dict[str, tuple[Callable[[], ApprovalRequest], Callable[[ApprovalRequest], ApprovalRequest]]] = {
    "cast": (asked, lambda request: request.cast(LEAD, YES, after(1))),
    "undo": (lambda: asked().cast(LEAD, YES, after(0)), lambda request: request.undo(LEAD, after(1))),
    "withdraw": (asked, lambda request: request.withdraw(REQUESTER, after(1))),
    "settle": (lambda: asked().cast(LEAD, YES, after(0)), lambda request: request.settle(after(30))),
    "replace": (asked, lambda request: request.replaced(REQUESTER, after(1))),
    "fail": (asked, lambda request: request.failed(after(1), "base changed")),
    "move": (asked, lambda request: request.seated((DEPUTY,), after(1), "cannot be reached")),
}


@pytest.mark.parametrize("move", MOVES)
def test_i10_and_i11_each_change_is_one_version_and_one_line_more(move: str) -> None:
    """The version grows by one, the record by one line, and the request before stays as it was."""
    before, change = MOVES[move][0](), MOVES[move][1]
    was = replace(before)
    changed = change(before)
    assert changed.version == before.version + 1
    assert changed.events[:-1] == before.events
    assert changed.events[-1].seq == len(before.events)
    assert before == was


def test_i10_a_line_s_hash_covers_the_line_and_the_one_before() -> None:
    """Another instant, actor, word, request or past gives another hash; the same gives the same."""
    base = asked()
    same = base.recorded("approved", LEAD, after(1)).events[-1].hash
    others = {
        base.recorded("approved", LEAD, after(2)).events[-1].hash,
        base.recorded("approved", DEPUTY, after(1)).events[-1].hash,
        base.recorded("approved", None, after(1)).events[-1].hash,
        base.recorded("rejected", LEAD, after(1)).events[-1].hash,
        asked(number=78).recorded("approved", LEAD, after(1)).events[-1].hash,
        base.recorded("undone", LEAD, ASKED_AT).recorded("approved", LEAD, after(1)).events[-1].hash,
    }
    forged = replace(base, events=(replace(base.events[0], what="asked by another", hash="0" * 64),))
    assert base.recorded("approved", LEAD, after(1)).events[-1].hash == same
    assert same not in others
    assert len(others) == 6
    assert forged.recorded("approved", LEAD, after(1)).events[-1].hash != same


@pytest.mark.parametrize("kind", Refusal.__subclasses__())
def test_i9_every_refusal_has_a_code(kind: type[Refusal]) -> None:
    """Programs can tell them apart from the base."""
    assert kind.code != Refusal.code


def test_questions_about_seats() -> None:
    """Holders are listed once each; a person who is not asked has no seat."""
    request = asked()
    assert request.holders == (LEAD, DEPUTY)
    assert request.seat(500) == request.seat_of(DEPUTY) == request.seats[0]
    assert request.seat(501) is request.seat_of(STRANGER) is None
