"""Delivery: what waits in the outbox goes out through its channel, in order within a chat, again when it failed.

A message that its messenger fails to take again and again stands aside, and the chat goes on without it.
"""

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence

import structlog

from bot import metrics
from bot.messages import DeliveryError, Outgoing, Receipt
from bot.ports import Channel, Storage

GIVE_UP_AFTER = 12
"""Tries of a failure that might pass, more than an hour by the growing pauses; then an administrator can re-send."""
LONGEST_PAUSE = 1_800.0
MANY = 3
"""So many messages that fail one after another are the messenger's failure."""
A_WHILE = 10.0
"""Seconds of failures, and of nothing else, after which a messenger that answers again has come back."""
_AT_ONCE = 50
"""Failures that are seen to before the next look at what was sent."""
_OF_THE_MESSAGE = frozenset({"server", "fault"})
_log = structlog.get_logger("delivery")

Lost = Callable[[Outgoing, DeliveryError], Awaitable[object]]
"""Sees to a message that its messenger will never take; called again when what followed was not written down."""


def stands_aside(outgoing: Outgoing, error: DeliveryError) -> bool:
    """Whether a message that failed is to be left behind by its conversation until it is tried again.

    A messenger that is away, or asks for a pause, holds up the whole conversation, in its order. A failure that may be
    this message's alone must not: the first time it may have been a moment's, but a file is nobody's quick answer.
    """
    if error.kind in _OF_THE_MESSAGE:
        return outgoing.tries > 0 or outgoing.say.file is not None
    return error.kind == "network" and outgoing.say.file is not None


