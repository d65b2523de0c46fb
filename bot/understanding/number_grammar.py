"""Plain numbers: an hour, minutes after it, a day of the month, or nothing yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.understanding.calendar_words import ALL_WORDS, MONTHS, ORDINAL_ENDINGS, UNITS
from bot.understanding.clock_grammar import counted, finish, part_after, word
from bot.understanding.day_grammar import numbered_day
from bot.understanding.phrases import Number, TimeWord

if TYPE_CHECKING:
    from bot.understanding.tokens import Token

HOURS = 24
MINUTES = 60
AND: Final = frozenset({"и", "and"})
_FOLLOWS: Final = ALL_WORDS | {"числа", "p"}
_LARGEST = 90
"""A larger number is neither an hour, nor minutes, nor a day."""


def is_clock(hour: int, minute: int) -> bool:
    """Whether these are a time of day; 24:00 is the end of one."""
    return (hour < HOURS and minute < MINUTES) or (hour == HOURS and minute == 0)


def numeral(tokens: list[Token], at: int, prep: str) -> tuple[list[TimeWord], int] | None:
    """Return the value of a number by what follows it."""
    text = tokens[at].text
    digits = tokens[at].kind == "number"
    if digits and len(text) <= 2 and _stands_alone(tokens, at + 1):
        return [Number(int(text), padded=len(text) == 2 and text[0] == "0")], at + 1
    found = counted(tokens, at)
    if found is None:
        return None
    value, after = found
    if not digits and _stands_alone(tokens, after):
        return [Number(value)], after
    day = numbered_day(value, tokens, after)
    if day is not None:
        return [day[0]], day[1]
    if digits and len(text) in {3, 4}:
        hour, minute = divmod(value, 100)
        if len(text) == 4 and prep == "since" and 1990 <= value <= 2040:
            return None  # «с 2019» is a year
        if not is_clock(hour, minute):
            return None
        time, after = finish(hour, minute, tokens, after, padded=len(text) == 4 and text[0] == "0")
        return [time], after
    if value > _LARGEST or (digits and len(text) > 2):
        return None
    unit = UNITS.get(word(tokens, after))
    if unit == "hour" and prep in {"at", "since", "until"} and value <= HOURS:
        return _oclock(value, tokens, after + 1)
    less = _minutes_less(tokens, after) if 1 <= value <= HOURS else None
    if less is not None:
        hour = value - 1 or (HOURS // 2)
        time, after = finish(hour, MINUTES - less[0], tokens, less[1], padded=value > HOURS // 2 + 1)
        return [time], after
    minutes = minutes_after(tokens, after, digits=digits) if value <= 23 else None
    if minutes is not None:
        time, after = finish(value, minutes[0], tokens, minutes[1], padded=digits and text.startswith("0"))
        return [time], after
    part = part_after(tokens, after)
    if (part is not None or word(tokens, after) == "oclock") and value <= HOURS:
        time, after = finish(value, 0, tokens, after)
        return [time], after
    return [Number(value, padded=digits and len(text) == 2 and text[0] == "0")], after


def _stands_alone(tokens: list[Token], after: int) -> bool:
    """Whether nothing follows that may make more of a number than itself."""
    return after >= len(tokens) or (tokens[after].kind == "word" and tokens[after].text not in _FOLLOWS)


def _oclock(hour: int, tokens: list[Token], after: int) -> tuple[list[TimeWord], int]:
    """Return the time of «в 9 часов», «в 9 часов 15 минут»."""
    minutes = counted(tokens, after)
    minute = 0
    if minutes is not None and minutes[0] < MINUTES and UNITS.get(word(tokens, minutes[1])) == "minute":
        minute, after = minutes[0], minutes[1] + 1
    elif word(tokens, after - 1) in {"ч", "h"} and minutes is not None and minutes[0] < MINUTES:
        minute, after = minutes
    time, after = finish(hour, minute, tokens, after)
    return [time], after


def _minutes_less(tokens: list[Token], at: int) -> tuple[int, int] | None:
    """Return the minutes of «девять без пятнадцати», which are missing to the hour, and the place after them."""
    if word(tokens, at) != "без":
        return None
    if word(tokens, at + 1) == "четверти":
        minutes, after = 15, at + 2
    else:
        found = counted(tokens, at + 1)
        if found is None:
            return None
        minutes, after = found
        after += UNITS.get(word(tokens, after)) == "minute"
    is_next_hour = counted(tokens, after) is not None or word(tokens, after) in {"час", "часа", "часов"}
    return (minutes, after) if 0 < minutes < 31 and not is_next_hour else None


def minutes_after(tokens: list[Token], at: int, *, digits: bool) -> tuple[int, int] | None:
    """Return the minutes of «9 15», «девять тридцать» and the place after them."""
    found = counted(tokens, at)
    if found is None or tokens[at].kind != ("number" if digits else "word"):
        return None
    minute, after = found
    if not digits and minute == 0 and (ones := counted(tokens, after)) is not None and ones[0] < 10:
        return ones  # «девять ноль пять»
    if digits and (len(tokens[at].text) != 2 or is_listed(tokens, at)):
        return None
    following = word(tokens, after)
    if following in UNITS or following in MONTHS or following in ORDINAL_ENDINGS:
        return None
    return (minute, after) if minute < MINUTES and (digits or minute >= 10) else None


def is_listed(tokens: list[Token], at: int) -> bool:
    """Whether the number here is a day in a list that ends in a month: the 21 of «20, 21 и 24 июля»."""
    before = 0
    while at < len(tokens) and (tokens[at].after_comma or word(tokens, at - 1) in AND):
        if tokens[at].kind != "number" or not before < int(tokens[at].text):
            return False
        before, at = int(tokens[at].text), at + 1
        if word(tokens, at) in MONTHS:
            return True
        at += word(tokens, at) in AND
    return False
