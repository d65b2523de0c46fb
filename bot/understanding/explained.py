"""A mark with its reason after a comma: «ушла вчера в 19:30, созвон затянулся». The mark must name its time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.understanding.decide import decide
from bot.understanding.hearing import hear
from bot.understanding.model import Reading, Understanding, from_readings

if TYPE_CHECKING:
    from bot.understanding.scene import Scene

_TIMED: Final = frozenset({"at", "from", "from_day"})
_MARKS: Final = frozenset({"check_in", "check_out", "break_start", "break_end", "worked", "leave"})
_SPLIT: Final = re.compile(r"\s*(?:,|;|\s[-–—])\s+")
_UNSURE: Final = re.compile(r"\d|\?|\b(?:не|нет|если|not|no|if|never)\b|n't", re.IGNORECASE)
_LONGEST: Final = 200


def explained(text: str, here: Scene) -> Understanding:
    """Return the mark that the words before a comma make, with the rest as its reason; else nothing understood.

    The rest must be words that take nothing back: no number, no question, no negation.
    """
    for comma in _SPLIT.finditer(text):
        head, reason = text[: comma.start()], text[comma.end() :].strip()
        if len(reason) > _LONGEST or _UNSURE.search(reason) or len(reason.split()) < 2:
            continue
        readings = decide(hear(head), here)
        if readings and all(each.intent in _MARKS and _TIMED & each.slots.keys() for each in readings):
            return from_readings(
                text, tuple(Reading(each.intent, {**each.slots, "reason": reason}) for each in readings)
            )
    return Understanding(text)
