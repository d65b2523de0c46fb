"""Pages served: who asks, in what they are refused, what is done in one unit of work, and how it is shown."""

import asyncio
import inspect
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from types import MappingProxyType
from typing import Any, cast
from urllib.parse import parse_qsl, quote, urlencode

import structlog
from aiohttp import web

from bot.bodies import MOST, Refused, limited_body
from bot.clock import Clock
from bot.derived import Derived
from bot.domain.approvals.request import ChangedMeanwhile
from bot.domain.errors import Refusal
from bot.domain.rights import check, may
from bot.i18n import Translator
from bot.ids import new_id
from bot.ports import Conflict, Supply, Undertake
from bot.services.people.access import Access, Reader
from bot.services.statuses import STATUSES
from bot.services.supplying import needs_of
from bot.services.wiring import is_service
from bot.text import Lines, Phrase, from_json, readable, t, to_json
from bot.uploads import Places
from bot.web import forms
from bot.web.addresses import ENTER
from bot.web.doors import around, pack, page
from bot.web.origins import Origins, forget, token_of
from bot.web.pages import MOST_FIELDS, PAGES, Route
from bot.web.plain_pages import NO_CHANGE, OPEN_ANEW, from_elsewhere, needs_https, plain, starting, stranger_of
from bot.web.render import Reader as Stranger
from bot.web.render import render, render_page
from bot.web.taking import Taken, Taking
from bot.web.tickets import Tickets
from bot.web.visit import NOT_FOUND, Answer, Download, Go, NotFound, NotTaken, Page, Visit
from bot.web.words import LIVE_SECTIONS, SECTIONS

_FORM = "application/x-www-form-urlencoded"
_SAID = "said"
WHO = "Smena-Who"
"""Tells for whom the page was made that now asks for something."""
_SAID_FOR = timedelta(minutes=2)
_TYPED_BY = "typed-by"
"""The field of a form that outlived its session: a ticket that names whose it was."""
_TYPED_FOR = timedelta(days=1)
_FAILED = t("Nothing is lost. Please try again; if it stays so, tell your administrator this number: {turn}", turn="")
_ONCE = frozenset({"secret"})
"""Fields that are shown to nobody again."""
_WHY_NOT = {
    "too_large": t("It is too large: a file may have 20 MB, and a request ten files. Nothing was changed."),
    "too_many_files": t("These are too many files: a request takes ten. Nothing was changed."),
    "many_uploads": t("Many files are being sent just now. Please send yours again in a minute; nothing was changed."),
    "own_uploads": t(
        "Two forms of yours are on their way with files. Send this one when they have arrived; nothing was changed."
    ),
    "too_slow": t("The files did not come in time. Please send them again, or smaller ones; nothing was changed."),
}
_OF_PROGRAMS = ("/api/", "/sandbox", "/static/")
"""Where programs ask, and pages for what they are made with."""
_PATIENCE = 2.0
"""Seconds in which it is told whose session it is, where something went wrong."""

log = structlog.get_logger("web")


class Untaught(TypeError):
    """A view asks for what nobody can give it."""


@dataclass(frozen=True, slots=True)
class _Done:
    """What came of a request: who asked, the answer, its status."""

    reader: Reader | None
    answer: Answer | None = None
    visit: Visit | None = None
    refusal: Refusal | NotTaken | None = None
    is_missing: bool = False
    typed_by: int | None = None
    """Whose the session was that is over; None where nobody knows."""
    is_doubtful: bool = False
    """Whether what was typed in one session would be sent in somebody else's."""


