"""Commands of a batch: `method?query` with nested values in brackets, as PHP reads them."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote_plus

WORD_JOINER = "\u2060"


def batch_command(method: str, params: Mapping[str, Any]) -> str:
    """Return one command of a batch."""
    query = "&".join(f"{quote_plus(name)}={quote_plus(value, errors='replace')}" for name, value in _flat(params, ""))
    return f"{method}?{query}" if query else method


def _flat(value: Any, name: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield from _flat(each, f"{name}[{key}]" if name else str(key))
    elif isinstance(value, list | tuple):
        for number, each in enumerate(value):
            yield from _flat(each, f"{name}[{number}]")
    elif value is not None:
        yield name, _scalar(value)


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "Y" if value else "N"
    # A batch replaces `$result[…]` by results of its other commands, also in words that somebody typed.
    return str(value).replace("$result", f"${WORD_JOINER}result")
