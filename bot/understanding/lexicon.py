"""The phrases of both languages as one tree of words, and what each word is about."""

from __future__ import annotations

import re
from typing import Any, Final

from bot.understanding import lexicon_en, lexicon_ru

Node = dict[str | None, Any]
"""A place in the tree: the next words, and under None the label of the phrase that ends here."""

PUNCHES: Final = frozenset({"check_in", "break_start", "break_end", "check_out"})

STRUCTURE: Final = (
    "reason",
    "reason+",
    "forgot",
    "fix",
    "neg",
    "cond",
    "modal",
    "future",
    "show",
    "ask",
    "ask_self",
    "how_long",
    "me",
    "filler",
    "all~",
)
"""Labels that say how something is said, not what; where a phrase has two labels, the later here gives way."""

_OPTIONAL: Final = re.compile(r"(\w+)\(а\)")
_PIECE: Final = re.compile(r"[()\[\]|]|[^\s()\[\]|]+")


def expand(template: str) -> list[tuple[str, ...]]:
    """Return every phrase of a template: `(a|b)` either, `[a]` perhaps, `слово(а)` both forms."""
    pieces = _PIECE.findall(_OPTIONAL.sub(r"(\1|\1а)", template))
    phrases, _ = _alternatives(pieces, 0)
    return phrases


def _alternatives(pieces: list[str], at: int) -> tuple[list[tuple[str, ...]], int]:
    """Return the phrases from this place to the closing bracket, and the place after it."""
    every: list[tuple[str, ...]] = []
    phrases: list[tuple[str, ...]] = [()]
    while at < len(pieces):
        piece = pieces[at]
        at += 1
        if piece in ")]":
            break
        if piece == "|":
            every += phrases
            phrases = [()]
        elif piece in "([":
            inner, at = _alternatives(pieces, at)
            if piece == "[":
                inner = [(), *inner]
            phrases = [head + tail for head in phrases for tail in inner]
        else:
            phrases = [(*head, piece) for head in phrases]
    return every + phrases, at


def rank(label: str) -> int:
    """Return how readily a label gives way to another of the same words; 0 does not."""
    return STRUCTURE.index(label) + 1 if label in STRUCTURE else 0


def _grow() -> tuple[Node, dict[str, frozenset[str]]]:
    """Return the tree of phrases, and for each word the labels of the phrases it stands in."""
    tree: Node = {}
    about: dict[str, set[str]] = {}
    for phrases in (lexicon_ru.PHRASES, lexicon_en.PHRASES):
        for label, lines in phrases.items():
            for line in lines.splitlines():
                for phrase in expand(line):
                    if not phrase:
                        continue
                    node = tree
                    for word in phrase:
                        about.setdefault(word, set()).add(label)
                        node = node.setdefault(word, {})
                    known = node.get(None)
                    if known is None or rank(label) < rank(known):
                        node[None] = label
    return tree, {word: frozenset(labels) for word, labels in about.items()}


TREE, ABOUT = _grow()


def longest(words: list[str], at: int) -> tuple[str, int] | None:
    """Return the label of the longest phrase that starts here, and the place after it."""
    node = TREE.get(words[at])
    best: tuple[str, int] | None = None
    after = at + 1
    while node is not None:
        if (label := node.get(None)) is not None:
            best = (label, after)
        if after >= len(words):
            break
        node = node.get(words[after])
        after += 1
    return best
