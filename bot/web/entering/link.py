"""The door of one-time links: the bot's button leads here, or its code is typed here; then one question, and one is in.

The token stands behind a `#`: neither a log nor a preview sees it, and a script takes it out of the address at once.
Looking uses nothing up: only the answer to “Sign in as …?” does.
"""

from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import urlencode

import structlog
from aiohttp import web

from bot.bodies import Refused
from bot.callers import Callers, Tries
from bot.clock import Clock
from bot.domain.errors import LinkNotValid
from bot.ids import new_id
from bot.ports import Supply, Undertake
from bot.services.people.access import Access, Entered, Reader, is_code
from bot.text import Phrase, t
from bot.web.addresses import BY_PORTAL, ENTER, LINK, own_page
from bot.web.devices import device_of
from bot.web.doors import page
from bot.web.origins import Origins, keep
from bot.web.plain_pages import COME_IN, NO_CHANGE, from_elsewhere, needs_https, plain, starting, stranger_of
from bot.web.render import Reader as Stranger
from bot.web.render import render
from bot.web.serving import read_form

CONFIRM = "/enter/link/confirm"
_WRONG, _WRONG_WITHIN = 5, 600.0
_WRONG_OF_ALL, _SIGN_INS, _MINUTE = 20, 10, 60.0

_Take = Callable[[web.Request, Mapping[str, str]], Awaitable[web.Response | None]]

log = structlog.get_logger("web")


