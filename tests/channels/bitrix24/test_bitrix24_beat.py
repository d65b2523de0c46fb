"""The beat: what leaves when, with what, and what becomes of it when things go wrong."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from itertools import pairwise
from typing import Any

import pytest

from bot.channels.bitrix24.beat import ACTIVE_FOR, AFTER_FULL, AWAITED_FOR, IDLE, IDLEST, RESERVE, RESERVE_IDLEST, Beat
from bot.channels.bitrix24.bot import RegisteredBot
from bot.channels.bitrix24.client import Answer, BatchAnswer, Call
from bot.channels.bitrix24.errors import RestError
from bot.channels.bitrix24.fetch import EventFetch
from bot.clock import MovableClock
from bot.messages import DeliveryError
from tests.channels.bitrix24.doubles import NOW, FakeTime, MemoryInbox, payload

EVENTS = "events"


class Portal:
    """A client whose portal takes `seconds` for each command and has `events` to fetch."""

    def __init__(self, time: FakeTime) -> None:
        """Answer at once, have nothing."""
        self.time = time
        self.seconds = 0.0
        self.requests: list[tuple[float, list[str]]] = []
        self.offsets: list[int | None] = []
        self.events: list[dict[str, Any]] = []
        self.pages: list[list[dict[str, Any]]] = []
        self.fails: list[RestError] = []
        self.refuses: dict[str, RestError] = {}
        self.shown: list[str] = []
        self.batch_blocked = 0.0
        """For how long it says that `batch` rests, if it does."""

    async def call(self, method: str, params: Mapping[str, Any]) -> Answer:
        """Fetch, or show one message."""
        is_fetch = method == "imbot.v2.Event.get"
        self.requests.append((self.time.now, [EVENTS] if is_fetch else [params["say"], "alone"]))
        await self._take(1)
        if is_fetch:
            return Answer(self._fetched(params))
        if params["say"] in self.refuses:
            raise self.refuses[params["say"]]
        self.shown.append(params["say"])
        return Answer({"id": len(self.shown)})

    async def batch(self, commands: Mapping[str, Call]) -> BatchAnswer:
        """Run commands one after another."""
        words = [EVENTS if key == EVENTS else str(params["say"]) for key, (_, params) in commands.items()]
        self.requests.append((self.time.now, words))
        if self.batch_blocked:
            raise RestError("OPERATION_TIME_LIMIT", status=429, retry_after=self.batch_blocked)
        await self._take(len(commands))
        results: dict[str, Any] = {}
        errors: dict[str, RestError] = {}
        for key, (_, params) in commands.items():
            if key == EVENTS:
                results[key] = self._fetched(params)
            elif params["say"] in self.refuses:
                errors[key] = self.refuses[params["say"]]
            else:
                self.shown.append(params["say"])
                results[key] = {"id": len(self.shown)}
        return BatchAnswer(results, errors)

    async def _take(self, commands: int) -> None:
        if self.seconds:
            await self.time.sleep(self.seconds * commands)
        if self.fails:
            raise self.fails.pop(0)

    def _fetched(self, params: Mapping[str, Any]) -> Any:
        self.offsets.append(params.get("offset"))
        if self.pages:
            page = self.pages.pop(0)
            return {"events": page, "nextOffset": page[-1]["eventId"] + 1, "hasMore": bool(self.pages)}
        kept = [each for each in self.events if each["eventId"] >= params.get("offset", 0)]
        return {"events": kept, "nextOffset": kept[-1]["eventId"] + 1 if kept else None}


@asynccontextmanager
async def beating(*, fetches: bool = True) -> AsyncIterator[tuple[Beat, Portal, FakeTime, MemoryInbox]]:
    """Run a beat on the test's seconds."""
    time, inbox = FakeTime(), MemoryInbox()
    portal = Portal(time)
    beat = Beat(portal, monotonic=time.monotonic, sleep=time.sleep)
    inlet = EventFetch(bot=RegisteredBot(5120, "t", {}), realm="acme", receive=inbox, clock=MovableClock(NOW))
    life = asyncio.create_task(beat.run(inlet if fetches else None))
    await time.settle()
    try:
        yield beat, portal, time, inbox
    finally:
        stopping = asyncio.create_task(beat.stop())
        await time.passes(60)
        await stopping
        await life


