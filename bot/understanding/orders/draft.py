"""A schedule as far as it was heard: hours, weekdays, a cycle, a norm, a break and the details beside them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from bot.understanding.orders.dates import beginning
from bot.understanding.orders.forms import Cycle, Hours, Norm, Share
from bot.understanding.orders.planned_break import PlannedBreak
from bot.understanding.phrases import Day, Length, Number, Said

if TYPE_CHECKING:
    from datetime import date

Slots = dict[str, object]
WEEK: Final = 7
_SIMPLE: Final = {
    "paid": ("break_is_paid", True),
    "unpaid": ("break_is_paid", False),
    "deduct": ("deducts_break", True),
    "no_deduct": ("deducts_break", False),
}
_DAYS: Final = {"workdays": range(5), "everyday": range(7), "weekends": range(5, 7)}
_TARGETS: Final = frozenset({"schedule", "shift", "me", "everybody", "department", "which"})


@dataclass(slots=True)
class Draft:
    """A schedule as far as it was heard."""

    today: date
    hours: list[Hours] = field(default_factory=list)
    days: list[int | None] = field(default_factory=lambda: [None] * WEEK)
    groups: list[list[int]] = field(default_factory=list)
    is_group_open: bool = False
    since: int | None = None
    free: int | None = None
    cycle: Cycle | None = None
    norm: Norm | None = None
    pause: PlannedBreak | None = None
    is_flexible: bool = False
    is_none: bool = False
    is_day_and_night: bool = False
    grace: bool = False
    slots: Slots = field(default_factory=dict)

    def take(self, value: object, following: object) -> bool:
        """Take the next piece, with the one after it in sight; whether it fits."""
        if self.pause is not None and self.pause.take(value):
            return True
        if self.grace and (minutes := _minutes(value)) is not None:
            self.grace = False
            return self._put("grace_minutes", minutes)
        match value:
            case str():
                return self._take_label(value)
            case Hours():
                return self._take_hours(value)
            case Cycle():
                fits, self.cycle = self.cycle is None, value
                return fits
            case Norm():
                fits, self.norm = self.norm is None, value
                return fits
            case Share():
                return self._put("fraction", str(value.part))
            case Said(Day(weekday=int()), "since") if not _is_end(following):
                return self._put("from_day", beginning(value.value, self.today))
            case Said(Day(weekday=int(weekday), turn=None), prep):
                return self._take_weekday(weekday, prep)
            case Said(said, "since"):
                return self._put("from_day", beginning(said, self.today))
        return False

    def _put(self, name: str, value: object) -> bool:
        fits = name not in self.slots and value is not None
        self.slots[name] = value
        return fits

    def _take_label(self, label: str) -> bool:
        if label in _TARGETS:
            return True
        if label in _SIMPLE:
            return self._put(*_SIMPLE[label])
        if label.startswith("fraction:"):
            return self._put("fraction", label.partition(":")[2])
        if label.startswith("accounting:"):
            return self._put("accounting", label.partition(":")[2])
        if label == "off":  # «сб вс выходной»
            self.groups, self.is_group_open = self.groups[:-1], False
            return True
        if label in _DAYS:
            self.groups.append([*_DAYS[label]])
            self.is_group_open = False
            return True
        match label:
            case "break" | "no_break":
                again = self.pause is not None
                self.pause = self.pause or PlannedBreak(is_none=label == "no_break")
                return not again or label == "break"
            case "grace":
                self.grace = True
            case "flexible":
                self.is_flexible = True
            case "none" | "no_schedule":
                self.is_none = True
            case "rota:day_night":
                self.is_day_and_night = True
            case _:
                return False
        return True

    def _take_weekday(self, weekday: int, prep: str) -> bool:
        if not self.is_group_open:
            self.groups.append([])
            self.is_group_open = True
        if prep == "until":
            start = self.since if self.since is not None else weekday
            self.groups[-1] += [(start + more) % WEEK for more in range((weekday - start) % WEEK + 1)]
            return self.since is not None
        self.groups[-1].append(weekday)
        self.since = weekday if prep == "since" else None
        return True

    def _take_hours(self, value: Hours) -> bool:
        """Give the days just named to these hours, and those named before them to the hours before."""
        if value not in self.hours:
            self.hours.append(value)
        place = self.hours.index(value)
        last = self.groups.pop() if self.groups else None
        self.settle_days()
        fits = last is not None or self.is_day_and_night or len(self.hours) == 1
        if last is None:
            self.free = place
        for day in last or ():
            self.days[day] = place
        self.is_group_open = False
        return fits

    def settle_days(self) -> None:
        """Give the days that no hours followed to the hours without days: «9-18 по будням»."""
        for day in (day for group in self.groups for day in group):
            self.days[day] = self.free or 0
        if self.groups:
            self.free = None
        self.groups = []


def _is_end(value: object) -> bool:
    """Whether a weekday ends a range: «с понедельника по четверг»."""
    return isinstance(value, Said) and value.prep == "until"


def _minutes(value: object) -> int | None:
    """Return the minutes of «10 минут» or of a bare number."""
    match value:
        case Said(Length(seconds)):
            return seconds // 60
        case Said(Number(minutes)):
            return minutes
    return None
