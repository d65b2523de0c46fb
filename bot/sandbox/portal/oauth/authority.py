"""The authorisation server: gives tokens for codes and refresh tokens, and says whose a token is."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from bot.sandbox.portal.core import Portal
from bot.sandbox.portal.errors import RestError
from bot.sandbox.portal.oauth.application import Application, invented
from bot.sandbox.portal.oauth.grants import ACCESS_SECONDS, Grant, Grants
from bot.sandbox.portal.objects import iso
from bot.sandbox.portal.requests import dump, read_params
from bot.sandbox.portal.rows import Rows
from bot.sandbox.portal.served import Listening
from bot.sandbox.world import FaultName, World

_FOREIGN = "local.5f0e1d2c3b4a59.10000001"
_DROPPED = 0
_FAULTS: tuple[tuple[FaultName, RestError], ...] = (
    ("invalid_grant", RestError("invalid_grant", "Invalid refresh token")),
    ("payment_required", RestError("PAYMENT_REQUIRED", "Payment required", 401)),
    ("wrong_client", RestError("WRONG_CLIENT", "Wrong client", 200)),
)


class Authority:
    """One authorisation server for all portals of a world, with the card of the one application."""

    def __init__(self, world: World) -> None:
        """Take up what the world's database holds."""
        self.world = world
        self._rows = Rows(world.db, "oauth")
        self.grants = Grants(world.db, lambda: world.clock)
        client_id, secret = invented()
        self.application = Application(
            self._rows.setting("client_id", client_id), self._rows.setting("client_secret", secret)
        )
        self.portals: dict[str, Portal] = {}
        self._listening = Listening(self._rows, "port")

    @property
    def host(self) -> str:
        """Host and port of the server."""
        return self._listening.host

    @property
    def endpoint(self) -> str:
        """What portals and answers call `server_endpoint`."""
        return f"http://{self.host}/rest/"

    async def start(self, *, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen, where it did the last time if that is free."""
        app = web.Application()
        for method in ("GET", "POST"):
            for path, handler in (
                ("/oauth/token", self._token),
                ("/oauth/token/", self._token),
                ("/rest/app.info", self._app_info),
                ("/rest/app.info.json", self._app_info),
            ):
                app.router.add_route(method, path, self._answering(path, handler))
        await self._listening.start(app, host, port)

    async def stop(self) -> None:
        """Stop listening."""
        await self._listening.stop()

    def _answering(
        self, path: str, handler: Callable[[dict[str, Any]], dict[str, Any]]
    ) -> Callable[[web.Request], Awaitable[web.Response]]:
        name = path.strip("/").removeprefix("rest/").removesuffix(".json")

        async def answer(request: web.Request) -> web.Response:
            params: dict[str, Any] = {}
            status, portal = _DROPPED, ""
            try:
                params = await read_params(request)
                portal = self._portal_of(params)
                if self.world.faults.strikes("bitrix24", "oauth_down", portal=portal):
                    if request.transport is not None:
                        request.transport.abort()
                    return web.Response(status=500)
                body, status = handler(params), 200
            except RestError as refused:
                body, status = refused.body(), refused.status
            finally:
                self.world.called("bitrix24", name, params, status, portal)
            return web.json_response(body, status=status, dumps=dump)

        return answer

    def _portal_of(self, params: dict[str, Any]) -> str:
        """Return the portal that a code or a token was given out for."""
        for name in ("refresh_token", "code", "auth"):
            grant = self.grants.look_up(str(params.get(name) or ""))
            if grant is not None:
                return grant.portal
        return ""

    def _token(self, params: dict[str, Any]) -> dict[str, Any]:
        """Exchange a code or a refresh token."""
        kind = params.get("grant_type")
        value = str(
            params.get({"authorization_code": "code", "refresh_token": "refresh_token"}.get(str(kind), "")) or ""
        )
        if not value:
            raise RestError("invalid_request", "Invalid grant_type parameter or parameter missing")
        application = self.application
        if (params.get("client_id"), params.get("client_secret")) != (application.client_id, application.client_secret):
            raise RestError("invalid_client", "Invalid client")
        about = self.grants.look_up(value)
        portal_key = about.portal if about else ""
        for fault, refusal in _FAULTS:
            if self.world.faults.strikes("bitrix24", fault, portal=portal_key):
                raise refusal
        if about is not None and about.portal in self.portals:
            self._must_be_there(self.portals[about.portal])
        grant = self.grants.take(value, "code" if kind == "authorization_code" else "refresh")
        portal = self.portals.get(grant.portal) if grant else None
        account = portal.accounts.get(grant.user_id) if portal and grant else None
        if grant is None or portal is None or account is None or not account.is_active:
            what = "authorization code" if kind == "authorization_code" else "refresh token"
            raise RestError("invalid_grant", f"Invalid {what}")
        answer = self.tokens(portal.key, grant.user_id)
        if kind == "authorization_code":
            return answer
        return {**answer, "expires": self._now() + ACCESS_SECONDS, "user_id": grant.user_id}

    def tokens(self, portal_key: str, user_id: int) -> dict[str, Any]:
        """Give out a new pair, as the token reply tells it; `domain` is this server's, not the portal's."""
        portal = self.portals[portal_key]
        pair = self.grants.pair(portal.key, user_id, self.application.scope)
        return {
            "access_token": pair.access,
            "refresh_token": pair.refresh,
            "expires_in": ACCESS_SECONDS,
            "client_endpoint": f"http://{portal.domain}/rest/",
            "server_endpoint": self.endpoint,
            "domain": self.host,
            "member_id": portal.member_id,
            "scope": self.application.scope,
            "status": portal.installation.status if portal.installation else "L",
        }

    def access(self, portal_key: str, token: str) -> Grant:
        """Return whose access token that is on the portal, or refuse it."""
        grant = self.grants.look_up(token) if token else None
        if grant is None or grant.kind != "access" or grant.portal != portal_key:
            raise RestError("NO_AUTH_FOUND", "Wrong authorization data", 401)
        if self.grants.is_over(grant):
            raise RestError("expired_token", "The access token provided has expired.", 401)
        return grant

    def _must_be_there(self, portal: Portal) -> None:
        if portal.installation is None:
            raise RestError("PAYMENT_REQUIRED", "Payment required", 401)

    def _app_info(self, params: dict[str, Any]) -> dict[str, Any]:
        """Say which application and whose a token is: what a POST with tokens is verified by."""
        grant = self.grants.look_up(str(params.get("auth") or ""))
        portal = self.portals.get(grant.portal) if grant else None
        if grant is None or portal is None:
            raise RestError("NO_AUTH_FOUND", "Wrong authorization data", 401)
        self.access(portal.key, str(params["auth"]))
        if portal.installation is None:
            raise RestError("NOT_INSTALLED", "Application is not installed", 401)
        application, installation = self.application, portal.installation
        until = self.world.clock.now().fromtimestamp(grant.until, self.world.clock.now().tzinfo)
        return {
            "result": {
                "client_id": _FOREIGN if self._is_foreign(portal) else application.client_id,
                "scope": application.scope,
                "expires": iso(until),
                "user_id": grant.user_id,
                "install": {
                    "installed": installation.is_finished,
                    "version": str(installation.version),
                    "status": installation.status,
                    "scope": application.scope,
                    "domain": portal.domain,
                    "uri": application.page_url,
                    "client_endpoint": f"http://{portal.domain}/rest/",
                    "member_id": portal.member_id,
                    "member_type": "b24",
                },
            },
            "time": {},
        }

    def _is_foreign(self, portal: Portal) -> bool:
        """Whether tokens are to look like those of somebody else's application."""
        return self.world.faults.strikes("bitrix24", "foreign_client_id", portal=portal.key)

    def _now(self) -> int:
        return int(self.world.clock.now().timestamp())
