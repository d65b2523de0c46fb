"""Requests to addresses that others told us: only to public ones, by what the name really leads to when it is called.

A name may lead anywhere, and somewhere else at each look. So addresses are checked where they are resolved, and what
was checked is what is connected to. `ALLOW_LOCAL_PORTALS` opens the machine itself, never its network.
"""

import ipaddress
import socket
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_PRIVATE_NAMES = (".local", ".internal", ".localhost", ".lan", ".home.arpa")


def is_public_name(host: str) -> bool:
    """Whether a host is a name of the public network, and no address."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return "." in host.strip(".") and not host.lower().rstrip(".").endswith(_PRIVATE_NAMES)
    return False


def is_safe(url: str, *, allow_local: bool) -> bool:
    """Whether an address that was told may be called: https at a public name, or this machine where that is allowed."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if "@" in parts.netloc or parts.fragment:
        return False
    if host in LOOPBACK:
        return allow_local and parts.scheme in {"http", "https"}
    return parts.scheme == "https" and port in {None, 443} and is_public_name(host)


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
        allowed = [each for each in found if self._is_allowed(each["host"])]
        if len(allowed) != len(found) or not allowed:
            # One that is not public among public ones is no accident: whoever made the name meant it.
            raise OSError(f"{host} does not lead to public addresses alone")
        return allowed

    async def close(self) -> None:
        """Close the inner one."""
        await self._inner.close()

    def _is_allowed(self, address: str) -> bool:
        try:
            found = ipaddress.ip_address(address)
        except ValueError:
            return False
        mapped = getattr(found, "ipv4_mapped", None)
        found = mapped or found
        if found.is_loopback:
            return self._allow_local
        return found.is_global and not found.is_multicast


def guarded_session(
    *, allow_local: bool = False, inner: AbstractResolver | None = None, **kept: float
) -> aiohttp.ClientSession:
    """Return a session that reaches public addresses alone; each request still has to be to one that `is_safe`.

    `kept` tells the connector how long it keeps connections and names.
    """
    resolver = GuardedResolver(allow_local=allow_local, inner=inner)
    # One session for many portals: what one of them holds open must not keep others waiting.
    connector = aiohttp.TCPConnector(resolver=resolver, limit=0, **{"ttl_dns_cache": 60, **kept})  # type: ignore[arg-type]
    return aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())
