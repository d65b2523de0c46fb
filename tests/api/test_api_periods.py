"""Periods, the calendar, settings and files by programs: as the table of rights says, and as chat counts."""

from io import BytesIO

from openpyxl import load_workbook

from tests.api.caller import Cast
from tests.dialogs.days import works

WEEK = {"first": "2026-07-13", "last": "2026-07-17"}


async def _worked(cast: Cast) -> None:
    for day in range(13, 18):
        await works(cast.company, cast.anna, f"2026-07-{day}", "09:00", "13:00", "14:00", "18:00")
    await cast.company.move("2026-07-20T10:00")


async def test_a_week_is_confirmed_approved_closed_and_opened(cast: Cast) -> None:
    """Each by whom it is for; a closed day refuses a mark; opened again it is on record."""
    await _worked(cast)
    company = cast.company
    anna, sergey, vera = [await company.key_of(each) for each in (cast.anna, cast.sergey, cast.vera)]
    done = await anna.post("/periods/confirmations", WEEK)
    assert (201, True, 5 * 8 * 3600) == (done.status, done.body["is_confirmed"], done.body["worked_seconds"])
    done = await sergey.post("/periods/approvals", WEEK)
    assert (201, ["Анна Ким"]) == (done.status, [each["name"] for each in done.body["items"]])
    again = await sergey.post("/periods/approvals", WEEK)
    assert (409, "nothing_to_approve") == (again.status, again.code)
    refused = await sergey.post("/periods/closings", WEEK)
    assert (403, "not_allowed") == (refused.status, refused.code)
    closed = await vera.post("/periods/closings", WEEK)
    assert (201, "2026-07-13") == (closed.status, closed.body["first"])
    wish = {"kind": "correction", "wish": "check_out", "at": "2026-07-17T19:00:00+03:00"}
    refused = await anna.post("/requests", wish)
    assert (409, "period_closed") == (refused.status, refused.code)
    opened = await vera.post("/periods/reopenings", {**WEEK, "why": "ошибка"})
    assert (200, "ошибка") == (opened.status, opened.body["items"][0]["reason"])
    assert (409, "not_closed") == ((r := await vera.post("/periods/reopenings", {**WEEK, "why": "ещё"})).status, r.code)
    assert 1 == len((await anna.get("/periods")).body["items"])
    early = await anna.post("/periods/confirmations", {"first": "2026-07-20", "last": "2026-07-31"})
    assert (409, "period_not_over") == (early.status, early.code)
    long = await anna.post("/periods/confirmations", {"first": "2020-07-20", "last": "2026-07-31"})
    assert (422, "period_too_long") == (long.status, long.code)


async def test_a_file_holds_what_the_account_says(cast: Cast) -> None:
    """Ordered, fetched by who ordered it alone, and read back by another library."""
    await _worked(cast)
    vera, anna = await cast.company.key_of(cast.vera), await cast.company.key_of(cast.anna)
    month = {"first": "2026-07-01", "last": "2026-07-31", "form": "xlsx"}
    ordered = await anna.post("/reports", {**month, "person_id": str(cast.anna.employee_id)})
    assert 201 == ordered.status
    path = ordered.headers["Location"].removeprefix("/api/v1")
    file = await anna.get(f"{path}/file")
    assert (200, "sandbox") == (file.status, file.headers["Content-Security-Policy"])
    assert "attachment" in file.headers["Content-Disposition"]
    assert load_workbook(BytesIO(file.body)).worksheets
    assert [404, 404] == [(await vera.get(path)).status, (await vera.get(f"{path}/file")).status]
    refused = await anna.post("/reports", {**month, "person_id": str(cast.boris.employee_id)})
    assert (403, "not_your_people") == (refused.status, refused.code)
    assert (403, "leads_only") == ((r := await anna.post("/reports", month)).status, r.code)
    assert 201 == (await vera.post("/reports", {**month, "form": "t13"})).status
    await cast.company.move("2026-07-22T10:00")
    assert 404 == (await anna.get(path)).status


async def test_the_calendar_is_kept_by_whom_it_is_for(cast: Cast) -> None:
    """Read by everybody, changed by accountants and administrators, refused where it makes no sense."""
    vera, anna = await cast.company.key_of(cast.vera), await cast.company.key_of(cast.anna)
    shown = await anna.get("/calendar/2026")
    year, headers = shown.body, {"If-Match": shown.tag}
    assert {"2026-01-01", "2026-07-18"} <= {each["day"] for each in year["items"] if each["is_off"]}
    changed = await vera.call("PUT", "/calendar/days/2026-07-24", {"kind": "off"}, headers=headers)
    assert (200, True) == (changed.status, changed.body["is_off"])
    refused = await vera.call(
        "PUT", "/calendar/days/2026-07-22", {"moved_to": "2026-07-23"}, headers={"If-Match": changed.tag}
    )
    assert (409, "not_a_day_off") == (refused.status, refused.code)
    assert (
        "scope_missing" == (await anna.call("PUT", "/calendar/days/2026-07-24", {"kind": "off"}, headers=headers)).code
    )
    assert 404 == (await anna.get("/calendar/1800")).status
    assert 404 == (await vera.call("PUT", "/calendar/days/2026-02-30", {"kind": "off"}, headers=headers)).status
    sergey = await cast.company.key_of(cast.sergey)
    refused = await sergey.call("PUT", "/calendar/days/2026-07-27", {"kind": "off"}, headers=headers)
    assert (403, "not_allowed") == (refused.status, refused.code)


async def test_settings_are_set_as_people_write_them(cast: Cast) -> None:
    """All or none; who did not see the present ones is told; others have no such scope."""
    olga = await cast.company.key_of(cast.olga)
    shown = await olga.get("/settings")
    keys = {each["key"]: each for each in shown.body["items"]}
    assert "digest_at" in keys
    headers = {"If-Match": shown.tag}
    wrong = {"options": {"digest_at": "9:30", "remind_after": "завтра"}}
    refused = await olga.call("PATCH", "/settings", wrong, headers=headers)
    assert (422, "wrong_option") == (refused.status, refused.code)
    assert shown.body == (await olga.get("/settings")).body
    changed = await olga.call("PATCH", "/settings", {"options": {"digest_at": "9:45"}}, headers=headers)
    assert (200, "9:45") == (changed.status, {e["key"]: e for e in changed.body["items"]}["digest_at"]["words"])
    refused = await olga.call("PATCH", "/settings", {"options": {"digest_at": "9:30"}}, headers=headers)
    assert (412, "changed_meanwhile") == (refused.status, refused.code)
    vera = await cast.company.key_of(cast.vera)
    assert "scope_missing" == (await vera.get("/settings")).code


async def test_balances_are_seen_by_whom_they_are_for(cast: Cast) -> None:
    """Own, led, all; else nobody is there."""
    seen = {"anna": ("anna",), "sergey": ("anna", "sergey"), "vera": ("anna", "boris"), "olga": ("anna", "boris")}
    for reader, names in seen.items():
        program = await cast.company.key_of(getattr(cast, reader))
        for name in names:
            path = f"/people/{getattr(cast, name).employee_id}/leave-balances"
            assert 200 == (await program.get(path)).status
    boris = await cast.company.key_of(cast.boris)
    assert 404 == (await boris.get(f"/people/{cast.anna.employee_id}/leave-balances")).status
