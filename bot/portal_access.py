"""How portals come to us and we to them: authorisation servers, tokens, what proves a call, and the doors for it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web

from bot.callers import Callers
from bot.channels.bitrix24.connections import StoredConnections
from bot.channels.bitrix24.facts import FACTS
from bot.channels.bitrix24.limiter import Limiter
from bot.channels.bitrix24.oauth import AuthorisationServers
from bot.channels.bitrix24.object_door import Caller, ObjectDoor
from bot.channels.bitrix24.processes import door as robots
from bot.channels.bitrix24.processes.called import Called
from bot.channels.bitrix24.tokens import KeptTokens
from bot.channels.bitrix24.verifier import PortalVerifier
from bot.clock import Clock
from bot.derived import Derived
from bot.dispatch.turn import Occasion
from bot.dispatch.undertaking import Undertaking
from bot.domain.installation import Trouble
from bot.domain.portal import Portal
from bot.guarded import guarded_session
from bot.ports import NotProven, Serving, Storage, Supply
from bot.services.automation.process_calls import ProcessCalls
from bot.services.people.installations import Installations
from bot.services.wiring import Services
from bot.settings import Settings, networks_of
from bot.web.entering.application import Application, Webhook
from bot.web.entering.by_portal import ByPortal
from bot.web.entering.frame import FrameDoors, states_of
from bot.web.entering.framed import FramedSessions
from bot.web.entering.knocks import Knocks
from bot.web.origins import Origins

_Done = TypeVar("_Done")
KEEP_ALIVE_EVERY = 86_400.0
KEEP_ALIVE_DUTY = "bitrix24:tokens"


class PortalAccess:
    """The application, and the incoming webhook beside it."""

    def __init__(
        self,
        settings: Settings,
        storage: Storage,
        undertaking: Undertaking,
        derived: Derived,
        clock: Clock,
        *,
        webhook_key: str,
        site: Callable[[], str | None],
        is_open: Callable[[], bool],
    ) -> None:
        """Put everything together; nothing is called before somebody asks."""
        self._undertaking = undertaking
        self._storage = storage
        self._clock = clock
        self._allow_local = settings.allow_local_portals
        self._session: aiohttp.ClientSession | None = None
        self.called = asyncio.Event()
        """Set when a call of a robot was stored."""
        self._leaving: set[asyncio.Task[None]] = set()
        url = settings.bitrix24_webhook_url.get_secret_value()
        self.has_application = settings.has_application
        servers = AuthorisationServers(
            settings.bitrix24_client_id,
            settings.bitrix24_client_secret.get_secret_value(),
            settings.bitrix24_oauth_hosts,
            self.session,
            clock,
            allow_local=settings.allow_local_portals,
        )
        self.tokens = KeptTokens(storage.grants, servers, clock, trouble=self._troubled, moved=self._moved)
        self.connections = StoredConnections(
            storage.grants, self.tokens, storage.vault, self._portal, webhook_key=webhook_key, webhook_url=url
        )
        self._verifier = verifier = PortalVerifier(
            servers,
            self.session,
            storage.vault,
            clock,
            webhook=lambda key: url if key == webhook_key else "",
            limiter=Limiter,
        )
        self._serving: Serving | None = None
        self.application = Application(
            self._do,
            verifier,
            clock,
            self,
            webhook=Webhook(webhook_key, urlsplit(url).netloc.lower()) if url else None,
            forget=self._forget,
        )
        self.objects = ObjectDoor(self._caller, storage.hints)
        self._is_open = is_open
        origins, callers = Origins(site), Callers(networks_of(settings.trusted_proxies))
        self._knocks = Knocks(callers)
        self._framed = FramedSessions(self._undertake, clock, derived, origins, channel=FACTS.name, is_open=is_open)
        self._by_portal = ByPortal(
            self._undertake,
            clock,
            self.application,
            origins,
            callers,
            states_of(derived),
            channel=FACTS.name,
            is_open=is_open,
        )
        self._doors = FrameDoors(
            self.application,
            derived,
            clock,
            self.connections.chat,
            framed=self._framed,
            by_portal=self._by_portal,
            knocks=self._knocks,
            allow_local=settings.allow_local_portals,
            is_open=is_open,
        )

    def session(self) -> aiohttp.ClientSession:
        """Return the session for addresses that others told us."""
        if self._session is None or self._session.closed:
            self._session = guarded_session(allow_local=self._allow_local)
        return self._session

    def agreeing(self, site: str | None, member_id: str, now: datetime) -> str | None:
        """Return the page at which an administrator agrees to stand in; None where nobody reaches it."""
        if not self.has_application or site is None or not member_id:
            return None
        return site.rstrip("/") + self._doors.agreeing(member_id, now)

    def sharing_tasks(self, site: str | None, member_id: str, account: str, now: datetime) -> str | None:
        """Return the page at which somebody lets their own tasks be shown in chat; None where nobody reaches it."""
        if not self.has_application or site is None or not member_id:
            return None
        return site.rstrip("/") + self._doors.sharing_tasks(member_id, account, now)

    def serve_by(self, serving: Serving) -> None:
        """Tell `serving` of each portal that comes and goes."""
        self._serving = serving

    def routes(self) -> list[web.RouteDef]:
        """Return the doors; none where there is no application."""
        if not self.has_application:
            return []
        called = robots.routes(self.robot_called, self._clock, is_open=self._is_open)
        return [*self._doors.routes(), *self._framed.routes(), *self._by_portal.routes(), *called]

    async def life_cycle(self, body: bytes, content_type: str, request: web.BaseRequest) -> None:
        """Take an event of the application's life, or of an object; NotProven says why it is not taken."""
        if not self.has_application:
            raise NotProven("no_application")
        if await self.objects.take(body, content_type):
            return
        shown = self.application.read({}, body, content_type)
        async with self._knocks.counted(request, shown):
            await self.application.happened(shown)

    async def robot_called(self, called: Called) -> None:
        """Store a call of a robot; NotProven where it does not carry the application token of its company."""
        now = self._clock.now()

        async def store(services: Services) -> bool:
            found = await services.get(Installations).of_company(called.member_id)
            known = found[1].application_token if found is not None else ""
            if found is None or not self._verifier.is_same_token(called.application_token, known):
                raise NotProven("wrong_token")
            return await services.get(ProcessCalls).take(found[0], called.call, now)

        if await self._undertaking(store, Occasion(now)):
            self.called.set()

    async def keep_alive(self) -> None:
        """Once a day renew what nobody has used for very long."""
        while True:
            await self.tokens.keep_alive()
            await asyncio.sleep(KEEP_ALIVE_EVERY)

    async def close(self) -> None:
        """Let renewals under way be stored, and disconnect."""
        await self.tokens.close()
        if self._session is not None:
            await self._session.close()

    # The `Serving` of the application

    async def connect(self, portal_key: str) -> None:
        """Begin to serve a portal."""
        if self._serving is not None:
            await self._serving.connect(portal_key)

    async def disconnect(self, portal_key: str) -> None:
        """Serve a portal no more, or by its webhook again."""
        if self._serving is None:
            return
        if await self.connections.of(portal_key) is None:
            await self._serving.disconnect(portal_key)
        else:
            await self._serving.connect(portal_key)

    # What is stored

    async def _undertake(self, work: Callable[[Supply], Awaitable[_Done]], now: datetime, *, turn: str = "") -> _Done:
        """Do what a page asked for: its `Undertake`."""
        return await self._undertaking(work, Occasion(now, id=turn))

    async def _do(self, work: Callable[[Installations], Awaitable[Any]]) -> Any:
        async def done(services: Services) -> Any:
            return await work(services.get(Installations))

        return await self._undertaking(done, Occasion(self._clock.now()))

    async def _caller(self, member_id: str) -> Caller | None:
        """Return the company whose events of objects are taken."""
        async with self._storage.unit_of_work() as uow:
            portal = await uow.installations.portal_of_company(member_id)
            found = await uow.installations.of(portal.id) if portal is not None else None
        if portal is None or found is None or not found.state.is_heard:
            return None
        return Caller(portal.id, portal.key, found.application_token)

    def _forget(self, key: str) -> None:
        """Read what is stored of a portal again before it is used next."""
        self.tokens.forget(key)
        self.objects.forget(key)

    async def _portal(self, key: str) -> Portal | None:
        async with self._storage.unit_of_work() as uow:
            return await uow.portals.by_key(key)

    async def _troubled(self, key: str, trouble: Trouble) -> None:
        if await self._do(lambda each: each.trouble(key, trouble, self._clock.now())):
            self.tokens.forget(key)
            # Whoever asks for this is under way to that portal: it is left in its own time.
            task = asyncio.create_task(self.disconnect(key)) if await self.connections.of(key) is None else None
            if task is not None:
                self._leaving.add(task)
                task.add_done_callback(self._leaving.discard)

    async def _moved(self, key: str, client_endpoint: str) -> None:
        for former in await self._do(lambda each: each.moved(key, client_endpoint, self._clock.now())):
            await self.disconnect(former)
        self.tokens.forget(key)
