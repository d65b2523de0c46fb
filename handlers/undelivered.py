"""Messages that a messenger will never take: the person is reached elsewhere, and administrators are told."""

from collections.abc import Sequence
from dataclasses import replace

from bot.dispatch.announcer import Notice
from bot.dispatch.router import Router
from bot.dispatch.turn import Occasion
from bot.domain.approvals.refusals import NobodyToAsk
from bot.domain.people.employee import Employee
from bot.messages import Say
from bot.ports import UNDELIVERED, Job
from bot.services.approvals.approvals import Approvals
from bot.services.approvals.courses import Courses
from bot.services.approvals.seals import Seals
from bot.services.leave.around import Arounds
from bot.services.people.people import People
from bot.services.reminding.watch import Watch
from bot.text import t
from bot.words.people import mention
from handlers.cards.requests import holder_card
from handlers.cards.routed import CardTexts, maker, request_of

router = Router("undelivered")
UNREACHED = "unreached"
"""What is noted once administrators were told that somebody cannot be reached, by the day."""
GIVEN_UP = "given up"
"""What is noted once an administrator was told that something did not arrive, by the day."""
_OF_THE_PERSON = frozenset({"blocked", "gone"})
"""Failures that say something of the person; all others are of the message or of the messenger."""


@router.due(UNDELIVERED)
async def undelivered(
    job: Job,
    occasion: Occasion,
    people: People,
    approvals: Approvals,
    arounds: Arounds,
    seals: Seals,
    watch: Watch,
    courses: Courses,
) -> Sequence[Notice]:
    """Send it on the person's other channel; a request that the holder cannot see anywhere goes to the next in line."""
    person = await people.get(int(job.payload["employee_id"]), job.portal_id)
    if person is None or person.is_disabled:
        return ()
    said = Say.from_json(job.payload["say"]) if "say" in job.payload else None
    slot = str(job.payload.get("slot", ""))
    others = [each for each in person.identities if each.is_reachable and each.channel != job.payload["channel"]]
    there = replace(person, identities=tuple(others)) if others and not (said and said.elsewhere) else None
    on_route = request_of(slot)
    if on_route is not None and there is not None:
        # The buttons are sealed for the messenger they were made for.
        standing = await courses.standing(await courses.get(job.portal_id, on_route), occasion.now)
        make = maker(CardTexts(standing), person, seals)
        return (Notice(there, lambda identity: replace(make(identity), elsewhere=True)),)
    if on_route is not None:
        await courses.unreached(await courses.get(job.portal_id, on_route), person, occasion.now)
    request = await approvals.of_slot(job.portal_id, slot)
    if request is not None and request.is_open and person.id in request.holders:
        if there is not None:
            card = await holder_card(request, person, people, arounds, seals)
            return (Notice(there, lambda identity: replace(card(identity), elsewhere=True)),)
        try:
            await approvals.move_on(request, person, occasion.now)
        except NobodyToAsk:
            return await _tell_admins(job, person, people, watch, occasion)
        return ()
    if there is None:
        return await _tell_admins(job, person, people, watch, occasion)
    return (Notice(there, replace(said, slot=slot, elsewhere=True)),) if said else ()


async def _tell_admins(
    job: Job, person: Employee, people: People, watch: Watch, occasion: Occasion
) -> Sequence[Notice]:
    """Somebody cannot be reached on any channel, or something was given up: administrators hear of it once a day.

    They can talk to the person; what was given up they can send again. A messenger that was away for hours fails
    everybody's messages, so that one of them stands for all.
    """
    today, who = occasion.now.date().isoformat(), mention(person)
    admins = await people.administrators(person.portal_id)
    if job.payload["kind"] in _OF_THE_PERSON:
        if await watch.was_told(person, UNREACHED, today):
            return ()
        watch.note(person, UNREACHED, today, occasion.now)
        words = t("⚠️ My messages do not reach {person} on any channel.", person=who)
        return [Notice(each, Say(words)) for each in admins if each.id != person.id]
    told = [each for each in admins if not await watch.was_told(each, GIVEN_UP, today)]
    for each in told:
        watch.note(each, GIVEN_UP, today, occasion.now)
    words = t(
        "⚠️ Not everything has arrived today, for example a message to {person}. To send it again: /resend",
        person=who,
    )
    return [Notice(each, Say(words)) for each in told]
