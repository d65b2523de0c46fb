"""From which pages of others browsers may call the API: origins that an administrator named, and no other."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from bot.domain.errors import Refusal
from bot.domain.people.employee import Employee
from bot.domain.portal import Portal
from bot.domain.rights import Right, check
from bot.ports import UnitOfWork
from bot.reachable import LOOPBACK
from bot.services.messengers import Messengers
from bot.services.unit_service import UnitService
from bot.text import t

MOST, _LONGEST = 20, 200
_KEY = "origins"


class BadOrigin(Refusal):
    """What cannot be the origin of a page."""

    code = "bad_origin"


def origins_of(portal: Portal) -> Sequence[str]:
    """Return the origins from which browsers may call the API for a portal."""
    found = portal.options.get(_KEY)
    return [each for each in found if isinstance(each, str)] if isinstance(found, list) else []


def without_origins(portal: Portal) -> Portal:
    """Return a portal from whose pages no browser may call any more."""
    return replace(portal, options={name: value for name, value in portal.options.items() if name != _KEY})


class ApiOrigins(UnitService):
    """Keeps the origins of portals."""

    def __init__(self, uow: UnitOfWork, messengers: Messengers) -> None:
        """Read and note in `uow`."""
        super().__init__(uow)
        self._messengers = messengers

    async def everywhere(self) -> frozenset[str]:
        """Return the origins that any portal has named: before a call nobody knows whose it will be."""
        return frozenset(each for portal in await self._uow.portals.active() for each in origins_of(portal))

    async def add(self, by: Employee, portal: Portal, said: str, now: datetime) -> str:
        """Let browsers call from an origin; return it as it is kept."""
        check(by, Right.INTEGRATE)
        origin, known = self._read(said), origins_of(portal)
        if origin in known:
            return origin
        if len(known) >= MOST:
            raise BadOrigin(t("There are 20 addresses already. Take one away that nobody needs."))
        self._put(portal, [*known, origin])
        self._uow.audit.add(portal.id, actor_id=by.id, subject_id=None, what=f"api origin {origin} added", at=now)
        return origin

    async def remove(self, by: Employee, portal: Portal, origin: str, now: datetime) -> None:
        """Let browsers call from an origin no more."""
        check(by, Right.INTEGRATE)
        known = origins_of(portal)
        if origin in known:
            self._put(portal, [each for each in known if each != origin])
            self._uow.audit.add(portal.id, actor_id=by.id, subject_id=None, what=f"api origin {origin} removed", at=now)

    def _put(self, portal: Portal, origins: Sequence[str]) -> None:
        self._uow.portals.put(replace(portal, options={**portal.options, _KEY: list(origins)}))

    def _read(self, said: str) -> str:
        wrong = BadOrigin(t("Write an address as https://app.example.com, with nothing behind it."))
        try:
            parts = urlsplit(said.strip().rstrip("/").lower())
            port = parts.port
        except ValueError:
            raise wrong from None
        host, is_local = parts.hostname or "", (parts.hostname or "") in LOOPBACK
        named = bool(host) and host.isascii() and all(each.isalnum() or each in "-." for each in host)
        scheme = parts.scheme == "https" or (parts.scheme == "http" and is_local and self._messengers.allows_local)
        has_more = parts.path or parts.query or parts.fragment or "@" in parts.netloc or len(said) > _LONGEST
        if has_more or not scheme or not named:
            raise wrong
        return f"{parts.scheme}://{host}" + (f":{port}" if port and (parts.scheme, port) != ("https", 443) else "")
