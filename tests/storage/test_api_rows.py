"""Keys of the API, what was answered, and lists of requests, on both databases."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.domain.approvals.listed import ListedRequest, Wanted, Whose
from bot.domain.approvals.matter import LeaveMatter
from bot.domain.approvals.request import ApprovalRequest, KeptSeat
from bot.domain.approvals.routed import Asked, RoutedRequest, SeatMark
from bot.domain.approvals.running import Running
from bot.domain.approvals.template import TemplateState, TemplateVersion
from bot.domain.leave.absence import AbsenceKind
from bot.domain.leave.wish import LeaveWish
from bot.domain.people.api_key import ApiKey, Scope
from bot.domain.people.employee import Employee
from bot.domain.rights import Reach
from bot.ports import Conflict, Repeat
from storage import Database
from tests.storage.given import NOW, PORTAL, Wall, given, person

KEY = ApiKey(
    7, 1, 10, "Payroll", "smk_abcd", "h7", frozenset({Scope.ME, Scope.HOURS_READ}), NOW, 10, NOW + timedelta(days=90)
)


async def test_a_key_is_found_by_its_hash_and_changes(storage: Database) -> None:
    """What is kept comes back; only its end, its use and its revoking ever change."""
    await given(storage, person(10))
    service = replace(KEY, id=8, owner_id=None, hash="h8")
    async with storage.unit_of_work() as unit:
        unit.api_keys.add(KEY)
        unit.api_keys.add(service)
        await unit.commit()
    async with storage.unit_of_work() as unit:
        assert KEY == await unit.api_keys.by_hash("h7")
        assert None is await unit.api_keys.by_hash("h9")
        assert None is await unit.api_keys.get(2, 7)
        unit.api_keys.put(replace(KEY, used_on=date(2026, 11, 20), revoked_at=NOW))
        await unit.commit()
    found = await storage.unit_of_work().api_keys.of_portal(1)
    assert [service, replace(KEY, used_on=date(2026, 11, 20), revoked_at=NOW)] == list(found)


async def test_an_answer_is_kept_once_and_sealed(storage: Database) -> None:
    """The second of two that answer the same call is a conflict; another portal finds nothing; a day later it goes."""
    await given(storage, person(10))
    repeat = Repeat("place", 1, "body", '{"secret": 1}', NOW)
    async with storage.unit_of_work() as unit:
        unit.repeats.add(repeat)
        await unit.commit()
    assert repeat == await storage.unit_of_work().repeats.get(1, "place")
    assert None is await storage.unit_of_work().repeats.get(2, "place")
    async with storage.unit_of_work() as unit:
        unit.repeats.add(replace(repeat, body="other"))
        with pytest.raises(Conflict):
            await unit.commit()


async def test_old_answers_are_tidied_away(storage: Database, wall: Wall) -> None:
    """What was answered more than a day ago, by the wall clock, is of no more use."""
    await given(storage, person(10))
    from datetime import UTC, datetime

    at = datetime.fromtimestamp(int(wall.at), UTC)
    async with storage.unit_of_work() as unit:
        unit.repeats.add(Repeat("old", 1, "b", "a", at - timedelta(hours=25)))
        unit.repeats.add(Repeat("new", 1, "b", "a", at))
        await unit.commit()
    await storage.purge()
    unit = storage.unit_of_work()
    assert [None, "new"] == [each and each.place for each in [await unit.repeats.get(1, n) for n in ("old", "new")]]


async def _requests(storage: Database) -> None:
    """Anna (10) asked lead 12, Boris (11) asked 13; a route of Anna's is asked of 12; 12 leads 10, 13 leads 12."""
    boss, lead = person(13), replace(person(12), lead_id=13)
    await given(storage, boss, lead, replace(person(10), lead_id=12), person(11))
    async with storage.unit_of_work() as unit:
        for number, who, holder in ((100, 10, 12), (200, 11, 13), (300, 10, 12)):
            matter = LeaveMatter(LeaveWish(AbsenceKind.SICK, date(2026, 11, number // 100), date(2026, 11, 20)))
            seat = KeptSeat(number + 1, holder, (holder,))
            unit.requests.add(ApprovalRequest(number, 1, who, who, matter, NOW, (seat,), reason="why"))
        mark = SeatMark(401, 0, 0, "head", 0)
        route = RoutedRequest(400, 1, 5, "discount", 2, 10, "by:10", "r", Running("pending", now=NOW), NOW)
        unit.routed.add(replace(route, seats=(mark,), asked=(Asked(12, 401), Asked(13, None))))
        await unit.commit()


async def _ids(storage: Database, reader: int, wanted: Wanted, reach: Reach, **how: object) -> list[int]:
    unit = storage.unit_of_work()
    employee = await unit.employees.get(1, reader)
    assert isinstance(employee, Employee)
    found: Sequence[ListedRequest] = await unit.request_lists.page(
        employee,
        wanted,
        reach,
        how.get("before"),
        int(str(how.get("size", 50))),
        with_routed=bool(how.get("all")),  # type: ignore[arg-type]
    )
    return [each.id for each in found]


async def test_each_list_holds_what_it_is_of(storage: Database) -> None:
    """Own, waiting, of the team, seen, all: newest first, both kinds together, each once."""
    await _requests(storage)
    waiting, mine, team = (Wanted(each) for each in (Whose.WAITING_FOR_ME, Whose.MINE, Whose.TEAM))
    assert [400, 300, 100] == await _ids(storage, 12, waiting, Reach.BELOW)
    assert [200] == await _ids(storage, 13, waiting, Reach.BELOW)
    assert [400, 300, 100] == await _ids(storage, 10, mine, Reach.OWN)
    assert [400, 300, 100] == await _ids(storage, 12, team, Reach.BELOW)
    assert [400, 300, 100] == await _ids(storage, 13, team, Reach.BELOW)
    assert [] == await _ids(storage, 11, waiting, Reach.OWN)
    assert [200] == await _ids(storage, 11, Wanted(), Reach.OWN)
    assert [400, 300, 200, 100] == await _ids(storage, 13, Wanted(), Reach.BELOW)
    assert [300, 200, 100] == await _ids(storage, 11, Wanted(), Reach.ALL)
    assert [400, 300, 200, 100] == await _ids(storage, 13, Wanted(), Reach.ALL, all=True)


async def test_a_page_goes_on_and_is_narrowed(storage: Database) -> None:
    """Behind an id, of a size, by state, kind, template and person."""
    await _requests(storage)
    assert [400, 300] == await _ids(storage, 13, Wanted(), Reach.ALL, all=True, size=2)
    assert [200, 100] == await _ids(storage, 13, Wanted(), Reach.ALL, all=True, size=2, before=300)
    assert [400] == await _ids(storage, 13, Wanted(template="discount"), Reach.ALL, all=True)
    assert [300, 200, 100] == await _ids(storage, 13, Wanted(kind="leave"), Reach.ALL, all=True)
    assert [200] == await _ids(storage, 13, Wanted(person_id=11), Reach.ALL, all=True)
    assert [] == await _ids(storage, 13, Wanted(state="approved"), Reach.ALL, all=True)
    unit = storage.unit_of_work()
    boss = await unit.employees.get(1, 13)
    assert boss is not None
    rows = await unit.request_lists.page(boss, Wanted(), Reach.ALL, None, 50, with_routed=True)
    assert [(12,), (12,), (13,), (12,)] == [each.holders for each in rows]
    assert [(5, "discount", 2), (0, "", 0)] == [(e.number, e.template, e.template_version) for e in rows[:2]]
    assert [None, "leave"] == [each.matter and each.matter.kind for each in rows[:2]]
    assert PORTAL.id == boss.portal_id


async def test_each_template_is_offered_once(storage: Database) -> None:
    """However many requests run by it, to whoever sees them; of all also what was ever on, and no draft."""
    await _requests(storage)
    async with storage.unit_of_work() as unit:
        unit.routed.add(RoutedRequest(500, 1, 6, "discount", 2, 11, "by:11", "r", Running("pending", now=NOW), NOW))
        for key, state in (("trip", TemplateState.OFF), ("plan", TemplateState.DRAFT), ("discount", TemplateState.ON)):
            unit.templates.add(TemplateVersion(1, key, 2, "{}", state, NOW))
        await unit.commit()
    unit = storage.unit_of_work()
    boss = await unit.employees.get(1, 13)
    assert boss is not None
    assert ["discount", "trip"] == await unit.request_lists.templates(boss, Reach.ALL)
    assert ["discount"] == await unit.request_lists.templates(boss, Reach.BELOW)
    assert ["discount"] == await unit.request_lists.templates(boss, Reach.OWN)
