"""The doors of the application: its installation, its page in the portal's frame, and the way back of the code flow."""

import hmac
import secrets
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from urllib.parse import parse_qsl

import structlog
from aiohttp import web

from bot.bodies import Refused, limited_body
from bot.callers import Callers
from bot.clock import Clock
from bot.derived import Derived
from bot.domain.errors import Refusal
from bot.domain.installation import BY_OPERATOR, PROCESSES, Installation, InstallationState, Purpose, Trouble
from bot.ids import turn_id
from bot.logs import Seldom
from bot.ports import NotProven, Proof, Showing, Shown
from bot.services.people.installations import Installed
from bot.text import Phrase, t
from bot.web.doors import origin_of, page
from bot.web.entering.application import Application, Opened
from bot.web.entering.by_portal import SIGN_IN, STATE_COOKIE, STATE_SECONDS, ByPortal, not_confirmed, told_with
from bot.web.entering.framed import FramedSessions
from bot.web.entering.knocks import TOO_MANY, Knocks
from bot.web.entering.placements import next_of, ref_of
from bot.web.plain_pages import OPEN, plain
from bot.web.render import Reader, render
from bot.web.tickets import Tickets
from bot.words.installations import trouble_words

INSTALL, APP, CALLBACK = "/bitrix24/install", "/bitrix24/app", "/bitrix24/oauth/callback"
AGREE = "/bitrix24/oauth/agree"
STATE_LIVES = timedelta(seconds=STATE_SECONDS)
ASKED_LIVES = timedelta(days=3)
"""So long a link by which an administrator is asked to stand in opens its page."""
_TICKET_LIVES = timedelta(minutes=30)
_READ_WITHIN = timedelta(minutes=10)
"""So long after an installation people may still be on their way; later nobody's page asks for them by itself."""
_SID = 64
_FORM = "application/x-www-form-urlencoded"

log = structlog.get_logger("web")
Chat = Callable[[str], Awaitable[str]]
"""Returns where people of a portal find the bot's chat, by the portal's key."""


def states_of(derived: Derived) -> Tickets:
    """Return what makes and reads the states with which people are sent to their portals."""
    return Tickets(derived, "authorisation", STATE_LIVES)


