"""One turn of a conversation: who writes, what they are answered, and what their conversation waits on from now on."""

from dataclasses import replace
from typing import Any

from bot.dispatch.companies import WhichCompany, asks_which, found_again, in_its_company, named
from bot.dispatch.language import in_their_language
from bot.dispatch.meeting import blocked, enrolled, in_its_topic, meet, portal_of, reached, removed, woken
from bot.dispatch.router import Otherwise
from bot.dispatch.routing import ANSWERED, reply_to
from bot.dispatch.turn import Occasion, Turn, Visit, time_of
from bot.dispatch.undertaking import Undertaking
from bot.i18n import DEFAULT_LOCALE, known_locale
from bot.messages import ASKED, Incoming, IncomingKind, Reply, State
from bot.ports import FILES_TAKEN, UnitOfWork
from bot.services.people.companies import Companies
from bot.services.people.people import People
from bot.services.wiring import Services


async def turn_of(
    incoming: Incoming, services: Services, undertaking: Undertaking, occasion: Occasion, line: dict[str, Any]
) -> str:
    """Note everything that an incoming leads to, and return the turn's outcome; `line` learns what the log tells."""
    uow, routes = services.uow, undertaking.routes
    if incoming.sender.is_outsider:
        return "outsider"
    if incoming.kind is IncomingKind.PART:
        return "part of an album"
    employee = await uow.employees.by_identity(incoming.channel, incoming.realm, incoming.sender.account)
    now, mark = time_of(incoming)
    if incoming.kind is IncomingKind.BLOCKED:
        return await blocked(uow, employee, incoming)
    if incoming.kind is IncomingKind.REMOVED:
        return await removed(uow, incoming)
    spoken = None
    if employee is not None:
        spoken = await in_its_company(incoming, employee, services, now)
        incoming, employee = spoken.incoming, spoken.employee
        now, mark = time_of(incoming)
    portal = await portal_of(uow, employee, incoming)
    if employee is None and portal is None:
        employee = await found_again(incoming, services)
        portal = await portal_of(uow, employee, incoming)
    if portal is None:
        line["handler"] = routes.others[Otherwise.STRANGER].name
        visit = Visit(incoming, now, known_locale(incoming.sender.locale) or DEFAULT_LOCALE)
        return await meet(visit, routes, services, occasion.id)
    if not portal.is_active and incoming.realm == portal.key:
        portal = await woken(portal, undertaking, occasion)
    if employee is None:
        employee = await enrolled(portal, incoming, uow, undertaking, occasion)
    line["portal"], line["employee"] = str(portal.id), str(employee.id)
    employee = reached(uow, employee, incoming)
    state = await uow.dialogs.get(incoming.channel, incoming.realm, incoming.conversation)
    if not (state is not None and state.takes_files) and await _is_answered(incoming, undertaking):
        return "part of an album"
    replied = None
    if incoming.reply_to and incoming.kind is IncomingKind.TEXT:
        place = (incoming.channel, incoming.realm, incoming.conversation)
        replied = await uow.dialogs.replied(*place, incoming.reply_to)
    turn = Turn(occasion.id, incoming, employee, portal, now, state, mark=mark, replied=replied)
    turn = in_their_language(turn, services.get(People))
    if spoken is not None and (which := asks_which(spoken, turn)) is not None:
        line["handler"] = "companies.which"
        await _answer(uow, turn, Reply((which,), WhichCompany(incoming.text, now.timestamp())))
        return ANSWERED
    reply, outcome = await reply_to(turn, routes, services, line)
    if spoken is not None and spoken.companies and incoming.kind in (IncomingKind.TEXT, IncomingKind.PRESS):
        await services.get(Companies).spoke(spoken.companies, spoken.chosen, now)
    await _answer(uow, turn, reply)
    asked = None if state is None or not state.takes_files else routes.answer(type(state))
    takes = outcome == ANSWERED and incoming.files and asked is not None and line["handler"] == asked.name
    return FILES_TAKEN if takes else outcome


def _wait_beside(one: State, other: State) -> bool:
    """Whether two questions are about different things: each can still be answered, by an answer to its message."""
    return one.slot != other.slot and all(each.slot.startswith(f"{ASKED}:") for each in (one, other))


async def _is_answered(incoming: Incoming, undertaking: Undertaking) -> bool:
    """Whether a late part of an album needs no answer of its own, for the album has one."""
    inbox = undertaking.house.storage.inbox
    return incoming.is_mute_part and await inbox.knows(incoming.channel, incoming.realm, incoming.album_told)


async def _answer(uow: UnitOfWork, turn: Turn, reply: Reply) -> None:
    """Note the answer, and the question that the conversation waits on, or that it waits on none any more."""
    incoming, now, state = turn.message, turn.now, turn.state
    place = (incoming.channel, incoming.realm, incoming.conversation)
    # A handler may have changed the person's language or zone: the answer is already in the new one.
    employee = await uow.employees.get(turn.portal.id, turn.employee.id) or turn.employee
    address = incoming.answered(turn.portal.id, employee.locale, employee.zone)
    own = employee.owning(*place[:2], incoming.sender.account)
    for say in reply.says:
        answer = replace(in_its_topic(say, incoming), menu=employee.role.value)
        answer = named(answer, own, turn.portal)
        uow.outbox.add(address, answer, turn=turn.id, at=now)
    keeps = incoming.kind is not IncomingKind.TEXT and not reply.ends
    if reply.state is not None or (state is not None and not keeps):
        uow.dialogs.put(turn.portal.id, *place, reply.state)
        beside = state is not None and reply.state is not None and _wait_beside(state, reply.state)
        if state is not None and reply.state != state and not beside and all(s.slot != state.slot for s in reply.says):
            uow.outbox.strip(address, state.slot, at=now)  # a question that was answered is not one any more
