"""A portal under test with a client and a bot, and what survives a restart of it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.clock import MovableClock
from bot.sandbox.portal import PortalEmulator
from bot.sandbox.world import SandboxPerson, World

NOW = datetime(2026, 8, 21, 7, 0, 0, tzinfo=UTC)
TOKEN = "a-secret-of-the-bot"


@dataclass
class Reply:
    """What the portal answered."""

    status: int
    body: dict[str, Any] = field(default_factory=dict)

    @property
    def result(self) -> Any:
        """The result of a success."""
        assert self.status == 200, self.body
        return self.body["result"]

    @property
    def refusal(self) -> tuple[int, Any]:
        """Status and code of a refusal."""
        return self.status, self.body.get("error")


class Site:
    """A running portal and somebody who calls it."""

    def __init__(self, world: World, portal: PortalEmulator, session: aiohttp.ClientSession) -> None:
        """Speak to `portal` through `session`."""
        self.world = world
        self.portal = portal
        self.session = session
        self.bot_id = 0

    def person(self, key: str) -> SandboxPerson:
        """Return the person of that key."""
        found = self.world.person(key)
        assert found is not None
        return found

    async def call(self, method: str, params: dict[str, Any] | None = None) -> Reply:
        """Call a method with a JSON body."""
        async with self.session.post(self.portal.webhook_url + method, json=params or {}) as response:
            return Reply(response.status, await response.json())

    async def own(self, method: str, **params: Any) -> Reply:
        """Call a method of `imbot.v2` as the bot."""
        return await self.call(f"imbot.v2.{method}", {"botId": self.bot_id, "botToken": TOKEN, **params})

    async def register(self, **fields: Any) -> int:
        """Register the bot and return its id."""
        given = {"code": "smena", "botToken": TOKEN, "properties": {"name": "Смена"}, **fields}
        self.bot_id = (await self.call("imbot.v2.Bot.register", {"fields": given})).result["bot"]["id"]
        return self.bot_id

    async def command(self, name: str) -> int:
        """Register a command of the bot and return its id."""
        reply = await self.own("Command.register", fields={"command": name, "title": {"ru": "Команда"}})
        return int(reply.result["command"]["id"])

    async def send(self, dialog: int | str, message: str = "Привет", **fields: Any) -> int:
        """Send a message as the bot and return its id."""
        reply = await self.own("Chat.Message.send", dialogId=str(dialog), fields={"message": message, **fields})
        return int(reply.result["id"])

    async def events(self, **params: Any) -> list[dict[str, Any]]:
        """Fetch what waits in the queue."""
        events: list[dict[str, Any]] = (await self.own("Event.get", **params)).result["events"]
        return events


@asynccontextmanager
async def open_site(data_dir: Path | None = None, **options: Any) -> AsyncIterator[Site]:
    """Start a portal whose limiter does not get in the way unless it is given a `monotonic`."""
    options.setdefault("monotonic", _always_later())
    world = World(MovableClock(NOW), data_dir=data_dir)
    portal = PortalEmulator(world, **options)
    await portal.start()
    try:
        async with aiohttp.ClientSession() as session:
            yield Site(world, portal, session)
    finally:
        await portal.stop()
        world.close()


def _always_later() -> Callable[[], float]:
    """Return a monotonic clock on which any two looks are an hour apart."""
    looks = iter(range(10**9))
    return lambda: next(looks) * 3600.0


async def test_webhook_survives(tmp_path: Path) -> None:
    """The webhook's code, the application token and the member id are the same after a restart."""
    async with open_site(tmp_path) as site:
        before = (site.portal.webhook_url.split("/")[5], site.portal.application_token, site.portal.member_id)
    async with open_site(tmp_path) as site:
        after = (site.portal.webhook_url.split("/")[5], site.portal.application_token, site.portal.member_id)
        assert before == after
        assert (await site.call("profile")).result["ID"] == "1"


