"""A person's log: derivable windows, sessions replaced with what is derived, and guards against two writers."""

import asyncio
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from bot.domain.workday.punch_log import IDLE, PunchKind, WorkSession, derive
from bot.ids import new_id
from bot.messages import IncomingKind
from bot.ports import Conflict
from storage import Database
from storage.engines.engine import Engine
from tests.storage.given import NOW, AskWhy, Opener, given, incoming, person, punch, punched

IN, BREAK, BACK, OUT = PunchKind.IN, PunchKind.BREAK_START, PunchKind.BREAK_END, PunchKind.OUT


def at(hours: float, days: int = 0) -> datetime:
    """Return a time after (or before) NOW."""
    return NOW + timedelta(hours=hours, days=days)


async def test_read_back(storage: Database) -> None:
    """Punches and sessions are read as they were written."""
    await given(storage, person(10))
    log = [
        punch(IN),
        punch(BREAK, at(3)),
        punch(BACK, at(4)),
        punch(OUT, at(8)),
        punch(IN, at(9)),
        punch(BREAK, at(10)),
    ]
    sessions = await punched(storage, 1, 10, *log)
    unit = storage.unit_of_work()
    found = await unit.punches.log(person(10), at(-1))
    assert (tuple(log), tuple(sessions)) == (found.punches, found.sessions)


async def test_idle_marks_are_kept_and_count_for_nothing(storage: Database) -> None:
    """A mark that changed nothing when it arrived is in the log as it came, also one that takes back nothing yet."""
    await given(storage, person(10))
    idle = [replace(punch(kind, at(1), f"m{kind}"), mark=IDLE) for kind in (BACK, PunchKind.VOID)]
    log = [punch(IN), *idle, punch(OUT, at(8))]
    sessions = await punched(storage, 1, 10, *log)
    found = await storage.unit_of_work().punches.log(person(10), at(-1))
    assert (sorted(log, key=lambda each: (each.at, each.id)), sessions) == (list(found.punches), list(found.sessions))
    assert 1 == len(sessions)


async def test_window_begins_at_since(storage: Database) -> None:
    """Where no session was open, a window begins at `since` and holds nothing older."""
    await given(storage, person(10))
    await punched(storage, 1, 10, punch(IN, at(-30)), punch(OUT, at(-25)))
    await punched(storage, 1, 10, punch(IN))
    found = await storage.unit_of_work().punches.log(person(10), at(-10))
    assert (at(-10), [at(0)], 1) == (found.since, [each.at for each in found.punches], len(found.sessions))


@pytest.mark.parametrize("ended", [None, at(-5)])
async def test_window_begins_where_nothing_is_open(storage: Database, ended: datetime | None) -> None:
    """A session that was open at `since` belongs to the window as a whole, whether it ended or not."""
    await given(storage, person(10))
    await punched(storage, 1, 10, punch(IN, at(-90)), punch(OUT, at(-80)))
    ends = [punch(OUT, ended)] if ended else []
    await punched(storage, 1, 10, punch(IN, at(-72)), punch(BREAK, at(-70)), *ends)
    found = await storage.unit_of_work().punches.log(person(10), at(-10))
    assert (at(-72), derive(found.punches)) == (found.since, list(found.sessions))


async def test_voids_are_in_the_window(storage: Database) -> None:
    """A void stands at its own time and takes its punch out of what is derived."""
    await given(storage, person(10))
    first = punch(IN)
    await punched(storage, 1, 10, first)
    void = punch(PunchKind.VOID, at(0.05))
    void = type(void)(void.id, void.kind, void.at, void.recorded_at, void.zone, target=first.id)
    await punched(storage, 1, 10, void)
    found = await storage.unit_of_work().punches.log(person(10), at(-1))
    assert (len(found.punches), found.sessions) == (2, ())


async def test_sessions_of_dates(storage: Database) -> None:
    """Sessions are found by work date, both ends included, oldest first, and only this person's."""
    await given(storage, person(10), person(11))
    for day in range(4):
        await punched(storage, 1, 10, punch(IN, at(0, day)), punch(OUT, at(1, day)))
    await punched(storage, 1, 11, punch(IN, at(0, 1)))
    found = await storage.unit_of_work().punches.sessions(person(10), date(2026, 11, 21), date(2026, 11, 22))
    assert [date(2026, 11, 21), date(2026, 11, 22)] == [each.work_date for each in found]


