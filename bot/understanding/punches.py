"""What a punch means: live or with a time, a whole presence, a timed break."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from bot.understanding.absence import day_slots
from bot.understanding.days import dates
from bot.understanding.frame import Frame
from bot.understanding.model import Reading
from bot.understanding.moments import break_length, punched, worked
from bot.understanding.phrases import Ago, ClockTime, Day, Number, TimeWord

if TYPE_CHECKING:
    from bot.understanding.hearing import Heard
    from bot.understanding.scene import Scene

Readings = tuple[Reading, ...]
_MINUTES_OF_BREAK: Final = frozenset({5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 60, 90})
_AMBIGUOUS_AFTER: Final = 15


def punch(heard: Heard, made: Frame, intents: list[str], scene: Scene, *, must_have_time: bool) -> Readings:
    """Return the readings of the punches named in a text, in the order of their words."""
    kinds = list(dict.fromkeys(intents))
    if made.crowded or made.period is not None or made.count is not None:
        return ()
    if "worked" in kinds:
        return _presence(heard, made, kinds, scene)
    if len(kinds) == 2:
        return _two(heard, made, kinds, scene)
    if len(kinds) != 1 or heard.has("no_break"):
        return ()
    kind = kinds[0]
    if made.since is not None and made.until is not None and kind in {"check_in", "check_out"}:
        days = _past_days(made, scene)
        return _presence(heard, made, ["worked"], scene) if days and days[0] < scene.today else ()
    if kind == "step_out" or (kind == "check_out" and made.length is not None and not made.has_clock):
        return _timed_break(made, scene)
    if kind == "break_start":
        return _break(made, scene, must_have_time=must_have_time)
    return _single(kind, made, scene, must_have_time=must_have_time)


def _single(kind: str, made: Frame, scene: Scene, *, must_have_time: bool) -> Readings:
    """Return the readings of one punch that has no length."""
    if made.length is not None or made.until is not None or isinstance(made.since, Day):
        return ()
    if made.ago is not None:
        return _ago(kind, made, scene)
    made.take_dates(keep=1)
    said = [made.since] if made.since is not None else []
    said += [value for value, _ in made.clocks]
    days = _past_days(made, scene)
    if days is None or len(said) > 1:
        return ()
    if not said:
        live = (not made.days or days == [scene.today]) and not must_have_time
        return (Reading(kind),) if live else ()
    time = made.clock(said[0])
    if time is None:
        return ()
    return tuple(Reading(kind, {"at": moment}) for moment in _unique(punched(scene, time, days, kind)))


def _unique(moments: list[datetime]) -> list[datetime]:
    """Return the moments in their order, each instant once."""
    return list({moment.timestamp(): moment for moment in reversed(moments)}.values())[::-1]


def _ago(kind: str, made: Frame, scene: Scene) -> Readings:
    """Return the punch so long ago; a time ahead is no punch."""
    if made.ago is None or made.ago.seconds < 0 or made.has_clock or any(day.offset != 0 for day in made.days):
        return ()
    return (Reading(kind, {"at": scene.ago(made.ago.seconds)}),)


def _past_days(made: Frame, scene: Scene) -> list[date] | None:
    """Return the days that were said of a punch; None where they are still to come or more than one."""
    if len(made.days) > 1:
        return None
    days = [day for said in made.days for day in dates(said, scene.today, ahead=False)]
    if made.days and not any(day <= scene.today for day in days):
        return None
    return days


def _two(heard: Heard, made: Frame, kinds: list[str], scene: Scene) -> Readings:
    """Return the presence or the break whose both ends were said: «пришёл в 9, ушёл в 18»."""
    made.take_dates(keep=2)
    if len(made.clocks) != 2 or made.since is not None or made.until is not None or made.length is not None:
        return ()
    first, second = (made.clock(value) for value, _ in made.clocks)
    if first is None or second is None:
        return ()
    in_order = kinds in (["check_in", "check_out"], ["break_start", "break_end"])
    start, end = (first, second) if in_order else (second, first)
    if set(kinds) == {"check_in", "check_out"}:
        return _worked(made, start, end, scene, idiom=_said_in_english(heard))
    if set(kinds) == {"break_start", "break_end"}:
        return _break_between(made, start, end, scene)
    return ()


def _said_in_english(heard: Heard) -> bool:
    """Whether the text is in Latin letters: there «9 to 5» has only one meaning."""
    return heard.text.isascii()


def _presence(heard: Heard, made: Frame, kinds: list[str], scene: Scene) -> Readings:
    """Return the readings of «был с 9 до 18», «работал до 19:30», «вчера с 9 до 18, обед час»."""
    if not set(kinds) <= {"worked", "break_start", "check_in", "check_in:remote"}:
        return ()
    extra: dict[str, object] = {}
    if made.length is not None:
        if "break_start" not in kinds:
            return ()
        extra["break_seconds"] = made.length.seconds
    elif "break_start" in kinds:
        return ()
    if heard.has("no_break"):
        extra["break_seconds"] = 0
    if made.since is None and made.until is None and len(made.clocks) == 1:
        _split_dash(made)
    if made.since is not None and made.until is not None:
        made.take_dates(keep=0)
        start, end = made.clock(made.since), made.clock(made.until)
        if start is None or end is None:
            return ()
        return _worked(made, start, end, scene, idiom=_said_in_english(heard), extra=extra)
    if extra or made.clocks:
        return ()
    if made.until is not None and made.clock(made.until) is not None:
        return _single("check_out", _as_clock(made, made.until), scene, must_have_time=True)
    if made.since is not None and made.clock(made.since) is not None:
        return _single("check_in", made, scene, must_have_time=True)
    return ()


def _split_dash(made: Frame) -> None:
    """Take «был 9-18» for a range; a single time says nothing of a presence."""
    from bot.understanding.phrases import Pair  # noqa: PLC0415 - keeps the common path short

    value, _ = made.clocks[0]
    if isinstance(value, Pair) and value.joint == "-":
        made.clocks.clear()
        made.since, made.until = Number(value.first), Number(value.second)


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
    idiom: bool,
    extra: dict[str, object] | None = None,
) -> Readings:
    """Return the presences between two times of day."""
    days = _past_days(made, scene)
    if days is None:
        return ()
    nine_to_five = idiom and (start.hour, start.minute, end.hour, end.minute) == (9, 0, 5, 0)
    return tuple(
        Reading("worked", {"from": first, "to": last, **(extra or {})})
        for first, last in worked(scene, start, end, days, idiom=nine_to_five)
    )


def _break(made: Frame, scene: Scene, *, must_have_time: bool) -> Readings:
    """Return the readings of a break: live, begun at a time, timed, or with both ends."""
    if made.since is None and made.until is None and len(made.clocks) == 1:
        _dash_of_break(made)
    if made.since is not None and made.until is not None:
        start, end = made.clock(made.since), made.clock(made.until)
        if start is None or end is None or made.length is not None:
            return ()
        return _break_between(made, start, end, scene)
    minutes = _bare_minutes(made)
    if made.length is None and made.until is None and not minutes and (made.ago is None or made.ago.seconds > 0):
        return _single("break_start", made, scene, must_have_time=must_have_time)
    if made.has_clock and made.until is None and made.length is not None:
        length = made.length.seconds
        made.length = None
        found = _single("break_start", made, scene, must_have_time=True)
        return tuple(Reading(one.intent, {**one.slots, "duration_seconds": length}) for one in found)
    return _timed_break(made, scene)


def _dash_of_break(made: Frame) -> None:
    """Take «обед 13-14» for both ends, and «обед 13-40» for a time."""
    from bot.understanding.phrases import Pair  # noqa: PLC0415 - keeps the common path short

    value, _ = made.clocks[0]
    if isinstance(value, Pair) and value.joint == "-" and value.first < value.second <= 24:
        _split_dash(made)


def _bare_minutes(made: Frame) -> int:
    """Return the minutes of «обед 30», "back in 10"; 0 where the number is an hour or absent."""
    if len(made.clocks) != 1 or not isinstance(made.clocks[0][0], Number):
        return 0
    value = made.clocks[0][0].value
    if made.since is not None or made.until is not None or made.clocks[0][0].padded:
        return 0
    likely = value in _MINUTES_OF_BREAK and (value > 12 or made.for_number)
    return value if likely and not (made.days or made.part) else 0


def _timed_break(made: Frame, scene: Scene) -> Readings:
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
    elif len(made.clocks) == 1 and isinstance(made.clocks[0][0], Number):
        seconds = made.clocks[0][0].value * 60
    elif len(made.clocks) == 1:
        end = made.clock(made.clocks[0][0])
        seconds = None if end is None else break_length(scene.now, end)
    if not seconds or seconds > 12 * 3600:
        return ()
    return (Reading("break_start", {"duration_seconds": seconds}),)


def _break_between(made: Frame, start: ClockTime, end: ClockTime, scene: Scene) -> Readings:
    """Return a break with both ends as its beginning and its length."""
    days = _past_days(made, scene)
    if days is None:
        return ()
    found = []
    for begun in _unique(punched(scene, start, days, "break_start")):
        seconds = break_length(begun, end)
        if seconds:
            found.append(Reading("break_start", {"at": begun, "duration_seconds": seconds}))
    return tuple(found)


def remote(made: Frame, scene: Scene, must_have_time: bool) -> Readings:  # noqa: FBT001
    """Return the readings of "wfh": working now, a remote day ahead, or for today either."""
    if made.is_empty or made.has_clock or made.ago is not None:
        return _single("check_in", made, scene, must_have_time=must_have_time)
    slots = day_slots(made, scene, ahead=True)
    if slots is None:
        return ()
    leave = tuple(Reading("leave", {"kind": "remote", **one}) for one in slots)
    today = all(one.get("from_day") == scene.today for one in slots) and not must_have_time
    return (Reading("check_in"), *leave) if today else leave


