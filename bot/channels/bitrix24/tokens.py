"""Tokens in use: read before each request, renewed when the portal calls one expired, by one process at a time.

A renewal makes the former refresh token worthless, so that two at once, or one whose outcome is forgotten, would shut
us out of a portal. Therefore: in a process those who found the same token expired wait for one renewal, which nobody's
cancellation ends; among processes it is claimed in the pair's own row, which is read again behind the claim; and the
next pair is stored before anybody uses it. Nothing is renewed by a timer but a pair that would be forgotten for never
being used: the vendor blocks applications that do.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from bot import metrics
from bot.channels.bitrix24.errors import NO_ANSWER, RestError
from bot.channels.bitrix24.oauth import AuthorisationServers, Issued, OAuthError, trouble_of
from bot.clock import Clock
from bot.domain.installation import KEEP_ALIVE, Grant, Trouble, in_order
from bot.ports import Grants

BELIEVED = timedelta(minutes=5)
"""So long it is believed whose access is used, for somebody may have ended it meanwhile in another process."""
LEASE = 60.0
"""Seconds for which a renewal is claimed: longer than the authorisation server may take with its answer."""
_LOOK_AGAIN = 0.1
_LONGEST_LOOK = 1.0
_STORE_TRIES = 8
_AT_ONCE = 16
"""Renewals under way at the authorisation servers at a time."""
NOT_SERVED = "NOT_SERVED"
"""Our own code: nothing stored opens this portal now."""
NO_GRANT = "NO_GRANT"
"""Our own code: somebody whose own rights are needed has not let us use them, or does not any more."""

log = structlog.get_logger(__name__)

NoteTrouble = Callable[[str, Trouble], Awaitable[None]]
"""Notes what is wrong with the installation of a portal, by its key."""
NoteMoved = Callable[[str, str], Awaitable[None]]
"""Notes the address of a portal, by its key, as the authorisation server told it."""


@dataclass(frozen=True, slots=True)
class Access:
    """What opens a portal now."""

    endpoint: str
    member_id: str
    oauth_host: str
    grant: Grant = field(repr=False)
    read_at: datetime


class KeptTokens:
    """The tokens of all portals, for this process."""

    def __init__(
        self,
        grants: Grants,
        servers: AuthorisationServers,
        clock: Clock,
        *,
        trouble: NoteTrouble,
        moved: NoteMoved,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Keep them in `grants`, and tell what is wrong with a portal, or where it is now."""
        self._grants = grants
        self._servers = servers
        self._clock = clock
        self._trouble = trouble
        self._moved = moved
        self._sleep = sleep
        self._known: dict[tuple[str, str], Access] = {}
        """By portal and account; of whoever the application works as, under ""."""
        self._flights: dict[tuple[int, str, int], asyncio.Task[None]] = {}
        self._room = asyncio.Semaphore(_AT_ONCE)

    async def access(self, key: str, account: str = "") -> Access:
        """Return what opens a portal, in the name of an account where one is given; RestError where nothing does."""
        known = self._known.get((key, account))
        if known is None or self._clock.now() - known.read_at > BELIEVED:
            known = self._known[key, account] = await self._read(key, account)
        return known

    async def stand_ins(self, key: str) -> Sequence[str]:
        """Return who stands in on a portal for whoever the application works as, the next one first."""
        found = await self._grants.installation(key)
        return [] if found is None else [each.account for each in in_order(await self._grants.of(found[0].id))[1:]]

    def forget(self, key: str) -> None:
        """Read a portal's row again before the next request: it was installed anew, or removed."""
        for name in [each for each in self._known if each[0] == key]:
            del self._known[name]

    async def _read(self, key: str, account: str) -> Access:
        found = await self._grants.installation(key)
        if found is None or not found[1].is_served:
            raise RestError(NOT_SERVED)
        portal, installation = found
        grants = await self._grants.of(portal.id)
        own = [each for each in grants if each.account == account and not each.is_lost]
        for grant in own if account else in_order(grants):
            endpoint = installation.client_endpoint.rstrip("/") + "/"
            return Access(endpoint, portal.member_id or "", installation.oauth_host, grant, self._clock.now())
        raise RestError(NO_GRANT if account else NOT_SERVED)

    # Renewing

    async def renew(self, key: str, expired: str | None, account: str = "") -> None:
        """See to it that the next request has another token than the one that the portal called expired."""
        access = await self.access(key, account)
        if expired is not None and access.grant.pair.access != expired:
            return  # somebody has seen to it meanwhile
        await self._renewed(key, access, account)

    async def _renewed(self, key: str, access: Access, account: str = "") -> None:
        """Wait for the one renewal of that pair, which goes on whoever of those who wait is cancelled."""
        name = (access.grant.portal_id, access.grant.account, access.grant.version)
        flight = self._flights.get(name)
        if flight is None:
            flight = self._flights[name] = asyncio.create_task(self._renew(key, access, account))
            flight.add_done_callback(lambda _: self._flights.pop(name, None))
            flight.add_done_callback(_seen)
        await asyncio.shield(flight)

    async def _renew(self, key: str, access: Access, account: str) -> None:
        grant, waited = access.grant, 0.0
        pause = _LOOK_AGAIN
        try:
            while (issued := await self._issued(grant, access.oauth_host)) is None:
                # A look is a read; a claim is a write, and waits for room among all renewals.
                if await self._is_seen_to(key, account, grant):
                    return
                if waited > LEASE:
                    raise RestError(NO_ANSWER)
                await self._sleep(pause)
                waited, pause = waited + pause, min(pause * 2, _LONGEST_LOOK)
                if await self._is_seen_to(key, account, grant):
                    return
        except OAuthError as error:
            await self._failed(key, grant, error)
            return
        self.forget(key)
        if issued.member_id != access.member_id:
            log.error("bitrix24.tokens_of_another_company", realm=key)
            await self._grants.lose(grant)
            await self._trouble(key, Trouble.GRANT_LOST)
            raise RestError(NOT_SERVED)
        metrics.REFRESHES.labels("renewed").inc()
        await self._store(grant, issued)
        if issued.client_endpoint.rstrip("/") + "/" != access.endpoint:
            await self._moved(key, issued.client_endpoint)

    async def _is_seen_to(self, key: str, account: str, grant: Grant) -> bool:
        """Whether another process has renewed it meanwhile."""
        self.forget(key)
        now = await self.access(key, account)
        return (now.grant.account, now.grant.version) != (grant.account, grant.version)

    async def _issued(self, grant: Grant, oauth_host: str) -> Issued | None:
        """Return the next pair; None where another renews this one, or did.

        It is claimed when there is room for the request: a claim that lapses in a queue would let another send the
        same refresh token.
        """
        async with self._room:
            if not await self._grants.claim(grant, LEASE):
                return None
            return await self._servers.renew(grant.pair.refresh, oauth_host)

    async def _store(self, grant: Grant, issued: Issued) -> None:
        """Store the pair, for the former one is worth nothing any more; a database that is away is waited for."""
        pause = _LOOK_AGAIN
        for attempt in range(_STORE_TRIES):
            try:
                await self._grants.renew(grant, issued.pair, self._clock.now())
            except Exception as error:
                log.warning("bitrix24.tokens_not_stored", error=type(error).__name__, attempt=attempt + 1)
                if attempt + 1 == _STORE_TRIES:
                    raise
                await self._sleep(pause)
                pause *= 2
            else:
                return

    async def _failed(self, key: str, grant: Grant, error: OAuthError) -> None:
        """Go on with somebody else's tokens where these are lost; else tell what is wrong."""
        # A renewal without a refresh token, as of a pair that came without one, is "no request" to the server.
        trouble = Trouble.GRANT_LOST if error.code == "INVALID_REQUEST" else error.trouble
        metrics.REFRESHES.labels(trouble.value if trouble else "failed").inc()
        if trouble is None:
            await self._grants.release(grant)
            raise RestError(NO_ANSWER if error.code == NO_ANSWER else error.code, status=error.status)
        self.forget(key)
        log.warning("bitrix24.tokens_refused", realm=key, code=error.code)
        if trouble is Trouble.GRANT_LOST:
            await self._grants.lose(grant)
            if not grant.serves:
                return  # one person's own: whoever needs it finds it gone
            if in_order(await self._grants.of(grant.portal_id)):
                following = await self.access(key)  # a stand-in's
                if following.grant.pair.expires_at <= self._clock.now():
                    await self._renewed(key, following)
                return
        else:
            await self._grants.release(grant)
            if await self._is_replaced(grant):
                return  # installed anew meanwhile: what was refused is nobody's any more
        await self._trouble(key, trouble)
        raise RestError(error.code, status=error.status)

    async def _is_replaced(self, grant: Grant) -> bool:
        """Whether another pair is stored in this one's place."""
        return any(
            (each.account, each.is_lost) == (grant.account, False) and each.version != grant.version
            for each in await self._grants.of(grant.portal_id)
        )

    async def keep_alive(self) -> int:
        """Renew pairs that nobody used for so long that they would be forgotten; returns how many were.

        Those that are refused, as while a portal is not paid for, keep their place: others are looked for behind them.
        """
        renewed, before = 0, self._clock.now() - KEEP_ALIVE
        page = await self._grants.stale(before)
        while page:
            for key, grant in page:
                renewed += await self._kept_alive(key, grant)
            page = await self._grants.stale(before, after=page[-1][1])
        return renewed

    async def _kept_alive(self, key: str, grant: Grant) -> bool:
        found = await self._grants.installation(key)
        if found is None:
            return False
        portal, installation = found
        now = self._clock.now()
        access = Access(installation.client_endpoint, portal.member_id or "", installation.oauth_host, grant, now)
        try:
            await self._renewed(key, access)
        except RestError as error:
            log.info("bitrix24.tokens_not_kept_alive", realm=key, code=error.code)
            return False
        return True

    # What a portal says

    async def refused(self, key: str, code: str, shown: str | None, account: str = "") -> None:
        """Note that a portal refused us for good, unless what was shown is not what is stored any more."""
        trouble = trouble_of(code)
        if account:
            await self._refused_to(key, account, trouble, shown)
            return
        known = self._known.pop((key, account), None)
        if trouble is None or known is None:
            return
        now = await self.access(key)
        if shown is not None and now.grant.pair.access != shown:
            return
        log.warning("bitrix24.portal_refused", realm=key, code=code)
        await self._trouble(key, trouble)

    async def _refused_to(self, key: str, account: str, trouble: Trouble | None, shown: str | None) -> None:
        """Note that one person's tokens are worth nothing; what is wrong with the portal is found by those it has."""
        known = self._known.pop((key, account), None)
        if known is None or known.grant.serves or trouble is None or shown != known.grant.pair.access:
            return
        log.warning("bitrix24.person_refused", realm=key)
        await self._grants.lose(known.grant)

    async def arrived(self, key: str, base_url: str) -> None:
        """Note a portal's new address if the authorisation server confirms it; RestError where it does not."""
        access = await self.access(key)
        try:
            facts = await self._servers.facts(access.grant.pair.access, access.oauth_host)
        except OAuthError as error:
            if error.code != "EXPIRED_TOKEN":
                raise RestError(NO_ANSWER if error.trouble is None else error.code, status=error.status) from None
            await self._renewed(key, access)  # its answer tells the address as well
            confirmed = (await self.access(key)).endpoint
        else:
            is_ours = facts.client_id == self._servers.client_id and facts.member_id == access.member_id
            confirmed = facts.client_endpoint if is_ours else ""
        if confirmed.rstrip("/") + "/" != base_url:
            await self._trouble(key, Trouble.MOVED)
            raise RestError("UNTRUSTED_REDIRECT")
        await self._moved(key, base_url)
        self.forget(key)

    async def close(self) -> None:
        """Return when no renewal is under way: what was given must be stored."""
        while self._flights:
            await asyncio.gather(*self._flights.values(), return_exceptions=True)


