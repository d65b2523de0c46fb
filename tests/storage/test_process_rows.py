"""Calls of our robot are stored once for a waiting step; a change that somebody else was faster with is a conflict."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.automation.errand import Errand, ErrandKind
from bot.domain.automation.native_task import NativeTask, TaskState
from bot.domain.automation.process import ROBOT, CallState, ProcessCall
from bot.domain.installation import Grant, Purpose, TokenPair
from bot.domain.portal import Portal
from bot.ports import Conflict
from storage import Database
from storage.engines.engine import Read, Write
from storage.parts import processes
from storage.sql import errands
from storage.sql import processes as sql
from tests.storage.given import KEY, NOW, Opener, given, person

DOCUMENT = ("crm", "CCrmDocumentDeal", "DEAL_7")
CALL = ProcessCall(
    50, 1, "step", "secret", ROBOT, "w1", DOCUMENT, {"template": "trip", "approvers": ["user_2"]}, True, NOW
)
OTHER = Portal(2, "other.example", "Other")
TASK = NativeTask(1, "10", 5, 10, {"name": "Счёт № 5"}, TaskState.OPEN, "", NOW)


async def _stored(storage: Database, *calls: ProcessCall) -> None:
    async with storage.unit_of_work() as unit:
        for each in calls:
            unit.process_calls.add(each)
        await unit.commit()


async def test_a_step_is_stored_once(storage: Database) -> None:
    """The same step again, in one unit or a later one, changes nothing; another portal's is another call."""
    await given(storage, person(10))
    await given(storage, person(20, portal=OTHER), portal=OTHER)
    elsewhere = replace(CALL, id=60, portal_id=2)
    await _stored(storage, CALL, replace(CALL, id=51, workflow="w2"), elsewhere)
    await _stored(storage, replace(CALL, id=52, state=CallState.OVER))
    calls = storage.unit_of_work().process_calls
    assert (CALL, elsewhere) == (await calls.by_key(1, "step"), await calls.by_key(2, "step"))
    assert (CALL, None) == (await calls.get(1, 50), await calls.get(2, 50))
    assert [CALL, elsewhere] == await storage.calls.waiting()
    assert [elsewhere] == await storage.calls.waiting(50)


async def test_a_call_goes_on(storage: Database) -> None:
    """What is noted is read in the same unit, by its request as well; of two who read one version one is too late."""
    await given(storage, person(10))
    await _stored(storage, CALL)
    first, second = storage.unit_of_work(), storage.unit_of_work()
    for unit in (first, second):
        assert CALL == await unit.process_calls.get(1, 50)
    until = NOW + timedelta(hours=1)
    asked = replace(CALL, state=CallState.ASKED, request_id=7, until=until, version=1)
    first.process_calls.put(asked)
    assert asked == await first.process_calls.get(1, 50)
    assert [asked] == await first.process_calls.of_request(1, 7)
    second.process_calls.put(replace(CALL, state=CallState.OVER, reason="over", version=1))
    await first.commit()
    with pytest.raises(Conflict):
        await second.commit()
    calls = storage.unit_of_work().process_calls
    assert ([asked], []) == (await calls.of_request(1, 7), await calls.of_request(2, 7))
    assert ([asked], [], []) == (await calls.asked(1), await calls.asked(1, 50), await storage.calls.waiting())
    assert [asked] == await storage.calls.asked()
    async with storage.unit_of_work() as unit:
        unit.process_calls.drop_of(1)
        await unit.commit()
    assert await storage.unit_of_work().process_calls.get(1, 50) is None


async def test_a_persons_tasks(storage: Database) -> None:
    """Tasks are kept by person and id; of two changes of one version the later is a conflict; all of them can go."""
    await given(storage, person(10), person(11))
    later = replace(TASK, task_id=6)
    async with storage.unit_of_work() as unit:
        unit.native_tasks.put(later)
        unit.native_tasks.put(TASK)
        unit.native_tasks.put(replace(TASK, account="11", employee_id=11))
        assert [TASK, later] == await unit.native_tasks.of(1, "10")
        await unit.commit()
    decided = replace(TASK, state=TaskState.DECIDED, said="yes", version=2)
    async with storage.unit_of_work() as unit:
        unit.native_tasks.put(decided)
        await unit.commit()
    late = storage.unit_of_work()
    late.native_tasks.put(replace(decided, said="no"))
    with pytest.raises(Conflict):
        await late.commit()
    tasks = storage.unit_of_work().native_tasks
    assert (decided, None) == (await tasks.get(1, "10", 5), await tasks.get(1, "10", 7))
    async with storage.unit_of_work() as unit:
        unit.native_tasks.drop_of(1, "10")
        await unit.commit()
    tasks = storage.unit_of_work().native_tasks
    assert ([], 1) == (await tasks.of(1, "10"), len(await tasks.of(1, "11")))


