"""Shifts and days off of one person on dates: «смена Борис 5 июня 20-8», «Борис 6 июня выходной».

One's own shift that is over is no plan any more: «смена с 8 до 20 вчера» tells of a presence.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from bot.understanding.model import Reading
from bot.understanding.orders.dates import stretches
from bot.understanding.orders.forms import Hours
from bot.understanding.orders.schedule import target
from bot.understanding.phrases import Day, Number, Said

if TYPE_CHECKING:
    from bot.understanding.orders.draft import Slots
    from bot.understanding.orders.hearing import Told
    from bot.understanding.scene import Scene

_HALF_DAY: Final = timedelta(hours=12)
_NOON: Final = 12
_LABELS: Final = frozenset({"schedule", "shift", "off", "me", "department", "everybody"})


def plan_shift(told: Told, here: Scene) -> Slots | None:
    """Return the slots of a shift on dates, or of a day off there; None where it is neither."""
    labels = told.labels
    names = [label.partition(":")[2] for label in labels if label.startswith("named:")]
    hours = [piece.value for piece in told.pieces if isinstance(piece.value, Hours)]
    is_off = "off" in labels
    if told.is_question or {label for label in labels if not label.startswith("named:")} - _LABELS:
        return None
    if any(not isinstance(piece.value, (str, Hours, Said)) for piece in told.pieces):
        return None
    if not (labels & {"shift", "schedule"} or (is_off and (told.names_somebody or told.department))) or is_off is bool(
        hours or names
    ):
        return None
    if len(hours) > 1 or len(names) > 1:
        return None
    rows = stretches(told, here.today) if _names_dates(told) else []
    if not told.times and "shift" in labels and hours:
        rows = [(here.today, here.today)]
    if not rows:
        return None
    slots: Slots = {**target(told), "from_day": rows[0][0], "to_day": rows[0][1]}
    if len(rows) > 1:
        slots["also"] = [f"{first}/{last}" for first, last in rows[1:]]
    if is_off:
        return {**slots, "off": True}
    return slots | ({"hours": hours[0].slot()} if hours else {}) | ({"shift": names[0]} if names else {})


def over(slots: Slots, here: Scene) -> tuple[Reading, ...]:
    """Return one's own shift that is over by now as the presence that it was; none where it is still to come.

    Hours that may end in the evening or in the morning after, «с 9 до 6», are asked about.
    """
    day, hours = slots["from_day"], slots.get("hours")
    if slots["target"] != "me" or slots["to_day"] != day or "also" in slots:
        return ()
    if not isinstance(day, date) or not isinstance(hours, dict):
        return ()
    begun, ended = (datetime.combine(day, time.fromisoformat(str(hours[end])), here.zone) for end in ("start", "end"))
    ends = [ended]
    if ended <= begun:
        evening = [ended + _HALF_DAY] if begun < ended + _HALF_DAY and begun.hour < _NOON else []
        ends = [*evening, ended + timedelta(days=1)]
    return tuple(Reading("worked", {"from": begun, "to": end}) for end in ends if end <= here.now)


def _names_dates(told: Told) -> bool:
    """Whether certain days are meant: dates, tomorrow, or one weekday of a shift, not the weekdays of a schedule."""
    said = [said.value for said, _ in told.times]
    if any(isinstance(value, Day) and value.weekday is not None for value in said):
        return "shift" in told.labels and len(said) == 1
    return bool(said) and all(isinstance(value, (Day, Number)) for value in said)