class Pages:
    """Serves the pages of people who are signed in."""

    def __init__(
        self,
        undertake: Undertake,
        clock: Clock,
        derived: Derived,
        origins: Origins,
        *,
        is_open: Callable[[], bool],
        routes: Sequence[Route] = PAGES,
        places: Places | None = None,
    ) -> None:
        """Do all by `undertake`, take files in `places`; what a view asks for is checked now."""
        self._undertake = undertake
        self._clock = clock
        self._origins = origins
        self._is_open = is_open
        self._said = Tickets(derived, "what a page says", _SAID_FOR)
        self._typed_by = Tickets(derived, "who typed it", _TYPED_FOR)
        self._taking = Taking(undertake, clock, places)
        self._noting: set[asyncio.Task[None]] = set()
        self._routes = routes
        for route in routes:
            _check_view(route.view)
            for each in (route.again, route.admits):
                if each is not None:
                    _check_view(each)

    def routes(self) -> list[web.RouteDef]:
        """Return the doors."""
        made = []
        for route in self._routes:
            if route.method == "GET":
                made.append(web.get(route.path, partial(self._serve, route), allow_head=True))
            else:
                made.append(web.post(route.path, partial(self._serve, route)))
        shown = {each.path for each in self._routes if each.method == "GET"}
        lead_back = {each.path: each.back for each in self._routes if each.method == "POST" and each.path not in shown}
        return [*made, *(web.get(path, partial(_led_back, back), allow_head=False) for path, back in lead_back.items())]

    async def reader_of(self, request: web.Request) -> Reader | None:
        """Return whose session a request carries, as they are now."""
        now, token = self._clock.now(), token_of(request)

        async def work(services: Supply) -> Reader | None:
            return meant(request, await services.get(Access).of(token, now))

        return await self._undertake(work, now)

    async def _serve(self, route: Route, request: web.Request) -> web.StreamResponse:
        if not self._is_open():
            return starting(stranger_of(request), _address(route, request))
        if not self._origins.is_safe:
            return needs_https(stranger_of(request))
        taken = Taken({})
        if route.method == "POST":
            if not self._origins.are_own(request):
                return from_elsewhere(stranger_of(request))
            try:
                taken = await self._taken(route, request)
            except Refused as refused:
                why = _WHY_NOT.get(refused.code, NO_CHANGE)
                response = await self._failed(route, request, refused.status, t("Not taken"), why)
                response.force_close()  # what was not read of it is not waited for
                return response
        turn = f"{new_id():x}"
        try:
            done = await self._do(route, request, taken, turn)
            return await self._answered(route, request, done, taken.fields)
        except Conflict:
            why = t("Please do it once more: nothing was changed.")
            return await self._failed(route, request, 409, t("Others were faster"), why, taken.fields)
        except Exception as error:
            log.exception("page failed", turn=turn, page=route.path, error=type(error).__name__)
            why = replace(_FAILED, values={"turn": turn})
            return await self._failed(route, request, 500, t("That did not work"), why, taken.fields)

    async def _taken(self, route: Route, request: web.Request) -> Taken:
        """Read what was sent; files are taken of whoever is signed in and may send them there, and kept as they come.

        A page that takes more than usual takes it from whoever may open it alone.
        """
        if route.takes_files and Taking.has_files(request):
            return await self._taking.form(request, await self._admitted(route, request))
        if route.most_bytes == MOST:
            return Taken(await read_form(request))
        reader = await self.reader_of(request)
        is_theirs = reader is not None and (route.right is None or may(reader.employee, route.right))
        return Taken(await read_form(request, route.most_bytes if is_theirs else MOST, route.most_fields))

    async def _admitted(self, route: Route, request: web.Request) -> Reader | None:
        """Return whose files are taken; of whom the view will refuse what they send, none are."""
        now, token = self._clock.now(), token_of(request)

        async def work(services: Supply) -> Reader | None:
            reader = meant(request, await services.get(Access).of(token, now))
            if reader is None or route.admits is None:
                return reader
            visit = Visit(reader.employee, reader.portal, reader.session, now, dict(request.match_info))
            try:
                await _called(route.admits, visit, services, {})
            except (Refusal, NotTaken, NotFound):
                return None
            finally:
                services.uow.forget()
            return reader

        return await self._undertake(work, now)

    async def _do(self, route: Route, request: web.Request, taken: Taken, turn: str) -> _Done:
        """Do it in one unit; what was only looked at is not kept, and neither is what was refused."""
        now, token, fields = self._clock.now(), token_of(request), dict(taken.fields)
        ticket = fields.pop(_TYPED_BY, None)

        async def work(services: Supply) -> _Done:
            reader = meant(request, await services.get(Access).of(token, now))
            if reader is None:
                return _Done(None, typed_by=await services.get(Access).whose(token))
            if ticket is not None and not self._is_theirs(ticket, reader, now):
                return _Done(reader, is_doubtful=True)
            asked = dict(request.match_info), _query(request)
            visit = Visit(reader.employee, reader.portal, reader.session, now, *asked, files_refused=taken.refused)
            try:
                if route.right is not None:
                    check(reader.employee, route.right)
                answer = await _called(route.view, visit, services, fields)
            except NotFound:
                services.uow.forget()
                return _Done(reader, visit=visit, is_missing=True)
            except (Refusal, NotTaken) as refusal:
                if not isinstance(refusal, ChangedMeanwhile | NotTaken):  # what it is by now is kept, and shown next
                    services.uow.forget()
                return _Done(reader, visit=visit, refusal=refusal)
            if route.method == "GET":
                services.uow.forget()
            return _Done(reader, answer, visit)

        done = await self._undertake(work, now, turn=turn)
        if done.reader is not None:
            self._note_seen(done.reader)
        if done.refusal is not None and route.again is not None and done.visit is not None:
            return await self._again(route, done, fields)
        return done

    async def _again(self, route: Route, done: _Done, fields: Mapping[str, str]) -> _Done:
        """Show the page as it is now, with why nothing was done on top, and what was typed in its fields."""
        before = cast("Visit", done.visit)
        visit = replace(before, refused=done.refusal, typed=fields)

        async def look(services: Supply) -> Answer:
            answer = await _called(route.again, visit, services, {})
            services.uow.forget()
            return answer

        try:
            return replace(done, answer=await self._undertake(look, visit.now), visit=visit)
        except (Refusal, NotTaken, NotFound):
            return done

    def _note_seen(self, reader: Reader) -> None:
        """Note that the session is used, beside the request and once an hour at most."""
        now = self._clock.now()

        async def work(services: Supply) -> None:
            services.get(Access).seen(reader.session, now)

        async def note() -> None:
            try:
                await self._undertake(work, now)
            except Exception as error:  # noqa: BLE001 - the next page notes it
                log.info("session not noted as used", error=type(error).__name__)

        if Access.is_seen_due(reader.session, now):
            task = asyncio.create_task(note())
            self._noting.add(task)
            task.add_done_callback(self._noting.discard)

    # Showing

    async def lost(self, request: web.Request, status: int) -> web.Response | None:
        """Answer whoever opens in a browser what is no page of ours; None for programs."""
        is_page = "text/html" in request.headers.get("Accept", "") and not request.path.startswith(_OF_PROGRAMS)
        if not is_page or not self._is_open():
            return None
        known = await self._known(request)
        why = t("The address may be mistyped, or what was there is gone.")
        return self._told(request, known, status, t("There is no such page"), [why])

    async def _failed(
        self,
        route: Route,
        request: web.Request,
        status: int,
        title: Phrase,
        why: Phrase,
        fields: Mapping[str, str] = MappingProxyType({}),
    ) -> web.Response:
        """Say what went wrong; the page holds what was typed, and sends it once more."""
        known = await self._known(request)
        held = {} if route.is_secret or route.method == "GET" or not any(fields.values()) else fields
        return self._told(request, known, status, title, [why], held, back=_address(route, request))

    async def _known(self, request: web.Request) -> Reader | None:
        """Return whose session it is where that can be told now: what failed may be the database."""
        if not token_of(request):
            return None
        try:
            async with asyncio.timeout(_PATIENCE):
                return await self.reader_of(request)
        except Exception as error:  # noqa: BLE001 - what went wrong was told already
            log.info("reader not known", error=type(error).__name__)
            return None

    def _told(
        self,
        request: web.Request,
        known: Reader | None,
        status: int,
        title: Phrase,
        said: Sequence[Phrase],
        held: Mapping[str, str] = MappingProxyType({}),
        *,
        back: str = "",
    ) -> web.Response:
        """Return a page without bars, in the language of whoever is signed in, with a way on."""
        ways = [(back, t("Back to the page"))] if back not in {"", "/"} else []
        if known is not None or token_of(request):
            ways.append(("/", t("To the overview")))
        else:
            ways.append((ENTER, t("Sign in")))
        stranger = stranger_of(request) if known is None else Stranger(known.employee.locale)
        fields = self._kept_fields(held, None if known is None else known.employee.id) if held else []
        frame = None if known is None else around(known, self._origins.own)
        return plain(
            stranger, status, title, *said, ways=ways, held=fields, action=request.rel_url.raw_path, frame=frame
        )

    async def _answered(
        self, route: Route, request: web.Request, done: _Done, fields: Mapping[str, str]
    ) -> web.StreamResponse:
        if done.reader is None:
            return self._over(request, {} if route.is_secret else fields, done.typed_by)
        if done.is_doubtful:
            return self._doubtful(request, done.reader, {} if route.is_secret else fields)
        if done.is_missing or (done.answer is None and done.refusal is None):
            return await self._shown(request, done, Page("refused.html", NOT_FOUND, {"why": NOT_FOUND}), 404)
        match done.answer:
            case Download(name, kind, content):
                return download(name, kind, content)
            case Go(to, said, signs_out):
                return self._gone(done.reader, to, said, signs_out=signs_out)
            case Page() as shown:
                status = 200 if done.refusal is None else _status_of(done.refusal)
                response = await self._shown(request, done, shown, status)
                if done.refusal is not None:
                    response.headers["HX-Replace-Url"] = _filled(route.back or route.path, request.match_info)
                return response
        refusal = cast("Refusal | NotTaken", done.refusal)
        shown = Page("refused.html", t("That is not possible"), {"why": refusal.phrase})
        return await self._shown(request, done, shown, _status_of(refusal))

    async def _shown(self, request: web.Request, done: _Done, shown: Page, status: int) -> web.Response:
        reader = cast("Reader", done.reader)
        employee, frame = reader.employee, around(reader, self._origins.own)
        translator = Translator(employee.locale, employee.zone, self._clock.now())
        values = {
            "title": shown.title,
            "section": shown.section,
            "sections": [each for each in SECTIONS if each.is_for(employee)],
            "reader": employee,
            "now": self._clock.now(),
            "said": self._read_said(request),
            "refused": done.refusal.phrase if done.refusal is not None and done.answer is not None else None,
            "refused_at": getattr(done.refusal, "at", ""),
            "typed": done.visit.typed if done.visit else {},
            "is_live": shown.section in LIVE_SECTIONS and request.method == "GET",
            "framed_by": frame or "",
        }
        response = page(await render_page(shown.template, translator, values, shown.values), frame=frame, status=status)
        response.headers["Content-Language"] = employee.locale
        if _SAID in request.query and request.method == "GET":
            kept = [(name, value) for name, value in request.query.items() if name != _SAID]
            response.headers["HX-Push-Url"] = request.rel_url.raw_path + (f"?{urlencode(kept)}" if kept else "")
        return pack(request, response)

    def _gone(self, reader: Reader, to: str, said: Phrase | Lines | None, *, signs_out: bool) -> web.StreamResponse:
        frame = around(reader, self._origins.own)
        if signs_out and frame is not None:  # no page of ours beside this one may be shown there
            out = render("page.html", Stranger(reader.employee.locale), title=t("You are signed out"), said=[OPEN_ANEW])
            left = page(out, frame=frame)
            forget(left)
            return left
        if said is not None:
            ticket = self._said.make({"w": json.dumps(to_json(said))}, self._clock.now())
            to, sign, part = to.partition("#")
            to = f"{to}{'&' if '?' in to else '?'}{_SAID}={ticket}{sign}{part}"
        response: web.StreamResponse = web.Response(status=303, headers={"Location": to, "Cache-Control": "no-store"})
        if signs_out:
            forget(response)
        return response

    def _read_said(self, request: web.Request) -> Phrase | Lines | None:
        ticket = request.query.get(_SAID)
        values = self._said.read(ticket, self._clock.now()) if ticket else None
        if values is None:
            return None
        found = from_json(json.loads(values["w"]))
        return found if isinstance(found, Phrase | Lines) else None

    def _is_theirs(self, ticket: str, reader: Reader, now: datetime) -> bool:
        values = self._typed_by.read(ticket, now)
        return values is not None and values["e"] == str(reader.employee.id)

    def _kept_fields(self, fields: Mapping[str, str], typed_by: int | None) -> list[tuple[str, str]]:
        ticket = self._typed_by.make({"e": str(typed_by or "")}, self._clock.now())
        sent = [(name, value) for name, value in fields.items() if name not in _ONCE | {_TYPED_BY}]
        return [*sent, (_TYPED_BY, ticket)]

    def _doubtful(self, request: web.Request, reader: Reader, fields: Mapping[str, str]) -> web.Response:
        """Ask first: what was typed before a session ended may have been typed by somebody else."""
        said = {
            "title": t("Nothing was sent yet"),
            "over": t("You are signed in as {name} now. Is this to be sent in that name?", name=reader.employee.name),
            "send": t("Send it as {name}", name=reader.employee.name),
            "said": [],
            "fields": self._kept_fields(fields, reader.employee.id),
            "action": request.rel_url.raw_path,
            "enter": "",
        }
        stranger, frame = Stranger(reader.employee.locale), around(reader, self._origins.own)
        return page(render("over.html", stranger, **said), frame=frame, status=409)

    def _over(self, request: web.Request, fields: Mapping[str, str], typed_by: int | None) -> web.StreamResponse:
        """There is no session, or none any more: what was typed stays on its page, for somebody comes back.

        Where the page goes away all the same, the next one holds it, and sends it once one is signed in.
        """
        if "HX-Request" in request.headers:
            headers = {"HX-Reswap": "none", "HX-Trigger": "smena:over", "Cache-Control": "no-store"}
            return web.Response(status=401, headers=headers)
        if any(fields.values()):
            if _TYPED_BY in fields:  # it is over once more: whose it was is known already, or still unknown
                values = self._typed_by.read(fields[_TYPED_BY], self._clock.now()) or {}
                typed_by = int(values.get("e") or 0) or None
            said = {
                "title": t("You are signed out"),
                "over": t("What you typed is still here: sign in on another page, then send it from this one."),
                "sign_in": t("Sign in"),
                "send": t("Send it now"),
                "said": [],
                "fields": self._kept_fields(fields, typed_by),
                "action": request.rel_url.raw_path,
                "enter": ENTER,
            }
            return page(render("over.html", stranger_of(request), **said), status=401)
        next_page = request.path_qs if request.method == "GET" and request.path != "/" else ""
        told = {"next": next_page} if next_page else {}
        if token_of(request):
            told["over"] = "1"
        to = f"{ENTER}?{urlencode(told, safe='/')}" if told else ENTER
        return web.Response(status=303, headers={"Location": to, "Cache-Control": "no-store"})


