"""The listening socket: so many connections, so much time for a request, and whoever waits makes room for who speaks.

A connection that asks nothing costs a file descriptor and no more; a thousand of them must not keep the thousand and
first from being answered. So there is a ceiling, below what the system allows, and at the ceiling the connection that
has been silent longest is closed for a new one. Only where every connection is being served a new one is refused.
"""

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

import structlog
from aiohttp import web

from bot import metrics
from bot.at_once import AtOnce, Front
from bot.channels.doors import Door
from bot.problems import code_of, problem

try:
    import resource
except ImportError:  # pragma: no cover - Windows sets no such limit
    resource = None  # type: ignore[assignment]

HEAD_SECONDS = 15.0
"""So long may the first words of a request take, from the connection or from their first byte."""
BODY_SECONDS = 20.0
IDLE_SECONDS = 130.0
"""So long a connection is kept between requests: longer than proxies do, so that they do not meet a closed one."""
MOST = 4_000
WANTED_FILES = 8_192
KEPT_FILES = 400
"""File descriptors for all that is not a door: the database, the messengers, and who is let in before being counted."""
BACKLOG = 100
LOOK_EVERY = 1.0
TELL_EVERY = 60.0
Answer = Callable[[Any], Awaitable[web.StreamResponse]]
_log = structlog.get_logger("listener")


def ceiling() -> int:
    """Return how many connections there may be, after asking the system for more open files where it gives them."""
    if resource is None:  # pragma: no cover
        return MOST
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    endless = resource.RLIM_INFINITY
    if soft != endless and soft < WANTED_FILES:
        wanted = WANTED_FILES if hard == endless else min(WANTED_FILES, hard)
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            soft = wanted
    return MOST if soft == endless else room(soft)


