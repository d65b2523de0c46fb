"""Messengers."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from bot.messages import Incoming, Outgoing, Receipt
from bot.ports.base import Checkpoint


class Receive(Protocol):
    """What a door does with what arrived: store and commit; only then may the door acknowledge."""

    async def __call__(self, incomings: Sequence[Incoming], checkpoint: Checkpoint | None = None) -> int:
        """Store durably; returns how many were new."""
        ...


class Channel(Protocol):
    """A messenger. Adding one is a folder with its doors, its renderer and this."""

    name: str

    async def start(self, receive: Receive) -> None:
        """Begin to work in the background and return at once.

        Registering the bot and its commands, receiving, and getting over a messenger that is down at start or later
        are the channel's own business; `health` tells how it goes.
        """
        ...

    async def stop(self) -> None:
        """Stop receiving and finish requests in flight."""
        ...

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Deliver one message; DeliveryError when that failed. Calls for different conversations run side by side."""
        ...

    def health(self) -> Mapping[str, Any]:
        """Return facts for /ready: `{"ok": bool, "last_success": epoch seconds or None, "error": str or None}`."""
        ...
