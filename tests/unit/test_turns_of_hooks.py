"""Who is told when: hooks take turns where room is short, and one that takes nothing has little of it."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from bot.clock import MovableClock
from bot.domain.automation.happening import Happening, HappeningType
from bot.domain.automation.webhook import SILENT_FOR, DeliveryState, Detail, Webhook, new_secret
from bot.hooks import OF_A_FAILING_ONE, OF_ONE, WIDTH, HookSender
from bot.ports.happenings import Claimed, Stands
from tests.people import MONDAY


@dataclass
class Waiting:
    """Messages that wait for hooks, as a database hands them out; each is about an object of its own."""

    clock: MovableClock
    hooks: dict[int, Webhook] = field(default_factory=dict)
    left: Counter[int] = field(default_factory=Counter)
    stood: list[Stands] = field(default_factory=list)
    wakes: list[Callable[[], None]] = field(default_factory=list)
    ids: Iterator[int] = field(default_factory=count)
    type: HappeningType = HappeningType.DAY_CHANGED

    def add(self, number: int, messages: int, failing_since: datetime | None = None) -> None:
        """Have so many messages wait for a hook."""
        self.hooks[number] = Webhook(
            number, 1, f"hook {number}", f"https://hook{number}.example.com/", frozenset(), Detail.IDS, new_secret(),
            MONDAY, 7, failing_since=failing_since,
        )  # fmt: skip
        self.left[number] = messages

    def on_hooks(self, wake: Callable[[], None]) -> None:
        """Wake whoever sends."""
        self.wakes.append(wake)

    async def due(self) -> Sequence[Webhook]:
        """Return the hooks for which something waits."""
        return [each for number, each in self.hooks.items() if self.left[number]]

    async def claim(self, hook: Webhook, limit: int) -> Sequence[Claimed]:
        """Hand out what waits for one."""
        given = min(limit, self.left[hook.id])
        self.left[hook.id] -= given
        ids = [next(self.ids) for _ in range(given)]
        made = [Happening(each, 1, self.type, f"day:{each}", 7, MONDAY, {}) for each in ids]
        return [Claimed(hook, each, 1) for each in made]

    async def stand(self, ended: Sequence[Stands], at: datetime) -> None:
        """Keep what became of messages; a hook that took one fails no more."""
        self.stood += ended
        for each in ended:
            hook = self.hooks[each.claimed.hook.id]
            since = None if each.state is DeliveryState.DONE else hook.failing_since or at
            self.hooks[hook.id] = replace(hook, failing_since=since)


class Line:
    """What leads to receivers: each message is under way until it is answered."""

    def __init__(self) -> None:
        """Begin with nothing under way."""
        self.under_way: Counter[str] = Counter()
        self.told: Counter[str] = Counter()
        self.answers: dict[str, asyncio.Queue[int]] = {}

    def post(self, url: str, **_: Any) -> Any:
        """Send a message."""
        return self._sent(url)

    @asynccontextmanager
    async def _sent(self, url: str) -> AsyncIterator[Any]:
        self.under_way[url] += 1
        self.told[url] += 1
        try:
            status = await self.answers.setdefault(url, asyncio.Queue()).get()
            yield Answer(status)
        finally:
            self.under_way[url] -= 1

    def answer(self, number: int, status: int, times: int = 1) -> None:
        """Have a receiver answer some of what is under way to it."""
        for _ in range(times):
            self.answers.setdefault(url_of(number), asyncio.Queue()).put_nowait(status)

    async def close(self) -> None:
        """End."""


@dataclass(frozen=True)
class Answer:
    """What a receiver says."""

    status: int


def url_of(number: int) -> str:
    """Return the address of a hook."""
    return f"https://hook{number}.example.com/"


async def until(holds: Callable[[], bool]) -> None:
    """Let the sender work until it is so."""
    async with asyncio.timeout(10):
        while not holds():
            await asyncio.sleep(0)


async def rests() -> None:
    """Let the sender do all that it would do now."""
    for _ in range(200):
        await asyncio.sleep(0)


class Stops(list[tuple[int, str]]):
    """Which hooks were switched off, and why."""

    async def stop(self, hook: Webhook, why: Any, _: datetime) -> None:
        """Note one."""
        self.append((hook.id, why.value))


@dataclass
class Sending:
    """The sender, what waits for it and where it leads."""

    waiting: Waiting
    line: Line
    stops: Stops


@asynccontextmanager
async def sending(waiting: Waiting, noted: Callable[[Stands], None] = lambda _: None) -> AsyncIterator[Sending]:
    """Have what waits sent meanwhile; `noted` is told of each outcome of a request."""
    line, stops = Line(), Stops()

    async def nothing(*_: Any) -> dict[str, Any]:
        return {}

    async def outcome(ended: Stands, _: datetime) -> None:
        noted(ended)

    storage: Any = Stored(waiting)
    http: Any = lambda: line  # noqa: E731 - stands for a session
    sender = HookSender(storage, waiting.clock, http, render=nothing, stop=stops.stop, outcome=outcome, patience=3600)
    task = asyncio.create_task(sender.run())
    try:
        yield Sending(waiting, line, stops)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


class Stored:
    """Stands for the storage: of it the sender needs the queue of hooks alone."""

    def __init__(self, waiting: Waiting) -> None:
        """Take the queue."""
        self.hooks = waiting
        self.on_hooks = waiting.on_hooks


async def test_where_room_is_short_nobody_is_always_last() -> None:
    """More wait than is sent at once: who got nothing yet is given the room that the first ones leave."""
    waiting = Waiting(MovableClock(MONDAY))
    first, last = range(WIDTH // OF_ONE), range(WIDTH // OF_ONE, WIDTH // OF_ONE + 3)
    for number in (*first, *last):
        waiting.add(number, 10 * OF_ONE)
    async with sending(waiting) as all_:
        await until(lambda: all_.line.under_way.total() == WIDTH)
        assert {url_of(each): OF_ONE for each in first} == dict(all_.line.under_way)
        for number in last:
            all_.line.answer(number - len(first), 204, OF_ONE)
            await until(lambda number=number: all_.line.under_way[url_of(number)] == OF_ONE)
        assert WIDTH == all_.line.under_way.total()
        # Everybody has had something: now it is the turn of those who had it longest ago.
        for number in (*last, *first[3:6]):
            all_.line.answer(number, 204, OF_ONE)
        await until(lambda: all(all_.line.told[url_of(each)] == 2 * OF_ONE for each in range(3)))


async def test_one_that_takes_nothing_has_two_under_way() -> None:
    """However much waits for it; once it takes something again, it has as much room as others."""
    waiting = Waiting(MovableClock(MONDAY))
    waiting.add(1, 200, failing_since=MONDAY)
    waiting.add(2, 200)
    async with sending(waiting) as all_:
        await until(lambda: all_.line.under_way[url_of(2)] == OF_ONE)
        await rests()
        assert OF_A_FAILING_ONE == all_.line.under_way[url_of(1)] == 2
        waiting.clock.move_to(MONDAY + timedelta(hours=1))
        all_.line.answer(1, 503, 2)
        await until(lambda: all_.line.told[url_of(1)] == 4)
        await rests()
        assert 2 == all_.line.under_way[url_of(1)]
        all_.line.answer(1, 204, 2)
        await until(lambda: all_.line.under_way[url_of(1)] == OF_ONE)
        assert [] == all_.stops


async def test_one_that_begins_to_fail_gets_no_more_than_two() -> None:
    """What is under way to it already ends; behind that two at a time are tried."""
    waiting = Waiting(MovableClock(MONDAY))
    waiting.add(1, 200)
    async with sending(waiting) as all_:
        await until(lambda: all_.line.under_way[url_of(1)] == OF_ONE)
        all_.line.answer(1, 500, OF_ONE)
        await until(lambda: all_.line.told[url_of(1)] >= OF_ONE + 2 and all_.line.under_way[url_of(1)] == 2)
        await rests()
        assert OF_ONE + 2 == all_.line.told[url_of(1)]
        waiting.clock.move_to(MONDAY + SILENT_FOR)
        all_.line.answer(1, 500, 2)
        await until(lambda: bool(all_.stops))
        assert {(1, "silent")} == set(all_.stops)


async def test_an_outcome_that_cannot_be_noted_holds_up_no_other() -> None:
    """It is left, and it alone: what became of all other messages is written down."""
    waiting = Waiting(MovableClock(MONDAY), type=HappeningType.REQUEST_OUTCOME)
    waiting.add(1, 3)
    held: list[Stands] = []

    def noted(ended: Stands) -> None:
        if not held:
            held.append(ended)
        if ended.claimed.happening.id == held[0].claimed.happening.id:
            raise RuntimeError("no")

    async with sending(waiting, noted) as told:
        await until(lambda: told.line.under_way[url_of(1)] == 3)
        told.line.answer(1, 200, times=3)
        await until(lambda: len(waiting.stood) == 2)
        assert held[0].claimed.happening.id not in {each.claimed.happening.id for each in waiting.stood}
