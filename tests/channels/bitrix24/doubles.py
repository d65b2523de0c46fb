"""Doubles with memory: a vault, a clock of seconds, a scripted portal, and PHP's way of writing forms."""

import asyncio
import heapq
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote_plus

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.channels.bitrix24 import Appearance, IncomingWebhook, PortalBot
from bot.channels.bitrix24.client import Client
from bot.channels.bitrix24.limiter import Limiter
from bot.clock import MovableClock
from bot.derived import Derived
from bot.messages import NO_BUTTONS, Address, Command, Incoming, Keyboard, Outgoing, Say, Words
from bot.ports import Checkpoint, ListedDepartment, Person
from bot.ports.connections import Credentials
from bot.text import t

SECRET = "a secret of the installation, long enough"
COMMANDS = (Command("checkin", t("Check in")), Command("who", t("Who"), roles=frozenset({"lead"})))
NOW = datetime(2026, 8, 21, 10, 0, tzinfo=UTC)
PAYLOADS = Path(__file__).with_name("payloads")
WEBHOOK_PATH = "/rest/1/s3cr3tc0de/"


class MemoryVault:
    """A vault that remembers what was secret."""

    def __init__(self) -> None:
        """Start empty."""
        self.values: dict[str, str] = {}
        self.secrets: set[str] = set()

    async def get(self, name: str) -> str | None:
        """Return a value."""
        return self.values.get(name)

    async def put(self, name: str, value: str, *, is_secret: bool = False) -> None:
        """Keep a value."""
        self.values[name] = value
        if is_secret:
            self.secrets.add(name)

    async def reseal(self) -> int:
        """Do nothing: nothing is sealed here."""
        return 0


class MemoryInbox:
    """A `Receive` that remembers, knows each event once, and fails when told to."""

    def __init__(self) -> None:
        """Start empty and well."""
        self.incomings: list[Incoming] = []
        self.checkpoints: list[Checkpoint] = []
        self.fails = False
        self._known: set[str] = set()

    async def __call__(self, incomings: Sequence[Incoming], checkpoint: Checkpoint | None = None) -> int:
        """Store what is new."""
        if self.fails:
            raise OSError("disk full")
        new = list({each.event_id: each for each in incomings if each.event_id not in self._known}.values())
        self._known.update(each.event_id for each in new)
        self.incomings += new
        if checkpoint is not None:
            self.checkpoints.append(checkpoint)
        return len(new)


class MemoryDirectory:
    """A `Directory` that remembers what it was told."""

    def __init__(self) -> None:
        """Start empty."""
        self.people: dict[str, Person] = {}
        self.departments: list[ListedDepartment] = []

    async def __call__(
        self, realm: str, people: Sequence[Person], departments: Sequence[ListedDepartment] = ()
    ) -> Sequence[str]:
        """Remember the people of a portal; who was there before and is not listed now is missing."""
        self.departments += departments
        listed = {f"{realm}:{person.account}": person for person in people}
        missing = [each.account for key, each in self.people.items() if key not in listed and each.is_active]
        self.people |= listed
        return missing


class FakeTime:
    """Seconds that pass only when told to; sleepers wake in order."""

    def __init__(self) -> None:
        """Start at an instant that is not zero."""
        self.now = 1000.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._numbers = count()

    def monotonic(self) -> float:
        """Return the present second."""
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Wait until so many seconds have been let pass."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self.now + seconds, next(self._numbers), future))
        await future

    async def settle(self) -> None:
        """Let everything run that can run without time passing."""
        for _ in range(30):
            await asyncio.sleep(0)

    async def passes(self, seconds: float) -> None:
        """Let time pass, waking each sleeper at its own moment."""
        await self.settle()
        end = self.now + seconds
        while self._sleepers and self._sleepers[0][0] <= end:
            moment, _, future = heapq.heappop(self._sleepers)
            if not future.done():
                self.now = max(self.now, moment)
                future.set_result(None)
                await self.settle()
        self.now = end
        await self.settle()


Answerer = Callable[[str, Mapping[str, Any]], web.StreamResponse | Mapping[str, Any]]


