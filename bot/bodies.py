"""Bodies of requests: how much may come in, how long that may take, what is refused, at every door."""

import asyncio

from aiohttp import web

MOST = 256 * 1024
"""Bytes that a body may have; no messenger sends a tenth of that."""
PATIENCE = 10.0
"""Seconds that a body may take."""


class Refused(Exception):
    """What is not taken: the HTTP status, a code for machines and a sentence for people, with nothing of the body."""

    def __init__(self, status: int, code: str, title: str) -> None:
        """Say why."""
        super().__init__(title)
        self.status = status
        self.code = code
        self.title = title


async def limited_body(
    request: web.BaseRequest, *, patience: float = PATIENCE, prefix: str = "", most: int = MOST
) -> bytes:
    """Return a body without keeping more of it than is allowed, or waiting for ever; Refused says why not.

    No messenger compresses, and whoever unpacks is at the mercy of what was packed. `prefix` begins the codes of a door
    that had it before there was one way to read.
    """
    if request.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise Refused(415, "encoded", "The body must not be compressed.")
    if (request.content_length or 0) > most:
        raise _too_large(prefix)
    if request.content.is_eof():
        # A small body came together with the head: there is nothing to wait for.
        body = request.content.read_nowait()
        if len(body) > most:
            raise _too_large(prefix)
        return body
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(patience):
            async for part in request.content.iter_any():
                size += len(part)
                if size > most:
                    raise _too_large(prefix)
                parts.append(part)
    except TimeoutError:
        raise Refused(408, f"{prefix}too_slow", "The body did not come in time.") from None
    except (web.RequestPayloadError, ConnectionError):
        raise Refused(400, "body_cut", "The body did not arrive whole.") from None
    return b"".join(parts)


def _too_large(prefix: str) -> Refused:
    return Refused(413, f"{prefix}too_large", "The body is larger than 256 KiB.")
