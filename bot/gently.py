"""Work on very many things at once that leaves room for others: whoever writes meanwhile is answered in a breath."""

import asyncio
import time
from collections.abc import Callable, Iterable
from typing import TypeVar

_Thing = TypeVar("_Thing")
_Made = TypeVar("_Made")
_STRETCH = 0.005
"""Seconds for which the event loop is kept in one go."""


async def gently(make: Callable[[_Thing], _Made], things: Iterable[_Thing]) -> list[_Made]:
    """Return what `make` makes of each thing, in order; after every few milliseconds everybody else has a turn."""
    made: list[_Made] = []
    began = time.perf_counter()
    for each in things:
        made.append(make(each))
        if time.perf_counter() - began > _STRETCH:
            await asyncio.sleep(0)
            began = time.perf_counter()
    return made
