"""Methods about a chat."""

from typing import Any

from bot.sandbox.telegram.errors import bad_request
from bot.sandbox.telegram.messages import private_chat
from bot.sandbox.telegram.methods.registry import method
from bot.sandbox.telegram.params import Params
from bot.sandbox.telegram.state import BotState

_ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)
_GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")


@method("sendChatAction", "chat_id", "action", writes=False)
async def send_chat_action(bot: BotState, params: Params) -> bool:
    """Show that the bot is typing; the page does not show it."""
    if params.text("action") not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    bot.reachable_person(params)
    return True


@method("getChat", "chat_id", writes=False)
async def get_chat(bot: BotState, params: Params) -> dict[str, Any]:
    """Return what is known of a person who has written to the bot."""
    person = bot.known_person(params)
    if not bot.chats.has_started(person.telegram_user_id):
        raise bad_request("chat not found")
    return {
        **private_chat(person),
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(_GIFTS, False),
    }
