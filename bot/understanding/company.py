"""With whom somebody is at lunch: «пошла обедать с Мариной», "off to lunch with the team". It changes no break."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.understanding.somebody import is_first_name
from bot.understanding.word_classes import word_class

if TYPE_CHECKING:
    from bot.understanding.hearing import Heard

_WITH: Final = frozenset({"с", "со", "with"})
_WHOSE: Final = frozenset({"the", "my", "a", "some", "our", "моей", "моим", "моими", "нашими", "нашей"})
_AND: Final = frozenset({"и", "and"})
_PEOPLE: Final = word_class(
    "мужем женой сыном дочкой дочерью мамой папой братом сестрой детьми ребенком him her them",
    stems="коллег команд друзья друг подруг приятел сослужив ребят девчон девочк девчат парня соседк сосед начальниц "
    "team colleague cowork friend mates guys girls folks crew wife husband mom mum dad kids family boss son daughter",
)
BREAKS: Final = frozenset({"break_start", "break_end", "break_told"})


def without_company(heard: Heard) -> Heard | None:
    """Return what is heard without those with whom the break is; None where nobody is named so."""
    for at, word in enumerate(heard.row):
        if word not in _WITH:
            continue
        end = at + 1
        while end < len(heard.row) and heard.row[end] in _WHOSE:
            end += 1
        last = _end_of_people(heard, end)
        if last > end:
            return heard.without(at, last - 1)
    return None


def _end_of_people(heard: Heard, at: int) -> int:
    """Return the place after the people who are named from this place on; the place itself where nobody is."""
    end = at
    while end < len(heard.row) and _is_person(heard, end):
        end += 1
        if end + 1 < len(heard.row) and heard.row[end] in _AND and _is_person(heard, end + 1):
            end += 1
    return end


def _is_person(heard: Heard, at: int) -> bool:
    return bool(heard.classes[at] & _PEOPLE) or (at in heard.unknown and is_first_name(heard.row[at]))
