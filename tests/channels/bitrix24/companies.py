"""Several companies' portals, and one channel that serves them."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.channels.bitrix24 import Bitrix24Channel, IncomingWebhook, PortalBot
from bot.domain.outage import Outage
from bot.ports.connections import Connection, Credentials, Kind
from tests.channels.bitrix24.doubles import WEBHOOK_PATH, channel_on
from tests.channels.bitrix24.sites import Site, seconds, site, sleep


class MemoryConnections:
    """Portals that are to be served, as the test says."""

    def __init__(self) -> None:
        """Begin with none."""
        self.by_key: dict[str, Connection] = {}
        self.fails = False

    def put(self, key: str, url: str, kind: Kind = "webhook") -> None:
        """Let a portal be served."""
        self.by_key[key] = Connection(key, kind, url)

    async def all(self) -> Sequence[Connection]:
        """Return them."""
        if self.fails:
            raise OSError("the database is away")
        return list(self.by_key.values())

    async def of(self, key: str) -> Connection | None:
        """Return one."""
        return self.by_key.get(key)

    def credentials(self, key: str) -> Credentials:
        """Return what opens it."""
        return IncomingWebhook(self.by_key[key].base_url)


class Fleet:
    """A channel of several portals, with what they handed on by realm."""

    def __init__(self, **more: Any) -> None:
        """Serve nobody yet."""
        self.connections = MemoryConnections()
        self.sites: dict[str, Site] = {}
        self.told: list[tuple[str, Outage]] = []
        self._ordinary: dict[str, Any] = {"monotonic": seconds, "sleep": sleep}
        self.channel = Bitrix24Channel(self.connections, self._make, **{"tell": self._tell, **self._ordinary, **more})
        self.inbox: list[tuple[str, str]] = []
        """Who was heard: the realm and the words."""

    def _make(self, connection: Connection, credentials: Credentials, **shared: Any) -> PortalBot:
        made = self.sites.get(connection.key)
        own = {"directory": made.directory, "clock": made.world.clock} if made else {}
        about = {"realm": connection.key, "credentials": credentials, "kind": connection.kind}
        vault = made.vault if made else None
        return channel_on(connection.base_url, vault, **{**self._ordinary, **own, **about, **shared})

    async def _tell(self, realm: str, outage: Outage) -> None:
        self.told.append((realm, outage))

    async def receive(self, incomings: Sequence[Any], checkpoint: Any = None) -> int:
        """Remember what was said, and where."""
        self.inbox += [(each.realm, each.text) for each in incomings if each.text]
        return len(incomings)


@asynccontextmanager
async def fleet(*companies: str, fails: bool = False, **more: Any) -> AsyncIterator[Fleet]:
    """Run a channel that serves these companies; where it `fails`, nobody can tell which these are."""
    made = Fleet(**more)
    made.connections.fails = fails
    await _with_sites(made, companies)
    await made.channel.start(made.receive)
    try:
        yield made
    finally:
        await made.channel.stop()
        for each in made.sites.values():
            await each.portal.stop()
            each.world.close()


async def _with_sites(made: Fleet, companies: Sequence[str]) -> None:
    for key in companies:
        await add_site(made, key)


async def add_site(made: Fleet, key: str) -> Site:
    """Let a company have a portal that is to be served."""
    found = made.sites[key] = Site()
    await found.portal.start()
    made.connections.put(key, found.portal.webhook_url)
    return found


@asynccontextmanager
async def answering(answer: Callable[[web.Request], Any]) -> AsyncIterator[str]:
    """Run a portal that answers everything in one way; gives its webhook."""
    app = web.Application()
    app.router.add_post(WEBHOOK_PATH + "{method}", answer)
    async with TestServer(app) as server:
        yield str(server.make_url(WEBHOOK_PATH))


@asynccontextmanager
async def silent() -> AsyncIterator[str]:
    """Run a portal that takes every request and answers none."""
    held: list[asyncio.StreamWriter] = []

    async def hold(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        held.append(writer)

    server = await asyncio.start_server(hold, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}{WEBHOOK_PATH}"
    finally:
        server.close()
        for each in held:
            each.close()


__all__ = ["Fleet", "add_site", "answering", "fleet", "silent", "site"]
