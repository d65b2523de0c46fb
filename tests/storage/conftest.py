"""Fixtures of the storage tests: a fresh database for each test, on SQLite and on a really started PostgreSQL."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest

from bot.ids import new_id
from storage import Database, open_storage
from storage.migrate import migrate
from tests.migrated import begin_migrated
from tests.postgres import Server, started
from tests.storage.given import KEY, NewUrl, Opener, Wall


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """Give the PostgreSQL server of this run."""
    with started() as running:
        yield running


@pytest.fixture(scope="session")
def templates() -> dict[str, str]:
    """Give what was migrated once and is copied for each test, by kind."""
    return {}


@pytest.fixture(params=["sqlite", "postgres"])
def kind(request: pytest.FixtureRequest) -> str:
    """Give the kind of database."""
    return str(request.param)


async def _on(server: Server, statement: str) -> None:
    connection = await asyncpg.connect(server.dsn)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def _copy(server: Server, template: str, name: str) -> None:
    """Have the files copied: blocks through the log, as is usual since 15, cost a third more."""
    connection = await asyncpg.connect(server.dsn)
    try:
        how = " STRATEGY file_copy" if connection.get_server_version() >= (15,) else ""
        await connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}{how}")
    finally:
        await connection.close()


@pytest.fixture
async def new_url(request: pytest.FixtureRequest, tmp_path: Path, templates: dict[str, str]) -> AsyncIterator[NewUrl]:
    """Give a maker of addresses of new databases, with the schema or without."""
    made: list[tuple[Server, str]] = []

    async def new(kind: str, *, empty: bool = False) -> str:
        if kind == "sqlite":
            path = tmp_path / f"{new_id()}.db"
            if not empty:
                await begin_migrated(path)
            return f"sqlite:///{path}"
        server: Server = request.getfixturevalue("server")
        if not empty and kind not in templates:
            templates[kind] = f"template_{new_id()}"
            await _on(server, f"CREATE DATABASE {templates[kind]}")
            await migrate(server.address(templates[kind]))
        name = f"test_{new_id()}"
        if empty:
            await _on(server, f"CREATE DATABASE {name}")
        else:
            await _copy(server, templates[kind], name)
        if server.data is None:  # of a server that lives on; a throwaway one goes with all it has
            made.append((server, name))
        return server.address(name)

    yield new
    for server, name in made:
        await _on(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture
async def url(kind: str, new_url: NewUrl) -> str:
    """Give the address of a fresh database with the schema."""
    return await new_url(kind)


@pytest.fixture
def wall() -> Wall:
    """Give the wall clock of the storage, which tests move."""
    return Wall()


@pytest.fixture
async def opened(url: str, wall: Wall) -> AsyncIterator[Opener]:
    """Give an opener of storages on the one database, each as another process would have it."""
    running: list[Database] = []

    async def another(worker: str | None = None, secret_key: str = KEY, at: str | None = None) -> Database:
        storage = await open_storage(
            at or url, secret_key=secret_key, clock=wall, worker=worker or f"worker {len(running)}"
        )
        await storage.start()
        running.append(storage)
        return storage

    yield another
    for storage in running:
        await storage.close()


@pytest.fixture
async def storage(opened: Opener) -> Database:
    """Give a started storage."""
    return await opened()
