"""Reading values in both typings: native JSON, and the strings that a PHP form makes of everything."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

_DIGITS = 18
_YES = frozenset({"1", "y", "yes", "true"})


def text(value: Any) -> str:
    """Return a string that every database can keep: no NUL, no lone surrogate; anything but a scalar is empty."""
    if value.__class__ is str and value.isascii() and "\x00" not in value:
        return value
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value).replace("\x00", "").encode(errors="replace").decode()


def number(value: Any) -> int:
    """Return a non-negative integer, also of a string of digits; 0 for anything else."""
    if isinstance(value, bool):
        return 0
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) <= _DIGITS:
        return int(value)
    return value if isinstance(value, int) and 0 <= value < 10**_DIGITS else 0


def flag(value: Any) -> bool:
    """Return whether the value means yes: true, 1, "1", "Y"; "0", "", "N" and what is missing mean no."""
    return value is True or (isinstance(value, str | int) and str(value).lower() in _YES)


def mapping(value: Any) -> Mapping[str, Any]:
    """Return an object; anything else, such as the [] of an empty PHP map, is empty."""
    return value if isinstance(value, Mapping) else {}


def items(value: Any) -> list[Any]:
    """Return the members of a list, also of one that came as a map of positions."""
    if isinstance(value, Mapping):
        return list(value.values())
    return value if isinstance(value, list) else []


def instant(value: Any) -> datetime | None:
    """Return an aware instant of ISO text with an offset or of seconds since 1970; None for anything else."""
    seconds = number(value)
    try:
        if seconds:
            return datetime.fromtimestamp(seconds, UTC)
        read = datetime.fromisoformat(value) if isinstance(value, str) else None
        return read.astimezone(UTC) if read is not None and read.tzinfo is not None else None
    except (ValueError, OverflowError, OSError):
        return None


def day(value: Any) -> date | None:
    """Return the date that a portal writes as ISO text, with a time of its own zone or without; None for others."""
    try:
        return date.fromisoformat(text(value)[:10])
    except ValueError:
        return None
