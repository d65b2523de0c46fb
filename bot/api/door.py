"""The door of the API: who calls, whether they may, what they send; then one unit of work, and one answer.

The answer to a call that may be repeated is stored in the same commit as what it did.
"""

import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl

import structlog
from aiohttp import web
from pydantic import BaseModel, ValidationError

from bot import metrics
from bot.api.bell import Bell
from bot.api.browsers import Browsers, let_read
from bot.api.cursors import Cursors
from bot.api.limits import Limits, Taken
from bot.api.openapi import refusals_of
from bot.api.operation import Answer, Call, Operation, Reader
from bot.api.operations.request_forms import request_form
from bot.api.problems import (
    BAD_BODY,
    BAD_HEADER,
    BAD_QUERY,
    CHANGED_MEANWHILE,
    INTERNAL,
    KEY_REUSED,
    METHOD_NOT_ALLOWED,
    NOT_FORM,
    NOT_FOUND,
    NOT_JSON,
    NOT_READY,
    PRECONDITION_REQUIRED,
    SCOPE_MISSING,
    TOO_LARGE,
    TOO_MANY,
    TOO_SLOW,
    UNAUTHORIZED,
    Problem,
    Refused,
    document,
    form_of,
    own,
)
from bot.api.schemas.base import Given, Query
from bot.api.schemas.requests import Made, RequestForm
from bot.bodies import Refused as BodyRefused
from bot.bodies import limited_body
from bot.callers import Callers
from bot.clock import Clock
from bot.domain.approvals.files import LARGEST
from bot.domain.approvals.files import hash_of as hash_of_file
from bot.domain.approvals.refusals import UnknownRequest
from bot.domain.approvals.request import AlreadyDecided, ChangedMeanwhile
from bot.domain.errors import Refusal
from bot.domain.people.api_key import PREFIX, ApiKey, Scope, hash_of, is_token
from bot.domain.people.employee import Employee, Role
from bot.i18n import Translator
from bot.ids import turn_id
from bot.ports import Conflict, Repeat, Unavailable
from bot.ports.undertaking import Supply, Undertake
from bot.services.approvals.requests import Requests
from bot.services.approvals.templates import FaultyTemplate
from bot.services.people.access import Access
from bot.services.people.keys import Keys
from bot.services.people.people import People
from bot.services.statuses import status_of
from bot.text import Phrase, t
from bot.uploads import SentFile, Uploads

MOST_DEPTH = 16
_BODY_CODES = {408: TOO_SLOW, 413: TOO_LARGE, 415: NOT_JSON, 503: NOT_READY}
_FILE_POLICY = "sandbox"
_REPLAYED = frozenset({"Location", "ETag", "Content-Language"})
_KEPT = frozenset({CHANGED_MEANWHILE})
"""Refusals with which the services noted what was found out: it stays."""
_GOOD_KEPT = 10_000
_log = structlog.get_logger("api")


@dataclass(slots=True)
class _Coming:
    """A call as it came in, before anybody knows whose it is."""

    request: web.Request
    operation: Operation
    turn: str
    now: datetime
    locale: str
    address: str
    token: str
    is_session: bool = False
    body: bytes = b""
    file: SentFile | None = None
    taken: Taken | None = None
    reader: Reader | None = None
    parsed: list[Given | None] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Waits:
    """What is answered when nothing happens on the portal for so long."""

    response: web.Response
    portal_id: int
    seconds: float


