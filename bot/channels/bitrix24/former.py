"""The bot by which a portal was served before the application: it says that it has moved, for 30 days, and then goes.

What is said to it counts all the same: it is stored as what is said to the new one, in whose chat it is answered. A
message has one id on a portal, so that what both bots were told, or what was fetched before the move, counts once.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import structlog

from bot.channels.bitrix24.bot import NAMES, Appearance, RegisteredBot, Registrar
from bot.channels.bitrix24.client import Client
from bot.channels.bitrix24.credentials import IncomingWebhook
from bot.channels.bitrix24.errors import RestError
from bot.channels.bitrix24.fetch import EventFetch
from bot.channels.bitrix24.limiter import Limiter, Sleep
from bot.channels.bitrix24.values import instant, mapping, text
from bot.clock import Clock
from bot.derived import Derived
from bot.i18n import DEFAULT_LOCALE, Translator, known_locale
from bot.messages import Incoming, IncomingKind
from bot.ports import Receive, Vault
from bot.text import t

MOVED_FOR = timedelta(days=30)
"""So long the former bot says where the new one is."""
POLL = 15.0
TOLD_AGAIN = timedelta(hours=1)
"""So soon after the last time nobody is told again that the bot has moved."""
_ASK_AGAIN = 600.0
_HEARD = frozenset({IncomingKind.TEXT, IncomingKind.PRESS, IncomingKind.UNREADABLE, IncomingKind.GREETING})

log = structlog.get_logger(__name__)


class FormerBot:
    """The former bot of one portal."""

    def __init__(
        self,
        realm: str,
        webhook: str,
        *,
        appearance: Appearance,
        derived: Derived,
        vault: Vault,
        clock: Clock,
        chat: Callable[[str], Awaitable[str]],
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        """Speak by the incoming webhook; `chat` tells where people find the new bot, by the portal's key."""
        self._realm = realm
        self._webhook = webhook
        self._appearance = appearance
        self._derived = derived
        self._vault = vault
        self._clock = clock
        self._chat = chat
        self._monotonic = monotonic
        self._sleep = sleep
        self._told: dict[str, datetime] = {}

    @property
    def _name(self) -> str:
        return f"bitrix24:{self._realm}:former"

    async def run(self, session: aiohttp.ClientSession, receive: Receive) -> None:
        """Work until the bot is gone, or until cancelled; whatever the portal or the database says, try again."""
        limiter = Limiter(monotonic=self._monotonic, sleep=self._sleep)
        client = Client(IncomingWebhook(self._webhook), limiter, session, self._clock)
        while True:
            try:
                if await self._work(client, receive):
                    return
            except RestError as error:
                log.warning("bitrix24.former_bot_out_of_reach", realm=self._realm, code=error.code)
            except Exception as error:  # noqa: BLE001 - a database that is away comes back
                log.warning("bitrix24.former_bot_waits", realm=self._realm, error=type(error).__name__)
            await self._sleep(_ASK_AGAIN)

    async def _work(self, client: Client, receive: Receive) -> bool:
        """Answer for the former bot until its time is over; whether it is gone then."""
        since = await self._since()
        if since is None:
            return True
        registrar = Registrar(client, self._vault, self._realm, self._derived, self._appearance)
        found = await registrar.find()
        if found is None:
            await self._gone(since)
            return True
        bot, locale = found[0], known_locale(found[1]) or DEFAULT_LOCALE
        await client.call("imbot.v2.Bot.update", {**bot.proof, "fields": {"eventMode": "fetch"}})
        while self._clock.now() - since < MOVED_FOR:
            has_more = await self._heard(client, bot, locale, receive)
            await self._sleep(2.0 if has_more else POLL)
        await client.call("imbot.v2.Bot.unregister", bot.proof)
        log.info("bitrix24.former_bot_unregistered", realm=self._realm)
        await self._gone(since)
        return True

    async def _since(self) -> datetime | None:
        """Return when the bot moved; None where it is gone by now."""
        kept = mapping(json.loads(await self._vault.get(self._name) or "null"))
        since = instant(kept.get("since"))
        if since is None:
            since = self._clock.now()
            await self._vault.put(self._name, json.dumps({"since": since.isoformat()}))
        return None if text(kept.get("gone")) else since

    async def _gone(self, since: datetime) -> None:
        await self._vault.put(self._name, json.dumps({"since": since.isoformat(), "gone": "yes"}))

    async def _heard(self, client: Client, bot: RegisteredBot, locale: str, receive: Receive) -> bool:
        """Take a page of what was said to it, which is confirmed to the portal once it is stored and answered."""
        heard: list[Incoming] = []

        async def stored(incomings: Sequence[Incoming], checkpoint: Any = None) -> int:  # noqa: ARG001 - the port's
            heard.extend(each for each in incomings if each.kind in _HEARD)
            return await receive([each for each in incomings if each.kind is not IncomingKind.REMOVED])

        inlet = EventFetch(bot=bot, realm=self._realm, receive=stored, clock=self._clock, names=tuple(NAMES.values()))
        method, params = inlet.command()
        if not await inlet.store((await client.call(method, params)).result):
            return False
        for dialog in dict.fromkeys(each.conversation for each in heard):
            await self._say(client, bot, locale, dialog)
        method, params = inlet.command()
        await client.call(method, {**params, "limit": 1})
        return inlet.has_more

    async def _say(self, client: Client, bot: RegisteredBot, locale: str, dialog: str) -> None:
        now = self._clock.now()
        if now - self._told.get(dialog, now - TOLD_AGAIN) < TOLD_AGAIN:
            return
        words = t("I have moved: what you write here counts, and I answer in my new chat.")
        said = Translator(locale, "UTC", now).plain(words)
        if link := await self._chat(self._realm):
            said += f"\n[URL={link}]{Translator(locale, 'UTC', now).plain(t('Open the chat'))}[/URL]"
        fields: Mapping[str, Any] = {"message": said, "urlPreview": False}
        try:
            await client.call("imbot.v2.Chat.Message.send", {**bot.proof, "dialogId": dialog, "fields": fields})
        except RestError as error:
            if error.code not in {"ACCESS_DENIED", "ACCESS_ERROR"}:
                raise
        self._told[dialog] = now
