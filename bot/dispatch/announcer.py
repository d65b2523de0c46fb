"""From domain events to messages: whoever has to know is told, in their language, where they are reached."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.dispatch.companies import named
from bot.dispatch.router import RouteTable
from bot.dispatch.turn import Occasion
from bot.domain.people.employee import Employee, Identity
from bot.gently import gently
from bot.messages import Address, Say
from bot.services.automation.happenings import Happenings
from bot.services.messengers import Messengers
from bot.services.wiring import Services


@dataclass(frozen=True, slots=True)
class Notice:
    """A message to a person: in their one best place, everywhere, or in all but the best.

    `skip` is a conversation that knows already. `where` may also be a channel: whoever asked there is answered there,
    as long as they can be reached.
    """

    to: Employee
    say: Say | Callable[[Identity], Say]
    """A message, or what makes one for an account: buttons can be sealed for it."""
    where: str = "best"
    """"best", "everywhere", "elsewhere", or the name of a channel."""
    skip: tuple[str, str] = ("", "")


def address_of(employee: Employee, identity: Identity) -> Address:
    """Return the address of an employee on one channel."""
    place = (identity.channel, identity.realm, identity.account, identity.conversation)
    return Address(employee.portal_id, *place, employee.locale, employee.zone)


async def announce(routes: RouteTable, services: Services, occasion: Occasion) -> None:
    """Word every event of the unit of work; wording may cause further events, which are worded as well."""
    told = 0
    while told < len(services.uow.events):
        event = services.uow.events[told]
        told += 1
        await services.get(Happenings).note(event, occasion.now)
        for route in routes.events.get(type(event), ()):
            await send(services, await route.call(services, event, occasion), occasion)


async def send(services: Services, notices: Sequence[Notice], occasion: Occasion) -> None:
    """Write notices into the outbox, to wherever each person is reached."""
    places = services.get(Messengers).places
    shared = {each.to.portal_id for each in notices if any(own.is_shared for own in each.to.identities)}
    portals = {each: await services.uow.portals.get(each) for each in shared}

    def write(notice: Notice) -> None:
        for identity in places(notice.to, notice.where):
            if (identity.channel, identity.conversation) == notice.skip:
                continue
            say = notice.say if isinstance(notice.say, Say) else notice.say(identity)
            # Whoever was given another role, or lost it, has its commands from the message that says so.
            say = replace(say, menu=notice.to.role.value)
            if identity.is_shared and (portal := portals.get(notice.to.portal_id)) is not None:
                say = named(say, identity, portal)
            services.uow.outbox.add(address_of(notice.to, identity), say, turn=occasion.id, at=occasion.now)

    await gently(write, notices)