class Door:
    """Answers every operation in one way."""

    def __init__(
        self,
        do: Undertake,
        cursors: Cursors,
        limits: Limits,
        clock: Clock,
        *,
        callers: Callers | None = None,
        session_of: Callable[[web.Request], str] = lambda _: "",
        is_open: Callable[[], bool] = lambda: True,
        is_strict: bool = False,
    ) -> None:
        """Do work by `do`; before `is_open` nothing can be answered. `session_of` is the session that a browser shows.

        `is_strict` fails a call whose refusal is not declared; else that is a line in the log.
        """
        self._is_strict = is_strict
        self._do = do
        self._cursors = cursors
        self._limits = limits
        self._clock = clock
        self._callers = callers or Callers()
        self._session_of = session_of
        self._is_open = is_open
        self._uploads = Uploads(LARGEST, 1)
        self._codes: dict[str, Mapping[int, Sequence[str]]] = {}
        """What each operation may refuse, by status, as the document tells."""
        self._touched: dict[int, object] = {}
        """On which day each key was noted as used."""
        self._good: dict[str, None] = {}
        """Hashes of keys that were right last time: where an address tries wrong ones, these alone are looked at."""
        self._touching: set[asyncio.Task[None]] = set()
        self._browsers = Browsers(do, clock)
        self._bell = Bell()
        self.ring = self._bell.ring
        """Is told what each commit was about."""
        self.hang_up = self._bell.close
        """Lets whoever waits go: they come again."""
        self.is_waited_for = self._bell.is_waited_for

    def handler(self, operation: Operation) -> Callable[[web.Request], Any]:
        """Return what answers an operation."""

        async def answer(request: web.Request) -> web.StreamResponse:
            return await self._answer(request, operation)

        return answer

    async def elsewhere(self, request: web.Request, allowed: Sequence[str]) -> web.Response:
        """Answer what is no operation: nothing there, or not by that verb."""
        if allowed and (asked := await self._browsers.preflight(request, allowed)) is not None:
            return asked
        code, headers = (METHOD_NOT_ALLOWED, {"Allow": ", ".join(allowed)}) if allowed else (NOT_FOUND, {})
        return document(own(code, headers=headers).problem, self._say(locale_of(request), None), turn_id())

    async def close(self) -> None:
        """Let what is noted beside calls be stored."""
        if self._touching:
            await asyncio.gather(*self._touching, return_exceptions=True)

    async def _answer(self, request: web.Request, operation: Operation) -> web.StreamResponse:
        now, locale = self._clock.now(), locale_of(request)
        coming = _Coming(request, operation, turn_id(), now, locale, self._address(request), "")
        try:
            response = await self._served(coming)
        except Refused as refused:
            response = self._refused(coming, refused.problem)
        except BodyRefused as refused:
            code = _BODY_CODES.get(refused.status, BAD_BODY)
            if code == NOT_JSON and operation.takes_file:
                code = NOT_FORM
            response = self._refused(coming, own(code, status=refused.status).problem)
            if code != BAD_BODY:
                response.force_close()
        except (Conflict, Unavailable) as error:
            _log.warning("api.not_ready", turn=coming.turn, operation=operation.name, error=type(error).__name__)
            response = self._refused(coming, own(NOT_READY, headers={"Retry-After": "2"}).problem)
        except Exception as error:  # noqa: BLE001 - the edge: the caller gets a code, and the log the rest
            _log.exception("api.failed", turn=coming.turn, operation=operation.name, error=type(error).__name__)
            response = self._refused(coming, own(INTERNAL).problem)
        if coming.taken is not None:
            response.headers.update(coming.taken.headers)
        response.headers.setdefault("Cache-Control", "private, no-store")
        response.headers["Vary"] = "Authorization, Accept-Language"
        response.headers["X-Content-Type-Options"] = "nosniff"
        if coming.reader is not None:
            let_read(request, response, coming.reader.portal)
        if request.method != "GET":
            self._told(coming, response.status)
        return response

    def _told(self, coming: _Coming, status: int) -> None:
        """Write one line a call that may have changed something; the key by its first characters."""
        reader = coming.reader
        more = {} if reader is None else {"portal": reader.portal.id, "key": reader.key.prefix}
        _log.info("api.called", turn=coming.turn, operation=coming.operation.name, status=status, **more)

    async def _served(self, coming: _Coming) -> web.Response:
        if not self._is_open():
            raise own(NOT_READY, headers={"Retry-After": "2"})
        coming.token = self._token(coming)
        query = read_query(coming.operation.query, coming.request.query_string)
        if coming.operation.takes_file:
            await self._do(partial(self._admitted, coming), coming.now)  # a stranger's file is not even begun
            coming.file = await self._sent_file(coming.request)
            coming.body = f"{coming.file.name}\0{hash_of_file(coming.file.content or b'')}".encode()
        elif coming.operation.body is not None:
            coming.body = await limited_body(coming.request)
        repeat = self._repeat_key(coming)

        async def work(services: Supply) -> web.Response | Call | _Waits:
            return await self._worked(coming, query, repeat, services)

        done = await self._do(work, coming.now, turn=coming.turn)
        if isinstance(done, _Waits):
            done = await self._waited(coming, done, work)
        response = await self._each(coming, done) if isinstance(done, Call) else done
        if coming.reader is not None:
            self._touch(coming.reader, coming.now)
        return response

    async def _waited(
        self, coming: _Coming, said: _Waits, work: Callable[[Supply], Awaitable[web.Response | Call | _Waits]]
    ) -> web.Response | Call:
        """Run work anew whenever something happens on the portal, until there is something to say, or time is up.

        Each look is a unit of work of its own: whose key was revoked meanwhile is told so.
        """
        until = asyncio.get_running_loop().time() + said.seconds
        while True:
            with self._bell.listening(said.portal_id) as rung:
                done = await self._do(work, self._clock.now(), turn=coming.turn)
                if not isinstance(done, _Waits):
                    return done
                try:
                    async with asyncio.timeout_at(until):
                        await rung.wait()
                except TimeoutError:
                    return done.response

    async def _admitted(self, coming: _Coming, services: Supply) -> Reader:
        """Return who calls, where they may call this now."""
        operation = coming.operation
        reader = coming.reader = await self._reader(coming, services)
        self._limit(coming, reader)
        if operation.scope is not None and operation.scope not in reader.key.scopes:
            raise own(SCOPE_MISSING, scope=operation.scope.value)
        return reader

    async def _sent_file(self, request: web.Request) -> SentFile:
        """Return the one file of a form, from the disk; Refused where there is none, or more beside it."""
        found: list[SentFile] = []
        async for each in self._uploads.read(request):
            if not isinstance(each, SentFile) or each.field != "file" or found:
                raise own(BAD_BODY, status=422, errors=[("file", t("A form with one file is wanted here: “file”."))])
            found.append(each)
        if not found:
            raise own(BAD_BODY, status=422, errors=[("file", t("It is missing."))])
        return found[0]

    async def _worked(
        self, coming: _Coming, query: Query | Refused, repeat: str, services: Supply
    ) -> web.Response | Call | _Waits:
        operation = coming.operation
        reader = await self._admitted(coming, services)
        if isinstance(query, Refused):
            raise query
        if not coming.parsed:
            coming.parsed.append(read_body(operation.body, coming.request, coming.body))
        call = Call(
            reader,
            operation,
            coming.now,
            coming.turn,
            coming.request.match_info,
            query,
            coming.locale,
            seen=seen_by(coming.request, operation),
            cursors=self._cursors,
            file=coming.file,
        )
        if operation.is_batch:
            return call
        place = self._place(coming, reader, repeat)
        body_hash = sha256(coming.body).hexdigest()
        if place and (known := await services.uow.repeats.get(reader.portal.id, place)) is not None:
            if not hmac.compare_digest(known.body, body_hash):
                raise own(KEY_REUSED)
            again = replayed(known.answer, reader.person.role)
            await self._may_still_see(call, again, services)
            return again
        try:
            done = await operation.call(call, coming.parsed[0], services)
        except Refusal as refusal:
            # What was found out on the way stays where the services say so; all else is as if nobody had asked.
            if refusal.code not in _KEPT:
                services.uow.forget()
            self._must_be_declared(refusal, operation)
            return self._refused(coming, problem_of(refusal, call))
        if isinstance(done, Problem):
            return self._refused(coming, done)
        answer = done if isinstance(done, Answer) else Answer(done)
        response = self._response(coming, answer, answer.form)
        if answer.waits > 0 and not self._bell.is_closed:
            return _Waits(response, reader.portal.id, answer.waits)
        if place and response.status < 400:
            kept = response if answer.kept is None else self._response(coming, answer, answer.kept)
            services.uow.repeats.add(
                Repeat(place, reader.portal.id, body_hash, stored(kept, reader.person.role), coming.now)
            )
        return response

    async def _may_still_see(self, call: Call, answer: web.Response, services: Supply) -> None:
        """Refuse who repeats a call and may not see any more what it answered, as a first call would."""
        body = json.loads(answer.body) if isinstance(answer.body, bytes) and answer.body else {}
        request = body.get("request") if "request" in body else body
        if call.operation.answers in {RequestForm, Made} and request is not None:
            try:
                await services.get(Requests).shown_to(call.person, int(request["id"]), call.now)
            except UnknownRequest:
                raise own(KEY_REUSED) from None
        if call.operation.shows is not None:
            seen = {each.id for each in await services.get(People).within(call.person, call.operation.shows)}
            if any(
                int(each["person_id"]) not in seen for each in [body, *body.get("items", ())] if "person_id" in each
            ):
                raise own(KEY_REUSED)

    async def _each(self, coming: _Coming, call: Call) -> web.Response:
        """Do a call about many things: each in a unit of work of its own, with its own answer or refusal."""
        body = coming.parsed[0]
        common = {} if body is None else body.model_dump()
        done, left = [], []
        for item in common.pop("items"):
            each = replace(call, item={**common, **item})

            async def work(services: Supply, each: Call = each) -> Answer | Problem:
                reader = await self._reader(coming, services)
                try:
                    answer = await call.operation.call(replace(each, reader=reader), None, services)
                except Refusal as refusal:
                    if refusal.code not in _KEPT:
                        services.uow.forget()
                    self._must_be_declared(refusal, each.operation)
                    return problem_of(refusal, each)
                return answer if isinstance(answer, Problem) else Answer(answer.form)

            try:
                found = await self._do(work, coming.now, turn=coming.turn)
            except Refused as refused:
                found = refused.problem
            if isinstance(found, Problem):
                left.append({"id": item["id"], "problem": self._told_of(coming, found)})
            else:
                done.append(found.form.model_dump() if found.form is not None else {})
        answers = call.operation.answers
        if answers is None:
            raise TypeError(call.operation.path)
        return self._response(coming, Answer(), answers.model_validate({"done": done, "left": left}))

    def _told_of(self, coming: _Coming, problem: Problem) -> dict[str, Any]:
        person = None if coming.reader is None else coming.reader.person
        return form_of(problem, self._say(coming.locale, person), coming.turn)

    def _must_be_declared(self, refusal: Refusal, operation: Operation) -> None:
        """See to it that what an operation refuses stands in the document."""
        if refusal.code in {each if isinstance(each, str) else each.code for each in operation.refuses}:
            return
        _log.error("api.undeclared", operation=operation.name, code=refusal.code)
        if self._is_strict:
            raise LookupError(f"{operation.name} refuses {refusal.code}, which it does not declare")

    def _must_be_told(self, operation: Operation, problem: Problem) -> None:
        """See to it that whatever is answered, also by the door itself, stands in the document."""
        if operation.name not in self._codes:
            self._codes[operation.name] = refusals_of(operation)
        if problem.code == INTERNAL or problem.code in self._codes[operation.name].get(problem.status, ()):
            return
        _log.error("api.untold", operation=operation.name, status=problem.status, code=problem.code)
        if self._is_strict:
            raise LookupError(f"{operation.name} answers {problem.status} {problem.code}, of which nothing tells")

    # Who calls

    def _token(self, coming: _Coming) -> str:
        """Return the key that is shown; Refused where there is none, and where the address is busy with that."""
        for value in coming.request.query.values():
            if PREFIX in value:
                told = t("A key never stands in an address: revoke it, for it may be known now.")
                raise own(BAD_QUERY, errors=[("…", told)])
        if coming.request.headers.get("Sec-Fetch-Site") == "same-origin":
            # A page of ours calls: no other site can make a browser say so, and no program says it by mistake.
            session = self._session_of(coming.request)
            if session and not session.startswith(PREFIX):
                if self._limits.wrong.is_empty(coming.address) and hash_of(session) not in self._good:
                    raise own(TOO_MANY, headers={"Retry-After": "6"})
                coming.is_session = True
                return session
        kind, _, token = coming.request.headers.get("Authorization", "").partition(" ")
        if kind.lower() == "bearer" and is_token(token.strip()):
            if self._limits.wrong.is_empty(coming.address) and hash_of(token.strip()) not in self._good:
                raise own(TOO_MANY, headers={"Retry-After": "6"})
            return token.strip()
        if not self._limits.strangers.take(coming.address).is_allowed:
            raise own(TOO_MANY, headers={"Retry-After": "1"})
        raise _nobody()

    async def _reader(self, coming: _Coming, services: Supply) -> Reader:
        """Return whose key it is, as they are now."""
        if coming.is_session:
            return await self._in_session(coming, services)
        key = await services.get(Keys).known(coming.token, coming.now)
        self._good.pop(hash_of(coming.token), None)
        if key is None:
            self._wrong(coming)
            raise _nobody()
        reader = await reader_of(key, services)
        if reader is None:
            self._wrong(coming)
            raise _nobody()
        self._note_good(key.hash)
        return reader

    def _note_good(self, hash_: str) -> None:
        """Remember what let somebody in: wrong ones from the same address do not hold it up."""
        self._good[hash_] = None
        if len(self._good) > _GOOD_KEPT:
            del self._good[next(iter(self._good))]

    async def _in_session(self, coming: _Coming, services: Supply) -> Reader:
        """Return whose session it is; they may do what they may do on pages."""
        found = await services.get(Access).of(coming.token, coming.now)
        self._good.pop(hash_of(coming.token), None)
        if found is None:
            self._wrong(coming)
            raise _nobody()
        self._note_good(hash_of(coming.token))
        session, person = found.session, found.employee
        key = ApiKey(
            session.id, found.portal.id, person.id, "", "", session.token_hash, frozenset(Scope),
            session.created_at, person.id, session.expires_at,
        )  # fmt: skip
        return Reader(person, found.portal, key, is_session=True)

    def _wrong(self, coming: _Coming) -> None:
        if not self._limits.wrong.take(coming.address).is_allowed:
            raise own(TOO_MANY, headers={"Retry-After": "6"})

    def _limit(self, coming: _Coming, reader: Reader) -> None:
        """Count the call once, however often its work is run."""
        if coming.taken is not None:
            return
        coming.taken = self._limits.keys.take(reader.key.id)
        allowed = coming.taken
        if allowed.is_allowed and coming.operation.is_heavy:
            allowed = self._limits.heavy.take(reader.key.id)
        if not allowed.is_allowed:
            raise own(TOO_MANY, headers={"Retry-After": str(max(allowed.again_in, 1))})

    def _address(self, request: web.Request) -> str:
        return self._callers.address_of(request)

    def _touch(self, reader: Reader, now: datetime) -> None:
        """Note beside the call, once a day, that a key is in use."""
        key, day = reader.key, now.date()
        if reader.is_session or key.used_on == day or self._touched.get(key.id) == day:
            return
        self._touched[key.id] = day

        async def note(services: Supply) -> None:
            await services.get(Keys).used(key, now)

        async def noted() -> None:
            try:
                await self._do(note, now)
            except Exception as error:  # noqa: BLE001 - nobody's call may fail for this; it is noted another day
                _log.warning("api.use_not_noted", key=key.prefix, error=type(error).__name__)

        task = asyncio.create_task(noted())
        self._touching.add(task)
        task.add_done_callback(self._touching.discard)

    # Repetitions

    def _repeat_key(self, coming: _Coming) -> str:
        said = coming.request.headers.getall("Idempotency-Key", [])
        if not said or not coming.operation.is_repeatable:
            return ""
        if len(said) > 1 or not 1 <= len(said[0]) <= 100 or not all("!" <= each <= "~" for each in said[0]):
            raise own(BAD_HEADER, errors=[("Idempotency-Key", t("It is one, of 1 to 100 visible ASCII characters."))])
        return said[0]

    def _place(self, coming: _Coming, reader: Reader, repeat: str) -> str:
        if not repeat:
            return ""
        request = coming.request
        parts = [str(reader.portal.id), str(reader.key.id), request.method, request.path, request.query_string, repeat]
        return sha256(json.dumps(parts).encode()).hexdigest()

    # Answers

    def _say(self, locale: str, person: Employee | None) -> Callable[[Phrase], str]:
        zone = "UTC" if person is None else person.zone
        return Translator(locale, zone, self._clock.now()).plain

    def _refused(self, coming: _Coming, problem: Problem) -> web.Response:
        self._must_be_told(coming.operation, problem)
        person = None if coming.reader is None else coming.reader.person
        return document(problem, self._say(coming.locale, person), coming.turn)

    def _response(self, coming: _Coming, answer: Answer, form: BaseModel | None) -> web.Response:
        request = coming.request
        headers: dict[str, str] = {"Content-Language": coming.locale}
        if answer.location:
            headers["Location"] = answer.location
        status = answer.status or coming.operation.status
        if answer.content is not None:
            headers["Content-Disposition"] = f'attachment; filename="{answer.file_name}"'
            headers["Content-Security-Policy"] = _FILE_POLICY
            return web.Response(body=answer.content, status=status, content_type=answer.content_type, headers=headers)
        if form is None:
            return web.Response(status=status, headers=headers)
        body = form.model_dump_json().encode()
        if request.method in {"GET", "HEAD"} or answer.version is not None:
            digest = sha256(body + coming.locale.encode()).hexdigest()[:16]
            tag = f'"{digest}"' if answer.version is None else f'"{answer.version}.{digest}"'
            headers["ETag"] = tag
            asked = request.headers.get("If-None-Match", "")
            if request.method in {"GET", "HEAD"} and (asked.strip() == "*" or tag in _tags(asked)):
                return web.Response(status=304, headers=headers)
        return web.Response(body=body, status=status, content_type="application/json", headers=headers)


