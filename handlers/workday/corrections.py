"""Corrections: past time that was forgotten or is wrong is read back, confirmed, and decided by the lead."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from bot.actions import Action
from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.people.employee import Employee
from bot.domain.rights import Right
from bot.domain.workday.correction import Plan, Span, Wish
from bot.ids import new_id
from bot.messages import DAY_CARD, NO_BUTTONS, QUESTION, Button, Keyboard, Reply, Say, Words
from bot.services.approvals.approvals import Passed
from bot.services.approvals.seals import Seals
from bot.services.people.people import People
from bot.services.workday.recording import Choice, Proposed, Recording
from bot.services.workday.timesheets import Timesheets
from bot.text import Duration, Phrase, lines, t
from bot.understanding import understand
from bot.words.people import mention
from bot.words.requests import matter_lines, outcome_line, plan_lines, subject_words
from handlers.cards.day import day_card
from handlers.cards.draft import Draft
from handlers.cards.requests import slot_of
from handlers.cards.sent import sent
from handlers.impossible import check_possible
from handlers.read_back import OVER, Question, read_back, still_open

router = Router("corrections")
LONG_BREAK = timedelta(minutes=90)
"""A break this long that nobody ended was probably over before."""
CORRECTED = ("check_in", "check_out", "break_start", "break_end", "worked", "remove")


@dataclass(frozen=True, slots=True)
class ConfirmCorrection(Draft):
    """We read a correction back and wait for a yes."""

    subject_id: int
    wish: dict[str, Any]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ChooseOverlap(Question):
    """The wished time overlaps what is recorded; we asked what to do."""

    no: ClassVar[Words] = t("✖️ Leave it")
    request_id: int
    subject_id: int
    wish: dict[str, Any]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class OverlapPressed(Action, code="co"):
    """Trim the new time, or join it with what is recorded."""

    nonce: str
    way: str


@router.said("worked", "remove")
async def correct_day(turn: Turn, recording: Recording, timesheets: Timesheets) -> Reply:
    """Correct a whole day: «вчера был с 9 до 18», “I did not work on Monday”."""
    intent = turn.understood.intent or ""
    return await correct(turn, recording, timesheets, wish_of(intent, turn.understood.slots), reason_of(turn))


@router.command(
    "correct", t("Correct somebody's hours"), right=Right.CORRECT_OTHERS, params=t("name and what happened")
)
async def correct_for(turn: Turn, people: People, recording: Recording, timesheets: Timesheets) -> Reply:
    """A lead corrects for somebody else, in the employee's own zone, on record (cases 9 and 58)."""
    subject, rest = await people.named_at_start(turn.portal, turn.arguments)
    if subject is None or not rest:
        return turn.say(t("Write a name and what happened, for example: /correct Anna left yesterday at 18:30"))
    await recording.check(turn.employee, subject)
    meant = understand(rest, locale=turn.employee.locale, zone=ZoneInfo(subject.zone), now=turn.now)
    if meant.ambiguous:
        return turn.say(t("That can mean several things. Write the time in full: 09:00 or 21:00."))
    if meant.intent not in CORRECTED:
        check_possible(rest, turn)
        return turn.say(t("I did not understand what to correct. For example: /correct Anna left yesterday at 18:30"))
    wish, reason = wish_of(meant.intent, meant.slots), str(meant.slots.get("reason", ""))
    return await correct(turn, recording, timesheets, wish, reason, subject)


@router.said("correct")
async def correct_said(turn: Turn, people: People, recording: Recording, timesheets: Timesheets) -> Reply:
    """The same in a sentence: «Анна вчера ушла в 19:00». The times are by the clock of whose hours they are."""
    slots = turn.understood.slots
    subject = await people.find(turn.portal, str(slots.get("person", "")))
    await recording.check(turn.employee, subject)
    target = str(slots.get("target", ""))
    said = {name: _by_their_clock(value, subject) for name, value in slots.items() if name != "target"}
    if (
        target not in CORRECTED
        or not {"at", "from", "to", "day"} & set(said)
        or (target == "worked" and "to" not in said)
    ):
        how = t("How was it? Write, for example: /correct {name} left yesterday at 18:30", name=subject.name)
        return turn.say(how)
    return await correct(turn, recording, timesheets, wish_of(target, said), reason_of(turn), subject)


def _by_their_clock(value: object, subject: Employee) -> object:
    """A clock time that a lead says of somebody is by that person's clock (case 58)."""
    return value.replace(tzinfo=ZoneInfo(subject.zone)) if isinstance(value, datetime) else value


async def correct(
    turn: Turn,
    recording: Recording,
    timesheets: Timesheets,
    wish: Wish,
    reason: str,
    subject: Employee | None = None,
) -> Reply:
    """Read a correction back, ask where several things can be meant, or show that it is made."""
    subject = subject or turn.employee
    found = await recording.correct(turn.employee, wish, turn.now, about=subject, reason=reason)
    return await corrected(turn, found, timesheets, wish, reason, subject)


async def corrected(
    turn: Turn, found: Passed | Proposed | Choice, timesheets: Timesheets, wish: Wish, reason: str, subject: Employee
) -> Reply:
    """Say what became of a wish about past time."""
    match found:
        case Choice(overlap=overlap):
            asked = ChooseOverlap(new_id(), subject.id, _stored(wish), reason)
            return turn.ask(asked, overlap.phrase, _three_ways(asked))
        case Passed():
            return await _at_once(turn, found, timesheets)
        case Proposed(plan=plan):
            return _read_back(turn, plan, ConfirmCorrection(new_id(), subject.id, _stored(wish), reason), subject)


