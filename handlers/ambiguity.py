"""Words with several honest readings: the person chooses with a button; nothing is guessed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from bot.actions import Action
from bot.dispatch.router import Otherwise, Router
from bot.dispatch.turn import Turn
from bot.i18n import utc_offset
from bot.messages import Button, Keyboard, Reply, Words
from bot.text import Day, DayTime, Duration, Phrase, t
from handlers.asking import OVER, Question, still_open
from handlers.words import intent_words

router = Router("ambiguity")


@dataclass(frozen=True, slots=True)
class ChooseReading(Question):
    """We asked which reading was meant."""

    no: ClassVar[Words] = t("Neither")
    dropped: ClassVar[Words] = t(
        "Dropped. Write it once more with the date and the time, for example: “left on 14 July at 18:30”."
    )
    readings: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ReadingPressed(Action, code="rd"):
    """That one."""

    nonce: str
    number: int


@router.otherwise(Otherwise.AMBIGUOUS)
async def ask_which(turn: Turn) -> Reply:
    """Offer the readings as buttons."""
    readings = turn.understood.ambiguous[:4]
    asked = ChooseReading([{"intent": each.intent, "slots": _stored(each.slots)} for each in readings])
    rows = [
        Button(_label(turn, each.intent, each.slots), ReadingPressed(asked.nonce, number))
        for number, each in enumerate(readings)
    ]
    return turn.ask(asked, t("Which do you mean?"), Keyboard.of(*rows, asked.no_button))


@router.pressed(ReadingPressed)
async def chosen(turn: Turn, press: ReadingPressed) -> Reply:
    """Go on with the reading that was chosen."""
    asked = still_open(turn, ChooseReading, press.nonce)
    if asked is None or not 0 <= press.number < len(asked.readings):
        return turn.say(OVER)
    reading = asked.readings[press.number]
    return Reply(instead=(reading["intent"], _read(reading["slots"])), ends=True)


def _label(turn: Turn, intent: str, slots: Mapping[str, object]) -> Phrase:
    zone = turn.employee.zone
    what = t("overtime") if slots.get("topic") == "overtime" else intent_words(intent)
    at, start, end = slots.get("at"), slots.get("from"), slots.get("to")
    first, last = slots.get("from_day"), slots.get("to_day")
    if isinstance(at, datetime):
        seconds = slots.get("duration_seconds")
        if isinstance(seconds, int):
            length = Duration(timedelta(seconds=seconds))
            return t("{what}: {at}, {length}", what=what, at=_exact(at, zone), length=length)
        return t("{what}: {at}", what=what, at=_exact(at, zone))
    if isinstance(seconds := slots.get("duration_seconds"), int):
        return t("{what}: {length}", what=what, length=Duration(timedelta(seconds=seconds)))
    if isinstance(start, datetime) and isinstance(end, datetime):
        return t("{start} – {end}", start=_exact(start, zone), end=_exact(end, zone))
    if isinstance(first, date) and isinstance(last, date):
        if first == last:
            return t("{what}: {day}", what=what, day=Day(first))
        return t("{what}: {first} – {last}", what=what, first=Day(first), last=Day(last))
    return what


def _exact(at: datetime, zone: str) -> Phrase | DayTime:
    """An instant of the hour that a clock change repeats is told apart by its offset."""
    if at.replace(fold=1).utcoffset() != at.replace(fold=0).utcoffset():
        return t("{at} ({offset})", at=DayTime(at, zone), offset=utc_offset(zone, at))
    return DayTime(at, zone)


def _stored(slots: Mapping[str, object]) -> dict[str, Any]:
    form: dict[str, Any] = {}
    for name, value in slots.items():
        if isinstance(value, datetime):
            form[name] = {"at": value.isoformat()}
        elif isinstance(value, date):
            form[name] = {"day": value.isoformat()}
        else:
            form[name] = value
    return form


def _read(form: Mapping[str, Any]) -> dict[str, object]:
    slots: dict[str, object] = {}
    for name, value in form.items():
        if isinstance(value, dict) and "at" in value:
            slots[name] = datetime.fromisoformat(value["at"])
        elif isinstance(value, dict) and "day" in value:
            slots[name] = date.fromisoformat(value["day"])
        else:
            slots[name] = value
    return slots
