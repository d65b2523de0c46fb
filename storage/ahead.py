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

    def know(self, plan: Sequence[Read], found: Sequence[Sequence[Row]]) -> None:
        """Keep what a plan found for as long as the unit lives."""
        for read, rows in zip(plan, found, strict=True):
            self._known[_key(read)] = rows

    async def look(self, plan: Sequence[Read]) -> list[Sequence[Row]]:
        """Read what is not known of a plan, keep it for as long as the unit lives, and return the rows of each read."""
        keys = [_key(read) for read in plan]
        known = self._known
        missing = [read for read, key in zip(plan, keys, strict=True) if key not in known]
        if missing:
            self.know(missing, await self._engine.read(missing))
        return [known[key] for key in keys]

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
