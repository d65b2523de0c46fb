"""Reading of texts, shared by sending and editing."""

from bot.sandbox.telegram.errors import bad_request
from bot.sandbox.telegram.markup import format_text
from bot.sandbox.telegram.messages import account
from bot.sandbox.telegram.params import Params
from bot.sandbox.telegram.state import BotState
from bot.sandbox.telegram.text import MAX_CAPTION, MAX_TEXT, FormattedText, utf16_length


def read_text(bot: BotState, params: Params) -> FormattedText:
    """Read `text`; 1 to 4096 UTF-16 code units after parsing."""
    source = params.text("text")
    if not source:
        raise bad_request("message text is empty")
    formatted = _named(bot, format_text(source, params.text("parse_mode")))
    if not formatted.text:
        raise bad_request("text must be non-empty")
    if utf16_length(formatted.text) > MAX_TEXT:
        raise bad_request("message is too long")
    return formatted


def read_caption(bot: BotState, params: Params) -> FormattedText:
    """Read `caption`; up to 1024 UTF-16 code units after parsing."""
    formatted = _named(bot, format_text(params.text("caption"), params.text("parse_mode")))
    if utf16_length(formatted.text) > MAX_CAPTION:
        raise bad_request("message caption is too long")
    return formatted


def is_html(params: Params) -> bool:
    """Whether the text came as HTML."""
    return params.text("parse_mode").lower() == "html"


def _named(bot: BotState, formatted: FormattedText) -> FormattedText:
    """Complete mentions by id; one of a stranger is dropped in silence, as in Telegram."""
    entities = []
    for each in formatted.entities:
        if each["type"] != "text_mention":
            entities.append(each)
        elif person := bot.world.by_telegram(each["user"]["id"]):
            entities.append({**each, "user": account(person)})
    return FormattedText(formatted.text, entities)
