"""What is asked where words answer a card and do not say clearly what is meant: nothing is decided by them (E14)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from bot.actions import Action
from bot.dispatch.turn import Turn
from bot.domain.approvals.request import as_reason
from bot.messages import Button, Keyboard, Reply, Words
from bot.text import Phrase, lines, t
from handlers.approvals.replied import asked_slot
from handlers.read_back import Question


@dataclass(frozen=True, slots=True)
class AskMeaning(Question):
    """Words answered a card, and do not say what is to be done."""

    no: ClassVar[Words] = t("✖️ Never mind")
    dropped: ClassVar[Words] = t("Nothing was done. The request still waits.")
    lives: ClassVar[timedelta] = timedelta(hours=1)
    card: str
    seat_id: int
    round: int
    text: str

    @property
    def slot(self) -> str:
        """Beside what is asked about other requests."""
        return asked_slot(self.card, "m", self.seat_id, self.round)


@dataclass(frozen=True, slots=True)
class MeaningPressed(Action, code="am"):
    """They mean this: a approve, r reject, b send back, c a comment."""

    nonce: str
    what: str


MEANINGS: dict[str, Phrase] = {
    "a": t("✅ Approve"),
    "r": t("❌ Reject"),
    "b": t("↩️ Send back"),
    "c": t("💬 Only a comment"),
}


def said(turn: Turn) -> str:
    """Return what was written, as a reason is kept."""
    return as_reason(turn.message.text)


def ask_meaning(turn: Turn, asked: AskMeaning, what: Phrase, can: Sequence[str]) -> Reply:
    """Ask what the words mean; they become the reason of what is pressed."""
    rows = [
        tuple(Button(MEANINGS[each], MeaningPressed(asked.nonce, each)) for each in can[at : at + 2])
        for at in range(0, len(can), 2)
    ]
    text = lines(
        t("*{what}*", what=what),
        t("“{text}”", text=asked.text),
        t("Nothing is decided by that yet. What is it to be?"),
    )
    return turn.ask(asked, text, Keyboard.of(*rows, asked.no_button), slot=asked.slot)
