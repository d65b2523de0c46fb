"""A mark with its reason after a comma: «ушла вчера в 19:30, созвон затянулся». The mark must name its time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.understanding.because import wants_leave
from bot.understanding.decide import decide
from bot.understanding.lexicon import PUNCHES
from bot.understanding.model import Reading
from bot.understanding.people import tells_who_said
from bot.understanding.quoted import QUOTED

if TYPE_CHECKING:
    from bot.understanding.hearing import Heard
    from bot.understanding.scene import Scene

_TIMED: Final = frozenset({"at", "from", "from_day"})
_MARKS: Final = frozenset({"check_in", "check_out", "break_start", "break_end", "worked", "leave"})
_SPLIT: Final = re.compile(r"\s*(?:,|;|\s[-–—])\s+")
_UNSURE: Final = re.compile(r"\d|\?|\b(?:не|нет|если|not|no|if|never)\b|n't", re.IGNORECASE)
_OWN: Final = ("break_start", "break_told", "no_break")
_TAKES_BACK: Final = ("remove", "undo")
_LONGEST: Final = 200


def explained(heard: Heard, here: Scene) -> tuple[Reading, ...]:
    """Return the mark that the words before a comma make, with the rest as its reason; none where they make none.

    The rest must be words that take nothing back: no number, no question, no negation.
    """
    text = heard.text
    if QUOTED.search(text):
        return ()
    if not heard.times and not heard.too_strange and not heard.has("leave:sick", "leave:home"):
        return ()
    first = min((heard.tokens[place].end for _, place in heard.times), default=0)
    for comma in _SPLIT.finditer(text):
        reason = text[comma.end() :].strip()
        if comma.start() < first or len(reason) > _LONGEST or _UNSURE.search(reason) or len(reason.split()) < 2:
            continue
        told = heard.part(comma.end(), len(text))
        if told.times and told.has(*PUNCHES):
            continue  # «обед начала в час, закончила без четверти два»
        if told.has(*_OWN, *_TAKES_BACK) or wants_leave(told) or tells_who_said(told):
            continue  # «9–18, обед час» tells more of the day; «ушла в 18, пишет Анна» is hers
        readings = decide(heard.part(0, comma.start()), here)
        if readings and all(each.intent in _MARKS and _TIMED & each.slots.keys() for each in readings):
            return tuple(Reading(each.intent, {**each.slots, "reason": reason}) for each in readings)
    return ()
