"""Requests to addresses that others told us: only to public ones, by what the name really leads to when it is called.

A name may lead anywhere, and somewhere else at each look. So addresses are checked where they are resolved, and what
was checked is what is connected to. An address in place of a name is resolved by nobody: therefore each request of a
guarded session is judged by its address as well. `ALLOW_LOCAL_PORTALS` opens the machine itself, never its network.
"""

import ipaddress
import re
import socket
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_PRIVATE_NAMES = (".local", ".internal", ".localhost", ".lan", ".home.arpa")
_LABEL = re.compile(r"[a-z0-9_-]{1,63}")
_LONGEST_NAME = 253
PORTS: frozenset[int | None] = frozenset({None, 443})
HOOK_PORTS: frozenset[int | None] = frozenset({None, 443, 8443})
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
"""NAT64: the address of IPv4 is in the last four bytes, and is what is called."""


def is_public_name(host: str) -> bool:
    """Whether a host is a name of the public network, and no address, in whatever digits it is written.

    What is judged is what would be called: HTTP writes full-width digits and dots as plain ones.
    """
    try:
        name = (URL.build(scheme="https", host=host).raw_host or "").lower().removesuffix(".")
    except ValueError:
        return False
    labels = name.split(".")
    if len(labels) < 2 or len(name) > _LONGEST_NAME or not all(map(_LABEL.fullmatch, labels)):
        return False
    # The last label of a name never begins with a digit, and that of an address always does: 127.1, 0x7f.0x1.
    return not labels[-1][0].isdigit() and not name.endswith(_PRIVATE_NAMES)


def is_safe(url: str, *, allow_local: bool, ports: frozenset[int | None] = PORTS) -> bool:
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
    return parts.scheme == "https" and port in ports and is_public_name(host)


def carried_by(address: IPv4Address | IPv6Address) -> tuple[IPv4Address, ...]:
    """Return the addresses of IPv4 to which one of IPv6 really leads: mapped, 6to4, Teredo, NAT64."""
    if isinstance(address, IPv4Address):
        return ()
    if address.ipv4_mapped is not None:
        return (address.ipv4_mapped,)
    if address.sixtofour is not None:
        return (address.sixtofour,)
    if address.teredo is not None:
        return address.teredo
    return (IPv4Address(int(address) & 0xFFFFFFFF),) if address in _TRANSLATED else ()


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


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
        if found.is_loopback:
            return self._allow_local
        carried = carried_by(found)
        if carried and carried[0] == getattr(found, "ipv4_mapped", None) and carried[0].is_loopback:
            return self._allow_local
        return all(map(_is_public, carried or (found,)))


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
