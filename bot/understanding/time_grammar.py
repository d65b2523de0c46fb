"""The grammar of time: what starts at a token is a clock time, a day, a period, a length, or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.understanding.calendar_words import (
    ADJECTIVES,
    AGO,
    ALL_WORDS,
    AT,
    DAYS_OF_MONTH,
    FOR,
    HALF_HOURS,
    MIDNIGHT,
    MONTHS,
    NOON,
    NTH,
    NUMBERS,
    OFFSETS,
    SINCE,
    TURNS,
    UNITS,
    UNTIL,
    WEEKDAYS,
    YEAR_WORDS,
    listed,
)
from bot.understanding.clock_grammar import (
    clock_words,
    counted,
    finish,
    length,
    part_after,
    with_part,
    word,
)
from bot.understanding.day_grammar import ENDS, day_words, end_of_week, is_date, written_date
from bot.understanding.number_grammar import HOURS, MINUTES, is_clock, minutes_after, numeral
from bot.understanding.period_grammar import is_numbered, numbered_period
from bot.understanding.phrases import (
    Ago,
    ClockTime,
    Day,
    DayCount,
    Length,
    Number,
    Pair,
    PartOfDay,
    Period,
    Said,
    TimeWord,
)

if TYPE_CHECKING:
    from bot.understanding.tokens import Token

Found = tuple[list[Said], int]
_PARTS: Final = {"утром": "am", "днем": "day", "вечером": "evening", "ночью": "night"}
_KINDS: Final = {
    "in": (Period, Length, PartOfDay),
    "on": (Day,),
    "of": (Period, Day),
    "over": (Period,),
    "during": (Period, Day),
}
"""Prepositions that are something else unless one of these follows: "in" is also how people check in."""
_BEGINNINGS: Final = frozenset().union(
    *(
        _PARTS,
        ADJECTIVES,
        NTH,
        YEAR_WORDS,
        NOON,
        MIDNIGHT,
        HALF_HOURS,
        NUMBERS,
        UNITS,
        OFFSETS,
        DAYS_OF_MONTH,
        TURNS,
        WEEKDAYS,
        MONTHS,
    ),
    listed(
        "q h the утра часу пол половина половине половину половины четверть четверти без half a an quarter полчаса "
        "полчасика полтора пару последние последних последний day конца end"
    ),
)
"""Words with which a value begins; after a preposition, any other ends the search."""
_NAMES_OF_DAYS: Final = frozenset().union(OFFSETS, WEEKDAYS, MONTHS)
"""Words with which nothing but a day or a month begins."""
_PREPOSITIONS: Final = SINCE | UNTIL | FOR | AT | {"часов", "часиков"}
_AHEAD: Final = frozenset({"минут", "часа", "через", "in"})
ONLY_BEFORE: Final = _PREPOSITIONS - _BEGINNINGS - _AHEAD
"""Words that say nothing of time by themselves: it needs a number after them, or one of the words that follow."""
AFTER_THEM: Final = _BEGINNINGS | _PREPOSITIONS
_CONTINUES: Final = ALL_WORDS | {"кв", "and", "й", "ый", "я", "ая", "м", "ом"}
"""Words that may make more of the number before them than itself."""


def parse(tokens: list[Token], at: int) -> Found | None:
    """Return the pieces of time that start at this token, and the place after them."""
    first = tokens[at]
    if first.kind == "word" and first.text not in ALL_WORDS:
        return None
    ahead = _ahead(tokens, at) if first.text in _AHEAD else None
    if ahead is not None:
        return ahead
    start, prep = _preposition(tokens, at) if first.text in _PREPOSITIONS else (at, "")
    if tokens[start].kind == "word" and tokens[start].text not in _BEGINNINGS:
        return None
    if tokens[start].text in MONTHS and start + 1 < len(tokens) and tokens[start + 1].kind == "dash":
        return _month_dash(tokens, start)
    found = _value(tokens, start, prep)
    if found is None:
        return None
    values, after = found
    kinds = _KINDS.get(first.text) if first.kind == "word" and start == at + 1 else None
    if kinds is not None and not isinstance(values[0], kinds):
        return None
    said = [Said(value, prep) for value in values]
    if isinstance(values[0], Pair) and values[0].joint == "-":
        said, after = _dash(values[0], prep, tokens, after)
    return said, after


def _ahead(tokens: list[Token], at: int) -> Found | None:
    """Return a time ahead: «через 10 минут», "in 2 days", «минут через 10»."""
    text = tokens[at].text
    start = at + 1
    if text in {"минут", "часа"} and word(tokens, at + 1) == "через":
        found = counted(tokens, at + 2)
        return None if found is None else ([Said(Ago(-found[0] * (60 if text == "минут" else 3600)))], found[1])
    if text not in {"через", "in"} or start >= len(tokens):
        return None
    found_length = length(tokens, start)
    if found_length is None:
        return None
    value, after = found_length
    if word(tokens, after) in AGO:
        return None
    if isinstance(value, Length):
        return [Said(Ago(-value.seconds))], after
    return [Said(Day(offset=value.days))], after


def _preposition(tokens: list[Token], at: int) -> tuple[int, str]:
    """Return the place after the prepositions that start here, and what they mean together."""
    prep = ""
    start = at
    while start < len(tokens) - 1 and start < at + 3:
        text = tokens[start].text
        if text in SINCE:
            prep = "since"
        elif text in UNTIL:
            prep = "until"
        elif text in FOR:
            prep = prep or "for"
        elif text in AT and (start == at or text not in _KINDS):
            prep = prep or "at"
        elif not (text in {"часов", "часиков"} and word(tokens, start + 1) in {"в", "с", "до", "к"}):
            break
        start += 1
        if text in _KINDS:
            break
    return start, prep


def _value(tokens: list[Token], at: int, prep: str) -> tuple[list[TimeWord], int] | None:
    """Return the value that starts at this token, and the place after it."""
    token = tokens[at]
    if token.kind in {"iso", "dmy"}:
        day = written_date(token)
        return None if day is None else ([day], at + 1)
    if token.kind == "month":
        year, month = token.text.split("-")
        return [Period("month", month=int(month), year=int(year))], at + 1
    if token.kind == "clock":
        return _clock(token, tokens, at)
    if token.kind in {"dotted", "slash", "dash"}:
        return _pair(tokens, at, prep)
    if token.kind == "mark":
        return None
    if token.kind == "decimal" and prep in {"since", "until", "at"} and word(tokens, at + 1) not in UNITS:
        first, second = (int(part) for part in token.text.replace(",", ".").split("."))
        return ([Pair(first, second, ".")], at + 1) if is_date(first, second) else None
    return _spoken(tokens, at, prep)


def _spoken(tokens: list[Token], at: int, prep: str) -> tuple[list[TimeWord], int] | None:
    """Return the value of words and plain numbers."""
    text = tokens[at].text
    if tokens[at].kind == "number" and (at + 1 >= len(tokens) or tokens[at + 1].text not in _CONTINUES):
        return numeral(tokens, at, prep)
    if prep == "until" and (text in ENDS or text == "the") and (ending := end_of_week(tokens, at)) is not None:
        return ending
    if text in _NAMES_OF_DAYS:
        return day_words(tokens, at)
    numbered = numbered_period(tokens, at) if is_numbered(text) else None
    if numbered is not None:
        return [numbered[0]], numbered[1]
    if prep in {"at", "since", "until"} and (text in {"час", "часу"} or (text == "часа" and prep == "since")):
        minutes = minutes_after(tokens, at + 1, digits=False)
        time, after = finish(1, minutes[0] if minutes else 0, tokens, minutes[1] if minutes else at + 1)
        return [time], after
    if prep == "since" and text == "утра":
        return [PartOfDay("am")], at + 1
    if text in _PARTS:
        return [_PARTS_OF[text]], at + 1
    if text == "the" and word(tokens, at + 1) in {"morning", "afternoon", "evening"} and prep == "at":
        name = {"morning": "am", "afternoon": "day", "evening": "evening"}[word(tokens, at + 1)]
        return [PartOfDay(name)], at + 2
    spoken = clock_words(tokens, at)
    if spoken is not None:
        return [spoken[0]], spoken[1]
    if not (prep in {"at", "since", "until"} and _is_oclock(tokens, at)):
        found_length = length(tokens, at)
        if found_length is not None:
            return _after_length(found_length[0], tokens, found_length[1])
    days = day_words(tokens, at)
    if days is not None:
        return days
    start = at + 1 if text == "the" and at + 1 < len(tokens) else at
    return numeral(tokens, start, prep)


_PARTS_OF: Final = {text: PartOfDay(name) for text, name in _PARTS.items()}


def _is_oclock(tokens: list[Token], at: int) -> bool:
    """Whether «9 часов» here names a time of day and not a length; «2 часа назад» is a length."""
    found = counted(tokens, at)
    return found is not None and UNITS.get(word(tokens, found[1])) == "hour" and word(tokens, found[1] + 1) not in AGO


def _after_length(value: Length | DayCount, tokens: list[Token], after: int) -> tuple[list[TimeWord], int]:
    """Return the length, or the moment or day so long ago."""
    text = word(tokens, after)
    if text == "тому" and word(tokens, after + 1) == "назад":
        after += 1
        text = "назад"
    if text == "как" and isinstance(value, Length):
        return [Ago(value.seconds)], after + 1  # «уже час как на работе»
    if text in {"назад", "ago", "earlier"}:
        if isinstance(value, Length):
            return [Ago(value.seconds)], after + 1
        return [Day(offset=-value.days)], after + 1
    if isinstance(value, Length) and value.seconds % 3600 == 0:
        part = part_after(tokens, after)
        if part is not None and value.seconds <= 12 * 3600:  # «9 часов утра», «час дня»
            return [with_part(ClockTime(value.seconds // 3600), part[0], marked=part[2])], part[1]
    return [value], after


def _clock(token: Token, tokens: list[Token], at: int) -> tuple[list[TimeWord], int] | None:
    """Return the time of 9:15, 09:15:30, 6:30 pm."""
    hour, minute, *rest = (int(part) for part in token.text.split(":"))
    second = rest[0] if rest else 0
    if not is_clock(hour, minute) or second >= MINUTES:
        return None
    time, after = finish(hour, minute, tokens, at + 1, padded=token.text.startswith("0") or hour == HOURS)
    return [ClockTime(time.hour, time.minute, second, time.exact, time.night) if second else time], after


def _pair(tokens: list[Token], at: int, prep: str) -> tuple[list[TimeWord], int] | None:
    """Return two joined numbers: a time or a date where only one is possible or the words around tell."""
    token = tokens[at]
    joint = {"dotted": ".", "slash": "/", "dash": "-"}[token.kind]
    first, second = (int(part) for part in token.text.split(joint))
    if joint == "-":
        return [Pair(first, second, joint)], at + 1
    if joint == "/":
        return ([Pair(first, second, joint)], at + 1) if is_date(first, second) or is_date(second, first) else None
    clock, day = is_clock(first, second), is_date(first, second)
    if clock and (not day or prep == "at" or part_after(tokens, at + 1) is not None):
        time, after = finish(first, second, tokens, at + 1, padded=token.text.startswith("0"))
        return [time], after
    if clock and day:
        return [Pair(first, second, joint)], at + 1
    return ([Day(day=first, month=second)], at + 1) if day else None


def _dash(pair: Pair, prep: str, tokens: list[Token], after: int) -> Found:
    """Return 1-14 before a month, or 9-5 before pm, as a beginning and an end; else the pair undecided."""
    month = MONTHS.get(word(tokens, after))
    if month is not None and is_date(pair.second, month):
        return [Said(Number(pair.first), "since"), Said(Day(day=pair.second, month=month), "until")], after + 1
    part = part_after(tokens, after)
    if part is not None and pair.second < HOURS:
        time = with_part(ClockTime(pair.second), part[0], marked=part[2])
        return [Said(Number(pair.first), "since"), Said(time, "until")], part[1]
    return [Said(pair, prep)], after


def _month_dash(tokens: list[Token], at: int) -> Found | None:
    """Return "July 1-14" as a beginning and an end."""
    month = MONTHS[tokens[at].text]
    first, last = (int(part) for part in tokens[at + 1].text.split("-"))
    if not (is_date(first, month) and is_date(last, month)):
        return None
    return [Said(Day(day=first, month=month), "since"), Said(Day(day=last, month=month), "until")], at + 2
