"""The button that reminds once, at a time that was named."""

from dataclasses import dataclass
from datetime import datetime

from bot.actions import Action
from bot.dispatch.turn import Turn
from bot.messages import Button
from bot.text import Time, t

_LAST_INSTANT = 1 << 35


@dataclass(frozen=True, slots=True)
class RemindAtPressed(Action, code="ra"):
    """Remind me once, at that time."""

    at: int
    """Epoch seconds."""

    def __post_init__(self) -> None:
        """Take no forged number for an instant."""
        if not 0 < self.at < _LAST_INSTANT:
            raise ValueError(self.at)


def remind_button(turn: Turn, at: datetime) -> Button:
    """Offer to be reminded at a time still to come."""
    label = t("⏰ Remind me at {time}", time=Time(at, turn.employee.zone))
    return Button(label, RemindAtPressed(int(at.timestamp())))
