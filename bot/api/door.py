"""The door of the API: who calls, whether they may, what they send; then one unit of work, and one answer.

The answer to a call that may be repeated is stored in the same commit as what it did.
"""

import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import Any

import structlog
from aiohttp import web
from pydantic import BaseModel

from bot import metrics
from bot.api.admission import Admission, Credential, must_have_scope
from bot.api.bell import Bell
from bot.api.browsers import Browsers, let_read
from bot.api.cursors import Cursors
from bot.api.limits import Limits, Taken
from bot.api.openapi import refusals_of
from bot.api.operation import Answer, Call, Operation, Reader
from bot.api.operations.request_forms import request_form
from bot.api.problems import (
    BAD_BODY,
    CHANGED_MEANWHILE,
    INTERNAL,
    KEY_REUSED,
    MANY_UPLOADS,
    METHOD_NOT_ALLOWED,
    NOT_FORM,
    NOT_FOUND,
    NOT_JSON,
    NOT_READY,
    OWN_UPLOADS,
    PERSON_WANTED,
    TOO_LARGE,
    TOO_MANY,
    TOO_SLOW,
    Problem,
    Refused,
    document,
    form_of,
    own,
)
from bot.api.reading import locale_of, read_body, read_query, seen_by, tags_of
from bot.api.repeats import place_of, repeat_key, replayed, stored
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
from bot.domain.people.employee import Employee
from bot.i18n import Translator
from bot.ids import turn_id
from bot.ports import Conflict, Repeat, Unavailable
from bot.ports.undertaking import Supply, Undertake
from bot.services.approvals.requests import Requests
from bot.services.approvals.templates import FaultyTemplate
from bot.services.people.people import People
from bot.services.statuses import status_of
from bot.text import Phrase, t
from bot.uploads import Places, Sender, SentFile, Uploads

_BODY_CODES = {408: TOO_SLOW, 413: TOO_LARGE, 415: NOT_JSON, 429: OWN_UPLOADS, 503: MANY_UPLOADS}
_UPLOADS_AGAIN = "10"
"""Seconds after which a place for a file may be free."""
_WAIT_AGAIN = "5"
_FILE_POLICY = "sandbox"
_KEPT = frozenset({CHANGED_MEANWHILE})
"""Refusals with which the services noted what was found out: it stays."""
_log = structlog.get_logger("api")


