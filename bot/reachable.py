"""Which addresses that others told us may be called: public ones, whatever they carry inside."""

import ipaddress
import re
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import urlsplit

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


def may_be_called(address: str, *, allow_local: bool) -> bool:
    """Whether an address is a public one, or this machine's where that is allowed."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    carried = carried_by(found)
    if found.is_loopback or any(each.is_loopback and each == found.ipv4_mapped for each in carried):  # type: ignore[union-attr]
        return allow_local
    return all(map(_is_public, carried or (found,)))
