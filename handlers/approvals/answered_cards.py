"""Words that answer a message about a request are about that request, whatever else waits or is asked (E13).

What they say clearly is done as a press would do it; a reason that the rule wants is asked for where it is missing.
Anything else decides nothing: it is asked what is meant.
"""

from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.messages import ASKED, FORMER, Replied, Reply, Say
from bot.services.approvals.approvals import SLOT as SINGLE
from bot.services.approvals.approvals import Approvals
from bot.services.approvals.courses import Courses
from bot.services.approvals.seals import Seals
from bot.services.leave.around import Arounds
from bot.services.people.people import People
from bot.text import t
from handlers.approvals.answered_routed import about_routed, given_on_route, meant_on_route
from handlers.approvals.answered_single import about_single, meant_of_single, reason_in_answer, single_card
from handlers.approvals.answering import means_another
from handlers.approvals.card_meaning import MEANINGS, AskMeaning, MeaningPressed
from handlers.approvals.replied import SAID, WITHIN, asked_about, card_slot
from handlers.approvals.routed import up_to_date
from handlers.approvals.routed_lists import cards_of
from handlers.cards.requests import request_of
from handlers.cards.routed import SLOTS as ROUTED_SLOTS
from handlers.cards.routed import request_of as routed_of
from handlers.read_back import OVER, still_open

router = Router("answered cards")


@router.replied(ROUTED_SLOTS.kind)
async def to_a_card(turn: Turn, replied: Replied, courses: Courses, people: People, seals: Seals) -> Reply:
    """Words in answer to the card of a request on a route."""
    request_id = routed_of(replied.slot)
    if request_id is None:
        return turn.pass_on()
    asked = asked_about(replied.asked) if replied.asked_ago < WITHIN else None
    return await about_routed(turn, request_id, asked, courses, people, seals)


@router.replied(SINGLE)
async def to_a_single_card(
    turn: Turn, replied: Replied, approvals: Approvals, people: People, arounds: Arounds, seals: Seals
) -> Reply:
    """Words in answer to the card of a request with one seat."""
    request_id = request_of(replied.slot)
    if request_id is None:
        return turn.pass_on()
    asked = asked_about(replied.asked) if replied.asked_ago < WITHIN else None
    return await about_single(turn, request_id, asked, approvals, people, arounds, seals)


@router.replied(ASKED)
async def to_a_question(
    turn: Turn,
    replied: Replied,
    courses: Courses,
    approvals: Approvals,
    people: People,
    arounds: Arounds,
    seals: Seals,
) -> Reply:
    """Words in answer to a question about a request, after which another was asked: they belong to that one."""
    asked = asked_about(replied.slot)
    if asked is None:
        return turn.pass_on()
    single, routed = request_of(asked.card), routed_of(asked.card)
    is_open = replied.is_open or (turn.state is not None and asked_about(turn.state.slot) == asked)
    is_waited_for = is_open and replied.age < WITHIN
    if is_waited_for and asked.what != "m" and not means_another(turn):
        if single is not None:
            return await reason_in_answer(turn, asked, approvals, people, seals)
        return await given_on_route(turn, asked, courses, people, seals)
    if single is not None:
        return await about_single(turn, single, None, approvals, people, arounds, seals, is_card=False)
    if routed is not None:
        return await about_routed(turn, routed, None, courses, people, seals, is_card=False)
    return turn.pass_on()


@router.replied(SAID)
async def to_a_remark(turn: Turn, replied: Replied, courses: Courses, people: People, seals: Seals) -> Reply:
    """Words in answer to what somebody said beside a request: a yes or no may be the answer to that alone."""
    request_id = routed_of(card_slot(replied.slot))
    if request_id is None:
        return turn.pass_on()
    return await about_routed(turn, request_id, None, courses, people, seals, is_card=False)


@router.replied(FORMER)
async def to_a_former_card(
    turn: Turn, replied: Replied, courses: Courses, approvals: Approvals, people: People, arounds: Arounds, seals: Seals
) -> Reply:
    """The card that is answered shows what was: nothing is decided by it, and the present one comes below."""
    if means_another(turn):
        return turn.pass_on()
    card = card_slot(replied.slot)
    single, routed = request_of(card), routed_of(card)
    heading = Say(t("That card is an old one, so nothing was done. This is how the request stands now:"))
    if routed is not None:
        standing = await up_to_date(turn, await courses.get(turn.portal.id, routed), courses)
        shown = cards_of(turn, [standing], seals) if standing.request.concerns(turn.employee.id) else []
    elif single is not None:
        shown = [await single_card(turn, await approvals.get(turn.portal.id, single), people, arounds, seals)]
    else:
        return turn.pass_on()
    return Reply((heading, *shown), turn.state)


@router.pressed(MeaningPressed)
async def meant(
    turn: Turn, press: MeaningPressed, courses: Courses, approvals: Approvals, people: People, seals: Seals
) -> Reply:
    """That is what was meant: the words are its reason."""
    asked = still_open(turn, AskMeaning, press.nonce)
    if asked is None or press.what not in MEANINGS:
        return turn.say(OVER)
    if (single := request_of(asked.card)) is not None:
        request = await approvals.get(turn.portal.id, single)
        return await meant_of_single(turn, asked, press.what, request, approvals, people, seals)
    return await meant_on_route(turn, asked, press.what, courses, seals)
