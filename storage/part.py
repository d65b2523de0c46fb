"""What every part of a unit of work is: it reads when asked, notes what it is to write, and can forget that."""

from collections.abc import Mapping, Sequence
from typing import Any

from storage.engines.engine import Read, Reader, Write
from storage.engines.statement import Statement
from storage.rows import Row


class Part:
    """A part of a unit of work. What it notes in other forms than writes, a subclass turns into them and forgets."""

    def __init__(self, engine: Reader) -> None:
        """Read through `engine`."""
        self._engine = engine
        self._writes: list[Write] = []

    def forget(self) -> None:
        """Drop what was noted."""
        self._writes.clear()

    def writes(self) -> list[Write]:
        """Return what was noted."""
        return self._writes

    async def _rows(self, statement: Statement, values: Mapping[str, Any]) -> Sequence[Row]:
        """Return what a statement reads."""
        (rows,) = await self._engine.read([Read(statement, values)])
        return rows

    def _note(self, statement: Statement, values: Mapping[str, Any], expected: int | None = None) -> None:
        """Note a write, and how many rows it must change."""
        self._writes.append(Write(statement, values, expected))
