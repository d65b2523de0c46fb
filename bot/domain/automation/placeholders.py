"""Values of an object put where `{title}` stands: by value, in one pass, never read again as a placeholder or as code.

Whoever carries a text to a portal or a messenger escapes the whole of it: a value is data of strangers.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from bot.domain.approvals.values import at

_PLACE: Final = re.compile(r"\{([A-Za-z_]\w{0,63}(?:\.\w{1,63})*)\}", re.ASCII)
_LONGEST: Final = 500
"""Letters of one value: a title that is a book fills no task."""


def names_in(text: str) -> Iterator[str]:
    """Yield the fields that a text has places for, in its order."""
    for found in _PLACE.finditer(text):
        yield found[1]


def filled(text: str, values: Mapping[str, Any]) -> str:
    """Return a text with the values in their places; nothing stands where there is no value."""
    return _PLACE.sub(lambda found: shown(at(values, found[1])), text)


def value_of(text: str | float | bool, values: Mapping[str, Any]) -> Any:
    """Return what a field becomes: of a single place the value as it is, of a text with places a text."""
    if not isinstance(text, str):
        return text
    whole = _PLACE.fullmatch(text)
    return filled(text, values) if whole is None else at(values, whole[1])


def shown(value: Any) -> str:
    """Return a value as a line of text: without line breaks and other control characters, and not too long."""
    match value:
        case None:
            return ""
        case bool():
            return "1" if value else "0"
        case float() if value.is_integer():
            return str(int(value))
        case list() | tuple():
            return _cut(", ".join(filter(None, map(shown, value))))
        case dict():
            return ""
        case _:
            return _cut(" ".join("".join(each if each.isprintable() else " " for each in str(value)).split()))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
