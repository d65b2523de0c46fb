"""The running side of the errands: claimed by portal, the first of each lane."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.automation.errand import Errand
from bot.ports.errands import ErrandPortal
from storage.engines.engine import Engine, Read, Write
from storage.parts.errands import SHAPE
from storage.queues.conversations import Now
from storage.rows import millis
from storage.sealed import opened_form
from storage.sql import errands as sql
from storage.vault import Box

LEASE_MS = 120_000
"""Longer than one errand may take: it is given up before (`bot.errands.PATIENCE`)."""


class ErrandQueue:
    """Hands out what is to be done on portals."""

    def __init__(self, engine: Engine, now: Now, worker: str, box: Box) -> None:
        """Claim in the name of `worker`; `now` tells the wall clock in milliseconds, for leases; `box` opens tokens."""
        self._engine = engine
        self._now = now
        self._worker = worker
        self._box = box

    async def portals(self, at: datetime) -> Sequence[ErrandPortal]:
        """Return the portals where something may be done now."""
        values = {"now": self._now(), "at": millis(at)}
        (rows,) = await self._engine.read([Read(sql.ERRAND_PORTALS, values)])
        return [ErrandPortal(row[0], row[1]) for row in rows]

    async def claim(self, portal_id: int, limit: int, at: datetime) -> Sequence[Errand]:
        """Lease what may be done on a portal, the first of each lane, oldest first."""
        now = self._now()
        values = {
            "the_portal_id": portal_id,
            "at": millis(at),
            "now": now,
            "until": now + LEASE_MS,
            "worker": self._worker,
            "size": limit,
            "yes": True,
        }
        (result,) = await self._engine.write([Write(sql.CLAIM_ERRANDS, values)])
        return sorted((opened_form(self._box, SHAPE.read(row)) for row in result.rows), key=lambda each: each.id)
