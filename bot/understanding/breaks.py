"""Breaks: live, timed, or with both ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.understanding.model import Reading
from bot.understanding.moments import LONGEST_BREAK, break_length, punched
from bot.understanding.phrases import Ago, ClockTime, Number, Pair
from bot.understanding.single import past_days, single, unique

if TYPE_CHECKING:
    from bot.understanding.frame import Frame
    from bot.understanding.scene import Scene

Readings = tuple[Reading, ...]
_HOURS: Final = 24
_MINUTES_OF_BREAK: Final = frozenset({5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 60, 90})


def break_start(made: Frame, scene: Scene, *, must_have_time: bool) -> Readings:
    """Return the readings of a break: live, begun at a time, timed, or with both ends."""
    if made.since is None and made.until is None and len(made.clocks) == 1:
        dash_of_break(made)
    if made.since is not None and made.until is not None:
        start, end = made.clock(made.since), made.clock(made.until)
        if start is None or end is None or made.length is not None:
            return ()
        return break_between(made, start, end, scene)
    minutes = _bare_minutes(made)
    if made.length is None and made.until is None and not minutes and (made.ago is None or made.ago.seconds > 0):
        return single("break_start", made, scene, must_have_time=must_have_time)
    if must_have_time and 0 < minutes < _HOURS:  # «поставь обед на 15»: so long, or at three
        return (*timed_break(made, scene), *single("break_start", made, scene, must_have_time=True))
    if made.has_clock and made.until is None and made.length is not None:
        length = made.length.seconds
        made.length = None
        found = single("break_start", made, scene, must_have_time=True)
        return tuple(Reading(one.intent, {**one.slots, "duration_seconds": length}) for one in found)
    return timed_break(made, scene)


def split_dash(made: Frame) -> None:
    """Take «был 9-18» for a range; a single time says nothing of a presence."""
    value, _ = made.clocks[0]
    if isinstance(value, Pair) and value.joint == "-":
        made.clocks.clear()
        made.since, made.until = Number(value.first), Number(value.second)


def dash_of_break(made: Frame) -> None:
    """Take «обед 13-14» for both ends, and «обед 13-40» for a time."""
    value, _ = made.clocks[0]
    if isinstance(value, Pair) and value.joint == "-" and value.first < value.second <= 24:
        split_dash(made)


def _bare_minutes(made: Frame) -> int:
    """Return the minutes of «обед 30», "back in 10"; 0 where the number is an hour or absent."""
    if len(made.clocks) != 1 or not isinstance(made.clocks[0][0], Number):
        return 0
    value = made.clocks[0][0].value
    if made.since is not None or made.until is not None or made.clocks[0][0].padded:
        return 0
    likely = value in _MINUTES_OF_BREAK and not (made.at_number or made.days or made.part)
    return value if likely else 0


def timed_break(made: Frame, scene: Scene) -> Readings:
    """Return a break that begins now and lasts so long, or until the time that was said."""
    if made.days and any(day.offset != 0 for day in made.days):
        return ()
    seconds: int | None = None
    if made.until is not None and made.length is None:
        end = made.clock(made.until)
        seconds = None if end is None else break_length(scene.now, end)
    elif made.length is not None and not made.has_clock:
        seconds = made.length.seconds
    elif isinstance(made.ago, Ago) and made.ago.seconds < 0:
        seconds = -made.ago.seconds
    elif len(made.clocks) == 1 and isinstance(made.clocks[0][0], Number) and not made.at_number:
        seconds = made.clocks[0][0].value * 60
    elif len(made.clocks) == 1:
        end = made.clock(made.clocks[0][0])
        seconds = None if end is None else break_length(scene.now, end)
    if not seconds or seconds > LONGEST_BREAK * 60:
        return ()
    return (Reading("break_start", {"duration_seconds": seconds}),)


def break_between(made: Frame, start: ClockTime, end: ClockTime, scene: Scene) -> Readings:
    """Return a break with both ends as its beginning and its length."""
    days = past_days(made, scene)
    if days is None:
        return ()
    found = []
    for begun in unique(punched(scene, start, days, "break_start")):
        seconds = break_length(begun, end)
        if seconds:
            found.append(Reading("break_start", {"at": begun, "duration_seconds": seconds}))
    return tuple(found)