async def reader_of(key: ApiKey, services: Supply) -> Reader | None:
    """Return whose key it is, as they are now; None where nobody is let in by it."""
    portal = await services.uow.portals.get(key.portal_id)
    if portal is None or not portal.is_active:
        return None
    if key.owner_id is None:
        zone, locale = portal.zone, portal.locale
        program = Employee(key.id, portal.id, f"API: {key.name}", role=Role.ADMIN, zone=zone, locale=locale)
        return Reader(program, portal, key)
    person = await services.uow.employees.get(key.portal_id, key.owner_id)
    return None if person is None or person.is_disabled else Reader(person, portal, key)


def _nobody() -> Refused:
    return own(UNAUTHORIZED, headers={"WWW-Authenticate": 'Bearer realm="smena"'})


def locale_of(request: web.Request) -> str:
    """Return the language that the caller reads: the first of ours that is named, else English."""
    for each in request.headers.get("Accept-Language", "")[:200].split(","):
        language = each.split(";")[0].strip().lower().split("-")[0]
        if language in {"ru", "en"}:
            return language
    return "en"


def _tags(header: str) -> list[str]:
    return [each.strip().removeprefix("W/") for each in header[:1000].split(",")]


def seen_by(request: web.Request, operation: Operation) -> int | None:
    """Return which version the caller saw: the number with which an ETag begins."""
    if not (operation.wants_match or operation.may_match):
        return None
    said = request.headers.getall("If-Match", [])
    if not said or said == ["*"]:
        if operation.wants_match:
            raise own(PRECONDITION_REQUIRED)
        return None
    tag = said[0].strip()
    version = tag[1:-1].partition(".")[0] if len(tag) > 2 and tag[0] == tag[-1] == '"' else ""
    if len(said) > 1 or not (version.isascii() and version.isdigit() and len(version) < 19):
        raise own(BAD_HEADER, errors=[("If-Match", t("It is one ETag as we gave it, in quotation marks."))])
    return int(version)


