"""(n) Events of objects: their door beside that of the bot and the floor, and a flood of updates looked at.

The door: an update of a deal of its own each time, committed before the 200, beside a message to the bot, with the
same load in the same run. The flood: ten updates of each of a thousand deals within a minute, of which four move it to
a stage that a rule waits for, on an emulated portal that takes two requests a second as the real one does.
"""

import asyncio
import json
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp

from benchmarks.door import CONNECTIONS, ROUNDS, measured
from benchmarks.report import median, publish
from benchmarks.size import size
from bot.clock import MovableClock
from bot.domain.automation.rule import RuleState, RuleVersion
from bot.domain.automation.watching import BINDING, Hint
from bot.logs import set_up
from bot.playground import Playground
from bot.sandbox.companies import COMPANIES
from bot.sandbox.world import World
from bot.settings import Settings
from handlers import router
from storage import open_storage

TITLES = {"objects": "objects, committed", "ours": "bot, committed", "floor_of_objects": "floor: parses only"}
SERVERS = tuple(TITLES)[:: size(1, 2)]
"""In brief without the door of the bot, which another benchmark opens."""
DEALS, UPDATES, SECONDS = size(1_000, 5), size(10, 4), size(60, 1)
STAGES = ("PREPARATION", "EXECUTING", "NEW", "EXECUTING")
PATIENCE = size(400, 60)
_WHAT = ("per_second", "p99_ms", "cpu_us")
RULE: dict[str, Any] = {
    "schema": "automation.rule/1",
    "key": "contract",
    "version": 1,
    "title": {"en": "Contract"},
    "object": {"kind": "deal"},
    "event": "changed",
    "when": {"op": "cmp", "field": "stageId", "test": "eq", "value": "EXECUTING"},
    "do": [{"do": "notify", "to": [{"by": "field", "path": "assignedById"}], "text": "{title}"}],
}


def main() -> None:
    """Measure the doors in turns, then the flood once."""
    rounds: dict[tuple[int, str], list[dict[str, float]]] = {}
    for _ in range(ROUNDS):
        for name in SERVERS:
            for connections, result in zip(CONNECTIONS, measured(name), strict=True):
                rounds.setdefault((connections, name), []).append(result)
    figures: dict[str, Any] = {"rounds": ROUNDS}
    rows: list[tuple[object, ...]] = []
    for connections in CONNECTIONS:
        ours = median([each["per_second"] for each in rounds[connections, "objects"]])
        for name in SERVERS:
            done = rounds[connections, name]
            per_second, slow, cpu = (
                median([each[what] for each in done]) for what in ("per_second", "p99_ms", "cpu_us")
            )
            figures |= {
                f"{name}_{connections}_per_second": round(per_second),
                f"{name}_{connections}_p99_ms": round(slow, 1),
            }
            rows.append((f"{TITLES[name]}, {connections}", per_second, slow, cpu, f"{ours / per_second:.2f}"))
    flood = asyncio.run(_flood())
    figures |= flood
    rows.append((f"flood of {DEALS * UPDATES} updates: held {flood['held']} of {flood['expected']}", "", "", "", ""))
    reads = f"reads of a deal at most {flood['most_reads']}, of history {flood['history']}, {flood['seconds']} s"
    rows.append((reads, "", "", "", ""))
    publish("events", figures, ("events", "events/s", "p99 ms", "server cpu µs", "objects ÷ it"), rows)


async def _flood() -> dict[str, Any]:
    with TemporaryDirectory(prefix="smena-bench-") as folder:
        set_up("error", "json")
        environ = {"DATABASE_URL": f"sqlite:///{folder}/s.db", "SECRET_KEY": "k" * 40, "PORT": "0"}
        world = World(MovableClock(), companies=COMPANIES, data_dir=Path(folder))
        made = Playground(Settings.from_environ(environ), world)
        await made.start(lambda given: open_storage(given.database_url, secret_key="k" * 40), router, 0)
        try:
            await made.service.is_open.wait()
            await made._seeding
            return await _flooded(made, world)
        finally:
            await made.service.stop()
            await made.stop()


async def _flooded(made: Playground, world: World) -> dict[str, Any]:
    async with aiohttp.ClientSession(f"http://127.0.0.1:{made.service.port}") as client:
        async with client.post("/sandbox/api/portals/beta/install", json={"by": "emma"}) as answer:
            answer.raise_for_status()
        storage: Any = made.service.storage
        async with storage.unit_of_work() as uow:
            portal = await uow.portals.by_key(made.portals["beta"].member_id)
            state, now = RuleState.ON, world.clock.now()
            uow.rules.add(RuleVersion(portal.id, "contract", 1, json.dumps(RULE), state, now))
            uow.objects.note(Hint(portal.id, BINDING))
            await uow.commit()
        async with client.post("/sandbox/api/settle"):
            pass
        crm, expected = made.portals["beta"].portal.crm, 0
        deals = [crm.add("deal", {"title": f"Boxes {each}"}, 1) for each in range(DEALS)]
        began = time.perf_counter()
        for number in range(UPDATES):
            for place, deal in enumerate(deals):
                stage = STAGES[number % len(STAGES)]
                crm.update(deal, {"stageId": stage}, 1)
                expected += stage == "EXECUTING"
                due = began + SECONDS * (number * DEALS + place) / (UPDATES * DEALS)
                await asyncio.sleep(max(due - time.perf_counter(), 0))
        held = 0
        while held < expected and time.perf_counter() - began < PATIENCE:
            await asyncio.sleep(0.5)
            async with storage.unit_of_work() as uow:
                held = len(await uow.rules.latest(portal.id, "contract", expected + 1))
        took = time.perf_counter() - began
        async with client.get("/sandbox/api/calls?polls=0") as answer:
            counted = _counted(await answer.json())
    reads = [count for what, count in counted.items() if what.startswith("crm.item.get")]
    return {
        "deals": DEALS,
        "updates": DEALS * UPDATES,
        "expected": expected,
        "held": held,
        "most_reads": max(reads, default=0),
        "reads": sum(reads),
        "history": counted["crm.stagehistory.list"],
        "seconds": round(took, 1),
    }


def _counted(calls: list[dict[str, Any]]) -> Counter[str]:
    """Return how often each object was read, and the history asked for; commands of batches count."""
    counted: Counter[str] = Counter()
    for each in calls:
        params = each["params"] or {}
        if each["method"] == "batch":
            commands = params.get("cmd") or {}
            counted.update(map(str, commands.values() if isinstance(commands, dict) else commands))
        elif each["method"] == "crm.item.get":
            counted[f"crm.item.get {params.get('id')}"] += 1
        else:
            counted[each["method"]] += 1
    return counted
