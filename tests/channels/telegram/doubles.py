"""Doubles with memory for the Telegram channel: an inbox, a vault, a Bot API behind the port, one over HTTP."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ClassVar

from aiohttp import web

from bot.actions import Action
from bot.channels.telegram.api import Me, Rows, WebhookStatus
from bot.messages import NO_BUTTONS, Address, Attachment, DeliveryError, Incoming, Keyboard, Outgoing, Say, Words
from bot.ports import Checkpoint

NOON = datetime(2026, 7, 14, 12, tzinfo=UTC)
TOKEN = "123456789:AAE-a-token-for-tests-only-0000000"
SECRET_KEY = "a secret key of at least 32 characters"
ANNA = 700003


@dataclass(frozen=True, slots=True)
class Pressed(Action, code="tgt"):
    """A press with a number."""

    number: int


class FakeInbox:
    """Stores what is received, each event once, together with the checkpoint; can be made to fail."""

    def __init__(self) -> None:
        """Start empty."""
        self.stored: dict[str, Incoming] = {}
        self.checkpoints: dict[str, str] = {}
        self.secrets: dict[str, str] = {}
        self.failures_left = 0
        self.arrived = asyncio.Event()

    async def receive(self, incomings: Sequence[Incoming], checkpoint: Checkpoint | None = None) -> int:
        """Store all or, when told to fail, nothing."""
        if self.failures_left:
            self.failures_left -= 1
            raise OSError("the database is down")
        fresh = {each.event_id: each for each in incomings if each.event_id not in self.stored}
        self.stored |= fresh
        if checkpoint is not None:
            self.checkpoints[checkpoint.name] = checkpoint.value
        self.arrived.set()
        return len(fresh)

    async def get(self, name: str) -> str | None:
        """Return a value of the vault; a checkpoint is read there by its prefix."""
        if name.startswith("checkpoint:"):
            return self.checkpoints.get(name.removeprefix("checkpoint:"))
        return self.secrets.get(name)

    async def put(self, name: str, value: str, *, is_secret: bool = False) -> None:
        """Store a value."""
        self.secrets[name] = value

    async def until(self, count: int) -> list[Incoming]:
        """Wait until so many are stored and return them in the order in which they came."""
        async with asyncio.timeout(10):
            while len(self.stored) < count:
                self.arrived.clear()
                await self.arrived.wait()
        return list(self.stored.values())


@dataclass
class FakeApi:
    """A Bot API that hands out scripted batches or errors, and remembers every call."""

    batches: list[list[Any] | DeliveryError] = field(default_factory=list)
    errors: dict[str, list[DeliveryError]] = field(default_factory=dict)
    calls: list[tuple[Any, ...]] = field(default_factory=list)
    offsets: list[int] = field(default_factory=list)
    is_editable: bool = True
    status: WebhookStatus = field(default_factory=lambda: WebhookStatus(""))
    exhausted: asyncio.Event = field(default_factory=asyncio.Event)
    last_message: int = 100

    def _called(self, *call: Any) -> None:
        self.calls.append(call)
        waiting = self.errors.get(call[0])
        if waiting:
            raise waiting.pop(0)

    async def me(self) -> Me:
        """Return a bot."""
        self._called("me")
        return Me(42, "smena_bot")

    async def updates(self, offset: int, *, timeout: int, allowed: Sequence[str]) -> list[Any]:
        """Hand out the next batch; when there is none, wait for ever as a quiet chat does."""
        self.offsets.append(offset)
        if not self.batches:
            self.exhausted.set()
            await asyncio.Event().wait()
        batch = self.batches.pop(0)
        if isinstance(batch, DeliveryError):
            raise batch
        return batch

    async def send(self, chat: int, html: str, rows: Rows, *, thread: int = 0) -> int:
        """Remember a message, and its topic where it has one."""
        self._called("send", chat, html, rows, *([thread] if thread else []))
        self.last_message += 1
        return self.last_message

    async def send_file(self, chat: int, file: Attachment, html: str, rows: Rows, *, thread: int = 0) -> int:
        """Remember a file; as a picture or as a document it has errors of its own."""
        self._called(file.kind, chat, file.name, html, rows, *([thread] if thread else []))
        self.last_message += 1
        return self.last_message

    async def edit(self, chat: int, message: int, html: str, rows: Rows) -> bool:
        """Remember an edit."""
        self._called("edit", chat, message, html, rows)
        return self.is_editable

    async def answer(self, callback: str) -> None:
        """Remember an answer to a press."""
        self._called("answer", callback)

    async def set_webhook(self, url: str, *, secret: str, allowed: Sequence[str]) -> None:
        """Remember the webhook."""
        self._called("set_webhook", url, secret, tuple(allowed))
        self.status = WebhookStatus(url)

    async def delete_webhook(self) -> None:
        """Remember that it went."""
        self._called("delete_webhook")

    async def webhook(self) -> WebhookStatus:
        """Return its state."""
        self._called("webhook")
        return self.status

    async def set_commands(
        self, commands: Sequence[tuple[str, str]], language: str | None, *, chat: int | None = None
    ) -> None:
        """Remember a menu."""
        self._called("set_commands", tuple(commands), language, *([chat] if chat else []))

    async def set_app_button(self, title: str, url: str) -> None:
        """Note it."""
        self._called("set_app_button", title, url)

    async def set_descriptions(self, long: str, short: str, language: str | None) -> None:
        """Remember descriptions."""
        self._called("set_descriptions", long, short, language)

    async def close(self) -> None:
        """Remember the end."""
        self._called("close")


class ScriptedServer:
    """A Bot API over HTTP that answers each method with what a test wants, and keeps the forms it got."""

    me: ClassVar[dict[str, Any]] = {"id": 42, "is_bot": True, "first_name": "Smena", "username": "smena_bot"}

    def __init__(self) -> None:
        """Answer with success."""
        self.replies: dict[str, tuple[int, str]] = {}
        self.forms: list[tuple[str, dict[str, str]]] = []

    def app(self) -> web.Application:
        """Build the application."""
        app = web.Application()
        app.router.add_post("/bot{token}/{method}", self._answer)
        return app

    async def _answer(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.forms.append((method, form))
        if method in self.replies:
            status, body = self.replies[method]
            return web.Response(status=status, text=body)
        result = {"getMe": self.me, "sendMessage": {"message_id": 7}, "editMessageText": True}.get(method, True)
        return web.json_response({"ok": True, "result": result})


def outgoing(
    text: Words,
    *,
    chat: int | str = ANNA,
    shown_as: str | None = None,
    keyboard: Keyboard = NO_BUTTONS,
    number: int = 1,
    only_if_shown: bool = False,
    file: Attachment | None = None,
    slot: str = "",
    thread: str = "",
) -> Outgoing:
    """Build a message of the outbox for an English reader."""
    to = Address(1, "telegram", "", str(chat), str(chat), "en", "Europe/Moscow")
    say = Say(text, keyboard, slot, edit=shown_as is not None, only_if_shown=only_if_shown, file=file, thread=thread)
    return Outgoing(number, to, say, NOON, shown_as=shown_as)


def text_update(number: int, text: str, **more: Any) -> dict[str, Any]:
    """Build an update with a text message in Anna's private chat."""
    person = {"id": ANNA, "is_bot": False, "first_name": "Анна", "language_code": "ru"}
    chat = {"id": ANNA, "type": "private", "first_name": "Анна"}
    message = {"message_id": number, "date": int(NOON.timestamp()), "chat": chat, "from": person, "text": text}
    return {"update_id": number, "message": {**message, **more}}


def press_update(number: int, data: str, **more: Any) -> dict[str, Any]:
    """Build an update with a press under message 55."""
    person = {"id": ANNA, "is_bot": False, "first_name": "Анна"}
    chat = {"id": ANNA, "type": "private"}
    message = {"message_id": 55, "date": int(NOON.timestamp()), "chat": chat, "text": "card"}
    query = {"id": f"q{number}", "from": person, "message": message, "chat_instance": "1", "data": data}
    return {"update_id": number, "callback_query": {**query, **more}}
