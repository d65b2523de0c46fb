"""Migrations lead both databases from nothing to exactly the schema, once, whoever starts at the same time."""

import asyncio
from contextlib import closing
from pathlib import Path

import asyncpg
import pytest
from alembic import command
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from bot.ports import NewerDatabase
from storage import Database, Unavailable, open_storage
from storage.engines.sqlite_file import connect
from storage.location import Location
from storage.migrate import config_on, current, known_revisions, migrate, sqlite_engine
from storage.schema import HEAD, metadata
from tests.storage.given import KEY, NewUrl

_CATALOGUE = """
SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable FROM information_schema.columns
WHERE table_schema = 'public' AND table_name <> 'alembic_version'
UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'alembic_version'
UNION ALL SELECT conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = 'public'::regnamespace AND conrelid <> COALESCE(to_regclass('alembic_version'), 0)
ORDER BY 1
"""


async def execute(url: str, statement: str) -> None:
    """Run a statement beside the program."""
    location = Location.of(url)
    if location.path is not None:
        with closing(connect(location.path)) as connection:
            connection.execute(statement)
        return
    server = await asyncpg.connect(location.dsn)
    await server.execute(statement)
    await server.close()


def test_head() -> None:
    """The revision that the schema claims to be is the newest migration."""
    assert max(known_revisions()) == HEAD


async def test_from_nothing(kind: str, new_url: NewUrl) -> None:
    """An empty database has no revision before, and the newest after; a second run changes nothing."""
    url = await new_url(kind, empty=True)
    before = await current(url)
    assert (before, await migrate(url), await current(url), await migrate(url)) == (None, HEAD, HEAD, HEAD)


async def test_two_at_once(kind: str, new_url: NewUrl) -> None:
    """Processes that start at the same time on an empty database do not collide."""
    url = await new_url(kind, empty=True)
    assert await asyncio.gather(*(migrate(url) for _ in range(4))) == [HEAD] * 4


async def test_storages_start_at_once(kind: str, new_url: NewUrl) -> None:
    """Storages that start at the same time on an empty database all work."""
    url = await new_url(kind, empty=True)
    storages: list[Database] = [await open_storage(url, secret_key=KEY) for _ in range(3)]
    await asyncio.gather(*(storage.start() for storage in storages))
    await storages[0].vault.put("a", "1")
    assert await storages[2].vault.get("a") == "1"
    for storage in storages:
        await storage.close()


async def test_newer_database(url: str) -> None:
    """A database of a newer version is refused, and left as it is."""
    await execute(url, "UPDATE alembic_version SET version_num = '9999'")
    storage = await open_storage(url, secret_key=KEY)
    with pytest.raises(NewerDatabase, match="9999"):
        await storage.start()
    assert await current(url) == "9999"


async def test_sqlite_schema_is_the_migrations(new_url: NewUrl) -> None:
    """On SQLite Alembic finds no difference between the migrated database and the schema."""
    url = await new_url("sqlite")
    with sqlite_engine(Location.of(url).file) as engine, engine.begin() as connection:
        command.check(config_on(connection))


async def test_postgres_schema_is_the_migrations(new_url: NewUrl) -> None:
    """On PostgreSQL the catalogue after the migrations equals the one after creating the schema itself."""
    catalogues = []
    for empty in (False, True):
        connection = await asyncpg.connect(await new_url("postgres", empty=empty))
        if empty:
            dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
            for table in metadata.sorted_tables:
                await connection.execute(str(CreateTable(table).compile(dialect=dialect)))
                for index in table.indexes:
                    await connection.execute(str(CreateIndex(index).compile(dialect=dialect)))
        catalogues.append([row[0] for row in await connection.fetch(_CATALOGUE)])
        await connection.close()
    migrated, created = catalogues
    assert len(migrated) > 100
    assert migrated == created


async def test_downgrade(new_url: NewUrl) -> None:
    """The first migration can be taken back and made again."""
    url = await new_url("sqlite")
    with sqlite_engine(Location.of(url).file) as engine:
        with engine.begin() as connection:
            command.downgrade(config_on(connection), "base")
        with engine.begin() as connection:
            tables = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    assert [tuple(row) for row in tables] == [("alembic_version",)]
    assert await migrate(url) == HEAD


@pytest.mark.parametrize("url", ["", "sqlite://", "sqlite:///", "mysql://host/name", "data/smena.db"])
async def test_not_an_address(url: str) -> None:
    """What is no address of a database is refused in one sentence."""
    with pytest.raises(Unavailable, match="DATABASE_URL"):
        await migrate(url)


async def test_folder_is_made(tmp_path: Path) -> None:
    """The data folder is made where it is missing."""
    await migrate(f"sqlite:///{tmp_path}/deep/er/smena.db")
    assert (tmp_path / "deep" / "er" / "smena.db").exists()
