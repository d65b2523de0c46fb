"""Values of a subject's fields compared: nothing is converted, and a yes is not the number one."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any


def at(subject: Mapping[str, Any], field: str) -> Any:
    """Return the value of a field or None; one with dots is looked for as it is written, else step by step."""
    if field in subject or "." not in field:
        return subject.get(field)
    found: Any = subject
    for step in field.split("."):
        found = found.get(step) if isinstance(found, Mapping) else None
    return found


def canonical(value: Any) -> Any:
    """Return something hashable that is equal for equal JSON values alone."""
    match value:
        case bool():
            return ("truth", value)
        case list() | tuple():
            return ("list", *(canonical(each) for each in value))
        case dict():
            return ("object", *sorted((name, canonical(each)) for name, each in value.items()))
        case _:
            return value


def same(left: Any, right: Any) -> bool:
    """Say whether two JSON values are equal."""
    return bool(canonical(left) == canonical(right))


def is_empty(value: Any) -> bool:
    """Say whether nothing is there: null, no letter, no element."""
    return value is None or (isinstance(value, str | list | tuple | dict) and not value)


def revision(subject: Mapping[str, Any], watched: Iterable[str]) -> str:
    """Return a text that is equal for equal values of the watched fields alone."""
    values = [_as_number(at(subject, name)) for name in watched]
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:32]


def _as_number(value: Any) -> Any:
    """Write a whole number in one way, with or without a point."""
    match value:
        case float() if value.is_integer():
            return int(value)
        case list():
            return [_as_number(each) for each in value]
        case dict():
            return {name: _as_number(each) for name, each in value.items()}
        case _:
            return value
