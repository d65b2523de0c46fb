"""A Telegram bot whose token an administrator brings on a page, where the settings give none.

It is kept sealed in the vault. Every process of the service looks there now and then, so that one that was brought to
another begins to serve as well; it is polled, for the door of a webhook is made when the service starts.
"""

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from pydantic import SecretStr

from bot.messengers import TELEGRAM, bot_called
from bot.ports import Channel, Vault, WrongKey
from bot.ports.premises import BotStanding
from bot.settings import Settings

TOKEN = "telegram:token"  # noqa: S105 - a name
LOOK_EVERY = 30.0
_log = structlog.get_logger("late token")


class LateToken:
    """The `BotToken` of a service."""

    def __init__(
        self,
        settings: Settings,
        vault: Vault,
        channels: dict[str, Channel],
        make: Callable[[Settings], Channel],
        begin: Callable[[Channel], Awaitable[None]],
    ) -> None:
        """Make a channel by `make` of settings that have the token, and have it served by `begin`."""
        self._settings = settings
        self._vault = vault
        self._channels = channels
        self._make = make
        self._begin = begin
        self._lock = asyncio.Lock()
        self._token = ""

    def standing(self) -> BotStanding:
        """Return how the bot is now."""
        channel = self._channels.get(TELEGRAM)
        if channel is None:
            return BotStanding(None, is_given=False, is_connected=False)
        link, health = channel.link(""), channel.health()
        name = link.partition("t.me/")[2].partition("?")[0] if link else None
        return BotStanding(
            name, is_given=self._settings.has_telegram, is_connected=True, error=health.get("error") or None
        )

    async def connect(self, token: str) -> str:
        """Try a token, keep it sealed and begin to serve by it; the bot's name. DeliveryError says why not."""
        name = await bot_called(self._with(token))
        await self._vault.put(TOKEN, token, is_secret=True)
        await self.adopt()
        _log.info("telegram token brought", bot=name)
        return name

    async def adopt(self) -> None:
        """Serve by the token that is kept, if there is one and it is not served by already."""
        if self._settings.has_telegram:
            return
        async with self._lock:
            try:
                token = await self._vault.get(TOKEN)
            except WrongKey:
                _log.error("the kept telegram token was sealed with another SECRET_KEY: bring it anew in the settings")
                return
            if not token or token == self._token:
                return
            former, made = self._channels.get(TELEGRAM), self._make(self._with(token))
            self._channels[TELEGRAM], self._token = made, token
            if former is not None:
                await former.stop()
            await self._begin(made)

    async def look_often(self) -> None:
        """Look whether another process was brought a token."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            await self.adopt()

    def _with(self, token: str) -> Settings:
        return self._settings.model_copy(update={"telegram_bot_token": SecretStr(token), "telegram_mode": "poll"})
