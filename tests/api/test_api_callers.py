"""Who calls beside keys: pages of ours in somebody's session; and what stays of those who are gone."""

import io
from dataclasses import replace
from datetime import timedelta
from typing import Any

from aiohttp import FormData

from bot.domain.people.session import Via
from bot.domain.rights import Right
from bot.services.people.access import Access
from bot.services.people.people import People
from bot.uploads import Sender
from tests.api.caller import BASE, Answered, Cast, Program

RULE = {
    "schema": "automation.rule/1",
    "key": "api_rule",
    "version": 1,
    "title": {"ru": "Правило", "en": "Rule"},
    "object": {"kind": "deal"},
    "event": "changed",
    "when": {"op": "cmp", "field": "stageId", "test": "changed", "value": None},
    "do": [{"do": "comment", "text": "x"}],
}


class Browser(Program):
    """A page in somebody's session."""

    async def call(self, verb: str, path: str, body: Any = None, *, headers: Any = None, raw: Any = None) -> Any:
        """Call as the browser does for a page of ours, unless told otherwise."""
        sent = {"Sec-Fetch-Site": "same-origin", "Cookie": f"__Host-smena={self.token}", **(headers or {})}
        more = {} if body is None else {"json": body}
        async with self._client.request(verb, BASE + path, headers=sent, **more) as answer:
            shown = await answer.json(content_type=None)
            return Answered(answer.status, shown, answer.headers.copy())


async def test_a_page_of_ours_calls_in_its_session_and_no_other_site_does(cast: Cast) -> None:
    """Same origin by the browser's own word: all that the person may do; from elsewhere, or unsaid, nobody calls."""
    person, now = await cast.anna.employee(), cast.company.clock.now()

    async def begins(services: Any) -> Any:
        return services.get(Access).begin(person, person.identities[0], Via.LINK, "Firefox", now)

    entered = await cast.company.does(begins)
    page = Browser(cast.company.client, entered.token)
    told = await page.call("GET", "/me")
    assert (200, "Анна Ким", None) == (told.status, told.body["person"]["name"], told.body["key"])
    assert 201 == (await page.call("POST", "/punches", {"kind": "in"})).status
    assert 403 == (await page.call("GET", "/settings")).status
    for site in ("cross-site", "same-site", "none", ""):
        assert 401 == (await page.call("GET", "/me", headers={"Sec-Fetch-Site": site})).status, site
    async with cast.company.client.get(f"{BASE}/me", headers={"Cookie": f"__Host-smena={entered.token}"}) as answer:
        assert 401 == answer.status
    cast.company.clock.move_to(now + timedelta(days=100))
    assert 401 == (await page.call("GET", "/me")).status


async def test_former_people_are_found_by_whom_they_still_concern(cast: Cast) -> None:
    """Employees neither list nor open them, as on pages; administrators do."""
    anna, olga = await cast.company.key_of(cast.anna), await cast.company.key_of(cast.olga)
    await cast.olga.says(f"/disable {(await cast.boris.employee()).name}")
    former = str(cast.boris.employee_id)
    for caller, is_found in ((anna, False), (olga, True)):
        listed = (await caller.get("/people?state=disabled")).body["items"]
        assert is_found is (former in {each["id"] for each in listed})
        assert (200 if is_found else 404) == (await caller.get(f"/people/{former}")).status


async def test_administrators_hear_of_keys_whose_maker_is_switched_off(cast: Cast) -> None:
    """The keys work on, for programs need them; whoever steers the portal is told, by name and first characters."""
    machine = await cast.company.key_of(cast.olga, is_service=True)
    sergey = await cast.sergey.employee()
    await cast.olga.says(f"/admin {sergey.name}")
    await cast.sergey.says(f"/disable {(await cast.olga.employee()).name}")
    said = [each for each in cast.sergey.shown if "🔑" in each]
    assert 1 == len(said)
    assert f"Payroll ({machine.token[:8]}…)" in said[0]
    assert 200 == (await machine.get("/people")).status
    await cast.sergey.says(f"/disable {(await cast.boris.employee()).name}")
    assert said == [each for each in cast.sergey.shown if "🔑" in each]