def read_query(model: type[Query], text: str) -> Query | Refused:
    """Return what stands behind the question mark; a refusal of what is doubled, unknown or wrong."""
    values: dict[str, str] = {}
    try:
        pairs = parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text), max_num_fields=50, errors="strict")
    except (ValueError, UnicodeDecodeError):
        return own(BAD_QUERY)
    for name, value in pairs:
        if name in values:
            return own(BAD_QUERY, errors=[(shown_name(name, model), t("It stands there twice."))])
        values[name] = value
    try:
        return model.model_validate(values)
    except ValidationError as error:
        return own(BAD_QUERY, errors=wrongs(error, model))


def read_body(model: type[Given] | None, request: web.Request, body: bytes) -> Given | None:
    """Return the body as the operation wants it."""
    if model is None:
        return None
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise own(NOT_JSON)
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise own(BAD_BODY, status=400) from None
    if depth_of(value) > MOST_DEPTH:
        raise own(BAD_BODY, status=400)
    try:
        return model.model_validate_json(body, strict=True)
    except ValidationError as error:
        raise own(BAD_BODY, status=422, errors=wrongs(error, model)) from None


def depth_of(value: Any) -> int:
    """Return how many lists and objects lie in one another."""
    depth, level = 0, [value]
    while level := [each for each in level if isinstance(each, dict | list)]:
        depth += 1
        if depth > MOST_DEPTH:
            break
        level = [each for some in level for each in (some.values() if isinstance(some, dict) else some)]
    return depth


