"""Approvals: the tap on a card, the reason for a no, taking back, and withdrawing."""

from dataclasses import dataclass
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
from bot.ids import long
from bot.messages import NO_BUTTONS, Keyboard, Reply, Say, Words
from bot.ports import Job
from bot.services.approvals.approvals import SETTLE, Approvals
from bot.services.approvals.seals import Seals
from bot.services.people.people import People
from bot.text import Lines, lines, t
from bot.words.requests import outcome_line, outcome_text
from handlers.cards.requests import (
    SeatPressed,
    card_body,
    decide_keyboard,
    decider_of,
    names_of_holders,
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


@router.pressed(SeatPressed)
async def press_seat(turn: Turn, press: SeatPressed, approvals: Approvals, people: People, seals: Seals) -> Reply:
    """A holder answers, or takes the answer back."""
    request = await _genuine(turn, press, approvals, seals)
    if press.what == "u":
        return await _take_back(turn, request, approvals, people, seals)
    seat_id = long(press.seat)
    approvals.check_answer(request, seat_id, press.round, turn.employee)
    if press.what == "r":
        return await ask_why(turn, AskReason(request.id, seat_id, request.round), request, people)
    return await decided(turn, request, Verdict.APPROVED, "", approvals, people, seals)


@router.answered(AskReason)
async def reason_given(turn: Turn, asked: AskReason, approvals: Approvals, people: People, seals: Seals) -> Reply:
    """Take the words as the reason; a clear “cancel” drops the rejection."""
    if turn.understood.intent == "cancel":
        return turn.conclude(asked.dropped)
    if turn.understood.intent in NO_REASONS:
        return turn.pass_on()
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
        return await decided(turn, request, Verdict.REJECTED, reason, approvals, people, seals)
    except ReasonWanted as wanted:
        return Reply((Say(wanted.phrase),), asked)


@router.pressed(WithdrawPressed)
async def withdraw(turn: Turn, press: WithdrawPressed, approvals: Approvals, people: People, seals: Seals) -> Reply:
    """The requester takes the request back."""
    request_id = _number(press.request)
    request = await approvals.get(turn.portal.id, request_id)
    account = turn.message.sender.account
    if not seals.is_genuine(press.seal, request_id, "w", request.round, turn.message.channel, account):
        raise UnknownRequest
    gone = await approvals.withdraw(request, turn.employee, turn.now)
    body = await card_body(gone, people)
    return Reply((turn.place(outcome_text(gone, body, None, turn.employee.zone), NO_BUTTONS, slot_of(gone.id)),))


async def ask_why(
    turn: Turn, asked: AskReason, request: ApprovalRequest, people: People, shown: Lines | None = None
) -> Reply:
    """Ask for the reason of a rejection, below what would be rejected where the person has not seen it."""
    text = t(
        "Why not? One sentence for {person} is enough. You have 15 minutes; the request stays open until then.",
        person=await subject_of(request, people),
    )
    return turn.ask(asked, lines(*(shown.lines if shown else ()), text), Keyboard.of(asked.no_button))


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
) -> Reply:
    """Decide on what was shown, and show the outcome in its card; what is another one by now is shown instead."""
    slot = slot_of(request.id)
    identity = turn.employee.identity(turn.message.channel)
    try:
        after = await approvals.decide(request, turn.employee, verdict, turn.now, reason, seen=seen)
    except ChangedMeanwhile as changed:
        if verdict is Verdict.REJECTED:
            return turn.conclude(changed.phrase)
        return await _as_now(turn, changed.request, people, seals)
    text = outcome_text(after, await card_body(after, people), turn.employee, turn.employee.zone)
    buttons = undo_keyboard(after, identity, turn.employee, seals) if identity else NO_BUTTONS
    card = Say(text, buttons, slot=slot, edit=True, pressed=turn.pressed)
    if verdict is Verdict.REJECTED:
        # The reason was typed below the question: the card above changes, and the answer is said here.
        return Reply(
            (
                turn.place(
                    t("❌ Rejected. {person} will read your reason.", person=await subject_of(request, people)),
                    NO_BUTTONS,
                    "question",
                ),
                Say(text, buttons, slot=slot, edit=True),
            ),
            ends=True,
        )
    return Reply((card,))


async def _as_now(turn: Turn, request: ApprovalRequest, people: People, seals: Seals) -> Reply:
    """Show what an answer would mean now, or why there is nothing to decide any more."""
    slot, body = slot_of(request.id), await card_body(request, people)
    identity = turn.employee.identity(turn.message.channel)
    if not request.is_open or identity is None:
        text = outcome_text(request, body, None, turn.employee.zone)
        return Reply((turn.place(text, NO_BUTTONS, slot),), ends=True)
    text = lines(*body.lines, t("The day is another one by now. This is what your answer would mean."))
    return Reply((turn.place(text, decide_keyboard(request, identity, turn.employee, seals), slot),))


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


async def _take_back(turn: Turn, request: ApprovalRequest, approvals: Approvals, people: People, seals: Seals) -> Reply:
    again = await approvals.undo(request, turn.employee, turn.now)
    identity = turn.employee.identity(turn.message.channel)
    buttons = decide_keyboard(again, identity, turn.employee, seals) if identity else NO_BUTTONS
    body = await card_body(again, people)
    text = lines(*body.lines, t("↩️ Taken back: nothing had been done yet."))
    return Reply((turn.place(text, buttons, slot_of(again.id)),))


@router.due(SETTLE)
async def settle(job: Job, approvals: Approvals, occasion: Occasion) -> None:
    """Thirty seconds are over: the outcome is carried out."""
    request = await approvals.get(job.portal_id, int(job.payload["request_id"]))
    await approvals.settle(request, occasion.now)


@router.refused(ApprovalRefusal)
async def not_so(turn: Turn, refusal: ApprovalRefusal) -> Reply:
    """Say why nothing was done; no press is silently ignored."""
    return Reply((Say(refusal.phrase),), turn.state)


@router.refused(AlreadyDecided)
async def decided_already(turn: Turn, refusal: AlreadyDecided, people: People) -> Reply:
    """Show the true state in the card that was pressed."""
    request = refusal.request
    decider = await decider_of(request, people)
    text = outcome_text(request, await card_body(request, people), decider, turn.employee.zone)
    if turn.pressed and turn.employee.id in {*request.holders, request.requester_id}:
        return Reply((turn.place(text, NO_BUTTONS, slot_of(request.id)),))
    return Reply((Say(outcome_line(request, decider, turn.employee.zone)),))


async def _genuine(turn: Turn, press: SeatPressed, approvals: Approvals, seals: Seals) -> ApprovalRequest:
    """Return the request of a button that was made for this person, on this channel."""
    seat_id = _number(press.seat)
    account = turn.message.sender.account
    if not seals.is_genuine(press.seal, seat_id, press.what, press.round, turn.message.channel, account):
        raise UnknownRequest
    return await approvals.of_seat(turn.portal.id, seat_id)


def _number(text: str) -> int:
    try:
        number = long(text)
    except ValueError:
        raise UnknownRequest from None
    if not 0 < number < 2**63:
        raise UnknownRequest
    return number
