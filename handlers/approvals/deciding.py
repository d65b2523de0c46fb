"""Decisions in words: «согласуй все отпуска», «отклони отпуск Бориса». What would be decided is shown before it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.approvals.refusals import NotYourSeat
from bot.domain.approvals.request import REASON, AlreadyDecided, ApprovalRequest
from bot.domain.approvals.rule import Verdict
from bot.messages import Reply, Say, Words
from bot.services.approvals.approvals import Approvals
from bot.services.approvals.courses import Courses
from bot.services.approvals.seals import Seals
from bot.services.leave.around import Arounds
from bot.services.people.people import People
from bot.text import Phrase, lines, t
from handlers.approvals.approvals import AskReason, ask_why, decided
from handlers.approvals.pending import MOST_AT_ONCE, ask_batch, cards
from handlers.approvals.replied import card_slot
from handlers.approvals.routed import end_code, true_card, up_to_date
from handlers.approvals.routed_lists import cards_of, meant_standings
from handlers.approvals.routed_waiting import answer_with_reason, of_kind
from handlers.cards.requests import deciding_body, request_of
from handlers.cards.routed import request_of as routed_request_of
from handlers.read_back import ReadBack, read_back

router = Router("deciding")


@dataclass(frozen=True, slots=True)
class ConfirmRejection(ReadBack):
    """We showed what would be rejected and why, and wait for a yes."""

    yes: ClassVar[Words] = t("❌ Reject")
    no: ClassVar[Words] = t("✖️ Do not reject")
    dropped: ClassVar[Words] = t("Nothing was rejected. The request still waits.")
    request_id: int
    version: int
    reason: str


@router.said("decide")
async def decide(
    turn: Turn, approvals: Approvals, people: People, arounds: Arounds, seals: Seals, courses: Courses
) -> Reply:
    """Find what is meant among what waits, and read it back; nothing is decided unseen."""
    slots = turn.understood.slots
    waiting = await approvals.looked_through(turn.employee, turn.now)
    on_routes = await meant_standings(turn, courses)
    single, routed_id = request_of(card_slot(turn.replied_slot)), routed_request_of(card_slot(turn.replied_slot))
    if single is not None or routed_id is not None:
        waiting = [each for each in waiting if each.id == single]
        if not waiting and not on_routes:
            return await _as_it_stands(turn, single, routed_id, approvals, courses, seals)
    if not waiting and not on_routes:
        return turn.say(t("Nothing waits for your decision."))
    meant = await _people_meant(turn, slots, people)
    found = _meant(waiting, slots, meant)
    routed = of_kind(on_routes, str(slots.get("kind", "")), meant)
    if not found and not routed:
        heading = t("Nothing of the kind waits for your decision. This does:")
        both = (*await cards(turn, waiting, people, arounds, seals), *cards_of(turn, on_routes, seals))
        return Reply((Say(heading), *both))
    is_narrow = bool(slots.get("all") or slots.get("person") or slots.get("kind"))
    verdict = str(slots.get("verdict", ""))
    reason = str(slots.get("reason", ""))
    if len(routed) == 1 and (verdict == "return" or (verdict == "reject" and not found)):
        return answer_with_reason(turn, routed[0], "b" if verdict == "return" else "r", reason, seals)
    if verdict == "reject" and len(found) == 1 and not routed:
        return await _reject(turn, found[0], reason, people, arounds)
    if verdict == "approve" and (is_narrow or len(found) + len(routed) == 1):
        return await ask_batch(turn, found[:MOST_AT_ONCE], people, arounds, routed[:MOST_AT_ONCE])
    if verdict == "return" and routed:
        return Reply((Say(t("Which one?")), *cards_of(turn, routed, seals)))
    shown = (*await cards(turn, found, people, arounds, seals), *cards_of(turn, routed, seals))
    return Reply((Say(_how(verdict)), *shown))


async def _as_it_stands(
    turn: Turn, single: int | None, routed_id: int | None, approvals: Approvals, courses: Courses, seals: Seals
) -> Reply:
    """The card that was answered does not wait for this person: say how it stands, and touch no other."""
    if routed_id is not None:
        standing = await up_to_date(turn, await courses.get(turn.portal.id, routed_id), courses)
        return true_card(turn, standing, end_code(standing), seals)
    request = await approvals.get(turn.portal.id, single or 0)
    raise NotYourSeat if request.is_open else AlreadyDecided(request)


def _how(verdict: str) -> Phrase:
    match verdict:
        case "reject":
            return t("Each rejection wants a reason of its own. Which one?")
        case "return":
            return t("Sending back is not possible yet: reject it and write what should be different.")
        case _:
            return t("Which one?")


async def _people_meant(turn: Turn, slots: Mapping[str, object], people: People) -> set[int]:
    """Return the people who were named, by their ids."""
    if not slots.get("person"):
        return set()
    also = slots.get("also")
    names = [slots["person"], *(also if isinstance(also, list) else [])]
    return {(await people.find(turn.portal, str(name))).id for name in names}


def _meant(waiting: Sequence[ApprovalRequest], slots: Mapping[str, object], meant: set[int]) -> list[ApprovalRequest]:
    """Return the requests of those people, and of that kind."""
    found = [each for each in waiting if not meant or meant & {each.subject_id, each.requester_id}]
    kind = str(slots.get("kind", ""))
    return [each for each in found if each.matter.is_called(kind)] if kind else found


async def _reject(turn: Turn, request: ApprovalRequest, reason: str, people: People, arounds: Arounds) -> Reply:
    """A rejection wants a reason: it is asked for below the card, or read back where it was said."""
    reason = " ".join(reason.split())[:REASON]
    body = await deciding_body(request, people, arounds)
    if not reason:
        seat = request.seat_of(turn.employee.id) or request.seats[0]
        return await ask_why(turn, AskReason(request.id, seat.id, request.round), request, people, body)
    text = lines(t("Reject this?"), *body.lines, t("Why not: {reason}", reason=reason))
    return read_back(turn, ConfirmRejection(request.id, request.version, reason), text)


@router.agreed(ConfirmRejection)
async def reject(turn: Turn, asked: ConfirmRejection, approvals: Approvals, people: People, seals: Seals) -> Reply:
    """Reject what was shown, unless it is another one by now."""
    request = await approvals.get(turn.portal.id, asked.request_id)
    return await decided(turn, request, Verdict.REJECTED, asked.reason, approvals, people, seals, seen=asked.version)