_WRONG: Mapping[str, Phrase] = {
    "missing": t("It is missing."),
    "extra_forbidden": t("It is not known here."),
    "string_too_long": t("It is too long."),
    "string_too_short": t("It is too short."),
    "too_long": t("There are too many."),
    "too_short": t("There are too few."),
    "enum": t("It is none of the values that are known here."),
    "literal_error": t("It is none of the values that are known here."),
    "greater_than_equal": t("The number is too small."),
    "less_than_equal": t("The number is too large."),
    "json_invalid": t("It is not JSON as it is written."),
}


def wrongs(error: ValidationError, model: type[BaseModel]) -> list[tuple[str, Phrase]]:
    """Return where something is wrong and what; nothing that was sent is repeated but names that we know."""
    found = []
    for each in error.errors(include_url=False, include_context=False, include_input=False)[:20]:
        where = "/".join(str(part) if isinstance(part, int) else shown_name(part, model) for part in each["loc"])
        found.append((where, _WRONG.get(each["type"], t("It is not of the form that is wanted here."))))
    return found


def shown_name(name: str, model: type[BaseModel]) -> str:
    """Return a name as it may be repeated: one of ours, else none."""
    return name if name in _names(model) else "…"


def _names(model: type[BaseModel]) -> set[str]:
    found, todo = set(), [model]
    while todo:
        for name, each in todo.pop().model_fields.items():
            found.add(name)
            kinds = [each.annotation, *getattr(each.annotation, "__args__", ())]
            todo += [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)]
    return found


