"""What is asked about a request, found again by the message that somebody answers (E13)."""

from dataclasses import dataclass
from datetime import timedelta

from bot.dispatch.turn import Turn
from bot.messages import ASKED
from bot.text import t

SAID = "said"
"""What somebody said beside a request is told in the slot "said:<its card's slot>:<number>"."""
WITHIN = timedelta(minutes=15)
"""So long words are taken as the answer to what was asked."""
ANSWER_THERE = t("That answers another message. Please answer the question itself, or its card – or write /cancel.")


@dataclass(frozen=True, slots=True)
class AskedAbout:
    """What was asked about a request: in which card's slot, what, for which seat and round."""

    card: str
    what: str
    seat_id: int
    round: int


def asked_slot(card: str, what: str, seat_id: int, round_: int) -> str:
    """Return the slot of a question about a request; its answer needs no more than what stands in it."""
    return f"{ASKED}:{card}:{what}:{seat_id}:{round_}"


def asked_about(slot: str) -> AskedAbout | None:
    """Read what `asked_slot` wrote; None for any other slot."""
    kind, *rest = slot.split(":")
    if kind != ASKED or len(rest) != 5:
        return None
    name, number, what, seat, round_ = rest
    if not (number.isdigit() and seat.isdigit() and round_.isdigit()):
        return None
    return AskedAbout(f"{name}:{number}", what, int(seat), int(round_))


def answers_another(turn: Turn, *slots: str) -> bool:
    """Whether the words answer another message than one in these slots."""
    return turn.replied is not None and turn.replied.slot not in slots
