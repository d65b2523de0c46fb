"""Every operation and every role: what is answered, typed by hand from the table of rights; one without a line fails.

The calls are about Boris, whom the lead does not lead, and about his request, which the administrator is asked about.
Where a role may, the call is one that is refused at last or harms nobody.
"""

from datetime import date
from typing import Any, Final

import pytest
from aiohttp import FormData

from bot.api.routes import OPERATIONS
from bot.domain.approvals.matter import LeaveMatter
from bot.domain.leave.absence import AbsenceKind
from bot.domain.leave.wish import LeaveWish
from bot.domain.people.api_key import usable_scopes
from bot.domain.people.employee import Employee, Role
from bot.domain.portal import Portal
from bot.ids import new_id
from bot.services.approvals.approvals import Approvals
from bot.services.people.keys import Keys
from tests.api.caller import Cast, Program

DAYS: Final = "first=2026-07-01&last=2026-07-31"
AHEAD: Final = {"first": "2026-08-01", "last": "2026-08-31"}
EVERYBODY: Final = (200, 200, 200, 200, 200)
SEEN: Final = (404, 404, 200, 200, 200)
OF_PERSONS: Final = (404, 404, 403, 403, 403)

SCHEDULE: Final = {"kind": "flexible", "since": "2026-08-01"}
FILE: Final = "a file"

