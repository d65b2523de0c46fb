"""What processes of portals ask is begun here: calls that are stored become requests, and who waits no more is found.

One process of ours does it. Calls of a portal are taken up one after another, those of others beside them, so that a
portal which does not answer keeps nobody else waiting. What was cut off is stored still, and taken up again.
"""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import structlog

from bot import metrics
from bot.clock import Clock
from bot.domain.automation.process import ProcessCall
from bot.ports import HasProcesses, LookUp, PortalObject, Storage

PROCESSES_DUTY: Final = "bitrix24:processes"
LOOK_EVERY: Final = 2.0
"""Seconds between two looks for calls that another process of ours has stored."""
HELD: Final = 50
"""Calls of a portal that are held in memory, those that rest aside; the others stay in the database until then."""
AT_ONCE: Final = 20
"""Portals whose calls are taken up side by side."""
DOCUMENT_TRIES: Final = 3
"""So often a document is asked for before it is gone on without: its title and who is responsible for it."""
RUNNING_EVERY: Final = timedelta(minutes=15)
"""By the service's clock: how often it is looked whether processes that wait are still there."""
MOST_ASKED: Final = 50
PATIENCE: Final = 60.0
"""Seconds that a look at one portal may take."""
_LONGEST_PAUSE: Final = 600.0
_log = structlog.get_logger("processes")

Begin = Callable[[ProcessCall, PortalObject | None], Awaitable[None]]
"""Asks what a call wants to be asked, in a unit of its own."""
NotRunning = Callable[[int, Sequence[int]], Awaitable[None]]
"""Notes which calls of a portal are of processes that are not there any more."""


