"""Who is away: by days and people. Whoever leads them reads the kind; colleagues read until when, never why."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.leave.absence import Absence, AbsenceKind, absence_words
from bot.domain.people.employee import Employee
from bot.domain.rights import Right
from bot.messages import Reply
from bot.services.leave.leaves import Leaves
from bot.services.people.people import People
from bot.text import Period, Phrase, lines, t, tn
from bot.words.leave import absence_icon, absence_when
from bot.words.people import mention

router = Router("away")
LISTED = 60
AHEAD, CALENDAR = timedelta(days=366), timedelta(days=92)
"""So far ahead one person's absences are listed, and everybody's."""
_CALENDAR = re.compile(r"отпуск(?:а|ов)\b|отсутствия\b|calendar|vacations\b", re.IGNORECASE)
"""«Отпуска команды» asks for what comes, not for today."""


@router.said("away")
async def away(turn: Turn, people: People, leaves: Leaves) -> Reply:
    """List who is away on the days that were named, or today; of one person, and in a calendar, what is ahead."""
    slots = turn.understood.slots
    today = turn.today
    only = await people.find(turn.portal, str(slots["person"])) if slots.get("person") else None
    first = _day(slots.get("from_day")) or today
    is_calendar = _CALENDAR.search(turn.message.text) is not None and not slots.get("from_day")
    last = _day(slots.get("to_day")) or (today + AHEAD if only else today + CALENDAR if is_calendar else first)
    kind = _kind(slots.get("kind"))
    everybody = [each for each in await people.everybody_of(turn.portal.id) if not each.is_disabled]
    # Who works from home is at work, and no secret: colleagues see it in the list of who is there.
    seen = {each.id for each in await people.within(turn.employee, Right.SEE_HOURS)}
    told = {each.id for each in everybody} if kind is AbsenceKind.REMOTE else seen
    found = await leaves.between(turn.portal.id, first, last)
    asked = [only] if only else everybody
    is_partial = kind is not None and any(each.id not in told for each in asked)
    heading = None if only else _heading(first, last, None if is_partial else kind)
    rows: list[Phrase] = []
    for person in asked:
        own = sorted(found.get(person.id, ()), key=lambda each: each.first)
        if person.id in told:
            known = [each for each in own if kind is None or each.kind is kind]
            rows += [_known(person, each, is_named=heading is None or kind is None or is_partial) for each in known]
        else:
            rows += [_unknown(person, each) for each in _off(own)]
    note = _note(leads=len(seen) > 1) if is_partial else None
    if only is not None and not rows:
        nothing = t("{person}: no absence is ahead.", person=mention(only))
        return turn.say(lines(nothing, note))
    if not rows:
        return turn.say(lines(_nobody(first, last, kind), note))
    rest = len(rows) - LISTED
    more = tn("… and {count} more", "… and {count} more", rest) if rest > 0 else None
    return turn.say(lines(heading, *rows[:LISTED], more, note))


def _note(*, leads: bool) -> Phrase:
    """Say what is not told; whoever leads somebody reads the kinds of their own people."""
    if leads:
        return t("Of your own people I tell the kind, of others only that they are away.")
    return t("Of colleagues I tell that they are away, not why.")


def _known(person: Employee, absence: Absence, *, is_named: bool) -> Phrase:
    """Name an absence, its kind where the heading does not say it."""
    icon, who = absence_icon(absence.kind), mention(person)
    span = absence_when(absence)
    if not is_named:
        return t("{icon} {person}: {span}", icon=icon, person=who, span=span)
    return t("{icon} {person}: {what}, {span}", icon=icon, person=who, what=absence_words(absence.kind), span=span)


def _unknown(person: Employee, absence: Absence) -> Phrase:
    return t("🚪 {person}: {span}", person=mention(person), span=absence_when(absence))


def _off(absences: Sequence[Absence]) -> list[Absence]:
    """Return what colleagues notice: days and hours at which somebody is not at work anywhere near."""
    return [each for each in absences if each.kind is not AbsenceKind.REMOTE]


def _heading(first: date, last: date, kind: AbsenceKind | None) -> Phrase:
    if kind is None:
        return t("*Away, {period}*", period=Period(first, last))
    return t("*{what}, {period}*", what=absence_words(kind), period=Period(first, last))


def _nobody(first: date, last: date, kind: AbsenceKind | None) -> Phrase:
    if kind is None:
        return t("{period}: nobody is away.", period=Period(first, last))
    return t("{what}, {period}: nobody.", what=absence_words(kind), period=Period(first, last))


def _kind(value: object) -> AbsenceKind | None:
    known = str(value) in AbsenceKind._value2member_map_
    return AbsenceKind(str(value)) if known else None


def _day(value: object) -> date | None:
    return value if isinstance(value, date) and not isinstance(value, datetime) else None