async def test_what_is_held_back_survives(tmp_path: Path) -> None:
    """What `reorder_events` keeps back when the sandbox is killed goes out at the next start, once."""
    world = World(MovableClock(NOW), data_dir=tmp_path)
    killed = PortalEmulator(world, monotonic=_always_later())
    await killed.start()
    async with aiohttp.ClientSession() as session:
        site = Site(world, killed, session)
        await site.register()
        world.faults.order("bitrix24", "reorder_events")
        await killed.say(site.person("anna"), "ушла")
    ((_, _, timer),) = killed._portal.outflow._held.values()
    timer.cancel()  # who is killed has no timer any more
    killed._portal.outflow._held.clear()
    await killed.stop()
    world.close()
    for _ in range(2):
        async with open_site(tmp_path) as again:
            again.bot_id = site.bot_id
            events = await again.events()
            assert ["ушла"] == [each["data"]["message"]["text"] for each in events if "message" in each["data"]]


async def test_state_survives(tmp_path: Path) -> None:
    """Bots, commands, messages, keyboards, locks and unconfirmed events are there after a restart, without a stop."""
    world = World(MovableClock(NOW), data_dir=tmp_path)
    killed = PortalEmulator(world)
    await killed.start()
    async with aiohttp.ClientSession() as session:
        site = Site(world, killed, session)
        await site.register()
        command_id = await site.command("checkin")
        button = {"TEXT": "Начать", "COMMAND": "checkin", "BLOCK": "Y"}
        message_id = await site.send(3, keyboard=[button])
        await killed.say(site.person("anna"), "привет")
        await killed.press(site.person("anna"), message_id, "Начать")
        shown, waiting = killed.shown(site.person("anna")), await site.events()
    async with open_site(tmp_path) as again:
        again.bot_id = site.bot_id
        commands = (await again.own("Command.list")).result["commands"]
        assert [command["id"] for command in commands] == [command_id]
        assert again.portal.shown(again.person("anna")) == shown
        assert shown[0].buttons[0].disabled is True
        assert await again.events() == waiting
        assert await again.register() == site.bot_id
    await killed.stop()
    world.close()


async def test_ids_are_not_reused(tmp_path: Path) -> None:
    """A confirmed event's id and a message's id are not handed out again after a restart."""
    async with open_site(tmp_path) as site:
        await site.register()
        first_message = await site.portal.say(site.person("anna"), "раз")
        last = (await site.events())[-1]["eventId"]
        await site.events(offset=last + 1)
        bot_id = site.bot_id
    async with open_site(tmp_path) as site:
        site.bot_id = bot_id
        second_message = await site.portal.say(site.person("anna"), "два")
        assert second_message > first_message
        assert [event["eventId"] > last for event in await site.events()] == [True]


async def test_confirmed_stays_confirmed(tmp_path: Path) -> None:
    """Events that were confirmed before a restart do not come back after it."""
    async with open_site(tmp_path) as site:
        await site.register()
        await site.portal.say(site.person("anna"), "раз")
        await site.portal.say(site.person("anna"), "два")
        events, bot_id = await site.events(), site.bot_id
        await site.events(offset=events[-1]["eventId"])
    async with open_site(tmp_path) as site:
        site.bot_id = bot_id
        assert await site.events() == events[-1:]


async def test_stop_interrupts_slow() -> None:
    """A portal that is slow by order stops at once and drops the caller."""
    async with open_site(slow_seconds=600) as site:
        site.world.faults.order("bitrix24", "slow")
        called = asyncio.create_task(site.call("profile"))
        await asyncio.sleep(0.05)
        await asyncio.wait_for(site.portal.stop(), 5)
        with pytest.raises(aiohttp.ClientError):
            await called


@pytest.mark.parametrize("language", ["ru", "en"])
async def test_portal_language(language: str) -> None:
    """Events and the bot's description tell the portal's language."""
    async with open_site(portal_language=language) as site:
        await site.register()
        await site.portal.say(site.person("james"), "hi")
        events = await site.events()
        assert {event["data"]["language"] for event in events} == {language}
        assert {event["data"]["bot"]["language"] for event in events} == {language}
