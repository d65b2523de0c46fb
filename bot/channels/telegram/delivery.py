"""One message of the outbox → sendMessage, sendPhoto, sendDocument or editMessageText."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from bot.channels.telegram.api import Api
from bot.channels.telegram.features import Features
from bot.channels.telegram.limiter import Limiter
from bot.channels.telegram.parts import LARGEST_FILE, Part, edited, parts
from bot.channels.telegram.render import to_app, to_rows
from bot.clock import Clock
from bot.i18n import Translator
from bot.messages import DeliveryError, Outgoing, Receipt

_NO_TOPIC = "thread not found"
"""What Telegram says of a topic that is not there."""


class Courier:
    """Words messages in their reader's language and brings them to Telegram at a pace that it allows."""

    def __init__(
        self, api: Api, limiter: Limiter, clock: Clock, features: Features, app: Callable[[], str] = lambda: ""
    ) -> None:
        """Send through `api`; `app` is the page for Telegram's own frame, which private chats offer to open."""
        self._app = app
        self._api = api
        self._limiter = limiter
        self._clock = clock
        self._features = features
        self._under_way = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._brought: dict[int, int] = {}
        """Of messages in parts that failed half-way: how many parts the reader has already got."""

    async def drained(self, seconds: float) -> None:
        """Wait, but not longer than so many seconds, until nothing is under way."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._idle.wait()

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Deliver one message; DeliveryError when that failed."""
        self._under_way += 1
        self._idle.clear()
        try:
            return await self._send(outgoing)
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._idle.set()

    async def _send(self, outgoing: Outgoing) -> Receipt:
        chat = _number(outgoing.to.conversation)
        if chat is None:
            raise DeliveryError("rejected", permanent=True, detail="the conversation is not a Telegram chat")
        if outgoing.say.file is not None and len(outgoing.say.file.content) > LARGEST_FILE:
            raise DeliveryError("rejected", permanent=True, detail="the file is larger than a bot may send")
        translator = Translator(outgoing.to.locale, outgoing.to.zone, self._clock.now())
        spans = translator.spans(outgoing.say.text)
        rows = to_rows(outgoing.say.keyboard, translator, self._features)
        if outgoing.say.keyboard.page and outgoing.to.conversation == outgoing.to.account and (app := self._app()):
            rows = [*rows, [to_app(app, outgoing.say.keyboard.page, translator)]]
        if outgoing.shown_as is not None:
            shown = _number(outgoing.shown_as)
            if shown is not None and await self._edit(chat, shown, edited(spans, rows)):
                return Receipt(outgoing.shown_as, edited=True)
            if outgoing.say.only_if_shown:
                # The person deleted it. There is nothing left to change, and a second copy would only disturb.
                return Receipt(outgoing.shown_as, edited=True)
        every, thread = parts(outgoing.say, spans, rows), _number(outgoing.say.thread) or 0
        return Receipt(str(await self._send_new(outgoing.id, chat, every, thread)))

    async def _edit(self, chat: int, message: int, part: Part) -> bool:
        await self._limiter.turn(chat, is_edit=True)
        try:
            return await self._api.edit(chat, message, part.html, part.rows)
        except DeliveryError as error:
            self._note(chat, error)
            raise

    async def _send_new(self, outgoing_id: int, chat: int, every: list[Part], thread: int) -> int:
        message = 0
        for number in range(self._brought.pop(outgoing_id, 0), len(every)):
            try:
                message = await self._bring_to(chat, thread, every[number])
            except DeliveryError as error:
                self._note(chat, error)
                if number and not error.permanent:
                    self._brought[outgoing_id] = number
                raise
        return message

    async def _bring_to(self, chat: int, thread: int, part: Part) -> int:
        try:
            return await self._bring(chat, thread, part)
        except DeliveryError as error:
            if not thread or error.kind != "rejected" or _NO_TOPIC not in error.detail.lower():
                raise
        # The person has closed the topic meanwhile: the answer goes into the chat itself.
        return await self._bring(chat, 0, part)

    async def _bring(self, chat: int, thread: int, part: Part) -> int:
        await self._limiter.turn(chat)
        if part.file is None:
            return await self._api.send(chat, part.html, part.rows, thread=thread)
        try:
            return await self._api.send_file(chat, part.file, part.html, part.rows, thread=thread)
        except DeliveryError as error:
            if error.kind != "rejected" or part.file.kind != "photo" or _NO_TOPIC in error.detail.lower():
                raise
        # Not to be had as a picture: too large, too long and narrow, not an image at all.
        await self._limiter.turn(chat)
        document = replace(part.file, kind="document")
        return await self._api.send_file(chat, document, part.html, part.rows, thread=thread)

    def _note(self, chat: int, error: DeliveryError) -> None:
        if error.kind == "rate_limit" and error.retry_after is not None and error.detail != Limiter.OWN:
            self._limiter.refused(chat, error.retry_after)


def _number(text: str) -> int | None:
    return int(text) if text.removeprefix("-").isdecimal() and text.isascii() else None
