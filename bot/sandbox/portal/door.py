"""The portal's REST door: who may enter, how often, what the ordered faults do to a request, and the journal."""

import asyncio
import time
from typing import Any

from aiohttp import web

from bot.sandbox.portal.batch import run_batch
from bot.sandbox.portal.bucket import LeakyBucket
from bot.sandbox.portal.core import Portal
from bot.sandbox.portal.errors import RestError
from bot.sandbox.portal.methods import METHODS
from bot.sandbox.portal.methods.files import journal
from bot.sandbox.portal.objects import iso
from bot.sandbox.portal.params import Params, classic
from bot.sandbox.portal.registry import APPLICATION_ONLY, Answer
from bot.sandbox.portal.requests import dump, read_params

NO_ANSWER = 0
_OPERATING_SECONDS = 600
_HTML = "<!DOCTYPE html><html><head><title>500</title></head><body><h1>Internal Server Error</h1></body></html>"


class _DroppedError(Exception):
    """The connection is to be dropped without an answer."""


class Door:
    """Answers `/rest/{user}/{code}/{method}`."""

    def __init__(
        self,
        portal: Portal,
        bucket: LeakyBucket,
        *,
        command_seconds: float,
        latency_seconds: float,
        slow_seconds: float,
    ) -> None:
        """Take so long for each command, and so long on the way."""
        self._portal = portal
        self._bucket = bucket
        self._command_seconds = command_seconds
        self._latency_seconds = latency_seconds
        self._slow_seconds = slow_seconds
        self.stopping = asyncio.Event()

    async def answer(self, request: web.Request) -> web.Response:
        """Answer a request and write it into the journal; status 0 there means that no answer was given."""
        name = request.match_info["method"].removesuffix(".json")
        params: dict[str, Any] = {}
        status = NO_ANSWER
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
            self._portal.world.called("bitrix24", name, journal(name, params), status)
        return response

    async def _respond(self, request: web.Request, name: str, params: dict[str, Any]) -> web.Response:
        """Go through the faults, the authorisation and the limiter, then do what is asked."""
        if self._strikes("down"):
            raise _DroppedError
        if self._latency_seconds:
            await asyncio.sleep(self._latency_seconds)
        if self._strikes("slow"):
            await self._linger()
        if self._strikes("html_500"):
            return web.Response(text=_HTML, status=500, content_type="text/html")
        if self._strikes("error_500"):
            raise RestError("INTERNAL_SERVER_ERROR", "Internal server error", 500)
        self._authorise(request)
        # A fault ordered for the person "operating" is the other limiter; it strikes single commands below.
        if self._portal.world.faults.strikes("bitrix24", "rate_limit", "") or not self._bucket.admits(_source(request)):
            raise RestError("QUERY_LIMIT_EXCEEDED", "Too many requests", 503)
        written: list[bool] = []

        async def execute(command: str, values: dict[str, Any]) -> tuple[Answer, dict[str, Any]]:
            declared = METHODS.get(command)
            if command == "batch" or (declared is not None and not declared.in_batch):
                raise RestError("ERROR_BATCH_METHOD_NOT_ALLOWED", "Method is not allowed for batch usage", 405)
            return await self._execute(command, values, written)

        started = time.perf_counter()
        if name == "batch":
            answer = await run_batch(Params(params), execute)
            about_time = self._time(started)
        else:
            answer, about_time = await self._execute(name, params, written)
        if any(written) and self._strikes("reset_after_write"):
            raise _DroppedError
        return web.json_response(_success(answer, about_time), dumps=dump)

    async def _execute(self, name: str, values: dict[str, Any], written: list[bool]) -> tuple[Answer, dict[str, Any]]:
        """Run one method, within a batch or alone."""
        started = time.perf_counter()
        if self._command_seconds:
            await asyncio.sleep(self._command_seconds)
        declared = METHODS.get(name)
        if declared is None:
            refused = next((code for prefix, code in APPLICATION_ONLY.items() if name.startswith(prefix)), None)
            if refused is not None:
                raise RestError(refused, "Application context required", 403)
            raise RestError("ERROR_METHOD_NOT_FOUND", "Method not found!", 404)
        if self._portal.world.faults.strikes("bitrix24", "rate_limit", "operating"):
            reset_at = int(self._portal.world.clock.now().timestamp()) + _OPERATING_SECONDS
            extra = {"operating_reset_at": reset_at}
            raise RestError("OPERATION_TIME_LIMIT", "Method is blocked due to operation time limit", 429, extra=extra)
        params = Params(classic(values, declared.params) if declared.is_classic else values)
        params.only(declared.params)
        answer = declared.handle(self._portal, params)
        written.append(declared.writes)
        return answer, self._time(started)

    def _authorise(self, request: web.Request) -> None:
        """Refuse a wrong webhook, and any while the fault `expired_token` strikes."""
        portal = self._portal
        given = (request.match_info["user"], request.match_info["code"])
        if given != (str(portal.owner.id), portal.webhook_code):
            raise RestError("NO_AUTH_FOUND", "Wrong authorization data", 401)
        if self._strikes("expired_token"):
            raise RestError("expired_token", "The access token provided has expired", 401)

    async def _linger(self) -> None:
        """Be slow, unless the portal stops meanwhile."""
        try:
            async with asyncio.timeout(self._slow_seconds):
                await self.stopping.wait()
        except TimeoutError:
            return
        raise _DroppedError

    def _strikes(self, fault: Any) -> bool:
        """Whether a fault strikes this request."""
        return self._portal.world.faults.strikes("bitrix24", fault)

    def _time(self, started: float) -> dict[str, Any]:
        """Describe how long a request took, in the portal's time."""
        duration = time.perf_counter() - started
        finish = self._portal.world.clock.now()
        return {
            "start": finish.timestamp() - duration,
            "finish": finish.timestamp(),
            "duration": duration,
            "processing": duration,
            "date_start": iso(finish),
            "date_finish": iso(finish),
            "operating_reset_at": int(finish.timestamp()) + _OPERATING_SECONDS,
            "operating": 0,
        }


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
