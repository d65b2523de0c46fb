"""The methods of the portal, by name."""

from bot.sandbox.portal.methods import (
    application,
    bots,
    calendar,
    commands,
    context,
    crm_around,
    crm_items,
    events,
    files,
    messages,
    people,
    process_tasks,
    processes,
    system,
    tasks,
    timeman,
    workflows,
)
from bot.sandbox.portal.registry import Method

_MODULES = (
    application,
    bots,
    calendar,
    commands,
    context,
    crm_around,
    crm_items,
    events,
    files,
    messages,
    people,
    process_tasks,
    processes,
    system,
    tasks,
    timeman,
    workflows,
)
METHODS: dict[str, Method] = {each.name: each for module in _MODULES for each in module.METHODS}
