"""The HTTP side: addresses, faults, the journal, and errors in Telegram's form."""

import asyncio
import json
from typing import Any

from aiohttp import web

from bot.sandbox.served import file_response
from bot.sandbox.telegram.errors import ApiError, DropConnectionError, bad_request, too_many
from bot.sandbox.telegram.methods import METHODS, Given, Method
from bot.sandbox.telegram.params import Params, read_params
from bot.sandbox.telegram.state import BotState

MAX_BODY = 52 * 2**20
DROPPED = 0  # what the journal has for a status when the connection was dropped

_NOT_FOUND = "<html><head><title>404 Not Found</title></head><body><h1>404 Not Found</h1></body></html>"
_BAD_GATEWAY = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"


class BotApiServer:
    """Serves one bot."""

    def __init__(self, bot: BotState, slow_seconds: float) -> None:
        self._bot = bot
        self._slow_seconds = slow_seconds

    def app(self) -> web.Application:
        """Build the application."""
        app = web.Application(client_max_size=MAX_BODY)
        app.router.add_route("*", "/bot{token}/{method}", self.call)
        app.router.add_get("/files/{id}", self.file)
        app.router.add_get("/file/bot{token}/documents/{id}", self.download)
        app.router.add_route("*", "/{rest:.*}", self.nothing)
        return app

    async def nothing(self, _request: web.Request) -> web.Response:
        """Answer 404 to any other address."""
        return _refusal(ApiError(404, "Not Found"))

    async def file(self, request: web.Request) -> web.Response:
        """Give a file that the bot sent."""
        known = self._bot.files.content(request.match_info["id"])
        if known is None:
            return _refusal(ApiError(404, "Not Found"))
        file, content = known
        return file_response(file.name, content)

    async def download(self, request: web.Request) -> web.Response:
        """Give the bot a file by the path that getFile told."""
        if request.match_info["token"] != self._bot.token:
            return _refusal(ApiError(401, "Unauthorized"))
        if self._bot.world.faults.strikes("telegram", "down", method="getFile"):
            return _refusal(ApiError(500, "Internal Server Error"))
        return await self.file(request)

    async def call(self, request: web.Request) -> web.StreamResponse:
        """Answer one call of a method, and write it into the journal."""
        name = request.match_info["method"]
        method = METHODS.get(name.lower())
        params = Params()
        response: web.StreamResponse
        try:
            await self._outages(name)
            try:
                params = await read_params(request)
            except web.HTTPRequestEntityTooLarge:
                raise ApiError(413, "Request Entity Too Large") from None
            response = await self._answer(request, method, params)
            status = response.status
        except ApiError as error:
            response, status = _refusal(error), error.code
        except web.HTTPBadGateway:
            response, status = web.Response(status=502, text=_BAD_GATEWAY, content_type="text/html"), 502
        except web.HTTPNotFound:
            response, status = web.Response(status=404, text=_NOT_FOUND, content_type="text/html"), 404
        except DropConnectionError:
            if request.transport is not None:
                request.transport.abort()
            response, status = web.Response(), DROPPED
        self._bot.world.called("telegram", method.name if method else name, params.journal(), status)
        return response

    async def _outages(self, method: str) -> None:
        """Let the faults strike that do not care how it is called."""
        faults = self._bot.world.faults
        if faults.strikes("telegram", "down", method=method):
            raise DropConnectionError
        if faults.strikes("telegram", "slow", method=method):
            await asyncio.sleep(self._slow_seconds)
        if faults.strikes("telegram", "error_500", method=method):
            raise ApiError(500, "Internal Server Error")
        if faults.strikes("telegram", "html_500", method=method):
            raise web.HTTPBadGateway
        if faults.strikes("telegram", "html_404", method=method):
            raise web.HTTPNotFound

    async def _answer(self, request: web.Request, method: Method | None, params: Params) -> web.StreamResponse:
        """Run the method."""
        faults = self._bot.world.faults
        if request.match_info["token"] != self._bot.token or faults.strikes("telegram", "expired_token"):
            raise ApiError(401, "Unauthorized")
        if method is None:
            raise ApiError(404, "Not Found: method not found")
        params.check(method.parameters)
        if method.writes and faults.strikes("telegram", "rate_limit"):
            raise too_many(1)
        try:
            result = await method.handler(self._bot, params)
        except (OverflowError, RecursionError):
            raise bad_request("wrong parameter in request") from None
        if method.writes and faults.strikes("telegram", "reset_after_write"):
            raise DropConnectionError
        if isinstance(result, Given):
            return await self._give(request, result)
        return _ok(json.dumps(result, ensure_ascii=False))

    async def _give(self, request: web.Request, given: Given) -> web.StreamResponse:
        """Hand updates out; only when they are written do they count as given."""
        if given.batch and self._bot.world.faults.strikes("telegram", "down"):
            raise DropConnectionError
        response = _ok("[" + ",".join(entry.body for entry in given.batch) + "]")
        await response.prepare(request)
        await response.write_eof()
        self._bot.queue.given(given.batch)
        return response


def _ok(result: str) -> web.Response:
    """Wrap a result that is JSON already."""
    return web.Response(text=f'{{"ok":true,"result":{result}}}', content_type="application/json")


def _refusal(error: ApiError) -> web.Response:
    """Turn a refusal into a response with the same status."""
    body: dict[str, Any] = error.body()
    return web.json_response(body, status=error.code)
