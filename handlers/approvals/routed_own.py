"""One's own requests that run, by command and in words: who holds them, and taking one back."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.approvals.request import ApprovalRequest
from bot.domain.approvals.routed import RoutedRequest
from bot.messages import NO_BUTTONS, Button, Keyboard, Reply, Say, Words
from bot.services.approvals.approvals import Approvals
from bot.services.approvals.asked_for import asked_for
from bot.services.approvals.courses import Courses, Standing
from bot.services.approvals.possible import may_withdraw
from bot.services.approvals.seals import Seals
from bot.services.people.people import People
from bot.text import Phrase, lines, t
from bot.words.requests import matter_title
from bot.words.routed import card, title
from handlers.approvals.my_requests import requests_told
from handlers.approvals.pending import asked_line
from handlers.approvals.routed import shown_card, true_card, up_to_date
from handlers.approvals.routed_lists import cards_of, who_holds_line
from handlers.cards.routed import withdraw_own
from handlers.cards.sent import withdraw_press
from handlers.read_back import ReadBack, read_back

router = Router("routed own")
BUTTONS = 8
LONGEST_NAME = 40
_NUMBER = re.compile(r"(?:№|#|no\.?)?\s*(\d{1,9})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ConfirmWithdrawal(ReadBack):
    """Several run, and words named one: it is shown before it is taken back."""

    yes: ClassVar[Words] = t("Withdraw")
    no: ClassVar[Words] = t("✖️ Let it run")
    dropped: ClassVar[Words] = t("Nothing was withdrawn. The request still runs.")
    request_id: int


@router.command(
    "requests",
    t("My requests by templates, and who holds them"),
    intents=("who_holds",),
    params=t("number, if you like"),
)
async def holders(turn: Turn, courses: Courses, approvals: Approvals, people: People, seals: Seals) -> Reply:
    """Say who holds a person's requests, with the newest as a card; a number or a name picks one."""
    own, single = await _running(turn, courses, approvals)
    said = _said(turn, "who_holds")
    if (number := _NUMBER.fullmatch(said)) is not None:
        request = await courses.by_number(turn.portal.id, int(number[1]))
        if request is not None and request.concerns(turn.employee.id):
            return Reply(tuple(cards_of(turn, [await up_to_date(turn, request, courses)], seals)))
        return await _all(turn, own, single, people, seals, _no_number(int(number[1])))
    if not own and turn.understood.intent == "who_holds":
        return await requests_told(turn, approvals, people, seals, courses)
    if said:
        found, _ = asked_for(own, said)
        if found:
            return await _all(turn, found, (), people, seals)
        nothing = t("Nothing of yours that runs is called “{name}”.", name=said[:LONGEST_NAME])
        return await _all(turn, own, single, people, seals, nothing)
    return await _all(turn, own, single, people, seals)


@router.said("withdraw")
async def withdraw(turn: Turn, courses: Courses, approvals: Approvals, people: People, seals: Seals) -> Reply:
    """Take back the one that runs, or the one of that number; where several may be meant, it is asked first."""
    own, single = await _running(turn, courses, approvals)
    said = _said(turn, "withdraw")
    if (number := _NUMBER.fullmatch(said)) is not None:
        request = await courses.by_number(turn.portal.id, int(number[1]))
        if request is None or request.initiator_id != turn.employee.id:
            return await _which(turn, own, single, people, seals, _no_number(int(number[1])))
        return await withdrawn(turn, request, courses, seals)
    if not own:
        return await requests_told(turn, approvals, people, seals, courses)
    found = asked_for(own, said)[0] if said else []
    if len(own) + len(single) == 1 and (found or not said):
        return await withdrawn(turn, own[0].request, courses, seals)
    if len(found) == 1:
        shown = card(found[0], turn.employee)
        return read_back(turn, ConfirmWithdrawal(found[0].request.id), lines(t("Withdraw this?"), *shown.lines))
    return await _which(turn, found or own, () if found else single, people, seals)


@router.agreed(ConfirmWithdrawal)
async def withdrawal_agreed(turn: Turn, asked: ConfirmWithdrawal, courses: Courses, seals: Seals) -> Reply:
    """Take back what was shown."""
    reply = await withdrawn(turn, await courses.get(turn.portal.id, asked.request_id), courses, seals)
    return Reply(reply.says, ends=True)


async def withdrawn(turn: Turn, request: RoutedRequest, courses: Courses, seals: Seals) -> Reply:
    """Take a request back, and show its card as it is then."""
    standing = await up_to_date(turn, request, courses)
    done = await courses.do(standing.request, "withdraw", turn.employee, turn.now, at=turn.message.channel)
    if done.refusal:
        return true_card(turn, done.standing, done.refusal, seals)
    told = t("↩️ Withdrawn: {what}", what=title(done.standing, turn.employee.locale))
    return Reply((turn.place(told, NO_BUTTONS, "question"), shown_card(turn, done.standing, seals)))


async def _running(turn: Turn, courses: Courses, approvals: Approvals) -> tuple[list[Standing], list[ApprovalRequest]]:
    """Return a person's requests that run: those on routes, and those with one seat."""
    own = [await up_to_date(turn, each, courses) for each in await courses.open_of(turn.employee)]
    single = [
        each for each in await approvals.about(turn.employee) if each.is_open and each.requester_id == turn.employee.id
    ]
    return [each for each in own if each.request.is_open], single


async def _all(
    turn: Turn,
    own: Sequence[Standing],
    single: Sequence[ApprovalRequest],
    people: People,
    seals: Seals,
    first: Phrase | None = None,
) -> Reply:
    rows = await _rows(turn, own, single, people)
    if not rows:
        nothing = t("Nothing of yours is under way. Begin something: /request")
        return turn.say(nothing if first is None else lines(first, nothing))
    says = [Say(lines(first, t("*Your requests:*"), *rows))]
    says += cards_of(turn, own[:1], seals)
    return Reply(tuple(says))


async def _which(
    turn: Turn,
    own: Sequence[Standing],
    single: Sequence[ApprovalRequest],
    people: People,
    seals: Seals,
    first: Phrase | None = None,
) -> Reply:
    """Offer to take back each that can be."""
    identity = turn.employee.identity(turn.message.channel)
    can = [each for each in own if may_withdraw(each)]
    if identity is None or not (can or single):
        return await _all(turn, own, single, people, seals, first)
    rows = [
        Button(
            t("Withdraw: {what}", what=title(each, turn.employee.locale)), withdraw_own(each.request, identity, seals)
        )
        for each in can
    ]
    rows += [
        Button(t("Withdraw: {what}", what=matter_title(each.matter)), withdraw_press(each, identity, seals))
        for each in single
    ]
    told = await _rows(turn, own, single, people)
    text = lines(first, t("*Your requests:*"), *told, t("Which one is to be withdrawn?"))
    return turn.say(text, Keyboard.of(*rows[:BUTTONS]))


async def _rows(turn: Turn, own: Sequence[Standing], single: Sequence[ApprovalRequest], people: People) -> list[Phrase]:
    """Say who holds each."""
    return [
        *(who_holds_line(each, turn.employee.locale) for each in own),
        *[await asked_line(each, people) for each in single],
    ]


def _said(turn: Turn, intent: str) -> str:
    """Return how a request was named: after the command, or in words."""
    if turn.arguments:
        return turn.arguments.strip()
    found = turn.understood
    return str(found.slots.get("request", "")) if found.intent == intent else ""


def _no_number(number: int) -> Phrase:
    return t("No request of yours has the number {number}.", number=number)
