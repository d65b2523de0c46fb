"""Webhook mode: seeing to it that deliveries arrive and are believed, and that nothing is lost where they do not.

Every ten minutes in which nothing was delivered, and as soon as something came that could not be believed, the portal
is challenged. What then holds:

* The answer arrived: deliveries work, and their token is known. The queue of events is still asked each half minute,
  for whatever another process of ours, or we ourselves before a restart, may have left in it.
* The portal cannot be challenged: a new address is made, and the first delivery to it shows the token.
* The answer did not arrive, nor did anything else: deliveries do not reach us. The bot is put into fetch mode, and
  events are fetched; an answer that arrives later brings webhook mode back. Where deliveries once did arrive it takes
  two such answers: while one process of ours takes over from another, the other may have got the first.

A portal repeats no delivery and keeps no event in webhook mode. Therefore the bot is put into fetch mode before the
service stops as well: what happens meanwhile waits in the queue.
"""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode

import structlog

from bot.channels.bitrix24.beat import Beat
from bot.channels.bitrix24.bot import RegisteredBot
from bot.channels.bitrix24.client import Client
from bot.channels.bitrix24.doorkeeper import CONTEXT, Doorkeeper, Letter
from bot.channels.bitrix24.errors import RestError, delivery_error
from bot.channels.bitrix24.limiter import Sleep
from bot.ports import Receive

CHALLENGE = "im.v2.Chat.Bot.sendContext"
PATIENCE = 40.0
"""Seconds that the answer to a challenge may take: a portal's deliveries pass a queue."""
EVERY = 600.0
APART = 20.0
"""Seconds between two challenges, however much there is to doubt."""
AGAIN = 30.0
"""Seconds before the next try where the portal or the database was in trouble."""
ADDRESSES_APART = 600.0
HAND_OVER = 3.0
_PASSING = frozenset({"network", "server", "rate_limit"})
_FETCH = {"eventMode": "fetch"}

log = structlog.get_logger(__name__)


