"""Everything about one person is read, and erased, and nobody else's is touched."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.domain.approvals.files import RequestFile
from bot.domain.approvals.matter import LeaveMatter
from bot.domain.approvals.request import ApprovalRequest, KeptSeat
from bot.domain.approvals.routed import Asked, RoutedRequest, SeatMark
from bot.domain.approvals.running import Running
from bot.domain.automation.errand import Errand, ErrandKind
from bot.domain.automation.native_task import NativeTask, TaskState
from bot.domain.automation.process import ROBOT, ProcessCall
from bot.domain.installation import Grant, Purpose, TokenPair
from bot.domain.leave.absence import Absence, AbsenceKind
from bot.domain.leave.entitlement import Entitlement, Opening
from bot.domain.leave.portal_absence import PortalAbsence
from bot.domain.leave.wish import LeaveWish
from bot.domain.people.api_key import ApiKey, Scope
from bot.domain.people.group import Group
from bot.domain.people.session import SignIn, Via, WebSession
from bot.domain.people.staff import Employment
from bot.domain.people.substitute import Substitute
from bot.domain.periods.period import Confirmation
from bot.domain.workday.delay import Delay
from bot.domain.workday.portal_day import FollowedDay, PortalDay, Standing
from bot.domain.workday.punch_log import PunchKind
from bot.ports import ApprovedOvertime, Conflict, Feed, Told
from storage import Database
from tests.storage.given import CARD, NOW, PORTAL, AskWhy, address, given, incoming, person, punch, punched, said

DAY = date(2026, 11, 20)
KINDS = {
    "profile",
    "accounts",
    "employments",
    "marks",
    "sessions",
    "absences",
    "requests",
    "overtime",
    "confirmations",
    "reminders",
    "delays",
    "portal_absences",
    "portal_workday",
    "groups",
    "routed_requests",
    "routed_answers",
    "routed_asked",
    "routed_files",
    "errands",
    "substitutes",
    "entitlements",
    "leave_left",
    "kept_access",
    "process_tasks",
    "process_calls",
    "calendar_links",
    "web_sessions",
    "api_keys",
    "messages",
    "received",
    "open_questions",
    "changes",
}


async def _lives(storage: Database, number: int) -> None:
    """Let a person leave a trace everywhere."""
    begin, end = punch(PunchKind.IN), punch(PunchKind.OUT, NOW + timedelta(hours=8))
    await punched(storage, 1, number, begin, end)
    request = ApprovalRequest(
        number * 100,
        1,
        number,
        number,
        LeaveMatter(LeaveWish(AbsenceKind.SICK, DAY, DAY)),
        NOW,
        (KeptSeat(number * 100 + 1, 12, (12,)),),
        reason="грипп",
    ).recorded("asked", number, NOW)
    async with storage.unit_of_work() as unit:
        unit.requests.add(request)
        unit.absences.add(Absence(number * 10, 1, number, AbsenceKind.SICK, DAY, DAY, reason="грипп"))
        unit.overtimes.add(ApprovedOvertime(number * 10, 1, number, DAY, timedelta(hours=1)))
        unit.periods.put_confirmation(Confirmation(1, number, DAY, DAY, "abc", number, NOW))
        unit.reminders.add(Told(1, number, "late", "2026-11-20", NOW))
        unit.delays.put(Delay(1, number, DAY, NOW, NOW))
        scopes = frozenset({Scope.ME})
        unit.api_keys.add(
            ApiKey(
                number * 20, 1, number, "Свод", "smk_abcd", f"h{number}", scopes, NOW, number, NOW + timedelta(days=9)
            )
        )
        unit.portal_workdays.put(FollowedDay(1, number, PortalDay(Standing.OPENED, NOW), NOW))
        unit.portal_absences.replace(1, number, NOW, [PortalAbsence(1, number, NOW, NOW + timedelta(days=1))])
        unit.groups.put(Group(1, f"lawyers_{number}", "Юристы", (12, number)))
        begun = RoutedRequest(number * 50, 1, number, "leave", 1, number, f"by:{number}", "", Running(), NOW)
        mark = SeatMark(number * 50 + 1, 0, 0, "head", 0)
        asked = (Asked(12, mark.id), Asked(number, None))
        begun = replace(begun, seats=(mark,), asked=asked).recorded("start", NOW, actor_id=number, said="море")
        sent = RequestFile(number * 50, 1, number, "", "справка.pdf", 3, f"hash{number}", NOW)
        unit.files.add(sent, b"pdf")
        begun = begun.with_files([sent], NOW, actor_id=number, messenger="telegram")
        unit.routed.add(begun)
        done = f"request:{begun.id}"
        unit.errands.add(Errand(number * 60, 1, ErrandKind.NOTIFY, {"text": "море"}, f"{done}:0", done, NOW))
        unit.substitutes.put(Substitute(number * 10, 1, number, 12, DAY, None, 12, NOW))
        unit.entitlements.put(Entitlement(1, number, AbsenceKind.VACATION, DAY, 35))
        unit.entitlements.put_opening(Opening(1, number, AbsenceKind.VACATION, DAY, 1200))
        unit.installations.keep(
            Grant(1, str(number), frozenset({Purpose.TASKS}), TokenPair("token", "token", NOW), NOW)
        )
        unit.native_tasks.put(NativeTask(1, str(number), 5, number, {"name": "Счёт"}, TaskState.OPEN, "", NOW))
        document, wanted = ("crm", "CCrmDocumentDeal", "DEAL_7"), {"subject": "Счёт"}
        call = ProcessCall(number * 60, 1, f"key{number}", "secret", ROBOT, "w", document, wanted, True, NOW)
        unit.process_calls.add(replace(call, request_id=begun.id))
        unit.feeds.add(Feed(f"token{number}", 1, number, NOW))
        ways = ("bitrix24", PORTAL.key, str(number))
        until = NOW + timedelta(days=30)
        unit.web_sessions.add(
            WebSession(number * 10, f"session{number}", 1, number, Via.LINK, *ways, "Firefox", NOW, NOW, until)
        )
        unit.web_sessions.offer(SignIn(f"link{number}", f"code{number}", 1, number, *ways, until))
        unit.staff.put_employment(Employment(number, 1, number, date(2020, 1, 1), number="00042"))
        unit.dialogs.put(1, "bitrix24", "portal.example", f"chat{number}", AskWhy("почему?"))
        unit.audit.add(1, actor_id=12, subject_id=number, what="enabled", at=NOW)
        await unit.commit()
    await said(storage, CARD, to=address(f"chat{number}"))
    await storage.inbox.add([incoming(f"event{number}", account=str(number), text="я болею")])


async def test_everything_is_found(storage: Database) -> None:
    """Of each kind there is something, and nothing of anybody else's."""
    await given(storage, person(10, "Anna Kim"), person(11), person(12))
    await _lives(storage, 10)
    await _lives(storage, 11)
    found = await storage.unit_of_work().privacy.everything(person(10))
    assert {kind for kind, rows in found.items() if rows} == KINDS
    assert [("Anna Kim", "10")] == [(row["name"], row["id"]) for row in found["profile"]]
    assert ["in", "out"] == [row["kind"] for row in found["marks"]]
    assert "2026-11-20T09:00:00+00:00" == found["marks"][0]["at"]
    assert ["sick"] == [row["payload"]["kind"] for row in found["requests"]]
    assert all("11" not in (row.get("employee_id"), row.get("subject_id")) for rows in found.values() for row in rows)
    assert "token" not in str(found["calendar_links"])
    assert [("10", "tasks")] == [(row["account"], row["purposes"]) for row in found["kept_access"]]
    assert "v1:" not in str(found["kept_access"])


