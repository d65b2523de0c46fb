"""Fetching events: store durably first, and only then let the portal forget them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import structlog

from bot.channels.bitrix24.bot import RegisteredBot
from bot.channels.bitrix24.client import Call
from bot.channels.bitrix24.events import Event, UnreadableEvent, to_incoming
from bot.channels.bitrix24.values import flag, items, mapping, number
from bot.clock import Clock
from bot.messages import Incoming
from bot.ports import Checkpoint, Receive

PAGE = 500
METHOD = "imbot.v2.Event.get"

log = structlog.get_logger(__name__)


class EventFetch:
    """The portal's queue of events for one bot.

    The offset of a call confirms everything below it, so it is the one that was stored last. A fresh start asks
    without an offset: the portal then repeats what was not confirmed, and the inbox knows what it has already.
    """

    def __init__(
        self,
        *,
        bot: RegisteredBot,
        realm: str,
        receive: Receive,
        clock: Clock,
        names: Sequence[str] = (),
        fetched: Callable[[], None] | None = None,
    ) -> None:
        """Hand what is fetched to `receive`; `names` are what people call the bot, `fetched` is called after a page."""
        self._bot = bot
        self._realm = realm
        self._receive = receive
        self._clock = clock
        self._names = names
        self._fetched = fetched
        self.has_more = False
        """Whether the last page was not all that waits."""
        self._offset: int | None = None

    def command(self) -> Call:
        """Return the call that confirms what is stored and asks for what is new."""
        params: dict[str, Any] = {**self._bot.proof, "limit": PAGE}
        if self._offset is not None:
            params["offset"] = self._offset
        return METHOD, params

    async def store(self, result: Any) -> int:
        """Store what was fetched; returns how many events there were. More that wait come with the next beat.

        When storing fails the offset stays, and the same events come again.
        """
        answer = mapping(result)
        raws = items(answer.get("events"))
        self.has_more = bool(raws) and flag(answer.get("hasMore"))
        if not raws:
            return 0
        now = self._clock.now()
        incomings = [each for each in (self._read(raw, now) for raw in raws) if each is not None]
        following = number(answer.get("nextOffset")) or max(number(mapping(raw).get("eventId")) for raw in raws) + 1
        await self._receive(incomings, Checkpoint(f"bitrix24:{self._realm}:offset", str(following)))
        self._offset = following
        if self._fetched is not None:
            self._fetched()
        return len(raws)

    def _read(self, raw: Any, now: Any) -> Incoming | None:
        event = Event.fetched(mapping(raw) if isinstance(raw, Mapping) else {})
        try:
            return to_incoming(event, realm=self._realm, received_at=now, names=self._names)
        except UnreadableEvent as wrong:
            log.warning("bitrix24.event_skipped", type=event.type[:60], event_id=event.id, reason=str(wrong))
            return None
