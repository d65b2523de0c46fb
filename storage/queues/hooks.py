"""The running side of webhooks: messages claimed hook by hook, the first of each object."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from operator import itemgetter

from bot.domain.automation.happening import Happening
from bot.domain.automation.webhook import Webhook
from bot.ports.happenings import Claimed, Stands
from storage.engines.engine import Engine, Read, Write
from storage.parts.happenings import SHAPE
from storage.parts.webhooks import hook_of
from storage.queues.conversations import Now
from storage.rows import clean, millis
from storage.sql import happenings, webhooks
from storage.vault import Box

LEASE_MS = 60_000
"""Longer than one message may take (`bot.hooks.PATIENCE`)."""
_NOTED_EVERY = timedelta(minutes=1)


class HookQueue:
    """Hands out what is to be told to hooks."""

    def __init__(self, engine: Engine, box: Box, now: Now, worker: str) -> None:
        """Claim in the name of `worker`; `now` tells the machine's clock in milliseconds, for leases and rests."""
        self._engine = engine
        self._box = box
        self._now = now
        self._worker = worker

    async def due(self) -> Sequence[Webhook]:
        """Return the hooks that can be told something now."""
        (rows,) = await self._engine.read([Read(webhooks.HOOKS_DUE, {"now": self._now(), "yes": True})])
        return [hook_of(row, self._box) for row in rows]

    async def claim(self, hook: Webhook, limit: int) -> Sequence[Claimed]:
        """Lease what may be told to a hook, of each object the first, oldest first."""
        now = self._now()
        values = {"now": now, "until": now + LEASE_MS, "worker": self._worker, "size": limit, "the_hook_id": hook.id}
        (result,) = await self._engine.write([Write(webhooks.CLAIM_DELIVERIES, values)])
        claimed = sorted(result.rows, key=itemgetter(0))
        if not claimed:
            return ()
        found = await self._engine.read([Read(happenings.HAPPENING, {"happening_id": row[0]}) for row in claimed])
        return [Claimed(hook, _happening(rows), row[1]) for row, rows in zip(claimed, found, strict=True) if rows]

    async def stand(self, ended: Sequence[Stands], at: datetime) -> None:
        """Write down how messages stand, and whether their hooks take anything; all in one transaction."""
        now = self._now()
        unit = [Write(webhooks.DELIVERY_STANDS, _standing(each, at, now)) for each in ended]
        before = millis(at - _NOTED_EVERY)
        last = {each.claimed.hook.id: each for each in ended}
        for hook_id, each in last.items():
            its = {"the_id": hook_id, "at": millis(at)}
            works = {**its, "none": None, "before": before}
            unit.append(Write(webhooks.FAILS, its) if each.reason else Write(webhooks.WORKS, works))
        unit.sort(key=lambda write: (write.statement.rank, write.values[write.statement.lock]))
        await self._engine.write(unit)


def _happening(rows: Sequence[Sequence[object]]) -> Happening:
    return SHAPE.read(rows[0])


def _standing(each: Stands, at: datetime, now: int) -> dict[str, object]:
    return {
        "the_hook_id": each.claimed.hook.id,
        "the_happening_id": each.claimed.happening.id,
        "token": each.claimed.tries,
        "state": each.state.value,
        "status": each.status,
        "reason": clean(each.reason),
        "ended_at": None if each.rest is not None else millis(at),
        "rests_until": 0 if each.rest is None else now + int(each.rest * 1000),
    }
