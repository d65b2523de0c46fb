"""Approvals: the card, the tap, the reason for a no, taking back, withdrawing, and the list of what waits."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from bot.actions import Action
from bot.dispatch.announcer import Notice
from bot.dispatch.router import Router
from bot.dispatch.turn import Occasion, Turn
from bot.domain.approval import (
    AlreadyDecided,
    ApprovalRefusal,
    ApprovalRequest,
    RequestState,
    UnknownRequest,
    Verdict,
)
from bot.domain.employee import Employee, Identity
from bot.domain.events import (
    RequestAsked,
    RequestDecided,
    RequestMoved,
    RequestSettled,
    RequestUndone,
    RequestWithdrawn,
)
from bot.messages import NO_BUTTONS, Button, Keyboard, Reply, Say, State
from bot.ports import Job
from bot.services.approvals import SETTLE, Approvals
from bot.services.people import People
from bot.services.seals import Seals
from bot.text import Lines, Mention, Phrase, lines, t, tn
from handlers.request_cards import (
    SeatPressed,
    WithdrawPressed,
    decide_keyboard,
    long,
    outcome_line,
    outcome_text,
    request_lines,
    request_text,
    request_title,
    slot_of,
    undo_keyboard,
)

router = Router("approvals")
MAX_REASON = 300
SHOWN_AS_CARDS = 5


@dataclass(frozen=True, slots=True)
class AskReason(State):
    """A lead pressed Reject and we asked why; the seat stays open meanwhile (E11)."""

    lives: ClassVar[timedelta] = timedelta(minutes=15)
    request_id: int
    seat_id: int
    round: int


@dataclass(frozen=True, slots=True)
class ConfirmBatch(State):
    """We showed what “approve all” would approve."""

    nonce: str
    requests: list[int]


@dataclass(frozen=True, slots=True)
class ApproveAllPressed(Action, code="aa"):
    """Show what approving all would mean."""


@dataclass(frozen=True, slots=True)
class ConfirmBatchPressed(Action, code="ac"):
    """Yes, approve all of these."""

    nonce: str


@dataclass(frozen=True, slots=True)
class KeepWaitingPressed(Action, code="ak"):
    """No, leave the question or the list as it is."""


@router.pressed(SeatPressed)
async def press_seat(turn: Turn, press: SeatPressed, approvals: Approvals, people: People, seals: Seals) -> Reply:
    """A holder answers, or takes the answer back."""
    request = await _genuine(turn, press, approvals, seals)
    if press.what == "u":
        return await _take_back(turn, request, approvals, people, seals)
    if not request.is_open or press.round != request.round:
        raise AlreadyDecided(request)
    seat = request.seat(long(press.seat))
    if seat is None or turn.employee.id not in seat.holders:
        raise UnknownRequest
    if press.what == "r":
        who = await people.get(request.subject_id, request.portal_id)
        text = t(
            "Why not? One sentence for {person} is enough. You have 15 minutes; the request stays open until then.",
            person=_mention(who),
        )
        buttons = Keyboard.of(Button(t("✖️ Do not reject"), KeepWaitingPressed()))
        return turn.ask(AskReason(request.id, seat.id, request.round), text, buttons)
    return await _decide(turn, request, Verdict.APPROVED, "", approvals, people, seals)


@router.answered(AskReason)
async def reason_given(turn: Turn, asked: AskReason, approvals: Approvals, people: People, seals: Seals) -> Reply:
    """Take the words as the reason; a clear “cancel” drops the rejection."""
    if turn.understood.intent == "cancel":
        return turn.settle(t("Nothing was rejected. The request still waits."))
    request = await approvals.get(turn.portal.id, asked.request_id)
    if not request.is_open or request.round != asked.round:
        raise AlreadyDecided(request)
    reason = " ".join(turn.message.text.split())[:MAX_REASON]
    if not reason:
        return Reply((Say(t("One sentence is enough – or /cancel.")),), asked)
    return await _decide(turn, request, Verdict.REJECTED, reason, approvals, people, seals)


@router.pressed(KeepWaitingPressed)
async def keep_waiting(turn: Turn, press: KeepWaitingPressed) -> Reply:
    """Drop the question, leave the request."""
    del press
    return turn.settle(t("Nothing was decided. The request still waits."))


@router.pressed(WithdrawPressed)
async def withdraw(turn: Turn, press: WithdrawPressed, approvals: Approvals, people: People, seals: Seals) -> Reply:
    """The requester takes the request back."""
    request_id = _number(press.request)
    request = await approvals.get(turn.portal.id, request_id)
    account = turn.message.sender.account
    if not seals.is_genuine(press.seal, request_id, "w", request.round, turn.message.channel, account):
        raise UnknownRequest
    gone = await approvals.withdraw(request, turn.employee, turn.now)
    body = await _body(gone, people)
    return Reply((turn.place(outcome_text(gone, body, None, turn.employee.zone), NO_BUTTONS, slot_of(gone.id)),))


@router.command("approvals", t("What waits for my decision"), intents=("approvals",))
async def waiting(turn: Turn, approvals: Approvals, people: People, seals: Seals) -> Reply:
    """Show what waits: each as a card while they are few, else as a list with “approve all”."""
    requests = await approvals.waiting_for(turn.employee)
    small = await approvals.passed_by_themselves(turn.employee, turn.now) if turn.employee.leads else ()
    says: list[Say] = []
    if not requests:
        says.append(Say(lines(t("Nothing waits for your decision."), *await _small(small, people))))
        return Reply(tuple(says))
    heading = tn("*{count} request waits for you*", "*{count} requests wait for you*", len(requests))
    identity = turn.employee.identity(turn.message.channel)
    all_of_them = Keyboard.of(Button(t("✅ Approve all…"), ApproveAllPressed())) if len(requests) > 1 else NO_BUTTONS
    rest = requests[SHOWN_AS_CARDS:]
    more = [await _line(each, people) for each in rest[:20]]
    says.append(Say(lines(heading, *more, *await _small(small, people)), all_of_them))
    for request in requests[:SHOWN_AS_CARDS]:
        if identity is not None:
            buttons = decide_keyboard(request, identity, turn.employee, seals)
            says.append(Say(await _body(request, people), buttons, slot=slot_of(request.id)))
    return Reply(tuple(says))


@router.pressed(ApproveAllPressed)
async def approve_all(turn: Turn, press: ApproveAllPressed, approvals: Approvals, people: People) -> Reply:
    """Show once more what would be approved, and ask."""
    del press
    requests = (await approvals.waiting_for(turn.employee))[:50]
    if not requests:
        return turn.settle(t("Nothing waits for your decision."))
    nonce = secrets.token_hex(4)
    heading = tn("Approve {count} request?", "Approve all {count} requests?", len(requests))
    buttons = (
        Button(t("✅ Yes, all"), ConfirmBatchPressed(nonce), style="success"),
        Button(t("✖️ No"), KeepWaitingPressed()),
    )
    rows = [await _line(each, people) for each in requests]
    return turn.ask(ConfirmBatch(nonce, [each.id for each in requests]), lines(heading, *rows), Keyboard.of(buttons))


@router.pressed(ConfirmBatchPressed)
async def confirm_batch(turn: Turn, press: ConfirmBatchPressed, approvals: Approvals, people: People) -> Reply:
    """Approve what was shown; what was decided or changed meanwhile is listed with the reason (E20)."""
    state = turn.state
    if not isinstance(state, ConfirmBatch) or state.nonce != press.nonce:
        return turn.settle(t("That question is over. What waits now: /approvals"))
    done = 0
    left: list[Phrase] = []
    for request_id in state.requests:
        request = await approvals.get(turn.portal.id, request_id)
        try:
            if request.is_open and not await approvals.check_base(request):
                await approvals.refuse_stale(request, turn.now)
                left.append(t("{request} – the hours were changed meanwhile", request=await _line(request, people)))
                continue
            await approvals.decide(request, turn.employee, Verdict.APPROVED, turn.now)
        except ApprovalRefusal:
            decider = await _decider(request, people)
            outcome = outcome_line(request, decider, turn.employee.zone)
            left.append(t("{request} – {outcome}", request=await _line(request, people), outcome=outcome))
        else:
            done += 1
    heading = tn("✅ {count} request approved.", "✅ {count} requests approved.", done)
    hint = t("You can take each back for 30 seconds on its card.") if done else None
    return turn.settle(lines(heading, hint, *left))


async def _decide(
    turn: Turn,
    request: ApprovalRequest,
    verdict: Verdict,
    reason: str,
    approvals: Approvals,
    people: People,
    seals: Seals,
) -> Reply:
    slot = slot_of(request.id)
    if not await approvals.check_base(request):
        gone = await approvals.refuse_stale(request, turn.now)
        text = outcome_text(gone, await _body(gone, people), None, turn.employee.zone)
        return Reply((turn.place(text, NO_BUTTONS, slot),), ends=True)
    decided = await approvals.decide(request, turn.employee, verdict, turn.now, reason)
    identity = turn.employee.identity(turn.message.channel)
    text = outcome_text(decided, await _body(decided, people), turn.employee, turn.employee.zone)
    buttons = undo_keyboard(decided, identity, turn.employee, seals) if identity else NO_BUTTONS
    card = Say(text, buttons, slot=slot, edit=True, pressed=turn.pressed)
    if verdict is Verdict.REJECTED:
        # The reason was typed below the question: the card above changes, and the answer is said here.
        return Reply(
            (
                turn.place(
                    t("❌ Rejected. {person} will read your reason.", person=await _subject(request, people)),
                    NO_BUTTONS,
                    "question",
                ),
                Say(text, buttons, slot=slot, edit=True),
            ),
            ends=True,
        )
    return Reply((card,))


async def _take_back(turn: Turn, request: ApprovalRequest, approvals: Approvals, people: People, seals: Seals) -> Reply:
    again = await approvals.undo(request, turn.employee, turn.now)
    identity = turn.employee.identity(turn.message.channel)
    buttons = decide_keyboard(again, identity, turn.employee, seals) if identity else NO_BUTTONS
    body = await _body(again, people)
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
    text = outcome_text(request, await _body(request, people), await _decider(request, people), turn.employee.zone)
    if turn.pressed and turn.employee.id in {*request.holders, request.requester_id}:
        return Reply((turn.place(text, NO_BUTTONS, slot_of(request.id)),))
    return Reply((Say(outcome_line(request, await _decider(request, people), turn.employee.zone)),))


@router.happened(RequestAsked)
@router.happened(RequestMoved)
async def ask_holders(event: RequestAsked | RequestMoved, people: People, seals: Seals) -> Sequence[Notice]:
    """Each holder gets the card where they are best reached."""
    holders = await _holders(event.request, people)
    return [Notice(each, await holder_card(event.request, each, people, seals)) for each in holders]


async def holder_card(
    request: ApprovalRequest, holder: Employee, people: People, seals: Seals
) -> Callable[[Identity], Say]:
    """Return what makes the card for one of the holder's accounts: its buttons are sealed for that account."""
    body = await _body(request, people)

    def card(identity: Identity) -> Say:
        return Say(body, decide_keyboard(request, identity, holder, seals), slot=slot_of(request.id))

    return card


