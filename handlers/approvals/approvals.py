"""Approvals: the tap on a card, the reason for a no, taking back, and withdrawing."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import ClassVar

from bot.dispatch.router import Router
from bot.dispatch.turn import Occasion, Turn
from bot.domain.approvals.refusals import (
    ApprovalRefusal,
    NotYourSeat,
    ReasonWanted,
    UnknownRequest,
)
from bot.domain.approvals.request import AlreadyDecided, ApprovalRequest, ChangedMeanwhile, NoLongerLead
from bot.domain.approvals.rule import Verdict
from bot.messages import NO_BUTTONS, QUESTION, Keyboard, Reply, Say, Words
from bot.ports import Job
from bot.services.approvals.approvals import SETTLE, TIME_PASSES, Approvals
from bot.services.approvals.seals import Seals, number_of
from bot.services.people.people import People
from bot.text import Lines, lines, t
from bot.words.requests import outcome_line
from handlers.approvals.replied import ANSWER_THERE, answers_another, ask_again, asked_slot
from handlers.cards.requests import (
    SeatPressed,
    card_body,
    decide_keyboard,
    decider_of,
    names_of_holders,
    outcome_card,
    slot_of,
    subject_of,
    undo_keyboard,
)
from handlers.cards.sent import WithdrawPressed
from handlers.read_back import Question

router = Router("approvals")
NO_REASONS = (
    *("approvals", "decide", "confirm_period", "close_period", "reopen_period", "report", "status", "today", "help"),
    *("presence", "my_requests", "my_leave", "settings", "language", "zone", "remind"),
    *("delegate", "substitute", "who_holds", "request_history", "approval_sheet", "leave_balance"),
)
"""What is meant for the bot while we wait for a reason: no lead would tell an employee that."""


@dataclass(frozen=True, slots=True)
class AskReason(Question):
    """A lead pressed Reject and we asked why; the seat stays open meanwhile (E11)."""

    lives: ClassVar[timedelta] = timedelta(minutes=15)
    no: ClassVar[Words] = t("✖️ Do not reject")
    dropped: ClassVar[Words] = t("Nothing was rejected. The request still waits.")
    request_id: int
    seat_id: int
    round: int

    @property
    def slot(self) -> str:
        """Where it is asked: an answer to that message is about this request, whatever else is asked (E13)."""
        return asked_slot(slot_of(self.request_id), "r", self.seat_id, self.round)


@router.pressed(SeatPressed)
async def press_seat(turn: Turn, press: SeatPressed, approvals: Approvals, people: People, seals: Seals) -> Reply:
    """A holder answers, or takes the answer back."""
    seat_id = seals.opened(press.seat, press.seal, press.what, press.round, *turn.message.written_by)
    request = await approvals.of_seat(turn.portal.id, seat_id)
    if press.what == "u":
        return await taken_back(turn, request, approvals, people, seals)
    held = turn.employee.id in request.holders
    request = await approvals.time_passed(request, turn.now)
    if held and turn.employee.id not in request.holders:
        return await _asked_of_others(turn, request, people)
    approvals.check_answer(request, seat_id, press.round, turn.employee)
    if press.what == "r":
        return await ask_why(turn, AskReason(request.id, seat_id, request.round), request, people)
    return await decided(turn, request, Verdict.APPROVED, "", approvals, people, seals)


@router.answered(AskReason)
async def reason_given(turn: Turn, asked: AskReason, approvals: Approvals, people: People, seals: Seals) -> Reply:
    """Take the words as the reason; a clear “cancel” drops the rejection."""
    if turn.understood.intent == "cancel":
        return turn.conclude(asked.dropped, slot=asked.slot)
    if turn.understood.intent in NO_REASONS:
        return turn.pass_on()
    if answers_another(turn, asked.slot, slot_of(asked.request_id)):
        return ask_again(asked, ANSWER_THERE)
    request = await approvals.get(turn.portal.id, asked.request_id)
    if not request.is_open or request.round != asked.round:
        if turn.understood.intent is not None:  # words that mean something of their own are no reason any more
            return turn.pass_on()
        raise AlreadyDecided(request)
    if request.seat_of(turn.employee.id) is None:
        raise NotYourSeat
    # A yes or no says neither why nor what.
    reason = "" if turn.understood.intent in ("decline", "confirm") else turn.message.text
    try:
        return await decided(turn, request, Verdict.REJECTED, reason, approvals, people, seals, asked_in=asked.slot)
    except ReasonWanted as wanted:
        return ask_again(asked, wanted.phrase)


@router.pressed(WithdrawPressed)
async def withdraw(turn: Turn, press: WithdrawPressed, approvals: Approvals, people: People, seals: Seals) -> Reply:
    """The requester takes the request back."""
    request = await approvals.get(turn.portal.id, number_of(press.request))
    seals.opened(press.request, press.seal, "w", request.round, *turn.message.written_by)
    gone = await approvals.withdraw(request, turn.employee, turn.now)
    return Reply((_in_place(turn, await outcome_card(gone, None, turn.employee, people)),))


async def ask_why(
    turn: Turn, asked: AskReason, request: ApprovalRequest, people: People, shown: Lines | None = None
) -> Reply:
    """Ask for the reason of a rejection, below what would be rejected where the person has not seen it."""
    text = t(
        "Why not? One sentence for {person} is enough. You have 15 minutes; the request stays open until then.",
        person=await subject_of(request, people),
    )
    keyboard = Keyboard.of(asked.no_button)
    return turn.ask(asked, lines(*(shown.lines if shown else ()), text), keyboard, slot=asked.slot)


async def decided(
    turn: Turn,
    request: ApprovalRequest,
    verdict: Verdict,
    reason: str,
    approvals: Approvals,
    people: People,
    seals: Seals,
    *,
    seen: int | None = None,
    asked_in: str = QUESTION,
    also: Sequence[Say] = (),
) -> Reply:
    """Decide on what was shown, and show the outcome in its card; what is another one by now is shown instead.

    `asked_in` is the slot in which the reason was asked for, `also` what is said below an approval.
    """
    try:
        after = await approvals.decide(request, turn.employee, verdict, turn.now, reason, seen=seen)
    except ChangedMeanwhile as changed:
        if verdict is Verdict.REJECTED:
            return turn.conclude(changed.phrase, slot=asked_in)
        return await _as_now(turn, changed.request, people, seals)
    card = await outcome_card(after, turn.employee, turn.employee, people)
    identity = turn.employee.identity(turn.message.channel)
    if identity is not None:
        card = replace(card, keyboard=undo_keyboard(after, identity, turn.employee, seals))
    if verdict is Verdict.REJECTED:
        # The reason was typed below the question: the card above changes, and the answer is said here.
        told = t("❌ Rejected. {person} will read your reason.", person=await subject_of(request, people))
        return Reply((turn.place(told, NO_BUTTONS, asked_in), card), ends=True)
    return Reply((replace(card, pressed=turn.pressed), *also))


def _in_place(turn: Turn, card: Say) -> Say:
    """Show a card where it was pressed; where it was not, below."""
    return replace(card, edit=bool(turn.pressed), pressed=turn.pressed)


async def _as_now(turn: Turn, request: ApprovalRequest, people: People, seals: Seals) -> Reply:
    """Show what an answer would mean now, or why there is nothing to decide any more."""
    identity = turn.employee.identity(turn.message.channel)
    if not request.is_open or identity is None:
        return Reply((_in_place(turn, await outcome_card(request, None, turn.employee, people)),), ends=True)
    body = await card_body(request, people)
    text = lines(*body.lines, t("The day is another one by now. This is what your answer would mean."))
    return Reply((turn.place(text, decide_keyboard(request, identity, turn.employee, seals), slot_of(request.id)),))


@router.refused(NoLongerLead)
async def handed_over(turn: Turn, refusal: NoLongerLead, approvals: Approvals, people: People) -> Reply:
    """The button is older than the loss of the role: nothing is decided, and the next in line is asked."""
    if refusal.request is None:
        return Reply((Say(refusal.phrase),), turn.state)
    moved = await approvals.move_on(refusal.request, turn.employee, turn.now)
    names = await names_of_holders(moved, people)
    note = t("You are no lead any more, so nothing was decided. Others decide now: {names}", names=names)
    text = lines(*(await card_body(moved, people)).lines, note)
    return Reply((turn.place(text, NO_BUTTONS, slot_of(moved.id)),), ends=True)


async def _asked_of_others(turn: Turn, request: ApprovalRequest, people: People) -> Reply:
    """The seat has gone to others by the time of the press: nothing is decided, and the card says who decides."""
    now = t("➡️ Others decide now: {names}", names=await names_of_holders(request, people))
    text = lines(*(await card_body(request, people)).lines, now)
    return Reply((turn.place(text, NO_BUTTONS, slot_of(request.id)),))


async def taken_back(turn: Turn, request: ApprovalRequest, approvals: Approvals, people: People, seals: Seals) -> Reply:
    """Take one's answer back, and show the card with its buttons again."""
    again = await approvals.undo(request, turn.employee, turn.now)
    identity = turn.employee.identity(turn.message.channel)
    buttons = decide_keyboard(again, identity, turn.employee, seals) if identity else NO_BUTTONS
    body = await card_body(again, people)
    text = lines(*body.lines, t("↩️ Taken back: nothing had been done yet."))
    return Reply((turn.place(text, buttons, slot_of(again.id)),))


