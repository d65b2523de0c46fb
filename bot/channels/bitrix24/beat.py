"""The heart of the channel: what waits to be sent leaves in batches, and the fetch of new events rides along.

The numbers, and why they are what they are:

* While somebody talks with the bot there is a request at least each second (`ACTIVE`), half of what the portal allows.
  When nobody does, the documents advise 5 to 30 seconds: it is five (`IDLE`) for a quarter of an hour, then ever more,
  up to ten (`IDLEST`) after half an hour. Longer would spare the portal little (six calls a minute against two) and
  would let whoever writes first in the morning wait for longer than anybody waits for an answer.
* Whoever was shown buttons may press one while nobody writes: for three minutes (`AWAITED_FOR`) that counts as talk, as
  does a page of ours that somebody of the portal has open, which says so again each time it shows that it is there.
* A page that was not all that waits is followed by the next one after two seconds (`AFTER_FULL`), as documented.
* Where events are delivered by webhook, the queue is only asked for what delivery has missed: each half minute
  (`RESERVE`) for a few minutes after a start, after trouble and after people talked, then ever less, each five minutes
  (`RESERVE_IDLEST`) after half an hour of quiet.
* What waits leaves at once as long as the pace permits: five requests in a row after a quiet time, then 1.15 a
  second. A single person is so answered without waiting for a beat, and a crowd is answered in full batches.
* A batch's commands run one after another. Beyond 25 they are split over up to four requests side by side, and a
  backlog that no single batch could hold uses the room that the portal's bucket has.
* The fetch is the last command of its batch, so that it sees what was said while the answers were being shown.
* Within one conversation a command waits until the former one was answered.
* `batch` has a time of execution of its own. While it has used that up, commands are called singly, for each method has
  its own as well: the fetch first, each two seconds and with a place kept for it among the requests under way, the rest
  at 1.4 a second after ten at once, which together stays below the two that drain. What a refused batch held has not
  been run, and goes on singly at once.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from itertools import count as counted
from typing import Any, Protocol

import structlog

from bot.channels.bitrix24.client import BATCH, BATCH_LIMIT, Answer, BatchAnswer, Call
from bot.channels.bitrix24.errors import OPERATION_LIMIT, RestError, delivery_error
from bot.channels.bitrix24.limiter import Sleep
from bot.channels.pace import Pace
from bot.messages import DeliveryError

ACTIVE = 1.0
ACTIVE_FOR = 30.0
AWAITED_FOR = 180.0
IDLE = 5.0
IDLEST = 10.0
SLOWING = 180.0
"""Seconds of quiet that make a second of idling, between the shortest and the longest."""
AFTER_FULL = 2.0
RESERVE = 30.0
RESERVE_IDLEST = 300.0
RESERVE_SLOWING = 6.0
REFUSED = 600.0
PACE_RATE = 1.15
PACE_BURST = 5.0
PACE_DEBT = 2.0
"""Requests out of step that the next ones make up for."""
GATHER = 0.03
"""Seconds that the first waiting command waits for company."""
MOMENT = 0.001
"""The shortest sleep: a rounding error of the clock must not become a busy loop."""
SINGLE_RATE = 1.4
SINGLE_BURST = 10.0
SINGLE_FETCH = 2.0
RESTS = 60.0
"""Seconds that `batch` rests where the portal does not say for how long."""
SPLIT_ABOVE = 25
MAX_IN_FLIGHT = 4
MAX_BATCH_CHARACTERS = 200_000
LONGEST_BACK_OFF = 30.0
_EVENTS = "events"

log = structlog.get_logger(__name__)


class Caller(Protocol):
    """The part of the client that the beat uses."""

    async def call(self, method: str, params: Mapping[str, Any]) -> Answer:
        """Call a method."""
        ...

    async def batch(self, commands: Mapping[str, Call]) -> BatchAnswer:
        """Run commands one after another."""
        ...


class Inlet(Protocol):
    """The part of the fetch that the beat uses; `has_more` tells that the last page was not all that waits."""

    has_more: bool

    def command(self) -> Call:
        """Return the call that asks for events."""
        ...

    async def store(self, result: Any) -> int:
        """Store what it returned; returns how many events there were."""
        ...


class _Waiting:
    """A command that waits for its batch."""

    __slots__ = ("call", "conversation", "done", "number", "since")

    def __init__(self, call: Call, conversation: str, since: float, number: int) -> None:
        self.call = call
        self.conversation = conversation
        self.since = since
        self.number = number
        self.done: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

    def fail(self, error: DeliveryError) -> None:
        if not self.done.done():
            self.done.set_exception(error)

    @property
    def size(self) -> int:
        return 400 + len(str(self.call[1]))


class Beat:
    """Sends what was submitted and fetches what is new, until stopped."""

    def __init__(
        self,
        client: Caller,
        *,
        resting: Callable[[str], float] = lambda _method: 0.0,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        """Begin with nothing to fetch. `resting` tells for how long a method may not be asked for."""
        self._client = client
        self._resting = resting
        self._monotonic = monotonic
        self._sleep = sleep
        self.pace = Pace(PACE_RATE, PACE_BURST, debt=PACE_DEBT)
        """The step in which requests leave; files keep it as well."""
        self._singles = Pace(SINGLE_RATE, SINGLE_BURST)
        self._batch_rests_until = float("-inf")
        self._numbers = counted()
        self._waiting: deque[_Waiting] = deque()
        self._busy: set[str] = set()
        self._flights: set[asyncio.Task[None]] = set()
        self._wake = asyncio.Event()
        self._inlet: Inlet | None = None
        self._is_fetching = False
        self._fetch_at = 0.0
        self._fetch_from = float("-inf")
        self._fetched_at = float("-inf")
        self._fetch_failures = 0
        self._active_until = monotonic()
        self._is_stopping = False
        self.trouble: str | None = None
        """Why the last fetch failed; None after one that went well."""
        self.is_reserve = False
        """Whether the fetch is only there for what delivery by webhook has missed."""
        self.reserve_refused: str | None = None
        """The code by which a portal that delivers refuses to be asked for events as well; that is no trouble."""

    async def submit(self, method: str, params: Mapping[str, Any], conversation: str) -> Any:
        """Have a command run in a batch; returns its result or raises DeliveryError."""
        if self._is_stopping:
            raise _stopping()
        if (rest := self._resting(method)) > 0:
            raise DeliveryError("rate_limit", permanent=False, retry_after=rest, detail=OPERATION_LIMIT)
        waiting = _Waiting((method, params), conversation, self._monotonic(), next(self._numbers))
        self._waiting.append(waiting)
        self._wake.set()
        return await waiting.done

    def fail_waiting(self, error: DeliveryError) -> None:
        """Fail what waits, because it cannot be sent now."""
        while self._waiting:
            self._waiting.popleft().fail(error)

    def quicken(self, seconds: float = ACTIVE_FOR) -> None:
        """Beat faster for so many seconds at the least, from the next beat on: somebody is there."""
        self._active_until = max(self._active_until, self._monotonic() + seconds)
        if not self.is_reserve and not self._fetch_failures:
            self._fetch_at = min(self._fetch_at, max(self._fetched_at + self._interval(), self._fetch_from))
        self._wake.set()

    def fetch_by(self, inlet: Inlet | None) -> None:
        """Fetch from now on, or no more."""
        self._inlet = inlet
        self._fetch_at = self._monotonic()
        self._wake.set()

    async def run(self, inlet: Inlet | None) -> None:
        """Beat until stopped; with an inlet also fetch."""
        if inlet is not None:
            self.fetch_by(inlet)
        while not self._is_stopping:
            delay = self._delay()
            if delay > 0:
                await self._nap(max(delay, MOMENT))
            else:
                self._launch()

    async def stop(self, patience: float = 10.0) -> None:
        """Launch nothing more, let requests in flight finish, and fail what still waits."""
        self._is_stopping = True
        self._wake.set()
        if self._flights:
            await asyncio.wait(self._flights, timeout=patience)
        for flight in list(self._flights):
            flight.cancel()
        await asyncio.gather(*self._flights, return_exceptions=True)
        self.fail_waiting(_stopping())

    # When

    def _delay(self) -> float:
        """Return the seconds until there is something to do; infinity when only a wake-up can bring it."""
        now = self._monotonic()
        self._waiting = deque(each for each in self._waiting if not each.done.done())
        return min(self._fetch_delay(now), self._send_delay(now))

    def _fetch_delay(self, now: float) -> float:
        if self._inlet is None or self._is_fetching or len(self._flights) >= MAX_IN_FLIGHT:
            return float("inf")
        return max(self._fetch_at - now, self._resting(self._inlet.command()[0]), 0.0)

    def _batch_rests(self, now: float) -> bool:
        return self._batch_rests_until > now or self._resting(BATCH) > 0

    def _send_delay(self, now: float) -> float:
        free = [each for each in self._waiting if each.conversation not in self._busy]
        if not free or len(self._flights) >= MAX_IN_FLIGHT:
            return float("inf")
        if self._batch_rests(now):
            keeps_place = self._inlet is not None and not self._is_fetching
            return float("inf") if len(self._flights) + keeps_place >= MAX_IN_FLIGHT else self._singles.wait(now)
        pace = 0.0 if len(free) >= BATCH_LIMIT else self.pace.wait(now)
        return max(pace, free[0].since + GATHER - now, 0.0)

    async def _nap(self, seconds: float) -> None:
        """Sleep, or wake up early when there is news."""
        self._wake.clear()
        tasks: list[asyncio.Task[Any]] = [asyncio.create_task(self._wake.wait())]
        if seconds != float("inf"):
            tasks.append(asyncio.create_task(_slept(self._sleep, seconds)))
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    # What

    def _launch(self) -> None:
        """Send what may go now; the first request takes the fetch along unless one is under way."""
        slots = MAX_IN_FLIGHT - len(self._flights)
        if self._batch_rests(self._monotonic()):
            self._launch_singly()
            return
        loads = self._loads(slots)
        inlet = self._inlet if not self._is_fetching and self._may_fetch(bool(loads)) else None
        if inlet is not None and not loads:
            loads = [[]]
        # The fetch goes with the smallest load, which is the last.
        for number, load in enumerate(loads):
            self.pace.take(self._monotonic())
            self._fly(load, inlet if number == len(loads) - 1 else None)

    def _launch_singly(self) -> None:
        """Send what may go now in requests of its own: the fetch first, then whoever has waited longest."""
        if self._inlet is not None and self._fetch_delay(self._monotonic()) <= 0:
            self._fly([], self._inlet)
        if self._send_delay(now := self._monotonic()) <= 0:
            each = next(each for each in self._waiting if each.conversation not in self._busy)
            self._waiting.remove(each)
            self._singles.take(now)
            self._fly([each], None)

    def _may_fetch(self, is_sending: bool) -> bool:
        """Whether the fetch goes along: when it is due, or with any request unless fetching has been failing."""
        if self._inlet is None or self._resting(self._inlet.command()[0]) > 0:
            return False
        now = self._monotonic()
        may_ride = is_sending and not self._fetch_failures and not self.is_reserve and self._fetch_from <= now
        return self._fetch_at <= now or may_ride

    def _loads(self, slots: int) -> list[list[_Waiting]]:
        """Take what waits, one command a conversation, and spread it over requests."""
        taken: list[_Waiting] = []
        kept: deque[_Waiting] = deque()
        seen = set(self._busy)
        room = slots * (BATCH_LIMIT - 1)
        while self._waiting and len(taken) < room:
            each = self._waiting.popleft()
            if each.conversation in seen:
                kept.append(each)
            elif not each.done.done():
                taken.append(each)
            seen.add(each.conversation)
        self._waiting = kept + self._waiting
        if not taken:
            return []
        requests = min(slots, -(-len(taken) // SPLIT_ABOVE))
        per_request = -(-len(taken) // requests)
        loads = [taken[start : start + per_request] for start in range(0, len(taken), per_request)]
        return [self._lightened(load) for load in loads]

    def _lightened(self, load: list[_Waiting]) -> list[_Waiting]:
        """Put back what would make the body of one request too large."""
        size = 0
        for count, each in enumerate(load):
            size += each.size
            if count and size > MAX_BATCH_CHARACTERS:
                self._waiting.extendleft(reversed(load[count:]))
                return load[:count]
        return load

    # How

    def _fly(self, load: list[_Waiting], inlet: Inlet | None) -> None:
        self._busy.update(each.conversation for each in load)
        now = self._monotonic()
        if load:
            self._active_until = max(self._active_until, now + ACTIVE_FOR)
        if inlet is not None:
            self._is_fetching, self._fetched_at = True, now
            self._fetch_at = now + self._interval()
        flight = asyncio.create_task(self._carry(load, inlet))
        self._flights.add(flight)
        flight.add_done_callback(self._landed)

    def _landed(self, flight: asyncio.Task[None]) -> None:
        self._flights.discard(flight)
        self._wake.set()
        if not flight.cancelled() and (error := flight.exception()) is not None:
            log.error("bitrix24.beat_failed", error=type(error).__name__, exc_info=error)

    def _interval(self) -> float:
        quiet = self._monotonic() - self._active_until
        if self.is_reserve:
            return min(max(RESERVE, quiet / RESERVE_SLOWING), RESERVE_IDLEST)
        if quiet < 0 and self._batch_rests(self._monotonic()):
            return SINGLE_FETCH
        return ACTIVE if quiet < 0 else min(max(IDLE, quiet / SLOWING), IDLEST)

    async def _carry(self, load: list[_Waiting], inlet: Inlet | None) -> None:
        """Make one request and hand out what it brought."""
        result: Any = RestError("NOT_ASKED")
        try:
            result = await self._request(load, inlet)
            if _is_resting(result, load, inlet):
                load, inlet = self._put_back(result, load, inlet), None
        except Exception as error:  # a mistake of ours must not stop the heart
            log.exception("bitrix24.request_failed", error=type(error).__name__)
        finally:
            # Also when cancelled: nobody may wait for ever.
            for each in load:
                each.fail(DeliveryError("network", permanent=False, detail="NOT_ANSWERED"))
                self._busy.discard(each.conversation)
            self._wake.set()
        if inlet is not None:
            await self._fetched(inlet, result)

    def _put_back(self, error: RestError, load: list[_Waiting], inlet: Inlet | None) -> list[_Waiting]:
        """Let what a refused batch held go singly, in its order, and the fetch first; nothing of it was run."""
        pause = RESTS if error.retry_after is None else max(error.retry_after, 1.0)
        if self._batch_rests_until <= self._monotonic():
            log.warning("bitrix24.batch_rests", seconds=round(pause))
        self._batch_rests_until = self._monotonic() + pause
        self._busy.difference_update(each.conversation for each in load)
        self._waiting = deque(sorted((*load, *self._waiting), key=lambda each: each.number))
        if inlet is not None:
            self._is_fetching, self._fetch_at = False, self._monotonic()
        return []

    async def _request(self, load: list[_Waiting], inlet: Inlet | None) -> Any:
        """Return what the fetch gave: its result, or the RestError that it failed with."""
        try:
            if inlet is not None and not load:
                return (await self._client.call(*inlet.command())).result
            if inlet is None and len(load) == 1 and self._batch_rests(self._monotonic()):
                await self._call_singly(load[0])
                return None
            # Keys that are no numbers: a map numbered from 0 would come back as a list.
            commands = {f"s{number}": each.call for number, each in enumerate(load)}
            if inlet is not None:
                commands[_EVENTS] = inlet.command()
            answer = await self._client.batch(commands)
        except RestError as error:
            if not _is_resting(error, load, inlet):
                for each in load:
                    each.fail(delivery_error(error, whole_request=True))
            return error
        for number, each in enumerate(load):
            self._hand_out(each, answer, f"s{number}")
        return answer.results.get(_EVENTS, answer.errors.get(_EVENTS, RestError("NOT_RUN")))

    async def _call_singly(self, waiting: _Waiting) -> None:
        try:
            result = (await self._client.call(*waiting.call)).result
        except RestError as error:
            waiting.fail(delivery_error(error, whole_request=False))
        else:
            if not waiting.done.done():
                waiting.done.set_result(result)

    def _hand_out(self, waiting: _Waiting, answer: BatchAnswer, key: str) -> None:
        if key in answer.errors:
            waiting.fail(delivery_error(answer.errors[key], whole_request=False))
        elif key not in answer.results:
            waiting.fail(DeliveryError("server", permanent=False, detail="NOT_RUN"))
        elif not waiting.done.done():
            waiting.done.set_result(answer.results[key])

    async def _fetched(self, inlet: Inlet, result: Any) -> None:
        try:
            if isinstance(result, RestError) and self.is_reserve and _is_no_for_good(result):
                self.reserve_refused, self.trouble = result.code, None
                self._fetch_at = self._monotonic() + REFUSED
                return
            if isinstance(result, RestError):
                self._fetch_failed(result.code, result.retry_after)
                return
            self.reserve_refused = None
            count = await inlet.store(result)
        except Exception as error:  # noqa: BLE001 - storage may fail in any way; the events stay with the portal
            self._fetch_failed(f"NOT_STORED_{type(error).__name__}", None)
        else:
            now = self._monotonic()
            if self._fetch_failures:
                self._active_until = max(self._active_until, now)  # much may have been said meanwhile
            self._fetch_failures, self.trouble = 0, None
            if inlet.has_more:
                self._fetch_at = self._fetch_from = now + AFTER_FULL
            if count:
                self._active_until = max(self._active_until, now + ACTIVE_FOR)
                if not inlet.has_more and not self.is_reserve:
                    self._fetch_at = min(self._fetch_at, now + ACTIVE)
            if self.is_reserve:
                self._fetch_at = min(self._fetch_at, now + self._interval())
        finally:
            self._is_fetching = False
            self._wake.set()

    def _fetch_failed(self, code: str, retry_after: float | None) -> None:
        if self.trouble != code:
            log.warning("bitrix24.fetch_failed", code=code)
        self.trouble = code
        self._fetch_failures += 1
        pause = min(2.0 ** (self._fetch_failures - 1), LONGEST_BACK_OFF)
        self._fetch_at = self._monotonic() + max(pause, retry_after or 0.0)


def _is_resting(result: Any, load: list[_Waiting], inlet: Inlet | None) -> bool:
    """Whether that was a batch which was refused as a whole for the time that batches have used."""
    is_batch = bool(load) or inlet is None
    return is_batch and isinstance(result, RestError) and result.code == OPERATION_LIMIT


def _is_no_for_good(error: RestError) -> bool:
    """Whether a portal will refuse a call the same way whenever it is asked."""
    return delivery_error(error, whole_request=False).kind == "rejected"


def _stopping() -> DeliveryError:
    return DeliveryError("network", permanent=False, detail="STOPPING")


async def _slept(sleep: Sleep, seconds: float) -> None:
    with suppress(asyncio.CancelledError):
        await sleep(seconds)
