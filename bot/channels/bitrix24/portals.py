"""Bitrix24 as a channel: a fleet of portals, each with a bot, a beat, a limiter and a health of its own.

What they share costs little and waits for nobody: a `ClientSession` without a ceiling of its own (each portal's beat
has one), one round that reads people, a gate through which they begin, and a look at how each of them is. Portals join
and leave while the service runs: by `connect` and `disconnect`, and each minute by what `Connections` says, so that an
installation that another process of ours took is served here as well.

A portal's outage is its own. It is counted by kind in the metrics, and when it lasts ten minutes, its administrators
are told, wherever else they can be reached. The service is unwell only when the one portal it serves by a webhook is,
or when no portal at all can be reached: that is our network, or a mistake of ours.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, Protocol

import aiohttp
import structlog

from bot import metrics
from bot.channels.bitrix24.catalogue import PortalCatalogue
from bot.channels.bitrix24.client import BatchAnswer, Call
from bot.channels.bitrix24.facts import FACTS
from bot.channels.bitrix24.former import FormerBot
from bot.channels.bitrix24.gate import Gate
from bot.channels.bitrix24.limiter import Sleep
from bot.channels.bitrix24.outages import Outages, outage_of
from bot.channels.bitrix24.portal_bot import PortalBot
from bot.channels.bitrix24.rest_log import RestLog
from bot.channels.bitrix24.round import PeopleRound
from bot.channels.bitrix24.workdays import WorkdayRound
from bot.channels.doors import Refused
from bot.clock import Clock
from bot.domain.automation.errand import Errand
from bot.domain.automation.portal_object import ObjectKind, ObjectRef
from bot.domain.outage import Outage
from bot.guarded import guarded_session
from bot.kept import Kept
from bot.messages import DeliveryError, IncomingFile, Outgoing, Receipt
from bot.ports import (
    Fetched,
    ListedTask,
    NotDone,
    OnDuty,
    PortalObject,
    Receive,
    StageName,
    TellOutage,
    Vault,
    WatchesDays,
    at_once,
)
from bot.ports.connections import HEARD, Connection, Connections, Credentials
from bot.ports.eyes import Eyes
from bot.ports.premises import PortalStanding

LOOK_EVERY = 15.0
"""Seconds between two looks at how the portals are."""
COMPARE_EVERY = 60.0
"""Seconds between two looks at which portals there are to be."""
HEARD_EVERY = 600.0
"""Seconds between two notes of when a portal answered."""
ROOMS_LAST = 0.25
"""Seconds for which it is believed what portals can take."""
KEEP_ALIVE = 40.0
"""Seconds that a connection to a portal is kept: longer than the slowest beat rests."""
NAMES_LAST = 300
UNKNOWN = "UNKNOWN_PORTAL"
ASLEEP = "PORTAL_ASLEEP"
"""Codes of messages to a portal that is not served, and to one that was and is no more."""
NO_LIST = "CONNECTIONS_UNKNOWN"

log = structlog.get_logger(__name__)


class Make(Protocol):
    """Makes the bot of a portal; what is the same for all of them is known to it."""

    def __call__(
        self,
        connection: Connection,
        credentials: Credentials,
        *,
        session: aiohttp.ClientSession,
        people: PeopleRound,
        gate: Gate,
        personal: Callable[[str], Credentials] | None,
    ) -> PortalBot:
        """Make it; nothing is asked of the portal yet."""
        ...


class MakeFormer(Protocol):
    """Makes the bot by which a portal was served before the application."""

    def __call__(self, realm: str, webhook: str, *, chat: Callable[[str], Awaitable[str]]) -> FormerBot:
        """Make it; nothing is asked of the portal yet."""
        ...


async def _untold(realm: str, outage: Outage) -> None:
    """Tell nobody."""


class Bitrix24Channel:
    """All portals that are served."""

    name = FACTS.name
    facts = FACTS

    def __init__(
        self,
        connections: Connections,
        make: Make,
        *,
        tell: TellOutage = _untold,
        on_duty: OnDuty = at_once,
        vault: Vault | None = None,
        allow_local: bool = False,
        days: WatchesDays | None = None,
        clock: Clock | None = None,
        former: MakeFormer | None = None,
        rest_log: RestLog | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        """Serve what `connections` say by the bots that `make` makes; nothing is begun before `start`.

        When each portal was heard of last is kept in the `vault`. Addresses that others told us are called only where
        they are public, or on this machine with `allow_local`; the webhook's is the operator's. Whose working days
        are to be looked at is known by `days`.
        """
        self._vault = vault
        self._make_former = former
        self._rest_log = rest_log
        self._former: dict[str, asyncio.Task[None]] = {}
        self._heard: dict[str, float] = {}
        """When each portal answered, as it stands in the vault."""
        self._connections = connections
        self._make = make
        self._tell = tell
        self._on_duty = on_duty
        self._monotonic = monotonic
        self._sleep = sleep
        self._portals: dict[str, PortalBot] = {}
        self._served: dict[str, Connection] = {}
        self._slept: set[str] = set()
        """Realms that were served and are no more."""
        self._outages = Outages()
        self._people = PeopleRound(monotonic=monotonic, sleep=sleep)
        self._gate = Gate()
        self._days = WorkdayRound(days, self._run, clock, monotonic=monotonic, sleep=sleep) if days and clock else None
        self._session: aiohttp.ClientSession | None = None
        self._allow_local = allow_local
        self._guarded: aiohttp.ClientSession | None = None
        self._receive: Receive | None = None
        self._changing: dict[str, asyncio.Lock] = {}
        self._is_known = False
        """Whether it is known which portals there are."""
        self._narrow: Mapping[str, int] = {}
        self._narrow_until = float("-inf")
        self._kept = Kept(sleep=sleep, monotonic=monotonic)

    # The life of the fleet

    async def start(self, receive: Receive) -> None:
        """Begin to work in the background and return at once."""
        self._receive = receive
        connector = aiohttp.TCPConnector(
            limit=0, keepalive_timeout=KEEP_ALIVE, ttl_dns_cache=NAMES_LAST, enable_cleanup_closed=True
        )
        self._session = aiohttp.ClientSession(connector=connector)
        self._guarded = guarded_session(
            allow_local=self._allow_local, keepalive_timeout=KEEP_ALIVE, ttl_dns_cache=NAMES_LAST
        )
        with suppress(Exception):  # a database that is away comes back: the round looks again, and says so
            await self._compare()  # so that the doors know from the first moment on whose calls these are
        self._kept.keep("bitrix24 portals", self._compare_often)
        self._kept.keep("bitrix24 people", self._people.run)
        self._kept.keep("bitrix24 health", self._look_often)
        self._kept.keep("bitrix24 heard", self._note_heard_often)
        self._kept.keep("bitrix24 outages", self._tell_alone)
        if self._rest_log is not None:
            self._kept.keep("bitrix24 rest log", self._rest_log.run)
        if self._days is not None:
            self._kept.keep("bitrix24 days", partial(self._on_duty, "bitrix24:days", self._days.go))

    async def stop(self) -> None:
        """Stop receiving and finish requests in flight."""
        await self._kept.stop()
        for former in self._former.values():
            former.cancel()
        await asyncio.gather(*self._former.values(), return_exceptions=True)
        await asyncio.gather(*(each.stop() for each in self._portals.values()), return_exceptions=True)
        for session in (self._session, self._guarded):
            if session is not None:
                await session.close()

    async def hand_over(self) -> None:
        """Let the portals keep events from now on, because the doors are about to be closed."""
        await asyncio.gather(*(each.hand_over() for each in self._portals.values()), return_exceptions=True)

    async def connect(self, key: str) -> None:
        """Serve a portal from now on, or anew: it was installed, or what opens it has changed."""
        async with self._lock(key):
            connection = await self._connections.of(key)
            await self._end(key)
            if connection is not None:
                await self._begin(connection)

    async def disconnect(self, key: str) -> None:
        """Serve a portal no more; what is under way to it ends first."""
        async with self._lock(key):
            await self._end(key)

    def _lock(self, key: str) -> asyncio.Lock:
        return self._changing.setdefault(key, asyncio.Lock())

    async def _begin(self, connection: Connection) -> None:
        session = self._guarded if connection.kind == "application" else self._session
        if session is None or self._receive is None:
            return  # not started: the first comparison finds it
        key = connection.key
        bot = self._make(
            connection,
            self._connections.credentials(key),
            session=session,
            people=self._people,
            gate=self._gate,
            personal=partial(self._connections.credentials, key) if connection.kind == "application" else None,
        )
        self._portals[key], self._served[key] = bot, connection
        self._slept.discard(key)
        await bot.start(self._receive)
        if connection.former_webhook and self._make_former is not None:
            former = self._make_former(key, connection.former_webhook, chat=self._connections.chat)
            self._former[key] = asyncio.create_task(self._moved_away(key, former, self._receive))

    async def _moved_away(self, key: str, former: FormerBot, receive: Receive) -> None:
        """Let the former bot say where the new one is, as long as that is ours: of several services one does it."""
        session = self._session
        if session is not None:
            await self._on_duty(f"bitrix24:{key}:former", lambda: former.run(session, receive))

    async def _end(self, key: str) -> None:
        if (former := self._former.pop(key, None)) is not None:
            former.cancel()
            await asyncio.gather(former, return_exceptions=True)
        bot = self._portals.pop(key, None)
        self._served.pop(key, None)
        self._outages.forget(key)
        if bot is not None:
            self._slept.add(key)
            await bot.stop()

    # Who is served

    async def _compare_often(self) -> None:
        """Serve what is to be served, and look again each minute."""
        pause = 1.0
        while True:
            try:
                await self._compare()
                pause = COMPARE_EVERY
            except Exception as error:  # noqa: BLE001 - a database that is away comes back
                log.warning("bitrix24.connections_unknown", error=type(error).__name__)
                pause = min(pause * 2, COMPARE_EVERY)
            await self._sleep(pause)

    async def _compare(self) -> None:
        wanted = {each.key: each for each in await self._connections.all()}
        for key in [key for key in self._portals if key not in wanted]:
            if await self._connections.of(key) is None:  # somebody may have connected it meanwhile
                await self.disconnect(key)
        for key, connection in wanted.items():
            async with self._lock(key):
                served, bot = self._served.get(key), self._portals.get(key)
                if bot is not None and served is not None and served.kind == connection.kind and not bot.is_dead:
                    continue
                await self._end(key)
                await self._begin(connection)
        self._is_known = True

    def find(self, realm: str) -> PortalBot | None:
        """Return the bot of a portal; None where it is not served. Refused while that is not known yet."""
        found = self._portals.get(realm)
        if found is None and not self._is_known:
            raise Refused(503, "starting", "The service is starting.")
        return found

    # How they are

    async def _look_often(self) -> None:
        while True:
            self.look()
            await self._sleep(LOOK_EVERY)

    async def _note_heard_often(self) -> None:
        while True:
            await self._sleep(COMPARE_EVERY)
            try:
                await self._note_heard()
            except Exception as error:  # noqa: BLE001 - a database that is away comes back
                log.warning("bitrix24.heard_not_noted", error=type(error).__name__)

    async def _note_heard(self) -> None:
        """Note when portals answered last, each some minutes after the last note; all of a minute at once."""
        if self._vault is None:
            return
        heard = {key: bot.last_success for key, bot in self._portals.items()}
        new = {key: at for key, at in heard.items() if at and at - self._heard.get(key, 0.0) >= HEARD_EVERY}
        instants = {key: datetime.fromtimestamp(at, UTC).isoformat() for key, at in new.items()}
        await asyncio.gather(*(self._vault.put(HEARD.format(key=key), at) for key, at in instants.items()))
        self._heard |= new

    def look(self) -> None:
        """Note how each portal is, and count it."""
        now = self._monotonic()
        for realm, bot in self._portals.items():
            self._outages.look(realm, bot.health()["error"], now)
        counted = self._outages.by_kind()
        metrics.PORTALS.clear()
        metrics.PORTALS.labels("well").set(len(self._portals) - sum(counted.values()))
        for outage, count in counted.items():
            metrics.PORTALS.labels(outage.value).set(count)

    async def _tell_alone(self) -> None:
        """Tell of outages that last: one process of ours does it."""
        await self._on_duty("bitrix24:outages", self._tell_often)

    async def _tell_often(self) -> None:
        while True:
            await self._sleep(LOOK_EVERY)
            for realm, outage in list(self._outages.lasting(self._monotonic())):
                try:
                    await self._tell(realm, outage)
                except Exception as error:  # noqa: BLE001 - the next look tells it
                    log.warning("bitrix24.outage_not_told", realm=realm, error=type(error).__name__)
                else:
                    log.warning("bitrix24.portal_is_out", realm=realm, outage=outage.value)
                    self._outages.told(realm)

    def health(self) -> Mapping[str, Any]:
        """Return how the one portal is that is served by a webhook; of several, how many are well and what ails others.

        Of several it is ours only when none can be reached.
        """
        if not self._is_known:
            error = "NOT_STARTED" if self._session is None else NO_LIST
            return {"ok": False, "last_success": None, "error": error, "why": "starting"}
        if len(self._portals) == 1:
            ((key, only),) = self._portals.items()
            if self._served[key].kind == "webhook":
                return only.health()
        self.look()
        outages = self._outages.by_kind()
        is_cut_off = bool(self._portals) and outages.get(Outage.NETWORK, 0) == len(self._portals)
        is_ours = Outage.OURS in outages
        heard = [each.last_success for each in self._portals.values() if each.last_success is not None]
        return {
            "ok": not is_cut_off and not is_ours,
            "last_success": max(heard, default=None),
            "error": "NO_PORTAL_ANSWERS" if is_cut_off else "PORTAL_STOPPED" if is_ours else None,
            "why": "network" if is_cut_off else "ours" if is_ours else None,
            "portals": len(self._portals),
            "outages": {outage.value: count for outage, count in outages.items()},
        }

    def standing(self, portal_key: str) -> PortalStanding | None:
        """Return how a portal is; None where it is not served here: part of the `KnowsPortals` of this channel."""
        bot = self._portals.get(portal_key)
        if bot is None:
            return None
        health, heard = bot.health(), bot.last_success
        outage = outage_of(health["error"]) if health["error"] else None
        return PortalStanding(outage, datetime.fromtimestamp(heard, UTC) if heard else None, health["mode"])

    async def rights(self, portal_key: str) -> Sequence[str] | None:
        """Return the rights that the access to a portal has, as the portal tells them."""
        bot = self._portals.get(portal_key)
        return None if bot is None else await bot.rights()

    def read_people(self, portal_key: str) -> bool:
        """Have the people of a portal read at once."""
        return self._people.read_now(portal_key)

    def narrow(self) -> Mapping[str, int]:
        """Return the realms that can take only so many messages now; looked at a few times a second."""
        now = self._monotonic()
        if now >= self._narrow_until:
            rooms = {realm: bot.room() for realm, bot in self._portals.items()}
            self._narrow = {realm: room for realm, room in rooms.items() if room is not None}
            self._narrow_until = now + ROOMS_LAST
        return self._narrow

    def watched(self, realm: str) -> None:
        """Ask a portal often for half a minute: the `HearsOfPages` of this channel."""
        if (bot := self._portals.get(realm)) is not None:
            bot.watched()

    # Sending and fetching

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Send or edit one message by the bot of its portal."""
        bot = self._portals.get(outgoing.to.realm)
        if bot is None:
            raise self._not_served(outgoing.to.realm)
        return await bot.send(outgoing)

    async def fetch(self, realm: str, file: IncomingFile, limit: int) -> Fetched:
        """Return what a person sent: the `Fetch` of this channel."""
        bot = self._portals.get(realm)
        if bot is None:
            raise self._not_served(realm)
        return await bot.fetch(realm, file, limit)

    async def look_up(self, realm: str, kind: ObjectKind, number: int, type_id: int = 0) -> PortalObject | None:
        """Return an object of a portal: the `LookUp` of this channel."""
        bot = self._portals.get(realm)
        return None if bot is None else await bot.look_up(realm, kind, number, type_id)

    async def running_processes(self, realm: str, workflows: Sequence[str]) -> frozenset[str] | None:
        """Return which of some processes run still on a portal: what a `HasProcesses` does."""
        bot = self._portals.get(realm)
        return None if bot is None else await bot.running_processes(workflows)

    def errand_room(self, realm: str) -> int:
        """Return how many errands a portal can take side by side now; 0 while it is not served."""
        bot = self._portals.get(realm)
        return 0 if bot is None else bot.errand_room()

    async def run_errand(self, realm: str, errand: Errand) -> Mapping[str, Any]:
        """Carry out an errand on its portal; NotDone says why not."""
        bot = self._portals.get(realm)
        if bot is None:
            raise NotDone("no_access", retry_after=60.0, counts=False)
        return await bot.run_errand(errand)

    def looked_after(self) -> Collection[str]:
        """Return the portals whose objects this process looks after: part of the `HasEyes` of this channel."""
        return [realm for realm, bot in self._portals.items() if bot.eyes is not None]

    def eyes(self, realm: str) -> Eyes | None:
        """Return what looks at a portal's objects: part of the `HasEyes` of this channel."""
        bot = self._portals.get(realm)
        return None if bot is None else bot.eyes

    @property
    def catalogue(self) -> "_Catalogues":
        """How portals are asked for names."""
        return _Catalogues(self._portals)

    async def _run(self, realm: str, commands: Mapping[str, Call]) -> BatchAnswer | None:
        """Run commands on a portal; None while it is not reached."""
        bot = self._portals.get(realm)
        return None if bot is None else await bot.run(commands)

    async def own_tasks(self, realm: str, account: str) -> Sequence[ListedTask] | None:
        """Return the tasks that wait for somebody, by their own rights: what a `HasProcesses` does."""
        bot = self._portals.get(realm)
        return None if bot is None else await bot.own_tasks(account)

    def _not_served(self, realm: str) -> DeliveryError:
        if not self._is_known or self._lock(realm).locked():
            return DeliveryError("network", permanent=False, retry_after=1.0, detail="NOT_STARTED")
        return DeliveryError("rejected", permanent=True, detail=ASLEEP if realm in self._slept else UNKNOWN)

    def link(self, token: str) -> str | None:  # noqa: ARG002 - the port's
        """Return none: whoever is on the portal has the bot there."""
        return None


@dataclass(frozen=True, slots=True)
class _Catalogues:
    """Asks the portal that is meant; one that is not served now has no names."""

    portals: Mapping[str, PortalBot]

    async def smart_processes(self, realm: str) -> Mapping[int, str]:
        """Return what the smart processes are called, by their types."""
        found = self._of(realm)
        return {} if found is None else await found.smart_processes()

    async def stages(self, realm: str, kind: ObjectKind, type_id: int = 0) -> Sequence[StageName]:
        """Return the stages of such objects in their order."""
        found = self._of(realm)
        return () if found is None else await found.stages(kind, type_id)

    async def fields(self, realm: str, kind: ObjectKind, type_id: int = 0) -> Mapping[str, str]:
        """Return the titles of the fields by their names."""
        found = self._of(realm)
        return {} if found is None else await found.fields(kind, type_id)

    async def values(self, realm: str, ref: ObjectRef) -> Mapping[str, Any] | None:
        """Return an object with all its fields."""
        found = self._of(realm)
        return None if found is None else await found.values(ref)

    def _of(self, realm: str) -> PortalCatalogue | None:
        bot = self.portals.get(realm)
        return None if bot is None else bot.catalogue
