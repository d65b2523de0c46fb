"""Words that name a time or a day that cannot be are refused by its name."""

from typing import TYPE_CHECKING

from bot.domain.errors import NoSuchDay, NoSuchTime
from bot.understanding.impossible import impossible

if TYPE_CHECKING:
    from bot.dispatch.turn import Turn


def check_possible(text: str, turn: "Turn") -> None:
    """Refuse words that nobody understood where the reason is a time or a day that no clock and no calendar has."""
    found = impossible(text, turn.today)
    if found is not None:
        raise NoSuchTime(found.said) if found.kind == "time" else NoSuchDay(found.said)
