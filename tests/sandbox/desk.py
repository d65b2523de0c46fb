"""The application at work on the second company's portal."""

from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio

from tests.sandbox.stand_in import StandIn, stand_in
from tests.sandbox.worlds import Ground, Outcome, open_ground

LEAD, DEAL = 1, 2


class Desk:
    """Somebody at work in the CRM of the second company."""

    def __init__(self, app: StandIn) -> None:
        """Act for an administrator."""
        self.app = app
        self.ground: Ground = app.ground
        self.token = self.ground.pair()["access_token"]

    async def __call__(self, method: str, **params: Any) -> Outcome:
        """Call a method."""
        return await self.ground.call(self.token, method, **params)

    async def add(self, kind: int = DEAL, **fields: Any) -> dict[str, Any]:
        """Make an item."""
        item: dict[str, Any] = (await self("crm.item.add", entityTypeId=kind, fields=fields)).result["item"]
        return item

    async def change(self, item: dict[str, Any], kind: int = DEAL, **fields: Any) -> Outcome:
        """Change an item."""
        return await self("crm.item.update", entityTypeId=kind, id=item["id"], fields=fields)

    async def bind(self, *events: str) -> None:
        """Have events sent to the application."""
        for event in events:
            await self("event.bind", event=event, handler=f"{self.app.site}/bitrix24/events")

    async def told(self, count: int) -> list[tuple[str, Any]]:
        """Return the events after the installation's, with their data."""
        await self.app.heard(count + 1)
        return [(each["event"], each["data"].get("FIELDS", each["data"])) for each in self.app.events[1:]]


@pytest_asyncio.fixture
async def desk() -> AsyncIterator[Desk]:
    """The application is installed."""
    async with open_ground() as ground, stand_in(ground) as app:
        ground.install()
        await app.heard(1)
        yield Desk(app)
