"""Answers to the question when somebody will be away: days, hours, a part of a day, or until its end.

What is heard is what the same words mean of an absence, with what is known already said before them: «до пятницы»,
asked of a trip from Monday, is read as «отпуск с 22 июня до пятницы». Words that say something of their own are no
answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from bot.understanding import understand
from bot.understanding.answers import understand_day, understand_range, understand_time
from bot.understanding.hearing import hear
from bot.understanding.tokens import MAX_LENGTH

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

Slots = dict[str, object]

_WHOLE: Final = re.compile(
    r"(?:на |за )?(?:весь|целый|полный) день|(?:for )?(?:the )?(?:whole|entire|all|full)(?: of the)? day"
)
_MORNING: Final = re.compile(
    r"с утра|утром|до обеда|(?:в )?перв(?:ая|ой|ую) половин[ауе](?: дня)?"
    r"|(?:in )?(?:the )?(?:morning|first half)(?: of the day)?|before lunch"
)
_AFTERNOON: Final = re.compile(
    r"после обеда|(?:во )?втор(?:ая|ой|ую) половин[ауе](?: дня)?"
    r"|(?:in )?(?:the )?(?:afternoon|second half)(?: of the day)?|after lunch"
)
_TO_THE_END: Final = re.compile(
    r"(?:и )?до конца(?: рабочего)?(?: дня| смены)?|(?:the )?rest of the day"
    r"|(?:and )?(?:until|till|to)(?: the)? end(?: of (?:the )?(?:work(?:ing)? ?)?(?:day|shift))?"
)
_UNKNOWN: Final = re.compile(
    r"(?:я )?(?:еще |пока )?не знаю(?: пока)?|(?:i )?(?:don'?t|do not) know(?: yet)?|not sure(?: yet)?"
)
_DASHED: Final = re.compile(r"(\d{1,2}(?:[:.]\d\d)?)\s*[-–—]\s*(\d{1,2}(?:[:.]\d\d)?)$")
_UNTIL_WORD: Final = re.compile(r"(?:до|к|until|till|by)\b")
_MONTHS: Final = {
    "ru": ["янв", "фев", "мар", "апр", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"],
    "en": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
}
_AWAY: Final = {"ru": "отпуск", "en": "vacation"}
_FROM: Final = {"ru": "с", "en": "from"}
_UNTIL: Final = {"ru": "до", "en": "until"}


@dataclass(frozen=True, slots=True)
class Known:
    """What was said before: the day whose hours are asked for, the first of the days, the beginning of the hours."""

    day: date | None = None
    first: date | None = None
    start: datetime | None = None


def understand_away(text: str, known: Known, *, locale: str, zone: ZoneInfo, now: datetime) -> Slots | None:
    """Return the slots that an answer adds to what is known of an absence; None where it is no answer.

    They are those of a `leave`, and `whole` for the whole day, `to_end` for the rest of the day, `unknown` where the
    person does not know yet.
    """
    said = " ".join(text.casefold().replace("ё", "е").strip(" .!").split())
    if not said or len(said) > MAX_LENGTH:
        return None
    if found := _set_phrase(said):
        return found
    tail = _TO_THE_END.search(said)
    if tail is not None and tail.end() == len(said):
        return _until_the_end(said[: tail.start()].strip(), known, locale, zone, now)
    if any(label.rstrip("~") not in {"filler", "all"} for label, _ in hear(said).labels):
        return None
    language = "ru" if re.search("[а-я]", said) or (locale == "ru" and not re.search("[a-z]", said)) else "en"
    said = _DASHED.sub(rf"{_FROM[language]} \1 {_UNTIL[language]} \2", said)
    if known.start is not None:
        return _end_of_hours(said, known.start, language, zone, now)
    away, since, until = _AWAY[language], _FROM[language], _UNTIL[language]

    def heard(words: str) -> Slots | None:
        meant = understand(words, locale=language, zone=zone, now=now)
        readings = [each.slots for each in meant.ambiguous] or [meant.slots]
        fitting = [each for each in readings if _fits(each, known.first)]
        if meant.intent != "leave" or not fitting:
            return None
        return {name: value for name, value in fitting[0].items() if name != "kind"}

    ahead = [each.slots["day"] for each in understand_day(said, locale=language, zone=zone, now=now, ahead=True)]
    if known.first is not None:
        near = ahead[0] if len(ahead) == 1 and isinstance(ahead[0], date) else None
        if near is not None and near >= known.first:
            return {"from_day": known.first, "to_day": near}
        begun = f"{away} {since} {_named(known.first, language)}"
        for words in (f"{begun} {said}", f"{begun} {until} {said}"):
            found = heard(words)
            last = found.get("to_day") if found is not None else None
            if isinstance(last, date) and (near is None or _is_next(near, last, known.first)):
                return found
    if known.day is not None:
        for words in (f"{away} {_named(known.day, language)} {said}", f"{away} {said}"):
            found = heard(words)
            if found is not None and found.keys() & {"from", "to", "amount_seconds", "part"}:
                return found
        if _UNTIL_WORD.match(said) and (end := _time(said, known.day, language, zone, now)) is not None:
            return {"to": end}
        hours = understand_range(said, locale=language, zone=zone, now=now, ahead=True, day=known.day)
        if hours:
            return dict(hours[0].slots)
    return heard(f"{away} {said}") or ({"from_day": ahead[0], "to_day": ahead[0]} if len(ahead) == 1 else None)


def _time(said: str, day: date, locale: str, zone: ZoneInfo, now: datetime) -> datetime | None:
    """Return the end of hours that a phrase names, as people mean the end of a day's work."""
    found = understand_time(said, locale=locale, zone=zone, now=now, intent="check_out", day=day)
    at = found[0].slots["at"] if found else None
    return at if isinstance(at, datetime) else None


