"""Errands on the portal: what did not work out, and having it tried again."""

from bot.api.operation import Answer, Call, Operation
from bot.api.problems import NOT_FOUND, NOTHING_TO_RETRY, own
from bot.api.schemas.automation import ErrandForm, Errands, ErrandsQuery, ErrandStand
from bot.api.schemas.base import text_id, utc, utc_or_none
from bot.domain.automation.errand import OWN_AFFAIRS, Errand
from bot.domain.errors import NotAllowed
from bot.domain.people.api_key import Scope
from bot.domain.rights import Right, check
from bot.services.automation.errands import Errands as ErrandsService
from bot.words.errands import state_word, what

ERRANDS = Operation("GET", "/errands", Scope.SETTINGS_READ, answers=Errands, query=ErrandsQuery, refuses=(NotAllowed,))


@ERRANDS.run
async def list_errands(call: Call, query: ErrandsQuery, errands: ErrandsService) -> Errands:
    """List what is done on the portal, newest first: what failed, what is offered, or what waits."""
    check(call.person, Right.RESEND)
    read = {
        ErrandStand.FAILED: errands.failed,
        ErrandStand.OFFERED: errands.offered,
        ErrandStand.WAITING: errands.waiting,
    }[query.state]
    found = await read(call.portal.id)
    return Errands(items=[errand_form(call, each) for each in found if each.kind not in OWN_AFFAIRS], next=None)


RETRY = Operation(
    "POST",
    "/errands/{errand_id}/retry",
    Scope.SETTINGS_WRITE,
    answers=ErrandForm,
    status=202,
    refuses=(NotAllowed, NOTHING_TO_RETRY),
)


@RETRY.run
async def retry_errand(call: Call, errands: ErrandsService) -> Answer:
    """Have done after all what failed, or what waits for an administrator's word."""
    check(call.person, Right.RESEND)
    found = await errands.get(call.portal.id, call.id("errand_id"))
    if found is None or found.kind in OWN_AFFAIRS:
        raise own(NOT_FOUND)
    changed = await errands.say(call.person, [found], call.now, is_done=True)
    if not changed:
        raise own(NOTHING_TO_RETRY)
    return Answer(errand_form(call, changed[0]))


def errand_form(call: Call, errand: Errand) -> ErrandForm:
    """Return an errand as programs see it."""
    return ErrandForm(
        id=text_id(errand.id),
        kind=errand.kind.value,
        state=errand.state.value,
        title=call.say(what(errand)),
        words=call.say(state_word(errand)),
        cause=errand.cause,
        reason=errand.reason or None,
        tries=errand.tries,
        created_at=utc(errand.created_at),
        due_at=utc_or_none(errand.due_at),
        ended_at=utc_or_none(errand.ended_at),
    )


OPERATIONS = (ERRANDS, RETRY)
