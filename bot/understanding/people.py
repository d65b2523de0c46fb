"""People named in a text: the one greeted before «я пришла», and the one asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.understanding.calendar_words import listed
from bot.understanding.tokens import is_initial
from bot.understanding.word_classes import word_class

if TYPE_CHECKING:
    from bot.understanding.hearing import Heard

MOST_WORDS: Final = 3
_POINTERS: Final = frozenset(listed("по для у о про for of about on by"))
_DEPARTMENT: Final = ("отдел", "подразделени", "департамент", "department", "dept", "team")
TELLING: Final = word_class(
    stems="сказал говор думает спрашив пишет писал передай передал скажи считает решил слыш просил просит ответил "
    "said says tell told thinks asked asks heard wrote writes saw",
)
"""Words that quote somebody."""
_PASSED_ON: Final = word_class("передай передайте передам передаю скажи скажите спроси tell ask")
"""What asks to tell somebody of it, and quotes nobody."""
_OPENING: Final = frozenset({"filler", "all~", "late~"})


def without_address(heard: Heard) -> None:
    """Forget the name in «Маша, я на обед»: up to two unknown words before a comma and «я»."""
    unknown = heard.unknown
    if not unknown or len(unknown) > 2 or unknown[-1] - unknown[0] != len(unknown) - 1:
        return
    following = unknown[-1] + 1
    if following >= len(heard.tokens) or not heard.tokens[following].after_comma:
        return
    labels = {place: label for label, place in heard.labels}
    if labels.get(following) != "me" or any(place < unknown[0] for _, place in heard.times):
        return
    if any(heard.classes[place] & TELLING for place in unknown):
        return  # «Маша говорит, я на месте» quotes her
    if all(label in _OPENING for place, label in labels.items() if place < unknown[0]):
        heard.unknown = []


def tells_who_said(heard: Heard) -> bool:
    """Whether a text begins with the verb of whoever said what stands before it: «пишет Анна», "says Kate"."""
    return bool(heard.classes) and bool(heard.classes[0] & TELLING) and not heard.classes[0] & _PASSED_ON


def person(heard: Heard, *, pointed: bool = False) -> str | None:
    """Return the name that the unknown words make, as it was written; None when they are no name.

    With `pointed`, a preposition or a capital letter must show that it is one: «отчёт по Ане», not «отчёт готов».
    """
    unknown = heard.unknown
    if unknown and pointed and not heard.any_name:
        first = unknown[0]
        before = heard.row[first - 1] if first else ""
        if before not in _POINTERS and not heard.raw(first, first)[0].isupper():
            return None
    if not unknown or len(unknown) > MOST_WORDS or unknown[-1] - unknown[0] != len(unknown) - 1:
        return None
    if not all(_is_name(heard, place) for place in unknown):
        return None
    if any(heard.row[place] in STRANGERS for place in unknown):
        return None
    name = heard.raw(unknown[0], unknown[-1])
    return name[:-2] if name.lower().endswith("'s") else name


def _is_name(heard: Heard, place: int) -> bool:
    """Whether a word can be a name, or stand for one by its first letter."""
    token = heard.tokens[place]
    return token.kind == "word" and (len(token.text) > 1 or is_initial(heard.text, token))


def names_somebody(heard: Heard) -> bool:
    """Whether the unknown words are a name by their capitals; a capital at the start of a text shows nothing."""
    if person(heard) is None:
        return False
    first, last = heard.unknown[0], heard.unknown[-1]
    capitals = [heard.raw(place, place)[0].isupper() for place in heard.unknown]
    return heard.any_name or (all(capitals) and (first > 0 or last > first))


def named(heard: Heard, *, pointed: bool) -> dict[str, object]:
    """Return the slot of the person named, if one was."""
    name = person(heard, pointed=pointed)
    return {} if name is None else {"person": name}


def department(heard: Heard) -> tuple[str, frozenset[int]]:
    """Return the name of a department and the places of its words: «отдел продаж», "sales department"."""
    words = heard.row
    for place, word in enumerate(words):
        if word.startswith(_DEPARTMENT):
            start = place + 2 if words[place + 1 : place + 2] == ["of"] else place + 1
            found = _run(heard, range(start, len(words)))
            if not found and word.isascii():
                found = _run(heard, range(place - 1, -1, -1))
            if found:
                return heard.raw(found[0], found[-1]), frozenset(found)
    return "", frozenset()


def _run(heard: Heard, places: range) -> list[int]:
    """Return the first of these places that are unknown words in a row, in the order of the text."""
    known = (place for place in places if place not in heard.unknown or heard.tokens[place].kind != "word")
    stop = next(known, places.stop)
    return sorted(range(places.start, stop, places.step))[:MOST_WORDS]


def is_destination(heard: Heard) -> bool:
    """Whether the unknown words are where a trip goes: «командировка в Казань»."""
    first = heard.unknown[0]
    return person(heard) is not None and first > 0 and heard.row[first - 1] in {"в", "во", "на", "to", "in"}


STRANGERS: Final = frozenset(
    listed(
        "он она они оно мы вы ты вас нас их его ее тебя кто кого что чего он она это эти тот та те you he "
        "she we they him her them us как почему зачем куда откуда какой какая какие how why anyone "
        "anybody someone somebody nobody who wants want everyone кто-то it this that these those what "
        "which whos whens wheres whats hes shes theyre theyve hed shed"
    )
)
"""Words that stand for people whom nobody named."""
