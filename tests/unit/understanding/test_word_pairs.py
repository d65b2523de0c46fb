"""Words of ours put together without sense have an answer, whatever was asked before: nothing raises.

A few in each run of the tests; in a series every two words of the grammar, and in each slot every two words of time.
"""

import itertools
import json
import random
from collections.abc import Iterable, Iterator
from typing import Literal

import pytest

from bot.understanding import understand
from bot.understanding.calendar_words import ALL_WORDS
from bot.understanding.spelling import KNOWN
from tests.series import series
from tests.unit.understanding.tables import MOSCOW, NOW

FEW = 400
SLOTS: tuple[Literal["time", "day", "range"] | None, ...] = (None, "time", "day", "range")
NUMBERS = ("9", "12:30", "31.02", "9-5", "1/13", "24:00", "0", "2,5", "2026", "-", "?", ",")


def told(words: Iterable[str], slot: Literal["time", "day", "range"] | None) -> None:
    """Understand the words, and print what was understood."""
    text = " ".join(words)
    found = understand(text, locale="en" if text.isascii() else "ru", zone=MOSCOW, now=NOW, slot=slot)
    json.dumps(found.to_json())


def pairs(slot: str | None) -> Iterator[tuple[str, str]]:
    """Return the pairs to try: all of them in a series."""
    known = sorted(KNOWN if slot is None else ALL_WORDS) + list(NUMBERS)
    if series(1) > 1:
        yield from itertools.product(known, known)
        return
    chosen = random.Random(f"pairs {slot}")
    for _ in range(FEW):
        yield chosen.choice(known), chosen.choice(known)


@pytest.mark.parametrize("slot", SLOTS)
def test_each_word(slot: Literal["time", "day", "range"] | None) -> None:
    """Every word has an answer by itself, and where a text ends with it."""
    words = sorted(KNOWN) if series(1) > 1 else sorted(KNOWN)[:: len(SLOTS)]
    for word in words:
        told([word], slot)
        told(["9", word], slot)


@pytest.mark.parametrize("slot", SLOTS)
def test_two_words(slot: Literal["time", "day", "range"] | None) -> None:
    """Two words of the grammar beside each other have an answer."""
    for pair in pairs(slot):
        told(pair, slot)
