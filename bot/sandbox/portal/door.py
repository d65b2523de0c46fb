"""The portal's REST door: who may enter, how often, what the ordered faults do to a request, and the journal."""

import asyncio
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiohttp import web

from bot.sandbox.portal.batch import run_batch
from bot.sandbox.portal.bucket import LeakyBucket
from bot.sandbox.portal.caller import Caller
from bot.sandbox.portal.core import Portal
from bot.sandbox.portal.errors import RestError
from bot.sandbox.portal.methods import METHODS
from bot.sandbox.portal.methods.files import journal
from bot.sandbox.portal.objects import iso
from bot.sandbox.portal.operating import LIMIT_SECONDS, Operating
from bot.sandbox.portal.params import Params, classic
from bot.sandbox.portal.registry import Answer, Method
from bot.sandbox.portal.requests import dump, read_params
from bot.sandbox.portal.tickets import admit

NO_ANSWER = 0
_HTML = "<!DOCTYPE html><html><head><title>500</title></head><body><h1>Internal Server Error</h1></body></html>"


class _DroppedError(Exception):
    """The connection is to be dropped without an answer."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How long things take, in real seconds; what each command is charged for beside its own work, and up to where."""

    command_seconds: float = 0.0
    latency_seconds: float = 0.0
    slow_seconds: float = 5.0
    operating_limit: float = LIMIT_SECONDS
    operating_seconds: float = 0.0


@dataclass(slots=True)
class _Visit:
    """One request on its way through the door; its work is charged to the method that it named."""

    caller: Caller
    charged_to: str
    has_written: bool = False


class Door:
    """Answers `/rest/{user}/{code}/{method}` for a webhook and `/rest/{method}` for the application."""

    def __init__(self, portal: Portal, bucket: LeakyBucket, pace: Pace, *, is_strict: bool) -> None:
        """Refuse surplus parameters where `is_strict`."""
        self._portal = portal
        self._bucket = bucket
        self._pace = pace
        self._is_strict = is_strict
        self._operating = Operating(self._now, pace.operating_limit)
        self.stopping = asyncio.Event()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer a request and write it into the journal; status 0 there means that no answer was given."""
        name = request.match_info["method"].removesuffix(".json")
        params: dict[str, Any] = {}
        status = NO_ANSWER
        response: web.StreamResponse
        try:
            params = await read_params(request)
            response = await self._respond(request, name, params)
            status = response.status
        except RestError as refused:
            status = refused.status
            response = web.json_response(refused.body(), status=status, dumps=dump)
        except _DroppedError:
            if request.transport is not None:
                request.transport.abort()
            response = web.Response(status=500)
        finally:
            self._portal.world.called("bitrix24", name, journal(name, params), status, self._portal.key)
        return response

    async def _respond(self, request: web.Request, name: str, params: dict[str, Any]) -> web.StreamResponse:
        """Go through the faults, the authorisation and the limiters, then do what is asked."""
        if self._portal.strikes("down", method=name):
            raise _DroppedError
        if self._pace.latency_seconds:
            await asyncio.sleep(self._pace.latency_seconds)
        if self._portal.strikes("slow", method=name):
            await self._linger()
        if self._portal.strikes("html_500", method=name):
            return web.Response(text=_HTML, status=500, content_type="text/html")
        if self._portal.strikes("error_500", method=name):
            raise RestError("INTERNAL_SERVER_ERROR", "Internal server error", 500)
        if self._portal.strikes("deleted"):
            raise RestError("PORTAL_DELETED", "Portal was deleted", 410)
        visit = _Visit(admit(self._portal, request, params), name)
        # A fault ordered for the person "operating" is the other limiter; it strikes single commands below.
        if self._portal.strikes("rate_limit", "") or not self._bucket.admits(_source(request)):
            raise RestError("QUERY_LIMIT_EXCEEDED", "Too many requests", 503)
        is_blocked = self._operating.is_blocked(visit.caller.bucket, name)
        if is_blocked or (name == "batch" and self._portal.strikes("batch_blocked")):
            raise _overspent()
        values = {key: value for key, value in params.items() if key != "auth"}
        started = time.perf_counter()
        if name == "batch":
            answer = await self._batch(values, visit)
            about_time = self._time(started, visit)
        else:
            answer, about_time = await self._execute(name, values, visit)
        if visit.has_written and self._portal.strikes("reset_after_write", method=name):
            raise _DroppedError
        response = web.json_response(_success(answer, about_time), dumps=dump)
        if self._portal.strikes("truncated", method=name):
            return await _cut_short(request, response)
        return response

    async def _batch(self, values: dict[str, Any], visit: _Visit) -> Answer:
        """Run the commands of a batch."""

        async def execute(command: str, given: dict[str, Any]) -> tuple[Answer, dict[str, Any]]:
            declared = METHODS.get(command)
            if command == "batch" or (declared is not None and not declared.in_batch):
                raise RestError("ERROR_BATCH_METHOD_NOT_ALLOWED", "Method is not allowed for batch usage", 405)
            return await self._execute(command, given, visit)

        return await run_batch(Params(values, visit.caller, is_strict=self._is_strict), execute)

    async def _execute(self, name: str, values: dict[str, Any], visit: _Visit) -> tuple[Answer, dict[str, Any]]:
        """Run one method, within a batch or alone."""
        started = time.perf_counter()
        if self._pace.command_seconds:
            await asyncio.sleep(self._pace.command_seconds)
        began = time.perf_counter()
        declared = _declared(name, visit.caller)
        if self._portal.strikes("rate_limit", "operating"):
            raise _overspent()
        params = Params(
            classic(values, declared.params) if declared.is_classic else values, visit.caller, is_strict=self._is_strict
        )
        if not declared.takes_anything:
            params.only(declared.params)
        answer = declared.handle(self._portal, params)
        visit.has_written |= declared.writes
        taken = time.perf_counter() - began + self._pace.operating_seconds
        self._operating.charge(visit.caller.bucket, visit.charged_to, taken)
        return answer, self._time(started, visit)

    def _now(self) -> datetime:
        """The instant by the world's clock, which a resumed sandbox replaces."""
        return self._portal.world.clock.now()

    async def _linger(self) -> None:
        """Be slow, unless the portal stops meanwhile."""
        try:
            async with asyncio.timeout(self._pace.slow_seconds):
                await self.stopping.wait()
        except TimeoutError:
            return
        raise _DroppedError

    def _time(self, started: float, visit: _Visit) -> dict[str, Any]:
        """Describe how long a request took, in the portal's time."""
        duration = time.perf_counter() - started
        finish = self._portal.world.clock.now()
        charged = (visit.caller.bucket, visit.charged_to)
        return {
            "start": finish.timestamp() - duration,
            "finish": finish.timestamp(),
            "duration": duration,
            "processing": duration,
            "date_start": iso(finish),
            "date_finish": iso(finish),
            "operating_reset_at": self._operating.reset_at(*charged),
            "operating": self._operating.spent(*charged),
        }


