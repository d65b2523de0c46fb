"""The pace of sending, on a clock that only a test moves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.limiter import BURST, CHAT_BURST, PER_SECOND, Limiter
from bot.messages import DeliveryError


class Watch:
    """A monotonic clock that sleeping moves."""

    def __init__(self) -> None:
        """Start at 1000."""
        self.at = 1000.0

    def now(self) -> float:
        """Return the time."""
        return self.at

    async def sleep(self, seconds: float) -> None:
        """Move forward."""
        self.at += seconds


@given(st.lists(st.integers(1, 60), min_size=40, max_size=200))
async def test_never_more_than_the_limits(chats: list[int]) -> None:
    """In any second at most 30 and the burst pass, and of one chat one and the burst."""
    watch = Watch()
    limiter = Limiter(watch.now, watch.sleep)
    passed: list[tuple[float, int]] = []
    for chat in chats:
        try:
            await limiter.turn(chat)
        except DeliveryError as error:
            await watch.sleep(error.retry_after or 0)
            await limiter.turn(chat)
        passed.append((watch.at, chat))
    for start, who in passed:
        second = [chat for at, chat in passed if start <= at < start + 0.999]
        assert len(second) <= PER_SECOND + BURST
        assert second.count(who) <= 1 + CHAT_BURST


async def test_a_short_burst_to_a_chat_does_not_wait() -> None:
    """An answer of a few messages comes at once; then it is one a second."""
    watch = Watch()
    limiter = Limiter(watch.now, watch.sleep)
    for _ in range(CHAT_BURST):
        await limiter.turn(1)
    assert watch.at == 1000.0
    await limiter.turn(1)
    assert pytest.approx(watch.at) == 1001.0


async def test_edits_do_not_use_up_the_chat() -> None:
    """The day card changes while messages come."""
    watch = Watch()
    limiter = Limiter(watch.now, watch.sleep)
    for _ in range(BURST):
        await limiter.turn(1, is_edit=True)
    assert watch.at == 1000.0


async def test_a_chat_that_waits_holds_up_no_other() -> None:
    """One chat's queue is its own."""
    watch = Watch()
    limiter = Limiter(watch.now, watch.sleep)
    limiter.refused(1, 30)
    with pytest.raises(DeliveryError) as caught:
        await limiter.turn(1)
    assert (caught.value.kind, caught.value.permanent, caught.value.retry_after) == ("rate_limit", False, 30.0)
    with pytest.raises(DeliveryError):
        await limiter.turn(1, is_edit=True)
    await limiter.turn(2)
    assert watch.at == 1000.0


async def test_several_refused_chats_pause_the_bot() -> None:
    """When Telegram refuses chat after chat, it means the bot."""
    watch = Watch()
    limiter = Limiter(watch.now, watch.sleep)
    limiter.refused(1, 3)
    limiter.refused(2, 4)
    await limiter.turn(3)
    assert pytest.approx(watch.at) == 1004.0


async def test_a_pause_ends() -> None:
    """After `retry_after` the chat is as before."""
    watch = Watch()
    limiter = Limiter(watch.now, watch.sleep)
    limiter.refused(1, 30)
    await watch.sleep(30)
    await limiter.turn(1)
    await limiter.turn(1, is_edit=True)
    assert pytest.approx(watch.at) == 1030.0
