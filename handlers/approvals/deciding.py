"""Decisions in words: «согласуй все отпуска», «отклони отпуск Бориса». What would be decided is shown before it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.approvals.request import REASON, ApprovalRequest, Verdict
from bot.messages import Reply, Say, Words
from bot.services.approvals.approvals import Approvals
from bot.services.approvals.seals import Seals
from bot.services.leave.around import Arounds
from bot.services.people.people import People
from bot.text import Phrase, lines, t
from handlers.approvals.approvals import AskReason, ask_why, decided
from handlers.approvals.pending import MOST_AT_ONCE, ask_batch, cards
from handlers.approvals.people import deciding_body
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
async def decide(turn: Turn, approvals: Approvals, people: People, arounds: Arounds, seals: Seals) -> Reply:
    """Find what is meant among what waits, and read it back; nothing is decided unseen."""
    slots = turn.understood.slots
    waiting = await approvals.looked_through(turn.employee, turn.now)
    if not waiting:
        return turn.say(t("Nothing waits for your decision."))
    found = await _meant(turn, waiting, slots, people)
    if not found:
        heading = t("Nothing of the kind waits for your decision. This does:")
        return Reply((Say(heading), *await cards(turn, waiting, people, arounds, seals)))
    is_narrow = bool(slots.get("all") or slots.get("person") or slots.get("kind"))
    verdict = str(slots.get("verdict", ""))
    if verdict == "reject" and len(found) == 1:
        return await _reject(turn, found[0], str(slots.get("reason", "")), people, arounds)
    if verdict == "approve" and (is_narrow or len(found) == 1):
        return await ask_batch(turn, found[:MOST_AT_ONCE], people, arounds)
    return Reply((Say(_how(verdict)), *await cards(turn, found, people, arounds, seals)))


def _how(verdict: str) -> Phrase:
    match verdict:
        case "reject":
            return t("Each rejection wants a reason of its own. Which one?")
        case "return":
            return t("Sending back is not possible yet: reject it and write what should be different.")
        case _:
            return t("Which one?")


async def _meant(
    turn: Turn, waiting: Sequence[ApprovalRequest], slots: Mapping[str, object], people: People
) -> list[ApprovalRequest]:
    """Return the requests of that person, or of those people, and of that kind."""
    found = list(waiting)
    if slots.get("person"):
        also = slots.get("also")
        names = [slots["person"], *(also if isinstance(also, list) else [])]
        meant = {(await people.find(turn.portal, str(name))).id for name in names}
        found = [each for each in found if meant & {each.subject_id, each.requester_id}]
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
