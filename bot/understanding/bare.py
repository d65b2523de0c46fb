"""A time with no word of intent beside it: a report over a bare period, a presence, a farewell until tomorrow."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from bot.understanding.absence import day_slots
from bot.understanding.calendar_words import listed
from bot.understanding.model import Reading
from bot.understanding.phrases import Day
from bot.understanding.punches import punch
from bot.understanding.reports import take_year
from bot.understanding.single import single

if TYPE_CHECKING:
    from bot.understanding.frame import Frame
    from bot.understanding.hearing import Heard
    from bot.understanding.scene import Scene

Readings = tuple[Reading, ...]
GONE: Final = frozenset(
    listed("пошел пошла побежал побежала полетел полетела погнал погнала поехал поехала двинул двинула")
)
_ENOUGH: Final = frozenset(listed("все ладно короче пока чао"))
_BESIDE: Final = frozenset(listed("я до завтра ну так и а тогда коллеги ребята ребят народ всем пока ок окей , - +"))
_SINCE: Final = frozenset(listed("с со since from"))
_AFTERNOON: Final = 15
_MORNING: Final = 5


def bare_time(heard: Heard, made: Frame, scene: Scene) -> Readings:
    """Return a report over a bare period, today's sums, a presence, or the farewell «до завтра»."""
    if not made.days:
        take_year(heard, made)
    if made.is_empty or made.crowded or made.length or made.ago or made.part:
        return ()
    if _is_hours(made):
        return _presence(heard, made, scene)
    if heard.has("no_break", "fix"):
        return ()
    only_until = made.until is not None and made.since is None and not made.days and not made.clocks
    if only_until and isinstance(made.until, Day) and made.until.offset == 1:
        return (Reading("check_out"),)
    if made.count is not None and not made.count.week:
        return ()
    if made.clocks or (made.since is None) != (made.until is None):
        return ()
    if made.days:
        offset = made.days[0].offset if len(made.days) == 1 else None
        if offset == 0:
            return (Reading("today"),)
        if offset is None or offset > 0:
            return ()
    elif made.since is not None and not (isinstance(made.since, Day) or isinstance(made.until, Day)):
        return ()
    slots = day_slots(made, scene, ahead=False)
    return tuple(Reading("report", one) for one in slots or ())


def going_now(heard: Heard, made: Frame, scene: Scene) -> Readings | None:
    """Return «всё, я пошла» as leaving, which is asked about; in the first half of a day it is nothing."""
    words = heard.words
    is_tomorrow = isinstance(made.until, Day) and made.until.offset == 1 and made.since is None and not made.clocks
    if words.isdisjoint(_ENOUGH | {"завтра"}) or heard.question or not (made.is_empty or is_tomorrow):
        return None
    if not words <= GONE | _ENOUGH | _BESIDE:
        return None
    is_late = scene.now.hour >= _AFTERNOON or scene.now.hour < _MORNING
    return (Reading("check_out", is_doubtful=True),) if is_late else ()


def begun_today(heard: Heard, made: Frame, scene: Scene) -> Readings:
    """Return the beginning of «я сегодня с 8:40», "since 8:40 today": it is over; without «я» it is asked about."""
    if made.since is None or made.until is not None or made.clocks or isinstance(made.since, Day) or made.length:
        return ()
    if made.crowded or any(said.prep == "since" and heard.row[at] not in _SINCE for said, at in heard.times):
        return ()  # "I'm starting at 9" may be a plan
    if not (made.days or "me" in heard.named) or any(day.offset != 0 for day in made.days) or heard.question:
        return ()
    found = single("check_in", made, scene, must_have_time=True)
    return tuple(
        replace(one, is_doubtful="me" not in heard.named)
        for one in found
        if isinstance(at := one.slots.get("at"), datetime) and at <= scene.now and at.date() == scene.today
    )


def _is_hours(made: Frame) -> bool:
    """Whether hours of a day were said: «с 9 до 18», «вчера 9-18»."""
    if made.since is not None and made.until is not None:
        return not made.ends_are_dates and made.clock(made.since) is not None and made.clock(made.until) is not None
    return len(made.clocks) == 1 and len(made.days) == 1


def _presence(heard: Heard, made: Frame, scene: Scene) -> Readings:
    """Return the presence of «вчера с 9 до 18»; hours of a day named and still to come are no presence."""
    named = bool(made.days)
    if any((day.offset or 0) > 0 or (day.turn or 0) > 0 for day in made.days):
        return ()
    found = punch(heard, made, ["worked"], scene, must_have_time=True)
    if any(reading.intent != "worked" for reading in found):
        return ()
    late = any(isinstance(end := reading.slots["to"], datetime) and end > scene.now for reading in found)
    return () if named and late else found


def farewell_dropped(heard: Heard, made: Frame) -> Frame:
    """Return the frame without the day of «до завтра», «до понедельника»."""
    if isinstance(made.until, Day) and made.since is None and heard.has("check_out", "check_out~"):
        made.until = None
    return made
