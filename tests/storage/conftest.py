"""Fixtures of the storage tests: a database without a row for each test, on SQLite and on a started PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path

import pytest

from bot.ids import new_id
from storage import Database, open_storage
from tests.migrated import begin_migrated
from tests.postgres import Server, started
from tests.storage.given import KEY, NewUrl, Opener, Wall
from tests.storage.reused import Reused, on


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """Give the PostgreSQL server of this run."""
    with started() as running:
        yield running


@pytest.fixture(scope="session")
def reused(server: Server) -> Iterator[Reused]:
    """Give the PostgreSQL databases of this run that have the schema."""
    databases = Reused(server)
    yield databases
    asyncio.run(_dropped(server, databases.made))


async def _dropped(server: Server, names: Sequence[str]) -> None:
    """Drop databases of a server that lives on; a throwaway one goes with all it has."""
    for name in names if server.data is None else ():
        await on(server.dsn, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgres"])
def kind(request: pytest.FixtureRequest) -> str:
    """Give the kind of database."""
    return str(request.param)


@pytest.fixture
async def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[NewUrl]:
    """Give a maker of addresses of new databases, with the schema or without."""
    made: list[str] = []

    async def new(kind: str, *, empty: bool = False) -> str:
        if kind == "sqlite":
            path = tmp_path / f"{new_id()}.db"
            if not empty:
                await begin_migrated(path)
            return f"sqlite:///{path}"
        server: Server = request.getfixturevalue("server")
        if empty:
            made.append(f"test_{new_id()}")
            await on(server.dsn, f"CREATE DATABASE {made[-1]}")
        else:
            made.append(await request.getfixturevalue("reused").make())
        return server.address(made[-1])

    yield new
    if made:
        await _dropped(request.getfixturevalue("server"), made)


@pytest.fixture
async def url(kind: str, request: pytest.FixtureRequest, new_url: NewUrl) -> AsyncIterator[str]:
    """Give the address of a database with the schema and without a row."""
    if kind == "sqlite":
        yield await new_url(kind)
        return
    reused: Reused = request.getfixturevalue("reused")
    name = await reused.take()
    yield reused.server.address(name)
    reused.give_back(name)


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
