"""What rules tell by themselves: what stood in their way, and what became of the object of a request."""

from collections.abc import Sequence

from bot.dispatch.announcer import Notice
from bot.dispatch.router import Router
from bot.domain.events import ErrandEnded, ObjectTold, ObjectUnseen, RuleTroubled
from bot.messages import Say
from bot.services.automation.kept_rules import KeptRules, rule_title
from bot.services.automation.rules import Rules
from bot.services.people.people import People
from bot.services.people.portals import Portals
from bot.words.rules import object_told, object_unseen, trouble_told

router = Router("rule_news")


@router.happened(RuleTroubled)
async def troubled(event: RuleTroubled, kept: KeptRules, portals: Portals, people: People) -> Sequence[Notice]:
    """Each administrator learns what stood in a rule's way."""
    portal = await portals.get(event.portal_id)
    if portal is None:
        return []
    found = next((each for each in await kept.all_of(portal) if each.key == event.key), None)
    return [
        Notice(
            each,
            Say(
                trouble_told(
                    event.key if found is None else rule_title(found.rule, each.locale),
                    event.trouble,
                    is_off=event.is_off,
                )
            ),
        )
        for each in await people.everybody_of(event.portal_id)
        if each.is_admin and not each.is_disabled
    ]


@router.happened(ErrandEnded)
async def made(event: ErrandEnded, rules: Rules) -> Sequence[Notice]:
    """Keep what was made for a request."""
    rules.made(event.errand)
    return []


@router.happened(ObjectUnseen)
async def unseen(event: ObjectUnseen, people: People) -> Sequence[Notice]:
    """Whoever began the request, whoever is asked now and administrators learn that its object cannot be read."""
    admins = [each.id for each in await people.administrators(event.portal_id)]
    words = object_unseen(event.request.number, event.ref)
    notices = []
    for employee_id in dict.fromkeys((event.request.initiator_id, *event.request.holders, *admins)):
        person = await people.get(employee_id, event.portal_id)
        if person is not None and not person.is_disabled:
            notices.append(Notice(person, Say(words)))
    return notices


@router.happened(ObjectTold)
async def told(event: ObjectTold, kept: KeptRules, portals: Portals, people: People) -> Sequence[Notice]:
    """Whoever began the request and whoever is asked now learns what became of its object."""
    portal = await portals.get(event.portal_id)
    if portal is None:
        return []
    ref = event.change.ref
    stages = {each.id: each.name for each in await kept.stages(portal, ref.kind, ref.type_id)}
    notices = []
    for employee_id in dict.fromkeys((event.request.initiator_id, *event.request.holders)):
        person = await people.get(employee_id, event.portal_id)
        if person is not None and not person.is_disabled:
            notices.append(Notice(person, Say(object_told(event, stages, person.locale))))
    return notices
