"""The document of the API: its examples are taken, what it tells is what is answered, and it breaks no program."""

import copy
import json
import shlex
from collections.abc import Iterator
from typing import Any

import pytest
from aiohttp import FormData

from bot.api.docs import curl, python
from bot.api.openapi import openapi
from bot.api.problems import BASE
from bot.api.routes import OPERATIONS
from bot.api.schemas.problem import ProblemForm
from docs.compatible import breaking
from tests.api.caller import Answered, Cast

DOCUMENT = openapi(OPERATIONS)
OPERATION = {each.name: each for each in OPERATIONS}
TOLD = [(path, verb, told) for path, verbs in DOCUMENT["paths"].items() for verb, told in verbs.items()]
TAKEN = {400, 408, 413, 415, 428}
"""Statuses of what nobody could have meant: no example is answered with one."""


def filled(address: str, cast: Cast) -> str:
    """Return an address with ids of the company in it."""
    names = {
        "person_id": str(cast.anna.employee_id),
        "day": "2026-12-01",
        "year": "2026",
        "n": "1",
        "channel": "telegram",
    }
    for name, value in names.items():
        address = address.replace(f"{{{name}}}", value)
    while "{" in address:
        before, _, rest = address.partition("{")
        name, _, after = rest.partition("}")
        address = f"{before}{'1' if name.endswith('_id') else 'no_such'}{after}"
    return address


def called_by_shell(line: str) -> tuple[str, str, dict[str, str], Any]:
    """Return verb, address, headers and body of a line for a shell."""
    words = shlex.split(line.replace("\\\n", " "))
    assert words[0] == "curl"
    verb, address, headers, body = "GET", "", {}, None
    for word, after in zip(words[1:], [*words[2:], ""], strict=True):
        if word == "-X":
            verb = after
        elif word == "-H":
            name, _, value = after.partition(": ")
            headers[name] = value
        elif word == "-d":
            body = json.loads(after)
        elif word == "-F":
            body = after
        elif word.startswith("https://"):
            address = word.partition(BASE)[2]
    return verb, address, headers, body


@pytest.mark.parametrize("caller", ["anna", "sergey", "olga", "program"])
async def test_every_example_is_taken(cast: Cast, caller: str) -> None:
    """What the page of the document shows is understood; and each answer is one of those told."""
    how = {"is_service": True} if caller == "program" else {}
    program = await cast.company.key_of(cast.olga if caller == "program" else getattr(cast, caller), **how)
    for path, verb, told in TOLD:
        verb_said, address, headers, body = called_by_shell(curl(path, verb, told, DOCUMENT))
        assert (verb.upper(), path) == (verb_said, address.partition("?")[0])
        headers.pop("Authorization", None)
        if body is not None and "multipart/form-data" in told["requestBody"]["content"]:
            assert body == "file=@paper.pdf"
            body, headers = FormData(), {}
            body.add_field("file", b"content", filename="paper.pdf")
        answered = await program.call(verb_said, filled(address, cast), body, headers=headers)
        assert_told(told, answered)
        assert answered.status not in TAKEN, (path, verb, answered.body)
        if answered.status == 422:
            assert answered.code != "bad_body", (path, verb, answered.body)


def test_the_lines_for_python_say_the_same() -> None:
    """Each is Python, and makes the call that the line for a shell makes."""
    made: list[tuple[str, str, Any, bool]] = []

    class Smena:
        def request(self, verb: str, path: str, *, json: Any = None, headers: Any = None, files: Any = None) -> None:
            made.append((verb, path, json or files, headers is not None))

    for path, verb, told in TOLD:
        exec(python(path, verb, told, DOCUMENT), {"smena": Smena(), "etag": '"7"', "open": lambda *_: "paper"})
        by_shell = called_by_shell(curl(path, verb, told, DOCUMENT))
        verb_said, address, body, matches = made.pop()
        assert by_shell[:2] == (verb_said, address.removeprefix(BASE))
        assert matches == ("If-Match" in by_shell[2])
        assert (body is None) == (by_shell[3] is None)


