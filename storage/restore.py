"""Restore a backup into an empty database: all of it or nothing."""

import asyncio
import base64
import gzip
import json
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, Any

from storage.errors import BackupError
from storage.location import Location
from storage.migrate import current, known_revisions, migrate, postgres
from storage.portable import FORMAT, FORMAT_VERSION, portion
from storage.schema import HEAD, metadata

_NOT_EMPTY = "The database is not empty: a backup is restored only into an empty one."
_NOT_OURS = "The file is not a backup of this program."
_DAMAGED = "The backup file is damaged or was cut off; nothing was restored."
_SQLITE_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'alembic_version'"
_POSTGRES_TABLES = (
    "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND tablename <> 'alembic_version'"
)

Part = tuple[str, list[str], list[list[Any]]]
"""A table, its columns and some of its rows."""


async def restore(url: str, file: Path) -> None:
    """Fill the empty database at `url` from `file`; one that is older than the program is brought up to date."""
    with _opened(file) as lines:
        revision = _revision(lines)
        found = await current(url)
        if found is not None and found != revision:
            raise BackupError(f"The database has revision {found}, the backup {revision}: use one without tables.")
        await migrate(url, revision)
        location = Location.of(url)
        if location.path is not None:
            await asyncio.to_thread(_into_sqlite, location.path, _parts(lines, revision))
        else:
            await _into_postgres(location.dsn, _parts(lines, revision))
    await migrate(url)


@contextmanager
def _opened(file: Path) -> Iterator[IO[str]]:
    """Open the file; whatever is wrong with its bytes is one sentence."""
    try:
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            yield lines
    except (gzip.BadGzipFile, UnicodeDecodeError) as error:
        raise BackupError(_NOT_OURS) from error
    except (EOFError, zlib.error) as error:
        raise BackupError(_DAMAGED) from error
    except OSError as error:
        raise BackupError(f"The backup file {file} cannot be read: {error.strerror or error}.") from error


def _revision(lines: IO[str]) -> str:
    """Read the header and return the revision of what follows."""
    try:
        header = json.loads(lines.readline())
        is_ours = header["format"] == FORMAT
        revision = str(header["revision"])
        is_known = header["format_version"] == FORMAT_VERSION
    except (ValueError, TypeError, KeyError) as error:
        raise BackupError(_NOT_OURS) from error
    if not is_ours:
        raise BackupError(_NOT_OURS)
    if not is_known or revision not in known_revisions():
        raise BackupError(f"The backup was made by a newer version (revision {revision}, this program has {HEAD}).")
    return revision


def _is_table(name: str, columns: list[str], revision: str) -> bool:
    """Whether a file may name such a table; of an earlier revision only the database itself knows."""
    if revision == HEAD:
        return name in metadata.tables and {*columns} <= {*metadata.tables[name].columns.keys()}
    return all(each.isidentifier() for each in (name, *columns))


def _parts(lines: IO[str], revision: str) -> Iterator[Part]:
    """Give the tables in portions; BackupError when the file does not end as it should."""
    table, columns, rows, total = "", list[str](), list[list[Any]](), 0
    bytes_at = list[int]()
    for line in lines:
        try:
            value = json.loads(line)
        except ValueError as error:
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
            if value.get("rows") != total:
                break
            return
        if isinstance(value, dict):
            table, columns = str(value.get("table")), [str(each) for each in value.get("columns", [])]
            bytes_at = [place for place, each in enumerate(columns) if each in value.get("bytes", ())]
            if not _is_table(table, columns, revision):
                raise BackupError(_DAMAGED)
    raise BackupError(_DAMAGED)


def _with_bytes(row: list[Any], places: list[int]) -> list[Any]:
    try:
        for place in places:
            row[place] = base64.b64decode(row[place], validate=True)
    except (TypeError, ValueError) as error:
        raise BackupError(_DAMAGED) from error
    return row


def _into_sqlite(path: Path, parts: Iterator[Part]) -> None:
    from storage.sqlite_engine import connect, unavailable  # noqa: PLC0415

    with closing(connect(path)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
            # An earlier revision has not all tables of this one.
            for (name,) in connection.execute(_SQLITE_TABLES).fetchall():
                if connection.execute(f"SELECT 1 FROM {name} LIMIT 1").fetchone():  # noqa: S608
                    raise BackupError(_NOT_EMPTY)
            for name, columns, rows in parts:
                places = ", ".join("?" * len(columns))
                connection.executemany(f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({places})", rows)  # noqa: S608
            connection.execute("COMMIT")
        except (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.InterfaceError) as error:
            raise BackupError(_DAMAGED) from error
        except sqlite3.Error as error:
            raise unavailable(path, error) from error


async def _into_postgres(dsn: str, parts: Iterator[Part]) -> None:
    import asyncpg  # noqa: PLC0415

    try:
        async with postgres(dsn) as connection, connection.transaction():
            tables = [row[0] for row in await connection.fetch(_POSTGRES_TABLES)]
            await connection.execute(f"LOCK TABLE {', '.join(tables)} IN SHARE ROW EXCLUSIVE MODE")
            for table in tables:
                if await connection.fetchval(f"SELECT 1 FROM {table} LIMIT 1"):  # noqa: S608
                    raise BackupError(_NOT_EMPTY)
            for name, columns, rows in parts:
                await connection.copy_records_to_table(name, records=map(tuple, rows), columns=columns)
    except (asyncpg.PostgresError, asyncpg.InterfaceError, ValueError, TypeError) as error:
        raise BackupError(_DAMAGED) from error
