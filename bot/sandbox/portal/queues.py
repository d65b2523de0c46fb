"""The queue of a bot in fetch mode: events wait until an offset above their id confirms them."""

from dataclasses import dataclass
from typing import Any

from bot.sandbox.portal.params import as_integer
from bot.sandbox.portal.rows import Rows

LARGEST_ID = 2**52


@dataclass(frozen=True, slots=True)
class Pending:
    """An event in the queue, at place `seq`.

    `may_be_late` marks an id that was chosen by hand or delivered out of order: an offset above it does not confirm
    the event before it was delivered once. The portal itself has no such events.
    """

    seq: int
    bot_id: int
    id: int
    event: Any
    may_be_late: bool = False


class EventQueues:
    """The queues of all bots."""

    def __init__(self, rows: Rows) -> None:
        """Read back what was not confirmed."""
        self._rows = rows
        self._queues: dict[int, list[Pending]] = {}
        self._delivered: dict[int, int] = {}
        for seq, body in rows.all("event"):
            self._queues.setdefault(body["bot_id"], []).append(Pending(seq, **body))

    def __len__(self) -> int:
        """How many events wait, delivered or not."""
        return sum(len(queue) for queue in self._queues.values())

    def append(self, bot_id: int, event_id: int, event: Any, *, may_be_late: bool = False) -> None:
        """Put an event at the end of the bot's queue."""
        pending = Pending(self._rows.next_id("place"), bot_id, event_id, event, may_be_late)
        self._queues.setdefault(bot_id, []).append(pending)
        body = {"bot_id": bot_id, "id": event_id, "event": event, "may_be_late": may_be_late}
        self._rows.put("event", pending.seq, body)

    def append_raw(self, bot_id: int, event: Any) -> None:
        """Put a foreign body at the end of the queue, as it is; it keeps its id where it has a usable one."""
        given = as_integer(event.get("eventId")) if isinstance(event, dict) else None
        event_id = given if given is not None and 0 < given < LARGEST_ID else self._rows.next_id("event")
        self._rows.reach("event", event_id)
        self.append(bot_id, event_id, event, may_be_late=True)

    def confirm(self, bot_id: int, offset: int) -> None:
        """Remove the events whose id lies below `offset`."""
        delivered = self._delivered_seq(bot_id)
        queue = self._queues.get(bot_id, [])
        gone = {each.seq for each in queue if each.id < offset and (each.seq <= delivered or not each.may_be_late)}
        if gone:
            self._queues[bot_id] = [each for each in queue if each.seq not in gone]
            self._rows.drop("event", gone)

    def take(self, bot_id: int, limit: int) -> tuple[list[Pending], bool]:
        """Return the first events of the queue, which stay in it, and whether there are more."""
        queue = self._queues.get(bot_id, [])
        page = queue[:limit]
        if page and page[-1].seq > self._delivered_seq(bot_id):
            self._delivered[bot_id] = page[-1].seq
            self._rows.set(f"delivered.{bot_id}", str(page[-1].seq))
        return page, len(queue) > limit

    def forget(self, bot_id: int) -> None:
        """Empty the queue of a bot that is gone."""
        self._rows.drop("event", [each.seq for each in self._queues.pop(bot_id, [])])

    def _delivered_seq(self, bot_id: int) -> int:
        """The place up to which the queue was delivered at least once."""
        if bot_id not in self._delivered:
            self._delivered[bot_id] = int(self._rows.setting(f"delivered.{bot_id}", "0"))
        return self._delivered[bot_id]