class ProcessRunner:
    """Takes up calls, until cancelled."""

    def __init__(
        self,
        storage: Storage,
        clock: Clock,
        begin: Begin,
        not_running: NotRunning,
        *,
        at_start: Callable[[], Awaitable[None]],
        look_up: LookUp | None,
        portals: HasProcesses | None,
        called: asyncio.Event,
        monotonic: Callable[[], float] = time.monotonic,
        patience: float = PATIENCE,
    ) -> None:
        """Begin by `begin`, after `at_start`; `called` is set when a call was stored by this process."""
        self._patience = patience
        self._at_start: Callable[[], Awaitable[None]] | None = at_start
        self._storage = storage
        self._clock = clock
        self._begin = begin
        self._not_running = not_running
        self._look_up = look_up
        self._portals = portals
        self._called = called
        self._monotonic = monotonic
        self._busy: dict[int, asyncio.Task[None]] = {}
        self._look: asyncio.Task[None] | None = None
        self._room = asyncio.Semaphore(AT_ONCE)
        self._tries: dict[int, tuple[int, float]] = {}
        """Of calls that did not go: how often they were tried, and until when they rest."""
        self._looked_at: datetime | None = None
        self._suspects: set[int] = set()
        """Calls whose processes were not there at the last look: one look may be too early."""

    async def run(self) -> None:
        """Look whenever a call was stored, and every two seconds."""
        try:
            while True:
                self._called.clear()
                try:
                    if self._at_start is not None:
                        await self._at_start()
                        self._at_start = None
                    await self.take_up()
                    self._look_beside()
                except Exception as error:  # noqa: BLE001 - the database comes back, the calls are still there
                    _log.warning("process calls are out of reach", error=type(error).__name__)
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_EVERY):
                        await self._called.wait()
        finally:
            busy = [*self._busy.values(), *([self._look] if self._look is not None else [])]
            for task in busy:
                task.cancel()
            await asyncio.gather(*busy, return_exceptions=True)

    # Calls that wait

    async def take_up(self) -> None:
        """Take up what waits, each portal's in its order."""
        after, waiting, by_portal = 0, set[int](), dict[int, list[ProcessCall]]()
        while page := await self._storage.calls.waiting(after):
            for each in page:
                waiting.add(each.id)
                calls = by_portal.setdefault(each.portal_id, [])
                if len(calls) < HELD and self._may_go(each):
                    calls.append(each)
            after = page[-1].id
        self._tries = {call: known for call, known in self._tries.items() if call in waiting}
        for portal_id, calls in by_portal.items():
            if calls and portal_id not in self._busy:
                task = asyncio.create_task(self._of_portal(calls))
                self._busy[portal_id] = task
                task.add_done_callback(partial(self._ended, portal_id))

    def _ended(self, portal_id: int, task: "asyncio.Task[None]") -> None:
        self._busy.pop(portal_id, None)
        self._called.set()  # there may be more of it than was held
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.warning("process calls are out of reach", error=type(error).__name__)

    async def all_taken_up(self) -> None:
        """Return when nothing is under way."""
        while self._busy:
            await asyncio.gather(*self._busy.values(), return_exceptions=True)

    async def _of_portal(self, calls: Sequence[ProcessCall]) -> None:
        async with self._room:
            for call in calls:
                tries, _ = self._tries.get(call.id, (0, 0.0))
                try:
                    document = await self._document(call)
                    if document is None and call.about is not None and tries + 1 < DOCUMENT_TRIES:
                        self._rests(call, tries, 2.0)
                        continue
                    await self._begin(call, document)
                except Exception as error:  # noqa: BLE001 - it is stored, and taken up again
                    self._rests(call, tries, _LONGEST_PAUSE)
                    _log.exception("process call failed", call=call.id, tries=tries + 1, error=type(error).__name__)
                else:
                    metrics.PROCESS_CALLS.inc()

    def _may_go(self, call: ProcessCall) -> bool:
        return self._monotonic() >= self._tries.get(call.id, (0, 0.0))[1]

    def _rests(self, call: ProcessCall, tries: int, longest: float) -> None:
        pause = min(2.0 ** min(tries, 10), longest)
        self._tries[call.id] = (tries + 1, self._monotonic() + pause)

    async def _document(self, call: ProcessCall) -> PortalObject | None:
        ref = call.about
        if ref is None or self._look_up is None:
            return None
        realm = await self._realm(call.portal_id)
        return None if realm is None else await self._look_up(realm, ref.kind, ref.number, ref.type_id)

    async def _realm(self, portal_id: int) -> str | None:
        async with self._storage.unit_of_work() as uow:
            portal = await uow.portals.get(portal_id)
        return None if portal is None else portal.key

    # Processes that are over

    def _look_beside(self) -> None:
        """Look while calls are taken up: portals that do not answer keep no new call waiting."""
        if self._look is None or self._look.done():
            self._look = asyncio.create_task(self._looked_around())

    async def _looked_around(self) -> None:
        try:
            await self.look_around()
        except Exception as error:  # noqa: BLE001 - the database comes back, and so does the look
            _log.warning("process calls are out of reach", error=type(error).__name__)

    async def look_around(self) -> None:
        """Look now and then whether the processes whose requests run still wait; one look alone proves nothing."""
        now = self._clock.now()
        if self._portals is None or (self._looked_at is not None and now - self._looked_at < RUNNING_EVERY):
            return
        self._looked_at = now
        after, by_portal = 0, dict[int, list[ProcessCall]]()
        while page := await self._storage.calls.asked(after):
            for each in page:
                if each.waits and each.workflow:
                    by_portal.setdefault(each.portal_id, []).append(each)
            after = page[-1].id
        room = asyncio.Semaphore(AT_ONCE)
        found = await asyncio.gather(*(self._missing_of(each, calls, room) for each, calls in by_portal.items()))
        self._suspects = set[int]().union(*found)

    async def _missing_of(self, portal_id: int, calls: Sequence[ProcessCall], room: asyncio.Semaphore) -> set[int]:
        """Look at one portal, and no longer than it is given; where it says nothing, what was suspected still is."""
        missing = set[int]()
        async with room:
            try:
                async with asyncio.timeout(self._patience):
                    for start in range(0, len(calls), MOST_ASKED):
                        missing |= await self._missing(portal_id, calls[start : start + MOST_ASKED])
            except Exception as error:  # noqa: BLE001 - the next look comes
                _log.warning("processes not looked at", portal=portal_id, error=type(error).__name__)
                missing |= self._suspects & {each.id for each in calls}
        return missing

    async def _missing(self, portal_id: int, calls: Sequence[ProcessCall]) -> set[int]:
        """Return of which calls the process is not there; what was missed before is noted as over."""
        realm = await self._realm(portal_id)
        if realm is None or self._portals is None:
            return set()
        running = await self._portals.running_processes(realm, sorted({each.workflow for each in calls}))
        if running is None:
            return {each.id for each in calls if each.id in self._suspects}  # the portal says nothing now
        missing = {each.id for each in calls if each.workflow not in running}
        if over := sorted(missing & self._suspects):
            _log.info("processes are over", realm=realm, calls=len(over))
            await self._not_running(portal_id, over)
        return missing
