"""A program that receives webhooks, and the sender that tells it: over HTTP, as on the internet."""

import asyncio
import base64
import hmac
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.api.full import in_full
from bot.dispatch.hook_telling import HookTelling
from bot.guarded import guarded_session
from bot.hooks import HookSender
from bot.reachable import HOOK_PORTS
from tests.api.caller import ApiCompany


@dataclass(frozen=True, slots=True)
class Got:
    """A message as it came."""

    path: str
    headers: Mapping[str, str]
    content: bytes

    @property
    def body(self) -> Any:
        """The message."""
        return json.loads(self.content)

    @property
    def type(self) -> str:
        """What it tells of."""
        return str(self.body["type"])

    def is_signed_by(self, secret: str) -> bool:
        """Whether one of the signatures is the secret's, reckoned as the specification of Standard Webhooks says."""
        key = base64.b64decode(secret.split("_", 1)[1])
        named = [self.headers[f"webhook-{each}"].encode() for each in ("id", "timestamp")]
        signed = b".".join([*named, self.content])
        wanted = base64.b64encode(hmac.new(key, signed, sha256).digest()).decode()
        return any(each == f"v1,{wanted}" for each in self.headers["webhook-signature"].split(" "))


class Receiver:
    """Answers as it is told to, and keeps what came."""

    def __init__(self) -> None:
        """Take everything."""
        self.got: asyncio.Queue[Got] = asyncio.Queue()
        self.answers: dict[str, int] = {}
        """A status by path, where it is not 204."""
        self.is_slow: asyncio.Event | None = None
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._take)
        self._server = TestServer(app)

    async def start(self) -> "Receiver":
        """Listen."""
        await self._server.start_server()
        return self

    async def close(self) -> None:
        """Listen no more."""
        if self.is_slow is not None:
            self.is_slow.set()
        await self._server.close()

    def url(self, path: str = "/hook") -> str:
        """Return an address here."""
        return f"http://127.0.0.1:{self._server.port}{path}"

    async def next(self) -> Got:
        """Return what comes next."""
        async with asyncio.timeout(20):
            return await self.got.get()

    async def _take(self, request: web.Request) -> web.Response:
        await self.got.put(Got(request.path, request.headers.copy(), await request.read()))
        if self.is_slow is not None:
            await self.is_slow.wait()
        status = self.answers.get(request.path, 204)
        return web.Response(status=status, headers={"Location": "/elsewhere"} if status in {301, 302, 307} else {})


@asynccontextmanager
async def sending(
    company: ApiCompany, *, http: Callable[[], Any] | None = None, allow_local: bool = True, patience: float = 10.0
) -> AsyncIterator[HookSender]:
    """Have what waits for hooks sent meanwhile."""
    telling = HookTelling(company.undertaking)

    async def do(work: Any, now: Any, *, turn: str = "") -> Any:
        del turn, now
        return await company.does(work)

    sender = HookSender(
        company.storage, company.clock,
        http or partial(guarded_session, allow_local=allow_local, ports=HOOK_PORTS),
        render=partial(in_full, do, company.clock), stop=telling.stop, outcome=telling.outcome,
        allow_local=allow_local, patience=patience,
    )  # fmt: skip
    task = asyncio.create_task(sender.run())
    try:
        yield sender
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
