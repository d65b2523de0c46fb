"""What happens to a request, and who learns of it: every copy of the card tells the truth."""

from collections.abc import Sequence
from dataclasses import replace

from bot.dispatch.announcer import Notice
from bot.dispatch.router import Router
from bot.dispatch.turn import Occasion
from bot.domain.approvals.matter import LeaveChangeMatter, LeaveMatter, ReopenMatter
from bot.domain.approvals.request import ApprovalRequest, RequestState
from bot.domain.events import (
    RequestAsked,
    RequestDecided,
    RequestMoved,
    RequestRestated,
    RequestSettled,
    RequestUndone,
    RequestWithdrawn,
)
from bot.domain.people.employee import Employee, Identity
from bot.messages import NO_BUTTONS, Say
from bot.services.approvals.seals import Seals
from bot.services.leave.around import Arounds
from bot.services.people.people import People
from bot.text import Lines, lines, t
from bot.words.requests import matter_lines, matter_title, outcome_line
from handlers.cards.requests import (
    card_body,
    concerned_by,
    decide_keyboard,
    decider_of,
    deciding_body,
    holder_card,
    holders_of,
    mention_of,
    outcome_card,
    slot_of,
    undo_keyboard,
)
from handlers.cards.sent import sent_lines, withdraw_keyboard

router = Router("request news")


@router.happened(RequestAsked)
async def ask_holders(event: RequestAsked, people: People, arounds: Arounds, seals: Seals) -> Sequence[Notice]:
    """Each holder gets the card where they are best reached."""
    holders = await holders_of(event.request, people)
    return [Notice(each, await holder_card(event.request, each, people, arounds, seals)) for each in holders]


@router.happened(RequestMoved)
async def ask_others(
    event: RequestMoved, occasion: Occasion, people: People, arounds: Arounds, seals: Seals
) -> Sequence[Notice]:
    """Whoever is asked now gets the card; other copies follow: who was asked before, whoever shares it, who asked."""
    request = event.request
    holders = await holders_of(request, people)
    body = await deciding_body(request, people, arounds)
    names = ", ".join(each.name for each in holders[:3])
    notices = []
    for each in holders:
        if each.id not in event.before:
            notices.append(Notice(each, await holder_card(request, each, people, arounds, seals)))
            continue

        def shared(identity: Identity, each: Employee = each) -> Say:
            buttons = decide_keyboard(request, identity, each, seals)
            return Say(body, buttons, slot=slot_of(request.id), edit=True, only_if_shown=True)

        notices.append(Notice(each, shared, "everywhere"))
    gone = [await people.get(each, event.portal_id) for each in event.before if each not in request.holders]
    for former in (each for each in gone if each is not None):
        text = lines(*(await card_body(request, people)).lines, t("➡️ Others decide now: {names}", names=names))
        say = Say(text, NO_BUTTONS, slot=slot_of(request.id), edit=True, only_if_shown=True)
        notices.append(Notice(former, say, "everywhere", skip=occasion.told_in))
    requester = await people.get(request.requester_id, event.portal_id)
    if requester is not None and requester.id not in request.holders:
        sent = sent_lines(request, names)

        def waits(identity: Identity) -> Say:
            buttons = withdraw_keyboard(request, identity, seals)
            return Say(sent, buttons, slot=slot_of(request.id), edit=True, only_if_shown=True)

        notices.append(Notice(requester, waits, "everywhere", skip=occasion.told_in))
    return notices


@router.happened(RequestDecided)
async def tell_holders(event: RequestDecided, occasion: Occasion, people: People, seals: Seals) -> Sequence[Notice]:
    """Every holder's card shows the outcome; the requester is told once it is final (E15)."""
    request = event.request
    decider = await decider_of(request, people)
    notices = []
    for holder in await holders_of(request, people):
        shown = replace(await outcome_card(request, decider, holder, people), only_if_shown=True)

        def undoable(identity: Identity, shown: Say = shown, holder: Employee = holder) -> Say:
            return replace(shown, keyboard=undo_keyboard(request, identity, holder, seals))

        is_own = decider is not None and holder.id == decider.id
        notices.append(Notice(holder, undoable if is_own else shown, "everywhere", skip=occasion.told_in))
    return notices


