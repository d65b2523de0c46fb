"""Both ends told one after the other, each with its time: «пришла вчера в 22, ушла сегодня в 6» was a night."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import product
from typing import TYPE_CHECKING, Final

from bot.understanding.clock_grammar import HALF_DAY
from bot.understanding.model import Reading
from bot.understanding.moments import LONGEST_BREAK, LONGEST_SESSION
from bot.understanding.phrases import ClockTime, Number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.understanding.hearing import Heard
    from bot.understanding.scene import Scene

Readings = tuple[Reading, ...]
End = tuple["Heard", Readings]
"""What was heard of one end, and what it means by itself."""

_ENDED: Final = ("закончил", "завершил", "кончил", "finished", "ended", "done")
_LONG_BREAK: Final = timedelta(hours=3)
"""So long after its beginning what ended is rather the work: «обедала в час, закончила в шесть»."""
_LONGEST: Final = {
    ("check_in", "check_out"): timedelta(minutes=LONGEST_SESSION),
    ("break_start", "break_end"): timedelta(minutes=LONGEST_BREAK),
}


def has_both_ends(heard: Heard) -> bool:
    """Whether words of both ends of a presence or of a break were heard."""
    if {"break_start", "check_out"} <= heard.named and _ends_it(heard):
        return True
    return any({first, last} <= heard.named for first, last in _LONGEST) or {"break_told", "break_end"} <= heard.named


def two_ends(told: Sequence[End], here: Scene) -> Readings:
    """Return the presence or the break between two marks, each of which named its time; none where they are no pair.

    It is over by now and no longer than such a thing lasts. Of hours whose half of the day was not said, the other half
    is meant where only that makes a pair: who came at 22 left at six in the morning.
    """
    if len(told) != 2 or any(len({each.intent for each in readings}) != 1 for _, readings in told):
        return ()
    kinds = told[0][1][0].intent, told[1][1][0].intent
    longest = _LONGEST.get(kinds)
    if kinds == ("break_start", "check_out") and _ends_it(told[1][0]):
        longest = _LONG_BREAK
    if longest is None or any(set(each.slots) != {"at"} for _, readings in told for each in readings):
        return ()
    for is_other_half in (False, True):
        ends = product(*(_moments(*end, is_other_half=is_other_half) for end in told))
        found = [pair for pair in ends if timedelta() < pair[1] - pair[0] <= longest and pair[1] <= here.now]
        if found:
            return tuple(_between(kinds[0], *pair) for pair in found)
    return ()


def _ends_it(heard: Heard) -> bool:
    """Whether what ended is what was begun before: «обед начала в час, закончила в два»."""
    return any(label == "check_out" and heard.row[at].startswith(_ENDED) for label, at in heard.labels)


def _moments(heard: Heard, readings: Readings, *, is_other_half: bool) -> list[datetime]:
    """Return the moments that one end can mean; with the other half of the day where none was said."""
    found = [at for each in readings if isinstance(at := each.slots["at"], datetime)]
    is_loose = any(
        (isinstance(said.value, Number) and not said.value.padded and said.value.value <= HALF_DAY)
        or (isinstance(said.value, ClockTime) and not said.value.exact)
        for said, _ in heard.times
    )
    if is_other_half and is_loose:
        found += [at.replace(hour=(at.hour + HALF_DAY) % 24) for at in found]
    return found


def _between(kind: str, begun: datetime, ended: datetime) -> Reading:
    if kind == "check_in":
        return Reading("worked", {"from": begun, "to": ended})
    return Reading("break_start", {"at": begun, "duration_seconds": int((ended - begun).total_seconds())})
