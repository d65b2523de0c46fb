"""People, departments, and who is here."""

from collections.abc import Mapping

from bot.api.operation import Answer, Call, Operation, number_of
from bot.api.problems import NOT_FOUND, PERSON_WANTED, own
from bot.api.schemas.base import text_id, text_id_or_none, utc, utc_or_none
from bot.api.schemas.people import (
    ChannelForm,
    DepartmentForm,
    Departments,
    People,
    PeopleQuery,
    PersonChange,
    PersonDetails,
    PersonForm,
    PresenceForm,
    Presences,
)
from bot.domain.errors import LastAdmin, LeadsOnly, NotAllowed, NotLinked, NotYourPeople, UnknownPerson
from bot.domain.leave.away import is_whole_day
from bot.domain.people.api_key import Scope
from bot.domain.people.employee import Employee
from bot.domain.people.staff import line_above
from bot.domain.rights import Right, may
from bot.ports import UnitOfWork
from bot.services.people.departments import Departments as DepartmentsService
from bot.services.people.linking import Linking
from bot.services.people.people import People as PeopleService
from bot.services.people.personnel import HiredTooLate, NotANumber, Personnel
from bot.services.people.substitutes import DaysOver, OwnSubstitute, SubstituteGone, Substitutes
from bot.services.workday.presences import Presence
from bot.services.workday.presences import Presences as PresencesService

_OF_FORMER = (Right.GIVE_ACCESS, Right.KEEP_PERSONNEL)
"""Whoever has one of these finds former people."""

PEOPLE = Operation("GET", "/people", Scope.PEOPLE_READ, answers=People, query=PeopleQuery)


@PEOPLE.run
async def list_people(call: Call, query: PeopleQuery, people: PeopleService, departments: DepartmentsService) -> People:
    """List the people of the company, by name."""
    places = await departments.places(call.portal, call.person.today(call.now))
    everybody = await people.everybody_of(call.portal.id)
    wanted = {"active": False, "disabled": True}.get(query.state or "active")
    if not any(may(call.person, each) for each in _OF_FORMER):
        wanted = False
    found = [each for each in everybody if wanted is None or each.is_disabled is wanted]
    if query.q:
        found = [each for each in found if query.q.casefold() in each.name.casefold()]
    if query.role is not None:
        found = [each for each in found if each.role is query.role]
    if query.department is not None:
        known = await departments.all_of(call.portal)
        below = {each.id for each in known if int(query.department) in line_above(known, each.id)}
        found = [each for each in found if places.get(each.id) in below]
    rows, after = call.next(people_after(call, found), lambda each: [each.name, each.id])
    return People(items=[person_form(each, places) for each in rows], next=after)


def people_after(call: Call, found: list[Employee]) -> list[Employee]:
    """Return the people behind whom the list goes on, by name."""
    key = call.after()
    if key is None:
        return found
    return [each for each in found if (each.name, each.id) > (key[0], key[1])]


_ABOUT_FORMER = (Right.SEE_HOURS, Right.KEEP_PERSONNEL)
PERSON = Operation("GET", "/people/{person_id}", Scope.PEOPLE_READ, answers=PersonDetails)


@PERSON.run
async def get_person(
    call: Call, people: PeopleService, departments: DepartmentsService, personnel: Personnel, substitutes: Substitutes
) -> Answer:
    """Show a person; of former people, only to whom they still concern."""
    subject = await person_of(call, people)
    if subject.is_disabled and not any([await people.may(call.person, each, subject) for each in _ABOUT_FORMER]):
        raise own(NOT_FOUND)
    return await _details(call, subject, departments, personnel, people, substitutes)


CHANGE_PERSON = Operation(
    "PATCH",
    "/people/{person_id}",
    Scope.PEOPLE_WRITE,
    answers=PersonDetails,
    body=PersonChange,
    wants_match=True,
    refuses=(
        NotAllowed,
        LeadsOnly,
        LastAdmin,
        HiredTooLate,
        NotANumber,
        "period_closed",
        PERSON_WANTED,
        NotYourPeople,
        OwnSubstitute,
        SubstituteGone,
        DaysOver,
        UnknownPerson,
    ),
)


@CHANGE_PERSON.run
async def change_person(
    call: Call,
    body: PersonChange,
    people: PeopleService,
    departments: DepartmentsService,
    personnel: Personnel,
    substitutes: Substitutes,
    uow: UnitOfWork,
) -> Answer:
    """Change what a person may do, whether they have access, and what papers ask for."""
    subject = await person_of(call, people)
    present = await _details(call, subject, departments, personnel, people, substitutes)
    call.check_version(subject.version, lambda: present.form or present)  # type: ignore[arg-type,return-value]
    if body.role is not None or body.is_disabled is not None:
        call.only_persons()  # a key of the portal outlives whoever made it
    actor = call.person
    if body.role is not None and body.role is not subject.role:
        subject = await people.set_role(actor, subject, body.role, call.now)
    if body.is_disabled is not None and body.is_disabled is not subject.is_disabled:
        subject = await people.set_disabled(actor, subject, call.now, is_disabled=body.is_disabled)
    if body.personnel_number is not None:
        await personnel.set_number(actor, subject, body.personnel_number, call.now)
    if body.hired_on is not None:
        await personnel.set_hired(actor, call.portal, subject, body.hired_on, call.now)
    if "substitute_id" in body.model_fields_set:
        await _stand_in(call, subject, body, people, substitutes)
    if subject is not None and body.role is None and body.is_disabled is None:
        uow.employees.put(subject)  # what papers ask for, and who stands in, counts as a change of the person
    after = await uow.employees.get(call.portal.id, subject.id) or subject
    return await _details(call, after, departments, personnel, people, substitutes, body)


