"""The emulated portal as a server: it starts, stops, and gives the control API the people's side."""

import json
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Literal
from urllib.parse import urlencode

from aiohttp import web

from bot.sandbox.portal.bucket import LeakyBucket
from bot.sandbox.portal.conversation import Conversation
from bot.sandbox.portal.core import Methods, Portal
from bot.sandbox.portal.door import Door, Pace
from bot.sandbox.portal.frame import Frame
from bot.sandbox.portal.installer import Installer
from bot.sandbox.portal.lifecycle import LifeCycle
from bot.sandbox.portal.methods import METHODS
from bot.sandbox.portal.methods.files import LARGEST_FILE
from bot.sandbox.portal.oauth.authority import Authority
from bot.sandbox.portal.operating import LIMIT_SECONDS
from bot.sandbox.portal.outflow import Identity
from bot.sandbox.portal.served import Listening
from bot.sandbox.served import file_response
from bot.sandbox.world import ChannelName, Company, SandboxPerson, SentFile, ShownMessage, World

Plan = Literal["standard", "enterprise"]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

# What the limiter drains in a second, and above what it blocks.
LIMITS: dict[Plan, tuple[float, float]] = {"standard": (2, 50), "enterprise": (5, 250)}
_QUEUED = 202
_UNREADABLE = 400
_NO_BOT = 404
_LARGEST_BODY = LARGEST_FILE * 3 // 2


