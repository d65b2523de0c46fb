"""`imbot.v2.Bot.*` and the revision."""

import base64
import binascii
from typing import Any

from bot.sandbox.pictures import picture_size
from bot.sandbox.portal.core import Portal
from bot.sandbox.portal.errors import RestError
from bot.sandbox.portal.methods.files import address, store
from bot.sandbox.portal.objects import bot_object, bot_user_object
from bot.sandbox.portal.outflow import Happening
from bot.sandbox.portal.params import Params, required_text
from bot.sandbox.portal.registry import Answer, method
from bot.sandbox.portal.state import Bot

_TYPES = ("bot", "network", "openline", "supervisor", "personal")
_MODES = ("fetch", "webhook")
_BACKGROUNDS = ("azure", "mint", "steel", "slate", "teal", "cornflower", "sky", "peach", "frost")
_PROPERTIES = ("name", "lastName", "workPosition", "color", "gender", "avatar")
_FIELDS = (
    "properties",
    "isHidden",
    "isReactionsEnabled",
    "isSupportOpenline",
    "backgroundId",
    "eventMode",
    "webhookUrl",
    "botToken",
)
_MOST_BOTS = 100
_LARGEST_AVATAR = 5_000
_MOST_LISTED = 50


def _described(portal: Portal, bot: Bot) -> Answer:
    """Answer with a bot, and the bot as a user."""
    return Answer({"bot": bot_object(bot, portal.memory, portal.language), "users": [_as_user(portal, bot)]})


def _as_user(portal: Portal, bot: Bot) -> dict[str, Any]:
    """Describe a bot as a user, with its picture."""
    picture = portal.memory.files.get(bot.avatar_id)
    return bot_user_object(bot, address(portal, picture) if picture else "")


def _picture(properties: Params) -> bytes | None:
    """Return the picture that was given, if it is one."""
    encoded = properties.text("avatar", "")
    if not encoded:
        return None
    try:
        content = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError) as wrong:
        raise RestError("BOT_AVATAR_INCORRECT_TYPE", "Avatar must be an image") from wrong
    size = picture_size(content)
    if size is None:
        raise RestError("BOT_AVATAR_INCORRECT_TYPE", "Avatar must be an image")
    if max(size) > _LARGEST_AVATAR:
        raise RestError("BOT_AVATAR_INCORRECT_SIZE", "Avatar exceeds maximum size")
    return content


def _set_properties(portal: Portal, bot: Bot, properties: Params) -> None:
    """Take over the properties that were given."""
    picture = _picture(properties)
    if picture is not None:
        bot.avatar_id = store(portal, 0, "avatar.png", picture).id
    bot.name = properties.text("name", bot.name)
    bot.last_name = properties.text("lastName", bot.last_name)
    bot.work_position = properties.text("workPosition", bot.work_position)
    bot.color = properties.text("color", bot.color)
    bot.gender = properties.text("gender", bot.gender)


def _set_fields(bot: Bot, fields: Params) -> None:
    """Take over the settings that were given, all or none."""
    mode = fields.text("eventMode", bot.event_mode)
    if mode not in _MODES:
        raise RestError("BOT_INVALID_EVENT_MODE", "Invalid event mode")
    url = fields.text("webhookUrl", bot.webhook_url)
    if mode == "webhook" and not url:
        raise RestError("BOT_WEBHOOK_URL_REQUIRED", "Webhook URL is required")
    if url and not url.startswith(("http://", "https://")):
        raise RestError("BOT_INVALID_CALLBACK", "Invalid callback URL")
    hidden = fields.flag("isHidden", default=bot.is_hidden)
    reactions = fields.flag("isReactionsEnabled", default=bot.is_reactions_enabled)
    openline = fields.flag("isSupportOpenline", default=bot.is_support_openline)
    if fields.has("backgroundId"):
        wanted = fields.text("backgroundId")
        bot.background_id = wanted if wanted in _BACKGROUNDS else None
    bot.event_mode, bot.webhook_url = mode, url
    bot.is_hidden, bot.is_reactions_enabled, bot.is_support_openline = hidden, reactions, openline


