"""Settings in one sentence, of the portal and of oneself: «сводка в 9:30», «не присылай сводку», «пиши в телеграм»."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.understanding.phrases import ClockTime, Number, Period

if TYPE_CHECKING:
    from bot.understanding.orders.draft import Slots
    from bot.understanding.orders.hearing import Told
    from bot.understanding.scene import Scene

_YEAR = 12
_MIDNIGHT = 24
_TO = "to:"
_VERSION = 24
"""«Битрикс 24» may be two words."""


def shown(told: Told, here: Scene, label: str) -> Slots | None:
    """Return no slots where settings are asked for: the portal's, one's own, or whichever concern the person."""
    del here
    return {} if label in told.labels and told.is_only(label, "which") and not _names(told) else None


def subscribe(told: Told, here: Scene) -> Slots | None:
    """Return what is wanted in future, or no more: the team's `digest` or the `weekly` summary."""
    del here
    what, how = told.labels & {"digest", "weekly"}, told.labels & {"send", "stop", "off"}
    if len(what) != 1 or len(how) != 1 or not told.is_only(*what, *how) or _names(told) or told.is_question:
        return None
    return {"what": what.pop(), "is_wanted": how == {"send"}}


def write_to(told: Told, here: Scene) -> Slots | None:
    """Return the messenger in which a person wants to be written to."""
    del here
    where = [label.removeprefix(_TO) for label in told.labels if label.startswith(_TO)]
    how = told.labels & {"write", "send"}
    is_version = [said.value for said, _ in told.times] in ([], [Number(_VERSION)])
    if len(where) != 1 or not how or told.labels - how != {_TO + where[0]} or not is_version or _names(told):
        return None
    return None if told.is_question else {"channel": where[0]}


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
