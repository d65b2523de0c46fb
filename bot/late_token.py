"""A Telegram bot whose token an administrator brings on a page, where the settings give none.

It is kept sealed in the vault, with the company that brought it: it serves that one alone, and as long as that is the
only one, for whoever brought it holds the bot. Every process of the service looks there now and then, so that one that
was brought to another begins to serve as well; it is polled, for the door of a webhook is made when the service starts.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection

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
        *,
        active: Callable[[], Awaitable[Collection[int]]],
        over: Callable[[], None],
    ) -> None:
        """Make a channel by `make` of settings that have the token, and have it served by `begin`.

        `active` tells which portals are served now; `over` is called when the bot serves no longer.
        """
        self._settings = settings
        self._vault = vault
        self._channels = channels
        self._make = make
        self._begin = begin
        self._lock = asyncio.Lock()
        self._active, self._over = active, over
        self._token = ""
        self.portal_id: int | None = None
        """Whose bot it is that is served by now; None where none was brought."""

    def standing(self) -> BotStanding:
        """Return how the bot is now."""
        channel = self._channels.get(TELEGRAM)
        if channel is None:
            return BotStanding(None, is_given=False, is_connected=False)
        link, health = channel.link(""), channel.health()
        name = link.partition("t.me/")[2].partition("?")[0] if link else None
        return BotStanding(
            name,
            is_given=self._settings.has_telegram,
            is_connected=True,
            error=health.get("error") or None,
            why=health.get("why"),
        )

    async def connect(self, token: str, portal_id: int) -> str:
        """Try a token, keep it sealed and begin to serve a portal by it; its bot's name. DeliveryError says why not."""
        name = await bot_called(self._with(token))
        await self._vault.put(TOKEN, f"{portal_id} {token}", is_secret=True)
        await self.adopt()
        _log.info("telegram token brought", bot=name)
        return name

    async def adopt(self) -> None:
        """Serve by the token that is kept, as long as whoever brought it is the only company here."""
        if self._settings.has_telegram:
            return
        async with self._lock:
            try:
                owner, _, token = (await self._vault.get(TOKEN) or "").partition(" ")
            except WrongKey:
                _log.error("the kept telegram token was sealed with another SECRET_KEY: bring it anew in the settings")
                return
            if not token or [owner] != [str(each) for each in await self._active()]:
                await self._end()
                return
            if (owner, token) == (str(self.portal_id), self._token):
                return
            former, made = self._channels.get(TELEGRAM), self._make(self._with(token))
            self._channels[TELEGRAM], self._token, self.portal_id = made, token, int(owner)
            if former is not None:
                await former.stop()
            await self._begin(made)

    async def _end(self) -> None:
        if self.portal_id is None:
            return
        self._token, self.portal_id = "", None
        former = self._channels.pop(TELEGRAM)
        self._over()
        await former.stop()
        _log.warning("the telegram bot that one company brought serves no longer: TELEGRAM_BOT_TOKEN is to be set")

    async def look_often(self) -> None:
        """Look whether another process was brought a token, and whether a second company is here by now."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            await self.adopt()

    def _with(self, token: str) -> Settings:
        return self._settings.model_copy(update={"telegram_bot_token": SecretStr(token), "telegram_mode": "poll"})
