"""What is asked for: absence, who is where, settings, taking something back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from bot.understanding.absence import day_slots, hour_slots, span_slots, stretches, with_past_weekday
from bot.understanding.days import LONG_AGO, dates
from bot.understanding.model import Reading
from bot.understanding.moments import halves
from bot.understanding.people import named, person
from bot.understanding.phrases import Length, Period
from bot.understanding.zones import zone_value

if TYPE_CHECKING:
    from bot.understanding.frame import Frame
    from bot.understanding.hearing import Heard
    from bot.understanding.scene import Scene

Readings = tuple[Reading, ...]
_NEEDS_DAYS: Final = frozenset({"other"})
_TARGETS: Final = ("check_in", "check_out", "break_start", "break_end", "worked")


def leave(kinds: list[str], made: Frame, scene: Scene) -> Readings:
    """Return the readings of an absence of the kinds named, the more telling kind first."""
    kind = kinds[0] if len(kinds) == 1 else _more_telling(kinds)
    if kind is None or made.crowded or made.ago is not None:
        return ()
    made.take_dates(keep=0)
    hours = _is_hours(made) and not made.ends_are_dates
    found = hour_slots(made, scene) if hours else day_slots(made, scene, ahead=True)
    if made.is_empty:
        found = None if kind in _NEEDS_DAYS else [{}]
    elif found == [] and made.part:
        found = None
    elif found is None and not hours:
        found = _apart(made, scene, ahead=True)
    if found is None:
        return ()
    if kind == "sick" and any(_is_far(one, scene) for one in found):
        found = day_slots(made, scene, ahead=False) or _apart(made, scene, ahead=False) or found
    if kind == "sick" and not hours:
        found = with_past_weekday(made, scene, found)
    return tuple(Reading("leave", {"kind": kind, **slots}) for slots in found)


def _apart(made: Frame, scene: Scene, *, ahead: bool) -> list[dict[str, object]] | None:
    """Return the days of «4, 5 и 8 июня»: the first stretch, and those after it under `also` as ISO intervals."""
    if made.has_clock or made.period or made.count or len(made.days) < 2:
        return None
    found = stretches(made, scene, ahead=ahead)
    also = [f"{start}/{end}" for start, end in found[1:]]
    return [{**span_slots(*found[0]), "also": also}] if found else None


def _is_far(slots: dict[str, object], scene: Scene) -> bool:
    """Whether an absence would begin in most of a year; an illness is told of sooner, or afterwards."""
    first = slots.get("from_day")
    return isinstance(first, date) and (first - scene.today).days > LONG_AGO


def _more_telling(kinds: list[str]) -> str | None:
    """Return the one kind that several words name: «отпуск за свой счёт» is unpaid."""
    named = set(kinds) - {"other"}
    for strong in ("unpaid", "sick"):
        if strong in named and named <= {strong, "vacation", "day_off"}:
            return strong
    return named.pop() if len(named) == 1 else None


def _is_hours(made: Frame) -> bool:
    """Whether the absence is for hours of a day: «завтра с 9 до 13»."""
    if isinstance(made.length, Length) and not made.clocks and made.since is None:
        return False
    ends = [value for value in (made.since, made.until, *(value for value, _ in made.clocks)) if value is not None]
    if not ends or any(made.clock(value) is None for value in ends):
        return False
    return bool(made.days or made.clocks or made.part) or any(
        made.day(value) is None or (time := made.clock(value)) is None or time.minute for value in ends
    )


def about(intent: str, heard: Heard, made: Frame, scene: Scene, *, pointed: bool = True) -> Readings:
    """Return a question that may name a person and no time but the present one."""
    if heard.unknown and person(heard, pointed=pointed) is None:
        return ()
    if intent == "presence" and len(made.days) == 1 and made.days[0].offset != 0 and not made.has_clock:
        days = dates(made.days[0], scene.today, ahead=False)
        return tuple(Reading(intent, {**named(heard, pointed=pointed), "day": day}) for day in days)
    if made.has_clock or made.length or any(day.offset != 0 for day in made.days):
        return ()
    return (Reading(intent, named(heard, pointed=pointed)),)


def remove(heard: Heard, made: Frame, scene: Scene) -> Readings:
    """Return what is to be taken off the record: the last punch, one kind of it, or a day."""
    if heard.has("last_word"):
        return (Reading("undo"),) if made.is_empty else ()
    if heard.unknown or made.crowded or made.length or made.count or made.ago or isinstance(made.period, Period):
        return ()
    made.take_dates(keep=0)
    if made.has_clock or len(made.days) > 1:
        return ()
    said = [label.removeprefix("target:").partition(":")[0] for label, _ in heard.labels]
    targets = list(dict.fromkeys(label for label in said if label in _TARGETS))
    if len(targets) > 1 or (not targets and not made.days):
        return ()
    slots: dict[str, object] = {"target": targets[0]} if targets else {}
    if not made.days:
        return (Reading("remove", slots),)
    found = [day for day in dates(made.days[0], scene.today, ahead=False) if day <= scene.today]
    return tuple(Reading("remove", {"day": day, **slots}) for day in found)


def remind(heard: Heard, made: Frame, scene: Scene) -> Readings:
    """Return what is to be done about reminders: on, off, off until a day, or at a time."""
    if heard.unknown or made.crowded or made.length or made.ago:
        return ()
    off = heard.has("remind:off")
    value: dict[str, object] = {"value": "off"} if off else {"value": "on"} if heard.has("remind:on") else {}
    until = made.day(made.until)
    if until is None and made.until is not None:
        return ()
    said = until or (made.days[0] if made.days and off else None)
    if said is not None:
        days = dates(said, scene.today, ahead=True)
        if until is None:  # «не напоминай сегодня»
            tomorrow = scene.today + timedelta(days=1)
            return (Reading("remind", {"until_day": tomorrow}),) if days == (scene.today,) else ()
        later = [day for day in days if day > scene.today] or days  # «до понедельника» on a Monday is the next one
        return tuple(Reading("remind", {"until_day": day}) for day in later)
    if made.count is not None and off and not made.has_clock:
        return (Reading("remind", {"until_day": scene.today + timedelta(days=made.count.days)}),)
    if made.clocks and not off:
        time = made.clock(made.clocks[0][0])
        if time is None:
            return ()
        hour = halves(time, "break_end")[0]  # «напомни в 5» is meant for the day: 17:00
        return (Reading("remind", {"value": f"{hour:02}:{time.minute:02}"}),)
    return (Reading("remind", value),) if made.is_empty else ()


def zone(heard: Heard) -> Readings:
    """Return the wish for a zone, with its name where one is known."""
    place = next(at for label, at in heard.labels if label == "zone")
    value = zone_value(heard.raw(place, len(heard.tokens) - 1))
    if value is not None:
        return (Reading("zone", {"value": value}),)
    return () if heard.unknown or heard.times else (Reading("zone"),)