def problem_of(refusal: Refusal, call: Call) -> Problem:
    """Return a refusal of the services as it is answered."""
    metrics.API_REFUSALS.labels(refusal.code).inc()
    present = None
    if isinstance(refusal, AlreadyDecided | ChangedMeanwhile):
        present = request_form(call, refusal.request)
    errors = [(each.path, each.sentence) for each in refusal.faults] if isinstance(refusal, FaultyTemplate) else []
    return Problem(status_of(refusal), refusal.code, refusal.phrase, errors, present)


def stored(response: web.Response, role: Role) -> str:
    """Return an answer as it is kept, with what its reader was."""
    headers = {name: value for name, value in response.headers.items() if name in _REPLAYED}
    body = response.body if isinstance(response.body, bytes) else b""
    return json.dumps({"status": response.status, "headers": headers, "body": body.decode(), "role": role.value})


def replayed(kept: str, role: Role) -> web.Response:
    """Return an answer that was kept; none to whoever has other rights by now, and nothing is done again."""
    form = json.loads(kept)
    if form.get("role", role.value) != role.value:
        raise own(KEY_REUSED)
    headers = {**form["headers"], "Idempotency-Replayed": "true"}
    if not form["body"]:
        return web.Response(status=form["status"], headers=headers)
    return web.Response(
        body=form["body"].encode(), status=form["status"], content_type="application/json", headers=headers
    )
