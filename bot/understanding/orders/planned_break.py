"""The break that a schedule plans: «обед 13-14», «обед 30 минут», «обед в 13 на час»."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.understanding.moments import halves
from bot.understanding.orders.forms import Hours, inside, text
from bot.understanding.orders.pieces import clock
from bot.understanding.phrases import Length, Number, Said

if TYPE_CHECKING:
    from collections.abc import Sequence

_HOUR: Final = 60
_DAY: Final = 24 * 60
_SHORTEST_BARE: Final = 15
_LONGEST: Final = 6 * 60


@dataclass(slots=True)
class PlannedBreak:
    """A break as far as it was heard, in minutes and minutes since midnight."""

    is_none: bool = False
    start: int | None = None
    minutes: int | None = None

    def take(self, value: object) -> bool:
        """Take the next piece if it tells of the break."""
        if self.is_none:
            return False
        match value:
            case Hours(start, end) if self.start is None and self.minutes is None:
                self.start, self.minutes = start, (end - start) % _DAY
            case Said(Length(seconds)) if self.minutes is None:
                self.minutes = seconds // 60
            case Said(Number(minutes), "") if self.minutes is None and minutes >= _SHORTEST_BARE:
                self.minutes = minutes
            case Said(said, "at" | "since") if self.start is None and (time := clock(said)) is not None:
                self.start = halves(time, "break_start")[0] * 60 + time.minute
            case _:
                return False
        return self.minutes is None or 0 < self.minutes <= _LONGEST

    def slot(self, work: Sequence[Hours]) -> dict[str, object] | None:
        """Return the break as its slot holds it; None where only the word was said."""
        if self.is_none:
            return {"start": None, "minutes": 0}
        if self.start is not None:
            start = inside(self.start, work[0] if work else None)
            return {"start": text(start), "minutes": self.minutes or _HOUR}
        return None if self.minutes is None else {"start": None, "minutes": self.minutes}
