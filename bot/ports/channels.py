"""Messengers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from bot.domain.outage import Outage
from bot.messages import Incoming, IncomingFile, Outgoing, Receipt, Unread
from bot.ports.base import Checkpoint
from bot.text import Phrase


class Receive(Protocol):
    """What a door does with what arrived: store and commit; only then may the door acknowledge."""

    async def __call__(self, incomings: Sequence[Incoming], checkpoint: Checkpoint | None = None) -> int:
        """Store durably; returns how many were new."""
        ...


@dataclass(frozen=True, slots=True)
class Facts:
    """What a messenger is, whoever serves it."""

    name: str
    """As it stands in stored rows, logs and metrics, and first in the paths of its doors."""
    title: Phrase
    """As people call it."""
    rank: int
    """Where it stands among the messengers of somebody who did not say where to be told: the lowest is read soonest."""
    link: str = ""
    """The address that opens the bot {bot} there with a one-time {token}; none where nobody is invited by a link."""


class FileTooLarge(Exception):
    """A file that somebody sent is larger than is wanted."""


class Fetched(NamedTuple):
    """A file as its messenger gave it; `name` where that tells it only now."""

    content: bytes
    name: str = ""


class Fetch(Protocol):
    """How a channel gets a file that a person sent there."""

    async def __call__(self, realm: str, file: IncomingFile, limit: int) -> Fetched:
        """Return it; FileTooLarge beyond `limit` bytes, DeliveryError when it cannot be had (now)."""
        ...


ReadUnread = Callable[[Unread], Incoming | None]
"""Takes apart what a door stored as it came; None where it means nothing to us. It fails where it cannot be read."""


class ReceiveUnread(Protocol):
    """How a channel hands over what it has not taken apart: durably before it returns."""

    async def __call__(self, unread: Unread) -> int:
        """Store it; returns how many were new: one, or none where it is known."""
        ...


class TellOutage(Protocol):
    """Sees to it that the administrators of a portal learn of an outage that lasts."""

    async def __call__(self, realm: str, outage: Outage) -> None:
        """Tell them, wherever else they can be reached; repeating it does no harm."""
        ...


class Channel(Protocol):
    """A messenger. Adding one is a folder with its doors, its renderer and this."""

    name: str
    facts: Facts

    async def start(self, receive: Receive) -> None:
        """Begin to work in the background and return at once.

        Registering the bot and its commands, receiving, and getting over a messenger that is down at start or later
        are the channel's own business; `health` tells how it goes.
        """
        ...

    def link(self, token: str) -> str | None:
        """Return the address that opens this bot with the token; None where there is none, or not yet."""
        ...

    async def hand_over(self) -> None:
        """Let the messenger keep what happens from now on, because the doors are about to be closed."""
        ...

    async def stop(self) -> None:
        """Stop receiving and finish requests in flight."""
        ...

    def narrow(self) -> Mapping[str, int]:
        """Return how many messages may be under way to each realm that cannot take what there is now."""
        ...

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Deliver one message; DeliveryError when that failed. Calls for different conversations run side by side."""
        ...

    async def fetch(self, realm: str, file: IncomingFile, limit: int) -> Fetched:
        """Return what a person sent, as `Fetch` says."""
        ...

    def health(self) -> Mapping[str, Any]:
        """Return facts for /ready: `{"ok": bool, "last_success": epoch seconds or None, "error": str or None}`.

        `why` beside them is one word for people's sake: starting, network, credentials, server, busy, deliveries,
        conflict, ours.
        """
        ...
