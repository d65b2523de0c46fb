"""The emulated portal as a server: it starts, stops, and gives the control API the people's side."""

import json
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Literal

from aiohttp import web

from bot.sandbox.portal.bucket import LeakyBucket
from bot.sandbox.portal.conversation import Conversation
from bot.sandbox.portal.core import Portal
from bot.sandbox.portal.door import Door
from bot.sandbox.portal.methods import METHODS
from bot.sandbox.portal.methods.files import LARGEST_FILE
from bot.sandbox.portal.outflow import Identity
from bot.sandbox.served import file_response
from bot.sandbox.world import ChannelName, SandboxPerson, SentFile, ShownMessage, World

Plan = Literal["standard", "enterprise"]

# What the limiter drains in a second, and above what it blocks.
LIMITS: dict[Plan, tuple[float, float]] = {"standard": (2, 50), "enterprise": (5, 250)}
_QUEUED = 202
_UNREADABLE = 400
_NO_BOT = 404
_LARGEST_BODY = LARGEST_FILE * 3 // 2


class PortalEmulator:
    """A Bitrix24 portal on loopback, with an incoming webhook of its administrator.

    It refuses more than the real portal in three places, so that mistakes show: surplus parameters
    (`ERROR_SURPLUS_PARAMETER`), keyboards without BOT_ID in an update, and buttons of unregistered commands.
    """

    channel: ChannelName = "bitrix24"

    def __init__(
        self,
        world: World,
        *,
        portal_language: str = "ru",
        plan: Plan = "standard",
        command_seconds: float = 0.0,
        latency_seconds: float = 0.0,
        echo_commands: bool = True,
        callback_seconds: float = 5.0,
        slow_seconds: float = 5.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take up the portal kept in the world's database; each command takes `command_seconds` of real time."""
        self._world = world
        names = frozenset((*METHODS, "batch"))
        self._portal = Portal(world, language=portal_language, callback_seconds=callback_seconds, method_names=names)
        self._door = Door(
            self._portal,
            LeakyBucket(*LIMITS[plan], monotonic),
            command_seconds=command_seconds,
            latency_seconds=latency_seconds,
            slow_seconds=slow_seconds,
        )
        self._people = Conversation(self._portal, echo_commands=echo_commands)
        self._runner: web.AppRunner | None = None
        self.member_id = self._portal.member_id

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
        """Listen; port 0 takes a free one."""
        app = web.Application(client_max_size=_LARGEST_BODY)
        for http_method in ("GET", "POST"):
            app.router.add_route(http_method, "/rest/{user}/{code}/{method}", self._door.answer)
        app.router.add_get("/files/{id:[0-9]+}/{key}/{name}", self._send_file)
        self._door.stopping.clear()
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        listens_at = self._runner.addresses[0][1]
        self._portal.address = f"http://{host}:{listens_at}"
        self._portal.outflow.identity = Identity(
            f"{host}:{listens_at}", self._portal.application_secret, self.member_id
        )
        await self._portal.callbacks.start()
        self._portal.outflow.resume()

    async def stop(self) -> None:
        """Stop listening; events that were not confirmed stay in the database."""
        self._door.stopping.set()
        self._portal.outflow.release_all()
        await self._portal.callbacks.stop()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

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
    ) -> int:
        """The person sends `text` and files to the bot; NotThere when no bot is registered."""
        return self._people.say(person, text, at, event_id, is_forwarded=is_forwarded, files=files)

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
