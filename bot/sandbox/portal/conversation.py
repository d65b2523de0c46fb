"""People in their chats with the bot: what they say, press and see, and the events that this causes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.sandbox.portal.core import Portal
from bot.sandbox.portal.keyboards import shown_buttons, visible_buttons
from bot.sandbox.portal.methods.files import address, store
from bot.sandbox.portal.objects import PORTAL_ZONE, chat_object, message_object, user_object
from bot.sandbox.portal.outflow import Happening
from bot.sandbox.portal.state import Bot, Chat, Command, Message
from bot.sandbox.world import NotThere, SandboxPerson, SentFile, ShownFile, ShownMessage


class Conversation:
    """The side of the portal that people use."""

    def __init__(self, portal: Portal, *, echo_commands: bool) -> None:
        """Send a MESSAGEADD beside the COMMANDADD of a typed command when `echo_commands` is set."""
        self._portal = portal
        self._echo_commands = echo_commands

    def open(self, person: SandboxPerson) -> None:
        """Open the chat: the first time, the bot learns of it."""
        bot = self._bot()
        joined = self._join(self._chat(bot, person), self._portal.world.clock.now())
        if joined:
            self._portal.outflow.emit(bot, person.bitrix24_user_id, joined)
            self._portal.world.changed.set()

    def say(
        self,
        person: SandboxPerson,
        text: str,
        at: datetime | None,
        event_id: int | None,
        *,
        is_forwarded: bool = False,
        files: Sequence[SentFile] = (),
        reply_to: int | None = None,
    ) -> int:
        """Add the person's message and tell the bot. The same text under the same `event_id` is delivered again."""
        portal = self._portal
        bot = self._bot()
        chat = self._chat(bot, person)
        answered = portal.memory.messages.get(reply_to) if reply_to is not None else None
        if reply_to is not None and (answered is None or answered.chat_id != chat.id):
            raise NotThere(f"there is no message {reply_to} in the chat")
        repeated = self._said_before(chat, text, event_id)
        message = repeated or Message(
            id=portal.rows.next_id("message"),
            chat_id=chat.id,
            bot_id=bot.id,
            author_id=person.bitrix24_user_id,
            text=text,
            sent_at=int((at or portal.world.clock.now()).timestamp()),
            event_id=event_id,
            forwarded_from=self._somebody_else(person) if is_forwarded else 0,
            reply_to=reply_to,
            file_ids=[store(portal, chat.id, each.name, each.content).id for each in files],
        )
        happenings = self._join(chat, message.at)
        if repeated is None:
            portal.memory.add_message(message)
        happenings += self._told(bot, chat, message)
        portal.outflow.emit(bot, person.bitrix24_user_id, happenings)
        portal.world.changed.set()
        return message.id

    def press(self, person: SandboxPerson, message_id: int, text: str | int) -> None:
        """Press a button; links and what only the client does tell the bot nothing."""
        portal = self._portal
        bot = self._bot()
        chat = portal.memory.find_chat(bot.id, person.bitrix24_user_id)
        message = portal.memory.messages.get(message_id)
        if chat is None or message is None or message.chat_id != chat.id:
            raise NotThere(f"there is no message {message_id} in the chat")
        button = self._pressable(message, text)
        if button.get("ACTION") == "SEND":
            self.say(person, button["ACTION_VALUE"], None, None)
        command = portal.memory.command_named(bot.id, button.get("COMMAND", ""))
        if command is None:
            return
        if button.get("BLOCK") == "Y":
            message.is_locked = True
            portal.memory.save("message", message)
        now = portal.world.clock.now()
        happening = self._commanded(command, button.get("COMMAND_PARAMS", ""), chat, message, pressed_at=now)
        portal.outflow.emit(bot, person.bitrix24_user_id, [happening])
        portal.world.changed.set()

    def shown(self, person: SandboxPerson) -> list[ShownMessage]:
        """Return the chat as the desktop client shows it."""
        memory = self._portal.memory
        bot = memory.newest_bot()
        chat = memory.find_chat(bot.id, person.bitrix24_user_id) if bot else None
        if chat is None:
            return []
        return [self._shown(message) for message in memory.messages_of(chat.id)]

    def _shown(self, message: Message) -> ShownMessage:
        """Show one message."""
        files = [self._portal.memory.files[file_id] for file_id in message.file_ids]
        return ShownMessage(
            id=message.id,
            author="bot" if message.author_id in (0, message.bot_id) else "person",
            text=message.text,
            markup="bbcode",
            at=message.at,
            buttons=shown_buttons(message.keyboard, is_locked=message.is_locked),
            edited=message.is_edited,
            files=[
                ShownFile(each.name, each.size, address(self._portal, each), each.width, each.height) for each in files
            ],
        )

    def _bot(self) -> Bot:
        """The bot that people talk to."""
        bot = self._portal.memory.newest_bot()
        if bot is None:
            raise NotThere("no bot is registered on the portal yet")
        return bot

    def _chat(self, bot: Bot, person: SandboxPerson) -> Chat:
        """The person's dialog with the bot; who was dismissed has none any more."""
        if not self._portal.accounts[person.bitrix24_user_id].is_active:
            raise NotThere(f"{person.name} does not work there any more")
        return self._portal.memory.open_chat(bot.id, person.bitrix24_user_id)

    def _said_before(self, chat: Chat, text: str, event_id: int | None) -> Message | None:
        """The message that was already said under this event id."""
        if event_id is None:
            return None
        messages = self._portal.memory.messages_of(chat.id)
        return next((each for each in messages if each.event_id == event_id and each.text == text), None)

    def _join(self, chat: Chat, at: datetime) -> list[Happening]:
        """Tell of the opened dialog, once."""
        if chat.is_joined:
            return []
        chat.is_joined = True
        self._portal.memory.save("chat", chat)
        data = {"dialogId": str(chat.user_id), **self._context(chat)}
        return [Happening("ONIMBOTV2JOINCHAT", data, at)]

    def _told(self, bot: Bot, chat: Chat, message: Message) -> list[Happening]:
        """Tell of a message: as a command when it begins with a registered one, as a message otherwise or as well."""
        happenings = []
        if message.text.startswith("/"):
            name, *rest = message.text.split(maxsplit=1)
            command = self._portal.memory.command_named(bot.id, name)
            if command is not None:
                params = rest[0] if rest else ""
                happenings.append(self._commanded(command, params, chat, message))
        if not happenings or self._echo_commands:
            data = {"message": message_object(message), **self._context(chat)}
            happenings.append(Happening("ONIMBOTV2MESSAGEADD", data, message.at))
        if message.event_id is not None:
            first = happenings[0]
            happenings[0] = Happening(first.type, first.data, first.at, message.event_id)
        return happenings

    def _commanded(
        self, command: Command, params: str, chat: Chat, message: Message, *, pressed_at: datetime | None = None
    ) -> Happening:
        """Tell of a command: pressed at some instant, or else typed."""
        context = "keyboard" if pressed_at else "textarea"
        about = {"id": command.id, "command": f"/{command.name}", "params": params, "context": context}
        data = {"command": about, "message": message_object(message), **self._context(chat)}
        return Happening("ONIMBOTV2COMMANDADD", data, pressed_at or message.at)

    def _context(self, chat: Chat) -> dict[str, Any]:
        """What every event says about its dialog, person and portal."""
        account, now = self._portal.accounts[chat.user_id], self._portal.world.clock.now()
        user = user_object(account, is_away=self._portal.staff.is_away(account.id, now.astimezone(PORTAL_ZONE).date()))
        return {"chat": chat_object(chat), "user": user, "language": self._portal.language}

    def _somebody_else(self, person: SandboxPerson) -> int:
        """Whose words a forwarded message is."""
        return next(each for each in self._portal.accounts if each != person.bitrix24_user_id)

    def _pressable(self, message: Message, text: str | int) -> dict[str, Any]:
        """The button of that text or at that place, if it can be pressed now."""
        for place, (button, _) in enumerate(visible_buttons(message.keyboard)):
            is_locked = message.is_locked and "COMMAND" in button
            if text in (place, button["TEXT"]) and button.get("DISABLED") != "Y" and not is_locked:
                return button
        raise NotThere(f"there is no button {text!r} to press under message {message.id}")
