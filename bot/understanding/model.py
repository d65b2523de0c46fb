"""What `understand` answers with: readings, and the words of the contract they are written in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

ANSWER = "answer"
"""The intent of a bare phrase that answers the slot asked for; never given where no slot was asked for."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to take a text: what the person wants, and the details they said."""

    intent: str
    slots: Mapping[str, object] = field(default_factory=dict)
    is_doubtful: bool = field(default=False, compare=False)
    """Whether the person is asked even where this is the only reading: «пока» may end a day, or a talk."""

    def to_json(self) -> dict[str, Any]:
        """Return the reading as plain JSON values."""
        return {"intent": self.intent, "slots": plain(self.slots)}


@dataclass(frozen=True, slots=True)
class Understanding:
    """A text with its one reading, or with the readings to ask about, or with none.

    Where `ambiguous` is not empty, nothing may be done before the person has chosen one of its readings; `intent` and
    `slots` are then those of the first. It holds one reading where that one is doubtful.
    """

    text: str
    intent: str | None = None
    slots: Mapping[str, object] = field(default_factory=dict)
    ambiguous: tuple[Reading, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the object that the command line prints: instants as ISO with offset, days as YYYY-MM-DD."""
        return {
            "text": self.text,
            "intent": self.intent,
            "slots": plain(self.slots),
            "ambiguous": [reading.to_json() for reading in self.ambiguous],
        }


def plain(slots: Mapping[str, object]) -> dict[str, object]:
    """Return slots with instants and days as ISO text."""
    return {name: value.isoformat() if isinstance(value, (datetime, date)) else value for name, value in slots.items()}


def from_readings(text: str, readings: tuple[Reading, ...]) -> Understanding:
    """Return the understanding of a text that has these readings, the likeliest first."""
    if not readings:
        return Understanding(text)
    first = readings[0]
    is_asked = len(readings) > 1 or first.is_doubtful
    return Understanding(text, first.intent, first.slots, readings if is_asked else ())
