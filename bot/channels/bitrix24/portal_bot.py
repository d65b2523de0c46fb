"""The bot of one portal, from registration to the last answer; all of them together are the channel (`portals.py`)."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any, Literal
from urllib.parse import urljoin

import aiohttp
import structlog

from bot.channels.bitrix24.beat import Beat
from bot.channels.bitrix24.binding import PAGE, Binding
from bot.channels.bitrix24.bot import CODE_TAKEN, NAMES, Appearance, RegisteredBot, Registrar, Remembered
from bot.channels.bitrix24.calendars import CALENDAR, is_refusal, read_calendars
from bot.channels.bitrix24.catalogue import PortalCatalogue
from bot.channels.bitrix24.client import BatchAnswer, Call, Client
from bot.channels.bitrix24.deliveries import Deliveries
from bot.channels.bitrix24.delivery import Courier
from bot.channels.bitrix24.doorkeeper import Doorkeeper, Letter
from bot.channels.bitrix24.downloads import download
from bot.channels.bitrix24.errands import ErrandDesk
from bot.channels.bitrix24.errands.desk import AT_ONCE
from bot.channels.bitrix24.errands.desk import NARROW as FEW_ERRANDS
from bot.channels.bitrix24.errors import RestError, delivery_error
from bot.channels.bitrix24.events import IGNORED, Event, UnreadableEvent, to_incoming
from bot.channels.bitrix24.eyes import PortalEyes
from bot.channels.bitrix24.facts import FACTS
from bot.channels.bitrix24.fetch import EventFetch
from bot.channels.bitrix24.forms import FORM, parse_body
from bot.channels.bitrix24.gate import Gate
from bot.channels.bitrix24.glance import Glance, event_id, glance
from bot.channels.bitrix24.limiter import Limiter, Sleep
from bot.channels.bitrix24.objects import Objects
from bot.channels.bitrix24.outages import outage_of
from bot.channels.bitrix24.people import read_directory, read_dismissed
from bot.channels.bitrix24.processes.running import running_processes
from bot.channels.bitrix24.processes.tasks import NO_OWN_ACCESS, own_tasks
from bot.channels.bitrix24.rest_log import Note
from bot.channels.bitrix24.round import PeopleRound
from bot.channels.bitrix24.uploads import Uploads
from bot.channels.bitrix24.values import items, mapping, text
from bot.channels.doors import Refused
from bot.clock import Clock
from bot.derived import Derived
from bot.domain.automation.errand import Errand
from bot.domain.automation.portal_object import ObjectKind
from bot.messages import DeliveryError, Incoming, IncomingFile, Outgoing, Receipt, Unread
from bot.ports import (
    Directory,
    Fetched,
    ListedTask,
    NoOwnAccess,
    NotDone,
    OnDuty,
    PortalObject,
    Receive,
    ReceiveUnread,
    TakesCalendars,
    Vault,
    at_once,
)
from bot.ports.connections import Credentials, Kind

LONGEST_BACK_OFF = 30.0
COMING = 60.0
"""Seconds that a portal may take to register before what waits for it is tried all the same."""
NARROW = 10
"""Messages under way to a portal in trouble."""
STOPPED = "STOPPED"
CALENDARS_EVERY = 3600.0
"""Seconds between two readings of who is away."""
RIGHTS_LAST = 300.0
"""Seconds for which the rights are believed that the portal told."""
RIGHTS_PATIENCE = 5.0
_COMING = frozenset({"NOT_STARTED", "NOT_REGISTERED"})
OLDEST = timedelta(days=5)
"""A delivery of more than that ago is a repetition by somebody else. The inbox knows its events for a week."""

log = structlog.get_logger(__name__)


class PortalBot:
    """The bot of one portal."""

    name = FACTS.name
    facts = FACTS

    def __init__(
        self,
        *,
        credentials: Credentials,
        realm: str,
        mode: Literal["fetch", "webhook"],
        events_url: str | None,
        derived: Derived,
        vault: Vault,
        directory: Directory,
        appearance: Appearance,
        clock: Clock,
        on_duty: OnDuty = at_once,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Sleep = asyncio.sleep,
        unread: ReceiveUnread | None = None,
        kind: Kind = "webhook",
        note: Note | None = None,
        session: aiohttp.ClientSession | None = None,
        people: PeopleRound | None = None,
        gate: Gate | None = None,
        personal: Callable[[str], Credentials] | None = None,
        handler: Callable[[], str | None] = lambda: None,
        calendars: TakesCalendars | None = None,
    ) -> None:
        """Prepare; nothing is asked of the portal before `start`.

        Webhook mode needs `events_url`, where the portal delivers to; something secret becomes part of it. With
        `unread`, most of what is delivered is stored as it came and taken apart in its turn. What many portals share
        is handed in: the `session`, the round by which `people` are read, and the `gate` through which they begin.
        `personal` gives what opens the portal in one person's own name, by their account.
        The application has events of objects delivered to the address that `handler` tells, where there is one.
        Who is away by the portal's calendar is told to `calendars`, where the rights include it.
        """
        self._personal = personal
        self._errands: ErrandDesk | None = None
        self._handler = handler
        self._calendars = calendars
        self._calendars_refused: str | None = None
        """The code by which the portal shows no calendars, as it was told to operators."""
        self._unread = unread
        self._kind = kind
        self._note = note
        self._shared_session = session
        self._people = people
        self._gate = gate or Gate()
        self.realm = realm
        self._credentials = credentials
        self._derived = derived
        self._vault = vault
        self._directory = directory
        self._appearance = appearance
        self._clock = clock
        self._on_duty = on_duty
        self._monotonic = monotonic
        self._rights: Sequence[str] | None = None
        self._rights_at = 0.0
        self._sleep = sleep
        self._limiter = Limiter(monotonic=monotonic, sleep=sleep)
        self._session: aiohttp.ClientSession | None = None
        self._began = monotonic()
        self._client: Client | None = None
        self._objects: Objects | None = None
        self.eyes: PortalEyes | None = None
        """Looks at objects of the portal, as long as it is ours to do so: of several services one does it."""
        self._catalogue: PortalCatalogue | None = None
        self._receive: Receive | None = None
        self._bot: RegisteredBot | None = None
        self._bot_id: int | None = None
        self._trouble: str | None = "NOT_STARTED"
        self._tasks: list[asyncio.Task[None]] = []
        self._beat: Beat | None = None
        self._uploads: Uploads | None = None
        self._courier: Courier | None = None
        self._deliveries: Deliveries | None = None
        if mode == "webhook":
            if not events_url:
                raise ValueError("webhook mode needs events_url")
            door = Doorkeeper(realm, derived, vault, monotonic=monotonic)
            self._deliveries = Deliveries(door, events_url, realm, monotonic=monotonic, sleep=sleep)

    # The life of the channel

    async def start(self, receive: Receive) -> None:
        """Begin to work in the background and return at once."""
        self._receive = receive
        self._session = self._shared_session or aiohttp.ClientSession()
        self._began = self._monotonic()
        self._client = Client(
            self._credentials, self._limiter, self._session, self._clock, realm=self.realm, note=self._note
        )
        self._objects = Objects(self._client, self.realm, monotonic=self._monotonic)
        self._errands = ErrandDesk(
            self.realm,
            self._credentials,
            self._limiter,
            self._session,
            self._clock,
            personal=self._personal,
            bot_id=lambda: self._bot_id,
            sleep=self._sleep,
            note=self._note,
        )
        self._catalogue = PortalCatalogue(self._client, self.realm, monotonic=self._monotonic)
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
        if self._session is not None and self._session is not self._shared_session:
            await self._session.close()

    def _ended(self, life: asyncio.Task[None]) -> None:
        """Tell of an end that nobody asked for: it can only be a mistake of ours."""
        if not life.cancelled() and (error := life.exception()) is not None:
            self._trouble = STOPPED
            log.error("bitrix24.channel_stopped", realm=self.realm, error=type(error).__name__, exc_info=error)

    async def _live(self, client: Client, beat: Beat, receive: Receive) -> None:
        try:
            self._bot_id = (await Remembered.of(self._vault, self.realm)).id
            if self._deliveries is not None:
                await self._deliveries.door.load()
        except Exception as error:  # noqa: BLE001 - registration asks storage again, and again
            log.warning("bitrix24.vault_failed", error=type(error).__name__)
        bot = await self._registered_alone(client, beat)
        self._bot, self._bot_id = bot, bot.id
        self._trouble = None
        if self._deliveries is not None:
            self._tasks.append(asyncio.create_task(self._deliveries.keep(client, beat, bot, receive)))
        self._tasks.append(asyncio.create_task(self._read_alone(client, beat, bot, receive)))
        self._tasks[-1].add_done_callback(self._ended)
        await beat.run(None)

    async def _read_alone(self, client: Client, beat: Beat, bot: RegisteredBot, receive: Receive) -> None:
        """Fetch events and read the directory, as long as that is ours: of several services one does it.

        Each time it begins with the first event that was not confirmed to the portal; the inbox knows what it has.
        """

        async def read() -> None:
            inlet = EventFetch(
                bot=bot, realm=self.realm, receive=receive, clock=self._clock,
                names=self._names(), fetched=self._deliveries.fetched if self._deliveries is not None else None,
            )  # fmt: skip
            if self._deliveries is not None and self._monotonic() - self._began > COMING:
                self._deliveries.fetched()  # whoever did this before has put the bot into fetch mode on leaving
            beat.fetch_by(inlet)
            beat.quicken()  # a service that has just come up often has something to catch up on
            people = self._people or PeopleRound(monotonic=self._monotonic, sleep=self._sleep)
            self.eyes = PortalEyes(client, self._clock, self._binding(client), lambda: people.hasten(self.realm))
            try:
                await self._keep_people(client, people)
            finally:
                self.eyes = None
                beat.fetch_by(None)

        await self._on_duty(f"bitrix24:{self.realm}:fetch", read)

    async def _registered_alone(self, client: Client, beat: Beat) -> RegisteredBot:
        """Register: one service after another, so that a portal gets one bot, which the later ones find."""
        bots = []

        async def register() -> None:
            bots.append(await self._registered(client, beat))

        await self._on_duty(f"bitrix24:{self.realm}:register", register)
        return bots[-1]

    async def _registered(self, client: Client, beat: Beat) -> RegisteredBot:
        """Register, however long the portal or the database takes to come up."""
        registrar = Registrar(client, self._vault, self.realm, self._derived, self._appearance, self._kind)
        pause = 1.0
        while True:
            try:
                receiving: Mapping[str, Any] = {"eventMode": "fetch"}
                if self._deliveries is not None:
                    if not self._deliveries.door.is_loaded:
                        await self._deliveries.door.load()
                    receiving = self._deliveries.receiving()
                async with self._gate.place():
                    return await registrar.register(receiving, self._clock.now())
            except RestError as error:
                problem = error.code
                beat.fail_waiting(delivery_error(error, whole_request=True))
            except Exception as error:  # noqa: BLE001 - the vault is a database, which may be down as well
                problem = type(error).__name__
            if problem != self._trouble:
                log.warning("bitrix24.registration_failed", realm=self.realm, code=problem)
                if problem == CODE_TAKEN:
                    log.error("bitrix24.bot_is_anothers", realm=self.realm, see="docs/operations.md, A lost database")
            self._trouble = problem
            await self._sleep(pause)
            pause = min(pause * 2, LONGEST_BACK_OFF)

    def _names(self) -> tuple[str, ...]:
        """Return what people may call the bot."""
        return (self._appearance.name, *NAMES.values()) if self._appearance.name else tuple(NAMES.values())

    def _binding(self, client: Client) -> Binding | None:
        """Return what binds handlers; None for a webhook, to which nothing is delivered, and without an address."""
        address = self._handler() if self._kind == "application" else None
        return None if address is None else Binding(client, address, self.realm, urljoin(address, PAGE))

    async def _keep_people(self, client: Client, people: PeopleRound) -> None:
        """Have the portal's directory read now and then, until cancelled."""
        people.join(self.realm, partial(self._read_people, client, people))
        if self._calendars is not None:
            read = partial(self._read_calendars, client, self._calendars)
            people.join(self.realm, read, what=CALENDAR, every=CALENDARS_EVERY, after=CALENDARS_EVERY)
        try:
            await (asyncio.Event().wait() if self._people else people.run())
        finally:
            people.leave(self.realm)

    async def _read_people(self, client: Client, round_: PeopleRound) -> None:
        people, departments = await read_directory(client)
        missing = await self._directory(self.realm, people, departments) if people else ()
        dismissed = await read_dismissed(client, missing)
        if dismissed:
            await self._directory(self.realm, dismissed)
        log.info("bitrix24.directory_read", realm=self.realm, people=len(people), dismissed=len(dismissed))
        round_.read_now(self.realm, CALENDAR)

    async def _read_calendars(self, client: Client, calendars: TakesCalendars) -> None:
        """Read who is away by the portal's calendar; where we have no right to it, nothing is known of it."""
        rights = await self.rights()
        if rights is None:
            return  # the portal does not say; the next time it does
        if CALENDAR not in rights:
            await calendars.shown(self.realm, {})
            return
        accounts = await calendars.asked(self.realm)
        try:
            found = await read_calendars(client, accounts, self._clock.now().date(), self._sleep)
        except RestError as error:
            if not is_refusal(error):
                raise
            if error.code != self._calendars_refused:
                log.warning("bitrix24.calendars_refused", realm=self.realm, code=error.code)
            self._calendars_refused = error.code
            await calendars.shown(self.realm, {})
            return
        self._calendars_refused = None
        await calendars.shown(self.realm, found)

    async def hand_over(self) -> None:
        """Let the portal keep events from now on, because the door is about to be closed."""
        if self._deliveries is not None and self._client is not None and self._bot is not None:
            await self._deliveries.hand_over(self._client, self._bot)

    def link(self, token: str) -> str | None:  # noqa: ARG002 - the port's
        """Return none: whoever is on the portal has the bot there."""
        return None

    def health(self) -> Mapping[str, Any]:
        """Return whether the bot is registered, its last requests went well, and deliveries are taken."""
        mode, note = "fetch", {}
        if self._deliveries is not None:
            mode = "fetch" if self._deliveries.is_fetching else "webhook"
            note = {"note": "DELIVERIES_DO_NOT_ARRIVE"} if self._deliveries.is_fetching else {}
        error = self._error()
        why = None if error is None else outage_of(error).value
        return {
            "ok": error is None,
            "last_success": self.last_success,
            "error": error,
            "why": why,
            "mode": mode,
            **note,
        }

    def _error(self) -> str | None:
        error = self._trouble
        if error is None and self._deliveries is not None:
            error = self._deliveries.trouble
        if error is None and self._client is not None and self._beat is not None:
            error = self._beat.trouble
            if self._client.trouble != self._beat.reserve_refused:
                error = self._client.trouble or error
        return error

    @property
    def is_dead(self) -> bool:
        """Whether it has ended by a mistake of ours."""
        return self._trouble == STOPPED

    @property
    def last_success(self) -> float | None:
        """When the portal answered last, in epoch seconds."""
        return self._client.last_success if self._client is not None else None

    # Sending

    def room(self) -> int | None:
        """Return how many messages may be under way to it; None where the portal takes what there is.

        A portal that is away gets few: enough to see that it is back, and to find out in time that it stays away.
        """
        if self._trouble in _COMING and self._monotonic() - self._began < COMING:
            return 0
        return None if self._error() is None else NARROW

    def watched(self) -> None:
        """Ask for events often for half a minute; where they are delivered, nothing is to be asked."""
        if self._beat is not None and not self._beat.is_reserve:
            self._beat.quicken()

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Send or edit one message."""
        if self._courier is None:
            raise DeliveryError("network", permanent=False, retry_after=1.0, detail="NOT_STARTED")
        return await self._courier.send(outgoing, self._ready_bot())

    async def run(self, commands: Mapping[str, Call]) -> BatchAnswer | None:
        """Run commands that are no part of a conversation; None while the portal is not reached."""
        if self._client is None or self._trouble is not None:
            return None
        return await self._client.run(commands)

    def _ready_bot(self) -> RegisteredBot:
        if self._bot is None:
            raise DeliveryError("network", permanent=False, retry_after=2.0, detail=self._trouble or "NOT_REGISTERED")
        return self._bot

    async def fetch(self, realm: str, file: IncomingFile, limit: int) -> Fetched:
        """Return what a person sent: the `Fetch` of this channel."""
        if realm != self.realm or self._client is None or self._session is None:
            raise DeliveryError("network", permanent=False, detail="NOT_STARTED")
        return await download(self._client, self._credentials, self._session, self._ready_bot(), file, limit)

    async def look_up(self, realm: str, kind: ObjectKind, number: int, type_id: int = 0) -> PortalObject | None:
        """Return an object of the portal: the `LookUp` of this channel."""
        return None if realm != self.realm or self._objects is None else await self._objects.read(kind, number, type_id)

    async def rights(self) -> Sequence[str] | None:
        """Return the rights of our access, as the portal tells them, asked for now and then; None while it does not."""
        if self._client is None:
            return None
        if self._rights is None or self._monotonic() - self._rights_at > RIGHTS_LAST:
            try:
                async with asyncio.timeout(RIGHTS_PATIENCE):
                    told = (await self._client.call("scope", {})).result
            except (RestError, TimeoutError):
                return self._rights
            self._rights, self._rights_at = [text(each) for each in items(told)], self._monotonic()
        return self._rights

    async def running_processes(self, workflows: Sequence[str]) -> frozenset[str] | None:
        """Return which of some processes run still; None where the portal does not say so now."""
        return None if self._client is None else await running_processes(self._client, self.realm, workflows)

    # Errands

    def errand_room(self) -> int:
        """Return how many errands may be under way to it now."""
        if self._errands is None or (self._trouble in _COMING and self._monotonic() - self._began < COMING):
            return 0
        return AT_ONCE if self._error() is None else FEW_ERRANDS

    async def run_errand(self, errand: Errand) -> Mapping[str, Any]:
        """Carry out an errand."""
        if self._errands is None:
            raise NotDone("no_access", retry_after=1.0, counts=False)
        return await self._errands.run(errand)

    @property
    def catalogue(self) -> PortalCatalogue | None:
        """How the portal is asked for names; None before it was started."""
        return self._catalogue

    async def own_tasks(self, account: str) -> Sequence[ListedTask] | None:
        """Return the tasks that wait for somebody, by their own token; None where the portal does not say so now."""
        if self._session is None or self._personal is None:
            return None
        client = Client(
            self._personal(account), self._limiter, self._session, self._clock, realm=self.realm, note=self._note
        )
        try:
            return await own_tasks(client, account)
        except RestError as error:
            if error.code in NO_OWN_ACCESS:
                raise NoOwnAccess from None
            log.info("bitrix24.tasks_not_listed", realm=self.realm, code=error.code)
            return None

    # Receiving by webhook

    async def opens(self, key: str) -> bool:
        """Whether this is the secret part of an address that we gave to the portal."""
        if self._deliveries is None:
            return False
        if self._receive is None:
            raise Refused(503, "starting", "The service is starting.")
        if not self._deliveries.door.is_loaded:
            await self._deliveries.door.load()
        return self._deliveries.door.opens(key)

    async def take(self, body: bytes, content_type: str, key: str) -> int:
        """Store the body of a delivery; returns how many things were new. Refused or BadBody says why it is not taken.

        What is seen to be a message of the portal's at a glance is not taken apart here.
        """
        is_form = content_type.partition(";")[0].strip().lower() == FORM
        if is_form and (storing := self._as_it_came(body)) is not None:
            return await storing
        return await self.accept(parse_body(body, content_type), key)

    def at_a_glance(self, body: bytes, key: str) -> Awaitable[int] | None:
        """Return what stores a form posted to an address of ours that is seen to be a message of the portal's.

        None for all else: whoever reads it whole says what it is, and what is wrong with it.
        """
        door = None if self._deliveries is None else self._deliveries.door
        return self._as_it_came(body) if door is not None and door.is_loaded and door.opens(key) else None

    def _as_it_came(self, body: bytes) -> Awaitable[int] | None:
        seen = glance(body) if self._unread is not None else None
        if self._unread is None or seen is None or not self._is_genuine(seen):
            return None
        return self._unread(Unread(self.name, self.realm, event_id(seen), seen.account, self._clock.now(), seen.rest))

    def _is_genuine(self, seen: Glance) -> bool:
        """Whether that is a message of now for our bot, with the portal's token; of all else is found out whole."""
        if self._receive is None or self._deliveries is None or seen.bot_id != self._bot_id or self._appearance.name:
            return False
        if seen.at < self._clock.now() - OLDEST:
            return False
        return self._deliveries.door.knows(Letter(None, seen.token, seen.member))

    async def accept(self, event: Mapping[str, Any], key: str) -> int:
        """Store one delivered event; returns how many things were new. Refused says why it is not taken."""
        if self._receive is None or self._deliveries is None:
            raise Refused(503, "starting", "The service is starting.")
        delivered = Event.delivered(event)
        if not delivered.type.startswith("ONIMBOTV2"):
            raise Refused(400, "not_an_event", "This is not an event of a bot.")
        if self._bot_id is None:
            raise Refused(503, "starting", "The bot is not registered yet.")
        if delivered.bot_id != self._bot_id:
            raise Refused(404, "unknown_bot", "This bot is not ours.")
        auth = mapping(event.get("auth"))
        letter = Letter(None, text(auth.get("application_token")), text(auth.get("member_id")))
        if not letter.token:
            raise Refused(403, "wrong_token", "The application token is missing.")
        answered = self._deliveries.door.is_answer(mapping(delivered.data.get("context")))
        if answered is not None:
            await self._deliveries.door.believe(letter)
            answered.set()
            return 0
        letter = replace(letter, incoming=self._read(delivered))
        await self._check(letter, key, self._deliveries.door)
        return await self._receive([letter.incoming]) if letter.incoming is not None else 0

    def _read(self, delivered: Event) -> Incoming | None:
        now = self._clock.now()
        if delivered.at is not None and delivered.at < now - OLDEST:
            raise Refused(400, "too_old", "The event is of another week.")
        try:
            incoming = to_incoming(delivered, realm=self.realm, received_at=now, names=self._names())
        except UnreadableEvent as wrong:
            log.warning("bitrix24.event_skipped", type=delivered.type[:60], reason=str(wrong))
            raise Refused(400, "incomplete_event", "The event lacks what its type must carry.") from None
        if incoming is None and delivered.type not in IGNORED:
            log.debug("bitrix24.event_ignored", type=delivered.type[:60])
        return incoming

    async def _check(self, letter: Letter, key: str, door: Doorkeeper) -> None:
        """Refuse what does not carry the portal's token; what might still turn out to be the portal's is held."""
        if door.knows(letter):
            return
        is_newest = door.is_newest(key)
        if door.takes_first and is_newest:
            await door.believe(letter, is_by_address=True)
            return
        door.hold(letter, is_newest=is_newest)
        if not door.is_proven:
            raise Refused(
                503, "not_proven", "It is not known yet whether the portal sent this; it is held until it is."
            )
        raise Refused(403, "wrong_token", "The application token is not the portal's.")
