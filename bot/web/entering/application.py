"""The application's life on portals, as their calls tell it: proven first, then kept in one commit, then served."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

import structlog

from bot.clock import Clock
from bot.domain.automation.portal_object import ObjectRef
from bot.domain.errors import LinkNotValid, TooManyTries
from bot.domain.installation import Installation, InstallationState, Purpose
from bot.domain.portal import Portal
from bot.ports import NotProven, Proof, Serving, Showing, Shown, Verifier
from bot.services.people.installations import Installations, Installed, host_of
from bot.web.entering.room import Room

LONGEST_TRY = 15.0
"""Seconds in which a call is proven or not: a portal that is asked for it may never come to an end."""
_TRIES, _PAUSE = 3, 1.0
WRONG_CODES = 5
"""Codes that may be typed in vain for one installation while a code lives."""
_WRONG_FOR = timedelta(minutes=15)

log = structlog.get_logger("application")


class Do(Protocol):
    """Does a use case in one unit of work, tells its events, and commits."""

    async def __call__(self, work: Callable[[Installations], Awaitable[Any]]) -> Any:
        """Return what the work returned, once it is committed."""
        ...


@dataclass(frozen=True, slots=True)
class Webhook:
    """The incoming webhook of the settings: its tenant, and where it is."""

    key: str
    host: str


@dataclass(frozen=True, slots=True)
class Opened:
    """What somebody who opened a page is shown."""

    proof: Proof
    installed: Installed


class Application:
    """Takes what portals tell of the application."""

    def __init__(
        self,
        do: Do,
        verifier: Verifier,
        clock: Clock,
        serving: Serving,
        *,
        webhook: Webhook | None = None,
        forget: Callable[[str], None] = lambda _: None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        longest_try: float = LONGEST_TRY,
    ) -> None:
        """Believe what `verifier` proves; let `serving` serve what comes of it; `forget` what was read of a portal."""
        self._do = do
        self._verifier = verifier
        self._clock = clock
        self._serving = serving
        self._webhook = webhook
        self._forget = forget
        self._sleep = sleep
        self._longest_try = longest_try
        self._room = Room()
        self._wrong: dict[str, deque[datetime]] = {}

    def read(self, query: Any, body: bytes, content_type: str) -> Shown:
        """Return what a call shows; NotProven where it is none of a portal."""
        return self._verifier.read(query, body, content_type)

    async def prove(self, shown: Shown) -> Proof:
        """Return what is proven; a server that is away for a moment is waited for."""
        for tries_left in range(_TRIES - 1, -1, -1):
            try:
                async with self._room.place(shown.member_id):
                    return await self._tried(shown)
            except NotProven as error:
                if not error.may_pass or not tries_left:
                    raise
            await self._sleep(_PAUSE)  # in no place: others come meanwhile
        raise NotProven("busy", may_pass=True)

    async def _tried(self, shown: Shown) -> Proof:
        try:
            async with asyncio.timeout(self._longest_try):
                return await self._verifier.prove(shown)
        except TimeoutError:
            raise NotProven("portal_silent", may_pass=True) from None

    # Events of its life

    async def happened(self, shown: Shown) -> None:
        """Take an event; NotProven says why it is not taken. What is taken is committed."""
        if shown.what is Showing.UNINSTALLED:
            await self._uninstalled(shown)
        elif shown.what is Showing.PAID:
            await self._known(shown)
            await self._serve(await self._do(lambda each: each.mended(shown.member_id, self._clock.now())))
        elif shown.what in (Showing.INSTALLED, Showing.UPDATED):
            await self._install(await self.prove(shown), can_ask=False)
        else:
            raise NotProven("unknown_event")

    async def _known(self, shown: Shown) -> None:
        """Refuse a call that does not carry the application token that is known of its company."""
        known = await self._do(lambda each: each.token_of(shown.member_id))
        if not self._verifier.is_same_token(shown.application_token, known):
            raise NotProven("wrong_token")

    async def _uninstalled(self, shown: Shown) -> None:
        await self._known(shown)
        portal = await self._do(
            lambda each: each.uninstall(shown.member_id, self._clock.now(), clean=shown.wants_clean, at=shown.at)
        )
        if portal is not None:
            log.info("application removed", realm=portal.key, clean=shown.wants_clean)
            await self._leave(portal.key)

    # Pages

    async def installing(self, shown: Shown) -> Opened:
        """Install, because the page of the installation was opened in the portal's frame."""
        proof = await self.prove(shown)
        return Opened(proof, await self._install(proof, can_ask=True))

    async def opened(self, shown: Shown) -> Opened:
        """Return how the application stands, because its page was opened; an administrator mends by that."""
        proof = await self.prove(shown)
        found = await self._do(lambda each: each.of_company(proof.member_id))
        is_pinned = found is None or self._is_pinned(found[1], shown)
        if found is None or self._mends(found[1], proof) or (proof.is_admin and not is_pinned):
            return Opened(proof, await self._install(proof, can_ask=True))
        if not is_pinned:
            raise NotProven("wrong_token")
        portal, installation = found
        return Opened(proof, Installed(portal, installation))

    def _is_pinned(self, installation: Installation, shown: Shown) -> bool:
        """Whether a call carries the application token that is known; an older portal sends none."""
        known = installation.application_token
        return not (shown.application_token and known) or self._verifier.is_same_token(shown.application_token, known)

    @staticmethod
    def _mends(installation: Installation, proof: Proof) -> bool:
        """Whether an opening is as good as a new installation: it proves the same, by an administrator."""
        return proof.is_admin and (
            installation.state is not InstallationState.ACTIVE
            or installation.client_endpoint != proof.client_endpoint
            or not installation.application_token
        )

    async def sees(self, proof: Proof, ref: ObjectRef) -> bool:
        """Whether whoever opened a page may see an object of their portal."""
        async with self._room.place(proof.member_id):
            return await self._verifier.sees(proof, ref)

    async def _install(self, proof: Proof, *, can_ask: bool) -> Installed:
        webhook, company = "", ""
        if self._webhook is not None and self._webhook.host == proof.host:
            webhook = self._webhook.key
            company = await self._verifier.company_behind(webhook)
        now = self._clock.now()
        installed: Installed = await self._do(
            lambda each: each.install(proof, now, webhook=webhook, company=company, can_ask=can_ask)
        )
        log.info(
            "application installed",
            realm=installed.portal.key,
            state=installed.installation.state.value,
            trouble=installed.installation.trouble.value if installed.installation.trouble else None,
        )
        await self._serve(installed)
        return installed

    async def join(self, member_id: str, code: str) -> Installed:
        """Join two tenants by the code that the bot of one told; whoever guesses has few tries."""
        now = self._clock.now()
        wrong = self._wrong.setdefault(member_id, deque(maxlen=WRONG_CODES))
        if len(wrong) == WRONG_CODES and now - wrong[0] < _WRONG_FOR:
            raise TooManyTries
        wrong.append(now)  # before anything is waited for: those who come meanwhile count it too
        try:
            installed: Installed = await self._do(lambda each: each.join(member_id, code, now))
        except LinkNotValid:
            raise
        except BaseException:
            if now in wrong:
                wrong.remove(now)  # nothing was found out about the code
            raise
        self._wrong.pop(member_id, None)
        await self._serve(installed)
        return installed

    async def begin_anew(self, member_id: str) -> Installed | None:
        """Serve a tenant of its own, for an administrator said that it is another company."""
        installed: Installed | None = await self._do(lambda each: each.begin_anew(member_id, self._clock.now()))
        await self._serve(installed)
        return installed

    # The authorisation flow

    async def agreed(self, member_id: str, code: str, oauth_host: str, purpose: Purpose, account: str = "") -> Proof:
        """Keep somebody's tokens for what they agreed to; where an `account` is named, that one's alone."""
        proof = await self._verifier.redeem(code, oauth_host)
        if proof.member_id != member_id:
            raise NotProven("another_company")
        if account and proof.account != account:
            raise NotProven("another_person")
        await self._serve(await self._do(lambda each: each.agree(member_id, proof, purpose, self._clock.now())))
        return proof

    async def confirmed(self, member_id: str, code: str, oauth_host: str) -> Proof:
        """Return who somebody of a company is, as its authorisation server confirms it; nothing of it is kept."""
        async with self._room.place(member_id):
            proof = await self._verifier.redeem(code, oauth_host)
        if proof.member_id != member_id:
            raise NotProven("another_company")
        return proof

    async def company_at(self, host: str) -> str:
        """Return the company that the application serves at an address; "" where there is none."""
        found = await self._do(lambda each: each.at(host))
        return found[0].member_id if found is not None and found[1].is_served else ""

    async def portal_of(self, member_id: str) -> Portal | None:
        """Return the tenant of a company, where the application serves it."""
        found = await self._do(lambda each: each.of_company(member_id))
        return found[0] if found is not None and found[1].is_served else None

    async def sign_in_address(self, member_id: str, state: str) -> str:
        """Return the page of a company's portal at which somebody agrees; NotProven where it has none."""
        found = await self._do(lambda each: each.of_company(member_id))
        there = None
        if found is not None and found[1].state is not InstallationState.ASLEEP:
            there = self._verifier.sign_in_address(host_of(found[1].client_endpoint), state)
        if there is None:
            raise NotProven("not_installed")
        return there

    # What comes of it

    async def _serve(self, installed: Installed | None) -> None:
        if installed is None:
            return
        for key in installed.former:
            await self._leave(key)
        key = installed.portal.key
        self._forget(key)
        if installed.installation.is_served:
            await self._told(self._serving.connect, key)
        else:
            await self._leave(key)

    async def _leave(self, key: str) -> None:
        self._forget(key)
        await self._told(self._serving.disconnect, key)

    @staticmethod
    async def _told(tell: Callable[[str], Awaitable[None]], key: str) -> None:
        """Tell it now; what fails is found by whoever serves at its next look."""
        try:
            await tell(key)
        except Exception as error:
            log.exception("application not followed at once", realm=key, error=type(error).__name__)
