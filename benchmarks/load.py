"""The load generator: a process of its own that posts prepared bodies, or makes requests that are given to it."""

import asyncio
import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks import bodies
from benchmarks.report import percentile

_STATUS = slice(9, 12)
_LENGTH = b"content-length:"


@dataclass
class _Tally:
    """What came back."""

    waits: list[float] = field(default_factory=list)
    refused: int = 0


class _Client(asyncio.Protocol):
    """One connection: a request, its answer, the next request, each as soon as there is one or at its own instant."""

    def __init__(
        self, requests: Iterator[tuple[float | None, bytes]], tally: _Tally, done: asyncio.Future[None]
    ) -> None:
        self._requests = requests
        self._tally = tally
        self._done = done
        self._buffer = b""
        self._sent_at = 0.0
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._next()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, end, body = self._buffer.partition(b"\r\n\r\n")
        if not end or len(body) < _length(head):
            return
        self._tally.waits.append(time.perf_counter() - self._sent_at)
        self._tally.refused += head[_STATUS] != b"200"
        self._buffer = b""
        self._next()

    def connection_lost(self, error: Exception | None) -> None:
        if not self._done.done():
            self._done.set_exception(error or ConnectionError("the server hung up"))

    def _next(self) -> None:
        request = next(self._requests, None)
        if request is None:
            self._done.set_result(None)
            self._transport.close()
            return
        due, body = request
        now = time.perf_counter()
        if due is None or due <= now:  # who comes late waits from when they were due
            self._send(now if due is None else due, body)
        else:
            asyncio.get_running_loop().call_later(due - now, self._send, due, body)

    def _send(self, since: float, body: bytes) -> None:
        self._sent_at = since
        self._transport.write(body)


def _length(head: bytes) -> int:
    at = head.lower().find(_LENGTH)
    return int(head[at + len(_LENGTH) :].split(b"\r\n", 1)[0]) if at >= 0 else 0


def requests(path: str, form: str, first: int, count: int, **more: Any) -> list[bytes]:
    """Return whole requests, each with an event of its own: a body is built once a person, then only numbered."""
    build = {"second": bodies.second, "first": bodies.first, "object": bodies.deal}[form]
    people = [build(bodies.NUMBER + each, **more) for each in range(bodies.PEOPLE)]
    made = []
    for number in range(bodies.NUMBER + first, bodies.NUMBER + first + count):
        person = number % bodies.PEOPLE
        body = people[person].replace(b"%d" % (bodies.NUMBER + person), b"%d" % number)
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: Bitrix24 Webhook Engine\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        made.append(head.encode() + body)
    return made


async def _post_all(port: int, connections: int, prepared: list[bytes], moments: Sequence[float]) -> dict[str, float]:
    loop = asyncio.get_running_loop()
    done = [loop.create_future() for _ in range(connections)]
    began = time.perf_counter()
    due = [began + each for each in moments] or [None] * len(prepared)
    tally, waiting = _Tally(), zip(due, prepared, strict=True)
    for each in done:
        await loop.create_connection(lambda each=each: _Client(waiting, tally, each), "127.0.0.1", port)  # type: ignore[misc]
    await asyncio.gather(*done)
    took = time.perf_counter() - began
    return {
        "per_second": len(tally.waits) / took,
        "p50_ms": percentile(tally.waits, 0.5) * 1000,
        "p95_ms": percentile(tally.waits, 0.95) * 1000,
        "p99_ms": percentile(tally.waits, 0.99) * 1000,
        "answered": len(tally.waits),
        "refused": tally.refused,
    }


def main() -> None:
    """Read what to post from standard input, post it, and print what was measured."""
    order = json.load(sys.stdin)
    if "requests" in order:
        prepared = [each.encode() for each in order["requests"]]
    else:
        prepared = requests(order["path"], order["form"], order["first"], order["count"], **order["more"])
    json.dump(
        asyncio.run(_post_all(order["port"], order["connections"], prepared, order.get("moments", ()))), sys.stdout
    )


if __name__ == "__main__":
    main()
