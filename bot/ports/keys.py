"""Keys of the API, and what was answered to calls that may be repeated."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.people.api_key import ApiKey


@dataclass(frozen=True, slots=True)
class Repeat:
    """What was answered to a call, so that the same call is answered alike and done once.

    `place` tells who called what with which key of repetition; `body` is the hash of what was sent.
    """

    place: str
    portal_id: int
    body: str
    answer: str
    """Status, headers and document, as the API reads it; sealed at rest."""
    at: datetime


class ApiKeys(Protocol):
    """Keys of the API."""

    async def by_hash(self, hash_: str) -> ApiKey | None:
        """Return the key of that hash, one that works no more as well."""
        ...

    async def get(self, portal_id: int, key_id: int) -> ApiKey | None:
        """Return the key of that id."""
        ...

    async def of_portal(self, portal_id: int) -> Sequence[ApiKey]:
        """Return the keys of a portal and of its people, newest first."""
        ...

    def add(self, key: ApiKey) -> None:
        """Note a new key."""
        ...

    def put(self, key: ApiKey) -> None:
        """Note until when a key works, whether it was revoked, and when it was last used."""
        ...


class Repeats(Protocol):
    """What was answered to calls that may be repeated."""

    async def get(self, portal_id: int, place: str) -> Repeat | None:
        """Return what was answered there."""
        ...

    def add(self, repeat: Repeat) -> None:
        """Note what is answered; a Conflict when the same call was answered meanwhile."""
        ...
