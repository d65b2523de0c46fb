"""The portal's page with the application in a frame: opened by a POST, and served by messages as the real one does."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from aiohttp import web

from bot.sandbox.portal.core import Portal
from bot.sandbox.portal.errors import RestError
from bot.sandbox.portal.frame_look import around, deal_address, not_installed
from bot.sandbox.portal.lifecycle import DEFAULT, LifeCycle
from bot.sandbox.served import elsewhere
from bot.sandbox.world import SandboxPerson

_PAGE = Path(__file__).parent / "frame.html"


class Frame:
    """`GET /frame/{person}` and what its script asks of the portal."""

    def __init__(self, portal: Portal, lifecycle: LifeCycle) -> None:
        """Open the application on `portal`."""
        self._portal = portal
        self._lifecycle = lifecycle

    def mount(self, app: web.Application) -> None:
        """Add the page and its calls."""
        app.router.add_get("/frame/{person}", self._page)
        app.router.add_post("/frame/{person}/finish", self._finish)
        app.router.add_post("/frame/{person}/auth", self._auth)
        app.router.add_post("/frame/{person}/deals", self._add_deal)
        app.router.add_post("/frame/{person}/deals/{deal}", self._move_deal)

    async def _page(self, request: web.Request) -> web.Response:
        """Show the application to a person; whoever administers the portal begins to install it by opening it."""
        person, portal = self._person(request), self._portal
        account = portal.accounts[person.bitrix24_user_id]
        language = request.query.get("lang") or person.locale
        try:
            options: Any = json.loads(request.query.get("options") or "{}")
        except ValueError:
            options = None
        if not isinstance(options, dict):
            raise web.HTTPBadRequest(text="options must be a JSON object")
        placement = request.query.get("placement") or DEFAULT
        installation = portal.installation
        if installation is None and account.is_admin:
            installation = self._lifecycle.begin(account.id)
        look = around(portal, person, language, placement, options)
        if installation is None or (not installation.is_finished and not account.is_admin):
            head = not_installed(portal, person, language, is_begun=installation is not None)
            return _shown({**look, "HEAD": head, "ABOUT": "null"}, 403)
        url, form, sid = self._lifecycle.opening(account.id, language, placement, options)
        fields = {name: values[0] for name, values in parse_qs(form.decode(), keep_blank_values=True).items()}
        init = {
            "LANG": language,
            "DOMAIN": portal.domain,
            "PROTOCOL": 0,
            "PATH": "/rest",
            "AUTH_ID": fields["AUTH_ID"],
            "REFRESH_ID": fields["REFRESH_ID"],
            "AUTH_EXPIRES": fields["AUTH_EXPIRES"],
            "MEMBER_ID": portal.member_id,
            "IS_ADMIN": account.is_admin,
            "APP_OPTIONS": json.loads(portal.rows.setting("app_options", "{}")),
            "USER_OPTIONS": {},
            "PLACEMENT": placement,
            "PLACEMENT_OPTIONS": options,
            "INSTALL": not installation.is_finished,
            "FIRST_RUN": False,
        }
        about = {
            "url": elsewhere(url, request.host),
            "fields": fields,
            "sid": sid,
            "name": f"{portal.domain}|0|{sid}",
            "init": init,
        }
        return _shown({**look, "ABOUT": json.dumps(about).replace("<", "\\u003c")})

    async def _finish(self, request: web.Request) -> web.Response:
        """The page called installFinish."""
        if self._portal.accounts[self._person(request).bitrix24_user_id].is_admin:
            self._lifecycle.finish()
        return web.json_response(data=True)

    async def _auth(self, request: web.Request) -> web.Response:
        """The page asked for new tokens of the person who has opened it."""
        if self._portal.authority is None:
            raise web.HTTPNotFound
        tokens = self._portal.authority.tokens(self._portal.key, self._person(request).bitrix24_user_id)
        return web.json_response(
            {
                "AUTH_ID": tokens["access_token"],
                "REFRESH_ID": tokens["refresh_token"],
                "AUTH_EXPIRES": str(tokens["expires_in"]),
            }
        )

    async def _add_deal(self, request: web.Request) -> web.Response:
        """Somebody makes a deal on the portal's own page."""
        person = self._person(request)
        title = str((await request.post()).get("title", "")).strip()[:200]
        if not title:
            raise web.HTTPSeeOther(f"/frame/{person.key}")
        try:
            made = self._portal.crm.add("deal", {"title": title}, person.bitrix24_user_id)
        except RestError as refused:
            raise web.HTTPConflict(text=refused.description) from None
        raise web.HTTPSeeOther(deal_address(person, made.id))

    async def _move_deal(self, request: web.Request) -> web.Response:
        """Somebody moves a deal to another stage there."""
        person = self._person(request)
        number = request.match_info["deal"]
        deal = self._portal.crm.get("deal", int(number)) if number.isdecimal() else None
        if deal is None:
            raise web.HTTPNotFound
        wanted = str((await request.post()).get("stage", ""))
        try:
            self._portal.crm.update(deal, {"stageId": wanted}, person.bitrix24_user_id)
        except RestError as refused:
            raise web.HTTPConflict(text=refused.description) from None
        raise web.HTTPSeeOther(deal_address(person, deal.id))

    def _person(self, request: web.Request) -> SandboxPerson:
        person = self._portal.world.person(request.match_info["person"])
        if person is None or person.portal != self._portal.key:
            raise web.HTTPNotFound
        return person


def _shown(places: dict[str, str], status: int = 200) -> web.Response:
    """Return the page with its places filled; `ABOUT` is the last, for it holds what others wrote."""
    page = _PAGE.read_text(encoding="utf-8")
    for name in sorted(places, key="ABOUT".__eq__):
        page = page.replace(f"__{name}__", places[name])
    return web.Response(text=page, status=status, content_type="text/html", headers={"Cache-Control": "no-store"})
