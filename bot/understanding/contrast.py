"""A time that was denied beside the one that was meant: «в 9:05, а не в 9:15», "at 8:35, not 8:50"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.understanding.calendar_words import listed
from bot.understanding.phrases import ClockTime, Day, Length, Number, Pair, TimeWord
from bot.understanding.time_grammar import parse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.understanding.tokens import Token

_DENIALS: Final = (("не",), ("not",), ("вместо",), ("instead", "of"), ("rather", "than"))
DENYING: Final = frozenset(denial[0] for denial in _DENIALS)
"""With one of these a denial begins."""
_NEGATIONS: Final = frozenset({"не", "not"})
"""Deny the word beside them; the others always stand between two."""
_OPPOSED: Final = frozenset({"а", "but"})
_FARTHEST: Final = 3
_JOINTS: Final = frozenset(listed("а и но but and"))


def without_denied(tokens: list[Token]) -> list[Token]:
    """Return the tokens without a time that was denied, where another of its sort was said: that one was meant."""
    at = 0
    while at < len(tokens):
        if tokens[at].text in DENYING and (after := _denied(tokens, at)):
            first = at - 1 if at and tokens[at - 1].text in _JOINTS else at
            rest = tokens[after + 1 :] if after < len(tokens) and tokens[after].text in _JOINTS else tokens[after:]
            return without_denied([*tokens[:first], *rest])
        at += 1
    return tokens


def _denied(tokens: list[Token], at: int) -> int:
    """Return the place after the time denied at this place; 0 where none is, or none of its sort stands against it.

    What was meant comes before, or after a comma or «а»: «не 14.07 пришла в 9:15» denies the day alone.
    """
    for denial in _DENIALS:
        start = at + len(denial)
        if [token.text for token in tokens[at:start]] == list(denial) and start < len(tokens):
            found = parse(tokens, start)
            if found is None:
                return 0
            kind = _sort(found[0][0].value)
            after = found[1]
            is_parted = denial[0] not in _NEGATIONS or _is_parted(tokens, after)
            others = _sorts(tokens[:at]) | (_sorts(tokens[after:]) if is_parted else set())
            return after if kind and kind in others else 0
    return 0


def _is_parted(tokens: list[Token], after: int) -> bool:
    """Whether what was meant stands apart: after a comma or «а», be it after the verb: «не в 10 пришла, а в 9:30»."""
    if after < len(tokens) and (tokens[after].text in _JOINTS or tokens[after].after_comma):
        return True
    joints = (at for at in range(after, min(after + _FARTHEST, len(tokens) - 1)) if tokens[at].text in _OPPOSED)
    return any(parse(tokens, at + 1) is not None for at in joints)


def _sorts(tokens: Sequence[Token]) -> set[str]:
    """Return the sorts of time that are said in these tokens."""
    found: set[str] = set()
    words = list(tokens)
    at = 0
    while at < len(words):
        time = parse(words, at)
        if time is None:
            at += 1
        else:
            found |= {_sort(said.value) for said in time[0]}
            at = time[1]
    return found


def _sort(value: TimeWord) -> str:
    """Return what a piece of time can stand against; nothing for pieces that nobody contrasts."""
    if isinstance(value, (ClockTime, Number, Pair)):
        return "clock"
    if isinstance(value, Day):
        return "day"
    return "length" if isinstance(value, Length) else ""
