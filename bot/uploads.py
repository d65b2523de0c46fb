"""Files in the body of a request: taken one after the other, to the disk first, and never all of them in memory."""

import asyncio
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from typing import IO

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
_AT_ONCE = 8
_READ_AT_ONCE = 2


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


class Uploads:
    """The door that bodies with files come through: few at once, however large, so that nobody's files fill memory."""

    def __init__(self, largest: int, most: int) -> None:
        """Take at most `most` files of at most `largest` bytes from one request."""
        self._largest = largest
        self._most = most
        self._room = _AT_ONCE
        self._reading = asyncio.Semaphore(_READ_AT_ONCE)

    @property
    def longest(self) -> int:
        """Bytes that a body may have."""
        return self._largest * self._most + MOST

    @asynccontextmanager
    async def _place(self) -> AsyncIterator[None]:
        if self._room <= 0:
            raise Refused(503, "many_uploads", "Many files are being sent just now.")
        self._room -= 1
        try:
            yield
        finally:
            self._room += 1

    async def read(self, request: web.BaseRequest, *, takes_files: bool = True) -> AsyncGenerator[SentField | SentFile]:
        """Yield what a form holds, in its order; Refused says why no more of it is taken.

        Whoever calls this knows who sends it: of strangers no files are taken, only the fields that stand before them.
        What was yielded is best stored before the next is asked for, for only then is its memory free.
        """
        if request.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
            raise Refused(415, "encoded", "The body must not be compressed.")
        if request.content_type != FORM:
            raise Refused(415, "no_form", "The body is no form.")
        if (request.content_length or 0) > self.longest:
            raise Refused(413, "too_large", "The files are too large together.")
        give = getattr(request.protocol, "give", None)
        if give is not None and takes_files:
            give(LONGEST)
        until = asyncio.get_running_loop().time() + LONGEST
        async with self._place() if takes_files else nullcontext():
            try:
                async for each in self._parts(request, until, takes_files=takes_files):
                    yield each
            except TimeoutError:
                raise Refused(408, "too_slow", "The body did not come in time.") from None
            except (web.RequestPayloadError, ConnectionError):
                raise Refused(400, "body_cut", "The body did not arrive whole.") from None
            except (ValueError, LookupError, AssertionError):  # what aiohttp raises for what is no form
                raise Refused(400, "bad_form", "The form cannot be read.") from None

    async def _parts(
        self, request: web.BaseRequest, until: float, *, takes_files: bool
    ) -> AsyncIterator[SentField | SentFile]:
        reader = await request.multipart()
        fields, files, text = 0, 0, 0
        while True:
            async with _patience(until):
                part = await reader.next()
            if part is None:
                return
            if isinstance(part, MultipartReader) or not part.name:
                raise Refused(400, "bad_form", "The form cannot be read.")
            if part.filename is None:
                fields += 1
                value = await _text(part, MOST - text, until)
                text += len(value)
                if fields > _MOST_FIELDS:
                    raise Refused(413, "too_large", "The form has too many fields.")
                yield SentField(part.name, value.decode("utf-8", "replace"))
                continue
            if not takes_files:
                return
            with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as kept:
                size = await self._spool(part, kept, until)
                if not part.filename and not size:
                    continue  # a browser sends a field that nobody filled as a file without a name
                files += 1
                if files > self._most:
                    raise Refused(413, "too_many_files", "There are too many files.")
                if size > self._largest:
                    yield SentFile(part.name, part.filename, None)
                    continue
                kept.seek(0)
                async with self._reading:
                    yield SentFile(part.name, part.filename, kept.read())

    async def _spool(self, part: BodyPartReader, kept: IO[bytes], until: float) -> int:
        """Put a part on the disk; of one that is too large nothing more is kept, but it is read to its end."""
        size = 0
        while piece := await _piece(part, until):
            size += len(piece)
            if size <= self._largest:
                kept.write(piece)
        return size


async def _text(part: BodyPartReader, room: int, until: float) -> bytes:
    parts: list[bytes] = []
    size = 0
    while piece := await _piece(part, until):
        size += len(piece)
        if size > room:
            raise Refused(413, "too_large", "The form is too large.")
        parts.append(piece)
    return b"".join(parts)


async def _piece(part: BodyPartReader, until: float) -> bytes:
    async with _patience(until):
        return bytes(await part.read_chunk(_PIECE))


def _patience(until: float) -> asyncio.Timeout:
    return asyncio.timeout_at(min(asyncio.get_running_loop().time() + SILENCE, until))
