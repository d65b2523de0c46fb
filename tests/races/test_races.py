"""Two processes on one database at the same instant: exactly one outcome, one ballot, one open session."""

import asyncio
import json
import multiprocessing
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from bot.domain.approvals.matter import LeaveMatter
from bot.domain.approvals.request import ApprovalRequest, RequestState
from bot.domain.approvals.routed import is_whole
from bot.domain.approvals.template import TemplateState, TemplateVersion
from bot.domain.leave.absence import AbsenceKind
from bot.domain.leave.wish import LeaveWish
from bot.domain.people.employee import Employee, Identity, Role
from bot.domain.people.group import Group
from bot.domain.portal import Portal
from bot.domain.workday.punch_log import IDLE, PunchKind, derive
from bot.ids import new_id
from bot.messages import Receipt
from bot.services.approvals.approvals import Approvals
from bot.services.approvals.courses import Courses
from storage import Database, open_storage
from tests.dialogs.routes import stage, template
from tests.postgres import Server, started
from tests.races.contest import KEY, NOW, Runner, Told, run
from tests.series import series

RACES = series(100)
HEAT = 20
ROUTED = series(10)
"""So many requests are raced for; `make series` has ten times as many, `make races` a thousand on routes."""
PEOPLE = 200
ODD_ADMIN, EVEN_ADMIN, ASKER, LAWYER, GUARD = 31, 32, 10, 41, 42
_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(["tests.races.contest"])


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """The PostgreSQL server of these tests."""
    with started() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgres"])
