"""What an administrator wants of the production calendar: another kind of day, a moved day off, a year vouched for."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.domain.planning.calendar import CalendarDay, ProductionCalendar


class ChangeKind(StrEnum):
    """What is wanted."""

    WORKING = "working"
    OFF = "off"
    SHORT = "short"
    MOVE = "move"
    """The day off of `day` is given on `to_day` instead."""
    YEAR = "year"
    """Every move of the year of `day` has been entered."""


@dataclass(frozen=True, slots=True)
class CalendarChange:
    """A wish about a day, or about two."""

    kind: ChangeKind
    day: date
    to_day: date | None = None

    def days(self, calendar: ProductionCalendar) -> list[CalendarDay]:
        """Return the days that would be other than in the calendar; a Refusal where a day off cannot be moved so."""
        match self.kind:
            case ChangeKind.WORKING:
                wanted = [calendar.made_working(self.day)]
            case ChangeKind.OFF:
                wanted = [calendar.made_off(self.day)]
            case ChangeKind.SHORT:
                wanted = [calendar.made_short(self.day)]
            case ChangeKind.MOVE:
                wanted = calendar.moved(self.day, self.to_day or self.day)
            case ChangeKind.YEAR:
                return [calendar.confirmed(self.day.year)]
        return [each for each in wanted if not _alike(each, calendar.day(each.day))]

    def __str__(self) -> str:
        """Return the change as the audit keeps it."""
        return f"{self.kind} {self.day}" + (f" -> {self.to_day}" if self.to_day else "")


def _alike(one: CalendarDay, other: CalendarDay) -> bool:
    return (one.is_off, one.is_short) == (other.is_off, other.is_short)
