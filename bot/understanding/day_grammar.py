"""Days and periods: «в прошлую пятницу», "July 14", «на прошлой неделе»; still without a year where none was said."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from bot.understanding.calendar_words import DAYS_OF_MONTH, MONTHS, OFFSETS, ORDINAL_ENDINGS, TURNS, UNITS, WEEKDAYS
from bot.understanding.clock_grammar import counted, word
from bot.understanding.period_grammar import year_at
from bot.understanding.phrases import Day, Pair, PartOfDay, Period, TimeWord

if TYPE_CHECKING:
    from bot.understanding.tokens import Token

_MONTHS_IN_YEAR = 12
_DAYS_IN_MONTH = 31
_CENTURY = 2000
_PARTS_AFTER = {"morning": "am", "afternoon": "day", "evening": "evening", "night": "evening"}
_PERIODS = frozenset({"week", "month", "quarter", "half", "year"})


def written_date(token: Token) -> Day | None:
    """Return the day of a date written in full: 2026-07-14, 14.07.2026, 14.07.26."""
    if token.kind == "iso":
        year, month, day = (int(part) for part in token.text.split("-"))
    else:
        day, month, year = (int(part) for part in token.text.replace("/", ".").replace("-", ".").split("."))
        year += _CENTURY if year < 100 else 0
        if month > _MONTHS_IN_YEAR and "/" in token.text:
            day, month = month, day
    try:
        date(year, month, day)
    except ValueError:
        return None
    return Day(day=day, month=month, year=year, slashed="/" in token.text)


def is_date(first: int, second: int) -> bool:
    """Whether two numbers can be a day and a month."""
    return 1 <= first <= _DAYS_IN_MONTH and 1 <= second <= _MONTHS_IN_YEAR


def numbered_day(value: int, tokens: list[Token], after: int) -> tuple[Day, int] | None:
    """Return the day of «14 июля», "14th of July", «14-го числа», from the place after the number."""
    if not 1 <= value <= _DAYS_IN_MONTH:
        return None
    ordinal = False
    if word(tokens, after) in ORDINAL_ENDINGS and tokens[after].start - tokens[after - 1].end <= 1:
        ordinal = True
        after += 1
    place = after + 1 if word(tokens, after) in {"of", "числа"} else after
    month = MONTHS.get(word(tokens, place))
    if month is not None and word(tokens, place) not in {"мар", "сен", "мае"}:
        year, after = year_at(tokens, place + 1)
        return Day(day=value, month=month, year=year), after
    if word(tokens, after) == "числа":
        return Day(day=value), after + 1
    return (Day(day=value), after) if ordinal else None


ENDS: Final = frozenset({"конца", "end"})


def day_words(tokens: list[Token], at: int) -> tuple[list[TimeWord], int] | None:
    """Return the day or period said in words that starts here, and the place after it."""
    text = tokens[at].text
    if text == "the":
        return day_words(tokens, at + 1) if word(tokens, at + 1) in {"day", *TURNS, *WEEKDAYS, *MONTHS} else None
    if text in OFFSETS:
        return _offset(tokens, at)
    if text in DAYS_OF_MONTH:
        return _spelt_day(tokens, at)
    if text == "day":
        return _day_before_or_after(tokens, at)
    if text in TURNS or text in {"последние", "последних", "последний"}:
        return _turned(tokens, at)
    if text in WEEKDAYS:
        turn, after = _week_after(tokens, at + 1)
        return _with_part(Day(weekday=WEEKDAYS[text], turn=turn), tokens, after)
    if text in MONTHS:
        return _month(tokens, at)
    if UNITS.get(text) in _PERIODS:
        return [Period(UNITS[text], 0)], at + 1
    return None


def end_of_week(tokens: list[Token], at: int) -> tuple[list[TimeWord], int] | None:
    """Return the Sunday of «конца недели», "the end of the week"."""
    at += word(tokens, at) == "the"
    if word(tokens, at) not in ENDS:
        return None
    at += 1
    at += word(tokens, at) == "of"
    at += word(tokens, at) in {"the", "этой", "this"}
    return ([Day(weekday=6, turn=0)], at + 1) if UNITS.get(word(tokens, at)) == "week" else None


def _spelt_day(tokens: list[Token], at: int) -> tuple[list[TimeWord], int] | None:
    """Return the day of «третьего декабря», «с третьего по десятое декабря»: the month of the last is that of all."""
    day = DAYS_OF_MONTH[word(tokens, at)]
    month = MONTHS.get(word(tokens, at + 1))
    if month:
        return [Day(day=day, month=month)], at + 2
    is_range = word(tokens, at + 1) in {"по", "до"} and word(tokens, at + 2) in DAYS_OF_MONTH
    month = MONTHS.get(word(tokens, at + 3)) if is_range else None
    return ([Day(day=day, month=month)], at + 1) if month else None


def _offset(tokens: list[Token], at: int) -> tuple[list[TimeWord], int]:
    """Return the day of «вчера», «завтрашнего дня», "tonight"."""
    text = word(tokens, at)
    values: list[TimeWord] = [Day(offset=OFFSETS[text])]
    if text == "tonight":
        values.append(PartOfDay("evening"))
    if text.startswith(("завтрашн", "сегодняшн", "вчерашн")) and word(tokens, at + 1) in {"дня", "день"}:
        return values, at + 2
    if text in {"yesterday", "tomorrow", "today"}:
        return _with_part(Day(offset=OFFSETS[text]), tokens, at + 1)
    return values, at + 1


def _with_part(day: Day, tokens: list[Token], after: int) -> tuple[list[TimeWord], int]:
    """Return the day with the part of it that is named next: "tomorrow afternoon", "Friday morning"."""
    part = _PARTS_AFTER.get(word(tokens, after))
    return ([day], after) if part is None else ([day, PartOfDay(part)], after + 1)


def _day_before_or_after(tokens: list[Token], at: int) -> tuple[list[TimeWord], int] | None:
    """Return the day of "day before yesterday", "day after tomorrow"."""
    pair = (word(tokens, at + 1), word(tokens, at + 2))
    if pair == ("before", "yesterday"):
        return [Day(offset=-2)], at + 3
    if pair == ("after", "tomorrow"):
        return [Day(offset=2)], at + 3
    return None


def _week_after(tokens: list[Token], at: int) -> tuple[int | None, int]:
    """Return the turn of the week named after a weekday: «в пятницу на прошлой неделе», "Friday last week"."""
    start = at + 1 if word(tokens, at) in {"на", "of"} else at
    turn = TURNS.get(word(tokens, start))
    if turn in {-1, 0, 1} and UNITS.get(word(tokens, start + 1)) == "week":
        return turn, start + 2
    return None, at


def _turned(tokens: list[Token], at: int) -> tuple[list[TimeWord], int] | None:
    """Return the day or period after «прошлый», "next" and their like."""
    turn = TURNS.get(word(tokens, at), -1)
    following = word(tokens, at + 1)
    if following in WEEKDAYS:
        return _with_part(Day(weekday=WEEKDAYS[following], turn=turn), tokens, at + 2)
    unit = UNITS.get(following)
    if unit in _PERIODS:
        return [Period(str(unit), min(turn, 1))], at + 2
    if following in MONTHS:
        return [Period("month", month=MONTHS[following], turn=turn)], at + 2
    if following in {"morning", "afternoon", "evening"} and turn == 0:
        name = {"morning": "am", "afternoon": "day", "evening": "evening"}[following]
        return [Day(offset=0), PartOfDay(name)], at + 2
    if following == "night" and turn == -1:
        return [Day(offset=-1), PartOfDay("evening")], at + 2
    found = counted(tokens, at + 1)
    if found is not None and turn == -1 and 0 < found[0] < 400:
        unit = UNITS.get(word(tokens, found[1]))
        if unit in {"day", "week"}:
            return [Period("days", count=found[0] * (7 if unit == "week" else 1))], found[1] + 1
    return None


def _month(tokens: list[Token], at: int) -> tuple[list[TimeWord], int] | None:
    """Return the day of "July 14" or «июля 14», or the whole month."""
    text = word(tokens, at)
    month = MONTHS[text]
    found = counted(tokens, at + 1)
    if found is not None and 1 <= found[0] <= _DAYS_IN_MONTH and UNITS.get(word(tokens, found[1])) is None:
        after = found[1]
        if word(tokens, after) in ORDINAL_ENDINGS:
            after += 1
        year, after = year_at(tokens, after)
        return [Day(day=found[0], month=month, year=year)], after
    if at + 1 < len(tokens) and tokens[at + 1].kind == "dash":
        return None
    year, after = year_at(tokens, at + 1)
    if text in {"may", "march", "mar", "мар", "сен", "dec", "jan"} and year is None and len(tokens) > 1 and at == 0:
        return None
    return [Period("month", month=month, year=year)], after


def by_slash(pair: Pair, *, month_first: bool) -> Day | None:
    """Return the day of 07/03 in the reader's order, or in the only order that makes a date.

    Who may put the month first may also not do it: then both orders are honest.
    """
    if month_first and is_date(pair.second, pair.first):
        either = is_date(pair.first, pair.second) and pair.first != pair.second
        return Day(day=pair.second, month=pair.first, weekday=pair.weekday, either=either)
    if is_date(pair.first, pair.second):
        return Day(day=pair.first, month=pair.second, weekday=pair.weekday)
    if is_date(pair.second, pair.first):
        return Day(day=pair.second, month=pair.first, weekday=pair.weekday)
    return None
