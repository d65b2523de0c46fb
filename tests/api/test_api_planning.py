"""What is planned: schedules, shifts, the calendar, absences that become others, and who stands in."""

from datetime import date
from typing import Any

from bot.domain.leave.absence import Absence, AbsenceKind
from bot.ids import new_id
from tests.api.caller import Cast, Program

WEEK = [{"starts": "10:00", "ends": "19:00"}] * 5 + [None, None]
FIXED = {"kind": "fixed", "since": "2026-07-20", "days": WEEK, "pause": {"length_seconds": 3600}}


async def _put(program: Program, path: str, body: Any, **headers: str) -> Any:
    tag = headers.get("tag") or (await program.get(path)).tag
    return await program.call("PUT", path, body, headers={"If-Match": tag})


async def test_a_schedule_counts_from_its_day_on_and_is_shown(cast: Cast) -> None:
    """A lead plans for their people; what is planned is what the roster tells; whoever saw less is refused."""
    sergey, anna = await cast.company.key_of(cast.sergey), await cast.company.key_of(cast.anna)
    path = f"/people/{cast.anna.employee_id}/schedule"
    seen = await anna.get(path)
    assert ("none", []) == (seen.body["today"]["kind"], seen.body["items"])
    assert 428 == (await sergey.call("PUT", path, FIXED)).status
    given = await _put(sergey, path, FIXED)
    assert (200, ["2026-07-20"]) == (given.status, [each["since"] for each in given.body["items"]])
    again = await sergey.call("PUT", path, FIXED, headers={"If-Match": seen.tag})
    assert (412, given.body) == (again.status, again.body["present"])
    roster = await anna.get(f"/people/{cast.anna.employee_id}/roster?first=2026-07-17&last=2026-07-20")
    assert [0, 0, 0, 28_800] == [each["plan_seconds"] for each in roster.body["items"]]
    await cast.company.settle()
    told = [each for each in cast.anna.shown if "20" in each and "10:00" in each]
    assert told, cast.anna.shown
    scopes = [each["scope"] for each in (await anna.get("/schedules")).body["items"]]
    assert ["person"] == scopes
    boris = await cast.company.key_of(cast.boris)
    assert [] == (await boris.get("/schedules")).body["items"]


async def test_a_schedule_that_contradicts_itself_is_refused(cast: Cast) -> None:
    """Six days of a week, a rota without its first day, a break as long as the shift, part of a rate with all hours."""
    olga = await cast.company.key_of(cast.olga)
    path = f"/people/{cast.anna.employee_id}/schedule"
    wrong = [
        (FIXED | {"days": WEEK[:6]}, "bad_body"),
        ({"kind": "rota", "since": "2026-07-20", "days": WEEK[:2]}, "bad_body"),
        (FIXED | {"norm_seconds": 3600, "norm_per": "week"}, "bad_body"),
        (FIXED | {"days": [{"starts": "25:00", "ends": "19:00"}, *WEEK[1:]]}, "bad_body"),
        (FIXED | {"pause": {"length_seconds": 9 * 3600}}, "break_too_long"),
        (FIXED | {"fraction_percent": 50}, "hours_over_rate"),
    ]
    for body, code in wrong:
        refused = await _put(olga, path, body)
        assert (422, code) == (refused.status, refused.code), body
    assert [] == (await olga.get(path)).body["items"]


async def test_a_shift_named_for_a_day_wins(cast: Cast) -> None:
    """Hours for one day, or a day off; the break is the schedule's where none is named."""
    sergey = await cast.company.key_of(cast.sergey)
    person = f"/people/{cast.anna.employee_id}"
    await _put(sergey, f"{person}/schedule", FIXED)
    path = f"{person}/shifts/2026-07-21"
    before = await sergey.get(path)
    assert (False, "10:00") == (before.body["is_named"], before.body["hours"]["starts"])
    named = await _put(sergey, path, {"hours": {"starts": "20:00", "ends": "08:00", "name": "ночь"}})
    assert (200, True, "ночь", 3600) == (
        named.status, named.body["is_named"], named.body["hours"]["name"], named.body["pause"]["length_seconds"],
    )  # fmt: skip
    off = await _put(sergey, path, {"hours": None})
    assert (True, None) == (off.body["is_named"], off.body["hours"])
    refused = await _put(
        sergey, path, {"hours": {"starts": "10:00", "ends": "11:00"}, "pause": {"length_seconds": 3600}}
    )
    assert "break_too_long" == refused.code
    for day in ("2026-02-30", "20260721", "0001-01-01"):
        assert 404 == (await sergey.get(f"{person}/shifts/{day}")).status


