"""Who calls over HTTP: their address, behind proxies that are ours, and how often they may try something."""

import ipaddress
import time
from collections import deque
from collections.abc import Callable, Sequence

from aiohttp import web

_Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_MOST_KEYS = 10_000
"""Addresses that are remembered at a time: whoever has more of them is held back by what counts for all."""


class Callers:
    """Tells from where a call comes. A header is believed from a trusted proxy alone."""

    def __init__(self, trusted: Sequence[_Network] = ()) -> None:
        """Trust proxies in these networks."""
        self._trusted = trusted

    def address_of(self, request: web.BaseRequest) -> str:
        """Return the address of who calls: the socket's, or the last one that a trusted proxy did not add itself."""
        here = request.remote or ""
        lines = ",".join(request.headers.getall("X-Forwarded-For", ()))  # a proxy may add a line of its own
        told = [each.strip() for each in lines.split(",") if each.strip()]
        while told and self._is_trusted(here):
            here = told.pop()
        return here

    def _is_trusted(self, address: str) -> bool:
        try:
            own = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(own in each for each in self._trusted)


class Tries:
    """Counts what somebody tries: no more than so often in so many seconds."""

    def __init__(self, most: int, within: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Allow `most` in `within` seconds; real time, for it is no business of anybody's day."""
        self._most = most
        self._within = within
        self._monotonic = monotonic
        self._known: dict[str, deque[float]] = {}

    def are_left(self, key: str = "") -> bool:
        """Whether that one may try again now."""
        known = self._known.get(key)
        return known is None or len(known) < self._most or self._monotonic() - known[0] >= self._within

    def note(self, key: str = "") -> None:
        """Count a try."""
        if key not in self._known and len(self._known) >= _MOST_KEYS:
            self._known.pop(next(iter(self._known)))
        self._known.setdefault(key, deque(maxlen=self._most)).append(self._monotonic())

    def forgive(self, key: str = "") -> None:
        """Count the newest try no more: it was none."""
        known = self._known.get(key)
        if known:
            known.pop()
