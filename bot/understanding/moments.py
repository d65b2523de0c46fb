"""When a punch was: clock times that people say without the half of the day, put on the nearest past day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from bot.understanding.clock_grammar import HALF_DAY
from bot.understanding.phrases import ClockTime

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.understanding.scene import Scene

LATEST_HOUR_OF_LEAVING: Final = 7
EARLIEST_HOUR_OF_COMING: Final = 5
LATEST_HOUR_OF_BREAK: Final = 6
JUST_NOW: Final = timedelta(hours=3)
"""A night worker who says «ушёл в 6» at 7 means the morning; at noon people mean the evening."""
EVENING_START: Final = timedelta(hours=2)
LONGEST_SESSION: Final = 16 * 60
LONGEST_BREAK: Final = 6 * 60
DAY: Final = 24 * 60


def halves(time: ClockTime, intent: str) -> list[int]:
    """Return the hours that people at work mean by a time of day, one or both halves."""
    hour = time.hour
    if time.exact or not 1 <= hour < HALF_DAY:
        return [hour]
    evening = hour + HALF_DAY
    if intent == "check_out":
        return [evening] if hour <= LATEST_HOUR_OF_LEAVING else [hour, evening]
    if intent == "check_in":
        return [hour] if hour >= EARLIEST_HOUR_OF_COMING else [evening]
    if intent in {"break_start", "break_end", "absence"}:
        return [evening] if hour <= LATEST_HOUR_OF_BREAK else [hour]
    return [hour]


def at_hour(time: ClockTime, hour: int) -> ClockTime:
    """Return the time with that hour of 24."""
    return ClockTime(hour, time.minute, time.second, exact=True, night=time.night)


def punched(scene: Scene, time: ClockTime, days: Sequence[date], intent: str) -> list[datetime]:
    """Return the moments that a punch can mean, the likeliest first."""
    if days:
        return _on_days(scene, time, days, intent)
    hours = halves(time, intent)
    today: list[datetime] = []
    for hour in hours:
        moments = scene.instants(scene.today, at_hour(time, hour))
        if len(moments) > 1 and moments[0] <= scene.now:
            return moments
        today += moments
    past = [moment for moment in today if moment <= scene.now]
    if past:
        return _late_start(scene, time, past, intent)
    if len(hours) == 1 and hours[0] >= HALF_DAY and not time.exact:
        morning = scene.instants(scene.today, at_hour(time, hours[0] - HALF_DAY))
        if morning and timedelta(0) <= scene.now - morning[-1] <= JUST_NOW:
            return morning
    yesterday = scene.instants(scene.today - timedelta(days=1), at_hour(time, hours[-1]))
    if intent == "check_out" and not time.exact and time.hour < EARLIEST_HOUR_OF_COMING:
        night = [moment for moment in scene.instants(scene.today, time) if moment <= scene.now]
        if night:  # «ушёл в 4:10»: at night, or yesterday; never this afternoon, which is still to come
            return [*night, *yesterday]
    return [*yesterday, *scene.instants(scene.today, at_hour(time, hours[0]))]


def _late_start(scene: Scene, time: ClockTime, past: list[datetime], intent: str) -> list[datetime]:
    """Return the nearest past moment; a start that may just as well be this evening's is asked about."""
    if intent == "check_in" and not time.exact and EARLIEST_HOUR_OF_COMING <= time.hour < HALF_DAY:
        evening = scene.instants(scene.today, at_hour(time, time.hour + HALF_DAY))
        if evening and timedelta(0) <= scene.now - evening[-1] <= EVENING_START:
            return [*past, *evening]
    return [max(past)]


def _on_days(scene: Scene, time: ClockTime, days: Sequence[date], intent: str) -> list[datetime]:
    """Return the moments on the days that were said; those still to come only when there are no others."""
    found = [
        moment for day in days for hour in halves(time, intent) for moment in scene.instants(day, at_hour(time, hour))
    ]
    if intent == "check_out" and time.exact and (time.night or time.hour == 0) and time.hour < EARLIEST_HOUR_OF_COMING:
        following = [
            moment for day in days for moment in scene.instants(day + timedelta(days=1), at_hour(time, time.hour))
        ]
        found = following if time.hour == 0 else [*found, *following]
    past = [moment for moment in found if moment <= scene.now]
    doubled = len(found) > 1 and len(days) == 1 and len({moment.utcoffset() for moment in found}) > 1
    return found if doubled else past or found


