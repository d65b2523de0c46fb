"""Backup and restore: one portable file for both databases, so it is also the way from SQLite to PostgreSQL.

The file is gzip of JSON lines: a header, then for each table a line that names it and its columns, then its rows as
arrays, and at last a line with the number of rows, so that a file that was cut off is recognised, and the seal of all
that stands before it. Columns of bytes are named as well; they hold base64.
"""

import asyncio
import base64
import gzip
import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import IO, Any, cast

from sqlalchemy import Boolean, LargeBinary, Table

from bot.ports.premises import BACKED_UP
from storage.backup.backup_format import FORMAT, FORMAT_VERSION, portion
from storage.backup.restore import restore
from storage.backup.seal import Seal
from storage.errors import BackupError
from storage.location import Location
from storage.migrate import current, postgres
from storage.schema import HEAD, metadata

BY_ITS_OWN = "with the version that it is of, or stop the service and copy the file (PostgreSQL: pg_dump)"
"""How a database of an earlier version is backed up: this program knows only its own tables."""


def program_version() -> str:
    """Return the version of the installed program, "" where it runs uninstalled."""
    try:
        return version("smena")
    except PackageNotFoundError:
        return ""


class _Writer:
    """Writes the lines of a backup and counts the rows."""

    def __init__(self, file: IO[bytes], seal: Seal) -> None:
        self._file = file
        self._sealing = seal.begin()
        self._rows = 0
        self._flags: tuple[int, ...] = ()
        self._bytes: tuple[int, ...] = ()
        header = {
            "format": FORMAT,
            "format_version": FORMAT_VERSION,
            "revision": HEAD,
            "program": program_version(),
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "sealed_with": self._sealing.key_id,
        }
        self._line(header)

    def _line(self, value: Any) -> None:
        line = (json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n").encode()
        self._sealing.add(line)
        self._file.write(line)

    def table(self, table: Table) -> None:
        """Begin a table."""
        self._flags, self._bytes = _places(table, Boolean), _places(table, LargeBinary)
        named = {"bytes": [table.columns.keys()[place] for place in self._bytes]} if self._bytes else {}
        self._line({"table": table.name, "columns": table.columns.keys(), **named})

    def row(self, row: Sequence[Any]) -> None:
        """Write a row; yes and no are 1 and 0 in SQLite."""
        values = list(row)
        for place in self._flags:
            values[place] = bool(values[place])
        for place in self._bytes:
            values[place] = base64.b64encode(values[place]).decode()
        self._line(values)
        self._rows += 1

    def end(self) -> None:
        """Write the last line."""
        self._line({"end": True, "rows": self._rows, "seal": self._sealing.value()})


def _places(table: Table, kind: type) -> tuple[int, ...]:
    return tuple(place for place, each in enumerate(table.columns) if isinstance(each.type, kind))


def select_all(table: Table) -> str:
    """Return the statement that reads a whole table."""
    return f"SELECT {', '.join(table.columns.keys())} FROM {table.name}"  # noqa: S608 - names of our own schema


@contextmanager
def _made_whole(file: Path, seal: Seal) -> Iterator[_Writer]:
    """Give a writer; the file appears under its name only when it is complete and on the disk, and never over another.

    It is its owner's alone from the beginning.
    """
    part: Path | None = None
    try:
        _must_be_free(file)  # before a long work for nothing; what comes meanwhile is met at the end
        handle, name = tempfile.mkstemp(prefix=f"{file.name}.", suffix=".part", dir=file.parent)
        part = Path(name)
        with os.fdopen(handle, "wb") as raw:
            with gzip.GzipFile(filename="", mode="wb", fileobj=raw) as stream:
                writer = _Writer(cast("IO[bytes]", stream), seal)
                yield writer
                writer.end()
            raw.flush()
            os.fsync(raw.fileno())
        _name(part, file)
    except FileExistsError as error:
        raise BackupError(f"{file} is there already, and a backup overwrites nothing: give another name.") from error
    except OSError as error:
        raise BackupError(f"The backup file {file} cannot be written: {error.strerror or error}.") from error
    finally:
        if part is not None:
            with suppress(OSError):
                part.unlink(missing_ok=True)


def _must_be_free(file: Path) -> None:
    if file.exists():
        raise FileExistsError


def _name(part: Path, file: Path) -> None:
    """Give a complete file its name; FileExistsError when somebody was faster."""
    try:
        file.hardlink_to(part)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        _must_be_free(file)
        part.rename(file)


async def backup(url: str, file: Path, seal: Seal) -> None:
    """Write a consistent copy of the database to `file`, which must not be there, while the service runs."""
    revision = await current(url)
    if revision is None:
        raise BackupError("There is no database to back up at that address.")
    if revision != HEAD:
        raise BackupError(f"The database has revision {revision}, this program {HEAD}: back it up {BY_ITS_OWN}.")
    location = Location.of(url)
    if location.path is not None:
        await asyncio.to_thread(_from_sqlite, location.path, file, seal)
    else:
        await _from_postgres(location.dsn, file, seal)
    with suppress(Exception):  # the copy is whole; that nobody can read of it on a page is no failure
        await _note(location)


_NOTE = """
    INSERT INTO vault (name, value, is_secret) VALUES ({name}, {value}, {no})
    ON CONFLICT (name) DO UPDATE SET value = excluded.value, is_secret = excluded.is_secret
"""


async def _note(location: Location) -> None:
    """Note in the database when it was backed up, for whoever looks how the service does."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    if location.path is not None:
        await asyncio.to_thread(_note_sqlite, location.path, now)
        return
    async with postgres(location.dsn) as connection:
        await connection.execute(_NOTE.format(name="$1", value="$2", no="$3"), BACKED_UP, now, False)


def _note_sqlite(path: Path, now: str) -> None:
    from storage.engines.sqlite_file import connect  # noqa: PLC0415

    with closing(connect(path)) as connection:
        connection.execute(_NOTE.format(name="?", value="?", no="?"), (BACKED_UP, now, False))


def _from_sqlite(path: Path, file: Path, seal: Seal) -> None:
    from storage.engines.sqlite_file import connect  # noqa: PLC0415

    with _made_whole(file, seal) as writer, closing(connect(path)) as connection:
        connection.execute("BEGIN")
        for table in metadata.sorted_tables:
            writer.table(table)
            for row in connection.execute(select_all(table)):
                writer.row(row)
        connection.execute("COMMIT")


async def _from_postgres(dsn: str, file: Path, seal: Seal) -> None:
    with _made_whole(file, seal) as writer:
        async with postgres(dsn) as connection, connection.transaction(isolation="repeatable_read", readonly=True):
            for table in metadata.sorted_tables:
                writer.table(table)
                prefetch = portion(has_bytes=bool(_places(table, LargeBinary)))
                async for row in connection.cursor(select_all(table), prefetch=prefetch):
                    writer.row(row)


__all__ = ["backup", "restore"]
