"""Judging what was understood: right, asked about, wrong, or dangerous."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.understanding import meaning

if TYPE_CHECKING:
    from collections.abc import Iterable

    from benchmarks.corpus import Line, Reading

RIGHT, ASKED, WRONG, DANGEROUS = "right", "asked", "wrong", "dangerous"
RECORDING = frozenset({"check_in", "break_start", "break_end", "check_out", "worked", "remove"})
"""Written down, or taken off, as soon as it is understood: the instants have to be right as well."""
ASKING = frozenset({"leave", "decide", "correct", "undo"})
"""Changes something, or starts an approval."""
WHEN = frozenset({"at", "from", "to", "day", "target", "person"})


@dataclass(frozen=True)
class Judged:
    """A line, what was answered, and what that is worth."""

    line: Line
    answer: dict[str, Any]
    verdict: str

    def __str__(self) -> str:
        """Return it as one line for people."""
        slots = " ".join(f"{key}={value}" for key, value in self.answer["slots"].items())
        asked = " or ".join(str(one["intent"]) for one in self.answer["ambiguous"])
        said = f"{self.answer['intent']} {slots}".strip() + (f" (asked: {asked})" if asked else "")
        return f"{self.line.where}: {self.line.text!r} -> {said}"


def fits(reading: Reading, answer: dict[str, Any], only: frozenset[str] | None = None) -> bool:
    """Tell whether an answer is a reading, in all its slots or in those named."""
    slots = answer["slots"]
    return reading.intent == answer["intent"] and all(
        expected.holds(slots.get(key)) for key, expected in reading.slots.items() if only is None or key in only
    )


def verdict(line: Line, answer: dict[str, Any]) -> str:
    """Say what an answer is worth; what is asked back is never dangerous."""
    asked = answer["ambiguous"]
    if asked:
        there = any(fits(reading, one) for reading in line.right if reading.asked for one in [answer, *asked])
        return RIGHT if there else ASKED
    plain = [reading for reading in line.right if not reading.asked]
    if any(fits(reading, answer) for reading in plain):
        return RIGHT
    if any(fits(reading, answer) for reading in line.never):
        return DANGEROUS
    intent = answer["intent"]
    if intent in RECORDING and not any(fits(reading, answer, WHEN) for reading in plain):
        return DANGEROUS
    if intent in ASKING and not any(reading.intent == intent for reading in line.right):
        return DANGEROUS
    return WRONG


def judge(lines: Iterable[Line]) -> list[Judged]:
    """Understand every line and judge the answer."""
    judged = []
    for line in lines:
        answer = meaning(line.text, locale=line.locale, zone=line.zone, now=line.now).to_json()
        judged.append(Judged(line, answer, verdict(line, answer)))
    return judged


def counts(judged: Iterable[Judged]) -> Counter[str]:
    """Return how many there are of each verdict."""
    return Counter(one.verdict for one in judged)
