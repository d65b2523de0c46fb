"""The service lock of a SQLite file: tells whether another process works on it."""

import os
from pathlib import Path
from typing import IO

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows has no advisory locks of this kind
    fcntl = None  # type: ignore[assignment]


class ServiceLock:
    """A shared lock beside the database for as long as the service runs; the system drops it when the process dies."""

    def __init__(self, database: Path) -> None:
        """Lock `<database>.lock`."""
        self._path = database.with_name(f"{database.name}.lock")
        self._file: IO[bytes] | None = None

    def take(self) -> bool:
        """Take the lock and return whether nobody else holds it now."""
        if fcntl is None:
            return False
        try:
            handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        except OSError:
            return False
        self._file = os.fdopen(handle, "ab")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            is_alone = False
        else:
            is_alone = True
        return is_alone

    def share(self) -> None:
        """Let others take the lock beside us, once what had to be done alone is done."""
        if fcntl is not None and self._file is not None:
            fcntl.flock(self._file, fcntl.LOCK_SH)

    def release(self) -> None:
        """Give the lock back."""
        if self._file is not None:
            self._file.close()
            self._file = None
