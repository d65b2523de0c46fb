"""Words with several honest readings: the person chooses with a button; nothing is guessed.

What would be refused is not offered: a mark still to come, a check-in of somebody at work, days that are taken.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar

from bot.actions import Action
from bot.dispatch.router import Otherwise, Router
from bot.dispatch.turn import Turn
from bot.domain.leave.absence import AbsenceKind
from bot.domain.leave.wish import LeaveWish
from bot.domain.workday.punch_log import PunchKind
from bot.messages import Button, Keyboard, Reply, Words
from bot.services.leave.leaves import Leaves
from bot.services.workday.recording import WISHES, Recording
from bot.text import Phrase, Time, lines, t
from bot.understanding.model import Reading
from handlers.cards.remind import remind_button
from handlers.read_back import OVER, Question, still_open
from handlers.reading_words import reading_words
from handlers.workday.corrections import wish_of

router = Router("ambiguity")
MOST = 4
"""Buttons of readings under one question."""
SOON = timedelta(minutes=1)
"""A mark that is chosen so soon counts for the moment of the choice; later, for when the words were written."""
PUNCHES: Mapping[str, PunchKind] = {intent: kind for kind, intent in WISHES.items()}


@dataclass(frozen=True, slots=True)
class ChooseReading(Question):
    """We asked which reading was meant."""

    no: ClassVar[Words] = t("Neither")
    dropped: ClassVar[Words] = t(
        "Dropped. Write it once more with the date and the time, for example: “left on 14 July at 18:30”."
    )
    readings: list[dict[str, Any]] = field(default_factory=list)
    asked_at: float = 0


@dataclass(frozen=True, slots=True)
class ReadingPressed(Action, code="rd"):
    """That one."""

    nonce: str
    number: int


@router.otherwise(Otherwise.AMBIGUOUS)
async def ask_which(turn: Turn, recording: Recording, leaves: Leaves) -> Reply:
    """Offer the readings that can be, as buttons; where one alone is left and is read back anyway, go on with it."""
    readings = turn.understood.ambiguous
    offered: list[tuple[Phrase, Reading]] = []
    for each in readings:
        label = reading_words(turn, each)
        if label not in [known for known, _ in offered] and await _can_be(turn, recording, leaves, each):
            offered.append((label, each))
    ahead = _ahead(turn, readings)
    if not offered and ahead is not None:
        return turn.say(ask_to_remind(turn, ahead), Keyboard.of(remind_button(turn, ahead)))
    if not offered:
        return Reply(instead=(readings[0].intent, readings[0].slots))  # whose handler says why not
    if len(offered) == 1 and ahead is None and offered[0][1].intent not in PUNCHES:
        only = offered[0][1]
        return Reply(instead=(only.intent, only.slots))
    shown = offered[:MOST]
    asked = ChooseReading(
        [{"intent": each.intent, "slots": _stored(each.slots)} for _, each in shown], turn.now.timestamp()
    )
    rows = [Button(label, ReadingPressed(asked.nonce, number)) for number, (label, _) in enumerate(shown)]
    if ahead is None:
        return turn.ask(asked, t("Which do you mean?"), Keyboard.of(*rows, asked.no_button))
    remind = remind_button(turn, ahead)
    return turn.ask(asked, ask_to_remind(turn, ahead), Keyboard.of(remind, *rows, asked.no_button))


@router.pressed(ReadingPressed)
async def chosen(turn: Turn, press: ReadingPressed) -> Reply:
    """Go on with the reading that was chosen; a mark without a time was made when it was written."""
    asked = still_open(turn, ChooseReading, press.nonce)
    if asked is None or not 0 <= press.number < len(asked.readings):
        return turn.say(OVER)
    reading = asked.readings[press.number]
    slots = _read(reading["slots"])
    written = datetime.fromtimestamp(asked.asked_at, UTC)
    if asked.asked_at and reading["intent"] in PUNCHES and "at" not in slots and turn.now - written > SOON:
        slots["at"] = written
    return Reply(instead=(reading["intent"], slots), ends=True)


def ask_to_remind(turn: Turn, at: datetime) -> Words:
    """Say that a time has not come, and offer to remind of it."""
    time = Time(at, turn.employee.zone)
    return lines(t("{time} is still to come.", time=time), t("Shall I remind you at {time}?", time=time))


def _ahead(turn: Turn, readings: Sequence[Reading]) -> datetime | None:
    """Return the nearest time still to come of which the words may speak as of a mark."""
    moments = [each.slots.get("at") for each in readings if each.intent in PUNCHES]
    return min((at for at in moments if isinstance(at, datetime) and at > turn.now), default=None)


async def _can_be(turn: Turn, recording: Recording, leaves: Leaves, reading: Reading) -> bool:
    """Whether a reading would not be refused as soon as it is chosen."""
    who, now, intent, slots = turn.employee, turn.now, reading.intent, reading.slots
    if intent in PUNCHES:
        at = slots.get("at")
        if isinstance(at, datetime):
            return await recording.can_mark_at(who, wish_of(intent, slots), at, now)
        return slots.get("mark") == "remote" or await recording.can_mark(who, PUNCHES[intent], now)
    if intent in ("worked", "remove"):
        return await recording.can_correct(who, wish_of(intent, slots), now)
    first, last = slots.get("from_day"), slots.get("to_day")
    if intent == "leave" and isinstance(first, date) and "person" not in slots:
        kind = AbsenceKind(str(slots.get("kind", "other")))
        return await leaves.can_be_had(who, LeaveWish(kind, first, last if isinstance(last, date) else first), now)
    return True


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
