"""The HTTP server: doors, health, readiness and metrics, started and stopped in order."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import web
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from bot import __version__, metrics
from bot.clock import Clock
from bot.ports import Backlog, Channel

MAX_BODY = 256 * 1024


class Readiness:
    """Whether the service can do its work now, and if not, what is missing."""

    def __init__(
        self,
        ping: Callable[[], Awaitable[str]],
        backlog: Callable[[], Awaitable[Backlog]],
        channels: Mapping[str, Channel],
        clock: Clock,
    ) -> None:
        """Ask `ping` for the schema's revision, and the channels for how they are."""
        self._ping = ping
        self._backlog = backlog
        self._channels = channels
        self._clock = clock

    async def facts(self) -> tuple[bool, dict[str, Any]]:
        """Return whether all is well, and the facts."""
        facts: dict[str, Any] = {"version": __version__}
        try:
            revision = await self._ping()
            backlog = await self._backlog()
        except Exception as error:  # noqa: BLE001 - whatever it is, the database does not answer
            facts["database"] = {"ok": False, "error": type(error).__name__}
            database_ok = False
        else:
            database_ok = True
            facts["database"] = {"ok": True, "migration": revision}
            facts["inbox"] = {
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
        health = {name: dict(channel.health()) for name, channel in self._channels.items()}
        for each in health.values():
            last = each.get("last_success")
            each["seconds_since_success"] = round(self._clock.now().timestamp() - last, 1) if last else None
        facts["channels"] = health
        ok = database_ok and all(each.get("ok") for each in health.values())
        return ok, {"status": "ready" if ok else "not ready", **facts}

    def _gauge(self, backlog: Backlog) -> None:
        metrics.BACKLOG.labels("inbox").set(backlog.inbox)
        metrics.BACKLOG.labels("outbox").set(backlog.outbox)
        metrics.BACKLOG_AGE.labels("inbox").set(backlog.inbox_age)
        metrics.BACKLOG_AGE.labels("outbox").set(backlog.outbox_age)
        metrics.FAILED.labels("inbox").set(backlog.inbox_failed)
        metrics.FAILED.labels("outbox").set(backlog.outbox_failed)
        metrics.FAILED.labels("jobs").set(backlog.jobs_failing)


def application(readiness: Readiness, *routes: web.AbstractRouteDef) -> web.Application:
    """Return the application with its own pages and the doors of the channels."""
    app = web.Application(client_max_size=MAX_BODY, middlewares=[problems])

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


@web.middleware
async def problems(request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> Any:
    """Answer every error with a coded problem document; nobody gets a traceback or their own words back."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        if error.status < 400 or error.content_type == "application/problem+json":
            raise
        code = {404: "not_found", 405: "method_not_allowed", 413: "too_large", 503: "not_ready"}.get(
            error.status, "bad_request"
        )
        return problem(error.status, code, error.reason)


def problem(status: int, code: str, title: str) -> web.Response:
    """Return a problem document (RFC 9457)."""
    body = {"status": status, "code": code, "title": title}
    return web.json_response(body, status=status, content_type="application/problem+json")
