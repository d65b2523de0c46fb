"""Periods closed, opened again and confirmed: «закрыть июнь», «переоткрой июнь», «неделя верна»."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.understanding.model import Reading
from bot.understanding.orders.dates import last_full_week, period_to_close
from bot.understanding.phrases import Day, Number, Period, Said

if TYPE_CHECKING:
    from bot.understanding.orders.draft import Slots
    from bot.understanding.orders.hearing import Told
    from bot.understanding.scene import Scene

_BESIDE: Final = frozenset({"period", "me"})
_FINAL: Final = "утверд"
_WISH: Final = "correct"


def period_order(told: Told, here: Scene, label: str) -> Slots | None:
    """Return the first and the last day of the period that is closed, opened or confirmed."""
    if label == "confirm" and told.words[0] == _WISH:
        return None  # "correct yesterday" wants it changed
    if label not in told.labels or told.labels - {label, *_BESIDE} or told.name or told.department or told.is_question:
        return None
    times = [piece.value for piece in told.pieces if not isinstance(piece.value, str)]
    if not all(isinstance(each, Said) and isinstance(each.value, (Period, Day, Number)) for each in times):
        return None
    if times:
        found = period_to_close(told, here.today)
    elif label == "confirm" and "period" in told.labels:
        found = last_full_week(here.today)
    else:
        found = None
    return None if found is None else {"from_day": found[0], "to_day": found[1]}


def period_choices(told: Told, here: Scene) -> tuple[Reading, ...]:
    """Return what «согласовать июнь», «утвердить июнь» can mean: one's own hours, overtime, others' wishes, closing."""
    if "approve" not in told.labels or told.labels - {"approve", *_BESIDE} or told.name or told.department:
        return ()
    if told.is_question or len(told.times) != 1 or not isinstance(told.times[0][0].value, Period):
        return ()
    found = period_to_close(told, here.today)
    if found is None:
        return ()
    days: Slots = {"from_day": found[0], "to_day": found[1]}
    if any(word.startswith(_FINAL) for word in told.words):
        return Reading("confirm_period", days), Reading("close_period", days)
    overtime = Reading("report", {**days, "topic": "overtime"})
    return Reading("confirm_period", days), overtime, Reading("approvals")
