"""Two companies with their portals, the authorisation server, and somebody who calls them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp

from bot.clock import MovableClock
from bot.sandbox.companies import COMPANIES
from bot.sandbox.portal import PortalEmulator
from bot.sandbox.portal.oauth.authority import Authority
from bot.sandbox.portals import Portals
from bot.sandbox.world import SandboxPerson, World

NOW = datetime(2026, 8, 21, 7, 0, 0, tzinfo=UTC)


@dataclass
class Outcome:
    """What was answered."""

    status: int
    body: Any

    @property
    def result(self) -> Any:
        """The result of a success."""
        assert self.status == 200, self.body
        return self.body["result"]

    @property
    def refusal(self) -> tuple[int, Any]:
        """Status and code of a refusal."""
        return self.status, self.body.get("error")


class Ground:
    """Running portals and a client."""

    def __init__(self, world: World, portals: Portals, session: aiohttp.ClientSession) -> None:
        """Speak to `portals` through `session`."""
        self.world = world
        self.portals = portals
        self.session = session

    @property
    def beta(self) -> PortalEmulator:
        """The second company's portal."""
        return self.portals["beta"]

    @property
    def authority(self) -> Authority:
        """The authorisation server."""
        return self.portals.authority

    def person(self, key: str) -> SandboxPerson:
        """Return the person of that key."""
        found = self.world.person(key)
        assert found is not None
        return found

    def install(self, portal: str = "beta", by: int = 1, *, is_finished: bool = True) -> None:
        """Put the application on a portal without anybody's page."""
        self.portals[portal].lifecycle.begin(by)
        if is_finished:
            self.portals[portal].lifecycle.finish()

    def pair(self, user_id: int = 1, portal: str = "beta") -> dict[str, Any]:
        """Give a person tokens."""
        return self.authority.tokens(portal, user_id)

    async def token(self, *, by_post: bool = False, **fields: str) -> Outcome:
        """Ask the authorisation server for tokens as the application."""
        card = self.authority.application
        given = {"client_id": card.client_id, "client_secret": card.client_secret, **fields}
        url = f"http://{self.authority.host}/oauth/token/"
        asked = self.session.post(url, data=given) if by_post else self.session.get(url, params=given)
        async with asked as response:
            return Outcome(response.status, await response.json())

    async def refresh(self, token: str, **fields: str) -> Outcome:
        """Refresh a pair."""
        return await self.token(grant_type="refresh_token", refresh_token=token, **fields)

    async def call(self, token: str, method: str, portal: str = "beta", **params: Any) -> Outcome:
        """Call a method of a portal with an access token."""
        url = f"{self.portals[portal].portal.address}/rest/{method}"
        async with self.session.post(url, json={**params, "auth": token}, allow_redirects=False) as response:
            return Outcome(response.status, await response.json())


@asynccontextmanager
async def open_ground(data_dir: Path | None = None) -> AsyncIterator[Ground]:
    """Start both portals and the authorisation server."""
    world = World(MovableClock(NOW), companies=COMPANIES, data_dir=data_dir)
    portals = Portals(world)
    await portals.start()
    try:
        async with aiohttp.ClientSession() as session:
            yield Ground(world, portals, session)
    finally:
        await portals.stop()
        world.close()
