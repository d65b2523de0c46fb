"""Webhooks: addresses of programs that are told by us what happens, and how each message to one stands."""

import base64
import re
import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.domain.automation.happening import HappeningType

MOST_HOOKS: Final = 20
MOST_NAME: Final = 40
LONGEST_ADDRESS: Final = 500
SECRET_PREFIX: Final = "whsec_"  # noqa: S105 - the form, no secret
FORMER_FOR: Final = timedelta(hours=24)
"""So long after a rotation messages carry both signatures."""
MOST_FORMER: Final = 10
"""So many of them: whoever presses more often has the oldest forgotten before its time."""
SILENT_FOR: Final = timedelta(days=3)
"""A hook that has taken nothing for so long is switched off."""
PAUSES: Final = (10, 60, 300, 1_800, 7_200, 28_800, 86_400)
"""Seconds of rest after each try that failed; after the last of them a message stays failed."""
_SLUG: Final = re.compile(r"[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?")


class Detail(StrEnum):
    """How much a hook is told."""

    IDS = "ids"
    FULL = "full"
    """The object as well, with what people wrote, as a key of the portal may read it."""


class Stopped(StrEnum):
    """Why a hook is off."""

    BY_HAND = "by_hand"
    GONE = "gone"
    """Its receiver said that there is none any more (410)."""
    SILENT = "silent"
    """It has taken nothing for three days."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where a program of the portal is told what happens. `name` is how routes call it."""

    id: int
    portal_id: int
    name: str
    url: str
    types: frozenset[HappeningType]
    """What it is told of; none stands for everything."""
    detail: Detail
    secret: str = field(repr=False)
    """Signs what is sent; "" where it cannot be opened with the present SECRET_KEY."""
    created_at: datetime
    created_by: int
    former: str = field(default="", repr=False)
    """Former secrets, newest first and apart by blanks, each with `@` and the second until which it signs."""
    former_until: datetime | None = None
    """Until when the newest of them signs."""
    is_on: bool = True
    why_off: str = ""
    failing_since: datetime | None = None
    """Since when it has taken nothing."""
    succeeded_at: datetime | None = None
    version: int = 0

    def keys(self, now: datetime) -> tuple[str, ...]:
        """Return the secrets with which a message is signed now, the present one first."""
        return (self.secret, *(each.partition("@")[0] for each in self._living(now)))

    def rotated(self, secret: str, now: datetime) -> "Webhook":
        """Return it with a new secret; each former one signs for a day from when it was replaced, however many.

        A receiver may have any of them: of two rotations in a row nobody knows which reached it.
        """
        until = now + FORMER_FOR
        replaced = [f"{self.secret}@{until.timestamp():.0f}"] if self.secret else []
        former = [*replaced, *self._living(now)][:MOST_FORMER]
        return replace(self, secret=secret, former=" ".join(former), former_until=until)

    def _living(self, now: datetime) -> list[str]:
        if self.former_until is None:
            return []
        newest = f"{self.former_until.timestamp():.0f}"
        ends = [(each, float(each.partition("@")[2] or newest)) for each in self.former.split()]
        return [each if "@" in each else f"{each}@{newest}" for each, end in ends if now.timestamp() < end]

    def is_silent(self, now: datetime) -> bool:
        """Whether it has taken nothing for so long that it is switched off."""
        return self.failing_since is not None and now - self.failing_since >= SILENT_FOR


class DeliveryState(StrEnum):
    """How a message to a hook stands."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class HookDelivery:
    """A message to a hook about a happening."""

    hook_id: int
    happening_id: int
    portal_id: int
    type: HappeningType
    lane: str
    state: DeliveryState
    tries: int
    status: int
    """What the receiver answered last; 0 where it did not."""
    reason: str
    """Why the last try failed, as a code."""
    created_at: datetime
    ended_at: datetime | None = None


def new_secret() -> str:
    """Return a secret that nobody can guess, in the form of Standard Webhooks."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def is_slug(name: str) -> bool:
    """Whether a name can be one of a hook."""
    return len(name) <= MOST_NAME and _SLUG.fullmatch(name) is not None
