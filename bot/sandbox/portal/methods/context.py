"""`im.v2.Chat.Bot.sendContext`: what a client calls when somebody opens a bot by a link that carries something."""

from bot.sandbox.portal.core import Portal
from bot.sandbox.portal.errors import access_denied
from bot.sandbox.portal.objects import chat_object, user_object
from bot.sandbox.portal.outflow import Happening
from bot.sandbox.portal.params import Params
from bot.sandbox.portal.registry import Answer, method


def send_context(portal: Portal, params: Params) -> Answer:
    """Tell the bot what the caller has opened it with."""
    context = params.mapping("context", required=True).values
    bot = portal.memory.bots.get(params.integer("dialogId"))
    if bot is None:
        raise access_denied("There is no such dialog")
    chat = portal.memory.open_chat(bot.id, params.caller.account.id)
    data = {
        "dialogId": str(chat.user_id),
        "context": context,
        "chat": chat_object(chat),
        "user": user_object(portal.accounts[chat.user_id]),
        "language": portal.language,
    }
    portal.outflow.emit(bot, chat.user_id, [Happening("ONIMBOTV2CONTEXTGET", data, portal.world.clock.now())])
    return Answer({"result": True})


METHODS = (method("im.v2.Chat.Bot.sendContext", send_context, "dialogId context", writes=True),)
