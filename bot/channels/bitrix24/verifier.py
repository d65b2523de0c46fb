"""What a portal's call proves: read from the forms that portals send, and confirmed by the authorisation server.

A call is worth what the authorisation server says about the token in it: that it is one of our application, of which
company, and at which address that company is. Nothing that the call itself says is called before that. A host proves
nothing, for it may have been another company's.
"""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

import aiohttp

from bot.channels.bitrix24.client import Client
from bot.channels.bitrix24.credentials import IncomingWebhook
from bot.channels.bitrix24.errors import NO_ANSWER, UNREADABLE, RestError
from bot.channels.bitrix24.forms import BadBody, parse_body
from bot.channels.bitrix24.limiter import Limiter
from bot.channels.bitrix24.oauth import AuthorisationServers, OAuthError
from bot.channels.bitrix24.objects import PATIENCE
from bot.channels.bitrix24.values import flag, mapping, number, text
from bot.clock import Clock
from bot.domain.automation.portal_object import ObjectRef
from bot.domain.installation import TokenPair
from bot.ports import NotProven, Proof, Showing, Shown, Vault
from bot.reachable import is_safe

_EVENTS = {
    "ONAPPINSTALL": Showing.INSTALLED,
    "ONAPPUPDATE": Showing.UPDATED,
    "ONAPPUNINSTALL": Showing.UNINSTALLED,
    "ONAPPPAYMENT": Showing.PAID,
}
_LONGEST = 4_096
_MEMBER_DIGITS = range(8, 65)
_LIVES = 3_600
_LONGEST_OPTION = 500
_LAST = 1 << 33
"""Epoch seconds beyond which nothing is an instant of ours."""


class PortalVerifier:
    """Proves what is shown in the name of a portal."""

    def __init__(
        self,
        servers: AuthorisationServers,
        session: Callable[[], aiohttp.ClientSession],
        vault: Vault,
        clock: Clock,
        *,
        webhook: Callable[[str], str] = lambda _: "",
        limiter: Callable[[], Limiter],
    ) -> None:
        """Ask `servers`; `webhook` tells the address of a tenant's incoming webhook, by its key."""
        self._servers = servers
        self._session = session
        self._vault = vault
        self._clock = clock
        self._webhook = webhook
        self._limiter = limiter

    # Reading

    def read(self, query: Mapping[str, str], body: bytes, content_type: str) -> Shown:
        """Return what a call shows; NotProven where it is none of ours."""
        try:
            form = parse_body(body, content_type)
        except BadBody as error:
            raise NotProven(error.code) from None
        event = text(form.get("event")).upper()
        if event:
            if event not in _EVENTS:
                raise NotProven("unknown_event")
            return self._event(_EVENTS[event], form)
        return self._frame(query, form)

    def _event(self, what: Showing, form: Mapping[str, Any]) -> Shown:
        auth, data = mapping(form.get("auth")), mapping(form.get("data"))
        return Shown(
            what,
            _member(auth.get("member_id")),
            _host(text(auth.get("client_endpoint"))) or _short(auth.get("domain")).lower(),
            _short(auth.get("server_endpoint")),
            _short(auth.get("application_token")),
            self._pair(auth.get("access_token"), auth.get("refresh_token"), auth.get("expires_in")),
            _short(data.get("VERSION"), 20),
            _short(auth.get("status"), 1),
            _short(data.get("LANGUAGE_ID"), 10).lower(),
            flag(data.get("CLEAN")),
            _moment(form.get("ts")),
        )

    def _frame(self, query: Mapping[str, str], form: Mapping[str, Any]) -> Shown:
        return Shown(
            Showing.FRAME,
            _member(form.get("member_id")),
            _short(query.get("DOMAIN")).lower(),
            _short(form.get("SERVER_ENDPOINT")),
            _short(form.get("APPLICATION_TOKEN")),
            self._pair(form.get("AUTH_ID"), form.get("REFRESH_ID"), form.get("AUTH_EXPIRES")),
            status=_short(form.get("status"), 1),
            locale=_short(query.get("LANG"), 10).lower(),
            placement=_short(form.get("PLACEMENT"), 64).upper(),
            options=_options(form.get("PLACEMENT_OPTIONS")),
        )

    def _pair(self, access: Any, refresh: Any, expires_in: Any) -> TokenPair | None:
        shown, next_one = _short(access), _short(refresh)
        if not shown:
            return None
        lives = timedelta(seconds=min(number(expires_in) or _LIVES, _LIVES))
        return TokenPair(shown, next_one, self._clock.now() + lives)

    # Proving

    def is_same_token(self, shown: str, known: str) -> bool:
        """Whether a call carries the application token that is known; in constant time, and never without one."""
        return bool(known) and hmac.compare_digest(_digest(shown), _digest(known))

    async def prove(self, shown: Shown) -> Proof:
        """Return what the authorisation server confirms about the tokens of a call; NotProven where it does not."""
        server = self._servers.trusted(shown.server_endpoint)
        if server is None:
            raise NotProven("untrusted_server")
        if shown.pair is None or not shown.pair.refresh:  # what cannot be renewed is not to replace what can
            raise NotProven("no_tokens")
        facts = await self._asked(self._servers.facts(shown.pair.access, server))
        if facts.client_id != self._servers.client_id:
            raise NotProven("another_application")
        if not _member(facts.member_id) or facts.member_id != shown.member_id:
            raise NotProven("another_company")
        if not is_safe(facts.client_endpoint, allow_local=self._servers.allow_local):
            raise NotProven("unsafe_address")
        host = _host(facts.client_endpoint)
        if shown.host not in {host, facts.domain}:
            raise NotProven("another_host")
        return Proof(
            facts.member_id,
            host,
            facts.client_endpoint,
            server,
            facts.account,
            await self._is_admin(facts.client_endpoint, shown.pair.access, facts.account),
            facts.scope,
            facts.status or shown.status,
            facts.version or shown.version,
            shown.application_token,
            shown.pair,
            shown.locale,
            shown.at,
        )

    async def redeem(self, code: str, oauth_host: str) -> Proof:
        """Return what a code of the authorisation flow proves; NotProven where it is worth nothing."""
        server = self._servers.trusted(oauth_host)
        if server is None:
            raise NotProven("untrusted_server")
        issued = await self._asked(self._servers.exchange(_short(code), server))
        host = _host(issued.client_endpoint)
        shown = Shown(Showing.FRAME, issued.member_id, host, server, "", issued.pair)
        return await self.prove(shown)

    async def _asked(self, answer: "Awaitable[Any]") -> Any:
        try:
            return await answer
        except OAuthError as error:
            # A server that could not answer says nothing about the call; everything else is its answer.
            may_pass = error.code in {NO_ANSWER, UNREADABLE} or error.status >= 500
            raise NotProven(f"server_{error.code.lower()}", may_pass=may_pass) from None

    async def _is_admin(self, endpoint: str, access: str, account: str) -> bool:
        """Whether that person administers the portal, as it says itself at its confirmed address."""
        client = Client(_Shown(endpoint, access), self._limiter(), self._session(), self._clock)
        try:
            found = mapping((await client.call("profile", {})).result)
        except RestError as error:
            raise NotProven("portal_silent", may_pass=error.status in {0, 429} or error.status >= 500) from None
        if text(found.get("ID")) != account:
            raise NotProven("another_person")
        return flag(found.get("ADMIN"))

    async def sees(self, proof: Proof, ref: ObjectRef) -> bool:
        """Whether whoever stands behind a call may see an object of their portal, asked with their own token.

        A portal that does not answer in time has not said so.
        """
        shown = _Shown(proof.client_endpoint, proof.pair.access)
        client = Client(shown, self._limiter(), self._session(), self._clock)
        try:
            async with asyncio.timeout(PATIENCE):
                if ref.kind == "task":
                    answer = await client.call("tasks.task.get", {"taskId": ref.number, "select": ["ID"]})
                    return number(mapping(mapping(answer.result).get("task")).get("id")) == ref.number
                answer = await client.call("crm.item.get", {"entityTypeId": ref.entity_type, "id": ref.number})
                return number(mapping(mapping(answer.result).get("item")).get("id")) == ref.number
        except (RestError, TimeoutError):
            return False

    def sign_in_address(self, host: str, state: str) -> str | None:
        """Return the page of a portal at which somebody lets us act for them; None for no address of a portal."""
        named = f"https://{host}/"
        if not is_safe(named, allow_local=False):
            named = f"http://{host}/"
            if not is_safe(named, allow_local=self._servers.allow_local):
                return None
        return f"{named}oauth/authorize/?client_id={quote(self._servers.client_id)}&state={quote(state)}"

    async def company_behind(self, key: str) -> str:
        """Return the company that the webhook of a tenant answers for, by a proven delivery; "" where none is known."""
        address = self._webhook(key)
        if not address:
            return ""
        try:
            door = mapping(json.loads(await self._vault.get(f"bitrix24:{key}:door") or "null"))
        except ValueError:
            return ""
        member = _member(door.get("member"))
        if not member or door.get("by_address") is True:
            return ""
        try:
            await Client(IncomingWebhook(address), self._limiter(), self._session(), self._clock).call("profile", {})
        except RestError:
            return ""
        return member


