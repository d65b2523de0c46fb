"""An approved absence is cancelled, moved, made shorter or longer: read back, and decided like a new one.

A lead changes an absence of their people at once. After sickness in a vacation its days are offered anew (art. 124).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from bot.actions import Action
from bot.dispatch.announcer import Notice
from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.approvals.matter import LeaveMatter
from bot.domain.approvals.request import RequestState
from bot.domain.errors import UnknownPerson
from bot.domain.events import RequestSettled
from bot.domain.leave.absence import Absence, AbsenceKind, absence_words
from bot.domain.leave.changing import LeaveChange
from bot.domain.people.employee import Employee
from bot.ids import long, new_id, short
from bot.messages import Button, Keyboard, Reply, Say
from bot.services.approvals.approvals import Approvals, Passed
from bot.services.approvals.seals import Seals
from bot.services.leave.change_wishes import ChangeWishes
from bot.services.leave.changes import LeaveChanges
from bot.services.leave.leaves import Leaves
from bot.services.leave.wishes import LeaveWishes
from bot.services.people.people import People
from bot.text import Period, Phrase, lines, t, tn
from bot.understanding.away_answer import Known, understand_away
from bot.words.leave import absence_line, absence_when, change_lines, change_title, left_lines
from bot.words.people import mention
from bot.words.requests import matter_lines, matter_title
from handlers.cards.draft import Draft
from handlers.cards.sent import sent
from handlers.leave.my_leaves import nothing_approved, withdrawals
from handlers.read_back import OVER, Question, read_back, still_open

router = Router("leave-changing")
MOST = 6
"""So many absences are offered to choose from."""


@dataclass(frozen=True, slots=True)
class ConfirmChange(Draft):
    """We read a change of an absence back and wait for a yes."""

    change: dict[str, Any]
    subject_id: int


@dataclass(frozen=True, slots=True)
class WhichLeave(Question):
    """Several absences can be meant; we asked which."""

    subject_id: int
    absences: list[int]
    is_cancelling: bool
    first: str = ""
    last: str = ""


@dataclass(frozen=True, slots=True)
class WhichDays(Question):
    """We asked on which days an absence shall be; for days of sickness, from which day on they are taken."""

    subject_id: int
    absence_id: int
    near: str
    is_postponing: bool = False
    choices: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class LeavePicked(Action, code="lm"):
    """That absence."""

    nonce: str
    number: int


@dataclass(frozen=True, slots=True)
class SickDaysPressed(Action, code="sk"):
    """What becomes of a vacation with sickness in it: p prolong, m move, k keep."""

    absence: str
    what: str
    near: int
    """An ordinal of a day of it."""


@router.said("cancel_leave")
async def cancel(
    turn: Turn,
    changes: LeaveChanges,
    wishes: ChangeWishes,
    asking: LeaveWishes,
    people: People,
    leaves: Leaves,
    approvals: Approvals,
    seals: Seals,
) -> Reply:
    """Read back what would be cancelled; what only waits is withdrawn."""
    slots = turn.understood.slots
    subject = await _whose(turn, asking, people)
    found = await _meant(turn, changes, subject)
    waits = Keyboard()
    rows: list[Phrase] = []
    if subject.id == turn.employee.id:
        rows, waits = await withdrawals(turn, leaves, approvals, people, seals, str(slots.get("kind", "")))
    if not found:
        if rows:
            over = None if waits.rows else t("None of it can be cancelled any more: what has passed stays as it is.")
            return turn.say(lines(t("*Your absences*"), *rows, over), waits)
        return nothing_approved(turn, subject)
    if len(found) == 1 and not waits.rows and _is_named(turn, found[0]):
        change = changes.cancelled(found[0], subject.today(turn.now))
        return await _read_back(turn, wishes, subject, change)
    return _which(turn, subject, found, waits, is_cancelling=True)


@router.said("move_leave")
async def move(turn: Turn, changes: LeaveChanges, wishes: ChangeWishes, asking: LeaveWishes, people: People) -> Reply:
    """Read back the other days, or ask for them."""
    slots = turn.understood.slots
    subject = await _whose(turn, asking, people)
    found = await _meant(turn, changes, subject)
    if not found:
        return nothing_approved(turn, subject)
    first, last = _day(slots.get("from_day")), _day(slots.get("to_day"))
    if len(found) > 1 or not _is_named(turn, found[0]):
        return _which(turn, subject, found, Keyboard(), is_cancelling=False, first=first, last=last)
    return await _moved(turn, changes, wishes, subject, found[0], first, last)


@router.pressed(LeavePicked)
async def picked(turn: Turn, press: LeavePicked, changes: LeaveChanges, wishes: ChangeWishes, people: People) -> Reply:
    """Go on with the absence that was chosen."""
    asked = still_open(turn, WhichLeave, press.nonce)
    if asked is None or not 0 <= press.number < len(asked.absences):
        return turn.say(OVER)
    subject = await _subject(turn, people, asked.subject_id)
    today = subject.today(turn.now)
    absence = await changes.absence(subject, asked.absences[press.number], today)
    if asked.is_cancelling:
        return await _read_back(turn, wishes, subject, changes.cancelled(absence, today))
    first, last = (date.fromisoformat(each) if each else None for each in (asked.first, asked.last))
    return await _moved(turn, changes, wishes, subject, absence, first, last)


@router.answered(WhichDays)
async def days_said(turn: Turn, asked: WhichDays, changes: LeaveChanges, wishes: ChangeWishes, people: People) -> Reply:
    """The days that were asked for; anything else is a new message."""
    if turn.understood.intent in ("decline", "cancel"):
        return turn.conclude(asked.dropped)
    subject = await _subject(turn, people, asked.subject_id)
    slots = understand_away(turn.message.text, Known(), locale=turn.employee.locale, zone=turn.zone, now=turn.now)
    first = _day(slots.get("from_day")) if slots else None
    last = _day(slots.get("to_day")) if slots else None
    if first is None and last is None:
        return turn.pass_on()
    absence = await changes.absence(subject, asked.absence_id, date.fromisoformat(asked.near))
    if asked.is_postponing and first is not None:
        change = await changes.postponed(turn.portal, subject, absence, first, subject.today(turn.now))
        return await _read_back(turn, wishes, subject, change)
    return await _moved(turn, changes, wishes, subject, absence, first, last)


@router.agreed(ConfirmChange)
async def send(turn: Turn, asked: ConfirmChange, wishes: ChangeWishes, people: People, seals: Seals) -> Reply:
    """Ask whoever decides, or change it at once for somebody else."""
    subject = await _subject(turn, people, asked.subject_id)
    change = LeaveChange.of_payload(asked.change)
    done = await wishes.send(turn.portal, turn.employee, subject, change, turn.now, asked.request_id)
    if not isinstance(done, Passed):
        return sent(turn, done, seals)
    text = lines(
        t("✅ Changed for {person}:", person=mention(subject)),
        t("*{what}*", what=matter_title(done.request.matter)),
        *matter_lines(done.request.matter),
        t("The person is told."),
    )
    return turn.conclude(text, slot=asked.slot)


@router.happened(RequestSettled)
async def sickness_settled(event: RequestSettled, people: People, changes: LeaveChanges) -> Sequence[Notice]:
    """Sickness came over a vacation: the person chooses what becomes of its days (art. 124)."""
    request = event.request
    if request.state is not RequestState.APPROVED or not isinstance(request.matter, LeaveMatter):
        return ()
    subject = await people.get(request.subject_id, request.portal_id)
    if subject is None:
        return ()
    today = subject.today(request.settled_at or request.created_at)
    found = await changes.disturbed_by(subject, request.matter.wish, today)
    return [Notice(subject, _offer(vacation, count, today)) for vacation, count in found]


def _offer(vacation: Absence, count: int, today: date) -> Say:
    """Offer what the law allows: longer where it is not over, on other days, or neither."""
    text = lines(
        tn(
            "🌴 {count} day of your vacation ({days}) is a day of sickness, and it is not lost (art. 124).",
            "🌴 {count} days of your vacation ({days}) are days of sickness, and they are not lost (art. 124).",
            count,
            days=Period(vacation.first, vacation.last),
        ),
        t("What shall become of it?"),
    )

    def press(what: str) -> SickDaysPressed:
        return SickDaysPressed(short(vacation.id), what, vacation.first.toordinal())

    longer = Button(tn("Prolong by {count} day", "Prolong by {count} days", count), press("p"))
    return Say(
        text,
        Keyboard.of(
            longer if vacation.last >= today else None,
            Button(t("Move to other days"), press("m")),
            Button(t("Leave as it is"), press("k")),
        ),
        slot=f"sick:{vacation.id}",
    )


@router.pressed(SickDaysPressed)
async def sick_days(turn: Turn, press: SickDaysPressed, changes: LeaveChanges, wishes: ChangeWishes) -> Reply:
    """Read the longer vacation back, ask for other days, or leave it."""
    subject, today = turn.employee, turn.today
    near = date.fromordinal(press.near) if 0 < press.near < date.max.toordinal() - 1000 else today
    try:
        number = long(press.absence)
    except ValueError:
        return turn.say(OVER)
    absence = await changes.absence(subject, number, near)
    if press.what == "k":
        return turn.say(t("Left as it is. Days of sickness are not taken from your vacation; you can have them later."))
    if press.what == "p":
        change = await changes.prolonged(turn.portal, subject, absence, today)
        return await _read_back(turn, wishes, subject, change)
    count = await changes.lost_to_sickness(turn.portal, subject, absence, today)
    asked = WhichDays(subject.id, absence.id, near.isoformat(), is_postponing=True)
    text = tn(
        "From which day shall this {count} day be taken? For example: “from 3 August”.",
        "From which day shall these {count} days be taken? For example: “from 3 August”.",
        count,
    )
    return turn.ask(asked, text, Keyboard.of(asked.no_button))


async def _moved(
    turn: Turn,
    changes: LeaveChanges,
    wishes: ChangeWishes,
    subject: Employee,
    absence: Absence,
    first: date | None,
    last: date | None,
) -> Reply:
    """Read the other days back; one day is where the leave begins, and of a whole month the days are asked."""
    length = absence.last - absence.first
    if first is not None and last is not None and length:
        if first == last:
            last = None
        elif first.day == 1 and (last + timedelta(days=1)).day == 1 and last - first > length:
            return _ask_days(turn, subject, absence, Period(first, last))
    if (first is None and last is None) or absence.start is not None:
        return _ask_days(turn, subject, absence, None)
    change = await changes.moved(turn.portal, subject, absence, first, last, subject.today(turn.now))
    return await _read_back(turn, wishes, subject, change)


def _ask_days(turn: Turn, subject: Employee, absence: Absence, month: Period | None) -> Reply:
    if absence.start is not None:
        return turn.say(
            lines(
                absence_line(absence),
                t("Hours cannot be moved: cancel them (“cancel my day off”), and ask for others."),
            )
        )
    asked = WhichDays(subject.id, absence.id, absence.first.isoformat())
    what = absence_words(absence.kind)
    where = t("For which days of {month}?", month=month) if month else t("For which days?")
    example = t("For example: “from 3 to 14 August”; or only the first day, and it is as long as it was.")
    text = lines(t("*{what}*: {span}", what=what, span=absence_when(absence)), where, example)
    return turn.ask(asked, text, Keyboard.of(asked.no_button))


async def _read_back(turn: Turn, wishes: ChangeWishes, subject: Employee, change: LeaveChange) -> Reply:
    """Show the days before and after, and what would be left."""
    left = await wishes.check(turn.portal, subject, change, turn.now)
    is_own = subject.id == turn.employee.id
    asked = ConfirmChange(new_id(), change.payload, subject.id)
    text = lines(
        t("Did I get it right?"),
        t("*{what}*", what=change_title(change)),
        None if is_own else t("For {person}", person=mention(subject)),
        *change_lines(change),
        *left_lines(left),
    )
    return read_back(turn, asked, text, yes=None if is_own else t("✅ Change it"))


def _which(
    turn: Turn,
    subject: Employee,
    found: Sequence[Absence],
    waits: Keyboard,
    *,
    is_cancelling: bool,
    first: date | None = None,
    last: date | None = None,
) -> Reply:
    """Ask which absence is meant; what only waits can be withdrawn beside it."""
    shown = found[:MOST]
    asked = WhichLeave(
        subject.id,
        [each.id for each in shown],
        is_cancelling,
        first.isoformat() if first else "",
        last.isoformat() if last else "",
    )
    buttons = [Button(_label(each, is_cancelling), LeavePicked(asked.nonce, at)) for at, each in enumerate(shown)]
    text = lines(t("Which one?"), *map(absence_line, shown))
    return turn.ask(asked, text, Keyboard.of(*buttons, *waits.rows, asked.no_button))


def _label(absence: Absence, is_cancelling: bool) -> Phrase:
    values: dict[str, Any] = {"what": absence_words(absence.kind), "span": Period(absence.first, absence.last)}
    return t("Cancel: {what}, {span}", **values) if is_cancelling else t("Move: {what}, {span}", **values)


async def _whose(turn: Turn, asking: LeaveWishes, people: People) -> Employee:
    """Return whose absence it is; one of somebody else is changed by whoever records them."""
    name = turn.understood.slots.get("person")
    if not name:
        return turn.employee
    subject = await people.find(turn.portal, str(name))
    await asking.check(turn.employee, subject)
    return subject


async def _meant(turn: Turn, changes: LeaveChanges, subject: Employee) -> Sequence[Absence]:
    """Return the absences that are meant: by a day of it, by its kind, or all of them."""
    slots = turn.understood.slots
    today = subject.today(turn.now)
    day, kind = _day(slots.get("day")), str(slots.get("kind", ""))
    known = AbsenceKind(kind) if kind in AbsenceKind._value2member_map_ else None
    if day is not None and (found := await changes.changeable(subject, today, day=day)):
        return found
    if day is not None and day.year > today.year:  # «с 1 июля», said on 13 July, is the leave that has begun
        near = day.replace(year=today.year) if (day.month, day.day) != (2, 29) else day
        if found := await changes.changeable(subject, today, day=near):
            return found
    return await changes.changeable(subject, today, kind=known) or await changes.changeable(subject, today)


def _is_named(turn: Turn, absence: Absence) -> bool:
    """Whether no other kind was named than that of the absence."""
    return turn.understood.slots.get("kind", absence.kind.value) in (absence.kind.value, "", "leave")


async def _subject(turn: Turn, people: People, subject_id: int) -> Employee:
    found = await people.get(subject_id, turn.portal.id)
    if found is None:
        raise UnknownPerson("")
    return found


def _day(value: object) -> date | None:
    return value if isinstance(value, date) and not isinstance(value, datetime) else None
