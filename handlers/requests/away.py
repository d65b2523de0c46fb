"""Who is away: by days and people. Whoever leads them reads the kind; colleagues read until when, never why."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.absence import Absence, AbsenceKind, absence_words
from bot.domain.employee import Employee
from bot.messages import Reply
from bot.services.leaves import Leaves
from bot.services.people import People
from bot.text import Mention, Period, Phrase, lines, t, tn
from handlers.requests.leave_words import absence_icon, absence_when

router = Router("away")
LISTED = 60
AHEAD = timedelta(days=366)


@router.said("away")
async def away(turn: Turn, people: People, leaves: Leaves) -> Reply:
    """List who is away on the days that were named, or today; of one person, when they are."""
    slots = turn.understood.slots
    today = turn.now.astimezone(turn.zone).date()
    only = await people.find(turn.portal, str(slots["person"])) if slots.get("person") else None
    first = _day(slots.get("from_day")) or today
    last = _day(slots.get("to_day")) or (today + AHEAD if only else first)
    kind = _kind(slots.get("kind"))
    everybody = [each for each in await people.everybody_of(turn.portal.id) if not each.is_disabled]
    seen = {each.id for each in await people.seen_by(turn.employee)}
    found = await leaves.between(turn.portal.id, first, last)
    asked = [only] if only else everybody
    rows: list[Phrase] = []
    for person in asked:
        own = sorted(found.get(person.id, ()), key=lambda each: each.first)
        if person.id in seen:
            rows += [_known(person, each) for each in own if kind is None or each.kind is kind]
        else:
            rows += [_unknown(person, each) for each in _off(own)]
    is_partial = kind is not None and any(each.id not in seen for each in asked)
    note = t("Of colleagues I tell that they are away, not why.") if is_partial else None
    if only is not None and not rows:
        nothing = t("{person}: no absence is ahead.", person=Mention(only.name, only.accounts))
        return turn.say(lines(nothing, note))
    if not rows:
        return turn.say(lines(_nobody(first, last, kind), note))
    heading = None if only else _heading(first, last, None if is_partial else kind)
    rest = len(rows) - LISTED
    more = tn("… and {count} more", "… and {count} more", rest) if rest > 0 else None
    return turn.say(lines(heading, *rows[:LISTED], more, note))


def _known(person: Employee, absence: Absence) -> Phrase:
    return t(
        "{icon} {person}: {what}, {span}",
        icon=absence_icon(absence.kind),
        person=Mention(person.name, person.accounts),
        what=absence_words(absence.kind),
        span=absence_when(absence),
    )


def _unknown(person: Employee, absence: Absence) -> Phrase:
    return t("🚪 {person}: {span}", person=Mention(person.name, person.accounts), span=absence_when(absence))


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
