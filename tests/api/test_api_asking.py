"""Asking by programs: the same fits, previews and refusals as in chat; by a template on its route to the end."""

from bot.domain.approvals.ready import ready_made
from tests.api.caller import Cast


async def test_a_leave_is_asked_for_as_in_chat(cast: Cast) -> None:
    """The preview stores nothing; asked, the lead has the card; the same again takes the place of the first."""
    anna = await cast.company.key_of(cast.anna)
    body = {"kind": "leave", "leave": "vacation", "first": "2026-07-20", "last": "2026-07-24", "reason": "море"}
    seen = await anna.post("/requests?dry_run=true", body, Idempotency_Key="v0")
    assert "Idempotency-Replayed" not in (await anna.post("/requests?dry_run=true", body, Idempotency_Key="v0")).headers
    assert (200, [str(cast.sergey.employee_id)], False) == (
        seen.status, seen.body["preview"]["asked"], seen.body["preview"]["passes_at_once"],
    )  # fmt: skip
    assert [] == (await anna.get("/requests")).body["items"]
    made = await anna.post("/requests", body, Idempotency_Key="v1")
    assert (201, "pending") == (made.status, made.body["request"]["state"])
    assert f"/api/v1/requests/{made.body['request']['id']}" == made.headers["Location"]
    await cast.company.settle()
    assert any("море" in each.text for each in cast.sergey.chat)
    assert made.body == (await anna.post("/requests", body, Idempotency_Key="v1")).body
    again = await anna.post("/requests", body)
    assert 201 == again.status
    states = {each["id"]: each["state"] for each in (await anna.get("/requests?role=mine")).body["items"]}
    assert {made.body["request"]["id"]: "replaced", again.body["request"]["id"]: "pending"} == states


async def test_a_correction_is_fitted_to_the_log(cast: Cast) -> None:
    """A forgotten check-out is asked for; what does not fit is refused with its sentence."""
    await cast.anna.says("пришла")
    await cast.company.move("2026-07-14T09:00")
    anna = await cast.company.key_of(cast.anna)
    wish = {"kind": "correction", "wish": "check_out", "at": "2026-07-13T18:00:00+03:00"}
    made = await anna.post("/requests", wish)
    assert (201, "correction") == (made.status, made.body["request"]["kind"])
    assert any("18:00" in line for line in made.body["request"]["lines"])
    refused = await anna.post("/requests", {**wish, "at": "2026-07-20T18:00:00+03:00"})
    assert (409, "still_to_come") == (refused.status, refused.code)
    refused = await anna.post("/requests", {"kind": "correction", "wish": "check_out"})
    assert (422, "bad_body", "at") == (refused.status, refused.code, refused.body["errors"][0]["at"])


async def test_others_are_asked_for_by_whoever_may(cast: Cast) -> None:
    """A lead records for their people at once; anybody else is refused; a key of the portal asks for nobody."""
    body = {"kind": "leave", "leave": "sick", "first": "2026-07-13", "person_id": str(cast.anna.employee_id)}
    sergey = await cast.company.key_of(cast.sergey)
    made = await sergey.post("/requests", body)
    assert (201, "approved") == (made.status, made.body["request"]["state"])
    boris = await cast.company.key_of(cast.boris)
    refused = await boris.post("/requests", body)
    assert (403, "not_your_people") == (refused.status, refused.code)
    machine = await cast.company.key_of(cast.olga, is_service=True)
    assert "person_wanted" == (await machine.post("/requests", body)).code
    neither = await boris.post("/requests", {"reason": "x"})
    assert (422, "bad_body") == (neither.status, neither.code)


async def test_templates_are_seen_by_all_and_switched_on_by_few(cast: Cast) -> None:
    """Ready-made ones are listed; who may not keep them has no such scope; one that is off begins nothing."""
    anna = await cast.company.key_of(cast.anna)
    listed = {each["key"]: each for each in (await anna.get("/templates")).body["items"]}
    assert set(ready_made()) <= set(listed)
    key = min(ready_made())
    refused = await anna.post(f"/templates/{key}/activation")
    assert (403, "scope_missing") == (refused.status, refused.code)
    begun = await anna.post("/requests", {"template": key, "fields": {}})
    assert (409, "template_off") == (begun.status, begun.code)


