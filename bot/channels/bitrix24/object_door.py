"""The door for events of objects: whoever knows the portal's application token is believed, and it is stored.

Whose token is whose is kept in memory, for a portal tells of much; it is read anew where something else is shown than
is known, at a pace that nobody who guesses can raise. What fits what is known is taken; that it is still so is read
beside, so strangers who use up that pace keep nobody out.
"""

import asyncio
import hashlib
import hmac
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from bot.channels.bitrix24.object_events import Told, told
from bot.domain.automation.watching import Hint
from bot.ports import Hints, NotProven

LASTS = 60.0
"""Seconds after which it is read anew whose token is whose: another process of ours may have taken a removal."""
PAUSE = 1.0
"""Seconds after which a company's token is read again, because another is shown."""
READINGS = 20
"""Readings a second at most, of all companies: those of strangers cost no more than that."""
MOST_KNOWN = 10_000


@dataclass(frozen=True, slots=True)
class Caller:
    """A company whose events are taken."""

    portal_id: int
    key: str
    application_token: str


@dataclass(slots=True)
class _Known:
    portal_id: int
    key: str
    digest: bytes
    read_at: float


Find = Callable[[str], Awaitable[Caller | None]]
"""Finds the company of that permanent id, if events of it are taken."""


class ObjectDoor:
    """Takes events of objects."""

    def __init__(self, find: Find, hints: Hints, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Store what is believed in `hints`."""
        self._find = find
        self._hints = hints
        self._monotonic = monotonic
        self._known: dict[str, _Known] = {}
        self._reading: dict[str, asyncio.Task[_Known | None]] = {}
        self._room = float(READINGS)
        self._room_at = monotonic()

    async def take(self, body: bytes, content_type: str) -> bool:
        """Store an event of an object; False for what is none. NotProven says why one is not taken."""
        seen = told(body, content_type)
        if seen is None:
            return False
        known = self._known.get(seen.member_id)
        if known is None or not _opens(known, seen):
            known = await self._read_again(seen, known)
        elif self._monotonic() - known.read_at > LASTS:
            self._begin_reading(seen.member_id)
        await self._hints.note([Hint(known.portal_id, seen.ref, seen.actor)])
        return True

    def forget(self, key: str) -> None:
        """Read a portal's token again before the next event: it was installed anew, or removed."""
        for member in [member for member, each in self._known.items() if each.key == key]:
            del self._known[member]

    async def _read_again(self, seen: Told, known: _Known | None) -> _Known:
        """Return the caller by what is stored now; NotProven where it is none."""
        if not seen.member_id or not seen.token:
            raise NotProven("wrong_token")
        if known is not None and self._monotonic() - known.read_at < PAUSE:
            raise NotProven("wrong_token")
        task = self._reading.get(seen.member_id)
        if task is None:
            if not self._has_room():
                raise NotProven("busy", may_pass=True)
            task = self._begin_reading(seen.member_id)
        known = await asyncio.shield(task)
        if known is None or not _opens(known, seen):
            raise NotProven("wrong_token")
        return known

    def _begin_reading(self, member_id: str) -> "asyncio.Task[_Known | None]":
        """Read a company's token, unless that is under way."""
        task = self._reading.get(member_id)
        if task is None:
            task = self._reading[member_id] = asyncio.create_task(self._read(member_id))
            task.add_done_callback(partial(self._ended, member_id))
        return task

    def _ended(self, member_id: str, task: "asyncio.Task[_Known | None]") -> None:
        self._reading.pop(member_id, None)
        if not task.cancelled():
            task.exception()  # whoever waits has it; nobody may, and the next event has it read again

    async def _read(self, member_id: str) -> _Known | None:
        found = await self._find(member_id)
        if found is None or not found.application_token:
            self._known.pop(member_id, None)
            return None
        if len(self._known) >= MOST_KNOWN:
            self._known.pop(next(iter(self._known)))
        known = _Known(found.portal_id, found.key, _digest(found.application_token), self._monotonic())
        self._known[member_id] = known
        return known

    def _has_room(self) -> bool:
        now = self._monotonic()
        self._room = min(self._room + (now - self._room_at) * READINGS, float(READINGS))
        self._room_at = now
        if self._room < 1:
            return False
        self._room -= 1
        return True


def _opens(known: _Known, seen: Told) -> bool:
    return hmac.compare_digest(known.digest, _digest(seen.token))


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="replace")).digest()
