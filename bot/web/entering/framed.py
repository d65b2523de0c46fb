"""Sessions inside the portal's page: begun by what the portal posts and proves, carried by a cookie or by the page.

A post into a frame signs in, for nobody but the portal can make it. The same post at the top of a window could come
from any page, by somebody who wants others to act in their name: there we ask, and the answer comes from our own page.
"""

import secrets
from collections.abc import Callable
from datetime import timedelta

import structlog
from aiohttp import web

from bot.bodies import Refused
from bot.clock import Clock
from bot.derived import Derived
from bot.domain.errors import LinkNotValid
from bot.domain.people.employee import Employee
from bot.domain.people.session import SHORT, Via
from bot.i18n import known_locale
from bot.ids import new_id
from bot.ports import Supply, Undertake
from bot.services.people.access import Access, Entered
from bot.services.people.entrances import Entrances, Framed
from bot.services.people.people import People
from bot.text import t
from bot.web.addresses import ENTER
from bot.web.devices import device_of
from bot.web.doors import page
from bot.web.origins import FRAME_COOKIE, Origins, keep, token_of
from bot.web.plain_pages import NO_CHANGE, OPEN_ANEW, from_elsewhere, plain, starting, stranger_of
from bot.web.render import Reader as Stranger
from bot.web.render import render
from bot.web.serving import meant, read_form
from bot.web.tickets import Tickets

PING, EXCHANGE, CONTINUE = "/me/ping", "/enter/exchange", "/enter/frame"
_CONTINUES_FOR = timedelta(minutes=10)

log = structlog.get_logger("web")


