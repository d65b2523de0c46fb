"""Backup and restore: one portable file for both databases, so it is also the way from SQLite to PostgreSQL.

The file is gzip of JSON lines: a header, then for each table a line that names it and its columns, then its rows as
arrays, and at last a line with the number of rows, so that a file that was cut off is recognised. Columns of bytes are
named as well; they hold base64.
"""

import asyncio
import base64
import gzip
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Boolean, LargeBinary, Table

from storage.errors import BackupError
from storage.location import Location
from storage.migrate import current, postgres
from storage.portable import FORMAT, FORMAT_VERSION, portion
from storage.restore import restore
from storage.schema import HEAD, metadata


def program_version() -> str:
    """Return the version of the installed program, "" where it runs uninstalled."""
    try:
        return version("smena")
    except PackageNotFoundError:
        return ""


class _Writer:
    """Writes the lines of a backup and counts the rows."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self._rows = 0
        self._flags: tuple[int, ...] = ()
        self._bytes: tuple[int, ...] = ()
        header = {
            "format": FORMAT,
            "format_version": FORMAT_VERSION,
            "revision": HEAD,
            "program": program_version(),
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        self._line(header)

    def _line(self, value: Any) -> None:
        self._file.write(json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n")

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
        self._line({"end": True, "rows": self._rows})


def _places(table: Table, kind: type) -> tuple[int, ...]:
    return tuple(place for place, each in enumerate(table.columns) if isinstance(each.type, kind))


def select_all(table: Table) -> str:
    """Return the statement that reads a whole table."""
    return f"SELECT {', '.join(table.columns.keys())} FROM {table.name}"  # noqa: S608 - names of our own schema


@contextmanager
def _made_whole(file: Path) -> Iterator[_Writer]:
    """Give a writer; the file appears under its name only when it is complete."""
    part = file.with_name(f"{file.name}.part")
    try:
        with gzip.open(part, "wt", encoding="utf-8", newline="\n") as stream:
            writer = _Writer(stream)
            yield writer
            writer.end()
        os.replace(part, file)  # noqa: PTH105 - atomic, and says so
    except OSError as error:
        raise BackupError(f"The backup file {file} cannot be written: {error.strerror or error}.") from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


async def backup(url: str, file: Path) -> None:
    """Write a consistent copy of the database to `file`, while the service runs."""
    revision = await current(url)
    if revision is None:
        raise BackupError("There is no database to back up at that address.")
    if revision != HEAD:
        raise BackupError(f"The database has revision {revision}, this program {HEAD}: migrate first.")
    location = Location.of(url)
    if location.path is not None:
        await asyncio.to_thread(_from_sqlite, location.path, file)
    else:
        await _from_postgres(location.dsn, file)


def _from_sqlite(path: Path, file: Path) -> None:
    from storage.sqlite_engine import connect  # noqa: PLC0415

    with _made_whole(file) as writer, closing(connect(path)) as connection:
        connection.execute("BEGIN")
        for table in metadata.sorted_tables:
            writer.table(table)
            for row in connection.execute(select_all(table)):
                writer.row(row)
        connection.execute("COMMIT")


async def _from_postgres(dsn: str, file: Path) -> None:
    with _made_whole(file) as writer:
        async with postgres(dsn) as connection, connection.transaction(isolation="repeatable_read", readonly=True):
            for table in metadata.sorted_tables:
                writer.table(table)
                prefetch = portion(has_bytes=bool(_places(table, LargeBinary)))
                async for row in connection.cursor(select_all(table), prefetch=prefetch):
                    writer.row(row)


__all__ = ["backup", "restore"]
