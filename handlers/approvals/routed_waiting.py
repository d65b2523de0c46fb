"""What waits for a person on routes, answered in words: handed over, sent back, rejected. It is read back first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from bot.actions import Action
from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.people.employee import Employee
from bot.ids import long, short
from bot.messages import NO_BUTTONS, Button, Keyboard, Reply, Say, Words
from bot.services.approvals.courses import Courses, Standing
from bot.services.approvals.seals import Seals, number_of
from bot.services.people.people import People
from bot.text import lines, t
from bot.words.people import named
from bot.words.routed import card, title
from handlers.approvals.my_requests import how_others_answer
from handlers.approvals.routed import (
    MAX_SAID,
    RoutedWords,
    ask_words,
    end_code,
    shown_card,
    taken,
    true_card,
    up_to_date,
)
from handlers.approvals.routed_lists import cards_of, waiting_standings
from handlers.read_back import OVER, Question, ReadBack, read_back, still_open

router = Router("routed waiting")
MOST_OFFERED = 8


@dataclass(frozen=True, slots=True)
class ConfirmAnswer(ReadBack):
    """We showed what would be sent back or rejected, and why."""

    dropped: ClassVar[Words] = t("Nothing was done. The request still waits.")
    request_id: int
    seat_id: int
    what: str
    """b send back, r reject"""
    reason: str


@dataclass(frozen=True, slots=True)
class ConfirmHandingOver(ReadBack):
    """We showed what would be handed over, and to whom."""

    yes: ClassVar[Words] = t("➡️ Hand over")
    dropped: ClassVar[Words] = t("Nothing was done. The request still waits.")
    request_id: int
    seat_id: int
    to_id: int


@dataclass(frozen=True, slots=True)
class AskHandingOver(Question):
    """Several wait; which of them goes to that person?"""

    dropped: ClassVar[Words] = t("Nothing was done. The requests still wait.")
    to_id: int


@dataclass(frozen=True, slots=True)
class HandingOverChosen(Action, code="rh"):
    """That request."""

    nonce: str
    request: str

    def __post_init__(self) -> None:
        """Take no forged words for a request."""
        long(self.request)


@router.said("delegate")
async def delegate(turn: Turn, courses: Courses, people: People) -> Reply:
    """Hand over the one that waits; where several do, ask which; where none does, say how others answer."""
    waiting = await waiting_standings(turn, courses)
    if not waiting:
        return await how_others_answer(turn)
    name = str(turn.understood.slots.get("person", ""))
    if not name:
        return turn.say(t("To whom? Write it with the name, for example: “forward it to Anna”."))
    to = await people.find(turn.portal, name)
    if len(waiting) == 1:
        return _read_back(turn, waiting[0], to)
    asked = AskHandingOver(to.id)
    rows = [
        Button(title(each, turn.employee.locale), HandingOverChosen(asked.nonce, short(each.request.id)))
        for each in waiting[:MOST_OFFERED]
    ]
    text = t("Which one is to be handed over to {person}?", person=named(to))
    return turn.ask(asked, text, Keyboard.of(*rows, asked.no_button))


def _read_back(turn: Turn, standing: Standing, to: Employee) -> Reply:
    mark = standing.request.seat_of(turn.employee.id)
    seat_id = 0 if mark is None else mark.id
    text = lines(t("Hand this over to {person}?", person=named(to)), *card(standing, turn.employee).lines)
    return read_back(turn, ConfirmHandingOver(standing.request.id, seat_id, to.id), text)


@router.pressed(HandingOverChosen)
async def handing_over_chosen(turn: Turn, press: HandingOverChosen, courses: Courses, people: People) -> Reply:
    """It is that one: read it back."""
    asked = still_open(turn, AskHandingOver, press.nonce)
    to = None if asked is None else await people.get(asked.to_id, turn.portal.id)
    if asked is None or to is None:
        return turn.say(OVER)
    chosen = number_of(press.request)
    found = next((each for each in await waiting_standings(turn, courses) if each.request.id == chosen), None)
    return (
        turn.conclude(t("That one does not wait for you any more.")) if found is None else _read_back(turn, found, to)
    )


@router.agreed(ConfirmHandingOver)
async def handed_over(turn: Turn, asked: ConfirmHandingOver, courses: Courses, people: People, seals: Seals) -> Reply:
    """Hand over what was shown."""
    to = await people.get(asked.to_id, turn.portal.id)
    standing = await up_to_date(turn, await courses.get(turn.portal.id, asked.request_id), courses)
    mark = standing.request.seat(asked.seat_id)
    if to is None or mark is None or standing.request.seat_of(turn.employee.id) != mark:
        return _ended(true_card(turn, standing, end_code(standing), seals))
    done = await courses.do(
        standing.request, "delegate", turn.employee, turn.now, mark=mark, to=to, at=turn.message.channel
    )
    if done.refusal:
        return _ended(true_card(turn, done.standing, done.refusal, seals))
    told = turn.place(t("➡️ Handed over: {person} is asked now.", person=named(to)), NO_BUTTONS, "question")
    return Reply((told, shown_card(turn, done.standing, seals)), ends=True)


def answer_with_reason(turn: Turn, standing: Standing, what: str, reason: str, seals: Seals) -> Reply:
    """Read back what would be sent back (b) or rejected (r), and why; ask why where it was not said."""
    mark = standing.request.seat_of(turn.employee.id)
    track = None if mark is None else standing.track(mark.track)
    if mark is None or track is None:
        return true_card(turn, standing, end_code(standing), seals)
    if what == "b" and "return" not in track.actions:
        refusal = t("This one cannot be sent back: approve it, or reject it with what should be different.")
        return Reply((Say(refusal), *cards_of(turn, [standing], seals)))
    reason = " ".join(reason.split())[:MAX_SAID]
    if not reason:
        needs_words = what == "r" or track.comment_required in {"return", "always"}
        asked = RoutedWords(standing.request.id, mark.id, mark.round, what)
        return ask_words(turn, standing, asked, None if needs_words else seals)
    question = t("Send this back?") if what == "b" else t("Reject this?")
    if what == "b" and standing.is_last_round:
        question = t("It is the last round: sending it back rejects it. Do that?")
    why = t("To be changed: {reason}", reason=reason) if what == "b" else t("Why not: {reason}", reason=reason)
    text = lines(question, *card(standing, turn.employee).lines, why)
    return read_back(turn, ConfirmAnswer(standing.request.id, mark.id, what, reason), text)


@router.agreed(ConfirmAnswer)
async def answered(turn: Turn, asked: ConfirmAnswer, courses: Courses, seals: Seals) -> Reply:
    """Send back or reject what was shown; what moved on meanwhile is shown as it is instead."""
    standing = await up_to_date(turn, await courses.get(turn.portal.id, asked.request_id), courses)
    mark = standing.request.seat(asked.seat_id)
    if mark is None or not standing.request.is_current(mark):
        return _ended(true_card(turn, standing, end_code(standing), seals))
    is_back = asked.what == "b"
    done = await courses.do(
        standing.request,
        "return" if is_back else "reject",
        turn.employee,
        turn.now,
        mark=mark,
        reason=asked.reason,
        at=turn.message.channel,
    )
    if done.refusal:
        return _ended(true_card(turn, done.standing, done.refusal, seals))
    told = turn.place(taken("return" if is_back else "reject", done.standing), NO_BUTTONS, "question")
    return Reply((told, shown_card(turn, done.standing, seals)), ends=True)


def _ended(reply: Reply) -> Reply:
    return Reply(reply.says, ends=True)


def of_kind(standings: Sequence[Standing], kind: str, initiators: set[int]) -> list[Standing]:
    """Return those that are about such a thing, of those people; no kind and no people mean any."""
    subject = {"correction": "time_correction", "overtime": "overtime"}.get(kind, "leave")
    return [
        each
        for each in standings
        if (not kind or subject in each.template.route.subjects)
        and (not initiators or each.request.initiator_id in initiators)
    ]
