"""`imbot.v2.Chat.*`: messages of the bot and the typing indicator."""

import json
from dataclasses import dataclass
from typing import Any

from bot.sandbox.portal.core import Portal, cut
from bot.sandbox.portal.errors import RestError, access_denied, invalid
from bot.sandbox.portal.keyboards import read_keyboard
from bot.sandbox.portal.params import Params
from bot.sandbox.portal.registry import Answer, method
from bot.sandbox.portal.state import Bot, Chat, Message

ANSWER_FIELDS = ("message", "attach", "keyboard", "system", "urlPreview")
_SEND_FIELDS = (*ANSWER_FIELDS, "replyId", "templateId", "forwardIds")
_UPDATE_FIELDS = ("message", "attach", "keyboard", "urlPreview")
_LONGEST_ATTACH = 60_000
_ATTACH_BLOCKS = {"MESSAGE", "LINK", "USER", "GRID", "IMAGE", "FILE", "DELIMITER"}
_LONGEST_ACTION = 600
_ACTIONS = (
    "THINKING",
    "SEARCHING",
    "GENERATING",
    "ANALYZING",
    "PROCESSING",
    "TRANSLATING",
    "CONNECTING",
    "CHECKING",
    "CALCULATING",
    "READING_DOCS",
    "COMPOSING",
)


@dataclass(frozen=True, slots=True)
class Content:
    """What a new message carries."""

    text: str
    keyboard: dict[str, Any] | None
    attach: Any
    is_system: bool


def _attach(value: Any) -> Any:
    """Return an attachment, or None for an empty one; each block has exactly one known key."""
    if isinstance(value, str) and value:
        try:
            value = json.loads(value)
        except (ValueError, RecursionError) as wrong:
            raise RestError("ATTACH_ERROR", "The attachment is not valid JSON") from wrong
    if value in (None, "", [], {}):
        return None
    blocks = value.get("BLOCKS") if isinstance(value, dict) else value
    if not isinstance(blocks, list):
        raise RestError("ATTACH_ERROR", "The attachment has no blocks")
    if not all(isinstance(block, dict) and len(block) == 1 and set(block) <= _ATTACH_BLOCKS for block in blocks):
        raise RestError("ATTACH_ERROR", "A block must have exactly one known key")
    if len(json.dumps(value, ensure_ascii=False)) > _LONGEST_ATTACH:
        raise RestError("ATTACH_OVERSIZE", f"The attachment is longer than {_LONGEST_ATTACH} characters")
    return value


def _keyboard(portal: Portal, bot: Bot, value: Any, *, is_update: bool = False) -> dict[str, Any] | None:
    """Read a keyboard of the bot."""
    return read_keyboard(
        value,
        bot_id=bot.id,
        is_command=lambda name: portal.memory.command_named(bot.id, name) is not None,
        is_update=is_update,
    )


def content(portal: Portal, bot: Bot, fields: Params) -> Content:
    """Read what a new message carries; nothing to show is refused."""
    fields.flag("urlPreview", default=True)
    text, attach = fields.text("message", ""), _attach(fields.values.get("attach"))
    if not text.strip() and attach is None:
        raise RestError("EMPTY_MESSAGE", "Message is empty")
    keyboard = _keyboard(portal, bot, fields.values.get("keyboard", "N"))
    return Content(text, keyboard, attach, fields.flag("system", default=False))


def send_into(portal: Portal, bot: Bot, chat: Chat, what: Content, *, uuid: str = "") -> Message:
    """Put a message into a dialog, unless the person has blocked the bot."""
    portal.refuse_blocked(chat)
    return portal.post(
        bot,
        chat,
        what.text,
        author_id=0 if what.is_system else bot.id,
        keyboard=what.keyboard,
        attach=what.attach,
        uuid=uuid,
    )


def _own_message(portal: Portal, bot: Bot, params: Params) -> Message:
    """Return a message that the bot wrote; any other is refused, and so is a system message."""
    message = portal.memory.messages.get(params.integer("messageId"))
    if message is None or message.author_id != bot.id:
        raise access_denied("The message is not the bot's own")
    return message