class _Shown:
    """The token of a call, used at the confirmed address of its portal, and nowhere else."""

    def __init__(self, endpoint: str, access: str) -> None:
        self._endpoint = endpoint.rstrip("/") + "/"
        self._access = access

    async def base_url(self) -> str:
        return self._endpoint

    async def token(self) -> str | None:
        return self._access

    async def refresh(self, expired: str | None = None) -> None:
        pass

    async def moved(self, base_url: str) -> None:  # noqa: ARG002 - the port's
        raise RestError("UNTRUSTED_REDIRECT")

    async def refused(self, code: str, token: str | None = None) -> None:
        pass


def _member(value: Any) -> str:
    """Return a company's id; "" for what cannot be one."""
    found = text(value).lower()
    return found if len(found) in _MEMBER_DIGITS and found.isascii() and found.isalnum() else ""


def _options(value: Any) -> Mapping[str, str]:
    """Return what a page was opened about; a portal may send nothing, an empty text, or JSON that is none."""
    try:
        found = json.loads(_short(value) or "{}")
    except (ValueError, RecursionError):
        return {}
    return {str(name): text(each)[:_LONGEST_OPTION] for name, each in mapping(found).items()}


def _short(value: Any, longest: int = _LONGEST) -> str:
    found = text(value)
    return found if len(found) <= longest else ""


def _moment(value: Any) -> datetime | None:
    """Return the instant that an event tells in epoch seconds; None for what is none."""
    seconds = number(value)
    return datetime.fromtimestamp(seconds, UTC) if 0 < seconds < _LAST else None


def _host(endpoint: str) -> str:
    try:
        return urlsplit(endpoint).netloc.lower()
    except ValueError:
        return ""


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="replace")).digest()