def test_a_call_hides_its_token() -> None:
    """What answers a process stands in no log."""
    assert "secret" not in repr(CALL)


async def test_whose_tasks_are_shown(storage: Database) -> None:
    """Only those who let us, on every portal, and whose access was not lost."""
    await given(storage, person(10))
    await given(storage, person(20, portal=OTHER), portal=OTHER)
    pair = TokenPair("a", "b", NOW)
    both, installer = frozenset({Purpose.INSTALLER, Purpose.TASKS}), frozenset({Purpose.INSTALLER})
    async with storage.unit_of_work() as unit:
        theirs = ((1, "10", both), (1, "11", installer), (2, "10", frozenset({Purpose.TASKS})))
        for portal_id, account, purposes in theirs:
            unit.installations.keep(Grant(portal_id, account, purposes, pair, NOW))
        await unit.commit()
    assert [("portal.example", 1, "10"), ("other.example", 2, "10")] == await storage.grants.accounts(Purpose.TASKS)
    (kept,) = await storage.grants.of(2)
    await storage.grants.lose(kept)
    assert [("portal.example", 1, "10")] == await storage.grants.accounts(Purpose.TASKS)


async def test_a_token_is_sealed(storage: Database) -> None:
    """Whoever reads the database cannot answer a process: neither the call nor the waiting answer shows the token."""
    await given(storage, person(10))
    await _stored(storage, CALL)
    answer = Errand(70, 1, ErrandKind.PROCESS_ANSWER, {"call": 50, "token": "secret"}, "process:50", "request:7", NOW)
    async with storage.unit_of_work() as unit:
        unit.errands.add(answer)
        await unit.commit()
    for statement, values in (
        (sql.CALL, {"portal_id": 1, "id": 50}),
        (errands.ERRAND, {"portal_id": 1, "errand_id": 70}),
    ):
        (rows,) = await storage._engine.read([Read(statement, values)])
        assert "secret" not in repr(rows)
    unit = storage.unit_of_work()
    assert (CALL, answer) == (await unit.process_calls.get(1, 50), await unit.errands.get(1, 70))
    [claimed] = await storage.errands.claim(1, 9, NOW)
    assert ([CALL], "secret") == (await storage.calls.waiting(), claimed.form["token"])


async def test_tokens_under_another_secret(opened: Opener) -> None:
    """A former secret still opens them, and they are sealed anew; with none that fits they are not there."""
    storage = await opened()
    await given(storage, person(10))
    await _stored(storage, CALL)
    answer = Errand(70, 1, ErrandKind.PROCESS_ANSWER, {"call": 50, "token": "secret"}, "process:50", "request:7", NOW)
    async with storage.unit_of_work() as unit:
        unit.errands.add(answer)
        await unit.commit()

    async def tokens(secret_key: str) -> list[str]:
        there = await opened(secret_key=secret_key)
        resealed[secret_key] = await there.vault.reseal()
        unit = there.unit_of_work()
        call, errand = await unit.process_calls.get(1, 50), await unit.errands.get(1, 70)
        assert call is not None
        assert errand is not None
        return [call.token, errand.form["token"]]

    resealed: dict[str, int] = {}
    new = "N" * 40
    assert ["", ""] == await tokens(new)
    assert ["secret", "secret"] == await tokens(f"{new}, {KEY}")
    assert ["secret", "secret"] == await tokens(new)
    assert {new: 0, f"{new}, {KEY}": 2} == resealed


async def test_tokens_of_before(storage: Database) -> None:
    """What was stored in clear is read as it is."""
    await given(storage, person(10))
    await storage._engine.write([Write(sql.ADD_CALL, processes.CALL.values(CALL))])
    assert CALL == await storage.unit_of_work().process_calls.get(1, 50)
