"""The process is killed between each pair of steps: nothing acknowledged is lost, nothing is said twice knowingly."""

import asyncio
import contextlib
import hashlib
import multiprocessing
import shutil
import sqlite3
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.approvals.request import ApprovalRequest, RequestState
from bot.domain.approvals.routed import is_whole
from bot.domain.workday.punch_log import PunchKind, WorkSession, derive, live
from bot.ports import Log
from bot.services.reminding.timers import Timer
from storage import Database, open_storage
from tests.carrying import PICTURE, WORDS
from tests.crash.driver import ANNA, DIED, KEY, MONDAY, OLGA, PORTAL, TUESDAY, die, lines_of, play, prepare, url_of

TURN = (
    "received",
    "stored",
    "acknowledged",
    "claimed",
    "loaded",
    "handled",
    "half written",
    "committed",
    "to be sent",
    "about to be sent",
    "sent",
    "noted as sent",
)
JOB = ("job claimed", "handled", "half written", "committed", "to be sent", "about to be sent", "sent", "noted as sent")
TURN_STEPS = [f"turn:{step}" for step in TURN]
DECISION_STEPS = [*TURN_STEPS, *(f"job:{step}" for step in JOB)]
BLOCKED_STEPS = [
    *(f"blocked:{step}" for step in ("refused", "handled", "committed", "noted as failed")),
    *(f"job:{step}" for step in JOB),
]
FAR = TUESDAY + timedelta(days=365)
"""Long after everything but the timers of a person's own day."""
_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(["tests.crash.driver"])


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Folders in which the scenes begin: the morning, the noon, a correction written, and one that waits."""
    folders = {}
    for name, acts in (
        ("morning", ()),
        ("noon", ("came",)),
        ("written", ("came", "asks")),
        ("waits", ("came", "asks", "sends")),
        ("on a route", ("wishes", "begins")),
    ):
        folders[name] = tmp_path_factory.mktemp(name)
        asyncio.run(prepare(folders[name], *acts))
    folders["planned"] = tmp_path_factory.mktemp("planned")
    asyncio.run(prepare(folders["planned"], planned=True))
    return folders


async def killed(folder: Path, begins: Path, act: str, step: str) -> list[dict[str, Any]]:
    """Kill one process at the step, let another go on, and return what the messenger was told from then on."""
    shutil.copytree(begins, folder, dirs_exist_ok=True)
    before = len(lines_of(folder / "chat.jsonl"))
    process = _PROCESSES.Process(target=die, args=(str(folder), act, step))
    process.start()
    await asyncio.to_thread(process.join, 30)
    assert DIED == process.exitcode, f"never came to {step}"
    await play(folder, act)
    return [line for line in lines_of(folder / "chat.jsonl")[before:] if "text" in line]


def assert_said_once(told: list[dict[str, Any]], step: str) -> None:
    """Each message was sent once; twice only where nobody can know, between sending it and noting that."""
    # When a refusal arrives, the answer to the person who asked may just have been sent and not be noted yet.
    is_unknowable = step.endswith((":sent", ":refused"))
    # A message whose sending was not noted is sent again under its own number; nothing may be said under two.
    times = Counter(line["outgoing"] for line in told)
    assert [] == [number for number, count in times.items() if count > (2 if is_unknowable else 1)]
    assert sum(times.values()) - len(times) <= (1 if is_unknowable else 0)
    words = Counter((line["to"], line["text"], str(line["buttons"]), line["outgoing"]) for line in told)
    alike = Counter((to, text, buttons) for to, text, buttons, _ in words)
    assert [] == [each for each, count in alike.items() if count > 1]


async def state(folder: Path) -> tuple[Log, list[WorkSession], list[ApprovalRequest], dict[str, int]]:
    """Return Anna's log, her stored sessions, the requests, and what the queues still hold."""
    storage: Database = await open_storage(url_of(folder), secret_key=KEY)
    await storage.start()
    try:
        async with storage.unit_of_work() as uow:
            anna = await uow.employees.get(PORTAL.id, ANNA.id)
            assert anna is not None
            log = await uow.punches.log(anna, MONDAY - timedelta(days=1))
            sessions = list(await uow.punches.sessions(anna, MONDAY.date(), TUESDAY.date()))
            requests = list(await uow.requests.of_portal(PORTAL.id, 10))
        backlog = await storage.backlog()
        left = {
            "inbox": backlog.inbox,
            "outbox": backlog.outbox,
            "failed": backlog.inbox_failed + backlog.outbox_failed,
            "jobs": len([each for each in await storage.jobs.claim(FAR, 50) if each.kind not in set(Timer)]),
        }
    finally:
        await storage.close()
    assert derive(log.punches) == sessions
    return log, sessions, requests, left


