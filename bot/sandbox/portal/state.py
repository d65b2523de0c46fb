"""What the portal holds: its bots, commands, chats and messages, in memory and written through to the rows."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import Any

from bot.sandbox.portal.rows import Kind, Rows


@dataclass(slots=True)
class Bot:
    """A registered chat-bot; `avatar_id` is the file of its picture, `client_id` the application it belongs to."""

    id: int
    code: str
    token: str
    name: str
    last_name: str = ""
    work_position: str = ""
    color: str = "#df532d"
    gender: str = "M"
    type: str = "bot"
    event_mode: str = "fetch"
    webhook_url: str = ""
    is_hidden: bool = False
    is_reactions_enabled: bool = True
    is_support_openline: bool = False
    background_id: str | None = None
    avatar_id: int = 0
    client_id: str = ""
    owner_id: int = 0


@dataclass(slots=True)
class Command:
    """A slash command of a bot; `name` has no slash."""

    id: int
    bot_id: int
    name: str
    title: dict[str, str]
    params: dict[str, str]
    common: bool = False
    hidden: bool = False
    extranet_support: bool = False


@dataclass(slots=True)
class Chat:
    """The private dialog of one bot and one person; `is_joined` once the person has opened it."""

    id: int
    bot_id: int
    user_id: int
    is_joined: bool = False


@dataclass(slots=True)
class Message:
    """A message of a dialog; `sent_at` is epoch seconds, `author_id` is 0 for a system message."""

    id: int
    chat_id: int
    bot_id: int
    author_id: int
    text: str
    sent_at: int
    keyboard: dict[str, Any] | None = None
    attach: Any = None
    uuid: str = ""
    is_edited: bool = False
    is_locked: bool = False
    file_ids: list[int] = field(default_factory=list)
    event_id: int | None = None
    forwarded_from: int = 0
    reply_to: int | None = None

    @property
    def at(self) -> datetime:
        """The instant of the message."""
        return datetime.fromtimestamp(self.sent_at, UTC)


@dataclass(slots=True)
class StoredFile:
    """A file that a bot uploaded; `key` makes its address hard to guess, a picture has a width and a height."""

    id: int
    chat_id: int
    name: str
    size: int
    key: str
    width: int = 0
    height: int = 0


class Memory:
    """Everything by id; `save` and `forget` are the only ways to change what is on disk."""

    def __init__(self, rows: Rows) -> None:
        """Read everything back."""
        self.rows = rows
        self.bots = {row_id: Bot(**body) for row_id, body in rows.all("bot")}
        self.commands = {row_id: Command(**body) for row_id, body in rows.all("command")}
        self.chats = {row_id: Chat(**body) for row_id, body in rows.all("chat")}
        self.messages = {row_id: Message(**body) for row_id, body in rows.all("message")}
        self.files = {row_id: StoredFile(**body) for row_id, body in rows.all("file")}
        self._pairs = {(chat.bot_id, chat.user_id): chat for chat in self.chats.values()}
        self.message_count = Counter(message.bot_id for message in self.messages.values())
        self.chat_count = Counter(chat.bot_id for chat in self.chats.values())
        self._by_chat: dict[int, list[int]] = {}
        for message in self.messages.values():
            self._by_chat.setdefault(message.chat_id, []).append(message.id)

    def save(self, kind: Kind, thing: Bot | Command | Chat | Message | StoredFile) -> None:
        """Write a thing as it is now."""
        self.rows.put(kind, thing.id, {each.name: getattr(thing, each.name) for each in fields(thing)})

    def bot_by_code(self, code: str) -> Bot | None:
        """The bot of that code."""
        return next((bot for bot in self.bots.values() if bot.code == code), None)

    def newest_bot(self) -> Bot | None:
        """The bot that people talk to: the one registered last."""
        return self.bots[max(self.bots)] if self.bots else None

    def commands_of(self, bot_id: int) -> list[Command]:
        """The commands of a bot, in order of registration."""
        return [command for command in self.commands.values() if command.bot_id == bot_id]

    def command_named(self, bot_id: int, name: str) -> Command | None:
        """The command of a bot, with or without its slash."""
        wanted = name.removeprefix("/").lower()
        return next((each for each in self.commands_of(bot_id) if each.name.lower() == wanted), None)

    def find_chat(self, bot_id: int, user_id: int) -> Chat | None:
        """The dialog of a bot and a person, if there is one."""
        return self._pairs.get((bot_id, user_id))

    def open_chat(self, bot_id: int, user_id: int) -> Chat:
        """The dialog of a bot and a person, made where there is none."""
        chat = self._pairs.get((bot_id, user_id))
        if chat is None:
            chat = Chat(self.rows.next_id("chat"), bot_id, user_id)
            self.chats[chat.id] = self._pairs[bot_id, user_id] = chat
            self.chat_count[bot_id] += 1
            self.save("chat", chat)
        return chat

    def add_message(self, message: Message) -> None:
        """Add a new message at the end of its chat."""
        self.messages[message.id] = message
        self.message_count[message.bot_id] += 1
        self._by_chat.setdefault(message.chat_id, []).append(message.id)
        self.save("message", message)

    def forget_message(self, message: Message) -> None:
        """Delete a message."""
        del self.messages[message.id]
        self.message_count[message.bot_id] -= 1
        self._by_chat[message.chat_id].remove(message.id)
        self.rows.drop("message", [message.id])

    def messages_of(self, chat_id: int) -> Iterator[Message]:
        """The messages of a chat, oldest first."""
        for message_id in self._by_chat.get(chat_id, ()):
            yield self.messages[message_id]

    def forget_bot(self, bot: Bot) -> None:
        """Delete a bot and its commands; its messages stay where they were."""
        gone = [command.id for command in self.commands_of(bot.id)]
        for command_id in gone:
            del self.commands[command_id]
        del self.bots[bot.id]
        self.rows.drop("command", gone)
        self.rows.drop("bot", [bot.id])
