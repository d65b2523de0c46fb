"""What is asked about a request, found again by the message that somebody answers (E13)."""

from dataclasses import dataclass
from datetime import timedelta

from bot.dispatch.turn import Turn
from bot.messages import ASKED, FORMER, Reply, Say, State
from bot.text import Phrase, t

SAID = "said"
"""What somebody said beside a request is told in the slot "said:<its card's slot>:<number>"."""
WITHIN = timedelta(minutes=15)
"""So long words are taken as the answer to what was asked."""
_AGAIN = "again"
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
    """Read what `asked_slot` wrote, for the question or its repetition; None for any other slot."""
    kind, *rest = slot.split(":")
    if rest and rest[-1] == _AGAIN:
        rest.pop()
    if kind != ASKED or len(rest) != 5:
        return None
    name, number, what, seat, round_ = rest
    if not (number.isdigit() and seat.isdigit() and round_.isdigit()):
        return None
    return AskedAbout(f"{name}:{number}", what, int(seat), int(round_))


def answers_another(turn: Turn, *slots: str) -> bool:
    """Whether the words answer another message than one in these slots."""
    return turn.replied is not None and turn.replied.slot not in slots


def ask_again(asked: State, text: Phrase) -> Reply:
    """Ask once more for what was asked: an answer to either message belongs to that question."""
    return Reply((Say(text, slot=f"{asked.slot}:{_AGAIN}"),), asked)


def card_slot(slot: str) -> str:
    """Return the slot of the card that a message is about: it is one, was one, asks about one, or tells of a remark."""
    kind, *rest = slot.split(":")
    return ":".join(rest[:2]) if kind in (SAID, ASKED, FORMER) else slot
