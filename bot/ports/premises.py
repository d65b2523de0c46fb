"""What a running service knows of itself and can mend without a shell: for pages of settings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from bot.domain.outage import Outage

BACKED_UP = "backup:made"
"""The vault's name for when the last backup was written."""

STARTING = "starting"
"""The error of a channel that has not met its messenger yet."""


@dataclass(frozen=True, slots=True)
class PortalStanding:
    """How a portal is that this process serves."""

    outage: Outage | None
    """What is wrong now; None where all is well."""
    heard_at: datetime | None
    mode: str = ""
    """`fetch` or `webhook`: whether events are fetched, or the portal calls."""


@runtime_checkable
class KnowsPortals(Protocol):
    """Tells how portals are, and does at once what it otherwise does now and then."""

    def standing(self, portal_key: str) -> PortalStanding | None:
        """Return how a portal is; None where it is not served here."""
        ...

    async def rights(self, portal_key: str) -> Sequence[str] | None:
        """Return the rights that its access has, as the portal tells them; None where it does not say."""
        ...

    def read_people(self, portal_key: str) -> bool:
        """Have its people read at once; False where another process of ours does that, or nobody can now."""
        ...


@dataclass(frozen=True, slots=True)
class BotStanding:
    """How the bot stands that a token opens."""

    name: str | None
    """What it is called, as soon as the messenger told it."""
    is_given: bool
    """Whether whoever runs the service gave the token: then no page changes it."""
    is_connected: bool
    error: str | None = None
    why: str | None = None
    """The same in one word, as `Channel.health` has it."""


class BotToken(Protocol):
    """The token of a messenger's bot, which an administrator may bring where the service was given none."""

    def standing(self) -> BotStanding:
        """Return how the bot is now."""
        ...

    async def connect(self, token: str, portal_id: int) -> str:
        """Try a token, keep it sealed and begin to serve a portal by it; its bot's name. DeliveryError says why not."""
        ...


class Health(Protocol):
    """What `/ready` tells."""

    async def facts(self) -> tuple[bool, dict[str, Any]]:
        """Return whether all is well, and the facts."""
        ...


class LastBackup(Protocol):
    """Tells when the last backup was written."""

    async def __call__(self) -> datetime | None:
        """Return the instant; None where none is known."""
        ...


def backup_of(kept: str | None) -> datetime | None:
    """Return the instant that the vault keeps; None where it is none."""
    try:
        return datetime.fromisoformat(kept) if kept else None
    except ValueError:
        return None
