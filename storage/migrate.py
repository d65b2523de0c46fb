"""Bring a database up to date, one process at a time.

What revision a database has is read with the bare driver: only when there is something to do are Alembic and
SQLAlchemy's engines loaded.
"""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

from bot.ports import NewerDatabase, Unavailable
from storage.location import Location
from storage.schema import HEAD

_SCRIPTS = Path(__file__).with_name("migrations")
_LOCK = 0x534D454E41  # "SMENA": the advisory lock under which PostgreSQL is migrated


async def migrate(url: str, to: str = HEAD) -> str:
    """Bring the schema up to date and return its revision; NewerDatabase when it is ahead of this program.

    `to` stops at an earlier revision, for a backup that was made at it.
    """
    location = Location.of(url)
    if await current(url) == to:
        return to
    if location.path is not None:
        await asyncio.to_thread(_migrate_sqlite, location.make_folder(), to)
    else:
        await _migrate_postgres(location.dsn, to)
    return to


async def current(url: str) -> str | None:
    """Return the revision of a database as it is; None where there is no schema yet."""
    location = Location.of(url)
    if location.path is not None:
        return await asyncio.to_thread(_current_sqlite, location.path)
    return await _current_postgres(location.dsn)


def _current_sqlite(path: Path) -> str | None:
    try:
        if not path.exists():
            return None
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=5)) as connection:
            found = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone() if found else None
    except (sqlite3.Error, OSError) as error:
        raise Unavailable(f"The database file {path} cannot be read: {error}.") from error
    return None if row is None else str(row[0])


async def _current_postgres(dsn: str) -> str | None:
    async with postgres(dsn) as connection:
        return await _revision_on(connection)


async def _revision_on(connection: Any) -> str | None:
    if await connection.fetchval("SELECT to_regclass('alembic_version')") is None:
        return None
    revision: str | None = await connection.fetchval("SELECT version_num FROM alembic_version")
    return revision


class postgres:  # noqa: N801 - reads as a verb where it is used
    """One asyncpg connection for as long as a block lasts; Unavailable when it cannot be had or is lost."""

    def __init__(self, dsn: str) -> None:
        """Remember the address."""
        self._dsn = dsn
        self._connection: Any = None

    async def __aenter__(self) -> Any:
        """Connect."""
        import asyncpg  # noqa: PLC0415

        try:
            self._connection = await asyncpg.connect(self._dsn, timeout=10)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, ValueError) as error:
            reason = str(error) or type(error).__name__
            away = (OSError, asyncpg.CannotConnectNowError, asyncpg.TooManyConnectionsError)
            raise Unavailable(
                f"The PostgreSQL database cannot be used: {reason}.", may_pass=isinstance(error, away)
            ) from error
        return self._connection

    async def __aexit__(self, *exc: object) -> None:
        """Disconnect."""
        await self._connection.close()


def config_on(connection: Any) -> Any:
    """Return Alembic's configuration for a connection; there is no ini file."""
    from alembic.config import Config  # noqa: PLC0415

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def known_revisions() -> set[str]:
    """Return the revisions that this program has migrations of."""
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    return {script.revision for script in ScriptDirectory.from_config(config_on(None)).walk_revisions()}


def _refuse_newer(found: str | None) -> None:
    if found is not None and found not in known_revisions():
        raise NewerDatabase(f"The database has revision {found}, which is newer than this program knows ({HEAD}).")


def upgrade(connection: Any, to: str) -> None:
    """Run the migrations that are missing, in the transaction of `connection`, which holds the lock."""
    from alembic import command  # noqa: PLC0415
    from alembic.migration import MigrationContext  # noqa: PLC0415

    config = config_on(connection)
    _refuse_newer(MigrationContext.configure(connection).get_current_revision())
    command.upgrade(config, to)


@contextmanager
def sqlite_engine(path: Path) -> Iterator[Any]:
    """Give a SQLAlchemy engine over the file, whose transactions take the write lock when they begin."""
    from sqlalchemy import create_engine, event  # noqa: PLC0415
    from sqlalchemy.pool import NullPool  # noqa: PLC0415

    from storage.engines.sqlite_file import connect  # noqa: PLC0415

    engine = create_engine("sqlite://", creator=lambda: connect(path), poolclass=NullPool)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def _plain_errors(what: str) -> Iterator[None]:
    """Word the failures of a database as Unavailable."""
    from sqlalchemy.exc import DBAPIError  # noqa: PLC0415

    try:
        yield
    except DBAPIError as error:
        raise Unavailable(f"{what} cannot be brought up to date: {error.orig}.") from error


@contextmanager
def migrating_sqlite(path: Path) -> Iterator[Any]:
    """Give a connection in a transaction that holds the file's lock; what fails in it leaves the file as it was."""
    with _plain_errors(f"The database file {path}"), sqlite_engine(path) as engine, engine.begin() as connection:
        yield connection


def _migrate_sqlite(path: Path, to: str) -> None:
    with migrating_sqlite(path) as connection:
        upgrade(connection, to)


async def _migrate_postgres(dsn: str, to: str) -> None:
    import asyncpg  # noqa: PLC0415

    async with postgres(dsn) as connection:
        try:
            async with connection.transaction():
                await connection.execute(f"SELECT pg_advisory_xact_lock({_LOCK})")
                found = await _revision_on(connection)
                _refuse_newer(found)
                await upgrade_postgres(connection, found, to)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise Unavailable(f"The PostgreSQL database cannot be brought up to date: {error}.") from error


async def upgrade_postgres(connection: Any, found: str | None, to: str) -> None:
    """Have Alembic write the SQL and run it with asyncpg, in its transaction: no second driver is needed for it."""
    if found != to:
        await connection.execute(await asyncio.to_thread(_script, found, to))


def _script(found: str | None, to: str) -> str:
    """Return PostgreSQL's SQL of the migrations from one revision to another."""
    from alembic import command  # noqa: PLC0415

    config = config_on(None)
    config.attributes["script"] = script = StringIO()
    command.upgrade(config, f"{found or 'base'}:{to}", sql=True)
    return script.getvalue()
