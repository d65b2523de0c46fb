"""Outages of portals: since when, and which of them last so long that somebody should be told."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.channels.bitrix24.errors import RestError, delivery_error
from bot.domain.outage import Outage

LASTS = 600.0
"""Seconds after which an outage is one that people should know of."""
_BY_CODE = {
    "STOPPED": Outage.OURS,
    "NOT_STARTED": Outage.STARTING,
    "NOT_REGISTERED": Outage.STARTING,
    "DELIVERIES_REFUSED": Outage.DELIVERIES,
    "NOT_PROVEN": Outage.DELIVERIES,
}
_BY_KIND = {"network": Outage.NETWORK, "credentials": Outage.CREDENTIALS, "rate_limit": Outage.BUSY}


def outage_of(code: str) -> Outage:
    """Return what a code of a portal's health means."""
    if code.startswith("NOT_STORED"):
        return Outage.OURS
    found = _BY_CODE.get(code)
    return found or _BY_KIND.get(delivery_error(RestError(code), whole_request=True).kind, Outage.SERVER)


@dataclass(slots=True)
class _Known:
    kind: Outage
    code: str
    since: float
    is_told: bool = False


class Outages:
    """Remembers how each portal is."""

    def __init__(self) -> None:
        """Begin with all of them well."""
        self._known: dict[str, _Known] = {}

    def look(self, realm: str, code: str | None, now: float) -> None:
        """Note how a portal is now. Another code does not begin it anew."""
        if code is None:
            self._known.pop(realm, None)
            return
        known = self._known.get(realm)
        if known is None:
            self._known[realm] = _Known(outage_of(code), code, now)
        elif known.code != code:
            known.kind, known.code = outage_of(code), code

    def forget(self, realm: str) -> None:
        """Know nothing of a portal that left."""
        self._known.pop(realm, None)

    def lasting(self, now: float) -> Iterator[tuple[str, Outage]]:
        """Return the realm and kind of each outage that lasts, is not ours, and of which nobody was told."""
        for realm, known in self._known.items():
            if not known.is_told and known.kind is not Outage.OURS and now - known.since >= LASTS:
                yield realm, known.kind

    def told(self, realm: str) -> None:
        """Note that somebody was told."""
        if realm in self._known:
            self._known[realm].is_told = True

    def by_kind(self) -> dict[Outage, int]:
        """Return how many portals have an outage of each kind."""
        counted: dict[Outage, int] = {}
        for known in self._known.values():
            counted[known.kind] = counted.get(known.kind, 0) + 1
        return counted
