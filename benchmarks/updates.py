"""Ten thousand updates of a thousand deals: what is asked of the portal for them, what follows, and how long it takes.

Each deal is moved as often as it is told of, to a stage that a rule waits for every other time. The portal is one in
memory, so that the time is ours; it counts how often an object was read, and how often its history was asked for. Each
move is to have one consequence, however few looks there were. The floor is the storing of what was told alone.
"""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, cast

from benchmarks.report import as_in_production, publish
from benchmarks.size import size
from bot.clock import MovableClock
from bot.dispatch.router import RouteTable
from bot.dispatch.undertaking import Undertaking
from bot.domain.automation.change import Move
from bot.domain.automation.portal_object import ObjectRef
from bot.domain.automation.rule import RuleState, RuleVersion
from bot.domain.automation.watching import Actor, Hint
from bot.domain.portal import Portal
from bot.lookout import FLOOD_REST, Lookout
from bot.messengers import FACTS
from bot.ports.eyes import Page, Seen
from bot.services.approvals.seals import Seals
from bot.services.messengers import Messengers
from bot.services.wiring import House
from handlers import router
from storage import open_storage

if TYPE_CHECKING:
    from bot.ports import Storage

DEALS, ROUNDS, BURST, RULES = size(1_000, 60), size(10, 2), 5, size(20, 2)
"""How many deals, how often each is moved, how many moves come before a look, and how many rules are on."""
NOW = datetime(2026, 7, 13, 6, 0, tzinfo=UTC)
KEY, SECRET = "portal.example", "s" * 40
STAGES = ("CONTRACT", "NEW")


class Site:
    """A portal whose deals move as the benchmark says."""

    def __init__(self) -> None:
        """Have every deal where nobody waits for it."""
        self.stage = dict.fromkeys(range(1, DEALS + 1), "NEW")
        self.history: dict[int, list[Move]] = {number: [] for number in self.stage}
        self.number = 0
        self.reads, self.histories, self.batches = Counter[int](), 0, 0

    def move(self, number: int, stage: str, at: datetime) -> None:
        """Move a deal."""
        self.number += 1
        self.stage[number] = stage
        self.history[number].append(Move(stage, at, self.number))

    def looked_after(self) -> Collection[str]:
        """Return the one portal."""
        return [KEY]

    def eyes(self, realm: str) -> "Site":
        """Return what looks at it."""
        del realm
        return self

    async def look(self, refs: Sequence[ObjectRef]) -> Seen:
        """Show deals."""
        self.batches += 1
        self.reads.update(each.number for each in refs)
        return Seen({each: self._fields(each.number) for each in refs})

    def _fields(self, number: int) -> Mapping[str, Any]:
        moved = self.history[number][-1].at.isoformat() if self.history[number] else NOW.isoformat()
        return {
            "id": number, "title": f"Deal {number}", "stageId": self.stage[number], "opportunity": 100 + number,
            "assignedById": 7, "movedBy": 7, "updatedBy": 7, "movedTime": moved, "updatedTime": moved,
        }  # fmt: skip

    async def moves(self, family: str, numbers: Sequence[int], after: int) -> Mapping[int, Sequence[Move]]:
        """Show the history of some."""
        del family
        self.histories += 1
        return {number: [each for each in self.history[number] if each.number > after] for number in numbers}

    async def changed(self, family: str, since: datetime, after: int, fields: Collection[str] = ()) -> Page:
        """Tell of nothing that was not told."""
        del family, since, after, fields
        return Page({}, is_last=True, at=NOW)

    async def newest(self, family: str) -> tuple[int, int]:
        """Have had all deals before."""
        del family
        return DEALS, 0

    async def listen(self, families: Collection[str]) -> None:
        """Tell of all."""

    async def meet(self) -> None:
        """Know everybody."""


def _rule(number: int) -> RuleVersion:
    """Return a rule that makes a task at a stage; all but the first wait for what never comes."""
    stage = STAGES[0] if number == 0 else f"NEVER{number}"
    task = {"do": "task", "title": "Check {title}", "responsible": {"by": "responsible"}}
    form = {
        "schema": "automation.rule/1", "key": f"rule{number}", "version": 1, "title": {"en": f"Rule {number}"},
        "object": {"kind": "deal"}, "event": "changed",
        "when": {"op": "cmp", "field": "stageId", "test": "eq", "value": stage}, "do": [task],
    }  # fmt: skip
    return RuleVersion(1, f"rule{number}", 1, json.dumps(form), RuleState.ON, NOW)


async def _measured(folder: Path) -> dict[str, Any]:
    ticks = [1_800_000_000.0]
    storage = await open_storage(f"sqlite:///{folder}/u.db", secret_key=SECRET, clock=lambda: ticks[0])
    await storage.start()
    try:
        async with storage.unit_of_work() as uow:
            uow.portals.add(Portal(1, KEY, "Portal"))
            for number in range(RULES):
                uow.rules.add(_rule(number))
            await uow.commit()
        site, clock = Site(), MovableClock(NOW)
        house = House(cast("Storage", storage), Messengers(FACTS), Seals(SECRET))
        undertaking = Undertaking(RouteTable(router), house)
        lookout = Lookout(cast("Storage", storage), undertaking, cast("Any", site), clock, monotonic=lambda: ticks[0])
        await lookout.catch_up()
        told_in, looked_in = 0.0, 0.0
        for number in range(ROUNDS):
            at = NOW + timedelta(minutes=number + 1)
            for deal in site.stage:
                site.move(deal, STAGES[number % 2], at)
            began = time.perf_counter()
            await storage.hints.note([Hint(1, f"deal:{deal}", Actor.PERSON) for deal in site.stage])
            told_in += time.perf_counter() - began
            ticks[0] += FLOOD_REST / BURST + 1
            if number % BURST == BURST - 1 or number == ROUNDS - 1:
                ticks[0] += FLOOD_REST
                began = time.perf_counter()
                await lookout.catch_up()
                looked_in += time.perf_counter() - began
        made = Counter[str]()
        for each in site.stage:
            made.update(one.rule for one in await storage.unit_of_work().rules.fired(1, f"deal:{each}", NOW))
        return {
            "updates": DEALS * ROUNDS,
            "deals": DEALS,
            "rules": RULES,
            "seconds": round(told_in + looked_in, 2),
            "floor_seconds": round(told_in, 2),
            "most_reads_of_one": max(site.reads.values()),
            "batches": site.batches,
            "histories": site.histories,
            "held": sum(made.values()),
            "should_hold": DEALS * ((ROUNDS + 1) // 2),
        }
    finally:
        await storage.close()


def main() -> None:
    """Measure it."""
    with TemporaryDirectory(prefix="smena-bench-") as folder, as_in_production(Path(folder)):
        found = asyncio.run(_measured(Path(folder)))
    whole, floor = found["seconds"], found["floor_seconds"]
    rows = [
        ("looked at and followed", found["updates"], whole, round(found["updates"] / whole), found["held"]),
        ("floor: stored alone", found["updates"], floor, round(found["updates"] / max(floor, 0.001)), 0),
    ]
    publish("updates", found, ("", "updates", "seconds", "a second", "held"), rows)


if __name__ == "__main__":
    main()
