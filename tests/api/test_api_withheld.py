"""What the table of rights withholds, no way around gives: reasons in refusals, closed days, other people's rights."""

from datetime import date

import pytest

from bot.domain.approvals.matter import LeaveMatter, ReopenMatter
from bot.domain.errors import NotAllowed
from bot.domain.leave.absence import AbsenceKind
from bot.domain.leave.wish import LeaveWish
from bot.services.approvals.approvals import Approvals
from tests.api.caller import Cast

WEEK = {"first": "2026-07-06", "last": "2026-07-10"}


async def _asks(cast: Cast, reason: str) -> str:
    employee, now = await cast.anna.employee(), cast.company.clock.now()
    matter = LeaveMatter(LeaveWish(AbsenceKind.DAY_OFF, date(2026, 7, 20), date(2026, 7, 20)))
    sent = await cast.company.does(lambda services: services.get(Approvals).ask(matter, employee, now, reason=reason))
    return str(sent.request.id)


async def test_nobody_opens_closed_days_in_the_name_of_somebody_else(cast: Cast) -> None:
    """What only administrators open is asked for in one's own name, and stays closed until they say so."""
    vera, sergey = await cast.company.key_of(cast.vera), await cast.company.key_of(cast.sergey)
    assert 201 == (await vera.post("/periods/closings", WEEK)).status
    body = {"kind": "reopen", **WEEK, "reason": "ошибка", "person_id": str(cast.anna.employee_id)}
    for path in ("/requests", "/requests?dry_run=true"):
        refused = await sergey.post(path, body)
        assert (422, "bad_body", "person_id") == (refused.status, refused.code, refused.body["errors"][0]["at"])
    closings = (await vera.get("/periods")).body["items"]
    assert [None] == [each["reopened_at"] for each in closings]
    lead, anna = await cast.sergey.employee(), await cast.anna.employee()
    matter = ReopenMatter(int(closings[0]["id"]), date(2026, 7, 6), date(2026, 7, 10))
    with pytest.raises(NotAllowed):
        await cast.company.does(
            lambda services: services.get(Approvals).ask(matter, lead, cast.company.clock.now(), about=anna)
        )


async def test_a_refusal_shows_no_reason_that_its_reader_may_not_read(cast: Cast) -> None:
    """Whoever only counts hours finds no reason in what a refusal shows of the request; its lead does."""
    request = await _asks(cast, "секрет")
    vera, sergey = await cast.company.key_of(cast.vera), await cast.company.key_of(cast.sergey)
    tag = (await sergey.get(f"/requests/{request}")).tag
    calls = [
        ("POST", "withdrawal", None),
        ("DELETE", "decision", None),
        ("POST", "decision", {"verdict": "approve"}),
        ("POST", "decision", {"verdict": "reject", "reason": "нет"}),
        ("POST", "delegation", {"person_id": str(cast.olga.employee_id)}),
    ]
    for _ in range(2):
        for verb, what, body in calls:
            for seen in ('"77"', tag):
                refused = await vera.call(verb, f"/requests/{request}/{what}", body, headers={"If-Match": seen})
                assert 400 <= refused.status < 500
                assert "секрет" not in str(refused.body), (verb, what, seen)
        told = await sergey.call("POST", f"/requests/{request}/withdrawal", headers={"If-Match": '"77"'})
        assert "секрет" == told.body["present"]["reason"]
        await sergey.post(f"/requests/{request}/decision", {"verdict": "approve"}, If_Match=tag)
        await cast.company.move("09:01")


async def test_a_program_gives_nobody_rights(cast: Cast) -> None:
    """Roles and access are given by persons: a key of the portal outlives whoever made it."""
    machine = await cast.company.key_of(cast.olga, is_service=True)
    seen = await machine.get(f"/people/{cast.boris.employee_id}")
    for body in ({"role": "admin"}, {"is_disabled": True}):
        refused = await machine.call("PATCH", f"/people/{cast.boris.employee_id}", body, headers={"If-Match": seen.tag})
        assert (403, "person_wanted") == (refused.status, refused.code)
    assert seen.body == (await machine.get(f"/people/{cast.boris.employee_id}")).body


BIG = str(2**63)


@pytest.mark.parametrize("year", ["0001", "9999"])
async def test_ids_and_years_that_cannot_be_are_refused(cast: Cast, year: str) -> None:
    """An id larger than any, a year no calendar of ours reaches: told so, and nothing fails."""
    anna, olga = await cast.company.key_of(cast.anna), await cast.company.key_of(cast.olga)
    machine = await cast.company.key_of(cast.olga, is_service=True)
    day, at = f"{year}-01-01", f"{year}-01-01T00:00:00+14:00"
    late = f"{year}-12-31T23:59:59-12:00"
    answers = [
        await machine.post("/punches", {"kind": "in", "person_id": BIG}),
        await anna.post("/requests", {"kind": "leave", "leave": "sick", "first": "2026-07-13", "person_id": BIG}),
        await anna.get(f"/requests?person={BIG}"),
        await olga.get(f"/people?department={BIG}"),
        await anna.post("/requests/decisions", {"verdict": "approve", "items": [{"id": BIG, "version": 0}]}),
        await anna.post("/punches", {"kind": "in", "at": at}),
        await anna.post("/punches", {"kind": "in", "at": late}),
        await anna.get(f"/people/{cast.anna.employee_id}/days?first={day}&last={day}"),
        await anna.get(f"/people/{cast.anna.employee_id}/days?first={year}-12-31&last={year}-12-31"),
        await anna.get(f"/requests?since={at.replace('+', '%2B')}"),
        await anna.get(f"/requests?since={late}"),
        await anna.post(
            "/requests", {"kind": "correction", "wish": "remove", "day": f"{year}-12-31", "remove": "check_in"}
        ),
        await anna.post("/requests", {"kind": "reopen", "first": day, "last": f"{year}-12-31", "reason": "x"}),
    ]
    assert [] == [(n, each.status) for n, each in enumerate(answers) if each.status not in {400, 404, 422}]
