"""Reads that are made together, before anybody asks: what a turn is known to need comes in one hop."""

from collections.abc import Sequence
from typing import Any

from storage.engines.engine import Read, Reader
from storage.engines.statement import Statement
from storage.rows import Row

_Key = tuple[Statement, tuple[tuple[str, Any], ...]]


class Ahead:
    """A database as one unit of work reads it: what was read ahead is given without a hop, all else is asked for."""

    def __init__(self, engine: Reader) -> None:
        """Read through `engine`."""
        self._engine = engine
        self._known: dict[_Key, Sequence[Row]] = {}

    async def look(self, plan: Sequence[Read]) -> None:
        """Read a plan now, and keep what it finds for as long as the unit lives."""
        missing = [read for read in plan if _key(read) not in self._known]
        if missing:
            found = await self._engine.read(missing)
            self._known |= {_key(read): rows for read, rows in zip(missing, found, strict=True)}

    async def read(self, plan: Sequence[Read]) -> list[Sequence[Row]]:
        """Return the rows of each read of the plan."""
        if self._known:
            known = [self._known.get(_key(read)) for read in plan]
            found = [rows for rows in known if rows is not None]
            if len(found) == len(plan):
                return found
        return await self._engine.read(plan)


def _key(read: Read) -> _Key:
    return read.statement, tuple(read.values.items())
