"""How long the event loop is kept from everybody else while something large is done."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

_LOOK_EVERY = 0.001


@dataclass(slots=True)
class Breath:
    """The longest stretches for which nobody else had the loop, in milliseconds."""

    by_clock: float = 0.0
    """As somebody feels it who writes meanwhile; on a busy machine other programs have their share in it."""
    at_work: float = 0.0
    """What the loop's own thread worked in one stretch."""


@asynccontextmanager
async def breath() -> AsyncIterator[Breath]:
    """Measure while the block runs."""
    found = Breath()

    async def look() -> None:
        while True:
            clock, work = time.perf_counter(), time.thread_time()
            await asyncio.sleep(_LOOK_EVERY)
            found.by_clock = max(found.by_clock, (time.perf_counter() - clock - _LOOK_EVERY) * 1000)
            found.at_work = max(found.at_work, (time.thread_time() - work) * 1000)

    looking = asyncio.create_task(look())
    await asyncio.sleep(0)
    try:
        yield found
        await asyncio.sleep(2 * _LOOK_EVERY)  # so that a last stretch is seen
    finally:
        looking.cancel()
        with suppress(asyncio.CancelledError):
            await looking
