"""The emulated Telegram: a Bot API server on loopback, and the people's side of the chats."""

import contextlib
import re
import secrets
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from aiohttp import web

from bot.sandbox.telegram.errors import ApiError
from bot.sandbox.telegram.keyboards import buttons_of, start_payload
from bot.sandbox.telegram.limits import Monotonic
from bot.sandbox.telegram.messages import Message, account, shown_message
from bot.sandbox.telegram.methods.profile import menu_key
from bot.sandbox.telegram.mini_app import Signer, opened
from bot.sandbox.telegram.params import decode_json
from bot.sandbox.telegram.server import BotApiServer
from bot.sandbox.telegram.state import BotState
from bot.sandbox.world import ChannelName, NotThere, SandboxPerson, SentFile, ShownMessage, World

QUEUED = 202
NOT_AN_UPDATE = 400
SLOW_SECONDS = 5.0

_ALBUM = 10
"""Files of one album at most."""
_COMMAND = re.compile(r"/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{1,64})?(?![A-Za-z0-9_@])")


class TelegramEmulator:
    """One bot and its private chats with the people of the world. Implements `world.Messenger`."""

    channel: ChannelName = "telegram"

    def __init__(
        self,
        world: World,
        *,
        username: str = "smena_sandbox_bot",
        monotonic: Monotonic = time.monotonic,
        slow_seconds: float = SLOW_SECONDS,
    ) -> None:
        """Restore the state from the world's database; `monotonic` measures the sending limits."""
        self._world = world
        self._bot = BotState(world, username, monotonic)
        self._server = BotApiServer(self._bot, slow_seconds)
        self._runner: web.AppRunner | None = None
        self.username = username
        self.token = self._bot.token
        self._signer = Signer()
        self.api_url = ""

    @property
    def public_key(self) -> bytes:
        """The key by which anybody sees that this Telegram signed something; the real one's is in its documents."""
        return self._signer.public

    async def start(self, *, host: str = "127.0.0.1", port: int = 0) -> None:
        """Serve, on a free port when none is named, and begin to deliver to the webhook if one is set."""
        self._runner = web.AppRunner(
            self._server.app(), access_log=None, handler_cancellation=True, shutdown_timeout=0.5
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        address = self._runner.addresses[0]
        self.api_url = f"http://{host}:{address[1]}"
        await self._bot.webhook.start()

    async def stop(self) -> None:
        """Stop serving and delivering; nothing that waits is lost."""
        self._bot.queue.stop_poller(ApiError(500, "Internal Server Error: restart"))
        self._bot.queue.release()
        await self._bot.webhook.stop()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def open(self, person: SandboxPerson) -> None:
        """Let the person have pressed Start at some time before: the bot may write to them."""
        self._bot.chats.start(person.telegram_user_id)

    def mini_app(self, person: SandboxPerson) -> str | None:
        """Return where the button beside the field leads for somebody; None where it opens no page."""
        buttons = self._bot.store.setting("menu_buttons", {})
        button = buttons.get(str(person.telegram_user_id)) or buttons.get("") or {}
        url = (button.get("web_app") or {}).get("url")
        return opened(url, person, self.token, self._world.clock.now(), self._signer) if url else None

    async def say(
        self,
        person: SandboxPerson,
        text: str,
        *,
        at: datetime | None = None,
        event_id: int | None = None,
        is_forwarded: bool = False,
        files: Sequence[SentFile] = (),
        reply_to: int | None = None,
    ) -> int:
        """Let the person send a text; `event_id` is the update's id, as it is.

        Each file is a message of its own, the text a caption under the first; the id of that one is returned. Up to ten
        that are sent in one go are an album: their messages have one `media_group_id`.
        """
        album = self._album(len(files))
        return await self._say(
            person, text, at, album, event_id=event_id, is_forwarded=is_forwarded, files=files, reply_to=reply_to
        )

    async def _say(
        self,
        person: SandboxPerson,
        text: str,
        at: datetime | None,
        album: str,
        *,
        event_id: int | None = None,
        is_forwarded: bool = False,
        files: Sequence[SentFile] = (),
        reply_to: int | None = None,
    ) -> int:
        chat = person.telegram_user_id
        if reply_to is not None and self._bot.chats.find(chat, reply_to) is None:
            raise NotThere(f"there is no message {reply_to} in the chat")
        # Half a surrogate pair cannot be written as UTF-8; no messenger would carry it.
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        self._bot.chats.start(chat)
        command = _COMMAND.match(text)
        message = Message(
            id=self._bot.chats.next_id(),
            chat=chat,
            author="person",
            source=text,
            text=text,
            date=self._bot.now() if at is None else at.timestamp(),
            entities=[{"type": "bot_command", "offset": 0, "length": command.end()}] if command else [],
            file=self._bot.files.receive(files[0].name, files[0].content) if files else None,
            extra={
                **({"forward_origin": _origin(self._bot.now())} if is_forwarded else {}),
                **({"media_group_id": album} if album else {}),
            },
            reply_to=reply_to,
        )
        self._bot.chats.put(message)
        self._put("message", self._bot.as_telegram(message), chat, event_id)
        for place, each in enumerate(files[1:], 1):
            if place % _ALBUM == 0:
                album = self._album(len(files) - place)
            await self._say(person, "", at, album, files=(each,), is_forwarded=is_forwarded)
        self._bot.changed()
        return message.id

    def _album(self, count: int) -> str:
        """Return the id that the messages of so many files have in common; one alone is no album."""
        return str(secrets.randbits(53) + 10**16) if count > 1 else ""

    async def press(self, person: SandboxPerson, message_id: int, button: str | int) -> None:
        """Let the person press a button.

        A link to this very bot with a payload says `/start payload`, as the client does; any other link opens
        elsewhere and is not a press. A copy button only copies; a disabled one cannot be pressed.
        """
        chat = person.telegram_user_id
        message = self._bot.chats.find(chat, message_id)
        buttons = enumerate(buttons_of(message.keyboard if message else None))
        found = next((each for place, each in buttons if button in (place, each["text"])), None)
        if message is None or found is None or "disabled" in found:
            raise NotThere(str(button))
        if "url" in found:
            payload = start_payload(found["url"], self.username)
            if payload is None:
                raise NotThere(str(button))
            await self.say(person, f"/start {payload}")
        elif "callback_data" in found:
            query_id = str(secrets.randbits(62))
            self._bot.store.ask(query_id, self._bot.now())
            query = {
                "id": query_id,
                "from": account(person),
                "message": self._bot.as_telegram(message),
                "chat_instance": str(chat),
                "data": found["callback_data"],
            }
            self._put("callback_query", query, chat, None)

    def menu(self, person: SandboxPerson) -> list[dict[str, str]]:
        """Return the commands that the person's client lists: the narrowest scope wins, the language within it."""
        chat = {"type": "chat", "chat_id": person.telegram_user_id}
        scopes = (chat, {"type": "all_private_chats"}, {"type": "default"})
        menus = self._bot.store.setting("commands", {})
        for scope in scopes:
            for language in (person.locale, ""):
                if found := menus.get(menu_key(scope, language)):
                    return [{"command": each["command"], "description": each["description"]} for each in found]
        return []

    def shown(self, person: SandboxPerson) -> list[ShownMessage]:
        """Return the person's chat as it looks now."""
        files_url = f"{self.api_url}/files"
        return [shown_message(message, files_url) for message in self._bot.chats.of(person.telegram_user_id)]

    async def raw(self, body: bytes, content_type: str) -> int:
        """Deliver a body as it is: posted to the webhook, or queued for the poller.

        A poller gets its updates inside a JSON answer, so a body that is not JSON can only be posted: 400.
        """
        if self._bot.webhook.settings.url:
            with contextlib.suppress(ValueError):
                self._note_topic(decode_json(body.decode()))
            return await self._bot.webhook.post(body, content_type)
        try:
            text = body.decode()
            update = decode_json(text)
        except ValueError:
            return NOT_AN_UPDATE
        self._note_topic(update)
        self._bot.queue.put_raw(_update_id(update), _chat_of(update), text)
        return QUEUED

    def _note_topic(self, update: Any) -> None:
        """Let the topic of a private chat that a raw message is written in be one that can be answered in."""
        message = update.get("message") if isinstance(update, dict) else None
        thread = message.get("message_thread_id") if isinstance(message, dict) else None
        if type(thread) is int and (chat := _chat_of(update)):
            self._bot.chats.open_topic(chat, thread)

    def undelivered(self) -> int:
        """How many updates the service has not confirmed."""
        return len(self._bot.queue)

    def _put(self, kind: str, value: dict[str, Any], chat: int, update_id: int | None) -> None:
        """Queue an update, twice or out of order if a fault wants it so."""
        faults = self._world.faults
        self._bot.queue.put(
            kind,
            value,
            chat,
            update_id=update_id,
            twice=faults.strikes("telegram", "duplicate_events"),
            later=faults.strikes("telegram", "reorder_events"),
        )


def _origin(now: float) -> dict[str, Any]:
    """Return whose words are passed on: somebody's who hides their account."""
    return {"type": "hidden_user", "sender_user_name": "Somebody", "date": int(now)}


def _update_id(update: Any) -> int | None:
    """Return the id of a raw update, where it has one that can be counted with."""
    value = update.get("update_id") if isinstance(update, dict) else None
    is_id = isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**53
    return value if is_id else None


def _chat_of(update: Any) -> int:
    """Return the chat a raw update belongs to, 0 when it tells none."""
    for value in update.values() if isinstance(update, dict) else ():
        sender = value.get("from") if isinstance(value, dict) else None
        if isinstance(sender, dict) and isinstance(sender.get("id"), int):
            return int(sender["id"])
    return 0
