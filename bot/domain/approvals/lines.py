"""JSON as somebody wrote it: what can be printed again, and numbers that are numbers."""

import json
from typing import Any


class NotJson(ValueError):
    """What was read is no JSON."""


def parsed(text: str) -> Any:
    """Read JSON; NaN and the infinite are no numbers, half a character is no text."""
    try:
        form = json.loads(text, parse_constant=_no_number)
        if "\\ud" in text.lower():
            json.dumps(form, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise NotJson("not JSON") from None
    return form


def _no_number(name: str) -> Any:
    raise ValueError(name)
