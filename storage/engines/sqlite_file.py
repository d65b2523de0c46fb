"""The SQLite file: how this program opens it, and how its failures read."""

import os
import sqlite3
import time
from pathlib import Path
from typing import Any

from bot.ports import Unavailable
from storage.private import make_private

OPTIONS: dict[str, Any] = {
    "timeout": 5,
    "isolation_level": None,  # transactions begin and end where we say so
    "check_same_thread": False,
    "cached_statements": 512,
}
_PRAGMAS = (
    "PRAGMA busy_timeout = 5000",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -16000",
)
_WAL_PATIENCE = 10.0
"""Seconds that another process may take to bring the file up to date."""


def connect(path: Path) -> sqlite3.Connection:
    """Open the file as this program uses it; Unavailable with the reason when that fails."""
    try:
        make_private(path)
        connection: sqlite3.Connection = sqlite3.connect(path, **OPTIONS)
        try:
            prepare(connection)
        except sqlite3.Error:
            connection.close()
            raise
    except (sqlite3.Error, OSError) as error:
        raise unavailable(path, error) from error
    return connection


def prepare(connection: sqlite3.Connection) -> None:
    """Set up a fresh connection: flushed commits, foreign keys, write-ahead logging."""
    for pragma in _PRAGMAS:
        connection.execute(pragma).fetchall()
    # For the switch SQLite does not wait by itself while another process makes the file. The answers are read to their
    # end: a statement that is not through holds a lock, and would be in the way of our own switch.
    end = time.monotonic() + _WAL_PATIENCE
    while connection.execute("PRAGMA journal_mode").fetchall() != [("wal",)]:
        try:
            connection.execute("PRAGMA journal_mode = WAL").fetchall()
        except sqlite3.OperationalError:
            if time.monotonic() > end:
                raise
            time.sleep(0.02)


def unavailable(path: Path, error: Exception) -> Unavailable:
    """Word an error of the file for the person who runs the program."""
    folder = path.parent
    if folder.is_dir() and not os.access(folder, os.W_OK | os.X_OK):
        me = os.geteuid()
        return Unavailable(
            f"The folder {folder} is closed to uid {me}, which this program runs as: chown {me} {folder}"
        )
    reason = (isinstance(error, OSError) and error.strerror) or error
    return Unavailable(f"The database file {path} cannot be used: {reason}.")
