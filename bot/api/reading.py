"""What a caller sent, as the operation wants it; what is wrong with it is told by place, and never repeated."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web
from pydantic import BaseModel, ValidationError

from bot.api.operation import Operation
from bot.api.problems import BAD_BODY, BAD_HEADER, BAD_QUERY, NOT_JSON, PRECONDITION_REQUIRED, Refused, own
from bot.api.schemas.base import Given, Query
from bot.text import Phrase, t

MOST_DEPTH = 16


def locale_of(request: web.Request) -> str:
    """Return the language that the caller reads: the first of ours that is named, else English."""
    for each in request.headers.get("Accept-Language", "")[:200].split(","):
        language = each.split(";")[0].strip().lower().split("-")[0]
        if language in {"ru", "en"}:
            return language
    return "en"


def tags_of(header: str) -> list[str]:
    """Return the ETags that `If-None-Match` names."""
    return [each.strip().removeprefix("W/") for each in header[:1000].split(",")]


def seen_by(request: web.Request, operation: Operation) -> int | None:
    """Return which version the caller saw: the number with which an ETag begins."""
    if not (operation.wants_match or operation.may_match):
        return None
    said = request.headers.getall("If-Match", [])
    if not said or said == ["*"]:
        if operation.wants_match:
            raise own(PRECONDITION_REQUIRED)
        return None
    tag = said[0].strip()
    version = tag[1:-1].partition(".")[0] if len(tag) > 2 and tag[0] == tag[-1] == '"' else ""
    if len(said) > 1 or not (version.isascii() and version.isdigit() and len(version) < 19):
        raise own(BAD_HEADER, errors=[("If-Match", t("It is one ETag as we gave it, in quotation marks."))])
    return int(version)


def read_query(model: type[Query], text: str) -> Query | Refused:
    """Return what stands behind the question mark; a refusal of what is doubled, unknown or wrong."""
    values: dict[str, str] = {}
    try:
        pairs = parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text), max_num_fields=50, errors="strict")
    except (ValueError, UnicodeDecodeError):
        return own(BAD_QUERY)
    for name, value in pairs:
        if name in values:
            return own(BAD_QUERY, errors=[(shown_name(name, model), t("It stands there twice."))])
        values[name] = value
    try:
        return model.model_validate(values)
    except ValidationError as error:
        return own(BAD_QUERY, errors=wrongs(error, model))


def read_body(model: type[Given] | None, request: web.Request, body: bytes) -> Given | None:
    """Return the body as the operation wants it."""
    if model is None:
        return None
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise own(NOT_JSON)
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise own(BAD_BODY, status=400) from None
    if depth_of(value) > MOST_DEPTH:
        raise own(BAD_BODY, status=400)
    try:
        return model.model_validate_json(body, strict=True)
    except ValidationError as error:
        raise own(BAD_BODY, status=422, errors=wrongs(error, model)) from None


def depth_of(value: Any) -> int:
    """Return how many lists and objects lie in one another."""
    depth, level = 0, [value]
    while level := [each for each in level if isinstance(each, dict | list)]:
        depth += 1
        if depth > MOST_DEPTH:
            break
        level = [each for some in level for each in (some.values() if isinstance(some, dict) else some)]
    return depth


_WRONG: Mapping[str, Phrase] = {
    "missing": t("It is missing."),
    "extra_forbidden": t("It is not known here."),
    "string_too_long": t("It is too long."),
    "string_too_short": t("It is too short."),
    "too_long": t("There are too many."),
    "too_short": t("There are too few."),
    "enum": t("It is none of the values that are known here."),
    "literal_error": t("It is none of the values that are known here."),
    "greater_than_equal": t("The number is too small."),
    "less_than_equal": t("The number is too large."),
    "json_invalid": t("It is not JSON as it is written."),
}


def wrongs(error: ValidationError, model: type[BaseModel]) -> list[tuple[str, Phrase]]:
    """Return where something is wrong and what; nothing that was sent is repeated but names that we know."""
    found = []
    for each in error.errors(include_url=False, include_context=False, include_input=False)[:20]:
        where = "/".join(str(part) if isinstance(part, int) else shown_name(part, model) for part in each["loc"])
        found.append((where, _WRONG.get(each["type"], t("It is not of the form that is wanted here."))))
    return found


def shown_name(name: str, model: type[BaseModel]) -> str:
    """Return a name as it may be repeated: one of ours, else none."""
    return name if name in _names(model) else "…"


def _names(model: type[BaseModel]) -> set[str]:
    found, todo = set(), [model]
    while todo:
        for name, each in todo.pop().model_fields.items():
            found.add(name)
            kinds = [each.annotation, *getattr(each.annotation, "__args__", ())]
            todo += [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)]
    return found