class Deliveries:
    """Keeps webhook mode going for one bot."""

    def __init__(
        self,
        door: Doorkeeper,
        events_url: str,
        realm: str,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        """Have events delivered to `events_url`."""
        self.door = door
        self._events_url = events_url
        self._realm = realm
        self._monotonic = monotonic
        self._sleep = sleep
        self._strayed = False
        self._address_at = float("-inf")
        self._missed = 0
        self._fetching_since = float("-inf")
        self.is_fetching = False
        """Whether events are fetched after all, because deliveries do not reach us."""

    @property
    def trouble(self) -> str | None:
        """Why deliveries are not taken now; None where they are, or where events are fetched instead."""
        if self.is_fetching:
            return None
        if self.door.is_in_doubt:
            return "DELIVERIES_REFUSED"
        return None if self.door.is_proven or self.door.takes_first else "NOT_PROVEN"

    def receiving(self) -> Mapping[str, Any]:
        """Return the bot's fields by which the portal delivers to us."""
        address = f"{self._events_url}?{urlencode({'portal': self._realm, 'key': self.door.key})}"
        return {"eventMode": "webhook", "webhookUrl": address}

    def fetched(self) -> None:
        """Note that there were events in the queue: the bot is, or was, in fetch mode."""
        if not self.is_fetching:
            self._strayed = True
            self.door.doubt.set()

    async def keep(self, client: Client, beat: Beat, bot: RegisteredBot, receive: Receive) -> None:
        """Challenge the portal now and then, until cancelled."""
        while True:
            self.door.doubt.clear()
            began = self._monotonic()
            try:
                await self._look(client, beat, bot)
                pause = float("inf") if self.is_fetching else EVERY
            except Exception as error:  # noqa: BLE001 - neither the portal nor the database may end this
                log.warning("bitrix24.challenge_failed", realm=self._realm, code=_code(error))
                pause = AGAIN
            if not await self._let_in(receive):
                pause = AGAIN
            await self._doubted(pause)
            await self._let_in(receive)
            await self._sleep(max(began + APART - self._monotonic(), 0.0))

    async def hand_over(self, client: Client, bot: RegisteredBot) -> None:
        """Let the portal keep events from now on, because we stop; a portal that is away must not hold us up."""
        with suppress(RestError, TimeoutError):
            async with asyncio.timeout(HAND_OVER):
                await self._set(client, bot, _FETCH)

    async def _set(self, client: Client, bot: RegisteredBot, receiving: Mapping[str, Any]) -> None:
        await client.call("imbot.v2.Bot.update", {**bot.proof, "fields": receiving})

    async def _look(self, client: Client, beat: Beat, bot: RegisteredBot) -> None:
        if self.is_fetching and self.door.let_in_at < self._fetching_since:
            self.door.dismiss()  # whatever came, it was not the portal: it does not deliver now
            return
        if self.is_fetching or self._strayed:
            await self._set(client, bot, self.receiving())
            self._strayed = False
        elif self.door.is_proven and not self.door.is_in_doubt and self._monotonic() - self.door.let_in_at < EVERY:
            self._delivered(beat)
            return
        suspects = self.door.held()
        nonce, answered = self.door.challenge()
        asked_at = self._monotonic()
        try:
            await client.call(CHALLENGE, {"dialogId": str(bot.id), "context": {CONTEXT: nonce}})
        except RestError as error:
            if delivery_error(error, whole_request=True).kind in _PASSING:
                raise
            await self._believe_address(client, bot)
            self._delivered(beat)
            return
        self._missed += 1
        if await self._waited(answered, PATIENCE):
            self._delivered(beat)
            await self._dismiss(client, bot, suspects)
        elif self.door.let_in_at >= asked_at:
            self._delivered(beat)
        elif self.door.is_in_doubt:
            await self._believe_address(client, bot)
            self._delivered(beat)
        elif self._missed == 1 and self.door.is_proven:
            self.door.doubt.set()
        else:
            await self._set(client, bot, _FETCH)
            self.is_fetching, beat.is_reserve = True, False
            self._fetching_since = self._monotonic()
            log.warning("bitrix24.deliveries_do_not_arrive", realm=self._realm)

    def _delivered(self, beat: Beat) -> None:
        self.is_fetching, beat.is_reserve, self._missed = False, True, 0

    async def _dismiss(self, client: Client, bot: RegisteredBot, suspects: Sequence[Letter]) -> None:
        """Drop what was forged; somebody who forges knows the address, so the portal gets another one."""
        forged = self.door.dismiss(suspects)
        if not forged:
            return
        log.warning("bitrix24.deliveries_forged", realm=self._realm, count=forged)
        if self._monotonic() - self._address_at >= ADDRESSES_APART:
            self._address_at = self._monotonic()
            await self._renew(client, bot, takes_first=False)

    async def _believe_address(self, client: Client, bot: RegisteredBot) -> None:
        """Give the portal an address that nobody else was told, where there is something to find out."""
        if (self.door.is_proven or self.door.takes_first) and not self.door.is_in_doubt:
            if self.door.is_proven and (forged := self.door.dismiss()):
                log.warning("bitrix24.deliveries_forged", realm=self._realm, count=forged)
            return
        await self._renew(client, bot, takes_first=True)
        self.door.is_in_doubt = False

    async def _renew(self, client: Client, bot: RegisteredBot, *, takes_first: bool) -> None:
        self._strayed = True  # until the portal has heard of it
        await self.door.renew_address(takes_first=takes_first)
        await self._set(client, bot, self.receiving())
        self._strayed = False
        log.info("bitrix24.address_renewed", realm=self._realm)

    async def _let_in(self, receive: Receive) -> bool:
        """Store what was held and is genuine; False when that failed, and it is held on."""
        letters = self.door.genuine()
        try:
            if incomings := [each.incoming for each in letters if each.incoming is not None]:
                await receive(incomings)
        except Exception as error:  # noqa: BLE001 - whatever storage raises
            log.error("bitrix24.event_not_stored", error=type(error).__name__)  # noqa: TRY400 - no words in the log
            return False
        self.door.release(letters)
        return True

    async def _doubted(self, seconds: float) -> None:
        """Wait, or until there is something to find out."""
        await self._waited(self.door.doubt, seconds)

    async def _waited(self, event: asyncio.Event, seconds: float) -> bool:
        waits: list[asyncio.Future[Any]] = [asyncio.ensure_future(event.wait())]
        if seconds != float("inf"):
            waits.append(asyncio.ensure_future(self._sleep(seconds)))
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in waits:
                each.cancel()
            await asyncio.gather(*waits, return_exceptions=True)
        return event.is_set()


def _code(error: Exception) -> str:
    return error.code if isinstance(error, RestError) else type(error).__name__
