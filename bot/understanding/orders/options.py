"""What an administrator sets for the whole portal in one sentence: «сводка в 9:30», «хранить данные 72 месяца»."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.understanding.phrases import ClockTime, Number, Period

if TYPE_CHECKING:
    from bot.understanding.orders.draft import Slots
    from bot.understanding.orders.hearing import Told
    from bot.understanding.scene import Scene

_YEAR = 12
_MIDNIGHT = 24


def options(told: Told, here: Scene) -> Slots | None:
    """Return no slots where the settings of the portal are asked for."""
    del here
    return {} if "options" in told.labels and told.is_only("options", "which") and not _names(told) else None


def digest_at(told: Told, here: Scene) -> Slots | None:
    """Return the time of day at which leads shall get their digest."""
    del here
    if "digest" not in told.labels or told.labels - {"digest", "send"} or _names(told) or told.is_question:
        return None
    match [said.value for said, _ in told.times]:
        case [ClockTime() as at]:
            hour, minute = at.hour % _MIDNIGHT, at.minute
        case [Number(value=hour)] if hour < _MIDNIGHT:
            minute = 0
        case _:
            return None
    return {"value": f"{hour:02}:{minute:02}"}


def retention(told: Told, here: Scene) -> Slots | None:
    """Return for how many months hours shall be kept; years are counted in months."""
    del here
    if told.labels != {"keep"} or _names(told) or told.is_question:
        return None
    match [said.value for said, _ in told.times]:
        case [Number(value=count), Period(unit="month" | "year" as unit)]:
            return {"months": count * (_YEAR if unit == "year" else 1)}
    return None


def _names(told: Told) -> bool:
    return bool(told.name or told.department)
