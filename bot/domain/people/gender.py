"""What a Russian name tells of its bearer's grammatical gender: for examples that people can write as they stand.

Names in other alphabets, and those that tell nothing, have none; nothing is ever decided or stored by it.
"""

import re
from enum import StrEnum

_WOMAN = re.compile(r"(?:ова|ева|ёва|ина|ына|ская|цкая|ая)$", re.IGNORECASE)
_MAN = re.compile(r"(?:ов|ев|ёв|ин|ын|ский|цкий|ый|ий|ой)$", re.IGNORECASE)
_CYRILLIC = re.compile(r"[а-яё-]+", re.IGNORECASE)
_ENDS_LIKE_A_WOMAN = re.compile(r"[ая]$", re.IGNORECASE)
_MEN = re.compile(
    r"никита|илья|кузьма|фома|лука|савва|данила|гаврила|миша|паша|гриша|л[её]ша|дима|коля|толя|ваня|петя|сер[её]жа|вова|"
    r"витя|костя|л[её]ня|л[её]ва|юра",
    re.IGNORECASE,
)
"""First names and short forms of men that end like a woman's."""
_EITHER = re.compile(r"саша|женя|валя|слава|шура|любовь", re.IGNORECASE)


class Gender(StrEnum):
    """The gender in which somebody writes of themselves, where their name tells it."""

    WOMAN = "she"
    MAN = "he"
    UNKNOWN = ""


def gender_of(name: str) -> Gender:
    """Return the gender that a name «Анна Ким», «Сергей Орлов» tells; a family name is believed first."""
    words = [each for each in name.split() if _CYRILLIC.fullmatch(each)]
    if not words or any(_EITHER.fullmatch(each) for each in words):
        return Gender.UNKNOWN
    if len(words) > 1 and (_WOMAN.search(words[-1]) or _WOMAN.search(words[0])):
        return Gender.WOMAN
    if len(words) > 1 and (_MAN.search(words[-1]) or _MAN.search(words[0])):
        return Gender.MAN
    if any(_MEN.fullmatch(each) for each in words):
        return Gender.MAN
    ends = [bool(_ENDS_LIKE_A_WOMAN.search(each)) for each in words]
    if ends[0]:
        return Gender.WOMAN
    return Gender.MAN if not any(ends) and words[0][-1].casefold() not in "оеёиуыэю" else Gender.UNKNOWN