class FrameDoors:
    """The doors."""

    def __init__(
        self,
        application: Application,
        derived: Derived,
        clock: Clock,
        chat: Chat,
        *,
        framed: FramedSessions | None = None,
        by_portal: ByPortal | None = None,
        knocks: Knocks | None = None,
        allow_local: bool = False,
        is_open: Callable[[], bool] = lambda: True,
    ) -> None:
        """Take what `application` proves; `chat` tells where the bot is; before `is_open` nothing can be stored."""
        self._application = application
        self._clock = clock
        self._chat = chat
        self._framed = framed
        self._by_portal = by_portal
        self._knocks = knocks or Knocks(Callers())
        self._allow_local = allow_local
        self._is_open = is_open
        self._joining = Tickets(derived, "joining", _TICKET_LIVES)
        self._states = states_of(derived)
        self._asked = Tickets(derived, "asked to stand in", ASKED_LIVES)
        self._refusals = Seldom()
        self._used: dict[str, datetime] = {}
        """States that came back, as long as they would be good."""

    def routes(self) -> list[web.RouteDef]:
        """Return the doors."""
        return [
            web.get(INSTALL, self.look, allow_head=True),
            web.post(INSTALL, self.install),
            web.get(APP, self.look, allow_head=True),
            web.post(APP, self.open),
            web.get(AGREE, self.agree, allow_head=False),
            web.get(CALLBACK, self.callback, allow_head=False),
        ]

    async def look(self, request: web.Request) -> web.Response:
        """Tell whoever comes by themselves, be it the vendor's probe, what is here."""
        said = [t("Open the application “Smena” in your Bitrix24: it works there, in the portal's own page.")]
        return page(render("page.html", _reader(request), title=t("Smena for Bitrix24"), said=said))

    async def install(self, request: web.Request) -> web.Response:
        """Take an installation: the event, or the page in the portal's frame; and what is typed into that page."""
        return await self._taken(request, self._install)

    async def open(self, request: web.Request) -> web.Response:
        """Show the application's page in the portal's frame."""
        return await self._taken(request, self._open)

    def _must_be_open(self) -> None:
        if not self._is_open():
            raise NotProven("starting", may_pass=True)

    async def _taken(
        self, request: web.Request, take: Callable[[web.Request, bytes], Awaitable[web.Response]]
    ) -> web.Response:
        reader, frame = _reader(request), origin_of(request.query.get("DOMAIN", ""), allow_local=self._allow_local)
        try:
            self._must_be_open()
            return await take(request, await limited_body(request))
        except NotProven as refusal:
            status = 429 if refusal.code == TOO_MANY else 503 if refusal.may_pass else 403
            number = self._noted("bitrix24.call_not_proven", request, refusal.code)
            return _refused(reader, frame, status, _why(refusal), number)
        except Refused as refusal:
            number = self._noted("bitrix24.call_refused", request, refusal.code)
            return _refused(reader, frame, refusal.status, _UNREADABLE, number)

    def _noted(self, event: str, request: web.Request, code: str) -> str:
        """Write a line about a refusal where one is due; return its number there, "" where none was written."""
        if not self._refusals.is_due():
            return ""
        number = turn_id()
        log.warning(event, path=request.path, code=code, id=number)
        return number

    async def _install(self, request: web.Request, body: bytes) -> web.Response:
        form = _form(request, body)
        if "ticket" in form:
            return await self._answered(request, form)
        shown = self._application.read(request.query, body, request.headers.get("Content-Type", ""))
        if shown.what is not _FRAME:
            async with self._knocks.counted(request, shown):
                await self._application.happened(shown)
            return web.Response(text="ok")
        async with self._knocks.counted(request, shown):
            opened = await self._application.installing(shown)
        return await self._shown(request, shown, opened, finish=True)

    async def _open(self, request: web.Request, body: bytes) -> web.Response:
        shown = self._application.read(request.query, body, request.headers.get("Content-Type", ""))
        if shown.what is not _FRAME:
            raise NotProven("unknown_event")
        async with self._knocks.counted(request, shown):
            opened = await self._application.opened(shown)
        return await self._signed_in(request, shown, opened) or await self._shown(request, shown, opened, finish=False)

    async def _signed_in(self, request: web.Request, shown: Shown, opened: Opened) -> web.Response | None:
        """Let in whoever opened the page, where the application works and knows them."""
        proof, portal = opened.proof, opened.installed.portal
        if self._framed is None or not opened.installed.installation.is_served:
            return None
        if opened.installed.installation.state is InstallationState.WAITING:
            return None
        about = ref_of(shown.placement, shown.options)
        sees = about is not None and await self._application.sees(proof, about)
        next_page = next_of(shown.options, about if sees else None)
        frame = origin_of(proof.host, allow_local=self._allow_local) or ""
        return await self._framed.opened(request, portal.key, portal.id, proof.account, shown.locale, frame, next_page)

    async def _shown(self, request: web.Request, shown: Shown, opened: Opened, *, finish: bool) -> web.Response:
        reader = Reader(shown.locale, request.headers.get("Accept-Language", "")[:5])
        return await self._page(request, reader, opened.proof.host, opened.installed, opened.proof, finish=finish)

    async def _page(
        self,
        request: web.Request,
        reader: Reader,
        host: str,
        installed: Installed,
        proof: Proof | None,
        *,
        finish: bool,
        wrong: Phrase | None = None,
    ) -> web.Response:
        """Show how the application stands: installed, in need of help, or which tenant it belongs to."""
        frame = origin_of(host, allow_local=self._allow_local)
        sid = _sid(request.query.get("APP_SID", ""))
        installation = installed.installation
        if installation.state is InstallationState.WAITING:
            is_admin = "yes" if proof is None or proof.is_admin else ""
            member = installed.portal.member_id or (proof.member_id if proof is not None else "")
            values = {"member": member, "host": host, "sid": sid, "admin": is_admin, "locale": reader.locale}
            return _joining(reader, frame, self._joining.make(values, self._clock.now()), wrong)
        trouble = installation.trouble
        if not installation.is_served:
            return page(
                render(
                    "trouble.html",
                    reader,
                    title=t("The application needs help"),
                    said=[trouble_words(trouble) if trouble else _ASLEEP, _who_mends(trouble)],
                    again=_AGAIN if trouble not in BY_OPERATOR else "",
                ),
                frame=frame,
            )
        said = [
            t("The bot “Smena” is in the chats of Bitrix24 now. People and departments are read within two minutes.")
        ]
        if trouble is not None:
            said.append(trouble_words(trouble))
        if PROCESSES not in installation.scope:
            said.append(
                t(
                    "I was given no right to business processes (bizproc), so there is no robot that asks for "
                    "approval. All else works."
                )
            )
        return page(
            render(
                "installed.html",
                reader,
                title=t("Smena is installed"),
                said=said,
                portal=frame or "",
                sid=sid,
                finish=finish,
                again=trouble is None and not finish and self._is_new(installation),
                chat=await self._chat(installed.portal.key) or f"{frame or ''}/online/",
                open_chat=t("Open the chat"),
            ),
            frame=frame,
        )

    def _is_new(self, installation: Installation) -> bool:
        at = installation.last_installed_at or installation.installed_at
        return self._clock.now() - at < _READ_WITHIN

    async def _answered(self, request: web.Request, form: Mapping[str, str]) -> web.Response:
        """Take what an administrator typed: the code that joins two tenants, or that it is another company."""
        ticket = self._joining.read(form["ticket"], self._clock.now())
        if ticket is None:
            raise NotProven("old_page")
        reader = Reader(ticket["locale"])
        host, member = ticket["host"], ticket["member"]
        frame = origin_of(host, allow_local=self._allow_local)
        if not ticket["admin"]:
            return _refused(reader, frame, 403, t("Only an administrator of the portal can decide that."))
        try:
            if form.get("anew"):
                installed = await self._application.begin_anew(member)
            else:
                installed = await self._application.join(member, form.get("code", ""))
        except Refusal as refusal:
            return _joining(reader, frame, form["ticket"], _wrong_code(refusal), status=422)
        if installed is None:
            raise NotProven("old_page")
        request = request.clone(rel_url=request.rel_url.update_query(APP_SID=ticket["sid"]))
        return await self._page(request, reader, host, installed, None, finish=True)

    # The code flow

    def agreeing(self, member_id: str, now: datetime) -> str:
        """Return the path of the page at which an administrator of a company may agree to stand in."""
        return f"{AGREE}?ticket={self._asked.make({'member': member_id}, now)}"

    def sharing_tasks(self, member_id: str, account: str, now: datetime) -> str:
        """Return the path of the page at which somebody may agree to have their own tasks of processes shown in chat.

        Only that account may: a link that was handed on switches nothing on for whoever opens it.
        """
        values = {"member": member_id, "purpose": Purpose.TASKS.value, "account": account}
        return f"{AGREE}?ticket={self._asked.make(values, now)}"

    async def agree(self, request: web.Request) -> web.Response:
        """Say what somebody's access is for, and let them confirm it on their portal, in this browser alone."""
        reader, nonce = _reader(request), secrets.token_urlsafe(24)
        ticket = self._asked.read(request.query.get("ticket", ""), self._clock.now())
        if ticket is None:
            return _refused(reader, None, 403, _REFUSALS["old_link"])
        try:
            self._must_be_open()
            purpose = Purpose(ticket.get("purpose", Purpose.STAND_IN.value))
            state = self.state(ticket["member"], purpose, nonce, ticket.get("account", ""))
            there = await self._application.sign_in_address(ticket["member"], state)
        except NotProven as refusal:
            return _refused(reader, None, 503 if refusal.may_pass else 403, _why(refusal))
        said = [
            t("The application works on your portal by the access of whoever installed it."),
            t(
                "If you agree, it may use yours when that one is lost: to send the bot's messages, to read people, and "
                "to do in deals, tasks and processes what your portal's rules say. You can end that in chat: /standin"
            ),
        ]
        title, agree = t("Stand in for the installer"), t("I agree: confirm it on the portal")
        if purpose is Purpose.TASKS:
            title = t("Your tasks of business processes, in chat")
            said = [
                t("If you agree, tasks of business processes come to you as messages, and you answer them there."),
                t("They are read, and answered, in your name alone. You can end that in chat: /tasks"),
            ]
        answer = page(render("agree.html", reader, title=title, said=said, there=there, agree=agree))
        lives = int(STATE_LIVES.total_seconds())
        answer.set_cookie(STATE_COOKIE, nonce, max_age=lives, path="/", secure=True, httponly=True, samesite="Lax")
        return answer

    def state(self, member_id: str, purpose: Purpose, nonce: str, account: str = "") -> str:
        """Return the state with which somebody is sent to their portal; `nonce` goes into their cookie.

        Where an `account` is named, nobody else's agreement counts.
        """
        values = {"member": member_id, "purpose": purpose.value, "nonce": nonce, "account": account}
        return self._states.make(values, self._clock.now())

    def _own(self, state: Mapping[str, str] | None, nonce: str) -> Mapping[str, str]:
        """Return what a state says, once, to the browser that it was given to."""
        now = self._clock.now()
        for used in [used for used, until in self._used.items() if until <= now]:
            del self._used[used]
        is_own = (
            state is not None and nonce and hmac.compare_digest(state["nonce"].encode(), nonce.encode(errors="replace"))
        )
        if state is None or not is_own or nonce in self._used:
            raise NotProven("foreign_state")
        self._used[nonce] = now + STATE_LIVES
        return state

    async def callback(self, request: web.Request) -> web.Response:
        """Take what somebody agreed to on their portal, if they were sent there from here, by this browser."""
        reader = _reader(request)
        state = self._states.read(request.query.get("state", ""), self._clock.now())
        nonce = request.cookies.get(STATE_COOKIE, "")
        is_sign_in = False
        try:
            self._must_be_open()
            values = self._own(state, nonce)
            is_sign_in = values["purpose"] == SIGN_IN
            if is_sign_in and self._by_portal is not None:
                return _without_state(await self._by_portal.enter(request, values))
            code, server = request.query.get("code", ""), request.query.get("server_domain", "")
            purpose, account = Purpose(values["purpose"]), values.get("account", "")
            await self._application.agreed(values["member"], code, server, purpose, account)
        except (NotProven, Refusal) as refusal:
            number = self._noted("bitrix24.agreement_not_taken", request, refusal.code)
            may_pass = isinstance(refusal, NotProven) and refusal.may_pass
            status = 503 if may_pass else 403
            if is_sign_in:
                answer = not_confirmed(reader, status, number)
            else:
                answer = plain(reader, status, t("That did not work"), *told_with(_NOT_AGREED, number), ways=[OPEN])
        else:
            said = [t("Bitrix24 has confirmed it. You can close this page and go on in the chat.")]
            answer = page(render("page.html", reader, title=t("Thank you"), said=said))
        return _without_state(answer)


