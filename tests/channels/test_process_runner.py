"""The runner of process calls: whoever does not answer keeps nobody else waiting."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any, Self, cast

from bot.clock import MovableClock
from bot.domain.automation.process import CallState, ProcessCall
from bot.ports import Storage
from bot.process_runner import HELD, ProcessRunner
from tests.storage.given import NOW


class Ground:
    """Two portals, one of them silent, and what the runner does there."""

    def __init__(self) -> None:
        """Let a process run on each, whose request is open."""
        self.new: list[ProcessCall] = []
        self.asked_calls = [call(1, 1, CallState.ASKED), call(2, 2, CallState.ASKED)]
        self.begun: list[int] = []
        self.over: list[tuple[int, Sequence[int]]] = []
        self.silence = asyncio.Event()
        """Ends when it is set."""
        self.asked: list[str] = []
        self.clock = MovableClock(NOW)
        self.called = asyncio.Event()

    async def waiting(self, after: int) -> Sequence[ProcessCall]:
        """Return calls that are new."""
        return [each for each in self.new if each.id > after and each.id not in self.begun]

    async def asked_of(self, after: int) -> Sequence[ProcessCall]:
        """Return calls whose requests run."""
        return [each for each in self.asked_calls if each.id > after]

    async def begin(self, call: ProcessCall, document: object) -> None:
        """Take it up."""
        del document
        self.begun.append(call.id)

    async def not_running(self, portal_id: int, calls: Sequence[int]) -> None:
        """Note it."""
        self.over.append((portal_id, calls))

    async def running_processes(self, realm: str, wanted: Sequence[str]) -> set[str] | None:
        """Say that none runs; the first portal says nothing."""
        del wanted
        self.asked.append(realm)
        if realm == "1":
            await self.silence.wait()
        return set()

    def runner(self, patience: float) -> ProcessRunner:
        """Return a runner."""

        async def at_start() -> None:
            pass

        storage = SimpleNamespace(calls=SimpleNamespace(waiting=self.waiting, asked=self.asked_of), unit_of_work=_Unit)
        return ProcessRunner(
            cast("Storage", storage), self.clock, self.begin, self.not_running,
            at_start=at_start, look_up=None, portals=cast("Any", self), called=self.called, patience=patience,
        )  # fmt: skip


class _Unit:
    def __init__(self) -> None:
        self.portals = self

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        pass

    async def get(self, portal_id: int) -> object:
        return SimpleNamespace(key=str(portal_id))


def call(number: int, portal_id: int, state: CallState, at: datetime = NOW) -> ProcessCall:
    """Return a call of a process."""
    document = ("lists", "Element", "1")
    return ProcessCall(
        number, portal_id, str(number), "", "robot", f"run{number}", document, {}, waits=True, called_at=at, state=state
    )


async def until(condition: Any) -> None:
    """Wait for something."""
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.005)


async def test_a_silent_portal_holds_up_no_call() -> None:
    """Calls are taken up while processes are looked for."""
    ground = Ground()
    task = asyncio.create_task(ground.runner(60.0).run())
    await until(lambda: "1" in ground.asked)
    ground.new.append(call(9, 2, CallState.WAITING))
    ground.called.set()
    await until(lambda: ground.begun == [9])
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_silent_portal_hides_no_other() -> None:
    """Each is given so long: what is over elsewhere is noted by the second look, of the silent one nothing is."""
    ground = Ground()
    runner = ground.runner(0.05)
    for _ in range(2):
        await runner.look_around()
        ground.clock.move_to(ground.clock.now() + timedelta(minutes=15))
    assert [(2, [2])] == ground.over


async def test_a_portal_with_very_many_calls() -> None:
    """All are taken up, in their order, though few at a time are held."""
    ground = Ground()
    ground.new = [call(number, 1, CallState.WAITING) for number in range(1, 2 * HELD + 21)]
    ground.new.append(call(999, 2, CallState.WAITING))
    task = asyncio.create_task(ground.runner(60.0).run())
    await until(lambda: len(ground.begun) == 2 * HELD + 21)
    assert sorted(ground.begun) == sorted({*range(1, 2 * HELD + 21), 999})
    assert [each for each in ground.begun if each != 999] == [*range(1, 2 * HELD + 21)]
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
