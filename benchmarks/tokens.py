"""Thousands of tokens that expired within one minute, used at once by two processes on one database.

Every call is to succeed at its second try, with one renewal a token, and none of a token that nobody uses. The
authorisation server and the portals are a process of their own, in which a refresh token works once: a second renewal
of one would be refused, and counted.
"""

import asyncio
import json
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.report import as_in_production, publish
from benchmarks.size import size
from bot.domain.installation import Grant, Installation, InstallationState, Purpose, TokenPair
from bot.domain.portal import Portal
from bot.ids import new_id
from storage import open_storage

USED = size(5_000, 20)
UNUSED = size(500, 5)
PROCESSES = 2
_PAGE = 500
_START_IN = size(6, 3)
"""Seconds until the processes begin, both at one time."""


async def _filled(url: str, port: int) -> None:
    """Store the installations, each with a pair that has expired."""
    storage = await open_storage(url, secret_key="s" * 40)
    await storage.start()
    names = [*(f"used{number}" for number in range(USED)), *(f"idle{number}" for number in range(UNUSED))]
    now = datetime.now(UTC)
    try:
        for begin in range(0, len(names), _PAGE):
            async with storage.unit_of_work() as unit:
                for name in names[begin : begin + _PAGE]:
                    portal = Portal(new_id(), name, name)
                    unit.portals.add(portal)
                    unit.installations.put(_installation(portal.id, f"http://127.0.0.1:{port}/rest/{name}/", port, now))
                    unit.installations.name_company(portal.id, name)
                    pair = TokenPair(f"old.{name}", f"{name}.0", now - timedelta(seconds=30))
                    unit.installations.keep(Grant(portal.id, "17", frozenset({Purpose.INSTALLER}), pair, now))
                await unit.commit()
    finally:
        await storage.close()


def _installation(portal_id: int, endpoint: str, port: int, now: datetime) -> Installation:
    scope = frozenset({"im", "imbot", "user_brief"})
    state, oauth_host = InstallationState.ACTIVE, f"127.0.0.1:{port}"
    return Installation(portal_id, state, "token", oauth_host, endpoint, scope, "L", "1", "17", now)


async def _process(*command: str, feed: bool = False) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", *command, stdin=asyncio.subprocess.PIPE if feed else None, stdout=asyncio.subprocess.PIPE
    )


async def _line(process: asyncio.subprocess.Process) -> dict[str, Any]:
    assert process.stdout is not None
    found: dict[str, Any] = json.loads(await process.stdout.readline())
    return found


async def _measured(folder: Path) -> tuple[dict[str, Any], Sequence[dict[str, Any]]]:
    """Return what the server saw, and how each process fared."""
    url = f"sqlite:///{folder / 'tokens.db'}"
    server = await _process("benchmarks.fake_authority", feed=True)
    port = (await _line(server))["port"]
    await _filled(url, port)
    start_at = str(time.time() + _START_IN)
    command = ("benchmarks.token_worker", url, str(port), str(USED), start_at)
    workers = [await _process(*command) for _ in range(PROCESSES)]
    fared = [await _line(each) for each in workers]
    for each in workers:
        await each.wait()
    assert server.stdin is not None
    server.stdin.write(b"end\n")
    seen = await _line(server)
    await server.wait()
    return seen, fared


def main() -> None:
    """Measure it."""
    with TemporaryDirectory(prefix="smena-bench-") as folder, as_in_production(Path(folder)):
        seen, fared = asyncio.run(_measured(Path(folder)))
    failures = sum(sum(each["failures"].values()) for each in fared)
    figures = {
        "tokens": USED,
        "unused": UNUSED,
        "calls": sum(each["calls"] for each in fared),
        "calls_failed": failures,
        "renewals": seen["renewals"],
        "most_renewals_of_one": seen["most_of_one"],
        "renewals_of_unused": seen["unused_renewed"],
        "renewals_refused": seen["refused"],
        "seconds": round(max(each["seconds"] for each in fared), 2),
        "p95_ms": round(max(each["p95"] for each in fared) * 1000),
    }
    rows = [
        (
            f"process {number}",
            each["calls"],
            each["failures"] or "none",
            round(each["seconds"], 2),
            round(each["p95"] * 1000),
        )
        for number, each in enumerate(fared, 1)
    ]
    publish("tokens", figures, ("tokens", "calls", "failed", "seconds", "p95 ms"), rows)


if __name__ == "__main__":
    main()
