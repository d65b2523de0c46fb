"""Days in a list that names its month once: «4, 5 и 8 июня», "June 4 and 5". The numbers beside it are days as well."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bot.understanding.calendar_words import MONTHS
from bot.understanding.clock_grammar import word
from bot.understanding.number_grammar import AND
from bot.understanding.phrases import Day, Number, Said
from bot.understanding.tokens import Token

if TYPE_CHECKING:
    from collections.abc import Sequence

Place = tuple[Said, int]
_LAST_DAY: Final = 31


def split_lists(tokens: list[Token]) -> list[Token]:
    """Return the tokens with «4,5 и 8 июня» told to be 4 and 5, not four and a half."""
    if "decimal" not in [token.kind for token in tokens]:
        return tokens
    made: list[Token] = []
    for at, token in enumerate(tokens):
        first, _, second = token.text.partition(",")
        if token.kind == "decimal" and second and _ends_in_month(tokens, at + 1):
            middle = token.start + len(first)
            made.append(Token("number", first, token.start, middle, token.after_comma))
            made.append(Token("number", second, middle + 1, token.end, after_comma=True))
        else:
            made.append(token)
    return made


def _ends_in_month(tokens: list[Token], at: int) -> bool:
    """Whether a month follows, with nothing but numbers and «и» before it."""
    while word(tokens, at) in AND or (at < len(tokens) and tokens[at].kind in {"number", "decimal"}):
        at += 1
    return word(tokens, at) in MONTHS


def with_days(times: Sequence[Place], tokens: list[Token]) -> list[Place]:
    """Return the pieces of time with the numbers of such a list made days of its month."""
    made = list(times)
    for at in range(len(made) - 2, -1, -1):
        if _is_joined(tokens, made[at + 1][1]):
            made[at] = _as_day(made[at], made[at + 1][0])
    for at in range(1, len(made)):
        if _is_joined(tokens, made[at][1]):
            made[at] = _as_day(made[at], made[at - 1][0])
    return made


def _is_joined(tokens: list[Token], place: int) -> bool:
    """Whether what stands at this place follows a comma or «и»."""
    return tokens[place].after_comma or word(tokens, place - 1) in AND


def _as_day(piece: Place, beside: Said) -> Place:
    """Return the piece as a day of the month of the one beside it, if both can be."""
    said, place = piece
    day = beside.value
    if not isinstance(said.value, Number) or not isinstance(day, Day) or said.prep in {"at", "since"}:
        return piece
    if day.month is None or not 1 <= said.value.value <= _LAST_DAY:
        return piece
    return Said(replace(day, day=said.value.value), said.prep), place
