"""Waiting for something to become true, by looking again and again: what is waited for happens in another program."""

import asyncio
import time
from collections.abc import Awaitable, Callable


async def until(is_so: Callable[[], bool], seconds: float, pause: float = 0.05) -> bool:
    """Return whether it became true within so many seconds."""

    async def look() -> bool:
        return is_so()

    return await until_told(look, seconds, pause)


async def until_told(is_so: Callable[[], Awaitable[bool]], seconds: float, pause: float = 0.05) -> bool:
    """Return whether it became true within so many seconds, asking somebody who has to think about it."""
    limit = time.monotonic() + seconds
    while True:
        if await is_so():
            return True
        if time.monotonic() >= limit:
            return False
        await asyncio.sleep(pause)
