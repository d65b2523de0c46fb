"""Updates that wait to be taken: kept until confirmed, given out in order, to one poller at a time."""

import asyncio
import json
from dataclasses import asdict, dataclass
from typing import Any

from bot.sandbox.telegram.errors import ApiError, conflict
from bot.sandbox.telegram.store import Store

FIRST_UPDATE_ID = 100_000_000
REORDER_WAIT = 1.0
# What a bot gets when it names no kinds: all but these, of which the sandbox makes none anyway.
_NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass(slots=True)
class Pending:
    """An update that waits.

    `is_late` marks one whose id is not above all ids before it (a repeated or reordered delivery). A growing offset
    would confirm it unseen, so it is confirmed by being given out instead. `id` is None where a raw body has none.
    """

    seq: int
    id: int | None
    chat: int
    is_late: bool
    body: str

    def known(self) -> dict[str, Any]:
        """Return what the store keeps beside the body."""
        known = asdict(self)
        del known["seq"], known["body"]
        return known


class UpdateQueue:
    """The queue of one bot."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._pending = [Pending(seq=seq, body=body, **known) for seq, known, body in store.updates()]
        self._next_id = int(store.setting("next_update_id", FIRST_UPDATE_ID))
        self._seq = max((each.seq for each in self._pending), default=0)
        self.allowed: list[str] = store.setting("allowed_updates", [])
        self._poller: asyncio.Future[ApiError | None] | None = None
        self._held: list[Pending] = []
        self._timer: asyncio.TimerHandle | None = None
        self.arrived = asyncio.Event()

    def __len__(self) -> int:
        """How many wait."""
        return len(self._pending) + len(self._held)

    def pending(self) -> list[Pending]:
        """Return what waits, in order, without what is held back to be reordered."""
        return list(self._pending)

    def allow(self, kinds: list[str]) -> None:
        """Choose the kinds of updates to come; those that wait already stay."""
        if kinds == self.allowed:
            return
        self.allowed = kinds
        self._store.set_setting("allowed_updates", kinds)

    def put(
        self,
        kind: str,
        value: dict[str, Any],
        chat: int,
        *,
        update_id: int | None = None,
        twice: bool = False,
        later: bool = False,
    ) -> None:
        """Queue an update; `twice` queues it twice, `later` lets the next one overtake it."""
        chosen = self._next_id if update_id is None else update_id
        if (kind not in self.allowed) if self.allowed else (kind in _NOT_BY_DEFAULT):
            return
        body = json.dumps({"update_id": chosen, kind: value}, ensure_ascii=False)
        for _ in range(2 if twice else 1):
            self._append(chosen, chat, body, later=later)
        if not later:
            self.release()

    def put_raw(self, update_id: int | None, chat: int, body: str) -> None:
        """Queue a body as it is."""
        self._append(update_id, chat, body)

    def _append(self, update_id: int | None, chat: int, body: str, *, later: bool = False) -> None:
        """Store and queue one update, or hold it back."""
        self._seq += 1
        is_late = update_id is None or update_id < self._next_id
        if update_id is not None and not is_late:
            self._next_id = update_id + 1
            self._store.set_setting("next_update_id", self._next_id)
        entry = Pending(self._seq, update_id, chat, is_late or later, body)
        self._store.put_update(entry.seq, entry.known(), entry.body)
        if not later:
            self._pending.append(entry)
            self._wake()
            return
        self._held.append(entry)
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(REORDER_WAIT, self.release)

    def release(self) -> None:
        """Let go of what was held back to be overtaken."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._held:
            for entry in self._held:  # a new place, so that a restart keeps the new order
                self._store.drop_update(entry.seq)
                self._seq += 1
                entry.seq = self._seq
                self._store.put_update(entry.seq, entry.known(), entry.body)
            self._pending.extend(self._held)
            self._held.clear()
            self._wake()

    def _wake(self) -> None:
        """Tell the poller and the webhook that something came."""
        self.arrived.set()
        if self._poller is not None and not self._poller.done():
            self._poller.set_result(None)

    def drop(self, entry: Pending) -> None:
        """Confirm one update."""
        if entry in self._pending:
            self._pending.remove(entry)
            self._store.drop_update(entry.seq)

    def clear(self) -> None:
        """Drop everything that waits."""
        self.release()
        for entry in self.pending():
            self.drop(entry)

    def stop_poller(self, error: ApiError) -> None:
        """End a long poll that waits, with an error."""
        if self._poller is not None and not self._poller.done():
            self._poller.set_result(error)
        self._poller = None

    async def poll(self, offset: int, limit: int, seconds: float) -> list[Pending]:
        """Wait for updates from `offset` on; an older poll that still waits is ended with 409, as the real one does."""
        self.stop_poller(
            conflict("terminated by other getUpdates request; make sure that only one bot instance is running")
        )
        self._confirm(offset)
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        while not (batch := self._batch(offset, limit)) and (remaining := deadline - loop.time()) > 0:
            poller: asyncio.Future[ApiError | None] = loop.create_future()
            self._poller = poller
            try:
                async with asyncio.timeout(remaining):
                    error = await poller
            except TimeoutError:
                error = None
            finally:
                if self._poller is poller:
                    self._poller = None
            if error is not None:
                raise error
        return batch

    def given(self, batch: list[Pending]) -> None:
        """Note that a batch was given out: what is late counts as confirmed by that."""
        for entry in batch:
            if entry.is_late:
                self.drop(entry)

    def _confirm(self, offset: int) -> None:
        """Forget what the offset confirms; a negative one keeps only that many from the end."""
        doomed = self._pending[:offset] if offset < 0 else []
        if offset > 0:
            doomed = [each for each in self._pending if not each.is_late and each.id is not None and each.id < offset]
        for entry in doomed:
            self.drop(entry)

    def _batch(self, offset: int, limit: int) -> list[Pending]:
        """Choose what to give out; the same id comes once in a batch, and its repetition in the next."""
        batch: list[Pending] = []
        ids: set[int] = set()
        for entry in self._pending:
            is_wanted = entry.is_late or offset <= 0 or entry.id is None or entry.id >= offset
            if is_wanted and entry.id not in ids and len(batch) < limit:
                batch.append(entry)
                if entry.id is not None:
                    ids.add(entry.id)
        return batch
