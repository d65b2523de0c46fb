"""Restore a backup into an empty database: all of it or nothing, in one transaction with the tables that it needs."""

import asyncio
import base64
import gzip
import json
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

from storage.backup.backup_format import FORMAT, FORMAT_VERSION, portion
from storage.backup.seal import Seal, Sealing
from storage.errors import BackupError
from storage.location import Location
from storage.migrate import current, known_revisions, migrating_sqlite, postgres, upgrade, upgrade_postgres
from storage.schema import HEAD, metadata

_NOT_EMPTY = "The database is not empty: a backup is restored only into an empty one."
_NOT_OURS = "The file is not a backup of this program."
_DAMAGED = "The backup file is damaged or was cut off; nothing was restored."
_SQLITE_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'alembic_version'"
_POSTGRES_TABLES = (
    "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND tablename <> 'alembic_version'"
)

_HEADER_LIMIT = 64 * 1024

Part = tuple[str, list[str], list[list[Any]]]
"""A table, its columns and some of its rows."""


async def restore(url: str, file: Path, seal: Seal | None) -> None:
    """Fill the empty database at `url` from `file`; one that is older than the program is brought up to date.

    Without `seal` the file is taken as it is: whoever restores it vouches for it.
    """
    with _opened(file) as lines:
        first = lines.readline(_HEADER_LIMIT)
        header = _header(first)
        revision = str(header["revision"])
        sealing = seal.recognise(header.get("sealed_with")) if seal is not None else None
        if sealing is not None:
            sealing.add(first)
        found = await current(url)
        if found is not None and found != revision:
            raise BackupError(f"The database has revision {found}, the backup {revision}: use one without tables.")
        location = Location.of(url)
        parts = _parts(lines, revision, sealing)
        if location.path is not None:
            await asyncio.to_thread(_into_sqlite, location.make_folder(), revision, parts)
        else:
            await _into_postgres(location.dsn, found, revision, parts)


@contextmanager
def _opened(file: Path) -> Iterator[IO[bytes]]:
    """Open the file; whatever is wrong with its bytes is one sentence."""
    try:
        with gzip.open(file, "rb") as lines:
            yield cast("IO[bytes]", lines)
    except gzip.BadGzipFile as error:
        raise BackupError(_NOT_OURS) from error
    except (EOFError, zlib.error) as error:
        raise BackupError(_DAMAGED) from error
    except OSError as error:
        raise BackupError(f"The backup file {file} cannot be read: {error.strerror or error}.") from error


def _header(line: bytes) -> dict[str, Any]:
    """Read the header, whose revision is one that this program knows."""
    try:
        header: dict[str, Any] = json.loads(line.decode())
        is_ours = header["format"] == FORMAT
        revision = str(header["revision"])
        is_known = header["format_version"] == FORMAT_VERSION
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise BackupError(_NOT_OURS) from error
    if not is_ours:
        raise BackupError(_NOT_OURS)
    if not is_known or revision not in known_revisions():
        raise BackupError(f"The backup was made by a newer version (revision {revision}, this program has {HEAD}).")
    return header


def _is_table(name: str, columns: list[str], revision: str) -> bool:
    """Whether a file may name such a table; of an earlier revision only the database itself knows."""
    if revision == HEAD:
        return name in metadata.tables and {*columns} <= {*metadata.tables[name].columns.keys()}
    return all(each.isidentifier() for each in (name, *columns))


