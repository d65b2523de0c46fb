"""Requests on routes: the tap on a card, the words it asks for, taking back, sending again and withdrawing."""

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.approvals.event import Do
from bot.domain.approvals.refusals import UnknownRequest
from bot.domain.approvals.request import as_reason
from bot.domain.approvals.routed import RoutedRequest
from bot.messages import NO_BUTTONS, Button, Keyboard, Reply, Say, Words
from bot.services.approvals.courses import Courses, Done, Standing
from bot.services.approvals.seals import Seals
from bot.services.people.people import People
from bot.text import Phrase, t
from bot.words.people import mention, named
from bot.words.routed import card, title
from bot.words.routed_refusals import refused
from handlers.approvals.approvals import NO_REASONS
from handlers.approvals.replied import ANSWER_THERE, answers_another, ask_again, asked_slot
from handlers.cards.routed import RoutedOwnPressed, RoutedPressed, keyboard, seat_press, slot_of
from handlers.read_back import Question

router = Router("routed")
_DOES: dict[str, Do] = {
    "a": "approve",
    "r": "reject",
    "b": "return",
    "n": "return",
    "q": "ask",
    "c": "comment",
    "d": "delegate",
    "u": "undo",
}


@dataclass(frozen=True, slots=True)
class RoutedWords(Question):
    """Something was pressed that needs words: why, what, or to whom. The seat stays open meanwhile (E11)."""

    lives: ClassVar[timedelta] = timedelta(minutes=15)
    no: ClassVar[Words] = t("✖️ Never mind")
    dropped: ClassVar[Words] = t("Nothing was done. The request still waits.")
    request_id: int
    seat_id: int
    """0 where it is the person who asked for the request."""
    round: int
    what: str

    @property
    def slot(self) -> str:
        """Where it is asked: an answer to that message is about this request, whatever else is asked (E13)."""
        return asked_slot(slot_of(self.request_id), self.what, self.seat_id, self.round)


@router.pressed(RoutedPressed)
async def press_seat(turn: Turn, press: RoutedPressed, courses: Courses, seals: Seals) -> Reply:
    """Whoever is asked answers, or takes the answer back."""
    seat_id = seals.opened(press.seat, press.seal, press.what, press.round, *turn.message.written_by)
    do = _DOES.get(press.what)
    if do is None:
        raise UnknownRequest
    request = await courses.of_seat(turn.portal.id, seat_id)
    mark = request.seat(seat_id)
    standing = await up_to_date(turn, request, courses)
    if mark is None or press.round != mark.round:
        raise UnknownRequest
    track = standing.track(mark.track) if standing.request.is_current(mark) else None
    if do == "undo":
        return await _done(
            turn, await courses.do(standing.request, do, turn.employee, turn.now, at=turn.message.channel), seals
        )
    if track is None:
        return true_card(turn, standing, end_code(standing), seals)
    can_answer = standing.request.seat_of(turn.employee.id) == mark
    needs_words = do in {"ask", "comment", "delegate"} or track.comment_required in {do, "always"}
    if can_answer and (needs_words or press.what == "b"):  # whoever gets it back wants to know what to change
        asked = RoutedWords(request.id, seat_id, press.round, "b" if do == "return" else press.what)
        return ask_words(turn, standing, asked, None if needs_words else seals)
    done = await courses.do(standing.request, do, turn.employee, turn.now, mark=mark, at=turn.message.channel)
    if press.what == "n" and not done.refusal:  # pressed below the question, which is answered by that
        told = turn.place(t("↩️ Sent back."), NO_BUTTONS, RoutedWords(request.id, seat_id, press.round, "b").slot)
        return Reply((told, shown_card(turn, done.standing, seals)), ends=True)
    return await _done(turn, done, seals)


def end_code(standing: Standing) -> str:
    """Return why nothing can be answered in a seat that is not open any more."""
    if standing.request.is_open:
        return "stale"
    return "expired" if standing.running.ended_by_clock else "already_decided"


async def up_to_date(turn: Turn, request: RoutedRequest, courses: Courses) -> Standing:
    """Return where the request stands now: what fell due by the time of the press is carried out first (E39)."""
    if request.next_at is not None and request.next_at <= turn.now:
        return await courses.tick(request, turn.now)
    return await courses.standing(request, turn.now)


def ask_words(turn: Turn, standing: Standing, asked: RoutedWords, seals: Seals | None) -> Reply:
    """Ask for the words; with `seals` it can be done without any."""
    what = title(standing, turn.employee.locale)
    buttons = [asked.no_button]
    identity = turn.employee.identity(turn.message.channel)
    if seals is not None and identity is not None:
        silent = seat_press(asked.seat_id, "n", asked.round, identity, seals)
        buttons.insert(0, Button(t("↩️ Without a word"), silent))
    match asked.what:
        case "b":
            initiator = named(standing.somebody(standing.request.initiator_id))
            text = t(
                "{what}: what should be changed? One sentence for {person} is enough. You have 15 minutes.",
                what=what,
                person=initiator,
            )
        case "r":
            initiator = named(standing.somebody(standing.request.initiator_id))
            text = t(
                "{what}: why? One sentence for {person} is enough. You have 15 minutes.", what=what, person=initiator
            )
        case "d":
            text = t("{what}: to whom? Write the name as it stands on the portal. You have 15 minutes.", what=what)
        case "q":
            text = t("{what}: what do you want to know? You have 15 minutes.", what=what)
        case "a":
            text = t("{what}: a sentence to your approval is needed here. You have 15 minutes.", what=what)
        case _:
            text = t("{what}: what do you want to say? You have 15 minutes.", what=what)
    return turn.ask(asked, text, Keyboard.of(*buttons), slot=asked.slot)