def _set_phrase(said: str) -> Slots | None:
    for pattern, slots in (
        (_WHOLE, {"whole": True}),
        (_MORNING, {"part": "morning"}),
        (_AFTERNOON, {"part": "afternoon"}),
        (_UNKNOWN, {"unknown": True}),
    ):
        if pattern.fullmatch(said):
            return dict(slots)
    return None


def _until_the_end(said: str, known: Known, locale: str, zone: ZoneInfo, now: datetime) -> Slots | None:
    """Return «с 12 до конца дня»: from a time on, or from what is known already."""
    if not said:
        return {"to_end": True}
    found = understand_time(said, locale=locale, zone=zone, now=now, intent="check_in", day=known.day)
    return {"from": found[0].slots["at"], "to_end": True} if len(found) == 1 else None


def _end_of_hours(said: str, start: datetime, locale: str, zone: ZoneInfo, now: datetime) -> Slots | None:
    """Return until when: a time of that day, hours anew, or a day, which is until its end."""
    day = start.date()
    end = _time(said, day, locale, zone, now)
    if end is not None and start < end:
        return {"to": end}
    hours = understand_range(said, locale=locale, zone=zone, now=now, ahead=True, day=day)
    if hours and "from" in hours[0].slots:
        return dict(hours[0].slots)
    ahead = [each.slots["day"] for each in understand_day(said, locale=locale, zone=zone, now=now, ahead=True)]
    if len(ahead) != 1:
        return None
    return {"to_end": True} if ahead[0] == day else {"from_day": day, "to_day": ahead[0]}


def _is_next(near: date, last: date, first: date) -> bool:
    """Whether a weekday means the one after the first day: «до пятницы» of a trip that begins on Monday week."""
    return near.weekday() == last.weekday() and (last - first).days < 7


def _fits(slots: Mapping[str, object], first: date | None) -> bool:
    """Whether a range does not end before the day from which it is known to begin."""
    last = slots.get("to_day")
    return first is None or not isinstance(last, date) or last >= first


def _named(day: date, language: str) -> str:
    return f"{day.day} {_MONTHS[language][day.month - 1]} {day.year}"
