"""What is posted to a door and looks exactly as messengers write it is answered before anything else reads it.

A request that came whole, with an ordinary head, to a door that knows at a glance what it says, needs no parser, no
task that waits for the next one and no response object: it is stored, and the same bytes are answered each time.
Whatever looks any different, says anything that cannot be known at a glance, or cannot be stored, goes as it came to
aiohttp, and so does all that comes later over that connection: whoever can say what is wrong says it there.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import NamedTuple, Protocol

MOST = 64 * 1024
"""Bytes that a request may have to be waited for here."""
PATIENCE = 1.0
"""Seconds that the rest of a request is waited for here: pieces of one sending come together."""
_HEAD = re.compile(rb"POST (/[\w/]+)\?([\w=&.~-]+) HTTP/1\.1(?:\r\n[\w-]+:[ -~]*)+")
_LINES = re.compile(rb"\r\n([\w-]+): ?([ -~]*)")
_MEANS_MORE = frozenset(
    {b"transfer-encoding", b"content-encoding", b"expect", b"upgrade", b"te", b"trailer", b"proxy-connection"}
)
"""Headers with which a request, or its answer, is not what it seems."""
_END = b"\r\n\r\n"


class Posted(NamedTuple):
    """What was posted: the address, what kind of body, and the body."""

    path: str
    query: str
    content_type: str
    body: bytes


AtOnce = Callable[[Posted], Awaitable[bytes] | None]
"""Returns what stores the thing and then gives the whole answer; None for what must be read as any request."""


class Unfinished(Exception):
    """The rest has not come yet."""


def posted_in(data: bytes) -> Posted | None:
    """Return the request that these bytes are; None where they are more, or anything else. Unfinished for a part."""
    end = data.find(_END)
    if end < 0:
        raise Unfinished
    found = _HEAD.fullmatch(data, 0, end)
    if found is None:
        return None
    lines = _LINES.findall(data[found.end(2) : end].lower())
    named = dict(lines)
    length = named.get(b"content-length", b"")
    if len(named) != len(lines) or not named.keys().isdisjoint(_MEANS_MORE) or not length.isdigit():
        return None
    if named.get(b"connection", b"keep-alive") != b"keep-alive" or len(length) > len(str(MOST)):
        return None
    whole = end + len(_END) + int(length)
    if len(data) < whole <= MOST:
        raise Unfinished
    if len(data) != whole:
        return None
    kind = named.get(b"content-type", b"").decode()
    return Posted(found[1].decode(), found[2].decode(), kind, data[end + len(_END) :])


class Hall(Protocol):
    """Who knows all connections."""

    def begins(self, front: "Front") -> None:
        """Know that a request is being answered."""
        ...

    def rests(self, front: "Front") -> None:
        """Know that the connection waits for the next one."""
        ...

    def handed_over(self, front: "Front", since: float | None) -> asyncio.Protocol:
        """Return who goes on with the connection, whose request began then."""
        ...

    def gone(self, front: "Front") -> None:
        """Forget a connection that is closed."""
        ...


class Front(asyncio.Protocol):
    """A connection over which nothing but messages came that were known at a glance."""

    def __init__(self, hall: Hall, doors: Mapping[str, AtOnce], monotonic: Callable[[], float]) -> None:
        """Ask `doors`, by their paths."""
        self._hall = hall
        self._doors = doors
        self._begins = tuple(f"POST {path}?".encode() for path in doors)
        self._monotonic = monotonic
        self._since: float | None = monotonic()
        self._rested = self._since
        self._came = b""
        self._waits: asyncio.TimerHandle | None = None
        self._is_last = False
        self._transport: asyncio.Transport
        self.answering: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        if isinstance(transport, asyncio.Transport):
            self._transport = transport

    def connection_lost(self, exc: BaseException | None) -> None:  # noqa: ARG002 - asyncio's
        """Leave; what is being stored is stored."""
        self._wait_no_more()
        self._hall.gone(self)

    def data_received(self, data: bytes) -> None:
        """Take what came. Whoever goes on without waiting for the answer waits until it is given."""
        self._came += data
        if self.answering is not None:
            self._transport.pause_reading()
            return
        if self._since is None:
            self._since = self._monotonic()
        self._look()

    def _look(self) -> None:
        answer: Awaitable[bytes] | None = None
        if self._came.startswith(self._begins):
            try:
                posted = posted_in(self._came)
            except Unfinished:
                if len(self._came) <= MOST:
                    loop = asyncio.get_running_loop()
                    self._waits = self._waits or loop.call_later(PATIENCE, self._hand_over)
                    return
                posted = None
            answer = None if posted is None else self._doors[posted.path](posted)
        if answer is None:
            self._hand_over()
            return
        self._wait_no_more()
        self._hall.begins(self)
        self.answering = asyncio.get_running_loop().create_task(self._answer(answer, self._came))
        self._came = b""

    async def _answer(self, answer: Awaitable[bytes], asked: bytes) -> None:
        try:
            said = await answer
        except Exception:  # noqa: BLE001 - it is asked again by who can say what is wrong
            said = b""
        self.answering = None
        self._hall.rests(self)
        if self._transport.is_closing():
            return
        if not said:
            self._came = asked + self._came
            self._hand_over()
            return
        self._transport.write(said)
        self._since, self._rested = None, self._monotonic()
        if self._is_last:
            self._transport.close()
        elif self._came:
            self._since = self._rested
            self._transport.resume_reading()
            self._look()

    def _hand_over(self) -> None:
        self._wait_no_more()
        if self._transport.is_closing():
            return
        self._transport.resume_reading()
        heir = self._hall.handed_over(self, self._since)
        self._transport.set_protocol(heir)
        heir.connection_made(self._transport)
        if self._came:
            heir.data_received(self._came)

    def _wait_no_more(self) -> None:
        if self._waits is not None:
            self._waits.cancel()
            self._waits = None

    # What the listener asks of all its connections

    def is_late(self, now: float, patience: float) -> bool:
        """Whether what has begun takes longer than that."""
        return self._since is not None and now - self._since >= patience

    def is_left(self, now: float, patience: float) -> bool:
        """Whether nothing has been asked for so long."""
        return self._since is None and now - self._rested >= patience

    def drop(self) -> None:
        """Close at once."""
        self._transport.abort()

    def end(self) -> None:
        """Close as soon as nothing is being answered."""
        self._is_last = True
        if self.answering is None:
            self._transport.close()