NOTHING_LEFT = {"inbox": 0, "outbox": 0, "failed": 0, "jobs": 0}


@pytest.mark.parametrize("step", TURN_STEPS)
async def test_check_in(prepared: dict[str, Path], tmp_path: Path, step: str) -> None:
    """A check-in counts once and is answered, wherever the process died."""
    told = await killed(tmp_path, prepared["morning"], "came", step)
    assert_said_once(told, step)
    assert {"🟢 На работе с 09:00"} == {line["text"] for line in told}
    log, [session], _, left = await state(tmp_path)
    assert [PunchKind.IN] == [punch.kind for punch in log.punches]
    assert [MONDAY, None] == [session.started_at, session.ended_at]
    assert left == NOTHING_LEFT


@pytest.mark.parametrize("step", TURN_STEPS)
async def test_picture(prepared: dict[str, Path], tmp_path: Path, step: str) -> None:
    """A picture arrives with its words, every byte of it, wherever the process died; nothing of it is left behind."""
    told = await killed(tmp_path, prepared["morning"], "asks for a picture", step)
    assert_said_once(told, step)
    assert {(WORDS, hashlib.sha256(PICTURE.content).hexdigest())} == {(line["text"], line["file"]) for line in told}
    *_, left = await state(tmp_path)
    assert NOTHING_LEFT == left
    with contextlib.closing(sqlite3.connect(tmp_path / "crash.db")) as database:
        assert (0,) == database.execute("SELECT count(*) FROM attachment").fetchone()


@pytest.mark.parametrize("step", TURN_STEPS)
async def test_break(prepared: dict[str, Path], tmp_path: Path, step: str) -> None:
    """A break inside a running session counts once; the former card loses its buttons."""
    told = await killed(tmp_path, prepared["noon"], "lunch", step)
    assert_said_once(told, step)
    assert "☕ Перерыв с 13:00\nОтработано 4 ч" in [line["text"] for line in told]
    log, [session], _, left = await state(tmp_path)
    assert [PunchKind.IN, PunchKind.BREAK_START] == [punch.kind for punch in log.punches]
    assert [MONDAY + timedelta(hours=4)] == [each.started_at for each in session.breaks]
    assert left == NOTHING_LEFT
    shown = {line["message"]: line["buttons"] for line in lines_of(tmp_path / "chat.jsonl") if "text" in line}
    assert 1 == len([buttons for buttons in shown.values() if buttons]) or step.endswith(":sent")


@pytest.mark.parametrize("step", TURN_STEPS)
async def test_request_sent(prepared: dict[str, Path], tmp_path: Path, step: str) -> None:
    """A request is made once, and its lead is asked once."""
    told = await killed(tmp_path, prepared["written"], "sends", step)
    assert_said_once(told, step)
    asked = {line["outgoing"] for line in told if line["to"] == "20"}
    assert 1 == len(asked)
    _, [session], [request], left = await state(tmp_path)
    assert session.is_auto
    assert RequestState.PENDING is request.state
    assert left == NOTHING_LEFT