def _declared(name: str, caller: Caller) -> Method:
    """Return the method, if it is there and the caller may use it."""
    declared = METHODS.get(name)
    if declared is None:
        raise RestError("ERROR_METHOD_NOT_FOUND", "Method not found!", 404)
    if declared.application_only and not caller.is_application:
        raise RestError(declared.application_only, "Application context required", 403)
    if not caller.may_call(name):
        raise RestError(
            "insufficient_scope", "The request requires higher privileges than provided by the access token", 403
        )
    return declared


def _overspent() -> RestError:
    """Refuse a method that took too long; when to come back was told with the last success."""
    return RestError("OPERATION_TIME_LIMIT", "Method is blocked due to operation time limit", 429)


async def _cut_short(request: web.Request, whole: web.Response) -> web.StreamResponse:
    """Send the first half of an answer, and hang up."""
    body = whole.body if isinstance(whole.body, bytes) else b""
    half = web.StreamResponse(status=whole.status, headers={"Content-Type": "application/json"})
    half.content_length = len(body)
    await half.prepare(request)
    await half.write(body[: len(body) // 2])
    if request.transport is not None:
        request.transport.close()
    return half


def _source(request: web.Request) -> str:
    """The address that the limiter counts by."""
    return request.remote or ""


def _success(answer: Answer, about_time: dict[str, Any]) -> dict[str, Any]:
    """Wrap a result."""
    body: dict[str, Any] = {"result": answer.result}
    if answer.next is not None:
        body["next"] = answer.next
    if answer.total is not None:
        body["total"] = answer.total
    return {**body, "time": about_time}
