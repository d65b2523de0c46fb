"""Access to the web application: one-time links and codes, and the sessions that they begin."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from bot.domain.errors import LinkNotValid
from bot.domain.people.employee import Employee, Identity
from bot.domain.people.session import LIVES, SignIn, Via, WebSession
from bot.domain.portal import Portal
from bot.domain.rights import Right, check
from bot.ids import new_id
from bot.ports import UnitOfWork
from bot.services.approvals.seals import Seals
from bot.services.unit_service import UnitService

LINK_LIVES = timedelta(minutes=10)
SEEN_EVERY = timedelta(hours=1)
_CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Without those that look like others."""
_CODE_LENGTH = 10
_LONGEST_CODE = 20
"""As it may be typed, with spaces and dashes; a token is longer."""
_LONGEST_SECRET = 100
_DEVICE = 80


@dataclass(frozen=True, slots=True)
class Offered:
    """A one-time way in, as its person is told of it: a token for a link, or a code to type."""

    token: str
    code: str


@dataclass(frozen=True, slots=True)
class Entered:
    """Somebody who is in: the token is shown to their browser and kept nowhere."""

    token: str
    session: WebSession
    employee: Employee


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose a session is, as they are now."""

    session: WebSession
    employee: Employee
    portal: Portal
    around: str = ""
    """The portal's own address, where its page is around ours."""


