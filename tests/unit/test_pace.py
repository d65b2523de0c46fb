"""Work on very many things leaves room for others, and makes of each what it would have made anyway."""

import asyncio
from contextlib import suppress

import pytest

from bot.gently import gently


async def test_others_have_a_turn() -> None:
    """While half a million things are made, somebody else runs again and again; nothing is lost or out of order."""
    turns = 0

    async def another() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    running = asyncio.create_task(another())
    made = await gently(lambda each: each * 2, range(500_000))
    assert list(range(0, 1_000_000, 2)) == made
    assert turns > 3
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def test_a_failure_is_the_callers() -> None:
    """What cannot be made is heard of at once."""
    with pytest.raises(ZeroDivisionError):
        await gently(lambda each: 1 // each, [1, 0, 2])
    assert [] == await gently(str, [])
