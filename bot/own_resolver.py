"""Names resolved in threads of their own: what takes long there keeps nobody else's work waiting.

The system's look-up cannot be ended, and outlives any patience. In the threads that everything shares, a few names
whose servers are silent would stop all other names, and the making of files. A name that failed is not asked for a
while; one that only stood behind others may be asked again.
"""

import asyncio
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from aiohttp.abc import AbstractResolver, ResolveResult

THREADS = 4
SILENT_FOR = 60.0
"""Seconds for which a name that failed, or was not told in time, is as if there were none."""
PATIENCE = 5.0
"""Seconds that a look-up has; its thread may be busy for longer."""
_MOST = 10_000

Look = Callable[[str, int, socket.AddressFamily], list[ResolveResult]]


class OwnResolver(AbstractResolver):
    """Looks names up in a few threads of its own."""

    def __init__(
        self, look: Look | None = None, *, patience: float = PATIENCE, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        """Look by `look`, which may take its time."""
        self._look = look or _look
        self._patience = patience
        self._monotonic = monotonic
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="names")
        self._failed: dict[str, float] = {}
        """Names that failed, and until when they are not asked."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return what a name leads to; OSError where that is not known, or was not a moment ago."""
        if self._failed.get(host, 0.0) > self._monotonic():
            raise OSError(f"{host} was not found a moment ago")
        loop, begun = asyncio.get_running_loop(), threading.Event()

        def look() -> list[ResolveResult]:
            begun.set()
            return self._look(host, port, family)

        try:
            async with asyncio.timeout(self._patience):
                found = await loop.run_in_executor(self._threads, look)
        except (OSError, UnicodeError) as error:  # TimeoutError is one
            if begun.is_set():
                self._note(host)
            raise OSError(f"{host} is not found") from error
        self._failed.pop(host, None)
        return found

    def _note(self, host: str) -> None:
        if len(self._failed) >= _MOST:
            self._failed.pop(next(iter(self._failed)))
        self._failed[host] = self._monotonic() + SILENT_FOR

    async def close(self) -> None:
        """Wait for nobody."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _look(host: str, port: int, family: socket.AddressFamily) -> list[ResolveResult]:
    flags = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
    found = socket.getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
    return [
        ResolveResult(hostname=host, host=str(to[0]), port=int(to[1]), family=kind, proto=proto, flags=flags)
        for kind, _, proto, _, to in found
    ]
