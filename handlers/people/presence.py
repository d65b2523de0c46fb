"""Who is here: leads read since when and why not; colleagues that somebody is in or away, and until when."""

import re
from collections.abc import Sequence
from datetime import date, datetime

from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.days import beside
from bot.domain.leave.absence import Absence, absence_words
from bot.domain.leave.away import WORKING
from bot.domain.people.employee import Employee
from bot.domain.rights import Right
from bot.domain.workday.delay import Delay
from bot.domain.workday.punch_log import WorkSession
from bot.messages import Reply
from bot.services.leave.leaves import Leaves
from bot.services.people.people import People
from bot.services.periods.closings import Closings
from bot.services.workday.presences import Presence, Presences
from bot.services.workday.timesheets import Timesheets
from bot.text import Day, Duration, Lines, Period, Phrase, Time, lines, t, tn, verbatim
from bot.understanding.orders.dates import last_full_week
from bot.words.day import course
from bot.words.leave import absence_icon
from bot.words.people import mention

router = Router("presence")
LONGEST_LIST = 60
_ABSENT = re.compile(r"отсутств|нету?\b|\baway\b|\bout\b|\boff\b|absent", re.IGNORECASE)


@router.command("who", t("Who is at work now"), intents=("presence",))
async def who(
    turn: Turn, presences: Presences, people: People, leaves: Leaves, timesheets: Timesheets, closings: Closings
) -> Reply:
    """Say who is in, late and away, whether one person is there, who has no marks, or who confirmed no hours."""
    slots = turn.understood.slots
    today = turn.today
    said = slots.get("day")
    day = said if isinstance(said, date) else today
    match slots.get("topic"):
        case "missing":
            return await _missing(turn, day, presences, people)
        case "unconfirmed":
            return await _unconfirmed(turn, people, closings)
    name = str(slots.get("person", "") or turn.arguments)
    if name:
        subject = await people.find(turn.portal, name)
        if day != today:
            return await _on_day(turn, subject, day, people, leaves, timesheets)
        found = await presences.of(turn.portal, turn.employee, turn.now)
        return await _one(
            turn, next((each for each in found if each.employee.id == subject.id), None), subject, timesheets
        )
    asks_away = _ABSENT.search(turn.message.text) is not None
    return turn.say(_list(await presences.of(turn.portal, turn.employee, turn.now), turn.now, asks_away=asks_away))


def _list(found: Sequence[Presence], now: datetime, *, asks_away: bool = False) -> Lines:
    """List who is in, late and away; whoever asks who is away reads of nobody as well."""
    present = [each for each in found if each.session is not None]
    late = [each for each in found if each.session is None and each.absence is None and each.delay is not None]
    away = [each for each in found if each.session is None and each.absence is not None]
    heading = tn("*{count} person is at work*", "*{count} people are at work*", len(present))
    if not present:
        heading = t("Nobody is at work now.")
    rows = [
        *(_here(each, now) for each in present),
        *(_late(each) for each in late),
        *(_away(each.employee, each.absence, is_seen=each.is_seen) for each in away if each.absence is not None),
    ]
    rest = len(rows) - LONGEST_LIST
    more = tn("… and {count} more", "… and {count} more", rest) if rest > 0 else None
    nobody = t("Nobody is noted as away today.") if asks_away and not away and not late else None
    return lines(nobody, heading, *rows[:LONGEST_LIST], more)


def _here(presence: Presence, now: datetime) -> Phrase:
    """Say that somebody is in: since when only to who may see their hours."""
    person, session = mention(presence.employee), presence.session
    running = session.running_break if session is not None else None
    if running is not None:
        if presence.is_seen:
            return t("☕ {person}: on a break, {length}", person=person, length=Duration(running.length(now)))
        return t("☕ {person}: on a break", person=person)
    since = _since(session) if presence.is_seen and session is not None else None
    if presence.is_remote:
        return (
            t("🏠 {person}: remote, since {time}", person=person, time=since)
            if since
            else t("🏠 {person}: remote", person=person)
        )
    return t("🟢 {person}: since {time}", person=person, time=since) if since else t("🟢 {person}", person=person)


def _late(presence: Presence) -> Phrase:
    person, delay = mention(presence.employee), presence.delay
    if delay is None or delay.until is None:
        return t("🕘 {person}: late", person=person)
    return t("🕘 {person}: there by {time}", person=person, time=Time(delay.until, presence.employee.zone))


