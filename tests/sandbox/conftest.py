"""The second company of the sandbox with the application installed, as tests of this folder have it."""

import json
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.clock import MovableClock
from bot.domain.automation.rule import RuleState, RuleVersion
from bot.domain.automation.watching import BINDING, Hint
from bot.domain.portal import Portal
from bot.playground import Playground
from bot.sandbox.companies import COMPANIES
from bot.sandbox.world import World
from bot.settings import Settings
from handlers import router
from storage import open_storage
from tests.people import MONDAY

KEY = "k" * 40


@dataclass
class Beta:
    """The second company with the application, and the sandbox around it."""

    playground: Playground
    client: aiohttp.ClientSession
    portal: Portal

    async def call(self, method: str, path: str, **body: Any) -> Any:
        """Make a control call."""
        async with self.client.request(method, f"/sandbox/api/{path}", json=body or None) as answer:
            assert answer.status < 300, await answer.text()
            return await answer.json()

    async def does(self, method: str, path: str, by: str | None = "emma", **fields: Any) -> int:
        """Let somebody of the company do something on its pages; nobody is a robot."""
        told = {"fields": fields} if fields else {}
        made = await self.call(method, f"portals/beta/{path}", **({"by": by} if by else {}), **told)
        return int(made.get("id", 0))

    async def rests(self) -> None:
        """Wait until nothing waits any more."""
        left = await self.call("POST", "settle")
        assert (0, 0) == (left["inbox"], left["outbox"]), left

    async def rules(self, *rules: dict[str, Any], state: RuleState = RuleState.ON) -> None:
        """Have rules on, or off, and wait until the portal was asked to tell of what they need."""
        async with self.playground.service.storage.unit_of_work() as uow:
            known = {each.key: each for each in await uow.rules.of_portal(self.portal.id)}
            for each in rules:
                version = RuleVersion(self.portal.id, each["key"], 1, json.dumps(each), state, MONDAY)
                if each["key"] in known:
                    uow.rules.put_state(known[each["key"]], version)
                else:
                    uow.rules.add(version)
            uow.objects.note(Hint(self.portal.id, BINDING))
            await uow.commit()
        await self.rests()

    async def held(self, rule: str = "contract") -> list[tuple[str, str]]:
        """Return how often a rule held: for which object, and what came of it."""
        async with self.playground.service.storage.unit_of_work() as uow:
            found = await uow.rules.latest(self.portal.id, rule, 100)
        return [(each.object, each.outcome) for each in reversed(found)]

    async def bound(self) -> set[str]:
        """Return what the portal tells the application of."""
        return {each["event"] for each in await self.call("GET", "portals/beta/events")}

    async def calls(self, *methods: str) -> Counter[str]:
        """Return how often objects were asked for, each command of a batch counted, by method and object."""
        counted: Counter[str] = Counter()
        for each in await self.call("GET", "calls"):
            params = each["params"] or {}
            commands = params.get("cmd") or {} if each["method"] == "batch" else {}
            asked = [str(one).partition("?") for one in (commands.values() if isinstance(commands, dict) else commands)]
            counted.update(name if "get" not in name else f"{name} {query}" for name, _, query in asked)
            if each["method"] in methods:
                suffix = f" {params.get('id')}" if "get" in each["method"] else ""
                counted[f"{each['method']}{suffix}"] += 1
        return counted


@pytest.fixture
async def beta(tmp_path: Path) -> AsyncIterator[Beta]:
    """The application is installed, and the clock stands."""
    settings = Settings.from_environ({"DATABASE_URL": f"sqlite:///{tmp_path / 's.db'}", "SECRET_KEY": KEY, "PORT": "0"})
    world = World(MovableClock(), companies=COMPANIES, data_dir=tmp_path)
    world.resume_clock(MONDAY)
    made = Playground(settings, world)
    await made.start(lambda given: open_storage(given.database_url, secret_key=KEY), router, 0)
    try:
        async with aiohttp.ClientSession(f"http://127.0.0.1:{made.service.port}") as client:
            await made._seeding
            found = Beta(made, client, Portal(0, "", ""))
            await found.call("POST", "portals/beta/install", by="emma")
            async with made.service.storage.unit_of_work() as uow:
                portal = await uow.portals.by_key(made.portals["beta"].member_id)
            assert portal is not None
            found.portal = portal
            await found.rests()
            yield found
    finally:
        await made.service.stop()
        await made.stop()
