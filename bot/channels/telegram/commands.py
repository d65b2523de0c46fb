"""What the bot says of itself in Telegram: its command menu and its descriptions, in each language."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import partial

from bot.channels.telegram.api import Api
from bot.channels.telegram.backoff import Pause, delay
from bot.channels.telegram.features import Features
from bot.i18n import LOCALES, Translator
from bot.messages import Command, DeliveryError
from bot.text import t

DESCRIPTION = t(
    "Smena keeps your working time in chat: check in, take a break, check out, see your day and your week.\n\n"
    "Press Start."
)
SHORT_DESCRIPTION = t("Working time in chat: check in, breaks, check out.")

_OTHERS = "en"
"""What readers of languages that we do not speak are shown."""
_NAME = re.compile(r"[a-z0-9_]{1,32}")
_TITLE_LIMIT = 256
_MENU_LIMIT = 100
_TRIES = 5
_log = logging.getLogger(__name__)


def menu(commands: Sequence[Command], translator: Translator) -> list[tuple[str, str]]:
    """Return the commands that everybody may use, as (name, title), as Telegram can list them."""
    return [
        (command.name, translator.plain(command.title)[:_TITLE_LIMIT])
        for command in commands
        if not command.roles and _NAME.fullmatch(command.name)
    ][:_MENU_LIMIT]


async def register(
    api: Api, commands: Sequence[Command], features: Features, now: datetime, pause: Pause = asyncio.sleep
) -> None:
    """Set menu and descriptions for every language; what Telegram will not take is logged and left."""
    for language in (None, *LOCALES):
        translator = Translator(language or _OTHERS, "UTC", now)
        if listed := menu(commands, translator):
            await _attempt(partial(api.set_commands, listed, language), "command menu", pause)
        if features.descriptions:
            long, short = translator.plain(DESCRIPTION), translator.plain(SHORT_DESCRIPTION)
            await _attempt(partial(api.set_descriptions, long, short, language), "descriptions", pause)


async def _attempt(call: Callable[[], Awaitable[None]], what: str, pause: Pause) -> None:
    for failures in range(1, _TRIES + 1):
        try:
            await call()
        except DeliveryError as error:
            if error.permanent or failures == _TRIES:
                _log.warning("Telegram did not take the %s: %s", what, error)
                return
            await pause(delay(failures, error))
        else:
            return