def meant(request: web.Request, reader: Reader | None) -> Reader | None:
    """Return who asks, unless the page that asks was shown to somebody else: two portals may share one browser."""
    shown_to = request.headers.get(WHO)
    return reader if reader is None or shown_to in (None, str(reader.employee.id)) else None


def _status_of(refusal: Refusal | NotTaken) -> int:
    return STATUSES.get(refusal.code, 409)


async def _called(view: Any, visit: Visit, services: Supply, fields: Mapping[str, str]) -> Answer:
    """Call a view with what it names by type."""
    given: dict[str, Any] = {}
    for name, kind in needs_of(view).items():
        if name == "return":
            continue
        if kind is Visit:
            given[name] = visit
        elif isinstance(kind, type) and issubclass(kind, forms.Form):
            given[name] = forms.read(kind, fields)
        else:
            given[name] = services.get(kind)
    return cast("Answer", await view(**given))


def _check_view(view: Any) -> None:
    """Refuse, at start, a view that asks for what nobody can give."""
    for name, kind in needs_of(view).items():
        is_form = isinstance(kind, type) and issubclass(kind, forms.Form)
        if kind is not Visit and not is_form and not is_service(kind):
            raise Untaught(f"{view.__qualname__}: nobody can give {name}")
    if not inspect.iscoroutinefunction(view):
        raise Untaught(f"{view.__qualname__} is no coroutine function")


