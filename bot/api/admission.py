"""Who is let in: by a key or by the session of a page, as often as the limits allow, and noted as used."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog
from aiohttp import web

from bot.api.limits import Limits, Taken
from bot.api.operation import Operation, Reader
from bot.api.problems import BAD_QUERY, SCOPE_MISSING, TOO_MANY, UNAUTHORIZED, Refused, own
from bot.callers import Callers
from bot.domain.people.api_key import PREFIX, ApiKey, Scope, hash_of, is_token
from bot.domain.people.employee import Employee, Role
from bot.ports.undertaking import Supply, Undertake
from bot.services.people.access import Access
from bot.services.people.keys import Keys
from bot.text import t

_GOOD_KEPT = 10_000
_log = structlog.get_logger("api")


@dataclass(frozen=True, slots=True)
class Credential:
    """What a caller shows, and from where."""

    token: str
    address: str
    is_session: bool = False


class Admission:
    """Lets callers in."""

    def __init__(
        self, do: Undertake, limits: Limits, callers: Callers, session_of: Callable[[web.Request], str]
    ) -> None:
        """Note by `do` that keys are used; `session_of` is the session that a browser shows."""
        self._do = do
        self._limits = limits
        self._callers = callers
        self._session_of = session_of
        self._touched: dict[int, object] = {}
        """On which day each key was noted as used."""
        self._good: dict[str, None] = {}
        """Hashes of keys that were right last time: where an address tries wrong ones, these alone are looked at."""
        self._touching: set[asyncio.Task[None]] = set()

    async def close(self) -> None:
        """Let what is noted beside calls be stored."""
        if self._touching:
            await asyncio.gather(*self._touching, return_exceptions=True)

    def credential(self, request: web.Request) -> Credential:
        """Return the key that is shown; Refused where there is none, and where the address is busy with that."""
        address = self._callers.address_of(request)
        for value in request.query.values():
            if PREFIX in value:
                told = t("A key never stands in an address: revoke it, for it may be known now.")
                raise own(BAD_QUERY, errors=[("…", told)])
        if request.headers.get("Sec-Fetch-Site") == "same-origin":
            # A page of ours calls: no other site can make a browser say so, and no program says it by mistake.
            session = self._session_of(request)
            if session and not session.startswith(PREFIX):
                self._must_be_looked_at(session, address)
                return Credential(session, address, is_session=True)
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() == "bearer" and is_token(token.strip()):
            self._must_be_looked_at(token.strip(), address)
            return Credential(token.strip(), address)
        if not self._limits.strangers.take(address).is_allowed:
            raise own(TOO_MANY, headers={"Retry-After": "1"})
        raise _nobody()

    async def reader(self, shown: Credential, now: datetime, services: Supply) -> Reader:
        """Return whose key or session it is, as they are now; Refused where it is nobody's."""
        found = await (_in_session if shown.is_session else _by_key)(shown.token, now, services)
        hash_ = hash_of(shown.token)
        self._good.pop(hash_, None)
        if found is None:
            if not self._limits.wrong.take(shown.address).is_allowed:
                raise own(TOO_MANY, headers={"Retry-After": "6"})
            raise _nobody()
        self._good[hash_] = None
        if len(self._good) > _GOOD_KEPT:
            del self._good[next(iter(self._good))]
        return found

    def counted(self, reader: Reader, operation: Operation) -> tuple[Taken, Taken]:
        """Count a call; what the key has left, and what says whether this call is still allowed."""
        left = allowed = self._limits.keys.take(reader.key.id)
        if allowed.is_allowed and operation.is_heavy:
            allowed = self._limits.heavy.take(reader.key.id)
        return left, allowed

    def touch(self, reader: Reader, now: datetime) -> None:
        """Note beside the call, once a day, that a key is in use."""
        key, day = reader.key, now.date()
        if reader.is_session or key.used_on == day or self._touched.get(key.id) == day:
            return
        self._touched[key.id] = day

        async def note(services: Supply) -> None:
            await services.get(Keys).used(key, now)

        async def noted() -> None:
            try:
                await self._do(note, now)
            except Exception as error:  # noqa: BLE001 - nobody's call may fail for this; it is noted another day
                _log.warning("api.use_not_noted", key=key.prefix, error=type(error).__name__)

        task = asyncio.create_task(noted())
        self._touching.add(task)
        task.add_done_callback(self._touching.discard)

    def _must_be_looked_at(self, token: str, address: str) -> None:
        """Refuse to look where an address has tried too many wrong ones, but for what let somebody in before."""
        if self._limits.wrong.is_empty(address) and hash_of(token) not in self._good:
            raise own(TOO_MANY, headers={"Retry-After": "6"})


def must_have_scope(reader: Reader, operation: Operation) -> None:
    """Refuse a key that was not given what the operation needs."""
    if operation.scope is not None and operation.scope not in reader.key.scopes:
        raise own(SCOPE_MISSING, scope=operation.scope.value)


async def reader_of(key: ApiKey, services: Supply) -> Reader | None:
    """Return whose key it is, as they are now; None where nobody is let in by it."""
    portal = await services.uow.portals.get(key.portal_id)
    if portal is None or not portal.is_active:
        return None
    if key.owner_id is None:
        zone, locale = portal.zone, portal.locale
        program = Employee(key.id, portal.id, f"API: {key.name}", role=Role.ADMIN, zone=zone, locale=locale)
        return Reader(program, portal, key)
    person = await services.uow.employees.get(key.portal_id, key.owner_id)
    return None if person is None or person.is_disabled else Reader(person, portal, key)


async def _by_key(token: str, now: datetime, services: Supply) -> Reader | None:
    key = await services.get(Keys).known(token, now)
    return None if key is None else await reader_of(key, services)


async def _in_session(token: str, now: datetime, services: Supply) -> Reader | None:
    """Return whose session it is; they may do what they may do on pages."""
    found = await services.get(Access).of(token, now)
    if found is None:
        return None
    session, person = found.session, found.employee
    key = ApiKey(
        session.id, found.portal.id, person.id, "", "", session.token_hash, frozenset(Scope),
        session.created_at, person.id, session.expires_at,
    )  # fmt: skip
    return Reader(person, found.portal, key, is_session=True)


def _nobody() -> Refused:
    return own(UNAUTHORIZED, headers={"WWW-Authenticate": 'Bearer realm="smena"'})
