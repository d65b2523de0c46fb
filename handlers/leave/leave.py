"""Leave: days or hours away are asked for in one sentence, read back, and decided like a correction.

A lead records one for somebody who phoned in; it is read back as well, and done at once, on record.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.leave.absence import AbsenceKind, absence_words
from bot.domain.leave.said import LeaveSaid, Open
from bot.domain.leave.wish import LeaveWish
from bot.domain.people.employee import Employee
from bot.ids import new_id
from bot.messages import Reply, Say
from bot.services.approvals.approvals import Passed
from bot.services.approvals.seals import Seals
from bot.services.leave.leaves import Leaves
from bot.services.leave.wishes import LeaveWishes
from bot.services.people.people import People
from bot.text import Period, Phrase, lines, t
from bot.understanding import understand
from bot.words.leave import absence_when, left_lines
from bot.words.people import mention
from bot.words.requests import matter_lines, matter_title
from handlers.cards.draft import Draft
from handlers.cards.sent import sent
from handlers.leave.questions import (
    LeaveChoicePressed,
    LeaveOpen,
    OtherDaysPressed,
    answered_by,
    ask_open,
    said_form,
    said_from,
)
from handlers.read_back import OVER, read_back, still_open

router = Router("leave")
_AN_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class ConfirmLeave(Draft):
    """We read a leave back and wait for a yes; days apart from the first ones are requests of their own."""

    leave: dict[str, Any]
    reason: str = ""
    also: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    subject_id: int = 0
    """Whose leave it is; 0 for whoever is asked."""

    @property
    def requests(self) -> list[tuple[int, dict[str, Any]]]:
        """Id and form of every request that a yes sends."""
        return [(self.request_id, self.leave), *self.also]


@router.command("leave", t("Vacation, day off, sick leave"), params=t("what and when"))
async def how_to_ask(turn: Turn, wishes: LeaveWishes, leaves: Leaves, people: People) -> Reply:
    """Say how a leave is asked for, or take what follows the command for it."""
    meant = understand(turn.arguments, locale=turn.employee.locale, zone=turn.zone, now=turn.now)
    if meant.intent == "leave" and not meant.ambiguous:
        reply: Reply = await ask_for_leave(turn.taken_as(meant), wishes, leaves, people)
        return reply
    return turn.say(t("Just write it: “vacation from 1 to 14 July”, “day off on Friday from 9 to 13”, “sick today”."))


@router.said("leave")
async def ask_for_leave(turn: Turn, wishes: LeaveWishes, leaves: Leaves, people: People) -> Reply:
    """Read the days or hours back, or ask for what is missing."""
    slots = turn.understood.slots
    subject = turn.employee
    if "person" in slots:
        subject = await people.find(turn.portal, str(slots["person"]))
        await wishes.check(turn.employee, subject)
    said = _said(slots, subject)
    also = [(new_id(), each.payload) for each in _also(slots, said.kind)]
    asked = LeaveOpen(new_id(), said_form(said), subject_id=subject.id, reason=_reason(slots), also=also)
    reply = await _go_on(turn, wishes, leaves, asked, said, subject)
    if not (deputy := str(slots.get("substitute", ""))):
        return reply
    note = t(
        "A substitute is named separately. Just write: “{person} stands in for me” with the same days.", person=deputy
    )
    return replace(reply, says=(Say(note), *reply.says))


async def _go_on(
    turn: Turn, wishes: LeaveWishes, leaves: Leaves, asked: LeaveOpen, said: LeaveSaid, subject: Employee
) -> Reply:
    found = await wishes.read(turn.portal, subject, said, turn.now)
    if isinstance(found, Open):
        return ask_open(turn, replace(asked, said=said_form(said)), said, found, subject)
    return await _read_back(turn, wishes, leaves, asked, found, subject)


async def _read_back(
    turn: Turn, wishes: LeaveWishes, leaves: Leaves, asked: LeaveOpen, wish: LeaveWish, subject: Employee
) -> Reply:
    """Show what would be asked for, without days that are approved already."""
    fitted = await leaves.fitted(subject, wish, turn.now)
    others = [await leaves.fitted(subject, LeaveWish.of_payload(form), turn.now) for _, form in asked.also]
    is_own = subject.id == turn.employee.id
    also = [(number, each.payload) for (number, _), each in zip(asked.also, others, strict=True)]
    question = ConfirmLeave(asked.request_id, fitted.payload, asked.reason, also, subject.id)
    text = lines(
        t("🤒 Get well soon!") if wish.kind is AbsenceKind.SICK and is_own else None,
        t("Did I get it right?"),
        t("*{what}*", what=absence_words(wish.kind)),
        None if is_own else t("For {person}", person=mention(subject)),
        *map(absence_when, (fitted, *others)),
        _known_already(wish, fitted),
        *left_lines(await wishes.left(turn.portal, subject, fitted, turn.now)),
        t("Why: {reason}", reason=asked.reason) if asked.reason else None,
        t("Days apart are requests of their own.") if others else None,
    )
    return read_back(turn, question, text, yes=None if is_own else t("✅ Record it"))


def _known_already(wish: LeaveWish, fitted: LeaveWish) -> Phrase | None:
    """Say that some of the days are approved, and only the rest is asked for."""
    if wish == fitted:
        return None
    whole = Period(wish.first, wish.last)
    return t("Of {days}, the other days are approved already.", days=whole)


@router.pressed(LeaveChoicePressed)
async def choose(
    turn: Turn, press: LeaveChoicePressed, wishes: LeaveWishes, leaves: Leaves, people: People, seals: Seals
) -> Reply:
    """Go on with what was offered; an illness of today, whose button says it all, is sent at once."""
    asked = still_open(turn, LeaveOpen, press.nonce)
    if asked is None or not 0 <= press.number < len(asked.choices):
        return turn.say(OVER)
    return await _chosen(turn, asked, press.number, wishes, leaves, people, seals)


async def _chosen(
    turn: Turn, asked: LeaveOpen, number: int, wishes: LeaveWishes, leaves: Leaves, people: People, seals: Seals
) -> Reply:
    wish = LeaveWish.of_payload(asked.choices[number])
    subject = await _subject(turn, people, asked.subject_id)
    if not asked.is_at_once:
        return await _read_back(turn, wishes, leaves, asked, wish, subject)
    if wish.first != turn.today:
        return await _go_on(turn, wishes, leaves, asked, said_from(asked.said), subject)  # «Сегодня» was yesterday
    agreed = ConfirmLeave(asked.request_id, wish.payload, asked.reason, asked.also, subject.id)
    reply: Reply = await send(turn, agreed, wishes, people, seals)
    return reply


@router.pressed(OtherDaysPressed)
async def other_days(turn: Turn, press: OtherDaysPressed, wishes: LeaveWishes, people: People) -> Reply:
    """Other days than those offered are asked for in words."""
    asked = still_open(turn, LeaveOpen, press.nonce)
    if asked is None:
        return turn.say(OVER)
    subject = await _subject(turn, people, asked.subject_id)
    said = said_from(asked.said)
    bare = replace(asked, choices=[], is_at_once=False)
    found = await wishes.read(turn.portal, subject, said, turn.now)
    return (
        ask_open(turn, bare, said, replace(found, choices=()), subject) if isinstance(found, Open) else turn.say(OVER)
    )


@router.answered(LeaveOpen)
async def in_words(
    turn: Turn, asked: LeaveOpen, wishes: LeaveWishes, leaves: Leaves, people: People, seals: Seals
) -> Reply:
    """The days or hours that were missing; anything else is a new message."""
    intent = turn.understood.intent
    if intent in ("decline", "cancel"):
        return turn.conclude(asked.dropped, slot=asked.slot)
    if intent == "confirm" and asked.is_at_once and asked.choices:
        return await _chosen(turn, asked, 0, wishes, leaves, people, seals)
    subject = await _subject(turn, people, asked.subject_id)
    found = answered_by(turn, asked, subject)
    if found is None:
        return turn.pass_on()
    if not isinstance(found, LeaveSaid):
        return turn.conclude(t("Then write it once it is known. Nothing was sent."), slot=asked.slot)
    return await _go_on(turn, wishes, leaves, replace(asked, choices=[], is_at_once=False), found, subject)


@router.agreed(ConfirmLeave)
async def send(turn: Turn, asked: ConfirmLeave, wishes: LeaveWishes, people: People, seals: Seals) -> Reply:
    """Ask the lead, if the days still can be had; what a lead records for somebody is done at once."""
    subject = await _subject(turn, people, asked.subject_id)
    says: list[Say] = []
    for request_id, form in asked.requests:
        wish = LeaveWish.of_payload(form)
        done = await wishes.send(turn.employee, subject, wish, turn.now, reason=asked.reason, request_id=request_id)
        if isinstance(done, Passed) and subject.id != turn.employee.id:
            matter = done.request.matter
            text = lines(
                t("✅ Recorded for {person}:", person=mention(subject)),
                t("{what}, {when}", what=matter_title(matter), when=matter_lines(matter)[0]),
                t("The person is told."),
            )
            says += turn.conclude(text, slot=asked.slot).says
        else:
            says += sent(turn, done, seals).says
    return Reply(tuple(says), ends=True)


async def _subject(turn: Turn, people: People, subject_id: int) -> Employee:
    found = await people.get(subject_id, turn.portal.id) if subject_id else None
    return found or turn.employee


def _said(slots: Mapping[str, object], subject: Employee) -> LeaveSaid:
    """Return what was said of a leave, by the clock of whose leave it is."""
    kind = str(slots.get("kind", "other"))

    def day(name: str) -> date | None:
        value = slots.get(name)
        return value if isinstance(value, date) and not isinstance(value, datetime) else None

    def moment(name: str) -> datetime | None:
        value = slots.get(name)
        return value.replace(tzinfo=ZoneInfo(subject.zone)) if isinstance(value, datetime) else None

    seconds = slots.get("amount_seconds")
    return LeaveSaid(
        AbsenceKind(kind) if kind in AbsenceKind._value2member_map_ else AbsenceKind.OTHER,
        day("from_day"),
        day("to_day"),
        moment("from"),
        moment("to"),
        timedelta(seconds=seconds) if isinstance(seconds, int) and seconds > 0 else None,
        str(slots.get("part", "")),
    )


def _reason(slots: Mapping[str, object]) -> str:
    return str(slots.get("reason", ""))[:300]


def _also(slots: Mapping[str, object], kind: AbsenceKind) -> list[LeaveWish]:
    """Return the days apart from the first ones."""
    intervals = slots.get("also", ())
    days = [str(each).partition("/") for each in intervals] if isinstance(intervals, list) else []
    return [LeaveWish(kind, date.fromisoformat(first), date.fromisoformat(last)) for first, _, last in days]
