"""The person whom a sentence is about: a known first name in any case, or a word with a capital inside the text."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from bot.understanding.number_grammar import AND
from bot.understanding.people import MOST_WORDS, STRANGERS
from bot.understanding.somebody import is_first_name

if TYPE_CHECKING:
    from bot.understanding.hearing import Heard

_FEW: Final = 2
_SURNAME: Final = re.compile(
    r"(?:ов|ев|ин|ын)(?:а|у|ой|ым|е)?$|(?:ский|цкий|ского|цкого|скому|цкому|ская|цкая|ской|цкой|скую|цкую)$|енко$"
)


def named_person(heard: Heard, places: list[int] | None = None) -> str | None:
    """Return the name as it was written; None where no run of words is one, or where there are several."""
    runs = _runs(heard, heard.unknown if places is None else places)
    return _name(heard, runs[0]) if len(runs) == 1 and len(runs[0]) <= MOST_WORDS else None


def named_people(heard: Heard, places: list[int]) -> list[str]:
    """Return the names of one row as they were written: «Бориса и Анну»; none where they stand apart."""
    runs = _runs(heard, places)
    for before, after in pairwise(runs):
        between = heard.row[before[-1] + 1 : after[0]]
        if between and (len(between) > 1 or between[0] not in AND):
            return []
    return [_name(heard, run) for run in runs if len(run) <= MOST_WORDS]


def is_name(heard: Heard, place: int) -> bool:
    """Whether the word at this place is a name for certain."""
    return place in heard.unknown and _is_name(heard, place)


def _runs(heard: Heard, unknown: list[int]) -> list[list[int]]:
    """Return the rows of words that are names; a comma ends one."""
    runs: list[list[int]] = []
    for place in unknown:
        if not _may_be_name(heard, place):
            continue
        if runs and runs[-1][-1] == place - 1 and not heard.tokens[place].after_comma:
            runs[-1].append(place)
        else:
            runs.append([place])
    return [run for run in runs if any(_is_name(heard, place) for place in run)]


def _name(heard: Heard, run: list[int]) -> str:
    """Return a name as it was written, without the “'s” behind it."""
    name = heard.raw(run[0], run[-1])
    return name[:-2] if name.lower().endswith("'s") else name


def surname(heard: Heard, places: list[int]) -> str | None:
    """Return the one word that is none of ours where it is made like a surname: «одобряю петрова»."""
    is_one = len(places) == 1 and _SURNAME.search(heard.row[places[0]])
    return heard.raw(places[0], places[0]) if is_one else None


def _is_name(heard: Heard, place: int) -> bool:
    """Whether a word is a name for certain: known as one, or with a capital where none stands otherwise."""
    word = heard.row[place]
    if is_first_name(word) or (word.isascii() and is_first_name(word.removesuffix("s"))):
        return True
    if not heard.raw(place, place)[0].isupper() or heard.text.isupper() or _is_dressed(heard):
        return False
    return place > 0 or (not word.isascii() and bool(_SURNAME.search(word)))  # «Петров на больничном»


def _is_dressed(heard: Heard) -> bool:
    """Whether every word is written large, so that it shows no name: «Сколько Отпуска Осталось»."""
    return len(heard.tokens) > _FEW and heard.text == heard.text.title()


def _may_be_name(heard: Heard, place: int) -> bool:
    """Whether a word can stand in a name."""
    token = heard.tokens[place]
    if token.kind != "word" or token.text in STRANGERS:
        return False
    return _is_name(heard, place) or heard.raw(place, place)[0].isupper() or bool(_SURNAME.search(token.text))
