"""Methods that send a message."""

from typing import Any

from bot.sandbox.telegram.errors import bad_request
from bot.sandbox.telegram.keyboards import read_keyboard
from bot.sandbox.telegram.messages import Message
from bot.sandbox.telegram.methods.content import is_html, read_caption, read_text
from bot.sandbox.telegram.methods.registry import method
from bot.sandbox.telegram.params import Params
from bot.sandbox.telegram.state import BotState
from bot.sandbox.telegram.text import FormattedText

_COMMON = (
    "chat_id",
    "message_thread_id",
    "parse_mode",
    "disable_notification",
    "protect_content",
    "reply_parameters",
    "reply_markup",
)


@method("sendMessage", *_COMMON, "text", "link_preview_options")
async def send_message(bot: BotState, params: Params) -> dict[str, Any]:
    """Send a text."""
    _check_link_preview(params)
    return _send(bot, params, "text", read_text(bot, params))


@method("sendDocument", *_COMMON, "document", "caption", "disable_content_type_detection")
async def send_document(bot: BotState, params: Params) -> dict[str, Any]:
    """Send a file."""
    return _send(bot, params, "document", read_caption(bot, params))


@method("sendPhoto", *_COMMON, "photo", "caption")
async def send_photo(bot: BotState, params: Params) -> dict[str, Any]:
    """Send a PNG or JPEG picture."""
    return _send(bot, params, "photo", read_caption(bot, params))


def _send(bot: BotState, params: Params, kind: str, formatted: FormattedText) -> dict[str, Any]:
    """Check what all messages have in common, then send."""
    keyboard = read_keyboard(params)
    person = bot.reachable_person(params)
    chat = person.telegram_user_id
    reply_to = _read_reply(bot, params, chat)
    thread = params.integer("message_thread_id", 0, low=0)
    if thread and not bot.chats.has_topic(chat, thread):
        raise bad_request("message thread not found")
    bot.limits.take(chat)
    message = Message(
        id=0,
        chat=chat,
        author="bot",
        source=params.text("text" if kind == "text" else "caption"),
        text=formatted.text,
        date=bot.now(),
        entities=formatted.entities,
        keyboard=keyboard,
        file=None if kind == "text" else bot.files.take(params, kind),
        reply_to=reply_to,
        extra={"is_html": is_html(params), **({"thread": thread} if thread else {})},
    )
    message.id = bot.chats.next_id()
    bot.chats.put(message)
    bot.changed()
    return bot.as_telegram(message)


def _check_link_preview(params: Params) -> None:
    """Check `link_preview_options`; the sandbox shows no previews."""
    options = params.structure("link_preview_options", "link preview options")
    if options is not None and not isinstance(options, dict):
        raise bad_request("object expected as link preview options")


def _read_reply(bot: BotState, params: Params, chat: int) -> int | None:
    """Read the message that `reply_parameters` names."""
    reply = params.structure("reply_parameters", "reply parameters")
    if reply is None:
        return None
    if not isinstance(reply, dict):
        raise bad_request("object expected as reply parameters")
    surplus = reply.keys() - {"message_id", "allow_sending_without_reply"}
    if surplus:
        raise bad_request(f'reply parameters with field "{min(surplus)}" are not emulated')
    message_id = reply.get("message_id")
    if not isinstance(message_id, int) or isinstance(message_id, bool):
        raise bad_request("can't parse reply parameters: Can't find field \"message_id\"")
    if bot.chats.find(chat, message_id) is not None:
        return message_id
    if reply.get("allow_sending_without_reply") is True:
        return None
    raise bad_request("message to be replied not found")
