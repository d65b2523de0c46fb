"""Actions: what a pressed button means, as a typed value that packs into 64 bytes for every channel."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Annotated, Any, ClassVar, Self, get_args

LIMIT = 64
"""Bytes of Telegram's callback_data; the smaller limit holds for both channels."""
FARTHEST = 1 << 63
"""No number on a button of ours is as large: ids have 63 bits."""
Instant = Annotated[int, range(1 << 33)]
"""Epoch seconds on a button: until the year 2242, which every calendar can tell."""

_KINDS: dict[str, type["Action"]] = {}
_SHAPES: dict[type["Action"], tuple[tuple[str, Sequence[range]], ...]] = {}
"""The fields of each action, as far as they were packed."""


class UnknownAction(ValueError):
    """The data of a button is not an action of ours: forged, foreign or from a version long gone."""


@dataclass(frozen=True, slots=True)
class Action:
    """Base of all presses. A subclass names its `code` and has only int and str fields without a colon.

    Buttons stay in chats for years: a press under a code that it had `formerly` is still read as the same action.
    """

    code: ClassVar[str] = ""
    codes: ClassVar[tuple[str, ...]] = ()
    """The code, and those it had formerly."""

    def __init_subclass__(cls, *, code: str = "", formerly: Sequence[str] = (), **more: Any) -> None:
        """Register the action under its codes, which must be new and short."""
        super(Action, cls).__init_subclass__(**more)
        # dataclass(slots=True) makes the class a second time, without the keywords: the second is the one in use.
        code = code or cls.__dict__.get("code", "")
        if not code:
            return
        cls.code, cls.codes = code, (code, *formerly) if formerly else cls.__dict__.get("codes", (code,))
        for each in cls.codes:
            known = _KINDS.get(each)
            if known is not None and (known.__module__, known.__qualname__) != (cls.__module__, cls.__qualname__):
                raise ValueError(f"action code {each!r} is taken by {known.__qualname__}")
            _KINDS[each] = cls

    def pack(self) -> str:
        """Return the button data; ValueError when it would not fit."""
        parts = [self.code]
        for name, ranges in _shape(type(self)):
            value = getattr(self, name)
            text = str(value)
            if ":" in text or _is_far(value, ranges):
                raise ValueError(f"{type(self).__name__} does not fit into a button")
            parts.append(text)
        data = ":".join(parts)
        if len(data.encode()) > LIMIT:
            raise ValueError(f"{type(self).__name__} does not fit into a button")
        return data

    @staticmethod
    def unpack(data: str) -> "Action":
        """Return the action that button data means; UnknownAction for anything else."""
        code, *values = data.split(":")
        kind = _KINDS.get(code)
        if kind is None or len(data.encode(errors="replace")) > LIMIT:
            raise UnknownAction(code)
        return kind._of(values)  # noqa: SLF001 - a class method of the same family

    @classmethod
    def _of(cls, values: list[str]) -> Self:
        wanted = fields(cls)
        if len(values) != len(wanted):
            raise UnknownAction(cls.code)
        try:
            return cls(*(_read(each.type, value) for each, value in zip(wanted, values, strict=True)))
        except (TypeError, ValueError) as error:
            raise UnknownAction(cls.code) from error


def _read(kind: Any, text: str) -> object:
    """Return what a field holds; ValueError for what no button of ours has there.

    Annotations are real types here: action modules do not postpone them.
    """
    plain = get_args(kind)[0] if get_args(kind) else kind
    value: object = plain(text)
    if _is_far(value, get_args(kind)[1:]):
        raise ValueError(text)
    return value


def _shape(kind: type[Action]) -> tuple[tuple[str, Sequence[range]], ...]:
    """Return the fields of an action with the ranges of their numbers."""
    known = _SHAPES.get(kind)
    if known is None:
        known = _SHAPES[kind] = tuple((each.name, get_args(each.type)[1:]) for each in fields(kind))
    return known


def _is_far(value: object, ranges: Sequence[range]) -> bool:
    """Whether a number is one that no database holds, or that is out of the ranges of its field."""
    if not isinstance(value, int):
        return False
    return abs(value) >= FARTHEST or (bool(ranges) and any(value not in each for each in ranges))