def say(beat: Beat, words: str, conversation: str) -> "asyncio.Task[Any]":
    """Submit a message."""
    return asyncio.create_task(beat.submit("send", {"say": words}, conversation))


def apart(portal: Portal) -> list[float]:
    """Return the seconds between one request and the next."""
    moments = [at for at, _ in portal.requests]
    return [round(later - earlier, 6) for earlier, later in pairwise(moments)]


async def test_idle_and_active() -> None:
    """Nobody there: twelve calls a minute. Somebody there: one each second, for half a minute."""
    async with beating() as (beat, portal, time, _):
        portal.requests.clear()
        await time.passes(60)
        assert len(portal.requests) == 60 / IDLE
        beat.quicken()
        await time.passes(4)
        portal.requests.clear()
        await time.passes(25)
        assert 24 <= len(portal.requests) <= 26
        await time.passes(10)
        portal.requests.clear()
        await time.passes(60)
        assert len(portal.requests) <= 60 / IDLE + 1


async def test_somebody_looks_at_a_page() -> None:
    """As long as that is said again the portal is asked each second, at once also after hours of quiet."""
    async with beating() as (beat, portal, time, _):
        await time.passes(3 * 3600)
        portal.requests.clear()
        opened = time.now
        for _ in range(4):
            beat.quicken()
            await time.passes(ACTIVE_FOR - 5)
        asked = [at for at, _ in portal.requests]
        assert asked[0] - opened <= 1
        assert max(apart(portal)) <= 1
        assert len(asked) <= time.now - opened + 1
        await time.passes(2 * IDLE)
        portal.requests.clear()
        await time.passes(60)
        assert len(portal.requests) <= 60 / IDLE  # nobody looks any more


async def test_nobody_is_answered_later_for_a_page_that_is_open() -> None:
    """What is said leaves at once, as it does on a portal that nobody looks at."""
    async with beating() as (beat, portal, time, _):
        beat.quicken(600)
        await time.passes(60.5)
        for number in range(4):
            said = time.now
            task = say(beat, f"w{number}", str(number))
            await time.passes(0.05)
            await task
            assert portal.requests[-1][1] == [f"w{number}", EVENTS]
            assert portal.requests[-1][0] - said <= 0.05


async def test_haste_shortens_no_other() -> None:
    """A press is awaited for its minutes although something without buttons leaves meanwhile, or a page is opened."""
    async with beating() as (beat, portal, time, _):
        beat.quicken(AWAITED_FOR)
        beat.quicken()
        task = say(beat, "words", "17")
        await time.passes(AWAITED_FOR - ACTIVE_FOR)
        await task
        portal.requests.clear()
        await time.passes(ACTIVE_FOR - 5)
        assert max(apart(portal)) <= 1


async def test_haste_asks_no_portal_sooner_that_is_in_trouble() -> None:
    """A page that is open does not undo the pause after failures, nor the one behind a page that was not all."""
    async with beating() as (beat, portal, time, _):
        await time.passes(IDLE - 1)
        portal.fails = [RestError("NO_ANSWER")] * 8
        await time.passes(60)
        portal.requests.clear()
        for _ in range(30):
            beat.quicken()
            await time.passes(1)
        assert len(portal.requests) <= 2
        portal.fails = []
        await time.passes(60)
        portal.pages = [[{**payload("message"), "eventId": 70300 + n}] for n in range(3)]
        while len(portal.pages) == 3:
            await time.passes(0.1)
        portal.requests.clear()
        beat.quicken()
        await time.passes(AFTER_FULL - 0.2)
        assert portal.requests == []


async def test_idling_grows_with_quiet() -> None:
    """The advised five seconds at the least; after half an hour of quiet ten, and never more: who writes is heard."""
    async with beating() as (_, portal, time, _):
        await time.passes(12 * 60)
        assert set(apart(portal)) == {IDLE}
        await time.passes(25 * 60)
        portal.requests.clear()
        await time.passes(10 * 3600)
        assert set(apart(portal)) == {IDLEST}
        portal.events = [payload("message")]
        await time.passes(IDLEST)
        portal.requests.clear()
        await time.passes(10)
        assert max(apart(portal)) <= 1
        assert (IDLE, IDLEST) == (5, 10)


