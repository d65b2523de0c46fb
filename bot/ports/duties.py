"""Which process does what only one may do: a named lease, by the clock of the database that all of them share."""

from collections.abc import Awaitable, Callable, Collection
from typing import Protocol


class Duties(Protocol):
    """Duties of which each is held by one process at most, until its lease runs out."""

    async def claim(self, name: str, seconds: float) -> bool:
        """Take a duty that nobody holds, or keep one's own, for so long from now; whether we hold it."""
        ...

    async def renew(self, name: str, seconds: float) -> bool:
        """Keep a duty of one's own whose lease has not run out; whether we still hold it."""
        ...

    async def renew_all(self, seconds: float) -> Collection[str]:
        """Keep all duties of one's own whose leases have not run out; returns which they are."""
        ...

    async def release(self, name: str) -> None:
        """Give a duty of one's own back; another process may have it at once."""
        ...


class OnDuty(Protocol):
    """Does what only one process may do, while that is ours to do."""

    async def __call__(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Wait for the duty, do the work, and return when it ends.

        When the duty is lost, the work is cancelled, and begun anew when the duty is had again: it keeps what it needs
        to go on in the database alone.
        """
        ...


async def at_once(name: str, work: Callable[[], Awaitable[None]]) -> None:
    """Do it, for there is no other process."""
    del name
    await work()
