"""OpenAPI 3.1 of the operations: the forms are those that check what is sent, and nothing is told twice."""

from collections.abc import Sequence
from typing import Any

from pydantic.json_schema import models_json_schema

from bot import __version__
from bot.api.operation import Operation
from bot.api.problems import (
    BAD_BODY,
    BAD_HEADER,
    BAD_QUERY,
    BASE,
    CHANGED_MEANWHILE,
    KEY_REUSED,
    MANY_UPLOADS,
    NOT_FORM,
    NOT_FOUND,
    NOT_JSON,
    NOT_READY,
    OWN,
    OWN_UPLOADS,
    PRECONDITION_REQUIRED,
    SCOPE_MISSING,
    TOO_LARGE,
    TOO_MANY,
    TOO_SLOW,
    UNAUTHORIZED,
)
from bot.domain.people.api_key import Scope
from bot.services.statuses import ALL as STATUSES

_REF = "#/components/schemas/{model}"
_DETAILS = "application/problem+json"
_FILE = {
    "type": "object",
    "properties": {"file": {"type": "string", "format": "binary", "description": "One file, of 20 MB at most"}},
    "required": ["file"],
    "additionalProperties": False,
}
_LIMITS = {
    name: {"schema": {"type": "string"}, "description": words}
    for name, words in {
        "RateLimit": "How many calls are left, and in how many seconds all are there again",
        "RateLimit-Policy": "How many calls a key has",
    }.items()
}


def refusals_of(operation: Operation) -> dict[int, list[str]]:
    """Return the codes that an operation may refuse with, by status; its own first, then those of every door."""
    found: dict[int, list[str]] = {}

    def add(status: int, *codes: str) -> None:
        known = found.setdefault(status, [])
        known += [each for each in codes if each not in known]

    for each in operation.refuses:
        code = each if isinstance(each, str) else each.code
        statuses = OWN[code][0] if code in OWN else (STATUSES[code],)
        add(statuses[0], code)
    add(400, BAD_QUERY)
    add(401, UNAUTHORIZED)
    add(429, TOO_MANY)
    if operation.scope is not None:
        add(403, SCOPE_MISSING)
    if "{" in operation.path:
        add(404, NOT_FOUND)
    if operation.body is not None or operation.takes_file:
        add(400, BAD_BODY)
        add(408, TOO_SLOW)
        add(413, TOO_LARGE)
        add(415, NOT_FORM if operation.takes_file else NOT_JSON)
        add(422, BAD_BODY)
    if operation.takes_file:
        add(429, OWN_UPLOADS)
        add(503, MANY_UPLOADS)
    if operation.is_repeatable:
        add(400, BAD_HEADER)
        add(422, KEY_REUSED)
    if operation.wants_match or operation.may_match:
        add(400, BAD_HEADER)
        add(412, CHANGED_MEANWHILE)
    if operation.wants_match:
        add(428, PRECONDITION_REQUIRED)
    add(503, NOT_READY)
    return dict(sorted(found.items()))


def openapi(operations: Sequence[Operation]) -> dict[str, Any]:
    """Return the document."""
    from bot.api.schemas.problem import ProblemForm  # noqa: PLC0415 - the document alone names it

    given = [(each.body, "validation") for each in operations if each.body is not None]
    shown = [(each.answers, "serialization") for each in operations if each.answers is not None]
    models: list[Any] = [*dict.fromkeys([*given, *shown, (ProblemForm, "serialization")])]
    refs, schemas = models_json_schema(models, ref_template=_REF)
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.verb.lower()] = _operation(operation, refs)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Smena",
            "version": __version__,
            "summary": "Working time and approvals",
            "description": (
                "Ids are strings. Instants are UTC, days ISO dates, lengths whole seconds. A refusal is a problem "
                "document (RFC 9457) with a `code`. Lists go on at `next`. What changes has an `ETag`; decisions and "
                "changes want it back in `If-Match`. A POST with an `Idempotency-Key` is done once."
            ),
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": BASE}],
        "security": [{"key": []}],
        "tags": [{"name": each} for each in dict.fromkeys(_tag(operation) for operation in operations)],
        "paths": paths,
        "components": {
            "schemas": schemas.get("$defs", {}),
            "securitySchemes": {
                "key": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A key of yours: `smk_…`. Scopes: " + ", ".join(f"`{each.value}`" for each in Scope),
                }
            },
        },
    }


