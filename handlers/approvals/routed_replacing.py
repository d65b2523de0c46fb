"""An administrator lets somebody else hold an open seat, on record: whoever was asked cannot answer."""

from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.approvals.refusals import UnknownRequest
from bot.domain.rights import Right
from bot.messages import Reply, Say
from bot.services.approvals.courses import Courses
from bot.services.approvals.seals import Seals
from bot.services.people.people import People
from bot.text import t
from bot.words.people import mention
from bot.words.routed_refusals import refused
from handlers.approvals.routed import shown_card

router = Router("routed replacing")


@router.command(
    "replace",
    t("Let somebody else answer a request"),
    right=Right.REPLACE_HOLDER,
    params=t("number, who is asked, who is asked instead"),
)
async def replace_holder(turn: Turn, courses: Courses, people: People, seals: Seals) -> Reply:
    """Find the request by its number, then both people by their names; the card shows who is asked now."""
    said, _, rest = turn.arguments.strip().lstrip("№").strip().partition(" ")
    if not said.isdigit() or len(said) > 9:
        return turn.say(t("Like this: /replace 12 Anna Kim, Boris Lavrov"))
    request = await courses.by_number(turn.portal.id, int(said))
    if request is None:
        raise UnknownRequest
    first, comma, second = rest.partition(",")
    if not comma:
        return turn.say(t("Like this: /replace 12 Anna Kim, Boris Lavrov"))
    holder, to = await people.find(turn.portal, first), await people.find(turn.portal, second)
    done = await courses.replace_holder(request, turn.employee, holder, to, turn.now, turn.message.channel)
    if done.refusal:
        told = refused(done.standing, done.refusal, turn.employee, turn.now)
    else:
        told = t("➡️ {person} is asked now instead.", person=mention(to))
    return Reply((Say(told), shown_card(turn, done.standing, seals)))
