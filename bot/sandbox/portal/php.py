"""Form data as PHP reads and writes it: bracketed names that stand for nested arrays."""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl, quote_plus

_BRACKETS = re.compile(r"\[([^\[\]]*)\]")
_DEEPEST = 64


def nest(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Turn `a[b][c]=x` pairs into nested dicts; arrays numbered 0, 1, 2… become lists."""
    root: dict[str, Any] = {}
    for name, value in pairs:
        head, bracket, _ = name.partition("[")
        path = [head, *_BRACKETS.findall(name[len(head) :])] if bracket else [name]
        if not head or len(path) > _DEEPEST:
            continue
        node = root
        for key in path[:-1]:
            inner = node.get(_key(node, key))
            if not isinstance(inner, dict):
                inner = {}
                node[_key(node, key)] = inner
            node = inner
        node[_key(node, path[-1])] = value
    return {key: _listed(value) for key, value in root.items()}


def parse_query(query: str) -> dict[str, Any]:
    """Read a query string into nested values; every scalar is a string."""
    return nest(parse_qsl(query, keep_blank_values=True))


def build_query(values: dict[str, Any]) -> str:
    """Write nested values as `http_build_query` does: brackets percent-encoded, empty arrays gone, 1, 0 and empty."""
    return "&".join(f"{_encode(name)}={_encode(value)}" for name, value in _flat(values, ""))


def _key(node: dict[str, Any], key: str) -> str:
    """Return the key as it is, or the next free number for empty brackets."""
    if key:
        return key
    numbers = [int(each) for each in node if each.isdecimal()]
    return str(max(numbers) + 1 if numbers else 0)


def _listed(value: Any) -> Any:
    """Turn dicts numbered from 0 into lists, at every depth."""
    if not isinstance(value, dict):
        return value
    if list(value) == [str(number) for number in range(len(value))]:
        return [_listed(each) for each in value.values()]
    return {key: _listed(each) for key, each in value.items()}


def _flat(value: Any, name: str) -> Iterable[tuple[str, str]]:
    """Yield bracketed names and string values, depth first."""
    if isinstance(value, dict):
        items: Iterable[tuple[Any, Any]] = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    else:
        yield name, _scalar(value)
        return
    for key, each in items:
        yield from _flat(each, f"{name}[{key}]" if name else str(key))


def _scalar(value: Any) -> str:
    """Return the string that PHP makes of a scalar."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    return str(value)


def _encode(text: str) -> str:
    """Percent-encode as PHP's urlencode: a space is `+`, and the tilde is encoded too."""
    return quote_plus(text, errors="replace").replace("~", "%7E")
