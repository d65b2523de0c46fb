"""Delivery of updates to the bot's webhook: in order and one at a time within a chat, again until a 2xx comes."""

import asyncio
import contextlib
from dataclasses import asdict, dataclass, field
from typing import Any

import aiohttp
from yarl import URL

from bot.clock import MovableClock
from bot.sandbox.telegram.store import Store
from bot.sandbox.telegram.updates import UpdateQueue

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 -- the name of a header
FIRST_DELAY = 0.2
LONGEST_DELAY = 5.0
ANSWER_SECONDS = 60.0
UNREACHABLE = 502


@dataclass(slots=True)
class WebhookSettings:
    """Where updates go; no webhook while `url` is empty."""

    url: str = ""
    secret_token: str = ""
    max_connections: int = 40


@dataclass(slots=True)
class LastError:
    """The latest failed delivery, as getWebhookInfo tells it; empty when there was none."""

    known: dict[str, Any] = field(default_factory=dict)


class Webhook:
    """Takes from the queue and posts while a webhook is set."""

    def __init__(self, store: Store, queue: UpdateQueue, clock: MovableClock) -> None:
        self._store = store
        self._queue = queue
        self._clock = clock
        self.settings = WebhookSettings(**store.setting("webhook", {}))
        self.last_error = LastError()
        self._session: aiohttp.ClientSession | None = None
        self._task: asyncio.Task[None] | None = None
        self._chats: dict[int, asyncio.Task[None]] = {}
        self._slots = asyncio.Semaphore(self.settings.max_connections)
        self._changed = asyncio.Event()

    async def start(self) -> None:
        """Start delivering."""
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ANSWER_SECONDS))
        self._task = asyncio.create_task(self._watch())
        self._queue.arrived.set()

    async def stop(self) -> None:
        """Stop delivering; what is not confirmed stays queued."""
        for task in (self._task, *self._chats.values()):
            if task is not None:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task
        self._chats.clear()
        if self._session is not None:
            await self._session.close()

    def set(self, settings: WebhookSettings) -> None:
        """Point the webhook elsewhere, or nowhere. What waits to be tried again is tried at once."""
        if settings != self.settings:
            self.last_error = LastError()
            self._slots = asyncio.Semaphore(settings.max_connections)
        self.settings = settings
        self._store.set_setting("webhook", asdict(settings))
        self._changed.set()
        self._changed = asyncio.Event()
        self._queue.arrived.set()

    async def post(self, body: bytes, content_type: str = "application/json") -> int:
        """Post a body once and return the status; 502 when nobody answers."""
        if self._session is None:
            return UNREACHABLE
        headers = {"Content-Type": content_type}
        if self.settings.secret_token:
            headers[SECRET_HEADER] = self.settings.secret_token
        url = URL(self.settings.url)
        try:
            async with self._session.post(url, data=body, headers=headers, allow_redirects=False) as response:
                await response.read()
                if not response.ok:
                    self._failed(f"Wrong response from the webhook: {response.status} {response.reason}")
                return response.status
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            self._failed("Read timeout expired" if isinstance(error, TimeoutError) else "Connection refused")
            return UNREACHABLE

    def _failed(self, reason: str) -> None:
        """Note a failed delivery."""
        self.last_error.known = {
            "last_error_date": int(self._clock.now().timestamp()),
            "last_error_message": reason,
        }

    async def _watch(self) -> None:
        """Give every chat with waiting updates a task of its own."""
        while True:
            await self._queue.arrived.wait()
            self._queue.arrived.clear()
            self._chats = {chat: task for chat, task in self._chats.items() if not task.done()}
            if not self.settings.url:
                continue
            for chat in {entry.chat for entry in self._queue.pending()} - self._chats.keys():
                self._chats[chat] = asyncio.create_task(self._deliver(chat))

    async def _deliver(self, chat: int) -> None:
        """Post the updates of one chat until none is left."""
        delay = FIRST_DELAY
        while self.settings.url:
            entry = next((each for each in self._queue.pending() if each.chat == chat), None)
            if entry is None:
                break
            async with self._slots:
                status = await self.post(entry.body.encode())
            if 200 <= status < 300:
                self._queue.drop(entry)
                delay = FIRST_DELAY
                continue
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(delay):
                    await self._changed.wait()
            delay = min(delay * 2, LONGEST_DELAY)
        # What came while this task was ending must find a new one.
        self._queue.arrived.set()