async def test_everything_goes(storage: Database) -> None:
    """What is left is a nameless row and the record; another person's data are as they were."""
    await given(storage, person(10, "Anna Kim"), person(11), person(12))
    await _lives(storage, 10)
    await _lives(storage, 11)
    before = await storage.unit_of_work().privacy.everything(person(11))
    unit = storage.unit_of_work()
    anna = await unit.employees.get(1, 10)
    assert anna is not None
    unit.employees.put(replace(anna, name="№ 10", is_disabled=True))
    unit.privacy.erase(anna)
    unit.audit.add(1, actor_id=12, subject_id=10, what="erased", at=NOW)
    await unit.commit()
    found = await storage.unit_of_work().privacy.everything(person(10))
    assert {"profile": 1, "changes": 2} == {kind: len(rows) for kind, rows in found.items() if rows}
    assert "№ 10" == found["profile"][0]["name"]
    assert before == await storage.unit_of_work().privacy.everything(person(11))
    assert ["event11"] == [each.incoming.event_id for each in await storage.inbox.claim(10)]
    assert [] == list(await storage.unit_of_work().requests.about(person(10), 5))
    files = storage.unit_of_work().files
    assert (None, b"pdf") == (await files.content(1, "hash10"), await files.content(1, "hash11"))


async def test_a_change_at_the_same_instant(storage: Database) -> None:
    """Whoever read the person before they were erased cannot write about them any more."""
    await given(storage, person(10))
    eraser, writer = storage.unit_of_work(), storage.unit_of_work()
    found = [await unit.employees.get(1, 10) for unit in (eraser, writer)]
    assert found[0] is not None
    assert found[1] is not None
    eraser.employees.put(replace(found[0], name="№ 10"))
    eraser.privacy.erase(found[0])
    log = await writer.punches.log(found[1], NOW - timedelta(days=1))
    writer.punches.add(found[1], [punch(PunchKind.IN)], log, [])
    await eraser.commit()
    with pytest.raises(Conflict):
        await writer.commit()
