"""The dispatcher: store, acknowledge; then take what is stored, person by person, and see each turn to its end."""

import asyncio
import contextlib
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import structlog

from bot import metrics
from bot.dispatch.conversing import turn_of
from bot.dispatch.meeting import in_its_topic
from bot.dispatch.turn import Occasion, time_of
from bot.dispatch.undertaking import Undertaking
from bot.i18n import DEFAULT_LOCALE, known_locale
from bot.ids import turn_id
from bot.messages import Incoming, Say, Unread
from bot.ports import Checkpoint, Conflict, NewerDatabase, Stored, Unavailable
from bot.services.wiring import Services
from bot.text import readable, t

MAX_TEXT = 2_000
_log = structlog.get_logger("turn")


class Dispatcher:
    """Takes stored incomings in order of each person, any number of people side by side."""

    def __init__(self, undertaking: Undertaking, *, width: int = 64) -> None:
        """Handle at most `width` people at a time."""
        self._undertaking = undertaking
        self._storage = undertaking.house.storage
        self._width = width
        self._wake = asyncio.Event()
        self._running: set[asyncio.Task[None]] = set()
        self._ended = time.monotonic()

    async def receive(self, incomings: Sequence[Incoming], checkpoint: Checkpoint | None = None) -> int:
        """Store what a door brought, durably, and return how many were new. Only then may the door acknowledge."""
        new = await self._storage.inbox.add(incomings, checkpoint)
        if new:
            metrics.RECEIVED.labels(incomings[0].channel).inc(new)
        if new < len(incomings):
            metrics.REPEATED.inc(len(incomings) - new)
        return new

    async def receive_unread(self, unread: Unread) -> int:
        """Store what a door brought and did not take apart; as `receive` in all else."""
        new = await self._storage.inbox.add_unread(unread)
        (metrics.RECEIVED.labels(unread.channel) if new else metrics.REPEATED).inc()
        return new

    async def run(self) -> None:
        """Take what waits until cancelled; a database that is away is waited for."""
        self._storage.on_inbox(self._wake.set)
        pause = 0.1
        try:
            while True:
                self._wake.clear()
                room = self._width - len(self._running)
                try:
                    claimed = await self._storage.inbox.claim(room) if room else ()
                    pause = 0.1
                except Exception as error:  # noqa: BLE001 - whatever the database says, the loop goes on
                    _log.warning("inbox is out of reach", error=type(error).__name__)
                    await asyncio.sleep(pause)
                    pause = min(pause * 2, 5)
                    continue
                for stored in claimed:
                    task = asyncio.create_task(self._take_safely(stored))
                    self._running.add(task)
                    task.add_done_callback(self._finished)
                if len(claimed) < max(room, 1):
                    await self._idle()
        finally:
            for task in self._running:
                task.cancel()
            await asyncio.gather(*self._running, return_exceptions=True)

    async def _idle(self) -> None:
        # The timeout is for rows of other replicas whose lease ran out; everything else wakes us.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(1.0):
                await self._wake.wait()

    def idle_for(self) -> float:
        """Return how many seconds ago the last turn ended, whatever came of it."""
        return time.monotonic() - self._ended

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._ended = time.monotonic()
        self._running.discard(task)
        self._wake.set()

    async def _take_safely(self, stored: Stored) -> None:
        try:
            await self.take(stored)
        except asyncio.CancelledError:
            raise
        except Exception as error:  # noqa: BLE001 - the row stays in the inbox and is tried again
            _log.warning("turn postponed", stored=stored.id, error=type(error).__name__)
            try:
                await self._storage.inbox.postpone(stored, min(0.5 * 2.0 ** min(stored.tries, 6), 30))
            except Exception as again:  # noqa: BLE001 - its lease runs out by itself
                _log.warning("inbox is out of reach", error=type(again).__name__)

    async def take(self, stored: Stored) -> None:
        """Handle one stored incoming: everything it causes commits together, or nothing does."""
        started = time.perf_counter()
        stored, wait = await self._storage.inbox.gather(stored)
        if wait:
            await self._storage.inbox.postpone(stored, wait)
            return
        incoming = stored.incoming
        line: dict[str, Any] = {"turn": turn_id(), "channel": incoming.channel, "trigger": incoming.kind.value}
        try:
            await self._turn(stored, line)
        except (Conflict, OSError, TimeoutError, Unavailable, NewerDatabase):
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the row is kept and the person told
            line["outcome"] = "fault"
            _log.exception("turn failed", **line, error=type(error).__name__)
            await self._apologise(stored, line["turn"])
        took = time.perf_counter() - started
        metrics.TURNS.labels(incoming.channel, line.get("outcome", "answered")).inc()
        metrics.TURN_SECONDS.labels(incoming.channel).observe(took)
        _log.info("turn", **line, ms=round(took * 1000, 1))

    async def _turn(self, stored: Stored, line: dict[str, Any]) -> None:
        incoming = stored.incoming
        if (said := readable(incoming.text)[:MAX_TEXT]) != incoming.text:
            incoming = replace(incoming, text=said)
        now, _ = time_of(incoming)
        occasion = Occasion(now, (incoming.channel, incoming.conversation), line["turn"])

        async def work(services: Services) -> None:
            line["outcome"] = await turn_of(incoming, services, self._undertaking, occasion, line)
            services.uow.done(stored, line["outcome"])

        await self._undertaking(work, occasion, unit=lambda: self._storage.turn(stored))

    async def _apologise(self, stored: Stored, turn: str) -> None:
        """Say sorry with the turn's id, and keep the row for a retry; both in one transaction."""
        incoming = stored.incoming

        async def work(services: Services) -> None:
            uow = services.uow
            employee = await uow.employees.by_identity(incoming.channel, incoming.realm, incoming.sender.account)
            locale = employee.locale if employee else known_locale(incoming.sender.locale) or DEFAULT_LOCALE
            zone, portal_id = (employee.zone, employee.portal_id) if employee else ("UTC", 0)
            address = incoming.answered(portal_id, locale, zone)
            sorry = t(
                "Something broke on our side, and nothing you wrote is lost. "
                "If it matters now, tell your administrator this number: {turn}",
                turn=turn,
            )
            uow.outbox.add(address, in_its_topic(Say(sorry), incoming), turn=turn, at=incoming.received_at)
            uow.fail(stored, turn)

        await self._undertaking(work, Occasion(incoming.received_at, id=turn))