def _read_back(turn: Turn, plan: Plan, asked: ConfirmCorrection, subject: Employee) -> Reply:
    other = subject.id != turn.employee.id
    text = lines(
        t("Did I get it right?"),
        t("*{what}*", what=subject_words(plan.subject)),
        _whose(turn, subject) if other else None,
        *plan_lines(plan),
        t("Why: {reason}", reason=asked.reason) if asked.reason else None,
        None if other else break_until_the_end(plan.after[-1] if plan.after else None),
    )
    return read_back(turn, asked, text, yes=t("✅ Correct it") if other else None)


def break_until_the_end(span: Span | None) -> Phrase | None:
    """A long break that only the check-out ended was probably over before: the way to say so is told (case 9)."""
    if span is None or span.end is None or not span.breaks:
        return None
    since, until = span.breaks[-1]
    if until != span.end or until - since <= LONG_BREAK:
        return None
    return t(
        "The break ran until you left: {length}. Back earlier? Write when, for example: “back at 13:40”.",
        length=Duration(until - since),
    )


def _whose(turn: Turn, subject: Employee) -> Phrase:
    """Name whose hours these are, and that the times are theirs where the clocks differ (case 58)."""
    person = mention(subject)
    if subject.zone == turn.employee.zone:
        return t("For {person}", person=person)
    return t("For {person}, by their time", person=person)


def _three_ways(asked: ChooseOverlap) -> Keyboard:
    return Keyboard.of(
        Button(t("✂️ Add only what is missing"), OverlapPressed(asked.nonce, "trim")),
        Button(t("🔗 Join into one stretch"), OverlapPressed(asked.nonce, "join")),
        asked.no_button,
    )


@router.pressed(OverlapPressed)
async def choose_way(
    turn: Turn, press: OverlapPressed, people: People, recording: Recording, timesheets: Timesheets
) -> Reply:
    """Go on with the way out of the overlap that was chosen."""
    asked = still_open(turn, ChooseOverlap, press.nonce)
    if asked is None or press.way not in ("trim", "join"):
        return turn.say(OVER)
    subject = await people.get(asked.subject_id, turn.portal.id) or turn.employee
    wish = _wish({**asked.wish, "overlap": press.way})
    reply = await correct(turn, recording, timesheets, wish, asked.reason, subject)
    chosen = t("✂️ Only what is missing.") if press.way == "trim" else t("🔗 Joined into one stretch.")
    return reply.also(turn.place(chosen, NO_BUTTONS, QUESTION))


@router.agreed(ConfirmCorrection)
async def send(
    turn: Turn,
    asked: ConfirmCorrection,
    people: People,
    recording: Recording,
    timesheets: Timesheets,
    seals: Seals,
) -> Reply:
    """Ask the lead, for the log as it is now; what a lead said of somebody is corrected at once."""
    subject = await people.get(asked.subject_id, turn.portal.id) or turn.employee
    done = await recording.send(
        turn.employee, _wish(asked.wish), turn.now, about=subject, reason=asked.reason, request_id=asked.request_id
    )
    if isinstance(done, Passed) and subject.id != turn.employee.id:
        whose = t("✅ Corrected for {person}:", person=mention(subject))
        return turn.conclude(lines(whose, *matter_lines(done.request.matter)), slot=slot_of(done.request.id))
    return await _at_once(turn, done, timesheets) if isinstance(done, Passed) else sent(turn, done, seals)


async def _at_once(turn: Turn, done: Passed, timesheets: Timesheets) -> Reply:
    view = await timesheets.day(turn.employee, turn.now)
    outcome = outcome_line(done.request, None, turn.employee.zone)
    text, buttons = day_card(view, *matter_lines(done.request.matter), outcome)
    return Reply((Say(text, buttons, slot=DAY_CARD),), ends=True)


def wish_of(intent: str, slots: Mapping[str, object]) -> Wish:
    """Return the wish that understood words mean."""

    def instant(name: str) -> datetime | None:
        value = slots.get(name)
        return value.astimezone(UTC) if isinstance(value, datetime) else None

    seconds = slots.get("break_seconds" if intent == "worked" else "duration_seconds")
    day = slots.get("day")
    return Wish(
        intent,
        at=instant("from") if intent == "worked" else instant("at"),
        until=instant("to"),
        break_for=timedelta(seconds=seconds) if isinstance(seconds, int) else None,
        day=day if isinstance(day, date) and not isinstance(day, datetime) else None,
        target=str(slots.get("target", "")),
        overlap=str(slots.get("overlap", "")),
    )


def reason_of(turn: Turn) -> str:
    """Return the reason that was said, cut to what a card shows."""
    return str(turn.understood.slots.get("reason", ""))[:300]


def _stored(wish: Wish) -> dict[str, Any]:
    return {
        "kind": wish.kind,
        "at": wish.at.timestamp() if wish.at else None,
        "until": wish.until.timestamp() if wish.until else None,
        "break_for": wish.break_for.total_seconds() if wish.break_for is not None else None,
        "day": wish.day.isoformat() if wish.day else None,
        "target": wish.target,
        "overlap": wish.overlap,
    }


def _wish(form: Mapping[str, Any]) -> Wish:
    return Wish(
        form["kind"],
        datetime.fromtimestamp(form["at"], UTC) if form["at"] is not None else None,
        datetime.fromtimestamp(form["until"], UTC) if form["until"] is not None else None,
        timedelta(seconds=form["break_for"]) if form["break_for"] is not None else None,
        date.fromisoformat(form["day"]) if form["day"] else None,
        form["target"],
        form["overlap"],
    )
