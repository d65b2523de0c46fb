"""News without a pause, as it is spoken into a phone: «будильник не прозвенел опоздаю», "wfh today plumber coming".

The words that are none of ours stand all before or all behind what is clear by itself, and tell why. Only news and
wishes are taken so, which the person reads back or which record nothing: never a mark.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bot.understanding.calendar_words import ALL_WORDS, TURNS
from bot.understanding.lexicon import labels_of
from bot.understanding.quoted import QUOTED
from bot.understanding.remarks import BEFORE_REASONS, Piece
from bot.understanding.somebody import is_somebody

if TYPE_CHECKING:
    from bot.understanding.hearing import Heard
    from bot.understanding.model import Reading
    from bot.understanding.scene import Scene

_NEWS: Final = frozenset({"late", "leave_early", "leave"})
_HEARD: Final = labels_of({"late", "leave", "early", "arrive"}) | {"check_in:remote", "late:not"}
_SPARE: Final = frozenset({"filler", "neg", "me", "is", "kin"})
"""Labels that may stand among the words that tell why."""
_DAYS: Final = frozenset({"from_day", "to_day", "from", "to"})
_WISHED: Final = ("modal", "taking", "leave:other", "leave:gone", "leave:home")
_TAKES: Final = frozenset({"taking", "take", "беру", "возьму", "взяла", "взял", "болею", "заболел", "заболела"})
_OF_TIME: Final = ALL_WORDS - frozenset(TURNS)
_LONGEST: Final = 160


def unparted(heard: Heard, here: Scene) -> tuple[Reading, ...]:
    """Return the news with the words beside it as its reason; none where they may turn it round."""
    text = heard.text
    if not heard.unknown or heard.question or heard.named.isdisjoint(_HEARD):
        return ()
    if len(text) > _LONGEST or heard.has("cond", "remove", "ask", "ask_self") or QUOTED.search(text):
        return ()
    for cut, is_first in _cuts(heard):
        place = heard.tokens[cut].start
        pieces = Piece(heard, here, 0, place), Piece(heard, here, place, len(text))
        reason, clear = pieces if is_first else pieces[::-1]
        if not clear.readings or not all(_is_news(each, clear.heard) for each in clear.readings):
            continue
        if _may_be_reason(reason, clear, after=not is_first):
            told = reason.text.strip(" .,!-")
            return tuple(_because(each, told) for each in clear.readings)
    return ()


def _cuts(heard: Heard) -> list[tuple[int, bool]]:
    """Return where what is strange ends or begins, and whether it stands first."""
    first, last = heard.unknown[0], heard.unknown[-1]
    items = sorted([*((at, label in _SPARE) for label, at in heard.labels), *((at, False) for _, at in heard.times)])
    cuts = []
    following = next((at for at, is_spare in items if at > last and not is_spare), None)
    if following is not None and all(is_spare for at, is_spare in items if at < last) and last > 0:
        while following - 1 > last and heard.row[following - 1] in {"i", "im", "я"}:
            following -= 1
        cuts.append((following, True))
    while first and heard.row[first - 1] in BEFORE_REASONS:
        first -= 1
    if first and all(is_spare for at, is_spare in items if at > first):
        cuts.append((first, False))
    return cuts


def _is_news(reading: Reading, heard: Heard) -> bool:
    """Whether a reading is no mark of whoever writes, but for working from home; a leave alone is only talked of."""
    if reading.intent == "check_in":
        return reading.slots.get("mark") == "remote" and "at" not in reading.slots
    if reading.intent == "leave" and _DAYS.isdisjoint(reading.slots) and not heard.has(*_WISHED):
        return not heard.words.isdisjoint(_TAKES)
    return reading.intent in _NEWS and "person" not in reading.slots


def _may_be_reason(reason: Piece, clear: Piece, *, after: bool) -> bool:
    """Whether the words tell why, and nothing else: nobody else's doings where they stand first."""
    if len(reason.words) < 2 or reason.readings or (not after and is_somebody(reason.heard)):
        return False
    if any(reason.words[at] in _OF_TIME for at in reason.heard.unknown):
        return False  # «вторая половина пятницы» is a time that was not understood
    return reason.is_harmless(clear, after=after)


def _because(reading: Reading, told: str) -> Reading:
    if reading.intent == "check_in" or "reason" in reading.slots:
        return reading
    return replace(reading, slots={**reading.slots, "reason": told})
