"""The methods of the portal, by name."""

from bot.sandbox.portal.methods import bots, commands, context, events, files, messages, people, system
from bot.sandbox.portal.registry import Method

METHODS: dict[str, Method] = {
    each.name: each
    for module in (bots, commands, context, events, files, messages, people, system)
    for each in module.METHODS
}
