"""One's own requests: what waits and for whom, and what became of the others."""

from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.approvals.request import ApprovalRequest
from bot.messages import Reply
from bot.services.approvals.approvals import Approvals
from bot.services.approvals.courses import Courses
from bot.services.approvals.seals import Seals
from bot.services.people.people import People
from bot.text import DayTime, Phrase, lines, t
from bot.words.leave import HOW_TO_ASK_FOR_LEAVE
from bot.words.requests import matter_lines, matter_title, outcome_line
from handlers.approvals.routed_lists import own_lines
from handlers.cards.requests import decider_of, names_of_holders
from handlers.cards.sent import withdraw_buttons

router = Router("my-requests")
SHOWN = 15


@router.said("my_requests")
async def my_requests(turn: Turn, approvals: Approvals, people: People, seals: Seals, courses: Courses) -> Reply:
    """List one's latest requests, each with its state and who holds it; what waits can be taken back."""
    return await requests_told(turn, approvals, people, seals, courses)


async def requests_told(turn: Turn, approvals: Approvals, people: People, seals: Seals, courses: Courses) -> Reply:
    """Return that list, also where it is asked for in other words."""
    latest = (await approvals.about(turn.employee, SHOWN))[:SHOWN]
    on_routes = await own_lines(turn, courses)
    if not latest and not on_routes:
        return turn.say(lines(t("You have not asked for anything yet."), HOW_TO_ASK_FOR_LEAVE))
    rows: list[Phrase] = [*on_routes]
    for request in latest:
        at = DayTime(request.created_at, turn.employee.zone)
        rows.append(t("*{what}*, {at}", what=matter_title(request.matter), at=at))
        rows += matter_lines(request.matter)
        rows.append(await _state(turn, request, people))
    waiting = [each for each in latest if each.is_open and each.requester_id == turn.employee.id]
    return turn.say(lines(t("*Your requests*"), *rows), withdraw_buttons(turn, waiting, seals))


async def nothing_to_hand_over(turn: Turn, *, others_wait: bool) -> Reply:
    """Say that what was meant does not wait for the person, what can be handed over and how, or who stands in."""
    return turn.say(
        lines(
            t("That request does not wait for you, so you cannot hand it over. What does: /approvals")
            if others_wait
            else t("Nothing waits for your decision now, so there is nothing to hand over."),
            t(
                "What waits for you goes to somebody else in these words: corrections, leave and overtime once, to a "
                "lead or an administrator; requests on routes where the route lets you, also with the button under "
                "their cards."
            ),
            t("So that somebody answers while you are away, write: “Anna stands in for me until Friday”."),
        )
    )


async def _state(turn: Turn, request: ApprovalRequest, people: People) -> Phrase:
    if request.is_open:
        return t("⏳ Waits. Decides: {names}", names=await names_of_holders(request, people))
    return outcome_line(request, await decider_of(request, people), turn.employee.zone)
