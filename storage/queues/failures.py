"""What failed for good and is kept for a retry by hand, a portal at a time."""

from bot.domain.portal import Portal
from storage.engines.engine import Read, Reader, Write
from storage.part import Part
from storage.queues.conversations import Now
from storage.sql import queues


class Failures(Part):
    """What failed for good on a portal."""

    def __init__(self, engine: Reader, now: Now) -> None:
        """Read through `engine`; `now` tells the wall clock in milliseconds."""
        super().__init__(engine)
        self._now = now

    async def of(self, portal: Portal) -> tuple[int, int]:
        """Return how many turns and how many messages."""
        its = {"the_portal_id": portal.id}
        turns, messages = await self._engine.read(
            [Read(queues.INBOX_FAILED_OF, {**its, "the_realm": portal.key}), Read(queues.OUTBOX_FAILED_OF, its)]
        )
        return turns[0][0], messages[0][0]

    def retry(self, portal: Portal) -> None:
        """Note that all of them are to be tried again."""
        values = {"the_portal_id": portal.id, "the_realm": portal.key, "now": self._now()}
        self._writes += [Write(queues.INBOX_RETRY_OF, values), Write(queues.OUTBOX_RETRY_OF, values)]
