"""What stands on the approval sheet of a request, as phrases for any reader."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.text import Lines, Phrase


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A part under a heading: labels with what belongs to them; without a label it is a line of its own."""

    heading: Phrase
    rows: Sequence[tuple[Phrase | None, Phrase | Lines]]


@dataclass(frozen=True, slots=True)
class ApprovalSheet:
    """Everything that stands on the sheet, as phrases for any reader."""

    title: Phrase
    below: Sequence[Phrase]
    outcome: Phrase
    parts: Sequence[SheetPart]
    seal: Sequence[Phrase]
    """Small print at the end: the hash of the record, and whether the record is whole."""
    drawn_up: datetime
    """When the last thing happened that the sheet tells of."""
    stem: Phrase
    """The file's name without its ending."""