@router.happened(RequestRestated)
@router.happened(RequestUndone)
async def open_again(
    event: RequestUndone | RequestRestated, occasion: Occasion, people: People, arounds: Arounds, seals: Seals
) -> Sequence[Notice]:
    """Every holder's card can be answered again, and shows the hours as they are now."""
    request = event.request
    body = await deciding_body(request, people, arounds)
    skip = ("", "") if isinstance(event, RequestRestated) and event.aside else occasion.told_in
    notices = []
    for holder in await holders_of(request, people):

        def card(identity: Identity, holder: Employee = holder) -> Say:
            buttons = decide_keyboard(request, identity, holder, seals)
            return Say(body, buttons, slot=slot_of(request.id), edit=True, only_if_shown=True)

        notices.append(Notice(holder, card, "everywhere", skip=skip))
    return notices


@router.happened(RequestSettled)
async def tell_outcome(event: RequestSettled, occasion: Occasion, people: People) -> Sequence[Notice]:
    """The outcome is final: every copy of the card shows it, and the person is told in their own words."""
    request = event.request
    decider = await decider_of(request, people)
    concerned = await concerned_by(request, people)
    skip = ("", "") if event.aside else occasion.told_in
    notices = [
        Notice(each, await _final(request, people, decider, each), "everywhere", skip=skip) for each in concerned
    ]
    subject = await people.get(request.subject_id, request.portal_id)
    requester = await people.get(request.requester_id, request.portal_id)
    told = {each.id: each for each in (subject, requester) if each is not None and request.ballot is not None}
    is_reopened = isinstance(request.matter, ReopenMatter) and request.ballot is None
    if (is_reopened or request.state is RequestState.FAILED) and requester is not None:
        told[requester.id] = requester
    made_by_lead = request.ballot is None and request.state is RequestState.APPROVED and not is_reopened
    if made_by_lead and subject is not None and requester is not None:
        return [*notices, Notice(subject, Say(_made(request, requester)))]
    for person in told.values():
        text = lines(
            t("*{what}*", what=matter_title(request.matter)),
            *matter_lines(request.matter),
            outcome_line(request, decider, person.zone),
        )
        notices.append(Notice(person, Say(text)))
    return notices


@router.happened(RequestWithdrawn)
async def tell_withdrawn(event: RequestWithdrawn, occasion: Occasion, people: People) -> Sequence[Notice]:
    """Every copy of the card says that there is nothing to decide any more."""
    request = event.request
    return [
        Notice(each, await _final(request, people, None, each), "everywhere", skip=_skip(request, occasion))
        for each in await concerned_by(request, people)
    ]


def _made(request: ApprovalRequest, requester: Employee) -> Lines:
    """What a lead changed for the person by themselves."""
    if isinstance(request.matter, LeaveChangeMatter):
        return lines(
            t("✍️ {person} changed your absence:", person=mention_of(requester)),
            t("*{what}*", what=matter_title(request.matter)),
            *matter_lines(request.matter),
        )
    if not isinstance(request.matter, LeaveMatter):
        changed = t("✍️ {person} corrected your hours:", person=mention_of(requester))
        return lines(changed, *matter_lines(request.matter))
    return lines(
        t("✍️ {person} recorded an absence for you:", person=mention_of(requester)),
        t("*{what}*", what=matter_title(request.matter)),
        *matter_lines(request.matter),
        t("Why: {reason}", reason=request.reason) if request.reason else None,
    )


def _skip(request: ApprovalRequest, occasion: Occasion) -> tuple[str, str]:
    """A withdrawn card was answered where it was pressed; a replaced one was not."""
    return occasion.told_in if request.state is RequestState.WITHDRAWN else ("", "")


async def _final(request: ApprovalRequest, people: People, decider: Employee | None, reader: Employee) -> Say:
    return replace(await outcome_card(request, decider, reader, people), only_if_shown=True)
