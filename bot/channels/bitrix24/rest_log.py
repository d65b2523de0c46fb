"""The log of requests to portals, which the vendor's market asks for: three days of it, and nobody's words or tokens.

A line a request: when, which portal, which method, how it ended, how long it took, how large both ways were, and the
shape of what was asked: names of parameters, numbers, and lengths in place of texts. Writing is somebody else's: the
caller hands over what it knows, and a thread writes what came together in a second.
"""

import asyncio
import json
import os
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import structlog

KEPT = timedelta(days=3)
"""So long a line is kept at least, while the log is not too large."""
LARGEST_FILE = 16 * 1024 * 1024
LARGEST = 1024 * 1024 * 1024
"""Bytes of all files: what a thousand busy portals say in three days; beyond that the oldest go sooner."""
WRITE_EVERY = 1.0
_MOST_WAITING = 20_000
"""Lines that wait for a disk; what comes beyond them is counted alone."""
_SECRET = frozenset(
    {"auth", "access_token", "refresh_token", "bottoken", "client_secret", "token", "application_token"}
)
_PLAIN = frozenset({"eventmode", "command", "code", "type", "start", "select", "order", "entitytypeid"})
"""Parameters whose texts are the interface's own, and nobody's."""
_MOST_KEYS = 40
_DEEPEST = 4
_SUFFIX = ".jsonl"

log = structlog.get_logger(__name__)


class Exchange(NamedTuple):
    """A request and how it ended."""

    at: float
    """Epoch seconds."""
    portal: str
    """The tenant's key."""
    method: str
    params: Mapping[str, Any]
    status: int
    """0 where there was no answer."""
    code: str
    """The portal's code of refusal, or ours; "" where it was done."""
    seconds: float
    sent: int
    received: int
    """Bytes."""


Note = Callable[[Exchange], None]


class RestLog:
    """Lines in files of a folder; each process has files of its own."""

    def __init__(self, folder: Path, now: Callable[[], datetime] | None = None, *, largest: int = LARGEST) -> None:
        """Write into `folder`, which is made with the first line; `largest` bounds all files of it together."""
        self._folder = folder
        self._now = now or (lambda: datetime.now(UTC))
        self._largest = largest
        self._waiting: list[Exchange] = []
        self._left_out = 0

    def note(self, exchange: Exchange) -> None:
        """Take a request that has ended; it costs the caller nothing but this."""
        if len(self._waiting) < _MOST_WAITING:
            self._waiting.append(exchange)
        else:
            self._left_out += 1

    async def run(self) -> None:
        """Write what came, each second, until cancelled; what is left then is written as well."""
        try:
            while True:
                await asyncio.sleep(WRITE_EVERY)
                if self._waiting:
                    await asyncio.to_thread(self.write)
        finally:
            self.write()

    def write(self) -> None:
        """Write what waits; a disk that is full or gone costs lines, and one warning a page of them."""
        waiting, self._waiting = self._waiting, []
        left_out, self._left_out = self._left_out, 0
        if not waiting:
            return
        lines = "".join(f"{json.dumps(line_of(each), ensure_ascii=False, separators=(',', ':'))}\n" for each in waiting)
        try:
            self._append(lines.encode())
            self._tidy()
        except OSError as error:
            log.warning("bitrix24.rest_log_not_written", error=type(error).__name__, lines=len(waiting))
        if left_out:
            log.warning("bitrix24.rest_log_left_out", lines=left_out)

    def _append(self, content: bytes) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        day, number = f"{self._now():%Y-%m-%d}", 0
        while True:
            path = self._folder / f"{day}.{os.getpid()}.{number}{_SUFFIX}"
            if not path.exists() or path.stat().st_size < LARGEST_FILE:
                break
            number += 1
        file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(file, content)
        finally:
            os.close(file)

    def _tidy(self) -> None:
        """Let files go that were last written long enough ago, and the oldest where they are too large together."""
        found = []
        for path in self._folder.glob(f"*{_SUFFIX}"):
            with suppress(FileNotFoundError):  # another process tidies as well
                stat = path.stat()
                found.append((stat.st_mtime, stat.st_size, path))
        found.sort(reverse=True)
        size, before = 0, (self._now() - KEPT).timestamp()
        for number, (written, length, path) in enumerate(found):
            size += length
            is_too_much = size > self._largest and number > 0
            if written >= before and is_too_much:
                log.warning("bitrix24.rest_log_too_large", file=path.name)
            if written < before or is_too_much:
                path.unlink(missing_ok=True)


def line_of(exchange: Exchange) -> dict[str, Any]:
    """Return what the line of a request tells."""
    line: dict[str, Any] = {
        "at": datetime.fromtimestamp(exchange.at, UTC).isoformat(timespec="milliseconds"),
        "portal": exchange.portal,
        "method": exchange.method,
        "status": exchange.status,
        "ms": round(exchange.seconds * 1000),
        "sent": exchange.sent,
        "received": exchange.received,
    }
    if exchange.code:
        line["code"] = exchange.code
    commands = exchange.params.get("cmd")
    if exchange.method == "batch" and isinstance(commands, Mapping):
        line["commands"] = dict(Counter(str(each).partition("?")[0] for each in commands.values()))
    else:
        line["params"] = masked(exchange.params)
    return line


def masked(value: Any, name: str = "", depth: int = 0) -> Any:
    """Return the shape of a parameter: names, numbers and yes-or-no as they are, of texts their lengths alone."""
    folded = name.lower()
    if folded in _SECRET:
        return "***"
    if isinstance(value, Mapping):
        if depth >= _DEEPEST:
            return f"<{len(value)} keys>"
        some = list(value.items())[:_MOST_KEYS]
        return {str(key)[:60]: masked(each, str(key), depth + 1) for key, each in some}
    if isinstance(value, str):
        return value[:60] if folded in _PLAIN and value.isascii() else f"<{len(value)}>"
    if isinstance(value, Sequence):
        return [masked(each, name, depth + 1) for each in value[:_MOST_KEYS]] if depth < _DEEPEST else f"<{len(value)}>"
    return value if isinstance(value, bool | int | float | None) else f"<{type(value).__name__}>"
