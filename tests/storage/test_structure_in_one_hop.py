"""A portal's people as routes see them come in one hop to the database: every decision on a route needs them."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.services.approvals.structure import Structures
from storage import Database
from storage.engines.engine import Read
from storage.engines.sqlite import SqliteEngine
from storage.vault import Box
from tests.migrated import begin_migrated
from tests.storage.given import KEY, NOW, given, person


class Counted(SqliteEngine):
    """An engine that remembers its hops: how many asked in each."""

    def __init__(self, path: Path) -> None:
        """Begin with none."""
        super().__init__(path)
        self.hops: list[int] = []

    async def ask(self, plans: Sequence[Sequence[Read]]) -> Sequence[Any]:
        """Remember it, and answer."""
        self.hops.append(len(plans))
        return await super().ask(plans)


async def test_a_structure_is_read_in_one_hop(tmp_path: Path) -> None:
    """All that it is made of is asked for at once, however much that is."""
    path = tmp_path / "one.db"
    await begin_migrated(path)
    engine = Counted(path)
    storage = Database(f"sqlite:///{path}", engine, Box(KEY), clock=time.time, worker="one", lock=None)
    await storage.start()
    await given(storage, person(10), person(11))
    for _ in range(2):  # calendars of countries are loaded when one is first asked for
        async with storage.unit_of_work() as uow:
            portal = await uow.portals.get(1)
            assert portal is not None
            engine.hops.clear()
            found = await Structures(uow).of(portal, NOW)
    await storage.close()
    assert {10, 11} <= set(found.by_own_id)
    assert 1 == len(engine.hops)
    assert engine.hops[0] > 5