def _tag(operation: Operation) -> str:
    return operation.path.strip("/").split("/")[0]


def _operation(operation: Operation, refs: Any) -> dict[str, Any]:
    told: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "tags": [_tag(operation)],
        "parameters": _parameters(operation),
        "responses": _responses(operation, refs),
    }
    if operation.scope is not None:
        told["x-scope"] = operation.scope.value
    if operation.takes_file:
        told["requestBody"] = {"required": True, "content": {"multipart/form-data": {"schema": _FILE}}}
    if operation.body is not None:
        schema = refs[operation.body, "validation"]
        told["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return told


def _parameters(operation: Operation) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for name in [each[1:-1] for each in operation.path.split("/") if each.startswith("{")]:
        schema: dict[str, Any] = {"type": "string"}
        if name.endswith("_id"):
            schema |= {"pattern": "^[0-9]{1,19}$"}
        elif name == "day":
            schema |= {"format": "date"}
        found.append({"name": name, "in": "path", "required": True, "schema": schema})
    form = operation.query.model_json_schema(ref_template=_REF)
    for name, schema in form.get("properties", {}).items():
        found.append(
            {
                "name": name,
                "in": "query",
                "required": name in form.get("required", []),
                "description": schema.get("description", ""),
                "schema": _inlined(schema, form.get("$defs", {})),
            }
        )
    if operation.is_repeatable:
        found.append(
            _header("Idempotency-Key", "The call is done once, however often it is sent", pattern="^[!-~]{1,100}$")
        )
    if operation.wants_match or operation.may_match:
        words = "The ETag, or the version, that you saw"
        found.append(
            _header("If-Match", words, required=operation.wants_match, pattern='^"[0-9]{1,18}(\\.[0-9a-f]{1,64})?"$')
        )
    return found


def _header(name: str, words: str, *, required: bool = False, pattern: str) -> dict[str, Any]:
    schema = {"type": "string", "pattern": pattern}
    return {"name": name, "in": "header", "required": required, "description": words, "schema": schema}


def _inlined(schema: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    """Return the form of a parameter by itself: no title, no null, for what is absent is not sent."""
    kept = {name: value for name, value in schema.items() if name not in {"title", "description", "default"}}
    options = [each for each in kept.pop("anyOf", []) if each.get("type") != "null"]
    for each in options:
        kept |= each
    if "$ref" in kept:
        kept |= {**known[kept.pop("$ref").rsplit("/", 1)[-1]]}
    kept.pop("title", None)
    kept.pop("description", None)
    if schema.get("default") is not None:
        kept["default"] = schema["default"]
    return kept


def _responses(operation: Operation, refs: Any) -> dict[str, Any]:
    headers = dict(_LIMITS)
    done: dict[str, Any] = {"description": "Done" if operation.verb != "GET" else "What was asked for"}
    if operation.file_type:
        done["content"] = {operation.file_type: {"schema": {"type": "string", "format": "binary"}}}
    elif operation.answers is not None:
        done["content"] = {"application/json": {"schema": refs[operation.answers, "serialization"]}}
    if headers:
        done["headers"] = headers
    found: dict[str, Any] = {str(each): done for each in (operation.status, *operation.also)}
    if operation.verb == "GET":
        found["304"] = {"description": "It is as you know it"}
    for status, codes in refusals_of(operation).items():
        words = "; ".join(f"`{code}`: {_words(code)}" for code in codes)
        content = {_DETAILS: {"schema": {"$ref": "#/components/schemas/ProblemForm"}}}
        found[str(status)] = {"description": words, "content": content}
    return found


def _words(code: str) -> str:
    if code not in OWN:
        return code.replace("_", " ")
    words = OWN[code][1]
    return words.message.format(**words.values) if words.values else words.message
