"""What waits for a person on routes, answered in words: handed over, sent back, rejected. It is read back first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.approvals.request import as_reason
from bot.messages import NO_BUTTONS, Reply, Say, Words
from bot.services.approvals.courses import Courses, Standing
from bot.services.approvals.seals import Seals
from bot.text import lines, t
from bot.words.routed import card
from handlers.approvals.routed import (
    RoutedWords,
    ask_words,
    end_code,
    shown_card,
    taken,
    true_card,
    up_to_date,
)
from handlers.approvals.routed_lists import cards_of
from handlers.read_back import ReadBack, read_back

router = Router("routed waiting")


@dataclass(frozen=True, slots=True)
class ConfirmAnswer(ReadBack):
    """We showed what would be sent back or rejected, and why."""

    dropped: ClassVar[Words] = t("Nothing was done. The request still waits.")
    request_id: int
    seat_id: int
    what: str
    """b send back, r reject"""
    reason: str


def answer_with_reason(turn: Turn, standing: Standing, what: str, reason: str, seals: Seals) -> Reply:
    """Read back what would be sent back (b) or rejected (r), and why; ask why where it was not said."""
    mark = standing.request.seat_of(turn.employee.id)
    track = None if mark is None else standing.track(mark.track)
    if mark is None or track is None:
        return true_card(turn, standing, end_code(standing), seals)
    if what == "b" and "return" not in track.actions:
        refusal = t("This one cannot be sent back: approve it, or reject it with what should be different.")
        return Reply((Say(refusal), *cards_of(turn, [standing], seals)))
    reason = as_reason(reason)
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