@pytest.mark.parametrize("step", [f"job:{step}" for step in JOB])
async def test_reminder(prepared: dict[str, Path], tmp_path: Path, step: str) -> None:
    """Somebody who has not come is asked once, wherever the process died, and the next look is there (case 28)."""
    told = await killed(tmp_path, prepared["planned"], "comes for the shift", step)
    assert_said_once(told, step)
    assert {"⏰ Уже 09:10, прихода пока нет. Вы на работе?"} == {line["text"] for line in told if line["to"] == "10"}
    storage = await open_storage(url_of(tmp_path), secret_key=KEY)
    await storage.start()
    assert await storage.jobs.next_due() == MONDAY + timedelta(hours=9, minutes=15)
    await storage.close()


@pytest.mark.parametrize("step", DECISION_STEPS)
async def test_decision(prepared: dict[str, Path], tmp_path: Path, step: str) -> None:
    """A decision has one outcome and its effect once; both are told once, wherever the process died."""
    told = await killed(tmp_path, prepared["waits"], "approves", step)
    assert_said_once(told, step)
    log, [session], [request], left = await state(tmp_path)
    assert MONDAY + timedelta(hours=9, minutes=30) == session.ended_at
    assert [PunchKind.IN, PunchKind.OUT] == [punch.kind for punch in live(log.punches)]
    assert [RequestState.APPROVED, 2] == [request.state, request.version]
    assert request.settled_at is not None
    assert 1 == len([each for each in request.ballots if each.undone_at is None])
    assert ["asked", "approved", "settled"] == [each.what for each in request.events]
    assert left == NOTHING_LEFT
    outcome = [line for line in told if line["to"] == "10" and "Согласовано" in line["text"] and not line["is_edit"]]
    assert 1 == len({line["outgoing"] for line in outcome})
    chat = [line for line in lines_of(tmp_path / "chat.jsonl") if "text" in line]
    shown = {(line["to"], line["message"]): line["buttons"] for line in chat}
    assert [] == [buttons for buttons in shown.values() if any("Согласовать" in label for label in buttons)]


@pytest.mark.parametrize("step", BLOCKED_STEPS)
async def test_unreachable_lead(prepared: dict[str, Path], tmp_path: Path, step: str) -> None:
    """A lead who has blocked the bot is passed over, once, wherever the process died (E27, E28)."""
    told = await killed(tmp_path, prepared["written"], "asks in vain", step)
    assert_said_once(told, step)
    _, _, [request], left = await state(tmp_path)
    assert [RequestState.PENDING, (OLGA.id,)] == [request.state, request.holders]
    assert 1 == len({line["outgoing"] for line in told if line["to"] == "30" and line["buttons"]})
    assert {**NOTHING_LEFT, "failed": 1} == left


async def test_every_step_is_there(prepared: dict[str, Path], tmp_path: Path) -> None:
    """The steps at which the process is killed are all the steps that a turn and a decision have."""
    shutil.copytree(prepared["waits"], tmp_path, dirs_exist_ok=True)
    passed = await play(tmp_path, "approves")
    assert set(DECISION_STEPS) == set(passed)


@pytest.mark.parametrize("step", DECISION_STEPS)
async def test_answer_on_a_route(prepared: dict[str, Path], tmp_path: Path, step: str) -> None:
    """A request on a route ends once, and its end is told once, wherever the process died (E64)."""
    told = await killed(tmp_path, prepared["on a route"], "answers", step)
    assert_said_once(told, step)
    storage = await open_storage(url_of(tmp_path), secret_key=KEY)
    await storage.start()
    [request] = await storage.unit_of_work().routed.of_portal(PORTAL.id, 10)
    backlog = await storage.backlog()
    assert (0, 0) == (backlog.inbox, backlog.outbox)
    assert [] == [each.kind for each in await storage.jobs.claim(FAR, 50) if each.kind not in set(Timer)]
    await storage.close()
    assert request.state == "approved"
    assert ["start", "stage head", "asked head", "approve", "ended approved"] == [each.what for each in request.record]
    assert is_whole(request)
    outcome = [line for line in told if line["to"] == "10" and "Согласовано" in line["text"] and not line["is_edit"]]
    assert 1 == len({line["outgoing"] for line in outcome})
