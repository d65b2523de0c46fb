"""The pieces of an order, and what two of them make together: hours, a range of days."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from bot.understanding.frame import Frame
from bot.understanding.orders.forms import Form, Hours, hours
from bot.understanding.phrases import ClockTime, Day, DayCount, Number, Pair, Period, Said, TimeWord

if TYPE_CHECKING:
    from bot.understanding.tokens import Token

_CLOCKS: Final = (ClockTime, Number, Pair)


@dataclass(frozen=True, slots=True)
class Name:
    """A word that is none of ours."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A label of the lexicon, a piece of time, a form or a name, with the places of its tokens."""

    value: str | Said | Form | Hours | Name
    at: int
    after: int


def with_hours(pieces: list[Piece], tokens: list[Token], text: str) -> list[Piece]:
    """Return the pieces with two times of day, joined by a dash or by «до», made hours; days joined so, a range."""
    made: list[Piece] = []
    for piece in pieces:
        value = piece.value
        if isinstance(value, Said) and isinstance(value.value, Pair) and value.value.joint == "-":
            made.append(_pair_of_hours(piece, value.value))
            continue
        before = made[-1] if made else None
        if before is None or not isinstance(before.value, Said) or not isinstance(value, Said):
            made.append(piece)
            continue
        dash = "-" in text[tokens[before.after - 1].end : tokens[piece.at].start]
        joined = value.prep == "until" or (dash and not value.prep)
        first, last = clock(before.value.value), clock(value.value)
        if joined and before.value.prep != "until" and first is not None and last is not None:
            made[-1] = Piece(hours(first, last), before.at, piece.after)
        elif joined and isinstance(before.value.value, (Day, Number)) and isinstance(value.value, Day):
            made[-1] = Piece(Said(before.value.value, "since"), before.at, before.after)
            made.append(Piece(Said(value.value, "until"), piece.at, piece.after))
        else:
            made.append(piece)
    return made


def with_date(piece: Piece, *, month_first: bool) -> Piece:
    """Return the piece with 1.06 or 06/15 made a date, and «неделю» the week."""
    if not isinstance(piece.value, Said):
        return piece
    value, prep = piece.value.value, piece.value.prep
    if isinstance(value, Pair) and (day := Frame(month_first=month_first).day(value)) is not None:
        return replace(piece, value=Said(day, prep))
    if value == DayCount(7, week=True):
        return replace(piece, value=Said(Period("week", 0), prep))
    return piece


def _pair_of_hours(piece: Piece, pair: Pair) -> Piece:
    first, last = clock(Number(pair.first)), clock(Number(pair.second))
    return piece if first is None or last is None else Piece(hours(first, last), piece.at, piece.after)


def clock(value: TimeWord) -> ClockTime | None:
    """Return the value as a time of day, if it is one."""
    return Frame().clock(value) if isinstance(value, _CLOCKS) else None
