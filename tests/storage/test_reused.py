"""A database that tests use one after another is taken again as it was made, or not at all."""

import asyncpg
import pytest

from bot.domain.workday.punch_log import PunchKind
from storage import open_storage
from tests.storage.given import KEY, given, person, punch, punched
from tests.storage.reused import Reused, on


async def test_without_rows(reused: Reused) -> None:
    """Whatever was written is gone, with what refers to it."""
    name = await reused.take()
    address = reused.server.address(name)
    storage = await open_storage(address, secret_key=KEY)
    await storage.start()
    await given(storage, person(10))
    await punched(storage, 1, 10, punch(PunchKind.IN))
    await storage.close()
    reused.give_back(name)
    assert name == await reused.take()
    connection = await asyncpg.connect(address)
    try:
        assert [0, 0, 1] == [
            await connection.fetchval(f"SELECT count(*) FROM {table}")
            for table in ("employee", "punch", "alembic_version")
        ]
    finally:
        await connection.close()
    reused.give_back(name)


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE vault ADD COLUMN more text",
        "CREATE TABLE more (id int)",
        "CREATE INDEX more ON vault (value)",
        "UPDATE alembic_version SET version_num = '0001'",
        "INSERT INTO vault VALUES ('a', 'b', false); ANALYZE vault",
    ],
)
async def test_not_as_it_was(reused: Reused, statement: str) -> None:
    """One whose tables a test has changed, or of which the server knows more than at first, is not taken again."""
    name = await reused.take()
    await on(reused.server.address(name), statement)
    reused.give_back(name)
    other = await reused.take()
    assert name != other
    reused.give_back(other)


async def test_not_while_somebody_is_connected(reused: Reused) -> None:
    """Who is still connected might still write."""
    name = await reused.take()
    connection = await asyncpg.connect(reused.server.address(name))
    try:
        reused.give_back(name)
        other = await reused.take()
        assert name != other
    finally:
        await connection.close()
    reused.give_back(other)