def _without_state(answer: web.Response) -> web.Response:
    """Let the browser forget what it was sent with."""
    answer.del_cookie(STATE_COOKIE, path="/", secure=True, httponly=True, samesite="Lax")
    return answer


_FRAME = Showing.FRAME
_UNREADABLE = t("What the portal sent could not be read. Please open the application once more.")
_ASLEEP = t("The application was removed from this portal. Please install it again: people and hours are kept.")
_AGAIN = t("When that is done, open this page once more: I look again by myself.")
_NOT_AGREED = t("That did not work: the page was open for too long, or was begun somewhere else. Please begin again.")
_REFUSALS: Mapping[str, Phrase] = {
    "another_application": t("This call was made for another application. Please open Smena from the portal's menu."),
    "untrusted_server": t(
        "The portal names an authorisation server that this service does not know. Whoever runs the service has to add "
        "it to BITRIX24_OAUTH_HOSTS."
    ),
    "old_link": t("This link is too old, or not whole. Take a new one in the chat with the bot: /standin"),
    "not_installed": t("The application is not installed on that portal any more, so nobody has to stand in there."),
    "old_page": t("This page was open for too long. Please open the application once more."),
}


def _why(refusal: NotProven) -> Phrase:
    if refusal.code == TOO_MANY:
        return t("Too many tries from here. Please wait a minute.")
    if refusal.may_pass:
        return t("Bitrix24 does not answer right now, so nothing was changed. Please try again in a minute.")
    return _REFUSALS.get(
        refusal.code,
        t("Bitrix24 did not confirm that this call comes from your portal, so nothing was changed. "
          "Please open the application from the portal's menu once more."),
    )  # fmt: skip