class ScriptedPortal:
    """A portal that answers as the test says and remembers what was asked."""

    def __init__(self) -> None:
        """Answer everything with true."""
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.user_agents: list[str] = []
        self.answers: list[Any] = []
        """Handed out first in, first out: a JSON-friendly body, a (status, body) pair, or a ready response."""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer one request."""
        self.user_agents.append(request.headers["User-Agent"])
        self.asked.append((request.match_info["method"], await request.json()))
        answer = self.answers.pop(0) if self.answers else {"result": True}
        if isinstance(answer, web.StreamResponse):
            return answer
        status, body = answer if isinstance(answer, tuple) else (200, answer)
        return web.json_response(body, status=status)


@asynccontextmanager
async def scripted(
    *, credentials: Callable[[str], Credentials] = IncomingWebhook
) -> AsyncIterator[tuple[ScriptedPortal, Client, Limiter, FakeTime]]:
    """Run a scripted portal and a client of it whose seconds are the test's."""
    portal, time = ScriptedPortal(), FakeTime()
    app = web.Application()
    app.router.add_post("/rest/1/s3cr3tc0de/{method}", portal.answer)
    limiter = Limiter(monotonic=time.monotonic, sleep=time.sleep)
    async with TestServer(app) as server, aiohttp.ClientSession() as session:
        url = str(server.make_url(WEBHOOK_PATH))
        yield portal, Client(credentials(url), limiter, session, MovableClock(NOW)), limiter, time


def channel_on(url: str, vault: MemoryVault | None = None, **more: Any) -> PortalBot:
    """Return a channel on a portal; what is not named is ordinary."""
    settings: dict[str, Any] = {
        "credentials": IncomingWebhook(url),
        "realm": "acme",
        "mode": "fetch",
        "events_url": None,
        "vault": vault or MemoryVault(),
        "directory": MemoryDirectory(),
        "derived": Derived(SECRET),
        "appearance": Appearance(commands=COMMANDS),
        "clock": MovableClock(NOW),
    }
    return PortalBot(**{**settings, **more})


def outgoing(words: Words, *, to: str = "17", keyboard: Keyboard = NO_BUTTONS, **more: Any) -> Outgoing:
    """Return a message for a person."""
    file, number = more.pop("file", None), more.pop("number", 1)
    say = Say(
        words, keyboard, more.pop("slot", ""), more.pop("edit", False), more.pop("only_if_shown", False), file=file
    )
    return Outgoing(number, Address(1, "bitrix24", "acme", to, to, "en", "Europe/Moscow"), say, NOW, **more)


def payload(name: str) -> dict[str, Any]:
    """Return a payload file in fetch typing."""
    read: dict[str, Any] = json.loads((PAYLOADS / f"{name}.json").read_text())
    return read


def delivered(fetched: Mapping[str, Any], *, token: str = "t0ken", ts: int = 1787306400) -> dict[str, Any]:
    """Return the event of a webhook call that a fetched event corresponds to."""
    auth = {"domain": "acme.bitrix24.com", "application_token": token}
    return {"event": fetched["type"], "data": fetched["data"], "ts": ts, "auth": auth}


def php_form(values: Mapping[str, Any]) -> bytes:
    """Write nested values as PHP's `http_build_query` does."""
    pairs = list(_flat("", values))
    return "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in pairs).encode()


def _flat(name: str, value: Any) -> list[tuple[str, str]]:
    if isinstance(value, dict):
        return [each for key in value for each in _flat(f"{name}[{key}]" if name else key, value[key])]
    if isinstance(value, list):
        return [each for place, member in enumerate(value) for each in _flat(f"{name}[{place}]", member)]
    if isinstance(value, bool):
        return [(name, "1" if value else "0")]
    return [(name, "" if value is None else str(value))]


def batch_of(params: Mapping[str, Any]) -> dict[str, tuple[str, dict[str, str]]]:
    """Return the commands of a batch: method and flat parameters by key."""
    parts = {key: command.partition("?") for key, command in params["cmd"].items()}
    return {key: (method, dict(parse_qsl(query, keep_blank_values=True))) for key, (method, _, query) in parts.items()}


async def until(condition: Callable[[], Any], seconds: float = 20.0) -> None:
    """Wait for something that real sockets bring about."""
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.01)
