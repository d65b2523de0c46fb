"""The production calendar: «календарь на июнь», and by hand: «30 апреля рабочий», «перенос 2 мая на 4 мая»."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bot.understanding.days import period_days
from bot.understanding.orders.dates import of_this_year, year_of
from bot.understanding.phrases import Day, Number, Period

if TYPE_CHECKING:
    from bot.understanding.orders.draft import Slots
    from bot.understanding.orders.hearing import Told
    from bot.understanding.phrases import TimeWord
    from bot.understanding.scene import Scene

_KINDS: Final[dict[str, tuple[str, bool]]] = {
    "off": ("is_off", True),
    "working": ("is_off", False),
    "short": ("is_short", True),
}


def calendar(told: Told, here: Scene) -> Slots | None:
    """Return the month or the year to look at, of this year or the coming one; no slots for the present month."""
    if "calendar" not in told.labels or told.labels - {"calendar", "which"} or told.name or told.department:
        return None
    if told.is_only("calendar", "which"):
        return {}
    said = [value.value for value, _ in told.times]
    months = [each for each in said if isinstance(each, Period) and each.unit == "month"]
    years = [int(word) for word in told.words if len(word) == len("2026") and word.isdecimal()]
    if len(months) == len(said) == 1:
        month = months[0]
        if month.month is not None and month.year is None and month.turn is None:
            month = replace(month, year=year_of(month.month, here.today))
        days = period_days(month, here.today, ahead=True)
        return None if days is None else {"from_day": days[0]}
    if years and not months:
        return {"year": years[0]}
    turns = [each.turn or 0 for each in said if isinstance(each, Period) and each.unit == "year"]
    return {"year": here.today.year + turns[0]} if len(turns) == len(said) == 1 else None


def calendar_day(told: Told, here: Scene) -> Slots | None:
    """Return the day and what it becomes; without «сделай», a date must come first: the others may be wishes for leave.

    «12 июня выходной» tells of the calendar, «завтра выходной» and «выходной 12 июня» may ask for a day off.
    """
    kinds = told.labels & _KINDS.keys()
    if told.name or told.department or told.is_question or len(kinds) != 1 or told.labels - kinds - {"make"}:
        return None
    said = [value.value for value, _ in told.times if isinstance(value.value, Day)]
    if len(said) != sum(not isinstance(piece.value, str) for piece in told.pieces):
        return None
    dated = [day for day in said if day.month is not None]
    if not dated and "make" in told.labels:
        dated = said
    if len(dated) != 1 or not all(_is_weekday(day) for day in said if day not in dated):
        return None
    label = kinds.pop()
    if "make" not in told.labels and told.place(dated[0]) > told.place(label):
        return None
    day = of_this_year(dated[0], here.today)
    name, value = _KINDS[label]
    return None if day is None else {"day": day, name: value}


def calendar_move(told: Told, here: Scene) -> Slots | None:
    """Return the day whose rest is moved, and the day that it is moved to."""
    if "move" not in told.labels or told.labels - {"move", "off"} or told.name or told.department or told.is_question:
        return None
    said = [value.value for value, _ in told.times if not _is_weekday(value.value)]
    if len(told.times) != sum(not isinstance(piece.value, str) for piece in told.pieces) or len(said) != 2:
        return None
    first, last = said
    if isinstance(first, Number) and isinstance(last, Day):
        first = Day(day=first.value, month=last.month, year=last.year)
    if not isinstance(first, Day) or not isinstance(last, Day) or first.month is None or last.month is None:
        return None
    days = of_this_year(first, here.today), of_this_year(last, here.today)
    return None if None in days or days[0] == days[1] else {"from_day": days[0], "to_day": days[1]}


def _is_weekday(value: TimeWord) -> bool:
    """Whether only the weekday was said: «субботу 3 января» says both."""
    return isinstance(value, Day) and value.weekday is not None
