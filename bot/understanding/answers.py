"""Bare phrases that answer a question about one slot: «9.15» is a time when a time was asked for, else a day."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING, Final

from bot.understanding import fallback
from bot.understanding.absence import day_slots
from bot.understanding.days import dates
from bot.understanding.frame import Frame, frame
from bot.understanding.hearing import Heard, hear
from bot.understanding.model import ANSWER, Reading
from bot.understanding.moments import punched, worked
from bot.understanding.phrases import ClockTime, Number, Pair
from bot.understanding.scene import Scene, scene
from bot.understanding.tokens import MAX_LENGTH

if TYPE_CHECKING:
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

Readings = tuple[Reading, ...]
_LOOSE: Final = frozenset(
    {"filler", "all~", "late~", "me", "fix", "modal", "worked", "future", "forgot", "confirm", "decline"}
)
_AROUND: Final = _LOOSE | {"check_in", "check_out", "break_start", "break_end"}


def understand_time(
    text: str,
    *,
    locale: str,
    zone: ZoneInfo,
    now: datetime,
    intent: str = "",
    day: date | None = None,
) -> Readings:
    """Return the moments (`at`) that the text can mean when a time was asked for.

    `intent` tells how people mean a bare hour: «в 6» of a check-out is 18:00; `day` is the day that the question named.
    """
    if len(text) > MAX_LENGTH:
        return ()
    return _time(hear(text), scene(now, zone, locale), intent, day)


def understand_clock(text: str) -> time | None:
    """Return the one time of day that the text names; a bare hour is as the clock of 24 hours has it."""
    if len(text) > MAX_LENGTH:
        return None
    heard = hear(text)
    if len(heard.times) != 1 or heard.unknown or heard.question or any(label != "filler" for label, _ in heard.labels):
        return None
    match heard.times[0][0].value:
        case ClockTime(hour=hour, minute=minute):
            return time(hour % 24, minute)
        case Number(value=hour) if hour < 24:
            return time(hour)
    return None


def understand_day(text: str, *, locale: str, zone: ZoneInfo, now: datetime, ahead: bool = False) -> Readings:
    """Return the days (`day`) that the text can mean when a day was asked for; `ahead` for days to come."""
    if len(text) > MAX_LENGTH:
        return ()
    return _day(hear(text), scene(now, zone, locale), ahead=ahead)


def understand_range(
    text: str,
    *,
    locale: str,
    zone: ZoneInfo,
    now: datetime,
    ahead: bool = False,
    day: date | None = None,
) -> Readings:
    """Return the ranges that the text can mean: `from` and `to` for hours, `from_day` and `to_day` for days."""
    if len(text) > MAX_LENGTH:
        return ()
    return _range(hear(text), scene(now, zone, locale), day, ahead=ahead)


def answers(heard: Heard, here: Scene, slot: str) -> Readings:
    """Return the readings of a bare phrase for the slot asked for; none for anything more than a bare phrase."""
    if any(label not in {"filler", "all~", "me"} for label, _ in heard.labels):
        return ()
    if slot == "time":
        return _time(heard, here, "", None)
    if slot == "day":
        return _either_side(heard, here)
    return _range(heard, here, None, ahead=False)


def _either_side(heard: Heard, here: Scene) -> Readings:
    """Return the days on both sides of today that a bare phrase can mean, the past first."""
    found = [*_day(heard, here, ahead=False), *_day(heard, here, ahead=True)]
    return tuple({one.slots["day"]: one for one in found}.values())


def _bare(heard: Heard, here: Scene) -> Frame | None:
    """Return the frame of a phrase that says a time and nothing else of its own."""
    if heard.too_strange or heard.question or heard.unknown or not heard.times:
        return None
    if any(label not in _AROUND for label, _ in heard.labels):
        return None
    made = frame(heard.times, month_first=here.month_first)
    return None if made.crowded else made


def _time(heard: Heard, here: Scene, intent: str, day: date | None) -> Readings:
    """Return the moments of a phrase that names a time."""
    made = _bare(heard, here)
    if made is None:
        return _from_fallback(heard, here, "time")
    if made.ago is not None and made.ago.seconds > 0 and not made.has_clock:
        return (Reading(ANSWER, {"at": here.ago(made.ago.seconds)}),)
    made.take_dates(keep=1)
    values = [value for value in (made.since, made.until, *(value for value, _ in made.clocks)) if value is not None]
    if made.length is not None and made.length.seconds % 3600 == 0 and not values:  # «9 часов» to "when?"
        values = [Number(made.length.seconds // 3600)]
    if len(values) != 1 or made.period is not None or len(made.days) > 1:
        return ()
    time = made.clock(values[0])
    if time is None:
        return ()
    days = list(dates(made.days[0], here.today, ahead=False)) if made.days else [day] if day else []
    return tuple(Reading(ANSWER, {"at": moment}) for moment in punched(here, time, days, intent))


def _day(heard: Heard, here: Scene, *, ahead: bool) -> Readings:
    """Return the days of a phrase that names one day."""
    made = _bare(heard, here)
    if made is None:
        return _from_fallback(heard, here, "day")
    said = [day for day in (*made.days, made.day(made.since), made.day(made.until)) if day is not None]
    said += [day for value, _ in made.clocks if (day := made.day(value)) is not None]
    if len(said) != 1 or made.period is not None or made.length is not None or made.ago is not None:
        return ()
    return tuple(Reading(ANSWER, {"day": day}) for day in dates(said[0], here.today, ahead=ahead))


def _range(heard: Heard, here: Scene, day: date | None, *, ahead: bool) -> Readings:
    """Return the ranges of hours or of days of a phrase that names one."""
    made = _bare(heard, here)
    if made is None:
        return ()
    _split(made)
    start, end = made.clock(made.since), made.clock(made.until)
    if start is not None and end is not None and not made.ends_are_dates:
        return _hours(made, here, start, end, day)
    if made.clocks or made.ago is not None or made.length is not None:
        return ()
    found = day_slots(made, here, ahead=ahead) or ()
    return tuple(Reading(ANSWER, slots) for slots in found if {"from_day", "to_day"} <= set(slots))


def _hours(made: Frame, here: Scene, start: ClockTime, end: ClockTime, day: date | None) -> Readings:
    """Return the hours between two times of day."""
    days = [day] if day else []
    if made.days:
        days = list(dates(made.days[0], here.today, ahead=False))
    evening = (start.hour, start.minute, end.hour, end.minute) == (9, 0, 5, 0) and here.month_first
    return tuple(
        Reading(ANSWER, {"from": first, "to": last}) for first, last in worked(here, start, end, days, evening=evening)
    )


def _split(made: Frame) -> None:
    """Take «9-18» for a beginning and an end."""
    if len(made.clocks) == 1 and made.since is None and made.until is None:
        value, _ = made.clocks[0]
        if isinstance(value, Pair) and value.joint == "-":
            made.clocks.clear()
            made.since, made.until = Number(value.first), Number(value.second)


def _from_fallback(heard: Heard, here: Scene, slot: str) -> Readings:
    """Return what the general date parser makes of a phrase in which none of our words of intent is."""
    if heard.too_strange or heard.question or heard.labels or not heard.tokens:
        return ()
    found = fallback.parse(heard.text, here, slot)
    return () if found is None else (Reading(ANSWER, {"at" if slot == "time" else "day": found}),)