class LinkDoor:
    """The doors."""

    def __init__(
        self,
        undertake: Undertake,
        clock: Clock,
        origins: Origins,
        callers: Callers,
        *,
        is_open: Callable[[], bool],
        by_portal: bool = False,
        wrong: Tries | None = None,
        wrong_of_all: Tries | None = None,
        sign_ins: Tries | None = None,
    ) -> None:
        """Let in by `undertake`; whoever guesses has few tries."""
        self._undertake = undertake
        self._clock = clock
        self._origins = origins
        self._callers = callers
        self._is_open = is_open
        self._by_portal = by_portal
        self._wrong = wrong or Tries(_WRONG, _WRONG_WITHIN)
        self._wrong_of_all = wrong_of_all or Tries(_WRONG_OF_ALL, _MINUTE)
        self._sign_ins = sign_ins or Tries(_SIGN_INS, _MINUTE)

    def routes(self) -> list[web.RouteDef]:
        """Return the doors."""
        return [
            web.get(ENTER, self.how, allow_head=True),
            web.get(LINK, self.ask, allow_head=True),
            web.get(CONFIRM, self.ask, allow_head=False),
            web.post(LINK, self.look),
            web.post(CONFIRM, self.enter),
        ]

    async def how(self, request: web.Request) -> web.Response:
        """Tell whoever has no session how to come in."""
        if not self._origins.is_safe:
            return needs_https(stranger_of(request))
        reader = stranger_of(request)
        next_page = own_page(request.query.get("next", ""))
        title, first = t("Sign in to Smena"), None
        if request.query.get("out"):
            title = t("You are signed out")
        elif request.query.get("over"):
            title = t("Your session is over")
            first = t("Sign in again, and you are where you wanted to go.") if next_page else None
        return self._form(reader, title, next_page, first=first)

    async def ask(self, request: web.Request) -> web.Response:
        """Show where a code is typed; a link's token is taken out of the address by the page's script."""
        if not self._origins.is_safe:
            return needs_https(stranger_of(request))
        return self._form(stranger_of(request), t("Sign in to Smena"), "")

    async def look(self, request: web.Request) -> web.Response:
        """Ask whether it is the right person; nothing is used up by that."""
        return await self._taken(request, self._look)

    async def enter(self, request: web.Request) -> web.Response:
        """Let somebody in, once."""
        return await self._taken(request, self._enter)

    async def _taken(self, request: web.Request, take: _Take) -> web.Response:
        reader, address = stranger_of(request), self._callers.address_of(request)
        if not self._origins.is_safe:
            return needs_https(reader)
        if not self._origins.are_own(request):
            return from_elsewhere(reader)
        if not self._is_open():
            return starting(reader)
        try:
            fields = await read_form(request)
        except Refused as refused:
            return plain(reader, refused.status, t("Not taken"), NO_CHANGE, ways=[COME_IN])
        is_guess = is_code(fields.get("secret", ""))  # nobody guesses a token, so nobody is kept from using theirs
        codes_are_left = self._wrong.are_left(address) and self._wrong_of_all.are_left()
        if (is_guess and not codes_are_left) or not self._sign_ins.are_left(address):
            next_page = own_page(fields.get("next", ""))
            wait = _WAIT if is_guess and not codes_are_left else _SOON
            return self._form(reader, t("Too many tries"), next_page, wrong=wait, status=429)
        found = await take(request, fields)
        if found is not None:
            return found
        if is_guess:
            self._wrong.note(address)
            self._wrong_of_all.note()
        return self._form(reader, t("Sign in to Smena"), own_page(fields.get("next", "")), wrong=_OVER, status=404)

    async def _look(self, _: web.Request, fields: Mapping[str, str]) -> web.Response | None:
        secret, now = fields.get("secret", ""), self._clock.now()

        async def work(services: Supply) -> Reader | None:
            return await services.get(Access).look(secret, now)

        found = await self._undertake(work, now) if secret.strip() else None
        if found is None:
            return None
        theirs = Stranger(found.employee.locale)
        html = render(
            "enter_confirm.html",
            theirs,
            title=t("Sign in as {name}?", name=found.employee.name),
            said=[
                t("Company: {company}", company=found.portal.name or found.portal.key),
                t("If that is not you, somebody else's link was opened: close this page."),
            ],
            secret=secret,
            next=own_page(fields.get("next", "")),
            action=CONFIRM,
            yes=t("Yes, sign in"),
            no=t("No, that is not me"),
            enter=ENTER,
        )
        return page(html)

    async def _enter(self, request: web.Request, fields: Mapping[str, str]) -> web.Response | None:
        secret, now = fields.get("secret", ""), self._clock.now()
        device = device_of(request.headers.get("User-Agent", ""))

        async def work(services: Supply) -> Entered:
            return await services.get(Access).enter(secret, device, now)

        try:
            entered = await self._undertake(work, now, turn=f"{new_id():x}")
        except LinkNotValid:
            return None
        self._sign_ins.note(self._callers.address_of(request))
        there = own_page(fields.get("next", "")) or "/"
        response = web.Response(status=303, headers={"Location": there, "Cache-Control": "no-store"})
        keep(response, entered.token)
        log.info("signed in", portal=entered.employee.portal_id, via=entered.session.via.value)
        return response

    def _form(
        self,
        reader: Stranger,
        title: Phrase,
        next_page: str,
        *,
        first: Phrase | None = None,
        wrong: Phrase | None = None,
        status: int = 200,
    ) -> web.Response:
        how = t("Write /web to the bot Smena, in Bitrix24 or in Telegram, and press the button of its answer.")
        html = render(
            "enter.html",
            reader,
            title=title,
            said=[each for each in (first, how) if each is not None],
            wrong=wrong or "",
            code=t("Or type the code from that answer"),
            go=t("Go on"),
            action=LINK,
            next=next_page,
            portal=f"{BY_PORTAL}?{urlencode({'next': next_page})}" if self._by_portal else "",
            by_portal=t("Sign in by Bitrix24"),
        )
        return page(html, status=status)


_WAIT = t("There were too many codes that do not fit. Please wait ten minutes, and ask the bot for a new one: /web")
_SOON = t("Too many tries from here. Please wait a minute.")
_OVER = t("This link or code no longer works: it lives ten minutes and opens once. A new one from the bot: /web")
