"""The days of a request come while nobody decides: reminders before, true words after, and cards that say so."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from bot.dispatch.announcer import Notice
from bot.dispatch.router import Router
from bot.dispatch.turn import Occasion
from bot.domain.approvals.refusals import UnknownRequest
from bot.domain.approvals.request import ApprovalRequest, Came
from bot.domain.events import RequestDaysCame
from bot.domain.people.employee import Employee, Identity
from bot.messages import Say
from bot.ports import Job
from bot.services.approvals.approvals import Approvals
from bot.services.approvals.days_come import DAYS_COME, DaysCome
from bot.services.approvals.deciders import Asked, Deciders
from bot.services.approvals.seals import Seals
from bot.services.leave.around import Arounds
from bot.services.people.people import People
from bot.text import Day, Lines, Phrase, lines, t
from bot.words.requests import days_line, matter_lines, matter_title
from handlers.cards.requests import decide_keyboard, deciding_body, slot_of
from handlers.cards.sent import sent_lines, withdraw_keyboard

router = Router("days come")


@router.due(DAYS_COME)
async def days_come(job: Job, approvals: Approvals, days: DaysCome, occasion: Occasion) -> None:
    """The days of a request are near, have begun or are over: said while nobody has decided."""
    with suppress(UnknownRequest):  # it went with whoever was erased meanwhile: nothing is left to be done
        await days.reached(await approvals.get(job.portal_id, int(job.payload["request_id"])), occasion.now)


@router.happened(RequestDaysCame)
async def tell(
    event: RequestDaysCame, occasion: Occasion, people: People, deciders: Deciders, arounds: Arounds, seals: Seals
) -> Sequence[Notice]:
    """Before the days both sides are reminded; then whoever asked is told, and the cards say how it stands."""
    request, is_near = event.request, event.came is Came.NEAR
    found = [await people.told_by_itself(each, request.portal_id) for each in request.holders]
    holders = [each for each in found if each is not None]
    requester = await people.told_by_itself(request.requester_id, request.portal_id)
    body = await deciding_body(request, people, arounds)
    if is_near:
        body = lines(t("⏰ The first day is near, and nobody has decided yet:"), *body.lines)
    notices = []
    for each in holders:

        def card(identity: Identity, each: Employee = each) -> Say:
            say = Say(body, decide_keyboard(request, identity, each, seals), slot=slot_of(request.id))
            return say if is_near else replace(say, edit=True, only_if_shown=True)

        notices.append(Notice(each, card, "best" if is_near else "everywhere"))
    if requester is None or requester.id in request.holders:
        return notices
    asked = await deciders.with_absences(Asked(tuple(holders), is_fallback=False), requester, occasion.now)
    told = await _told(event, asked, requester, people) if event.is_news else sent_lines(request, _names(holders))

    def waits(identity: Identity) -> Say:
        say = Say(told, withdraw_keyboard(request, identity, seals), slot=slot_of(request.id))
        return say if event.is_news else replace(say, edit=True, only_if_shown=True)

    return [*notices, Notice(requester, waits, "best" if event.is_news else "everywhere")]


async def _told(event: RequestDaysCame, asked: Asked, requester: Employee, people: People) -> Lines:
    """Return how it stands for whoever asked: who is asked, until when they are away, and who else can help."""
    request, helpers, until = event.request, asked.helpers, asked.away_until
    if until is None:
        admins = await people.administrators(request.portal_id)
        helpers = tuple(each for each in admins if each.id not in (requester.id, *request.holders))
    names = _names(helpers)
    return lines(
        _heading(request, event.came),
        *matter_lines(request.matter),
        t("Decides: {names}", names=_names(asked.people)) if asked.people else None,
        t("🌙 Away until {day}: the answer may wait that long.", day=Day(until)) if until else None,
        t("If it cannot wait, an administrator can help: {names}", names=names) if names else None,
        days_line(request),
    )


def _heading(request: ApprovalRequest, came: Came) -> Phrase:
    what = matter_title(request.matter)
    match came:
        case Came.NEAR:
            return t("⏰ *{what}* – the first day is near, and nobody has decided yet", what=what)
        case Came.BEGUN:
            return t("🕊 *{what}* – the first day has come, and it was not decided in time. Sorry about that", what=what)
        case Came.OVER:
            return t("🕊 *{what}* – it was not decided in time. Sorry about that", what=what)


def _names(people: Sequence[Employee]) -> str:
    return ", ".join(each.name for each in people[:3])
