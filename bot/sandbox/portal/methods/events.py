"""`imbot.v2.Event.get`: the queue of a bot in fetch mode."""

from bot.sandbox.portal.core import Portal
from bot.sandbox.portal.errors import RestError, invalid
from bot.sandbox.portal.params import Params
from bot.sandbox.portal.registry import Answer, method

_DEFAULT_LIMIT = 100
_LARGEST_LIMIT = 1000


def get(portal: Portal, params: Params) -> Answer:
    """Confirm what lies below `offset`, and return what waits. An empty page keeps the offset that was given."""
    bot = portal.own_bot(params)
    limit, offset = params.integer("limit", _DEFAULT_LIMIT), params.integer("offset", 0)
    if not 1 <= limit <= _LARGEST_LIMIT:
        raise invalid("limit", f"between 1 and {_LARGEST_LIMIT}")
    if params.flag("withUserEvents", default=False):
        raise RestError("USER_NOT_SUBSCRIBED", "User not subscribed")
    portal.queues.confirm(bot.id, offset)
    page, has_more = portal.queues.take(bot.id, limit)
    following = max([offset, *(each.id + 1 for each in page)])
    portal.world.changed.set()
    return Answer({"events": [each.event for each in page], "nextOffset": following, "hasMore": has_more})


METHODS = (method("imbot.v2.Event.get", get, "botId botToken offset limit withUserEvents"),)