async def test_page_that_is_not_all() -> None:
    """More that waits is asked for after two seconds, as documented, also when answers leave meanwhile."""
    async with beating() as (beat, portal, time, inbox):
        await time.passes(IDLE - 1)
        portal.requests.clear()
        portal.pages = [[{**payload("message"), "eventId": 70300 + n}] for n in range(4)]
        await time.passes(1.5)
        tasks = [say(beat, "a", str(number)) for number in range(3)]
        await time.passes(8)
        await asyncio.gather(*tasks)
        fetches = [at for at, words in portal.requests if EVENTS in words]
        assert [later - earlier for earlier, later in pairwise(fetches)][:3] == [AFTER_FULL] * 3
        assert portal.pages == []
        assert AFTER_FULL >= 2
        assert len(inbox.checkpoints) == 4


async def test_reserve() -> None:
    """Where events are delivered, the queue is asked each half minute, and never by the way."""
    async with beating() as (beat, portal, time, _):
        beat.is_reserve = True
        await time.passes(IDLE)
        portal.requests.clear()
        await time.passes(120)
        assert len(portal.requests) == 120 / RESERVE
        portal.requests.clear()
        task = say(beat, "a", "1")
        await time.passes(1)
        await task
        assert [words for _, words in portal.requests] == [["a"]]


async def test_the_reserve_of_a_quiet_portal() -> None:
    """It is asked each five minutes in the end, and each half minute again after trouble and after somebody wrote."""
    async with beating() as (beat, portal, time, _):
        beat.is_reserve = True
        await time.passes(3600)
        portal.requests.clear()
        await time.passes(3600)
        assert 3600 / RESERVE_IDLEST == len(portal.requests)
        for trouble in (True, False):
            if trouble:
                portal.fails = [RestError("NO_ANSWER")]
            else:
                portal.events = [payload("message")]
            await time.passes(RESERVE_IDLEST)
            portal.requests.clear()
            portal.events = []
            await time.passes(60)
            assert 60 / RESERVE <= len(portal.requests) + 1
            await time.passes(3600)


async def test_reserve_that_is_refused() -> None:
    """A portal that delivers and does not let its queue be asked as well is in no trouble, and is seldom asked."""
    async with beating() as (beat, portal, time, _):
        await time.passes(1)
        beat.is_reserve = True
        portal.fails = [RestError("SOMETHING_NEW", status=400)] * 1000
        await time.passes(60)
        portal.requests.clear()
        await time.passes(3600)
        assert len(portal.requests) <= 6
        assert (beat.trouble, beat.reserve_refused) == (None, "SOMETHING_NEW")
        portal.fails.clear()
        await time.passes(600)
        assert beat.reserve_refused is None


async def test_webhook_mode_only_sends() -> None:
    """Without a fetch an idle portal costs nothing."""
    async with beating(fetches=False) as (beat, portal, time, _):
        await time.passes(600)
        assert portal.requests == []
        task = say(beat, "a", "1")
        await time.passes(0.1)
        assert await task == {"id": 1}
        assert [words for _, words in portal.requests] == [["a"]]


async def test_answer_leaves_at_once() -> None:
    """After a quiet time an answer does not wait for the beat, and takes the fetch along."""
    async with beating() as (beat, portal, time, _):
        await time.passes(30)
        portal.requests.clear()
        said = time.now
        task = say(beat, "hello", "17")
        await time.passes(0.1)
        assert await task == {"id": 1}
        assert portal.requests[0][1] == ["hello", EVENTS]
        assert portal.requests[0][0] - said <= 0.05


async def test_company() -> None:
    """What is said at about the same time leaves in one request."""
    async with beating() as (beat, portal, time, _):
        await time.passes(1)
        portal.requests.clear()
        tasks = [say(beat, f"w{number}", str(number)) for number in range(20)]
        await time.passes(0.1)
        await asyncio.gather(*tasks)
        assert len(portal.requests) == 1


async def test_sustained_rate() -> None:
    """A steady crowd is answered with less than one and a half requests a second."""
    async with beating() as (beat, portal, time, _):
        tasks = []
        for number in range(600):
            tasks.append(say(beat, "w", str(number)))
            await time.passes(0.1)
        assert len(portal.requests) < 1.5 * 60
        await time.passes(5)
        await asyncio.gather(*tasks)


