"""Bitrix24 as a channel: one portal's bot, from registration to the last answer."""

import asyncio
import hmac
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal
from urllib.parse import urlencode

import aiohttp
import structlog

from bot.channels.bitrix24.beat import Beat
from bot.channels.bitrix24.bot import RegisteredBot, register_bot, remembered_bot_id
from bot.channels.bitrix24.client import Client
from bot.channels.bitrix24.credentials import Credentials
from bot.channels.bitrix24.delivery import Courier
from bot.channels.bitrix24.errors import RestError, delivery_error
from bot.channels.bitrix24.events import CHANNEL, IGNORED, Event, UnreadableEvent, to_incoming
from bot.channels.bitrix24.fetch import EventFetch
from bot.channels.bitrix24.limiter import Limiter, Sleep
from bot.channels.bitrix24.people import read_directory, read_dismissed
from bot.channels.bitrix24.uploads import Uploads
from bot.channels.bitrix24.values import mapping, text
from bot.channels.bitrix24.webhook import Refused
from bot.clock import Clock
from bot.messages import Command, DeliveryError, Outgoing, Receipt
from bot.ports import Directory, Receive, Vault

PEOPLE_EVERY = 6 * 3600.0
PEOPLE_AGAIN = 300.0
LONGEST_BACK_OFF = 30.0
WARN_EVERY = 60.0

log = structlog.get_logger(__name__)


