"""The inbox: what arrived, each thing once, until it is handled."""

import asyncio
from collections.abc import Sequence
from operator import itemgetter

import structlog

from bot.ids import new_id
from bot.messages import Incoming, IncomingKind, Unread
from bot.ports import Checkpoint, ReadUnread, Stored, Wake
from storage.engines.engine import Engine, Read, Write
from storage.message_json import incoming_of, incoming_text, unread_of, unread_text
from storage.parts.people import own_lane
from storage.queues.conversations import Now
from storage.rows import clean
from storage.sql import queues, service

_log = structlog.get_logger("storage")
LEASE_MS = 30_000
"""After so long a row that was claimed and not finished may be claimed by another."""
UNREADABLE = "unreadable"
"""Why a row failed that nobody could take apart."""
ALBUM_SECONDS = 1.5
"""So long a part of an album waits for the next one: they come one by one, and perhaps in several deliveries."""
LONGEST_ALBUM = 10.0
"""So long it waits for all of them, whatever still comes."""
_MOST_PARTS = 40
"""Rows that are looked at for parts of one sending."""


class Inbox:
    """What arrived, each thing once, until it is handled."""

    def __init__(self, engine: Engine, now: Now, worker: str, wake: Wake) -> None:
        """Claim in the name of `worker`; call `wake` when a row may be claimable."""
        self._engine = engine
        self._now = now
        self._worker = worker
        self._wake = wake
        self._readers: dict[str, ReadUnread] = {}

    def read_by(self, channel: str, read: ReadUnread) -> None:
        """Have what a channel stored unread taken apart by `read`."""
        self._readers[channel] = read

    async def add_unread(self, unread: Unread) -> int:
        """Store what is taken apart when it is claimed, durably before returning; returns how many were new."""
        now = self._now()
        values = {
            "id": new_id(),
            "channel": unread.channel,
            "realm": unread.realm,
            "account": unread.account,
            "event_id": unread.event_id,
            "own_lane": own_lane(unread.channel, unread.realm, unread.account),
            "body": unread_text(unread),
            "now": now,
            "due_at": now,
        }
        (result,) = await self._engine.write([Write(queues.INBOX_ADD, values)])
        if result.changed:
            self._wake()
        return result.changed

    async def add(self, incomings: Sequence[Incoming], checkpoint: Checkpoint | None = None) -> int:
        """Store durably before returning, together with the checkpoint; returns how many were new."""
        now = self._now()
        unit = [Write(queues.INBOX_ADD, self._values(incoming, now)) for incoming in incomings]
        if checkpoint is not None:
            values = {"name": f"checkpoint:{checkpoint.name}", "value": checkpoint.value, "is_secret": False}
            unit.append(Write(service.PUT_VALUE, values))
        if not unit:
            return 0
        results = await self._engine.write(unit)
        added = sum(result.changed for result in results[: len(incomings)])
        if added:
            self._wake()
        if any(each.is_part for each in incomings):
            asyncio.get_running_loop().call_later(ALBUM_SECONDS + 0.001, self._wake)
        return added

    async def knows(self, channel: str, realm: str, event_id: str) -> bool:
        """Return whether that event has arrived."""
        values = {"channel": channel, "realm": clean(realm), "event_id": clean(event_id)}
        (rows,) = await self._engine.read([Read(queues.INBOX_KNOWS, values)])
        return bool(rows)

    @staticmethod
    def _values(incoming: Incoming, now: int) -> dict[str, object]:
        realm, account = clean(incoming.realm), clean(incoming.sender.account)
        return {
            "id": new_id(),
            "channel": incoming.channel,
            "realm": realm,
            "account": account,
            "event_id": clean(incoming.event_id),
            "own_lane": own_lane(incoming.channel, realm, account),
            "body": incoming_text(incoming),
            "now": now,
            "due_at": now + int(ALBUM_SECONDS * 1000) if incoming.is_part else now,
        }

    async def claim(self, limit: int) -> Sequence[Stored]:
        """Lease the first waiting row of each free lane, oldest first, at most `limit`."""
        now = self._now()
        values = {"now": now, "until": now + LEASE_MS, "worker": self._worker, "size": limit}
        (result,) = await self._engine.write([Write(queues.INBOX_CLAIM, values)])
        claimed: list[Stored] = []
        settled: list[Write] = []
        for row_id, body, lane, tries in sorted(result.rows, key=itemgetter(0)):
            key = {"the_id": row_id, "token": tries}
            try:
                incoming = self._read(body)
            except Exception as error:  # noqa: BLE001 - whatever is wrong with it, it may hold up nobody
                _log.error("unreadable in the inbox", stored=row_id, error=type(error).__name__)
                settled.append(Write(queues.INBOX_FAIL, {**key, "reason": UNREADABLE}))
                continue
            if incoming is None:
                settled.append(Write(queues.INBOX_DONE, {**key, "outcome": "nothing"}))
            else:
                claimed.append(Stored(row_id, incoming, lane, tries - 1))
        if settled:
            settled.sort(key=lambda write: write.statement.rank)
            await self._engine.write(settled)
            self._wake()
        return claimed

    async def gather(self, stored: Stored) -> tuple[Stored, float]:
        """Return a row with what was sent together with it, or in how many seconds it is to be looked for again.

        Nobody else takes those rows meanwhile: they are of the same lane, and its first row is on lease.
        """
        if not stored.incoming.is_part and stored.incoming.kind is not IncomingKind.UNREADABLE:
            return stored, 0
        values = {"lane": stored.lane, "the_id": stored.id, "size": _MOST_PARTS}
        (rows,) = await self._engine.read([Read(queues.INBOX_AFTER, values)])
        parts: list[Stored] = []
        has_words = stored.incoming.kind is IncomingKind.TEXT
        began = latest = rows[0][3] if rows else self._now()
        for row_id, body, tries, stored_at in rows[1:]:
            try:
                incoming = self._read(body)
            except Exception:  # noqa: BLE001 - whoever claims it sees to it
                break
            worded = incoming is not None and incoming.kind is IncomingKind.TEXT
            if incoming is None or not incoming.belongs_to(stored.incoming) or (worded and has_words):
                break
            parts.append(Stored(row_id, incoming, stored.lane, tries - 1))
            has_words, latest = has_words or worded, stored_at
        if stored.incoming.is_part:
            now = self._now()
            wait = min(latest + ALBUM_SECONDS * 1000, began + LONGEST_ALBUM * 1000) - now
            if wait > 0:
                return stored, wait / 1000
        joined = stored.incoming.joined([each.incoming for each in parts])
        return Stored(stored.id, joined, stored.lane, stored.tries, tuple(parts)), 0

    def _read(self, body: str) -> Incoming | None:
        """Return what a row holds; None where that means nothing to us."""
        unread = unread_of(body)
        return incoming_of(body) if unread is None else self._readers[unread.channel](unread)

    async def postpone(self, stored: Stored, seconds: float) -> None:
        """Give the lease back and do not claim the lane's row again for so long."""
        values = {"the_id": stored.id, "token": stored.tries + 1, "due_at": self._now() + int(seconds * 1000)}
        await self._engine.write([Write(queues.INBOX_POSTPONE, values)])
        asyncio.get_running_loop().call_later(max(seconds, 0) + 0.001, self._wake)
