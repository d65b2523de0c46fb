"""Which process does what only one may do: a named lease, by the clock of the database that all of them share."""

from typing import Protocol


class Duties(Protocol):
    """Duties of which each is held by one process at most, until its lease runs out."""

    async def claim(self, name: str, seconds: float) -> bool:
        """Take a duty that nobody holds, or keep one's own, for so long from now; whether we hold it."""
        ...

    async def renew(self, name: str, seconds: float) -> bool:
        """Keep a duty of one's own whose lease has not run out; whether we still hold it."""
        ...

    async def release(self, name: str) -> None:
        """Give a duty of one's own back; another process may have it at once."""
        ...
