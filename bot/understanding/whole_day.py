"""A day told in one sentence with what was between its ends: «вчера с 9 до 18, обед с 13 до 14», "9-13 and 14-18"."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from bot.understanding.absence import hour_slots
from bot.understanding.breaks import break_between, break_start, dash_of_break, split_dash
from bot.understanding.days import dates
from bot.understanding.frame import Frame, frame
from bot.understanding.model import Reading
from bot.understanding.moments import LONGEST_BREAK, break_length, worked
from bot.understanding.phrases import ClockTime, Day, DayCount, Length, Number, Pair, Period, Said
from bot.understanding.single import past_days
from bot.understanding.word_classes import word_class

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.understanding.hearing import Heard
    from bot.understanding.phrases import TimeWord
    from bot.understanding.scene import Scene

Readings = tuple[Reading, ...]
Place = tuple[Said, int]
Range = tuple["TimeWord", "TimeWord"]
Stretch = tuple[datetime, datetime]

BREAKS: Final = frozenset({"break_start", "break_told", "forgot:break_start"})
_NOT_TOLD: Final = frozenset(
    {"neg", "show", "modal", "future", "where", "is", "marked", "punch_word", "last_word", "step_until"}
)
_NIGHT: Final = word_class("ночь night overnight", stems="ночн")
_DONE: Final = frozenset({"took", "had", "ate"})
_OF_DAY: Final = frozenset({"check_in", "check_out", "worked", "check_in:remote"})
_AROUND_NIGHT: Final = frozenset({"worked", "night", "filler", "me", "fix", "check_in", "all~"})
_CLOCKS: Final = (ClockTime, Number, Pair)


def told_afterwards(heard: Heard, made: Frame, scene: Scene) -> Readings | None:
    """Return the day or the break that was told afterwards with its ends; None where it is neither."""
    if heard.question or not heard.named.isdisjoint(_NOT_TOLD):
        return None
    night = _over_midnight(heard, made, scene)
    if night is None:
        night = _night(heard, made, scene)
    if night is not None:
        return night
    whole = whole_day(heard, scene)
    if whole is not None:
        return whole
    if "was_out" in heard.named:
        return _was_out(made, scene)
    return told_break(heard, made, scene)


def _was_out(made: Frame, scene: Scene) -> Readings | None:
    """Return "was out 10:40 to 11" as a break and as an absence: only whoever was out knows which it was."""
    if made.since is None and made.until is None and len(made.clocks) == 1:
        dash_of_break(made)
    start, end = made.clock(made.since), made.clock(made.until)
    if start is None or end is None or made.clocks or made.length or made.crowded or made.period or made.count:
        return None
    breaks = tuple(one for one in break_between(made, start, end, scene) if _is_over(one, scene))
    hours = hour_slots(made, scene, ahead=False) or []
    return (*breaks, *(Reading("leave", {"kind": "other", **slots}) for slots in hours[:1])) if breaks else None


def _over_midnight(heard: Heard, made: Frame, scene: Scene) -> Readings | None:
    """Return the presence of «с 20 вчера до 8 сегодня»: each end with its own day, one after the other."""
    if made.since is None or made.until is None or len(made.days) != 2 or made.crowded or made.clocks or made.length:
        return None
    order = ["day" if isinstance(said.value, Day) else "clock" for said, _ in heard.times]
    if not heard.named <= _AROUND_NIGHT or order not in (["clock", "day"] * 2, ["day", "clock", "clock", "day"]):
        return None  # «в понедельник и вторник работал с 9 до 18» were two days
    first, last = (dates(day, scene.today, ahead=False) for day in made.days)
    start, end = made.clock(made.since), made.clock(made.until)
    if start is None or end is None or not first or not last or (last[0] - first[0]).days != 1:
        return None
    evening = start if start.exact else ClockTime(start.hour % 12 + 12, start.minute, exact=True)
    morning = ClockTime(end.hour, end.minute, exact=True)
    over = [pair for pair in worked(scene, evening, morning, [first[0]], evening=False) if pair[1].date() == last[0]]
    return tuple(Reading("worked", {"from": begun, "to": ended}) for begun, ended in over if ended <= scene.now)


def _night(heard: Heard, made: Frame, scene: Scene) -> Readings | None:
    """Return the night of «ночью работала с 23 до 7», "worked overnight 11pm-7am": the last one that is over."""
    made = _of_first_evening(heard, made)
    is_night = "night" in heard.named or made.part == "night" or bool(heard.says & _NIGHT)
    length, extra = made.length, {}
    if heard.has(*BREAKS) and length is not None and not made.is_for_length:
        made.length, extra = None, {"break_seconds": length.seconds}  # «ночная смена 22–6, обед 30 минут»
    if not is_night or (heard.has(*BREAKS, "no_break") and not extra):
        made.length = length
        return None
    made.part = ""
    made.take_dates(keep=1 if made.since is None else 0)
    if len(made.clocks) == 1 and made.since is None and made.until is None:
        dash_of_break(made) if _is_ascending(made) else split_dash(made)
    start, end = made.clock(made.since), made.clock(made.until)
    if start is None or end is None or made.clocks or made.length or made.crowded or made.period:
        made.length = length
        return None
    days = past_days(made, scene)
    if days is None:
        return ()
    if not start.exact and 6 <= start.hour < 12:
        start = ClockTime(start.hour + 12, start.minute, exact=True)
    words = heard.row
    if days and any(pair in {("ночь", "на"), ("night", "to")} for pair in itertools.pairwise(words)):
        days = [day - timedelta(days=1) for day in days]  # «в ночь на субботу» begins on Friday
    begins = days or [scene.today - timedelta(days=1), scene.today]
    last = ClockTime(end.hour, end.minute, exact=True)
    found = [pair for pair in worked(scene, start, last, begins, evening=False) if pair[1] <= scene.now]
    return tuple(Reading("worked", {"from": begun, "to": ended, **extra}) for begun, ended in found[-1:])


def _of_first_evening(heard: Heard, made: Frame) -> Frame:
    """Return the frame of «в ночь с пятницы на субботу с 22 до 6» with the Friday on which the night began."""
    if not heard.says & _NIGHT:
        return made
    for at, (one, other) in enumerate(itertools.pairwise(heard.times)):
        first, last = one[0].value, other[0].value
        if not isinstance(first, Day) or not isinstance(last, Day) or one[0].prep != "since":
            continue
        if first.weekday is not None and last.weekday == (first.weekday + 1) % 7:
            return frame(
                [(Said(first), one[1]), *heard.times[:at], *heard.times[at + 2 :]], month_first=made.month_first
            )
    return made


def _is_ascending(made: Frame) -> bool:
    """Whether a dash joins two numbers that go up."""
    value = made.clocks[0][0]
    return isinstance(value, Pair) and value.first < value.second


def told_break(heard: Heard, made: Frame, scene: Scene) -> Readings | None:
    """Return the break of «обедала с 12 до 13», «обед был с 13 до 14»: over by now, on the last day on which it was."""
    was = [at for label, at in heard.labels if label == "worked"]
    others = [label for label, _ in heard.labels if label in _OF_DAY and label != "worked"]
    past = bool(was) or "forgot:break_start" in heard.named or not heard.words.isdisjoint(_DONE)
    is_told = "break_told" in heard.named or (heard.has("break_start", "forgot:break_start") and past)
    if (
        not is_told
        or others
        or (not was and past and made.until is None)
        or not all(_is_only_was(heard, at) for at in was)
    ):
        return None
    if made.length is not None and made.since is not None and made.until is not None:
        return None  # «был с 9 до 18, обед час»
    if made.since is not None and made.length is not None and not made.clocks:
        made.clocks, made.since = [(made.since, 0)], None  # «обед был 40 минут с 13:00»
    if made.crowded or made.period or made.count or made.ago:
        return ()
    made.take_dates(keep=1 if made.since is None else 0)
    if len(made.clocks) == 1 and made.since is None and made.until is None:
        dash_of_break(made)
    if made.since is not None and made.until is not None and made.length is None:
        start, end = made.clock(made.since), made.clock(made.until)
        found = () if start is None or end is None else break_between(made, start, end, scene)
    elif made.has_clock and made.until is None:
        found = break_start(made, scene, must_have_time=True)
    else:
        return () if "break_told" in heard.named or made.length is not None else None
    over = tuple(one for one in found if _is_over(one, scene))
    return over or (found if made.days else ())


def _is_over(reading: Reading, scene: Scene) -> bool:
    begun, seconds = reading.slots.get("at"), reading.slots.get("duration_seconds", 0)
    return isinstance(begun, datetime) and isinstance(seconds, int) and begun + timedelta(seconds=seconds) <= scene.now


def _is_only_was(heard: Heard, at: int) -> bool:
    """Whether the presence is only «был» here: not «был на работе»."""
    after = heard.row[at + 1] if at + 1 < len(heard.tokens) else ""
    return heard.row[at] in {"был", "была", "было", "were", "was"} and after not in {"на", "in", "at"}


def whole_day(heard: Heard, scene: Scene) -> Readings | None:
    """Return the day with its breaks; None where no more than one stretch and no break with both ends was told."""
    of_day, of_breaks = _parted(heard)
    named = [label for label, _ in heard.labels if label in _OF_DAY]
    stretches = list(_ranges(of_day, tuple(named)))
    breaks = list(_ranges(of_breaks, ()))
    if not breaks and heard.labels and heard.labels[-1][0] in BREAKS and len(stretches) == 2 and not named:
        breaks = [stretches.pop()]  # «9-18, 13-14 обед»
    if not stretches or (len(stretches) < 2 and not breaks) or not _is_told_whole(set(named)):
        return None
    rest = [place for place in (*of_day, *of_breaks) if not isinstance(place[0].value, _CLOCKS)]
    if any(isinstance(said.value, (Length, DayCount, Period)) for said, _ in rest):
        return ()
    made = frame(rest, month_first=scene.month_first)
    days = past_days(made, scene)
    if days is None or made.since is not None or made.until is not None or "no_break" in heard.named:
        return ()
    found = [
        _with_gaps(scene, made, stretches, first, heard) for first in _presences(scene, made, stretches[0], days, heard)
    ]
    readings = []
    for told in found:
        taken = None if told is None else _breaks_within(scene, made, breaks, told[0])
        if told is not None and taken is not None:
            begun, ended = told[0]
            readings.append(Reading("worked", {"from": begun, "to": ended, "break_seconds": told[1] + taken}))
    past = tuple(one for one in readings if _end(one) <= scene.now)
    return past or (() if made.days else tuple(readings))


def _end(reading: Reading) -> datetime:
    ended = reading.slots["to"]
    return ended if isinstance(ended, datetime) else datetime.max.replace(tzinfo=UTC)


def _is_told_whole(named: set[str]) -> bool:
    """Whether the day is told by both its ends, by «был», or by nothing but its hours: not «работаю с 9 до 18»."""
    return not named or "worked" in named or {"check_in", "check_out"} <= named


def _parted(heard: Heard) -> tuple[list[Place], list[Place]]:
    """Return the pieces of time of the day and those of its breaks, by the word that stands before them."""
    marks = [(at, label in BREAKS) for label, at in heard.labels if label in _OF_DAY or label in BREAKS]
    of_day: list[Place] = []
    of_breaks: list[Place] = []
    for said, at in heard.times:
        of_break = next((is_break for place, is_break in reversed(marks) if place < at), False)
        (of_breaks if of_break else of_day).append((said, at))
    return of_day, of_breaks


def _ranges(times: list[Place], named: tuple[str, ...]) -> Iterator[Range]:
    """Yield the stretches of time with both ends: «с 9 до 13», «14-18», «пришёл в 9, ушёл в 18»."""
    since: TimeWord | None = None
    clocks = [(said, at) for said, at in times if isinstance(said.value, _CLOCKS)]
    if tuple(named) in {("check_in", "check_out"), ("check_out", "check_in")} and len(clocks) == 2:
        ends = [said.value for said, _ in clocks]
        yield (ends[0], ends[1]) if named[0] == "check_in" else (ends[1], ends[0])
        return
    for said, _ in clocks:
        value = said.value
        if isinstance(value, Pair) and value.joint == "-" and said.prep not in {"since", "until"}:
            yield Number(value.first), Number(value.second)
        elif said.prep == "until" and since is not None:
            yield since, value
            since = None
        elif said.prep in {"since", "", "at"}:
            since = value


def _presences(scene: Scene, made: Frame, told: Range, days: Sequence[date], heard: Heard) -> list[Stretch]:
    """Return the presences that a stretch can mean."""
    start, end = made.clock(told[0]), made.clock(told[1])
    if start is None or end is None:
        return []
    evening = "check_out" in heard.named or ((start.hour, end.hour) == (9, 5) and heard.is_english)
    return worked(scene, start, end, days, evening=evening)


def _with_gaps(
    scene: Scene, made: Frame, told: list[Range], first: Stretch, heard: Heard
) -> tuple[Stretch, int] | None:
    """Return the whole of several stretches and the seconds between them; None where they are not in order."""
    begun, ended = first
    gaps = 0
    for each in told[1:]:
        following = [
            stretch
            for stretch in _presences(scene, made, each, [begun.date(), begun.date() + timedelta(days=1)], heard)
            if stretch[0] >= ended
        ]
        if not following or (gap := int((following[0][0] - ended).total_seconds())) > LONGEST_BREAK * 60:
            return None
        gaps += gap
        ended = following[0][1]
    return (begun, ended), gaps


def _breaks_within(scene: Scene, made: Frame, told: list[Range], day: Stretch) -> int | None:
    """Return the seconds of breaks that lie inside the day; None where one does not."""
    taken = 0
    for first, last in told:
        start, end = made.clock(first), made.clock(last)
        seconds = None if start is None or end is None else _break_within(scene, start, end, day)
        if seconds is None:
            return None
        taken += seconds
    return taken


def _break_within(scene: Scene, start: ClockTime, end: ClockTime, day: Stretch) -> int | None:
    """Return the length of a break at whichever half of the clock lies inside the day."""
    hours = [start.hour] if start.exact or start.hour >= 12 else [start.hour, start.hour + 12]
    for each in (day[0].date(), day[0].date() + timedelta(days=1)):
        for hour in hours:
            for begun in scene.instants(each, ClockTime(hour, start.minute, exact=True)):
                seconds = break_length(begun, end)
                if seconds and day[0] <= begun and begun + timedelta(seconds=seconds) <= day[1]:
                    return seconds
    return None