@dataclass(slots=True)
class _Coming:
    """A call as it came in, before anybody knows whose it is."""

    request: web.Request
    operation: Operation
    turn: str
    now: datetime
    locale: str
    shown: Credential | None = None
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
    person_id: int
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
        places: Places | None = None,
    ) -> None:
        """Do work by `do`; before `is_open` nothing can be answered. `session_of` is the session that a browser shows.

        Files are taken in `places`, which other doors may share.
        `is_strict` fails a call whose refusal is not declared; else that is a line in the log.
        """
        self._is_strict = is_strict
        self._do = do
        self._cursors = cursors
        self._clock = clock
        self._admission = Admission(do, limits, callers or Callers(), session_of)
        self._is_open = is_open
        self._uploads = Uploads(LARGEST, 1, places)
        self._codes: dict[str, Mapping[int, Sequence[str]]] = {}
        """What each operation may refuse, by status, as the document tells."""
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
        await self._admission.close()

    async def _answer(self, request: web.Request, operation: Operation) -> web.StreamResponse:
        now, locale = self._clock.now(), locale_of(request)
        coming = _Coming(request, operation, turn_id(), now, locale)
        try:
            response = await self._served(coming)
        except Refused as refused:
            response = self._refused(coming, refused.problem)
        except BodyRefused as refused:
            code = _BODY_CODES.get(refused.status, BAD_BODY)
            if code == NOT_JSON and operation.takes_file:
                code = NOT_FORM
            again = {"Retry-After": _UPLOADS_AGAIN} if code in {OWN_UPLOADS, MANY_UPLOADS} else None
            response = self._refused(coming, own(code, status=refused.status, headers=again).problem)
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
        coming.shown = self._admission.credential(coming.request)
        query = read_query(coming.operation.query, coming.request.query_string)
        if coming.operation.takes_file:
            reader = await self._do(partial(self._admitted, coming), coming.now)  # a stranger's is not even begun
            if reader.is_service and PERSON_WANTED in coming.operation.refuses:
                raise own(PERSON_WANTED)
            coming.file = await self._sent_file(coming.request, Sender(reader.portal.id, reader.person.id))
            coming.body = f"{coming.file.name}\0{hash_of_file(coming.file.content or b'')}".encode()
        elif coming.operation.body is not None:
            coming.body = await limited_body(coming.request)
        repeat = repeat_key(coming.request, coming.operation)

        async def work(services: Supply) -> web.Response | Call | _Waits:
            return await self._worked(coming, query, repeat, services)

        done = await self._do(work, coming.now, turn=coming.turn)
        if isinstance(done, _Waits):
            done = await self._waited(coming, done, work)
        response = await self._each(coming, done) if isinstance(done, Call) else done
        if coming.reader is not None:
            self._admission.touch(coming.reader, coming.now)
        return response

    async def _waited(
        self, coming: _Coming, said: _Waits, work: Callable[[Supply], Awaitable[web.Response | Call | _Waits]]
    ) -> web.Response | Call:
        """Run work anew whenever something happens on the portal, until there is something to say, or time is up.

        Each look is a unit of work of its own: whose key was revoked meanwhile is told so.
        """
        until = asyncio.get_running_loop().time() + said.seconds
        with self._bell.place(said.portal_id, said.person_id) as has_one:
            if not has_one:
                raise own(TOO_MANY, headers={"Retry-After": _WAIT_AGAIN})
            return await self._rung(coming, said, work, until)

    async def _rung(
        self,
        coming: _Coming,
        said: _Waits,
        work: Callable[[Supply], Awaitable[web.Response | Call | _Waits]],
        until: float,
    ) -> web.Response | Call:
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
        reader = coming.reader = await self._reader(coming, services)
        if coming.taken is None:  # counted once, however often its work is run
            coming.taken, allowed = self._admission.counted(reader, coming.operation)
            if not allowed.is_allowed:
                raise own(TOO_MANY, headers={"Retry-After": str(max(allowed.again_in, 1))})
        must_have_scope(reader, coming.operation)
        return reader

    async def _reader(self, coming: _Coming, services: Supply) -> Reader:
        if coming.shown is None:
            raise TypeError(coming.operation.name)
        return await self._admission.reader(coming.shown, coming.now, services)

    async def _sent_file(self, request: web.Request, sender: Sender) -> SentFile:
        """Return the one file of a form, from the disk; Refused where there is none, or more beside it."""
        found: list[SentFile] = []
        async with aclosing(self._uploads.read(request, sender)) as sent:
            async for each in sent:
                if not isinstance(each, SentFile) or each.field != "file" or found:
                    wrong = t("A form with one file is wanted here: “file”.")
                    raise own(BAD_BODY, status=422, errors=[("file", wrong)])
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
        place = "" if query.changes_nothing else place_of(coming.request, reader, repeat)
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
            return _Waits(response, reader.portal.id, reader.person.id, answer.waits)
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
            if request.method in {"GET", "HEAD"} and (asked.strip() == "*" or tag in tags_of(asked)):
                return web.Response(status=304, headers=headers)
        return web.Response(body=body, status=status, content_type="application/json", headers=headers)


def problem_of(refusal: Refusal, call: Call) -> Problem:
    """Return a refusal of the services as it is answered."""
    metrics.API_REFUSALS.labels(refusal.code).inc()
    present = None
    if isinstance(refusal, AlreadyDecided | ChangedMeanwhile):
        present = request_form(call, refusal.request)
    errors = [(each.path, each.sentence) for each in refusal.faults] if isinstance(refusal, FaultyTemplate) else []
    return Problem(status_of(refusal), refusal.code, refusal.phrase, errors, present)
