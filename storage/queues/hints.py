"""What portals told of their objects, until it was looked at: one row an object, however often it is told of.

A flood of words about few objects is few rows: what comes while a commit is under way is put together by object, and
goes with the next one.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.domain.automation.watching import Actor, Hint
from bot.ports import Wake
from storage.engines.engine import Engine, Read, Write
from storage.parts.objects import DELAY_MS, hint_values
from storage.queues.conversations import Now
from storage.rows import clean
from storage.sql import objects as sql


class _Group:
    """What is stored in one commit, and who waits for it."""

    def __init__(self) -> None:
        self.hints: dict[tuple[int, str], Hint] = {}
        self.stored: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def add(self, hint: Hint) -> None:
        key = (hint.portal_id, hint.ref)
        known = self.hints.get(key)
        if known is not None:
            hint = replace(known, revision=known.revision + hint.revision, actor=max(known.actor, hint.actor))
        self.hints[key] = hint


class Hints:
    """What portals told, until it was looked at."""

    def __init__(self, engine: Engine, now: Now, wake: Wake) -> None:
        """Call `wake` when something new waits; `now` tells the machine's clock in milliseconds."""
        self._engine = engine
        self._now = now
        self._wake = wake
        self._next: _Group | None = None
        self._is_storing = False
        self._tasks: set[asyncio.Task[None]] = set()

    async def note(self, hints: Sequence[Hint]) -> None:
        """Store durably before returning; what comes while others are being stored is stored together."""
        group = self._next
        if group is None:
            group = self._next = _Group()
        if not self._is_storing:
            self._is_storing = True
            task = asyncio.create_task(self._store())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        for each in hints:
            group.add(each)
        await asyncio.shield(group.stored)

    async def _store(self) -> None:
        try:
            while (group := self._next) is not None:
                self._next = None
                await self._store_group(group)
        finally:
            self._is_storing = False  # in the step that saw that nothing is next: what comes now begins anew
        self._wake()

    async def _store_group(self, group: _Group) -> None:
        now = self._now()
        try:
            await self._engine.write([Write(sql.PUT_HINT, hint_values(each, now)) for each in group.hints.values()])
        except asyncio.CancelledError:
            group.stored.cancel()
            raise
        except Exception as error:  # noqa: BLE001 - handed to those who wait
            group.stored.set_exception(error)
            group.stored.exception()  # they may all be gone
        else:
            group.stored.set_result(None)

    async def count(self) -> int:
        """Return how much there is that is due now or in a moment, on portals that are served."""
        (rows,) = await self._engine.read([Read(sql.COUNT, {"now": self._now() + 2 * DELAY_MS})])
        return int(rows[0][0])

    async def waiting(self) -> Mapping[str, tuple[int, int]]:
        """Return the keys of portals for which something is due: each with the portal's id, and of how much."""
        (rows,) = await self._engine.read([Read(sql.WAITING, {"now": self._now()})])
        return {key: (portal_id, count) for key, portal_id, count in rows}

    async def next(self, portal_id: int, limit: int, *, rest: float) -> Sequence[Hint]:
        """Return what is due on a portal, longest first; without what was looked at in the last seconds."""
        now = self._now()
        values = {"portal_id": portal_id, "now": now, "rested": now - int(rest * 1000), "size": limit}
        (rows,) = await self._engine.read([Read(sql.NEXT, values)])
        return [Hint(portal_id, ref, Actor(actor), revision, tries) for ref, actor, revision, tries in rows]

    async def postpone(self, portal_id: int, seconds: float, refs: Sequence[str] | None = None) -> None:
        """Let what is due on a portal, or some of it, wait for so long."""
        values = {"the_portal_id": portal_id, "due_at": self._now() + int(seconds * 1000)}
        if refs is None:
            await self._engine.write([Write(sql.POSTPONE_HINTS, values)])
        elif refs:
            unit = [Write(sql.POSTPONE_HINT, {**values, "the_ref": clean(each)}) for each in refs]
            await self._engine.write(unit)
