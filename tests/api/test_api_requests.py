"""Requests by programs: the same lists, decisions and refusals as in chat, and every card follows."""

from datetime import date
from typing import Any

from bot.domain.approvals.matter import LeaveMatter
from bot.domain.leave.absence import AbsenceKind
from bot.domain.leave.wish import LeaveWish
from bot.services.approvals.approvals import Approvals
from tests.api.caller import Answered, Cast, Program
from tests.dialogs.routes import HEAD, stage, template, with_template
from tests.people import Person


async def _asks(cast: Cast, person: Person, day: int = 20, reason: str = "семья") -> str:
    """Ask for a day of leave in chat's way, and return the id."""
    employee = await person.employee()
    matter = LeaveMatter(LeaveWish(AbsenceKind.DAY_OFF, date(2026, 7, day), date(2026, 7, day)))
    now = cast.company.clock.now()
    sent = await cast.company.does(lambda services: services.get(Approvals).ask(matter, employee, now, reason=reason))
    await cast.company.settle()
    return str(sent.request.id)


async def _decides(program: Program, request: str, verdict: str, tag: str = "", **more: str) -> Answered:
    if not tag:
        tag = (await program.get(f"/requests/{request}")).tag
    return await program.call(
        "POST", f"/requests/{request}/decision", {"verdict": verdict, **more}, headers={"If-Match": tag}
    )


async def test_a_decision_by_a_program_is_one_like_any_other(cast: Cast) -> None:
    """It settles after thirty seconds, the cards in every chat follow, and until then it can be taken back."""
    request = await _asks(cast, cast.anna)
    sergey = await cast.company.key_of(cast.sergey)
    [row] = (await sergey.get("/requests?role=waiting_for_me")).body["items"]
    assert (request, "leave", "pending", "семья") == tuple(row[each] for each in ("id", "kind", "state", "reason"))
    assert [str(cast.sergey.employee_id)] == row["holder_ids"]
    shown = await sergey.get(f"/requests/{request}")
    assert ["decide", "delegate"] == shown.body["can"]
    decided = await _decides(sergey, request, "approve", shown.tag)
    assert (200, "approved") == (decided.status, decided.body["state"])
    assert "2026-07-13T06:00:30Z" == decided.body["settles_at"]
    await cast.company.settle()
    assert any("✅" in each.text for each in cast.sergey.chat)
    undone = await sergey.call("DELETE", f"/requests/{request}/decision", headers={"If-Match": decided.tag})
    assert (200, "pending") == (undone.status, undone.body["state"])
    again = await _decides(sergey, request, "approve", undone.tag)
    assert 200 == again.status
    await cast.company.move("09:01")
    assert [] == (await sergey.get("/requests?role=waiting_for_me")).body["items"]
    anna = await cast.company.key_of(cast.anna)
    absences = await anna.get(f"/people/{cast.anna.employee_id}/absences?first=2026-07-01&last=2026-07-31")
    assert ["day_off"] == [each["kind"] for each in absences.body["items"]]
    events = (await anna.get(f"/requests/{request}/events")).body
    assert ["asked", "approved", "undone", "approved", "settled"] == [each["what"] for each in events["items"]]
    assert events["is_whole"]


async def test_one_decides_about_what_one_saw(cast: Cast) -> None:
    """Without a version 428; with another one 412 and the request as it is; decided already is told before that."""
    request = await _asks(cast, cast.anna)
    sergey = await cast.company.key_of(cast.sergey)
    refused = await sergey.post(f"/requests/{request}/decision", {"verdict": "approve"})
    assert (428, "precondition_required") == (refused.status, refused.code)
    refused = await _decides(sergey, request, "approve", '"77"')
    assert (412, "changed_meanwhile", request) == (refused.status, refused.code, refused.body["present"]["id"])
    assert 200 == (await _decides(sergey, request, "approve")).status
    for tag in ('"0"', '"1"', '"77"'):
        refused = await _decides(sergey, request, "reject", tag, reason="нет")
        assert (409, "already_decided") == (refused.status, refused.code)
        assert "approved" == refused.body["present"]["state"]


