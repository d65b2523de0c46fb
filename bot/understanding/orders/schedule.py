"""Schedules set in one sentence: «график Анна пн-чт 9-18 пт 9-17, обед 13-14, с 1 июня»."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final

from bot.understanding.lexicon import ABOUT
from bot.understanding.orders.draft import WEEK, Draft, Slots
from bot.understanding.orders.forms import Cycle, Hours

if TYPE_CHECKING:
    from bot.understanding.orders.hearing import Told
    from bot.understanding.scene import Scene

_WORKDAYS: Final = range(5)
_SHORT_WEEK: Final = 5
_BASIC_WEEK_HOURS: Final = 60


def set_schedule(told: Told, here: Scene) -> Slots | None:
    """Return the slots of a schedule; None where the pieces make none."""
    is_day = _is_day_of_everybody(told)
    if not told.labels & {"schedule", "shift", "no_schedule"} and not is_day and not _is_detail_of_others(told):
        return None
    draft = Draft(here.today)
    pieces = [*(piece.value for piece in told.pieces if not is_day or piece.value != "working"), None]
    if told.is_question or not all(draft.take(one, after) for one, after in itertools.pairwise(pieces)):
        return None
    kind = _kind(draft)
    if kind is None:
        return None
    slots: Slots = {**target(told), **kind, **draft.slots}
    if draft.pause is not None and (pause := draft.pause.slot(draft.hours)) is not None:
        slots["break"] = pause
    return slots if slots.keys() - {"target", "name", "from_day"} else None


def _is_detail_of_others(told: Told) -> bool:
    """Whether a detail alone names whose schedule it is: «обед 40 минут у всех», «Анна с понедельника на полставки»."""
    if "break" in told.labels and "me" not in told.labels:
        return "everybody" in told.labels
    is_share = told.has_share or any(label.startswith("fraction:") for label in told.labels)
    is_name = told.names_somebody and told.name.split()[0].casefold() not in ABOUT
    return is_share and (is_name or bool(told.department))


def _is_day_of_everybody(told: Told) -> bool:
    """Whether the working day itself is told: «рабочий день у всех с 9 до 18»."""
    return {"working", "everybody"} <= told.labels and any(isinstance(piece.value, Hours) for piece in told.pieces)


def target(told: Told) -> Slots:
    """Return whose schedule it is: the person's own where nobody was named."""
    if told.name:
        return {"target": "person", "name": told.name}
    if told.department:
        return {"target": "department", "name": told.department}
    labels = told.labels
    return {"target": "everybody" if "everybody" in labels else "department" if "department" in labels else "me"}


def _kind(draft: Draft) -> Slots | None:
    """Return the kind of the schedule with what belongs to it; empty where only a detail is changed."""
    cycle = draft.cycle
    if draft.is_none:
        return None if draft.hours or cycle or draft.norm or draft.is_flexible else {"kind": "none"}
    if draft.is_flexible:
        return None if draft.hours or cycle else {"kind": "flexible", **_norm(draft)}
    week: Slots = {"week_hours": draft.norm.hours} if draft.norm is not None else {}
    if draft.norm is not None and draft.norm.per == "month":
        return None if draft.hours or cycle else {"kind": "flexible", **_norm(draft)}
    if draft.is_day_and_night or (cycle is not None and (cycle.on + cycle.off != WEEK or cycle.on < _SHORT_WEEK)):
        return {**_rota(draft, cycle or Cycle(2, 2)), **week}
    if not draft.hours and cycle is None and not draft.groups:
        return week
    return {**_fixed(draft, cycle), **week}


def _norm(draft: Draft) -> Slots:
    if draft.norm is None:
        return {}
    per = draft.norm.per or ("week" if draft.norm.hours <= _BASIC_WEEK_HOURS else "month")
    return {"norm_hours": draft.norm.hours, "norm_per": per}


def _fixed(draft: Draft, cycle: Cycle | None) -> Slots:
    """Return a week; without days that were named it is Monday to Friday, or the days of 5/2 and 6/1."""
    draft.settle_days()
    days = list(draft.days)
    if draft.free is not None or all(day is None for day in days):
        usual = range(cycle.on) if cycle is not None else _WORKDAYS
        days = [(draft.free or 0) if place is None and day in usual else place for day, place in enumerate(days)]
    return {"kind": "fixed", "hours": [each.slot() for each in draft.hours], "days": days}


def _rota(draft: Draft, cycle: Cycle) -> Slots:
    """Return a cycle of days: its days on, the second half of them nights where both were said, and its days off."""
    hours = list(draft.hours)
    if cycle.is_whole_days and not hours:
        hours = [Hours(8 * 60, 8 * 60)]
    if draft.is_day_and_night and len(hours) == 1:
        hours.append(Hours(hours[0].end, hours[0].start))
    second = 1 if draft.is_day_and_night else 0
    days = [0 if day < (cycle.on + 1) // 2 else second for day in range(cycle.on)]
    return {"kind": "rota", "hours": [each.slot() for each in hours], "cycle": [*days, *[None] * cycle.off]}