async def test_one_open_session(opened: Opener) -> None:
    """The database itself refuses a second open session of one person, and accepts one of another."""
    one = await opened()
    await given(one, person(10), person(11))
    await punched(one, 1, 10, punch(IN))
    await punched(one, 1, 11, punch(IN))
    unit = one.unit_of_work()
    employee = await unit.employees.get(1, 10)
    assert employee is not None
    log = await unit.punches.log(employee, at(5))
    second = WorkSession(new_id(), at(6), "Europe/Moscow", last_at=at(6))
    unit.punches.add(employee, [], log, [*log.sessions, second])
    with pytest.raises(Conflict):
        await unit.commit()


async def test_open_session_moves(storage: Database) -> None:
    """The open session may become another one in a single unit, in either direction."""
    await given(storage, person(10))
    await punched(storage, 1, 10, punch(IN))
    await punched(storage, 1, 10, punch(IN, at(-2)), punch(OUT, at(-1)))
    sessions = await punched(storage, 1, 10, punch(OUT, at(1)), punch(IN, at(2)))
    found = await storage.unit_of_work().punches.log(person(10), at(-12))
    assert (sessions, [False, False, True]) == (list(found.sessions), [each.is_open for each in found.sessions])


async def test_same_event_twice(storage: Database) -> None:
    """A second punch for the same message of one person is a Conflict; for another person it is not."""
    await given(storage, person(10), person(11))
    await punched(storage, 1, 10, punch(IN, event="m1"))
    await punched(storage, 1, 11, punch(IN, event="m1"))
    with pytest.raises(Conflict):
        await punched(storage, 1, 10, punch(OUT, at(1), event="m1"))


async def test_punches_without_event(storage: Database) -> None:
    """Punches that no message caused may be many."""
    await given(storage, person(10))
    await punched(storage, 1, 10, punch(IN), punch(OUT, at(1)))
    assert len((await storage.unit_of_work().punches.log(person(10), at(-1))).punches) == 2


async def test_two_writers(opened: Opener) -> None:
    """Of two processes that change one person's log from the same reading, the second gets a Conflict."""
    units = []
    one, two = await opened(), await opened()
    await given(one, person(10))
    for storage in (one, two):
        unit = storage.unit_of_work()
        employee = await unit.employees.get(1, 10)
        assert employee is not None
        log = await unit.punches.log(employee, NOW)
        new = punch(IN)
        unit.punches.add(employee, [new], log, derive([new]))
        units.append(unit)
    await units[0].commit()
    with pytest.raises(Conflict):
        await units[1].commit()
    found = await two.unit_of_work().punches.log(person(10), NOW)
    assert (len(found.punches), len(found.sessions)) == (1, 1)


async def test_conflict_undoes_all(opened: Opener) -> None:
    """A unit that conflicts leaves nothing behind, of whatever kind."""
    one = await opened()
    await given(one, person(10))
    unit = one.unit_of_work()
    stale = person(10)
    await punched(one, 1, 10, punch(IN))
    unit.employees.put(stale)
    unit.dialogs.put(1, "bitrix24", "portal.example", "chat10", AskWhy("x"))
    unit.audit.add(1, actor_id=10, subject_id=10, what="role", at=NOW)
    with pytest.raises(Conflict):
        await unit.commit()
    assert await one.unit_of_work().dialogs.get("bitrix24", "portal.example", "chat10") is None


async def test_reads_its_own_writes(storage: Database) -> None:
    """Within a unit, what was noted is read back: log, sessions of dates, version and dialog."""
    await given(storage, person(10))
    await storage.inbox.add([incoming("1")])
    (stored,) = await storage.inbox.claim(1)
    unit = await storage.turn(stored)
    employee = await unit.employees.by_identity("bitrix24", "portal.example", "10")
    assert employee is not None
    log = await unit.punches.log(employee, at(-24))
    new = [punch(IN), punch(OUT, at(1))]
    unit.punches.add(employee, new, log, derive(new))
    unit.dialogs.put(1, "bitrix24", "portal.example", "chat10", AskWhy("late"))
    again = await unit.employees.get(1, 10)
    assert again is not None
    read_log = await unit.punches.log(again, at(-24))
    today = await unit.punches.sessions(again, date(2026, 11, 20), date(2026, 11, 20))
    assert (employee.version + 1, tuple(new), derive(new), derive(new), AskWhy("late")) == (
        again.version,
        read_log.punches,
        list(read_log.sessions),
        list(today),
        await unit.dialogs.get("bitrix24", "portal.example", "chat10"),
    )


