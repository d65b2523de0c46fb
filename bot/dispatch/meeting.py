"""Who writes: a colleague, somebody who writes for the first time, a stranger; a portal at rest, or one that left."""

from dataclasses import replace

from bot.dispatch.router import Otherwise, RouteTable
from bot.dispatch.turn import Occasion, Visit
from bot.dispatch.undertaking import Undertaking
from bot.domain.errors import Refusal
from bot.domain.people.employee import Employee
from bot.domain.portal import Portal
from bot.messages import Incoming, Reply, Say
from bot.ports import UnitOfWork
from bot.services.people.people import People
from bot.services.people.portals import Portals
from bot.services.wiring import Services


async def portal_of(uow: UnitOfWork, employee: Employee | None, incoming: Incoming) -> Portal | None:
    """Return the portal of whoever writes; None for a stranger from nowhere."""
    if employee is not None:
        return await uow.portals.get(employee.portal_id)
    return await uow.portals.by_key(incoming.realm) if incoming.realm else None


async def woken(portal: Portal, undertaking: Undertaking, occasion: Occasion) -> Portal:
    """Wake a portal at rest: whoever writes there has the bot again. That stays, whatever becomes of the turn."""

    async def wake(services: Services) -> Portal:
        return await services.get(Portals).wake(portal, occasion.now)

    return await undertaking(wake, occasion)


async def enrolled(
    portal: Portal, incoming: Incoming, uow: UnitOfWork, undertaking: Undertaking, occasion: Occasion
) -> Employee:
    """Make a colleague of somebody who wrote for the first time; that stays, whatever becomes of the turn."""

    async def enrol(services: Services) -> Employee:
        return await services.get(People).enrol(portal, incoming.channel, incoming.sender)

    employee = await undertaking(enrol, occasion)
    return await uow.employees.get(portal.id, employee.id) or employee


def reached(uow: UnitOfWork, employee: Employee, incoming: Incoming) -> Employee:
    """Note that somebody who writes can be written to again."""
    identity = employee.owning(incoming.channel, incoming.realm, incoming.sender.account)
    if identity is None or identity.is_reachable:
        return employee
    uow.employees.set_reachable(employee, identity, is_reachable=True)
    others = tuple(replace(each, is_reachable=True) if each is identity else each for each in employee.identities)
    return replace(employee, identities=others)


async def blocked(uow: UnitOfWork, employee: Employee | None, incoming: Incoming) -> str:
    """Note that somebody cannot be written to any more, in none of their companies; returns the outcome."""
    identity = employee.owning(incoming.channel, incoming.realm, incoming.sender.account) if employee else None
    if employee is not None and identity is not None:
        people = [employee]
        if identity.is_shared:
            people = list(await uow.employees.of_account(incoming.channel, incoming.sender.account))
        for each in people:
            if (its := each.identity(incoming.channel)) is not None:
                uow.employees.set_reachable(each, its, is_reachable=False)
    return "blocked"


async def removed(uow: UnitOfWork, incoming: Incoming) -> str:
    """Let a portal rest whose administrator removed the bot: nobody is reminded, and all is kept (case 76)."""
    portal = await uow.portals.by_key(incoming.realm)
    if portal is not None and portal.is_active:
        uow.portals.put(replace(portal, is_active=False))
    return "bot removed"


async def meet(visit: Visit, routes: RouteTable, services: Services, turn: str) -> str:
    """Answer somebody who is no employee, or was none before this visit; returns the outcome."""
    uow, message = services.uow, visit.message
    outcome = "stranger"
    try:
        reply: Reply = await routes.others[Otherwise.STRANGER].call(services, visit)
    except Refusal as refusal:
        uow.forget()
        reply, outcome = visit.say(refusal.phrase), refusal.code
    employee = await uow.employees.by_identity(message.channel, message.realm, message.sender.account)
    locale, zone, portal_id = visit.locale, "UTC", 0
    if employee is not None:
        locale, zone, portal_id = employee.locale, employee.zone, employee.portal_id
    address = message.answered(portal_id, locale, zone)
    for say in reply.says:
        uow.outbox.add(address, in_its_topic(say, message), turn=turn, at=visit.now)
    return outcome


def in_its_topic(say: Say, incoming: Incoming) -> Say:
    """Answer in the topic in which the person wrote."""
    return replace(say, thread=incoming.thread) if incoming.thread else say
