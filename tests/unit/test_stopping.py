"""A stop is heard, also when it meets the very wake-up that a loop waits for: else the service never ends."""

import asyncio
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any

import pytest

from bot.delivery import Delivery
from bot.dispatch.dispatcher import Dispatcher


class Idle:
    """A storage in which nothing waits; whoever asked to be woken is woken by hand."""

    def __init__(self) -> None:
        """Keep who wants to be woken."""
        self.wake: Callable[[], None]
        self.inbox = self.outbox = SimpleNamespace(claim=self.claim)

    async def claim(self, *_: object) -> tuple[()]:
        """Claim nothing."""
        return ()

    def on_inbox(self, wake: Callable[[], None]) -> None:
        """Remember who is to be woken."""
        self.wake = wake

    on_outbox = on_inbox


def dispatching(storage: Any) -> Awaitable[None]:
    """Run a dispatcher."""
    return Dispatcher(SimpleNamespace(house=SimpleNamespace(storage=storage))).run()  # type: ignore[arg-type]


async def _nobody_is_told(*_: object) -> None:
    """No message is lost here."""


def delivering(storage: Any) -> Awaitable[None]:
    """Run a delivery of one channel."""
    return Delivery(storage, {"telegram": SimpleNamespace()}, _nobody_is_told).run()  # type: ignore[dict-item]


@pytest.mark.parametrize("rounds", range(6))
@pytest.mark.parametrize("work", [dispatching, delivering])
async def test_a_stop_that_meets_a_wake_up(work: Callable[[Any], Awaitable[None]], rounds: int) -> None:
    """So many rounds of the loop lie between the two; the task ends in any case."""
    storage = Idle()
    task = asyncio.ensure_future(work(storage))
    for _ in range(10):
        await asyncio.sleep(0)
    storage.wake()
    for _ in range(rounds):
        await asyncio.sleep(0)
    task.cancel()
    done, _ = await asyncio.wait({task}, timeout=5)
    assert done
    assert task.cancelled()
