"""The door of robots: a business process that reached one of ours knocks here; what is acknowledged is stored."""

from collections.abc import Awaitable, Callable

import structlog
from aiohttp import web

from bot.channels.bitrix24.forms import BadBody, parse_body
from bot.channels.bitrix24.processes.called import Called, read_call
from bot.channels.doors import Refused, limited_body
from bot.clock import Clock
from bot.ids import turn_id
from bot.logs import Seldom
from bot.ports import NotProven
from bot.problems import problem

PATH = "/bitrix24/robot/{code}"
Take = Callable[[Called], Awaitable[None]]
"""Stores a call of a portal whose application token it carries; NotProven says why it is not taken."""

log = structlog.get_logger(__name__)


def routes(take: Take, clock: Clock, *, is_open: Callable[[], bool] = lambda: True) -> list[web.RouteDef]:
    """Return the door; before `is_open` nothing can be stored."""
    refusals = Seldom()

    async def called(request: web.Request) -> web.StreamResponse:
        """Take one call. It may come again, and is the same call then."""
        try:
            if not is_open():
                return problem(503, "starting", "The service is starting.")
            form = parse_body(await limited_body(request), request.headers.get("Content-Type", ""))
            await take(read_call(form, request.match_info["code"], clock.now()))
        except NotProven as unproven:
            if refusals.is_due():
                log.warning("bitrix24.robot_call_not_proven", code=unproven.code, id=turn_id())
            return problem(503 if unproven.may_pass else 403, unproven.code, "This call could not be proven.")
        except (Refused, BadBody) as refusal:
            if refusals.is_due():
                log.warning("bitrix24.robot_call_refused", code=refusal.code, id=turn_id())
            return problem(refusal.status, refusal.code, refusal.title)
        except Exception as error:  # noqa: BLE001 - whatever storage raises, the portal must not take it for done
            log.error("bitrix24.robot_call_not_stored", error=type(error).__name__)  # noqa: TRY400 - no words in the log
            return problem(503, "not_stored", "The call could not be stored; send it again.")
        return web.json_response({"code": "stored"})

    return [web.post(PATH, called)]
