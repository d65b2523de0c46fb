"""Names in the cases of Russian: «Анны», «Борису», «отдела продаж» name Анна, Борис, Отдел продаж."""

from __future__ import annotations

import re
from typing import Final

_SHORTEST_STEM: Final = 1
_ENDINGS: Final = {
    "": "а у ом ем е ым",
    "а": "ы и е у ой ей ою",
    "я": "и е ю ей ею",
    "й": "я ю ем е и",
    "ь": "я ю ем е и ью",
    "ий": "ого ему ому им ом ем",
    "ый": "ого ому ым ом",
    "ой": "ого ому ым ом",
    "ая": "ой ую ою",
    "яя": "ей юю",
    "ы": "- ов ам ами ах",
    "и": "- ей ев ов ам ами ах",
    "ел": "ла лу лом ле",
    "ев": "ьва ьву ьвом ьве",
    "ок": "ка ку ком ке",
    "ка": "ок ек",
    "ки": "ок ек кам ками ках",
}
"""The ending of a name as it stands in a list, and what takes its place in the other cases; - for nothing."""
_CASES: Final = {(first, other.strip("-")) for first, others in _ENDINGS.items() for other in others.split()}
_FIRST: Final = {
    ending: sorted(first for first, other in _CASES if other == ending) for ending in {other for _, other in _CASES}
}
"""The endings in a list of which each other ending takes the place."""
_LONGEST_ENDING: Final = 4
_UNIT: Final = re.compile(r"(?:отдел|подразделени|департамент|служб)\w*$|department$|dept$|team$|the$|of$")


def words_of(name: str) -> list[str]:
    """Return the words of a name in one case and with one «е»."""
    return re.findall(r"\w+", name.casefold().replace("ё", "е"))


def is_form(said: str, word: str) -> bool:
    """Whether one word is another in some case of Russian; both as `words_of` gives them."""
    if said == word:
        return True
    same = next((at for at, (one, other) in enumerate(zip(said, word, strict=False)) if one != other), None)
    stem = min(len(said), len(word)) if same is None else same
    shortest = max(_SHORTEST_STEM, len(said) - _LONGEST_ENDING, len(word) - _LONGEST_ENDING)
    return any((word[size:], said[size:]) in _CASES for size in range(shortest, stem + 1))


def nominatives(said: str) -> list[str]:
    """Return the words of which this one can be a form: «Джеймса» is Джеймс, or a woman."""
    stems = range(max(_SHORTEST_STEM + 1, len(said) - _LONGEST_ENDING), len(said) + 1)
    return [said[:size] + first for size in stems for first in _FIRST.get(said[size:], ())]


def same_name(said: str, name: str) -> bool:
    """Whether what was said names this person or department, in whatever case; «отдел» itself may be left out."""
    wanted, known = _without_unit(words_of(said)), _without_unit(words_of(name))
    return len(wanted) == len(known) and all(
        is_form(one, other) or is_form(other, one) for one, other in zip(wanted, known, strict=True)
    )


def _without_unit(words: list[str]) -> list[str]:
    """Return the words without those that only say «department»; all of them where there is nothing else."""
    return [word for word in words if not _UNIT.match(word)] or words