@router.happened(RequestDecided)
async def tell_holders(event: RequestDecided, occasion: Occasion, people: People, seals: Seals) -> Sequence[Notice]:
    """Every holder's card shows the outcome; the requester is told once it is final (E15)."""
    request = event.request
    decider = await _decider(request, people)
    notices = []
    for holder in await _holders(request, people):
        text = outcome_text(request, await _body(request, people), decider, holder.zone)
        mine = decider is not None and holder.id == decider.id

        def card(identity: Identity, text: Lines = text, holder: Employee = holder, mine: bool = mine) -> Say:  # noqa: FBT001
            buttons = undo_keyboard(request, identity, holder, seals) if mine else NO_BUTTONS
            return Say(text, buttons, slot=slot_of(request.id), edit=True, only_if_shown=True)

        notices.append(Notice(holder, card, "everywhere", skip=occasion.told_in))
    return notices


@router.happened(RequestUndone)
async def open_again(event: RequestUndone, occasion: Occasion, people: People, seals: Seals) -> Sequence[Notice]:
    """Every holder's card can be answered again."""
    request = event.request
    body = await _body(request, people)
    notices = []
    for holder in await _holders(request, people):

        def card(identity: Identity, holder: Employee = holder) -> Say:
            buttons = decide_keyboard(request, identity, holder, seals)
            return Say(body, buttons, slot=slot_of(request.id), edit=True, only_if_shown=True)

        notices.append(Notice(holder, card, "everywhere", skip=occasion.told_in))
    return notices


