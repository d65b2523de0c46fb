"""The bucket, the pauses and the pace, on seconds that the test lets pass."""

import asyncio

from bot.channels.bitrix24.limiter import Limiter
from tests.channels.bitrix24.doubles import FakeTime


def limiter_of(time: FakeTime) -> Limiter:
    """Return a limiter on the test's seconds."""
    return Limiter(monotonic=time.monotonic, sleep=time.sleep)


async def test_burst_then_drain() -> None:
    """Forty requests leave at once, then two a second: ten below what the portal allows."""
    time = FakeTime()
    limiter = limiter_of(time)
    gone: list[float] = []

    async def request() -> None:
        await limiter.turn()
        gone.append(time.now)

    tasks = [asyncio.create_task(request()) for _ in range(50)]
    await time.passes(0)
    assert len(gone) == 40
    await time.passes(3)
    assert len(gone) == 46
    await time.passes(2)
    assert len(gone) == 50
    await asyncio.gather(*tasks)


async def test_back_off_grows() -> None:
    """Each refusal in a row makes everybody wait longer; a success forgets them."""
    time = FakeTime()
    limiter = limiter_of(time)
    assert [limiter.refused() for _ in range(7)] == [1, 2, 4, 8, 16, 30, 30]
    assert limiter.delay() == 30
    limiter.accepted()
    await time.passes(30)
    assert (limiter.refused(), limiter.refused(7)) == (1, 7)


async def test_operating() -> None:
    """A method that has used up its execution time rests until that is forgotten, other methods do not."""
    time = FakeTime()
    limiter = limiter_of(time)
    limiter.used("a", 449, 100)
    assert limiter.resting("a") == 0
    limiter.used("a", 451, 100)
    assert (limiter.resting("a"), limiter.resting("b")) == (100, 0)
    await time.passes(100)
    assert limiter.resting("a") == 0
