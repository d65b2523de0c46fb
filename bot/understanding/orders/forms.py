"""The pieces that only schedules have: hours of a day, cycles, parts of a rate, norms of hours."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from bot.understanding.calendar_words import NUMBERS, UNITS
from bot.understanding.clock_grammar import word
from bot.understanding.moments import LONGEST_SESSION, minute_ranges

if TYPE_CHECKING:
    from bot.understanding.phrases import ClockTime
    from bot.understanding.tokens import Token

_DAY: Final = 24 * 60
_NOON: Final = 12
_LONGEST_CYCLE: Final = 7
_HALF_MONTH: Final = (15, 15)
_MOST_HOURS: Final = 400
_COUNTS: Final = NUMBERS | {"сутки": 1, "сутками": 1, "двое": 2, "двоих": 2, "трое": 3, "троих": 3, "четверо": 4}
RATE: Final = frozenset({"ставки", "ставка", "ставке", "ставку", "fte", "rate"})
"""Words after a part of a full rate."""
_PER: Final = frozenset({"в", "за", "на", "a", "per", "each", "/"})
_WEEKLY: Final = {"weekly": "week", "еженедельно": "week", "monthly": "month", "ежемесячно": "month"}
_ADJECTIVE: Final = re.compile(r"часов(?:ая|ой|ую|ое|ого)$")


@dataclass(frozen=True, slots=True)
class Hours:
    """A beginning and an end in minutes since midnight; the end is on the next day where it is not later."""

    start: int
    end: int

    def slot(self) -> dict[str, str]:
        """Return the hours as a slot holds them."""
        return {"start": text(self.start), "end": text(self.end)}


@dataclass(frozen=True, slots=True)
class Cycle:
    """So many days at work, so many off: 2/2, «сутки через трое»."""

    on: int
    off: int
    is_whole_days: bool = False


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a full rate."""

    part: Fraction


@dataclass(frozen=True, slots=True)
class Norm:
    """Hours of work that a week or a month asks for; without `per` when it was not said."""

    hours: float
    per: str = ""


Form = Cycle | Share | Norm


def hours(first: ClockTime, last: ClockTime) -> Hours:
    """Return the hours between two times as schedules mean them: 9-6 ends at 18:00, 20-8 and 18-9 in the morning."""
    is_written_out = first.hour > _NOON and (last.minutes - first.minutes) % _DAY <= LONGEST_SESSION
    if first.minutes == last.minutes or is_written_out:
        return Hours(first.minutes, last.minutes)
    start, end = minute_ranges(first, last)[0]
    return Hours(start % _DAY, end % _DAY)


def inside(minute: int, work: Hours | None) -> int:
    """Return the time of day in the half of the day that lies inside the hours of work: «обед 2-3» of a night."""
    other = (minute + _DAY // 2) % _DAY
    if work is None or _is_inside(minute, work) or not _is_inside(other, work):
        return minute
    return other


def _is_inside(minute: int, work: Hours) -> bool:
    return (minute - work.start) % _DAY < ((work.end - work.start) % _DAY or _DAY)


def text(minutes: int) -> str:
    """Return minutes since midnight as HH:MM."""
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"


def form(tokens: list[Token], at: int) -> tuple[Form, int] | None:
    """Return the cycle, part of a rate or norm that starts at this token, and the place after it."""
    return _share(tokens, at) or _norm(tokens, at) or _cycle(tokens, at)


def _share(tokens: list[Token], at: int) -> tuple[Form, int] | None:
    token = tokens[at]
    part: Fraction | None = None
    after = at + 1
    if token.kind == "slash":
        above, below = (int(each) for each in token.text.split("/"))
        part = Fraction(above, below) if below else None
    elif token.kind in {"decimal", "dotted"}:
        part = Fraction(token.text.replace(",", "."))
    elif token.text == "0" and after < len(tokens) and tokens[after].after_comma and tokens[after].kind == "number":
        part = Fraction(f"0.{tokens[after].text}")  # «0,75» is two numbers to everybody else
        after += 1
    if part is None or not 0 < part <= 2 or word(tokens, after) not in RATE:
        return None
    return Share(part), after + 1


def _norm(tokens: list[Token], at: int) -> tuple[Form, int] | None:
    token = tokens[at]
    if token.kind == "decimal":
        count = float(token.text.replace(",", "."))
    elif token.kind == "number" and len(token.text) <= 3:
        count = int(token.text)
    else:
        return None
    unit = word(tokens, at + 1)
    adjective = _ADJECTIVE.match(unit) is not None
    if not 0 < count <= _MOST_HOURS or not (adjective or UNITS.get(unit) == "hour"):
        return None
    return _per(count, tokens, at + 2, is_adjective=adjective)


def _per(count: float, tokens: list[Token], at: int, *, is_adjective: bool) -> tuple[Form, int] | None:
    following = word(tokens, at)
    if following in _WEEKLY:
        return Norm(count, _WEEKLY[following]), at + 1
    place = at + 1 if following in _PER else at
    unit = UNITS.get(word(tokens, place))
    if unit in {"week", "month"} and (place > at or is_adjective):
        return Norm(count, unit), place + 1
    return (Norm(count), at) if count > 24 else None


def _cycle(tokens: list[Token], at: int) -> tuple[Form, int] | None:
    token = tokens[at]
    if token.kind == "slash":
        on, off = (int(each) for each in token.text.split("/"))
        known = 0 < on <= _LONGEST_CYCLE and 0 <= off <= _LONGEST_CYCLE
        return (Cycle(on, off), at + 1) if known or (on, off) == _HALF_MONTH else None
    first = _count(tokens, at)
    if token.text == "через" and word(tokens, at + 1) == "день":
        return Cycle(1, 1), at + 2
    if token.text == "день" and word(tokens, at + 1) == "через" and word(tokens, at + 2) == "день":
        return Cycle(1, 1), at + 3
    if first is None:
        return None
    if word(tokens, at + 1) == "on" and word(tokens, at + 3) == "off":
        rest = _count(tokens, at + 2)
        return None if rest is None else (Cycle(first, rest), at + 4)
    joined = word(tokens, at + 1) in {"через", "/"}
    second = _count(tokens, at + 2 if joined else at + 1)
    whole = token.text.startswith("сутк")
    if second is None or not (joined or whole) or not 0 < first <= _LONGEST_CYCLE or second > _LONGEST_CYCLE:
        return None
    return Cycle(first, second, whole), at + (3 if joined else 2)


def _count(tokens: list[Token], at: int) -> int | None:
    said = word(tokens, at)
    return int(said) if said.isdigit() and len(said) <= 2 else _COUNTS.get(said)