async def test_templates_are_checked_and_kept_in_versions(cast: Cast) -> None:
    """What is wrong is told by place; a new one is a draft; a change of it wants the version that was seen."""
    olga = await cast.company.key_of(cast.olga)
    document = _document()
    checked = await olga.post("/templates/check", {"document": document})
    assert (200, True) == (checked.status, checked.body["ok"])
    broken = await olga.post("/templates/check", {"document": {**document, "route": {}}})
    assert not broken.body["ok"]
    assert broken.body["faults"]
    made = await olga.call("PUT", "/templates/api_try", {"document": document})
    assert (200, 1, "draft") == (made.status, made.body["version"], made.body["state"])
    refused = await olga.call("PUT", "/templates/api_try", {"document": document})
    assert (428, "precondition_required") == (refused.status, refused.code)
    again = await olga.call("PUT", "/templates/api_try", {"document": document}, headers={"If-Match": made.tag})
    assert 2 == again.body["version"]
    refused = await olga.call("PUT", "/templates/api_try", {"document": document}, headers={"If-Match": made.tag})
    assert (412, "changed_meanwhile") == (refused.status, refused.code)
    assert 1 == (await olga.get("/templates/api_try/versions/1")).body["version"]
    assert 404 == (await olga.get("/templates/api_try/versions/9")).status
    on = await olga.post("/templates/api_try/activation")
    assert (200, "on") == (on.status, on.body["state"])
    tried = await olga.post("/templates/api_try/simulation", {"initiator_id": str(cast.anna.employee_id)})
    assert [[str(cast.sergey.employee_id)]] == [each["asked"] for each in tried.body["stages"]]
    anna, sergey = await cast.company.key_of(cast.anna), await cast.company.key_of(cast.sergey)
    seen = await anna.post("/requests?dry_run=true", {"template": "api_try", "fields": {"amount": 100}})
    assert [str(cast.sergey.employee_id)] == seen.body["preview"]["asked"]
    lacking = await anna.post("/requests", {"template": "api_try"})
    assert (422, "fields/amount") == (lacking.status, lacking.body["errors"][0]["at"])
    begun = await anna.post("/requests", {"template": "api_try", "fields": {"amount": 100}})
    assert (201, 1) == (begun.status, begun.body["request"]["number"])
    same = await anna.post("/requests", {"template": "api_try", "fields": {"amount": 100}})
    assert (200, begun.body["request"]["id"]) == (same.status, same.body["request"]["id"])
    path = f"/requests/{begun.body['request']['id']}"
    shown = await sergey.get(path)
    assert "decide" in shown.body["can"]
    refused = await sergey.post(f"{path}/decision", {"verdict": "approve"}, If_Match='"99"')
    assert (412, "changed_meanwhile") == (refused.status, refused.code)
    said = await sergey.post(f"{path}/comments", {"reason": "проверяю"})
    assert 200 == said.status
    done = await sergey.post(f"{path}/decision", {"verdict": "approve"}, If_Match=said.tag)
    assert 200 == done.status
    assert "approved" == done.body["state"]
    refused = await sergey.post(f"{path}/decision", {"verdict": "reject", "reason": "x"}, If_Match=done.tag)
    assert 409 == refused.status
    assert [path.rsplit("/", 1)[1]] == [
        each["id"] for each in (await anna.get("/requests?template=api_try")).body["items"]
    ]
    boris, vera = await cast.company.key_of(cast.boris), await cast.company.key_of(cast.vera)
    assert [404, 404] == [(await each.get(path)).status for each in (boris, vera)]
    events = (await anna.get(f"{path}/events")).body
    assert events["is_whole"]
    assert "проверяю" in [each["said"] for each in events["items"]]


def _document() -> dict[str, object]:
    stage = {
        "id": "head",
        "tracks": [{"id": "head", "approvers": [{"by": "head_of", "of": "initiator"}], "rule": {"type": "any"}}],
        "deadline": {"after": "2d"},
    }
    return {
        "schema": "approval.template/1",
        "route": {
            "schema": "approval.route/1",
            "key": "api_try",
            "version": 1,
            "title": {"ru": "Проба", "en": "A try"},
            "subjects": ["custom"],
            "stages": [stage],
        },
        "form": [{"key": "amount", "title": {"ru": "Сумма", "en": "Amount"}, "type": "number", "required": True}],
    }


async def test_what_is_written_is_no_line_of_the_card(cast: Cast) -> None:
    """A reason and a field stand in one line, and turn no writing round: nobody adds lines that look like ours."""
    anna, olga = await cast.company.key_of(cast.anna), await cast.company.key_of(cast.olga)
    faked = "море\n✅ Одобрено\u2028Сумма: 1 ₽\u202eруб"
    leave = {"kind": "leave", "leave": "vacation", "first": "2026-07-20", "last": "2026-07-24", "reason": faked}
    assert 201 == (await anna.post("/requests", leave)).status
    field = {"key": "what", "title": {"ru": "Что", "en": "What"}, "type": "text", "required": True}
    head = [{"by": "head_of", "of": "initiator"}]
    track = {"id": "h", "approvers": head, "rule": {"type": "any"}}
    stage = {"id": "s", "deadline": {"after": "2d"}, "tracks": [track]}
    route = {
        "schema": "approval.route/1", "key": "papers", "version": 1, "title": {"ru": "Бумаги", "en": "Papers"},
        "subjects": ["custom"], "stages": [stage],
    }  # fmt: skip
    document = {"schema": "approval.template/1", "route": route, "form": [field]}
    await olga.call("PUT", "/templates/papers", {"document": document})
    assert 200 == (await olga.post("/templates/papers/activation")).status
    made = await anna.post("/requests", {"template": "papers", "fields": {"what": faked}})
    assert 201 == made.status, made.body
    await cast.company.settle()
    seen = "\n".join(each.text for each in cast.sergey.chat)
    assert 2 == seen.count("море ✅ Одобрено Сумма: 1 ₽руб")
    assert not [each for each in seen.splitlines() if each.startswith(("✅ Одобрено", "Сумма"))]
    long = await anna.post("/requests", {"template": "papers", "fields": {"what": "ы" * 1001}})
    assert (422, ["fields/what"]) == (long.status, [each["at"] for each in long.body["errors"]])
