"""The authorisation server: tokens for codes and for refresh tokens, and what it says about a token that was shown.

The application's secret goes to servers of the allow-list alone, in the body of a POST, so that neither it nor a token
is in anybody's log of addresses. What an answer means is decided by the `error` in its body, never by its status alone.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from bot import __version__
from bot.channels.bitrix24.errors import NO_ANSWER, UNREADABLE, code_of
from bot.channels.bitrix24.values import mapping, number, text
from bot.clock import Clock
from bot.domain.installation import TokenPair, Trouble
from bot.reachable import LOOPBACK, is_safe

TIMEOUT = aiohttp.ClientTimeout(total=20, connect=5)
LARGEST = 64 * 1024
_HEADERS = {"Accept": "application/json", "User-Agent": f"Smena/{__version__}"}
_SHORTEST = 60
"""Seconds that a token is taken to live at least, whatever the server says."""
_TROUBLES = {
    "INVALID_GRANT": Trouble.GRANT_LOST,
    "BAD_VERIFICATION_CODE": Trouble.GRANT_LOST,
    "PAYMENT_REQUIRED": Trouble.UNPAID,
    "WRONG_CLIENT": Trouble.WRONG_CLIENT,
    "INVALID_CLIENT": Trouble.WRONG_CLIENT,
    "UNAUTHORIZED_CLIENT": Trouble.WRONG_CLIENT,
    "INSUFFICIENT_SCOPE": Trouble.RIGHTS_MISSING,
    "INVALID_SCOPE": Trouble.RIGHTS_MISSING,
    "NOT_INSTALLED": Trouble.NOT_INSTALLED,
    "NO_AUTH_FOUND": Trouble.NOT_INSTALLED,
    "APPLICATION_NOT_FOUND": Trouble.NOT_INSTALLED,
    "ERROR_OAUTH": Trouble.NOT_INSTALLED,
    "INVALID_TOKEN": Trouble.NOT_INSTALLED,
    "AUTHORIZATION_ERROR": Trouble.NOT_INSTALLED,
    "PORTAL_DELETED": Trouble.PORTAL_DELETED,
}


def trouble_of(code: str) -> Trouble | None:
    """Return what a refusal by that code says about an installation; None where it says nothing lasting."""
    return _TROUBLES.get(code)


class OAuthError(Exception):
    """The authorisation server gave nothing, known by its code in upper case. Its own words are not kept."""

    def __init__(self, code: str, *, status: int = 0) -> None:
        """Name the code."""
        super().__init__(f"{code} ({status})" if status else code)
        self.code = code
        self.status = status

    @property
    def trouble(self) -> Trouble | None:
        """What that says about the installation; None where asking again may help."""
        return trouble_of(self.code)


@dataclass(frozen=True, slots=True)
class Issued:
    """Tokens that were given, and for whom."""

    pair: TokenPair
    client_endpoint: str
    member_id: str
    scope: frozenset[str]
    status: str
    account: str
    oauth_host: str


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """What the authorisation server says about a token."""

    client_id: str
    member_id: str
    domain: str
    client_endpoint: str
    account: str
    scope: frozenset[str]
    status: str
    version: str
    is_installed: bool


class AuthorisationServers:
    """The authorisation servers that we trust; each portal has the one of its region."""

    def __init__(
        self,
        client_id: str,
        client_secret: str,
        hosts: str,
        session: Callable[[], aiohttp.ClientSession],
        clock: Clock,
        *,
        allow_local: bool = False,
    ) -> None:
        """Be the application of that id; `hosts` is the allow-list with commas, its first the one to begin with."""
        self.client_id = client_id
        self.allow_local = allow_local
        self._secret = client_secret
        self._hosts = tuple(filter(None, map(_host_of, hosts.split(","))))
        self._session = session
        self._clock = clock

    @property
    def default(self) -> str:
        """The server to ask where none is known."""
        return self._hosts[0] if self._hosts else ""

    def trusted(self, endpoint: str) -> str | None:
        """Return the host of a server that somebody named, if it is one of ours; the first of ours for none."""
        if not endpoint:
            return self.default or None
        host = _host_of(endpoint)
        return host if host in self._hosts else None

    async def exchange(self, code: str, host: str) -> Issued:
        """Return the tokens that a code stands for; it lives 30 seconds and works once."""
        return await self._tokens({"grant_type": "authorization_code", "code": code}, host)

    async def renew(self, refresh_token: str, host: str) -> Issued:
        """Return the next pair; the one that this refresh token belongs to is worth nothing from then on."""
        return await self._tokens({"grant_type": "refresh_token", "refresh_token": refresh_token}, host)

    async def facts(self, access_token: str, host: str) -> TokenFacts:
        """Return what the server says about a token."""
        body = await self._post(host, "/rest/app.info", {"auth": access_token})
        found = mapping(body.get("result"))
        install = mapping(found.get("install"))
        return TokenFacts(
            text(found.get("client_id")),
            text(install.get("member_id")).lower(),
            text(install.get("domain")).lower(),
            text(install.get("client_endpoint")),
            text(found.get("user_id")),
            words(found.get("scope") or install.get("scope")),
            text(install.get("status")),
            text(install.get("version")),
            install.get("installed") in (True, "Y", "true", "1", 1),
        )

    async def _tokens(self, form: Mapping[str, str], host: str) -> Issued:
        body = await self._post(
            host, "/oauth/token/", {**form, "client_id": self.client_id, "client_secret": self._secret}
        )
        access, refresh = text(body.get("access_token")), text(body.get("refresh_token"))
        endpoint, member = text(body.get("client_endpoint")), text(body.get("member_id")).lower()
        if not (access and refresh and member and is_safe(endpoint, allow_local=self.allow_local)):
            raise OAuthError(UNREADABLE)
        lives = timedelta(seconds=max(number(body.get("expires_in")), _SHORTEST))
        return Issued(
            TokenPair(access, refresh, self._clock.now() + lives),
            endpoint,
            member,
            words(body.get("scope")),
            text(body.get("status")),
            text(body.get("user_id")),
            host,
        )

    async def _post(self, host: str, path: str, form: Mapping[str, str]) -> Mapping[str, Any]:
        if host not in self._hosts:
            raise OAuthError("UNTRUSTED_HOST")
        scheme = "http" if self.allow_local and host.partition(":")[0] in LOOPBACK else "https"
        url = f"{scheme}://{host}{path}"
        if not is_safe(url, allow_local=self.allow_local):
            raise OAuthError("UNTRUSTED_HOST")
        status = 0
        try:
            async with self._session().post(
                url, data=form, headers=_HEADERS, timeout=TIMEOUT, allow_redirects=False
            ) as response:
                status = response.status
                body = json.loads(await _limited(response))
        except (aiohttp.ClientError, TimeoutError, OSError):
            raise OAuthError(NO_ANSWER) from None
        except (ValueError, RecursionError):
            raise OAuthError(UNREADABLE, status=status) from None
        if not isinstance(body, Mapping):
            raise OAuthError(UNREADABLE, status=status)
        if "error" in body:
            raise OAuthError(code_of(body["error"], status), status=status)
        if status >= 300:
            raise OAuthError(f"HTTP_{status}", status=status)
        return body


def words(value: Any) -> frozenset[str]:
    """Return the rights of a list, between which stand commas or spaces."""
    return frozenset(text(value).replace(",", " ").split())


async def _limited(response: aiohttp.ClientResponse) -> bytes:
    """Read an answer, but no more of it than an answer of this kind has."""
    parts, size = [], 0
    async for part in response.content.iter_any():
        size += len(part)
        if size > LARGEST:
            raise ValueError
        parts.append(part)
    return b"".join(parts)


def _host_of(endpoint: str) -> str:
    """Return host and port, by an address or by the bare host."""
    named = endpoint.strip()
    try:
        parts = urlsplit(named if "//" in named else f"//{named}")
        port = parts.port
    except ValueError:
        return ""
    host = (parts.hostname or "").lower()
    if "@" in parts.netloc or not host:
        return ""
    is_usual = port in {None, 443} and host not in LOOPBACK
    return host if is_usual or port is None else f"{host}:{port}"