def worked(
    scene: Scene, start: ClockTime, end: ClockTime, days: Sequence[date], *, evening: bool
) -> list[tuple[datetime, datetime]]:
    """Return the presences that «с 9 до 6» can mean: none longer than a day, none that is over before it began."""
    before = 3 if scene.today.weekday() == 0 else 1  # on a Monday nobody means Sunday
    chosen = days or (scene.today, scene.today - timedelta(days=before))
    found: list[tuple[datetime, datetime]] = []
    for day in chosen:
        on_day = _on_day(scene, start, end, day, evening=evening)
        if not days and day == scene.today and on_day and all(last <= scene.now for _, last in on_day):
            return on_day
        found += on_day
    past = [pair for pair in found if pair[1] <= scene.now]
    if days:
        return found if any(scene.lacks(day) for day in days) else past or found
    begun = [pair for pair in found if pair[0] <= scene.now or pair[1].date() == scene.today]
    return past if len(past) > 1 else sorted(begun or found)


def _on_day(
    scene: Scene, start: ClockTime, end: ClockTime, day: date, *, evening: bool
) -> list[tuple[datetime, datetime]]:
    """Return the presences that begin on this day."""
    found = []
    for first, last in minute_ranges(start, end, evening=evening):
        ending = ClockTime(last // 60 % 24, last % 60, end.second, exact=True)
        for begun in scene.instants(day, ClockTime(first // 60, first % 60, start.second, exact=True)):
            found += [
                (begun, ended)
                for ended in scene.instants(day + timedelta(days=last // DAY), ending)
                if begun < ended <= begun + timedelta(minutes=DAY)
            ]
    return found


def minute_ranges(start: ClockTime, end: ClockTime, *, evening: bool = False) -> list[tuple[int, int]]:
    """Return the beginnings and ends, in minutes since midnight, that two clock times can mean together."""
    first = halves(start, "check_in")[0] * 60 + start.minute
    last = end.minutes
    if end.exact:
        if last <= first:
            return _overnight(first, last, start, end)
        early = start.minutes + HALF_DAY * 60
        if not start.exact and EARLIEST_HOUR_OF_COMING <= start.hour < HALF_DAY and first + 720 < last < DAY:
            return [(first, last), (early, last)] if early < last else [(first, last)]
        return [(first, last)]
    later = last % 720 + 720
    if last > first:
        return [(first, last)]
    if later <= first:
        return [(first, last + DAY)]
    if evening or (start.exact and start.hour < HALF_DAY):
        return [(first, later)]
    return [(first, later), (first, last + DAY)]


def _overnight(first: int, last: int, start: ClockTime, end: ClockTime) -> list[tuple[int, int]]:
    """Return the range over midnight; one too long to be meant is asked about."""
    over = (first, last + DAY)
    if over[1] - first <= LONGEST_SESSION or end.hour >= HALF_DAY:
        if not start.exact and end.hour >= HALF_DAY:
            return [(start.minutes % 720, last)] if start.minutes % 720 < last else [over]
        return [over]
    return [(first, last + 720), over] if 0 < end.hour < HALF_DAY and last + 720 > first else [over]


def break_length(start: datetime, end: ClockTime) -> int | None:
    """Return the seconds from a moment to the next time the clock shows that; None for more than a break can be."""
    minute = start.hour * 60 + start.minute
    hours = [end.hour] if end.exact or end.hour >= HALF_DAY else [end.hour, end.hour + HALF_DAY]
    ahead = [(hour * 60 + end.minute - minute) % DAY for hour in hours]
    nearest = min((gap or DAY for gap in ahead), default=DAY)
    return nearest * 60 - start.second if nearest <= LONGEST_BREAK else None
