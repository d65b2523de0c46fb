"""The control API of the sandbox and its page, mounted on the service's own server while the sandbox runs."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping

from aiohttp import web

from bot.sandbox.control_calls import Calls
from bot.sandbox.control_http import guarded
from bot.sandbox.control_objects import ObjectCalls
from bot.sandbox.control_page import file_handler
from bot.sandbox.control_portals import PortalCalls
from bot.sandbox.control_robots import RobotCalls
from bot.sandbox.control_service import Service, Timing
from bot.sandbox.control_watch import Watch
from bot.sandbox.control_workdays import WorkdayCalls
from bot.sandbox.portals import Portals
from bot.sandbox.world import ChannelName, Messenger, World

__all__ = ["Service", "Timing", "mount"]


def mount(
    app: web.Application,
    world: World,
    messengers: Mapping[ChannelName, Messenger],
    service: Service,
    timing: Timing | None = None,
    *,
    portals: Portals | None = None,
) -> None:
    """Add `/sandbox`, its files and every `/sandbox/api/...` call to a server that has not started yet."""
    timing = timing or Timing()
    watch = Watch(world, messengers, timing)
    calls = Calls(world, messengers, service, watch, timing, portals or {})
    theirs = PortalCalls(world, portals or {}, service)
    objects, robots, workdays = ObjectCalls(theirs), RobotCalls(theirs), WorkdayCalls(theirs)
    routes = (
        ("GET", "/sandbox", file_handler("index.html")),
        ("GET", "/sandbox/static/{name}", file_handler()),
        ("GET", "/sandbox/api/state", calls.state),
        ("GET", "/sandbox/api/events", calls.events),
        ("PUT", "/sandbox/api/clock", calls.move_clock),
        ("POST", "/sandbox/api/faults", calls.order_fault),
        ("DELETE", "/sandbox/api/faults", calls.lift_faults),
        ("GET", "/sandbox/api/requests", calls.requests),
        ("GET", "/sandbox/api/calls", calls.calls),
        ("POST", "/sandbox/api/settle", calls.settle),
        ("GET", "/sandbox/api/portals", theirs.portals),
        ("POST", "/sandbox/api/portals/{portal}/install", theirs.install),
        ("POST", "/sandbox/api/portals/{portal}/uninstall", theirs.uninstall),
        ("POST", "/sandbox/api/portals/{portal}/update", theirs.update),
        ("GET", "/sandbox/api/portals/{portal}/events", theirs.events),
        ("PATCH", "/sandbox/api/portals/{portal}/people/{person}", theirs.change_person),
        ("POST", "/sandbox/api/portals/{portal}/absences", theirs.add_absence),
        ("DELETE", "/sandbox/api/portals/{portal}/absences/{person}", theirs.clear_absences),
        ("GET", "/sandbox/api/portals/{portal}/robots", robots.robots),
        ("GET", "/sandbox/api/portals/{portal}/robots/runs/{run:[0-9]+}", robots.run),
        ("DELETE", "/sandbox/api/portals/{portal}/robots/runs/{run:[0-9]+}", robots.terminate),
        ("POST", "/sandbox/api/portals/{portal}/robots/{code}", robots.start),
        ("POST", "/sandbox/api/portals/{portal}/process_tasks", robots.give_task),
        ("GET", "/sandbox/api/portals/{portal}/process_tasks/{task:[0-9]+}", robots.task),
        ("PATCH", "/sandbox/api/portals/{portal}/process_tasks/{task:[0-9]+}", robots.answer_task),
        ("GET", "/sandbox/api/portals/{portal}/timeman/{person}", workdays.show),
        ("POST", "/sandbox/api/portals/{portal}/timeman/{person}", workdays.do),
        ("POST", "/sandbox/api/portals/{portal}/{objects}", objects.add),
        ("PATCH", "/sandbox/api/portals/{portal}/{objects}/{id:[0-9]+}", objects.change),
        ("DELETE", "/sandbox/api/portals/{portal}/{objects}/{id:[0-9]+}", objects.delete),
        ("GET", "/sandbox/api/portals/{portal}/{objects}/{id:[0-9]+}", objects.show),
        ("GET", "/sandbox/frame/{portal}/{person}", theirs.frame),
        ("GET", "/sandbox/api/{person}/hours", calls.hours),
        ("GET", "/sandbox/api/{person}/web", calls.sign_in_link),
        ("GET", "/sandbox/api/{person}/mini-app", calls.mini_app),
        ("GET", "/sandbox/open/{person}", calls.open_application),
        ("POST", "/sandbox/api/{channel}/raw", calls.raw),
        ("GET", "/sandbox/api/{channel}/{person}/messages", calls.messages),
        ("POST", "/sandbox/api/{channel}/{person}/messages", calls.say),
        ("POST", "/sandbox/api/{channel}/{person}/presses", calls.press),
        ("GET", "/sandbox/api/{channel}/{person}/commands", calls.commands),
        ("GET", "/sandbox/api/{channel}/{person}/files/{file}", calls.file),
        ("*", "/sandbox/api/{unknown:.*}", calls.unknown),
    )
    for method, path, handler in routes:
        app.router.add_route(method, path, guarded(handler))
    app.router.add_get("/sandbox/", _to_page)

    async def watching(_app: web.Application) -> AsyncIterator[None]:
        """Count changes while the server runs."""
        task = asyncio.create_task(watch.run(), name="sandbox-watch")
        yield
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    async def let_go(_app: web.Application) -> None:
        """Answer the pages that wait, before the server waits for them."""
        watch.close()

    app.cleanup_ctx.append(watching)
    app.on_shutdown.append(let_go)


async def _to_page(_request: web.Request) -> web.StreamResponse:
    """Send a trailing slash away, so that the page has one address."""
    raise web.HTTPPermanentRedirect("/sandbox")
