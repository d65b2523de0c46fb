"""What each reading of ambiguous words is called on its button: so that no two are alike."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.dispatch.turn import Turn
from bot.domain.leave.absence import AbsenceKind, absence_words
from bot.i18n import utc_offset
from bot.text import Day, Duration, Period, Phrase, Time, Value, t
from bot.understanding.model import Reading
from bot.words.intents import intent_words


def reading_words(turn: Turn, reading: Reading) -> Phrase:
    """Say in full what a reading would do, and when: «перерыв вчера 13:00–14:00», «Больничный с пн, 22 июня»."""
    what, slots = _what(reading), reading.slots
    at, start, end = slots.get("at"), slots.get("from"), slots.get("to")
    seconds = slots.get("break_seconds" if reading.intent == "worked" else "duration_seconds")
    length = timedelta(seconds=seconds) if isinstance(seconds, int) else None
    if isinstance(at, datetime) and length is not None:
        return _between(turn, what, at, at + length)
    if isinstance(at, datetime):
        return t("{what} {day} {time}", what=what, day=_day_of(turn, at), time=_exact(turn, at))
    if isinstance(start, datetime) and isinstance(end, datetime):
        return _between(turn, what, start, end)
    if length is not None:
        return t("{what}: {length}", what=what, length=Duration(length))
    return _of_days(turn, what, slots)


def _what(reading: Reading) -> Phrase:
    slots = reading.slots
    if slots.get("topic") == "overtime":
        return t("overtime")
    if slots.get("mark") == "remote":
        return t("🏠 Remote today")
    kind = slots.get("kind")
    if reading.intent == "leave" and kind in AbsenceKind._value2member_map_ and kind != AbsenceKind.OTHER:
        return absence_words(AbsenceKind(str(kind)))
    if reading.intent == "break_start" and ("duration_seconds" in slots):
        return t("break")
    if reading.intent == "remove" and (target := slots.get("target")):
        return t("remove: {what}", what=intent_words(str(target)))
    return intent_words(reading.intent)


def _between(turn: Turn, what: Phrase, start: datetime, end: datetime) -> Phrase:
    begins, ends = _exact(turn, start), _exact(turn, end)
    if start.astimezone(turn.zone).date() == end.astimezone(turn.zone).date():
        return t("{what} {day} {start}–{end}", what=what, day=_day_of(turn, start), start=begins, end=ends)
    return t(
        "{what}: {first} {start} – {last} {end}",
        what=what,
        first=_day_of(turn, start),
        start=begins,
        last=_day_of(turn, end),
        end=ends,
    )


def _of_days(turn: Turn, what: Phrase, slots: Mapping[str, object]) -> Phrase:
    first, last, day = slots.get("from_day"), slots.get("to_day"), slots.get("day")
    if isinstance(first, date) and isinstance(last, date):
        if first == last:
            return t("{what}: {day}", what=what, day=_day(turn, first))
        return t("{what}: {period}", what=what, period=Period(first, last))
    if isinstance(first, date):
        return t("{what} from {day}", what=what, day=Day(first))
    if isinstance(day, date):
        return t("{what}: {day}", what=what, day=_day(turn, day))
    if isinstance(person := slots.get("person"), str):
        return t("{what}: {person}", what=what, person=person)
    return what


def _day_of(turn: Turn, at: datetime) -> Value:
    return _day(turn, at.astimezone(turn.zone).date())


def _day(turn: Turn, day: date) -> Value:
    """Name a day as people do: today and its neighbours by their words, any other by its date."""
    match (day - turn.today).days:
        case 0:
            return t("today")
        case -1:
            return t("yesterday")
        case 1:
            return t("tomorrow")
    return Day(day)


def _exact(turn: Turn, at: datetime) -> Value:
    """An instant of the hour that a clock change repeats is told apart by its offset."""
    zone = turn.employee.zone
    local = at.astimezone(ZoneInfo(zone))
    if local.replace(fold=1).utcoffset() != local.replace(fold=0).utcoffset():
        return t("{time} ({offset})", time=Time(at, zone), offset=utc_offset(zone, at))
    return Time(at, zone)
