"""One's own absences and requests: what is approved, what waits and for whom, and what cannot be done here yet."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.approvals.matter import LeaveMatter
from bot.domain.approvals.request import ApprovalRequest
from bot.domain.leave.absence import absence_words
from bot.domain.people.employee import Employee
from bot.messages import Keyboard, Reply
from bot.services.approvals.approvals import Approvals
from bot.services.approvals.seals import Seals
from bot.services.leave.leaves import Leaves
from bot.services.people.people import People
from bot.text import Phrase, lines, t
from bot.words.leave import HOW_TO_ASK_FOR_LEAVE, absence_line, absence_when
from bot.words.people import mention
from handlers.cards.requests import names_of_holders
from handlers.cards.sent import withdraw_buttons

router = Router("my-leaves")
AHEAD = timedelta(days=366)
SHOWN = 15


@router.said("my_leave")
async def my_leave(turn: Turn, leaves: Leaves, approvals: Approvals, people: People, seals: Seals) -> Reply:
    """List the absences that are approved or wait, from today on or in the days that were named."""
    rows, waiting = await _ahead(turn, leaves, approvals, people, turn.understood.slots)
    if not rows:
        return turn.say(lines(t("No absence of yours is approved or waits."), HOW_TO_ASK_FOR_LEAVE))
    return turn.say(lines(t("*Your absences*"), *rows), withdraw_buttons(turn, waiting, seals))


async def withdrawals(
    turn: Turn, leaves: Leaves, approvals: Approvals, people: People, seals: Seals, kind: str
) -> tuple[list[Phrase], Keyboard]:
    """Return a line for each absence that is approved or waits, of that kind, and buttons for those that wait."""
    rows, waiting = await _ahead(turn, leaves, approvals, people, {"kind": kind})
    if not rows:
        rows, waiting = await _ahead(turn, leaves, approvals, people, {})
    return rows, withdraw_buttons(turn, waiting, seals)


def nothing_approved(turn: Turn, subject: Employee) -> Reply:
    """Say that there is nothing to cancel or move."""
    if subject.id != turn.employee.id:
        who = mention(subject)
        return turn.say(t("{person}: no absence is ahead.", person=who))
    return turn.say(lines(t("No absence of yours is approved or waits."), HOW_TO_ASK_FOR_LEAVE))


async def _ahead(
    turn: Turn, leaves: Leaves, approvals: Approvals, people: People, slots: Mapping[str, object]
) -> tuple[list[Phrase], list[ApprovalRequest]]:
    """Return a line for each absence that is approved or waits, of a kind and of days, and the requests that wait."""
    today = turn.today
    first, last = _day(slots.get("from_day")) or today, _day(slots.get("to_day")) or today + AHEAD
    kind = str(slots.get("kind", ""))
    approved = await leaves.of(turn.employee, first, last)
    rows = [absence_line(each) for each in approved if not kind or each.kind.value == kind]
    waiting = []
    for request in await approvals.about(turn.employee, 50):
        if not isinstance(request.matter, LeaveMatter) or not request.is_open:
            continue
        wish = request.matter.wish
        if wish.last < first or last < wish.first or (kind and wish.kind.value != kind):
            continue
        names = await names_of_holders(request, people)
        what, span = absence_words(wish.kind), absence_when(wish)
        rows.append(t("⏳ {what}: {span}. Decides: {names}", what=what, span=span, names=names))
        waiting.append(request)
    return rows, waiting


def _day(value: object) -> date | None:
    return value if isinstance(value, date) and not isinstance(value, datetime) else None
