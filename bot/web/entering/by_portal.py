"""Signing in outside of the portal's frame: the portal's authorisation server tells who somebody is.

One is sent only to portals that have the application, by a link and not by a form, for browsers keep forms from leading
elsewhere. What comes back counts for the browser that was sent, once, and for the company that it was sent to.
"""

import secrets
from collections.abc import Callable, Mapping
from typing import Final

import structlog
from aiohttp import web

from bot.callers import Callers, Tries
from bot.clock import Clock
from bot.domain.errors import LinkNotValid
from bot.domain.people.session import Via
from bot.ids import new_id
from bot.ports import NotProven, Proof, Supply, Undertake
from bot.services.people.access import Entered
from bot.services.people.entrances import Entrances
from bot.text import Phrase, t
from bot.web.addresses import BY_PORTAL, ENTER, own_page
from bot.web.devices import device_of
from bot.web.doors import host_of, page
from bot.web.entering.application import Application
from bot.web.origins import Origins, keep
from bot.web.plain_pages import needs_https, plain, starting, stranger_of
from bot.web.render import Reader as Stranger
from bot.web.render import render
from bot.web.tickets import Tickets

SIGN_IN: Final = "sign-in"
"""The purpose in a state."""
STATE_COOKIE, STATE_SECONDS = "__Host-smena-state", 600
_SIGN_INS, _MINUTE = 10, 60.0
_LONGEST_HOST = 253
_NOT_HERE = t(
    "Smena is not installed on that portal, or its address is another one. Ask your administrator to install it; "
    "until then the bot lets you in: write /web to it."
)
_UNKNOWN = (
    t(
        "Your portal knows you, but Smena does not. It is for the employees of a company: guests from outside are "
        "not let in."
    ),
    t("If you have only just come to the company, try again in two minutes: by then people are read."),
)
_OTHERWISE = (ENTER, t("Sign in another way"))
_OFF = t("Your access to Smena is switched off. An administrator can switch it on again.")

log = structlog.get_logger("web")


class ByPortal:
    """Sends people to their portal, and lets in who comes back."""

    def __init__(
        self,
        undertake: Undertake,
        clock: Clock,
        application: Application,
        origins: Origins,
        callers: Callers,
        states: Tickets,
        *,
        channel: str,
        is_open: Callable[[], bool],
        sign_ins: Tries | None = None,
    ) -> None:
        """Let in by `undertake` whom `application` proves; `states` are what one is sent with."""
        self._undertake = undertake
        self._clock = clock
        self._application = application
        self._origins = origins
        self._callers = callers
        self._states = states
        self._channel = channel
        self._is_open = is_open
        self._sign_ins = sign_ins or Tries(_SIGN_INS, _MINUTE)

    def routes(self) -> list[web.RouteDef]:
        """Return the door; the way back is the application's callback."""
        return [web.get(BY_PORTAL, self.ask, allow_head=False)]

    async def ask(self, request: web.Request) -> web.Response:
        """Ask which portal it is; lead to it by a link, where it is one that has the application."""
        reader = stranger_of(request)
        if not self._origins.is_safe:
            return needs_https(reader)
        if not self._is_open():
            return starting(reader)
        named, next_page = request.query.get("portal", "").strip(), own_page(request.query.get("next", ""))
        host = _host(named)
        there, nonce = "", secrets.token_urlsafe(24)
        member = await self._application.company_at(host) if host else ""
        if member:
            values = {"member": member, "purpose": SIGN_IN, "nonce": nonce, "next": next_page}
            try:
                there = await self._application.sign_in_address(member, self._states.make(values, self._clock.now()))
            except NotProven:
                there = ""
        said: list[Phrase] = [t("Your portal confirms who you are; no password is asked for here.")]
        html = render(
            "by_portal.html",
            reader,
            title=t("Sign in by Bitrix24"),
            said=[] if there else said,
            wrong=_NOT_HERE if named and not there else "",
            action=BY_PORTAL,
            portal=named[:_LONGEST_HOST],
            next=next_page,
            label=t("Address of your portal"),
            example="acme.bitrix24.ru",
            go=t("Go on"),
            there=there,
            confirm=t("Confirm it on {portal}", portal=host),
            other=t("Another portal, or by a link from the bot"),
            enter=ENTER,
        )
        response = page(html)
        if there:
            response.set_cookie(
                STATE_COOKIE, nonce, max_age=STATE_SECONDS, path="/", secure=True, httponly=True, samesite="Lax"
            )
        return response

    async def enter(self, request: web.Request, values: Mapping[str, str]) -> web.Response:
        """Let in whom the portal confirmed; NotProven where it did not. Nothing of it is kept but the session."""
        reader = stranger_of(request)
        address = self._callers.address_of(request)
        if not self._sign_ins.are_left(address):
            return plain(
                reader,
                429,
                t("You cannot come in"),
                t("Too many tries from here. Please wait a minute."),
                ways=[_OTHERWISE],
            )
        self._sign_ins.note(address)
        proof = await self._application.confirmed(
            values["member"], request.query.get("code", ""), request.query.get("server_domain", "")
        )
        self._sign_ins.forgive(address)  # an office comes from one address: what is confirmed costs it nothing
        entered = await self._entered(proof, device_of(request.headers.get("User-Agent", "")))
        if not isinstance(entered, Entered):
            return plain(reader, 403, t("You cannot come in"), *entered, ways=[_OTHERWISE])
        there = own_page(values.get("next", "")) or "/"
        response = web.Response(status=303, headers={"Location": there, "Cache-Control": "no-store"})
        keep(response, entered.token)
        log.info("signed in", portal=entered.employee.portal_id, via=Via.OAUTH.value)
        return response

    async def _entered(self, proof: Proof, device: str) -> Entered | tuple[Phrase, ...]:
        portal = await self._application.portal_of(proof.member_id)
        if portal is None:
            raise NotProven("not_installed")
        now = self._clock.now()

        async def work(services: Supply) -> Entered | None:
            entrances = services.get(Entrances)
            owner = await entrances.owner(portal.id, self._channel, portal.key, proof.account)
            return None if owner is None else await entrances.begin(*owner, Via.OAUTH, device, now)

        try:
            return await self._undertake(work, now, turn=f"{new_id():x}") or _UNKNOWN
        except LinkNotValid:
            return (_OFF,)


def told_with(why: Phrase, number: str) -> tuple[Phrase, ...]:
    """Say why, and by which number whoever runs the service finds it in the log, where it stands there."""
    return (why, t("For whoever runs the service it is number {number} in the log.", number=number))[
        : 2 if number else 1
    ]


def not_confirmed(reader: Stranger, status: int, number: str) -> web.Response:
    """Say that the portal did not confirm who somebody is."""
    why = t("Your portal has not confirmed who you are, or that took too long. Nothing was kept. Please try once more.")
    return plain(
        reader, status, t("You cannot come in"), *told_with(why, number), ways=[(BY_PORTAL, t("Try again")), _OTHERWISE]
    )


def _host(named: str) -> str:
    """Return the host that somebody meant, whatever they copied from their browser; "" for what is none."""
    bare = named if "//" in named else f"//{named}"
    try:
        host = host_of(bare)
    except ValueError:
        return ""
    return host if len(host) <= _LONGEST_HOST and host.isascii() and "@" not in host else ""
