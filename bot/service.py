"""The service: storage, dispatcher, channels, delivery and server, put together and run in order."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TypeVar
from urllib.parse import urlsplit

import aiohttp
import structlog
from aiohttp import web

from bot.api.cursors import Cursors
from bot.api.door import Door as ApiDoor
from bot.api.full import in_full
from bot.api.limits import Limits
from bot.api.routes import api_routes
from bot.api.routes import warm_up as warm_up_api
from bot.calendars_watch import CalendarsWatch
from bot.callers import Callers
from bot.channels import telegram
from bot.clock import Clock
from bot.days_watch import DaysWatch
from bot.delivery import Delivery
from bot.derived import Derived
from bot.dispatch.dispatcher import Dispatcher
from bot.dispatch.due import DueJobs
from bot.dispatch.hook_telling import HookTelling
from bot.dispatch.lost import LostMessages
from bot.dispatch.router import Router, RouteTable
from bot.dispatch.turn import Occasion
from bot.dispatch.undertaking import Undertaking
from bot.domain.automation.errand import Errand
from bot.domain.automation.process import ProcessCall
from bot.domain.installation import PROCESSES
from bot.domain.outage import Outage
from bot.errands import runners
from bot.guarded import guarded_session
from bot.hooks import HookSender
from bot.ids import turn_id
from bot.kept import Kept
from bot.late_token import LateToken
from bot.listener import listening
from bot.lookout import Lookout
from bot.messengers import FACTS, MESSENGERS, Surroundings, configured, late_telegram
from bot.on_duty import DutyHolder
from bot.own_resolver import OwnResolver
from bot.own_tasks import OWN_TASKS_DUTY, OwnTaskRunner
from bot.portal_access import KEEP_ALIVE_DUTY, PortalAccess
from bot.ports import (
    Channel,
    HasCatalogue,
    HasObjects,
    HasProcesses,
    ListedDepartment,
    ListedTask,
    NewerDatabase,
    OnDuty,
    Person,
    PortalObject,
    Serving,
    Storage,
    Supply,
    Unavailable,
    WrongDatabase,
)
from bot.ports.eyes import HasEyes
from bot.ports.premises import BACKED_UP, KnowsPortals, backup_of
from bot.ports.verifying import SignedAccount, SignsPeople
from bot.ports.watched import HearsOfPages
from bot.process_runner import PROCESSES_DUTY, ProcessRunner
from bot.pulse import Pulse
from bot.reachable import HOOK_PORTS
from bot.scheduler import Scheduler
from bot.server import Readiness, application, calendar_feed
from bot.services.approvals.seals import Seals
from bot.services.automation.errands import Errands
from bot.services.automation.native_tasks import NativeTasks
from bot.services.automation.processes import Processes
from bot.services.automation.robots import Robots
from bot.services.messengers import Messengers
from bot.services.people.feeds import Feeds
from bot.services.people.portals import Portals
from bot.services.premises import Premises
from bot.services.reminding.digest_times import DigestTimes
from bot.services.wiring import House, Services
from bot.settings import Settings, networks_of, rate_of
from bot.uploads import Places
from bot.web.doors import static_routes
from bot.web.entering.link import LinkDoor
from bot.web.entering.mini_app import MiniAppDoor
from bot.web.live import Live
from bot.web.origins import Origins, token_of
from bot.web.render import warm_up
from bot.web.serving import Pages

_log = structlog.get_logger("service")
_Done = TypeVar("_Done")
_PURGE_EVERY = 3_600.0
_PURGE_AGAIN = 300.0
_ALIVE = "service:alive"
SANDBOX = "sandbox:seeded"
"""The vault's name for what tells that a database is the sandbox's, with its invented people."""
_SANDBOX_HOST = "127.0.0.1"
_EVERYWHERE = "0.0.0.0"  # noqa: S104 - compared, not bound


class Service:
    """One running installation. `start` answers on HTTP at once; the rest follows in the background."""

    _are_begun = False
    """Whether the channels that were there at the start have been begun."""

    def __init__(
        self,
        settings: Settings,
        storage: Storage,
        router: Router,
        clock: Clock,
        *,
        mount: Callable[[web.Application], None] | None = None,
        on_duty: OnDuty | None = None,
        telegram_signer: bytes | None = None,
    ) -> None:
        """Build everything; nothing is opened before `start`.

        `mount` makes it the sandbox's; to that alone another key than Telegram's may be given, by which it signs.
        """
        self.settings = settings
        self.storage = storage
        self.clock = clock
        self._is_sandbox = mount is not None
        routes = RouteTable(router)
        commands = routes.listed_commands()
        self.messengers = Messengers(FACTS)
        self.on_duty = on_duty or DutyHolder(storage.duties)
        secret = secret_of(settings)
        self._premises, self._places = Premises(), Places()
        self.undertaking = Undertaking(routes, House(storage, self.messengers, Seals(secret), self._premises))
        self.dispatcher = Dispatcher(self.undertaking)
        self.scheduler = Scheduler(storage, clock, DueJobs(self.undertaking).do)
        self.channels: dict[str, Channel] = {}
        doors: list[web.AbstractRouteDef] = [calendar_feed(self._calendar)]
        self.is_open = asyncio.Event()
        self.access = PortalAccess(
            settings, storage, self.undertaking, Derived(secret), clock,
            webhook_key=realm_of(settings), site=self._site, is_open=self.is_open.is_set,
        )  # fmt: skip
        doors += [*self.access.routes(), *static_routes(), *self._pages(Derived(secret))]
        limits = Limits(rate_of(settings.api_rate))
        calling = Callers(networks_of(settings.trusted_proxies))
        self.api = ApiDoor(
            self.undertake, Cursors(Derived(secret)), limits, clock, callers=calling, session_of=token_of,
            is_open=self.is_open.is_set, places=self._places,
        )  # fmt: skip
        doors += api_routes(self.api)
        storage.on_commit(self.api.ring)
        self.hooks = self._hook_sender()
        around = Surroundings(
            settings,
            Derived(secret),
            storage.vault,
            commands,
            lambda name: partial(self._listed, name),
            clock,
            self.on_duty,
            self.dispatcher.receive_unread,
            self.access.connections,
            self.access.life_cycle,
            lambda name: partial(self._tell_outage, name),
            self._site,
            DaysWatch(self.undertaking, clock),
            CalendarsWatch(self.undertaking, clock),
        )
        for each in MESSENGERS:  # also of one that is configured no more: what it stored is still to be handled
            if each.read is not None:
                storage.inbox.read_by(each.facts.name, each.read)
        for messenger in configured(settings):
            channel, its_doors = messenger.make(around)
            self.channels[channel.name] = channel
            doors += its_doors
        self.late_token = LateToken(
            settings, storage.vault, self.channels,
            partial(late_telegram, around, signer=self._signer(telegram_signer)), self._serve_late,
            active=self._active_portals, over=self._introduce,
        )  # fmt: skip
        for channel in self.channels.values():
            if isinstance(channel, Serving):
                self.access.serve_by(channel)
        self._introduce()
        self.processes = self._process_runner()
        self.delivery = Delivery(storage, self.channels, LostMessages(self.undertaking, clock).see_to)
        have_eyes = (each for each in self.channels.values() if isinstance(each, HasEyes))
        self.lookouts = [Lookout(storage, self.undertaking, each, clock) for each in have_eyes]
        self.kept = Kept()
        self.pulse = Pulse(self._write)
        self.readiness = Readiness(
            storage.revision, storage.backlog, self.channels, clock,
            pulse=self.pulse, kept=self.kept, moved=self.dispatcher.idle_for, disk=storage.disk,
        )  # fmt: skip
        self._premises.health = self.readiness
        self.app = application(self.readiness, *doors, lost=self.pages.lost)
        if mount is not None:
            mount(self.app)
        self.listener = listening(self.app, doors)
        self._opening: asyncio.Task[None] | None = None
        self.failed = asyncio.get_running_loop().create_future()
        self.port = settings.port

    def _pages(self, derived: Derived) -> list[web.RouteDef]:
        """Return the doors of the web application."""
        origins, is_open = Origins(self._site), self.is_open.is_set
        callers = Callers(networks_of(self.settings.trusted_proxies))
        self.pages = Pages(self.undertake, self.clock, derived, origins, is_open=is_open, places=self._places)
        by_portal = self.access.has_application
        link = LinkDoor(self.undertake, self.clock, origins, callers, is_open=is_open, by_portal=by_portal)
        entering = [*link.routes(), *self._mini_app(origins, callers)]
        self.live = Live(self.pages.reader_of, is_open=is_open, watched=self._watched)
        self.storage.on_commit(self.live.ring)
        return [*entering, *self.pages.routes(), self.live.route()]

    def _watched(self, portal_key: str) -> None:
        """Let the channels that ask for news know where somebody has a page open."""
        for channel in self.channels.values():
            if isinstance(channel, HearsOfPages):
                channel.watched(portal_key)

    def _mini_app(self, origins: Origins, callers: Callers) -> list[web.RouteDef]:
        """Return the doors of what opens in a messenger's own frame, whether its bot is there by now or not."""
        name, is_open = telegram.FACTS.name, self.is_open.is_set
        return MiniAppDoor(
            self.undertake, self.clock, origins, callers, self._signed, channel=name, is_open=is_open
        ).routes()

    def _signer(self, given: bytes | None) -> bytes | None:
        if given is not None and not self._is_sandbox:
            raise ValueError("outside of the sandbox only Telegram signs for Telegram")
        return given

    def _signed(self, data: str, now: datetime) -> SignedAccount | None:
        channel = next((each for each in self.channels.values() if isinstance(each, SignsPeople)), None)
        found = None if channel is None else channel.signed(data, now)
        return None if found is None else replace(found, portal_id=self.late_token.portal_id)

    def _agreeing(self, member_id: str, now: datetime) -> str | None:
        return self.access.agreeing(self._site(), member_id, now)

    def _sharing_tasks(self, member_id: str, account: str, now: datetime) -> str | None:
        return self.access.sharing_tasks(self._site(), member_id, account, now)

    def _site(self) -> str | None:
        if self.settings.public_url or not self.settings.allow_local_portals:
            return self.settings.public_url or None
        host = _SANDBOX_HOST if self.settings.host == _EVERYWHERE else self.settings.host
        return f"http://{host}:{self.port}"

    async def undertake(self, work: Callable[[Supply], Awaitable[_Done]], now: datetime, *, turn: str = "") -> _Done:
        """Do what a page or a program asked for: the `Undertake` of those surfaces."""
        return await self.undertaking(work, Occasion(now, id=turn))

    async def _calendar(self, token: str) -> str | None:
        if not self.is_open.is_set():
            raise web.HTTPServiceUnavailable
        now = self.clock.now()
        return await self.undertaking(lambda services: services.get(Feeds).read(token, now), Occasion(now))

    async def start(self) -> None:
        """Listen, then open the database and the channels in the background; OSError when the port is taken."""
        self.port = await self.listener.start(self.settings.host, self.settings.port)
        self.kept.keep("listener", self.listener.watch)
        self._opening = asyncio.create_task(self._open())

    async def _open(self) -> None:
        """Open the database, waiting for one that is away; then everything that stands on it."""
        try:
            await self._open_storage()
            await self._begin_rounds()
            await self.late_token.adopt()
            for name, channel in self.channels.items():
                await channel.start(self.dispatcher.receive)
                _log.info("channel started", channel=name)
            self._are_begun = True
            tasks: list[tuple[str, Callable[[], Awaitable[None]]]] = [
                ("dispatcher", self.dispatcher.run),
                ("delivery", self.delivery.run),
                ("scheduler", self.scheduler.run),
                ("hooks", self.hooks.run),
                ("tidying", partial(self.on_duty, "tidying", self._tidy)),
                ("pulse", self.pulse.run),
                *runners(self.storage, [*self.channels.values()], self._errand_stands, self.clock),
                *(("lookout", each.run) for each in self.lookouts),
                *self._of_the_application(),
            ]
            for task, work in tasks:
                self.kept.keep(task, work)
            if not self.settings.has_telegram:
                self.kept.keep("telegram token", self.late_token.look_often)
            self.is_open.set()
            await asyncio.to_thread(warm_up)
            await asyncio.to_thread(warm_up_api)
        except Exception as error:  # noqa: BLE001 - handed to whoever runs the service
            if not self.failed.done():
                self.failed.set_exception(error)

    def _of_the_application(self) -> list[tuple[str, Callable[[], Awaitable[None]]]]:
        if not self.access.has_application:
            return []
        return [
            ("tokens", partial(self.on_duty, KEEP_ALIVE_DUTY, self.access.keep_alive)),
            ("processes", partial(self.on_duty, PROCESSES_DUTY, self.processes.run)),
            ("own tasks", partial(self.on_duty, OWN_TASKS_DUTY, self._own_task_runner().run)),
        ]

    async def _serve_late(self, channel: Channel) -> None:
        """Serve a channel whose token was brought while we run; before that, the start begins it with the others."""
        self._introduce()
        self.delivery.serve(channel.name)
        if self._are_begun:
            await channel.start(self.dispatcher.receive)
            _log.info("channel started", channel=channel.name)

    async def _active_portals(self) -> list[int]:
        async with self.storage.unit_of_work() as uow:
            return [each.id for each in await uow.portals.active()]

    async def _last_backup(self) -> datetime | None:
        return backup_of(await self.storage.vault.get(BACKED_UP))

    def _introduce(self) -> None:
        """Let services know what the channels can do, and where we are reached."""
        self.messengers.links = {name: each.link for name, each in self.channels.items()}
        self.messengers.fetches = {name: each.fetch for name, each in self.channels.items()}
        have_objects = (each for each in self.channels.values() if isinstance(each, HasObjects))
        self.messengers.look_up = next((each.look_up for each in have_objects), None)
        have_names = (each for each in self.channels.values() if isinstance(each, HasCatalogue))
        self.messengers.catalogue = next((each.catalogue for each in have_names), None)
        self.messengers.allows_local = self.settings.allow_local_portals
        self.messengers.site, self.messengers.stand_in = self._site, self._agreeing
        self.messengers.share_tasks = self._sharing_tasks
        know_portals = (each for each in self.channels.values() if isinstance(each, KnowsPortals))
        self._premises.portals = next(know_portals, None)
        self._premises.token, self._premises.last_backup = self.late_token, self._last_backup

    def _process_runner(self) -> ProcessRunner:
        return ProcessRunner(
            self.storage, self.clock, self._begin_process, self._processes_over,
            at_start=self._robots_follow,
            look_up=self.messengers.look_up,
            portals=next((each for each in self.channels.values() if isinstance(each, HasProcesses)), None),
            called=self.access.called,
        )  # fmt: skip

    def _own_task_runner(self) -> OwnTaskRunner:
        portals = next((each for each in self.channels.values() if isinstance(each, HasProcesses)), None)
        return OwnTaskRunner(self.storage, self.clock, portals, listed=self._tasks_listed, lost=self._tasks_lost)

    def _hook_sender(self) -> HookSender:
        is_local = self.settings.allow_local_portals
        telling = HookTelling(self.undertaking)
        return HookSender(
            self.storage, self.clock, self._hook_session,
            render=partial(in_full, self.undertake, self.clock),
            stop=telling.stop, outcome=telling.outcome, allow_local=is_local,
        )  # fmt: skip

    def _hook_session(self) -> aiohttp.ClientSession:
        """Return a session whose names are looked up beside those of everybody else: anybody may add a silent one."""
        is_local = self.settings.allow_local_portals
        return guarded_session(allow_local=is_local, inner=OwnResolver(), ports=HOOK_PORTS)

    async def _tasks_listed(self, portal_id: int, account: str, tasks: Sequence[ListedTask]) -> None:
        """Show what waits for somebody: the `Listed` of its runner."""
        now = self.clock.now()
        await self.undertaking(
            lambda services: services.get(NativeTasks).listed(portal_id, account, tasks, now), Occasion(now)
        )

    async def _tasks_lost(self, portal_id: int, account: str) -> None:
        """Tell somebody that their tasks can be shown no more: the `Lost` of its runner."""
        await self.undertaking(
            lambda services: services.get(NativeTasks).lost(portal_id, account), Occasion(self.clock.now())
        )

    async def _robots_follow(self) -> None:
        """See to it that the robots of all portals call us where we are reached now."""
        now = self.clock.now()
        for portal, installation in await self.storage.grants.all():
            if installation.is_served and PROCESSES in installation.scope:
                follow = partial(self._robots_of, portal.id, now)
                await self.undertaking(follow, Occasion(now))

    @staticmethod
    async def _robots_of(portal_id: int, now: datetime, services: Services) -> None:
        await services.get(Robots).follow(portal_id, now)

    async def _begin_process(self, call: ProcessCall, document: PortalObject | None) -> None:
        """Ask what a business process wants to be asked: the `Begin` of its runner."""
        now = self.clock.now()
        await self.undertaking(
            lambda services: services.get(Processes).begin(call.portal_id, call.id, document, now), Occasion(now)
        )

    async def _processes_over(self, portal_id: int, calls: Sequence[int]) -> None:
        """Note that processes wait for us no more: the `NotRunning` of their runner."""
        now = self.clock.now()
        await self.undertaking(
            lambda services: services.get(Processes).not_running(portal_id, calls, now), Occasion(now)
        )

    async def _begin_rounds(self) -> None:
        now = self.clock.now()
        await self.undertaking(lambda services: services.get(DigestTimes).begin_everywhere(now), Occasion(now))

    async def _install(self, realm: str) -> None:
        now = self.clock.now()
        await self.undertaking(lambda services: services.get(Portals).install(realm, now), Occasion(now))

    async def _listed(
        self, channel: str, realm: str, people: Sequence[Person], departments: Sequence[ListedDepartment] = ()
    ) -> Sequence[str]:
        """Bring a portal up to date: the `Directory` of a channel."""
        now = self.clock.now()

        async def work(services: Services) -> Sequence[str]:
            return await services.get(Portals).listed(realm, channel, people, departments, now)

        return await self.undertaking(work, Occasion(now))

    async def _tell_outage(self, channel: str, realm: str, outage: Outage) -> None:
        """Have the administrators of a portal told: the `TellOutage` of a channel."""
        now = self.clock.now()

        async def work(services: Services) -> None:
            await services.get(Portals).out(realm, channel, outage, now)

        await self.undertaking(work, Occasion(now))

    async def _errand_stands(self, errand: Errand, rest: float, is_told: bool) -> bool:
        """Store how an errand stands, with what follows from its end."""
        return await self.undertaking(
            lambda services: services.get(Errands).stands(errand, rest=rest, is_told=is_told),
            Occasion(self.clock.now(), id=turn_id()),
        )

    async def _open_storage(self) -> None:
        pause = 0.5
        while True:
            try:
                await self.storage.start()
            except (NewerDatabase, WrongDatabase):
                raise
            except Exception as error:
                if not (isinstance(error, Unavailable) and error.may_pass):
                    raise
                _log.warning("database is out of reach", error=str(error), again_in=pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, 15)
            else:
                await self._keep_apart()
                if resealed := await self.storage.vault.reseal():
                    _log.info("secrets are sealed with the present SECRET_KEY", resealed=resealed)
                if self.settings.bitrix24_webhook_url.get_secret_value():
                    await self._install(realm_of(self.settings))
                return

    async def _keep_apart(self) -> None:
        """Refuse a database of the other kind: the sandbox invents people, the real service has them."""
        async with self.storage.unit_of_work() as uow:
            real = [each.key for each in await uow.portals.all() if each.key != _SANDBOX_HOST]
        if self._is_sandbox and real and await self.storage.vault.get(SANDBOX) is None:
            raise WrongDatabase(
                "the database of DATABASE_URL holds a real portal, and the sandbox would put invented people into it: "
                "leave DATABASE_URL unset for the sandbox, or give it a database of its own"
            )
        is_local = self.settings.allow_local_portals
        if not self._is_sandbox and not is_local and not real and await self.storage.vault.get(SANDBOX) is not None:
            raise WrongDatabase(
                "the database of DATABASE_URL is the sandbox's, with its invented people: set DATABASE_URL to another "
                "one, or move the old file away"
            )

    async def _write(self) -> None:
        await self.storage.vault.put(_ALIVE, self.clock.now().isoformat())

    async def _tidy(self) -> None:
        pause = _PURGE_EVERY
        while True:
            await asyncio.sleep(pause)
            try:
                await self.storage.purge()
                pause = _PURGE_EVERY
            except Exception as error:  # noqa: BLE001 - a database that is away comes back; until then it grows
                pause = _PURGE_AGAIN
                _log.exception("tidying failed", error=type(error).__name__, again_in=pause)

    async def stop(self) -> None:
        """Close the doors, let what is under way end, and disconnect."""
        for channel in list(self.channels.values()):
            await channel.hand_over()
        self.live.close()
        self.api.hang_up()
        await self.listener.stop()
        for channel in list(self.channels.values()):
            await channel.stop()
        if self._opening is not None:
            self._opening.cancel()
            await asyncio.gather(self._opening, return_exceptions=True)
        await self.kept.stop()
        await self.api.close()
        await self.access.close()
        await self.storage.close()

    async def run_until(self, stopped: asyncio.Event) -> None:
        """Run until told to stop, or until something failed that cannot be waited out."""
        waiting = asyncio.create_task(stopped.wait())
        try:
            await asyncio.wait({waiting, self.failed}, return_when=asyncio.FIRST_COMPLETED)
            if self.failed.done():
                self.failed.result()
        finally:
            waiting.cancel()
            await self.stop()


def realm_of(settings: Settings) -> str:
    """Return the tenant key of the portal that the incoming webhook belongs to: its host."""
    return urlsplit(settings.bitrix24_webhook_url.get_secret_value()).hostname or "portal"


def secret_of(settings: Settings) -> str:
    """Return the installation's SECRET_KEY; without one configured, a secret that lasts as long as the process."""
    return settings.secret_key.get_secret_value() or secrets.token_hex(32)
