"""One day with two names: «в пятницу 12 июня», "Friday the 12th", «завтра, 16 июня». Agreeing or not is for later."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.understanding.clock_grammar import word
from bot.understanding.day_grammar import is_date
from bot.understanding.number_grammar import AND
from bot.understanding.phrases import Day, Pair, Said

if TYPE_CHECKING:
    from bot.understanding.tokens import Token

_LOOSE = frozenset({"", "at"})


def take_together(times: list[tuple[Said, int]], new: Said, at: int, after: int, tokens: list[Token]) -> bool:
    """Join a piece of time to the one right before it where both name one day; whether that was done.

    A pair of numbers only learns its weekday: whether it is a date is decided with the rest of the text.
    """
    said, place = times[-1]
    if new.prep not in _LOOSE:
        return False
    if isinstance(new.value, Pair):
        return _weekday_before(times, new, at)
    if not isinstance(new.value, Day) or word(tokens, after) in AND:
        return False
    if isinstance(said.value, Pair) and _is_plain_weekday(new.value):
        if not _can_be_date(said.value):
            return False
        times[-1] = (Said(replace(said.value, weekday=new.value.weekday), said.prep), place)
        return False
    if not isinstance(said.value, Day) or (day := _joined(said.value, new.value)) is None:
        return False
    times[-1] = (Said(day, said.prep), place)
    return True


def _weekday_before(times: list[tuple[Said, int]], new: Said, at: int) -> bool:
    """Tell a pair of the weekday before it; after «с пн», «по пт» it can only be the date."""
    said, place = times[-1]
    pair = new.value
    if not isinstance(said.value, Day) or not isinstance(pair, Pair):
        return False
    if not _is_plain_weekday(said.value) or not _can_be_date(pair):
        return False
    named = replace(pair, weekday=said.value.weekday)
    if said.prep in _LOOSE:
        times.append((Said(named, new.prep), at))
    else:
        times[-1] = (Said(named, said.prep), place)
    return True


def _joined(one: Day, other: Day) -> Day | None:
    """Return two names of one day together; None where they are of one sort, as in a list of days."""
    named = {"offset": one.offset, "weekday": one.weekday, "day": one.day}
    beside = {"offset": other.offset, "weekday": other.weekday, "day": other.day}
    if any(named[sort] is not None and beside[sort] is not None for sort in named):
        return None
    return Day(
        offset=one.offset if other.offset is None else other.offset,
        weekday=one.weekday if other.weekday is None else other.weekday,
        turn=one.turn if other.turn is None else other.turn,
        day=one.day or other.day,
        month=one.month or other.month,
        year=one.year or other.year,
        slashed=one.slashed or other.slashed,
    )


def _is_plain_weekday(day: Day) -> bool:
    """Whether only the weekday was said."""
    return day.weekday is not None and day.day is None and day.offset is None


def _can_be_date(pair: Pair) -> bool:
    """Whether the numbers are a day and a month in some order."""
    return pair.joint in {".", "/"} and (
        is_date(pair.first, pair.second) or (pair.joint == "/" and is_date(pair.second, pair.first))
    )
