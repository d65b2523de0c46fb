"""The doors of the application before a real database, an authorisation server, and portals that nobody serves."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.callers import Callers, Tries
from bot.channels.bitrix24.limiter import Limiter
from bot.channels.bitrix24.oauth import AuthorisationServers
from bot.channels.bitrix24.tokens import KeptTokens
from bot.channels.bitrix24.verifier import PortalVerifier
from bot.channels.bitrix24.webhook import routes as event_routes
from bot.clock import MovableClock
from bot.derived import Derived
from bot.dispatch.router import RouteTable
from bot.dispatch.turn import Occasion
from bot.dispatch.undertaking import Undertaking
from bot.domain.installation import Grant, Installation
from bot.domain.people.employee import Employee, Identity, Role
from bot.domain.portal import Portal
from bot.i18n import Translator
from bot.messages import Receipt
from bot.messengers import FACTS
from bot.services.approvals.seals import Seals
from bot.services.messengers import Messengers
from bot.services.people.installations import Installations
from bot.services.wiring import House, Services
from bot.web.doors import static_routes
from bot.web.entering.application import Application, Webhook
from bot.web.entering.by_portal import ByPortal
from bot.web.entering.frame import FrameDoors, states_of
from bot.web.entering.framed import FramedSessions
from bot.web.entering.knocks import MOST, WITHIN, Knocks
from bot.web.origins import Origins
from bot.web.serving import Pages
from handlers import router
from storage import Database, open_storage
from tests.authority import CLIENT_ID, CLIENT_SECRET, Authority, Company, authority, session
from tests.migrated import begin_migrated

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
SITE = "https://smena.example"
SECRET_KEY = "k" * 40
HOUR = timedelta(hours=1)


@dataclass
class Installed:
    """The service, as far as the application goes."""

    storage: Database
    server: Authority
    clock: MovableClock
    http: aiohttp.ClientSession
    served: list[tuple[str, str]] = field(default_factory=list)
    """What was said to whoever serves portals."""
    webhook: Webhook | None = None
    client: Any = None
    application: Any = None
    doors: Any = None
    undertaking: Any = None
    tokens: Any = None
    framed: Any = None
    by_portal: Any = None
    pages: Any = None
    knocks: Any = None
    ticks: float = 0.0
    """Real seconds, by which tries are counted."""

    async def connect(self, portal_key: str) -> None:
        """Note it."""
        self.served.append(("connect", portal_key))

    async def disconnect(self, portal_key: str) -> None:
        """Note it."""
        self.served.append(("disconnect", portal_key))

    async def do(self, work: Callable[[Installations], Awaitable[Any]]) -> Any:
        """Do a use case, told and committed as the service does."""

        async def done(services: Services) -> Any:
            return await work(services.get(Installations))

        return await self.undertaking(done, Occasion(self.clock.now()))

    async def undertake(self, work: Any, now: datetime, *, turn: str = "") -> Any:
        """Do what a page asked for."""
        return await self.undertaking(work, Occasion(now, id=turn))

    async def chat(self, key: str) -> str:
        """Return where the bot is."""
        return f"https://{key}.example/online/?IM_DIALOG=5"

    # What is said and read

    async def frame(
        self, company: Company, path: str = "/bitrix24/install", account: str = "17", **changed: str
    ) -> Any:
        """Open a page in the portal's frame; `changed` are fields that say something else."""
        query, form = self.server.frame(company, account)
        query |= {key: value for key, value in changed.items() if key in query}
        form |= {key: value for key, value in changed.items() if key not in query}
        return await self.client.post(path, params=query, data=form)

    async def event(self, company: Company, name: str, *, bare: bool = False, account: str = "17", **said: Any) -> Any:
        """Post an event of the application's life; `said` are fields of `auth` that say something else, or `data`."""
        data = said.pop("data", {})
        auth = self.server.auth(company, account, bare=bare) | said
        return await self.client.post("/bitrix24/events", data=self.server.event(company, name, data, auth))

    async def installation(self, company: Company) -> tuple[Portal, Installation] | None:
        """Return how the application stands."""
        found: tuple[Portal, Installation] | None = await self.do(lambda each: each.of_company(company.member_id))
        return found

    async def grants(self, company: Company) -> list[Grant]:
        """Return whose tokens are kept."""
        found = await self.installation(company)
        return [] if found is None else list(await self.storage.grants.of(found[0].id))

    async def portal(self, key: str) -> Portal | None:
        """Return a tenant."""
        return await self.storage.unit_of_work().portals.by_key(key)

    async def hires(self, portal: Portal, number: int = 900, role: Role = Role.ADMIN) -> Employee:
        """Add somebody to a portal."""
        identity = Identity("telegram", "", f"tg{number}", f"tg{number}")
        made = Employee(number, portal.id, f"Person {number}", role=role, identities=(identity,))
        async with self.storage.unit_of_work() as unit:
            unit.employees.add(made)
            await unit.commit()
        return made

    async def told(self) -> list[str]:
        """Return what was said to people since the last look."""
        claimed = await self.storage.outbox.claim("telegram", 50)
        await self.storage.outbox.sent([(each, Receipt("1")) for each in claimed])
        return [Translator("ru", "UTC", NOW).plain(each.say.text) for each in claimed]


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Installed]:
    """Give it."""
    clock = MovableClock(NOW)
    await begin_migrated(tmp_path / "web.db")
    storage = await open_storage(f"sqlite:///{tmp_path / 'web.db'}", secret_key=SECRET_KEY)
    await storage.start()
    async with authority(clock) as server, session() as http:
        made = Installed(storage, server, clock, http)
        made.undertaking = Undertaking(RouteTable(router), House(storage, Messengers(FACTS), Seals(SECRET_KEY)))
        servers = AuthorisationServers(CLIENT_ID, CLIENT_SECRET, server.host, lambda: http, clock, allow_local=True)

        async def quickly(_: float) -> None:
            pass

        verifier = PortalVerifier(
            servers,
            lambda: http,
            storage.vault,
            clock,
            webhook=lambda key: (
                f"http://{server.host}/rest/1/code/" if made.webhook and key == made.webhook.key else ""
            ),
            limiter=lambda: Limiter(monotonic=lambda: 0.0, sleep=quickly),
        )

        async def trouble(key: str, what: Any) -> None:
            await made.do(lambda each: each.trouble(key, what, clock.now()))

        async def moved(key: str, endpoint: str) -> None:
            await made.do(lambda each: each.moved(key, endpoint, clock.now()))

        made.tokens = KeptTokens(storage.grants, servers, clock, trouble=trouble, moved=moved, sleep=quickly)
        made.application = Application(made.do, verifier, clock, made, forget=made.tokens.forget, sleep=quickly)
        derived, origins = Derived(SECRET_KEY), Origins(lambda: SITE)
        made.framed = FramedSessions(made.undertake, clock, derived, origins, channel="bitrix24", is_open=lambda: True)
        made.by_portal = ByPortal(
            made.undertake, clock, made.application, origins, Callers(), states_of(derived),
            channel="bitrix24", is_open=lambda: True,
        )  # fmt: skip
        made.knocks = Knocks(Callers(), Tries(MOST, WITHIN, lambda: made.ticks))
        made.doors = FrameDoors(
            made.application, derived, clock, made.chat,
            framed=made.framed, by_portal=made.by_portal, allow_local=True, knocks=made.knocks,
        )  # fmt: skip
        made.pages = Pages(made.undertake, clock, derived, origins, is_open=lambda: True)

        async def life_cycle(body: bytes, content_type: str, request: web.BaseRequest) -> None:
            shown = made.application.read({}, body, content_type)
            async with made.knocks.counted(request, shown):
                await made.application.happened(shown)

        app = web.Application()
        app.add_routes(
            [
                *made.doors.routes(),
                *made.framed.routes(),
                *made.by_portal.routes(),
                *made.pages.routes(),
                *static_routes(),
                *event_routes(lambda _: None, life_cycle),
            ]
        )
        async with TestClient(TestServer(app)) as client:
            made.client = client
            yield made
    await storage.close()
