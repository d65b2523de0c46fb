"""A bell a portal: whoever waits for something to happen there looks again when it rings.

Each ring has all of them look, so nobody waits with more calls than a program needs, and no portal has all the places.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from bot.domain.topics import CHANGES, Rung

OF_A_PERSON, OF_A_PORTAL, OF_ALL = 4, 40, 400
"""Calls that wait at a time: of a person or program, whatever their keys, of a portal, of all."""
_MOST = (OF_A_PERSON, OF_A_PORTAL, OF_ALL)


class Bell:
    """Rings for those who wait in this process."""

    def __init__(self) -> None:
        """Begin with nobody waiting."""
        self._waiting: dict[int, set[asyncio.Event]] = {}
        self._held: Counter[object] = Counter()
        self.is_closed = False

    def ring(self, rung: Rung) -> None:
        """Wake whoever waits for what happens on a portal."""
        if not CHANGES.isdisjoint(rung.topics):
            for each in self._waiting.get(rung.portal_id, ()):
                each.set()

    def is_waited_for(self, portal_id: int) -> bool:
        """Whether anybody waits for what happens on a portal."""
        return portal_id in self._waiting

    def close(self) -> None:
        """Let everybody go, now and from now on."""
        self.is_closed = True
        for each in self._waiting.values():
            for event in each:
                event.set()

    @contextmanager
    def place(self, portal_id: int, person_id: int) -> Iterator[bool]:
        """Hold a place to wait in; False where there is none."""
        mine = ((portal_id, person_id), portal_id, None)
        has_one = all(self._held[each] < most for each, most in zip(mine, _MOST, strict=True))
        if has_one:
            self._held.update(mine)
        try:
            yield has_one
        finally:
            if has_one:
                self._held.subtract(mine)
                self._held = +self._held

    @contextmanager
    def listening(self, portal_id: int) -> Iterator[asyncio.Event]:
        """Give what is set when something happens from now on."""
        event = asyncio.Event()
        waiting = self._waiting.setdefault(portal_id, set())
        waiting.add(event)
        try:
            yield event
        finally:
            waiting.discard(event)
            if not waiting:
                self._waiting.pop(portal_id, None)
