"""What somebody says for another: a leave, «поставь Анне больничный»; a correction, «Анна вчера ушла в 19:00»."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from bot.understanding.calendar_words import listed
from bot.understanding.lexicon import PUNCHES
from bot.understanding.model import Reading
from bot.understanding.persons import named_person

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.understanding.hearing import Heard

Readings = tuple[Reading, ...]

_MINE: Final = frozenset(
    listed(
        "я мне меня мой моя мое мои мы нас нам приду выйду болею беру возьму хочу иду ухожу смогу могу буду остаюсь "
        "работаю уезжаю еду поеду отпрошусь отпрашиваюсь отработаю i im ive ill id my me mine we our"
    )
)
_BESIDE: Final = frozenset(listed("с со и вместе with and к ко из от про в во на to in at from"))
_CORRECTED: Final = PUNCHES | {"worked"}
_TOLD: Final = _CORRECTED | {"target", "break_told"}


def spoken_for(heard: Heard) -> str | None:
    """Return the person for whom a sentence is said; None where it is about whoever writes, or calls somebody.

    «Аня, завтра отгул» is said to Аня, «командировка с Борисом» with him.
    """
    words = {token.text for token in heard.tokens}
    name = named_person(heard)
    if name is None or _MINE & words or len(heard.unknown) > len(name.split()):
        return None
    first, last = heard.unknown[0], heard.unknown[-1]
    after = last + 1
    if first and heard.tokens[first - 1].text in _BESIDE:
        return None
    if after < len(heard.tokens) and heard.tokens[after].after_comma:
        return None
    return name


def corrected(heard: Heard, families: set[str], marks: Callable[[], Readings]) -> Readings | None:
    """Return the correction of somebody's hours that words of a mark with its time make; None where nobody is named.

    `marks` gives the marks that the words would be without the name.
    """
    if not heard.unknown or families - _TOLD or not families & _TOLD:
        return None
    if heard.question or heard.has("me", "neg", "ask", "ask_self", "where", "is", "show", "modal", "future"):
        return None
    person = spoken_for(heard)
    if person is None:
        return None
    unknown, heard.unknown = heard.unknown, []
    found = marks()
    heard.unknown = unknown
    readings = []
    for one in found:
        at = one.slots.get("at", one.slots.get("from"))
        if one.intent not in _CORRECTED or not isinstance(at, datetime):
            return None
        readings.append(Reading("correct", {"person": person, "day": at.date(), "target": one.intent, **one.slots}))
    return tuple(readings) or None