EXPECTED: Final[dict[str, tuple[str, str, Any, tuple[int, int, int, int, int]]]] = {
    # operation: verb, address, body, and for an employee, a lead, an accountant, an administrator, a key of the portal
    "me": ("GET", "/me", None, (200, 200, 200, 200, 403)),
    "list_people": ("GET", "/people", None, EVERYBODY),
    "get_person": ("GET", "/people/{boris}", None, EVERYBODY),
    "change_person": ("PATCH", "/people/{boris}", {"role": "employee"}, (403, 403, 200, 200, 403)),
    "unlink_channel": ("DELETE", "/people/{boris}/channels/bitrix24", None, (403, 403, 403, 409, 409)),
    "list_departments": ("GET", "/departments", None, EVERYBODY),
    "list_presence": ("GET", "/presence", None, EVERYBODY),
    "punch": ("POST", "/punches", {"kind": "in"}, (201, 201, 201, 201, 403)),
    "undo_punch": ("DELETE", "/punches/last", None, (200, 200, 200, 200, 403)),
    "list_days": ("GET", f"/people/{{boris}}/days?{DAYS}", None, SEEN),
    "get_account": ("GET", f"/people/{{boris}}/account?{DAYS}", None, SEEN),
    "list_accounts": ("GET", f"/accounts?{DAYS}", None, EVERYBODY),
    "list_gaps": ("GET", f"/people/{{boris}}/gaps?{DAYS}", None, SEEN),
    "list_absences": ("GET", f"/people/{{boris}}/absences?{DAYS}", None, SEEN),
    "get_roster": ("GET", f"/people/{{boris}}/roster?{DAYS}", None, SEEN),
    "list_leave_balances": ("GET", "/people/{boris}/leave-balances", None, SEEN),
    "list_requests": ("GET", "/requests", None, EVERYBODY),
    "get_request": ("GET", "/requests/{request}", None, SEEN),
    "list_events": ("GET", "/requests/{request}/events", None, SEEN),
    "get_file": ("GET", "/requests/{request}/files/0", None, (404, 404, 404, 404, 404)),
    "decide": ("POST", "/requests/{request}/decision", {"verdict": "reject"}, (404, 404, 403, 422, 403)),
    "undo_decision": ("DELETE", "/requests/{request}/decision", None, (404, 404, 403, 409, 403)),
    "decide_many": (
        "POST",
        "/requests/decisions",
        {"verdict": "approve", "items": [{"id": "7", "version": 0}]},
        (200, 200, 200, 200, 403),
    ),
    "withdraw": ("POST", "/requests/{request}/withdrawal", None, OF_PERSONS),
    "comment": ("POST", "/requests/{request}/comments", {"reason": "x"}, OF_PERSONS),
    "ask_question": ("POST", "/requests/{request}/question", {"reason": "x"}, OF_PERSONS),
    "send_back": ("POST", "/requests/{request}/return", {}, OF_PERSONS),
    "resubmit": ("POST", "/requests/{request}/resubmission", {}, OF_PERSONS),
    "delegate": ("POST", "/requests/{request}/delegation", {"person_id": "{vera}"}, OF_PERSONS),
    "replace_holder": ("PUT", "/requests/{request}/seats/1/holder", {"person_id": "{vera}", "why": "x"}, OF_PERSONS),
    "ask": (
        "POST",
        "/requests?dry_run=true",
        {"kind": "leave", "leave": "sick", "first": "2026-07-14"},
        (200, 200, 200, 409, 403),  # the only administrator has nobody above who could decide
    ),
    "list_periods": ("GET", "/periods", None, EVERYBODY),
    "list_sheets": ("GET", f"/periods/sheets?{DAYS}", None, EVERYBODY),
    "confirm_period": ("POST", "/periods/confirmations", AHEAD, (409, 409, 409, 409, 403)),
    "approve_period": ("POST", "/periods/approvals", AHEAD, (409, 409, 409, 409, 403)),
    "close_period": ("POST", "/periods/closings", AHEAD, (403, 403, 409, 409, 403)),
    "reopen_period": ("POST", "/periods/reopenings", {**AHEAD, "why": "x"}, (403, 403, 409, 409, 403)),
    "get_calendar": ("GET", "/calendar/2026", None, EVERYBODY),
    "change_calendar_day": (
        "PUT",
        "/calendar/days/2026-07-22",
        {"moved_to": "2026-07-23"},
        (403, 403, 412, 412, 412),
    ),
    "get_calendar_day": ("GET", "/calendar/days/2026-07-22", None, EVERYBODY),
    "list_schedules": ("GET", "/schedules", None, EVERYBODY),
    "get_schedule": ("GET", "/people/{boris}/schedule", None, SEEN),
    "put_schedule": ("PUT", "/people/{boris}/schedule", SCHEDULE, (403, 403, 403, 412, 412)),
    "get_shift": ("GET", "/people/{boris}/shifts/2026-07-22", None, SEEN),
    "put_shift": ("PUT", "/people/{boris}/shifts/2026-07-22", {"hours": None}, (403, 403, 403, 412, 412)),
    "move_absence": ("POST", "/absences/1/move", {"first": "2026-08-01"}, (404, 404, 404, 404, 403)),
    "shorten_absence": ("POST", "/absences/1/shorten", {"last": "2026-08-01"}, (404, 404, 404, 404, 403)),
    "cancel_absence": ("POST", "/absences/1/cancel", {}, (404, 404, 404, 404, 403)),
    "get_approval_statistics": ("GET", f"/statistics/approvals?{DAYS}", None, (403, 200, 200, 200, 200)),
    "get_hour_statistics": ("GET", f"/statistics/hours?{DAYS}", None, (200, 200, 200, 200, 200)),
    "list_errands": ("GET", "/errands", None, (403, 403, 403, 200, 200)),
    "retry_errand": ("POST", "/errands/1/retry", None, (403, 403, 403, 404, 404)),
    "list_rules": ("GET", "/rules", None, (403, 403, 403, 200, 200)),
    "check_rule": ("POST", "/rules/check", {"document": {}}, (403, 403, 403, 200, 200)),
    "get_rule": ("GET", "/rules/no_such", None, (403, 403, 403, 404, 404)),
    "get_rule_version": ("GET", "/rules/no_such/versions/1", None, (403, 403, 403, 404, 404)),
    "put_rule": ("PUT", "/rules/no_such", {"document": {}}, (403, 403, 403, 422, 422)),
    "delete_rule": ("DELETE", "/rules/no_such", None, (403, 403, 403, 404, 404)),
    "upload_file": ("POST", "/files", FILE, (201, 201, 201, 201, 403)),
    "get_settings": ("GET", "/settings", None, (403, 403, 403, 200, 200)),
    "change_settings": ("PATCH", "/settings", {"options": {"digest_at": "9:00"}}, (403, 403, 403, 412, 412)),
    "order_report": (
        "POST",
        "/reports",
        {"form": "csv", "first": "2026-07-01", "last": "2026-07-31", "person_id": "{boris}"},
        (403, 403, 201, 201, 201),
    ),
    "get_report": ("GET", "/reports/AAAA", None, (404, 404, 404, 404, 404)),
    "get_report_file": ("GET", "/reports/AAAA/file", None, (404, 404, 404, 404, 404)),
    "list_templates": ("GET", "/templates", None, EVERYBODY),
    "get_template": ("GET", "/templates/leave", None, EVERYBODY),
    "get_template_version": ("GET", "/templates/leave/versions/9", None, (404, 404, 404, 404, 404)),
    "check_template": ("POST", "/templates/check", {"document": {}}, EVERYBODY),
    "simulate_template": ("POST", "/templates/leave/simulation", {"initiator_id": "{boris}"}, EVERYBODY),
    "put_template": ("PUT", "/templates/no_such", {"document": {}}, (403, 403, 403, 422, 422)),
    "stop_template": ("DELETE", "/templates/no_such", None, (403, 403, 403, 404, 404)),
    "start_template": ("POST", "/templates/no_such/activation", None, (403, 403, 403, 404, 404)),
    "list_webhooks": ("GET", "/webhooks", None, (403, 403, 403, 200, 200)),
    "add_webhook": ("POST", "/webhooks", {"name": "x", "url": "https://10.0.0.1/"}, (403, 403, 403, 422, 422)),
    "change_webhook": ("PATCH", "/webhooks/7", {"is_on": True}, (403, 403, 403, 404, 404)),
    "delete_webhook": ("DELETE", "/webhooks/7", None, (403, 403, 403, 404, 404)),
    "test_webhook": ("POST", "/webhooks/7/test", None, (403, 403, 403, 404, 404)),
    "rotate_webhook": ("POST", "/webhooks/7/rotation", None, (403, 403, 403, 404, 404)),
    "list_deliveries": ("GET", "/webhooks/7/deliveries", None, (403, 403, 403, 404, 404)),
    "retry_delivery": ("POST", "/webhooks/7/deliveries/8/retry", None, (403, 403, 403, 404, 404)),
    "list_changes": ("GET", "/changes", None, EVERYBODY),
}
ROLES: Final = ("anna", "sergey", "vera", "olga", "service")