async def test_backlog_is_split() -> None:
    """A long backlog leaves side by side, at most 50 commands a request and four requests at a time."""
    async with beating() as (beat, portal, time, _):
        portal.seconds = 0.05
        await time.passes(3)
        portal.requests.clear()
        tasks = [say(beat, f"w{number}", str(number)) for number in range(400)]
        await time.passes(0.1)
        assert 2 <= len(portal.requests) <= 4
        await time.passes(30)
        await asyncio.gather(*tasks)
        assert max(len(words) for _, words in portal.requests) <= 50
        assert sorted(portal.shown) == sorted(f"w{number}" for number in range(400))


async def test_order_in_a_conversation() -> None:
    """Words to one person are shown in the order they were said, one a request, whoever else is spoken to."""
    async with beating() as (beat, portal, time, _):
        portal.seconds = 0.3
        tasks = [say(beat, f"{who}{number}", who) for number in range(5) for who in ("a", "b")]
        await time.passes(30)
        await asyncio.gather(*tasks)
        for who in ("a", "b"):
            assert [each for each in portal.shown if each[0] == who] == [f"{who}{number}" for number in range(5)]
        for _, words in portal.requests:
            assert len({each[0] for each in words}) == len(words)


async def test_outcomes() -> None:
    """In one batch one message is shown and another refused; what was shown is not sent again."""
    async with beating() as (beat, portal, time, _):
        portal.refuses["bad"] = RestError("ACCESS_DENIED")
        good, bad = say(beat, "good", "1"), say(beat, "bad", "2")
        await time.passes(1)
        assert await good == {"id": 1}
        with pytest.raises(DeliveryError) as error:
            await bad
        assert (error.value.kind, error.value.permanent) == ("blocked", True)
        await time.passes(10)
        assert portal.shown == ["good"]


async def test_no_answer() -> None:
    """A batch that got no answer fails its messages as network trouble, to be tried again by whoever sent them."""
    async with beating() as (beat, portal, time, _):
        await time.passes(0.5)
        portal.fails = [RestError("NO_ANSWER")]
        task = say(beat, "lost", "1")
        await time.passes(1)
        with pytest.raises(DeliveryError) as error:
            await task
        assert (error.value.kind, error.value.permanent) == ("network", False)
        again = say(beat, "again", "1")
        await time.passes(1)
        assert await again == {"id": 1}


async def test_fetch_confirms_what_is_stored() -> None:
    """An offset is used only after what lies below it was stored; nothing new keeps it."""
    async with beating() as (_, portal, time, inbox):
        portal.events = [payload("message"), payload("press")]
        await time.passes(IDLE)
        assert [each.event_id for each in inbox.incomings] == ["m:88123", "e:70321"]
        assert [(each.name, each.value) for each in inbox.checkpoints] == [("bitrix24:acme:offset", "70322")]
        portal.events = []
        portal.offsets.clear()
        await time.passes(3)
        assert set(portal.offsets) == {70322}


async def test_storage_down() -> None:
    """What could not be stored is not confirmed: it comes again, and answers still leave meanwhile."""
    async with beating() as (beat, portal, time, inbox):
        await time.passes(0.1)
        inbox.fails = True
        portal.events = [payload("message")]
        await time.passes(20)
        assert beat.trouble == "NOT_STORED_OSError"
        assert set(portal.offsets) == {None}
        task = say(beat, "a", "1")
        await time.passes(1)
        assert await task == {"id": 1}
        inbox.fails = False
        await time.passes(31)
        assert [each.event_id for each in inbox.incomings] == ["m:88123"]
        assert beat.trouble is None


async def test_broken_event_blocks_nothing() -> None:
    """An event that cannot be read is passed over; what comes after it arrives."""
    async with beating() as (_, portal, time, inbox):
        broken = payload("message")
        broken["data"] = {"user": "?", "message": [1]}
        strange = {"eventId": 70330, "type": 7, "data": None}
        portal.events = [{**broken, "eventId": 70310}, payload("press"), strange]
        await time.passes(IDLE)
        assert [each.event_id for each in inbox.incomings] == ["e:70321"]
        assert inbox.checkpoints[-1].value == "70331"


async def test_fetch_backs_off() -> None:
    """A portal that is down is asked less and less often, and at once faster when it is back."""
    async with beating() as (beat, portal, time, _):
        portal.fails = [RestError("NO_ANSWER")] * 1000
        portal.requests.clear()
        await time.passes(300)
        assert len(portal.requests) <= 16
        assert beat.trouble == "NO_ANSWER"
        portal.fails.clear()
        await time.passes(31)
        assert beat.trouble is None