class Pulse:
    """Whether a portal of a messenger takes anything at all, by what became of the messages to it."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        """Begin well."""
        self._monotonic = monotonic
        self._failing: set[int] = set()
        self._since = 0.0

    def failed(self, outgoing: Outgoing, error: DeliveryError) -> None:
        """Note that a message was not taken."""
        if error.kind in _OF_THE_MESSAGE or error.kind in ("network", "credentials"):
            if not self._failing:
                self._since = self._monotonic()
            self._failing.add(outgoing.id)

    def came_back(self) -> bool:
        """Note that a message was taken; whether nothing had been for a while."""
        was_away = len(self._failing) >= MANY and self._monotonic() - self._since >= A_WHILE
        self._failing.clear()
        return was_away


class Delivery:
    """Sends for every connected channel. Handlers never send: they only write into the outbox."""

    def __init__(
        self,
        storage: Storage,
        channels: Mapping[str, Channel],
        lost: Lost,
        *,
        width: int = 400,
        share: int = 50,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Have `width` messages of a channel under way; beyond that `share` of each realm, whatever others take.

        What will never be taken is handed to `lost`.
        """
        self._monotonic = monotonic
        self._pulses: dict[tuple[str, str], Pulse] = {}
        """Of each channel and realm where something has failed since it last took something."""
        self._back: set[tuple[str, str]] = set()
        """Channels and realms that have come back, until what waited for them is let go."""
        self._lost = lost
        self._storage = storage
        self._channels = channels
        self._width = width
        self._share = share
        self._wakes = {name: asyncio.Event() for name in channels}
        self._under_way: set[int] = set()
        """Messages from their claim until what became of them is written down."""
        self._done: list[tuple[Outgoing, Receipt]] = []
        self._failed: list[tuple[Outgoing, DeliveryError, float | None]] = []
        self._ended = asyncio.Event()
        self._parts: asyncio.TaskGroup | None = None

    def serve(self, name: str) -> None:
        """Send on a channel that was connected after the others, or is another one by now."""
        if name not in self._wakes:
            self._wakes[name] = asyncio.Event()
            if self._parts is not None:
                self._parts.create_task(self._pump(name))

    async def run(self) -> None:
        """Send until cancelled; when one part fails all of it ends, and can be begun again."""
        self._storage.on_outbox(self._wake)
        self._under_way.clear()  # what a former run had claimed comes again when its lease runs out
        try:
            async with asyncio.TaskGroup() as parts:
                parts.create_task(self._keep_books())
                for name in self._wakes:
                    parts.create_task(self._pump(name))
                self._parts = parts
        finally:
            self._parts = None
            # What was sent is written down before we go: a restart must not say it again.
            await asyncio.shield(self._write_down())

    def _wake(self) -> None:
        for event in self._wakes.values():
            event.set()

    async def _pump(self, name: str) -> None:
        running: dict[asyncio.Task[None], str] = {}
        wake = self._wakes[name]
        try:
            while True:
                wake.clear()
                channel = self._channels.get(name)
                if channel is None:  # it serves no longer; what waits for it is kept
                    await asyncio.sleep(1)
                    continue
                try:
                    claimed, is_all = await self._claim(channel, running.values())
                except Exception as error:  # noqa: BLE001 - the database comes back
                    _log.warning("outbox is out of reach", channel=name, error=type(error).__name__)
                    await asyncio.sleep(1)
                    continue
                for outgoing in claimed:
                    if outgoing.id in self._under_way:
                        continue  # its lease ran out on the way, and the claim has renewed it
                    self._under_way.add(outgoing.id)
                    task = asyncio.create_task(self._send(channel, outgoing))
                    running[task] = outgoing.to.realm
                    task.add_done_callback(running.pop)
                if is_all:
                    # The timeout is for messages whose next try falls due.
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(1.0):
                            await wake.wait()
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    async def _claim(self, channel: Channel, under_way: Collection[str]) -> tuple[Sequence[Outgoing], bool]:
        """Claim what can be sent beside what is under way, by realms; whether that is all there is now.

        A realm that is silent keeps what it has got for long. It may have all the room, but not the room of others.
        One that is known to be able to take little gets no more than that, and none of anybody's room.
        """
        outbox, name, narrow = self._storage.outbox, channel.name, channel.narrow()
        held = Counter(under_way)
        room = self._width - sum(count for realm, count in held.items() if realm not in narrow)
        waiting: Collection[str] | None = None
        if room > 0:
            if narrow:
                waiting = await outbox.realms(name)
            if waiting is None or narrow.keys().isdisjoint(waiting):
                claimed = await outbox.claim(name, room)
                return claimed, len(claimed) < room
        if waiting is None:
            waiting = await outbox.realms(name)
        each_one = room // max(sum(realm not in narrow for realm in waiting), 1)
        rooms = {realm: narrow.get(realm, max(self._share, held[realm] + each_one)) - held[realm] for realm in waiting}
        open_to = {realm: room for realm, room in rooms.items() if room > 0}
        found = await asyncio.gather(*(outbox.claim(name, room, realm=realm) for realm, room in open_to.items()))
        is_all = all(len(each) < room for each, room in zip(found, open_to.values(), strict=True))
        return [outgoing for each in found for outgoing in each], is_all

    async def _send(self, channel: Channel, outgoing: Outgoing) -> None:
        try:
            receipt = await channel.send(outgoing)
        except DeliveryError as error:
            self._failed.append((outgoing, error, self._next_try(outgoing, error)))
            self._count_failure(outgoing, error)
        except asyncio.CancelledError:
            raise
        except Exception as error:  # noqa: BLE001 - a fault of ours must not stop the chat for good
            _log.exception("delivery failed", channel=channel.name, turn=outgoing.turn, error=type(error).__name__)
            wrapped = DeliveryError("fault", permanent=outgoing.tries >= 3, detail=type(error).__name__)
            self._failed.append((outgoing, wrapped, self._next_try(outgoing, wrapped)))
            self._count_failure(outgoing, wrapped)
        else:
            metrics.DELIVERIES.labels(channel.name).inc()
            metrics.ANSWER_SECONDS.labels(channel.name).observe(max(time.time() - outgoing.queued_at, 0))
            self._done.append((outgoing, receipt))
            pulse = self._pulses.pop((channel.name, outgoing.to.realm), None)
            if pulse is not None and pulse.came_back():
                self._back.add((channel.name, outgoing.to.realm))
        self._ended.set()

    def _next_try(self, outgoing: Outgoing, error: DeliveryError) -> float | None:
        if error.kind == "rate_limit" and error.retry_after is not None:
            return max(error.retry_after, 1.0)  # told to come later, which is no failure of the message
        if error.permanent or outgoing.tries >= GIVE_UP_AFTER:
            return None
        pause: float = min(2.0**outgoing.tries, LONGEST_PAUSE)
        return max(error.retry_after or 0.0, pause)

    def _count_failure(self, outgoing: Outgoing, error: DeliveryError) -> None:
        place = (outgoing.to.channel, outgoing.to.realm)
        self._pulses.setdefault(place, Pulse(self._monotonic)).failed(outgoing, error)
        metrics.DELIVERY_FAILURES.labels(outgoing.to.channel, error.kind, str(error.permanent).lower()).inc()
        _log.warning(
            "not delivered",
            channel=outgoing.to.channel,
            kind=error.kind,
            permanent=error.permanent,
            tries=outgoing.tries,
            turn=outgoing.turn,
            detail=error.detail,
        )

    async def _keep_books(self) -> None:
        """Write down what became of the messages, many at once: one transaction for all that ended meanwhile."""
        while True:
            await self._ended.wait()
            self._ended.clear()
            await self._write_down()

    async def _write_down(self) -> None:
        """Write down everything that ended; what was written leaves the lists only then, so that a stop loses none."""
        while self._done or self._failed or self._back:
            done, failed, back = list(self._done), self._failed[:_AT_ONCE], list(self._back)
            try:
                if done:
                    await self._storage.outbox.sent(done)
                    del self._done[: len(done)]
                    self._under_way.difference_update(outgoing.id for outgoing, _ in done)
                if failed:
                    # First what follows from it: a crash between the two repeats it, the other way round it were lost.
                    await self._tell_of(failed)
                    aside = [
                        (each, error, again)
                        for each, error, again in failed
                        if again is not None and stands_aside(each, error)
                    ]
                    apart = {each.id for each, _, _ in aside}
                    await self._storage.outbox.set_aside(aside)
                    await self._storage.outbox.failed([each for each in failed if each[0].id not in apart])
                    del self._failed[: len(failed)]
                    self._under_way.difference_update(outgoing.id for outgoing, _, _ in failed)
                for name, realm in back:
                    await self._storage.outbox.recover(name, realm)
                    self._back.discard((name, realm))
            except Exception as error:  # noqa: BLE001 - known to be sent: keep trying to write it down
                _log.warning("outbox is out of reach", error=type(error).__name__)
                await asyncio.sleep(1)

    async def _tell_of(self, failed: list[tuple[Outgoing, DeliveryError, float | None]]) -> None:
        """Hand on what will never be taken: whoever cannot be written to is reached elsewhere, or it is said."""
        for outgoing, error, again in failed:
            is_cleanup = outgoing.say.edit and not outgoing.say.slot
            if again is None and not is_cleanup:
                await self._lost(outgoing, error)