class FramedSessions:
    """Begins them, and hands them over."""

    def __init__(
        self,
        undertake: Undertake,
        clock: Clock,
        derived: Derived,
        origins: Origins,
        *,
        channel: str,
        is_open: Callable[[], bool],
    ) -> None:
        """Let in by `undertake` whoever owns an account of `channel`."""
        self._channel = channel
        self._undertake = undertake
        self._clock = clock
        self._origins = origins
        self._is_open = is_open
        self._asked = Tickets(derived, "continue as", _CONTINUES_FOR)

    def routes(self) -> list[web.RouteDef]:
        """Return the doors."""
        return [
            web.post(PING, self.ping),
            web.post(EXCHANGE, self.exchange),
            web.get(CONTINUE, self.lead_back, allow_head=False),
            web.post(CONTINUE, self.go_on),
        ]

    async def opened(
        self, request: web.Request, realm: str, portal_id: int, account: str, locale: str, frame: str, next_page: str
    ) -> web.Response | None:
        """Answer a proven post of a portal: with the application; None for a person whom we do not know yet."""
        if not self._origins.is_safe:
            return None
        now, dest = self._clock.now(), request.headers.get("Sec-Fetch-Dest")
        device = device_of(request.headers.get("User-Agent", ""))
        former = request.cookies.get(FRAME_COOKIE, "")

        async def work(services: Supply) -> tuple[Employee, Framed | None] | None:
            entrances = services.get(Entrances)
            owner = await entrances.owner(portal_id, self._channel, realm, account)
            if owner is None:
                return None
            employee = owner[0]
            spoken = known_locale(locale) if locale else None
            if spoken is not None and not employee.locale_is_chosen:
                employee = services.get(People).speak(employee, spoken, is_chosen=False)
            if employee.is_disabled or dest not in ("iframe", None):
                return employee, None
            return employee, await entrances.frame(employee, owner[1], Via.FRAME, device, now, former=former)

        found = await self._undertake(work, now, turn=f"{new_id():x}")
        if found is None:
            return None
        employee, framed = found
        reader = Stranger(employee.locale)
        if employee.is_disabled:
            said = [t("Your access to Smena is switched off. An administrator can switch it on again.")]
            return page(render("page.html", reader, title=t("You cannot come in"), said=said), frame=frame or None)
        ticket = self._ticket(employee, realm, account, next_page) if dest != "iframe" else ""
        if framed is None:
            return page(self._question(reader, employee, ticket))
        log.info("signed in", portal=portal_id, via=Via.FRAME.value)
        response = page(
            entering(reader, employee, framed.code, next_page, ticket=ticket, portal=frame), frame=frame or None
        )
        if dest == "iframe":
            keep(response, framed.entered.token, in_frame=True, lives=SHORT)
        return response

    def _ticket(self, employee: Employee, realm: str, account: str, next_page: str) -> str:
        values = {"portal": str(employee.portal_id), "realm": realm, "account": account, "next": next_page}
        values["once"] = secrets.token_urlsafe(12)  # not the ticket itself: the same one can be written in several ways
        return self._asked.make(values, self._clock.now())

    @staticmethod
    def _question(reader: Stranger, employee: Employee, ticket: str) -> str:
        return render(
            "continue.html",
            reader,
            title=t("Continue as {name}?", name=employee.name),
            said=[t("If that is not you, somebody else's page led you here: close it.")],
            action=CONTINUE,
            ticket=ticket,
            yes=t("Continue"),
        )

    async def lead_back(self, request: web.Request) -> web.Response:
        """Lead whoever asks for what is only sent to where one comes in."""
        del request
        return web.Response(status=303, headers={"Location": ENTER})

    async def go_on(self, request: web.Request) -> web.Response:
        """Sign in at the top of a window, because somebody said on our own page that it is them."""
        reader = stranger_of(request)
        refused = self._refused(request, reader)
        if refused is not None:
            return refused
        try:
            fields = await read_form(request)
        except Refused as error:
            return plain(reader, error.status, t("Not taken"), NO_CHANGE)
        now = self._clock.now()
        asked = self._asked.read(fields.get("ticket", ""), now)
        if asked is None or "once" not in asked:
            return plain(reader, 403, t("That did not work"), t("This page was open for too long."), OPEN_ANEW)
        device = device_of(request.headers.get("User-Agent", ""))

        async def work(services: Supply) -> Entered | None:
            entrances = services.get(Entrances)
            owner = await entrances.owner(int(asked["portal"]), self._channel, asked["realm"], asked["account"])
            if owner is None:
                raise LinkNotValid
            until = now + _CONTINUES_FOR
            return await entrances.asked(*owner, asked["once"], device, now, until, token=token_of(request))

        try:
            entered = await self._undertake(work, now, turn=f"{new_id():x}")
        except LinkNotValid:
            return plain(reader, 403, t("You cannot come in"), OPEN_ANEW)
        response = web.Response(status=303, headers={"Location": asked["next"], "Cache-Control": "no-store"})
        if entered is not None:
            keep(response, entered.token, lives=SHORT)
        return response

    def _refused(self, request: web.Request, reader: Stranger) -> web.Response | None:
        if not self._origins.is_safe or not self._origins.are_own(request):
            return from_elsewhere(reader)
        return None if self._is_open() else starting(reader)

    async def ping(self, request: web.Request) -> web.Response:
        """Tell a page that was just opened whether its cookie came back; if so, its code opens nothing any more."""
        refused = self._refused(request, stranger_of(request))
        if refused is not None:
            return refused
        now, token = self._clock.now(), token_of(request)

        async def work(services: Supply) -> bool:
            reader = meant(request, await services.get(Access).of(token, now))
            if reader is not None:
                services.get(Entrances).burn(reader, now)
            return reader is not None

        is_kept = await self._undertake(work, now)
        return web.Response(status=204 if is_kept else 401, headers={"Cache-Control": "no-store"})

    async def exchange(self, request: web.Request) -> web.Response:
        """Hand a session to a page whose browser keeps no cookies, for the code that came with the page."""
        refused = self._refused(request, stranger_of(request))
        if refused is not None:
            return refused
        try:
            code = (await read_form(request)).get("code", "")
        except Refused as error:
            return web.Response(status=error.status)
        now = self._clock.now()

        async def work(services: Supply) -> Entered:
            return await services.get(Entrances).exchange(code, now)

        headers = {"Cache-Control": "no-store"}
        try:
            entered = await self._undertake(work, now, turn=f"{new_id():x}")
        except LinkNotValid:
            return web.Response(status=403, headers=headers)
        log.info("signed in", portal=entered.employee.portal_id, via=entered.session.via.value)
        return web.json_response({"token": entered.token}, headers=headers)


def entering(
    reader: Stranger, employee: Employee, code: str, next_page: str, *, ticket: str = "", portal: str = ""
) -> str:
    """Return the page that goes on to the application, by cookie or by what it holds itself."""
    return render(
        "entering.html",
        reader,
        title=t("One moment"),
        brand=t("Smena"),
        said=[],
        code=code,
        next=next_page,
        who=str(employee.id),
        ticket=ticket,
        portal=portal,
        action=CONTINUE,
        question=t("Continue as {name}?", name=employee.name),
        yes=t("Continue"),
        go=t("Open Smena"),
        failed=t("That did not work: your browser did not let us in here. Nothing is lost."),
        anew=OPEN_ANEW,
        over=t("You are signed out. What you typed is still here. To go on, open Smena from where you opened it."),
    )