async def test_who_may_not_decide_is_told_why(cast: Cast) -> None:
    """Their own, not asked, no reason for a rejection, a key of the portal; who may not see it finds nothing."""
    request = await _asks(cast, cast.anna)
    company = cast.company
    anna, boris, olga, vera, sergey = [
        await company.key_of(each) for each in (cast.anna, cast.boris, cast.olga, cast.vera, cast.sergey)
    ]
    assert (403, "no_longer_lead") == ((r := await _decides(anna, request, "approve")).status, r.code)
    assert (404, "unknown_request") == ((r := await _decides(boris, request, "approve", '"0"')).status, r.code)
    assert (403, "not_your_seat") == ((r := await _decides(olga, request, "approve")).status, r.code)
    assert (403, "no_longer_lead") == ((r := await _decides(vera, request, "approve")).status, r.code)
    assert (422, "comment_required") == ((r := await _decides(sergey, request, "reject")).status, r.code)
    machine = await company.key_of(cast.olga, is_service=True)
    assert "scope_missing" == (await _decides(machine, request, "approve")).code
    assert 200 == (await machine.get(f"/requests/{request}")).status
    assert 404 == (await boris.get(f"/requests/{request}")).status
    assert 404 == (await sergey.get("/requests/99999999999999999999")).status


