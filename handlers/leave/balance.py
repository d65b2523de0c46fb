"""Days of leave: what is left to oneself or to one's people, and how many there are a year.

What a year gives, and what was left on a day, is set in one sentence by whoever keeps personnel data; it is read back.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, ClassVar

from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.leave.absence import AbsenceKind, absence_words
from bot.domain.leave.balance import rounded
from bot.domain.leave.entitlement import EVERYBODY, Entitlement, Opening, Unit
from bot.domain.people.employee import Employee
from bot.domain.rights import Right, may
from bot.messages import Reply, Words
from bot.services.leave.balances import Balances
from bot.services.leave.leaves import Leaves
from bot.services.people.people import People
from bot.text import Day, Mention, Phrase, lines, t, tn
from bot.words.leave import days_words, standing_lines
from bot.words.people import mention
from handlers.read_back import ReadBack, read_back

router = Router("leave-balance")
_HOW = t("Days a year are set so: “vacation: 28 days a year”; what was left so: “Anna has 12 days left on 1 January”.")


@router.said("leave_balance")
async def balance(turn: Turn, balances: Balances, people: People, leaves: Leaves) -> Reply:
    """Say what is left today and by the end of the year, what is approved and what waits; of somebody else as well."""
    slots = turn.understood.slots
    kind = _kind(slots.get("kind"))
    subject = turn.employee
    if slots.get("person"):
        subject = await people.find(turn.portal, str(slots["person"]))
        await people.check(turn.employee, Right.SEE_BALANCES, subject)
    today = turn.today
    whose = None if subject.id == turn.employee.id else t("*{person}*", person=mention(subject))
    standing = await balances.standing(turn.portal, subject, kind, today)
    if standing is not None:
        return turn.say(lines(whose, *standing_lines(standing)))
    hint = _HOW if may(turn.employee, Right.KEEP_PERSONNEL) else None
    if kind is not AbsenceKind.VACATION:
        return turn.say(lines(whose, t("*{what}*: no number of days is set.", what=absence_words(kind)), hint))
    return turn.say(lines(whose, *await _approved_this_year(subject, leaves, today), hint))


async def _approved_this_year(subject: Employee, leaves: Leaves, today: date) -> list[Phrase]:
    """Days that are left are not kept; what was approved this year is."""
    first, last = date(today.year, 1, 1), date(today.year, 12, 31)
    days = {
        min(max(each.first, first), last) + timedelta(days=step)
        for each in await leaves.of(subject, first, last)
        if each.kind is AbsenceKind.VACATION and each.start is None
        for step in range((min(each.last, last) - max(each.first, first)).days + 1)
    }
    approved = tn(
        "This year {count} day of vacation is approved.", "This year {count} days of vacation are approved.", len(days)
    )
    return [
        t("How many days of vacation are left I do not know: the personnel department keeps that."),
        approved if days else t("This year no vacation is approved yet."),
    ]


@dataclass(frozen=True, slots=True)
class ConfirmTerm(ReadBack):
    """We read back how many days a year there are, and wait for a yes."""

    yes: ClassVar[Words] = t("✅ Set it")
    employee_id: int
    kind: str
    since: str
    days: int
    unit: str
    carry: int | None = None


@dataclass(frozen=True, slots=True)
class ConfirmDrop(ReadBack):
    """We asked whether no balance of a kind shall be kept."""

    yes: ClassVar[Words] = t("✅ Set it")
    employee_id: int
    kind: str


@dataclass(frozen=True, slots=True)
class ConfirmOpening(ReadBack):
    """We read back what was left to somebody on a day, and wait for a yes."""

    yes: ClassVar[Words] = t("✅ Set it")
    employee_id: int
    kind: str
    day: str
    hundredths: int


@router.said("set_entitlement")
async def set_entitlement(turn: Turn, balances: Balances, people: People) -> Reply:
    """Read back how many days a year there are, for everybody or one person; what was not said stays as it is."""
    slots = turn.understood.slots
    balances.check_keeper(turn.employee)
    kind = _kind(slots.get("kind"))
    subject = await people.find(turn.portal, str(slots["person"])) if slots.get("person") else None
    if slots.get("is_dropped"):
        text = t(
            "*{what}*, {whose}: no balance is kept any more. Right?", what=absence_words(kind), whose=_whose(subject)
        )
        return read_back(turn, ConfirmDrop(subject.id if subject else EVERYBODY, kind.value), text)
    today = turn.today
    days, unit, since = slots.get("days"), slots.get("unit"), slots.get("from_day")
    term = await balances.next_term(
        turn.portal,
        subject,
        kind,
        days=days if isinstance(days, int) else None,
        unit=Unit(str(unit)) if unit else None,
        since=since if isinstance(since, date) else None,
        today=today,
    )
    if term is None:
        return turn.say(t("First the days of a year, please: “vacation: 28 days a year”."))
    if "carry" in slots:
        carry = slots["carry"]
        term = Entitlement(
            term.portal_id,
            term.employee_id,
            kind,
            term.since,
            term.days,
            term.unit,
            carry if isinstance(carry, int) else None,
        )
    balances.check_term(turn.employee, term)
    asked = ConfirmTerm(term.employee_id, kind.value, term.since.isoformat(), term.days, term.unit.value, term.carry)
    return read_back(turn, asked, lines(t("Did I get it right?"), *_term_lines(term, subject)))


@router.agreed(ConfirmTerm)
async def term_set(turn: Turn, asked: ConfirmTerm, balances: Balances, people: People) -> Reply:
    """Set it, and say what comes next."""
    subject = await people.get(asked.employee_id, turn.portal.id) if asked.employee_id else None
    term = Entitlement(
        turn.portal.id,
        asked.employee_id,
        AbsenceKind(asked.kind),
        date.fromisoformat(asked.since),
        asked.days,
        Unit(asked.unit),
        asked.carry,
    )
    await balances.set_term(turn.employee, turn.portal, term, turn.now)
    return turn.conclude(
        lines(
            t("✅ Set."),
            *_term_lines(term, subject),
            t("What was left on a day is told so: “Anna has 12 days left on 1 January”."),
        )
    )


@router.agreed(ConfirmDrop)
async def dropped(turn: Turn, asked: ConfirmDrop, balances: Balances, people: People) -> Reply:
    """Keep no balance of that kind."""
    subject = await people.get(asked.employee_id, turn.portal.id) if asked.employee_id else None
    kind = AbsenceKind(asked.kind)
    await balances.drop_terms(turn.employee, turn.portal, subject, kind, turn.now)
    done = t("✅ *{what}*, {whose}: no balance is kept.", what=absence_words(kind), whose=_whose(subject))
    return turn.conclude(done)


@router.said("set_balance")
async def set_balance(turn: Turn, balances: Balances, people: People) -> Reply:
    """Read back what was left to somebody on a day."""
    slots = turn.understood.slots
    balances.check_keeper(turn.employee)
    subject = await people.find(turn.portal, str(slots["person"]))
    today = turn.today
    said = slots.get("day")
    day = said if isinstance(said, date) else today
    hundredths = slots.get("hundredths")
    opening = Opening(
        turn.portal.id,
        subject.id,
        _kind(slots.get("kind")),
        day,
        hundredths if isinstance(hundredths, int) else 0,
    )
    balances.check_opening(turn.employee, opening, today)
    asked = ConfirmOpening(subject.id, opening.kind.value, day.isoformat(), opening.hundredths)
    told = _opening_lines(opening, subject, turn.employee.locale)
    return read_back(turn, asked, lines(t("Did I get it right?"), *told))


@router.agreed(ConfirmOpening)
async def opening_set(turn: Turn, asked: ConfirmOpening, balances: Balances, people: People) -> Reply:
    """Set it, and say how the days stand now."""
    subject = await people.get(asked.employee_id, turn.portal.id) or turn.employee
    kind, today = AbsenceKind(asked.kind), turn.today
    opening = Opening(turn.portal.id, subject.id, kind, date.fromisoformat(asked.day), asked.hundredths)
    await balances.open(turn.employee, turn.portal, opening, today, turn.now)
    standing = await balances.standing(turn.portal, subject, kind, today)
    rows = [_HOW] if standing is None else standing_lines(standing)
    return turn.conclude(lines(t("✅ Set: {person}", person=mention(subject)), *rows))


def _term_lines(term: Entitlement, subject: Employee | None) -> list[Phrase]:
    what = absence_words(term.kind)
    values: dict[str, Any] = {"what": what, "days": days_words(term.days, term.unit), "whose": _whose(subject)}
    rows = [
        t("*{what}*: *{days}* a year, {whose}", **values),
        t("Counted from {day} on, or from the day of hiring where that is later.", day=Day(term.since)),
    ]
    if term.unit is Unit.CALENDAR:
        rows.append(t("Calendar days; holidays in between are not counted."))
    if term.carry is not None:
        days = days_words(term.carry, term.unit)
        rows.append(t("Into the next year at most {days} are taken, the rest is lost.", days=days))
    return rows


def _opening_lines(opening: Opening, subject: Employee, locale: str) -> list[Phrase]:
    values: dict[str, Any] = {"person": mention(subject), "day": Day(opening.day)}
    whole = rounded(opening.days)
    exact = f"{opening.hundredths / 100:g}"
    exact = exact.replace(".", ",") if locale == "ru" else exact
    what = absence_words(opening.kind)
    if opening.hundredths % 100 == 0:
        number: Phrase | str = tn("{count} day", "{count} days", whole)
        return [
            t("*{person}*, {what}: as {day} began, {days} were left.", what=what, days=number, **values),
            t("From there on I count."),
        ]
    return [
        t("*{person}*, {what}: as {day} began, {number} days were left.", what=what, number=exact, **values),
        t("From there on I count."),
    ]


def _whose(subject: Employee | None) -> Phrase | Mention:
    return t("for everybody") if subject is None else mention(subject)


def _kind(value: object) -> AbsenceKind:
    known = str(value) in AbsenceKind._value2member_map_
    return AbsenceKind(str(value)) if known else AbsenceKind.VACATION
