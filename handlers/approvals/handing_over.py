"""«Передай Анне»: what waits for a person goes to somebody else, of whatever kind it is. It is read back first."""

from dataclasses import dataclass
from typing import ClassVar

from bot.actions import Action
from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.approvals.refusals import ApprovalRefusal
from bot.domain.approvals.request import AlreadyDecided, ApprovalRequest, ChangedMeanwhile, NoLongerLead
from bot.domain.people.employee import Employee
from bot.ids import long, short
from bot.messages import NO_BUTTONS, QUESTION, Button, Keyboard, Reply, Say, Words
from bot.services.approvals.approvals import Approvals
from bot.services.approvals.courses import Courses, Standing
from bot.services.approvals.seals import Seals, number_of
from bot.services.leave.around import Arounds
from bot.services.people.people import People
from bot.text import Phrase, lines, t
from bot.words.people import named
from bot.words.requests import matter_lines, matter_title
from bot.words.routed import card, title
from handlers.approvals.my_requests import nothing_to_hand_over
from handlers.approvals.routed import end_code, shown_card, true_card, up_to_date
from handlers.approvals.routed_lists import meant_single, meant_standings, waiting_standings
from handlers.cards.requests import card_body, deciding_body, names_of_holders, slot_of
from handlers.read_back import OVER, Question, ReadBack, read_back, still_open

router = Router("handing over")
MOST_OFFERED = 8


@dataclass(frozen=True, slots=True)
class ConfirmHandingOver(ReadBack):
    """We showed what would be handed over, and to whom."""

    yes: ClassVar[Words] = t("➡️ Hand over")
    dropped: ClassVar[Words] = t("Nothing was done. The request still waits.")
    request_id: int
    seat_id: int
    to_id: int
    version: int = -1
    """How a request of one seat was when it was shown; -1 for one on a route."""


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
async def delegate(turn: Turn, approvals: Approvals, courses: Courses, people: People, arounds: Arounds) -> Reply:
    """Hand over the one that waits; where several do, ask which; where none does, say what could be, and how."""
    waiting = await approvals.looked_through(turn.employee, turn.now)
    single, on_routes = meant_single(turn, waiting), await meant_standings(turn, courses)
    if not single and not on_routes:
        others_wait = bool(waiting) or bool(await waiting_standings(turn, courses))
        return await nothing_to_hand_over(turn, others_wait=others_wait)
    name = str(turn.understood.slots.get("person", ""))
    if not name:
        return turn.say(t("To whom? Write it with the name, for example: “forward it to Anna”."))
    to = await people.find(turn.portal, name)
    if len(single) + len(on_routes) == 1:
        return await _read_back(turn, single[0] if single else on_routes[0], to, people, arounds)
    asked = AskHandingOver(to.id)
    offered: list[tuple[Phrase, int]] = [(await _named(each, people), each.id) for each in single]
    offered += [(title(each, turn.employee.locale), each.request.id) for each in on_routes]
    rows = [Button(what, HandingOverChosen(asked.nonce, short(chosen))) for what, chosen in offered[:MOST_OFFERED]]
    text = t("Which one is to be handed over to {person}?", person=named(to))
    return turn.ask(asked, text, Keyboard.of(*rows, asked.no_button))


async def _named(request: ApprovalRequest, people: People) -> Phrase:
    """Name a request as short as a button wants it."""
    subject = await people.get(request.subject_id, request.portal_id)
    person, what = "?" if subject is None else subject.name, matter_title(request.matter)
    rows = matter_lines(request.matter)
    if not rows:
        return t("{person}: {what}", person=person, what=what)
    return t("{person}: {what} – {change}", person=person, what=what, change=rows[0])


async def _read_back(
    turn: Turn, found: ApprovalRequest | Standing, to: Employee, people: People, arounds: Arounds
) -> Reply:
    question = t("Hand this over to {person}?", person=named(to))
    if isinstance(found, Standing):
        mark = found.request.seat_of(turn.employee.id)
        seat_id = 0 if mark is None else mark.id
        shown = card(found, turn.employee)
        return read_back(turn, ConfirmHandingOver(found.request.id, seat_id, to.id), lines(question, *shown.lines))
    asked = ConfirmHandingOver(found.id, 0, to.id, found.version)
    return read_back(turn, asked, lines(question, *(await deciding_body(found, people, arounds)).lines))


@router.pressed(HandingOverChosen)
async def handing_over_chosen(
    turn: Turn, press: HandingOverChosen, approvals: Approvals, courses: Courses, people: People, arounds: Arounds
) -> Reply:
    """It is that one: read it back."""
    asked = still_open(turn, AskHandingOver, press.nonce)
    to = None if asked is None else await people.get(asked.to_id, turn.portal.id)
    if asked is None or to is None:
        return turn.say(OVER)
    chosen = number_of(press.request)
    single = [each for each in await approvals.looked_through(turn.employee, turn.now) if each.id == chosen]
    on_routes = [each for each in await waiting_standings(turn, courses) if each.request.id == chosen]
    if not single and not on_routes:
        return turn.conclude(t("That one does not wait for you any more."))
    return await _read_back(turn, single[0] if single else on_routes[0], to, people, arounds)


@router.agreed(ConfirmHandingOver)
async def handed_over(
    turn: Turn,
    asked: ConfirmHandingOver,
    approvals: Approvals,
    courses: Courses,
    people: People,
    arounds: Arounds,
    seals: Seals,
) -> Reply:
    """Hand over what was shown."""
    to = await people.get(asked.to_id, turn.portal.id)
    if to is None:
        return turn.say(OVER)
    if asked.version >= 0:
        return await _single_handed_over(turn, asked, to, approvals, people, arounds)
    standing = await up_to_date(turn, await courses.get(turn.portal.id, asked.request_id), courses)
    mark = standing.request.seat(asked.seat_id)
    if mark is None or standing.request.seat_of(turn.employee.id) != mark:
        return _ended(true_card(turn, standing, end_code(standing), seals))
    done = await courses.do(
        standing.request, "delegate", turn.employee, turn.now, mark=mark, to=to, at=turn.message.channel
    )
    if done.refusal:
        return _ended(true_card(turn, done.standing, done.refusal, seals))
    return Reply((_told(turn, to), shown_card(turn, done.standing, seals)), ends=True)


async def _single_handed_over(
    turn: Turn, asked: ConfirmHandingOver, to: Employee, approvals: Approvals, people: People, arounds: Arounds
) -> Reply:
    """Hand over a request of one seat; its card above says who decides now."""
    request = await approvals.get(turn.portal.id, asked.request_id)
    try:
        moved = await approvals.delegate(request, turn.employee, to, turn.now, seen=asked.version)
    except ChangedMeanwhile as changed:
        if not changed.request.is_open or turn.employee.id not in changed.request.holders:
            return turn.conclude(changed.phrase)
        return await _read_back(turn, changed.request, to, people, arounds)
    except (AlreadyDecided, NoLongerLead):  # whose handlers show how it stands
        raise
    except ApprovalRefusal as refusal:
        return turn.conclude(refusal.phrase)
    others = t("➡️ Others decide now: {names}", names=await names_of_holders(moved, people))
    body = lines(*(await card_body(moved, people)).lines, others)
    return Reply((_told(turn, to), Say(body, NO_BUTTONS, slot=slot_of(moved.id), edit=True)), ends=True)


def _told(turn: Turn, to: Employee) -> Say:
    return turn.place(t("➡️ Handed over: {person} is asked now.", person=named(to)), NO_BUTTONS, QUESTION)


def _ended(reply: Reply) -> Reply:
    return Reply(reply.says, ends=True)
