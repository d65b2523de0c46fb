"""What each of the racing processes does: read everything, wait for the other at the line, and write."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog

from bot.dispatch.dispatcher import Dispatcher
from bot.dispatch.router import RouteTable
from bot.dispatch.undertaking import Undertaking
from bot.domain.approvals.event import Do
from bot.domain.approvals.request import AlreadyDecided
from bot.domain.approvals.routed import RoutedRequest
from bot.domain.approvals.rule import Verdict
from bot.domain.errors import AlreadyIn
from bot.domain.workday.moment import Moment
from bot.messages import Incoming, IncomingKind, Sender
from bot.messengers import FACTS
from bot.ports import Conflict, UnitOfWork
from bot.services.approvals.approvals import Approvals
from bot.services.approvals.courses import Courses
from bot.services.approvals.seals import Seals
from bot.services.messengers import Messengers
from bot.services.wiring import House
from bot.services.workday.time_clock import TimeClock
from handlers import router
from storage import open_storage

KEY = "a secret key of at least 32 characters"
NOW = datetime(2026, 7, 14, 6, 0, tzinfo=UTC)
ATTEMPTS = 5


@dataclass(frozen=True)
class Runner:
    """One of two processes: which database, in whose name, and the line at which they wait for each other."""

    url: str
    name: str
    line: Any
    results: Any


@dataclass(frozen=True)
class Told:
    """What one decider was told about one request."""

    request_id: int
    decider_id: int
    won: bool
    winner_id: int
    conflicts: int


def run(runner: Runner, race: str, heats: Sequence[Sequence[int]], who: int) -> None:
    """Run a race in a process of its own and hand the results back."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    races = {"decide": decide_all, "answer": answer_all, "check in": check_in_all, "write": write_all}
    runner.results.put((runner.name, asyncio.run(_run(runner, races[race], heats, who))))


async def _run(runner: Runner, race: Any, heats: Sequence[Sequence[int]], who: int) -> list[Any]:
    storage = await open_storage(runner.url, secret_key=KEY, worker=runner.name)
    await storage.start()
    try:
        return [each for heat in heats for each in await race(runner, storage, heat, who)]
    finally:
        await storage.close()


async def _at_the_line(runner: Runner) -> None:
    await asyncio.to_thread(runner.line.wait, 30)


async def decide_all(runner: Runner, storage: Any, heat: Sequence[int], who: int) -> list[Told]:
    """Decide each request of a heat: both processes have read it as open before either writes."""
    begun = []
    for request_id in heat:
        uow = storage.unit_of_work()
        approvals = Approvals(uow)
        begun.append((request_id, uow, approvals, await approvals.get(1, request_id)))
    await _at_the_line(runner)
    return await asyncio.gather(*(_decide(storage, *each, who) for each in begun))


async def _decide(storage: Any, request_id: int, uow: UnitOfWork, approvals: Approvals, request: Any, who: int) -> Told:
    verdict = Verdict.APPROVED if who % 2 else Verdict.REJECTED
    for attempt in range(ATTEMPTS):
        try:
            async with uow:
                person = await uow.employees.get(1, who)
                assert person is not None
                await approvals.decide(request, person, verdict, NOW, "no" if verdict is Verdict.REJECTED else "")
                await uow.commit()
        except Conflict:
            uow = storage.unit_of_work()
            approvals = Approvals(uow)
            request = await approvals.get(1, request_id)
        except AlreadyDecided as refusal:
            ballot = refusal.request.ballot
            return Told(request_id, who, won=False, winner_id=ballot.by_id if ballot else 0, conflicts=attempt)
        else:
            return Told(request_id, who, won=True, winner_id=who, conflicts=attempt)
    raise AssertionError("no end of conflicts")


async def answer_all(runner: Runner, storage: Any, heat: Sequence[int], who: int) -> list[Told]:
    """Answer each request on a route of a heat: both processes have read it as open before either writes."""
    begun = []
    for request_id in heat:
        uow = storage.unit_of_work()
        begun.append((request_id, uow, await Courses(uow).get(1, request_id)))
    await _at_the_line(runner)
    return await asyncio.gather(*(_answer(storage, *each, who) for each in begun))


async def _answer(storage: Any, request_id: int, uow: UnitOfWork, request: RoutedRequest, who: int) -> Told:
    do: Do = "approve" if who % 2 else "reject"
    for attempt in range(ATTEMPTS):
        try:
            async with uow:
                person = await uow.employees.get(1, who)
                assert person is not None
                mark = request.seats[who % 2]
                done = await Courses(uow).do(request, do, person, NOW, mark=mark, reason="no", at="telegram")
                await uow.commit()
        except Conflict:
            uow = storage.unit_of_work()
            request = await Courses(uow).get(1, request_id)
        else:
            racers = {31, 32}  # two tracks have approved before
            answered = [
                each for each in done.request.record if each.what in {"approve", "reject"} and each.actor_id in racers
            ]
            won = not done.refusal
            return Told(request_id, who, won=won, winner_id=answered[0].actor_id or 0, conflicts=attempt)
    raise AssertionError("no end of conflicts")


async def check_in_all(runner: Runner, storage: Any, heat: Sequence[int], who: int) -> list[tuple[int, bool]]:
    """Check everybody of a heat in: both processes have read them as away before either writes."""
    begun = []
    for employee_id in heat:
        uow = storage.unit_of_work()
        person = await uow.employees.get(1, employee_id)
        assert person is not None
        await uow.punches.log(person, NOW - timedelta(days=2))
        begun.append((employee_id, uow))
    await _at_the_line(runner)
    return await asyncio.gather(*(_check_in(storage, employee_id, uow, runner.name) for employee_id, uow in begun))


async def _check_in(storage: Any, employee_id: int, uow: UnitOfWork, name: str) -> tuple[int, bool]:
    moment = Moment(NOW, NOW, "Europe/Moscow", source=name, event=f"{name}:{employee_id}", actor_id=employee_id)
    for _ in range(ATTEMPTS):
        try:
            async with uow:
                person = await uow.employees.get(1, employee_id)
                assert person is not None
                await TimeClock(uow).check_in(person, moment)
                await uow.commit()
        except Conflict:
            uow = storage.unit_of_work()
        except AlreadyIn:
            return employee_id, False
        else:
            return employee_id, True
    raise AssertionError("no end of conflicts")


async def write_all(runner: Runner, storage: Any, heat: Sequence[int], who: int) -> list[str]:
    """Everybody of the heat writes “in” through this process, which handles whatever it can claim."""
    del who
    dispatcher = Dispatcher(Undertaking(RouteTable(router), House(storage, Messengers(FACTS), Seals(KEY))))
    incomings = [
        Incoming(
            runner.name,
            "",
            f"e{each}",
            IncomingKind.TEXT,
            Sender(str(each), "Somebody"),
            str(each),
            NOW,
            "in",
            sent_at=NOW,
        )
        for each in heat
    ]
    await dispatcher.receive(incomings)
    await _at_the_line(runner)
    running = asyncio.create_task(dispatcher.run())
    async with asyncio.timeout(30):
        while (await storage.backlog()).inbox:
            await asyncio.sleep(0.01)
    await _at_the_line(runner)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    return []
