"""Tasks of the service: whoever dies is told once, seen by whoever asks, and begun anew."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import structlog

from bot.kept import LONGEST_PAUSE, SETTLED, Kept


class Time:
    """A clock that a rest moves on, and that lets others have a turn meanwhile."""

    def __init__(self) -> None:
        """Begin at nought."""
        self.at = 0.0
        self.rests: list[float] = []

    def __call__(self) -> float:
        """Tell the time."""
        return self.at

    async def sleep(self, seconds: float) -> None:
        """Rest."""
        self.rests.append(seconds)
        await asyncio.sleep(0)
        self.at += seconds


@pytest.fixture
def time() -> Time:
    """Give the clock."""
    return Time()


@pytest.fixture
async def kept(time: Time) -> AsyncIterator[Kept]:
    """Give what keeps tasks."""
    made = Kept(sleep=time.sleep, monotonic=time)
    yield made
    await made.stop()


def dying(times: int, alive: asyncio.Event, end: BaseException | None = None) -> Callable[[], Awaitable[None]]:
    """Return work that ends so many times, and then lives."""
    left = [times]

    async def work() -> None:
        if left[0]:
            left[0] -= 1
            if end is None:
                return
            raise end
        alive.set()
        await asyncio.Event().wait()

    return work


@pytest.mark.parametrize(
    ("end", "name"),
    [(ValueError("words of a person"), "ValueError"), (None, "ended"), (asyncio.CancelledError(), "CancelledError")],
)
async def test_a_death(kept: Kept, time: Time, end: BaseException | None, name: str) -> None:
    """However a task ends it is told once, begun anew, and counts as well when it has run for a while."""
    alive = asyncio.Event()
    with structlog.testing.capture_logs() as lines:
        kept.keep("dispatcher", dying(1, alive, end))
        await alive.wait()
    assert [("task died", "dispatcher", name)] == [(each["event"], each["task"], each["error"]) for each in lines]
    assert {"dispatcher": {"ok": False, "deaths": 1, "error": name}} == kept.facts()
    time.at += SETTLED
    assert {"dispatcher": {"ok": True, "deaths": 1, "error": name}} == kept.facts()


async def test_what_dies_again_rests_longer(kept: Kept, time: Time) -> None:
    """The pauses double up to a minute, so that a task that cannot live floods nothing."""
    alive = asyncio.Event()
    kept.keep("delivery", dying(9, alive, OSError()))
    await alive.wait()
    assert [1, 2, 4, 8, 16, 32, LONGEST_PAUSE, LONGEST_PAUSE, LONGEST_PAUSE] == time.rests


async def test_while_it_rests_it_is_down(time: Time) -> None:
    """Between a death and the next life the task is not well, and its neighbours are."""
    rest, alive = asyncio.Event(), asyncio.Event()
    resting = asyncio.Event()

    async def sleep(_: float) -> None:
        resting.set()
        await rest.wait()

    kept = Kept(sleep=sleep, monotonic=time)
    kept.keep("scheduler", dying(1, alive, OSError()))
    kept.keep("delivery", dying(0, asyncio.Event()))
    await resting.wait()
    assert [False, True] == [each["ok"] for each in kept.facts().values()]
    await kept.stop()
    assert [False, False] == [each["ok"] for each in kept.facts().values()]
