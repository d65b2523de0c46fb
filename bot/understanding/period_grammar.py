"""Parts of a year and of a month by their number: «первый квартал 2026», "Q1", «вторая половина мая», «2025 год»."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.understanding.calendar_words import MONTHS, NTH, ORDINAL_ENDINGS, UNITS, YEAR_WORDS
from bot.understanding.clock_grammar import word
from bot.understanding.phrases import Period

if TYPE_CHECKING:
    from bot.understanding.tokens import Token

_SHORT: Final = {"q": "quarter", "h": "half"}
_BEGINNINGS: Final = frozenset({*NTH, *YEAR_WORDS, *_SHORT, "the", "1", "2", "3", "4"})
_YEAR_DIGITS: Final = 4
_PARTS: Final = {"quarter": 4, "half": 2}
_ENDINGS: Final = ORDINAL_ENDINGS | {"й", "ый", "я", "ая", "м", "ом"}
_HALVES: Final = frozenset({"половина", "половину", "половине", "половины", "half"})


def is_numbered(text: str) -> bool:
    """Whether such a period can begin with this word; most pieces of time do not."""
    return text in _BEGINNINGS or len(text) == _YEAR_DIGITS


def year_at(tokens: list[Token], at: int) -> tuple[int | None, int]:
    """Return a year written at this place, if one is, and the place after it."""
    text = word(tokens, at)
    if len(text) == _YEAR_DIGITS and text.isdigit() and text.startswith("20"):
        return int(text), at + (2 if word(tokens, at + 1) in YEAR_WORDS else 1)
    return None, at


def numbered_period(tokens: list[Token], at: int) -> tuple[Period, int] | None:
    """Return the period that starts here and is named by a number, and the place after it."""
    return _year(tokens, at) or _part(tokens, at + 1 if word(tokens, at) == "the" else at)


def _year(tokens: list[Token], at: int) -> tuple[Period, int] | None:
    """Return the year of «2025 год», "year 2025"."""
    start = at + 1 if word(tokens, at) in YEAR_WORDS else at
    year, after = year_at(tokens, start)
    is_named = start > at or after > start + 1
    return (Period("year", year=year), after) if year is not None and is_named else None


def _part(tokens: list[Token], at: int) -> tuple[Period, int] | None:
    """Return the quarter or the half of a year or of a month."""
    text = word(tokens, at)
    if text in _SHORT and word(tokens, at + 1) in {"1", "2", "3", "4"}:
        return _of_year(_SHORT[text], int(word(tokens, at + 1)), tokens, at + 2)
    number, after = _number(tokens, at)
    if number is None:
        return None
    following = word(tokens, after)
    if following in _HALVES:
        month, end = _month(tokens, after + 1)
        if month is not None and number <= _PARTS["half"]:
            year, end = year_at(tokens, end)
            return Period("half_month", month=month, year=year, number=number), end
    unit = "quarter" if following == "кв" else "half" if following == "half" else str(UNITS.get(following))
    return _of_year(unit, number, tokens, after + 1) if unit in _PARTS else None


def _number(tokens: list[Token], at: int) -> tuple[int | None, int]:
    """Return the number of «первый», «1-й», "1st", "I"."""
    text = word(tokens, at)
    if text in NTH:
        return NTH[text], at + 1
    if text not in {"1", "2", "3", "4"}:
        return None, at
    return int(text), at + (2 if word(tokens, at + 1) in _ENDINGS else 1)


def _month(tokens: list[Token], at: int) -> tuple[int | None, int]:
    """Return the month that stands here, with or without "of"."""
    start = at + 1 if word(tokens, at) == "of" else at
    return MONTHS.get(word(tokens, start)), start + 1


def _of_year(unit: str, number: int, tokens: list[Token], at: int) -> tuple[Period, int] | None:
    """Return the part of the year that follows, if one does."""
    if number > _PARTS[unit]:
        return None
    start = at + 1 if word(tokens, at) == "of" else at
    year, after = year_at(tokens, start)
    return Period(unit, year=year, number=number), at if year is None else after
