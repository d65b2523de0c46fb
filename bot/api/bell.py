"""A bell a portal: whoever waits for something to happen there looks again when it rings."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from bot.domain.topics import CHANGES, Rung


class Bell:
    """Rings for those who wait in this process."""

    def __init__(self) -> None:
        """Begin with nobody waiting."""
        self._waiting: dict[int, set[asyncio.Event]] = {}
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