class Access(UnitService):
    """Makes and opens ways in. Of tokens and codes only hashes are stored."""

    def __init__(self, uow: UnitOfWork, seals: Seals) -> None:
        """Work in `uow`; what is short enough to be guessed is kept under keyed hashes."""
        super().__init__(uow)
        self._seals = seals

    # One-time links

    def offer(self, employee: Employee, by: Identity, now: datetime) -> Offered:
        """Return a new way in for whoever wrote from an account of theirs; earlier ones stop working."""
        token, code = secrets.token_urlsafe(24), "".join(secrets.choice(_CODE_LETTERS) for _ in range(_CODE_LENGTH))
        self._uow.web_sessions.offer(
            SignIn(
                self._seals.hashes(token)[0],
                self._seals.hashes(code)[0],
                employee.portal_id,
                employee.id,
                by.channel,
                by.realm,
                by.account,
                now + LINK_LIVES,
            )
        )
        return Offered(token, f"{code[:5]}-{code[5:]}")

    async def look(self, secret: str, now: datetime) -> Reader | None:
        """Return who would be signed in by a link's token or a code; None where it opens nothing."""
        found = await self._opened(secret, now)
        return None if found is None else found[1]

    async def enter(self, secret: str, device: str, now: datetime) -> Entered:
        """Sign in by a link's token or a code, once."""
        found = await self._opened(secret, now)
        if found is None:
            raise LinkNotValid
        sign_in, reader = found
        self._uow.web_sessions.use(sign_in, now)
        identity = reader.employee.owning(sign_in.channel, sign_in.realm, sign_in.account)
        if identity is None:
            raise LinkNotValid
        return self.begin(reader.employee, identity, Via.LINK, device, now)

    async def _opened(self, secret: str, now: datetime) -> tuple[SignIn, Reader] | None:
        for each in self._names(secret):
            found = await self._uow.web_sessions.sign_in(each)
            if found is None or found.expires_at <= now:
                continue
            employee = await self._person(found.portal_id, found.employee_id)
            portal = await self._uow.portals.get(found.portal_id)
            if employee is None or portal is None or not portal.is_active:
                return None
            if employee.owning(found.channel, found.realm, found.account) is None:
                return None
            stands_for = _session(employee, found, now)
            return found, Reader(stands_for, employee, portal)
        return None

    def _names(self, secret: str) -> Sequence[str]:
        """Return under which hashes what somebody shows may be kept: as a token, and as a code typed in any way."""
        shown = secret.strip()[:_LONGEST_SECRET]
        code = _code_in(secret)
        return (*self._seals.hashes(shown), *(self._seals.hashes(code) if code else ()))

    # Sessions

    def begin(self, employee: Employee, by: Identity, via: Via, device: str, now: datetime) -> Entered:
        """Begin a session for somebody who proved to be the owner of an account."""
        token = secrets.token_urlsafe(32)
        session = WebSession(
            new_id(),
            hash_of(token),
            employee.portal_id,
            employee.id,
            via,
            by.channel,
            by.realm,
            by.account,
            " ".join(device.split())[:_DEVICE],
            now,
            now,
            now + LIVES[via],
        )
        self._uow.web_sessions.add(session)
        self._note(employee, f"signed in by {via.value}", now)
        return Entered(token, session, employee)

    async def of(self, token: str, now: datetime) -> Reader | None:
        """Return whose session a token opens, with what they may do now; None for one that opens nothing."""
        return await self._read(await self._uow.web_sessions.get(hash_of(token)), now)

    async def whose(self, token: str) -> int | None:
        """Return whose session a token opened, also once it is over; None where that is not known."""
        session = await self._uow.web_sessions.get(hash_of(token)) if token else None
        return None if session is None else session.employee_id

    async def by_id(self, portal_id: int, session_id: int, now: datetime) -> Reader | None:
        """Return whose session that is; None for one that opens nothing."""
        return await self._read(await self._uow.web_sessions.by_id(portal_id, session_id), now)

    async def _read(self, session: WebSession | None, now: datetime) -> Reader | None:
        if session is None or session.is_over(now):
            return None
        employee = await self._person(session.portal_id, session.employee_id)
        portal = await self._uow.portals.get(session.portal_id)
        if employee is None or portal is None or not portal.is_active or not session.belongs_to(employee):
            return None
        around = ""
        if session.is_framed:
            installation = await self._uow.installations.of(portal.id)
            around = installation.client_endpoint if installation is not None else ""
        return Reader(session, employee, portal, around)

    async def sessions(self, employee: Employee, now: datetime) -> list[WebSession]:
        """Return a person's sessions that open something, newest first."""
        known = await self._uow.web_sessions.of(employee.portal_id, employee.id)
        return [each for each in known if not each.is_over(now) and each.belongs_to(employee)]

    def seen(self, session: WebSession, now: datetime) -> None:
        """Note that a session is used, once an hour at most."""
        if self.is_seen_due(session, now):
            self._uow.web_sessions.seen(session, now)

    @staticmethod
    def is_seen_due(session: WebSession, now: datetime) -> bool:
        """Whether it is to be noted that a session is used."""
        return now - session.seen_at >= SEEN_EVERY

    def end(self, session: WebSession, now: datetime) -> None:
        """Sign out on one device."""
        self._uow.web_sessions.end(session, now)

    async def end_one(self, employee: Employee, session_id: int, now: datetime) -> None:
        """Sign out on another device of the person; what is none of theirs changes nothing."""
        for each in await self._uow.web_sessions.of(employee.portal_id, employee.id):
            if each.id == session_id:
                self.end(each, now)

    def end_all(self, employee: Employee, now: datetime, by: Employee | None = None) -> None:
        """Sign out everywhere: oneself, or as whoever gives access somebody else."""
        if by is not None and by.id != employee.id:
            check(by, Right.GIVE_ACCESS)
        self._uow.web_sessions.end_all(employee.portal_id, employee.id, now)
        self._note(employee, "signed out everywhere", now, by)

    async def _person(self, portal_id: int, employee_id: int) -> Employee | None:
        found = await self._uow.employees.get(portal_id, employee_id)
        return None if found is None or found.is_disabled else found

    def _note(self, employee: Employee, what: str, now: datetime, by: Employee | None = None) -> None:
        actor_id = (by or employee).id
        self._uow.audit.add(employee.portal_id, actor_id=actor_id, subject_id=employee.id, what=what, at=now)


def is_code(secret: str) -> bool:
    """Whether what somebody shows has the form of a typed code: that alone is short enough to be guessed."""
    return bool(_code_in(secret))


def _code_in(secret: str) -> str:
    """Return the code that was typed, in whatever way; "" for what is none, such as a link's token."""
    shown = secret.strip()
    code = "".join(each for each in shown.upper() if each in _CODE_LETTERS)
    return code if len(shown) <= _LONGEST_CODE and len(code) == _CODE_LENGTH else ""


def hash_of(token: str) -> str:
    """Return under which name a session is kept: its token is long enough to need no key."""
    return sha256(token.encode(errors="replace")).hexdigest()


def _session(employee: Employee, by: SignIn, now: datetime) -> WebSession:
    """Return what would be begun, for whoever is only shown whose link it is."""
    where = (by.channel, by.realm, by.account)
    return WebSession(0, "", employee.portal_id, employee.id, Via.LINK, *where, "", now, now, now)
