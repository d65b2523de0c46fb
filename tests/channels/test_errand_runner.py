"""The runner of errands: in order, again with growing rests, never twice unlooked, nobody waits for others."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from bot.clock import MovableClock
from bot.domain.automation.errand import Errand, ErrandKind, ErrandState
from bot.errands import ErrandRunner, pause_after
from bot.ids import new_id
from bot.ports import NotDone, Unavailable
from bot.services.automation.errands import ENDED, Errands
from storage import Database, open_storage
from tests.migrated import begin_migrated
from tests.storage.given import KEY, NOW, PORTAL, Wall, given

OTHER = replace(PORTAL, id=2, key="other.example")


@dataclass
class Site:
    """A channel whose portals do as they are told."""

    rooms: dict[str, int] = field(default_factory=lambda: {PORTAL.key: 4, OTHER.key: 4})
    refusals: dict[str, list[Exception]] = field(default_factory=dict)
    tried: list[tuple[str, bool]] = field(default_factory=list)
    """Keys, and whether it was doubtful then."""
    gate: asyncio.Event | None = None

    def errand_room(self, realm: str) -> int:
        """Return the room that the test gave."""
        return self.rooms.get(realm, 0)

    async def run_errand(self, realm: str, errand: Errand) -> Mapping[str, Any]:
        """Refuse it as the test said, else do it."""
        self.tried.append((errand.key, errand.is_doubtful))
        if self.gate is not None:
            await self.gate.wait()
        waiting = self.refusals.get(errand.key)
        if waiting:
            raise waiting.pop(0)
        return {"done": errand.key}


class Watched(ErrandRunner):
    """A runner that tells when nothing more can be done now: nothing found, and nothing under way but at a gate."""

    is_at_rest = False

    async def _claim(self, held: Counter[str], room: int) -> list[tuple[str, Errand]]:
        found = await super()._claim(held, room)
        site = self._channel
        is_gated = isinstance(site, Site) and site.gate is not None and not site.gate.is_set()
        self.is_at_rest = not found and (is_gated or not held.total())
        return found


@dataclass
class Running:
    """A runner on a database."""

    storage: Database
    site: Site
    wall: Wall
    runner: Watched
    told: list[tuple[str, ErrandState, str]]
    faults: list[Exception]
    """What working out what follows raises, one a try."""

    async def noted(self, *keys: str, lane: str = "", portal_id: int = 1) -> None:
        """Note errands."""
        for key in keys:
            async with self.storage.unit_of_work() as unit:
                unit.errands.add(Errand(new_id(), portal_id, ErrandKind.NOTIFY, {}, key, "day:1", NOW, lane))
                await unit.commit()

    async def go(self, rounds: int = 1, *, moving: float = 0.0) -> None:
        """Let the runner go round, until nothing changes any more, and time pass before each round."""
        for _ in range(rounds):
            self.wall.move(moving)
            self.runner.is_at_rest = False
            task = asyncio.create_task(self.runner.run())
            before: Sequence[object] | None = None
            while before != (before := [*await self.stand(), *self.site.tried]) or not self.runner.is_at_rest:
                await asyncio.sleep(0.03)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def stand(self) -> Sequence[object]:
        """Return how everything stands."""
        unit = self.storage.unit_of_work()
        return [each for portal in (1, 2) for each in await unit.errands.of_cause(portal, "day:1")]

    async def of(self, key: str, portal_id: int = 1) -> Errand:
        """Return an errand by its key."""
        unit = self.storage.unit_of_work()
        return next(each for each in await unit.errands.of_cause(portal_id, "day:1") if each.key == key)


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    """Give a runner, a portal and another."""
    path = tmp_path / "smena.db"
    await begin_migrated(path)
    wall, site, told = Wall(), Site(), list[tuple[str, ErrandState, str]]()
    storage = await open_storage(f"sqlite:///{path}", secret_key=KEY, clock=wall, worker="here")
    await storage.start()

    faults: list[Exception] = []

    async def stands(errand: Errand, rest: float, is_told: bool) -> bool:
        async with storage.unit_of_work() as unit:
            is_ours = await Errands(unit).stands(errand, rest=rest, is_told=is_told)
            if is_told and faults:
                raise faults.pop()
            told.extend((each.errand.key, each.errand.state, each.errand.reason) for each in unit.events)  # type: ignore[attr-defined]
            await unit.commit()
        return is_ours

    await given(storage)
    await given(storage, portal=OTHER)
    runner = Watched(storage, site, stands, MovableClock(NOW), sleep=lambda _: asyncio.sleep(0))
    yield Running(storage, site, wall, runner, told, faults)
    await storage.close()


async def test_what_waits_is_done_and_told(running: Running) -> None:
    """Its result and its end are stored at once."""
    await running.noted("one", "two")
    await running.go()
    one = await running.of("one")
    assert (ErrandState.DONE, {"done": "one"}, NOW) == (one.state, one.result, one.ended_at)
    assert {("one", ErrandState.DONE, ""), ("two", ErrandState.DONE, "")} == set(running.told)


async def test_one_lane_is_one_after_another(running: Running) -> None:
    """The second begins when the first has ended, also where that had to be tried again."""
    running.site.refusals = {"one": [NotDone("server")]}
    await running.noted("one", "two", lane="deal:12")
    await running.go()
    assert ["one"] == [key for key, _ in running.site.tried]
    await running.go(3, moving=2.0)
    assert ["one", "one", "two"] == [key for key, _ in running.site.tried]


async def test_a_lost_answer_leaves_doubt(running: Running) -> None:
    """What may have happened is looked for by the next try; what was clearly refused is not."""
    running.site.refusals = {"lost": [NotDone("no_answer", is_doubtful=True)], "hasty": [NotDone("in_haste")]}
    await running.noted("lost", "hasty")
    await running.go(2, moving=2.0)
    assert {("lost", False), ("lost", True), ("hasty", False)} == set(running.site.tried)


async def test_a_refusal_for_good(running: Running) -> None:
    """It fails by its reason, and its lane goes on; an administrator may have it done after all."""
    running.site.refusals = {"one": [NotDone("no_right", ends=ErrandState.FAILED)]}
    await running.noted("one", "two", lane="deal:12")
    await running.go(2)
    assert [("one", ErrandState.FAILED, "no_right"), ("two", ErrandState.DONE, "")] == running.told
    failed = await running.of("one")
    async with running.storage.unit_of_work() as unit:
        assert await Errands(unit).again(1, failed.id)
        await unit.commit()
    await running.go()
    again = await running.of("one")
    assert (ErrandState.DONE, "") == (again.state, again.reason)


async def test_an_administrator_ends_a_doubt(running: Running) -> None:
    """What the portal cannot tell is done again when an administrator says so, and not looked for once more."""
    why = NotDone("not_certain", ends=ErrandState.FAILED, is_doubtful=True)
    running.site.refusals = {"one": [why]}
    await running.noted("one")
    await running.go()
    failed = await running.of("one")
    assert failed.is_doubtful
    async with running.storage.unit_of_work() as unit:
        await Errands(unit).again(1, failed.id)
        await unit.commit()
    await running.go()
    assert [("one", False), ("one", False)] == running.site.tried


async def test_what_does_not_pass_fails_in_the_end(running: Running) -> None:
    """So many tries, no more; being told to come later is none."""
    running.site.refusals = {
        "one": [NotDone("in_haste", counts=False), *(NotDone("server", patience=3) for _ in range(9))]
    }
    await running.noted("one")
    await running.go(6, moving=10.0)
    assert [("one", ErrandState.FAILED, "server")] == running.told
    assert 4 == len(running.site.tried)


async def test_a_fault_of_ours_stops_nobody(running: Running) -> None:
    """It is tried again a few times, and then it failed; what is beside it is done."""
    running.site.refusals = {"one": [ValueError() for _ in range(9)]}
    await running.noted("one", "two")
    await running.go(5, moving=20.0)
    assert {("two", ErrandState.DONE, ""), ("one", ErrandState.FAILED, "fault")} == set(running.told)


async def test_a_portal_that_is_not_reached_keeps_its_errands(running: Running) -> None:
    """They wait, untried, and nobody else does."""
    running.site.rooms[PORTAL.key] = 0
    await running.noted("mine")
    await running.noted("others", portal_id=2)
    await running.go(2)
    assert ["others"] == [key for key, _ in running.site.tried]
    running.site.rooms[PORTAL.key] = 1
    await running.go()
    assert ErrandState.DONE is (await running.of("mine")).state


async def test_no_more_than_a_portal_can_take(running: Running) -> None:
    """What is under way counts."""
    running.site.rooms[PORTAL.key] = 2
    running.site.gate = asyncio.Event()
    await running.noted("one", "two", "three")
    await running.go()
    assert ["one", "two"] == [key for key, _ in running.site.tried]


async def test_who_is_stopped_leaves_doubt(running: Running) -> None:
    """A try that was cut off may have reached the portal: whoever has it next looks first (E64)."""
    running.site.gate = asyncio.Event()
    await running.noted("one")
    await running.go()
    running.site.gate.set()
    await running.go(1, moving=130.0)
    assert [("one", False), ("one", True)] == running.site.tried


@pytest.mark.parametrize(("fault", "is_at_once"), [(ValueError(), False), (Unavailable("Away."), True)])
async def test_an_end_whose_consequences_fail(running: Running, fault: Exception, is_at_once: bool) -> None:
    """It is stored all the same, so that nothing is done again, and told later; a database that is away is awaited."""
    running.faults += [fault] * 9
    await running.noted("one")
    await running.go()
    assert (ErrandState.DONE, 1) == ((await running.of("one")).state, len(running.site.tried))
    assert [("one", ErrandState.DONE, "")] * is_at_once == running.told
    jobs = [each.kind for each in await running.storage.jobs.claim(NOW, 5)]
    assert ([] if is_at_once else [ENDED]) == jobs
    if jobs:
        async with running.storage.unit_of_work() as unit:
            await Errands(unit).tell_end(1, (await running.of("one")).id)
            assert ["one"] == [each.errand.key for each in unit.events]  # type: ignore[attr-defined]
            await unit.commit()


def test_pauses_grow_up_to_an_hour() -> None:
    """One second, two, four, and no more than an hour."""
    assert [1, 2, 4, 3600] == [pause_after(each) for each in (1, 2, 3, 40)]
