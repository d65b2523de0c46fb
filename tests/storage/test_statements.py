"""Statements are built with SQLAlchemy and run by the bare drivers."""

from typing import Any

from sqlalchemy import literal_column, select

from storage.engines.engine import Read
from storage.engines.statement import Statement
from tests.storage.given import Opener


async def test_put_into_words_once(opened: Opener) -> None:
    """However often a process opens a database, a statement is built once: that costs more than running it."""
    built: list[object] = []

    def build(insert: Any) -> Any:
        built.append(insert)
        return select(literal_column("1").label("one"))

    statement = Statement("one", build)
    for _ in range(2):
        storage = await opened()
        [rows] = await storage._engine.read([Read(statement, {})])
        assert [1] == [row[0] for row in rows]
    assert 1 == len(built)
