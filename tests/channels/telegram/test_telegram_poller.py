"""Long polling: stored first, confirmed then, and never given up."""

import asyncio
import contextlib
import itertools
from collections.abc import Iterator
from typing import Any

import pytest

from bot.channels.telegram.acknowledge import Acknowledger
from bot.channels.telegram.api import Me
from bot.channels.telegram.health import Health
from bot.channels.telegram.poller import Poller
from bot.clock import MovableClock
from bot.messages import DeliveryError
from tests.channels.telegram.doubles import NOON, FakeApi, FakeInbox, press_update, text_update

ME = Me(42, "smena_bot")


class Bench:
    """A poller on doubles; pauses take no time and are remembered."""

    def __init__(self, *batches: list[Any] | DeliveryError, bot: str = "42", offset: str = "5") -> None:
        """Have the bot been known before, with that offset."""
        self.api = FakeApi(list(batches))
        self.inbox = FakeInbox()
        self.inbox.secrets["telegram:bot"] = bot
        self.inbox.checkpoints["telegram:offset"] = offset
        self.health = Health(MovableClock(NOON))
        self.pauses: list[float] = []
        self.errors: list[str | None] = []
        self.ticks: Iterator[int] = itertools.repeat(0)

    async def _pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.errors.append(self.health.facts()["error"])
        await asyncio.sleep(0)

    async def _opened(self) -> FakeApi:
        return self.api

    async def run(self) -> None:
        """Poll until there is nothing more."""
        acknowledger = Acknowledger(self._opened)
        poller = Poller(
            self.api,
            ME,
            receive=self.inbox.receive,
            vault=self.inbox,
            clock=MovableClock(NOON),
            health=self.health,
            acknowledger=acknowledger,
            pause=self._pause,
            monotonic=lambda: float(next(self.ticks)),
        )
        running = asyncio.create_task(poller.run())
        async with asyncio.timeout(10):
            await self.api.exhausted.wait()
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running
        await acknowledger.close()


async def test_what_is_stored_is_confirmed() -> None:
    """The next poll confirms what the commit before it has stored, and the offset is in that commit."""
    bench = Bench([text_update(5, "a"), text_update(6, "b")])
    await bench.run()
    assert list(bench.inbox.stored) == ["5", "6"]
    assert bench.api.offsets == [5, 7]
    assert bench.inbox.checkpoints["telegram:offset"] == "7"


async def test_what_is_not_stored_comes_again() -> None:
    """A commit that fails leaves the offset where it was."""
    bench = Bench([text_update(5, "a")], [text_update(5, "a")])
    bench.inbox.failures_left = 1
    await bench.run()
    assert bench.api.offsets == [5, 5, 6]
    assert list(bench.inbox.stored) == ["5"]
    assert bench.errors == ["what Telegram sends cannot be stored (OSError)"]
    assert bench.health.facts()["ok"]


async def test_a_press_is_answered_after_it_is_stored() -> None:
    """Nothing is acknowledged that could still be lost."""
    bench = Bench([press_update(5, "a:1")], [press_update(5, "a:1")])
    bench.inbox.failures_left = 1
    await bench.run()
    assert bench.api.calls == [("answer", "q5")]


async def test_an_answer_that_fails_is_left() -> None:
    """A query that is too old does not stop anything."""
    bench = Bench([press_update(5, "a:1")], [press_update(6, "a:2")])
    bench.api.errors["answer"] = [DeliveryError("rejected", permanent=True, detail="query is too old")]
    await bench.run()
    assert bench.api.calls == [("answer", "q5"), ("answer", "q6")]
    assert bench.pauses == []


async def test_what_concerns_nobody_moves_the_offset() -> None:
    """Updates that mean nothing are confirmed too."""
    bench = Bench([{"update_id": 8, "poll": {}}])
    await bench.run()
    assert bench.api.offsets == [5, 9]
    assert bench.inbox.checkpoints["telegram:offset"] == "9"


async def test_ids_that_begin_anew_are_followed() -> None:
    """After a week of silence Telegram may go on with lower ids."""
    bench = Bench([text_update(900, "a")], [text_update(20, "b")])
    await bench.run()
    assert bench.api.offsets == [5, 901, 21]


async def test_what_has_no_id_is_left_out_slowly() -> None:
    """A server that sends nonsense is not asked without a pause."""
    bench = Bench([{"message": {}}])
    await bench.run()
    assert bench.pauses == [1.0]
    assert bench.api.offsets == [5, 5]


async def test_another_bot_begins_anew() -> None:
    """Offsets are each bot's own."""
    bench = Bench(bot="41")
    await bench.run()
    assert bench.api.offsets == [0]
    assert bench.inbox.secrets["telegram:bot"] == "42"


FAILURES = [
    ("network", None, (0.4, 0.5), "Telegram cannot be reached (x)"),
    ("server", None, (0.4, 0.5), "Telegram has a failure (x)"),
    ("rate_limit", 9.0, (9.0, 9.0), "Telegram asks for a pause (x)"),
    ("credentials", None, (60.0, 60.0), "Telegram refuses the token: check TELEGRAM_BOT_TOKEN (x)"),
    ("conflict", None, (15.0, 15.0), "another program receives this bot's updates (x)"),
]


@pytest.mark.parametrize(("kind", "retry_after", "between", "said"), FAILURES)
async def test_a_failure_is_told_and_got_over(
    kind: str, retry_after: float | None, between: tuple[float, float], said: str
) -> None:
    """Health names the trouble in words, the poller waits as long as fits the kind, and goes on."""
    bench = Bench(DeliveryError(kind, permanent=False, retry_after=retry_after, detail="x"), [text_update(5, "a")])
    await bench.run()
    assert [said] == bench.errors
    assert between[0] <= bench.pauses[0] <= between[1]
    assert list(bench.inbox.stored) == ["5"]
    assert {"ok": True, "last_success": NOON.timestamp(), "error": None, "why": None} == bench.health.facts()


async def test_pauses_grow_up_to_a_cap() -> None:
    """A messenger that is down for long is asked every quarter of a minute."""
    bench = Bench(*[DeliveryError("network", permanent=False) for _ in range(9)])
    await bench.run()
    assert 12.0 <= bench.pauses[-1] <= 15.0
    assert bench.pauses[0] < bench.pauses[2] < bench.pauses[4]


async def test_a_server_that_does_not_hold_the_poll() -> None:
    """Empty answers that come at once do not make the poller spin."""
    bench = Bench([], [], [])
    await bench.run()
    assert [1.0, 1.0, 1.0] == bench.pauses


async def test_a_quiet_chat_is_polled_again_at_once() -> None:
    """An empty answer at the end of its time is how a long poll ends."""
    bench = Bench([], [text_update(5, "a")])
    bench.ticks = itertools.count(0, 25)
    await bench.run()
    assert [] == bench.pauses


async def test_a_server_that_takes_no_notice_of_the_offset() -> None:
    """The same update again and again is stored once, and asked for slowly."""
    bench = Bench(*[[text_update(5, "a")]] * 3)
    await bench.run()
    assert ([1.0, 1.0], ["5"]) == (bench.pauses, list(bench.inbox.stored))
