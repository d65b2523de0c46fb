"""Bodies of events: a PHP form's bracketed names, or JSON, become nested dicts within limits."""

import json
from functools import lru_cache
from typing import Any

from yarl import query_to_pairs

from bot.channels.doors import MOST

MAX_BODY = MOST
MAX_FIELDS = 2_000
MAX_DEPTH = 8
MAX_NAME = 512
_JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


class BadBody(ValueError):
    """A body that cannot be read; `code` is for machines, the text for people. Nothing of the body is in either."""

    def __init__(self, code: str, title: str, status: int = 400) -> None:
        """Name what is wrong."""
        super().__init__(title)
        self.code = code
        self.title = title
        self.status = status


def parse_body(body: bytes, content_type: str) -> dict[str, Any]:
    """Read an event's body by its content type; whatever is not JSON is read as a form."""
    if len(body) > MAX_BODY:
        raise BadBody("body_too_large", "The body is larger than 256 KiB.", 413)
    kind = content_type.partition(";")[0].strip().lower()
    try:
        decoded = body.decode()
    except UnicodeDecodeError:
        raise BadBody("not_utf8", "The body is not UTF-8.") from None
    return _json(decoded) if kind == _JSON else parse_form(decoded)


def parse_form(body: str) -> dict[str, Any]:
    """Turn `a[b][c]=x` into nested dicts; `a[]` counts up; of a scalar and a dict of one name the first stays."""
    try:
        pairs = query_to_pairs(body, max_fields=MAX_FIELDS)
    except ValueError:
        raise BadBody("too_many_fields", f"The form has more than {MAX_FIELDS} fields.") from None
    root: dict[str, Any] = {}
    for name, value in pairs:
        path = _path(name)
        if len(path) > MAX_DEPTH:
            if path[0] == "data" and "params" in path[1:MAX_DEPTH]:
                continue  # a link's rich preview; we read nothing that deep, and the person's message must not be lost
            raise BadBody("too_deep", f"The form is nested deeper than {MAX_DEPTH} levels.")
        node = root
        for key in path[:-1]:
            inner = node.setdefault(key or str(len(node)), {})
            if inner.__class__ is not dict:
                break
            node = inner
        else:
            node.setdefault(path[-1] or str(len(node)), value)
    return root


@lru_cache(4096)
def _path(name: str) -> tuple[str, ...]:
    """Split a name at its brackets. The portal's names are few, so nearly every one is remembered."""
    if len(name) > MAX_NAME:
        raise BadBody("name_too_long", f"A field's name has more than {MAX_NAME} characters.")
    start = name.find("[")
    if start <= 0 or not name.endswith("]"):
        return (name,)
    return (name[:start], *name[start + 1 : -1].split("]["))


def _json(body: str) -> dict[str, Any]:
    try:
        read = json.loads(body)
    except (ValueError, RecursionError):
        raise BadBody("not_json", "The body is not valid JSON.") from None
    if not isinstance(read, dict):
        raise BadBody("not_an_event", "The body is not an object.")
    _measure(read)
    return read


def _measure(root: dict[str, Any]) -> None:
    """Hold JSON to the same number of fields and, outside a message's parameters, the same depth as a form."""
    count = 0
    level: list[tuple[Any, bool]] = [(root, False)]
    depth = 0
    while level:
        depth += 1
        below: list[tuple[Any, bool]] = []
        for node, is_deep_allowed in level:
            pairs = node.items() if isinstance(node, dict) else enumerate(node)
            count += len(node)
            for key, value in pairs:
                if isinstance(value, dict | list):
                    below.append((value, is_deep_allowed or (depth > 1 and key == "params")))
        if count > MAX_FIELDS:
            raise BadBody("too_many_fields", f"The body has more than {MAX_FIELDS} fields.")
        if depth >= MAX_DEPTH and any(not is_allowed for _, is_allowed in below):
            raise BadBody("too_deep", f"The body is nested deeper than {MAX_DEPTH} levels.")
        level = below