async def url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """The address of a new, empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'races.db'}"
        return
    server: Server = request.getfixturevalue("server")
    name = f"races_{new_id()}"
    connection = await asyncpg.connect(server.dsn)
    await connection.execute(f"CREATE DATABASE {name}")
    yield server.address(name)
    await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await connection.close()


@pytest.fixture
async def storage(url: str) -> AsyncIterator[Database]:
    """A storage with a portal in which two administrators decide, for nobody has a lead."""
    opened = await open_storage(url, secret_key=KEY, worker="the test")
    await opened.start()
    async with opened.unit_of_work() as uow:
        uow.portals.add(Portal(1, "portal.example", "Ромашка"))
        for number, role in ((ODD_ADMIN, Role.ADMIN), (EVEN_ADMIN, Role.ADMIN), (ASKER, Role.EMPLOYEE)):
            uow.employees.add(person(number, role))
        await uow.commit()
    yield opened
    await opened.close()


def person(number: int, role: Role = Role.EMPLOYEE) -> Employee:
    """Return somebody with an account on both channels."""
    account = str(number)
    identities = (Identity("bitrix24", "", account, account), Identity("telegram", "", account, account))
    return Employee(number, 1, f"Person {number}", role=role, zone="Europe/Moscow", identities=identities)


def heats(numbers: Sequence[int], size: int) -> list[Sequence[int]]:
    """Divide what is raced for into heats."""
    return [numbers[at : at + size] for at in range(0, len(numbers), size)]


async def raced(
    url: str, race: str, numbers: Sequence[int], who: tuple[int, int] = (0, 0), size: int = HEAT
) -> dict[str, list[Any]]:
    """Run two processes against each other and return what each was told."""
    line, results = _PROCESSES.Barrier(2), _PROCESSES.Queue()
    names = ("bitrix24", "telegram")
    processes = [
        _PROCESSES.Process(
            target=run, args=(Runner(url, name, line, results), race, heats(numbers, size), each), daemon=True
        )
        for name, each in zip(names, who, strict=True)
    ]
    for each in processes:
        each.start()
    told = dict([await asyncio.to_thread(results.get, True, 90 + len(numbers) / 10) for _ in processes])
    for each in processes:
        await asyncio.to_thread(each.join, 30)
    results.close()
    results.join_thread()
    assert [0, 0] == [each.exitcode for each in processes]
    return told


async def asked(storage: Database) -> list[int]:
    """Ask for leave many times, each for another day, and return the requests."""
    ids = [new_id() for _ in range(RACES)]
    unit: Any = storage.unit_of_work()
    async with unit as uow:
        asker = await uow.employees.get(1, ASKER)
        assert asker is not None
        for number, each in enumerate(ids):
            day = (NOW + timedelta(days=number)).date()
            matter = LeaveMatter(LeaveWish(AbsenceKind.DAY_OFF, day, day))
            made = await Approvals(uow).ask(matter, asker, NOW, request_id=each)
            assert {ODD_ADMIN, EVEN_ADMIN} == set(made.request.holders)
        await uow.commit()
    return ids


async def test_two_deciders(storage: Database, url: str) -> None:
    """Of two holders of one seat exactly one decides; the other is told who it was (E02, I1, I2, I11)."""
    ids = await asked(storage)
    told: dict[str, list[Told]] = await raced(url, "decide", ids, (ODD_ADMIN, EVEN_ADMIN))
    by_request: dict[int, list[Told]] = {}
    for each in (*told["bitrix24"], *told["telegram"]):
        by_request.setdefault(each.request_id, []).append(each)
    assert set(ids) == set(by_request)
    # Both had read every request as open: each race was a real one.
    assert RACES == sum(each.conflicts for pair in by_request.values() for each in pair)
    async with storage.unit_of_work() as uow:
        for request_id, pair in by_request.items():
            request = await uow.requests.get(1, request_id)
            assert request is not None
            [winner] = [each.decider_id for each in pair if each.won]
            assert {winner} == {each.winner_id for each in pair}
            [ballot] = request.ballots
            assert [winner, 1] == [ballot.by_id, request.version]
            wanted = RequestState.APPROVED if winner == ODD_ADMIN else RequestState.REJECTED
            assert wanted is request.state
            assert ["asked", wanted.value] == [each.what for each in request.events]
            assert chained(request)
    due = NOW + timedelta(seconds=30)
    assert due == await storage.jobs.next_due()
    jobs = []
    while claimed := await storage.jobs.claim(due, 500):
        jobs += [each.key for each in claimed]
    assert sorted(jobs) == sorted(str(each) for each in ids)


async def on_routes(storage: Database, count: int) -> list[int]:
    """Begin so many requests on a stage of three tracks, each with another field; two tracks have approved.

    In the third the first answer decides, and with it the stage and the request.
    """
    tracks = [
        {"id": name, "approvers": [{"by": "group", "name": name}], "rule": {"type": rule}}
        for name, rule in (("fin", "first"), ("law", "any"), ("safe", "any"))
    ]
    form = template(stage("one", [], tracks=tracks))
    async with storage.unit_of_work() as uow:
        for name, members in {"fin": (EVEN_ADMIN, ODD_ADMIN), "law": (LAWYER,), "safe": (GUARD,)}.items():
            uow.groups.put(Group(1, name, name, members))
        for each in (LAWYER, GUARD):
            uow.employees.add(person(each, Role.LEAD))
        document = json.dumps(form, ensure_ascii=False)
        uow.templates.add(TemplateVersion(1, "trip", 1, document, TemplateState.ON, NOW))
        await uow.commit()
    ids: list[int] = []
    for begun in range(0, count, 100):
        ids += await _hundred_on_routes(storage, range(begun, min(begun + 100, count)))
    return ids


async def _hundred_on_routes(storage: Database, numbers: Sequence[int]) -> list[int]:
    portal = Portal(1, "portal.example", "Ромашка")
    ids = []
    async with storage.unit_of_work() as uow:
        asker, lawyer, guard = [await uow.employees.get(1, each) for each in (ASKER, LAWYER, GUARD)]
        assert asker is not None and lawyer is not None and guard is not None  # noqa: PT018
        courses = Courses(uow)
        for number in numbers:
            fields = {"where": f"Город {number}"}
            request = (await courses.start(portal, ("trip", 1), asker, fields, NOW, "telegram")).request
            for each in (lawyer, guard):
                done = await courses.do(request, "approve", each, NOW, mark=request.seat_of(each.id), at="telegram")
                request = done.request
            assert {ODD_ADMIN, EVEN_ADMIN} == set(request.holders)
            ids.append(request.id)
        await uow.commit()
    return ids


async def test_two_answers_at_once_on_a_route(storage: Database, url: str) -> None:
    """Of two first answers one counts; the other is told so; the record holds together, and one outcome is in it."""
    ids = await on_routes(storage, ROUTED)
    told = await raced(url, "answer", ids, (ODD_ADMIN, EVEN_ADMIN), size=10)
    won = {each.request_id: each.winner_id for results in told.values() for each in results if each.won}
    assert set(ids) == set(won)
    assert sum(each.won for results in told.values() for each in results) == ROUTED
    assert all(each.winner_id == won[each.request_id] for results in told.values() for each in results)
    unit = storage.unit_of_work()
    for each in ids:
        request = await unit.routed.get(1, each)
        assert request is not None
        wanted = "approved" if won[each] == ODD_ADMIN else "rejected"
        assert wanted == request.state
        assert 1 == len([line for line in request.record if line.what == f"ended {wanted}"])
        assert 1 == len([line for line in request.record if line.what.startswith("refused")])
        assert is_whole(request)
    assert await storage.jobs.next_due() is None


def chained(request: ApprovalRequest) -> bool:
    """Whether each line of the record carries the hash over itself and the line before (I10)."""
    again = replace(request, events=())
    for line in request.events:
        again = again.recorded(line.what, line.actor_id, line.at)
    return again.events == request.events


async def hired(storage: Database) -> list[int]:
    """Employ many people and return their ids."""
    ids = list(range(1000, 1000 + PEOPLE))
    async with storage.unit_of_work() as uow:
        for each in ids:
            uow.employees.add(person(each))
        await uow.commit()
    return ids


async def assert_in_once(storage: Database, ids: Sequence[int], came: int) -> None:
    """Each has one open session and as many check-ins in the log as counted."""
    async with storage.unit_of_work() as uow:
        for each in ids:
            employee = await uow.employees.get(1, each)
            assert employee is not None
            log = await uow.punches.log(employee, NOW - timedelta(days=2))
            [session] = await uow.punches.sessions(employee, NOW.date(), NOW.date())
            assert session.is_open
            counted = [each for each in log.punches if each.kind is PunchKind.IN and each.mark != IDLE]
            assert came == len(counted)
            assert [session] == derive(log.punches)


async def test_check_in_twice_at_once(storage: Database, url: str) -> None:
    """A person who checks in twice at one instant is in once; the other press is told so (case 14)."""
    ids = await hired(storage)
    told = await raced(url, "check in", ids)
    won = {name: {each for each, is_in in results if is_in} for name, results in told.items()}
    assert set(ids) == won["bitrix24"] | won["telegram"]
    assert set() == won["bitrix24"] & won["telegram"]
    await assert_in_once(storage, ids, 1)


async def test_check_in_on_both_messengers_at_once(storage: Database, url: str) -> None:
    """The same through two dispatchers, each with a message of the person: one session, both answered."""
    ids = await hired(storage)
    await raced(url, "write", ids, size=PEOPLE)
    await assert_in_once(storage, ids, 1)
    backlog = await storage.backlog()
    assert [0, 0] == [backlog.inbox, backlog.inbox_failed]
    for channel in ("bitrix24", "telegram"):
        answered = set()
        while claimed := await storage.outbox.claim(channel, 500):
            answered |= {each.to.conversation for each in claimed if not each.say.only_if_shown}
            await storage.outbox.sent([(each, Receipt(str(each.id))) for each in claimed])
        assert {str(each) for each in ids} == answered
