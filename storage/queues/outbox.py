"""The sending side of the outbox, and the slots in which live messages stand."""

import asyncio
from collections.abc import Sequence

from bot.domain.people.employee import BESIDE
from bot.ids import new_id
from bot.messages import FORMER, REMEMBERED, Attachment, DeliveryError, Outgoing, Receipt
from bot.ports import Wake
from storage.engines.engine import Engine, Read, Write
from storage.message_json import outgoing_of, said_text
from storage.queues.conversations import Now, lane_of
from storage.queues.inbox import LEASE_MS
from storage.rows import Row, clean, millis
from storage.sql import conversations, queues

_CHANNEL, _REALM, _CONVERSATION, _SLOT, _EDIT, _ONLY_IF_SHOWN, _SHOWN_AS = 2, 3, 4, 9, 10, 11, 12
_STORED_AT, _ATTACHMENT, _LANE, _OVERTAKES = 15, 16, 18, 19
HELD_UP_MS = 60_000
"""What waits for longer than that has been kept by a messenger that was away."""
NOT_YET_MS = 500
"""How long a message waits for an older one of its slot that is on its way at the moment."""
FILE_LEASE_MS = 180_000
"""A file may be on its way for longer than words."""


class OutboxQueue:
    """The sending side of the outbox."""

    def __init__(self, engine: Engine, now: Now, worker: str, wake: Wake) -> None:
        """Claim in the name of `worker`; call `wake` when a message may be claimable."""
        self._engine = engine
        self._now = now
        self._worker = worker
        self._wake = wake

    async def realms(self, channel: str) -> Sequence[str]:
        """Return for which realms of a channel something waits."""
        (rows,) = await self._engine.read([Read(queues.OUTBOX_REALMS, {"channel": channel})])
        return [row[0] for row in rows]

    async def claim(self, channel: str, limit: int, *, realm: str | None = None) -> Sequence[Outgoing]:
        """Lease the first unsent message of each conversation of a channel, or of one realm of it, oldest first."""
        claim = queues.OUTBOX_CLAIM if realm is None else queues.OUTBOX_CLAIM_OF
        claimed: list[Outgoing] = []
        while len(claimed) < limit:
            now = self._now()
            values = {
                "now": now,
                "until": now + LEASE_MS,
                "until_for_files": now + FILE_LEASE_MS,
                "worker": self._worker,
                "size": limit - len(claimed),
                "channel": channel,
                "the_realm": realm,
            }
            (result,) = await self._engine.write([Write(claim, values)])
            rows = [row for row in result.rows if not row[_OVERTAKES]]
            rows += [after for row in result.rows if row[_OVERTAKES] and (after := await self._overtaking(row))]
            dropped = await self._hand_out(rows, claimed)
            if not dropped:
                break
            # Their conversations are free again: look for what comes next there.
            gone = [Write(queues.OUTBOX_DROP, {"the_id": each, "error": "not shown"}) for each in dropped]
            await self._engine.write(gone)
        return sorted(claimed, key=lambda each: each.id)

    async def _overtaking(self, row: Row) -> Row | None:
        """Let a message take the place of an older one for its slot that stands aside; None where it must wait.

        Each message of a slot is whole, so the newest is enough: the older one is dropped. Where it is on its way at
        this moment, the newer one comes after it.
        """
        now = self._now()
        lane = {"lane": row[_LANE], "slot": row[_SLOT], "than_id": row[0]}
        older: dict[str, object] = {**lane, "now": now, "the_id": row[0], "no": False}
        anew, _ = await self._engine.write([Write(queues.OUTBOX_ANEW, older), Write(queues.OUTBOX_OVERTAKE, older)])
        (left,) = await self._engine.read([Read(queues.STANDS_ASIDE, lane)])
        if left:
            await self._engine.write([Write(queues.OUTBOX_NOT_YET, {"the_id": row[0], "due_at": now + NOT_YET_MS})])
            asyncio.get_running_loop().call_later(NOT_YET_MS / 1000 + 0.001, self._wake)
            return None
        if not anew.changed:
            return row
        return tuple(False if at in (_EDIT, _ONLY_IF_SHOWN) else value for at, value in enumerate(row))

    async def _hand_out(self, rows: Sequence[Row], claimed: list[Outgoing]) -> list[int]:
        """Resolve slots and files, add what can be sent to `claimed`, and return the ids of what need not be.

        That is what changes a message that is not shown, and what a newer message for the same place has outlived
        while the messenger was away: whoever comes back gets one day card, as things are, not five.
        """
        edits = [row for row in rows if row[_SLOT] and row[_EDIT]]
        carrying = [row for row in rows if row[_ATTACHMENT] is not None]
        plan = [Read(conversations.GET_SLOT, _slot_of(row)) for row in edits]
        since = self._now() - HELD_UP_MS
        held_up = [row for row in rows if row[_STORED_AT] < since and row[_SLOT] and not row[_EDIT]]
        plan += [Read(queues.GET_ATTACHMENT, {"the_id": row[_ATTACHMENT]}) for row in carrying]
        plan += [Read(queues.NEWER_IN_SLOT, _newer_than(row)) for row in held_up]
        plan += [Read(conversations.NEWER_SHOWN, {**_slot_of(row), "the_id": row[0]}) for row in held_up]
        found = await self._engine.read(plan) if plan else []
        slots, files = found[: len(edits)], found[len(edits) : len(edits) + len(carrying)]
        newer = found[len(edits) + len(carrying) :]
        shown = {row[0]: each[0][0] for row, each in zip(edits, slots, strict=True) if each}
        carried = {row[0]: Attachment(*each[0]) for row, each in zip(carrying, files, strict=True) if each}
        outlived = {row[0] for row, each in zip(held_up * 2, newer, strict=True) if each}
        dropped = []
        for row in rows:
            shown_as = row[_SHOWN_AS] or shown.get(row[0])
            if (row[_ONLY_IF_SHOWN] and shown_as is None) or row[0] in outlived:
                dropped.append(row[0])
            else:
                claimed.append(outgoing_of(row, shown_as, carried.get(row[0])))
        return dropped

    async def sent(self, results: Sequence[tuple[Outgoing, Receipt]]) -> None:
        """Mark as sent, in one transaction; a message that took a slot is remembered there."""
        unit: list[Write] = []
        now = self._now()
        for outgoing, receipt in results:
            unit.append(Write(queues.OUTBOX_SENT, {"the_id": outgoing.id, "receipt": receipt.message}))
            if outgoing.say.file is not None:
                unit.append(Write(queues.ATTACHMENT_DROP, {"the_id": outgoing.id}))
            if outgoing.to.realm.startswith(BESIDE):
                to, message = outgoing.to, receipt.message
                whose = {"channel": to.channel, "the_realm": to.realm, "account": to.account}
                its = {**whose, "conversation": to.conversation, "message": message, "noted_at": now}
                unit.append(Write(conversations.NOTE_COMPANY, its))
            if outgoing.say.slot:
                values = self._slot_values(outgoing, receipt.message, now)
                unit += [Write(conversations.STRIP_FORMER, values), Write(conversations.TAKE_SLOT, values)]
                if outgoing.say.slot.startswith(REMEMBERED) and not receipt.edited:
                    former = {"former": f"{FORMER}:{outgoing.say.slot}:", "no": False}
                    unit.append(Write(conversations.REMEMBER_FORMER, {**values, **former}))
        if unit:
            unit.sort(key=lambda write: write.statement.rank)
            await self._engine.write(unit)
            self._wake()

    @staticmethod
    def _slot_values(outgoing: Outgoing, message: str, now: int) -> dict[str, object]:
        to, say = outgoing.to, outgoing.say
        return {
            "portal_id": to.portal_id,
            "channel": to.channel,
            "realm": to.realm,
            "account": to.account,
            "conversation": to.conversation,
            "lane": lane_of(to),
            "slot": say.slot,
            "message": message,
            "outbox_id": outgoing.id,
            "locale": to.locale,
            "zone": to.zone,
            "said": said_text(say),
            "has_buttons": bool(say.keyboard.rows),
            "cleanup_id": new_id(),
            "created_at": millis(outgoing.created_at),
            "now": now,
            "yes": True,
        }

    async def failed(self, failures: Sequence[tuple[Outgoing, DeliveryError, float | None]]) -> None:
        """Note failures: (message, error, seconds until the next try); None means never again.

        Where the message to edit is gone, its slot is emptied, so that a next try sends a new one; an edit that was
        only to take buttons away is then dropped, for they are gone as well.
        """
        unit: list[Write] = []
        now = self._now()
        waits: list[float] = []
        for outgoing, error, seconds in failures:
            values: dict[str, object] = {"the_id": outgoing.id, "error": clean(error.kind)}
            is_gone = error.kind == "gone" and outgoing.shown_as is not None
            if is_gone and outgoing.say.slot:
                slot = self._slot_values(outgoing, outgoing.shown_as or "", now)
                unit.append(Write(conversations.CLEAR_SLOT, slot))
            if seconds is None:
                is_cleanup = outgoing.say.edit and not outgoing.say.slot
                unit.append(Write(queues.OUTBOX_DROP if is_cleanup else queues.OUTBOX_FAIL, values))
            else:
                waits.append(max(seconds, 0.0))
                unit.append(Write(queues.OUTBOX_LATER, {**values, "due_at": now + int(seconds * 1000)}))
        if not unit:
            return
        unit.sort(key=lambda write: write.statement.rank)
        await self._engine.write(unit)
        self._wake()
        for wait in set(waits):
            asyncio.get_running_loop().call_later(wait + 0.001, self._wake)

    async def set_aside(self, failures: Sequence[tuple[Outgoing, DeliveryError, float]]) -> None:
        """Note failures of messages that their conversation need not wait for, with the seconds until the next try."""
        now = self._now()
        unit = []
        for outgoing, error, seconds in failures:
            lane, own = lane_of(outgoing.to), outgoing.say.slot or str(outgoing.id)
            values = {"the_id": outgoing.id, "error": clean(error.kind), "aside": f"{lane}#{own}", "no": False}
            unit.append(Write(queues.OUTBOX_ASIDE, {**values, "due_at": now + int(seconds * 1000)}))
        if unit:
            await self._engine.write(unit)
            self._wake()
        for wait in {seconds for _, _, seconds in failures}:
            asyncio.get_running_loop().call_later(wait + 0.001, self._wake)

    async def recover(self, channel: str, realm: str) -> None:
        """Let what could not be sent while a realm was away be sent now, in the order of each conversation."""
        await self._engine.write(
            [Write(queues.OUTBOX_RECOVER, {"channel": channel, "the_realm": realm, "now": self._now()})]
        )
        self._wake()


def _slot_of(row: Row) -> dict[str, object]:
    place = {"channel": row[_CHANNEL], "realm": row[_REALM], "conversation": row[_CONVERSATION]}
    return {**place, "slot": row[_SLOT]}


def _newer_than(row: Row) -> dict[str, object]:
    lane = f"{row[_CHANNEL]}:{row[_REALM]}:{row[_CONVERSATION]}"
    return {"the_id": row[0], "lane": lane, "slot": row[_SLOT], "no": False}
