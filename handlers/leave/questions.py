"""What is asked where a leave was told in part: what is missing is named, and its own examples answer it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.actions import Action
from bot.dispatch.turn import Turn
from bot.domain.leave.absence import AbsenceKind, absence_words
from bot.domain.leave.said import Choice, LeaveSaid, Missing, Open
from bot.domain.leave.wish import LeaveWish
from bot.domain.people.employee import Employee
from bot.messages import Button, Keyboard, Reply, Words
from bot.text import Day, DayTime, Duration, Phrase, Time, lines, t
from bot.understanding.away_answer import Known, understand_away
from bot.words.people import mention
from handlers.cards.requests import slot_of
from handlers.read_back import Question


@dataclass(frozen=True, slots=True)
class LeaveOpen(Question):
    """A leave was told in part; we asked for the rest."""

    request_id: int
    said: dict[str, Any]
    """What is known of it."""
    missing: str = Missing.DAYS.value
    choices: list[dict[str, Any]] = field(default_factory=list)
    """Forms of the leaves that are offered."""
    subject_id: int = 0
    reason: str = ""
    also: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    is_at_once: bool = False
    """The offered days stand on the buttons and need no second look."""

    @property
    def slot(self) -> str:
        """The slot of the request's card, where the read-back will stand as well."""
        return slot_of(self.request_id)


@dataclass(frozen=True, slots=True)
class LeaveChoicePressed(Action, code="lc"):
    """Those days or hours."""

    nonce: str
    number: int


@dataclass(frozen=True, slots=True)
class OtherDaysPressed(Action, code="lo"):
    """Other days than those offered."""

    nonce: str


def ask_open(turn: Turn, asked: LeaveOpen, said: LeaveSaid, found: Open, subject: Employee) -> Reply:
    """Ask for what is missing, with honest ways to go on as buttons."""
    is_own = subject.id == turn.employee.id
    is_illness = found.missing is Missing.DAYS and said.kind is AbsenceKind.SICK and bool(found.choices)
    asked = replace(
        asked,
        missing=found.missing.value,
        choices=[wish.payload for _, wish in found.choices],
        is_at_once=is_illness and is_own,
    )
    today = subject.today(turn.now)
    buttons = [
        Button(_label(name, wish, found, said, today), LeaveChoicePressed(asked.nonce, number))
        for number, (name, wish) in enumerate(found.choices)
    ]
    others = Button(t("Other days"), OtherDaysPressed(asked.nonce)) if is_illness else None
    whose = None if is_own else t("For {person}", person=mention(subject))
    wants: tuple[Words | None, ...] = (_question(said, found),)
    if is_illness:
        wants = (t("🤒 Get well soon!") if is_own else None, t("Shall I note sick leave for today?"))
    return turn.ask(asked, lines(whose, *wants), Keyboard.of(*buttons, others, asked.no_button), slot=asked.slot)


def _question(said: LeaveSaid, found: Open) -> Phrase:
    what = absence_words(said.kind)
    match found.missing:
        case Missing.LAST_DAY if found.day is not None:
            return t(
                "*{what}* from {day}: until which day? For example: “until Friday”, “for a week”.",
                what=what,
                day=Day(found.day),
            )
        case Missing.END if said.start is not None:
            start = DayTime(said.start, str(said.start.tzinfo))
            return t(
                "*{what}* from {start}: until when? For example: “until 16:00”, “to the end of the day”.",
                what=what,
                start=start,
            )
        case Missing.HOURS if found.day is not None and said.amount is not None:
            return t(
                "*{what}*, {day}, {length}: at what time? For example: “from 9 to 13”, “all day”.",
                what=what,
                day=Day(found.day),
                length=Duration(said.amount),
            )
        case Missing.HOURS if found.day is not None:
            return t(
                "*{what}*, {day}: from when to when? For example: “from 9 to 13”, “all day”.",
                what=what,
                day=Day(found.day),
            )
        case Missing.HOURS | Missing.DAY | Missing.END:
            return t("*{what}*: on which day, and from when to when? For example: “tomorrow from 9 to 13”.", what=what)
        case _:
            return t(
                "*{what}*: from when to when? For example: “from 1 to 14 July”, “tomorrow”, “on Friday from 9 to 13”.",
                what=what,
            )


