"""Many portals: what a thousand cost at rest, and how much longer fifty busy ones wait because of the idle ones.

The channel with its beats, limiters, duties (on SQLite) and round of people is real, and fetches; what it hears it
answers at once. The portals are a cheap server in a process of its own. Latency is from what somebody writes to the
answer's arrival: mostly the wait for the next fetch, a second apart while people talk.
"""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.report import as_in_production, publish
from benchmarks.size import size
from bot.channels import bitrix24
from bot.channels.bitrix24.gate import Gate
from bot.clock import SystemClock
from bot.derived import Derived
from bot.messages import Address, Incoming, Outgoing, Say
from bot.on_duty import DutyHolder
from bot.ports import Checkpoint, ListedDepartment, Person
from bot.ports.connections import Connection, Credentials
from bot.text import verbatim
from storage import open_storage

PORTALS = size(1_000, 6)
BUSY = size(50, 2)
EVERY = 4.0
"""Seconds between two messages on a busy portal."""
SECONDS = size(30, 2)
SETTLE = size(8, 1)
WARM_UP = size(15, 1)
"""Seconds until each busy portal has been written to, and is fetched as one where people talk."""
AT_ONCE = 200
"""So many portals begin at a time: ten times as many as the service lets."""
_AN_HOUR = 3_600.0


class _Portals:
    """The portals to be served."""

    def __init__(self, port: int, count: int) -> None:
        self._urls = {f"portal{n}": f"http://127.0.0.1:{port}/rest/1/code{n}/" for n in range(count)}

    async def all(self) -> Sequence[Connection]:
        return [Connection(key, "webhook", url) for key, url in self._urls.items()]

    async def of(self, key: str) -> Connection | None:
        return Connection(key, "webhook", self._urls[key])

    def credentials(self, key: str) -> Credentials:
        return bitrix24.IncomingWebhook(self._urls[key])


class _Server:
    """The process of the portals."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def told(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        found: dict[str, Any] = json.loads(await self._process.stdout.readline())
        return found

    def tell(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n".encode())


@asynccontextmanager
async def _server() -> AsyncIterator[tuple[_Server, int]]:
    command = [sys.executable, "-m", "benchmarks.fake_portals"]
    process = await asyncio.create_subprocess_exec(
        *command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    server = _Server(process)
    try:
        yield server, (await server.told())["port"]
    finally:
        assert process.stdin is not None
        process.stdin.close()
        await process.wait()


async def _nobody(realm: str, people: Sequence[Person], departments: Sequence[ListedDepartment] = ()) -> Sequence[str]:
    del realm, people, departments
    return ()


@asynccontextmanager
async def _served(folder: Path, port: int, count: int) -> AsyncIterator[bitrix24.Bitrix24Channel]:
    """Serve so many portals, and answer whoever writes."""
    storage: Any = await open_storage(f"sqlite:///{folder / 'portals.db'}", secret_key="s" * 40)
    await storage.start()
    on_duty = DutyHolder(storage.duties)
    answering: set[asyncio.Task[Any]] = set()

    def make(connection: Connection, credentials: Credentials, **shared: Any) -> bitrix24.PortalBot:
        return bitrix24.PortalBot(
            credentials=credentials,
            realm=connection.key,
            mode="fetch",
            events_url=None,
            derived=Derived("s" * 40),
            vault=storage.vault,
            directory=_nobody,
            appearance=bitrix24.Appearance(),
            clock=SystemClock(),
            on_duty=on_duty,
            **shared,
        )

    channel = bitrix24.Bitrix24Channel(_Portals(port, count), make, on_duty=on_duty)
    channel._gate = Gate(AT_ONCE)  # how a thousand begin is not what is measured

    async def receive(incomings: Sequence[Incoming], checkpoint: Checkpoint | None = None) -> int:
        del checkpoint
        for each in incomings:
            to = Address(1, "bitrix24", each.realm, each.sender.account, each.conversation, "en", "UTC")
            task = asyncio.create_task(channel.send(Outgoing(1, to, Say(verbatim(each.text)), each.received_at)))
            answering.add(task)
            task.add_done_callback(answering.discard)
        return len(incomings)

    await channel.start(receive)
    try:
        while not (channel.health().get("portals") == count and not channel.health()["outages"]):
            await asyncio.sleep(0.2)
        await asyncio.sleep(SETTLE)
        for bot in channel._portals.values():
            beat = bot._beat
            assert beat is not None
            beat._active_until -= _AN_HOUR
        yield channel
    finally:
        await channel.stop()
        await storage.close()


async def _measured(count: int, *cases: int) -> list[dict[str, float]]:
    """Return what so many portals cost while so many of them are busy, one case after another."""
    with TemporaryDirectory(prefix="smena-bench-") as name:
        async with _server() as (server, port), _served(Path(name), port, count):
            return [await _while_busy(server, busy) for busy in cases]


async def _while_busy(server: _Server, busy: int) -> dict[str, float]:
    if busy:
        server.tell(f"begin {busy} {EVERY}")
        await asyncio.sleep(WARM_UP)
    server.tell(f"begin {busy} {EVERY}")
    begun, worked = time.perf_counter(), time.process_time()
    await asyncio.sleep(SECONDS)
    seconds, work = time.perf_counter() - begun, time.process_time() - worked
    server.tell("end")
    seen = await server.told()
    return {
        "cpu_percent": work / seconds * 100,
        "requests_a_minute": seen["requests"] / seconds * 60,
        "cpu_ms_a_request": work / max(seen["requests"], 1) * 1000,
        "p50_ms": seen["p50"] * 1000,
        "p95_ms": seen["p95"] * 1000,
        "answers": seen["answers"],
    }


def main() -> None:
    """Measure the busy ones alone, then all of them, at rest and with some busy."""
    counts = {"busy alone": BUSY, "all at rest": PORTALS, "all, some busy": PORTALS}
    with TemporaryDirectory(prefix="smena-bench-") as folder, as_in_production(Path(folder)):
        alone_found = asyncio.run(_measured(BUSY, BUSY))
        found = dict(zip(counts, [*alone_found, *asyncio.run(_measured(PORTALS, 0, BUSY))], strict=True))
    alone, together = found["busy alone"], found["all, some busy"]
    added = {
        f"added_{which}": round(together[which] / max(alone[which], 0.001) - 1, 3) for which in ("p50_ms", "p95_ms")
    }
    figures: dict[str, Any] = {"portals": PORTALS, "busy": BUSY, **added}
    for name, each in found.items():
        figures |= {
            f"{name.replace(',', '').replace(' ', '_')}_{what}": round(value, 2) for what, value in each.items()
        }
    rows = [(name, counts[name], *each.values()) for name, each in found.items()]
    columns = ("portals", "count", "cpu %", "requests/min", "cpu ms/request", "p50 ms", "p95 ms", "answers")
    publish("portals", figures, columns, rows)


if __name__ == "__main__":
    main()
