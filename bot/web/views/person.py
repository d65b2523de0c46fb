"""A person: what everybody may know, and what whoever leads, pays or steers sees and changes."""

from datetime import date

from bot.domain.errors import BadForm
from bot.domain.leave.away import is_whole_day
from bot.domain.people.employee import Employee, Role
from bot.domain.people.staff import employment_on
from bot.domain.planning.schedule import ScheduleKind, Scope
from bot.domain.rights import Right
from bot.services.audits import Audits
from bot.services.messengers import Messengers
from bot.services.people.access import Access
from bot.services.people.departments import Departments
from bot.services.people.invitations import Invitations
from bot.services.people.linking import Linking
from bot.services.people.people import People
from bot.services.people.personnel import Personnel
from bot.services.people.substitutes import Substitutes
from bot.services.planning.rosters import Rosters
from bot.services.planning.schedules import Schedules, Target
from bot.services.workday.presences import Presence, Presences
from bot.text import Day as DayWords
from bot.text import DayTime, Lines, Phrase, Time, lines, t
from bot.web.forms import Day, Empty, Form, Words
from bot.web.views.people import now_words
from bot.web.visit import Go, NotFound, Page, Visit, number_in
from bot.words.access import via_words
from bot.words.audit import audit_words
from bot.words.people import role_word
from bot.words.schedules import schedule_lines
from bot.words.substitutes import substitute_span

_UNREAD = t("That could not be read. Please look at it and send it again; nothing was changed.")
_RECORD = 10
"""Changes on record that the page shows; the section of the record has all."""


class RoleForm(Form):
    """A role, or that the portal says it."""

    role: str


class AccessForm(Form):
    """Access, off or on."""

    access: str


class NumberForm(Form):
    """A personnel number."""

    number: str


class HiredForm(Form):
    """Since when somebody is employed."""

    day: Day


class ScheduleForm(Form):
    """A schedule as it is said in chat, and from which day on."""

    said: Words
    since: Day


class SubstituteForm(Form):
    """Who stands in, and until when."""

    person: str
    first: Day
    last: str = ""


async def person(
    visit: Visit,
    people: People,
    personnel: Personnel,
    departments: Departments,
    presences: Presences,
    rosters: Rosters,
    substitutes: Substitutes,
    messengers: Messengers,
    access: Access,
    audits: Audits,
) -> Page:
    """Show a person as far as the reader may know them."""
    subject = await _subject(visit, people)
    reader, today = visit.reader, subject.today(visit.now)
    mays = {each: await people.may(reader, each, subject) for each in _ABOUT}
    if subject.is_disabled and not any(mays[each] for each in _OF_FORMER):
        raise NotFound
    employments = await personnel.employments(subject)
    present = employment_on(employments, today)
    place = await departments.get(visit.portal, present.department_id) if present and present.department_id else None
    found = await presences.among(visit.portal, [subject], {subject.id} if mays[Right.SEE_HOURS] else (), visit.now)
    schedule = (await rosters.of(visit.portal, subject, today)).schedule(today)
    names = {each.id: each.name for each in await people.everybody_of(visit.portal.id) if not each.is_disabled}
    lead = await people.get(subject.lead_id, visit.portal.id) if subject.lead_id else None
    keeps, steers = mays[Right.KEEP_PERSONNEL], visit.may(Right.GIVE_ACCESS)
    is_own = subject.id == reader.id
    sees_record = visit.may(Right.SEE_RECORD)
    values = {
        "subject": subject,
        "is_own": is_own,
        "department": place.name if place else "",
        "post": present.title if present else "",
        "lead": lead,
        "presence": now_words(found[0]) if not subject.is_disabled else None,
        "presence_more": _told(found[0], subject) if not subject.is_disabled else None,
        "sees_hours": mays[Right.SEE_HOURS],
        "sees_balance": mays[Right.SEE_BALANCES],
        "schedule": schedule_lines(schedule, today) if mays[Right.SEE_SCHEDULES] else None,
        "has_schedule": schedule.kind is not ScheduleKind.NONE,
        "gives_schedule": mays[Right.GIVE_SCHEDULES] and (not is_own or steers),
        "keeps": keeps,
        "number": employments[-1].number if keeps else "",
        "hired_on": await personnel.hired_on(subject) if keeps else None,
        "last_day": employments[-1].until if keeps or steers else None,
        "names_substitute": mays[Right.NAME_SUBSTITUTES],
        "substitutes": [
            (each.substitute_id, names.get(each.substitute_id), substitute_span(each.first_day, each.last_day))
            for each in (await substitutes.of(subject, visit.now) if mays[Right.NAME_SUBSTITUTES] else ())
        ],
        "others": [(key, name) for key, name in names.items() if key != subject.id],
        "today": today,
        "steers": steers,
        "role": role_word(subject.role),
        "roles": [(each.value, role_word(each)) for each in Role],
        "channels": [(each.channel, messengers.title(each.channel), each.is_reachable) for each in subject.identities],
        "unlinkable": messengers.invites,
        "may_invite": messengers.is_connected(messengers.invites) and subject.identity(messengers.invites) is None,
        "sessions": [
            (each.device, via_words(each.via), DayTime(each.created_at))
            for each in (await access.sessions(subject, visit.now) if steers else ())
        ],
        "record": [
            (DayTime(each.at), names.get(each.actor_id or 0), audit_words(each.what))
            for each in ((await audits.page(reader, subject.id)).rows[:_RECORD] if sees_record else ())
        ],
        "sees_record": sees_record,
    }
    return Page("person.html", t("{name}", name=subject.name), values, "people")


