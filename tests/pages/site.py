"""A company whose members open pages: the real doors on a real database, without a browser."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html import unescape
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.callers import Callers, Tries
from bot.channels.telegram.mini_app import signed_by
from bot.derived import Derived
from bot.dispatch.turn import Occasion
from bot.domain.people.session import Via
from bot.services.people.access import Access
from bot.web.doors import static_routes
from bot.web.entering.framed import FramedSessions
from bot.web.entering.link import LinkDoor
from bot.web.entering.mini_app import MiniAppDoor
from bot.web.live import Live
from bot.web.origins import COOKIE, Origins
from bot.web.serving import Pages
from tests.people import Company, Person

SITE = "https://smena.example"
BOT_TOKEN = "12345:the-token-of-the-bot"
SECRET = "s" * 40


@dataclass
class Site:
    """The pages of a company."""

    company: Company
    client: Any
    ticks: list[float] = field(default_factory=lambda: [0.0])
    tokens: dict[int, str] = field(default_factory=dict)
    live: Any = None

    async def token(self, person: Person) -> str:
        """Sign somebody in, once."""
        if person.employee_id not in self.tokens:

            async def enter(services: Any) -> str:
                employee = await services.uow.employees.get(self.company.portal.id, person.employee_id)
                identity = employee.identities[0]
                return str(
                    services.get(Access).begin(employee, identity, Via.LINK, "Test", self.company.clock.now()).token
                )

            self.tokens[person.employee_id] = await undertake(self.company)(enter, self.company.clock.now())
        return self.tokens[person.employee_id]

    async def get(self, person: Person | None, path: str, **headers: str) -> "Read":
        """Open a page."""
        return await self._asked("GET", person, path, None, headers)

    async def post(self, person: Person | None, path: str, fields: Any = None, **headers: str) -> "Read":
        """Send a form from a page of ours, and go on to where that leads."""
        return await self._asked("POST", person, path, fields or {}, {"Sec_Fetch_Site": "same-origin", **headers})

    async def _asked(
        self, method: str, person: Person | None, path: str, fields: Any, headers: dict[str, str]
    ) -> "Read":
        sent = {name.replace("_", "-"): value for name, value in headers.items() if value}
        if person is not None:
            sent["Cookie"] = f"{COOKIE}={await self.token(person)}"
        data: Any = fields
        if isinstance(fields, dict):  # as a stream, for one of a megabyte is warned of otherwise
            data = BytesIO(urlencode(fields).encode())
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        async with self.client.request(method, path, data=data, headers=sent, allow_redirects=False) as answer:
            read = Read(
                answer.status,
                await answer.text(errors="replace"),
                dict(answer.headers),
                answer.headers.getall("Set-Cookie", []),
            )
        if method == "POST" and read.status == 303 and person is not None:
            return await self.get(person, read.headers["Location"])
        return read


@dataclass
class Read:
    """What came back."""

    status: int
    html: str
    headers: dict[str, str]
    cookies: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What people read on it."""
        main = self.html[self.html.find("<main") :] if "<main" in self.html else self.html
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def undertake(company: Company) -> Any:
    """Return the `Undertake` of pages."""

    async def do(work: Any, now: Any, *, turn: str = "") -> Any:
        return await company.undertaking(work, Occasion(now, id=turn))

    return do


@asynccontextmanager
async def site_of(company: Company) -> AsyncIterator[Site]:
    """Give the pages of a company."""
    origins, ticks = Origins(lambda: SITE), [0.0]

    def tries(most: int, within: float) -> Tries:
        return Tries(most, within, lambda: ticks[0])

    do = undertake(company)
    pages = Pages(do, company.clock, Derived(SECRET), origins, is_open=lambda: True)
    link = LinkDoor(
        do, company.clock, origins, Callers(), is_open=lambda: True,
        wrong=tries(5, 600), wrong_of_all=tries(20, 60), sign_ins=tries(10, 60),
    )  # fmt: skip
    mini_app = MiniAppDoor(
        do, company.clock, origins, Callers(), signed_by(BOT_TOKEN), channel="telegram", is_open=lambda: True,
        sign_ins=tries(10, 60),
    )  # fmt: skip
    framed = FramedSessions(do, company.clock, Derived(SECRET), origins, channel="bitrix24", is_open=lambda: True)
    app = web.Application()
    live = Live(pages.reader_of, is_open=lambda: True, beat=0.05)
    company.storage.on_commit(live.ring)
    app.add_routes(
        [*static_routes(), *link.routes(), *mini_app.routes(), *framed.routes(), *pages.routes(), live.route()]
    )
    async with TestClient(TestServer(app)) as client:
        yield Site(company, client, ticks, live=live)
        live.close()
