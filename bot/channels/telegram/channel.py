"""TelegramChannel: the Channel port on the Bot API."""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

import structlog

from bot.channels.telegram.acknowledge import Acknowledger
from bot.channels.telegram.api import NO_BOT_API, Api
from bot.channels.telegram.backoff import until_done
from bot.channels.telegram.batch import to_incomings
from bot.channels.telegram.check import open_client
from bot.channels.telegram.commands import Menus, register
from bot.channels.telegram.delivery import Courier
from bot.channels.telegram.facts import FACTS
from bot.channels.telegram.features import ALL, Features
from bot.channels.telegram.health import Health
from bot.channels.telegram.limiter import Limiter
from bot.channels.telegram.mini_app import signed_by
from bot.channels.telegram.poller import Poller
from bot.channels.telegram.updates import callback_id
from bot.channels.telegram.webhook import PATH, keep_webhook, webhook_secrets
from bot.clock import Clock
from bot.derived import Derived
from bot.messages import Command, DeliveryError, IncomingFile, Outgoing, Receipt
from bot.ports import Fetched, OnDuty, Receive, Vault, at_once
from bot.ports.verifying import SignedAccount

_OPEN_PATIENCE = 20.0
"""Seconds that a message waits for the client, whose import takes some."""
_STOP_PATIENCE = 5.0

_log = structlog.get_logger(__name__)


class TelegramChannel:
    """One Telegram bot, by long polling or webhook."""

    name = FACTS.name
    facts = FACTS

    def __init__(
        self,
        *,
        token: str,
        api_url: str,
        mode: Literal["poll", "webhook"],
        public_url: str,
        derived: Derived,
        vault: Vault,
        commands: Sequence[Command],
        clock: Clock,
        features: Features = ALL,
        app: Callable[[], str] = lambda: "",
        on_duty: OnDuty = at_once,
        signer: bytes | None = None,
    ) -> None:
        """Configure; nothing is imported or called before `start`.

        By the public key of `signer` it is proven who opened a page, where others than the service know the token.
        """
        self._token = token
        self._signed = signed_by(token, signer=signer)
        self._api_url = api_url
        self._mode = mode
        self._public_url = public_url.rstrip("/")
        self._vault = vault
        self._commands = tuple(commands)
        self._clock = clock
        self._features = features
        self._app = app
        self._on_duty = on_duty
        self.webhook_secrets = webhook_secrets(derived, token)
        self.webhook_secret = self.webhook_secrets[0]
        self.username: str | None = None
        self._health = Health(clock)
        self._limiter = Limiter()
        self._acknowledger = Acknowledger(self._opened_api)
        self._receive: Receive | None = None
        self._api: Api | None = None
        self._courier: Courier | None = None
        self._menus: Menus | None = None
        self._broken: DeliveryError | None = None
        self._opened = asyncio.Event()
        self._introduced = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self, receive: Receive) -> None:
        """Begin in the background: import the client, meet Telegram, receive."""
        self._receive = receive
        self._begin(self._run(receive))

    def link(self, token: str) -> str | None:
        """Return the address that opens the bot with the token, as soon as Telegram has told its name."""
        return FACTS.link.format(bot=self.username, token=token) if self.username else None

    def signed(self, data: str, now: datetime) -> SignedAccount | None:
        """Return whose words these are: the `SignsPeople` of this channel."""
        return self._signed(data, now)

    async def hand_over(self) -> None:
        """Do nothing: Telegram keeps what nobody takes."""

    async def stop(self) -> None:
        """Stop receiving, let sends and answers under way end, disconnect."""
        running = list(self._tasks)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        if self._courier is not None:
            await self._courier.drained(_STOP_PATIENCE)
        await self._acknowledger.close()
        self._broken = DeliveryError("network", permanent=False, detail="the channel has stopped")
        if self._api is not None:
            await self._api.close()

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Deliver one message; DeliveryError when that failed."""
        api = await self._opened_api()
        if self._courier is None:
            self._courier = Courier(api, self._limiter, self._clock, self._features, self._app)
            self._menus = Menus(api, self._vault, self._commands, self._clock)
        try:
            receipt = await self._courier.send(outgoing)
        except DeliveryError as error:
            if error.detail.startswith(NO_BOT_API) and self.username is None:
                # This server has not shown yet that it is a Bot API at all: no message is given up for that.
                raise DeliveryError("network", permanent=False, detail=error.detail) from error
            raise
        if outgoing.say.menu and self._receive is not None:
            self._begin(self._show_menu(outgoing))
        return receipt

    async def fetch(self, realm: str, file: IncomingFile, limit: int) -> Fetched:
        """Return what a person sent: the `Fetch` of this channel."""
        del realm
        return Fetched(await (await self._opened_api()).fetch(file.reference, limit))

    def narrow(self) -> Mapping[str, int]:
        """Return nothing: there is one bot for everybody."""
        return {}

    def health(self) -> Mapping[str, Any]:
        """Return how receiving goes."""
        return self._health.facts()

    async def wait_username(self) -> str:
        """Return the bot's username, for t.me links, as soon as Telegram has told it."""
        await self._introduced.wait()
        return self.username or ""

    async def take_update(self, update: object) -> None:
        """Store an update that came by webhook, then answer its press."""
        if self._receive is None:
            raise RuntimeError("the channel has not been started")
        if incomings := to_incomings([update], received_at=self._clock.now(), username=self.username):
            await self._receive(incomings)
        if self._mode == "webhook":
            self._health.succeeded()
        if callback := callback_id(update):
            self._acknowledger.soon(callback)

    async def _opened_api(self) -> Api:
        """Return the client, waiting while it is being imported."""
        if self._api is None and self._broken is None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_OPEN_PATIENCE):
                    await self._opened.wait()
        if self._broken is not None:
            raise self._broken
        if self._api is None:
            raise DeliveryError("network", permanent=False, detail="the channel is not running yet")
        return self._api

    async def _show_menu(self, outgoing: Outgoing) -> None:
        """Beside the message, which does not wait for it: what fails is tried with the next one."""
        if self._menus is not None:
            try:
                await self._menus.see(int(outgoing.to.conversation), outgoing.say.menu, outgoing.to.locale)
            except Exception as error:  # noqa: BLE001 - neither Telegram nor the database may end the channel by this
                _log.info("telegram.menu_not_set", error=type(error).__name__)

    async def _run(self, receive: Receive) -> None:
        try:
            self._api = api = await open_client(self._token, self._api_url, self._features)
        except DeliveryError as error:
            self._broken = error
            self._health.failed(error)
            return
        finally:
            self._opened.set()
        me = await until_done(api.me, self._health)
        self.username = me.username
        self._introduced.set()
        self._begin(register(api, self._commands, self._features, self._clock.now(), app=self._app()))
        if self._mode == "webhook":
            await keep_webhook(api, self._public_url + PATH, self.webhook_secret, self._health)
            return
        await until_done(api.delete_webhook, self._health)
        poller = Poller(
            api,
            me,
            receive=receive,
            vault=self._vault,
            clock=self._clock,
            health=self._health,
            acknowledger=self._acknowledger,
        )
        # Telegram lets one program alone ask for a bot's updates. Each run begins at the offset that is stored.
        await self._on_duty(f"telegram:{me.id}:poll", poller.run)

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._health.failed(f"the Telegram channel has stopped ({type(error).__name__})")
            _log.error("telegram.channel_stopped", error=type(error).__name__, exc_info=error)
