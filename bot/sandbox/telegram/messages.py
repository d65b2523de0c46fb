"""The private chats of the bot: their messages as Telegram tells them and as its client shows them."""

import html
from collections import defaultdict
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from bot.sandbox.telegram.files import StoredFile
from bot.sandbox.telegram.keyboards import Keyboard, shown_buttons
from bot.sandbox.telegram.store import Store
from bot.sandbox.telegram.text import Entity
from bot.sandbox.world import SandboxPerson, ShownFile, ShownMessage

FIRST_MESSAGE_ID = 1001


@dataclass(slots=True)
class Message:
    """A message. `source` is the text as it was sent, `text` what is left of it after parsing; dates are epochs."""

    id: int
    chat: int
    author: Literal["bot", "person"]
    source: str
    text: str
    date: float
    entities: list[Entity] = field(default_factory=list)
    edit_date: float | None = None
    keyboard: Keyboard | None = None
    file: StoredFile | None = None
    reply_to: int | None = None
    extra: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def load(cls, row: dict[str, Any]) -> "Message":
        """Make a message of a stored row."""
        file = row.pop("file")
        return cls(**row, file=None if file is None else StoredFile(**file))


class Chats:
    """Messages and started chats; ids come from one counter that a restart does not turn back."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._started = store.chats()
        self._chats: dict[int, dict[int, Message]] = defaultdict(dict)
        for row in store.messages():
            message = Message.load(row)
            self._chats[message.chat][message.id] = message
        self._next_id = int(store.setting("next_message_id", FIRST_MESSAGE_ID))
        self._topics = {(chat, thread) for chat, thread in store.setting("topics", [])}

    def has_topic(self, chat: int, thread: int) -> bool:
        """Whether the person has ever written in that topic of the chat."""
        return (chat, thread) in self._topics

    def open_topic(self, chat: int, thread: int) -> None:
        """Note that the person writes in a topic."""
        if (chat, thread) not in self._topics:
            self._topics.add((chat, thread))
            self._store.set_setting("topics", sorted(self._topics))

    def has_started(self, chat: int) -> bool:
        """Whether the person has ever written to the bot."""
        return chat in self._started

    def start(self, chat: int) -> None:
        """Note that the person has written to the bot."""
        if chat not in self._started:
            self._started.add(chat)
            self._store.add_chat(chat)

    def next_id(self) -> int:
        """Return a message id that was never used."""
        taken = self._next_id
        self._next_id += 1
        self._store.set_setting("next_message_id", self._next_id)
        return taken

    def find(self, chat: int, message_id: int) -> Message | None:
        """Return the message of that id in that chat."""
        return self._chats[chat].get(message_id)

    def of(self, chat: int) -> list[Message]:
        """Every message of a chat, oldest first."""
        return list(self._chats[chat].values())

    def put(self, message: Message) -> None:
        """Add a message or write its change through."""
        self._chats[message.chat][message.id] = message
        self._store.put_message(message.id, asdict(message))

    def drop(self, message: Message) -> None:
        """Delete a message."""
        self._chats[message.chat].pop(message.id, None)
        self._store.drop_message(message.id)


def account(person: SandboxPerson) -> dict[str, Any]:
    """Return the person as a Telegram User."""
    last_name = {"last_name": person.last_name} if person.last_name else {}
    return {
        "id": person.telegram_user_id,
        "is_bot": False,
        "first_name": person.first_name,
        **last_name,
        "language_code": person.locale,
    }


def private_chat(person: SandboxPerson) -> dict[str, Any]:
    """Return the person's chat with the bot as a Telegram Chat."""
    last_name = {"last_name": person.last_name} if person.last_name else {}
    return {"id": person.telegram_user_id, "first_name": person.first_name, **last_name, "type": "private"}


def shown_message(message: Message, files_url: str) -> ShownMessage:
    """Return the message as the client shows it.

    The bot's text keeps its HTML; sent without a parse mode it is escaped, so that it reads the same. What the
    person said is left as said.
    """
    files = []
    if message.file is not None:
        file = message.file
        files.append(ShownFile(file.name, file.size, f"{files_url}/{file.id}", file.width, file.height))
    is_plain = message.author == "bot" and not message.extra.get("is_html")
    return ShownMessage(
        id=message.id,
        author=message.author,
        text=html.escape(message.source, quote=False) if is_plain else message.source,
        markup="html",
        at=datetime.fromtimestamp(message.date, UTC),
        buttons=shown_buttons(message.keyboard),
        edited=bool(message.extra.get("is_text_edited")),
        files=files,
    )