def _parts(lines: IO[bytes], revision: str, sealing: Sealing | None) -> Iterator[Part]:
    """Give the tables in portions; BackupError when the file does not end as it should, or with another seal."""
    table, columns, rows, total = "", list[str](), list[list[Any]](), 0
    bytes_at = list[int]()
    for line in lines:
        try:
            value = json.loads(line.decode())
        except (ValueError, RecursionError) as error:
            raise BackupError(_DAMAGED) from error
        if isinstance(value, list):
            if not table or len(value) != len(columns):
                raise BackupError(_DAMAGED)
            rows.append(_with_bytes(value, bytes_at))
            total += 1
        if rows and (isinstance(value, dict) or len(rows) == portion(has_bytes=bool(bytes_at))):
            yield table, columns, rows
            rows = []
        if isinstance(value, dict) and value.get("end"):
            if sealing is not None:
                sealing.check(value.get("seal"))
            if value.get("rows") != total or lines.read(1):
                break
            return
        if isinstance(value, dict):
            table, columns, bytes_at = _table(value, revision)
        if sealing is not None:
            sealing.add(line)
    raise BackupError(_DAMAGED)


def _table(line: dict[str, Any], revision: str) -> tuple[str, list[str], list[int]]:
    """Read the line that begins a table: its name, its columns, and which of them hold bytes."""
    columns, bytes_ = line.get("columns"), line.get("bytes", [])
    if not isinstance(columns, list) or not isinstance(bytes_, list):
        raise BackupError(_DAMAGED)
    name, columns = str(line.get("table")), [str(each) for each in columns]
    if not _is_table(name, columns, revision):
        raise BackupError(_DAMAGED)
    return name, columns, [place for place, each in enumerate(columns) if each in bytes_]


def _with_bytes(row: list[Any], places: list[int]) -> list[Any]:
    try:
        for place in places:
            row[place] = base64.b64decode(row[place], validate=True)
    except (TypeError, ValueError) as error:
        raise BackupError(_DAMAGED) from error
    return row


def _into_sqlite(path: Path, revision: str, parts: Iterator[Part]) -> None:
    from storage.engines.sqlite_file import unavailable  # noqa: PLC0415

    made = not path.exists()
    try:
        with migrating_sqlite(path) as connection:
            upgrade(connection, revision)
            _fill_sqlite(connection.connection.driver_connection, parts)
            upgrade(connection, HEAD)
        made = False
    except (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.InterfaceError, OverflowError) as error:
        raise BackupError(_DAMAGED) from error
    except sqlite3.Error as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_ERROR:  # a table or column that this revision has not
            raise BackupError(_DAMAGED) from error
        raise unavailable(path, error) from error
    finally:
        if made:
            for ending in ("", "-wal", "-shm"):
                path.with_name(path.name + ending).unlink(missing_ok=True)


def _fill_sqlite(connection: sqlite3.Connection, parts: Iterator[Part]) -> None:
    # An earlier revision has not all tables of this one.
    for (name,) in connection.execute(_SQLITE_TABLES).fetchall():
        if connection.execute(f"SELECT 1 FROM {name} LIMIT 1").fetchone():  # noqa: S608
            raise BackupError(_NOT_EMPTY)
    for name, columns, rows in parts:
        places = ", ".join("?" * len(columns))
        connection.executemany(f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({places})", rows)  # noqa: S608


async def _into_postgres(dsn: str, found: str | None, revision: str, parts: Iterator[Part]) -> None:
    import asyncpg  # noqa: PLC0415

    try:
        async with postgres(dsn) as connection, connection.transaction():
            await upgrade_postgres(connection, found, revision)
            tables = [row[0] for row in await connection.fetch(_POSTGRES_TABLES)]
            await connection.execute(f"LOCK TABLE {', '.join(tables)} IN SHARE ROW EXCLUSIVE MODE")
            for table in tables:
                if await connection.fetchval(f"SELECT 1 FROM {table} LIMIT 1"):  # noqa: S608
                    raise BackupError(_NOT_EMPTY)
            for name, columns, rows in parts:
                await connection.copy_records_to_table(name, records=map(tuple, rows), columns=columns)
            await upgrade_postgres(connection, revision, HEAD)
    except (asyncpg.PostgresError, asyncpg.InterfaceError, ValueError, TypeError) as error:
        raise BackupError(_DAMAGED) from error
