"""Words in answer to the card of a request with one seat: a correction, an absence, overtime."""

from dataclasses import replace

from bot.dispatch.turn import Turn
from bot.domain.approvals.request import REASON, AlreadyDecided, ApprovalRequest
from bot.domain.approvals.rule import Verdict
from bot.messages import NO_BUTTONS, Reply, Say
from bot.services.approvals.approvals import Approvals
from bot.services.approvals.seals import Seals
from bot.services.leave.around import Arounds
from bot.services.people.people import People
from bot.text import t
from bot.understanding.card_answers import CardAnswer, card_answer
from bot.words.requests import matter_title, outcome_text
from handlers.approvals.answering import answered, as_answer, kept, means_another
from handlers.approvals.approvals import AskReason, ask_why, decided, reason_given, taken_back
from handlers.approvals.card_meaning import AskMeaning, ask_meaning, said
from handlers.approvals.replied import AskedAbout
from handlers.cards.requests import card_body, decide_keyboard, decider_of, deciding_body, request_of, slot_of


async def about_single(
    turn: Turn,
    request_id: int,
    asked: AskedAbout | None,
    approvals: Approvals,
    people: People,
    arounds: Arounds,
    seals: Seals,
    *,
    is_card: bool = True,
) -> Reply:
    """Take words that answer its card; `asked` is what waits for words of this person about it, if anything does.

    Where it is no card that is answered but a question about one, a plain yes or no decides nothing.
    """
    answer = card_answer(turn.message.text)
    if not is_card and answer.is_plain:
        answer = CardAnswer("")
    elif means_another(turn):
        return turn.pass_on()
    request = await approvals.get(turn.portal.id, request_id)
    card = await single_card(turn, request, people, arounds, seals)
    if answer.do == "show":
        return Reply((card,), turn.state)
    if turn.employee.id == request.requester_id:
        if answer.do != "withdraw":
            return Reply((Say(t("Whoever decides cannot read that here: write to them.")), card), turn.state)
        gone = await approvals.withdraw(request, turn.employee, turn.now)
        text = outcome_text(gone, await card_body(gone, people), None, turn.employee.zone)
        return kept(turn, Reply((turn.place(text, NO_BUTTONS, slot_of(gone.id)),)), request.id)
    takes_back = answer.do == "withdraw" or turn.understood.intent in {"cancel", "undo"}
    if takes_back and request.ballot is not None and request.ballot.by_id == turn.employee.id:
        return kept(turn, await taken_back(turn, request, approvals, people, seals), request.id)
    if not request.is_open:
        raise AlreadyDecided(request)
    seat = request.seat_of(turn.employee.id)
    approvals.check_answer(request, 0 if seat is None else seat.id, request.round, turn.employee)
    seat_id = 0 if seat is None else seat.id
    if answer.do == "" and asked is not None and (asked.what, asked.seat_id) == ("r", seat_id):
        return await reason_in_answer(turn, asked, approvals, people, seals)
    wanted = AskReason(request.id, seat_id, request.round)
    match answer.do:
        case "approve":
            below = [Say(t("✅ Approved."))]  # the card may be far up
            reply = await decided(turn, request, Verdict.APPROVED, answer.words, approvals, people, seals, also=below)
            return kept(turn, reply, request.id)
        case "reject" if not answer.words:
            return await ask_why(turn, wanted, request, people)
        case "reject":
            words = answer.words[:REASON]
            reply = await decided(
                turn, request, Verdict.REJECTED, words, approvals, people, seals, asked_in=wanted.slot
            )
            return kept(turn, replace(reply, ends=False), request.id)
        case "" if turn.understood.intent not in {"cancel", "undo"}:
            asking = AskMeaning(slot_of(request.id), seat_id, request.round, said(turn))
            return ask_meaning(turn, asking, matter_title(request.matter), ["a", "r"])
        case _:
            told = t("Here you can approve, or reject with a sentence why. For anything else, write to the person.")
            return Reply((Say(told), card), turn.state)


async def single_card(turn: Turn, request: ApprovalRequest, people: People, arounds: Arounds, seals: Seals) -> Say:
    """Return the card as it is now, at the bottom of the chat."""
    identity = turn.employee.identity(turn.message.channel)
    if request.is_open and identity is not None and turn.employee.id in request.holders:
        body = await deciding_body(request, people, arounds)
        return Say(body, decide_keyboard(request, identity, turn.employee, seals), slot=slot_of(request.id))
    decider = await decider_of(request, people)
    text = outcome_text(request, await card_body(request, people), decider, turn.employee.zone)
    return Say(text, slot=slot_of(request.id))


async def reason_in_answer(turn: Turn, asked: AskedAbout, approvals: Approvals, people: People, seals: Seals) -> Reply:
    """Take words as the reason that was asked for, though another question came after it."""
    request_id = request_of(asked.card) or 0
    wanted = AskReason(request_id, asked.seat_id, asked.round)
    if isinstance(turn.state, AskReason) and turn.state.slot == wanted.slot:
        wanted = turn.state
    reply = await reason_given(as_answer(turn, wanted.slot), wanted, approvals, people, seals)
    return answered(turn, reply, request_id)


async def meant_of_single(
    turn: Turn,
    asked: AskMeaning,
    what: str,
    request: ApprovalRequest,
    approvals: Approvals,
    people: People,
    seals: Seals,
) -> Reply:
    """Decide as the words were said to mean."""
    approvals.check_answer(request, asked.seat_id, asked.round, turn.employee)
    if what == "r":
        return await decided(turn, request, Verdict.REJECTED, asked.text, approvals, people, seals, asked_in=asked.slot)
    told = turn.place(t("✅ Approved."), NO_BUTTONS, asked.slot)
    done = await decided(turn, request, Verdict.APPROVED, "", approvals, people, seals, also=[told])
    if told in done.says:
        cards = [replace(each, pressed="") for each in done.says if each is not told]
        return Reply((told, *cards), ends=True)
    return Reply(tuple(replace(each, edit=False, pressed="") for each in done.says), ends=True)
