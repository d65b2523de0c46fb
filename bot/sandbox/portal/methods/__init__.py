"""The methods of the portal, by name."""

from bot.sandbox.portal.methods import (
    application,
    bots,
    calendar,
    commands,
    context,
    events,
    files,
    messages,
    people,
    system,
)
from bot.sandbox.portal.registry import Method

METHODS: dict[str, Method] = {
    each.name: each
    for module in (application, bots, calendar, commands, context, events, files, messages, people, system)
    for each in module.METHODS
}
