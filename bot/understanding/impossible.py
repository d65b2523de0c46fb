"""Times and days that cannot be: «25:00», «9:75», «31 июня». Looked for in words that mean nothing else."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from bot.understanding import lexicon
from bot.understanding.calendar_words import MONTHS, OFFSETS, ORDINAL_ENDINGS, UNITS, WEEKDAYS
from bot.understanding.clock_grammar import counted, word
from bot.understanding.day_grammar import is_date, written_date
from bot.understanding.number_grammar import HOURS, MINUTES, is_clock
from bot.understanding.orders import lexicon as orders
from bot.understanding.period_grammar import year_at
from bot.understanding.tokens import MAX_LENGTH, Token, clean, tokenise

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

_AT: Final = frozenset({"в", "к", "at", "around"})
_UNTIL: Final = frozenset({"до", "по", "to", "till", "until"})
_LAST_DAY: Final = 31
_CLOCKED: Final = frozenset({*lexicon.PUNCHES, "worked", "schedule", "shift", "break"})
"""What is said with hours: «9-25» beside it is no range of days."""


@dataclass(frozen=True, slots=True)
class Impossible:
    """What cannot be, as it was written."""

    kind: Literal["time", "day"]
    said: str


def impossible(text: str, today: date) -> Impossible | None:
    """Return the first time or day of a text that no clock and no calendar has; 29 February is in leap years only."""
    if len(text) > MAX_LENGTH:
        return None
    cleaned = clean(text)
    tokens = tokenise(cleaned)
    for at in range(len(tokens)):
        for kind, after in _at(tokens, at, today):
            return Impossible(kind, cleaned[tokens[at].start : tokens[after - 1].end])
    return None


def _at(tokens: list[Token], at: int, today: date) -> Iterator[tuple[Literal["time", "day"], int]]:
    """Yield what cannot be of what starts at this token, with the place after it."""
    token = tokens[at]
    match token.kind:
        case "clock":
            hour, minute, *seconds = (int(part) for part in token.text.split(":"))
            if not is_clock(hour, minute) or any(second >= MINUTES for second in seconds):
                yield "time", at + 1
        case "iso" | "dmy" if written_date(token) is None:
            yield "day", at + 1
        case "dotted":
            first, second = (int(part) for part in token.text.split("."))
            if not is_clock(first, second) and not _is_in_month(first, second, today):
                yield ("day" if is_date(first, second) else "time"), at + 1
        case "dash":
            first, second = (int(part) for part in token.text.split("-"))
            if max(first, second) > HOURS and MONTHS.get(word(tokens, at + 1)) is None and _tells_hours(tokens):
                yield "time", at + 1
        case "number" | "word":
            after = _dated(tokens, at, today)
            if after:
                yield "day", after
            elif _is_no_hour(tokens, at):
                yield "time", at + 1


def _dated(tokens: list[Token], at: int, today: date) -> int:
    """Return the place after «31 июня» or "June 31"; 0 where the month has such a day."""
    if (found := counted(tokens, at)) is not None:
        day, after = found
        after += word(tokens, after) in ORDINAL_ENDINGS
        after += word(tokens, after) == "of"
        month = MONTHS.get(word(tokens, after))
        named = year_at(tokens, after + 1)[0]
        return 0 if month is None or _is_in_month(day, month, today, named) else after + 1
    month = MONTHS.get(tokens[at].text)
    found = counted(tokens, at + 1)
    if month is None or found is None or (at and tokens[at - 1].kind == "number"):
        return 0
    day, after = found
    is_day = len(word(tokens, at + 1)) <= 2 and word(tokens, after) not in UNITS
    return after if is_day and not _is_in_month(day, month, today, year_at(tokens, after)[0]) else 0


def _is_no_hour(tokens: list[Token], at: int) -> bool:
    """Whether the number here is said as an hour and is none: «в 26», «вчера с 9 до 25»."""
    found = counted(tokens, at)
    before = word(tokens, at - 1) if at else ""
    if found is None or found[0] <= HOURS or len(tokens[at].text) > 2 or before not in _AT | _UNTIL:
        return False
    unit = word(tokens, found[1])
    if unit in MONTHS or unit in ORDINAL_ENDINGS or UNITS.get(unit, "hour") != "hour" or unit == "числа":
        return False
    return (
        before in _AT or found[0] > _LAST_DAY or any(each.text in OFFSETS or each.text in WEEKDAYS for each in tokens)
    )


def _is_in_month(day: int, month: int, today: date, year: int | None = None) -> bool:
    """Whether its year has that day; without a year, whether both the last and the coming month of that name have it.

    Where only one of them has it, the words would have been understood if that one had been meant.
    """
    if not is_date(day, month):
        return False
    if year is not None:
        return day <= calendar.monthrange(year, month)[1]
    here = (today.month, today.day)
    years = {today.year - ((month, day) > here), today.year + ((month, day) < here)}
    return all(day <= calendar.monthrange(each, month)[1] for each in years)


def _tells_hours(tokens: list[Token]) -> bool:
    """Whether a word is said of marks or schedules."""
    return any(_CLOCKED & (lexicon.ABOUT.get(each.text, set()) | orders.ABOUT.get(each.text, set())) for each in tokens)
