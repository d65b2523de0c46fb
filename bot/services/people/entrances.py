"""Ways in that are proven elsewhere: by a portal around our page, by its authorisation server, by a messenger's frame.

Where a browser keeps no cookies for a frame, the page itself holds the session: it is handed a code, which opens one
once, within a minute; where the browser does keep them, the code opens nothing any more.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.errors import LinkNotValid
from bot.domain.people.employee import Employee, Identity
from bot.domain.people.session import Entrance, Via, WebSession
from bot.ports import UnitOfWork
from bot.services.people.access import Access, Entered, Reader, hash_of
from bot.services.unit_service import UnitService

EXCHANGE_LIVES = timedelta(seconds=60)
SHOWN_AGAIN = timedelta(minutes=10)
"""So long what a messenger signed leads back to the session that it opened."""
_LONGEST = 100


@dataclass(frozen=True, slots=True)
class Framed:
    """Somebody who is in, inside somebody else's page: by a cookie, or by the code where none is kept."""

    entered: Entered
    code: str


class Entrances(UnitService):
    """Lets in whoever was proven to be the owner of an account."""

    def __init__(self, uow: UnitOfWork, access: Access) -> None:
        """Begin sessions by `access`."""
        super().__init__(uow)
        self._access = access

    async def owner(self, portal_id: int, channel: str, realm: str, account: str) -> tuple[Employee, Identity] | None:
        """Return whose account that is in a company that is there; whoever is switched off is returned too."""
        found = await self._uow.employees.by_identity(channel, realm, account)
        if found is None or found.portal_id != portal_id:
            return None
        identity = found.owning(channel, realm, account)
        return None if identity is None else (found, identity)

    async def begin(self, employee: Employee, by: Identity, via: Via, device: str, now: datetime) -> Entered:
        """Begin a session; LinkNotValid where the person may not come in."""
        portal = await self._uow.portals.get(employee.portal_id)
        if employee.is_disabled or portal is None or not portal.is_active:
            raise LinkNotValid
        return self._access.begin(employee, by, via, device, now)

    async def frame(
        self, employee: Employee, by: Identity, via: Via, device: str, now: datetime, *, former: str = ""
    ) -> Framed:
        """Begin a session inside somebody else's page; that of the `former` token, of the same person, is over."""
        before = await self._access.of(former, now) if former else None
        if before is not None and before.employee.id == employee.id and before.session.via is via:
            self._access.end(before.session, now)
        entered = await self.begin(employee, by, via, device, now)
        code = secrets.token_urlsafe(24)
        self._keep(_code_hash(code), entered.session, now + EXCHANGE_LIVES)
        return Framed(entered, code)

    async def signed(
        self, employee: Employee, by: Identity, mark: str, device: str, now: datetime, *, token: str
    ) -> Framed | None:
        """Begin a session by words that a messenger signed; None where the browser that shows them again is in by them.

        They open one session. Shown again within ten minutes they lead back to it, or, once and without its cookie, to
        one in its place; after that, or from elsewhere, LinkNotValid.
        """
        name = hash_of(f"signed {mark}")
        known = await self._uow.web_sessions.entrance(name)
        if known is None:
            framed = await self.frame(employee, by, Via.MINI_APP, device, now, former=token)
            self._uow.web_sessions.keep_entrance(
                Entrance(name, employee.portal_id, framed.entered.session.id, now + SHOWN_AGAIN)
            )
            return framed
        if known.expires_at <= now:
            raise LinkNotValid
        own = await self._access.of(token, now) if token else None
        if own is not None and own.session.id == known.session_id:
            return None
        if known.used_at is not None or known.portal_id != employee.portal_id:
            raise LinkNotValid
        self._uow.web_sessions.use_entrance(known, now)
        first = await self._access.by_id(known.portal_id, known.session_id, now)
        if first is None:
            raise LinkNotValid
        self._access.end(first.session, now)
        return await self.frame(employee, by, Via.MINI_APP, device, now)

    async def asked(
        self, employee: Employee, by: Identity, once: str, device: str, now: datetime, until: datetime, *, token: str
    ) -> Entered | None:
        """Begin a session because somebody said on our page that it is them; None where their browser is in by that.

        What was asked `once` opens one session; said again, from elsewhere, LinkNotValid. It is known `until` then.
        """
        name = hash_of(f"asked {once}")
        known = await self._uow.web_sessions.entrance(name)
        if known is None:
            entered = await self.begin(employee, by, Via.FRAME, device, now)
            self._uow.web_sessions.keep_entrance(Entrance(name, employee.portal_id, entered.session.id, until, now))
            return entered
        own = await self._access.of(token, now) if token else None
        if own is None or own.session.id != known.session_id:
            raise LinkNotValid
        return None

    def _keep(self, mark_hash: str, session: WebSession, until: datetime) -> None:
        self._uow.web_sessions.keep_entrance(Entrance(mark_hash, session.portal_id, session.id, until))

    async def exchange(self, code: str, now: datetime) -> Entered:
        """Return a session of its own for a page whose browser keeps no cookies; the one beside the code is over."""
        found = await self._uow.web_sessions.entrance(_code_hash(code[:_LONGEST]))
        if found is None or found.used_at is not None or found.expires_at <= now:
            raise LinkNotValid
        self._uow.web_sessions.use_entrance(found, now)
        beside = await self._access.by_id(found.portal_id, found.session_id, now)
        identity = beside.employee.owning(*beside.session.came_by) if beside is not None else None
        if beside is None or identity is None:
            raise LinkNotValid
        self._access.end(beside.session, now)
        via = Via.FRAME_HEADER if beside.session.via is Via.FRAME else beside.session.via
        return self._access.begin(beside.employee, identity, via, beside.session.device, now)

    def burn(self, reader: Reader, now: datetime) -> None:
        """Let no code open anything beside a session that travels by cookie."""
        self._uow.web_sessions.burn_entrances(reader.session, now)


def _code_hash(code: str) -> str:
    return hash_of(f"exchange {code}")