def _away(employee: Employee, absence: Absence, *, is_seen: bool) -> Phrase:
    """Say until when somebody is away; who leads them sees by a picture what it is, and reads of a trip."""
    person = mention(employee)
    if absence.end is not None:
        until = Time(absence.end, employee.zone)
        return t("🗓 {person}: away until {time}", person=person, time=until)
    icon = verbatim(absence_icon(absence.kind) if is_seen else "🗓")
    if is_seen and absence.kind in WORKING:
        what = absence_words(absence.kind)
        return t("{icon} {person}: {what} until {day}", icon=icon, person=person, what=what, day=Day(absence.last))
    return t("{icon} {person}: away until {day}", icon=icon, person=person, day=Day(absence.last))


async def _one(turn: Turn, presence: Presence | None, subject: Employee, timesheets: Timesheets) -> Reply:
    """Answer «Борис на месте?»."""
    person = mention(subject)
    if presence is None:
        return turn.say(t("{person} is switched off.", person=person))
    if presence.session is not None and (presence.is_seen or presence.is_remote or presence.session.running_break):
        return turn.say(_here(presence, turn.now))
    if presence.session is not None:
        return turn.say(t("🟢 {person}: at work", person=person))
    if presence.absence is not None:
        return turn.say(_away(subject, presence.absence, is_seen=presence.is_seen))
    here = turn.today
    total = await timesheets.of_date(subject, here, turn.now)
    if total.sessions and presence.is_seen:
        return turn.say(lines(t("🏁 {person} was here today:", person=person), *course(total, turn.now)))
    if presence.delay is not None and not total.sessions:
        return turn.say(_late(presence))
    if total.sessions:
        return turn.say(t("⚪ {person} was here today and has left.", person=person))
    return turn.say(t("⚪ {person} has no marks today yet.", person=person))


async def _on_day(
    turn: Turn, subject: Employee, day: date, people: People, leaves: Leaves, timesheets: Timesheets
) -> Reply:
    """Answer «Борис вчера был?», to who may see the hours; of a day to come, whether leave is approved."""
    await people.check(turn.employee, Right.SEE_HOURS, subject)
    person, heading = mention(subject), t("*{person}, {day}*", person=mention(subject), day=Day(day))
    away = [absence_words(each.kind) for each in await leaves.of(subject, day, day)]
    total = await timesheets.of_date(subject, day, turn.now)
    if total.sessions or away:
        return turn.say(lines(heading, *away, *course(total, turn.now)))
    if day > turn.today:
        return turn.say(t("{person}: no leave is noted for {day}.", person=person, day=Day(day)))
    return turn.say(t("{person}: no marks on {day}.", person=person, day=Day(day)))


async def _missing(turn: Turn, day: date, presences: Presences, people: People) -> Reply:
    team = [each for each in await people.team_of(turn.employee) if each.id != turn.employee.id]
    found = await presences.unmarked(turn.portal, team, day, turn.now)
    if not found:
        return turn.say(t("✅ {day}: everybody who is on a shift has marks.", day=Day(day)))
    rows = [_unmarked(each.employee, each.delay) for each in found[:LONGEST_LIST]]
    heading = tn(
        "*{day}: {count} person without marks*", "*{day}: {count} people without marks*", len(found), day=Day(day)
    )
    return turn.say(lines(heading, *rows))


def _unmarked(person: Employee, delay: Delay | None) -> Phrase:
    if delay is not None and delay.until is not None:
        return t("🕘 {person}: there by {time}", person=mention(person), time=Time(delay.until, person.zone))
    if delay is not None:
        return t("🕘 {person}: late", person=mention(person))
    return t("❗ {person}", person=mention(person))


async def _unconfirmed(turn: Turn, people: People, closings: Closings) -> Reply:
    slots, today = turn.understood.slots, turn.today
    first, last = slots.get("from_day"), slots.get("to_day")
    if not isinstance(first, date) or not isinstance(last, date):
        first, last = last_full_week(today)
    elif last >= today:  # nobody confirms days that still run: the one before is meant
        first, last = beside(first, last, -1)
    team = [each for each in await people.team_of(turn.employee) if each.id != turn.employee.id]
    sheets = await closings.sheets(turn.portal, team, first, last, turn.now)
    open_ = [each for each in sheets if each.matters and not each.is_confirmed]
    period = Period(first, last)
    if not open_:
        return turn.say(t("✅ {period}: everybody confirmed their hours.", period=period))
    heading = tn(
        "*{period}: {count} person has not confirmed yet*",
        "*{period}: {count} people have not confirmed yet*",
        len(open_),
        period=period,
    )
    return turn.say(lines(heading, *(t("• {person}", person=mention(each.employee)) for each in open_[:LONGEST_LIST])))


def _since(session: WorkSession) -> Time:
    return Time(session.started_at, session.zone)