class PortalEmulator:
    """A Bitrix24 portal on loopback: with an incoming webhook of its administrator, an application, or both.

    In two places it refuses more than the real portal, so that mistakes show: keyboards without BOT_ID in an update,
    and buttons of unregistered commands. Where `is_strict`, it refuses surplus parameters as well
    (`ERROR_SURPLUS_PARAMETER`), which the real portal ignores.
    """

    channel: ChannelName = "bitrix24"

    def __init__(
        self,
        world: World,
        company: Company | None = None,
        *,
        authority: Authority | None = None,
        portal_language: str | None = None,
        plan: Plan = "standard",
        is_strict: bool = True,
        command_seconds: float = 0.0,
        latency_seconds: float = 0.0,
        echo_commands: bool = True,
        callback_seconds: float = 5.0,
        slow_seconds: float = 5.0,
        operating_limit: float = LIMIT_SECONDS,
        operating_seconds: float = 0.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take up the portal kept in the world's database; each command takes `command_seconds` of real time."""
        self._world = world
        company = company or world.companies[0]
        closed = frozenset(name for name, each in METHODS.items() if each.application_only)
        self._portal = Portal(
            world,
            company,
            Methods(frozenset((*METHODS, "batch")), closed),
            authority=authority,
            language=portal_language or company.language,
            callback_seconds=callback_seconds,
        )
        if authority is not None:
            authority.portals[company.key] = self._portal
        pace = Pace(command_seconds, latency_seconds, slow_seconds, operating_limit, operating_seconds)
        self._door = Door(self._portal, LeakyBucket(*LIMITS[plan], monotonic), pace, is_strict=is_strict)
        self._people = Conversation(self._portal, echo_commands=echo_commands)
        self.lifecycle = LifeCycle(self._portal)
        self.installer = Installer(self._portal, self.lifecycle)
        self._listening = Listening(self._portal.rows, "port")
        self.member_id = self._portal.member_id
        self.key = company.key
        self.name = company.name

    @property
    def portal(self) -> Portal:
        """The portal without its doors."""
        return self._portal

    @property
    def host(self) -> str:
        """Host and port, as the portal names itself."""
        return self._portal.domain

    @property
    def is_installed(self) -> bool:
        """Whether the application is there and its installation finished."""
        return self._portal.installation is not None and self._portal.installation.is_finished

    @property
    def application_token(self) -> str:
        """What the bot's deliveries carry; nothing where no bot is registered."""
        bot = self._portal.memory.newest_bot()
        return self._portal.outflow.identity.application_token(bot) if bot else ""

    @property
    def webhook_url(self) -> str:
        """The incoming webhook; usable once the portal has started."""
        return f"{self._portal.address}/rest/{self._portal.owner.id}/{self._portal.webhook_code}/"

    async def start(self, *, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen; port 0 takes the one of the last time, or a free one."""
        app = web.Application(client_max_size=_LARGEST_BODY, middlewares=[self._moved])
        for http_method in ("GET", "POST"):
            app.router.add_route(http_method, "/rest/{method}", self._door.answer)
            app.router.add_route(http_method, "/rest/{user}/{code}/{method}", self._door.answer)
        app.router.add_get("/files/{id:[0-9]+}/{key}/{name}", self._send_file)
        for path in ("/oauth/authorize", "/oauth/authorize/"):
            app.router.add_get(path, self._authorize)
        Frame(self._portal, self.lifecycle).mount(app)
        self._door.stopping.clear()
        await self._listening.start(app, host, port)
        self._settle()
        await self._portal.callbacks.start()
        self._portal.outflow.resume()

    async def rename(self) -> None:
        """Move to another address; the old one sends its callers there."""
        await self._listening.move()
        self._settle()
        self._world.changed.set()

    def _settle(self) -> None:
        """Tell the portal where it is to be found."""
        portal = self._portal
        portal.address = f"http://{self._listening.host}"
        portal.outflow.identity = Identity(
            portal.domain,
            portal.application_secret,
            self.member_id,
            portal.key,
            portal.authority.endpoint if portal.authority else "",
            lambda: portal.installation,
        )
        if portal.authority is not None:
            portal.outflow.give_tokens = partial(portal.authority.tokens, portal.key)

    async def stop(self) -> None:
        """Stop listening; events that were not confirmed stay in the database."""
        self._door.stopping.set()
        self._portal.outflow.release_all()
        await self._portal.callbacks.stop()
        await self._listening.stop()

    @web.middleware
    async def _moved(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Send who comes to an old address to the new one."""
        port = request.transport.get_extra_info("sockname")[1] if request.transport is not None else 0
        if f":{port}" in self._listening.former:
            raise web.HTTPFound(f"{self._portal.address}{request.rel_url}")
        return await handler(request)

    async def _authorize(self, request: web.Request) -> web.StreamResponse:
        """Send a person back to the application with a code: the one of `person`, or the administrator."""
        portal, authority = self._portal, self._portal.authority
        given = self._world.person(request.query.get("person", ""))
        user_id = given.bitrix24_user_id if given and given.portal == portal.key else portal.owner.id
        application = authority.application if authority else None
        is_known = application is not None and request.query.get("client_id") == application.client_id
        if authority is None or application is None or not is_known or portal.installation is None:
            return web.Response(text="<h1>Application not found</h1>", status=404, content_type="text/html")
        query = urlencode(
            {
                "code": authority.grants.code(portal.key, user_id, application.scope),
                "state": request.query.get("state", ""),
                "domain": portal.domain,
                "member_id": portal.member_id,
                "scope": application.scope,
                "server_domain": authority.host,
            }
        )
        raise web.HTTPFound(f"{application.redirect_url}?{query}")

    async def open(self, person: SandboxPerson) -> None:
        """The person opens the chat without saying anything; the first time, the bot is told."""
        self._people.open(person)

    async def say(
        self,
        person: SandboxPerson,
        text: str,
        *,
        at: datetime | None = None,
        event_id: int | None = None,
        is_forwarded: bool = False,
        files: Sequence[SentFile] = (),
        reply_to: int | None = None,
    ) -> int:
        """The person sends `text` and files to the bot; NotThere when no bot is registered."""
        return self._people.say(person, text, at, event_id, is_forwarded=is_forwarded, files=files, reply_to=reply_to)

    async def press(self, person: SandboxPerson, message_id: int, button: str | int) -> None:
        """The person presses the button with that text or place; NotThere when it is not there, disabled or locked."""
        self._people.press(person, message_id, button)

    def shown(self, person: SandboxPerson) -> list[ShownMessage]:
        """The person's chat with the bot, oldest first."""
        return self._people.shown(person)

    async def raw(self, body: bytes, content_type: str) -> int:
        """Deliver a body as an event.

        In fetch mode it must be JSON and is queued as it is (202; 400 when it cannot be queued); in webhook mode it
        is POSTed to the handler, whose status is returned (502 when it gives none). 404 when there is no bot.
        """
        bot = self._portal.memory.newest_bot()
        if bot is None:
            return _NO_BOT
        if bot.event_mode == "webhook":
            return await self._portal.callbacks.post_now(bot.webhook_url, body, content_type)
        try:
            event: Any = json.loads(body)
            json.dumps({"result": {"events": [{"data": {"event": event}}]}})
        except (ValueError, RecursionError):
            return _UNREADABLE
        self._portal.queues.append_raw(bot.id, event)
        self._world.changed.set()
        return _QUEUED

    def undelivered(self) -> int:
        """How many events wait: unconfirmed in a queue, on their way to a handler, or kept back by a fault."""
        return len(self._portal.queues) + self._portal.callbacks.waiting + self._portal.outflow.held

    async def _send_file(self, request: web.Request) -> web.Response:
        """Serve an uploaded file to whoever knows its address."""
        stored = self._portal.memory.files.get(int(request.match_info["id"]))
        if stored is None or stored.key != request.match_info["key"]:
            raise web.HTTPNotFound
        return file_response(stored.name, self._portal.rows.file(stored.id) or b"")
