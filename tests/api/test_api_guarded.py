"""What the door keeps: answers for whoever had them, its time for keys that may be right, pages that are built once."""

from datetime import timedelta
from pathlib import Path

from bot.api import routes
from bot.dispatch.turn import Occasion
from bot.domain.people.employee import Role
from bot.services.people.keys import Keys
from bot.services.people.people import People
from tests.api.caller import BASE, Cast, Program, cast_of

STAGE = {"tracks": [{"id": "head", "approvers": [{"by": "head_of", "of": "initiator"}], "rule": {"type": "any"}}]}


async def test_an_answer_that_was_kept_is_not_for_whoever_has_other_rights_by_now(cast: Cast) -> None:
    """Sent again after a change of the role it is neither shown nor done again."""
    sergey = await cast.company.key_of(cast.sergey)
    body = {"kind": "leave", "leave": "sick", "first": "2026-07-13", "person_id": str(cast.anna.employee_id)}
    made = await sergey.post("/requests", body, Idempotency_Key="k1")
    assert (201, made.body) == (
        (again := await sergey.post("/requests", body, Idempotency_Key="k1")).status,
        again.body,
    )
    boss, lead = await cast.olga.employee(), await cast.sergey.employee()
    now = cast.company.clock.now()
    await cast.company.does(lambda services: services.get(People).set_role(boss, lead, Role.EMPLOYEE, now))
    refused = await sergey.post("/requests", body, Idempotency_Key="k1")
    assert (422, "key_reused") == (refused.status, refused.code)
    olga = await cast.company.key_of(cast.olga)
    assert 1 == len((await olga.get("/requests")).body["items"])


async def test_a_decision_in_one_stage_is_none_in_the_next(cast: Cast) -> None:
    """Whoever is asked again is not told that it is done: their answer is cast, and then it is."""
    olga, anna, sergey = [await cast.company.key_of(each) for each in (cast.olga, cast.anna, cast.sergey)]
    stages = [{**STAGE, "id": each, "deadline": {"after": "2d"}} for each in ("first", "second")]
    document = {
        "schema": "approval.template/1",
        "route": {
            "schema": "approval.route/1",
            "key": "api_twice",
            "version": 1,
            "title": {"ru": "Дважды", "en": "Twice"},
            "subjects": ["custom"],
            "stages": stages,
        },
        "form": [],
    }
    assert 200 == (await olga.call("PUT", "/templates/api_twice", {"document": document})).status
    assert 200 == (await olga.post("/templates/api_twice/activation")).status
    begun = await anna.post("/requests", {"template": "api_twice", "fields": {}})
    path = f"/requests/{begun.body['request']['id']}"
    states = []
    for _ in range(3):
        shown = (await sergey.get(path)).body
        items = [{"id": shown["id"], "version": shown["version"]}]
        done = await sergey.post("/requests/decisions", {"verdict": "approve", "items": items})
        assert [shown["id"]] == [each["id"] for each in done.body["done"]]
        after = (await sergey.get(path)).body
        states.append((after["state"], after["version"] > shown["version"]))
        cast.company.clock.move_to(cast.company.clock.now() + timedelta(minutes=1))
        await cast.company.settle()
    assert [True, True] == [grew for _, grew in states[:2]]
    assert "approved" == states[-1][0]


async def test_an_address_that_tries_wrong_keys_is_refused_before_its_body_is_read(tmp_path: Path) -> None:
    """A key that was right lately goes on; any other waits, however large what it sends."""
    cast = await cast_of(tmp_path, rate=10)
    company = cast.company
    try:
        anna, boris = await company.key_of(cast.anna), await company.key_of(cast.boris)
        assert 200 == (await anna.get("/me")).status
        stranger = Program(company.client, "smk_" + "b" * 43)
        assert {401} == {(await stranger.get("/me")).status for _ in range(10)}
        large = {"Content-Type": "application/json"}
        refused = await stranger.call("POST", "/punches", raw=b" " * 300_000, headers=large)
        assert (429, "too_many") == (refused.status, refused.code)
        assert [200, 429] == [(await each.get("/me")).status for each in (anna, boris)]
        company.ticks += 6
        assert 200 == (await boris.get("/me")).status
    finally:
        await company.close()


async def test_the_page_of_the_document_is_built_once(cast: Cast) -> None:
    """Whoever asks again is given what was built, in their language."""
    routes.warm_up()
    built = routes._docs_text.cache_info().misses
    texts = []
    for locale in ("en", "ru", "en"):
        async with cast.company.client.get(f"{BASE}/docs", headers={"Accept-Language": locale}) as answer:
            texts.append(await answer.text())
    assert built == routes._docs_text.cache_info().misses
    assert texts[0] == texts[2] != texts[1]


async def test_keys_of_the_portal_end_with_the_application(cast: Cast) -> None:
    """Nobody who comes back finds a program at work that they do not know; people's own keys stay."""
    machine, anna = await cast.company.key_of(cast.olga, is_service=True), await cast.company.key_of(cast.anna)
    olga, now = await cast.olga.employee(), cast.company.clock.now()

    async def ends(services: object) -> None:
        await services.get(Keys).end_of_portal(olga.portal_id, now)  # type: ignore[attr-defined]

    await cast.company.undertaking(ends, Occasion(now))
    assert [401, 200] == [(await each.get("/me")).status for each in (machine, anna)]


async def test_administrators_hear_of_the_end_of_a_key_of_the_portal(cast: Cast) -> None:
    """Whoever made it may have left; a person's own key is told to that person alone."""
    await cast.company.key_of(cast.olga, is_service=True)
    await cast.company.key_of(cast.anna)
    sergey = await cast.sergey.employee()
    await cast.olga.says(f"/admin {sergey.name}")
    await cast.sergey.says(f"/disable {(await cast.olga.employee()).name}")
    before = [len([each for each in person.shown if "🔑" in each]) for person in (cast.olga, cast.sergey, cast.anna)]
    await cast.company.move(timedelta(days=85))
    after = [len([each for each in person.shown if "🔑" in each]) for person in (cast.olga, cast.sergey, cast.anna)]
    assert [0, 1, 1] == [now - was for now, was in zip(after, before, strict=True)]
