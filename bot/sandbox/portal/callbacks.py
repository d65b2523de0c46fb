"""Webhook mode: event bodies POSTed to the bot's handler, once each, whatever comes of it."""

import asyncio
import contextlib
from dataclasses import dataclass

import aiohttp

FORM = "application/x-www-form-urlencoded"
_LANES = 8
_NO_ANSWER = 502


@dataclass(frozen=True, slots=True)
class Callback:
    """A body on its way to a handler."""

    url: str
    body: bytes


class Callbacks:
    """Sends callbacks in several lanes: those of one dialog in order, of different dialogs side by side, no retries."""

    def __init__(self, seconds: float) -> None:
        """Give up on a handler that does not answer within so many seconds."""
        self._seconds = seconds
        self._lanes: list[asyncio.Queue[Callback]] = []
        self._senders: list[asyncio.Task[None]] = []
        self._session: aiohttp.ClientSession | None = None
        self.waiting = 0

    async def start(self) -> None:
        """Open the lanes."""
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=self._seconds))
        self._lanes = [asyncio.Queue() for _ in range(_LANES)]
        self._senders = [asyncio.create_task(self._send_all(lane)) for lane in self._lanes]

    async def stop(self) -> None:
        """Drop what waits, as a portal that goes down does."""
        for sender in self._senders:
            sender.cancel()
        for sender in self._senders:
            with contextlib.suppress(asyncio.CancelledError):
                await sender
        self._senders.clear()
        self._lanes.clear()
        self.waiting = 0
        if self._session is not None:
            await self._session.close()
            self._session = None

    def post(self, lane: int, callback: Callback) -> None:
        """Queue a callback; those of one lane arrive in order."""
        if self._lanes:
            self.waiting += 1
            self._lanes[lane % _LANES].put_nowait(callback)

    async def post_now(self, url: str, body: bytes, content_type: str) -> int:
        """POST a body and return the status of the handler; 502 when it gives none."""
        if self._session is None:
            return _NO_ANSWER
        try:
            async with self._session.post(
                url, data=body, headers={"Content-Type": content_type}, allow_redirects=False
            ) as response:
                await response.read()
                return response.status
        except (aiohttp.ClientError, TimeoutError, ValueError):
            return _NO_ANSWER

    async def _send_all(self, lane: asyncio.Queue[Callback]) -> None:
        """Send what comes down one lane, one after another."""
        while True:
            callback = await lane.get()
            await self.post_now(callback.url, callback.body, FORM)
            self.waiting -= 1
