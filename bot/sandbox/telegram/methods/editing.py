"""Methods that change or remove a message, and the answer to a button press."""

from typing import Any

from bot.sandbox.telegram.errors import bad_request
from bot.sandbox.telegram.keyboards import read_keyboard, start_payload
from bot.sandbox.telegram.messages import Message
from bot.sandbox.telegram.methods.content import is_html, read_text
from bot.sandbox.telegram.methods.registry import method
from bot.sandbox.telegram.params import Params
from bot.sandbox.telegram.state import BotState
from bot.sandbox.telegram.text import utf16_length

MAX_ANSWER = 200
ANSWER_WITHIN_SECONDS = 15 * 60
DELETE_WITHIN_SECONDS = 48 * 3600
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
QUERY_IS_GONE = "query is too old and response timeout expired or query ID is invalid"


@method("editMessageText", "chat_id", "message_id", "text", "parse_mode", "reply_markup", "link_preview_options")
async def edit_message_text(bot: BotState, params: Params) -> dict[str, Any]:
    """Replace text and keyboard; a keyboard that is not given again is removed."""
    formatted = read_text(bot, params)
    keyboard = read_keyboard(params)
    message = _message_to_edit(bot, params)
    if message.file is not None:
        raise bad_request("there is no text in the message to edit")
    if (formatted.text, formatted.entities, keyboard) == (message.text, message.entities, message.keyboard):
        raise bad_request(NOT_MODIFIED)
    bot.limits.take(message.chat, is_edit=True)
    message.source, message.text, message.entities = params.text("text"), formatted.text, formatted.entities
    message.keyboard = keyboard
    message.extra = {**message.extra, "is_html": is_html(params), "is_text_edited": True}
    return _edited(bot, message)


@method("editMessageReplyMarkup", "chat_id", "message_id", "reply_markup")
async def edit_message_reply_markup(bot: BotState, params: Params) -> dict[str, Any]:
    """Replace or remove the keyboard."""
    keyboard = read_keyboard(params)
    message = _message_to_edit(bot, params)
    if keyboard == message.keyboard:
        raise bad_request(NOT_MODIFIED)
    bot.limits.take(message.chat, is_edit=True)
    message.keyboard = keyboard
    return _edited(bot, message)


@method("deleteMessage", "chat_id", "message_id")
async def delete_message(bot: BotState, params: Params) -> bool:
    """Delete a message of either side that is younger than 48 hours."""
    if not params.text("chat_id"):
        raise bad_request("chat identifier is not specified")
    message_id = params.integer("message_id", 0)
    if message_id == 0:
        raise bad_request("message identifier is not specified")
    person = bot.reachable_person(params)
    message = bot.chats.find(person.telegram_user_id, message_id)
    if message is None:
        raise bad_request("message to delete not found")
    if bot.now() - message.date > DELETE_WITHIN_SECONDS:
        raise bad_request("message can't be deleted")
    bot.chats.drop(message)
    bot.changed()
    return True


@method("answerCallbackQuery", "callback_query_id", "text", "show_alert", "url", "cache_time")
async def answer_callback_query(bot: BotState, params: Params) -> bool:
    """Answer a press, once and within 15 minutes."""
    if utf16_length(params.text("text")) > MAX_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    params.integer("cache_time", 0, low=0)
    if (url := params.text("url")) and start_payload(url, bot.username) is None:
        raise bad_request("URL_INVALID")
    asked_at = bot.store.answer(params.text("callback_query_id"))
    if asked_at is None or bot.now() - asked_at > ANSWER_WITHIN_SECONDS:
        raise bad_request(QUERY_IS_GONE)
    return True


def _message_to_edit(bot: BotState, params: Params) -> Message:
    """Find the message; the bot can edit only its own."""
    message_id = params.integer("message_id", 0)
    if message_id == 0:
        raise bad_request("message identifier is not specified")
    person = bot.reachable_person(params)
    message = bot.chats.find(person.telegram_user_id, message_id)
    if message is None:
        raise bad_request("message to edit not found")
    if message.author != "bot":
        raise bad_request("message can't be edited")
    return message


def _edited(bot: BotState, message: Message) -> dict[str, Any]:
    """Write the change through and answer with the message."""
    message.edit_date = bot.now()
    bot.chats.put(message)
    bot.changed()
    return bot.as_telegram(message)
