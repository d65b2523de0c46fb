"""A small application in place of the service: it answers its page, registers a bot, and remembers what it heard."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.sandbox.portal.php import parse_query
from bot.sandbox.waiting import until
from tests.sandbox.worlds import Ground

FINISHING = "<script>parent.postMessage('setInstallFinish:1:' + sid, home)</script>"


@dataclass
class StandIn:
    """What the application heard; `page` is what it answers, `works` whether it sets itself up."""

    ground: Ground
    page: str = FINISHING
    status: int = 200
    works: bool = True
    binds: bool = True
    opened: list[tuple[dict[str, str], dict[str, Any]]] = field(default_factory=list)
    pressed: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    site: str = ""
    _tasks: list["asyncio.Task[None]"] = field(default_factory=list)

    async def open_page(self, request: web.Request) -> web.Response:
        """Answer the installation page and set up behind it."""
        self.opened.append((dict(request.query), parse_query(await request.text())))
        if self.works and "<form" not in self.page:
            self._tasks.append(asyncio.create_task(self._set_up()))
        return web.Response(text=self.page, status=self.status, content_type="text/html")

    async def press(self, request: web.Request) -> web.Response:
        """The page's button was pressed."""
        self.pressed.append(parse_query(await request.text()))
        self._tasks.append(asyncio.create_task(self._set_up()))
        return web.Response(text=FINISHING, content_type="text/html")

    async def hear(self, request: web.Request) -> web.Response:
        """Take an event."""
        assert "application/x-www-form-urlencoded" == request.content_type
        self.events.append(parse_query(await request.text()))
        return web.Response()

    async def _set_up(self) -> None:
        token = self.opened[-1][1]["AUTH_ID"]
        fields = {"code": "smena", "properties": {"name": "Smena"}}
        await self.ground.call(token, "imbot.v2.Bot.register", fields=fields)
        if self.binds:
            url = f"{self.site}/bitrix24/events"
            await self.ground.call(token, "event.bind", event="ONCRMDEALUPDATE", handler=url)

    async def rest(self) -> None:
        """Let what it began end."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def came(self, count: int) -> None:
        """Wait until so many bodies came."""
        assert await until(lambda: len(self.events) >= count, 5, 0.01), self.events

    async def heard(self, count: int) -> list[str]:
        """Return the names of the events once so many came."""
        await self.came(count)
        return [each["event"] for each in self.events]


@asynccontextmanager
async def stand_in(ground: Ground) -> AsyncIterator[StandIn]:
    """Serve the application where its card says."""
    made = StandIn(ground)
    app = web.Application()
    app.router.add_post("/bitrix24/install", made.open_page)
    app.router.add_post("/bitrix24/install/go", made.press)
    app.router.add_post("/bitrix24/app", made.open_page)
    app.router.add_post("/bitrix24/events", made.hear)
    app.router.add_get("/static/page.js", _script)
    async with TestServer(app) as server:
        made.site = ground.authority.application.site = f"http://127.0.0.1:{server.port}"
        yield made
        await made.rest()


async def _script(_request: web.Request) -> web.Response:
    return web.Response(text="BX24.installFinish();", content_type="text/javascript")
