"""The phrases of both languages as one tree of words, and what each word is about."""

from __future__ import annotations

import re
from sys import intern
from typing import TYPE_CHECKING, Any, Final

from bot.understanding import lexicon_en, lexicon_leave, lexicon_ru

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

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
    "taking",
    "future",
    "show",
    "ask",
    "ask_self",
    "how_long",
    "me",
    "going",
    "arrive",
    "appears",
    "to_go",
    "works",
    "workday",
    "bound",
    "all_day",
    "at_home",
    "with_kin",
    "filler",
    "all~",
    "late~",
)
"""Labels that say how something is said, not what; where a phrase has two labels, the later here gives way."""

_OPTIONAL: Final = re.compile(r"(\w+)\(а\)")
_PIECE: Final = re.compile(r"[()\[\]|]|[^\s()\[\]|]+")


def family(label: str) -> str:
    """Return what a label says but for which of its kind: `leave` of `leave:sick`, `check_out` of `check_out~`."""
    return label.partition(":")[0].rstrip("~")


def rank(label: str) -> int:
    """Return how readily a label gives way to another of the same words; 0 does not."""
    return STRUCTURE.index(label) + 1 if label in STRUCTURE else 0


class _Grower:
    """Grows the tree from templates: `(a|b)` either, `[a]` perhaps, `слово(а)` both forms."""

    def __init__(self) -> None:
        self.tree: Node = {}
        self.about: dict[str, set[str]] = {}
        self._label = ""
        self._pieces: list[str] = []
        self._at = 0

    def add(self, label: str, template: str) -> None:
        """Add every phrase of a template; where a phrase has two labels, the one of lower rank stays."""
        if "(а)" in template:
            template = _OPTIONAL.sub(r"(\1|\1а)", template)
        self._label, self._pieces, self._at = label, [intern(piece) for piece in _PIECE.findall(template)], 0
        own = rank(label)
        for node in self._grow([self.tree]):
            known = node.get(None)
            if node is not self.tree and (known is None or own < rank(known)):
                node[None] = label

    def _grow(self, start: list[Node]) -> list[Node]:
        """Grow the alternatives up to the closing bracket from these places; return the places where they end."""
        ends: list[Node] = []
        places = start
        while self._at < len(self._pieces):
            piece = self._pieces[self._at]
            self._at += 1
            if piece in ")]":
                break
            if piece == "|":
                ends += places
                places = start
            elif piece == "(":
                places = self._grow(places)
            elif piece == "[":
                places = [*places, *self._grow(places)]
            else:
                self.about.setdefault(piece, set()).add(self._label)
                places = [place.setdefault(piece, {}) for place in places]
        return ends + places


def grow(*books: Mapping[str, str]) -> tuple[Node, dict[str, frozenset[str]]]:
    """Return the tree of the phrases of books, and for each word the labels of the phrases it stands in."""
    grower = _Grower()
    for phrases in books:
        for label, lines in phrases.items():
            for line in lines.splitlines():
                if line.strip():
                    grower.add(label, line)
    _share_ends(grower.tree, {})
    return grower.tree, {word: frozenset(labels) for word, labels in grower.about.items()}


def _share_ends(node: Node, ends: dict[str, Node]) -> None:
    """Let all phrases of one label end at the same place, where nothing follows: most places of a tree are ends."""
    for word, following in node.items():
        if word is None:
            continue
        if len(following) == 1 and None in following:
            node[word] = ends.setdefault(following[None], following)
        else:
            _share_ends(following, ends)


def labels_below(node: Node) -> set[str]:
    """Return the labels of all phrases that begin with the words that lead to this place."""
    found = {node[None]} if None in node else set()
    return found.union(*(labels_below(following) for word, following in node.items() if word is not None))


TREE, ABOUT = grow(lexicon_ru.PHRASES, lexicon_en.PHRASES, lexicon_leave.PHRASES)
FAMILIES: Final = {label: family(label) for labels in ABOUT.values() for label in labels}
"""The family of each label that can be heard."""


def labels_of(families: Collection[str]) -> frozenset[str]:
    """Return every label of these families."""
    return frozenset(label for label, name in FAMILIES.items() if name in families)


def longest(words: list[str], at: int, tree: Node = TREE) -> tuple[str, int] | None:
    """Return the label of the longest phrase that starts here, and the place after it."""
    node = tree.get(words[at])
    label, end, after = None, at, at + 1
    while node is not None:
        if None in node:
            label, end = node[None], after
            if len(node) == 1:
                break
        if after == len(words):
            break
        node = node.get(words[after])
        after += 1
    return None if label is None else (label, end)
