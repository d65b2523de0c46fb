"""What the doors of all messengers have in common: how a body is read, what is refused, what is answered."""

import time
from collections.abc import Awaitable, Callable
from email.utils import formatdate

from aiohttp import HttpVersion11, web

from bot.at_once import AtOnce
from bot.bodies import MOST, PATIENCE, Refused, limited_body
from bot.problems import SERVER

__all__ = ["MOST", "PATIENCE", "Door", "Refused", "Taken", "limited_body"]


class Taken(web.StreamResponse):
    """The answer to what is stored. It is the same each time but for its date, so that it is written as it is."""

    def __init__(self, body: bytes = b"", content_type: str = "application/octet-stream") -> None:
        """Answer with that body."""
        super().__init__(headers={"Content-Type": content_type, "Server": SERVER})
        self._content = body
        self._head = (
            f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nServer: {SERVER}\r\nContent-Length: {len(body)}\r\n"
        )
        self._second = 0
        self._whole = b""

    @property
    def keep_alive(self) -> bool:
        """Whether the connection stays open: it is nobody's answer who wants it closed."""
        return True

    async def prepare(self, request: web.BaseRequest) -> None:
        """Write all of it."""
        if request.transport is None or request.transport.is_closing():
            raise ConnectionResetError("nobody waits for the answer any more")
        request.transport.write(self.whole())

    def whole(self) -> bytes:
        """Return all of it, as it goes over the wire now."""
        now = int(time.time())
        if now != self._second:
            self._second = now
            self._whole = f"{self._head}Date: {formatdate(now, usegmt=True)}\r\n\r\n".encode() + self._content
        return self._whole

    async def write_eof(self, data: bytes = b"") -> None:
        """Have nothing left to write."""

    def to(self, request: web.BaseRequest) -> web.StreamResponse:
        """Return the answer to a request: another one where the connection does not go on as connections do."""
        if request.keep_alive and request.version == HttpVersion11:
            return self
        return web.Response(body=self._content, headers=self.headers)


class Door(web.AbstractRouteDef):
    """A path to which a messenger posts. Its handler needs nothing of the application, so that it can be met before."""

    def __init__(
        self,
        path: str,
        handler: Callable[[web.BaseRequest], Awaitable[web.StreamResponse]],
        at_once: AtOnce | None = None,
    ) -> None:
        """Answer what is posted there; `at_once` is asked before anybody takes the request apart."""
        self.path = path
        self.handler = handler
        self.at_once = at_once

    def register(self, router: web.UrlDispatcher) -> list[web.AbstractRoute]:
        """Be one of the application's routes as well: for other methods, and for what is not met before."""
        return [router.add_post(self.path, self.handler)]
