"""What is asked for: who is where, settings, taking something back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.understanding.calendar_words import listed
from bot.understanding.days import dates, period_days
from bot.understanding.model import Reading
from bot.understanding.moments import halves
from bot.understanding.people import named, person
from bot.understanding.phrases import Day, Period
from bot.understanding.zones import zone_value

if TYPE_CHECKING:
    from bot.understanding.frame import Frame
    from bot.understanding.hearing import Heard
    from bot.understanding.scene import Scene

Readings = tuple[Reading, ...]
_LOCATED: Final = frozenset(listed("я в во на по к i im am in to the a and my мы уже пока живу time"))
_SINCE_NOW: Final = frozenset(
    listed(
        "теперь сейчас временно переехал переехала перебрался перебралась перешел перешла перелетел перелетела "
        "прилетел прилетела нахожусь время времени now currently moved relocated"
    )
)
_IT: Final = frozenset(listed("everything все он она оно его ее это эту этот их it this that one"))
_TARGETS: Final = ("check_in", "check_out", "break_start", "break_end", "worked")


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
    if "last_word" in heard.named:
        return (Reading("undo"),) if made.is_empty else ()
    unknown = [place for place in heard.unknown if heard.row[place] not in _IT]
    if unknown or made.crowded or made.length or made.count or made.ago or isinstance(made.period, Period):
        return ()
    made.take_dates(keep=0)
    if isinstance(made.since, Day) and made.until is None and not made.days:
        made.days, made.since = [made.since], None  # "delete my lunch from yesterday"
    if made.has_clock or len(made.days) > 1:
        return ()
    said = [label.removeprefix("target:").partition(":")[0] for label, _ in heard.labels]
    said += ["break_start"] if "no_break" in heard.named else []  # "there was no lunch yesterday, delete it"
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
    off = "remind:off" in heard.named
    value: dict[str, object] = {"value": "off"} if off else {"value": "on"} if "remind:on" in heard.named else {}
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
    if off and made.period is not None and made.period.turn == 0 and not made.has_clock:
        last = period_days(made.period, scene.today, ahead=True)  # «не напоминай на этой неделе»
        return () if last is None else (Reading("remind", {"until_day": last[1] + timedelta(days=1)}),)
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
    """Return the wish for a zone, with its name where one is known: «я в Казани, поменяй пояс»."""
    place = next(at for label, at in heard.labels if label == "zone")
    value = zone_value(heard.raw(place, len(heard.tokens) - 1)) or zone_value(heard.text)
    if value is not None:
        return (Reading("zone", {"value": value}),)
    return () if heard.unknown or heard.times else (Reading("zone"),)


def located(heard: Heard) -> Readings | None:
    """Return the zone of where somebody says to be from now on: «теперь я в Омске», "now I'm in Berlin"."""
    if not heard.unknown or heard.times or heard.question or _SINCE_NOW.isdisjoint(heard.words):
        return None
    end = next((at for label, at in heard.labels if label == "zone"), len(heard.row))
    known = {word for at, word in enumerate(heard.row[:end]) if at not in heard.unknown}
    if not known <= _LOCATED | _SINCE_NOW:
        return None
    value = zone_value(heard.raw(heard.unknown[0], heard.unknown[-1]))
    return None if value is None else (Reading("zone", {"value": value}),)
