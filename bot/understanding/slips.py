"""A short word misspelt, or one that lies near several of ours: the one that makes sense of the sentence was meant."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Final

from bot.understanding.decide import decide
from bot.understanding.spelling import candidates, is_known

if TYPE_CHECKING:
    from bot.understanding.hearing import Heard
    from bot.understanding.model import Reading
    from bot.understanding.scene import Scene

_MOST_WORDS: Final = 8
_MOST_SLIPS: Final = 2
_NEVER: Final = frozenset({"confirm", "decline", "undo", "cancel", "remove"})
"""What answers a question or takes something back is not guessed."""


def without_slips(heard: Heard, here: Scene) -> tuple[Reading, ...]:
    """Return the readings of a text with slips, where the words that lie near make sense of it in one way only."""
    if len(heard.tokens) > _MOST_WORDS or not 0 < len(heard.unknown) <= _MOST_SLIPS:
        return ()
    places = [place for place in heard.unknown if not is_known(heard.row[place])]
    if not places or any(_is_name(heard, place) for place in places):
        return ()
    found: dict[str, tuple[Reading, ...]] = {}
    for words in product(*(candidates(heard.row[place]) for place in places)):
        readings = decide(heard.with_words(dict(zip(places, words, strict=True))), here)
        if readings:
            found[repr(readings)] = readings
            if len(found) > 1:
                return ()
    readings = next(iter(found.values()), ())
    return () if any(each.intent in _NEVER for each in readings) else readings


def _is_name(heard: Heard, place: int) -> bool:
    """Whether a capital in the middle of a text shows a name."""
    text = heard.text
    return place > 0 and heard.raw(place, place)[0].isupper() and text not in {text.upper(), text.title()}