async def test_a_kept_answer_is_shown_to_whoever_may_still_see_it(cast: Cast) -> None:
    """Whoever does not lead the person any more, in the same role, gets neither the answer nor a second deed."""
    sergey, anna = await cast.company.key_of(cast.sergey), await cast.company.key_of(cast.anna)
    made = await anna.post("/requests", {"kind": "leave", "leave": "day_off", "first": "2026-07-20"})
    request = made.body["request"]
    path = f"/requests/{request['id']}/delegation"
    body = {"person_id": str(cast.olga.employee_id)}
    done = await sergey.post(path, body, If_Match=made.tag, Idempotency_Key="k1")
    assert 200 == done.status
    again = await sergey.post(path, body, If_Match=made.tag, Idempotency_Key="k1")
    assert (200, "true") == (again.status, again.headers["Idempotency-Replayed"])
    lead, employee = await cast.olga.employee(), await cast.anna.employee()

    async def moves(services: Any) -> None:
        services.uow.employees.put(replace(employee, lead_id=lead.id))

    await cast.company.does(moves)
    assert not await cast.company.does(lambda services: _may(services, cast))
    refused = await sergey.post(path, body, If_Match=made.tag, Idempotency_Key="k1")
    assert (422, "key_reused") == (refused.status, refused.code)


async def _may(services: Any, cast: Cast) -> bool:
    return bool(
        await services.get(People).may(await cast.sergey.employee(), Right.SEE_REQUESTS, await cast.anna.employee())
    )


async def test_rules_are_read_checked_changed_and_deleted(cast: Cast) -> None:
    """A change is a new version on the one that was seen; what is wrong is told by its place."""
    olga = await cast.company.key_of(cast.olga)
    checked = await olga.post("/rules/check", {"document": RULE | {"do": []}})
    assert (False, ["do"]) == (checked.body["ok"], [each["path"] for each in checked.body["faults"]])
    assert (await olga.post("/rules/check", {"document": RULE})).body["ok"], checked.body
    wrong = await olga.call("PUT", "/rules/api_rule", {"document": RULE | {"do": []}})
    assert (422, "faulty_rule", ["do"]) == (wrong.status, wrong.code, [each["at"] for each in wrong.body["errors"]])
    made = await olga.call("PUT", "/rules/api_rule", {"document": RULE})
    assert (200, 1, "on") == (made.status, made.body["version"], made.body["state"])
    assert 428 == (await olga.call("PUT", "/rules/api_rule", {"document": RULE})).status
    after = await olga.call("PUT", "/rules/api_rule", {"document": RULE}, headers={"If-Match": made.tag})
    assert (200, 2) == (after.status, after.body["version"])
    assert 412 == (await olga.call("PUT", "/rules/api_rule", {"document": RULE}, headers={"If-Match": made.tag})).status
    assert 404 == (await olga.call("PUT", "/rules/other", {"document": RULE})).status
    assert "off" == (await olga.get("/rules/api_rule/versions/1")).body["state"]
    assert ["api_rule"] == [each["key"] for each in (await olga.get("/rules")).body["items"]]
    assert 204 == (await olga.call("DELETE", "/rules/api_rule")).status
    assert [404, 404] == [(await olga.get(f"/rules/api_rule{each}")).status for each in ("", "/versions/1")]


def _form(content: bytes, field: str = "file") -> FormData:
    form = FormData(quote_fields=False)
    form.add_field(field, io.BytesIO(content), filename="счёт.pdf", content_type="application/pdf")
    return form