def _label(name: Choice, wish: LeaveWish, found: Open, said: LeaveSaid, today: date) -> Phrase:
    """Name what a button means in full: no two are alike."""
    if wish.start is None or wish.end is None:
        return _days_label(wish, found, today)
    begins: Time | DayTime = Time(wish.start, wish.zone, bare=True)
    if said.first is None and said.start is None:
        begins = DayTime(wish.start, wish.zone)
    hours = t("{start} – {end}", start=begins, end=Time(wish.end, wish.zone, bare=True))
    match name:
        case Choice.MORNING:
            return t("In the morning: {hours}", hours=hours)
        case Choice.AFTERNOON:
            return t("In the afternoon: {hours}", hours=hours)
        case Choice.BEGINNING:
            return t("When the day begins: {hours}", hours=hours)
        case Choice.NOW:
            return t("Now: {hours}", hours=hours)
        case Choice.TO_THE_END:
            return t("To the end of the day: {hours}", hours=hours)
        case _:
            return t("At the end of the day: {hours}", hours=hours)


def _days_label(wish: LeaveWish, found: Open, today: date) -> Phrase:
    if found.missing is Missing.LAST_DAY:
        if wish.first == wish.last:
            return t("Only {day}", day=Day(wish.last))
        return t("Until today") if wish.last == today else t("Until {day}", day=Day(wish.last))
    if wish.last > wish.first:
        return t("Today and tomorrow")
    return t("Today") if wish.first == today else t("Tomorrow")


def answered_by(turn: Turn, asked: LeaveOpen, subject: Employee) -> LeaveSaid | str | None:
    """Return what is known with the answer; "unknown" where the person does not know; None where it is no answer."""
    said = said_from(asked.said)
    zone = ZoneInfo(subject.zone)
    today = turn.now.astimezone(zone).date()
    known = Known(first=said.first if asked.missing == Missing.LAST_DAY else None)
    if asked.missing == Missing.HOURS:
        known = Known(day=said.first or today)
    elif asked.missing == Missing.END:
        known = Known(start=said.start)
    slots = understand_away(turn.message.text, known, locale=turn.employee.locale, zone=zone, now=turn.now)
    if slots is None:
        return None
    if "unknown" in slots:
        is_ill = said.kind is AbsenceKind.SICK and said.first is not None and said.first <= today
        return replace(said, last=today) if is_ill else "unknown"
    return _merged(said, slots, today)


def _merged(said: LeaveSaid, slots: Mapping[str, object], today: date) -> LeaveSaid:
    if "whole" in slots:
        day = (said.start or said.end).date() if said.start or said.end else said.first or today  # type: ignore[union-attr]
        return LeaveSaid(said.kind, day, day)
    first, last = slots.get("from_day"), slots.get("to_day")
    if isinstance(first, date) or isinstance(last, date):
        is_one = first is not None and first == last
        kept = replace(said, start=None, end=None, to_end=False)
        kept = kept if is_one else replace(kept, amount=None, part="")
        return replace(
            kept,
            first=first if isinstance(first, date) else None,
            last=last if isinstance(last, date) else None,
        )
    start, end, seconds = slots.get("from"), slots.get("to"), slots.get("amount_seconds")
    return replace(
        said,
        start=start if isinstance(start, datetime) else said.start,
        end=end if isinstance(end, datetime) else said.end,
        amount=timedelta(seconds=seconds) if isinstance(seconds, int) else said.amount,
        part=str(slots.get("part", said.part)),
        to_end="to_end" in slots,
    )


def said_form(said: LeaveSaid) -> dict[str, Any]:
    """Return the stored form of what was said."""
    return {
        "kind": said.kind.value,
        "first": said.first.isoformat() if said.first else None,
        "last": said.last.isoformat() if said.last else None,
        "start": said.start.isoformat() if said.start else None,
        "end": said.end.isoformat() if said.end else None,
        "zone": str((said.start or said.end).tzinfo) if said.start or said.end else "",  # type: ignore[union-attr]
        "amount": said.amount.total_seconds() if said.amount is not None else None,
        "part": said.part,
    }


def said_from(form: Mapping[str, Any]) -> LeaveSaid:
    """Read what `said_form` wrote."""

    def moment(name: str) -> datetime | None:
        return datetime.fromisoformat(form[name]).astimezone(ZoneInfo(form["zone"])) if form[name] else None

    return LeaveSaid(
        AbsenceKind(form["kind"]),
        date.fromisoformat(form["first"]) if form["first"] else None,
        date.fromisoformat(form["last"]) if form["last"] else None,
        moment("start"),
        moment("end"),
        timedelta(seconds=form["amount"]) if form["amount"] is not None else None,
        form["part"],
    )