class Bitrix24Channel:
    """The bot of one portal."""

    name = CHANNEL

    def __init__(
        self,
        *,
        credentials: Credentials,
        realm: str,
        mode: Literal["fetch", "webhook"],
        events_url: str | None,
        vault: Vault,
        directory: Directory,
        commands: Sequence[Command],
        clock: Clock,
        bot_name: str = "Смена",
        door_key: str = "",
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        """Prepare; nothing is asked of the portal before `start`.

        Webhook mode needs `events_url`, where the portal delivers to, and `door_key`, a secret that becomes part of it.
        """
        if mode == "webhook" and not (events_url and door_key):
            raise ValueError("webhook mode needs events_url and door_key")
        self.realm = realm
        self._credentials = credentials
        self._mode = mode
        self._events_url = events_url
        self._door_key = door_key
        self._vault = vault
        self._directory = directory
        self._commands = tuple(commands)
        self._clock = clock
        self._bot_name = bot_name
        self._monotonic = monotonic
        self._sleep = sleep
        self._limiter = Limiter(monotonic=monotonic, sleep=sleep)
        self._session: aiohttp.ClientSession | None = None
        self._client: Client | None = None
        self._receive: Receive | None = None
        self._bot: RegisteredBot | None = None
        self._bot_id: int | None = None
        self._trouble: str | None = "NOT_STARTED"
        self._tasks: list[asyncio.Task[None]] = []
        self._beat: Beat | None = None
        self._uploads: Uploads | None = None
        self._courier: Courier | None = None
        self._pin_lock = asyncio.Lock()
        self._pinned: str | None = None
        self._warned_at = float("-inf")

    # The life of the channel

    async def start(self, receive: Receive) -> None:
        """Begin to work in the background and return at once."""
        self._receive = receive
        self._session = aiohttp.ClientSession()
        self._client = Client(self._credentials, self._limiter, self._session, self._clock)
        resting, monotonic, sleep = self._limiter.resting, self._monotonic, self._sleep
        self._beat = Beat(self._client, resting=resting, monotonic=monotonic, sleep=sleep)
        self._uploads = Uploads(self._client, self._beat.pace, resting=resting, monotonic=monotonic, sleep=sleep)
        self._courier = Courier(self._beat, self._uploads, self._clock)
        self._trouble = "NOT_REGISTERED"
        life = asyncio.create_task(self._live(self._client, self._beat, receive))
        life.add_done_callback(self._ended)
        self._tasks = [life]

    async def stop(self) -> None:
        """Stop receiving and finish requests in flight."""
        if self._beat is not None and self._uploads is not None:
            await asyncio.gather(self._beat.stop(), self._uploads.stop())
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        if self._session is not None:
            await self._session.close()

    def _ended(self, life: asyncio.Task[None]) -> None:
        """Tell of an end that nobody asked for: it can only be a mistake of ours."""
        if not life.cancelled() and (error := life.exception()) is not None:
            self._trouble = "STOPPED"
            log.error("bitrix24.channel_stopped", realm=self.realm, error=type(error).__name__, exc_info=error)

    async def _live(self, client: Client, beat: Beat, receive: Receive) -> None:
        try:
            self._bot_id = await remembered_bot_id(self._vault, self.realm)
        except Exception as error:  # noqa: BLE001 - registration asks storage again, and again
            log.warning("bitrix24.vault_failed", error=type(error).__name__)
        bot = self._bot = await self._registered(client, beat)
        self._bot_id = bot.id
        self._trouble = None
        self._tasks.append(asyncio.create_task(self._keep_people(client)))
        inlet = None
        if self._mode == "fetch":
            inlet = EventFetch(bot_id=bot.id, bot_token=bot.token, realm=self.realm, receive=receive, clock=self._clock)
        beat.quicken()  # a service that has just come up often has something to catch up on
        await beat.run(inlet)

    async def _registered(self, client: Client, beat: Beat) -> RegisteredBot:
        """Register, however long the portal or the database takes to come up."""
        pause = 1.0
        while True:
            try:
                return await register_bot(
                    client,
                    self._vault,
                    self.realm,
                    name=self._bot_name,
                    commands=self._commands,
                    webhook_url=self._webhook_url(),
                    now=self._clock.now(),
                )
            except RestError as error:
                problem = error.code
                beat.fail_waiting(delivery_error(error, whole_request=True))
            except Exception as error:  # noqa: BLE001 - the vault is a database, which may be down as well
                problem = type(error).__name__
            if problem != self._trouble:
                log.warning("bitrix24.registration_failed", realm=self.realm, code=problem)
            self._trouble = problem
            await self._sleep(pause)
            pause = min(pause * 2, LONGEST_BACK_OFF)

    async def _keep_people(self, client: Client) -> None:
        """Read the portal's directory now and then."""
        while True:
            pause = PEOPLE_EVERY
            try:
                people, departments = await read_directory(client)
                missing = await self._directory(self.realm, people, departments) if people else ()
                dismissed = await read_dismissed(client, missing)
                if dismissed:
                    await self._directory(self.realm, dismissed)
                log.info("bitrix24.directory_read", realm=self.realm, people=len(people), dismissed=len(dismissed))
            except Exception as error:  # noqa: BLE001 - neither the portal nor the database may end this
                code = error.code if isinstance(error, RestError) else type(error).__name__
                log.warning("bitrix24.directory_failed", realm=self.realm, code=code)
                pause = PEOPLE_AGAIN
            await self._sleep(pause)

    def _webhook_url(self) -> str | None:
        if self._mode != "webhook":
            return None
        return f"{self._events_url}?{urlencode({'portal': self.realm, 'key': self._door_key})}"

    def health(self) -> Mapping[str, Any]:
        """Return whether the bot is registered and its last requests went well."""
        last = self._client.last_success if self._client is not None else None
        error = self._trouble
        if error is None and self._client is not None and self._beat is not None:
            error = self._client.trouble or self._beat.trouble
        return {"ok": error is None, "last_success": last, "error": error, "mode": self._mode}

    # Sending

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Send or edit one message."""
        if self._courier is None:
            raise DeliveryError("network", permanent=False, retry_after=1.0, detail="NOT_STARTED")
        return await self._courier.send(outgoing, self._ready_bot())

    def _ready_bot(self) -> RegisteredBot:
        if self._bot is None:
            raise DeliveryError("network", permanent=False, retry_after=2.0, detail=self._trouble or "NOT_REGISTERED")
        return self._bot

    # Receiving by webhook

    def opens(self, key: str) -> bool:
        """Whether this is the key that we put into the address of deliveries."""
        return bool(self._door_key) and hmac.compare_digest(key.encode(errors="replace"), self._door_key.encode())

    async def accept(self, event: Mapping[str, Any]) -> int:
        """Store one delivered event; returns how many things were new. Refused says why it is not taken."""
        if self._receive is None:
            raise Refused(503, "starting", "The service is starting.")
        delivered = Event.delivered(event)
        if not delivered.type.startswith("ONIMBOTV2"):
            raise Refused(400, "not_an_event", "This is not an event of a bot.")
        await self._check_token(text(mapping(event.get("auth")).get("application_token")))
        if self._bot_id is None:
            raise Refused(503, "starting", "The bot is not registered yet.")
        if delivered.bot_id != self._bot_id:
            raise Refused(404, "unknown_bot", "This bot is not ours.")
        try:
            incoming = to_incoming(delivered, realm=self.realm, received_at=self._clock.now())
        except UnreadableEvent as wrong:
            log.warning("bitrix24.event_skipped", type=delivered.type[:60], reason=str(wrong))
            raise Refused(400, "incomplete_event", "The event lacks what its type must carry.") from None
        if incoming is None:
            if delivered.type not in IGNORED:
                log.debug("bitrix24.event_ignored", type=delivered.type[:60])
            return 0
        return await self._receive([incoming])

    async def _check_token(self, token: str) -> None:
        """Compare with the portal's token; the first one that came with the right key is kept as the portal's."""
        name = f"bitrix24:{self.realm}:application_token"
        if self._pinned is None:
            async with self._pin_lock:
                self._pinned = await self._vault.get(name)
                if self._pinned is None and token:
                    await self._vault.put(name, token, is_secret=True)
                    self._pinned = token
        if token and self._pinned and hmac.compare_digest(token.encode(), self._pinned.encode()):
            return
        if self._monotonic() - self._warned_at > WARN_EVERY:
            self._warned_at = self._monotonic()
            log.warning("bitrix24.door_refused", realm=self.realm, code="wrong_token")
        raise Refused(403, "wrong_token", "The application token is not the portal's.")
