"""The buttons of a day that nobody ended: it ended when it was closed, or at another time."""

from dataclasses import dataclass

from bot.actions import Action, Instant


@dataclass(frozen=True, slots=True)
class ConfirmEndPressed(Action, code="ce"):
    """Yes, that is when I left."""

    session: int
    started: Instant
    """Epoch seconds."""


@dataclass(frozen=True, slots=True)
class OtherEndPressed(Action, code="oe"):
    """I left at another time."""

    session: int
    started: Instant