def _who_mends(trouble: Trouble | None) -> Phrase:
    if trouble in BY_OPERATOR:
        return t("That can be mended by whoever runs this service; nothing is lost until then.")
    return t("That can be mended by an administrator of the portal; nothing is lost until then.")


def _wrong_code(refusal: Refusal) -> Phrase:
    if refusal.code == "too_many_tries":
        return t("Too many codes that do not fit. Open the application once more in a quarter of an hour.")
    return t("That code does not fit, or is older than 15 minutes. Open the application once more for a new one.")


def _refused(reader: Reader, frame: str | None, status: int, why: Phrase, number: str = "") -> web.Response:
    title, said = t("That did not work"), list(told_with(why, number))
    return page(render("page.html", reader, title=title, said=said), frame=frame, status=status)


def _joining(
    reader: Reader, frame: str | None, ticket: str, wrong: Phrase | None = None, *, status: int = 200
) -> web.Response:
    html = render(
        "joining.html",
        reader,
        title=t("Is this your company?"),
        said=[
            t("Smena already works at this address, by an incoming webhook."),
            t(
                "Its bot has just sent a code to your administrators. Type it here, and people, hours and requests go "
                "on as they are."
            ),
        ],
        wrong=wrong or "",
        ticket=ticket,
        action=INSTALL,
        label=t("Code of eight digits"),
        join=t("Go on with it"),
        anew=t("It is another company: begin anew"),
    )
    return page(html, frame=frame, status=status)


def _reader(request: web.Request) -> Reader:
    return Reader(request.query.get("LANG"), request.headers.get("Accept-Language", "")[:2])


def _sid(shown: str) -> str:
    """Return the frame's id, if it is one: it goes into a page."""
    return shown if len(shown) <= _SID and shown.isascii() and shown.isalnum() else ""


def _form(request: web.Request, body: bytes) -> Mapping[str, str]:
    """Return the fields of our own form; none for any other body."""
    if request.content_type != _FORM:
        return {}
    try:
        return dict(parse_qsl(body.decode(), max_num_fields=200))
    except ValueError:
        return {}
