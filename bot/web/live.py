"""Live pages: a stream to each says which topics changed; the page fetches its part again, under its own rights."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from aiohttp import web

from bot.domain.rights import Reach, Right, may, reach
from bot.domain.topics import CHANGES, SETTINGS, Rung
from bot.services.people.access import Reader

LIVE = "/live"
BEAT = 25.0
"""Seconds after which a stream that said nothing says that it is there, and asks whether its session is."""
LONGEST = 1_800.0
FOLLOWS = 30.0
"""Seconds within which a stream that follows one of full length is the same page, at which nothing was done."""
ATTENDED = 4 * 3600.0
"""Seconds after which a page at which nothing was done hurries no channel."""
OF_ONE, OF_A_PERSON, OF_A_PORTAL, OF_ALL = 6, 18, 1_500, 2_000
"""Streams of a session, of a person with however many sessions, of a portal, of all."""
_MOST_WAITING = 100


@dataclass(eq=False, slots=True)
class _Stream:
    """A page that listens."""

    reader: Reader
    request: web.Request
    since: float
    """When its page was opened, by the clock of the loop."""
    topics: set[str] = field(default_factory=set)
    _rung: asyncio.Future[None] | None = None
    """Is waited for; an `Event` would weigh more than all else here."""

    async def heard(self) -> None:
        """Wait until there is something to tell, or the stream is woken."""
        if not self.topics:
            self._rung = asyncio.get_running_loop().create_future()
            await self._rung

    def wake(self) -> None:
        """End the waiting."""
        if self._rung is not None and not self._rung.done():
            self._rung.set_result(None)

    @property
    def is_gone(self) -> bool:
        """Whether the page that listened was left; its stream ends with its next word."""
        transport = self.request.transport
        return transport is None or transport.is_closing()

    def hears(self, rung: Rung) -> None:
        """Note what of a commit the reader may know of."""
        employee = self.reader.employee
        if rung.portal_id != employee.portal_id:
            return
        heard = {each for each in rung.topics if _may_hear(self.reader, each, rung)}
        if heard and len(self.topics) < _MOST_WAITING:
            self.topics |= heard
            self.wake()


def _has_place(reader: Reader, there: Sequence[Reader]) -> bool:
    """Whether there is room for one more page of that reader's."""
    of_portal = [each for each in there if each.portal.id == reader.portal.id]
    of_person = [each for each in of_portal if each.employee.id == reader.employee.id]
    of_session = sum(each.session.id == reader.session.id for each in of_person)
    counted = ((of_session, OF_ONE), (len(of_person), OF_A_PERSON), (len(of_portal), OF_A_PORTAL), (len(there), OF_ALL))
    return all(count < most for count, most in counted)


def _may_hear(reader: Reader, topic: str, rung: Rung) -> bool:
    employee = reader.employee
    if topic in CHANGES:
        return False  # for programs; pages have topics of their own
    if topic in SETTINGS:
        return may(employee, Right.KEEP_CALENDAR)
    if employee.id in rung.concerned:
        return topic != "presence" or reach(employee, Right.SEE_HOURS) > Reach.OWN
    if topic == "day":
        return False
    right = Right.SEE_HOURS if topic in {"presence", "periods"} else Right.SEE_REQUESTS
    return reach(employee, right) > Reach.OWN


class Live:
    """The streams of this process."""

    def __init__(
        self,
        read: Callable[[web.Request], Awaitable[Reader | None]],
        *,
        is_open: Callable[[], bool],
        watched: Callable[[str], None] = lambda _portal: None,
        beat: float = BEAT,
        longest: float = LONGEST,
        attended: float = ATTENDED,
    ) -> None:
        """`read` returns whose session a request carries, as they are now.

        By its key `watched` is told, again with each beat, of which portal somebody has a page open.
        """
        self._read = read
        self._is_open = is_open
        self._beat = beat
        self._longest = longest
        self._watched = watched
        self._attended = attended
        self._left: dict[int, float] = {}
        """When the page was opened that had the stream of full length which a session's ended with, just now."""
        self._streams: set[_Stream] = set()
        self._closing = asyncio.Event()

    def route(self) -> web.RouteDef:
        """Return the door."""
        return web.get(LIVE, self.serve, allow_head=False)

    def ring(self, rung: Rung) -> None:
        """Tell whoever listens that something was committed."""
        for each in self._streams:
            each.hears(rung)

    def close(self) -> None:
        """Let all streams end: pages come again when there is somebody to answer."""
        self._closing.set()
        for each in self._streams:
            each.wake()

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Hold a stream until its session ends, or half an hour is over."""
        stream = await self._begun(request)
        if isinstance(stream, web.Response):
            return stream
        response = web.StreamResponse(
            headers={
                "Content-Type": "text/event-stream; charset=utf-8",
                "Cache-Control": "no-store",
                "X-Accel-Buffering": "no",
            }
        )
        try:
            await response.prepare(request)
            await response.write(b": here\n\n")
            self._note_watched(stream)
            with suppress(ConnectionError, TimeoutError):
                async with asyncio.timeout(self._longest) as length:
                    await self._tell(request, response, stream)
            if length.expired():
                self._leave(stream)
        finally:
            self._streams.discard(stream)
        return response

    async def _begun(self, request: web.Request) -> _Stream | web.Response:
        """Return a new stream, or why there is none. What is looked at for that is held by no stream while it lives."""
        reader = await self._read(request) if self._is_open() else None
        if reader is None:
            return web.Response(status=401, headers={"Cache-Control": "no-store"})
        open_now = [each.reader for each in self._streams if not each.is_gone]
        if self._closing.is_set() or not _has_place(reader, open_now):
            return web.Response(status=503, headers={"Retry-After": "60", "Cache-Control": "no-store"})
        since = self._left.get(reader.session.id, asyncio.get_running_loop().time())
        stream = _Stream(reader, request, since)
        self._streams.add(stream)
        return stream

    def _note_watched(self, stream: _Stream) -> None:
        """Say that the portal is watched, unless the page has been left to itself for long."""
        if asyncio.get_running_loop().time() - stream.since < self._attended:
            self._watched(stream.reader.portal.key)

    def _leave(self, stream: _Stream) -> None:
        """Note for a moment since when the page stands open that comes again at once, without anybody's doing."""
        session = stream.reader.session.id
        self._left[session] = stream.since
        asyncio.get_running_loop().call_later(FOLLOWS, self._left.pop, session, None)

    async def _tell(self, request: web.Request, response: web.StreamResponse, stream: _Stream) -> None:
        clock = asyncio.get_running_loop().time
        read_at = clock()
        while not self._closing.is_set():
            try:
                async with asyncio.timeout_at(read_at + self._beat):
                    await stream.heard()
            except TimeoutError:
                pass
            if clock() - read_at >= self._beat:  # whatever woke it: on a busy portal something always does
                found = await self._read(request)
                if found is None:
                    return
                stream.reader, read_at = found, clock()
                await response.write(b": here\n\n")
                self._note_watched(stream)
                continue
            topics, stream.topics = sorted(stream.topics), set()
            for each in topics:
                await response.write(f"event: {each}\ndata: \n\n".encode())
