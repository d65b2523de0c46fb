"""The door: who is let in, what is refused before anything is done, and in which words."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.people.api_key import PREFIX, Scope
from bot.services.people.keys import Keys
from tests.api.caller import BASE, Cast, Program, cast_of


async def test_me_tells_who_calls(cast: Cast) -> None:
    """A key acts as its person, with their role; it says what it may do and until when."""
    anna = await cast.company.key_of(cast.anna)
    told = await anna.get("/me")
    assert 200 == told.status
    assert "Анна Ким" == told.body["person"]["name"]
    assert "own" == told.body["rights"]["see_hours"]
    assert anna.token[:8] == told.body["key"]["prefix"]
    assert "2026-10-11T06:00:00Z" == told.body["key"]["expires_at"]
    assert "requests:decide" in told.body["key"]["scopes"]
    assert "settings:read" not in told.body["key"]["scopes"]


async def test_without_a_key_that_works_nobody_is_let_in(cast: Cast) -> None:
    """No key, a wrong one, one of another form: all answered alike."""
    anna = await cast.company.key_of(cast.anna)
    for token in ("", "smk_" + "a" * 43, "x" * 47, anna.token[:-1] + "!"):
        refused = await Program(cast.company.client, token).get("/me")
        assert (401, "unauthorized") == (refused.status, refused.code), token
        assert "Bearer" in refused.headers["WWW-Authenticate"]
        assert f"Authorization: Bearer {PREFIX}…" in refused.body["title"]


async def test_a_key_ends_at_once_with_its_person_its_time_and_by_revoking(cast: Cast) -> None:
    """The very next call is refused."""
    company, olga = cast.company, await cast.olga.employee()
    anna, boris, vera = [await company.key_of(each) for each in (cast.anna, cast.boris, cast.vera)]
    [key] = await company.does(lambda services: _own_keys(services, cast))
    person = await cast.anna.employee()
    await company.does(lambda services: services.get(Keys).revoke(person, key, company.clock.now()))
    assert 401 == (await anna.get("/me")).status
    admin = await company.key_of(cast.olga)
    seen = await admin.get(f"/people/{cast.boris.employee_id}")
    changed = await admin.call(
        "PATCH", f"/people/{cast.boris.employee_id}", {"is_disabled": True}, headers={"If-Match": seen.tag}
    )
    assert (200, True) == (changed.status, changed.body["is_disabled"])
    assert 401 == (await boris.get("/me")).status
    assert 200 == (await vera.get("/me")).status
    company.clock.move_to(company.clock.now() + timedelta(days=90))
    assert 401 == (await vera.get("/me")).status
    assert olga.id


async def _own_keys(services: Any, cast: Cast) -> list[int]:
    person = await cast.anna.employee()
    return [each.id for each in await services.get(Keys).of(person, cast.company.clock.now())]


async def test_a_scope_that_is_missing_is_named(cast: Cast) -> None:
    """What the key may not be used for is refused, whatever its person may do."""
    olga = await cast.company.key_of(cast.olga, [Scope.ME])
    refused = await olga.get("/people")
    assert (403, "scope_missing") == (refused.status, refused.code)
    assert "people:read" in refused.body["title"]


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("ru-RU,ru;q=0.9", "Здесь ничего нет"),
        ("en", "There is nothing here"),
        ("de,fr", "There is nothing here"),
    ],
)
async def test_people_read_a_refusal_in_their_language(cast: Cast, language: str, title: str) -> None:
    """The title follows Accept-Language, else it is English; the code stays."""
    anna = await cast.company.key_of(cast.anna)
    refused = await anna.get("/people/77", **{"Accept-Language": language})
    assert (404, "not_found") == (refused.status, refused.code)
    assert refused.body["title"].startswith(title)
    assert "application/problem+json" == refused.headers["Content-Type"].split(";")[0]
    assert f"{BASE}/problems/not_found" == refused.body["type"]


@pytest.mark.parametrize("query", ["x=1", "limit=1&limit=2", "limit=0", "limit=101", "limit=two", "after=%21", "q=%ff"])
async def test_an_address_is_read_strictly(cast: Cast, query: str) -> None:
    """Unknown, doubled and wrong parameters are refused, and what was sent is not repeated."""
    anna = await cast.company.key_of(cast.anna)
    refused = await anna.get(f"/people?{query}")
    assert (400, "bad_query") == (refused.status, refused.code)
    assert "two" not in json.dumps(refused.body, ensure_ascii=False).replace("twice", "")


@pytest.mark.parametrize(
    ("raw", "kind", "status", "code"),
    [
        (b"{", "application/json", 400, "bad_body"),
        (b"[" * 100_000, "application/json", 400, "bad_body"),
        (b'{"kind":' + b'{"a":' * 20 + b"1" + b"}" * 21, "application/json", 400, "bad_body"),
        (b'{"kind": "in"}', "text/plain", 415, "not_json"),
        (b'{"kind": "dance"}', "application/json", 422, "bad_body"),
        (b'{"kind": "in", "secret": 1}', "application/json", 422, "bad_body"),
        (b'{"kind": "in", "at": "2026-07-13T09:00:00"}', "application/json", 422, "bad_body"),
        (b'{"kind": "in", "at": 1}', "application/json", 422, "bad_body"),
        (b'{"kind": "in", "person_id": 12}', "application/json", 422, "bad_body"),
        (b'{"kind": "\\ud800"}', "application/json", 422, "bad_body"),
        (b" " * 300_000, "application/json", 413, "too_large"),
    ],
)
async def test_a_body_is_read_strictly(cast: Cast, raw: bytes, kind: str, status: int, code: str) -> None:
    """What is no JSON, too deep, too large, unknown or of another type does nothing."""
    anna = await cast.company.key_of(cast.anna)
    refused = await anna.call("POST", "/punches", raw=raw, headers={"Content-Type": kind})
    assert (status, code) == (refused.status, refused.code)
    assert "secret" not in json.dumps(refused.body)
    assert [] == await cast.anna.log()


async def test_a_key_in_an_address_is_refused(cast: Cast) -> None:
    """Addresses are logged, remembered and sent on."""
    anna = await cast.company.key_of(cast.anna)
    refused = await anna.get(f"/me?key={anna.token}")
    assert (400, "bad_query") == (refused.status, refused.code)
    assert anna.token not in json.dumps(refused.body)


async def test_other_verbs_are_told_which_there_are(cast: Cast) -> None:
    """405 carries Allow; what is nowhere is 404; HEAD is GET without its body."""
    anna = await cast.company.key_of(cast.anna)
    refused = await anna.call("DELETE", "/people")
    assert (405, "GET, HEAD") == (refused.status, refused.headers["Allow"])
    refused = await anna.call("OPTIONS", f"/people/{cast.anna.employee_id}")
    assert (405, "GET, HEAD, PATCH") == (refused.status, refused.headers["Allow"])
    assert "Access-Control-Allow-Origin" not in refused.headers
    assert 404 == (await anna.get("/nowhere")).status
    looked = await anna.call("HEAD", "/people")
    assert (200, b"") == (looked.status, looked.body)


async def test_what_is_known_already_is_not_sent_again(cast: Cast) -> None:
    """If-None-Match is answered with 304, until something changes or another language is read."""
    anna = await cast.company.key_of(cast.anna)
    first = await anna.get("/people")
    again = await anna.get("/people", **{"If-None-Match": first.tag})
    assert (304, b"") == (again.status, again.body)
    assert 200 == (await anna.get("/people", **{"If-None-Match": first.tag, "Accept-Language": "ru"})).status
    assert "private, no-store" == first.headers["Cache-Control"]
    await cast.company.hire("Новый Человек", "telegram")
    assert 200 == (await anna.get("/people", **{"If-None-Match": first.tag})).status


async def test_who_calls_too_often_waits(tmp_path: Path) -> None:
    """A key has ten calls a second, fifty at once; every answer tells how many are left."""
    cast = await cast_of(tmp_path, rate=10)
    company = cast.company
    try:
        anna = await company.key_of(cast.anna)
        answers = [await anna.get("/me") for _ in range(51)]
        assert [200] * 50 + [429] == [each.status for each in answers]
        assert '"key";q=50;w=5' == answers[0].headers["RateLimit-Policy"]
        assert '"key";r=49;t=1' == answers[0].headers["RateLimit"]
        assert ("too_many", "1") == (answers[-1].code, answers[-1].headers["Retry-After"])
        boris = await company.key_of(cast.boris)
        assert 200 == (await boris.get("/me")).status
        company.ticks += 1
        assert 200 == (await anna.get("/me")).status
        wrong = [(await Program(company.client, "smk_" + "b" * 43).get("/me")).status for _ in range(11)]
        assert [401] * 10 + [429] == wrong
        assert 200 == (await anna.get("/me")).status
    finally:
        await company.close()
