"""Classes of words: what a word is about, whatever the form. A text is asked once which of them it has; rules ask that.

Each class is one bit, so that a rule whose words are not there is passed over by one `&`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_KEY: Final = 3
"""Every beginning has at least so many letters, by which it is found."""
_MOST_KNOWN: Final = 20_000

_next = 1
_words: Final[dict[str, int]] = {}
_stems: Final[dict[str, list[tuple[str, int]]]] = {}


def word_class(words: str = "", *, stems: str = "") -> int:
    """Return a new class: these words, and all with these beginnings but those after a minus, as «отгул -отгуля»."""
    global _next
    bit, _next = _next, _next << 1
    for word in words.split():
        _words[word] = _words.get(word, 0) | bit
    for stem in stems.split():
        is_not = stem.startswith("-")
        beginning = stem.lstrip("-")
        _stems.setdefault(beginning[:_KEY], []).append((beginning, -bit if is_not else bit))
    CLASSES.clear()
    return bit


class _Classes(dict[str, int]):
    """The classes of each word, found when it is first asked for."""

    def __missing__(self, word: str) -> int:
        found = _words.get(word, 0)
        denied = 0
        for stem, bit in _stems.get(word[:_KEY], ()):
            if word.startswith(stem):
                if bit < 0:
                    denied |= -bit
                else:
                    found |= bit
        found &= ~denied
        if len(self) >= _MOST_KNOWN:
            self.clear()
        self[word] = found
        return found


CLASSES: Final = _Classes()
"""The classes that a word is of."""


def any_of(classes: Iterable[int], wanted: int) -> bool:
    """Whether a word of this class is among those of which these are the classes."""
    return any(each & wanted for each in classes)
