"""What rows are made of: tuples or what indexes like them; instants and texts as both databases can hold them."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

Row = Sequence[Any]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def millis(instant: datetime) -> int:
    """Return an instant as the databases hold it: whole milliseconds since 1970, cut, never rounded up."""
    return (instant - _EPOCH) // _MILLISECOND


def instant(value: int) -> datetime:
    """Return an instant as the program holds it."""
    return _EPOCH + timedelta(milliseconds=value)


def clean(text: str) -> str:
    """Return text that every database can hold: no NUL, and no half of a character that JSON escapes can smuggle in."""
    if text.isascii():
        return text.replace("\0", "") if "\0" in text else text
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode(errors="replace").decode()
    return text.replace("\0", "")


def compact(value: Any) -> str:
    """Return a value as JSON in as few characters as there can be, and as every database can hold it."""
    return clean(_encode(value))
