"""What punches mean together: one, a whole presence, a day with its break."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.understanding.absence import day_slots
from bot.understanding.breaks import break_between, break_start, split_dash, timed_break
from bot.understanding.model import Reading
from bot.understanding.moments import worked
from bot.understanding.phrases import Day
from bot.understanding.single import past_days, single

if TYPE_CHECKING:
    from bot.understanding.frame import Frame
    from bot.understanding.hearing import Heard
    from bot.understanding.phrases import ClockTime, TimeWord
    from bot.understanding.scene import Scene

Readings = tuple[Reading, ...]


def punch(heard: Heard, made: Frame, intents: list[str], scene: Scene, *, must_have_time: bool) -> Readings:
    """Return the readings of the punches named in a text, in the order of their words."""
    kinds = list(dict.fromkeys(intents))
    if made.crowded or made.period is not None or made.count is not None:
        return ()
    if "worked" in kinds:
        if "check_out" in kinds and made.since is not None and made.until is not None and not made.clocks:
            kinds.remove("check_out")  # "worked from 9 to 1, then went home"
        return _presence(heard, made, kinds, scene)
    if len(kinds) == 3 and made.length is not None and set(kinds) == {"check_in", "check_out", "break_start"}:
        length, made.length = made.length, None
        found = _two(made, [kind for kind in kinds if kind != "break_start"], scene)
        return tuple(Reading(one.intent, {**one.slots, "break_seconds": length.seconds}) for one in found)
    if set(kinds) == {"break_end", "check_in"} and len(made.clocks) < 2:
        kinds = ["break_end"]  # «вернулась, работаю дальше»
    if set(kinds) == {"check_in", "break_start"} and made.length is not None and made.until is not None:
        return _presence(heard, made, ["worked", "break_start"], scene)  # "I came in 12 to 5, half hour lunch"
    if len(kinds) == 2:
        return () if _day_between(heard) else _two(made, kinds, scene)
    if len(kinds) != 1 or "no_break" in heard.named:
        return ()
    kind = kinds[0]
    if made.since is not None and made.until is not None and kind in {"check_in", "check_out"}:
        days = past_days(made, scene)
        return _presence(heard, made, ["worked"], scene) if days and days[0] < scene.today else ()
    if kind == "check_out" and made.length is not None and not made.has_clock and not _is_out_for(heard, made):
        return ()  # «ещё часик и домой»
    if kind == "check_out" and made.until is not None and made.since is None and made.clock(made.until) is not None:
        return timed_break(made, scene) if {"out", "away"} & heard.words and not made.clocks else ()  # "out until 2"
    if kind == "step_out" or (kind == "check_out" and made.length is not None and not made.has_clock):
        return timed_break(made, scene)
    if kind == "break_start" and made.length is not None and made.days and len(made.clocks) == 1:
        split_dash(made)  # «пятница: 9–18, обед час»
    if kind == "break_start" and made.length is not None and made.since is not None and made.until is not None:
        return _presence(heard, made, ["worked", kind], scene)  # «вчера с 9 до 18, обед час»
    if kind == "break_start":
        return break_start(made, scene, must_have_time=must_have_time)
    return single(kind, made, scene, must_have_time=must_have_time)


def _day_between(heard: Heard) -> bool:
    """Whether a day stands between two times: «пришёл в 8:30, вчера ушёл в 19» tells of two days."""
    order = ["day" if isinstance(said.value, Day) else "clock" for said, _ in heard.times]
    return order == ["clock", "day", "clock"]


def _is_out_for(heard: Heard, made: Frame) -> bool:
    """Whether somebody is gone for so long: «ушла на 15 минут», "out 20 min"."""
    return made.is_for_length or not heard.words.isdisjoint({"out", "away", "gone"})


def _two(made: Frame, kinds: list[str], scene: Scene) -> Readings:
    """Return the presence or the break whose both ends were said: «пришёл в 9, ушёл в 18»."""
    made.take_dates(keep=2)
    if kinds == ["break_start", "break_end"] and len(made.clocks) == 1 and made.until is None:
        made.until, made.clocks = made.clocks[0][0], []  # "off to lunch, back at 3"
        return timed_break(made, scene)
    if len(made.clocks) != 2 or made.since is not None or made.until is not None or made.length is not None:
        return ()
    first, second = (made.clock(value) for value, _ in made.clocks)
    if first is None or second is None:
        return ()
    in_order = kinds in (["check_in", "check_out"], ["break_start", "break_end"])
    start, end = (first, second) if in_order else (second, first)
    if set(kinds) == {"check_in", "check_out"}:
        return _worked(made, start, end, scene, evening=True)  # who says «ушёл в 6» means the evening
    if set(kinds) == {"break_start", "break_end"}:
        return break_between(made, start, end, scene)
    return ()


def _presence(heard: Heard, made: Frame, kinds: list[str], scene: Scene) -> Readings:
    """Return the readings of «был с 9 до 18», «работал до 19:30», «вчера с 9 до 18, обед час»."""
    if not set(kinds) <= {"worked", "break_start", "check_in"}:
        return ()
    extra: dict[str, object] = {}
    if made.length is not None:
        if "break_start" not in kinds:
            return ()
        extra["break_seconds"] = made.length.seconds
    elif "break_start" in kinds:
        return ()
    if "no_break" in heard.named:
        extra["break_seconds"] = 0
    if made.since is None and made.until is None and len(made.clocks) == 1:
        split_dash(made)
    if made.since is not None and made.until is not None:
        made.take_dates(keep=0)
        start, end = made.clock(made.since), made.clock(made.until)
        if start is None or end is None or made.clocks:
            return ()
        nine_to_five = (start.hour, start.minute, end.hour, end.minute) == (9, 0, 5, 0) and heard.is_english
        return _worked(made, start, end, scene, evening=nine_to_five, extra=extra)
    if extra or made.clocks:
        return ()
    if made.until is not None and made.clock(made.until) is not None:
        return single("check_out", _as_clock(made, made.until), scene, must_have_time=True)
    if made.since is not None and made.clock(made.since) is not None:
        return single("check_in", made, scene, must_have_time=True)
    return ()


def _as_clock(made: Frame, value: TimeWord) -> Frame:
    """Return the frame with an end said as the time itself."""
    made.until = None
    made.clocks = [(value, 0)]
    return made


def _worked(
    made: Frame,
    start: ClockTime,
    end: ClockTime,
    scene: Scene,
    *,
    evening: bool,
    extra: dict[str, object] | None = None,
) -> Readings:
    """Return the presences between two times of day."""
    days = past_days(made, scene)
    if days is None:
        return ()
    return tuple(
        Reading("worked", {"from": first, "to": last, **(extra or {})})
        for first, last in worked(scene, start, end, days, evening=evening)
    )


def remote(made: Frame, scene: Scene, *, must_have_time: bool) -> Readings:
    """Return the readings of "wfh": working remotely now or all of today, or a remote day ahead."""
    are_days = isinstance(made.since, Day) or isinstance(made.until, Day)
    if made.is_empty or (made.has_clock and not are_days) or made.ago is not None:
        found = single("check_in", made, scene, must_have_time=must_have_time)
        return tuple(Reading(one.intent, {**one.slots, "mark": "remote"}) for one in found)
    slots = day_slots(made, scene, ahead=True)
    if slots is None:
        return ()
    if not must_have_time and all(one.get("from_day") == one.get("to_day") == scene.today for one in slots):
        return (Reading("check_in", {"mark": "remote"}),)
    return tuple(Reading("leave", {"kind": "remote", **one}) for one in slots)
