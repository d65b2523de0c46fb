"""Actions: what a pressed button means, as a typed value that packs into 64 bytes for every channel."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Self

LIMIT = 64
"""Bytes of Telegram's callback_data; the smaller limit holds for both channels."""
FARTHEST = 1 << 63
"""No number on a button of ours is as large: ids have 63 bits."""

_KINDS: dict[str, type["Action"]] = {}


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
        data = ":".join([self.code, *(str(getattr(self, each.name)) for each in fields(self))])
        values = [getattr(self, each.name) for each in fields(self)]
        if len(data.encode()) > LIMIT or any(":" in str(each) for each in values) or any(map(_is_far, values)):
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
            # Annotations are real types here: action modules do not postpone them.
            found = [each.type(value) for each, value in zip(wanted, values, strict=True)]  # type: ignore[operator]
            if any(map(_is_far, found)):
                raise UnknownAction(cls.code)
            return cls(*found)
        except (TypeError, ValueError) as error:
            raise UnknownAction(cls.code) from error


def _is_far(value: object) -> bool:
    """Whether a number is one that no database holds."""
    return isinstance(value, int) and abs(value) >= FARTHEST
