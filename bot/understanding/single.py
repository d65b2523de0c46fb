"""One punch: live, so long ago, or at a time of day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.understanding.days import dates
from bot.understanding.model import Reading
from bot.understanding.moments import punched
from bot.understanding.phrases import Day, Number

if TYPE_CHECKING:
    from datetime import date, datetime

    from bot.understanding.frame import Frame
    from bot.understanding.phrases import TimeWord
    from bot.understanding.scene import Scene

Readings = tuple[Reading, ...]


def single(kind: str, made: Frame, scene: Scene, *, must_have_time: bool) -> Readings:
    """Return the readings of one punch that has no length."""
    if made.length is not None or made.until is not None or isinstance(made.since, Day):
        return ()
    if made.ago is not None:
        return _ago(kind, made, scene)
    made.take_dates(keep=1)
    since: list[TimeWord] = [] if made.since is None else [made.since]
    said = [*since, *(value for value, _ in made.clocks)]
    days = past_days(made, scene)
    if days is None or len(said) > 1:
        return ()
    if not said:
        live = not made.part and (not made.days or days == [scene.today]) and not must_have_time
        return (Reading(kind),) if live else ()
    if kind == "break_end" and isinstance(said[0], Number) and made.since is None and not made.at_number:
        return ()  # "back 10" may be a break of ten minutes
    time = made.clock(said[0])
    if time is None:
        return ()
    return tuple(Reading(kind, {"at": moment}) for moment in unique(punched(scene, time, days, kind)))


def unique(moments: list[datetime]) -> list[datetime]:
    """Return the moments in their order, each instant once."""
    return list({moment.timestamp(): moment for moment in reversed(moments)}.values())[::-1]


def _ago(kind: str, made: Frame, scene: Scene) -> Readings:
    """Return the punch so long ago; a time ahead is no punch."""
    if made.ago is None or made.ago.seconds < 0 or made.has_clock or any(day.offset != 0 for day in made.days):
        return ()
    return (Reading(kind, {"at": scene.ago(made.ago.seconds)}),)


def past_days(made: Frame, scene: Scene) -> list[date] | None:
    """Return the days that were said of a punch; None where they are still to come or more than one."""
    if len(made.days) > 1:
        return None
    days = [day for said in made.days for day in dates(said, scene.today, ahead=False)]
    if made.days and not any(day <= scene.today for day in days):
        return None
    return days
