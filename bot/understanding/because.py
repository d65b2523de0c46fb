"""A wish or an order beside why: "friday off for my kid's concert", «убери вчерашний приход, я болел».

What is wanted must be clear by itself. The reason may be in any words, as long as they take nothing back and want
nothing of their own; where it alone names the day, that day is meant.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bot.understanding.decide import decide
from bot.understanding.hearing import Heard, hear
from bot.understanding.lexicon import PUNCHES
from bot.understanding.people import TELLING
from bot.understanding.phrases import Day
from bot.understanding.quoted import QUOTED
from bot.understanding.somebody import is_first_name, is_somebody

if TYPE_CHECKING:
    from bot.understanding.model import Reading
    from bot.understanding.scene import Scene

Readings = tuple["Reading", ...]

_LONGEST: Final = 200
_PAUSE: Final = re.compile(r"\s*(?:(?<!\d)[,;]|[.!](?=\s)|\s[-–—])\s+")
_FOR: Final = re.compile(r"\s(?=(?:for|на|ради|из-за)\s+[^\W\d]+)", re.IGNORECASE)
_TAKES_BACK: Final = re.compile(r"\d|\b(?:если|когда|нет|if|when|unless|but|no|или|or|но)\b", re.IGNORECASE)
_WISHES: Final = frozenset({"remove", "undo", "cancel", "cond", "ask", "fix"})
"""Labels of what wants something, and so is no reason."""
_ABSENT: Final = re.compile(
    r"\b(?:не был[оаи]?|не работал[аи]?|не выходил[аи]?|не приходил[аи]?|отсутствовал[аи]?|"
    r"wasn'?t (?:here|in|at work)|wasn'?t working|didn'?t (?:work|come in)|"
    r"was (?:off|away|out|not (?:here|in|at work)))\b",
    re.IGNORECASE,
)
_STILL: Final = re.compile(
    r"\b(?:ещ[её] (?:работаю|здесь|тут|на работе|на месте|не уш(?:[её]л|ла))|"
    r"still (?:here|working|at work|in)|haven'?t left)\b",
    re.IGNORECASE,
)
_OF_ABSENCE: Final = frozenset({"leave", "remove"})


def wanted_because(heard: Heard, here: Scene) -> Readings:
    """Return what is wished or taken back beside its reason; none where either is not clear."""
    text = heard.text
    if len(text) > _LONGEST or QUOTED.search(text):
        return ()
    if heard.has("remove"):
        return _removed(heard, here)
    if heard.has("off") or any(label.startswith(("leave:", "part:")) for label in heard.named):
        return _wished(heard, here)
    return ()


def wants_leave(said: Heard) -> bool:
    """Whether the words wish for leave, and so are no mere reason: «можно отгул»."""
    return said.has("modal") and any(label == "off" or label.startswith(("leave:", "part:")) for label in said.named)


def _removed(heard: Heard, here: Scene) -> Readings:
    """Return what is to be removed where its reason is the true state: «меня вчера не было, сотри приход»."""
    for order, reason in _in_two(heard):
        found = decide(order, here)
        if {each.intent for each in found} != {"remove"}:
            continue
        if all(each.slots.get("target") == "check_out" for each in found) and _tells_of_work(reason):
            return found
        if _tells_of_absence(reason, here) and not (order.times and reason.times):
            return _on_its_day(order, reason, here, found)
    return ()


def _tells_of_absence(reason: Heard, here: Scene) -> bool:
    """Whether it says that somebody who writes did not work."""
    if reason.question or reason.says & TELLING or reason.has("cond") or is_somebody(reason):
        return False
    return {each.intent for each in decide(reason, here)} <= _OF_ABSENCE and (
        bool(_ABSENT.search(reason.text)) or reason.has("leave:sick")
    )


def _tells_of_work(reason: Heard) -> bool:
    """Whether it says that the work goes on: then no check-out is right."""
    is_plain = not (reason.question or reason.times or reason.says & TELLING or reason.has("cond"))
    return is_plain and bool(_STILL.search(reason.text))


def _wished(heard: Heard, here: Scene) -> Readings:
    """Return the leave that is wished with a reason in words of one's own, after «for» or beside a pause."""
    for wish, reason in (*_with_purpose(heard), *_in_two(heard)):
        found = decide(wish, here)
        if {each.intent for each in found} != {"leave"} or any("person" in each.slots for each in found):
            continue
        if not _is_reason(reason):
            continue
        told = " ".join(reason.text.split()).strip(" .,!?")
        found = _on_its_day(wish, reason, here, found)
        return tuple(replace(each, slots={**each.slots, "reason": told}) for each in found)
    return ()


def _is_reason(said: Heard) -> bool:
    """Whether the words tell why, and want nothing."""
    words = said.row
    if len(words) < 2 or said.question or said.has(*PUNCHES, *_WISHES, "worked", "neg") or wants_leave(said):
        return False
    if _TAKES_BACK.search(said.text) or any(not isinstance(time.value, Day) for time, _ in said.times):
        return False
    return bool(said.unknown) and not said.says & TELLING and not is_first_name(words[-1])


def _with_purpose(heard: Heard) -> list[tuple[Heard, Heard]]:
    """Return the texts before and from each «for» on that may tell what it is for."""
    text = heard.text
    return [(heard.part(0, at.start()), heard.part(at.end(), len(text))) for at in _FOR.finditer(text)]


def _in_two(heard: Heard) -> list[tuple[Heard, Heard]]:
    """Return what stands before and after each pause, either of which may be the reason of the other."""
    text = heard.text
    found = []
    for pause in _PAUSE.finditer(text):
        first, second = heard.part(0, pause.start()), heard.part(pause.end(), len(text))
        found += [(first, second), (second, first)]
    return found


def _on_its_day(said: Heard, reason: Heard, here: Scene, found: Readings) -> Readings:
    """Return the readings with the day that the reason alone names; what names one itself keeps it."""
    if said.times or not reason.times:
        return found
    if len(reason.times) > 1:
        return ()
    dated = decide(hear(f"{said.text.strip(' .,!?')} {_words_of(reason, reason.times[0][1])}"), here)
    return dated if {each.intent for each in dated} == {each.intent for each in found} else ()


def _words_of(heard: Heard, first: int) -> str:
    """Return the words of the time that begins at a place."""
    for last in range(first, len(heard.tokens)):
        alone = hear(heard.raw(first, last))
        if alone.times and [time for time, at in heard.times if at == first] == [time for time, _ in alone.times]:
            return alone.text
    return ""
