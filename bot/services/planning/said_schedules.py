"""From what was said about a schedule to the schedule itself."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from fractions import Fraction
from typing import Any

from bot.domain.errors import Refusal
from bot.domain.planning.fitting import fitted
from bot.domain.planning.schedule import NO_SCHEDULE, Hours, PlannedBreak, Schedule, ScheduleKind
from bot.text import t

LONG_DAY = timedelta(hours=9)
"""From this span on, a break is planned where none was spoken of (Labour Code art. 108)."""
USUAL_BREAK = timedelta(hours=1)
_WORKDAYS = 5
_WEEK = 7


class NoHoursSaid(Refusal):
    """A schedule of which no hours are known."""

    code = "no_hours_said"

    def __init__(self) -> None:
        """Give examples."""
        super().__init__(
            t("From when to when? For example: “schedule Anna 9-18” or “schedule Anna 2/2 20-8 from 1 June”.")
        )


PRESETS: Mapping[str, Mapping[str, Any]] = {
    "5-2": {"kind": "fixed", "hours": [{"start": "09:00", "end": "18:00"}]},
    "flexible": {"kind": "flexible"},
    "none": {"kind": "none"},
}


def schedule_of(slots: Mapping[str, Any], since: date, base: Schedule = NO_SCHEDULE) -> Schedule:
    """Return the schedule that was described; what was left out stays as in `base` where only details were said."""
    made = _shape(slots, since, base)
    if made.kind is ScheduleKind.NONE:
        return NO_SCHEDULE
    made = replace(made, pause=_pause(slots, made.days, made.pause if "kind" not in slots else None))
    if "grace_minutes" in slots:
        made = replace(made, grace=timedelta(minutes=slots["grace_minutes"]))
    if "fraction" in slots:
        made = replace(made, fraction=Fraction(slots["fraction"]))
    if "week_hours" in slots:
        made = replace(made, week_hours=Fraction(str(slots["week_hours"])))
    if "accounting" in slots:
        made = replace(made, accounting=slots["accounting"])
    return fitted(made)


def shift_of(slots: Mapping[str, Any], planned: PlannedBreak) -> tuple[Hours | None, PlannedBreak]:
    """Return the hours and the break of a named shift; no hours for a day off. `planned` is the schedule's break."""
    if slots.get("off"):
        return None, PlannedBreak()
    form = slots.get("hours")
    if not form:
        raise NoHoursSaid
    hours = replace(_hours(form), name=str(slots.get("shift", "")))
    pause = _pause(slots, (hours,), planned.within(hours) if planned.length else None)
    return hours, pause


def _shape(slots: Mapping[str, Any], since: date, base: Schedule) -> Schedule:
    hours = [_hours(each) for each in slots.get("hours", ())]
    match slots.get("kind"):
        case "none":
            return NO_SCHEDULE
        case "flexible":
            norm = timedelta(hours=float(slots["norm_hours"])) if "norm_hours" in slots else None
            return Schedule(ScheduleKind.FLEXIBLE, norm=norm, norm_per=slots.get("norm_per", "week") if norm else "")
        case "fixed" if hours:
            workdays = [0] * _WORKDAYS + [None] * (_WEEK - _WORKDAYS)
            return Schedule(ScheduleKind.FIXED, _days(slots.get("days", workdays), hours))
        case "rota" if hours:
            return Schedule(ScheduleKind.ROTA, _days(slots["cycle"], hours), since)
        case None if base.kind is not ScheduleKind.NONE:
            return base
    raise NoHoursSaid


def _days(places: Sequence[int | None], hours: Sequence[Hours]) -> tuple[Hours | None, ...]:
    return tuple(None if place is None else hours[place] for place in places)


def _hours(form: Mapping[str, str]) -> Hours:
    return Hours(time.fromisoformat(form["start"]), time.fromisoformat(form["end"]))


def _pause(slots: Mapping[str, Any], days: Sequence[Hours | None], base: PlannedBreak | None) -> PlannedBreak:
    said = slots.get("break")
    if said is not None:
        start = time.fromisoformat(said["start"]) if said.get("start") else None
        minutes = said.get("minutes")
        pause = PlannedBreak(USUAL_BREAK if minutes is None else timedelta(minutes=minutes), start)
    elif base is not None:
        pause = base
    else:
        is_long = any(each.span >= LONG_DAY for each in days if each is not None)
        pause = PlannedBreak(USUAL_BREAK) if is_long else PlannedBreak()
    return replace(
        pause,
        is_paid=slots.get("break_is_paid", pause.is_paid),
        is_deducted=slots.get("deducts_break", pause.is_deducted),
    )