async def _stand_in(
    call: Call, subject: Employee, body: PersonChange, people: PeopleService, substitutes: Substitutes
) -> None:
    """Let somebody stand in for a person from today on, instead of whoever did, or nobody any more."""
    if body.substitute_id is None:
        await substitutes.take_back(call.person, subject, call.now)
        return
    person = await people.get(number_of(body.substitute_id), call.portal.id)
    if person is None:
        raise UnknownPerson(body.substitute_id)
    await substitutes.name(call.person, subject, person, subject.today(call.now), body.substitute_until, call.now)


async def _details(
    call: Call,
    subject: Employee,
    departments: DepartmentsService,
    personnel: Personnel,
    people: PeopleService,
    substitutes: Substitutes,
    changed: PersonChange | None = None,
) -> Answer:
    places = await departments.places(call.portal, call.person.today(call.now))
    sees_papers = may(call.person, Right.KEEP_PERSONNEL)
    number, hired_on = None, None
    if sees_papers:
        number = (await personnel.employments(subject))[-1].number or None
        hired_on = await personnel.hired_on(subject)
        if changed is not None:  # what this very call changes is not read before it is committed
            number, hired_on = changed.personnel_number or number, changed.hired_on or hired_on
    names = await people.may(call.person, Right.NAME_SUBSTITUTES, subject)
    standing_in = next(iter(await substitutes.of(subject, call.now)), None) if names else None
    substitute_id = text_id_or_none(standing_in.substitute_id if standing_in else None)
    substitute_until = standing_in.last_day if standing_in else None
    if names and changed is not None and "substitute_id" in changed.model_fields_set:
        substitute_id, substitute_until = changed.substitute_id, changed.substitute_until
    form = PersonDetails(
        **person_form(subject, places).model_dump(),
        personnel_number=number,
        hired_on=hired_on,
        substitute_id=substitute_id,
        substitute_until=substitute_until,
    )
    return Answer(form, version=subject.version)


UNLINK = Operation(
    "DELETE",
    "/people/{person_id}/channels/{channel}",
    Scope.PEOPLE_WRITE,
    status=204,
    refuses=(NotAllowed, LeadsOnly, NotLinked),
)


@UNLINK.run
async def unlink_channel(call: Call, people: PeopleService, linking: Linking) -> Answer:
    """Take an account of a messenger off a person."""
    subject = await person_of(call, people)
    await linking.part_of(call.person, subject, call.path["channel"], call.now)
    return Answer()


DEPARTMENTS = Operation("GET", "/departments", Scope.PEOPLE_READ, answers=Departments)


@DEPARTMENTS.run
async def list_departments(call: Call, departments: DepartmentsService) -> Departments:
    """List the departments, by name."""
    known = await departments.all_of(call.portal)
    by_key = {each.key: each.id for each in known}
    items = [
        DepartmentForm(
            id=text_id(each.id),
            name=each.name,
            parent_id=text_id_or_none(by_key.get(each.parent_key)),
            head_id=text_id_or_none(each.head_id),
        )
        for each in known
    ]
    return Departments(items=items, next=None)


PRESENCE = Operation("GET", "/presence", Scope.HOURS_READ, answers=Presences)


@PRESENCE.run
async def list_presence(call: Call, presences: PresencesService) -> Presences:
    """Tell who is at work, on a break, away or off now."""
    found = await presences.of(call.portal, call.person, call.now)
    return Presences(items=[_presence(each) for each in found], next=None)


def _presence(each: Presence) -> PresenceForm:
    session, absence = each.session, each.absence
    pause = session.running_break if session is not None else None
    since = pause.started_at if pause is not None else session.started_at if session is not None else None
    is_away = absence is not None and session is None
    return PresenceForm(
        person_id=text_id(each.employee.id),
        name=each.employee.name,
        state="break" if pause is not None else "work" if session is not None else "away" if is_away else "off",
        since=utc_or_none(since) if each.is_seen else None,
        is_remote=each.is_remote,
        absence_kind=each.kind.value if is_away and each.kind is not None else None,
        away_until=absence.last if is_away and absence is not None and is_whole_day(absence) else None,
        expected_at=utc(each.delay.until) if each.delay is not None and each.delay.until is not None else None,
    )


async def person_of(call: Call, people: PeopleService, name: str = "person_id") -> Employee:
    """Return the person of the address; nobody of another portal is there."""
    found = await people.get(call.id(name), call.portal.id)
    if found is None:
        raise own(NOT_FOUND)
    return found


async def seen_person(call: Call, people: PeopleService, right: Right) -> Employee:
    """Return the person of the address, about whom the caller has a right; else there is nothing to see."""
    found = await person_of(call, people)
    if not await people.may(call.person, right, found):
        raise own(NOT_FOUND)
    return found


def person_form(person: Employee, places: Mapping[int, int | None]) -> PersonForm:
    """Return a person as programs see them: no accounts."""
    return PersonForm(
        id=text_id(person.id),
        name=person.name,
        paper_name=person.paper_name,
        role=person.role,
        lead_id=text_id_or_none(person.lead_id),
        department_id=text_id_or_none(places.get(person.id)),
        zone=person.zone,
        locale=person.locale,
        is_disabled=person.is_disabled,
        channels=[ChannelForm(channel=each.channel, is_reachable=each.is_reachable) for each in person.identities],
        version=person.version,
    )


OPERATIONS = (PEOPLE, PERSON, CHANGE_PERSON, UNLINK, DEPARTMENTS, PRESENCE)
