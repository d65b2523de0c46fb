"""What concerns one person: their schedule, their data, their calendar, their overtime."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.understanding.days import dates, period_days
from bot.understanding.orders.dates import nearest, span
from bot.understanding.orders.forms import Hours
from bot.understanding.phrases import Day, Length, Period, Said

if TYPE_CHECKING:
    from datetime import date

    from bot.understanding.orders.draft import Slots
    from bot.understanding.orders.hearing import Told
    from bot.understanding.scene import Scene

_DAY_MINUTES = 24 * 60
_SHIFTS = frozenset({"смены", "shifts"})
"""«смены Бориса на этой неделе»; «смена пароля» is none of ours."""


def my_data(told: Told, here: Scene) -> Slots | None:
    """Return no slots where a person asks for everything that is known about them."""
    del here
    return {} if told.is_only("my_data", "which") and "my_data" in told.labels and not _names(told) else None


def erase_person(told: Told, here: Scene) -> Slots | None:
    """Return the name of the former employee whose data are to go."""
    del here
    known = told.labels == {"erase"} and told.is_only("erase") and told.name[:1].isupper() and not told.is_question
    return {"name": told.name} if known else None


def dismissed(told: Told, here: Scene) -> Slots | None:
    """Return whose last day of work it was, or will be, and which; who works no longer since a day left before it."""
    how = told.labels & {"dismissed", "gone"}
    if len(how) != 1 or told.labels != how or not told.name[:1].isupper() or told.department or told.is_question:
        return None
    said = [piece.value for piece in told.pieces if not isinstance(piece.value, str)]
    if not said:
        return {"name": told.name}
    only = said[0]
    if len(said) > 1 or not isinstance(only, Said) or not isinstance(only.value, Day):
        return None
    day = nearest(only.value, here.today)
    if day is None:
        return None
    return {"name": told.name, "day": day - timedelta(days="gone" in how)}


def feed(told: Told, here: Scene) -> Slots | None:
    """Return no slots where a link to the calendar is asked for."""
    del here
    return {} if told.is_only("feed", "which") and "feed" in told.labels and not _names(told) else None


def my_schedule(told: Told, here: Scene) -> Slots | None:
    """Return whose schedule is asked for, the own one where nobody is named, and for which days."""
    labels = told.labels
    is_somebodys = told.names_somebody and told.times and _SHIFTS & set(told.words)
    asked = labels & {"my_schedule", "schedule"} or ("shift" in labels and (labels & {"me", "which"} or is_somebodys))
    if not asked or labels - {"my_schedule", "schedule", "shift", "me", "which", "department"}:
        return None
    if told.name and not (is_somebodys or (told.names_somebody and "schedule" in labels)):
        return None
    slots: Slots = {"name": told.name} if told.name else {"department": told.department} if told.department else {}
    if told.is_only(*labels):
        return slots
    days = _days(told, here.today)
    return None if days is None else {**slots, "from_day": days[0], "to_day": days[1]}


def _days(told: Told, today: date) -> tuple[date, date] | None:
    """Return the days of a schedule to look at, those to come where a month has no year."""
    said = [said.value for said, _ in told.times]
    if len(said) != sum(not isinstance(piece.value, str) for piece in told.pieces):
        return None
    if len(said) == 1 and isinstance(said[0], Period):
        return period_days(said[0], today, ahead=True)
    return span(told, today)


def overtime(told: Told, here: Scene) -> Slots | None:
    """Return the day and the length of overtime that somebody asks to count; either its length or a wish is needed."""
    labels = told.labels
    if "overtime" not in labels or labels - {"overtime", "approve", "me"} or _names(told) or told.is_question:
        return None
    slots: Slots = {"day": here.today}
    for piece in told.pieces:
        value = piece.value
        if isinstance(value, str):
            continue
        said = None if isinstance(value, Hours) else getattr(value, "value", None)
        if isinstance(value, Hours) and "duration_seconds" not in slots:
            slots["duration_seconds"] = (value.end - value.start) % _DAY_MINUTES * 60
        elif isinstance(said, Length) and "duration_seconds" not in slots:
            slots["duration_seconds"] = said.seconds
        elif isinstance(said, Day) and (days := dates(said, here.today, ahead=False)):
            slots["day"] = days[0]
        else:
            return None
    return slots if "approve" in labels or slots.get("duration_seconds") else None


def _names(told: Told) -> bool:
    return bool(told.name or told.department)