async def test_a_file_comes_first_and_goes_along_with_its_request(cast: Cast) -> None:
    """Once, however often it is sent by one key; nobody else's request takes it; whoever decides reads it."""
    olga, anna, boris, sergey = [
        await cast.company.key_of(each) for each in (cast.olga, cast.anna, cast.boris, cast.sergey)
    ]
    head = [{"by": "head_of", "of": "initiator"}]
    stage = {
        "id": "s", "deadline": {"after": "2d"}, "tracks": [{"id": "h", "approvers": head, "rule": {"type": "any"}}]
    }  # fmt: skip
    route = {
        "schema": "approval.route/1", "key": "papers", "version": 1, "title": {"ru": "Бумаги", "en": "Papers"},
        "subjects": ["custom"], "stages": [stage],
    }  # fmt: skip
    field = {"key": "paper", "title": {"ru": "Бумага", "en": "Paper"}, "type": "file", "required": True}
    document = {"schema": "approval.template/1", "route": route, "form": [field]}
    put = await olga.call("PUT", "/templates/papers", {"document": document})
    assert 200 == put.status, put.body
    assert 200 == (await olga.post("/templates/papers/activation")).status
    key = {"Idempotency-Key": "f1"}
    kept = await anna.call("POST", "/files", _form(b"paper"), headers=key)
    assert (201, "счёт.pdf", 5) == (kept.status, kept.body["name"], kept.body["size"])
    assert kept.body == (await anna.call("POST", "/files", _form(b"paper"), headers=key)).body
    assert "key_reused" == (await anna.call("POST", "/files", _form(b"other"), headers=key)).code
    wrong = [await anna.call("POST", "/files", each) for each in (_form(b""), _form(b"x", "paper"))]
    assert ["empty_file", "bad_body"] == [each.code for each in wrong]
    assert "not_form" == (await anna.post("/files", {})).code
    body = {"template": "papers", "fields": {}}
    assert ["fields/paper"] == [each["at"] for each in (await anna.post("/requests", body)).body["errors"]]
    said = await anna.post("/requests", {"template": "papers", "fields": {"paper": "0" * 64}})
    assert ["fields/paper"] == [each["at"] for each in said.body["errors"]]
    with_file = body | {"files": [{"id": kept.body["id"], "field": "paper"}]}
    assert "file_gone" == (await boris.post("/requests", with_file)).code
    beside = body | {"files": [{"id": kept.body["id"], "field": "nowhere"}]}
    assert "field_takes_no_file" == (await anna.post("/requests", beside)).code
    made = await anna.post("/requests", with_file)
    assert 201 == made.status, made.body
    files = made.body["request"]["files"]
    assert [(0, "счёт.pdf", 5, "paper")] == [(each["n"], each["name"], each["size"], each["field"]) for each in files]
    read = await sergey.get(f"/requests/{made.body['request']['id']}/files/0")
    assert (200, b"paper") == (read.status, read.body)
    assert 404 == (await boris.get(f"/requests/{made.body['request']['id']}/files/0")).status


async def test_a_stranger_s_file_is_not_begun(cast: Cast) -> None:
    """Refused for the key, before anybody reads how much there is."""
    stranger = Program(cast.company.client, "smk_" + "b" * 43)
    refused = await stranger.call("POST", "/files", _form(b"x" * 1000))
    assert (401, "unauthorized") == (refused.status, refused.code)
    anna = await cast.company.key_of(cast.anna)
    large = await anna.call("POST", "/files", _form(b"x" * ((20 << 20) + 1)))
    assert (413, "file_too_large") == (large.status, large.code)


async def test_who_sends_as_much_as_one_may_waits(cast: Cast) -> None:
    """Two files of a person's are on their way: the third is told when to come again, a colleague's is taken."""
    anna, sergey = await cast.company.key_of(cast.anna), await cast.company.key_of(cast.sergey)
    sender, places = Sender(cast.company.portal.id, cast.anna.employee_id), cast.company.places
    async with places.held(sender), places.held(sender):
        refused = await anna.call("POST", "/files", _form(b"third"))
        assert (429, "own_uploads", "10") == (refused.status, refused.code, refused.headers["Retry-After"])
        assert 201 == (await sergey.call("POST", "/files", _form(b"other"))).status
    assert 201 == (await anna.call("POST", "/files", _form(b"third"))).status


async def test_the_portal_s_own_key_sends_no_file(cast: Cast) -> None:
    """It is told so before its file is read: what is no form at all is refused for the same reason."""
    program = await cast.company.key_of(cast.olga, is_service=True)
    assert (403, "person_wanted") == ((answer := await program.post("/files", {})).status, answer.code)
