"""One bot and all that its methods work on."""

import re
import secrets
import time
from typing import Any

from bot.sandbox.telegram.errors import bad_request, forbidden
from bot.sandbox.telegram.files import Files
from bot.sandbox.telegram.limits import Monotonic, SendLimits
from bot.sandbox.telegram.messages import Chats, Message, account, private_chat
from bot.sandbox.telegram.params import Params
from bot.sandbox.telegram.store import Store
from bot.sandbox.telegram.updates import UpdateQueue
from bot.sandbox.telegram.webhook import Webhook
from bot.sandbox.world import SandboxPerson, World

_CHAT_ID = re.compile(r"-?\d{1,19}")


class BotState:
    """The bot's chats, updates, webhook, files and limits, restored from the sandbox's database."""

    def __init__(self, world: World, username: str, monotonic: Monotonic = time.monotonic) -> None:
        self.world = world
        self.username = username
        self.store = Store(world.db)
        self.token: str = self.store.setting("token", "")
        if not self.token:
            self.token = f"{secrets.randbelow(10**9) + 10**9}:{secrets.token_urlsafe(32)[:35]}"
            self.store.set_setting("token", self.token)
        self.id = int(self.token.partition(":")[0])
        self.chats = Chats(self.store)
        self.queue = UpdateQueue(self.store)
        self.webhook = Webhook(self.store, self.queue, world.clock)
        self.files = Files(self.store)
        self.limits = SendLimits(monotonic)

    def now(self) -> float:
        """Return the sandbox's time as an epoch."""
        return self.world.clock.now().timestamp()

    def me(self) -> dict[str, Any]:
        """Return the bot as a Telegram User."""
        return {"id": self.id, "is_bot": True, "first_name": "Smena", "username": self.username}

    def known_person(self, params: Params) -> SandboxPerson:
        """Return the person whose private chat `chat_id` names."""
        value = params.text("chat_id")
        if not value:
            raise bad_request("chat_id is empty")
        person = self.world.by_telegram(int(value)) if _CHAT_ID.fullmatch(value) else None
        if person is None:
            raise bad_request("chat not found")
        return person

    def reachable_person(self, params: Params) -> SandboxPerson:
        """Return the person of `chat_id`, provided that the bot may write to them."""
        person = self.known_person(params)
        if not self.chats.has_started(person.telegram_user_id):
            raise forbidden("bot can't initiate conversation with a user")
        if self.world.faults.strikes("telegram", "blocked_by_person", person.key):
            raise forbidden("bot was blocked by the user")
        return person

    def as_telegram(self, message: Message, *, is_nested: bool = False) -> dict[str, Any]:
        """Return the message as the Bot API tells it."""
        person = self.world.by_telegram(message.chat)
        if person is None:  # the sandbox's people are fixed; a database of other people is refused by this
            raise bad_request("chat not found")
        told: dict[str, Any] = {
            "message_id": message.id,
            "from": self.me() if message.author == "bot" else account(person),
            "chat": private_chat(person),
            "date": int(message.date),
        }
        if message.edit_date is not None:
            told["edit_date"] = int(message.edit_date)
        replied = self.chats.find(message.chat, message.reply_to) if message.reply_to else None
        if replied is not None and not is_nested:
            told["reply_to_message"] = self.as_telegram(replied, is_nested=True)
        text, entities = ("text", "entities") if message.file is None else ("caption", "caption_entities")
        if message.file is not None:
            told.update(message.file.as_telegram())
        if message.text:
            told[text] = message.text
        if message.entities:
            told[entities] = message.entities
        if message.keyboard is not None:
            told["reply_markup"] = message.keyboard
        if album := message.extra.get("media_group_id"):
            told["media_group_id"] = album
        if origin := message.extra.get("forward_origin"):
            told["forward_origin"] = origin
        if thread := message.extra.get("thread"):
            told |= {"message_thread_id": thread, "is_topic_message": True}
        return told

    def changed(self) -> None:
        """Tell the page that something visible changed."""
        self.world.changed.set()