async def test_resting_method() -> None:
    """A method that must rest is not asked for; the sender learns for how long."""
    time = FakeTime()
    beat = Beat(Portal(time), resting=lambda _: 7.0, monotonic=time.monotonic, sleep=time.sleep)
    with pytest.raises(DeliveryError) as error:
        await beat.submit("send", {"say": "a"}, "1")
    assert (error.value.kind, error.value.retry_after) == ("rate_limit", 7.0)


async def test_stop() -> None:
    """Stopping lets a request in flight finish and fails what had not left, to be tried again."""
    async with beating() as (beat, portal, time, _):
        portal.seconds = 1.0
        gone = say(beat, "gone", "1")
        await time.passes(0.1)
        late = say(beat, "late", "1")
        await time.settle()
        stopping = asyncio.create_task(beat.stop())
        await time.passes(5)
        await stopping
        assert await gone == {"id": 1}
        with pytest.raises(DeliveryError) as error:
            await late
        assert not error.value.permanent
        with pytest.raises(DeliveryError):
            await beat.submit("send", {"say": "x"}, "1")


def of_batches(portal: Portal) -> list[list[str]]:
    """Return what was asked for in batches."""
    return [words for _, words in portal.requests if "alone" not in words and words != [EVENTS]]


async def test_while_batch_rests() -> None:
    """Nothing fails and nothing waits for it: calls go singly, the fetch in time, and no batch is tried meanwhile."""
    async with beating() as (beat, portal, time, inbox):
        await time.passes(0.5)
        portal.batch_blocked = 90.0
        portal.requests.clear()
        tasks = [say(beat, f"{number}", f"chat{number}") for number in range(30)]
        await time.passes(1)
        assert 2 == len(of_batches(portal))  # side by side, by which it was found out
        assert EVENTS in portal.requests[2][1]  # nobody is heard later for it
        assert len(portal.shown) >= 10  # one more or less: whichever of the two batches ends first
        assert [str(number) for number in range(len(portal.shown))] == portal.shown
        portal.events = [payload("message")]
        await time.passes(2.1)
        assert ["m:88123"] == [each.event_id for each in inbox.incomings]
        await time.passes(20)
        assert [{"id": number} for number in range(1, 31)] == sorted(
            [await each for each in tasks], key=lambda each: each["id"]
        )
        assert ([str(number) for number in range(30)], 1) == (portal.shown, len(of_batches(portal)) - 1)
        a_second = [sum(start <= at < start + 10 for at, _ in portal.requests) for start, _ in portal.requests]
        assert max(a_second[16:]) <= 21  # after the burst, what the portal drains: two a second
        portal.batch_blocked = 0.0
        await time.passes(70)
        more = [say(beat, f"more{number}", f"chat{number}") for number in range(5)]
        await time.passes(1)
        assert 5 == len(await asyncio.gather(*more))
        assert 5 <= len(of_batches(portal)[-1])


async def test_refused_singly() -> None:
    """A message that is refused fails alone, as in a batch, and one conversation keeps its order."""
    async with beating() as (beat, portal, time, _):
        await time.passes(0.5)
        portal.batch_blocked = 90.0
        portal.refuses["b"] = RestError("ACCESS_DENIED", status=403)
        tasks = [say(beat, words, "one") for words in "abc"]
        await time.passes(5)
        assert (["a", "c"], "blocked") == (portal.shown, tasks[1].exception().kind)  # type: ignore[union-attr]
        await asyncio.gather(tasks[0], tasks[2])


async def test_slow_calls_keep_a_place_for_the_fetch() -> None:
    """However long single calls take, one place among the requests under way is the fetch's."""
    async with beating() as (beat, portal, time, inbox):
        await time.passes(0.5)
        portal.batch_blocked, portal.seconds = 90.0, 8.0
        tasks = [say(beat, f"{number}", f"chat{number}") for number in range(12)]
        await time.passes(9)
        portal.events = [payload("message")]
        await time.passes(20)
        assert ["m:88123"] == [each.event_id for each in inbox.incomings]
        await time.passes(60)
        await asyncio.gather(*tasks)