def room(files: int) -> int:
    """Return how many connections so many open files allow."""
    return min(max(files - KEPT_FILES, files // 4), MOST)


def listening(app: web.Application, routes: Iterable[object]) -> "Listener":
    """Return what listens for an application, and answers those of its routes that are doors before it."""
    doors = [each for each in routes if isinstance(each, Door)]
    at_once = {each.path: each.at_once for each in doors if each.at_once is not None}
    return Listener(app, doors={each.path: each.handler for each in doors}, at_once=at_once)


class Listener:
    """Listens for an application, and knows all its connections."""

    def __init__(
        self,
        app: web.Application,
        *,
        doors: Mapping[str, Answer] | None = None,
        at_once: Mapping[str, AtOnce] | None = None,
        most: int | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        shutdown_timeout: float = 10.0,
    ) -> None:
        """Have at most `most` connections, without it as many as the system's limit of open files lets us.

        What is posted to a path of `doors` is answered there, past the application with its router and its middlewares;
        what one of `at_once` knows at a glance is answered before that.
        """
        self.most = most if most is not None else ceiling()
        self.refused: Counter[str] = Counter()
        self._monotonic = monotonic
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=shutdown_timeout)
        self._shutdown_timeout = shutdown_timeout
        self._socket: asyncio.Server | None = None
        self._silent: dict[Connection | Front, None] = {}
        """Connections that wait for a request or are in the middle of one, longest silence first."""
        self._served: dict[Connection, web.BaseRequest] = {}
        self._fronts: dict[Front, None] = {}
        """Connections over which something is being stored that came whole."""
        self._told: Counter[str] = Counter()
        self._told_at = float("-inf")
        self._doors = dict(doors or {})
        self._at_once = dict(at_once or {})
        self._rest: Answer
        self._whole: Callable[..., web.BaseRequest]

    async def start(self, host: str, port: int) -> int:
        """Listen, and return the port; OSError when it is taken."""
        await self._runner.setup()
        loop = asyncio.get_running_loop()
        if (server := self._runner.server) is not None:
            self._rest, server.request_handler = server.request_handler, self._serve
            self._whole, server.request_factory = server.request_factory, self._request
        self._socket = await loop.create_server(self._accept, host, port, backlog=BACKLOG)
        bound: int = self._socket.sockets[0].getsockname()[1]
        return bound

    async def stop(self) -> None:
        """Listen no more, let what is under way end, close everything."""
        if self._socket is not None:
            self._socket.close()
        fronts = [each for each in (*self._silent, *self._fronts) if isinstance(each, Front)]
        for each in fronts:
            each.end()
        if answers := [each.answering for each in fronts if each.answering is not None]:
            await asyncio.wait(answers, timeout=self._shutdown_timeout)
        await self._runner.cleanup()

    async def watch(self) -> None:
        """Close what is too slow, and tell what was refused, until cancelled."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            self.look()

    def look(self) -> None:
        """Close connections whose head or body takes too long; tell at most once a minute what was refused."""
        now = self._monotonic()
        for connection in [each for each in self._silent if each.is_late(now, HEAD_SECONDS)]:
            self._drop(connection, "slow_head")
        for front in [each for each in self._silent if isinstance(each, Front) and each.is_left(now, IDLE_SECONDS)]:
            front.end()
        for connection, request in [*self._served.items()]:
            if not request.content.is_eof() and connection.is_late(now, BODY_SECONDS):
                self._drop(connection, "slow_body")
        if self.refused != self._told and now - self._told_at >= TELL_EVERY:
            _log.warning("connections refused", **(self.refused - self._told), open=len(self), most=self.most)
            self._told, self._told_at = self.refused.copy(), now

    def note(self, code: str) -> None:
        """Count what was refused: a line each would be one more thing to flood."""
        self.refused[code] += 1
        metrics.REFUSED_DOORS.labels("http", code).inc()

    def __len__(self) -> int:
        """Return how many connections there are."""
        return len(self._silent) + len(self._served) + len(self._fronts)

    def _accept(self) -> asyncio.Protocol:
        if len(self) >= self.most and not self._make_room():
            self.note("too_many")
            return _Refusal()
        server = self._runner.server
        if server is None:  # pragma: no cover - only while it closes
            return _Refusal()
        connection = (
            Front(self, self._at_once, self._monotonic) if self._at_once else Connection(self, server, self._monotonic)
        )
        self._silent[connection] = None
        return connection

    def _make_room(self) -> bool:
        """Close the connection that has been silent longest, or one that does not come to an end."""
        found = next(iter(self._silent), None)
        if found is None:
            unfinished = (each for each, request in self._served.items() if not request.content.is_eof())
            found = next(unfinished, None)
        if found is None:
            return False
        self._drop(found, "made_room")
        return True

    def _drop(self, connection: "Connection | Front", code: str) -> None:
        self.note(code)
        self.gone(connection)
        connection.drop()

    def gone(self, connection: "Connection | Front") -> None:
        """Forget a connection that is closed."""
        self._silent.pop(connection, None)
        if isinstance(connection, Front):
            self._fronts.pop(connection, None)
        else:
            self._served.pop(connection, None)

    # What comes before aiohttp

    def begins(self, front: Front) -> None:
        """Know that something is being stored that came over a connection."""
        self._silent.pop(front, None)
        self._fronts[front] = None

    def rests(self, front: Front) -> None:
        """Know that it waits for the next request."""
        if front in self._fronts:
            del self._fronts[front]
            self._silent[front] = None

    def handed_over(self, front: Front, since: float | None) -> asyncio.Protocol:
        """Return aiohttp's side of a connection that was before it."""
        server = self._runner.server
        self.gone(front)
        if server is None:  # pragma: no cover - only while it closes
            return _Refusal()
        connection = Connection(self, server, self._monotonic, since)
        self._silent[connection] = None
        return connection

    # What goes to aiohttp

    def _request(
        self, message: Any, content: Any, connection: Any, writer: Any, task: "asyncio.Task[None]"
    ) -> web.BaseRequest:
        """Return a request: for a door one without what the application adds."""
        if message.method == "POST" and message.url.path in self._doors and "Expect" not in message.headers:
            return web.BaseRequest(message, content, connection, writer, task, task.get_loop())
        return self._whole(message, content, connection, writer, task)

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer a request, and know meanwhile which connections are being served."""
        connection = request.protocol
        if not isinstance(connection, Connection) or connection not in self._silent:
            return await self._answer(request)  # closed meanwhile, or not ours
        del self._silent[connection]
        self._served[connection] = request
        connection.begins()
        try:
            return await self._answer(request)
        finally:
            if self._served.pop(connection, None) is not None:
                connection.rests()
                self._silent[connection] = None

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        if isinstance(request, web.Request):
            return await self._rest(request)
        response = await self._doors[request.path](request)
        if response.status >= 400 and (code := code_of(response)):
            metrics.REFUSED_DOORS.labels(request.path.split("/")[1], code).inc()
        return response


class Connection(web.RequestHandler):
    """aiohttp's side of one connection, which also tells how long it has kept us waiting."""

    __slots__ = ("_given", "_listener", "_monotonic", "_since")

    def __init__(
        self, listener: Listener, server: web.Server, monotonic: Callable[[], float], since: float | None = None
    ) -> None:
        """Serve for `server`; what came over the connection before began then."""
        super().__init__(
            server,
            loop=asyncio.get_running_loop(),
            keepalive_timeout=IDLE_SECONDS,
            access_log=None,  # type: ignore[arg-type]  # AppRunner hands over the same
            auto_decompress=False,  # a messenger compresses nothing; a few bytes could become a lot of memory
        )
        self._listener = listener
        self._monotonic = monotonic
        self._since: float | None = monotonic() if since is None else since
        self._given = 0.0

    def data_received(self, data: bytes) -> None:
        """Take what came; the first bytes of a request begin its time."""
        if self._since is None:
            self._since = self._monotonic()
        super().data_received(data)

    def connection_lost(self, exc: BaseException | None) -> None:
        """Leave."""
        self._listener.gone(self)
        super().connection_lost(exc)

    def begins(self) -> None:
        """Begin the time of a body: the head is here."""
        self._since = self._monotonic()
        self._given = 0.0

    def give(self, seconds: float) -> None:
        """Let the body of this request take so long: a door knows who sends it, and that it is a large one."""
        self._given = seconds

    def rests(self) -> None:
        """Wait for another request, which may take its time to begin."""
        self._since = None

    def is_late(self, now: float, patience: float) -> bool:
        """Whether what has begun takes longer than that."""
        return self._since is not None and now - self._since >= max(patience, self._given)

    def drop(self) -> None:
        """Close at once."""
        if self.transport is not None:
            self.transport.abort()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,  # noqa: ARG002 - it repeats what the sender wrote
    ) -> web.StreamResponse:
        """Answer what is no HTTP, or a fault of ours, with a document that repeats nothing of the request."""
        if request.writer.output_size > 0:
            raise ConnectionError("the answer had begun")
        if status < 500:
            self._listener.note("malformed")
            document = problem(status, "bad_request", "That is not an HTTP request as we read them.")
        else:
            _log.error("request failed", path=request.path, error=type(exc).__name__, exc_info=exc)
            document = problem(status, "internal", "The service failed to answer this; its log says why.")
        document.force_close()
        return document


class _Refusal(asyncio.Protocol):
    """Closes at once: there is no room."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            transport.abort()