@router.due(SETTLE)
async def settle(job: Job, approvals: Approvals, occasion: Occasion) -> None:
    """Thirty seconds are over: the outcome is carried out."""
    with suppress(UnknownRequest):  # it went with whoever was erased meanwhile: nothing is left to be done
        request = await approvals.get(job.portal_id, int(job.payload["request_id"]))
        await approvals.settle(request, occasion.now)


@router.due(TIME_PASSES)
async def time_passes(job: Job, approvals: Approvals, occasion: Occasion) -> None:
    """Something fell due while nobody answered: a lead is back, or others are asked as well."""
    with suppress(UnknownRequest):  # as above
        request = await approvals.get(job.portal_id, int(job.payload["request_id"]))
        await approvals.time_passed(request, occasion.now)


@router.refused(ApprovalRefusal)
async def not_so(turn: Turn, refusal: ApprovalRefusal) -> Reply:
    """Say why nothing was done; no press is silently ignored."""
    return Reply((Say(refusal.phrase),), turn.state)


@router.refused(AlreadyDecided)
async def decided_already(turn: Turn, refusal: AlreadyDecided, people: People) -> Reply:
    """Show the true state in the card that was pressed."""
    request = refusal.request
    decider = await decider_of(request, people)
    if turn.pressed and turn.employee.id in {*request.holders, request.requester_id}:
        return Reply((_in_place(turn, await outcome_card(request, decider, turn.employee, people)),))
    return Reply((Say(outcome_line(request, decider, turn.employee.zone)),))