def send(portal: Portal, params: Params) -> Answer:
    """Send a message into a dialog; a person's id opens one where there is none."""
    bot = portal.own_bot(params)
    chat = portal.dialog(bot, params)
    fields = params.mapping("fields")
    fields.only(_SEND_FIELDS)
    if fields.has("forwardIds"):
        raise RestError("SENDING_FAILED", "The sandbox does not forward messages")
    if fields.has("replyId"):
        replied = portal.memory.messages.get(fields.integer("replyId"))
        if replied is None or replied.chat_id != chat.id:
            raise access_denied("There is no such message to reply to")
    message = send_into(portal, bot, chat, content(portal, bot, fields), uuid=fields.text("templateId", ""))
    return Answer({"id": message.id, "uuidMap": {}})


def update(portal: Portal, params: Params) -> Answer:
    """Change a message of the bot's own; what is not given stays; its keyboard is unlocked."""
    bot = portal.own_bot(params)
    message = _own_message(portal, bot, params)
    fields = params.mapping("fields", required=True)
    fields.only(_UPDATE_FIELDS)
    fields.flag("urlPreview", default=True)
    text = cut(fields.text("message", message.text))
    attach = _attach(fields.values["attach"]) if "attach" in fields.values else message.attach
    if not text.strip() and attach is None and not message.file_ids:
        raise RestError("EMPTY_MESSAGE", "Message is empty")
    if "keyboard" in fields.values:
        message.keyboard = _keyboard(portal, bot, fields.values["keyboard"], is_update=True)
    message.text, message.attach = text, attach
    message.is_edited, message.is_locked = True, False
    portal.memory.save("message", message)
    portal.world.changed.set()
    return Answer({"result": True})


def delete(portal: Portal, params: Params) -> Answer:
    """Delete a message of the bot's own."""
    bot = portal.own_bot(params)
    params.flag("complete", default=False)
    portal.memory.forget_message(_own_message(portal, bot, params))
    portal.world.changed.set()
    return Answer({"result": True})


def read(portal: Portal, params: Params) -> Answer:
    """Mark the dialog as read up to a message, or wholly."""
    bot = portal.own_bot(params)
    chat = portal.dialog(bot, params)
    seen = [each.id for each in portal.memory.messages_of(chat.id) if each.author_id == chat.user_id]
    last = params.integer("messageId", seen[-1] if seen else 0)
    if params.has("messageId") and (last not in portal.memory.messages):
        raise RestError("MESSAGE_NOT_FOUND", "Message not found")
    viewed = [each for each in seen if each <= last]
    return Answer({"chatId": chat.id, "lastId": last, "counter": len(seen) - len(viewed), "viewedMessages": viewed})


def notify_action(portal: Portal, params: Params) -> Answer:
    """Show that the bot is at work; the sandbox shows nothing, it only looks at the parameters."""
    bot = portal.own_bot(params)
    portal.dialog(bot, params)
    code = params.text("statusMessageCode", "")
    if code and code not in {f"IMBOT_AGENT_ACTION_{each}" for each in _ACTIONS}:
        raise invalid("statusMessageCode", "a known status")
    if not 1 <= params.integer("duration", 1) <= _LONGEST_ACTION:
        raise invalid("duration", f"between 1 and {_LONGEST_ACTION}")
    return Answer({"result": True})


METHODS = (
    method("imbot.v2.Chat.Message.send", send, "botId botToken dialogId fields", writes=True),
    method("imbot.v2.Chat.Message.update", update, "botId botToken messageId fields", writes=True),
    method("imbot.v2.Chat.Message.delete", delete, "botId botToken messageId complete", writes=True),
    method("imbot.v2.Chat.Message.read", read, "botId botToken dialogId messageId"),
    method("imbot.v2.Chat.InputAction.notify", notify_action, "botId botToken dialogId statusMessageCode duration"),
)
