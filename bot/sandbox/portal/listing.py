"""What list methods share: filters with prefixes and nested logic, order, selection, pages of fifty."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.sandbox.portal.params import Params
from bot.sandbox.portal.registry import Answer

PAGE = 50
_PREFIXES = ("!=%", "!%", "!=", "!@", ">=", "<=", "=%", "%=", "!", "=", ">", "<", "@", "%")
Row = Mapping[str, Any]


def holds(row: Row, conditions: Any) -> bool:
    """Whether a row fits a filter; nested ones are joined by their `logic`."""
    if not isinstance(conditions, dict):
        return True
    logic = str(conditions.get("logic", conditions.get("LOGIC", "AND"))).upper()
    results = [_condition(row, str(key), value) for key, value in conditions.items() if str(key).lower() != "logic"]
    return not results or (any(results) if logic == "OR" else all(results))


def _condition(row: Row, key: str, wanted: Any) -> bool:
    if key.isdecimal() and isinstance(wanted, dict):
        return holds(row, wanted)
    operator = next((prefix for prefix in _PREFIXES if key.startswith(prefix)), "")
    return _fits(row.get(key.removeprefix(operator)), operator, wanted)


def _fits(value: Any, operator: str, wanted: Any) -> bool:
    if operator.startswith("!"):
        return not _fits(value, operator[1:], wanted)
    if isinstance(value, list):
        return any(_fits(each, operator, wanted) for each in value)
    if "%" in operator:
        return str(wanted).strip("%").lower() in str(value or "").lower()
    if operator in ("", "=", "@"):
        choices = wanted if isinstance(wanted, list) else [wanted]
        return any(_text(value) == _text(each) for each in choices)
    left, right = _rank(value), _rank(wanted)
    return {">": left > right, ">=": left >= right, "<": left < right, "<=": left <= right}[operator]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Y" if value else "N"
    try:
        return f"{float(value):g}" if str(value).strip() else ""
    except (TypeError, ValueError):
        return str(value)


def _rank(value: Any) -> tuple[int, float, str]:
    """Put numbers in order as numbers, instants as instants, and everything else as text."""
    try:
        return 0, float(value), ""
    except (TypeError, ValueError):
        pass
    try:
        return 0, datetime.fromisoformat(value).timestamp(), ""
    except (TypeError, ValueError):
        return 1, 0.0, str(value or "")


def page(rows: Sequence[Row], params: Params, default_order: str, wrap: str = "") -> Answer:
    """Filter, order, cut out a page, and leave the selected fields; `wrap` is the name under which rows go out."""
    found = [row for row in rows if holds(row, params.values.get("filter"))]
    order = params.values.get("order")
    for name, direction in reversed(
        [*(order.items() if isinstance(order, dict) and order else [(default_order, "ASC")])]
    ):
        found.sort(key=lambda row: _rank(row.get(name)), reverse=str(direction).upper() == "DESC")
    start = params.integer("start", 0)
    following = max(start, 0) + PAGE
    cut = [selected(row, params) for row in found[max(start, 0) : following]]
    result: Any = {wrap: cut} if wrap else cut
    if start < 0:
        return Answer(result, 0)
    return Answer(result, len(found), following if following < len(found) else None)


def selected(row: Row, params: Params, always: Sequence[str] = ("id", "ID")) -> dict[str, Any]:
    """Return the fields that were asked for, and the id."""
    select = params.values.get("select")
    if not isinstance(select, list) or not select or "*" in select:
        return dict(row)
    return {name: value for name, value in row.items() if name in select or name in always}