async def test_two_changes_in_one_unit(storage: Database) -> None:
    """Two changes of one log and of the person in a unit are one change to the outside: the version grows once."""
    await given(storage, person(10))
    unit = storage.unit_of_work()
    for new in (punch(IN), punch(OUT, at(1))):
        employee = await unit.employees.get(1, 10)
        assert employee is not None
        log = await unit.punches.log(employee, at(-24))
        unit.punches.add(employee, [new], log, derive((*log.punches, new)))
        unit.employees.put(employee)
    await unit.commit()
    later = storage.unit_of_work()
    found = await later.employees.get(1, 10)
    assert found is not None
    log = await later.punches.log(found, at(-24))
    assert (1, 2, [at(1)]) == (found.version, len(log.punches), [each.ended_at for each in log.sessions])


async def test_forget(storage: Database) -> None:
    """Forgetting drops what was noted and keeps what was read; the unit can be used again."""
    await given(storage, person(10))
    unit = storage.unit_of_work()
    employee = await unit.employees.get(1, 10)
    assert employee is not None
    log = await unit.punches.log(employee, at(-24))
    new = punch(IN)
    unit.punches.add(employee, [new], log, derive([new]))
    unit.forget()
    assert (employee, log) == (await unit.employees.get(1, 10), await unit.punches.log(employee, at(-24)))
    await unit.commit()
    assert (await storage.unit_of_work().punches.log(employee, at(-24))).punches == ()


async def test_turn_needs_no_more_reads(storage: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the one hop of a turn, the person, portal, dialog and log are answered from memory, absences too."""
    await given(storage, person(10))
    await punched(storage, 1, 10, punch(IN, at(-20)))
    await storage.inbox.add([incoming("1")])
    (stored,) = await storage.inbox.claim(1)
    unit = await storage.turn(stored)
    engine: Engine = storage._engine

    async def refuse(_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(engine, "read", refuse)
    employee = await unit.employees.by_identity("bitrix24", "portal.example", "10")
    assert employee is not None
    assert (await unit.employees.get(1, 10), await unit.dialogs.get("bitrix24", "portal.example", "chat10")) == (
        employee,
        None,
    )
    assert await unit.portals.get(1) is not None
    log = await unit.punches.log(employee, at(-30))
    today = await unit.punches.sessions(employee, date(2026, 11, 20), date(2026, 11, 20))
    assert ([at(-20)], []) == ([each.at for each in log.punches], today)


async def test_turn_of_an_old_message(storage: Database) -> None:
    """The window of a message that was sent long before it arrived is that of its own time."""
    await given(storage, person(10))
    await punched(storage, 1, 10, punch(IN, at(-100)), punch(OUT, at(-95)))
    late = incoming("1", at=at(-96))
    late = type(late)(**{**{name: getattr(late, name) for name in late.__slots__}, "received_at": NOW})
    await storage.inbox.add([late])
    (stored,) = await storage.inbox.claim(1)
    unit = await storage.turn(stored)
    employee = await unit.employees.get(1, 10)
    assert employee is not None
    assert (late.kind, len((await unit.punches.log(employee, at(-100))).punches)) == (IncomingKind.TEXT, 2)


async def test_turn_of_a_stranger(storage: Database) -> None:
    """A turn of an unknown account begins with nobody."""
    await storage.inbox.add([incoming("1", "tg5", "telegram")])
    (stored,) = await storage.inbox.claim(1)
    unit = await storage.turn(stored)
    assert await unit.employees.by_identity("telegram", "", "tg5") is None


async def test_many_turns_at_once(storage: Database) -> None:
    """Turns that run side by side each see their own person and lose nothing."""
    people = [person(number) for number in range(100, 180)]
    await given(storage, *people)
    await storage.inbox.add([incoming(str(each.id), str(each.id)) for each in people])

    async def run(stored: object) -> None:
        unit = await storage.turn(stored)  # type: ignore[arg-type]
        sender = stored.incoming.sender.account  # type: ignore[attr-defined]
        employee = await unit.employees.by_identity("bitrix24", "portal.example", sender)
        assert employee is not None
        log = await unit.punches.log(employee, at(-24))
        new = punch(IN, event=sender)
        unit.punches.add(employee, [new], log, derive([*log.punches, new]))
        unit.done(stored, "ok")  # type: ignore[arg-type]
        await unit.commit()

    await asyncio.gather(*(run(stored) for stored in await storage.inbox.claim(100)))
    present = await storage.unit_of_work().employees.present(1)
    assert ({each.id for each in people}, 0) == (
        {each.employee.id for each in present},
        (await storage.backlog()).inbox,
    )
