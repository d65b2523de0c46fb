"""What is said of substitutes beside naming one's own: who they are, that they are none any more, whose another's is.

«Кто меня замещает?», «Анна больше не замещает меня», «Анна замещает Сергея до пятницы». Talk of work that is covered
(«Anna covers sales») is none of it.
"""

from __future__ import annotations

from typing import Final

from bot.understanding.calendar_words import listed
from bot.understanding.leave_words import MINE, Matter
from bot.understanding.model import Reading
from bot.understanding.persons import is_name, named_person
from bot.understanding.somebody import is_first_name
from bot.understanding.word_classes import word_class

Readings = tuple[Reading, ...]

COVERS: Final = word_class(
    "заменит заменяет заменять подменит подменяет подменить stand stands fill fills",
    stems="замещ заместител substitut deput cover",
)
_WHO: Final = word_class("кто кого who whos whom")
_TAKES: Final = word_class(
    "убери уберите удали удалите сними снимите отмени отмените отменить remove cancel drop end stop"
)
_NOBODY: Final = word_class("никто nobody")
_SPARE: Final = frozenset(
    listed(
        "больше не никто уже мое моего моих мой моя сейчас сегодня будет пожалуйста for in as any more anymore longer "
        "no not does doesnt do is the a please now today will"
    )
)
_ENDS: Final = (
    ("больше", "не"), ("уже", "не"), ("больше", "никто", "не"), ("больше", "меня", "не"), ("не", "замещает", "больше"),
    ("no", "longer"), ("any", "more"), ("doesnt", "stand"), ("nobody", "stands"), ("никто", "не"),
)  # fmt: skip


def standing_in(said: Matter) -> Readings | None:
    """Return what is asked about substitutes, or said of another's; None where one's own is named, or nothing."""
    heard = said.heard
    if said.near(_WHO, after=2):
        is_own = said.near(MINE) and not _rest(said, None) and said.made.is_empty
        return (Reading("substitutes"),) if is_own else None
    if heard.question or said.kind is not None:
        return None
    ends = said.has_run(*_ENDS) or "anymore" in said.words
    if (ends or said.near(_TAKES, after=2)) and said.made.is_empty:
        return _taken_back(said)
    return None if said.near(MINE) or ends else _of_another(said)


def _taken_back(said: Matter) -> Readings | None:
    """«Анна больше не замещает меня», «отмени замещение», "Anna no longer covers for Sergey"."""
    pair = _pair(said)
    if pair is not None:
        return (Reading("no_substitute", {"person": pair[0], "whom": pair[1]}),)
    person = named_person(said.heard)
    if _rest(said, person):
        return None
    return (Reading("no_substitute", {"person": person} if person else {}),)


def _of_another(said: Matter) -> Readings | None:
    """«Анна замещает Сергея до пятницы», "Anna stands in for Sergey until Friday"."""
    pair = _pair(said)
    if pair is None or (not said.made.is_empty and said.days is None):
        return None
    return (Reading("substitute", {"person": pair[0], "whom": pair[1], **said.first_days}),)


def _pair(said: Matter) -> tuple[str, str] | None:
    """Return who stands in and for whom where two are named, one on either side of the word for it."""
    heard = said.heard
    at = next((place for place, each in enumerate(heard.classes) if each & COVERS), None)
    if at is None:
        return None
    named = [each for each in heard.unknown if is_name(heard, each)]
    sides = [each for each in named if each < at], [each for each in named if each > at]
    names = [named_person(heard, each) if each else None for each in sides]
    if names[0] is None or names[1] is None or _rest(said, f"{names[0]} {names[1]}"):
        return None
    if _is_object(names[0]) and not _is_object(names[1]):
        return names[1], names[0]  # «Сергея замещает Анна»
    return names[0], names[1]


def _is_object(name: str) -> bool:
    """Whether a Russian name stands in the accusative: «Анну», «Сергея»; of an English one nothing tells."""
    word = name.split(maxsplit=1)[0].casefold()
    if word.endswith(("у", "ю")):
        return True
    return word.endswith(("а", "я")) and (is_first_name(word[:-1]) or is_first_name(f"{word[:-1]}й"))


def _rest(said: Matter, names: str | None) -> bool:
    """Whether a word is there that is neither a name nor of standing in."""
    heard = said.heard
    known = {word.casefold().replace("ё", "е") for word in (names or "").split()} | _SPARE
    return any(
        heard.row[at] not in known
        and heard.row[at].removesuffix("s") not in known
        and not heard.classes[at] & (COVERS | MINE | _WHO | _TAKES | _NOBODY)
        for at in heard.unknown
    )