def assert_told(told: dict[str, Any], answered: Answered) -> None:
    """See to it that an answer is one of which the document tells, in its status, its code and its form."""
    name, status = told["operationId"], str(answered.status)
    assert status in told["responses"], (name, status, answered.body)
    if answered.status >= 400:
        ProblemForm.model_validate(answered.body)
        assert f"`{answered.code}`" in told["responses"][status]["description"], (name, status, answered.code)
    elif OPERATION[name].answers is not None and answered.status != 304:
        OPERATION[name].answers.model_validate_json(json.dumps(answered.body))


WRONG: list[Any] = [None, "", "x" * 5000, -1, 10**30, 1.5, True, [], {}, [[]], "\0", "2026-02-30", {"…": 1}]


def wrongly(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield bodies of which each field in turn is something else."""
    form = DOCUMENT["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
    yield from ({name: each} for name in form.get("properties", {}) for each in WRONG)


@pytest.mark.parametrize("caller", ["anna", "olga"])
async def test_whatever_is_sent_the_answer_is_told_of(cast: Cast, caller: str) -> None:
    """Fields of every kind of wrong, one at a time, in bodies and addresses: refused as the document says."""
    how = {"is_service": True} if caller == "program" else {}
    program = await cast.company.key_of(cast.olga if caller == "program" else getattr(cast, caller), **how)
    match = {"If-Match": '"7"'}
    for path, verb, told in TOLD:
        address = filled(path, cast)
        schema = told.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
        for body in [*wrongly(schema), [], "x"] if schema else []:
            assert_told(told, await program.call(verb.upper(), address, body, headers=match))
        for each in (one for one in told["parameters"] if one["in"] == "query"):
            for said in ("", "x", "-1", "%00", "9" * 30, "2026-02-30"):
                asked = f"{address}?{each['name']}={said}"
                assert_told(told, await program.call(verb.upper(), asked, {} if schema else None, headers=match))


def _changed(*place: Any, to: Any = None) -> dict[str, Any]:
    """Return the document with something other in one place, or without it."""
    after = copy.deepcopy(DOCUMENT)
    *way, last = place
    found: Any = after
    for each in way:
        found = found[each]
    if to is None:
        del found[last]
    else:
        found[last] = to(found.get(last) if isinstance(found, dict) else found[last])
    return after


SCHEMAS = ("components", "schemas")
BREAKS = {
    "GET /me is gone": _changed("paths", "/me"),
    "POST /punches: answers 201 no more": _changed("paths", "/punches", "post", "responses", "201"),
    "POST /punches: body wants at": _changed(*SCHEMAS, "Punch", "required", to=lambda was: [*was, "at"]),
    "POST /punches: body knows no at": _changed(*SCHEMAS, "Punch", "properties", "at"),
    "POST /requests/{request_id}/decision: body.verdict may be no reject any more": _changed(
        *SCHEMAS, "Decision", "properties", "verdict", "enum", to=lambda _: ["approve"]
    ),
    "GET /me: answer may be without role": _changed(
        *SCHEMAS, "Me", "required", to=lambda was: [x for x in was if x != "role"]
    ),
    "GET /me: answer.portal.name may be integer": _changed(
        *SCHEMAS, "PortalForm", "properties", "name", "type", to=lambda _: "integer"
    ),
    "GET /people: knows no q": _changed(
        "paths", "/people", "get", "parameters", to=lambda was: [x for x in was if x["name"] != "q"]
    ),
    "GET /people: wants q": _changed(
        "paths",
        "/people",
        "get",
        "parameters",
        to=lambda was: [x | {"required": x["required"] or x["name"] == "q"} for x in was],
    ),
}


@pytest.mark.parametrize("what", BREAKS)
def test_what_would_break_programs_is_found(what: str) -> None:
    """Each way in which a document can take something back."""
    assert what in breaking(DOCUMENT, BREAKS[what])
    assert BREAKS[what] != DOCUMENT


def test_what_only_comes_besides_breaks_nobody() -> None:
    """New operations, fields that may be left out, fields that are answered besides."""
    fewer = _changed("paths", "/me")
    assert [] == breaking(fewer, DOCUMENT)
    assert [] == breaking(DOCUMENT, DOCUMENT)
    without = _changed(*SCHEMAS, "Me", "properties", "role")
    without["components"]["schemas"]["Me"]["required"].remove("role")
    assert [] == breaking(without, DOCUMENT)
    optional = _changed(*SCHEMAS, "Punch", "properties", "at")
    assert [] == breaking(optional, DOCUMENT)
