"""Files in the body of a request: taken one after the other, to the disk first, and never all of them in memory."""

import asyncio
import tempfile
import time
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from typing import IO, TypeVar

from aiohttp import BodyPartReader, MultipartReader, web

from bot.bodies import MOST, Refused

FORM = "multipart/form-data"
SILENCE = 30.0
"""Seconds without a byte after which nobody waits for the rest."""
LONGEST = 600.0
"""Seconds that a body with files may take in all."""
_MOST_FIELDS = 400
_IN_MEMORY = 256 * 1024
_PIECE = 64 * 1024
LEAST = 4 * 1024
"""Bytes a second that have to come while somebody waits for them: less than the slowest network gives."""
AT_ONCE = 16
"""Bodies with files under way, of all senders together."""
OF_A_PORTAL = 8
OF_A_PERSON = 2
_READ_AT_ONCE = 2
_Told = TypeVar("_Told")


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends files: a person, or a program, of a portal."""

    portal_id: int
    id: int


@dataclass(frozen=True, slots=True)
class SentField:
    """A field of a form, as text."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that lies on the disk by now; its `content` is None where it is larger than is taken."""

    field: str
    name: str
    content: bytes | None


class Places:
    """Places for those who send files, of all doors together: nobody, and no portal, takes those of the others."""

    def __init__(self) -> None:
        """Have all of them free."""
        self._held: Counter[object] = Counter()
        self.reading = asyncio.Semaphore(_READ_AT_ONCE)
        """Files in memory at a time."""

    @asynccontextmanager
    async def held(self, sender: Sender) -> AsyncIterator[None]:
        """Hold a place; Refused where there is none, `own_uploads` where the sender's own are taken."""
        if self._held[sender] >= OF_A_PERSON:
            raise Refused(429, "own_uploads", "You are sending as much as one may at a time.")
        if self._held[sender.portal_id] >= OF_A_PORTAL or self._held[None] >= AT_ONCE:
            raise Refused(503, "many_uploads", "Many files are being sent just now.")
        mine: tuple[object, ...] = (sender, sender.portal_id, None)
        self._held.update(mine)
        try:
            yield
        finally:
            self._held.subtract(mine)
            self._held = +self._held


class Uploads:
    """The door that bodies with files come through: few at once, however large, so that nobody's files fill memory."""

    def __init__(
        self, largest: int, most: int, places: Places | None = None, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        """Take at most `most` files of at most `largest` bytes from one request, in the `places` that doors share."""
        self._largest = largest
        self._most = most
        self._places = places or Places()
        self._monotonic = monotonic

    @property
    def longest(self) -> int:
        """Bytes that a body may have."""
        return self._largest * self._most + MOST

    async def read(self, request: web.BaseRequest, sender: Sender | None) -> AsyncGenerator[SentField | SentFile]:
        """Yield what a form holds, in its order; Refused says why no more of it is taken.

        Of whoever is no `sender` no files are taken, only the fields that stand before them.
        What was yielded is best stored before the next is asked for, for only then is its memory free.
        """
        if request.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
            raise Refused(415, "encoded", "The body must not be compressed.")
        if request.content_type != FORM:
            raise Refused(415, "no_form", "The body is no form.")
        if (request.content_length or 0) > self.longest:
            raise Refused(413, "too_large", "The files are too large together.")
        give = getattr(request.protocol, "give", None)
        pace = _Pace(request, self._monotonic)
        async with self._places.held(sender) if sender is not None else nullcontext():
            if give is not None and sender is not None:
                give(LONGEST)
            try:
                async for each in self._parts(request, pace, takes_files=sender is not None):
                    yield each
            except TimeoutError:
                raise Refused(408, "too_slow", "The body did not come in time.") from None
            except (web.RequestPayloadError, ConnectionError):
                raise Refused(400, "body_cut", "The body did not arrive whole.") from None
            except (ValueError, LookupError, AssertionError):  # what aiohttp raises for what is no form
                raise Refused(400, "bad_form", "The form cannot be read.") from None

    async def _parts(
        self, request: web.BaseRequest, pace: "_Pace", *, takes_files: bool
    ) -> AsyncIterator[SentField | SentFile]:
        reader = await request.multipart()
        fields, files, text = 0, 0, 0
        while True:
            part = await pace.wait(reader.next())
            if part is None:
                return
            if isinstance(part, MultipartReader) or not part.name:
                raise Refused(400, "bad_form", "The form cannot be read.")
            if part.filename is None:
                fields += 1
                value = await _text(part, MOST - text, pace)
                text += len(value)
                if fields > _MOST_FIELDS:
                    raise Refused(413, "too_large", "The form has too many fields.")
                yield SentField(part.name, value.decode("utf-8", "replace"))
                continue
            if not takes_files:
                return
            with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as kept:
                size = await self._spool(part, kept, pace)
                if not part.filename and not size:
                    continue  # a browser sends a field that nobody filled as a file without a name
                files += 1
                if files > self._most:
                    raise Refused(413, "too_many_files", "There are too many files.")
                if size > self._largest:
                    yield SentFile(part.name, part.filename, None)
                    continue
                kept.seek(0)
                async with self._places.reading:
                    yield SentFile(part.name, part.filename, kept.read())

    async def _spool(self, part: BodyPartReader, kept: IO[bytes], pace: "_Pace") -> int:
        """Put a part on the disk; of one that is too large nothing more is kept, but it is read to its end."""
        size = 0
        while piece := await _piece(part, pace):
            size += len(piece)
            if size <= self._largest:
                kept.write(piece)
        return size


async def _text(part: BodyPartReader, room: int, pace: "_Pace") -> bytes:
    parts: list[bytes] = []
    size = 0
    while piece := await _piece(part, pace):
        size += len(piece)
        if size > room:
            raise Refused(413, "too_large", "The form is too large.")
        parts.append(piece)
    return b"".join(parts)


async def _piece(part: BodyPartReader, pace: "_Pace") -> bytes:
    return bytes(await pace.wait(part.read_chunk(_PIECE)))


class _Pace:
    """Waits for what is sent: not for ever, and not for what only drips. Our own time is not counted."""

    def __init__(self, request: web.BaseRequest, monotonic: Callable[[], float]) -> None:
        self._content = request.content
        self._monotonic = monotonic
        self._loop = asyncio.get_running_loop()
        self._until = self._loop.time() + LONGEST
        self._waited, self._seen = 0.0, 0

    async def wait(self, coming: Awaitable[_Told]) -> _Told:
        """Return what comes; TimeoutError where it does not, or too little came in all the time that we waited."""
        began = self._monotonic()
        async with asyncio.timeout_at(min(self._loop.time() + SILENCE, self._until)):
            told = await coming
        self._waited += self._monotonic() - began
        if self._waited >= SILENCE:
            if self._content.total_bytes - self._seen < LEAST * self._waited:
                raise TimeoutError
            self._waited, self._seen = 0.0, self._content.total_bytes
        return told
