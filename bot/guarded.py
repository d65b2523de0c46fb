"""Requests to addresses that others told us: only to public ones, by what the name really leads to when it is called.

A name may lead anywhere, and somewhere else at each look. So addresses are checked where they are resolved, and what
was checked is what is connected to. An address in place of a name is resolved by nobody: therefore each request of a
guarded session is judged by its address as well. `ALLOW_LOCAL_PORTALS` opens the machine itself, never its network.
"""

import socket

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.reachable import PORTS, is_safe, may_be_called


class GuardedResolver(AbstractResolver):
    """Resolves names to public addresses; a name that leads to any other is as if there were none."""

    def __init__(self, *, allow_local: bool = False, inner: AbstractResolver | None = None) -> None:
        """Ask `inner`; this machine is found only where that is allowed."""
        self._inner = inner or aiohttp.ThreadedResolver()
        self._allow_local = allow_local

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return what a name leads to."""
        found = await self._inner.resolve(host, port, family)
        allowed = [each for each in found if may_be_called(each["host"], allow_local=self._allow_local)]
        if len(allowed) != len(found) or not allowed:
            # One that is not public among public ones is no accident: whoever made the name meant it.
            raise OSError(f"{host} does not lead to public addresses alone")
        return allowed

    async def close(self) -> None:
        """Close the inner one."""
        await self._inner.close()


class _Guard:
    """Lets a request go to an address that is safe, and no other, however it came by that address."""

    def __init__(self, *, allow_local: bool, ports: frozenset[int | None]) -> None:
        self._allow_local = allow_local
        self._ports = ports

    async def __call__(
        self, request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        if not is_safe(str(request.url), allow_local=self._allow_local, ports=self._ports):
            raise aiohttp.ClientConnectionError("not a public address")  # the address may be a secret
        return await handler(request)


def guarded_session(
    *,
    allow_local: bool = False,
    inner: AbstractResolver | None = None,
    ports: frozenset[int | None] = PORTS,
    **kept: float,
) -> aiohttp.ClientSession:
    """Return a session that reaches public addresses alone, each of them one that `is_safe`.

    `kept` tells the connector how long it keeps connections and names.
    """
    resolver = GuardedResolver(allow_local=allow_local, inner=inner)
    # One session for many portals: what one of them holds open must not keep others waiting.
    connector = aiohttp.TCPConnector(resolver=resolver, limit=0, **{"ttl_dns_cache": 60, **kept})  # type: ignore[arg-type]
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        middlewares=(_Guard(allow_local=allow_local, ports=ports),),
    )
