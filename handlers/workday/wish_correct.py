"""A wish to change what is recorded, said without how it was: that is asked, and nothing is confirmed or changed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.messages import Reply, State
from bot.services.leave.leaves import Leaves
from bot.services.workday.recording import Recording
from bot.services.workday.timesheets import Timesheets
from bot.text import Day, Phrase, lines, t
from bot.understanding import Understanding, understand
from bot.words.day import course
from handlers.ambiguity import ask_which
from handlers.workday.corrections import CORRECTED

router = Router("wish-correct")
_SAID = {"check_in": "came", "check_out": "left", "break_start": "lunch", "break_end": "back", "break": "lunch"}
"""What a target is called before the times that somebody answers with."""


@dataclass(frozen=True, slots=True)
class AskHowItWas(State):
    """We asked how a day was, or when a mark of it should have been."""

    day: str = ""
    target: str = ""


@router.said("wish_correct")
async def how_was_it(turn: Turn, timesheets: Timesheets) -> Reply:
    """Show what is recorded, and ask for the times: «исправь вчера», «забыла отметить обед»."""
    slots = turn.understood.slots
    day, target = slots.get("day"), str(slots.get("target", ""))
    today = turn.today
    if not isinstance(day, date) or day > today:
        return turn.ask(AskHowItWas("", target), _ask(target))
    total = await timesheets.of_date(turn.employee, day, turn.now)
    recorded = course(total, turn.now) or [t("Nothing is recorded.")]
    text = lines(t("✏️ *{day}*", day=Day(day)), *recorded, _ask(target))
    return turn.ask(AskHowItWas(day.isoformat(), target), text)


@router.answered(AskHowItWas)
async def told(turn: Turn, asked: AskHowItWas, recording: Recording, leaves: Leaves) -> Reply:
    """Take the times for the day that was asked about; other words are a new message."""
    if turn.understood.intent in ("decline", "cancel"):
        return turn.conclude(t("Dropped. Nothing was changed."))
    if turn.understood.intent not in (None, *CORRECTED):
        return turn.pass_on()
    for text in _ways(turn.message.text.strip(), asked):
        meant = understand(text, locale=turn.employee.locale, zone=turn.zone, now=turn.now)
        if meant.intent in CORRECTED and _is_told(meant):
            if meant.ambiguous:
                question: Reply = await ask_which(turn.taken_as(meant), recording, leaves)
                return question
            # Whoever is asked how a day was tells all of it: that takes the place of what overlaps it.
            whole = {"overlap": "replace"} if asked.day and meant.intent == "worked" else {}
            return Reply(instead=(meant.intent, {**meant.slots, **whole}), ends=True)
    return turn.pass_on()


def _ways(said: str, asked: AskHowItWas) -> Iterator[str]:
    """Yield how an answer may be read beside the question: the mark that was asked about first, then a whole day."""
    day = f"{date.fromisoformat(asked.day):%d.%m.%Y} " if asked.day else ""
    if asked.target in _SAID:
        yield f"{day}{_SAID[asked.target]} {said}"
    yield f"{day}{said}"
    yield said


def _is_told(meant: Understanding) -> bool:
    """Whether times were said: a mark of the present is none that had been forgotten."""
    return "at" in meant.slots or "from" in meant.slots or meant.intent == "remove"


def _ask(target: str) -> Phrase:
    match target:
        case "check_in":
            return t("When was the check-in? For example: “at 8:50”, “yesterday at 9:15”.")
        case "check_out":
            return t("When was the check-out? For example: “at 18:10”, “yesterday at 18:30”.")
        case "break_start" | "break_end" | "break":
            return t("When was the break? For example: “from 13:00 to 13:40”.")
    return t("How was it? Write the times, for example: “from 9 to 18, lunch from 13:00 to 13:40”, “left at 18:10”.")
