"""A process that calls every portal of a database at once, each by a token that has expired: once, and how it ended."""

import asyncio
import json
import sys
import time
from typing import Any

import aiohttp

from bot.channels.bitrix24.client import Client
from bot.channels.bitrix24.errors import RestError
from bot.channels.bitrix24.limiter import Limiter
from bot.channels.bitrix24.oauth import AuthorisationServers
from bot.channels.bitrix24.tokens import KeptTokens, StoredCredentials
from bot.clock import SystemClock
from bot.logs import set_up
from storage import open_storage

WIDTH = 64
"""Calls under way at a time, as of beats and of turns together."""


async def _nothing(*_: Any) -> None:
    """Take note of nothing."""


async def main(url: str, port: int, count: int, start_at: float) -> None:
    """Call them. What is logged goes elsewhere than the figures, which are read line by line."""
    set_up("info", "json")
    storage = await open_storage(url, secret_key="s" * 40)
    await storage.start()
    clock, room = SystemClock(), asyncio.Semaphore(WIDTH)
    took: list[float] = []
    failures: dict[str, int] = {}
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        servers = AuthorisationServers(
            "local.abc.1", "secret", f"127.0.0.1:{port}", lambda: session, clock, allow_local=True
        )
        tokens = KeptTokens(storage.grants, servers, clock, trouble=_nothing, moved=_nothing)

        async def call(key: str) -> None:
            async with room:
                began = time.perf_counter()
                try:
                    await Client(StoredCredentials(key, tokens), Limiter(), session, clock).call("profile", {})
                except RestError as error:
                    failures[error.code] = failures.get(error.code, 0) + 1
                took.append(time.perf_counter() - began)

        await asyncio.sleep(max(start_at - time.time(), 0))
        began = time.perf_counter()
        await asyncio.gather(*(call(f"used{number}") for number in range(count)))
        seconds = time.perf_counter() - began
        await tokens.close()
    await storage.close()
    took.sort()
    figures = {"seconds": seconds, "p95": took[int(len(took) * 0.95)], "calls": len(took), "failures": failures}
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])))
