"""Questions with buttons: what was understood is read back, and done once the person says yes, once.

A conversation declares what it asks (a `ReadBack`) and what a yes does (`@router.agreed`); all the rest is here.
"""

import secrets
from dataclasses import dataclass, field
from typing import ClassVar, TypeVar

from bot.actions import Action
from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.messages import Button, Keyboard, Reply, Say, State, Words
from bot.text import t

router = Router("asking")
OVER = t("That question is over. If it still matters, please write it again.")
ELSEWHERE = t("That answers another message. If you mean the question that is open, please press its button.")
_NO = ("decline", "cancel", "undo")


@dataclass(frozen=True, slots=True)
class Question(State):
    """A question with buttons. They carry its nonce, so that those of a former question do nothing."""

    no: ClassVar[Words] = t("✖️ No")
    dropped: ClassVar[Words] = t("Dropped. Nothing was changed.")
    """What is said after a no."""
    nonce: str = field(default_factory=lambda: secrets.token_hex(4), kw_only=True)

    @property
    def no_button(self) -> Button:
        """The button that drops the question."""
        return Button(self.no, NoPressed(self.nonce))


@dataclass(frozen=True, slots=True)
class ReadBack(Question):
    """We read back what we understood, and wait for a yes."""

    yes: ClassVar[Words] = t("✅ Yes")
    is_final: ClassVar[bool] = False
    """What cannot be brought back takes a red button; a typed yes is not enough."""


Kind = TypeVar("Kind", bound=Question)


@dataclass(frozen=True, slots=True)
class YesPressed(Action, code="y", formerly=("ac", "cac", "cs", "er", "gy", "ls", "py", "vs")):
    """Yes, do what was read back."""

    nonce: str


@dataclass(frozen=True, slots=True)
class NoPressed(Action, code="n", formerly=("cak", "cd", "gn", "ld", "pn", "rn", "vd")):
    """No, drop the question."""

    nonce: str


def read_back(turn: Turn, asked: ReadBack, text: Words, *, yes: Words | None = None) -> Reply:
    """Show what was understood, with a yes and a no below."""
    agree = Button(yes or asked.yes, YesPressed(asked.nonce), style="danger" if asked.is_final else "success")
    return turn.ask(asked, text, Keyboard.of((agree, asked.no_button)), slot=asked.slot)


def still_open(turn: Turn, kind: type[Kind], nonce: str) -> Kind | None:
    """Return the question whose button was pressed; None where it was answered, replaced or waited too long."""
    asked = turn.state
    return asked if isinstance(asked, kind) and asked.nonce == nonce else None


@router.pressed(YesPressed)
async def yes(turn: Turn, press: YesPressed) -> Reply:
    """The person agreed by the button."""
    return turn.say(OVER) if still_open(turn, ReadBack, press.nonce) is None else _AGREED


@router.pressed(NoPressed)
async def no(turn: Turn, press: NoPressed) -> Reply:
    """The person thought better of it."""
    asked = still_open(turn, Question, press.nonce)
    return turn.say(OVER) if asked is None else turn.conclude(asked.dropped, slot=asked.slot)


@router.answered(Question)
async def in_words(turn: Turn, asked: Question) -> Reply:
    """A typed yes or no; anything else is a new message."""
    intent = turn.understood.intent
    if turn.is_elsewhere and intent in ("confirm", "decline"):
        return Reply((Say(ELSEWHERE),), asked)
    if intent in _NO:
        return turn.conclude(asked.dropped, slot=asked.slot)
    if intent != "confirm" or not isinstance(asked, ReadBack):
        return turn.pass_on()
    if asked.is_final:
        return Reply((Say(t("This cannot be brought back. If you are sure, please press the button.")),), asked)
    return _AGREED


_AGREED = Reply(agreed=True, ends=True)
