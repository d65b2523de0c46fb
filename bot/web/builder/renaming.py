"""A field of a template that gets another name in files: whatever names it goes with it."""

import re
from collections.abc import Mapping
from typing import Any

from bot.domain.approvals.who import INITIATOR

_NAME = re.compile(r"[A-Za-z_][\w.]{0,63}", re.ASCII)
_IN_TEXT = re.compile(r"\{([A-Za-z_]\w{0,63})\}")
_NAMED_BY = {"cmp": "field", "field": "path", "head_of": "of"}
"""Where a condition and a person name a field, by what they are."""
_OWN = frozenset({"decision", "who", "comment", "time", "number", "title"})
"""What texts say of the request itself, also where a field has that name."""


def followed(before: Mapping[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """Return a template whose conditions, people, watched fields and outcomes name its fields as they are named now.

    Only a name that was one field's alone and is one field's alone leads on: nobody can tell two of a name apart.
    """
    names = _renamed(before["form"], after["form"])
    if not names:
        return after
    route = dict(after["route"])
    route["stages"] = _in_parts(route["stages"], names)
    route["outcomes"] = _in_texts(route["outcomes"], names)
    policy = route["policy"]
    route["policy"] = {**policy, "watch": [_named(each, names) for each in policy.get("watch") or ()]}
    return {**after, "route": route}


def _renamed(before: list[Any], after: list[Any]) -> dict[str, str]:
    was, now = [str(each["key"]) for each in before], [str(each["key"]) for each in after]
    if len(was) != len(now):
        return {}
    return {
        old: new
        for old, new in zip(was, now, strict=True)
        if old != new and _NAME.fullmatch(new) and was.count(old) == now.count(new) == 1
    }


def _named(name: Any, names: Mapping[str, str]) -> Any:
    """Return a name as it is now; of a dotted one the field is its beginning."""
    if not isinstance(name, str) or name == INITIATOR:
        return name
    field, dot, rest = name.partition(".")
    return names.get(name) or f"{names.get(field, field)}{dot}{rest}"


def _in_parts(value: Any, names: Mapping[str, str]) -> Any:
    match value:
        case list():
            return [_in_parts(each, names) for each in value]
        case dict():
            found = {key: _in_parts(each, names) for key, each in value.items()}
            place = _NAMED_BY.get(str(value.get("op") or value.get("by")), "")
            return {**found, place: _named(found[place], names)} if place in found else found
        case _:
            return value


def _in_texts(value: Any, names: Mapping[str, str]) -> Any:
    match value:
        case str():
            return _IN_TEXT.sub(lambda found: _in_text(found[1], names), value)
        case list():
            return [_in_texts(each, names) for each in value]
        case dict():
            return {key: _in_texts(each, names) for key, each in value.items()}
        case _:
            return value


def _in_text(name: str, names: Mapping[str, str]) -> str:
    return f"{{{name if name in _OWN else names.get(name, name)}}}"