def test_every_operation_has_a_line() -> None:
    """An operation that nobody thought of would answer everybody."""
    assert sorted(EXPECTED) == sorted(each.name for each in OPERATIONS)


@pytest.mark.parametrize("role", ROLES)
async def test_each_role_is_answered_as_the_table_says(cast: Cast, role: str) -> None:
    """All of it, in one company a role."""
    request = await _request_of_boris(cast)
    is_service = role == "service"
    person = cast.olga if is_service else getattr(cast, role)
    program = await cast.company.key_of(person, **({"is_service": True} if is_service else {}))
    answered = {name: await _call(program, cast, request, *call[:3]) for name, call in EXPECTED.items()}
    assert {name: call[3][ROLES.index(role)] for name, call in EXPECTED.items()} == answered


async def test_another_portal_is_not_there(cast: Cast) -> None:
    """The administrator of another company finds none of these people and requests; cursors are worth nothing there."""
    request = await _request_of_boris(cast)
    other = Portal(new_id(), "other.example", "Другие")
    boss = Employee(new_id(), other.id, "Чужой Админ", role=Role.ADMIN)
    async with cast.company.storage.unit_of_work() as uow:
        uow.portals.add(other)
        uow.employees.add(boss)
        await uow.commit()
    now = cast.company.clock.now()
    made = await cast.company.does(lambda services: services.get(Keys).make(boss, "Key", usable_scopes(boss), now))
    stranger = Program(cast.company.client, made.token)
    assert ["Чужой Админ"] == [each["name"] for each in (await stranger.get("/people")).body["items"]]
    assert [] == (await stranger.get("/requests")).body["items"]
    for name, (verb, address, body, _) in EXPECTED.items():
        if "{boris}" in address or "{request}" in address:
            assert 404 == await _call(stranger, cast, request, verb, address, body), name
    olga = await cast.company.key_of(cast.olga)
    page = (await olga.get("/people?limit=1")).body["next"]
    assert 400 == (await stranger.get(f"/people?limit=1&after={page}")).status


async def _request_of_boris(cast: Cast) -> str:
    boris = await cast.boris.employee()
    matter = LeaveMatter(LeaveWish(AbsenceKind.DAY_OFF, date(2026, 7, 20), date(2026, 7, 20)))
    now = cast.company.clock.now()
    sent = await cast.company.does(lambda services: services.get(Approvals).ask(matter, boris, now, reason="x"))
    return str(sent.request.id)


async def _call(program: Program, cast: Cast, request: str, verb: str, address: str, body: Any) -> int:
    names = {"boris": str(cast.boris.employee_id), "vera": str(cast.vera.employee_id), "request": request}
    for name, value in names.items():
        address = address.replace(f"{{{name}}}", value)
        if isinstance(body, dict):
            body = {key: value if each == f"{{{name}}}" else each for key, each in body.items()}
    if body == FILE:
        body = FormData()
        body.add_field("file", b"content", filename="paper.txt")
    if verb == "POST" and body is None:
        body = {}
    return (await program.call(verb, address, body, headers={"If-Match": '"0"'})).status