def register(portal: Portal, params: Params) -> Answer:
    """Register a bot; a code that is known returns the bot as it is, without changing anything."""
    fields = params.mapping("fields", required=True)
    fields.only((*_FIELDS, "code", "type"))
    token = portal.token(fields)
    code = required_text(fields, "code", "BOT_CODE_REQUIRED", "Bot code is required")
    properties = fields.mapping("properties")
    properties.only(_PROPERTIES)
    name = required_text(properties, "name", "BOT_PROPERTIES_REQUIRED", "Bot properties are required")
    kind = fields.text("type", "bot")
    if kind not in _TYPES:
        raise RestError("BOT_INVALID_TYPE", "Invalid bot type")
    known = portal.memory.bot_by_code(code)
    if known is not None:
        if (known.token, known.client_id) != (token, params.caller.client_id):
            raise RestError("BOT_CODE_ALREADY_TAKEN", "Bot code is already taken", 403)
        return _described(portal, known)
    if len(portal.memory.bots) >= _MOST_BOTS:
        raise RestError("BOT_LIMIT_EXCEEDED", "Bot limit exceeded")
    bot = Bot(0, code, token, name, type=kind, client_id=params.caller.client_id)
    bot.owner_id = params.caller.account.id
    _picture(properties)
    _set_fields(bot, fields)
    _set_properties(portal, bot, properties)
    bot.id = portal.rows.next_id("bot")
    portal.memory.bots[bot.id] = bot
    portal.memory.save("bot", bot)
    portal.world.changed.set()
    return _described(portal, bot)


def update(portal: Portal, params: Params) -> Answer:
    """Change a bot; a new mode or address takes effect with the next event, `fields.botToken` replaces the token."""
    bot = portal.own_bot(params)
    fields = params.mapping("fields", required=True)
    fields.only(_FIELDS)
    token = portal.token(fields) if fields.has("botToken") else bot.token
    properties = fields.mapping("properties")
    properties.only(_PROPERTIES)
    if properties.has("name"):
        required_text(properties, "name", "BOT_PROPERTIES_REQUIRED", "Bot properties are required")
    _picture(properties)
    _set_fields(bot, fields)
    _set_properties(portal, bot, properties)
    bot.token = token
    portal.memory.save("bot", bot)
    portal.world.changed.set()
    return _described(portal, bot)


def get(portal: Portal, params: Params) -> Answer:
    """Return a bot by its id or code."""
    token = portal.token(params)
    if params.has("botId"):
        return _described(portal, portal.own_bot(params))
    if not params.has("code"):
        raise RestError("PARAMS_REQUIRED", "Required parameters are missing")
    bot = portal.memory.bot_by_code(params.text("code"))
    if bot is None:
        raise RestError("BOT_NOT_FOUND", "Bot not found")
    return _described(portal, portal.owned(bot, token, params))


def list_bots(portal: Portal, params: Params) -> Answer:
    """List the caller's bots."""
    token = portal.token(params)
    wanted = params.mapping("filter")
    wanted.only(("type",))
    kind = wanted.text("type", "")
    limit, offset = params.integer("limit", _MOST_LISTED), params.integer("offset", 0)
    owner = (token, params.caller.client_id)
    bots = portal.memory.bots.values()
    own = [bot for bot in bots if (bot.token, bot.client_id) == owner and kind in ("", bot.type)]
    page = own[offset : offset + limit]
    result: dict[str, Any] = {
        "bots": [bot_object(bot, portal.memory, portal.language) for bot in page],
        "users": [_as_user(portal, bot) for bot in page],
        "hasNextPage": len(own) > offset + limit,
    }
    return Answer(result)


def unregister(portal: Portal, params: Params) -> Answer:
    """Remove a bot with its commands; in webhook mode its last event says so."""
    bot = portal.own_bot(params)
    if bot.event_mode == "webhook":
        portal.outflow.emit(bot, portal.owner.id, [Happening("ONIMBOTV2DELETE", {}, portal.world.clock.now())])
    portal.memory.forget_bot(bot)
    portal.queues.forget(bot.id)
    portal.world.changed.set()
    return Answer({"result": True})


def revision(_portal: Portal, _params: Params) -> Answer:
    """Return the revisions of the messenger, for feature detection."""
    return Answer({"rest": 36, "web": 130, "mobile": 23, "desktop": 6})


METHODS = (
    method("imbot.v2.Revision.get", revision),
    method("imbot.v2.Bot.register", register, "fields", writes=True),
    method("imbot.v2.Bot.update", update, "botId botToken fields", writes=True),
    method("imbot.v2.Bot.get", get, "botId botToken code"),
    method("imbot.v2.Bot.list", list_bots, "botToken filter limit offset"),
    method("imbot.v2.Bot.unregister", unregister, "botId botToken", writes=True),
)
