"""(d) Start and memory: seconds until the server answers and until every channel works; resident memory then and later.

Three services, each started from nothing on a fresh database: the sandbox (both messengers and their emulators in the
process), the service with Bitrix24 alone, and with Telegram as well, whose emulators then are in this process. "Later"
is after each of 1,000 people has checked in, taken a break, come back and checked out; then people open pages and a
program calls the API, and it is looked at once more. The aims: 145 MiB after the day and 275 with Telegram, of which 15
at most are for pages and the API. The floor: an aiohttp server that answers 200 and does nothing else.
"""

import asyncio
import os
import socket
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

import aiohttp

from benchmarks.crowd import acquaint, world
from benchmarks.people import COUNT, SAID
from benchmarks.report import median, publish
from benchmarks.size import size
from bot.domain.people.api_key import usable_scopes
from bot.domain.people.employee import Role
from bot.domain.people.session import Via
from bot.sandbox.portal import PortalEmulator
from bot.sandbox.telegram import TelegramEmulator
from bot.services.approvals.seals import Seals
from bot.services.people.access import Access
from bot.services.people.keys import Keys
from bot.web.origins import COOKIE
from storage import open_storage

ROUNDS = size(3, 1)
PATIENCE = 90.0
LOOK_EVERY = size(10, 200) / 1000
SECRET = "s" * 40
READERS = size(30, 1)
PROGRAMS = ("floor", "sandbox", "bitrix24", "both")[:: size(1, 3)]
"""In brief the floor, and the service that has everything."""
PAGES = (
    "/", "/approvals", "/approvals?tab=all", "/approvals/new", "/hours", "/hours/team", "/hours/months", "/leave",
    "/people", "/statistics/hours", "/statistics/approvals", "/settings", "/settings/templates", "/settings/health",
    "/me",
)  # fmt: skip
CALLS = tuple(f"/api/v1{each}" for each in ("/me", "/people", "/requests", "/openapi.json", "/docs", "/templates"))
ROOT = Path(__file__).parents[1]
FLOOR = """
import sys
from aiohttp import web
async def health(_):
    return web.json_response({"status": "ok"})
app = web.Application()
app.router.add_get("/health", health)
web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None, access_log=None)
"""


@dataclass(frozen=True, slots=True)
class Started:
    """What was seen of one start: seconds, and mebibytes resident; 0 where it does not apply."""

    health: float
    ready: float = 0.0
    memory: float = 0.0
    later: float = 0.0
    pages: float = 0.0
    peak: float = 0.0


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def resident(pid: int, line: str = "VmRSS") -> float:
    """Return the mebibytes that a process has in memory, or with VmHWM has had at most."""
    for each in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if each.startswith(f"{line}:"):
            return int(each.split()[1]) / 1024
    raise SystemExit(f"/proc does not tell {line}")


class Child:
    """A started program that answers on a port."""

    def __init__(self, session: aiohttp.ClientSession, *arguments: str, port: int, env: Mapping[str, str]) -> None:
        """Remember what to start."""
        self._session = session
        self._arguments = arguments
        self._env = {**{key: os.environ[key] for key in ("PATH", "LANG") if key in os.environ}, **env}
        self._url = f"http://127.0.0.1:{port}"
        self._process: asyncio.subprocess.Process
        self._began = 0.0

    async def __aenter__(self) -> Self:
        """Start it; its log goes nowhere."""
        self._began = time.monotonic()
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, *self._arguments, cwd=ROOT, env=self._env,
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        return self

    async def __aexit__(self, *exc: object) -> None:
        """End it."""
        if self._process.returncode is None:
            self._process.terminate()
        await asyncio.wait_for(self._process.wait(), 30)

    async def get(self, path: str) -> tuple[int, Any]:
        """Return the status and the document; 0 while nobody listens."""
        try:
            async with self._session.get(self._url + path) as response:
                return response.status, await response.json()
        except (aiohttp.ClientConnectionError, ConnectionError):
            return 0, None

    async def answers(self, path: str) -> float:
        """Return in how many seconds from the start the path was answered with 200."""
        async with asyncio.timeout(PATIENCE):
            while (await self.get(path))[0] != 200:
                if self._process.returncode is not None:
                    raise SystemExit(f"{self._arguments[0]} has ended with {self._process.returncode}")
                await asyncio.sleep(LOOK_EVERY)
        return time.monotonic() - self._began

    def memory(self, line: str = "VmRSS") -> float:
        """Return the resident mebibytes."""
        return resident(self._process.pid, line)


async def floor(session: aiohttp.ClientSession) -> Started:
    """Start an aiohttp server that does nothing."""
    port = free_port()
    async with Child(session, "-c", FLOOR, str(port), port=port, env={}) as child:
        return Started(await child.answers("/health"), memory=child.memory())


async def sandbox(session: aiohttp.ClientSession) -> Started:
    """Start the sandbox as `make run` does."""
    port = free_port()
    with TemporaryDirectory(prefix="smena-bench-") as folder:
        arguments = ("main.py", "sandbox", "--port", str(port), "--data-dir", folder)
        async with Child(session, *arguments, port=port, env={}) as child:
            health, ready = await child.answers("/health"), await child.answers("/ready")
            return Started(health, ready, child.memory())