async def read_form(request: web.Request, most: int = MOST, most_fields: int = MOST_FIELDS) -> Mapping[str, str]:
    """Return the fields of a form, doubled ones joined by commas; Refused says why it is not taken."""
    body = await limited_body(request, most=most)
    if body and request.content_type != _FORM:
        raise Refused(415, "no_form", "The body is no form.")
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=most_fields)
    except ValueError:
        raise Refused(400, "bad_form", "The form cannot be read.") from None
    fields: dict[str, str] = {}
    for name, value in pairs:
        clean = readable(value.replace("\r\n", "\n"))
        fields[name] = f"{fields[name]},{clean}" if name in fields else clean
    return fields


def _query(request: web.Request) -> Mapping[str, str]:
    return {name: value.replace("\0", "") for name, value in request.query.items() if name != _SAID}


def _filled(path: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        path = path.replace(f"{{{name}}}", quote(value, safe=""))
    return path


def _address(route: Route, request: web.Request) -> str:
    """Return the address of the page that a route shows, or is sent from."""
    if route.method == "GET":
        return request.path_qs
    return _filled(route.back or route.path, request.match_info)


async def _led_back(back: str, request: web.Request) -> web.StreamResponse:
    """Lead whoever asks for what is only sent to the page that it is sent from."""
    return web.Response(status=303, headers={"Location": _filled(back, request.match_info)})


def download(name: str, kind: str, content: bytes) -> web.Response:
    """Return a file that a browser keeps and shows nowhere."""
    plain_name = "".join(each if each.isascii() and (each.isalnum() or each in "-_.") else "_" for each in name)
    headers = {
        "Content-Disposition": f"attachment; filename=\"{plain_name}\"; filename*=UTF-8''{quote(name)}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox",
        "Cache-Control": "no-store",
    }
    return web.Response(body=content, content_type=kind, headers=headers)
