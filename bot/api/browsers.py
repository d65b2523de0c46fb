"""Calls from pages of others: browsers let them read an answer only where an administrator named their origin.

Never with cookies: a page calls by a key, as every program does. Before a call that changes something a browser asks
without the key (a preflight), so that nobody knows of which portal it will be: it is let through where any portal has
named the origin, and the answer to the call itself only where the key's own portal has.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from aiohttp import web

from bot.clock import Clock
from bot.domain.portal import Portal
from bot.ports import Unavailable
from bot.ports.undertaking import Supply, Undertake
from bot.services.people.origins import ApiOrigins, origins_of

_KNOWN_FOR = timedelta(seconds=10)
_SENT = "Authorization, Content-Type, Accept-Language, If-Match, If-None-Match, Idempotency-Key"
_READ = "ETag, Location, Retry-After, RateLimit, RateLimit-Policy, Idempotency-Replayed, Content-Language"


def let_read(request: web.Request, response: web.StreamResponse, portal: Portal) -> None:
    """Let the browser that called show the answer to its page, where the portal named its origin."""
    origin = request.headers.get("Origin")
    if origin is None:
        return
    response.headers["Vary"] = f"{response.headers['Vary']}, Origin"
    if origin in origins_of(portal):
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Expose-Headers"] = _READ


class Browsers:
    """Answers what browsers ask before a call."""

    def __init__(self, do: Undertake, clock: Clock) -> None:
        """Read by `do` which origins there are, and believe it for some seconds."""
        self._do = do
        self._clock = clock
        self._known: tuple[datetime, frozenset[str]] | None = None

    async def preflight(self, request: web.Request, allowed: Sequence[str]) -> web.Response | None:
        """Return what is answered to a preflight; None for what is none, or comes from elsewhere."""
        origin, verb = request.headers.get("Origin"), request.headers.get("Access-Control-Request-Method")
        if request.method != "OPTIONS" or origin is None or verb not in allowed:
            return None
        if origin not in await self._named():
            return None
        headers = {
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Allow-Methods": ", ".join(allowed),
            "Access-Control-Allow-Headers": _SENT,
            "Access-Control-Max-Age": "600",
            "Vary": "Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
        }
        return web.Response(status=204, headers=headers)

    async def _named(self) -> frozenset[str]:
        now = self._clock.now()
        if self._known is not None and now - self._known[0] < _KNOWN_FOR:
            return self._known[1]

        async def read(services: Supply) -> frozenset[str]:
            return await services.get(ApiOrigins).everywhere()

        try:
            found = await self._do(read, now)
        except Unavailable:
            return frozenset()
        self._known = (now, found)
        return found
