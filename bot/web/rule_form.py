"""A rule as the fields of a form, and back: conditions joined in one way, and what is done, one below the other.

What a form cannot say (groups within groups, a notification to several people) is edited as JSON: `is_sayable` tells.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from bot.domain.approvals.condition import And, Compare, Or
from bot.domain.approvals.lines import NotJson, parsed
from bot.domain.approvals.reading import BadRoute
from bot.domain.automation.deeds import Deed
from bot.domain.automation.rule import RULE_SCHEMA, AutomationRule
from bot.domain.automation.rule_reading import read_rule

MOST_CONDITIONS: Final = 6
MOST_DEEDS: Final = 6
WITHOUT_VALUE: Final = frozenset({"changed", "empty"})
DEEDS: Final = ("approve", "task", "deal", "stage", "update", "notify", "comment", "process", "tell_request")
_NUMBER: Final = re.compile(r"-?\d{1,15}(\.\d{1,6})?")
_LINE: Final = re.compile(r"\s*([^=\n]+?)\s*=\s*(.*)")


def form_of(fields: Mapping[str, str], *, key: str, titles: Mapping[str, str]) -> dict[str, Any]:
    """Return the rule that fields say, as JSON; whether it is one is for the reader of rules to say."""
    kind = fields.get("object", "deal")
    watched: dict[str, Any] = {"kind": kind}
    if kind == "smart_process":
        watched["type_id"] = _whole(fields.get("type_id", ""))
    return {
        "schema": RULE_SCHEMA,
        "key": key,
        "version": 1,
        "title": dict(titles),
        "object": watched,
        "event": fields.get("event", "changed"),
        "when": _condition(fields),
        "do": [_deed(fields, f"d{number}") for number in range(MOST_DEEDS) if fields.get(f"d{number}_do")],
    }


def fields_of(rule: AutomationRule) -> dict[str, str]:
    """Return the fields that say a rule, as far as fields can."""
    fields = {"object": rule.object.kind, "event": rule.event, "join": "and"}
    if rule.object.type_id:
        fields["type_id"] = str(rule.object.type_id)
    compared = rule.when
    several = compared.args if isinstance(compared, And | Or) else [] if compared is None else [compared]
    if isinstance(compared, Or):
        fields["join"] = "or"
    for number, each in enumerate(several[:MOST_CONDITIONS]):
        if isinstance(each, Compare):
            place = f"c{number}"
            fields[f"{place}_field"], fields[f"{place}_test"] = each.field, each.test
            if each.test not in WITHOUT_VALUE:
                fields[f"{place}_value"] = _written_values(each.value)
    for number, deed in enumerate(rule.do[:MOST_DEEDS]):
        fields |= {f"d{number}_{name}": value for name, value in _said(deed).items()}
    return fields


def is_sayable(rule: AutomationRule) -> bool:
    """Whether a form says the whole of a rule."""
    form = form_of(fields_of(rule), key=rule.key, titles={str(name): text for name, text in rule.title.items()})
    try:
        again = read_rule(form)
    except BadRoute:
        return False
    return again.model_copy(update={"version": rule.version}) == rule


# Conditions


def _condition(fields: Mapping[str, str]) -> dict[str, Any] | None:
    found: list[dict[str, Any]] = []
    for number in range(MOST_CONDITIONS):
        name, test = fields.get(f"c{number}_field", ""), fields.get(f"c{number}_test", "eq")
        if not name:
            continue
        compared: dict[str, Any] = {"op": "cmp", "field": name, "test": test}
        said = fields.get(f"c{number}_value", "")
        if test == "in":
            compared["value"] = [_value(each.strip()) for each in said.split(",") if each.strip()]
        elif test not in WITHOUT_VALUE:
            compared["value"] = _value(said)
        found.append(compared)
    if not found:
        return None
    join = "or" if fields.get("join") == "or" else "and"
    return found[0] if len(found) == 1 else {"op": join, "args": found}


def _written_values(value: Any) -> str:
    return ", ".join(map(_written, value)) if isinstance(value, list) else _written(value)


# Values


def _value(said: str) -> Any:
    """Return what was written: a number, yes or no, else the text; in quotes it is a text whatever it looks like."""
    if _NUMBER.fullmatch(said):
        return float(said) if "." in said else int(said)
    if said in ("true", "false"):
        return said == "true"
    if len(said) > 1 and said[0] == said[-1] == '"':
        try:
            return str(parsed(said))
        except NotJson:
            return said
    return said


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value if _value(value) == value and "," not in value else json.dumps(value, ensure_ascii=False)
    return "" if value is None else str(value)


def _fillings(said: str) -> dict[str, Any]:
    """Return the values of lines such as `opportunity = 100`."""
    found = {}
    for line in said.splitlines():
        if (pair := _LINE.fullmatch(line)) is not None:
            found[pair[1]] = _value(pair[2].strip())
        elif line.strip():
            found[line.strip()] = ""
    return found


def _filling_lines(values: Mapping[str, Any]) -> str:
    return "\n".join(f"{name} = {_filling(value)}" for name, value in values.items())


def _filling(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) and _value(value) != value else _plain(value)


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else _written(value)


def _whole(said: str) -> Any:
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 16 else said


# What is done


def _deed(fields: Mapping[str, str], place: str) -> dict[str, Any]:
    def said(name: str) -> str:
        return fields.get(f"{place}_{name}", "")

    match fields[f"{place}_do"]:
        case "approve":
            return {"do": "approve", "template": said("template"), "fields": _fillings(said("fields"))}
        case "task":
            made: dict[str, Any] = {"do": "task", "title": said("title"), "responsible": _who(said)}
            made |= {"deadline": said("deadline")} if said("deadline") else {}
            return made | ({"description": said("text")} if said("text") else {})
        case "deal":
            made = {"do": "deal", "title": said("title"), "responsible": _who(said)}
            made |= {"stage": said("stage")} if said("stage") else {}
            return made | {"fields": _fillings(said("fields"))}
        case "stage":
            return {"do": "stage", "stage": said("stage")}
        case "update":
            return {"do": "update", "fields": _fillings(said("fields"))}
        case "notify":
            return {"do": "notify", "to": [_who(said)], "text": said("text")}
        case "comment":
            return {"do": "comment", "text": said("text")}
        case "process":
            return {
                "do": "process", "template_id": _whole(said("number")), "parameters": _fillings(said("fields")),
            }  # fmt: skip
        case other:
            return {"do": other}


def _who(said: Any) -> dict[str, Any]:
    match said("who"):
        case "mover":
            return {"by": "mover"}
        case "head":
            return {"by": "head_of", "of": "responsible"}
        case "head_mover":
            return {"by": "head_of", "of": "mover"}
        case "person":
            return {"by": "user", "id": _whole(said("whom"))}
        case "field":
            return {"by": "field", "path": said("whom")}
        case _:
            return {"by": "responsible"}


def _said(deed: Deed) -> dict[str, str]:
    form = deed.model_dump(mode="json")
    fields = {"do": str(form["do"])}
    renamed = {"description": "text", "template_id": "number"}
    for name, value in form.items():
        match name:
            case "fields" | "parameters":
                fields["fields"] = _filling_lines(value)
            case "responsible":
                fields |= _said_who(value)
            case "to":
                fields |= _said_who(value[0])
            case "do":
                pass
            case _:
                fields[renamed.get(name, name)] = "" if value is None else str(value)
    return fields


def _said_who(who: Mapping[str, Any]) -> dict[str, str]:
    match who["by"]:
        case "head_of":
            return {"who": "head_mover" if who["of"] == "mover" else "head"}
        case "user":
            return {"who": "person", "whom": str(who["id"])}
        case "field":
            return {"who": "field", "whom": str(who["path"])}
        case by:
            return {"who": str(by)}