@router.answered(RoutedWords)
async def words_given(turn: Turn, asked: RoutedWords, courses: Courses, people: People, seals: Seals) -> Reply:
    """Take the words as what was asked for; a clear “cancel” drops it (E12)."""
    intent = turn.understood.intent
    if intent == "cancel":
        return turn.conclude(asked.dropped, slot=asked.slot)
    if intent in NO_REASONS:
        return turn.pass_on()
    if answers_another(turn, asked.slot, slot_of(asked.request_id)):
        return ask_again(asked, ANSWER_THERE)
    said = as_reason(turn.message.text)
    says_little = asked.seat_id and intent in ("decline", "confirm")  # neither why nor what; yet it answers a question
    if not said or says_little:
        return ask_again(asked, t("One sentence is enough – or /cancel."))
    request = await courses.get(turn.portal.id, asked.request_id)
    standing = await up_to_date(turn, request, courses)
    mark = standing.request.seat(asked.seat_id)
    do = _DOES[asked.what]
    is_own = not asked.seat_id and standing.request.is_open
    if not is_own and (mark is None or not standing.request.is_current(mark)):
        if intent is not None:  # words that mean something of their own are no answer any more
            return turn.pass_on()
        code = end_code(standing)
        return Reply(
            (Say(refused(standing, code, turn.employee, turn.now)), shown_card(turn, standing, seals)), ends=True
        )
    if do == "delegate":
        to = await people.find(turn.portal, said)
        done = await courses.do(
            standing.request, do, turn.employee, turn.now, mark=mark, to=to, at=turn.message.channel
        )
        told: Phrase = t("➡️ Handed over: {person} is asked now.", person=mention(to))
    else:
        done = await courses.do(
            standing.request, do, turn.employee, turn.now, mark=mark, reason=said, at=turn.message.channel
        )
        told = taken(do, done.standing)
    if done.refusal:
        told = refused(done.standing, done.refusal, turn.employee, turn.now)
    return Reply((turn.place(told, NO_BUTTONS, asked.slot), shown_card(turn, done.standing, seals)), ends=True)


def taken(do: Do, standing: Standing) -> Phrase:
    """Say what became of an answer in words."""
    person = named(standing.somebody(standing.request.initiator_id))
    match do:
        case "reject":
            return t("❌ Rejected. {person} will read your reason.", person=person)
        case "return":
            if not standing.request.is_open:
                return t("❌ It was the last round, so it is rejected. {person} will read your reason.", person=person)
            return t("↩️ Sent back. {person} will read your reason.", person=person)
        case "approve":
            return t("✅ Approved.")
        case "ask":
            return t("❓ Asked: {person} gets your question.", person=person)
        case _:
            return t("💬 Noted, for everybody who sees the card.")


@router.pressed(RoutedOwnPressed)
async def press_own(turn: Turn, press: RoutedOwnPressed, courses: Courses, seals: Seals) -> Reply:
    """Whoever began it takes it back, sends it again, or answers what somebody wants to know."""
    request_id = seals.opened(press.request, press.seal, f"own {press.what}", press.round, *turn.message.written_by)
    request = await courses.get(turn.portal.id, request_id)
    standing = await up_to_date(turn, request, courses)
    if press.what == "c" and standing.request.is_open:  # a question is worth an answer, whatever round it is by now
        return ask_words(turn, standing, RoutedWords(request.id, 0, standing.request.round, "c"), None)
    if press.round != standing.request.round:
        return true_card(turn, standing, "stale", seals)
    does: dict[str, Do] = {"w": "withdraw", "s": "resubmit"}
    do = does.get(press.what)
    if do is None:
        raise UnknownRequest
    return await _done(
        turn, await courses.do(standing.request, do, turn.employee, turn.now, at=turn.message.channel), seals
    )


async def _done(turn: Turn, done: Done, seals: Seals) -> Reply:
    """Show the card as it is now, and why something was not taken."""
    if done.refusal:
        return true_card(turn, done.standing, done.refusal, seals)
    return Reply((shown_card(turn, done.standing, seals),))


def true_card(turn: Turn, standing: Standing, refusal: str, seals: Seals) -> Reply:
    """Say why not, and let the card that was pressed tell the truth, to whoever may see it."""
    told = Say(refused(standing, refusal, turn.employee, turn.now))
    if not standing.request.concerns(turn.employee.id):
        return Reply((told,), turn.state)
    return Reply((shown_card(turn, standing, seals), told), turn.state)


def shown_card(turn: Turn, standing: Standing, seals: Seals) -> Say:
    """Return the card of whoever wrote, changed where it stands."""
    identity = turn.employee.identity(turn.message.channel)
    buttons = NO_BUTTONS if identity is None else keyboard(standing, identity, turn.employee, seals)
    text = card(standing, turn.employee)
    return Say(text, buttons, slot=slot_of(standing.request.id), edit=True, pressed=turn.pressed)
