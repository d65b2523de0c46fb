"""Small typos: an unknown word is taken for a known one only when that cannot turn a meaning round."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.understanding.calendar_words import ALL_WORDS
from bot.understanding.lexicon import ABOUT, TREE

if TYPE_CHECKING:
    from collections.abc import Iterable

SHORTEST_OF_ALL: Final = 3
SHORTEST_TO_WARN: Final = 4
SHORTEST_FOR_ONE: Final = 5
SHORTEST_FOR_TWO: Final = 9
LONGEST: Final = 24
MOST_CANDIDATES: Final = 12
_KEPT: Final = 3
"""So many letters at one side of a long word outlast two slips."""
_MOST_SLIPS: Final = 2
_VOWELS: Final = frozenset("аеиоуыэюяaeiouy")


@cache
def _own_words() -> frozenset[str]:
    """Return the words of both languages that lie near one of ours and are no typos of it, read when first needed.

    They are drawn from the dictionaries of spelling checkers. Left out are the few that nobody writes at work and
    everybody mistypes: «обет» is a lunch.
    """
    here = Path(__file__)
    texts = (here.with_name(name).read_text(encoding="utf-8") for name in ("own_words_ru.txt", "own_words_en.txt"))
    return frozenset(" ".join(texts).split())


SPELT: Final = {
    "ушол": "ушел",
    "пришол": "пришел",
    "пошол": "пошел",
    "вышол": "вышел",
    "зашол": "зашел",
    "отошол": "отошел",
    "дошол": "дошел",
    "til": "till",
    "скока": "сколько",
    "скоко": "сколько",
    "чево": "чего",
    "севодня": "сегодня",
    "седня": "сегодня",
    "сення": "сегодня",
}
"""How people spell what they hear."""

_LAUGHTER: Final = re.compile(
    r"(?:[ах]{4,}|[ахпвы]*(?:аха|хах|пхп)[ахпвы]*|(?:a?ha){2,}h?|a?(?:ha)+hah?a*|l+o+l+|lmao|rofl|(?:he){2,}|xd+|хд|ржу)"
)
_FIRST_OF_LAUGHTER: Final = frozenset("ахпвыржahlrx")
_STRETCHED: Final = re.compile(r"(.)\1{2,}")


@lru_cache(maxsize=4096)
def unstretched(word: str) -> str | None:
    """Return the known word that was drawn out, «пришлааа», or a plain laugh for any; None where it is neither."""
    if word[0] in _FIRST_OF_LAUGHTER and _LAUGHTER.fullmatch(word):
        return "ха"
    if not _STRETCHED.search(word):
        return None
    return next((short for to in (r"\1", r"\1\1") if (short := _STRETCHED.sub(to, word)) in KNOWN), None)


_SIDES: Final = {
    "check_in": "here",
    "break_end": "here",
    "check_out": "gone",
    "check_out~": "gone",
    "break_start": "gone",
    "step_out": "gone",
    "off": "gone",
    "confirm": "yes",
    "decline": "no",
    "neg": "not",
    "remind:on": "yes",
    "remind:off": "no",
    "cond": "if",
    "future": "if",
}
"""Meanings that must never be mistaken for each other."""


@dataclass(slots=True, eq=False)
class Vocabulary:
    """Known words, found by what is left of them.

    Of two words one slip apart the same is left without a letter of each or of the longer one. Two slips in a long word
    keep three letters at one of its sides; such words are found by these, by their length and by most of their letters.
    """

    by_rest: dict[str, list[str]] = field(default_factory=dict)
    by_side: dict[tuple[str, int], list[tuple[str, int]]] = field(default_factory=dict)


def vocabulary(words: Iterable[str]) -> Vocabulary:
    """Return the words that are long enough to be recognised in a typo."""
    made = Vocabulary()
    for word in words:
        if len(word) < SHORTEST_OF_ALL or "_" in word:
            continue
        for rest in _rests(word):
            made.by_rest.setdefault(rest, []).append(word)
        if len(word) >= SHORTEST_FOR_TWO:
            for side in _sides_of(word):
                made.by_side.setdefault((side, len(word)), []).append((word, _letters(word)))
    return made


def _rests(word: str) -> set[str]:
    """Return the word, and what is left of it without each of its letters."""
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


def _sides_of(word: str) -> tuple[str, str]:
    """Return the beginning and the end of a word, told apart."""
    return "<" + word[:_KEPT], word[-_KEPT:] + ">"


def _letters(word: str) -> int:
    """Return the set of letters of a word as bits."""
    bits = 0
    for letter in word:
        bits |= 1 << (ord(letter) & 63)
    return bits


KNOWN: Final = frozenset(ABOUT) | ALL_WORDS
"""The words that are ours as they are written."""
_WORDS: Final = vocabulary(KNOWN)


def is_known(word: str) -> bool:
    """Whether the word is one of ours as it is written."""
    return word in KNOWN


_ROWS: Final = ("йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_PLACES: Final = {letter: (row % 3, at) for row, letters in enumerate(_ROWS) for at, letter in enumerate(letters)}


def _may_be_slip(word: str, known: str) -> bool:
    """Whether a word may be a slip of another: of first letters only keys beside each other are.

    «Собралась» is not «добралась».
    """
    if word[0] == known[0] or word[1:] != known[1:]:
        return True
    one, other = _PLACES.get(word[0]), _PLACES.get(known[0])
    return one is not None and other is not None and all(abs(a - b) <= 1 for a, b in zip(one, other, strict=True))


@lru_cache(maxsize=4096)
def corrected(word: str) -> str | None:
    """Return the known word that this one is a typo of, or None where there is none or more than one meaning.

    Shorter words are never guessed, but one of the other side that lies as near forbids a guess: «зушла» is nothing.
    """
    size = len(word)
    if not SHORTEST_FOR_ONE <= size <= LONGEST or word in _own_words():
        return None
    near = [(far, known) for far, known in _near(word, _WORDS) if len(known) >= SHORTEST_TO_WARN]
    near = [(far, known) for far, known in near if _may_be_slip(word, known)]
    nearest = min((far for far, known in near if len(known) >= SHORTEST_FOR_ONE), default=LONGEST)
    best = [known for far, known in near if far == nearest and len(known) >= SHORTEST_FOR_ONE]
    if not best:
        return None
    meanings = {_meaning(known) for known in best}
    if len(meanings) > 1 or _turns_round(best[0], [known for _, known in near]):
        return None
    return min(best, key=lambda known: (None not in TREE.get(known, {}), known))


def nearest(word: str, words: Vocabulary) -> list[str]:
    """Return the words of a vocabulary that this one may be a typo of, all equally near."""
    if not SHORTEST_FOR_ONE <= len(word) <= LONGEST:
        return []
    near = [(far, known) for far, known in _near(word, words) if len(known) >= SHORTEST_FOR_ONE]
    return [known for far, known in near if far == near[0][0]]


@lru_cache(maxsize=4096)
def candidates(word: str) -> tuple[str, ...]:
    """Return the known words that this one may be a slip of; which of them is meant, the sentence tells.

    Of three letters only two that changed places, or a vowel left out, make a slip: «обд», "otu".
    """
    if not SHORTEST_OF_ALL <= len(word) <= LONGEST or word in _own_words():
        return ()
    near = [known for _, known in _near(word, _WORDS) if _may_be_slip(word, known)]
    if len(word) == SHORTEST_OF_ALL:
        near = [known for known in near if _is_short_slip(word, known)]
    return tuple(near[:MOST_CANDIDATES])


def _is_short_slip(word: str, known: str) -> bool:
    """Whether a word of three letters is the known one with two letters swapped or a vowel left out."""
    if sorted(word) == sorted(known):
        return True
    return any(known[:at] + known[at + 1 :] == word for at, letter in enumerate(known) if letter in _VOWELS)


@lru_cache(maxsize=4096)
def _near(word: str, words: Vocabulary) -> tuple[tuple[int, str], ...]:
    """Return the words of a vocabulary within a slip or two, with how far they are, the nearest first."""
    found = words.by_rest.get
    alike = set(found(word, ()))
    for at in range(len(word)):
        known_by = found(word[:at] + word[at + 1 :])
        if known_by is not None:
            alike.update(known_by)
    near = [(far, known) for known in alike if (far := _one_slip(word, known)) <= 1]
    if len(word) >= SHORTEST_FOR_TWO:
        alike = _alike(word, words)
        near += [(_MOST_SLIPS, known) for known in alike if distance(word, known, _MOST_SLIPS) == _MOST_SLIPS]
    return tuple(sorted(near))


def _alike(word: str, words: Vocabulary) -> set[str]:
    """Return the long words that keep three letters at one side, and of which most letters are the same."""
    size, letters = len(word), _letters(word)
    return {
        known
        for side in _sides_of(word)
        for length in range(size - _MOST_SLIPS, size + _MOST_SLIPS + 1)
        for known, bits in words.by_side.get((side, length), ())
        if (letters ^ bits).bit_count() <= 2 * _MOST_SLIPS
    }


def _meaning(word: str) -> frozenset[str]:
    """Return what a known word is about; each word of the calendar is about itself."""
    own = frozenset({word}) if word in ALL_WORDS else frozenset()
    return ABOUT.get(word, frozenset()) | own


def _sides(word: str) -> set[str]:
    """Return the sides that a word can take."""
    return {_SIDES[label] for label in ABOUT.get(word, ()) if label in _SIDES}


def _turns_round(chosen: str, near: list[str]) -> bool:
    """Whether some word as near as allowed takes a side that the chosen one does not."""
    sides = _sides(chosen)
    return any(_sides(other) - sides for other in near if other != chosen)


def distance(one: str, other: str, limit: int) -> int:
    """Return how many letters to add, drop, change or swap with a neighbour; more than `limit` is only `limit + 1`."""
    if limit == 1:
        return _one_slip(one, other)
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    one, other = one[start:], other[start:]
    end = 0
    while end < min(len(one), len(other)) and one[-1 - end] == other[-1 - end]:
        end += 1
    one, other = one[: len(one) - end], other[: len(other) - end]  # what is the same at both ends costs nothing
    before: list[int] = []
    above = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        line = [row]
        for column, target in enumerate(other, start=1):
            cost = min(above[column] + 1, line[-1] + 1, above[column - 1] + (letter != target))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == target:
                cost = min(cost, before[column - 2] + 1)
            line.append(cost)
        if min(line) > limit:
            return limit + 1
        before, above = above, line
    return min(above[-1], limit + 1)


def _one_slip(one: str, other: str) -> int:
    """Return 0 for the same word, 1 for one slip and 2 for more: what lies between the common ends tells."""
    if abs(len(one) - len(other)) > 1:
        return 2
    start = 0
    shorter = min(len(one), len(other))
    while start < shorter and one[start] == other[start]:
        start += 1
    end = 0
    while end < shorter - start and one[-1 - end] == other[-1 - end]:
        end += 1
    first, second = one[start : len(one) - end], other[start : len(other) - end]
    if not first and not second:
        return 0
    is_swap = len(first) == len(second) == 2 and first == second[::-1]
    return 1 if is_swap or max(len(first), len(second)) == 1 else 2
