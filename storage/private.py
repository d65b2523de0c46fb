"""Files that hold people's data are their owner's alone, whatever umask the program was started with."""

import os
from contextlib import suppress
from pathlib import Path

_BESIDE = ("", "-wal", "-shm", ".lock")
_OTHERS = 0o077
_STICKY = 0o1000


def make_private(database: Path) -> None:
    """Make the file of a database if there is none, so that nobody else may read it, nor what SQLite puts beside it.

    What others could read before is tightened. SQLite gives its `-wal` and `-shm` the rights of the file itself.
    """
    os.close(os.open(database, os.O_RDWR | os.O_CREAT, 0o600))
    for ending in _BESIDE:
        _tighten(database.with_name(database.name + ending))
    if not _is_shared(database.parent):
        _tighten(database.parent)


def make_private_folder(folder: Path) -> None:
    """Make a folder for data, with those above it, and let nobody else look into it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not _is_shared(folder):
        _tighten(folder)


def _is_shared(folder: Path) -> bool:
    """Whether a folder serves for more than our data: where the program was started, what is above it, `/tmp`."""
    here, whole = Path.cwd(), folder.resolve()
    return whole == here or whole in here.parents or whole == Path.home() or bool(whole.stat().st_mode & _STICKY)


def _tighten(path: Path) -> None:
    # Somebody else's file, or a file system without rights: what can be done there is its owner's to do.
    with suppress(OSError):
        mode = path.stat().st_mode
        if mode & _OTHERS:
            path.chmod(mode & 0o700)
