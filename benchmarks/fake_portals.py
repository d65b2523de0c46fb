"""A thousand portals in a process of its own: each answers what a bot asks, as cheaply as can be.

Some are busy: people write to the bot there now and then, and it is noted how long the answer takes. It prints its port
and obeys lines on its standard input: `begin COUNT SECONDS`, and `end`, at which it prints what it saw.
"""

import asyncio
import json
import sys
import time
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from benchmarks.report import percentile


class Portal:
    """One portal: a queue of events, and the questions that wait for an answer."""

    __slots__ = ("asked", "events", "number")

    def __init__(self) -> None:
        """Have nothing."""
        self.events: list[dict[str, Any]] = []
        self.number = 0
        self.asked: dict[str, float] = {}

    def say(self) -> None:
        """Let somebody write."""
        self.number += 1
        words = f"q{self.number}"
        user = {"id": 17, "bot": False, "type": "user", "name": "A B", "firstName": "A", "lastName": "B"}
        message = {"id": self.number, "chatId": 5, "authorId": 17, "text": words, "isSystem": False}
        data = {"bot": {"id": 5}, "user": user, "message": message, "chat": {"id": 5, "dialogId": "17"}}
        self.events.append({"eventId": self.number, "type": "ONIMBOTV2MESSAGEADD", "date": "", "data": data})
        self.asked[words] = time.perf_counter()


class Portals:
    """All of them."""

    def __init__(self) -> None:
        """Begin with none."""
        self.by_code: dict[str, Portal] = {}
        self.requests = 0
        self.took: list[float] = []

    async def answer(self, request: web.Request) -> web.Response:
        """Answer one request."""
        self.requests += 1
        portal = self.by_code.setdefault(request.match_info["code"], Portal())
        params = json.loads(await request.read())
        method = request.match_info["method"]
        if method == "batch":
            commands = {key: each.partition("?") for key, each in params["cmd"].items()}
            results = {key: self.one(portal, name, dict(parse_qsl(rest))) for key, (name, _, rest) in commands.items()}
            result: Any = {"result": results, "result_error": [], "result_time": []}
        else:
            result = self.one(portal, method, params)
        body = json.dumps({"result": result, "time": {"operating": 0}})
        return web.Response(text=body, content_type="application/json")

    def one(self, portal: Portal, method: str, params: dict[str, Any]) -> Any:
        """Do what one method does."""
        if method == "imbot.v2.Event.get":
            offset = int(params.get("offset", 0))
            portal.events = [each for each in portal.events if each["eventId"] >= offset]
            return {"events": portal.events, "nextOffset": portal.number + 1, "hasMore": False}
        if method == "imbot.v2.Chat.Message.send":
            asked = portal.asked.pop(str(params.get("fields[message]")), None)
            if asked is not None:
                self.took.append(time.perf_counter() - asked)
            return {"id": 1}
        if method.startswith("imbot.v2.Bot."):
            return {"bot": {"id": 5, "code": "smena", "language": "ru"}}
        if method == "imbot.v2.Command.list":
            return {"commands": []}
        if method.startswith("imbot.v2.Command."):
            return {"command": {"id": 1}}
        if method == "profile":
            return {"ID": "1", "ADMIN": True, "NAME": "A"}
        return []


async def main() -> None:
    """Serve until the input ends."""
    portals = Portals()
    app = web.Application()
    app.router.add_post("/rest/1/{code}/{method}", portals.answer)
    runner = web.AppRunner(app, access_log=None, keepalive_timeout=75, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(json.dumps({"port": runner.addresses[0][1]}), flush=True)
    talking: asyncio.Task[None] | None = None
    while line := (await asyncio.to_thread(sys.stdin.readline)).split():
        if talking is not None:
            talking.cancel()
        if line[0] == "begin":
            portals.requests, portals.took = 0, []
            talking = asyncio.create_task(_talk(portals, int(line[1]), float(line[2])))
        else:
            took = portals.took or [0.0]
            waits = sum(len(each.asked) for each in portals.by_code.values())
            figures = {"p50": percentile(took, 0.5), "p95": percentile(took, 0.95), "answers": len(portals.took)}
            print(json.dumps({"requests": portals.requests, "waits": waits, **figures}), flush=True)
    await runner.cleanup()


async def _talk(portals: Portals, busy: int, every: float) -> None:
    """Let somebody write on each busy portal, one after another, each every so many seconds."""
    while busy:
        for number in range(busy):
            portals.by_code.setdefault(f"code{number}", Portal()).say()
            await asyncio.sleep(every / busy)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
