"""From something that happened in a chat to events under way: into the queue, or out to the handler."""

import asyncio
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from bot.sandbox.portal.callbacks import Callback, Callbacks
from bot.sandbox.portal.oauth.application import Installation
from bot.sandbox.portal.objects import bot_object, iso
from bot.sandbox.portal.php import build_query
from bot.sandbox.portal.queues import EventQueues
from bot.sandbox.portal.state import Bot, Memory
from bot.sandbox.world import FaultName, World

_HELD_SECONDS = 0.5
_TOKEN_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Happening:
    """One event before it takes the shape of either mode; `data` has everything but the bot.

    `is_chosen` marks an id that somebody chose to repeat or reorder a delivery.
    """

    type: str
    data: dict[str, Any]
    at: datetime
    event_id: int | None = None
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class Identity:
    """What every callback says about the portal that sends it; `secret` is what application tokens are made of."""

    domain: str
    secret: str
    member_id: str
    portal: str = ""
    server_endpoint: str = ""
    installation: Callable[[], Installation | None] = lambda: None

    def application_token(self, bot: Bot) -> str:
        """Return the token of the bot's application, or else the bot's own, which changes with its secret."""
        installation = self.installation()
        if bot.client_id and installation is not None:
            return installation.application_token
        return hashlib.sha256(f"{self.secret}:{bot.id}:{bot.token}".encode()).hexdigest()[:32]


class Outflow:
    """Sends the events of a dialog on, in order unless a fault says otherwise."""

    def __init__(self, world: World, memory: Memory, queues: EventQueues, callbacks: Callbacks, language: str) -> None:
        """Use the world's faults; the identity is known once the portal listens."""
        self._world = world
        self._memory = memory
        self._queues = queues
        self._callbacks = callbacks
        self._language = language
        self._held: dict[int, tuple[Bot, list[Happening], asyncio.TimerHandle]] = {}
        self.identity = Identity("", "", "")
        self.give_tokens: Callable[[int], dict[str, Any]] | None = None

    @property
    def held(self) -> int:
        """How many events a fault keeps back."""
        return sum(len(happenings) for _, happenings, _ in self._held.values())

    def emit(self, bot: Bot, user_id: int, happenings: list[Happening]) -> None:
        """Send on what one deed of a person caused.

        `duplicate_events` sends it twice, with the same ids; `reorder_events` keeps it back until the person's next
        deed overtakes it, or for half a second.
        """
        person = self._world.by_bitrix24(user_id, self.identity.portal)
        key = person.key if person else None
        numbered = [self._numbered(each) for each in happenings]
        if self._strikes("duplicate_events", key):
            numbered *= 2
        if user_id in self._held:
            self._send(bot, user_id, numbered)
            self._release(user_id)
        elif self._strikes("reorder_events", key):
            timer = asyncio.get_running_loop().call_later(_HELD_SECONDS, self._release, user_id)
            self._held[user_id] = (bot, numbered, timer)
            self._memory.rows.put("held", user_id, {"bot": bot.id, "events": [_kept(each) for each in numbered]})
        else:
            self._send(bot, user_id, numbered)

    def resume(self) -> None:
        """Send on what a former run kept back when it was killed."""
        for user_id, body in [*self._memory.rows.all("held")]:
            if (bot := self._memory.bots.get(body["bot"])) is not None:
                self._send(bot, user_id, [_read(each) for each in body["events"]], may_be_late=True)
            self._memory.rows.drop("held", [user_id])

    def release_all(self) -> None:
        """Send on everything that is kept back."""
        for user_id in list(self._held):
            self._release(user_id)

    def _release(self, user_id: int) -> None:
        """Send on what is kept back of one dialog."""
        bot, happenings, timer = self._held.pop(user_id)
        timer.cancel()
        self._send(bot, user_id, happenings, may_be_late=True)
        self._memory.rows.drop("held", [user_id])
        self._world.changed.set()

    def _numbered(self, happening: Happening) -> Happening:
        """Give an event its id."""
        if happening.event_id is not None:
            self._memory.rows.reach("event", happening.event_id)
            return replace(happening, is_chosen=True)
        return replace(happening, event_id=self._memory.rows.next_id("event"))

    def _send(self, bot: Bot, user_id: int, happenings: list[Happening], *, may_be_late: bool = False) -> None:
        """Deliver in the bot's mode; a bot that is gone gets nothing."""
        if bot.id not in self._memory.bots:
            return
        for each in happenings:
            if bot.event_mode == "fetch":
                about = bot_object(bot, self._memory, self._language)
                event_id = each.event_id or 0
                data = {"bot": about, **each.data}
                event = {"eventId": event_id, "type": each.type, "date": iso(each.at), "data": data}
                self._queues.append(bot.id, event_id, event, may_be_late=may_be_late or each.is_chosen)
            elif not self._strikes("events_lost", None):
                self._callbacks.post(user_id, Callback(bot.webhook_url, self._form(bot, each).encode()))

    def application_token(self, bot: Bot) -> str:
        """Return what a delivery carries, or under a fault a wrong one."""
        if self._strikes("wrong_application_token", None):
            return secrets.token_hex(16)
        return self.identity.application_token(bot)

    def _strikes(self, fault: FaultName, person: str | None) -> bool:
        return self._world.faults.strikes("bitrix24", fault, person, portal=self.identity.portal)

    def _form(self, bot: Bot, happening: Happening) -> str:
        """Write an event as the form that the portal posts."""
        identity = self.identity
        moment = int(happening.at.timestamp())
        endpoints = {
            "domain": identity.domain,
            "client_endpoint": f"http://{identity.domain}/rest/",
            "server_endpoint": identity.server_endpoint or f"http://{identity.domain}/rest/",
            "member_id": identity.member_id,
            "application_token": self.application_token(bot),
        }
        tokens = {
            "access_token": secrets.token_hex(16),
            "refresh_token": secrets.token_hex(16),
            "expires": moment + _TOKEN_SECONDS,
            "expires_in": _TOKEN_SECONDS,
            "scope": "imbot",
            "status": "L",
            "user_id": bot.owner_id or 1,
            **(self.give_tokens(bot.owner_id or 1) if bot.client_id and self.give_tokens else {}),
            **endpoints,
        }
        about = {"id": bot.id, "code": bot.code, "auth": tokens}
        return build_query(
            {"event": happening.type, "data": {"bot": about, **happening.data}, "ts": moment, "auth": endpoints}
        )


def _kept(happening: Happening) -> dict[str, Any]:
    return {**asdict(happening), "at": happening.at.isoformat()}


def _read(kept: dict[str, Any]) -> Happening:
    return Happening(**{**kept, "at": datetime.fromisoformat(kept["at"])})