async def test_the_calendar_is_changed_on_the_version_that_was_seen(cast: Cast) -> None:
    """Of two who change it at once the later one looks again; a day that was made a workday is still shown."""
    vera = await cast.company.key_of(cast.vera)
    seen = await vera.get("/calendar/2026")
    path = "/calendar/days/2026-06-12"
    assert (await vera.get(path)).tag.split(".")[0] == seen.tag.split(".")[0]
    done = await vera.call("PUT", path, {"kind": "working"}, headers={"If-Match": seen.tag})
    assert (200, False) == (done.status, done.body["is_off"])
    late = await vera.call("PUT", path, {"kind": "off"}, headers={"If-Match": seen.tag})
    assert (412, False) == (late.status, late.body["present"]["is_off"])
    items = {each["day"]: each for each in (await vera.get("/calendar/2026")).body["items"]}
    assert items["2026-06-12"]["is_off"] is False


async def _away(cast: Cast, person: Any, first: date, last: date) -> str:
    employee = await person.employee()
    absence = Absence(new_id(), employee.portal_id, employee.id, AbsenceKind.VACATION, first, last)
    async with cast.company.storage.unit_of_work() as uow:
        uow.absences.add(absence)
        await uow.commit()
    return str(absence.id)


async def test_an_absence_is_moved_shortened_and_cancelled_by_asking(cast: Cast) -> None:
    """As in chat whoever decides is asked; a colleague finds no such absence, and nothing changes before the yes."""
    anna, sergey, boris = [await cast.company.key_of(each) for each in (cast.anna, cast.sergey, cast.boris)]
    absence = await _away(cast, cast.anna, date(2026, 8, 3), date(2026, 8, 9))
    assert 404 == (await boris.post(f"/absences/{absence}/cancel", {})).status
    made = await anna.post(f"/absences/{absence}/move", {"first": "2026-08-10", "reason": "билеты"})
    request = made.body["request"]
    assert (201, "leave_change", "билеты") == (made.status, request["kind"], request["reason"])
    assert [str(cast.sergey.employee_id)] == request["holder_ids"]
    listed = f"/people/{cast.anna.employee_id}/absences?first=2026-08-01&last=2026-08-31"
    assert ["2026-08-03"] == [each["first"] for each in (await anna.get(listed)).body["items"]]
    shown = await sergey.get(f"/requests/{request['id']}")
    path = f"/requests/{request['id']}/decision"
    assert 200 == (await sergey.post(path, {"verdict": "approve"}, If_Match=shown.tag)).status
    await cast.company.move("09:01")
    assert ["2026-08-10"] == [each["first"] for each in (await anna.get(listed)).body["items"]]
    for what, body, code in (
        ("shorten", {"last": "2026-08-16"}, "same_days"),
        ("shorten", {"last": "2026-08-01"}, "wrong_days"),
        ("move", {"first": "2026-07-01"}, "days_passed"),
    ):
        assert code == (await anna.post(f"/absences/{absence}/{what}", body)).code
    assert 201 == (await anna.post(f"/absences/{absence}/shorten", {"last": "2026-08-12"})).status
    # A lead changes those of their people at once, and it is on record.
    done = await sergey.post(f"/absences/{absence}/cancel", {})
    assert (201, "approved") == (done.status, done.body["request"]["state"])
    assert [] == (await anna.get(listed)).body["items"]
    assert "not_found" == (await anna.post(f"/absences/{absence}/cancel", {})).code


async def test_somebody_stands_in_until_it_is_taken_back(cast: Cast) -> None:
    """One's own substitute is named and taken back by the PATCH of the person; of others' people it is refused."""
    anna, boris = await cast.company.key_of(cast.anna), await cast.company.key_of(cast.boris)
    path, other = f"/people/{cast.anna.employee_id}", str(cast.boris.employee_id)
    # An employee's own key has no scope to write people: it is named by one of the portal's or an administrator's.
    olga = await cast.company.key_of(cast.olga)
    refused = await anna.call("PATCH", path, {"substitute_id": other}, headers={"If-Match": '"0"'})
    assert "scope_missing" == refused.code
    seen = await olga.get(path)
    body = {"substitute_id": other, "substitute_until": "2026-07-31"}
    named = await olga.call("PATCH", path, body, headers={"If-Match": seen.tag})
    assert (200, other, "2026-07-31") == (
        named.status, named.body["substitute_id"], named.body["substitute_until"],
    )  # fmt: skip
    shown = await anna.get(path)
    assert named.body["substitute_id"] == shown.body["substitute_id"]
    assert (await boris.get(path)).body["substitute_id"] is None  # a colleague is not told
    for wrong, code in (
        ({"substitute_id": str(cast.anna.employee_id)}, "own_substitute"),
        ({"substitute_id": "1"}, "unknown_person"),
        ({"substitute_id": other, "substitute_until": "2026-07-01"}, "substitute_days_over"),
        ({"substitute_until": "2026-07-31"}, "bad_body"),
    ):
        assert code == (await olga.call("PATCH", path, wrong, headers={"If-Match": named.tag})).code
    gone = await olga.call("PATCH", path, {"substitute_id": None}, headers={"If-Match": named.tag})
    assert (200, None) == (gone.status, gone.body["substitute_id"])
    assert (await anna.get(path)).body["substitute_id"] is None
