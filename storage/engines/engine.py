"""What storage needs from a database engine: plans of reads in one hop, units of writes all or nothing."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from storage.engines.statement import Statement
from storage.rows import Row


class Read(NamedTuple):
    """A statement to read with, and its parameters by name."""

    statement: Statement
    values: Mapping[str, Any]


class Write(NamedTuple):
    """A statement to write with, its parameters, and how many rows it must change (None: any number)."""

    statement: Statement
    values: Mapping[str, Any]
    expected: int | None = None


class Result(NamedTuple):
    """What a write did: how many rows it changed, where that is known, and the rows it gave back."""

    changed: int
    rows: Sequence[Row] = ()


class Reader(Protocol):
    """What plans of reads are asked of."""

    async def read(self, plan: Sequence[Read]) -> list[Sequence[Row]]:
        """Return the rows of each read of the plan."""
        ...


class Engine(Reader, Protocol):
    """A database. Units and plans of many callers are put together into few round trips or commits."""

    async def start(self) -> None:
        """Connect; Unavailable when that fails."""
        ...

    async def close(self) -> None:
        """Finish what was handed over and disconnect."""
        ...

    async def write(self, unit: Sequence[Write]) -> list[Result]:
        """Apply the unit in one transaction, durably; Conflict when an expectation or a unique key does not hold."""
        ...
