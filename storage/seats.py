"""A worker's seat: a name that a process on this machine gets back after it was killed, and that no living one shares.

A name with the number of the process in it is another one after each restart, and what a killed process had begun would
wait until its lease runs out. A seat is a locked file; the system unlocks it when its holder dies, however that was. So
whoever finds a seat free knows that nobody works under its name any more.
"""

import hashlib
import os
import socket
import tempfile
from contextlib import suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows has no advisory locks of this kind
    fcntl = None  # type: ignore[assignment]

SEATS = 16
_FLAGS = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)


class Seats:
    """The seats of this machine at one database, one of them ours."""

    def __init__(self, dsn: str, folder: Path | None = None) -> None:
        """Sit down; all other free seats are held as well, until `settle`."""
        self._host = socket.gethostname()
        folder = folder or Path(tempfile.gettempdir())
        owner = os.geteuid() if hasattr(os, "geteuid") else 0
        mark = f"smena-{owner}-{hashlib.sha256(dsn.encode()).hexdigest()[:12]}"
        self._held: dict[int, int] = {}
        for number in range(SEATS if fcntl is not None else 0):
            with suppress(OSError):
                handle = os.open(folder / f"{mark}-{number}.seat", _FLAGS, 0o600)
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    self._held[number] = handle
                except OSError:
                    os.close(handle)
        self._own = min(self._held, default=None)

    @property
    def own(self) -> str:
        """Our name; where no seat could be had one that no other process has now."""
        return f"{self._host}:{os.getpid()}" if self._own is None else self._name(self._own)

    @property
    def free(self) -> list[str]:
        """Names under which nobody else works: ours, and those of seats that we hold for now."""
        return [self._name(number) for number in sorted(self._held)] or [self.own]

    def settle(self) -> None:
        """Keep our seat alone: what those who are gone had begun has been given back."""
        for number in [each for each in self._held if each != self._own]:
            os.close(self._held.pop(number))

    def leave(self) -> None:
        """Stand up."""
        for handle in self._held.values():
            os.close(handle)
        self._held.clear()

    def _name(self, number: int) -> str:
        return f"{self._host}:seat {number}"
