"""History: who changed what in my hours, and when."""

from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.messages import Reply
from bot.services.approvals import Approvals
from bot.services.people import People
from bot.text import DayTime, Mention, lines, t
from handlers.requests.cards import outcome_line, request_lines, request_title

router = Router("history")


@router.command("history", t("What was changed in my hours"), intents=("history",))
async def history(turn: Turn, approvals: Approvals, people: People) -> Reply:
    """List the latest requests about one's own time: asked by whom and when, before → after, the outcome."""
    requests = await approvals.about(turn.employee)
    if not requests:
        return turn.say(t("Nothing in your hours was ever changed."))
    blocks = [lines(t("*What was changed in your hours*"))]
    for request in requests:
        requester = await people.get(request.requester_id, request.portal_id)
        ballot = request.ballot
        decider = await people.get(ballot.by_id, request.portal_id) if ballot else None
        who = Mention(requester.name, requester.accounts) if requester else "?"
        blocks.append(
            lines(
                t(
                    "{at}, {person}: {what}",
                    at=DayTime(request.created_at, turn.employee.zone),
                    person=who,
                    what=request_title(request),
                ),
                *request_lines(request),
                outcome_line(request, decider, turn.employee.zone),
            )
        )
    return turn.say(lines(*blocks))
