"""The HTTP server: doors, health, readiness and metrics, started and stopped in order."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import web
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from bot import __version__, metrics
from bot.clock import Clock
from bot.kept import Kept
from bot.ports import Backlog, Channel
from bot.problems import PROBLEM, SERVER, code_of, problem
from bot.pulse import Pulse

MAX_BODY = 256 * 1024
LEAST_FREE = 64 * 2**20
"""Bytes that the disk of the database has at least, or a twentieth of a small one."""
STUCK = 120.0
"""Seconds after which messages that wait, while none is handled, mean that nobody is served."""
DATABASE_PATIENCE = 5.0
_OWN = frozenset({"health", "ready", "metrics"})
"""Paths that are no doors; what is refused there, or at no path of ours, is counted as HTTP's."""
_SANDBOX = "/sandbox"


class Readiness:
    """Whether the service can do its work now, and if not, what is missing."""

    def __init__(
        self,
        ping: Callable[[], Awaitable[str]],
        backlog: Callable[[], Awaitable[Backlog]],
        channels: Mapping[str, Channel],
        clock: Clock,
        *,
        pulse: Pulse | None = None,
        kept: Kept | None = None,
        moved: Callable[[], float] | None = None,
        disk: Callable[[], tuple[int, int] | None] | None = None,
    ) -> None:
        """Ask `ping` for the schema's revision, and the channels for how they are.

        `pulse` tells whether writes succeed, `kept` how the service's tasks do, `moved` how many seconds ago the last
        turn ended, `disk` how many bytes are free and how many there are where the database is a file.
        """
        self._pulse = pulse
        self._kept = kept
        self._moved = moved
        self._disk = disk
        self._ping = ping
        self._backlog = backlog
        self._channels = channels
        self._clock = clock

    async def facts(self) -> tuple[bool, dict[str, Any]]:
        """Return whether all is well, and the facts."""
        facts: dict[str, Any] = {"version": __version__}
        well = [await self._ask_database(facts)]
        if well[0] and self._pulse is not None:
            facts["writes"] = await self._pulse.facts()
            well.append(facts["writes"]["ok"])
        if (space := self._disk() if self._disk else None) is not None:
            free, whole = space
            facts["disk"] = {"ok": free >= min(LEAST_FREE, whole // 20), "free_mb": round(free / 2**20, 1)}
            well.append(facts["disk"]["ok"])
        if self._kept is not None:
            facts["tasks"] = self._kept.facts()
            well += [each["ok"] for each in facts["tasks"].values()]
        health = {name: dict(channel.health()) for name, channel in self._channels.items()}
        for each in health.values():
            last = each.get("last_success")
            each["seconds_since_success"] = round(self._clock.now().timestamp() - last, 1) if last else None
        facts["channels"] = health
        well += [bool(each.get("ok")) for each in health.values()]
        return all(well), {"status": "ready" if all(well) else "not ready", **facts}

    async def _ask_database(self, facts: dict[str, Any]) -> bool:
        """Put down how the database does and what waits in it; returns whether both are well."""
        try:
            async with asyncio.timeout(DATABASE_PATIENCE):
                revision = await self._ping()
                backlog = await self._backlog()
        except Exception as error:  # noqa: BLE001 - whatever it is, the database does not answer
            facts["database"] = {"ok": False, "error": type(error).__name__}
            return False
        facts["database"] = {"ok": True, "migration": revision}
        # What waits long is one thing, a day's start after an outage; nothing being done about it is another.
        is_moving = backlog.inbox_age < STUCK or self._moved is None or self._moved() < STUCK
        facts["inbox"] = {
            "ok": is_moving,
            "waiting": backlog.inbox,
            "oldest_seconds": round(backlog.inbox_age, 1),
            "failed": backlog.inbox_failed,
        }
        facts["outbox"] = {
            "waiting": backlog.outbox,
            "oldest_seconds": round(backlog.outbox_age, 1),
            "failed": backlog.outbox_failed,
        }
        facts["jobs"] = {"failing": backlog.jobs_failing}
        self._gauge(backlog)
        return is_moving

    def _gauge(self, backlog: Backlog) -> None:
        metrics.BACKLOG.labels("inbox").set(backlog.inbox)
        metrics.BACKLOG.labels("outbox").set(backlog.outbox)
        metrics.BACKLOG_AGE.labels("inbox").set(backlog.inbox_age)
        metrics.BACKLOG_AGE.labels("outbox").set(backlog.outbox_age)
        metrics.FAILED.labels("inbox").set(backlog.inbox_failed)
        metrics.FAILED.labels("outbox").set(backlog.outbox_failed)
        metrics.FAILED.labels("jobs").set(backlog.jobs_failing)


Lost = Callable[[web.Request, int], Awaitable[web.Response | None]]
"""Shows a browser that there is nothing at an address; None where a program asks."""
LOST: web.AppKey[Lost] = web.AppKey("lost")


def application(readiness: Readiness, *routes: web.AbstractRouteDef, lost: Lost | None = None) -> web.Application:
    """Return the application with its own pages and the channels' doors; `lost` tells browsers where nothing is."""
    app = web.Application(client_max_size=MAX_BODY, middlewares=[counted, problems])
    if lost is not None:
        app[LOST] = lost
    app.on_response_prepare.append(_nameless)

    async def health(_: web.Request) -> web.Response:
        return web.json_response({"status": "ok", "version": __version__})

    async def ready(_: web.Request) -> web.Response:
        ok, facts = await readiness.facts()
        return web.json_response(facts, status=200 if ok else 503)

    async def metrics_page(_: web.Request) -> web.Response:
        await readiness.facts()
        return web.Response(body=generate_latest(metrics.REGISTRY), headers={"Content-Type": CONTENT_TYPE_LATEST})

    app.add_routes([web.get("/health", health), web.get("/ready", ready), web.get("/metrics", metrics_page), *routes])
    return app


def calendar_feed(read: Callable[[str], Awaitable[str | None]]) -> web.RouteDef:
    """Return the door at which a calendar program reads a person's calendar; `read` knows it by the link's token."""

    async def feed(request: web.Request) -> web.Response:
        text = await read(request.match_info["token"])
        if text is None:
            raise web.HTTPNotFound
        tag = hashlib.sha256(text.encode()).hexdigest()[:32]
        headers = {"ETag": f'"{tag}"', "Cache-Control": "private, max-age=900"}
        if any(each.value in (tag, "*") for each in request.if_none_match or ()):
            return web.Response(status=304, headers=headers)
        return web.Response(text=text, content_type="text/calendar", charset="utf-8", headers=headers)

    return web.get("/calendar/{token}.ics", feed)


async def _nameless(_: web.Request, response: web.StreamResponse) -> None:
    """Do not tell strangers which versions answer."""
    response.headers["Server"] = SERVER


@web.middleware
async def counted(request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> Any:
    """Count what the doors refuse, by the code that they answer with."""
    response = await handler(request)
    if response.status < 400:
        return response
    code = None if request.path.startswith(_SANDBOX) else code_of(response)
    if code is not None:
        _count(request, response.status, code)
    return response


def _count(request: web.Request, status: int, code: str) -> None:
    resource = request.match_info.route.resource
    known = request.path if status == 405 else "/"  # a path of ours by another method has no resource
    first = (known if resource is None else resource.canonical).split("/")[1]
    door = first if first and first not in _OWN else "http"
    metrics.REFUSED_DOORS.labels(door, code).inc()


@web.middleware
async def problems(request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> Any:
    """Answer every error with a coded problem document; nobody gets a traceback or their own words back."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        if error.status < 400 or error.content_type == PROBLEM:
            raise
        code = {404: "not_found", 405: "method_not_allowed", 413: "too_large", 503: "not_ready"}.get(
            error.status, "bad_request"
        )
        lost = request.app.get(LOST) if error.status in {404, 405} else None
        if lost is not None and (shown := await lost(request, error.status)) is not None:
            _count(request, error.status, code)
            return shown
        return problem(error.status, code, error.reason)
    except web.RequestPayloadError:
        return problem(400, "bad_request", "The body is not what its headers say.")