@router.happened(RequestSettled)
async def tell_outcome(event: RequestSettled, occasion: Occasion, people: People) -> Sequence[Notice]:
    """The outcome is final: every copy of the card shows it, and the person is told in their own words."""
    request = event.request
    decider = await _decider(request, people)
    concerned = await _concerned(request, people)
    notices = [
        Notice(each, await _final(request, people, decider, each), "everywhere", skip=occasion.told_in)
        for each in concerned
    ]
    subject = await people.get(request.subject_id, request.portal_id)
    requester = await people.get(request.requester_id, request.portal_id)
    told = {each.id: each for each in (subject, requester) if each is not None and request.ballot is not None}
    if request.state is RequestState.FAILED and requester is not None:
        told[requester.id] = requester
    made_by_lead = request.ballot is None and request.state is RequestState.APPROVED and subject is not None
    if made_by_lead and subject is not None and requester is not None:
        changed = t("✍️ {person} corrected your hours:", person=_mention(requester))
        return [*notices, Notice(subject, Say(lines(changed, *request_lines(request))))]
    for person in told.values():
        text = lines(
            t("*{what}*", what=request_title(request)),
            *request_lines(request),
            outcome_line(request, decider, person.zone),
        )
        notices.append(Notice(person, Say(text)))
    return notices


