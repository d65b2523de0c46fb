"""Asking again in words: whoever is asked is reminded; what has ended without a yes begins anew."""

from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.messages import Reply
from bot.services.approvals.courses import Courses, Standing
from bot.services.approvals.objects import PortalObjects
from bot.services.approvals.templates import Templates
from bot.services.reminding.watch import Watch
from bot.text import Phrase, t
from bot.words.routed import names, title
from handlers.approvals.routed import up_to_date
from handlers.approvals.routed_start import begin_again

router = Router("routed again")
REMINDED = "holders reminded"
"""What is noted once a person had those reminded who hold a request, by the hour."""


@router.said("ask_again")
async def ask_again(turn: Turn, courses: Courses, templates: Templates, watch: Watch, objects: PortalObjects) -> Reply:
    """Remind whoever holds the request that is meant; where it has ended without a yes, it is asked for anew."""
    said = str(turn.understood.slots.get("request", ""))
    request = await courses.by_number(turn.portal.id, int(said)) if said else await courses.latest_of(turn.employee)
    if request is None or request.initiator_id != turn.employee.id:
        if said:
            return turn.say(t("No request of yours has the number {number}.", number=int(said)))
        return turn.say(t("You have asked for nothing by a template yet. Begin: /request"))
    standing = await up_to_date(turn, request, courses)
    if standing.running.status == "approved":
        return turn.say(t("{what} is approved: there is nothing to ask again.", what=_title(turn, standing)))
    if not standing.request.is_open:
        return await begin_again(turn, standing, courses, templates, objects)
    if not standing.request.holders:
        return turn.say(t("{what} waits for nobody else now: /requests", what=_title(turn, standing)))
    who = names(standing.holders())
    hour = f"{request.id} {turn.now:%Y-%m-%dT%H}"
    if await watch.was_told(turn.employee, REMINDED, hour):
        return turn.say(
            t("{what}: reminded within the last hour already: {names}.", what=_title(turn, standing), names=who)
        )
    watch.note(turn.employee, REMINDED, hour, turn.now)
    courses.ask_again(standing.request, turn.now)
    return turn.say(t("⏰ {what}: reminded: {names}.", what=_title(turn, standing), names=who))


def _title(turn: Turn, standing: Standing) -> Phrase:
    return title(standing, turn.employee.locale)
