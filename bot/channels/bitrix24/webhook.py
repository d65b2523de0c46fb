"""The door for delivered events: who may knock, how much may come in; what is acknowledged is stored."""

import re
from typing import TYPE_CHECKING

import structlog
from aiohttp import web

from bot.at_once import Posted
from bot.channels.bitrix24.forms import FORM, BadBody
from bot.channels.doors import Door, Refused, Taken, limited_body
from bot.ids import turn_id
from bot.logs import Seldom
from bot.ports import NotProven
from bot.problems import problem

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.channels.bitrix24.portal_bot import PortalBot

PATH = "/bitrix24/events"
_ADDRESS = re.compile(r"portal=([\w.~-]+)&key=([\w.~-]+)", re.ASCII)
"""The part of an address that portals are told, where nothing in it has to be escaped."""
if TYPE_CHECKING:
    TakeLifeCycle = Callable[[bytes, str, web.BaseRequest], Awaitable[None]]
    """Takes an event of the application's life, by its body, type and call; NotProven says why it is not taken."""

log = structlog.get_logger(__name__)


def routes(channels: "Callable[[str], PortalBot | None]", life_cycle: "TakeLifeCycle | None" = None) -> list[Door]:
    """Return the route for events; `channels` finds a channel by the realm named in the address ("" if none is).

    What names none at all is of the application's own life, whose address every portal has: `life_cycle` proves it.
    """
    refusals = Seldom()
    taken = Taken(b'{"code": "stored"}', "application/json; charset=utf-8")

    async def events(request: web.BaseRequest) -> web.StreamResponse:
        """Take one event of one bot."""
        try:
            if life_cycle is not None and not request.query_string:
                body = await limited_body(request, prefix="body_")
                await life_cycle(body, request.headers.get("Content-Type", ""), request)
                return taken.to(request)
            channel = await _opened(channels, request)
            body = await limited_body(request, prefix="body_")
            await channel.take(body, request.headers.get("Content-Type", ""), request.query.get("key", ""))
        except NotProven as unproven:
            if refusals.is_due():
                log.warning("bitrix24.event_not_proven", code=unproven.code, id=turn_id())
            return problem(503 if unproven.may_pass else 403, unproven.code, "This call could not be proven.")
        except (Refused, BadBody) as refusal:
            if refusals.is_due():
                log.warning("bitrix24.door_refused", code=refusal.code, id=turn_id())
            return problem(refusal.status, refusal.code, refusal.title)
        except Exception as error:  # noqa: BLE001 - whatever storage raises, the portal must not take it for done
            log.error("bitrix24.event_not_stored", error=type(error).__name__)  # noqa: TRY400 - no words in the log
            return problem(503, "not_stored", "The event could not be stored; send it again.")
        return taken.to(request)

    def at_once(posted: Posted) -> "Awaitable[bytes] | None":
        """Store a message that is known at a glance; all else is read, and refused, as events are."""
        address = _ADDRESS.fullmatch(posted.query) if posted.content_type == FORM else None
        channel = channels(address[1]) if address else None
        storing = channel.at_a_glance(posted.body, address[2]) if channel is not None and address else None
        return None if storing is None else answered(storing)

    async def answered(storing: "Awaitable[int]") -> bytes:
        await storing
        return taken.whole()

    return [Door(PATH, events, at_once)]


async def _opened(channels: "Callable[[str], PortalBot | None]", request: web.BaseRequest) -> "PortalBot":
    """Return the channel that the address opens; an unknown portal and a wrong key look the same from outside."""
    channel = channels(request.query.get("portal", ""))
    if channel is None or not await channel.opens(request.query.get("key", "")):
        raise Refused(403, "wrong_key", "The address of this call is not one we gave out.")
    return channel
