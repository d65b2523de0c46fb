"""How fast we send: about 30 messages a second in all and one a second to a chat, with short bursts."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from bot.channels.pace import Pace
from bot.messages import DeliveryError

# Telegram publishes orders of magnitude only; the bursts stay below what its servers are seen to let through.
PER_SECOND = 30.0
BURST = 10
CHAT_PER_SECOND = 1.0
CHAT_BURST = 4
PATIENCE = 5.0
"""Seconds a message waits here; for longer it goes back to the outbox."""
_MANY_CHATS = 5_000


class Limiter:
    """Holds messages back so that Telegram need not refuse them."""

    OWN = "held back by our own limit"
    """The detail of the error by which a message goes back to the outbox without having been tried."""

    def __init__(
        self,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Measure real time, also where the service's clock stands still."""
        self._monotonic = monotonic
        self._sleep = sleep
        self._all = Pace(PER_SECOND, BURST)
        self._chats: dict[int, Pace] = {}
        self._refused: dict[int, float] = {}

    async def turn(self, chat: int, *, is_edit: bool = False) -> None:
        """Wait for this message's turn; DeliveryError `rate_limit` when that is not soon.

        An edit counts in all, but not against the chat, unless Telegram has asked this chat to pause.
        """
        now = self._monotonic()
        pace = self._chat(chat, now)
        if not is_edit:
            await self._pass(pace)
        elif until := self._refused.get(chat):
            self._check(until - now)
            await self._sleep(max(0.0, until - now))
        await self._pass(self._all)

    def refused(self, chat: int, seconds: float) -> None:
        """Note a 429: the chat pauses; when several chats are refused at a time, it is the whole bot that pauses."""
        now = self._monotonic()
        self._refused = {each: until for each, until in self._refused.items() if until > now}
        if any(each != chat for each in self._refused):
            self._all.hold(now + seconds)
        self._refused[chat] = now + seconds
        self._chat(chat, now).hold(now + seconds)

    async def _pass(self, pace: Pace) -> None:
        now = self._monotonic()
        self._check(pace.wait(now))
        wait = pace.take(now)
        if wait > 0:
            await self._sleep(wait)

    @staticmethod
    def _check(wait: float) -> None:
        if wait > PATIENCE:
            raise DeliveryError("rate_limit", permanent=False, retry_after=wait, detail=Limiter.OWN)

    def _chat(self, chat: int, now: float) -> Pace:
        pace = self._chats.get(chat)
        if pace is None:
            if len(self._chats) >= _MANY_CHATS:
                self._chats = {each: known for each, known in self._chats.items() if not known.is_idle(now)}
            pace = self._chats[chat] = Pace(CHAT_PER_SECOND, CHAT_BURST)
        return pace