@router.happened(RequestWithdrawn)
async def tell_withdrawn(event: RequestWithdrawn, occasion: Occasion, people: People) -> Sequence[Notice]:
    """Every copy of the card says that there is nothing to decide any more."""
    request = event.request
    return [
        Notice(each, await _final(request, people, None, each), "everywhere", skip=_skip(request, occasion))
        for each in await _concerned(request, people)
    ]


def _skip(request: ApprovalRequest, occasion: Occasion) -> tuple[str, str]:
    """A withdrawn card was answered where it was pressed; a replaced one was not."""
    return occasion.told_in if request.state is RequestState.WITHDRAWN else ("", "")


async def _final(request: ApprovalRequest, people: People, decider: Employee | None, reader: Employee) -> Say:
    text = outcome_text(request, await _body(request, people), decider, reader.zone)
    return Say(text, NO_BUTTONS, slot=slot_of(request.id), edit=True, only_if_shown=True)


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


async def _body(request: ApprovalRequest, people: People) -> Lines:
    subject = await people.get(request.subject_id, request.portal_id)
    requester = await people.get(request.requester_id, request.portal_id)
    if subject is None or requester is None:
        return lines(request_title(request))
    return request_text(request, subject, requester, tells_why=True)


async def _line(request: ApprovalRequest, people: People) -> Phrase:
    rows = request_lines(request)
    return t(
        "• {person}: {what} {change}",
        person=await _subject(request, people),
        what=request_title(request),
        change=rows[0] if rows else "",
    )


async def _small(requests: Sequence[ApprovalRequest], people: People) -> list[Phrase]:
    """What passed by itself this week, for the lead to know."""
    if not requests:
        return []
    return [
        t("*Small changes of the last week, made without asking:*"),
        *[await _line(e, people) for e in requests[:10]],
    ]


async def _subject(request: ApprovalRequest, people: People) -> Mention | str:
    subject = await people.get(request.subject_id, request.portal_id)
    return Mention(subject.name, subject.accounts) if subject else "?"


async def _decider(request: ApprovalRequest, people: People) -> Employee | None:
    ballot = request.ballot
    return await people.get(ballot.by_id, request.portal_id) if ballot else None


async def _holders(request: ApprovalRequest, people: People) -> list[Employee]:
    found = [await people.get(each, request.portal_id) for each in request.holders]
    return [each for each in found if each is not None]


async def _concerned(request: ApprovalRequest, people: People) -> list[Employee]:
    """Everybody in whose chats a card may be."""
    ids = dict.fromkeys((*request.holders, request.requester_id, request.subject_id))
    found = [await people.get(each, request.portal_id) for each in ids]
    return [each for each in found if each is not None]


def _mention(employee: Employee | None) -> Mention | str:
    return Mention(employee.name, employee.accounts) if employee else "?"
