"""An authorisation server and the portals it knows, written from Bitrix24's documents: strict, and with a clock."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.clock import MovableClock

CLIENT_ID, CLIENT_SECRET = "local.abc.1", "the secret of the application"
MEMBER = "a1" * 16


@dataclass
class Company:
    """A portal as the authorisation server knows it."""

    member_id: str = MEMBER
    domain: str = ""
    """Its address; "" is the server's own, which answers for portals as well."""
    application_token: str = "application-token-1"
    admins: tuple[str, ...] = ("17",)
    status: str = "L"
    version: str = "1"
    scope: str = "im,imbot,user_brief,department"
    is_installed: bool = True
    client_id: str = CLIENT_ID


@dataclass
class _Token:
    member_id: str
    account: str
    until: datetime


@dataclass
class Authority:
    """The server."""

    clock: MovableClock
    companies: dict[str, Company] = field(default_factory=dict)
    access: dict[str, _Token] = field(default_factory=dict)
    refresh: dict[str, _Token] = field(default_factory=dict)
    codes: dict[str, _Token] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)
    portal_calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    queries: list[str] = field(default_factory=list)
    fault: Any = None
    """What every request for tokens gets: (status, body), bytes, or a coroutine function to wait for first."""
    host: str = ""
    opens_webhook: bool = False
    """Whether an incoming webhook at this address answers."""
    is_away: bool = False
    objects: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    """By the method that reads them: which objects an account may see."""
    _made: int = 0

    def add(self, company: Company) -> Company:
        """Know a company."""
        self.companies[company.member_id] = company
        return company

    def domain(self, company: Company) -> str:
        """Return the company's address."""
        return company.domain or self.host

    def endpoint(self, company: Company) -> str:
        """Return the root of its REST interface."""
        scheme = "http" if self.domain(company).startswith(("127.0.0.1", "localhost")) else "https"
        return f"{scheme}://{self.domain(company)}/rest/"

    def pair(self, company: Company, account: str = "17", seconds: float = 3600) -> tuple[str, str]:
        """Issue a pair."""
        self._made += 1
        now = self.clock.now()
        access, refresh = f"access-{self._made}", f"refresh-{self._made}"
        self.access[access] = _Token(company.member_id, account, now + timedelta(seconds=seconds))
        self.refresh[refresh] = _Token(company.member_id, account, now + timedelta(days=180))
        return access, refresh

    def code(self, company: Company, account: str = "17") -> str:
        """Issue a code of the authorisation flow."""
        self._made += 1
        self.codes[f"code-{self._made}"] = _Token(company.member_id, account, self.clock.now() + timedelta(seconds=30))
        return f"code-{self._made}"

    # What is posted to the application

    def auth(self, company: Company, account: str = "17", *, bare: bool = False) -> dict[str, str]:
        """Return the `auth` of an event; without tokens where it is `bare`."""
        known = {
            "domain": self.domain(company),
            "server_endpoint": self.server_endpoint,
            "client_endpoint": self.endpoint(company),
            "member_id": company.member_id,
            "application_token": company.application_token,
        }
        if bare:
            return known
        access, refresh = self.pair(company, account)
        return {
            **known,
            "access_token": access,
            "refresh_token": refresh,
            "expires_in": "3600",
            "scope": company.scope.replace(",", " "),
            "status": company.status,
        }

    def event(self, company: Company, name: str, data: Mapping[str, str], auth: Mapping[str, str]) -> dict[str, str]:
        """Return the form of an event."""
        del company
        return {
            "event": name,
            "ts": str(int(self.clock.now().timestamp())),
            **{f"data[{key}]": value for key, value in data.items()},
            **{f"auth[{key}]": value for key, value in auth.items()},
        }

    def frame(self, company: Company, account: str = "17") -> tuple[dict[str, str], dict[str, str]]:
        """Return query and form of a page that is opened in the portal's frame."""
        access, refresh = self.pair(company, account)
        query = {"DOMAIN": self.domain(company), "PROTOCOL": "1", "LANG": "ru", "APP_SID": "5f0c"}
        form = {
            "AUTH_ID": access,
            "AUTH_EXPIRES": "3600",
            "REFRESH_ID": refresh,
            "SERVER_ENDPOINT": self.server_endpoint,
            "APPLICATION_TOKEN": company.application_token,
            "APPLICATION_SCOPE": company.scope,
            "member_id": company.member_id,
            "status": company.status,
            "PLACEMENT": "DEFAULT",
            "PLACEMENT_OPTIONS": "",
        }
        return query, form

    @property
    def server_endpoint(self) -> str:
        """Return the server's own REST address."""
        return f"http://{self.host}/rest/"

    # Doors

    async def tokens(self, request: web.Request) -> web.StreamResponse:
        """Answer `/oauth/token/`."""
        form = {key: str(value) for key, value in (await request.post()).items()}
        self.queries.append(request.query_string)
        self.asked[form.get("grant_type", "")] += 1
        if callable(self.fault):
            await self.fault()
        elif isinstance(self.fault, bytes):
            return web.Response(body=self.fault, content_type="text/html")
        elif self.fault is not None:
            return web.json_response(self.fault[1], status=self.fault[0])
        if form.get("client_id") != CLIENT_ID or form.get("client_secret") != CLIENT_SECRET:
            return web.json_response({"error": "WRONG_CLIENT", "error_description": "x"})
        kept = self.refresh if form.get("grant_type") == "refresh_token" else self.codes
        token = kept.pop(form.get("refresh_token") or form.get("code") or "", None)
        if token is None or token.until <= self.clock.now():
            return web.json_response({"error": "invalid_grant", "error_description": "x"}, status=400)
        company = self.companies[token.member_id]
        if not company.is_installed:
            return web.json_response({"error": "PAYMENT_REQUIRED", "error_description": "x"}, status=401)
        access, refresh = self.pair(company, token.account)
        return web.json_response(
            {
                "access_token": access,
                "refresh_token": refresh,
                "expires_in": 3600,
                "client_endpoint": self.endpoint(company),
                "server_endpoint": self.server_endpoint,
                "domain": self.host,
                "member_id": company.member_id,
                "scope": company.scope,
                "status": company.status,
                "user_id": int(token.account),
            }
        )

    async def info(self, request: web.Request) -> web.Response:
        """Answer `app.info` of the authorisation server."""
        if self.is_away:
            return web.Response(status=502, text="<html>")
        token = self._shown(await _asked(request))
        if isinstance(token, web.Response):
            return token
        self.asked["app.info"] += 1
        company = self.companies[token.member_id]
        return web.json_response(
            {
                "result": {
                    "client_id": company.client_id,
                    "scope": company.scope,
                    "expires": token.until.isoformat(),
                    "user_id": int(token.account),
                    "install": {
                        "installed": company.is_installed,
                        "version": company.version,
                        "status": company.status,
                        "scope": company.scope,
                        "domain": self.domain(company),
                        "client_endpoint": self.endpoint(company),
                        "member_id": company.member_id,
                        "member_type": "b24",
                    },
                }
            }
        )

    async def webhook(self, request: web.Request) -> web.Response:
        """Answer a method of an incoming webhook at this server's own address."""
        del request
        if not self.opens_webhook:
            return web.json_response({"error": "NO_AUTH_FOUND"}, status=401)
        return web.json_response({"result": {"ID": "1", "ADMIN": True}})

    def _shown(self, asked: Mapping[str, Any]) -> "_Token | web.Response":
        token = self.access.get(str(asked.get("auth", "")))
        if token is None:
            return web.json_response({"error": "NO_AUTH_FOUND"}, status=401)
        if token.until <= self.clock.now():
            return web.json_response({"error": "expired_token"}, status=401)
        return token

    async def method(self, request: web.Request) -> web.Response:
        """Answer a method of the portal that stands at this server's own address."""
        method = request.match_info["method"]
        asked = await _asked(request)
        self.portal_calls.append((method, dict(asked)))
        token = self._shown(asked)
        if isinstance(token, web.Response):
            return token
        company = self.companies[token.member_id]
        if method == "profile":
            is_admin = token.account in company.admins
            return web.json_response({"result": {"ID": token.account, "ADMIN": is_admin, "NAME": "A"}})
        if method in self.objects:
            seen = self.objects[method].get(token.account, ())
            named = str(asked.get("id") or asked.get("taskId"))
            if named not in seen:
                return web.json_response({"error": "ACCESS_DENIED"}, status=400)
            return web.json_response({"result": {"item": {"id": int(named)}, "task": {"id": named}}})
        return web.json_response({"result": True})


async def _asked(request: web.Request) -> Mapping[str, Any]:
    if request.content_type == "application/json":
        found: Mapping[str, Any] = await request.json()
        return found
    return {**request.query, **{key: str(value) for key, value in (await request.post()).items()}}


@asynccontextmanager
async def authority(clock: MovableClock) -> AsyncIterator[Authority]:
    """Run a server on a port of its own."""
    made = Authority(clock)
    app = web.Application()
    app.router.add_post("/oauth/token/", made.tokens)
    app.router.add_route("*", "/rest/app.info", made.info)
    app.router.add_post("/rest/{method}", made.method)
    app.router.add_post("/rest/1/code/{method}", made.webhook)
    server = TestServer(app)
    await server.start_server()
    made.host = f"127.0.0.1:{server.port}"
    try:
        yield made
    finally:
        await asyncio.shield(server.close())


@asynccontextmanager
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """Give a client session."""
    async with aiohttp.ClientSession() as made:
        yield made