async def test_lists_hold_what_one_may_see(cast: Cast) -> None:
    """Own, held, of the team, all; reasons only for whom they concern; pages hold each request once."""
    company = cast.company
    about_anna = [await _asks(cast, cast.anna, day) for day in (20, 21, 22)]
    about_boris = await _asks(cast, cast.boris, 20, "секрет")
    everything = [about_boris, *reversed(about_anna)]
    expected = {
        "anna": {"mine": about_anna[::-1], "all": about_anna[::-1], "waiting_for_me": []},
        "sergey": {"team": about_anna[::-1], "all": about_anna[::-1], "waiting_for_me": about_anna[::-1], "mine": []},
        "vera": {"all": everything, "team": everything, "mine": []},
        "olga": {"all": everything, "team": everything, "waiting_for_me": [about_boris]},
    }
    for name, lists in expected.items():
        program = await company.key_of(getattr(cast, name))
        for role, ids in lists.items():
            found = (await program.get(f"/requests?role={role}")).body["items"]
            assert ids == [each["id"] for each in found], (name, role)
    anna, vera, olga = [await company.key_of(each) for each in (cast.anna, cast.vera, cast.olga)]
    assert (403, "leads_only") == ((r := await anna.get("/requests?role=team")).status, r.code)
    assert {None} == {each["reason"] for each in (await vera.get("/requests")).body["items"]}
    assert None is (await vera.get(f"/requests/{about_boris}")).body["reason"]
    assert {"семья", "секрет"} == {each["reason"] for each in (await olga.get("/requests")).body["items"]}
    seen, after = [], ""
    while True:
        page = (await olga.get(f"/requests?limit=1{after}")).body
        seen += [each["id"] for each in page["items"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert everything == seen
    assert [] == (await olga.get("/requests?kind=overtime")).body["items"]
    assert [about_boris] == [
        each["id"] for each in (await olga.get(f"/requests?person={cast.boris.employee_id}")).body["items"]
    ]
    assert [] == (await olga.get("/requests?since=2030-01-01T00:00:00Z")).body["items"]


async def test_many_are_decided_each_by_itself(cast: Cast) -> None:
    """What can be done is done; what cannot is left, with why; sent again, it is done already."""
    company = cast.company
    first, second = [await _asks(cast, cast.anna, day) for day in (20, 21)]
    foreign = await _asks(cast, cast.boris)
    sergey = await company.key_of(cast.sergey)
    items = [
        {"id": first, "version": 0},
        {"id": second, "version": 5},
        {"id": foreign, "version": 0},
        {"id": "7", "version": 0},
    ]
    body = {"verdict": "approve", "items": items}
    for _ in range(2):
        done = await sergey.post("/requests/decisions", body)
        assert 200 == done.status
        assert [first] == [each["id"] for each in done.body["done"]]
        assert {second: "changed_meanwhile", foreign: "unknown_request", "7": "unknown_request"} == {
            each["id"]: each["problem"]["code"] for each in done.body["left"]
        }


def _seats(shown: Any) -> list[str]:
    """Return the ids of the seats of a request, wherever they stand."""
    return [seat["id"] for stage in shown["stages"] for track in stage["tracks"] for seat in track["seats"]]


async def test_somebody_else_is_asked_instead_for_a_reason(cast: Cast) -> None:
    """An administrator says why, and that stays on record."""
    await with_template(cast.company, template(stage("only", [HEAD])))
    anna = await cast.company.key_of(cast.anna)
    begun = await anna.post("/requests", {"template": "trip", "fields": {"where": "Казань"}})
    request = begun.body["request"]["id"]
    olga, olga_id = await cast.company.key_of(cast.olga), str(cast.olga.employee_id)
    shown = await olga.get(f"/requests/{request}")
    tag, (seat,) = shown.tag, _seats(shown.body)
    path = f"/requests/{request}/seats/{seat}/holder"
    for why in ("", "  "):
        refused = await olga.call("PUT", path, {"person_id": olga_id, "why": why}, headers={"If-Match": tag})
        assert (422, "comment_required") == (refused.status, refused.code)
    await olga.call("PUT", path, {"person_id": olga_id, "why": "Сергей в отпуске"}, headers={"If-Match": tag})
    record = (await olga.get(f"/requests/{request}/events")).body["items"]
    assert "Сергей в отпуске" in str(record)


async def test_whoever_asked_takes_it_back_and_a_lead_hands_it_over(cast: Cast) -> None:
    """A withdrawal and a delegation as in chat; others may not."""
    company = cast.company
    request = await _asks(cast, cast.anna)
    anna, sergey = await company.key_of(cast.anna), await company.key_of(cast.sergey)
    tag = (await sergey.get(f"/requests/{request}")).tag
    refused = await sergey.post(f"/requests/{request}/withdrawal", If_Match=tag)
    assert (403, "not_your_request") == (refused.status, refused.code)
    path, anna_id, olga_id = f"/requests/{request}/delegation", *(str(p.employee_id) for p in (cast.anna, cast.olga))
    refused = await sergey.post(path, {"person_id": anna_id}, If_Match=tag)
    assert (403, "cannot_take_seat") == (refused.status, refused.code)
    refused = await sergey.post(path, {"person_id": "7"}, If_Match=tag)
    assert (422, "unknown_person") == (refused.status, refused.code)
    moved = await sergey.post(path, {"person_id": olga_id}, If_Match=tag)
    assert [olga_id] == moved.body["holder_ids"]
    refused = await anna.post(f"/requests/{request}/withdrawal", If_Match=tag)
    assert (412, "changed_meanwhile") == (refused.status, refused.code)
    gone = await anna.post(f"/requests/{request}/withdrawal", If_Match=moved.tag)
    assert (200, "withdrawn") == (gone.status, gone.body["state"])


async def test_of_many_deciders_one_wins(cast: Cast) -> None:
    """One 200; the others are told of the same true state."""
    import asyncio

    request = await _asks(cast, cast.anna)
    sergey = await cast.company.key_of(cast.sergey)
    tag = (await sergey.get(f"/requests/{request}")).tag
    verdicts = ["approve", "reject"] * 10
    answers = await asyncio.gather(*(_decides(sergey, request, each, tag, reason="так") for each in verdicts))
    assert [200] + [409] * 19 == sorted(each.status for each in answers)
    won = next(each.body["state"] for each in answers if each.status == 200)
    assert {won} == {each.body["present"]["state"] for each in answers if each.status == 409}
