"""The door for delivered events: who may knock, how much may come in; what is acknowledged is stored."""

import asyncio
import time
from typing import TYPE_CHECKING

import structlog
from aiohttp import web

from bot import metrics
from bot.channels.bitrix24.facts import FACTS
from bot.channels.bitrix24.forms import MAX_BODY, BadBody, parse_body
from bot.channels.bitrix24.refused import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.channels.bitrix24.channel import Bitrix24Channel

PATH = "/bitrix24/events"
PATIENCE = 10.0
WARN_EVERY = 60.0
"""Seconds between two lines about refusals, however many there are; the metric counts each."""
_STORED = b'{"code": "stored"}'
_JSON = {"Content-Type": "application/json; charset=utf-8"}

log = structlog.get_logger(__name__)


def routes(channels: "Callable[[str], Bitrix24Channel | None]") -> web.RouteTableDef:
    """Return the route for events; `channels` finds a channel by the realm named in the address ("" if none is)."""
    table = web.RouteTableDef()
    warned_at = float("-inf")

    @table.post(PATH)
    async def events(request: web.Request) -> web.Response:
        """Take one event of one bot."""
        nonlocal warned_at
        try:
            channel = await _opened(channels, request)
            body = await _limited(request)
            event = parse_body(body, request.headers.get("Content-Type", ""))
            await channel.accept(event, request.query.get("key", ""))
        except (Refused, BadBody) as refusal:
            metrics.REFUSED_DOORS.labels(FACTS.name, refusal.code).inc()
            if time.monotonic() - warned_at > WARN_EVERY:
                warned_at = time.monotonic()
                log.warning("bitrix24.door_refused", code=refusal.code)
            return problem(refusal.status, refusal.code, refusal.title)
        except Exception as error:  # noqa: BLE001 - whatever storage raises, the portal must not take it for done
            log.error("bitrix24.event_not_stored", error=type(error).__name__)  # noqa: TRY400 - no words in the log
            return problem(503, "not_stored", "The event could not be stored; send it again.")
        return web.Response(body=_STORED, headers=_JSON)

    return table


async def _opened(channels: "Callable[[str], Bitrix24Channel | None]", request: web.Request) -> "Bitrix24Channel":
    """Return the channel that the address opens; an unknown portal and a wrong key look the same from outside."""
    channel = channels(request.query.get("portal", ""))
    if channel is None or not await channel.opens(request.query.get("key", "")):
        raise Refused(403, "wrong_key", "The address of this call is not one we gave out.")
    return channel


def problem(status: int, code: str, title: str) -> web.Response:
    """Return a refusal as a document for machines and people."""
    body = {"status": status, "code": code, "title": title}
    return web.json_response(body, status=status, content_type="application/problem+json")


async def _limited(request: web.Request) -> bytes:
    """Read a body without keeping more of it than is allowed, or waiting for ever. A portal encodes none."""
    if request.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise BadBody("encoded", "The body must not be encoded.", 415)
    if (request.content_length or 0) > MAX_BODY:
        raise BadBody("body_too_large", "The body is larger than 256 KiB.", 413)
    if request.content.is_eof():
        # A small body came together with the head: there is nothing to wait for.
        body = request.content.read_nowait()
        if len(body) > MAX_BODY:
            raise BadBody("body_too_large", "The body is larger than 256 KiB.", 413)
        return body
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(PATIENCE):
            async for part in request.content.iter_any():
                size += len(part)
                if size > MAX_BODY:
                    raise BadBody("body_too_large", "The body is larger than 256 KiB.", 413)
                parts.append(part)
    except TimeoutError:
        raise BadBody("body_too_slow", "The body did not arrive in time.", 408) from None
    except (web.RequestPayloadError, ConnectionError):
        raise BadBody("body_cut", "The body did not arrive whole.") from None
    return b"".join(parts)
