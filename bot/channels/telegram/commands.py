"""What the bot says of itself in Telegram: its command menu and its descriptions, in each language."""

import asyncio
import hashlib
import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import partial

import structlog

from bot.channels.telegram.api import Api
from bot.channels.telegram.backoff import Pause, delay
from bot.channels.telegram.features import Features
from bot.clock import Clock
from bot.domain.rights import Right, roles_with
from bot.i18n import LOCALES, Translator
from bot.messages import Command, DeliveryError
from bot.ports import Vault
from bot.text import t

DESCRIPTION = t(
    "Smena keeps your working time in chat: check in, take a break, check out, see your day and your week.\n\n"
    "Press Start."
)
SHORT_DESCRIPTION = t("Working time in chat: check in, breaks, check out.")

APP_BUTTON = "Smena"
EVERY_DAY = ("checkin", "break", "back", "checkout", "today", "week", "leave", "help")
"""What everybody's menu lists."""
SEEING = ("who",)
"""What is in the menu of whoever sees others' hours."""
DECIDING = ("approvals", "who")
"""What is in the menu of whoever decides."""
_MANY_CHATS = 5_000
_OTHERS = "en"
"""What readers of languages that we do not speak are shown."""
_NAME = re.compile(r"[a-z0-9_]{1,32}")
_TITLE_LIMIT = 256
_MENU_LIMIT = 100
_TRIES = 5
_log = structlog.get_logger(__name__)


def menu(commands: Sequence[Command], translator: Translator, role: str = "") -> list[tuple[str, str]]:
    """Return the commands that a menu lists, as (name, title): what people do each day, and what the role is for.

    Everything else is said in words, or typed; `/help` tells of it.
    """
    named = {command.name: command for command in commands if _NAME.fullmatch(command.name)}
    of_role = [name for name, command in named.items() if role in command.roles]
    beside = DECIDING if role in roles_with(Right.DECIDE) else SEEING if of_role else ()
    chosen = [name for name in (*EVERY_DAY, *beside, *of_role) if name in named]
    return [(name, translator.plain(named[name].title)[:_TITLE_LIMIT]) for name in dict.fromkeys(chosen)][:_MENU_LIMIT]


class Menus:
    """The menus of leads and administrators: a chat's own, in its reader's language, changed with their role."""

    def __init__(self, api: Api, vault: Vault, commands: Sequence[Command], clock: Clock) -> None:
        """Remember in `vault` which menus were set."""
        self._api = api
        self._vault = vault
        self._commands = tuple(commands)
        self._clock = clock
        self._known: dict[int, str] = {}

    async def see(self, chat: int, role: str, locale: str) -> None:
        """Set the menu of a chat, unless it is so already; what Telegram will not take is left for the next message."""
        listed = menu(self._commands, Translator(locale, "UTC", self._clock.now()), role)
        is_own = any(role in command.roles for command in self._commands)
        wanted = hashlib.sha256(repr(listed).encode()).hexdigest()[:16] if is_own else ""
        if self._known.get(chat) == wanted:
            return
        name = f"telegram:menu:{chat}"
        known = self._known.get(chat)
        if known is None:
            known = await self._vault.get(name) or ""
        if known != wanted:
            await self._api.set_commands(listed if is_own else (), None, chat=chat)
            await self._vault.put(name, wanted)
        self._known[chat] = wanted
        if len(self._known) > _MANY_CHATS:
            self._known.clear()


async def register(
    api: Api,
    commands: Sequence[Command],
    features: Features,
    now: datetime,
    pause: Pause = asyncio.sleep,
    app: str = "",
) -> None:
    """Set menu and descriptions for every language, and the button that opens `app`, the page for Telegram's own frame.

    What Telegram will not take is logged and left.
    """
    if app:
        await _attempt(partial(api.set_app_button, APP_BUTTON, app), "app button", pause)
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
                _log.warning("telegram.not_taken", what=what, error=str(error))
                return
            await pause(delay(failures, error))
        else:
            return
