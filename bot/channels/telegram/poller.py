"""Long polling: what came is committed before the offset moves past it."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import structlog

from bot.channels.telegram.acknowledge import Acknowledger
from bot.channels.telegram.api import Api, Me
from bot.channels.telegram.backoff import Pause, delay
from bot.channels.telegram.batch import to_incomings
from bot.channels.telegram.health import Health
from bot.channels.telegram.updates import ALLOWED_UPDATES, callback_id, update_id
from bot.clock import Clock
from bot.messages import DeliveryError, Incoming
from bot.ports import Checkpoint, Receive, Vault

OFFSET = "telegram:offset"
OFFSET_IN_VAULT = f"checkpoint:{OFFSET}"
BOT_IN_VAULT = "telegram:bot"
LONG_POLL = 25
NOTHING_USABLE = 1.0
QUICK = 1.0
"""Seconds in which an empty answer to a long poll is too early."""

_log = structlog.get_logger(__name__)


class Poller:
    """Takes updates in order and hands them over; runs until it is cancelled."""

    def __init__(
        self,
        api: Api,
        me: Me,
        *,
        receive: Receive,
        vault: Vault,
        clock: Clock,
        health: Health,
        acknowledger: Acknowledger,
        pause: Pause = asyncio.sleep,
        long_poll: int = LONG_POLL,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Poll as the bot `me`; `pause` waits between tries."""
        self._api = api
        self._receive = receive
        self._vault = vault
        self._clock = clock
        self._health = health
        self._acknowledger = acknowledger
        self._me = me
        self._pause = pause
        self._long_poll = long_poll
        self._monotonic = monotonic

    async def run(self) -> None:
        """Poll for ever; whatever fails is tried again from the last committed offset."""
        failures = 0
        offset: int | None = None
        while True:
            try:
                if offset is None:
                    offset = await self._stored_offset()
                offset = await self._round(offset)
            except DeliveryError as error:
                failures += 1
                self._health.failed(error)
                _log.warning("telegram.receiving_failed", error=str(error))
                await self._pause(delay(failures, error))
            except Exception as error:  # noqa: BLE001 - a poller never gives up
                # The storage is down or full. The updates stay with Telegram until it is back.
                failures += 1
                self._health.failed(f"what Telegram sends cannot be stored ({type(error).__name__})")
                # A database's error may quote what it was given, and that is somebody's words: not for the log.
                _log.error("telegram.updates_not_stored", error=type(error).__name__)
                _log.debug("telegram.why_not_stored", exc_info=True)
                await self._pause(delay(failures))
            else:
                failures = 0

    async def _round(self, offset: int) -> int:
        asked_at, former = self._monotonic(), offset
        updates = await self._api.updates(offset, timeout=self._long_poll, allowed=ALLOWED_UPDATES)
        if not updates and self._monotonic() - asked_at < QUICK:
            await self._pause(NOTHING_USABLE)  # a server that does not hold the poll, which would spin
        ids = [number for number in map(update_id, updates) if number is not None]
        if updates and not ids:
            _log.warning("telegram.updates_left_out", without_an_id=len(updates))
            await self._pause(NOTHING_USABLE)
        if ids:
            # After a week of silence Telegram starts the ids anew, so the offset follows the last batch, even down.
            offset = max(ids) + 1
            await self._receive(self._incomings(updates), Checkpoint(OFFSET, str(offset)))
            for update in updates:
                if callback := callback_id(update):
                    self._acknowledger.soon(callback)
            if offset == former:
                await self._pause(NOTHING_USABLE)  # a server that takes no notice of the offset
        self._health.succeeded()
        return offset

    def _incomings(self, updates: list[dict[str, Any]]) -> list[Incoming]:
        now = self._clock.now()
        return to_incomings(updates, received_at=now, username=self._me.username)

    async def _stored_offset(self) -> int:
        """Return where the last run stopped; another bot than then begins anew, for offsets are each bot's own."""
        bot = str(self._me.id)
        if await self._vault.get(BOT_IN_VAULT) != bot:
            await self._receive([], Checkpoint(OFFSET, "0"))
            await self._vault.put(BOT_IN_VAULT, bot)
            return 0
        stored = await self._vault.get(OFFSET_IN_VAULT) or ""
        return int(stored) if stored.isdecimal() else 0
