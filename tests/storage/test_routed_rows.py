"""Requests on routes come back as they were put; one writer wins, one number and one open request about the same."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.domain.approvals.course import Course
from bot.domain.approvals.durations import Reckoning
from bot.domain.approvals.event import Event
from bot.domain.approvals.people import Company, Person
from bot.domain.approvals.reading import read
from bot.domain.approvals.routed import Asked, KeptEffect, RoutedRequest, SeatMark, is_whole
from bot.domain.approvals.running import Running
from bot.ports import Conflict
from storage import Database
from tests.storage.given import NOW, given, person

ROUTE = read(json.loads((Path(__file__).parent.parent / "approvals/routes/leave.json").read_text())).route


def running() -> Running:
    """Return a course that has begun."""
    people = {each: Person(each, head=12 if each == 10 else None) for each in (10, 11, 12)}
    course = Course(ROUTE, Company(people, groups={"hr": (11,)}), Reckoning(ZoneInfo("Europe/Moscow")))
    return course.step(Running(), Event(NOW, "start", by=10, subject={"days": 20, "why": "отпуск"})).running


def request(number: int = 1, key: str = "by:10", revision: str = "abc") -> RoutedRequest:
    """Return a request that has just begun."""
    return RoutedRequest(
        number * 100, 1, number, "leave", 1, 10, key, revision, running(), NOW, next_at=NOW + timedelta(days=1),
        seats=(SeatMark(number * 100 + 1, 0, 0, "head", 0),), asked=(Asked(12, number * 100 + 1),),
    ).recorded("start", NOW, actor_id=10, messenger="telegram")  # fmt: skip


async def _kept(storage: Database, *requests: RoutedRequest) -> None:
    async with storage.unit_of_work() as unit:
        for each in requests:
            unit.routed.add(each)
        await unit.commit()


async def test_it_comes_back_as_it_was_put(storage: Database) -> None:
    """By id, number, seat, who is asked and who began it; its record is whole."""
    await given(storage, person(10), person(11), person(12))
    first = request()
    await _kept(storage, first)
    unit = storage.unit_of_work()
    assert first.running.status == "pending"
    assert first == await unit.routed.get(1, 100)
    assert first == await unit.routed.by_number(1, 1)
    assert first == await unit.routed.by_seat(1, 101)
    assert first == await unit.routed.open_about(1, "by:10", "leave", "abc")
    assert [first] == await unit.routed.waiting_for(person(12))
    assert [first] == await unit.routed.by_initiator(person(10), 5)
    assert [first] == await unit.routed.of_portal(1, 5)
    assert 1 == await unit.routed.last_number(1)
    assert (None, 0) == (await unit.routed.get(2, 100), await unit.routed.last_number(2))
    assert is_whole(first)


async def test_a_change(storage: Database) -> None:
    """Its state, who is asked and the next line of its record; nobody is waited for any more."""
    await given(storage, person(10), person(11), person(12))
    await _kept(storage, request())
    async with storage.unit_of_work() as unit:
        found = await unit.routed.get(1, 100)
        assert found is not None
        changed = replace(
            found, running=replace(found.running, status="approved", stage=None), version=1, next_at=None,
            ended_at=NOW, asked=(Asked(12, None),), effects=(KeptEffect("notify", {"to": "initiator"}, is_done=True),),
        ).recorded("approve", NOW, actor_id=12, behalf_id=11, messenger="bitrix24", said="хорошо")  # fmt: skip
        unit.routed.put(changed)
        assert changed == await unit.routed.get(1, 100)
        await unit.commit()
    unit = storage.unit_of_work()
    assert changed == await unit.routed.get(1, 100)
    assert [] == await unit.routed.waiting_for(person(12))
    assert await unit.routed.open_about(1, "by:10", "leave", "abc") is None
    assert is_whole(changed)
    assert not is_whole(replace(changed, record=changed.record[1:]))
    forged = replace(changed.record[1], actor_id=11)
    assert not is_whole(replace(changed, record=(changed.record[0], forged)))


async def test_of_two_writers_one_wins(storage: Database) -> None:
    """Who read an older version has a conflict, and the stored one stays."""
    await given(storage, person(10), person(11), person(12))
    await _kept(storage, request())
    first, second = storage.unit_of_work(), storage.unit_of_work()
    for unit in (first, second):
        found = await unit.routed.get(1, 100)
        assert found is not None
        unit.routed.put(replace(found, version=found.version + 1).recorded("tick", NOW))
    await first.commit()
    with pytest.raises(Conflict):
        await second.commit()
    stored = await storage.unit_of_work().routed.get(1, 100)
    assert stored is not None
    assert (1, 2) == (stored.version, len(stored.record))


@pytest.mark.parametrize("other", [request(1, key="by:11"), request(2)])
async def test_what_is_taken(storage: Database, other: RoutedRequest) -> None:
    """Two requests of one number, and two open ones about the same, are a conflict."""
    await given(storage, person(10), person(11), person(12))
    await _kept(storage, request())
    other = replace(other, id=900, seats=(), asked=(), record=())
    with pytest.raises(Conflict):
        await _kept(storage, other)


async def test_what_ended_stands_in_nobodys_way(storage: Database) -> None:
    """About the same there may be another once the first has ended."""
    await given(storage, person(10), person(11), person(12))
    first = request()
    await _kept(storage, replace(first, running=replace(first.running, status="withdrawn", stage=None)))
    await _kept(storage, request(2))
    assert 2 == await storage.unit_of_work().routed.last_number(1)
