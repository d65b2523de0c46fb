"""What was read ahead costs no hop more; everything else is asked for."""

from collections.abc import Sequence

from storage.ahead import Ahead
from storage.engines.engine import Read
from storage.rows import Row
from storage.sql import planning


class Counting:
    """A database that tells which portal it was asked about, and counts the hops."""

    def __init__(self) -> None:
        """Begin unasked."""
        self.hops: list[int] = []

    async def read(self, plan: Sequence[Read]) -> list[Sequence[Row]]:
        """Answer each read with its portal."""
        self.hops.append(len(plan))
        return [[(read.values["portal_id"],)] for read in plan]


def departments(portal_id: int) -> Read:
    """Read the departments of a portal."""
    return Read(planning.DEPARTMENTS, {"portal_id": portal_id})


def calendar(portal_id: int) -> Read:
    """Read the changed days of a portal."""
    return Read(planning.CALENDAR, {"portal_id": portal_id})


async def test_what_was_read_ahead() -> None:
    """Two statements come in one hop and are given from then on; the same statement of another portal is asked for."""
    database = Counting()
    ahead = Ahead(database)
    await ahead.look([departments(1), calendar(1)])
    assert [[(1,)]] == await ahead.read([departments(1)])
    assert [[(1,)], [(1,)]] == await ahead.read([calendar(1), departments(1)])
    assert [2] == database.hops
    assert [[(2,)]] == await ahead.read([departments(2)])
    await ahead.look([departments(1), departments(2)])
    assert [2, 1, 1] == database.hops
