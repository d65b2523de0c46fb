"""Times of day and lengths of time: «в полседьмого», "quarter to nine", «на полчаса»."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.understanding.calendar_words import (
    ADJECTIVES,
    HALF_HOURS,
    MIDNIGHT,
    NOON,
    NUMBERS,
    ORDINALS,
    PARTS,
    SECONDS,
    UNITS,
)
from bot.understanding.phrases import ClockTime, DayCount, Length

if TYPE_CHECKING:
    from bot.understanding.tokens import Token

HALF_DAY = 12
SIXTY = 60


def word(tokens: list[Token], at: int) -> str:
    """Return the text of the token at this place, or nothing after the last."""
    return tokens[at].text if at < len(tokens) else ""


def number(tokens: list[Token], at: int) -> int | None:
    """Return the whole number written at this place in digits or in a word."""
    if at >= len(tokens):
        return None
    token = tokens[at]
    if token.kind == "number":
        return int(token.text) if len(token.text) <= 4 else None
    return NUMBERS.get(token.text) if token.kind == "word" else None


def counted(tokens: list[Token], at: int) -> tuple[int, int] | None:
    """Return a whole number and the place after it; «двадцать пять» is one number."""
    value = number(tokens, at)
    if value is None:
        return None
    if tokens[at].kind == "word" and value in {20, 30, 40, 50}:
        ones = number(tokens, at + 1)
        if ones is not None and 0 < ones < 10 and tokens[at + 1].kind == "word":
            return value + ones, at + 2
    return value, at + 1


def in_part(hour: int, part: str) -> int:
    """Return the hour of 24 that people mean by this hour in that part of the day."""
    if hour > HALF_DAY:
        return hour
    if part == "am":
        return hour % HALF_DAY
    if part == "day":
        return hour if hour in {10, 11, HALF_DAY} else hour + HALF_DAY
    if part == "evening":
        return (hour + HALF_DAY) % 24
    return hour % HALF_DAY if hour < 7 or hour == HALF_DAY else hour + HALF_DAY


def with_part(time: ClockTime, part: str, *, marked: bool) -> ClockTime:
    """Return the time in the part of the day that was said; `marked` for am and pm, which are strict."""
    hour = time.hour
    if hour > HALF_DAY or (time.exact and hour == 0):
        return time
    if marked:
        hour = hour % HALF_DAY + (HALF_DAY if part == "day" else 0)
        return ClockTime(hour, time.minute, time.second, exact=True)
    return ClockTime(in_part(hour, part), time.minute, time.second, exact=True, night=part == "night")


def part_after(tokens: list[Token], at: int) -> tuple[str, int, bool] | None:
    """Return the part of the day said after a time, the place after it, and whether it was am or pm."""
    if at >= len(tokens):
        return None
    text = tokens[at].text
    if text in {"am", "pm"}:
        return ("am" if text == "am" else "day"), at + 1, True
    if text in {"утра", "дня", "вечера", "ночи"}:
        return PARTS[text], at + 1, False
    if text == "in" and word(tokens, at + 1) == "the" and word(tokens, at + 2) in PARTS:
        return PARTS[word(tokens, at + 2)], at + 3, False
    if text == "at" and word(tokens, at + 1) == "night":
        return "night", at + 2, False
    if text in {"a", "p"} and word(tokens, at + 1) == "m":
        return ("am" if text == "a" else "day"), at + 2, True
    return None


def finish(hour: int, minute: int, tokens: list[Token], after: int, *, padded: bool = False) -> tuple[ClockTime, int]:
    """Return the time with the part of the day that follows it, and the place after both."""
    time = ClockTime(hour % 24, minute, exact=padded or hour == 0 or hour > HALF_DAY)
    if word(tokens, after) == "oclock":
        after += 1
    part = part_after(tokens, after)
    if part is None:
        return time, after
    return with_part(time, part[0], marked=part[2]), part[1]


def clock_words(tokens: list[Token], at: int) -> tuple[ClockTime, int] | None:
    """Return a time said in words that starts here: halves, quarters, noon, «без пяти девять»."""
    text = tokens[at].text
    if text in NOON:
        return ClockTime(12, exact=True), at + 1
    if text in MIDNIGHT:
        return ClockTime(0, exact=True), at + 1
    if text in HALF_HOURS:
        return finish((HALF_HOURS[text] - 2) % HALF_DAY + 1, 30, tokens, at + 1)
    if text in {"пол", "половина", "половине", "половину", "половины", "четверть", "четверти"}:
        hour = ORDINALS.get(word(tokens, at + 1))
        if hour is not None:
            return finish((hour - 2) % HALF_DAY + 1, 15 if text.startswith("четв") else 30, tokens, at + 2)
        if text.startswith("четв"):
            return None
    if text == "без":
        return _without(tokens, at + 1)
    if text == "half":
        after = at + 2 if word(tokens, at + 1) == "past" else at + 1
        hour = number(tokens, after)
        if hour is not None and 1 <= hour <= HALF_DAY and word(tokens, after + 1) not in UNITS:
            return finish(hour, 30, tokens, after + 1)
        return None
    return _past_or_to(tokens, at)


def _without(tokens: list[Token], at: int) -> tuple[ClockTime, int] | None:
    """Return the time of «без пяти девять» from the word after «без»."""
    if word(tokens, at) == "четверти":
        minutes, after = 15, at + 1
    else:
        found = counted(tokens, at)
        if found is None:
            return None
        minutes, after = found
        if UNITS.get(word(tokens, after)) == "minute":
            after += 1
    hour = 1 if word(tokens, after) == "час" else number(tokens, after)
    if hour is None and minutes > 20 and minutes % 10:  # «без двадцати семь» is 6:40
        minutes, hour, after = minutes - minutes % 10, minutes % 10, after - 1
    if hour is None or not 1 <= hour <= 24 or not 0 < minutes < 31:
        return None
    return finish(hour - 1 or HALF_DAY, SIXTY - minutes, tokens, after + 1, padded=hour > HALF_DAY)


def _past_or_to(tokens: list[Token], at: int) -> tuple[ClockTime, int] | None:
    """Return the time of "quarter to nine", "ten past six", «пять минут десятого»."""
    start = at + 1 if word(tokens, at) == "a" else at
    if word(tokens, start) == "quarter":
        minutes, after = 15, start + 1
    else:
        found = counted(tokens, start)
        if found is None:
            return None
        minutes, after = found
        if UNITS.get(word(tokens, after)) == "minute":
            after += 1
            hour = ORDINALS.get(word(tokens, after))
            if hour is not None and 0 < minutes < SIXTY:
                return finish((hour - 2) % HALF_DAY + 1, minutes, tokens, after + 1)
    side = word(tokens, after)
    hour = number(tokens, after + 1)
    if hour is None or not 1 <= hour <= HALF_DAY or not 0 < minutes < 31:
        return None
    if side in {"past", "after"}:
        return finish(hour, minutes, tokens, after + 2)
    spoken = tokens[start].kind == "word" and minutes in {5, 10, 15, 20, 25}
    before = word(tokens, at - 1) if at else ""
    if side in {"to", "till", "before", "of"} and (spoken or before == "at") and before not in {"from", "since"}:
        if tokens[after + 1].kind == "number" and minutes != 15 and before != "at":
            return None
        return finish(hour - 1 or HALF_DAY, SIXTY - minutes, tokens, after + 2)
    return None


def length(tokens: list[Token], at: int) -> tuple[Length | DayCount, int] | None:
    """Return a length of time that starts here, and the place after it."""
    text = tokens[at].text
    if text in ADJECTIVES:
        return Length(ADJECTIVES[text]), at + 1
    if text in {"полчаса", "полчасика"}:
        return Length(1800), at + 1
    if text in {"пол", "half"}:
        skip = at + 2 if word(tokens, at + 1) in {"an", "a"} else at + 1
        if UNITS.get(word(tokens, skip)) == "hour" and word(tokens, skip) not in {"h", "ч"}:
            return Length(1800), skip + 1
        return None
    if text == "четверть" and word(tokens, at + 1) == "часа":
        return Length(900), at + 2
    if text == "quarter" and [word(tokens, at + ahead) for ahead in (1, 2, 3)] == ["of", "an", "hour"]:
        return Length(900), at + 4
    if text == "полтора":
        return Length(5400), at + (2 if UNITS.get(word(tokens, at + 1)) == "hour" else 1)
    if text == "an" and word(tokens, at + 1) == "hours":  # "an hour's lunch"
        return Length(3600), at + 2
    if text in {"an", "a", "one"} and word(tokens, at + 1) in {"hour", "minute", "day", "week"}:
        if word(tokens, at + 2) == "and" and word(tokens, at + 3) == "a" and word(tokens, at + 4) == "half":
            return Length(5400), at + 5
        return _units(1, word(tokens, at + 1), tokens, at + 2)
    if text == "a" and word(tokens, at + 1) == "couple" and word(tokens, at + 2) == "of":
        return _units(2, word(tokens, at + 3), tokens, at + 4)
    if text == "пару" and UNITS.get(word(tokens, at + 1)) in {"hour", "day", "week"}:
        return _units(2, word(tokens, at + 1), tokens, at + 2)
    if text in {"неделя", "неделька"} and word(tokens, at + 1).startswith(("отпуск", "удал", "больничн")):
        return DayCount(7, week=True), at + 1
    if text in {"a", "one"} and word(tokens, at + 1) == "weeks":  # "a week's holiday"
        return DayCount(7, week=True), at + 2
    if text in {"час", "часом", "часик", "часок", "минуту", "минутку", "неделю", "недельку"}:
        return _units(1, text, tokens, at + 1)
    if UNITS.get(text) in {"minute", "hour"}:
        return _units_first(tokens, at)
    if tokens[at].kind == "decimal":
        whole, tenths = text.replace(",", ".").split(".")
        if UNITS.get(word(tokens, at + 1)) == "hour":
            return Length((int(whole) * 10 + int(tenths)) * 360), at + 2
        return None
    found = counted(tokens, at)
    if found is None:
        return None
    if word(tokens, found[1]) == "and" and word(tokens, found[1] + 1) == "a" and word(tokens, found[1] + 2) == "half":
        if UNITS.get(word(tokens, found[1] + 3)) == "hour":
            return Length(found[0] * 3600 + 1800), found[1] + 4
        return None
    return _units(found[0], word(tokens, found[1]), tokens, found[1] + 1)


def _units(count: int, unit_word: str, tokens: list[Token], after: int) -> tuple[Length | DayCount, int] | None:
    """Return so many of that unit, with the minutes that may follow hours."""
    unit = UNITS.get(unit_word)
    if unit in SECONDS:
        seconds = count * SECONDS[unit]
        if unit == "hour":
            rest = counted(tokens, after + 1 if word(tokens, after) in {"и", "and"} else after)
            if rest is not None and rest[0] < SIXTY and UNITS.get(word(tokens, rest[1])) == "minute":
                return Length(seconds + rest[0] * 60), rest[1] + 1
            if word(tokens, after - 1) in {"h", "ч"} and rest is not None and rest[0] < SIXTY:
                return Length(seconds + rest[0] * 60), rest[1]
        return (Length(seconds), after) if 0 < seconds <= 86400 else None
    if unit == "day":
        return (DayCount(count), after) if 0 < count < 400 else None
    if unit == "week":
        return (DayCount(count * 7, week=True), after) if 0 < count < 60 else None
    return None


def _units_first(tokens: list[Token], at: int) -> tuple[Length | DayCount, int] | None:
    """Return the length of «минут 10», «минут на 15», «часа на два»."""
    after = at + 2 if word(tokens, at + 1) == "на" else at + 1
    if word(tokens, at) not in {"минут", "часа", "часов", "минуты"}:
        return None
    found = counted(tokens, after)
    if found is None or found[0] > 120 or UNITS.get(word(tokens, found[1])) is not None:
        return None
    return _units(found[0], word(tokens, at), [], found[1])
