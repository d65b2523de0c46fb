"""The door of a messenger's own frame: it signs who opened our page, and that opens one session.

What it signed stands behind a `#`; the page's script takes it out of the address and sends it here. A page of ours that
was opened with somebody else's signed words outside of the messenger asks before anybody is signed in.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final

import structlog
from aiohttp import web

from bot.bodies import Refused
from bot.callers import Callers, Tries
from bot.clock import Clock
from bot.domain.errors import LinkNotValid
from bot.domain.people.session import SHORT, Via
from bot.ids import new_id
from bot.ports import SignedAccount, Supply, Undertake
from bot.services.people.companies import Companies, Company
from bot.services.people.entrances import Entrances, Framed
from bot.text import Phrase, t
from bot.web.addresses import BY_TELEGRAM, own_page
from bot.web.devices import device_of
from bot.web.doors import messenger_frame, page
from bot.web.entering.framed import entering
from bot.web.origins import Origins, keep, token_of
from bot.web.plain_pages import from_elsewhere, needs_https, starting, stranger_of
from bot.web.render import Reader as Stranger
from bot.web.render import render
from bot.web.serving import read_form

Read = Callable[[str, datetime], SignedAccount | None]
_SIGN_INS, _MINUTE = 10, 60.0
_NOT_CONFIRMED: Final = t(
    "Telegram did not confirm who you are, or did so too long ago. Open Smena from the chat once more."
)
_UNKNOWN: Final = t(
    "I do not know this account yet. Write to the bot Smena in Bitrix24: /link – and open this once more."
)
_USED: Final = t("This was opened before. Close it, and open Smena from the chat once more.")
_MANY: Final = t("Too many tries from here. Please wait a minute.")

log = structlog.get_logger("web")


class MiniAppDoor:
    """The doors."""

    def __init__(
        self,
        undertake: Undertake,
        clock: Clock,
        origins: Origins,
        callers: Callers,
        read: Read,
        *,
        channel: str,
        is_open: Callable[[], bool],
        sign_ins: Tries | None = None,
    ) -> None:
        """Let in by `undertake` whose words `read` finds to be signed for an account of `channel`."""
        self._undertake = undertake
        self._clock = clock
        self._origins = origins
        self._callers = callers
        self._read = read
        self._channel = channel
        self._is_open = is_open
        self._sign_ins = sign_ins or Tries(_SIGN_INS, _MINUTE)

    def routes(self) -> list[web.RouteDef]:
        """Return the doors."""
        return [web.get(BY_TELEGRAM, self.begin, allow_head=True), web.post(BY_TELEGRAM, self.enter)]

    async def begin(self, request: web.Request) -> web.Response:
        """Send what the messenger signed; it stands where no server sees it."""
        reader = stranger_of(request)
        if not self._origins.is_safe:
            return needs_https(reader)
        html = render(
            "mini_app.html",
            reader,
            title=t("One moment"),
            said=[],
            action=BY_TELEGRAM,
            next=own_page(request.query.get("next", "")),
            outside=t("This page opens in Telegram: by the button beside the field where you write to the bot."),
        )
        return self._page(html)

    async def enter(self, request: web.Request) -> web.Response:
        """Let in whoever the messenger says it is."""
        reader = stranger_of(request)
        if not self._origins.is_safe or not self._origins.are_own(request):
            return from_elsewhere(reader)
        if not self._is_open():
            return starting(reader)
        address = self._callers.address_of(request)
        if not self._sign_ins.are_left(address):
            return self._told(reader, 429, _MANY)
        try:
            fields = await read_form(request)
        except Refused as error:
            return self._told(reader, error.status, _NOT_CONFIRMED)
        found = self._read(fields.get("data", ""), self._clock.now())
        if found is None:
            self._sign_ins.note(address)
            return self._told(reader, 403, _NOT_CONFIRMED)
        return await self._entered(request, Stranger(found.locale), found, fields)

    async def _entered(
        self, request: web.Request, reader: Stranger, found: SignedAccount, fields: Mapping[str, str]
    ) -> web.Response:
        now, device = self._clock.now(), device_of(request.headers.get("User-Agent", ""))
        next_page = own_page(fields.get("next", "")) or "/"

        async def work(services: Supply) -> tuple[Sequence[Company], Company | None, Framed | None]:
            its = await services.get(Companies).of(self._channel, found.account)
            there = [each for each in its if each.is_open and found.portal_id in (None, each.portal.id)]
            company = _chosen(there, fields.get("company", ""))
            if company is None or fields.get("inside") != "yes":
                return there, company, None
            framed = await services.get(Entrances).signed(
                company.employee, company.identity, found.mark, device, now, token=token_of(request)
            )
            return there, company, framed

        try:
            there, company, framed = await self._undertake(work, now, turn=f"{new_id():x}")
        except LinkNotValid:
            return self._told(reader, 403, _USED)
        if not there:
            return self._told(reader, 403, _UNKNOWN)
        if company is None or fields.get("inside") != "yes":
            return self._question(Stranger(there[0].employee.locale), there, company, fields)
        if framed is None:
            return web.Response(status=303, headers={"Location": next_page, "Cache-Control": "no-store"})
        log.info("signed in", portal=company.portal.id, via=Via.MINI_APP.value)
        html = entering(Stranger(company.employee.locale), company.employee, framed.code, next_page)
        response = self._page(html)
        in_frame = request.headers.get("Sec-Fetch-Dest") == "iframe"
        keep(response, framed.entered.token, in_frame=in_frame, lives=SHORT)
        return response

    def _question(
        self, reader: Stranger, there: Sequence[Company], company: Company | None, fields: Mapping[str, str]
    ) -> web.Response:
        """Ask in which company, or, outside of the messenger, whether it is the right person."""
        title = t("In which company?") if company is None else t("Continue as {name}?", name=company.employee.name)
        said = [] if company is None else [t("If that is not you, somebody else's page led you here: close it.")]
        choices = there if company is None else [company]
        html = render(
            "mini_app_question.html",
            reader,
            title=title,
            said=said,
            action=BY_TELEGRAM,
            data=fields.get("data", ""),
            next=own_page(fields.get("next", "")),
            inside="yes" if company is not None else fields.get("inside", ""),
            choices=[(str(each.portal.id), each.title) for each in choices],
        )
        return self._page(html)

    def _told(self, reader: Stranger, status: int, why: Phrase) -> web.Response:
        html = render("page.html", reader, title=t("You cannot come in"), said=[why])
        return self._page(html, status=status)

    def _page(self, html: str, *, status: int = 200) -> web.Response:
        return page(html, frame=messenger_frame(self._origins.own), status=status)


def _chosen(there: Sequence[Company], wanted: str) -> Company | None:
    """Return the company that is meant: the only one, or the one that was chosen."""
    if len(there) == 1:
        return there[0]
    return next((each for each in there if str(each.portal.id) == wanted), None)