async def service(session: aiohttp.ClientSession, *, with_telegram: bool, works: bool) -> Started:
    """Start the service on emulated messengers; where it `works`, have the crowd work a day."""
    port, crowd = free_port(), world()
    portal, telegram = PortalEmulator(crowd), TelegramEmulator(crowd)
    await portal.start()
    await telegram.start()
    with TemporaryDirectory(prefix="smena-bench-") as folder:
        env = {
            "DATABASE_URL": f"sqlite:///{folder}/smena.db",
            "SECRET_KEY": SECRET,
            "PORT": str(port),
            "BITRIX24_WEBHOOK_URL": portal.webhook_url,
            "ALLOW_LOCAL_PORTALS": "true",
        }
        if with_telegram:
            env |= {"TELEGRAM_BOT_TOKEN": telegram.token, "TELEGRAM_API_URL": telegram.api_url}
        try:
            async with Child(session, "main.py", "serve", port=port, env=env) as child:
                health, ready = await child.answers("/health"), await child.answers("/ready")
                memory = child.memory()
                if not works:
                    return Started(health, ready, memory)
                acquaint(portal, crowd)
                for words in SAID:
                    for n, person in enumerate(crowd.people):
                        await portal.say(person, words[n % len(words)])
                await worked_off(child, portal)
                later = child.memory()
                await browsed(session, f"http://127.0.0.1:{port}", env["DATABASE_URL"])
                return Started(health, ready, memory, later, child.memory(), child.memory("VmHWM"))
        finally:
            await portal.stop()
            await telegram.stop()
            crowd.close()


async def browsed(session: aiohttp.ClientSession, site: str, database: str) -> None:
    """Have people open pages and a program call the API, of a service that runs on a database."""
    storage = await open_storage(database, secret_key=SECRET)
    await storage.start()
    try:
        async with storage.unit_of_work() as uow:
            (portal,) = await uow.portals.all()
            everybody, now = await uow.employees.of_portal(portal.id), datetime.now(UTC)
            readers = sorted(everybody, key=lambda each: each.role is not Role.ADMIN)[:READERS]
            access = Access(uow, Seals(SECRET))
            tokens = [access.begin(each, each.identities[0], Via.LINK, "Bench", now).token for each in readers]
            key = await Keys(uow).make(readers[0], "Bench", usable_scopes(readers[0]), now)
            await uow.commit()
    finally:
        await storage.close()
    asked = [(path, {"Cookie": f"{COOKIE}={token}"}) for token in tokens for path in PAGES]
    asked += [(path, {"Authorization": f"Bearer {key.token}"}) for path in CALLS for _ in tokens]
    for path, headers in asked:
        while (status := await seen(session, site + path, headers)) == 429:
            pass
        if status not in {200, 403}:
            raise SystemExit(f"{path} was answered with {status}")


async def seen(session: aiohttp.ClientSession, address: str, headers: Mapping[str, str]) -> int:
    """Return with which status an address is answered; whoever is to come again waits for as long as was said."""
    async with session.get(address, headers=headers) as answer:
        await answer.read()
        if answer.status == 429:
            await asyncio.sleep(int(answer.headers["Retry-After"]))
        return answer.status


async def worked_off(child: Child, portal: PortalEmulator) -> None:
    """Wait until every message was taken and answered into the outbox."""
    async with asyncio.timeout(PATIENCE):
        while True:
            await asyncio.sleep(0.25)
            _, facts = await child.get("/ready")
            if not portal.undelivered() and facts and not facts["inbox"]["waiting"]:
                return


async def started(session: aiohttp.ClientSession, name: str, *, works: bool) -> Started:
    """Start the program of that name."""
    if name == "floor":
        return await floor(session)
    if name == "sandbox":
        return await sandbox(session)
    return await service(session, with_telegram=name == "both", works=works)


async def measure() -> dict[str, list[Started]]:
    """Start each program several times, in turns; the day is worked in the first round alone."""
    found: dict[str, list[Started]] = {name: [] for name in PROGRAMS}
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as session:
        for number in range(ROUNDS):
            for name, starts in found.items():
                starts.append(await started(session, name, works=number == 0))
    return found


def main() -> None:
    """Print the medians of the starts, and the memory of the round in which the day was worked."""
    titles = {
        "floor": "floor: bare aiohttp server",
        "sandbox": "sandbox, emulators included",
        "bitrix24": "service with Bitrix24",
        "both": "service with Bitrix24 and Telegram",
    }
    figures: dict[str, Any] = {"rounds": ROUNDS, "turns": COUNT * len(SAID)}
    rows = []
    for name, starts in asyncio.run(measure()).items():
        values = {what: median([getattr(each, what) for each in starts]) for what in ("health", "ready", "memory")}
        values |= {what: getattr(starts[0], what) for what in ("later", "pages", "peak")}
        units = {"health": "s", "ready": "s", "memory": "mib", "later": "mib", "pages": "mib", "peak": "mib"}
        figures |= {f"{name}_{what}_{units[what]}": round(value, 2) for what, value in values.items() if value}
        rows.append((titles[name], *(value or "" for value in values.values())))
    columns = ("started", "/health s", "/ready s", "MiB then", "MiB after the day", "with pages", "peak MiB")
    publish("start", figures, columns, rows)