_ABOUT = (
    Right.SEE_HOURS,
    Right.SEE_BALANCES,
    Right.SEE_SCHEDULES,
    Right.GIVE_SCHEDULES,
    Right.KEEP_PERSONNEL,
    Right.NAME_SUBSTITUTES,
)
_OF_FORMER = (Right.SEE_HOURS, Right.KEEP_PERSONNEL)
"""Whoever has one of these about a former person still finds them."""


def _told(presence: Presence, subject: Employee) -> Phrase | None:
    """Say since when, or until when, to whom that may be told; until which day a colleague is away, everybody reads."""
    session, absence = presence.session, presence.absence
    if session is not None and presence.is_seen:
        begun = session.running_break or session
        return t("since {when}", when=Time(begun.started_at, session.zone))
    if session is None and absence is not None:
        if is_whole_day(absence):
            return t("until {when}", when=DayWords(absence.last))
        return t("until {when}", when=Time(absence.end, subject.zone)) if absence.end is not None else None
    return None


async def set_role(visit: Visit, form: RoleForm, people: People) -> Go:
    """Give a role, or let the portal say it again."""
    subject = await _subject(visit, people)
    if form.role == "portal":
        after = await people.follow_portal(visit.reader, subject, visit.now)
        return _back(subject, t("The portal says the role again. Now: {role}.", role=role_word(after.role)))
    if form.role not in list(Role):
        raise BadForm(_UNREAD, "role")
    after = await people.set_role(visit.reader, subject, Role(form.role), visit.now)
    return _back(subject, t("The role now: {role}.", role=role_word(after.role)))


async def set_access(visit: Visit, form: AccessForm, people: People) -> Go:
    """Switch somebody's access off or on."""
    subject, is_off = await _subject(visit, people), form.access == "off"
    await people.set_disabled(visit.reader, subject, visit.now, is_disabled=is_off)
    said = t("Access is off. What was recorded stays.") if is_off else t("Access is on again.")
    return _back(subject, said)


async def set_number(visit: Visit, form: NumberForm, people: People, personnel: Personnel) -> Go:
    """Give a personnel number."""
    subject = await _subject(visit, people)
    await personnel.set_number(visit.reader, subject, form.number, visit.now)
    return _back(subject, t("The personnel number is noted."))


async def set_hired(visit: Visit, form: HiredForm, people: People, personnel: Personnel) -> Go:
    """Say since when somebody is employed."""
    subject = await _subject(visit, people)
    await personnel.set_hired(visit.reader, visit.portal, subject, form.day, visit.now)
    return _back(subject, t("The day of hiring is noted: {day}.", day=DayWords(form.day)))


async def set_schedule(visit: Visit, form: ScheduleForm, people: People, schedules: Schedules) -> Go:
    """Give a schedule, said as in chat, from a day on."""
    subject = await _subject(visit, people)
    schedule, since = await schedules.described(visit.reader, visit.portal, subject, form.said, form.since, visit.now)
    await schedules.give(visit.reader, visit.portal, Target(Scope.PERSON, subject.id), schedule, since, visit.now)
    return _back(subject, lines(t("From {day}:", day=DayWords(since)), schedule_lines(schedule, since)))


async def name_substitute(visit: Visit, form: SubstituteForm, people: People, substitutes: Substitutes) -> Go:
    """Let somebody stand in for the person."""
    subject = await _subject(visit, people)
    by = await people.get(number_in(form.person) or 0, visit.portal.id)
    if by is None:
        raise BadForm(t("Choose who stands in."), "person")
    try:
        last = date.fromisoformat(form.last) if form.last else None
    except ValueError:
        raise BadForm(_UNREAD, "last") from None
    await substitutes.name(visit.reader, subject, by, form.first, last, visit.now)
    return _back(subject, t("{name} stands in.", name=by.name))


async def end_substitute(visit: Visit, form: Empty, people: People, substitutes: Substitutes) -> Go:
    """Let nobody stand in any more."""
    del form
    subject = await _subject(visit, people)
    await substitutes.take_back(visit.reader, subject, visit.now)
    return _back(subject, t("Nobody stands in any more. What came already stays there."))


async def unlink(visit: Visit, form: Empty, people: People, linking: Linking, messengers: Messengers) -> Go:
    """Take the account of the second messenger off somebody."""
    del form
    subject = await _subject(visit, people)
    await linking.part_of(visit.reader, subject, messengers.invites, visit.now)
    return _back(subject, t("Telegram is unlinked."))


async def invite(visit: Visit, form: Empty, people: People, invitations: Invitations) -> Go:
    """Have somebody told how to come into the second messenger."""
    del form
    subject = await _subject(visit, people)
    await invitations.invite(visit.reader, subject, visit.now)
    return _back(subject, t("The way to link Telegram is sent to their chat with the bot."))


async def sign_out(visit: Visit, form: Empty, people: People, access: Access) -> Go:
    """Sign somebody out everywhere."""
    del form
    subject = await _subject(visit, people)
    access.end_all(subject, visit.now, visit.reader)
    return _back(subject, t("Signed out on every device."))


async def _subject(visit: Visit, people: People) -> Employee:
    found = await people.get(visit.number("id"), visit.portal.id)
    if found is None:
        raise NotFound
    return found


def _back(subject: Employee, said: Phrase | Lines) -> Go:
    return Go(f"/people/{subject.id}", said)