def _seen(flight: "asyncio.Task[None]") -> None:
    """Look at how it ended, for all who waited may be gone."""
    if not flight.cancelled():
        flight.exception()


class StoredCredentials:
    """The credentials of one portal, over the tokens that are kept of it."""

    def __init__(self, key: str, tokens: KeptTokens, account: str = "") -> None:
        """Open the portal of that key, in the name of whoever the application works as, or of one person."""
        self._key = key
        self._tokens = tokens
        self._account = account

    async def base_url(self) -> str:
        """Return the root of the REST interface, with a slash at its end."""
        return (await self._tokens.access(self._key, self._account)).endpoint

    async def token(self) -> str | None:
        """Return the access token for the body's `auth`."""
        return (await self._tokens.access(self._key, self._account)).grant.pair.access

    async def refresh(self, expired: str | None = None) -> None:
        """Get another token than the one that the portal called expired."""
        await self._tokens.renew(self._key, expired, self._account)

    async def stand_ins(self) -> Sequence[str]:
        """Return the accounts of those who stand in for whoever the application works as."""
        return [] if self._account else await self._tokens.stand_ins(self._key)

    async def moved(self, base_url: str) -> None:
        """Note the portal's new address, if the authorisation server confirms it."""
        await self._tokens.arrived(self._key, base_url)

    async def refused(self, code: str, token: str | None = None) -> None:
        """Note that the portal refuses what we showed for good."""
        await self._tokens.refused(self._key, code, token, self._account)

    def __repr__(self) -> str:
        """Show whose they are, never what they are."""
        return f"StoredCredentials({self._key})"
